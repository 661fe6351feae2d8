//! The part of the graph that an answer is about, with numbers of its own.

use petgraph::algo::tred::{dag_to_toposorted_adjacency_list, dag_transitive_reduction_closure};
use petgraph::graph::DiGraph;

use crate::csr::{Csr, DirectedEdge, narrow};
use crate::petgraph_traits::components;

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

    /// For each edge, whether a longer way implies it. Edges inside a component are never implied.
    ///
    /// petgraph's transitive reduction over the components (Habib, Morvan and Rampon, 1993).
    pub(crate) fn implied(&self) -> Vec<bool> {
        let mut between = DiGraph::<(), (), u32>::with_capacity(self.components.len(), self.edges.len());
        let nodes: Vec<_> = (0..self.components.len()).map(|_| between.add_node(())).collect();
        for (from, to) in &self.edges {
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
