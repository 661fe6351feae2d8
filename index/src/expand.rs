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
/// Terms up to which names are looked through too: the names of hundreds of terms would cost more than they tell.
const MAX_NAMED: usize = 64;
/// Terms that may complete a mistyped beginning before the most frequent are taken.
const MAX_COMPLETED: usize = 5_000;
/// Letters that the forms of a word must share to be looked for, and words looked at.
const MIN_COMMON: usize = 2;
const MAX_SURFACES: usize = 500;
/// What a word counts that every text of the language holds, whatever it is about.
const FUNCTION_WORD: f32 = 0.2;

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
    /// Words as texts hold them; empty for stems, which texts do not hold.
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
        groups.extend(self.group(Via::Stem, stems, STEMMED)?);
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
        Ok(Word { text: word.text.clone(), groups })
    }

    /// The word as it is.
    pub(crate) fn exact(&self, word: &Typed) -> Result<Word, QueryError> {
        let groups = self.group(Via::Exact, vec![word.text.clone()], EXACT)?.into_iter().collect();
        Ok(Word { text: word.text.clone(), groups })
    }

    /// The word and its stem in names of pages.
    pub(crate) fn in_names(&mut self, word: &Typed) -> Result<Word, QueryError> {
        let stems = self.stems.asked(&word.text, word.casing);
        let exact = self.group(Via::Exact, vec![word.text.clone()], &[(Field::Name, 1.0)])?;
        let stem = self.group(Via::Stem, stems, &[(Field::NameStem, 1.0)])?;
        Ok(Word { text: word.text.clone(), groups: exact.into_iter().chain(stem).collect() })
    }

    /// The terms that begin with `prefix`, itself excluded.
    fn beginning_with(&self, prefix: &str) -> Result<Option<Group>, QueryError> {
        let mut found = Vec::new();
        for field in [Field::All, Field::Code] {
            let mut terms = self.store.reader(field).terms().range().ge(prefix.as_bytes()).into_stream()?;
            while terms.advance() && terms.key().starts_with(prefix.as_bytes()) {
                push(&mut found, terms.key(), terms.value().doc_freq, 0, prefix);
            }
        }
        Ok(self.group(Via::Prefix, best(found, MAX_PREFIX), COMPLETED)?)
    }

    /// The terms that are one or two typos away from `word`, and their stems: one from four letters, two from eight. An open
    /// word may also be the mistyped beginning of one. Where nothing is near, the terms that it begins.
    pub(crate) fn near(&mut self, word: &str, is_open: bool) -> Result<Vec<Group>, QueryError> {
        let n_chars = word.chars().count();
        if n_chars < MIN_TYPO || word.chars().all(char::is_numeric) {
            return Ok(Vec::new());
        }
        let whole = (1..=1 + u8::from(n_chars >= 8)).map(|edits| (edits, false));
        for (edits, is_prefix) in whole.chain((is_open && n_chars > 4).then_some((1, true))) {
            let term = self.store.term(Field::All, word);
            let query = if is_prefix { FuzzyTermQuery::new_prefix } else { FuzzyTermQuery::new };
            let automaton = query(term, edits, true).automaton()?;
            let mut terms = self.store.reader(Field::All).terms().search(&automaton).into_stream()?;
            let mut found = Vec::new();
            while terms.advance() && found.len() < MAX_COMPLETED {
                push(&mut found, terms.key(), terms.value().doc_freq, doubt(terms.key(), word), word);
            }
            let mut groups = Vec::new();
            let mut weight = Via::Typo(edits).weight();
            for term in best(found, MAX_TYPOS) {
                let typed = Typed { text: term, ..Typed::default() };
                for group in self.known(&typed, false)?.groups {
                    let terms = vec![typed.text.clone()];
                    groups.push(Group { via: Via::Typo(edits), terms, weight: group.weight * weight, ..group });
                }
                weight *= SECOND_GUESS;
            }
            if !groups.is_empty() {
                return Ok(groups);
            }
        }
        Ok(self.beginning_with(word)?.into_iter().collect())
    }

    /// The words of the corpus that share a stem with `word`, itself among them. A walk of the words that begin like it.
    pub(crate) fn surfaces(&mut self, word: &str) -> Vec<String> {
        let stem = self.stems.stem(word);
        // Suffixes change the last letter of a stem (`happy`, `happi`) but what stands before it.
        let common = stem.char_indices().next_back().map_or("", |(last, _)| &stem[..last]);
        let mut surfaces = vec![word.to_owned(), stem.clone()];
        surfaces.extend(word.strip_suffix('s').map(str::to_owned));
        surfaces.push(format!("{word}s"));
        if common.chars().count() < MIN_COMMON {
            return surfaces;
        }
        let Ok(mut terms) = self.store.reader(Field::All).terms().range().ge(common.as_bytes()).into_stream() else {
            return surfaces;
        };
        let mut n_seen = 0;
        while terms.advance() && terms.key().starts_with(common.as_bytes()) && n_seen < MAX_SURFACES {
            n_seen += 1;
            if let Ok(term) = std::str::from_utf8(terms.key())
                && self.stems.stem(term) == stem
            {
                surfaces.push(term.to_owned());
            }
        }
        surfaces
    }

    /// `terms` as a group, if one of them occurs in one of `fields`.
    fn group(&self, via: Via, mut terms: Vec<String>, fields: &[(Field, f32)]) -> io::Result<Option<Group>> {
        let mut postings = Vec::new();
        let mut n_docs = 0;
        for term in &terms {
            let mut most = 0;
            for (field, boost) in fields {
                if terms.len() > MAX_NAMED && *field == Field::Name {
                    continue;
                }
                if let Some(info) = self.store.find(*field, term)? {
                    most = most.max(u64::from(info.doc_freq));
                    postings.push((*field, *boost, info));
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

/// How unlikely it is that `term` was meant by `word`. People mistype the first letter least, and function words they seldom
/// ask for.
fn doubt(term: &[u8], word: &str) -> u8 {
    let is_function_word = std::str::from_utf8(term).is_ok_and(is_function_word);
    2 * u8::from(is_function_word) + u8::from(term.first() != word.as_bytes().first())
}

/// Rank of a term: doubt, then frequency, then the term.
type Ranked = (u8, Reverse<u32>, String);

fn push(found: &mut Vec<Ranked>, key: &[u8], doc_freq: u32, doubt: u8, word: &str) {
    if let Ok(term) = std::str::from_utf8(key)
        && term != word
    {
        found.push((doubt, Reverse(doc_freq), term.to_owned()));
    }
}

/// The `max` best of `found`, each term once.
fn best(mut found: Vec<Ranked>, max: usize) -> Vec<String> {
    found.sort_unstable();
    let mut terms: Vec<String> = Vec::with_capacity(found.len().min(max));
    let mut seen = FxHashSet::default();
    for (.., term) in found {
        if terms.len() == max {
            break;
        }
        if seen.insert(term.clone()) {
            terms.push(term);
        }
    }
    terms
}
