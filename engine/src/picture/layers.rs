//! Layers: which node stands how deep, and a point for every layer that an edge crosses.

use super::{EdgeLine, PictureEdge};

/// An edge in the direction in which it is drawn, downwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LayerEdge {
    /// Its ends and the points between, one a layer, from the top down.
    pub(super) points: Vec<usize>,
    pub(super) line: EdgeLine,
    /// Whether there is an arrow at its lower end.
    pub(super) points_down: bool,
    /// Whether there is one at its upper end: where edges go round in a circle, one of them leads up.
    pub(super) points_up: bool,
}

/// Nodes and the points of edges in layers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Layers {
    /// How many nodes there are; points of edges are numbered from there.
    pub(super) n_nodes: usize,
    /// The layer of each node and point.
    pub(super) layer: Vec<usize>,
    pub(super) edges: Vec<LayerEdge>,
}

impl Layers {
    /// The layers of `n_nodes` nodes: each below all that comes before it, and right above the first that needs it, so that
    /// foundations do not all stand at the very top. O(nodes + edges + points).
    pub(super) fn new(n_nodes: usize, edges: &[PictureEdge]) -> Self {
        let mut edges = downwards(n_nodes, edges);
        let order = topological(n_nodes, &edges);
        let mut layer = vec![0; n_nodes];
        let mut below: Vec<Vec<usize>> = vec![Vec::new(); n_nodes];
        edges.iter().for_each(|edge| below[edge.points[0]].push(edge.points[1]));
        for node in &order {
            below[*node].iter().for_each(|other| layer[*other] = layer[*other].max(layer[*node] + 1));
        }
        for node in order.iter().rev() {
            let first = below[*node].iter().map(|other| layer[*other]).min();
            layer[*node] = first.map_or(layer[*node], |first| first - 1);
        }
        for edge in &mut edges {
            let (from, to) = (edge.points[0], edge.points[1]);
            let between = layer[from] + 1..layer[to];
            let points = layer.len()..layer.len() + between.len();
            layer.extend(between);
            edge.points = std::iter::once(from).chain(points).chain([to]).collect();
        }
        Self { n_nodes, layer, edges }
    }

    pub(super) fn is_node(&self, vertex: usize) -> bool {
        vertex < self.n_nodes
    }

    /// The nodes and points of each layer, by their numbers.
    pub(super) fn rows(&self) -> Vec<Vec<usize>> {
        let n_layers = self.layer.iter().max().map_or(0, |max| max + 1);
        let mut rows = vec![Vec::new(); n_layers];
        self.layer.iter().enumerate().for_each(|(vertex, layer)| rows[*layer].push(vertex));
        rows
    }

    /// For each node and point those that an edge joins it with, above and below.
    pub(super) fn neighbours(&self) -> (Vec<Vec<usize>>, Vec<Vec<usize>>) {
        let (mut above, mut below) = (vec![Vec::new(); self.layer.len()], vec![Vec::new(); self.layer.len()]);
        for pair in self.edges.iter().flat_map(|edge| edge.points.windows(2)) {
            below[pair[0]].push(pair[1]);
            above[pair[1]].push(pair[0]);
        }
        (above, below)
    }
}

/// `edges` without loops, each pair of nodes once, all in one direction without a circle: one of each circle is turned round.
fn downwards(n_nodes: usize, edges: &[PictureEdge]) -> Vec<LayerEdge> {
    let mut sorted: Vec<PictureEdge> =
        edges.iter().copied().filter(|edge| edge.from != edge.to && edge.from.max(edge.to) < n_nodes).collect();
    sorted.sort_unstable();
    let rank = depth_first(n_nodes, &sorted);
    let mut all: Vec<LayerEdge> = Vec::with_capacity(sorted.len());
    let turned = |edge: &PictureEdge| rank[edge.from] > rank[edge.to];
    let ends = |edge: &PictureEdge| if turned(edge) { (edge.to, edge.from) } else { (edge.from, edge.to) };
    sorted.sort_by_key(|edge| (ends(edge), edge.line));
    for edge in &sorted {
        let (from, to) = ends(edge);
        let is_turned = turned(edge);
        match all.last_mut().filter(|last| last.points == [from, to]) {
            Some(last) => {
                last.line = last.line.min(edge.line);
                last.points_down |= !is_turned;
                last.points_up |= is_turned;
            }
            None => all.push(LayerEdge {
                points: vec![from, to],
                line: edge.line,
                points_down: !is_turned,
                points_up: is_turned,
            }),
        }
    }
    all
}

/// The place of each node in a topological order of `edges` without those that close a circle for a walk that begins with
/// the first nodes: the reverse of the order in which a depth-first walk leaves them.
fn depth_first(n_nodes: usize, edges: &[PictureEdge]) -> Vec<usize> {
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); n_nodes];
    edges.iter().for_each(|edge| below[edge.from].push(edge.to));
    let mut rank = vec![0; n_nodes];
    let mut next_rank = n_nodes;
    let mut is_seen = vec![false; n_nodes];
    for start in 0..n_nodes {
        let mut open = vec![(start, 0)];
        while let Some((node, child)) = open.pop() {
            if child == 0 && std::mem::replace(&mut is_seen[node], true) {
                continue;
            }
            match below[node].get(child) {
                Some(other) => {
                    open.push((node, child + 1));
                    if !is_seen[*other] {
                        open.push((*other, 0));
                    }
                }
                None => {
                    next_rank -= 1;
                    rank[node] = next_rank;
                }
            }
        }
    }
    rank
}

/// The nodes in an order in which each comes after all that stands above it.
fn topological(n_nodes: usize, edges: &[LayerEdge]) -> Vec<usize> {
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); n_nodes];
    let mut n_above = vec![0_usize; n_nodes];
    for edge in edges {
        below[edge.points[0]].push(edge.points[1]);
        n_above[edge.points[1]] += 1;
    }
    let mut order: Vec<usize> = (0..n_nodes).filter(|node| n_above[*node] == 0).collect();
    let mut next = 0;
    while let Some(node) = order.get(next).copied() {
        next += 1;
        for other in &below[node] {
            n_above[*other] -= 1;
            if n_above[*other] == 0 {
                order.push(*other);
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layers(n_nodes: usize, edges: &[(usize, usize)]) -> Layers {
        let edge = |(from, to): &(usize, usize)| PictureEdge { from: *from, to: *to, line: EdgeLine::Solid };
        Layers::new(n_nodes, &edges.iter().map(edge).collect::<Vec<_>>())
    }

    #[test]
    fn a_node_stands_right_above_the_first_that_needs_it() {
        // 0 -> 1 -> 2 -> 3 and 4 -> 3: the foundation 4 sinks, and nothing is crossed.
        let layers = layers(5, &[(0, 1), (1, 2), (2, 3), (4, 3)]);
        assert_eq!(layers.layer, [0, 1, 2, 3, 2]);
    }

    #[test]
    fn an_edge_over_several_layers_has_a_point_in_each() {
        let layers = layers(4, &[(0, 1), (1, 2), (2, 3), (0, 3)]);
        let long = layers.edges.iter().find(|edge| edge.points.len() > 2).unwrap();
        assert_eq!((long.points.clone(), &layers.layer[4..]), (vec![0, 4, 5, 3], &[1, 2][..]));
    }

    #[test]
    fn circles_loops_and_pairs_are_drawn_downwards_once() {
        let layers = layers(3, &[(0, 1), (1, 2), (2, 0), (1, 1), (1, 0), (0, 1)]);
        let told: Vec<(usize, usize, bool, bool)> = layers
            .edges
            .iter()
            .map(|edge| (edge.points[0], *edge.points.last().unwrap(), edge.points_down, edge.points_up))
            .collect();
        assert_eq!(told, [(0, 1, true, true), (0, 2, false, true), (1, 2, true, false)]);
    }
}
