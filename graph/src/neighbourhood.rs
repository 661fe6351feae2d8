//! Neighbourhoods: what stands around a page over chosen relations.

use gradus_corpus::work::checkpoint;
use gradus_corpus::{PageId, Relation, Strength};
use rustc_hash::FxHashMap;

use crate::csr::narrow;
use crate::graph::Graph;
use crate::local_graph::LocalGraph;

/// What stands around a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Subgraph {
    /// The centre, then the others: nearest first, then those with most edges, then by id.
    pub pages: Vec<PageId>,
    /// The edges among them as they are stated, by `from`, `to`, relation.
    pub edges: Vec<SubgraphEdge>,
    /// Pages within reach that the limit left out.
    pub truncated_pages: usize,
    /// Edges to pages that were left out.
    pub truncated_edges: usize,
}

/// An edge as its page states it: of `requires` and `assumes`, `to` is the prerequisite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SubgraphEdge {
    /// The page that states it.
    pub from: PageId,
    /// The page it is stated of.
    pub to: PageId,
    /// What it states.
    pub relation: Relation,
    /// Whether it can be skipped.
    pub strength: Strength,
}

impl Graph {
    /// The pages within `depth` steps of `center` over `relations` in either direction, at most `limit` of them, and the
    /// edges among them; without prerequisite edges that others imply if `reduce`. O(edges of the pages within reach).
    pub fn neighbourhood(
        &self,
        center: PageId,
        depth: u32,
        limit: usize,
        relations: &[Relation],
        reduce: bool,
    ) -> Subgraph {
        let around = |page: u32| {
            let rows = relations.iter().flat_map(|relation| [self.rows.from(*relation), self.rows.to(*relation)]);
            rows.flat_map(move |rows| rows.row(page)).map(|entry| entry.node)
        };
        let mut found = vec![center.0];
        let (mut pages, mut truncated_pages) = (vec![center], 0);
        self.visits.visit(|visit| {
            visit.see(center.0, 0);
            let mut ring = 0..1;
            for _ in 0..depth {
                for idx in ring.clone() {
                    checkpoint();
                    let near: Vec<u32> = around(found[idx]).filter(|page| visit.see(*page, 0)).collect();
                    found.extend(near);
                }
                ring = ring.end..found.len();
                let mut reached = found[ring.clone()].to_vec();
                reached.sort_by_cached_key(|page| (std::cmp::Reverse(around(*page).count()), *page));
                let room = limit.saturating_sub(pages.len()).min(reached.len());
                truncated_pages += reached.len() - room;
                pages.extend(reached[..room].iter().copied().map(PageId));
            }
        });
        let (edges, truncated_edges) = self.edges_among(&pages, relations, reduce);
        Subgraph { pages, edges, truncated_pages, truncated_edges }
    }

    fn edges_among(&self, pages: &[PageId], relations: &[Relation], reduce: bool) -> (Vec<SubgraphEdge>, usize) {
        let local: FxHashMap<u32, u32> = pages.iter().enumerate().map(|(idx, page)| (page.0, narrow(idx))).collect();
        let mut edges = Vec::new();
        let mut cut = 0;
        for from in pages {
            checkpoint();
            for relation in relations {
                for entry in self.rows.from(*relation).row(from.0) {
                    let strength = if entry.is_required() { Strength::Required } else { Strength::Recommended };
                    let edge = SubgraphEdge { from: *from, to: PageId(entry.node), relation: *relation, strength };
                    if local.contains_key(&entry.node) { edges.push(edge) } else { cut += 1 }
                }
                cut +=
                    self.rows.to(*relation).row(from.0).iter().filter(|entry| !local.contains_key(&entry.node)).count();
            }
        }
        if reduce {
            let is_prerequisite = |edge: &SubgraphEdge| edge.relation == Relation::Requires;
            let among = edges.iter().filter(|edge| is_prerequisite(edge));
            let among = among.map(|edge| (local[&edge.from.0], local[&edge.to.0])).collect();
            let mut implied = LocalGraph::new(pages.len(), among).implied().into_iter();
            edges.retain(|edge| !is_prerequisite(edge) || !implied.next().unwrap_or(false));
        }
        edges.sort_unstable();
        (edges, cut)
    }
}
