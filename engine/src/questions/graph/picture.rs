//! Neighbourhoods as pictures: layered SVG, Mermaid, DOT, GraphML.

use gradus_corpus::Origin;
use rustc_hash::FxHashMap;

use super::{GraphAnswer, GraphEdge, GraphNode};
use crate::picture::{EdgeLine, PictureCaption, PictureEdge, PictureNode, boxes, escape};
use crate::questions::reference::Ref;

/// A layered drawing, foundations at the top; each box is a link and has its title as text.
pub(super) fn svg(answer: &GraphAnswer<'_>) -> String {
    let node = |(idx, node): (usize, &GraphNode<'_>)| {
        let page = &node.page;
        let kind = if page.kind == "concept" { "c" } else { "g" };
        let (goal, lock) = (if idx == 0 { " goal" } else { "" }, if page.locked { " locked" } else { "" });
        PictureNode {
            label: page.title.to_string(),
            title: format!("{}, {} minutes{}", page.title, page.minutes, if page.locked { ", locked" } else { "" }),
            href: page.url.to_string(),
            class: format!("{kind}{goal}{lock}"),
        }
    };
    let nodes: Vec<PictureNode> = answer.nodes.iter().enumerate().map(node).collect();
    let places: FxHashMap<&str, usize> = answer.nodes.iter().map(|node| &*node.page.id).zip(0..).collect();
    let edge = |edge: &GraphEdge<'_>| {
        let (from, to) = places.get(&*edge.from).zip(places.get(&*edge.to))?;
        let line = match (is_inferred(edge), &*edge.strength) {
            (true, _) => EdgeLine::Dotted,
            (false, "recommended") => EdgeLine::Dashed,
            (false, _) => EdgeLine::Solid,
        };
        Some(PictureEdge { from: *from, to: *to, line })
    };
    let edges: Vec<PictureEdge> = answer.edges.iter().filter_map(edge).collect();
    let center = answer.nodes.first().map_or("", |node| &*node.page.title);
    let n_inferred = answer.edges.iter().filter(|edge| is_inferred(edge)).count();
    let inferred = match n_inferred {
        0 => String::new(),
        1 => " One edge is dotted: nobody has declared it, the texts speak for it.".to_owned(),
        n => format!(" {n} of the edges are dotted: nobody has declared them, the texts speak for them."),
    };
    let description = format!(
        "{} pages and {} edges; arrows lead from a prerequisite to what needs it, foundations stand at the top.{inferred}",
        nodes.len(),
        edges.len()
    );
    let caption = PictureCaption { prefix: "graph".to_owned(), title: format!("Around {center}"), description };
    boxes(&nodes, &edges, caption).file()
}

fn is_inferred(edge: &GraphEdge<'_>) -> bool {
    edge.origin == Origin::Inferred.as_str()
}

/// What is written at an edge that nobody has declared.
fn inferred_label(edge: &GraphEdge<'_>) -> Option<String> {
    let percent = edge.confidence.unwrap_or_default() * 100.0;
    is_inferred(edge).then(|| format!("inferred, {percent:.0} %"))
}

/// A Mermaid flowchart, as GitHub renders it.
pub(super) fn mermaid(answer: &GraphAnswer<'_>) -> String {
    let number = |id: &str| answer.nodes.iter().position(|node| node.page.id == id);
    let nodes = answer.nodes.iter().enumerate().map(|(n, node)| mermaid_node(n, &node.page.title));
    let edges = answer.edges.iter().filter_map(|edge| {
        let (from, to) = number(&edge.from).zip(number(&edge.to))?;
        Some(match inferred_label(edge) {
            Some(label) => format!("  n{from} -.->|{label}| n{to}\n"),
            None => mermaid_edge(from, to, &edge.relation, edge.strength == "recommended"),
        })
    });
    std::iter::once(MERMAID_HEAD.to_owned()).chain(nodes).chain(edges).collect()
}

/// Graphviz.
pub(super) fn dot(answer: &GraphAnswer<'_>) -> String {
    let nodes = answer.nodes.iter().map(|node| dot_node(&node.page.to_ref()));
    let edges = answer.edges.iter().map(|edge| match inferred_label(edge) {
        Some(label) => {
            let (from, to, label) = (quote(&edge.from), quote(&edge.to), quote(&label));
            format!("  {from} -> {to} [label={label}, style=dotted];\n")
        }
        None => dot_edge(&edge.from, &edge.to, &edge.relation, &edge.strength),
    });
    let head = std::iter::once(DOT_HEAD.to_owned());
    head.chain(nodes).chain(edges).chain(std::iter::once(DOT_TAIL.to_owned())).collect()
}

/// GraphML.
pub(super) fn graphml(answer: &GraphAnswer<'_>) -> String {
    let nodes = answer.nodes.iter().map(|node| graphml_node(&node.page.to_ref()));
    let edges = answer.edges.iter().map(|edge| graphml_edge(&edge.from, &edge.to, &edge.relation, &edge.strength));
    let head = std::iter::once(GRAPHML_HEAD.to_owned());
    head.chain(nodes).chain(edges).chain(std::iter::once(GRAPHML_TAIL.to_owned())).collect()
}

pub(in crate::questions) const MERMAID_HEAD: &str = "flowchart LR\n";
pub(in crate::questions) const DOT_HEAD: &str = "digraph gradus {\n  rankdir=LR;\n  node [shape=box];\n";
pub(in crate::questions) const DOT_TAIL: &str = "}\n";
pub(in crate::questions) const GRAPHML_HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n\
<key id=\"title\" for=\"node\" attr.name=\"title\" attr.type=\"string\"/>\n\
<key id=\"kind\" for=\"node\" attr.name=\"kind\" attr.type=\"string\"/>\n\
<key id=\"url\" for=\"node\" attr.name=\"url\" attr.type=\"string\"/>\n\
<key id=\"relation\" for=\"edge\" attr.name=\"relation\" attr.type=\"string\"/>\n\
<key id=\"strength\" for=\"edge\" attr.name=\"strength\" attr.type=\"string\"/>\n\
<graph edgedefault=\"directed\">\n";
pub(in crate::questions) const GRAPHML_TAIL: &str = "</graph></graphml>\n";

pub(in crate::questions) fn mermaid_node(n: usize, title: &str) -> String {
    format!("  n{n}[\"{}\"]\n", mermaid_text(title))
}

/// Text of a Mermaid label. Renderers take labels for HTML, and `%%{` anywhere for settings of theirs.
fn mermaid_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '"' => out.push_str("#quot;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '`' => out.push_str("#96;"),
            '%' if out.ends_with('%') => out.push_str("#37;"),
            control if control.is_control() => out.push(' '),
            plain => out.push(plain),
        }
    }
    out
}

pub(in crate::questions) fn mermaid_edge(from: usize, to: usize, relation: &str, is_recommended: bool) -> String {
    let arrow = if is_recommended { "-.->" } else { "-->" };
    let label = if relation == "requires" { String::new() } else { format!("|{relation}|") };
    format!("  n{from} {arrow}{label} n{to}\n")
}

pub(in crate::questions) fn dot_node(page: &Ref<'_>) -> String {
    format!("  {} [label={}, URL={}];\n", quote(&page.id), quote(&page.title), quote(&page.url))
}

pub(in crate::questions) fn dot_edge(from: &str, to: &str, relation: &str, strength: &str) -> String {
    let style = if strength == "recommended" { ", style=dashed" } else { "" };
    format!("  {} -> {} [label={}{style}];\n", quote(from), quote(to), quote(relation))
}

pub(in crate::questions) fn graphml_node(page: &Ref<'_>) -> String {
    let (id, title, kind, url) = (escape(&page.id), escape(&page.title), &page.kind, escape(&page.url));
    format!(
        "<node id=\"{id}\"><data key=\"title\">{title}</data><data key=\"kind\">{kind}</data>\
         <data key=\"url\">{url}</data></node>\n"
    )
}

pub(in crate::questions) fn graphml_edge(from: &str, to: &str, relation: &str, strength: &str) -> String {
    let (from, to) = (escape(from), escape(to));
    format!(
        "<edge source=\"{from}\" target=\"{to}\"><data key=\"relation\">{relation}</data>\
         <data key=\"strength\">{strength}</data></edge>\n"
    )
}

/// A quoted string of the DOT language.
fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_nothing_but_text_in_every_picture() {
        let title = "<img src=x onerror=alert(1)> \"]; click n0 %%{init: {}}%% `b`\n\u{1}";
        let told = "  n0[\"#lt;img src=x onerror=alert(1)#gt; #quot;]; click n0 %#37;{init: {}}%#37; #96;b#96;  \"]\n";
        assert_eq!(mermaid_node(0, title), told);
        assert_eq!(escape("<a href='x' b=\"c\">\u{1}\u{fffe}&"), "&lt;a href='x' b=&quot;c&quot;&gt;&amp;");
        assert_eq!(quote("a\" -> b; \\N"), "\"a\\\" -> b; \\\\N\"");
    }
}
