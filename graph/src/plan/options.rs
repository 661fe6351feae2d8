//! What to plan.

use gradus_corpus::PageId;

/// What to plan. [`PlanOptions::new`] gives what holds where nobody says otherwise.
#[derive(Clone, Copy)]
pub struct PlanOptions<'a> {
    /// Concepts and guides to reach.
    pub targets: &'a [PageId],
    /// Pages that the reader knows; a guide vouches for what it teaches.
    pub known: &'a [PageId],
    /// Whether what is known counts with everything below it.
    pub assume: Assume,
    /// Minutes that the plan may take; as many as it needs where `None`.
    pub budget: Option<u32>,
    /// Plan recommended prerequisites too, as far as the budget allows.
    pub include_recommended: bool,
    /// Which recommended pages to plan; others are told as left out.
    pub recommend: &'a dyn Fn(PageId) -> bool,
    /// How much a guide is wanted: where there is a choice, one of those that are wanted most is taken.
    pub prefer: &'a dyn Fn(PageId) -> u32,
    /// Whether the viewer can open a page as a whole or, with a position, a section of it. What can be opened is taken
    /// before anything else: a concept is learned behind a lock only where all that teaches it is locked.
    pub can_open: &'a dyn Fn(PageId, Option<usize>) -> bool,
    /// How thoroughly to learn.
    pub depth: Depth,
    /// Read the lessons of one guide one after another, in the order of its sections, as far as needs allow: fewer changes
    /// of guide, and no introduction after what it introduces.
    pub keep_to_guides: bool,
}

impl<'a> PlanOptions<'a> {
    /// The quickest plan from `known` to `targets` over required prerequisites, for a viewer who can open everything and
    /// wants no guide more than another.
    pub fn new(targets: &'a [PageId], known: &'a [PageId]) -> Self {
        Self {
            targets,
            known,
            assume: Assume::Transitive,
            budget: None,
            include_recommended: false,
            recommend: &|_| true,
            prefer: &|_| 0,
            can_open: &|_, _| true,
            depth: Depth::Quick,
            keep_to_guides: false,
        }
    }
}

/// How thoroughly to learn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// From whatever takes fewest minutes, mostly sections.
    #[default]
    Quick,
    /// From whole guides: of those that teach a target, from the one that speaks of it most; for all else, from those that
    /// take fewest minutes.
    Solid,
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
