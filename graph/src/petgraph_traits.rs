//! Rows as petgraph sees a graph, so that its algorithms run on them unchanged.

use petgraph::algo::kosaraju_scc;
use petgraph::visit::{
    EdgeRef, GraphBase, GraphProp, GraphRef, IntoEdgeReferences, IntoEdges, IntoNeighbors, IntoNeighborsDirected,
    IntoNodeIdentifiers, NodeCompactIndexable, NodeCount, NodeIndexable, Visitable,
};
use petgraph::{Directed, Direction};

use crate::csr::{Csr, CsrEntry, narrow};

/// The required edges of rows.
#[derive(Clone, Copy)]
pub(crate) struct RequiredGraph<'a>(pub(crate) &'a Csr);

/// A required edge, as petgraph sees an edge.
#[derive(Clone, Copy)]
pub(crate) struct RequiredEdge {
    from: u32,
    entry: CsrEntry,
}

impl EdgeRef for RequiredEdge {
    type NodeId = u32;
    type EdgeId = u32;
    type Weight = ();

    fn source(&self) -> u32 {
        self.from
    }

    fn target(&self) -> u32 {
        self.entry.node
    }

    fn weight(&self) -> &() {
        &()
    }

    fn id(&self) -> u32 {
        self.entry.edge()
    }
}

impl petgraph::visit::Data for RequiredGraph<'_> {
    type NodeWeight = ();
    type EdgeWeight = ();
}

impl GraphBase for RequiredGraph<'_> {
    type NodeId = u32;
    type EdgeId = u32;
}

impl GraphRef for RequiredGraph<'_> {}

impl GraphProp for RequiredGraph<'_> {
    type EdgeType = Directed;
}

impl NodeCount for RequiredGraph<'_> {
    fn node_count(&self) -> usize {
        self.0.n_nodes()
    }
}

impl NodeIndexable for RequiredGraph<'_> {
    fn node_bound(&self) -> usize {
        self.0.n_nodes()
    }

    fn to_index(&self, node: u32) -> usize {
        node as usize
    }

    fn from_index(&self, idx: usize) -> u32 {
        narrow(idx)
    }
}

impl NodeCompactIndexable for RequiredGraph<'_> {}

impl IntoNodeIdentifiers for RequiredGraph<'_> {
    type NodeIdentifiers = std::ops::Range<u32>;

    fn node_identifiers(self) -> Self::NodeIdentifiers {
        0..narrow(self.0.n_nodes())
    }
}

/// The required edges of one row.
pub(crate) struct RequiredRow<'a> {
    from: u32,
    entries: std::slice::Iter<'a, CsrEntry>,
}

impl Iterator for RequiredRow<'_> {
    type Item = RequiredEdge;

    fn next(&mut self) -> Option<RequiredEdge> {
        let entry = self.entries.find(|entry| entry.is_required())?;
        Some(RequiredEdge { from: self.from, entry: *entry })
    }
}

impl<'a> IntoNeighbors for RequiredGraph<'a> {
    type Neighbors = std::iter::Map<RequiredRow<'a>, fn(RequiredEdge) -> u32>;

    fn neighbors(self, node: u32) -> Self::Neighbors {
        self.edges(node).map(|edge| edge.entry.node)
    }
}

impl<'a> IntoEdgeReferences for RequiredGraph<'a> {
    type EdgeRef = RequiredEdge;
    type EdgeReferences = Box<dyn Iterator<Item = RequiredEdge> + 'a>;

    fn edge_references(self) -> Self::EdgeReferences {
        Box::new(self.node_identifiers().flat_map(move |node| self.edges(node)))
    }
}

impl<'a> IntoEdges for RequiredGraph<'a> {
    type Edges = RequiredRow<'a>;

    fn edges(self, node: u32) -> RequiredRow<'a> {
        RequiredRow { from: node, entries: self.0.row(node).iter() }
    }
}

impl Visitable for RequiredGraph<'_> {
    type Map = fixedbitset::FixedBitSet;

    fn visit_map(&self) -> Self::Map {
        fixedbitset::FixedBitSet::with_capacity(self.0.n_nodes())
    }

    fn reset_map(&self, map: &mut Self::Map) {
        map.clear();
        map.grow(self.0.n_nodes());
    }
}

/// The required edges of rows and of the same rows reversed, as petgraph sees a graph that can be walked both ways.
#[derive(Clone, Copy)]
struct BothWays<'a> {
    forward: RequiredGraph<'a>,
    reverse: RequiredGraph<'a>,
}

impl GraphBase for BothWays<'_> {
    type NodeId = u32;
    type EdgeId = u32;
}

impl GraphRef for BothWays<'_> {}

impl IntoNodeIdentifiers for BothWays<'_> {
    type NodeIdentifiers = std::ops::Range<u32>;

    fn node_identifiers(self) -> Self::NodeIdentifiers {
        self.forward.node_identifiers()
    }
}

impl<'a> IntoNeighbors for BothWays<'a> {
    type Neighbors = <RequiredGraph<'a> as IntoNeighbors>::Neighbors;

    fn neighbors(self, node: u32) -> Self::Neighbors {
        self.forward.neighbors(node)
    }
}

impl<'a> IntoNeighborsDirected for BothWays<'a> {
    type NeighborsDirected = <RequiredGraph<'a> as IntoNeighbors>::Neighbors;

    fn neighbors_directed(self, node: u32, direction: Direction) -> Self::NeighborsDirected {
        match direction {
            Direction::Outgoing => self.forward.neighbors(node),
            Direction::Incoming => self.reverse.neighbors(node),
        }
    }
}

impl Visitable for BothWays<'_> {
    type Map = fixedbitset::FixedBitSet;

    fn visit_map(&self) -> Self::Map {
        self.forward.visit_map()
    }

    fn reset_map(&self, map: &mut Self::Map) {
        self.forward.reset_map(map);
    }
}

/// The strongly connected components over required edges, each after all that it leads to.
///
/// Kosaraju's algorithm, because petgraph's Tarjan recurses: a chain of some ten thousand concepts would end the process.
pub(crate) fn components(forward: &Csr, reverse: &Csr) -> Vec<Vec<u32>> {
    kosaraju_scc(BothWays { forward: RequiredGraph(forward), reverse: RequiredGraph(reverse) })
}
