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
mod build;
mod common;
mod expand;
mod explain;
mod facets;
mod feedback;
mod maps;
mod proximity;
mod query;
mod rank;
mod retrieve;
mod score;
mod search;
mod similar;
mod snippet;
mod spans;
mod store;
mod suggest;
mod texts;
mod typos;

pub use facets::{FACETS, FacetCounts, Filters};
pub use query::QueryError;
pub use search::{Hit, Hits, Matching, Query, SectionHit};
pub use similar::Aspect;
pub use snippet::Snippet;
pub use suggest::Suggestion;

use analysis::Stems;
use common::Common;
use facets::FacetTable;
use gradus_corpus::{Corpus, PageId, Relation};
use similar::Vectors;
use spans::Spans;
use store::Store;
use suggest::Completions;
use tantivy::TantivyError;
use texts::Texts;

/// The index over a corpus.
pub struct Index {
    store: Store,
    stems: Stems,
    common: Common,
    texts: Texts,
    spans: Spans,
    facets: FacetTable,
    completions: Completions,
    vectors: Vectors,
    taught: Vec<(PageId, PageId)>,
}

impl Index {
    /// The guides that teach `concept`.
    fn taught_by(&self, concept: PageId) -> impl Iterator<Item = PageId> + '_ {
        let first = self.taught.partition_point(|(taught, _)| *taught < concept);
        self.taught[first..].iter().take_while(move |(taught, _)| *taught == concept).map(|(_, guide)| *guide)
    }
}

/// Concepts and the guides that teach them, sorted.
fn taught(corpus: &Corpus) -> Vec<(PageId, PageId)> {
    let teaches = corpus.declared().iter().filter(|edge| edge.relation == Relation::Teaches);
    let mut taught: Vec<(PageId, PageId)> = teaches.map(|edge| (edge.to, edge.from)).collect();
    taught.sort_unstable();
    taught
}

/// Why an index could not be built.
#[derive(Debug, thiserror::Error)]
#[error("the index engine failed")]
pub struct BuildError(#[from] QueryError);

impl From<TantivyError> for BuildError {
    fn from(error: TantivyError) -> Self {
        Self(QueryError::Engine(error))
    }
}
