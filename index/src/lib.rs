//! The full-text index.
//!
//! An [`Index`] is built once from a corpus, in memory, and never changes: one document a section and one a concept,
//! grouped to pages when they are found. It knows nothing of the graph. tantivy stays inside.
//!
//! Key decision: words are looked up in the term dictionary first, and what is found there — the word itself, its stem,
//! words it begins, words a typo away — is scored by BM25 like any other term. tantivy's own fuzzy and prefix queries score
//! every match alike and cannot be highlighted. The price is a dictionary walk a word.

mod analysis;
mod build;
mod expand;
mod facets;
mod query;
mod search;
mod similar;
mod snippet;
mod suggest;

pub use facets::{FACETS, FacetCounts, Filters};
pub use query::QueryError;
pub use search::{Hit, Hits, Matching, Query, SectionHit};
pub use similar::{Aspect, stem_of};
pub use snippet::Snippet;
pub use suggest::Suggestion;

use facets::FacetTable;
use similar::Vectors;
use suggest::Completions;
use tantivy::schema::Field;
use tantivy::{Searcher, TantivyError};

/// The index over a corpus.
pub struct Index {
    searcher: Searcher,
    fields: Fields,
    facets: FacetTable,
    completions: Completions,
    vectors: Vectors,
}

/// Why an index could not be built.
#[derive(Debug, thiserror::Error)]
#[error("the index engine failed")]
pub struct BuildError(#[from] TantivyError);

/// The fields of a document.
#[derive(Clone, Copy, Debug)]
struct Fields {
    /// Where the document belongs: page in the upper, section in the lower 32 bits.
    place: Field,
    /// Title and other names of the page, folded.
    name: Field,
    /// The same, stemmed.
    name_stem: Field,
    /// The headings of the section and of those above it, folded.
    heading: Field,
    /// Description and text, folded, and the same stemmed.
    text: Field,
    text_stem: Field,
    /// Code, folded.
    code: Field,
}
