//! Expansion: which terms of the dictionary a word of a query stands for.

use std::cmp::Reverse;
use std::io;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use tantivy::postings::TermInfo;
use tantivy::query::FuzzyTermQuery;

use crate::analysis::{Stems, is_unspaced};
use crate::common::{Common, Scored};
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
/// How much commoner a word must be to be meant where the first letter was mistyped: people mistype that one least.
const OTHER_START: u32 = 4;
/// What the very form that is asked for counts; the rest is for its stem, which stands in all forms.
const FORM: f32 = 0.5;
/// Completions that are looked for near the other words: the most frequent ones.
const MAX_PLACES: usize = 4;
/// Terms that may be meant before the most frequent are taken: many words begin almost like a short one.
const MAX_GUESSED: usize = 5_000;
/// What may have been meant, likeliest first, and from how many letters.
const GUESSES: &[(Guess, usize)] = &[(Guess::OneEdit, 4), (Guess::TwoEdits, 8), (Guess::Begun, 5)];
/// What a word counts that every text of the language holds, whatever it is about.
const FUNCTION_WORD: f32 = 0.2;

/// A way in which a word may be mistyped.
#[derive(Clone, Copy)]
enum Guess {
    /// One edit anywhere.
    OneEdit,
    /// Two edits behind the first letter.
    TwoEdits,
    /// One edit behind the first letter of an unfinished word.
    Begun,
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
            Self::Exact | Self::Stem => 1.0,
            Self::Prefix => 0.6,
            Self::Typo(0 | 1) => 0.95,
            Self::Typo(_) => 0.8,
        }
    }
}

/// Where postings of a term are, and what a match there counts.
type Place = (Field, f32, TermInfo);

/// Terms that stand for a word in the same way. They count as one term: the rarest of many completions is not the best.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) via: Via,
    /// Words as texts hold them; empty for stems, which texts do not hold, and for completions, which are many.
    pub(crate) terms: Vec<String>,
    pub(crate) postings: Vec<Place>,
    /// Inverse document frequency times what the way counts.
    pub(crate) weight: f32,
    /// Documents that hold one of the terms, at most.
    pub(crate) n_docs: u64,
    /// Whether it counts on top of the group before, of which it is the stem, rather than instead.
    pub(crate) adds: bool,
    /// Whether what it finds is among what has been scored before.
    pub(crate) is_scored: bool,
}

impl Group {
    /// Remembers that what it finds has been scored, and forgets postings that are many.
    pub(crate) fn mark_scored(&mut self) {
        self.is_scored = true;
        if self.via == Via::Prefix {
            self.postings = Vec::new();
        }
    }
}

/// A word of a query and what it stands for.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub(crate) text: String,
    /// The most faithful first.
    pub(crate) groups: Vec<Group>,
    /// Where it stands in texts: its stem and, where it is seldom a whole word, its commonest completions.
    pub(crate) places: Vec<(Field, TermInfo)>,
    /// What has been scored before, and what it counts here.
    pub(crate) scored: Vec<(f32, Scored)>,
}

impl Word {
    /// A word of which nothing is known.
    pub(crate) fn unknown(text: &str) -> Self {
        Self { text: text.to_owned(), groups: Vec::new(), places: Vec::new(), scored: Vec::new() }
    }

    /// Whether nothing is known that it could stand for.
    pub(crate) fn is_unknown(&self) -> bool {
        self.groups.is_empty()
    }

    /// The term that it was probably meant to be, where it is none itself.
    pub(crate) fn mended(&self) -> Option<&str> {
        let typo = self.groups.first().filter(|group| matches!(group.via, Via::Typo(_)))?;
        typo.terms.first().map(String::as_str)
    }

    /// The term that it was probably meant to be.
    pub(crate) fn meant(&self) -> &str {
        self.mended().unwrap_or(&self.text)
    }

    /// What a match of it tells: the weight of its most faithful groups, or of its completions where those are commoner.
    pub(crate) fn mass(&self) -> f32 {
        let stem = self.groups.get(1).filter(|group| group.adds);
        let faithful = self.groups.first().into_iter().chain(stem).map(|group| group.weight).sum::<f32>();
        let completed = self.groups.last().filter(|group| group.via == Via::Prefix);
        completed.map_or(faithful, |group| faithful.min(group.weight))
    }

    /// Postings to be read at most.
    pub(crate) fn n_docs(&self) -> u64 {
        self.groups.iter().map(|group| group.n_docs).sum()
    }
}

/// Where terms are looked up, and what a match there counts relative to prose.
const EXACT: &[(Field, f32)] = &[(Field::All, 1.0), (Field::Name, 4.0), (Field::Heading, 0.5), (Field::Code, 0.4)];
const STEMMED: &[(Field, f32)] = &[(Field::AllStem, 1.0)];
const COMPLETED: &[(Field, f32)] = &[(Field::All, 1.0), (Field::Code, 0.4)];

/// Looks up the words of a query.
pub(crate) struct Lookup<'a> {
    pub(crate) store: &'a Store,
    pub(crate) common: &'a Common,
    pub(crate) stems: Stems,
}

impl Lookup<'_> {
    /// The word itself, its stem, and the terms it begins where it `is_open`; those of them that occur.
    pub(crate) fn known(&mut self, word: &Typed, is_open: bool) -> Result<Word, QueryError> {
        // Of an unspaced script a single character is the beginning of every pair that holds it.
        let is_open = is_open || is_single_unspaced(&word.text);
        if let Some(common) = self.common.get(word, is_open) {
            return Ok(common.clone());
        }
        let mut known = match self.common.get(word, false) {
            Some(common) => common.clone(),
            None => self.closed(word)?,
        };
        if is_open {
            self.complete(&mut known)?;
        }
        Ok(known)
    }

    /// Adds the terms that `word` begins.
    pub(crate) fn complete(&self, word: &mut Word) -> Result<(), QueryError> {
        let share = if is_function_word(&word.text) { FUNCTION_WORD } else { 1.0 };
        if let Some(completed) = self.beginning_with(&word.text)? {
            let as_typed = word.groups.first().filter(|group| group.via == Via::Exact);
            if as_typed.is_none_or(|group| group.n_docs < completed.n_docs) {
                word.places.extend(commonest(&completed));
            }
            word.groups.push(Group { weight: completed.weight * share, ..completed });
        }
        Ok(())
    }

    /// The word itself and its stem, those that occur.
    pub(crate) fn closed(&mut self, word: &Typed) -> Result<Word, QueryError> {
        let mut groups = self.exact(word)?.groups;
        let stems = self.stems.asked(&word.text, word.casing);
        let stem = self.group(Via::Stem, stems, STEMMED)?;
        let stem_postings = stem.iter().flat_map(|stem| &stem.postings);
        let places = stem_postings.map(|(field, _, info)| (*field, info.clone())).collect();
        // A stem that stands where the word stands tells nothing new.
        let has_forms = |stem: &Group| groups.first().is_none_or(|exact: &Group| exact.n_docs != stem.n_docs);
        groups.extend(stem.filter(has_forms));
        if let [form, stem] = &mut *groups {
            form.weight *= FORM;
            stem.weight *= 1.0 - FORM;
            stem.adds = true;
        }
        if is_function_word(&word.text) {
            groups.iter_mut().for_each(|group| group.weight *= FUNCTION_WORD);
        }
        Ok(Word { groups, places, ..Word::unknown(&word.text) })
    }

    /// The word as it is.
    pub(crate) fn exact(&self, word: &Typed) -> Result<Word, QueryError> {
        let groups = self.group(Via::Exact, vec![word.text.clone()], EXACT)?.into_iter().collect();
        Ok(Word { groups, ..Word::unknown(&word.text) })
    }

    /// The word and its stem in names of pages.
    pub(crate) fn in_names(&mut self, word: &Typed) -> Result<Word, QueryError> {
        let stems = self.stems.asked(&word.text, word.casing);
        let exact = self.group(Via::Exact, vec![word.text.clone()], &[(Field::Name, 1.0)])?;
        let stem = self.group(Via::Stem, stems, &[(Field::NameStem, 1.0)])?;
        let groups = exact.into_iter().chain(stem).collect();
        Ok(Word { groups, ..Word::unknown(&word.text) })
    }

    /// The terms that begin with `prefix`, itself excluded.
    pub(crate) fn beginning_with(&self, prefix: &str) -> Result<Option<Group>, QueryError> {
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
            if found.len() > MAX_PREFIX {
                found.select_nth_unstable_by_key(MAX_PREFIX, |(doc_freq, at, _)| (*doc_freq, *at));
                found.truncate(MAX_PREFIX);
            }
            n_docs = n_docs.max(found.iter().map(|(Reverse(doc_freq), ..)| u64::from(*doc_freq)).sum());
            postings.extend(found.into_iter().map(|(.., info)| (*field, *boost, info)));
        }
        Ok(self.group_of(Via::Prefix, Vec::new(), postings, n_docs))
    }

    /// What `word` may have been meant to be: the terms one or two typos away, and their stems. One typo from four letters,
    /// two from eight. An open word may also be the mistyped beginning of one. Where nothing is near, the terms it begins.
    pub(crate) fn mend(&mut self, word: &mut Word, is_open: bool) -> Result<(), QueryError> {
        let n_chars = word.text.chars().count();
        if n_chars < MIN_TYPO || word.text.chars().all(char::is_numeric) {
            return Ok(());
        }
        for (guess, min_chars) in GUESSES {
            let (edits, found) = match guess {
                _ if n_chars < *min_chars => continue,
                Guess::OneEdit => (1, self.one_edit_away(&word.text)),
                Guess::TwoEdits => (2, self.common.typos().near(&word.text, 2)),
                Guess::Begun if is_open => (1, self.begun(&word.text)?),
                Guess::Begun => continue,
            };
            let mut weight = Via::Typo(edits).weight();
            for term in likeliest(found) {
                let typed = Typed { text: term, ..Typed::default() };
                let meant = self.known(&typed, false)?;
                if word.places.is_empty() {
                    word.places = meant.places;
                }
                word.scored.extend(meant.scored.into_iter().map(|(of, scored)| (weight * of, scored)));
                for group in meant.groups {
                    let terms = vec![typed.text.clone()];
                    let weight = group.weight * weight;
                    word.groups.push(Group { via: Via::Typo(edits), terms, weight, ..group });
                }
                weight *= SECOND_GUESS;
            }
            if !word.groups.is_empty() {
                return Ok(());
            }
        }
        self.complete(word)
    }

    /// The terms that one edit makes of `word`, with the number of documents that hold them, less where the first letter is
    /// another.
    fn one_edit_away(&self, word: &str) -> Vec<(String, u32)> {
        let mut found = self.common.typos().near(word, 1);
        let others = self.common.typos().with_other_start(word).into_iter();
        found.extend(others.map(|(term, n_docs)| (term, n_docs / OTHER_START)));
        found
    }

    /// The terms that begin as `word` may have been meant to, the first letter being right, with the number of documents that
    /// hold them.
    fn begun(&self, word: &str) -> Result<Vec<(String, u32)>, QueryError> {
        let automaton = FuzzyTermQuery::new_prefix(self.store.term(Field::All, word), 1, true).automaton()?;
        let first = word.chars().next().map(String::from).unwrap_or_default();
        let behind = format!("{first}{}", char::MAX);
        let search = self.store.reader(Field::All).terms().search(&automaton);
        let mut terms = search.ge(&first).lt(&behind).into_stream()?;
        let mut found = Vec::new();
        while terms.advance() && found.len() < MAX_GUESSED {
            if let Ok(term) = std::str::from_utf8(terms.key()) {
                found.push((term.to_owned(), terms.value().doc_freq));
            }
        }
        Ok(found)
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
        if via == Via::Stem {
            terms.clear();
        }
        Ok(self.group_of(via, terms, postings, n_docs))
    }

    /// `terms` and where they stand, in `n_docs` documents at most; nothing if they stand nowhere.
    fn group_of(&self, via: Via, terms: Vec<String>, postings: Vec<Place>, n_docs: u64) -> Option<Group> {
        let n_docs = n_docs.min(self.store.n_docs() as u64);
        let weight = idf(self.store.n_docs(), n_docs) * via.weight();
        let found = Group { via, terms, postings, weight, n_docs, adds: false, is_scored: false };
        (!found.postings.is_empty()).then_some(found)
    }
}

/// Where the commonest completions of a word stand in texts.
fn commonest(completed: &Group) -> impl Iterator<Item = (Field, TermInfo)> {
    let in_texts = completed.postings.iter().filter(|(field, ..)| *field == Field::All);
    let mut places: Vec<&TermInfo> = in_texts.map(|(.., info)| info).collect();
    let rank = |info: &&TermInfo| (Reverse(info.doc_freq), info.postings_range.start);
    if places.len() > MAX_PLACES {
        places.select_nth_unstable_by_key(MAX_PLACES, rank);
        places.truncate(MAX_PLACES);
    }
    places.into_iter().map(|info| (Field::All, info.clone()))
}

/// The terms of `found` that were most likely meant, likeliest first: those of most documents, function words last.
fn likeliest(found: Vec<(String, u32)>) -> impl Iterator<Item = String> {
    let ranked = found.into_iter().map(|(term, n_docs)| (is_function_word(&term), Reverse(n_docs), term));
    let mut ranked: Vec<_> = ranked.collect();
    ranked.sort_unstable();
    ranked.dedup();
    ranked.into_iter().take(MAX_TYPOS).map(|(.., term)| term)
}

/// Inverse document frequency as in BM25 (Robertson and Zaragoza, 2009), never negative.
fn idf(n_docs: usize, n_with: u64) -> f32 {
    let (n_docs, n_with) = (as_f32(n_docs as u64), as_f32(n_with));
    ((n_docs - n_with + 0.5) / (n_with + 0.5)).ln_1p()
}

/// Words that build English sentences rather than tell what they are about. A question is full of them, and the rarest of
/// them in texts, such as `why`, would otherwise count most.
pub(crate) fn is_function_word(word: &str) -> bool {
    static WORDS: LazyLock<FxHashSet<&str>> =
        LazyLock::new(|| include_str!("function_words.txt").split_whitespace().collect());
    WORDS.contains(word)
}

fn is_single_unspaced(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(is_unspaced) && chars.next().is_none()
}
