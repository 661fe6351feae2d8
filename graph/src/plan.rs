//! Plans: the cheapest way to the targets, foundations first.

mod answer;
mod branch_and_bound;
mod budget;
mod choice;
mod cover;
mod guide_order;
mod options;
mod order;
mod set_cover;
mod soft_order;
mod start;
mod topological;
mod way;

use std::collections::BTreeSet;

use gradus_corpus::{PageId, Strength};
use rustc_hash::FxHashSet;

use crate::graph::Graph;
pub use answer::{DeferReason, GapReason, Material, Plan, StudyStep};
use choice::{Choice, StepSource};
pub use options::{Assume, Depth, PlanOptions, TooFar};
use order::StepPlaces;
use start::PlanStart;
pub(crate) use way::{KnownPages, Way};

impl Graph {
    /// The cheapest plan for `options`; the same for the same options, always. O(way · log way), and the search for the cheapest
    /// lessons.
    ///
    /// # Errors
    /// If more than ten thousand unknown pages stand before the targets.
    pub fn plan(&self, options: &PlanOptions<'_>) -> Result<Plan, TooFar> {
        let known = KnownPages::new(self, options);
        let way = self.way(options.targets, &known, &[])?;
        let choice = self.choose(options, &way, true);
        let start = PlanStart::new(self, options.targets, &known);
        if !is_within(choice.minutes, options.budget) {
            return Ok(Plan { start: start.beyond(&way), ..self.as_far_as_it_goes(options, &known, way) });
        }
        if !options.include_recommended {
            return Ok(Plan { start: start.beyond(&way), ..self.describe_plan(options, &way, &choice) });
        }
        let (way, deferred) = self.with_recommended(options, &known, &start, way)?;
        let choice = self.choose(options, &way, true);
        Ok(Plan { deferred, start: start.beyond(&way), ..self.describe_plan(options, &way, &choice) })
    }

    /// The plan that learns what `choice` gives sources for.
    fn describe_plan(&self, options: &PlanOptions<'_>, way: &Way, choice: &Choice) -> Plan {
        let mut plan = Plan {
            fits: true,
            is_cheapest: choice.is_cheapest,
            minutes_total: choice.minutes,
            assumed_known: way.known.clone(),
            ..Plan::default()
        };
        let mut paid = FxHashSet::default();
        for sitting in self.order(options, way, choice).sittings() {
            plan.steps.push(self.step(options, way, choice, &sitting, &mut paid));
        }
        plan.minutes_locked = plan.steps.iter().map(|step| step.minutes_locked).fold(0, u32::saturating_add);
        let steps = way.steps().map(|place| way.pages[place as usize]);
        let untaught = steps.filter(|page| self.rows.is_concept(*page) && self.taught_in.row(*page).is_empty());
        plan.gaps = untaught.map(|page| (PageId(page), GapReason::NoGuide)).collect();
        plan.gaps.sort_unstable_by_key(|(concept, _)| *concept);
        plan
    }

    fn step(
        &self,
        options: &PlanOptions<'_>,
        way: &Way,
        choice: &Choice,
        sitting: &StepPlaces,
        paid: &mut FxHashSet<StepSource>,
    ) -> StudyStep {
        let pages = sitting.places.iter().map(|place| PageId(way.pages[*place as usize]));
        let concepts: Vec<PageId> = pages.filter(|page| self.rows.is_concept(page.0)).collect();
        // A lesson says more than a concept's own page, so that lessons come first.
        let sources: BTreeSet<StepSource> =
            sitting.places.iter().filter_map(|place| choice.sources[*place as usize]).collect();
        let locked: Vec<StepSource> = sources.iter().copied().filter(|one| !self.can_open(options, *one)).collect();
        let is_locked = !locked.is_empty();
        let minutes_locked = self.price(locked.into_iter(), paid);
        let minutes_open = self.price(sources.iter().copied(), paid);
        let taught = sources.iter().flat_map(|source| match source {
            StepSource::Lesson(lesson) => &self.lessons[*lesson as usize].concepts[..],
            StepSource::Own(_) => &[],
        });
        let is_planned = |page: &PageId| way.place(page.0).is_some_and(|place| way.is_step[place as usize]);
        let here: FxHashSet<PageId> = concepts.iter().copied().collect();
        let mut also_teaches: Vec<PageId> =
            taught.filter(|other| is_planned(other) && !here.contains(other)).copied().collect();
        also_teaches.sort_unstable();
        also_teaches.dedup();
        let is_required = sitting.places.iter().any(|place| way.is_required(*place));
        let mut materials = sources.iter().map(|source| self.material(*source));
        StudyStep {
            together: sitting.together,
            material: materials.next().unwrap_or_default(),
            further: materials.collect(),
            minutes: minutes_open.saturating_add(minutes_locked),
            minutes_locked,
            is_locked,
            strength: if is_required { Strength::Required } else { Strength::Recommended },
            why: sitting.places.first().map(|place| way.why(*place)).unwrap_or_default(),
            also_teaches,
            concepts,
        }
    }

    fn material(&self, source: StepSource) -> Material {
        match source {
            StepSource::Lesson(lesson) => {
                let lesson = &self.lessons[lesson as usize];
                Material { guide: Some(lesson.guide), section: lesson.section }
            }
            StepSource::Own(page) => {
                Material { guide: (!self.rows.is_concept(page)).then_some(PageId(page)), section: None }
            }
        }
    }
}

fn is_within(minutes: u32, budget: Option<u32>) -> bool {
    budget.is_none_or(|budget| minutes <= budget)
}
