//! What a proposal would change for those who learn.

use gradus_corpus::{Corpus, PageId};
use gradus_graph::{ClosureOptions, Graph, StrengthFilter};

use crate::limits;

/// What accepting a prerequisite changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProposalEffect {
    /// Levels before the page as it is.
    pub depth_before: usize,
    /// Levels before it with the prerequisite.
    pub depth_after: usize,
    /// Minutes of all that has to be known before the page as it is.
    pub minutes_before: u32,
    /// The same with the prerequisite.
    pub minutes_after: u32,
    /// Pages whose plans change: the page itself and all that need it.
    pub n_plans: usize,
}

/// What changes where `to` needs `from` as well. O(closures of both).
pub fn effect(corpus: &Corpus, graph: &Graph, from: PageId, to: PageId) -> ProposalEffect {
    let options = ClosureOptions {
        depth: None,
        strength: StrengthFilter::Required,
        reduce: false,
        max_pages: limits::CLOSURE_PAGES,
    };
    let (own, added) = (graph.prerequisites(to, &options), graph.prerequisites(from, &options));
    let minutes = |page: &PageId| corpus.page(*page).minutes;
    let minutes_before: u32 = own.pages.iter().map(minutes).sum();
    let mut known = own.pages.clone();
    known.sort_unstable();
    let new = added.pages.iter().chain([&from]).filter(|page| known.binary_search(page).is_err());
    ProposalEffect {
        depth_before: own.levels.len(),
        depth_after: own.levels.len().max(added.levels.len() + 1),
        minutes_before,
        minutes_after: minutes_before + new.map(minutes).sum::<u32>(),
        n_plans: graph.unlocks(to, &options).pages.len() + 1,
    }
}
