//! Neighbourhoods and their layered drawing.

use gradus_corpus::{PageId, Relation, Strength};
use rustc_hash::FxHashMap;

use crate::Graph;
use crate::csr::narrow;
use crate::local::Local;

/// Sweeps of the barycentre heuristic; drawings of a few hundred pages no longer change after fewer.
const SWEEPS: usize = 8;

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

/// Places of the pages of a [`Subgraph`], in their order.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Places by page.
    pub places: Vec<Place>,
}

/// A place in a layered drawing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Place {
    /// Layer, foundations 0.
    pub layer: u32,
    /// Place in the layer, from 0, one apart, layers centred on each other.
    pub row: f32,
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
            let rows = relations.iter().flat_map(|relation| [self.from(*relation), self.to(*relation)]);
            rows.flat_map(move |rows| rows.row(page)).map(|entry| entry.node)
        };
        let mut found = vec![center.0];
        let (mut pages, mut truncated_pages) = (vec![center], 0);
        self.scratch.visit(|visit| {
            visit.see(center.0, 0);
            let mut ring = 0..1;
            for _ in 0..depth {
                for idx in ring.clone() {
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
            for relation in relations {
                for entry in self.from(*relation).row(from.0) {
                    let strength = if entry.is_required() { Strength::Required } else { Strength::Recommended };
                    let edge = SubgraphEdge { from: *from, to: PageId(entry.node), relation: *relation, strength };
                    if local.contains_key(&entry.node) { edges.push(edge) } else { cut += 1 }
                }
                cut += self.to(*relation).row(from.0).iter().filter(|entry| !local.contains_key(&entry.node)).count();
            }
        }
        if reduce {
            let is_prerequisite = |edge: &SubgraphEdge| edge.relation == Relation::Requires;
            let among = edges.iter().filter(|edge| is_prerequisite(edge));
            let among = among.map(|edge| (local[&edge.from.0], local[&edge.to.0])).collect();
            let mut implied = Local::new(pages.len(), among).implied().into_iter();
            edges.retain(|edge| !is_prerequisite(edge) || !implied.next().unwrap_or(false));
        }
        edges.sort_unstable();
        (edges, cut)
    }
}

impl Subgraph {
    /// A layered drawing: layers by longest path, rows by the barycentre heuristic (Sugiyama, Tagawa and Toda, 1981).
    pub fn layout(&self) -> Layout {
        let local: FxHashMap<u32, u32> =
            self.pages.iter().enumerate().map(|(idx, page)| (page.0, narrow(idx))).collect();
        let ends = |edge: &SubgraphEdge| {
            let (from, to) = (local[&edge.from.0], local[&edge.to.0]);
            // What is needed stands to the left: a guide teaches what stands to its right.
            if matches!(edge.relation, Relation::Requires | Relation::Assumes) { (from, to) } else { (to, from) }
        };
        let edges: Vec<(u32, u32)> = self.edges.iter().map(ends).collect();
        let graph = Local::new(self.pages.len(), edges.clone());
        let levels = graph.levels();
        let layer: Vec<u32> =
            (0..narrow(self.pages.len())).map(|node| levels[graph.component(node) as usize]).collect();
        let mut layers: Vec<Vec<u32>> = vec![Vec::new(); layer.iter().max().map_or(0, |max| *max as usize + 1)];
        for (node, layer) in (0..).zip(&layer) {
            layers[*layer as usize].push(node);
        }
        let mut rows = centred(&layers, self.pages.len());
        for sweep in 0..SWEEPS {
            let order: Vec<usize> =
                if sweep % 2 == 0 { (0..layers.len()).collect() } else { (0..layers.len()).rev().collect() };
            for idx in order {
                let weight = barycentres(&layers[idx], &edges, &rows);
                let mut sorted: Vec<(f32, u32)> = weight.into_iter().zip(layers[idx].iter().copied()).collect();
                sorted.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                layers[idx] = sorted.into_iter().map(|(_, node)| node).collect();
                rows = centred(&layers, self.pages.len());
            }
        }
        Layout { places: layer.into_iter().zip(rows).map(|(layer, row)| Place { layer, row }).collect() }
    }
}

/// Rows one apart, every layer centred on the longest.
#[expect(clippy::cast_precision_loss, reason = "a drawing has some hundred pages")]
fn centred(layers: &[Vec<u32>], n_nodes: usize) -> Vec<f32> {
    let longest = layers.iter().map(Vec::len).max().unwrap_or(0);
    let mut rows = vec![0.0; n_nodes];
    for layer in layers {
        let top = (longest - layer.len()) as f32 / 2.0;
        for (at, node) in layer.iter().enumerate() {
            rows[*node as usize] = top + at as f32;
        }
    }
    rows
}

/// For each node the mean row of its neighbours, its own where it has none.
#[expect(clippy::cast_precision_loss, reason = "a drawing has some hundred pages")]
fn barycentres(layer: &[u32], edges: &[(u32, u32)], rows: &[f32]) -> Vec<f32> {
    let weight = |node: u32| {
        let near = edges.iter().filter_map(|(from, to)| match (*from == node, *to == node) {
            (true, false) => Some(rows[*to as usize]),
            (false, true) => Some(rows[*from as usize]),
            _ => None,
        });
        let (sum, n) = near.fold((0.0, 0), |(sum, n), row| (sum + row, n + 1));
        if n == 0 { rows[node as usize] } else { sum / n as f32 }
    };
    layer.iter().map(|node| weight(*node)).collect()
}
