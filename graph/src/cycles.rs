//! Pages that require each other, so that none of them comes first.

use gradus_corpus::{PageId, Relation};
use rustc_hash::FxHashMap;

use crate::petgraph_traits::components;
use crate::rows::Rows;

/// The cycles of required edges.
#[derive(Debug)]
pub(crate) struct Cycles {
    /// Each sorted, by their first page.
    all: Vec<Vec<PageId>>,
    /// Positions in `all` of the pages in them.
    position: FxHashMap<u32, u32>,
}

impl Cycles {
    /// O(pages + edges).
    pub(crate) fn new(rows: &Rows) -> Self {
        let components = components(rows.from(Relation::Requires), rows.to(Relation::Requires)).into_iter();
        let several = components.filter(|component| component.len() > 1);
        let mut all: Vec<Vec<PageId>> = several.map(|component| component.into_iter().map(PageId).collect()).collect();
        all.iter_mut().for_each(|cycle| cycle.sort_unstable());
        all.sort_unstable();
        Self::from_sorted(all)
    }

    /// What is known of `all` cycles, each sorted, by their first page.
    pub(crate) fn from_sorted(all: Vec<Vec<PageId>>) -> Self {
        let pages = (0..).zip(&all).flat_map(|(idx, cycle)| cycle.iter().map(move |page| (page.0, idx)));
        let position = pages.collect();
        Self { all, position }
    }

    pub(crate) fn all(&self) -> &[Vec<PageId>] {
        &self.all
    }

    /// The position of the cycle that `page` is in.
    pub(crate) fn position(&self, page: u32) -> Option<u32> {
        self.position.get(&page).copied()
    }

    /// The cycle that `page` is in, sorted; empty where it is in none.
    pub(crate) fn of(&self, page: u32) -> &[PageId] {
        self.position(page).map_or(&[], |cycle| &self.all[cycle as usize])
    }
}
