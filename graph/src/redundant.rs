//! Prerequisites that two others imply: hints for authors.

use gradus_corpus::{Edge, Relation};

use crate::csr::narrow;
use crate::rows::Rows;

/// Edges from which redundancy is no longer looked for: no author reads a million hints.
const MAX_EDGES: usize = 1_000_000;

/// The positions in `declared` of required edges without a reason that two others imply, by page and then by
/// prerequisite.
///
/// For each edge the shorter of the two rows at its ends is walked and the other searched, as triangles are listed
/// (Chiba and Nishizeki, 1985): O(edges · √edges · log) at worst, O(edges) where pages have few prerequisites.
pub(crate) fn redundant(rows: &Rows, declared: &[Edge]) -> Vec<u32> {
    let (needs, needed_by) = (rows.from(Relation::Requires), rows.to(Relation::Requires));
    if needs.n_edges() > MAX_EDGES {
        return Vec::new();
    }
    let states = |from: u32, to: u32| {
        let row = needs.row(from);
        row.binary_search_by_key(&to, |entry| entry.node).is_ok_and(|at| row[at].is_required())
    };
    let is_implied = |from: u32, to: u32| {
        if needs.row(from).len() <= needed_by.row(to).len() {
            needs.required(from).any(|middle| middle != to && states(middle, to))
        } else {
            needed_by.required(to).any(|middle| middle != to && states(from, middle))
        }
    };
    let edges = (0..narrow(rows.n_pages())).flat_map(|from| needs.row(from).iter().map(move |entry| (from, entry)));
    edges
        .filter(|(_, entry)| entry.is_required() && declared[entry.edge() as usize].reason.is_none())
        .filter(|(from, entry)| *from != entry.node && is_implied(*from, entry.node))
        .map(|(_, entry)| entry.edge())
        .collect()
}
