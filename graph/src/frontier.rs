//! The frontier of what is known.

use std::cmp::Reverse;

use gradus_corpus::{PageId, Relation};

use crate::graph::Graph;
use crate::learning::{CanOpen, PageLesson};
use crate::local_graph::LocalGraph;
use crate::plan::{KnownPages, TooFar, Way};
use crate::rows::StrengthFilter;

/// A page that can be learned now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrontierPage {
    /// A concept, or a guide that teaches none where guides take part.
    pub page: PageId,
    /// The pages that it needs and that need it in turn, by id: they are learned together.
    pub together: Vec<PageId>,
    /// The pages that need it directly, on the way to the goal where there is one, by id. A guide that is the goal is not
    /// told: everything on the way leads there.
    pub unlocks: Vec<PageId>,
    /// How many such pages need it: on the way to a goal directly or not, without a goal directly.
    pub unlocks_count: usize,
    /// What it is learned from.
    pub lesson: PageLesson,
}

/// Whether it is a page's turn, by the order of the site. Soft: what is not in turn comes later, but comes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    /// It follows what is known.
    GoesOn,
    /// An order starts with it.
    Starts,
    /// It stands in no order.
    Apart,
    /// Nothing that it follows is known.
    Waits,
}

/// What a frontier is made of.
struct Frontier<'a> {
    graph: &'a Graph,
    known: &'a KnownPages,
    /// The way to the goal.
    way: Option<&'a Way>,
    /// The goal, where it is a guide.
    guide: Option<PageId>,
    can_open: CanOpen<'a>,
    /// Whether guides that teach no concept are learned like concepts.
    with_guides: bool,
}

impl Graph {
    /// The pages that `admits` lets pass, that are not known, and whose required prerequisites all are; towards `goal` where
    /// one is given. Pages that need each other can be learned once all else that they need is known. They are concepts;
    /// guides that teach none take part where the corpus has no concepts or the goal is a guide.
    ///
    /// What can be opened first; then by what each unlocks, most first; then what follows something known, then what an
    /// order starts with, each in the order of the site; then by the minutes of its lesson, then by id. Minutes do not divide what is unlocked: most are estimates, and a
    /// short page that unlocks one other would stand before every foundation. O(frontier), and
    /// where there is a goal O(way to it · frontier / 64).
    ///
    /// # Errors
    /// If more than ten thousand unknown pages stand before the goal.
    pub fn frontier(
        &self,
        known: &[PageId],
        goal: Option<PageId>,
        admits: &dyn Fn(PageId) -> bool,
        can_open: CanOpen<'_>,
    ) -> Result<Vec<FrontierPage>, TooFar> {
        let known = KnownPages::transitive(self, known);
        let way = goal.map(|goal| self.way(&[goal], &known, &[])).transpose()?;
        let candidates = match &way {
            Some(way) => way.steps().map(|place| way.pages[place as usize]).collect(),
            None => self.reachable(&known),
        };
        let guide = goal.filter(|goal| !self.rows.is_concept(goal.0));
        let with_guides = self.rows.n_concepts() == 0 || guide.is_some();
        let frontier = Frontier { graph: self, known: &known, way: way.as_ref(), guide, can_open, with_guides };
        let ready = candidates.into_iter().filter(|page| frontier.is_ready(*page) && admits(PageId(*page)));
        let mut pages: Vec<FrontierPage> = ready.map(|page| frontier.describe(page)).collect();
        if let Some(way) = &way {
            frontier.count_unlocks(way, &mut pages);
        }
        pages.sort_by_cached_key(|next| {
            let place = self.reading_order.place(next.page.0);
            let turn = frontier.turn(next.page);
            let PageLesson { is_locked, minutes, .. } = next.lesson;
            (is_locked, Reverse(next.unlocks_count), turn, place, minutes, next.page)
        });
        Ok(pages)
    }

    /// The pages that may be ready: those that need nothing, those that need something known, and those that need each
    /// other. None of them is known. Sorted.
    fn reachable(&self, known: &KnownPages) -> Vec<u32> {
        let requires = self.rows.to(Relation::Requires);
        let after_known = known.pages().flat_map(|page| requires.row(page)).map(|entry| entry.node);
        let in_cycles = self.cycles.all().iter().flatten().map(|page| page.0);
        let mut found: Vec<u32> = self.foundations.iter().copied().chain(after_known).chain(in_cycles).collect();
        found.retain(|page| !known.contains(*page));
        found.sort_unstable();
        found.dedup();
        found
    }
}

impl Frontier<'_> {
    /// Whether `page` is learned as a page of its own: a guide that teaches concepts is learned by learning those.
    fn takes_part(&self, page: u32) -> bool {
        let rows = &self.graph.rows;
        rows.is_concept(page) || self.with_guides && rows.teaches(page).next().is_none()
    }

    /// Whether all that `page`, and those that it needs and that need it in turn, require is known.
    fn is_ready(&self, page: u32) -> bool {
        let group = self.graph.cycles.of(page);
        let is_inside = |need: &u32| group.binary_search(&PageId(*need)).is_ok();
        let mut all = group.iter().map(|page| page.0).chain([page]);
        self.takes_part(page)
            && all.all(|page| {
                let needs = self.graph.rows.needs(page, StrengthFilter::Required);
                needs.iter().all(|need| is_inside(need) || self.graph.is_mastered(*need, self.known))
            })
    }

    fn turn(&self, page: PageId) -> Turn {
        let mut follows = self.graph.follows(page).peekable();
        if follows.peek().is_some() {
            let goes_on = follows.any(|before| self.graph.is_mastered(before.0, self.known));
            return if goes_on { Turn::GoesOn } else { Turn::Waits };
        }
        if self.graph.followed_by(page).next().is_some() { Turn::Starts } else { Turn::Apart }
    }

    fn describe(&self, page: u32) -> FrontierPage {
        let rows = &self.graph.rows;
        let group = self.graph.cycles.of(page);
        let is_other = |other: &u32| {
            *other != page && Some(PageId(*other)) != self.guide && group.binary_search(&PageId(*other)).is_err()
        };
        let is_wanted = |other: &u32| match self.way {
            Some(way) => way.place(*other).is_some_and(|place| way.is_step[place as usize]),
            None => self.takes_part(*other) && !self.known.contains(*other),
        };
        let needed_by =
            [Relation::Requires, Relation::Assumes].into_iter().flat_map(|kind| rows.to(kind).required(page));
        let wanted = needed_by.filter(|other| self.takes_part(*other) && is_other(other) && is_wanted(other));
        let mut unlocks: Vec<PageId> = wanted.map(PageId).collect();
        unlocks.sort_unstable();
        unlocks.dedup();
        let together = group.iter().copied().filter(|other| other.0 != page).collect();
        let lesson = self.graph.lesson(PageId(page), self.can_open);
        FrontierPage { page: PageId(page), together, unlocks_count: unlocks.len(), unlocks, lesson }
    }

    /// Counts for each of `pages` what on the way needs it, directly or not.
    fn count_unlocks(&self, way: &Way, pages: &mut [FrontierPage]) {
        let graph = LocalGraph::new(way.pages.len(), way.edges.clone());
        let starts: Vec<u32> = pages.iter().filter_map(|next| way.place(next.page.0)).collect();
        let is_counted = |place: u32| {
            let page = way.pages[place as usize];
            way.is_step[place as usize] && self.takes_part(page) && Some(PageId(page)) != self.guide
        };
        for (next, count) in pages.iter_mut().zip(graph.n_above(&starts, &is_counted)) {
            next.unlocks_count = count;
        }
    }
}
