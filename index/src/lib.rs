//! The full-text index.
//!
//! An [`Index`] is built once from a corpus, in memory, and never changes: one document a section and one a concept,
//! grouped to pages when they are found. It knows nothing of the graph. tantivy stays inside.
//!
//! Key decision: tantivy analyses, stores and compresses; which documents match and what they score is decided here, over
//! its postings. Words are looked up in the term dictionary first, and all that is found there — the word itself, its stem,
//! words it begins, words a typo away — is scored by one formula, highlighted and explained. tantivy's own fuzzy and prefix
//! queries score every match alike. The price is that its pruning of low scores is given up: totals and facets are exact
//! instead. What most queries ask, common words and short beginnings, is scored once, when the index is built.

mod analysis;
mod answer;
mod bm25;
mod build;
mod candidate;
mod completions;
mod documents;
mod error;
mod explain;
mod facets;
mod feedback;
mod field;
mod float;
mod fst_maps;
mod headings;
mod highlighter;
mod hits;
mod language;
mod lookup;
mod name_matches;
mod name_parts;
mod names;
mod parse;
mod phrase;
mod proximity;
mod query_terms;
mod question_form;
mod rank;
mod refine;
mod retrieve;
mod runs;
mod score;
mod search;
mod segment;
mod similar;
mod spots;
mod store;
mod suggest;
mod texts;
mod typo_tolerance;
mod vectors;
mod warm_up;
mod weights;
mod word;
mod word_cache;
mod word_counts;
mod written;

pub use analysis::Stems;
pub use answer::{Hit, Hits, Matching, Query, SectionHit, Snippet};
pub use bm25::PlainBm25;
pub use error::{BuildError, QueryError};
pub use facets::{EVERY_LANGUAGE, FACETS, Facet, FacetCounts, Filters};
pub use similar::SharedWords;
pub use suggest::Suggestion;
pub use vectors::Aspect;
pub use written::analyser;

use completions::Completions;
use facets::FacetIndex;
use gradus_corpus::PageId;
use headings::Headings;
use name_parts::NameParts;
use names::ConceptNames;
use store::Store;
use texts::Texts;
use typo_tolerance::TypoDictionary;
use vectors::Vectors;
use word_cache::WordCache;

/// The index over a corpus.
pub struct Index {
    store: Store,
    stems: Stems,
    cache: WordCache,
    typos: TypoDictionary,
    texts: Texts,
    names: ConceptNames,
    name_parts: NameParts,
    headings: Headings,
    facets: FacetIndex,
    completions: Completions,
    vectors: Vectors,
    taught: Vec<(PageId, PageId)>,
    /// What a reader is taken to read, where pages are in several languages.
    language: Option<Box<str>>,
}

/// Whether `word` only builds English sentences, in any case.
pub fn builds_sentences(word: &str) -> bool {
    analysis::is_function_word(&word.to_lowercase())
}

impl Index {
    /// The guides that teach `concept`.
    fn taught_by(&self, concept: PageId) -> impl Iterator<Item = PageId> + '_ {
        let first = self.taught.partition_point(|(taught, _)| *taught < concept);
        self.taught[first..].iter().take_while(move |(taught, _)| *taught == concept).map(|(_, guide)| *guide)
    }
}
