//! Compressed sparse rows: two arrays a direction, under petgraph's visit traits.
//!
//! Walking a row costs one cache line a few neighbours, where `DiGraph` follows a linked list. The price is that a graph
//! cannot change once it is built.

use petgraph::algo::kosaraju_scc;
use petgraph::visit::{
    EdgeRef, GraphBase, GraphProp, GraphRef, IntoEdgeReferences, IntoEdges, IntoNeighbors, IntoNeighborsDirected,
    IntoNodeIdentifiers, NodeCompactIndexable, NodeCount, NodeIndexable, Visitable,
};
use petgraph::{Directed, Direction};

/// Bit of [`Entry::edge`] that marks a prerequisite as only recommended.
const WEAK: u32 = 1 << 31;

/// A neighbour and the edge that leads there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    pub(crate) node: u32,
    edge: u32,
}

impl Entry {
    /// The number of the edge, by which the corpus knows it.
    pub(crate) fn edge(self) -> u32 {
        self.edge & !WEAK
    }

    pub(crate) fn is_required(self) -> bool {
        self.edge & WEAK == 0
    }
}

/// An edge on its way into a graph.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arc {
    pub(crate) from: u32,
    pub(crate) to: u32,
    pub(crate) edge: u32,
    pub(crate) is_required: bool,
}

/// The rows of one direction. A graph without edges has no rows at all.
#[derive(Debug, Default)]
pub(crate) struct Csr {
    offsets: Vec<u32>,
    entries: Vec<Entry>,
    n_nodes: usize,
}

impl Csr {
    /// Rows of `arcs` by their `from`, each sorted by neighbour. A counting sort: O(nodes + edges).
    pub(crate) fn new(n_nodes: usize, arcs: impl Iterator<Item = Arc> + Clone) -> Self {
        let mut offsets = vec![0_u32; n_nodes + 1];
        for arc in arcs.clone() {
            offsets[arc.from as usize + 1] += 1;
        }
        if offsets.iter().all(|count| *count == 0) {
            return Self { offsets: Vec::new(), entries: Vec::new(), n_nodes };
        }
        for node in 0..n_nodes {
            offsets[node + 1] += offsets[node];
        }
        let mut next = offsets.clone();
        let mut entries = vec![Entry { node: 0, edge: 0 }; offsets[n_nodes] as usize];
        for arc in arcs {
            let at = &mut next[arc.from as usize];
            let edge = if arc.is_required { arc.edge } else { arc.edge | WEAK };
            entries[*at as usize] = Entry { node: arc.to, edge };
            *at += 1;
        }
        for node in 0..n_nodes {
            entries[offsets[node] as usize..offsets[node + 1] as usize].sort_unstable();
        }
        Self { offsets, entries, n_nodes }
    }

    /// The neighbours of `node`, by id.
    pub(crate) fn row(&self, node: u32) -> &[Entry] {
        let node = node as usize;
        match self.offsets.get(node..node + 2) {
            Some(&[start, end]) => &self.entries[start as usize..end as usize],
            _ => &[],
        }
    }

    pub(crate) fn n_edges(&self) -> usize {
        self.entries.len()
    }
}

/// The required edges of rows, as petgraph sees a graph.
#[derive(Clone, Copy)]
pub(crate) struct Required<'a>(pub(crate) &'a Csr);

/// A required edge, as petgraph sees an edge.
#[derive(Clone, Copy)]
pub(crate) struct RequiredEdge {
    from: u32,
    entry: Entry,
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

impl petgraph::visit::Data for Required<'_> {
    type NodeWeight = ();
    type EdgeWeight = ();
}

impl GraphBase for Required<'_> {
    type NodeId = u32;
    type EdgeId = u32;
}

impl GraphRef for Required<'_> {}

impl GraphProp for Required<'_> {
    type EdgeType = Directed;
}

impl NodeCount for Required<'_> {
    fn node_count(&self) -> usize {
        self.0.n_nodes
    }
}

impl NodeIndexable for Required<'_> {
    fn node_bound(&self) -> usize {
        self.0.n_nodes
    }

    fn to_index(&self, node: u32) -> usize {
        node as usize
    }

    fn from_index(&self, idx: usize) -> u32 {
        narrow(idx)
    }
}

impl NodeCompactIndexable for Required<'_> {}

impl IntoNodeIdentifiers for Required<'_> {
    type NodeIdentifiers = std::ops::Range<u32>;

    fn node_identifiers(self) -> Self::NodeIdentifiers {
        0..narrow(self.0.n_nodes)
    }
}

/// The required edges of one row.
pub(crate) struct RequiredRow<'a> {
    from: u32,
    entries: std::slice::Iter<'a, Entry>,
}

impl Iterator for RequiredRow<'_> {
    type Item = RequiredEdge;

    fn next(&mut self) -> Option<RequiredEdge> {
        let entry = self.entries.find(|entry| entry.is_required())?;
        Some(RequiredEdge { from: self.from, entry: *entry })
    }
}

impl<'a> IntoNeighbors for Required<'a> {
    type Neighbors = std::iter::Map<RequiredRow<'a>, fn(RequiredEdge) -> u32>;

    fn neighbors(self, node: u32) -> Self::Neighbors {
        self.edges(node).map(|edge| edge.entry.node)
    }
}

impl<'a> IntoEdgeReferences for Required<'a> {
    type EdgeRef = RequiredEdge;
    type EdgeReferences = Box<dyn Iterator<Item = RequiredEdge> + 'a>;

    fn edge_references(self) -> Self::EdgeReferences {
        Box::new(self.node_identifiers().flat_map(move |node| self.edges(node)))
    }
}

impl<'a> IntoEdges for Required<'a> {
    type Edges = RequiredRow<'a>;

    fn edges(self, node: u32) -> RequiredRow<'a> {
        RequiredRow { from: node, entries: self.0.row(node).iter() }
    }
}

impl Visitable for Required<'_> {
    type Map = fixedbitset::FixedBitSet;

    fn visit_map(&self) -> Self::Map {
        fixedbitset::FixedBitSet::with_capacity(self.0.n_nodes)
    }

    fn reset_map(&self, map: &mut Self::Map) {
        map.clear();
        map.grow(self.0.n_nodes);
    }
}

/// The required edges of rows and of the same rows reversed, as petgraph sees a graph that can be walked both ways.
#[derive(Clone, Copy)]
struct BothWays<'a> {
    forward: Required<'a>,
    reverse: Required<'a>,
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
    type Neighbors = <Required<'a> as IntoNeighbors>::Neighbors;

    fn neighbors(self, node: u32) -> Self::Neighbors {
        self.forward.neighbors(node)
    }
}

impl<'a> IntoNeighborsDirected for BothWays<'a> {
    type NeighborsDirected = <Required<'a> as IntoNeighbors>::Neighbors;

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
    kosaraju_scc(BothWays { forward: Required(forward), reverse: Required(reverse) })
}

/// `idx` as a node.
#[expect(clippy::cast_possible_truncation, reason = "a corpus numbers its pages with 32 bits")]
pub(crate) fn narrow(idx: usize) -> u32 {
    idx as u32
}
