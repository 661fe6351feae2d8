//! Plans: the cheapest way to the targets, foundations first.

mod budget;
mod choice;
mod cover;
mod lesson;
mod order;
mod search;
mod way;

use std::collections::BTreeSet;

use gradus_corpus::{PageId, Strength};
use rustc_hash::FxHashSet;

use crate::Graph;
use choice::{Choice, Source};
pub(crate) use lesson::{Lesson, lessons};
use order::Sitting;
pub(crate) use way::{Known, Way};

/// What to plan.
pub struct PlanAsk<'a> {
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

/// A plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The steps in an order in which everything required comes first.
    pub steps: Vec<Step>,
    /// Minutes of all steps.
    pub minutes_total: u32,
    /// Whether the steps reach every target within the budget.
    pub fits: bool,
    /// Whether it is proven that no other choice of lessons for these steps takes fewer minutes.
    pub is_cheapest: bool,
    /// What was left out for want of time, in the order in which it would be learned.
    pub deferred: Vec<(PageId, DeferReason)>,
    /// Known pages that the targets need, by id.
    pub assumed_known: Vec<PageId>,
    /// Concepts of the steps that no guide teaches, by id.
    pub gaps: Vec<(PageId, GapReason)>,
}

/// A step of a plan: what is learned in one go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
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

/// So much stands before the targets that it is not planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more than {limit} unknown pages stand before it")]
pub struct TooFar {
    /// Unknown pages that are still planned.
    pub limit: usize,
}

impl Graph {
    /// The cheapest plan for `ask`; the same for the same ask, always. O(way · log way), and the search for the cheapest
    /// lessons.
    ///
    /// # Errors
    /// If more than ten thousand unknown pages stand before the targets.
    pub fn plan(&self, ask: &PlanAsk<'_>) -> Result<Plan, TooFar> {
        let known = Known::new(self, ask);
        let way = self.way(ask.targets, &known, &[])?;
        let choice = self.choose(ask, &way, true);
        if !is_within(choice.minutes, ask.budget) {
            return Ok(self.as_far_as_it_goes(ask, &known, way));
        }
        if !ask.include_recommended {
            return Ok(self.describe_plan(&way, &choice));
        }
        let (way, deferred) = self.with_recommended(ask, &known, way)?;
        let choice = self.choose(ask, &way, true);
        Ok(Plan { deferred, ..self.describe_plan(&way, &choice) })
    }

    /// The plan that learns what `choice` gives sources for.
    fn describe_plan(&self, way: &Way, choice: &Choice) -> Plan {
        let mut plan = Plan {
            fits: true,
            is_cheapest: choice.is_cheapest,
            minutes_total: choice.minutes,
            assumed_known: way.known.clone(),
            ..Plan::default()
        };
        let mut paid = FxHashSet::default();
        for sitting in self.order(way, choice).sittings() {
            plan.steps.push(self.step(way, choice, &sitting, &mut paid));
        }
        let steps = way.steps().map(|place| way.pages[place as usize]);
        let untaught = steps.filter(|page| self.is_concept(*page) && self.taught_in.row(*page).is_empty());
        plan.gaps = untaught.map(|page| (PageId(page), GapReason::NoGuide)).collect();
        plan.gaps.sort_unstable_by_key(|(concept, _)| *concept);
        plan
    }

    fn step(&self, way: &Way, choice: &Choice, sitting: &Sitting, paid: &mut FxHashSet<Source>) -> Step {
        let pages = sitting.places.iter().map(|place| PageId(way.pages[*place as usize]));
        let concepts: Vec<PageId> = pages.filter(|page| self.is_concept(page.0)).collect();
        // A lesson says more than a concept's own page, so that lessons come first.
        let sources: BTreeSet<Source> =
            sitting.places.iter().filter_map(|place| choice.sources[*place as usize]).collect();
        let minutes = self.price(sources.iter().copied(), paid);
        let taught = sources.iter().flat_map(|source| match source {
            Source::Lesson(lesson) => &self.lessons[*lesson as usize].concepts[..],
            Source::Own(_) => &[],
        });
        let is_planned = |page: &PageId| way.place(page.0).is_some_and(|place| way.is_step[place as usize]);
        let others = taught.filter(|other| is_planned(other) && !concepts.contains(other));
        let mut also_teaches: Vec<PageId> = others.copied().collect();
        also_teaches.sort_unstable();
        also_teaches.dedup();
        let is_required = sitting.places.iter().any(|place| way.is_required(*place));
        let mut materials = sources.iter().map(|source| self.material(*source));
        Step {
            together: sitting.together,
            material: materials.next().unwrap_or_default(),
            further: materials.collect(),
            minutes,
            strength: if is_required { Strength::Required } else { Strength::Recommended },
            why: sitting.places.first().map(|place| way.why(*place)).unwrap_or_default(),
            also_teaches,
            concepts,
        }
    }

    fn material(&self, source: Source) -> Material {
        match source {
            Source::Lesson(lesson) => {
                let lesson = &self.lessons[lesson as usize];
                Material { guide: Some(lesson.guide), section: lesson.section }
            }
            Source::Own(page) => Material { guide: (!self.is_concept(page)).then_some(PageId(page)), section: None },
        }
    }
}

fn is_within(minutes: u32, budget: Option<u32>) -> bool {
    budget.is_none_or(|budget| minutes <= budget)
}
