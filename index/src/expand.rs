//! Expansion: which terms of the dictionary a word of a query stands for.

use tantivy::query::FuzzyTermQuery;
use tantivy::schema::Field;
use tantivy::{Searcher, Term};

use crate::Fields;
use crate::analysis::stem;

/// Terms that a prefix may stand for: the most frequent ones.
const MAX_PREFIX: usize = 50;
/// Terms that a word with a typo may stand for: the nearest, then the most frequent.
const MAX_TYPOS: usize = 20;
/// Terms looked at before the best are chosen, so that a prefix of one letter costs no more than any other.
const MAX_SEEN: usize = 20_000;

/// How a term came to stand for a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Via {
    Exact,
    Stem,
    Prefix,
    Typo(u8),
}

impl Via {
    /// What a match counts, relative to an exact one.
    fn weight(self) -> f32 {
        match self {
            Self::Exact => 1.0,
            Self::Stem => 0.9,
            Self::Prefix => 0.6,
            Self::Typo(1) => 0.5,
            Self::Typo(_) => 0.25,
        }
    }
}

/// A term that stands for a word.
#[derive(Clone, Debug)]
pub(crate) struct Variant {
    pub(crate) term: String,
    pub(crate) via: Via,
    pub(crate) weight: f32,
    pub(crate) doc_freq: u64,
}

impl Variant {
    fn new(term: String, via: Via, doc_freq: u64) -> Self {
        Self { term, via, weight: via.weight(), doc_freq }
    }
}

/// Looks words up in the dictionaries of an index.
pub(crate) struct Dictionary<'a> {
    pub(crate) searcher: &'a Searcher,
    pub(crate) fields: Fields,
}

impl Dictionary<'_> {
    /// The word itself and its stem, those of them that occur.
    pub(crate) fn known(&self, word: &str) -> tantivy::Result<Vec<Variant>> {
        let mut variants = Vec::new();
        let doc_freq = self.doc_freq(&self.exact_fields(), word)?;
        if doc_freq > 0 {
            variants.push(Variant::new(word.to_owned(), Via::Exact, doc_freq));
        }
        let stemmed = stem(word);
        let doc_freq = self.doc_freq(&[self.fields.name_stem, self.fields.text_stem], &stemmed)?;
        if doc_freq > 0 {
            variants.push(Variant::new(stemmed, Via::Stem, doc_freq));
        }
        Ok(variants)
    }

    /// The terms that begin with `prefix`, itself excluded, most frequent first.
    pub(crate) fn beginning_with(&self, prefix: &str) -> tantivy::Result<Vec<Variant>> {
        let mut found = Vec::new();
        for field in [self.fields.name, self.fields.text] {
            for segment in self.searcher.segment_readers() {
                let index = segment.inverted_index(field)?;
                let mut stream = index.terms().range().ge(prefix.as_bytes()).into_stream()?;
                let mut seen = 0;
                while stream.advance() && seen < MAX_SEEN && stream.key().starts_with(prefix.as_bytes()) {
                    push(&mut found, stream.key(), stream.value().doc_freq, Via::Prefix, prefix);
                    seen += 1;
                }
            }
        }
        Ok(best(found, MAX_PREFIX))
    }

    /// The terms that are one or two typos away from `word`: one from four letters, two from eight. Nearest first, then
    /// most frequent.
    pub(crate) fn near(&self, word: &str) -> tantivy::Result<Vec<Variant>> {
        let n_chars = word.chars().count();
        let max = if n_chars < 4 || word.chars().all(char::is_numeric) {
            return Ok(Vec::new());
        } else {
            1 + u8::from(n_chars >= 8)
        };
        for edits in 1..=max {
            let mut found = Vec::new();
            for field in [self.fields.name, self.fields.text] {
                let automaton = FuzzyTermQuery::new(Term::from_field_text(field, word), edits, true).automaton()?;
                for segment in self.searcher.segment_readers() {
                    let index = segment.inverted_index(field)?;
                    let mut stream = index.terms().search(&automaton).into_stream()?;
                    while stream.advance() {
                        push(&mut found, stream.key(), stream.value().doc_freq, Via::Typo(edits), word);
                    }
                }
            }
            // People mistype the first letter least: what differs there is dearer.
            for variant in &mut found {
                if !variant.term.starts_with(|first| word.starts_with(first)) {
                    variant.weight *= 0.5;
                }
            }
            if !found.is_empty() {
                return Ok(best(found, MAX_TYPOS));
            }
        }
        Ok(Vec::new())
    }

    fn exact_fields(&self) -> [Field; 4] {
        [self.fields.name, self.fields.heading, self.fields.text, self.fields.code]
    }

    fn doc_freq(&self, fields: &[Field], term: &str) -> tantivy::Result<u64> {
        fields.iter().map(|field| self.searcher.doc_freq(&Term::from_field_text(*field, term))).sum()
    }
}

fn push(found: &mut Vec<Variant>, key: &[u8], doc_freq: u32, via: Via, word: &str) {
    if let Ok(term) = std::str::from_utf8(key)
        && term != word
    {
        found.push(Variant::new(term.to_owned(), via, u64::from(doc_freq)));
    }
}

fn best(mut found: Vec<Variant>, max: usize) -> Vec<Variant> {
    found.sort_by(|a, b| a.term.cmp(&b.term));
    found.dedup_by(|later, kept| {
        let same = later.term == kept.term;
        if same {
            kept.doc_freq += later.doc_freq;
        }
        same
    });
    found.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(b.doc_freq.cmp(&a.doc_freq)).then(a.term.cmp(&b.term)));
    found.truncate(max);
    found
}
