//! Where a plan starts for a guide that states no prerequisites: with what its site puts before it.

use gradus_corpus::PageId;

use super::way::{KnownPages, Way};
use crate::graph::Graph;
use crate::rows::StrengthFilter;

/// Pages before the targets that are offered as a start. The order of a site may be that of hundreds of pages, of which
/// the nearest say most of where to begin.
const MAX_START: usize = 12;

/// Pages that the order of the site puts before targets, each with the one that follows it, nearest first.
pub(super) struct PlanStart(Vec<(u32, u32)>);

impl PlanStart {
    /// What stands before those `targets` that are guides and need nothing, as far as that is unknown and needs nothing
    /// in turn: what needs something has a start of its own.
    pub(super) fn new(graph: &Graph, targets: &[PageId], known: &KnownPages) -> Self {
        let needs_nothing = |page: u32| graph.rows.needs(page, StrengthFilter::All).is_empty();
        let mut found: Vec<(u32, u32)> = Vec::new();
        graph.visits.visit(|visit| {
            targets.iter().for_each(|target| {
                visit.see(target.0, 0);
            });
            let guides = targets.iter().map(|target| target.0).filter(|target| !graph.rows.is_concept(*target));
            let mut open: Vec<u32> = guides.collect();
            let mut next = 0;
            while let Some(page) = open.get(next).copied() {
                next += 1;
                if !needs_nothing(page) {
                    continue;
                }
                for before in graph.follows(PageId(page)) {
                    if found.len() < MAX_START && !graph.is_mastered(before.0, known) && visit.see(before.0, 0) {
                        found.push((before.0, page));
                        open.push(before.0);
                    }
                }
            }
        });
        Self(found)
    }

    /// Those right before a page that is on `way`, each with that page.
    pub(super) fn before(&self, way: &Way) -> Vec<(u32, u32)> {
        self.0.iter().filter(|(page, by)| way.has(*by) && !way.has(*page)).copied().collect()
    }

    /// Those that are not on `way`, nearest first.
    pub(super) fn beyond(&self, way: &Way) -> Vec<PageId> {
        self.0.iter().filter(|(page, _)| !way.has(*page)).map(|(page, _)| PageId(*page)).collect()
    }
}
