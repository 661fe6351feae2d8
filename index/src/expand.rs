//! Expansion: which terms of the dictionary a word of a query stands for.

use std::cmp::Reverse;
use std::io;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use tantivy::postings::TermInfo;
use tantivy::query::FuzzyTermQuery;

use crate::analysis::{Stems, is_unspaced};
use crate::query::{QueryError, Typed};
use crate::store::{Field, Store, as_f32};

/// Terms that a prefix may stand for: the most frequent ones. Only prefixes of one letter have more, in large corpora.
const MAX_PREFIX: usize = 2_000;
/// Terms that a word with a typo may stand for: the nearest, then the most frequent. More of them are more often wrong.
const MAX_TYPOS: usize = 3;
/// Letters below which a word with a typo might be anything.
const MIN_TYPO: usize = 4;
/// What the next guess at a mistyped word counts, relative to the one before.
const SECOND_GUESS: f32 = 0.7;
/// Completions up to which names are looked through too: those of hundreds would cost more than they tell.
const MAX_NAMED: usize = 64;
/// Terms that may be meant before the most frequent are taken: many words begin almost like a short one.
const MAX_GUESSED: usize = 5_000;
/// What may have been meant, likeliest first. People mistype the first letter least, and a dictionary is fast to search where
/// that is right.
const GUESSES: &[Guess] = &[
    Guess { edits: 1, same_start: true, is_prefix: false, min_chars: 4 },
    Guess { edits: 1, same_start: false, is_prefix: false, min_chars: 4 },
    Guess { edits: 2, same_start: true, is_prefix: false, min_chars: 8 },
    Guess { edits: 1, same_start: true, is_prefix: true, min_chars: 5 },
];
/// What a word counts that every text of the language holds, whatever it is about.
const FUNCTION_WORD: f32 = 0.2;

/// A way in which a word may be mistyped.
struct Guess {
    edits: u8,
    same_start: bool,
    is_prefix: bool,
    min_chars: usize,
}

/// How terms came to stand for a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Via {
    Exact,
    Stem,
    Prefix,
    /// Edits.
    Typo(u8),
}

impl Via {
    /// What a match counts, relative to an exact one.
    fn weight(self) -> f32 {
        match self {
            Self::Exact => 1.0,
            Self::Stem => 0.9,
            Self::Prefix => 0.6,
            Self::Typo(0 | 1) => 0.95,
            Self::Typo(_) => 0.8,
        }
    }
}

/// Terms that stand for a word in the same way. They count as one term: the rarest of many completions is not the best.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) via: Via,
    /// Words as texts hold them; empty for stems, which texts do not hold, and for completions, which are many.
    pub(crate) terms: Vec<String>,
    /// Where their postings are, and what a match there counts.
    pub(crate) postings: Vec<(Field, f32, TermInfo)>,
    /// Inverse document frequency times what the way counts.
    pub(crate) weight: f32,
    /// Documents that hold one of the terms, at most.
    pub(crate) n_docs: u64,
}

/// A word of a query and what it stands for.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub(crate) text: String,
    /// The most faithful first.
    pub(crate) groups: Vec<Group>,
    /// Where its stem stands, in [`Field::AllStem`].
    pub(crate) places: Option<TermInfo>,
}

impl Word {
    /// Whether nothing is known that it could stand for.
    pub(crate) fn is_unknown(&self) -> bool {
        self.groups.is_empty()
    }

    /// The term that it was probably meant to be, where it is none itself.
    pub(crate) fn mended(&self) -> Option<&str> {
        let typo = self.groups.first().filter(|group| matches!(group.via, Via::Typo(_)))?;
        typo.terms.first().map(String::as_str)
    }

    /// What a match of it tells: the weight of its most faithful group.
    pub(crate) fn mass(&self) -> f32 {
        self.groups.first().map_or(0.0, |group| group.weight)
    }

    /// Postings to be read at most.
    pub(crate) fn n_docs(&self) -> u64 {
        self.groups.iter().map(|group| group.n_docs).sum()
    }
}

/// Where terms are looked up, and what a match there counts relative to prose.
const EXACT: &[(Field, f32)] = &[(Field::All, 1.0), (Field::Name, 4.0), (Field::Heading, 0.5), (Field::Code, 0.4)];
const STEMMED: &[(Field, f32)] = &[(Field::AllStem, 1.0), (Field::NameStem, 4.0)];
const COMPLETED: &[(Field, f32)] = &[(Field::All, 1.0), (Field::Name, 4.0), (Field::Code, 0.4)];

/// Looks up the words of a query.
pub(crate) struct Lookup<'a> {
    pub(crate) store: &'a Store,
    pub(crate) stems: Stems,
}

impl Lookup<'_> {
    /// The word itself, its stem, and the terms it begins where it `is_open`; those of them that occur.
    pub(crate) fn known(&mut self, word: &Typed, is_open: bool) -> Result<Word, QueryError> {
        let mut groups = Vec::new();
        groups.extend(self.exact(word)?.groups);
        let stems = self.stems.asked(&word.text, word.casing);
        let stem = self.group(Via::Stem, stems, STEMMED)?;
        let places = stem.as_ref().and_then(|stem| stem.postings.first()).map(|(_, _, info)| info.clone());
        // A stem that stands where the word stands tells nothing new.
        let has_forms = |stem: &Group| groups.first().is_none_or(|exact: &Group| exact.n_docs != stem.n_docs);
        groups.extend(stem.filter(has_forms));
        // The forms of a word tell what the word tells: a rare inflection is no rarer a matter.
        let commonest = groups.iter().map(|group| group.n_docs).max().unwrap_or_default();
        for group in &mut groups {
            group.weight = idf(self.store.n_docs(), commonest) * group.via.weight();
        }
        // Of an unspaced script a single character is the beginning of every pair that holds it.
        if is_open || is_single_unspaced(&word.text) {
            groups.extend(self.beginning_with(&word.text)?);
        }
        if is_function_word(&word.text) {
            groups.iter_mut().for_each(|group| group.weight *= FUNCTION_WORD);
        }
        Ok(Word { text: word.text.clone(), groups, places })
    }

    /// The word as it is.
    pub(crate) fn exact(&self, word: &Typed) -> Result<Word, QueryError> {
        let groups = self.group(Via::Exact, vec![word.text.clone()], EXACT)?.into_iter().collect();
        Ok(Word { text: word.text.clone(), groups, places: None })
    }

    /// The word and its stem in names of pages.
    pub(crate) fn in_names(&mut self, word: &Typed) -> Result<Word, QueryError> {
        let stems = self.stems.asked(&word.text, word.casing);
        let exact = self.group(Via::Exact, vec![word.text.clone()], &[(Field::Name, 1.0)])?;
        let stem = self.group(Via::Stem, stems, &[(Field::NameStem, 1.0)])?;
        let groups = exact.into_iter().chain(stem).collect();
        Ok(Word { text: word.text.clone(), groups, places: None })
    }

    /// The terms that begin with `prefix`, itself excluded.
    fn beginning_with(&self, prefix: &str) -> Result<Option<Group>, QueryError> {
        let mut postings = Vec::new();
        let mut n_docs = 0;
        for (field, boost) in COMPLETED {
            let mut found = Vec::new();
            let mut terms = self.store.reader(*field).terms().range().ge(prefix.as_bytes()).into_stream()?;
            while terms.advance() && terms.key().starts_with(prefix.as_bytes()) {
                if terms.key().len() > prefix.len() {
                    found.push((Reverse(terms.value().doc_freq), terms.term_ord(), terms.value().clone()));
                }
            }
            if *field == Field::Name && found.len() > MAX_NAMED {
                continue;
            }
            if found.len() > MAX_PREFIX {
                found.select_nth_unstable_by_key(MAX_PREFIX, |(doc_freq, at, _)| (*doc_freq, *at));
                found.truncate(MAX_PREFIX);
            }
            n_docs = n_docs.max(found.iter().map(|(Reverse(doc_freq), ..)| u64::from(*doc_freq)).sum());
            postings.extend(found.into_iter().map(|(.., info)| (*field, *boost, info)));
        }
        let n_docs = n_docs.min(self.store.n_docs() as u64);
        let weight = idf(self.store.n_docs(), n_docs) * Via::Prefix.weight();
        let terms = Vec::new();
        Ok((!postings.is_empty()).then_some(Group { via: Via::Prefix, terms, postings, weight, n_docs }))
    }

    /// What `word` may have been meant to be: the terms one or two typos away, and their stems. One typo from four letters,
    /// two from eight. An open word may also be the mistyped beginning of one. Where nothing is near, the terms it begins.
    pub(crate) fn mend(&mut self, word: &mut Word, is_open: bool) -> Result<(), QueryError> {
        let n_chars = word.text.chars().count();
        if n_chars < MIN_TYPO || word.text.chars().all(char::is_numeric) {
            return Ok(());
        }
        for guess in GUESSES {
            if n_chars < guess.min_chars || guess.is_prefix && !is_open {
                continue;
            }
            let mut weight = Via::Typo(guess.edits).weight();
            for term in self.guessed(&word.text, guess)? {
                let typed = Typed { text: term, ..Typed::default() };
                let meant = self.known(&typed, false)?;
                word.places = word.places.take().or(meant.places);
                for group in meant.groups {
                    let terms = vec![typed.text.clone()];
                    let weight = group.weight * weight;
                    word.groups.push(Group { via: Via::Typo(guess.edits), terms, weight, ..group });
                }
                weight *= SECOND_GUESS;
            }
            if !word.groups.is_empty() {
                return Ok(());
            }
        }
        word.groups.extend(self.beginning_with(&word.text)?);
        Ok(())
    }

    /// The terms that `guess` admits for `word`, likeliest first.
    fn guessed(&self, word: &str, guess: &Guess) -> Result<Vec<String>, QueryError> {
        let term = self.store.term(Field::All, word);
        let query = if guess.is_prefix { FuzzyTermQuery::new_prefix } else { FuzzyTermQuery::new };
        let automaton = query(term, guess.edits, true).automaton()?;
        let mut search = self.store.reader(Field::All).terms().search(&automaton);
        let first = word.chars().next().map(String::from).unwrap_or_default();
        let behind = format!("{first}{}", char::MAX);
        if guess.same_start {
            search = search.ge(&first).lt(&behind);
        }
        let mut terms = search.into_stream()?;
        let mut found = Vec::new();
        while terms.advance() && found.len() < MAX_GUESSED {
            if let Ok(term) = std::str::from_utf8(terms.key()) {
                found.push((is_function_word(term), Reverse(terms.value().doc_freq), term.to_owned()));
            }
        }
        found.sort_unstable();
        found.truncate(MAX_TYPOS);
        Ok(found.into_iter().map(|(.., term)| term).collect())
    }

    /// `terms` as a group, if one of them occurs in one of `fields`.
    fn group(&self, via: Via, mut terms: Vec<String>, fields: &[(Field, f32)]) -> io::Result<Option<Group>> {
        let mut postings = Vec::new();
        let mut n_docs = 0;
        for term in &terms {
            let mut most = 0;
            let mut is_text = true;
            for (field, boost) in fields {
                // What stands in names and headings stands in the whole text as well, which comes first.
                if !is_text && *field != Field::Code {
                    continue;
                }
                match self.store.find(*field, term)? {
                    Some(info) => {
                        most = most.max(u64::from(info.doc_freq));
                        postings.push((*field, *boost, info));
                    }
                    None => is_text &= !matches!(field, Field::All | Field::AllStem),
                }
            }
            n_docs += most;
        }
        let n_docs = n_docs.min(self.store.n_docs() as u64);
        let weight = idf(self.store.n_docs(), n_docs) * via.weight();
        if via == Via::Stem {
            terms.clear();
        }
        Ok((!postings.is_empty()).then_some(Group { via, terms, postings, weight, n_docs }))
    }
}

/// Inverse document frequency as in BM25 (Robertson and Zaragoza, 2009), never negative.
fn idf(n_docs: usize, n_with: u64) -> f32 {
    let (n_docs, n_with) = (as_f32(n_docs as u64), as_f32(n_with));
    ((n_docs - n_with + 0.5) / (n_with + 0.5)).ln_1p()
}

/// Words that build English sentences rather than tell what they are about. A question is full of them, and the rarest of
/// them in texts, such as `why`, would otherwise count most.
fn is_function_word(word: &str) -> bool {
    static WORDS: LazyLock<FxHashSet<&str>> =
        LazyLock::new(|| include_str!("function_words.txt").split_whitespace().collect());
    WORDS.contains(word)
}

fn is_single_unspaced(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(is_unspaced) && chars.next().is_none()
}
