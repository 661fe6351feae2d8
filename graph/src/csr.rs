//! Compressed sparse rows: two arrays a direction.
//!
//! Walking a row costs one cache line a few neighbours, where petgraph's `DiGraph` follows a linked list. The price is that
//! a graph cannot change once it is built.

use serde::{Deserialize, Serialize};

/// Bit of [`CsrEntry::edge`] that marks a prerequisite as only recommended.
const WEAK: u32 = 1 << 31;

/// A neighbour and the edge that leads there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct CsrEntry {
    pub(crate) node: u32,
    edge: u32,
}

impl CsrEntry {
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
pub(crate) struct DirectedEdge {
    pub(crate) from: u32,
    pub(crate) to: u32,
    pub(crate) edge: u32,
    pub(crate) is_required: bool,
}

impl DirectedEdge {
    /// A required edge that no corpus knows: its number says nothing.
    pub(crate) fn plain(from: u32, to: u32) -> Self {
        Self { from, to, edge: 0, is_required: true }
    }

    pub(crate) fn reversed(self) -> Self {
        Self { from: self.to, to: self.from, ..self }
    }
}

/// The rows of one direction. A graph without edges has no rows at all.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Csr {
    offsets: Vec<u32>,
    entries: Vec<CsrEntry>,
    n_nodes: usize,
}

impl Csr {
    /// Rows of `edges` by their `from`, each sorted by neighbour. A counting sort: O(nodes + edges), and the sorting of
    /// each row.
    pub(crate) fn new(n_nodes: usize, edges: impl Iterator<Item = DirectedEdge> + Clone) -> Self {
        let mut offsets = vec![0_u32; n_nodes + 1];
        for edge in edges.clone() {
            offsets[edge.from as usize + 1] += 1;
        }
        if offsets.iter().all(|count| *count == 0) {
            return Self { offsets: Vec::new(), entries: Vec::new(), n_nodes };
        }
        for node in 0..n_nodes {
            offsets[node + 1] += offsets[node];
        }
        let mut next = offsets.clone();
        let mut entries = vec![CsrEntry { node: 0, edge: 0 }; offsets[n_nodes] as usize];
        for edge in edges {
            let at = &mut next[edge.from as usize];
            let number = if edge.is_required { edge.edge } else { edge.edge | WEAK };
            entries[*at as usize] = CsrEntry { node: edge.to, edge: number };
            *at += 1;
        }
        for node in 0..n_nodes {
            entries[offsets[node] as usize..offsets[node + 1] as usize].sort_unstable();
        }
        Self { offsets, entries, n_nodes }
    }

    /// The neighbours of `node`, by id.
    pub(crate) fn row(&self, node: u32) -> &[CsrEntry] {
        let node = node as usize;
        match self.offsets.get(node..node + 2) {
            Some(&[start, end]) => &self.entries[start as usize..end as usize],
            _ => &[],
        }
    }

    /// The required neighbours of `node`, by id.
    pub(crate) fn required(&self, node: u32) -> impl Iterator<Item = u32> + Clone + '_ {
        self.row(node).iter().filter(|entry| entry.is_required()).map(|entry| entry.node)
    }

    pub(crate) fn n_edges(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn n_nodes(&self) -> usize {
        self.n_nodes
    }
}

/// `idx` as a node.
#[expect(clippy::cast_possible_truncation, reason = "a corpus numbers its pages with 32 bits")]
pub(crate) fn narrow(idx: usize) -> u32 {
    idx as u32
}
