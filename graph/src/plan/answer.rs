//! Plans as they are answered.

use gradus_corpus::{PageId, Strength};

/// What to learn in which order, and what was left out on the way there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The steps in an order in which everything required comes first.
    pub steps: Vec<StudyStep>,
    /// Minutes of all steps.
    pub minutes_total: u32,
    /// Minutes among them that the viewer cannot open.
    pub minutes_locked: u32,
    /// Whether the steps reach every target within the budget.
    pub fits: bool,
    /// Whether it is proven that no other choice among the lessons that suit the reader takes fewer minutes.
    pub is_cheapest: bool,
    /// What was left out for want of time, in the order in which it would be learned.
    pub deferred: Vec<(PageId, DeferReason)>,
    /// Known pages that the targets need, by id.
    pub assumed_known: Vec<PageId>,
    /// Concepts of the steps that no guide teaches, by id.
    pub gaps: Vec<(PageId, GapReason)>,
    /// Unknown pages that the order of the site puts before guides that are wanted and state no prerequisites, nearest
    /// first; none that is a step. A reader to whom a target is new may start with the last of them.
    pub start: Vec<PageId>,
}

/// A step of a plan: what is learned in one go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StudyStep {
    /// The concepts to learn, foundations first; none for a guide that teaches none but is needed or wanted itself.
    pub concepts: Vec<PageId>,
    /// Whether the concepts need each other, so that none of them comes first.
    pub together: bool,
    /// What to learn them from.
    pub material: Material,
    /// What else to learn them from: concepts that need each other may be taught in several places.
    pub further: Vec<Material>,
    /// Minutes; those of a lesson that is gone on with later stand at its first step.
    pub minutes: u32,
    /// Minutes among them that the viewer cannot open.
    pub minutes_locked: u32,
    /// Whether the viewer cannot open something that it is learned from.
    pub is_locked: bool,
    /// Whether a target needs it or only profits from it.
    pub strength: Strength,
    /// The chain from the first of the concepts to a target, both included.
    pub why: Vec<PageId>,
    /// Other concepts of the plan that the same lesson teaches, by id.
    pub also_teaches: Vec<PageId>,
}

/// What a step is learned from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Material {
    /// The guide; `None` where the concept's own page is the lesson.
    pub guide: Option<PageId>,
    /// The position of the section in the guide; `None` where the whole guide is the lesson.
    pub section: Option<usize>,
}

/// Why a concept was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeferReason {
    /// It helps, but can be skipped, and there is no time.
    RecommendedOverBudget,
    /// It helps, but is not for this reader.
    RecommendedForOthers,
    /// It is needed, and there is no time.
    RequiredOverBudget,
    /// It is needed, but so is something before it that there is no time for.
    NeedsDeferred,
}

/// Why a concept has no guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GapReason {
    /// No guide teaches it.
    NoGuide,
}
