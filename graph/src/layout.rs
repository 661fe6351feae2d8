//! Layered drawings of subgraphs.

use gradus_corpus::Relation;
use rustc_hash::FxHashMap;

use crate::csr::narrow;
use crate::local_graph::LocalGraph;
use crate::neighbourhood::{Subgraph, SubgraphEdge};

/// Sweeps of the barycentre heuristic; drawings of a few hundred pages no longer change after fewer.
const SWEEPS: usize = 8;

/// Places of the pages of a [`Subgraph`], in their order.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Places by page.
    pub places: Vec<LayoutPlace>,
}

/// A place in a layered drawing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LayoutPlace {
    /// Layer, foundations 0.
    pub layer: u32,
    /// Place in the layer, from 0, one apart, layers centred on each other.
    pub row: f32,
}

impl Subgraph {
    /// A layered drawing: layers by longest path, rows by the barycentre heuristic (Sugiyama, Tagawa and Toda, 1981).
    pub fn layout(&self) -> Layout {
        let local: FxHashMap<u32, u32> =
            self.pages.iter().enumerate().map(|(idx, page)| (page.0, narrow(idx))).collect();
        let ends = |edge: &SubgraphEdge| {
            let (from, to) = (local[&edge.from.0], local[&edge.to.0]);
            // What is needed or comes before stands to the left: a guide teaches what stands to its right.
            if matches!(edge.relation, Relation::Requires | Relation::Assumes | Relation::Follows) {
                (from, to)
            } else {
                (to, from)
            }
        };
        let edges: Vec<(u32, u32)> = self.edges.iter().map(ends).collect();
        let graph = LocalGraph::new(self.pages.len(), edges.clone());
        let levels = graph.levels();
        let layer: Vec<u32> =
            (0..narrow(self.pages.len())).map(|node| levels[graph.component(node) as usize]).collect();
        let mut layers: Vec<Vec<u32>> = vec![Vec::new(); layer.iter().max().map_or(0, |max| *max as usize + 1)];
        for (node, layer) in (0..).zip(&layer) {
            layers[*layer as usize].push(node);
        }
        let longest = layers.iter().map(Vec::len).max().unwrap_or(0);
        let mut rows = vec![0.0; self.pages.len()];
        layers.iter().for_each(|layer| centre(layer, longest, &mut rows));
        let near = adjacent(self.pages.len(), &edges);
        for sweep in 0..SWEEPS {
            let order: Vec<usize> =
                if sweep % 2 == 0 { (0..layers.len()).collect() } else { (0..layers.len()).rev().collect() };
            for idx in order {
                let weights = layers[idx].iter().map(|node| barycentre(*node, &near, &rows));
                let mut sorted: Vec<(f32, u32)> = weights.zip(layers[idx].iter().copied()).collect();
                sorted.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                layers[idx] = sorted.into_iter().map(|(_, node)| node).collect();
                centre(&layers[idx], longest, &mut rows);
            }
        }
        Layout { places: layer.into_iter().zip(rows).map(|(layer, row)| LayoutPlace { layer, row }).collect() }
    }
}

/// Gives the nodes of `layer` rows one apart, centred on the longest layer.
#[expect(clippy::cast_precision_loss, reason = "a drawing has some hundred pages")]
fn centre(layer: &[u32], longest: usize, rows: &mut [f32]) {
    let top = (longest - layer.len()) as f32 / 2.0;
    for (at, node) in layer.iter().enumerate() {
        rows[*node as usize] = top + at as f32;
    }
}

/// For each node the nodes at the other ends of its edges, an edge at a time.
fn adjacent(n_nodes: usize, edges: &[(u32, u32)]) -> Vec<Vec<u32>> {
    let mut near = vec![Vec::new(); n_nodes];
    for (from, to) in edges.iter().filter(|(from, to)| from != to) {
        near[*from as usize].push(*to);
        near[*to as usize].push(*from);
    }
    near
}

/// The mean row of the neighbours of `node`, its own where it has none.
#[expect(clippy::cast_precision_loss, reason = "a drawing has some hundred pages")]
fn barycentre(node: u32, near: &[Vec<u32>], rows: &[f32]) -> f32 {
    let near = &near[node as usize];
    let sum: f32 = near.iter().fold(0.0, |sum, other| sum + rows[*other as usize]);
    if near.is_empty() { rows[node as usize] } else { sum / near.len() as f32 }
}
