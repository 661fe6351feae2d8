//! The part of the graph that an answer is about, with numbers of its own.

use gradus_corpus::work::checkpoint;

use crate::bits::bits;
use crate::csr::{Csr, DirectedEdge, narrow};
use crate::petgraph_traits::components;

/// Starts that are carried upwards together: as many as a word has bits.
const WORD: usize = u64::BITS as usize;

/// Pages `0..n` and the edges among them, from what needs to what is needed.
pub(crate) struct LocalGraph {
    rows: Csr,
    edges: Vec<(u32, u32)>,
    /// The component of each node. Components are numbered so that what is needed has the lower number.
    component: Vec<u32>,
    /// The nodes of each component, sorted.
    components: Vec<Vec<u32>>,
}

impl LocalGraph {
    pub(crate) fn new(n_nodes: usize, edges: Vec<(u32, u32)>) -> Self {
        let directed = edges.iter().map(|(from, to)| DirectedEdge::plain(*from, *to));
        let reverse = Csr::new(n_nodes, directed.clone().map(DirectedEdge::reversed));
        let rows = Csr::new(n_nodes, directed);
        let mut components = components(&rows, &reverse);
        let mut component = vec![0; n_nodes];
        for (number, nodes) in components.iter_mut().enumerate() {
            nodes.sort_unstable();
            nodes.iter().for_each(|node| component[*node as usize] = narrow(number));
        }
        Self { rows, edges, component, components }
    }

    /// The nodes of every component, sorted, by component.
    pub(crate) fn components(&self) -> &[Vec<u32>] {
        &self.components
    }

    pub(crate) fn component(&self, node: u32) -> u32 {
        self.component[node as usize]
    }

    /// The components that `component` needs, as often as edges say so.
    pub(crate) fn needs(&self, component: u32) -> impl Iterator<Item = u32> + Clone + '_ {
        let entries = self.components[component as usize].iter().flat_map(|node| self.rows.row(*node));
        entries.map(|entry| self.component(entry.node)).filter(move |other| *other != component)
    }

    /// The longest way from each component down to one that needs nothing, in edges. O(nodes + edges).
    pub(crate) fn levels(&self) -> Vec<u32> {
        let mut levels = vec![0; self.components.len()];
        for number in 0..narrow(levels.len()) {
            let below = self.needs(number).map(|other| levels[other as usize] + 1);
            levels[number as usize] = below.max().unwrap_or(0);
        }
        levels
    }

    /// For each of `starts`, how many nodes that `is_counted` lets pass need it, directly or not, outside its component.
    ///
    /// 64 starts at a time are carried upwards as the bits of a word: O((nodes + edges) · starts / 64), and the counting.
    pub(crate) fn n_above(&self, starts: &[u32], is_counted: &dyn Fn(u32) -> bool) -> Vec<usize> {
        let weights: Vec<usize> =
            self.components.iter().map(|nodes| nodes.iter().filter(|node| is_counted(**node)).count()).collect();
        let mut counts = vec![0; starts.len()];
        for (starts, counts) in starts.chunks(WORD).zip(counts.chunks_mut(WORD)) {
            let mut reached = vec![0_u64; self.components.len()];
            for (bit, start) in starts.iter().enumerate() {
                reached[self.component(*start) as usize] |= 1 << bit;
            }
            for number in 0..narrow(self.components.len()) {
                checkpoint();
                let below = self.needs(number).fold(0, |set, need| set | reached[need as usize]);
                bits(below).for_each(|bit| counts[bit] += weights[number as usize]);
                reached[number as usize] |= below;
            }
        }
        counts
    }

    /// For each edge, whether a longer way implies it. Edges inside a component are never implied.
    ///
    /// What each component needs stands in a row of bits; of what it needs the nearest come first, so that the others are seen to be
    /// implied (Goralčíková and Koubek, 1979). O(kept edges · components / 64) and components² / 8 bytes, with a checkpoint an edge.
    /// petgraph's transitive reduction lists the whole closure and cannot be called off.
    pub(crate) fn implied(&self) -> Vec<bool> {
        let width = self.components.len().div_ceil(WORD);
        let mut reached = vec![0_u64; self.components.len() * width];
        let mut kept: Vec<Vec<u32>> = Vec::with_capacity(self.components.len());
        for number in 0..self.components.len() {
            let mut needs: Vec<u32> = self.needs(narrow(number)).collect();
            needs.sort_unstable_by(|a, b| b.cmp(a));
            needs.dedup();
            let (below, rest) = reached.split_at_mut(number * width);
            let own = &mut rest[..width];
            needs.retain(|need| {
                checkpoint();
                let need = *need as usize;
                let (word, bit) = (need / WORD, 1 << (need % WORD));
                let is_kept = own[word] & bit == 0;
                if is_kept {
                    // What it needs has lower numbers than itself.
                    let row = &below[need * width..][..=word];
                    own.iter_mut().zip(row).for_each(|(own, theirs)| *own |= theirs);
                    own[word] |= bit;
                }
                is_kept
            });
            kept.push(needs);
        }
        let is_kept = |from: u32, to: u32| {
            let (from, to) = (self.component(from), self.component(to));
            from == to || kept[from as usize].binary_search_by(|need| to.cmp(need)).is_ok()
        };
        self.edges.iter().map(|(from, to)| !is_kept(*from, *to)).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use gradus_corpus::work::{CalledOff, Work};
    use petgraph::algo::tred::{dag_to_toposorted_adjacency_list, dag_transitive_reduction_closure};
    use petgraph::graph::DiGraph;
    use proptest::prelude::*;

    use super::*;

    /// The same by petgraph, for edges that lead to lower numbers.
    fn by_petgraph(n_nodes: u32, edges: &[(u32, u32)]) -> Vec<bool> {
        let mut graph = DiGraph::<(), (), u32>::new();
        let nodes: Vec<_> = (0..n_nodes).map(|_| graph.add_node(())).collect();
        for (from, to) in edges {
            graph.update_edge(nodes[*from as usize], nodes[*to as usize], ());
        }
        let order: Vec<_> = nodes.iter().rev().copied().collect();
        let (sorted, place) = dag_to_toposorted_adjacency_list::<_, u32>(&graph, &order);
        let (reduced, _) = dag_transitive_reduction_closure(&sorted);
        edges.iter().map(|(from, to)| !reduced.contains_edge(place[*from as usize], place[*to as usize])).collect()
    }

    proptest! {
        #[test]
        fn what_is_implied_is_what_petgraph_leaves_out(pairs in prop::collection::vec((1..150_u32, 0..150_u32), 0..600)) {
            let edges: Vec<(u32, u32)> = pairs.into_iter().map(|(from, to)| (from, to % from)).collect();
            let implied = LocalGraph::new(150, edges.clone()).implied();
            prop_assert_eq!(implied, by_petgraph(150, &edges));
        }
    }

    #[test]
    fn a_dense_graph_can_be_called_off() {
        let edges = (1..400).flat_map(|from| (0..from).map(move |to| (from, to))).collect();
        let graph = LocalGraph::new(400, edges);
        assert_eq!(Work::until(Instant::now()).run(|| graph.implied()), Err(CalledOff::TimeOver));
        assert_eq!(graph.implied().iter().filter(|is_implied| !**is_implied).count(), 399);
    }
}
