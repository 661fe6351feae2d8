//! Who states what of whom: one pair of compressed rows a relation.

use gradus_corpus::work::checkpoint;
use gradus_corpus::{Corpus, Edge, Origin, PageId, Relation, Strength};
use serde::{Deserialize, Serialize};

use crate::csr::{Csr, CsrEntry, DirectedEdge, narrow};

/// Which prerequisite edges count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StrengthFilter {
    /// Only those that cannot be skipped.
    #[default]
    Required,
    /// Recommended ones too.
    All,
}

impl StrengthFilter {
    pub(crate) fn admits(self, entry: &CsrEntry) -> bool {
        self == Self::All || entry.is_required()
    }
}

/// The rows of every relation in both directions.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Rows {
    n_concepts: u32,
    n_pages: usize,
    /// What pages state, in the order of [`Relation::ALL`].
    forward: Vec<Csr>,
    /// What is stated of pages, in the same order.
    reverse: Vec<Csr>,
}

impl Rows {
    /// The rows of `corpus`. Inferred edges are nobody's word and stay out unless they are asked for. O(pages + edges).
    pub(crate) fn new(corpus: &Corpus, infers: bool) -> Self {
        let n_pages = corpus.n_pages();
        let mut by_relation: Vec<Vec<DirectedEdge>> = vec![Vec::new(); Relation::ALL.len()];
        let mut put = |idx: usize, edge: &Edge| {
            by_relation[edge.relation as usize].push(DirectedEdge {
                from: edge.from.0,
                to: edge.to.0,
                edge: narrow(idx),
                // Order knows no strengths, whatever an edge says.
                is_required: edge.strength == Strength::Required || edge.relation == Relation::Follows,
            });
        };
        let declared =
            corpus.declared().iter().enumerate().filter(|(_, edge)| infers || edge.origin != Origin::Inferred);
        declared.for_each(|(idx, edge)| put(idx, edge));
        let found = (0..n_pages).flat_map(|page| corpus.found_in(PageId(narrow(page))));
        found.enumerate().for_each(|(idx, edge)| put(idx, &edge));
        let both = |edges: Vec<DirectedEdge>| {
            let reversed = edges.iter().map(|edge| edge.reversed());
            (Csr::new(n_pages, edges.iter().copied()), Csr::new(n_pages, reversed))
        };
        let (forward, reverse) = by_relation.into_iter().map(both).unzip();
        Self { n_concepts: narrow(corpus.n_concepts()), n_pages, forward, reverse }
    }

    /// Rows of what pages state.
    pub(crate) fn from(&self, relation: Relation) -> &Csr {
        &self.forward[relation as usize]
    }

    /// Rows of what is stated of pages.
    pub(crate) fn to(&self, relation: Relation) -> &Csr {
        &self.reverse[relation as usize]
    }

    pub(crate) fn n_pages(&self) -> usize {
        self.n_pages
    }

    pub(crate) fn n_concepts(&self) -> u32 {
        self.n_concepts
    }

    /// How many pages, from the first on, topics are made of: the concepts, or where there are none the guides.
    pub(crate) fn n_connected(&self) -> u32 {
        if self.n_concepts > 0 { self.n_concepts } else { narrow(self.n_pages) }
    }

    pub(crate) fn is_concept(&self, page: u32) -> bool {
        page < self.n_concepts
    }

    /// The concepts that `page` teaches, by id; none for a concept.
    pub(crate) fn teaches(&self, page: u32) -> impl Iterator<Item = u32> + Clone + '_ {
        self.from(Relation::Teaches).row(page).iter().map(|entry| entry.node)
    }

    /// What `page` needs directly, by id: for a guide also what the concepts it teaches need, without what it teaches.
    pub(crate) fn needs(&self, page: u32, strengths: StrengthFilter) -> Vec<u32> {
        // Nearly every walk asks this of every page.
        checkpoint();
        let of = |page: u32, relation: Relation| {
            self.from(relation).row(page).iter().filter(move |entry| strengths.admits(entry)).map(|entry| entry.node)
        };
        let taught: Vec<u32> = self.teaches(page).collect();
        let own = of(page, Relation::Requires).chain(of(page, Relation::Assumes));
        let through = taught.iter().flat_map(|concept| of(*concept, Relation::Requires));
        let mut needs: Vec<u32> = own.chain(through).collect();
        needs.sort_unstable();
        needs.dedup();
        needs.retain(|need| taught.binary_search(need).is_err() && *need != page);
        needs
    }
}
