//! Next: the frontier of what is known.

use std::cmp::Reverse;

use gradus_corpus::{PageId, Relation};
use petgraph::visit::Dfs;

use crate::Graph;
use crate::closure::Strengths;
use crate::csr::{Arc, Csr, Required};
use crate::plan::{Known, TooFar, Way};

/// A concept that can be learned now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
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
    /// What is known with everything below it, sorted.
    pub(crate) fn known_closure(&self, known: &[PageId]) -> Vec<u32> {
        let mut all: Vec<u32> = known
            .iter()
            .flat_map(|page| std::iter::once(*page).chain(self.teaches(*page)))
            .map(|page| page.0)
            .collect();
        self.scratch.visit(|visit| {
            all.retain(|page| visit.see(*page, 0));
            let mut next = 0;
            while next < all.len() {
                for need in self.needs(PageId(all[next]), Strengths::Required) {
                    if visit.see(need, 0) {
                        all.push(need);
                    }
                }
                next += 1;
            }
        });
        all.sort_unstable();
        all
    }

    /// The concepts that `admits` lets pass, that are not known, and whose required prerequisites all are; towards `goal`
    /// where one is given. Concepts that need each other can be learned once all else that they need is known.
    ///
    /// By what each unlocks, most first, then minutes, then id. Minutes do not divide what is unlocked: most are estimates,
    /// and a short page that unlocks one other would stand before every foundation. O(frontier, and way to the goal).
    ///
    /// # Errors
    /// If more than ten thousand unknown pages stand before the goal.
    pub fn next(
        &self,
        known: &[PageId],
        goal: Option<PageId>,
        admits: &dyn Fn(PageId) -> bool,
    ) -> Result<Vec<Next>, TooFar> {
        let known = Known::transitive(self, known);
        let way = goal.map(|goal| self.way(&[goal], &known, &[])).transpose()?;
        let candidates = match &way {
            Some(way) => way.steps().map(|place| way.pages[place as usize]).collect(),
            None => self.reachable(&known),
        };
        let above = way.as_ref().map(Above::new);
        let mut frontier: Vec<Next> = candidates
            .into_iter()
            .filter(|page| self.is_concept(*page) && admits(PageId(*page)) && self.is_ready(*page, &known))
            .map(|page| self.describe_next(page, &known, way.as_ref(), above.as_ref()))
            .collect();
        frontier.sort_by_key(|next| (Reverse(next.unlocks_count), self.minutes[next.page.idx()], next.page));
        Ok(frontier)
    }

    /// The concepts that may be ready: those that need nothing, those that need something known, and those that need each
    /// other. None of them is known. Sorted.
    fn reachable(&self, known: &Known) -> Vec<u32> {
        let requires = self.to(Relation::Requires);
        let after_known = known.pages().flat_map(|page| requires.row(page)).map(|entry| entry.node);
        let in_cycles = self.cycles.iter().flatten().map(|page| page.0);
        let mut found: Vec<u32> = self.foundations.iter().copied().chain(after_known).chain(in_cycles).collect();
        found.retain(|page| !known.contains(*page));
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether all that `page` and those that it needs and that need it in turn require is known.
    fn is_ready(&self, page: u32, known: &Known) -> bool {
        let group = self.group(page);
        let is_inside = |need: u32| need == page || group.binary_search(&PageId(need)).is_ok();
        let needs = |page: u32| self.from(Relation::Requires).row(page).iter().filter(|entry| entry.is_required());
        let all = group.iter().map(|page| page.0).chain([page]);
        all.into_iter().flat_map(needs).all(|entry| is_inside(entry.node) || self.is_mastered(entry.node, known))
    }

    fn describe_next(&self, page: u32, known: &Known, way: Option<&Way>, above: Option<&Above>) -> Next {
        let group = self.group(page);
        let is_apart = |other: &u32| *other != page && group.binary_search(&PageId(*other)).is_err();
        let direct = self.to(Relation::Requires).row(page).iter().filter(|entry| entry.is_required());
        let direct = direct.map(|entry| entry.node).filter(|other| self.is_concept(*other) && is_apart(other));
        let wanted =
            direct.filter(|other| !known.contains(*other) && way.is_none_or(|way| way.place(*other).is_some()));
        let unlocks: Vec<PageId> = wanted.map(PageId).collect();
        let unlocks_count = match way.zip(above) {
            Some((way, above)) => {
                let pages = above.of(way, page).into_iter();
                pages.filter(|other| self.is_concept(*other) && is_apart(other)).count()
            }
            None => unlocks.len(),
        };
        let together = group.iter().copied().filter(|other| other.0 != page).collect();
        Next { page: PageId(page), together, unlocks, unlocks_count }
    }

    /// The cycle that `page` is in, sorted; empty where it is in none.
    fn group(&self, page: u32) -> &[PageId] {
        self.cycle_of.get(&page).map_or(&[], |cycle| &self.cycles[*cycle as usize])
    }
}

/// What on a way needs what.
struct Above(Csr);

impl Above {
    fn new(way: &Way) -> Self {
        let arcs = way.edges.iter().map(|(from, to)| Arc { from: *to, to: *from, edge: 0, is_required: true });
        Self(Csr::new(way.pages.len(), arcs))
    }

    /// The pages to learn on `way` that need `page`, directly or not.
    fn of(&self, way: &Way, page: u32) -> Vec<u32> {
        let Some(start) = way.place(page) else { return Vec::new() };
        let mut walk = Dfs::new(Required(&self.0), start);
        let mut found = Vec::new();
        while let Some(place) = walk.next(Required(&self.0)) {
            if place != start && way.is_step[place as usize] {
                found.push(way.pages[place as usize]);
            }
        }
        found
    }
}
