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
    /// LayoutPlace in the layer, from 0, one apart, layers centred on each other.
    pub row: f32,
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
        let graph = LocalGraph::new(self.pages.len(), edges.clone());
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
        Layout { places: layer.into_iter().zip(rows).map(|(layer, row)| LayoutPlace { layer, row }).collect() }
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
