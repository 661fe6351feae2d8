//! What to learn each page of a way from.

use gradus_corpus::PageId;
use rustc_hash::FxHashSet;

use super::cover::Cover;
use super::options::PlanOptions;
use super::way::Way;
use crate::graph::Graph;

/// What a page is learned from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum StepSource {
    /// This lesson, by its position in [`Graph::lessons`].
    Lesson(u32),
    /// The page itself, which no lesson that was chosen teaches.
    Own(u32),
}

/// What to learn each page from.
pub(crate) struct Choice {
    /// By place; `None` for what need not be learned.
    pub(crate) sources: Vec<Option<StepSource>>,
    /// Minutes of all sources, each once.
    pub(crate) minutes: u32,
    /// Whether it is known that no other choice takes fewer minutes.
    pub(super) is_cheapest: bool,
}

impl Graph {
    /// The cheapest sources for what has to be learned on `way`. With `whole_guides`, a guide on the way that teaches
    /// anything is read whole, and what it teaches is learned from it: its author, or the reader, asked for the guide.
    pub(crate) fn choose(&self, options: &PlanOptions<'_>, way: &Way, whole_guides: bool) -> Choice {
        let mut sources: Vec<Option<StepSource>> = vec![None; way.pages.len()];
        let mut minutes = 0_u32;
        if whole_guides {
            let mut guides: Vec<PageId> = way.pages.iter().map(|page| PageId(*page)).collect();
            guides.retain(|page| !self.rows.is_concept(page.0) && way.known.binary_search(page).is_err());
            guides.sort_unstable();
            for lesson in guides.into_iter().filter_map(|guide| self.whole_lesson(guide)) {
                minutes = minutes.saturating_add(self.lessons[lesson as usize].minutes);
                for concept in &self.lessons[lesson as usize].concepts {
                    let place = way.place(concept.0).filter(|place| way.is_step[*place as usize]);
                    if let Some(place) = place {
                        sources[place as usize].get_or_insert(StepSource::Lesson(lesson));
                    }
                }
            }
        }
        let open = way.steps().filter(|place| sources[*place as usize].is_none());
        let open: Vec<u32> = open.map(|place| way.pages[place as usize]).collect();
        let cheapest = Cover::new(self, options).cheapest(&open);
        minutes = minutes.saturating_add(cheapest.minutes);
        for page in open {
            let lesson = cheapest.lesson_of.get(&page).copied();
            if lesson.is_none() {
                minutes = minutes.saturating_add(self.minutes[page as usize]);
            }
            if let Some(place) = way.place(page) {
                sources[place as usize] = Some(lesson.map_or(StepSource::Own(page), StepSource::Lesson));
            }
        }
        Choice { sources, minutes, is_cheapest: cheapest.is_proven }
    }

    /// The lesson that is `guide` as a whole; `None` where it teaches nothing.
    fn whole_lesson(&self, guide: PageId) -> Option<u32> {
        let first = self.lessons.partition_point(|lesson| lesson.guide < guide);
        let is_there = self.lessons.get(first).is_some_and(|lesson| lesson.guide == guide);
        is_there.then(|| crate::csr::narrow(first))
    }

    /// Minutes of `sources`, each once.
    pub(crate) fn price(&self, sources: impl Iterator<Item = StepSource>, paid: &mut FxHashSet<StepSource>) -> u32 {
        let new = sources.filter(|source| paid.insert(*source));
        new.map(|source| self.source_minutes(source)).fold(0, u32::saturating_add)
    }

    /// Whether the viewer can open `source`.
    pub(crate) fn can_open(&self, options: &PlanOptions<'_>, source: StepSource) -> bool {
        match source {
            StepSource::Lesson(lesson) => {
                let lesson = &self.lessons[lesson as usize];
                (options.can_open)(lesson.guide, lesson.section)
            }
            StepSource::Own(page) => (options.can_open)(PageId(page), None),
        }
    }

    fn source_minutes(&self, source: StepSource) -> u32 {
        match source {
            StepSource::Lesson(lesson) => self.lessons[lesson as usize].minutes,
            StepSource::Own(page) => self.minutes[page as usize],
        }
    }
}
