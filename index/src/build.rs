//! Building: a document a section and a concept.

use std::panic::resume_unwind;

use gradus_corpus::{Corpus, PageId, Relation};

use crate::Index;
use crate::analysis::Stems;
use crate::completions::Completions;
use crate::error::BuildError;
use crate::facets::FacetIndex;
use crate::headings::Headings;
use crate::language::main_language;
use crate::name_parts::NameParts;
use crate::names::ConceptNames;
use crate::segment::IndexSource;
use crate::store::Store;
use crate::vectors::Vectors;
use crate::warm_up::warm_up;

impl Index {
    /// Indexes `corpus`: words and their documents in one thread, what pages are compared by in another. O(text).
    ///
    /// # Errors
    /// If the engine fails, which only a lack of memory explains.
    pub fn build(corpus: &Corpus) -> Result<Self, BuildError> {
        Self::build_after(None, corpus)
    }

    /// The same, with what the index `before` holds of the same texts taken over: what it answers does not depend on it. O(text), with
    /// a small constant for text that stands there.
    ///
    /// # Errors
    /// As [`Self::build`].
    pub fn build_after(before: Option<&Self>, corpus: &Corpus) -> Result<Self, BuildError> {
        let stems = Stems::new(corpus.site().lang.as_deref());
        std::thread::scope(|scope| {
            let vectors = scope.spawn(|| Vectors::new(before.map(|before| &before.vectors), corpus));
            let headings = Headings::new(corpus);
            let source = IndexSource { corpus, stems: &stems, headings: &headings };
            let (segment, documents) = source.segment(before.map(|before| &before.store.segment))?;
            let store = Store::new(segment, documents.pages, corpus.n_pages())?;
            let (cache, typos) = warm_up(&store, &stems)?;
            Ok(Self {
                store,
                cache,
                typos,
                names: ConceptNames::new(corpus, &mut stems.clone()),
                stems,
                texts: documents.texts,
                name_parts: NameParts::new(corpus),
                headings,
                facets: FacetIndex::new(corpus),
                completions: Completions::new(corpus),
                vectors: vectors.join().unwrap_or_else(|panic| resume_unwind(panic)),
                taught: taught(corpus),
                language: main_language(corpus),
            })
        })
    }
}

/// Concepts and the guides that teach them, sorted.
fn taught(corpus: &Corpus) -> Vec<(PageId, PageId)> {
    let teaches = corpus.declared().iter().filter(|edge| edge.relation == Relation::Teaches);
    let mut taught: Vec<(PageId, PageId)> = teaches.map(|edge| (edge.to, edge.from)).collect();
    taught.sort_unstable();
    taught
}
