//! What to plan.

use gradus_corpus::PageId;

/// What to plan.
pub struct PlanOptions<'a> {
    /// Concepts and guides to reach.
    pub targets: &'a [PageId],
    /// What is known.
    pub known: &'a [PageId],
    /// Whether what is known counts with its closure.
    pub assume: Assume,
    /// Minutes there are.
    pub budget: Option<u32>,
    /// Plan recommended prerequisites too, as far as the budget allows.
    pub include_recommended: bool,
    /// Which recommended pages to plan; others are told as left out.
    pub recommend: &'a dyn Fn(PageId) -> bool,
    /// How much a guide is wanted: where there is a choice, one of those that are wanted most is taken.
    pub prefer: &'a dyn Fn(PageId) -> u32,
}

/// How much a known page vouches for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Assume {
    /// For everything it needs.
    #[default]
    Transitive,
    /// For itself alone; of a guide, for what it teaches.
    Exact,
}

/// So much stands before the targets that it is not planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more than {limit} unknown pages stand before it")]
pub struct TooFar {
    /// Unknown pages that are still planned.
    pub limit: usize,
}
