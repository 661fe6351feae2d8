//! The frontier of what is known.

use std::cmp::Reverse;

use gradus_corpus::{PageId, Relation};
use petgraph::visit::Dfs;

use crate::csr::{Csr, DirectedEdge};
use crate::graph::Graph;
use crate::petgraph_traits::RequiredGraph;
use crate::plan::{KnownPages, TooFar, Way};

/// A concept that can be learned now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrontierPage {
    /// The concept.
    pub page: PageId,
    /// The concepts that it needs and that need it in turn, by id: they are learned together.
    pub together: Vec<PageId>,
    /// The concepts that need it directly, on the way to the goal where there is one, by id.
    pub unlocks: Vec<PageId>,
    /// How many concepts need it: on the way to a goal directly or not, without a goal directly.
    pub unlocks_count: usize,
}

impl Graph {
    /// The concepts that `admits` lets pass, that are not known, and whose required prerequisites all are; towards `goal`
    /// where one is given. Concepts that need each other can be learned once all else that they need is known.
    ///
    /// By what each unlocks, most first, then minutes, then id. Minutes do not divide what is unlocked: most are estimates,
    /// and a short page that unlocks one other would stand before every foundation. O(frontier, and way to the goal).
    ///
    /// # Errors
    /// If more than ten thousand unknown pages stand before the goal.
    pub fn frontier(
        &self,
        known: &[PageId],
        goal: Option<PageId>,
        admits: &dyn Fn(PageId) -> bool,
    ) -> Result<Vec<FrontierPage>, TooFar> {
        let known = KnownPages::transitive(self, known);
        let way = goal.map(|goal| self.way(&[goal], &known, &[])).transpose()?;
        let candidates = match &way {
            Some(way) => way.steps().map(|place| way.pages[place as usize]).collect(),
            None => self.reachable(&known),
        };
        let dependents = way.as_ref().map(Dependents::new);
        let mut frontier: Vec<FrontierPage> = candidates
            .into_iter()
            .filter(|page| self.rows.is_concept(*page) && admits(PageId(*page)) && self.is_ready(*page, &known))
            .map(|page| self.describe_frontier_page(page, &known, way.as_ref(), dependents.as_ref()))
            .collect();
        frontier.sort_by_key(|next| (Reverse(next.unlocks_count), self.minutes[next.page.idx()], next.page));
        Ok(frontier)
    }

    /// The concepts that may be ready: those that need nothing, those that need something known, and those that need each
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

    /// Whether all that `page` and those that it needs and that need it in turn require is known.
    fn is_ready(&self, page: u32, known: &KnownPages) -> bool {
        let group = self.cycles.of(page);
        let is_inside = |need: u32| need == page || group.binary_search(&PageId(need)).is_ok();
        let needs = |page: u32| self.rows.from(Relation::Requires).row(page).iter().filter(|entry| entry.is_required());
        let all = group.iter().map(|page| page.0).chain([page]);
        all.into_iter().flat_map(needs).all(|entry| is_inside(entry.node) || self.is_mastered(entry.node, known))
    }

    fn describe_frontier_page(
        &self,
        page: u32,
        known: &KnownPages,
        way: Option<&Way>,
        dependents: Option<&Dependents>,
    ) -> FrontierPage {
        let group = self.cycles.of(page);
        let is_apart = |other: &u32| *other != page && group.binary_search(&PageId(*other)).is_err();
        let direct = self.rows.to(Relation::Requires).row(page).iter().filter(|entry| entry.is_required());
        let direct = direct.map(|entry| entry.node).filter(|other| self.rows.is_concept(*other) && is_apart(other));
        let wanted =
            direct.filter(|other| !known.contains(*other) && way.is_none_or(|way| way.place(*other).is_some()));
        let unlocks: Vec<PageId> = wanted.map(PageId).collect();
        let unlocks_count = match way.zip(dependents) {
            Some((way, dependents)) => {
                let pages = dependents.of(way, page).into_iter();
                pages.filter(|other| self.rows.is_concept(*other) && is_apart(other)).count()
            }
            None => unlocks.len(),
        };
        let together = group.iter().copied().filter(|other| other.0 != page).collect();
        FrontierPage { page: PageId(page), together, unlocks, unlocks_count }
    }
}

/// What on a way needs what.
struct Dependents(Csr);

impl Dependents {
    fn new(way: &Way) -> Self {
        let edges = way.edges.iter().map(|(from, to)| DirectedEdge::plain(*to, *from));
        Self(Csr::new(way.pages.len(), edges))
    }

    /// The pages to learn on `way` that need `page`, directly or not.
    fn of(&self, way: &Way, page: u32) -> Vec<u32> {
        let Some(start) = way.place(page) else { return Vec::new() };
        let mut walk = Dfs::new(RequiredGraph(&self.0), start);
        let mut found = Vec::new();
        while let Some(place) = walk.next(RequiredGraph(&self.0)) {
            if place != start && way.is_step[place as usize] {
                found.push(way.pages[place as usize]);
            }
        }
        found
    }
}
