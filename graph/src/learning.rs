//! What learning takes: one clock for single pages, for many, and for plans.

use gradus_corpus::PageId;
use rustc_hash::FxHashSet;

use crate::graph::Graph;
use crate::plan::{KnownPages, Material, PlanOptions, TooFar};

/// Whether a viewer can open a page as a whole or, with a position, a section of it.
pub type CanOpen<'a> = &'a dyn Fn(PageId, Option<usize>) -> bool;

/// What a page is learned from where all that it needs is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageLesson {
    /// The guide or section; no guide where a concept's own page is the lesson.
    pub material: Material,
    /// Minutes.
    pub minutes: u32,
    /// Whether the viewer cannot open it.
    pub is_locked: bool,
}

/// What a plan takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlanMinutes {
    /// Minutes of all steps.
    pub total: u32,
    /// Minutes among them that the viewer cannot open.
    pub locked: u32,
}

impl Graph {
    /// What the quickest plan has `page` learned from where nothing else is left to learn: of the lessons that teach a
    /// concept one that can be opened, if there is any, and of those the shortest. O(lessons that teach it).
    pub fn lesson(&self, page: PageId, can_open: CanOpen<'_>) -> PageLesson {
        let taught_in = self.taught_in.row(page.0).iter().map(|entry| entry.node);
        let priced = taught_in.map(|idx| {
            let lesson = &self.lessons[idx as usize];
            (!can_open(lesson.guide, lesson.section), lesson.minutes, idx)
        });
        match priced.min() {
            Some((is_locked, minutes, idx)) => {
                let lesson = &self.lessons[idx as usize];
                let material = Material { guide: Some(lesson.guide), section: lesson.section };
                PageLesson { material, minutes, is_locked }
            }
            None => {
                let guide = (!self.rows.is_concept(page.0)).then_some(page);
                let material = Material { guide, section: None };
                PageLesson { material, minutes: self.minutes[page.idx()], is_locked: !can_open(page, None) }
            }
        }
    }

    /// Minutes of [`Graph::plan`] for the same options without a budget and without what is recommended, found without
    /// putting its steps in order. O(way), and the search for the cheapest lessons.
    ///
    /// # Errors
    /// If more than ten thousand unknown pages stand before the targets.
    pub fn plan_minutes(&self, options: &PlanOptions<'_>) -> Result<PlanMinutes, TooFar> {
        let known = KnownPages::new(self, options);
        let way = self.way(options.targets, &known, &[])?;
        let choice = self.choose(options, &way, true);
        let locked = choice.sources.iter().flatten().filter(|source| !self.can_open(options, **source)).copied();
        let locked = self.price(locked, &mut FxHashSet::default());
        Ok(PlanMinutes { total: choice.minutes, locked })
    }
}
