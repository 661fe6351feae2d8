//! The part of the graph that an answer is about, with numbers of its own.

use gradus_corpus::work::checkpoint;
use petgraph::algo::tred::{dag_to_toposorted_adjacency_list, dag_transitive_reduction_closure};
use petgraph::graph::DiGraph;

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
    /// petgraph's transitive reduction over the components (Habib, Morvan and Rampon, 1993).
    pub(crate) fn implied(&self) -> Vec<bool> {
        let mut between = DiGraph::<(), (), u32>::with_capacity(self.components.len(), self.edges.len());
        let nodes: Vec<_> = (0..self.components.len()).map(|_| between.add_node(())).collect();
        for (from, to) in &self.edges {
            checkpoint();
            let (from, to) = (self.component(*from) as usize, self.component(*to) as usize);
            if from != to {
                between.update_edge(nodes[from], nodes[to], ());
            }
        }
        // Components are numbered against the direction of their edges.
        let order: Vec<_> = nodes.iter().rev().copied().collect();
        let (sorted, place) = dag_to_toposorted_adjacency_list::<_, u32>(&between, &order);
        let (reduced, _) = dag_transitive_reduction_closure(&sorted);
        let is_kept = |from: u32, to: u32| {
            let (from, to) = (place[self.component(from) as usize], place[self.component(to) as usize]);
            from == to || reduced.contains_edge(from, to)
        };
        self.edges.iter().map(|(from, to)| !is_kept(*from, *to)).collect()
    }
}
