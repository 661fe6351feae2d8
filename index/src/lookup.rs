//! Lookup: which terms of the dictionary a word of a query stands for — itself, its stem, what it begins, and what it was
//! probably meant to be.

use std::cmp::Reverse;
use std::io;

use gradus_corpus::normal::clusters;
use tantivy::postings::TermInfo;
use tantivy::query::FuzzyTermQuery;

use crate::analysis::{Stems, is_function_word, is_unspaced};
use crate::error::QueryError;
use crate::field::Field;
use crate::float::as_f32;
use crate::parse::TypedWord;
use crate::store::Store;
use crate::typo_tolerance::TypoDictionary;
use crate::weights::{COMPLETION_FIELDS, EXACT_FIELDS, FORM, OTHER_START, SECOND_GUESS, STEM_FIELDS};
use crate::word::{Group, TermPlace, Via, Word, WordSource};
use crate::word_cache::WordCache;

/// Terms that a prefix may stand for: the most frequent ones. Only prefixes of one letter have more, in large corpora.
const MAX_PREFIX: usize = 2_000;
/// Terms that a word with a typo may stand for: the nearest, then the most frequent. More of them are more often wrong.
const MAX_TYPOS: usize = 3;
/// Letters below which a word with a typo might be anything.
const MIN_TYPO: usize = 4;
/// Completions that are looked for near the other words: the most frequent ones.
const MAX_PLACES: usize = 4;
/// Terms that may be meant before the most frequent are taken: many words begin almost like a short one.
const MAX_GUESSED: usize = 5_000;
/// What may have been meant, likeliest first, and from how many letters.
const GUESSES: &[(Guess, usize)] = &[(Guess::OneEdit, 4), (Guess::TwoEdits, 8), (Guess::Begun, 5)];
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

/// Looks up the words of a query.
pub(crate) struct Lookup<'a> {
    pub(crate) store: &'a Store,
    pub(crate) cache: &'a WordCache,
    pub(crate) typos: &'a TypoDictionary,
    pub(crate) stems: &'a Stems,
}

impl Lookup<'_> {
    /// The word itself, its stem, and the terms it begins where it `is_open`; those of them that occur.
    pub(crate) fn known(&self, word: &TypedWord, is_open: bool) -> Result<Word, QueryError> {
        // Of an unspaced script a single character is the beginning of every pair that holds it.
        let is_open = is_open || is_single_unspaced(&word.text);
        if let Some(kept) = self.cache.get(word, is_open) {
            return Ok(kept.clone());
        }
        let mut known = match self.cache.get(word, false) {
            Some(kept) => kept.clone(),
            None => self.closed(word)?,
        };
        if is_open {
            self.complete(&mut known)?;
        }
        Ok(known)
    }

    /// Adds the terms that `word` begins.
    pub(crate) fn complete(&self, word: &mut Word) -> Result<(), QueryError> {
        if let Some(completed) = self.beginning_with(&word.text)? {
            let as_typed = word.groups().next().filter(|group| group.via == Via::Exact);
            if as_typed.is_none_or(|group| group.n_docs < completed.n_docs) {
                word.places.extend(commonest(&completed));
            }
            word.sources.push(WordSource::Terms(completed));
        }
        Ok(())
    }

    /// The word itself and its stem, those that occur.
    pub(crate) fn closed(&self, word: &TypedWord) -> Result<Word, QueryError> {
        let weighed = |group: Group, by: f32| Group { weight: group.weight * by, ..group };
        let form = self.group(Via::Exact, vec![word.text.clone()], EXACT_FIELDS)?;
        let stem = self.group(Via::Stem, self.stems.query_forms(&word.text, word.casing), STEM_FIELDS)?;
        let stem_postings = stem.iter().flat_map(|stem| &stem.postings);
        let places = stem_postings.map(|(field, _, info)| (*field, info.clone())).collect();
        let source = match (form, stem) {
            // A stem that stands where the word stands tells nothing new.
            (Some(form), Some(stem)) if form.n_docs != stem.n_docs => {
                Some(WordSource::FormAndStem(weighed(form, FORM), weighed(stem, 1.0 - FORM)))
            }
            (form, stem) => form.or(stem).map(WordSource::Terms),
        };
        Ok(Word { places, ..Word::new(&word.text, source) })
    }

    /// The word as it is.
    pub(crate) fn exact(&self, word: &TypedWord) -> Result<Word, QueryError> {
        let group = self.group(Via::Exact, vec![word.text.clone()], EXACT_FIELDS)?;
        Ok(Word::new(&word.text, group.map(WordSource::Terms)))
    }

    /// The word and its stem in names of pages.
    pub(crate) fn in_names(&self, word: &TypedWord) -> Result<Word, QueryError> {
        let stems = self.stems.query_forms(&word.text, word.casing);
        let exact = self.group(Via::Exact, vec![word.text.clone()], &[(Field::Name, 1.0)])?;
        let stem = self.group(Via::Stem, stems, &[(Field::NameStem, 1.0)])?;
        Ok(Word::new(&word.text, exact.into_iter().chain(stem).map(WordSource::Terms)))
    }

    /// The terms that begin with `prefix`, itself excluded.
    pub(crate) fn beginning_with(&self, prefix: &str) -> Result<Option<Group>, QueryError> {
        let mut postings = Vec::new();
        let mut n_docs = 0;
        for (field, boost) in COMPLETION_FIELDS {
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
    pub(crate) fn mend(&self, word: &mut Word, is_open: bool) -> Result<(), QueryError> {
        let n_chars = word.text.chars().count();
        if n_chars < MIN_TYPO || word.text.chars().all(char::is_numeric) {
            return Ok(());
        }
        for (guess, min_chars) in GUESSES {
            let (edits, found) = match guess {
                _ if n_chars < *min_chars => continue,
                Guess::OneEdit => (1, self.one_edit_away(&word.text)),
                Guess::TwoEdits => (2, self.typos.near(&word.text, 2)),
                Guess::Begun if is_open => (1, self.begun(&word.text)?),
                Guess::Begun => continue,
            };
            let mut weight = Via::Typo(edits).weight();
            for term in likeliest(found) {
                let typed = TypedWord { text: term, ..TypedWord::default() };
                let meant = self.known(&typed, false)?;
                if word.places.is_empty() {
                    word.places = meant.places;
                }
                let sources = meant.sources.into_iter();
                word.sources.extend(sources.map(|source| source.guessed(&typed.text, edits, weight)));
                weight *= SECOND_GUESS;
            }
            if !word.is_unknown() {
                return Ok(());
            }
        }
        self.complete(word)
    }

    /// The terms that one edit makes of `word`, with the number of documents that hold them, less where the first letter is
    /// another.
    fn one_edit_away(&self, word: &str) -> Vec<(String, u32)> {
        let mut found = self.typos.near(word, 1);
        let others = self.typos.with_other_start(word).into_iter();
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
    fn group_of(&self, via: Via, terms: Vec<String>, postings: Vec<TermPlace>, n_docs: u64) -> Option<Group> {
        let n_docs = n_docs.min(self.store.n_docs() as u64);
        let weight = idf(self.store.n_docs(), n_docs) * via.weight();
        let found = Group { via, terms, postings, weight, n_docs };
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

fn is_single_unspaced(word: &str) -> bool {
    word.starts_with(is_unspaced) && clusters(word).nth(1).is_none()
}
