//! Next: the frontier of what is known.

use gradus_corpus::{PageId, Relation};
use rustc_hash::FxHashSet;

use crate::Graph;
use crate::closure::{ClosureAsk, Strengths};

/// Pages of the way to a goal that are looked at.
const MAX_PAGES: usize = 10_000;

/// A concept that can be learned now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// The concept.
    pub page: PageId,
    /// The concepts that need it directly, on the way to the goal where there is one, by id.
    pub unlocks: Vec<PageId>,
    /// How many concepts need it: on the way to a goal directly or not, else directly.
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
    /// where one is given. By what each unlocks, most first, then minutes, then id.
    pub fn next(&self, known: &[PageId], goal: Option<PageId>, admits: &dyn Fn(PageId) -> bool) -> Vec<Next> {
        let known: FxHashSet<u32> = self.known_closure(known).into_iter().collect();
        let wanted = goal.map(|goal| self.wanted(goal));
        let is_wanted = |page: u32| wanted.as_ref().is_none_or(|wanted| wanted.contains(&page));
        let requires = self.from(Relation::Requires);
        let is_ready = |page: u32| {
            requires
                .row(page)
                .iter()
                .all(|entry| !entry.is_required() || known.contains(&entry.node) || entry.node == page)
        };
        let candidates: Vec<u32> = match &wanted {
            Some(wanted) => wanted.iter().copied().collect(),
            None => (0..self.n_concepts).collect(),
        };
        let frontier = candidates.into_iter().filter(|page| self.is_concept(*page) && !known.contains(page));
        let frontier = frontier.filter(|page| is_ready(*page) && admits(PageId(*page)));
        let mut frontier: Vec<Next> = frontier
            .map(|page| {
                let direct = self.to(Relation::Requires).row(page).iter().filter(|entry| entry.is_required());
                let direct = direct.map(|entry| entry.node).filter(|node| self.is_concept(*node));
                let unlocks: Vec<PageId> =
                    direct.filter(|node| !known.contains(node) && is_wanted(*node)).map(PageId).collect();
                let unlocks_count = match &wanted {
                    Some(wanted) => self.n_above(page, wanted),
                    None => unlocks.len(),
                };
                Next { page: PageId(page), unlocks, unlocks_count }
            })
            .collect();
        frontier.sort_by_key(|next| (std::cmp::Reverse(next.unlocks_count), self.minutes[next.page.idx()], next.page));
        frontier
    }

    /// The goal, or what it teaches, and everything before it.
    fn wanted(&self, goal: PageId) -> FxHashSet<u32> {
        let ask = ClosureAsk { depth: None, strength: Strengths::Required, reduce: false, max_pages: MAX_PAGES };
        let below = self.prerequisites(goal, &ask).pages;
        below.into_iter().chain(std::iter::once(goal)).chain(self.teaches(goal)).map(|page| page.0).collect()
    }

    /// How many pages of `wanted` need `page`, directly or not.
    fn n_above(&self, page: u32, wanted: &FxHashSet<u32>) -> usize {
        self.scratch.visit(|visit| {
            visit.see(page, 0);
            let mut above = vec![page];
            let mut next = 0;
            while next < above.len() {
                let needed_by = self.to(Relation::Requires).row(above[next]).iter().filter(|entry| entry.is_required());
                for entry in needed_by {
                    if wanted.contains(&entry.node) && visit.see(entry.node, 0) {
                        above.push(entry.node);
                    }
                }
                next += 1;
            }
            above.len() - 1
        })
    }
}
