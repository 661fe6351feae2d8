//! Everything as a graph for programs that draw and count: GraphML, Graphviz, Mermaid.

use gradus_corpus::{Edge, PageId, Strength};

use super::{Lines, directed, ends, once, pages};
use crate::questions::graph;
use crate::questions::reference::Ref;
use crate::view::View;

/// GraphML.
pub(super) fn graphml(view: &View) -> Lines<'_> {
    let nodes = pages(view).map(|id| graph::graphml_node(&Ref::new(&view.corpus, id)));
    let edges = view.corpus.edges().map(|edge| {
        let (from, to) = ends(view, &edge);
        graph::graphml_edge(&from, &to, edge.relation.as_str(), edge.strength.as_str())
    });
    Box::new(once(graph::GRAPHML_HEAD).chain(nodes).chain(edges).chain(once(graph::GRAPHML_TAIL)))
}

/// Graphviz.
pub(super) fn dot(view: &View) -> Lines<'_> {
    let nodes = pages(view).map(|id| graph::dot_node(&Ref::new(&view.corpus, id)));
    let edges = view.corpus.edges().map(|edge| {
        let (from, to) = ends(view, &edge);
        graph::dot_edge(&from, &to, edge.relation.as_str(), edge.strength.as_str())
    });
    Box::new(once(graph::DOT_HEAD).chain(nodes).chain(edges).chain(once(graph::DOT_TAIL)))
}

/// What whoever compares formats is to know.
const MERMAID_REMARK: &str = "%% what comes before what; links and mentions are in the other formats\n";

/// A Mermaid flowchart of the prerequisites: it is for reading, and mentions would bury them.
pub(super) fn mermaid(view: &View) -> Lines<'_> {
    let node = |id: PageId| graph::mermaid_node(id.idx(), &view.corpus.page(id).title);
    let edge = |edge: &Edge| {
        let (from, to) = directed(edge);
        let is_recommended = edge.strength == Strength::Recommended;
        graph::mermaid_edge(from.idx(), to.idx(), edge.relation.as_str(), is_recommended)
    };
    let edges = view.corpus.declared().iter().filter(|edge| graph::points_back(edge.relation)).map(edge);
    Box::new(once(graph::MERMAID_HEAD).chain(once(MERMAID_REMARK)).chain(pages(view).map(node)).chain(edges))
}
