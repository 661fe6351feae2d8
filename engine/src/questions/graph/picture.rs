//! Neighbourhoods as pictures: layered SVG, Mermaid, DOT, GraphML.

use std::fmt::Write as _;

use super::{GraphAnswer, GraphEdge, GraphNode};
use crate::questions::reference::Ref;

/// Width of a box in user units.
const BOX_WIDTH: f32 = 180.0;
/// Height of a box.
const BOX_HEIGHT: f32 = 40.0;
/// From one layer to the next.
const LAYER_STEP: f32 = 250.0;
/// From one row to the next.
const ROW_STEP: f32 = 60.0;
/// Around the drawing.
const MARGIN: f32 = 20.0;
/// Characters of a title that fit a box.
const BOX_CHARS: usize = 24;

/// Colours for light and dark pages; shape and text carry the meaning.
const STYLE: &str = "<style>\
:root{color-scheme:light dark}\
text{font:13px system-ui,sans-serif;fill:#1b1f24}\
rect{fill:#f6f8fa;stroke:#57606a}\
.guide rect{fill:#e8f1ff;stroke:#0a58ca}\
.center rect{stroke-width:3}\
path{fill:none;stroke:#57606a;stroke-width:1.4}\
.recommended{stroke-dasharray:5 4}\
a:focus rect,a:hover rect{stroke:#0a58ca;stroke-width:3}\
@media (prefers-color-scheme:dark){text{fill:#e6edf3}rect{fill:#161b22;stroke:#8b949e}\
.guide rect{fill:#0d2440;stroke:#58a6ff}path{stroke:#8b949e}}\
</style>";

/// A layered drawing, foundations at the left; each box is a link and has its title as text.
pub(super) fn svg(answer: &GraphAnswer<'_>) -> String {
    let far = |at: fn(&GraphNode<'_>) -> f32| answer.nodes.iter().map(at).fold(0.0, f32::max);
    let width = far(|node| place(node).0) + BOX_WIDTH + MARGIN;
    let height = far(|node| place(node).1) + BOX_HEIGHT + MARGIN;
    let center = answer.nodes.first().map_or("", |node| &*node.page.title);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
         height=\"{height:.0}\" role=\"graphics-document\" aria-labelledby=\"title desc\">\
         <title id=\"title\">Around {}</title><desc id=\"desc\">{} pages and {} edges; arrows lead from a prerequisite \
         to what needs it.</desc>{STYLE}<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" \
         markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0 8 4 0 8\"/></marker></defs>",
        escape(center),
        answer.nodes.len(),
        answer.edges.len(),
    );
    for edge in &answer.edges {
        draw_edge(&mut out, answer, edge);
    }
    for (idx, node) in answer.nodes.iter().enumerate() {
        draw_node(&mut out, node, idx == 0);
    }
    out.push_str("</svg>\n");
    out
}

fn place(node: &GraphNode<'_>) -> (f32, f32) {
    #[expect(clippy::cast_precision_loss, reason = "a picture has at most 500 layers")]
    let layer = node.layer as f32;
    (MARGIN + layer * LAYER_STEP, MARGIN + node.row * ROW_STEP)
}

fn draw_node(out: &mut String, node: &GraphNode<'_>, is_center: bool) {
    let (x, y) = place(node);
    let class = if is_center { format!("{} center", node.page.kind) } else { node.page.kind.to_string() };
    let mut label: String = node.page.title.chars().take(BOX_CHARS).collect();
    if label.len() < node.page.title.len() {
        label.push('…');
    }
    write_out(
        out,
        format_args!(
            "<a class=\"{class}\" href=\"{}\"><title>{}, {} minutes</title><rect x=\"{x:.1}\" y=\"{y:.1}\" \
             width=\"{BOX_WIDTH}\" height=\"{BOX_HEIGHT}\" rx=\"6\"/><text x=\"{:.1}\" y=\"{:.1}\">{}</text></a>",
            escape(&node.page.url),
            escape(&node.page.title),
            node.page.minutes,
            x + 10.0,
            y + 25.0,
            escape(&label),
        ),
    );
}

fn draw_edge(out: &mut String, answer: &GraphAnswer<'_>, edge: &GraphEdge<'_>) {
    let find = |id: &str| answer.nodes.iter().find(|node| node.page.id == id).map(place);
    let Some(((from_x, from_y), (to_x, to_y))) = find(&edge.from).zip(find(&edge.to)) else { return };
    let (start_x, start_y) = (from_x + BOX_WIDTH, from_y + BOX_HEIGHT / 2.0);
    let (end_x, end_y) = (to_x, to_y + BOX_HEIGHT / 2.0);
    let bend = (LAYER_STEP - BOX_WIDTH) / 2.0;
    write_out(
        out,
        format_args!(
            "<path class=\"{}\" marker-end=\"url(#arrow)\" d=\"M{start_x:.1} {start_y:.1}C{:.1} {start_y:.1} {:.1} \
             {end_y:.1} {end_x:.1} {end_y:.1}\"/>",
            edge.strength,
            start_x + bend,
            end_x - bend,
        ),
    );
}

/// A Mermaid flowchart, as GitHub renders it.
pub(super) fn mermaid(answer: &GraphAnswer<'_>) -> String {
    let number = |id: &str| answer.nodes.iter().position(|node| node.page.id == id);
    let nodes = answer.nodes.iter().enumerate().map(|(n, node)| mermaid_node(n, &node.page.title));
    let edges = answer.edges.iter().filter_map(|edge| {
        let (from, to) = number(&edge.from).zip(number(&edge.to))?;
        Some(mermaid_edge(from, to, &edge.relation, edge.strength == "recommended"))
    });
    std::iter::once(MERMAID_HEAD.to_owned()).chain(nodes).chain(edges).collect()
}

/// Graphviz.
pub(super) fn dot(answer: &GraphAnswer<'_>) -> String {
    let nodes = answer.nodes.iter().map(|node| dot_node(&node.page.to_ref()));
    let edges = answer.edges.iter().map(|edge| dot_edge(&edge.from, &edge.to, &edge.relation, &edge.strength));
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
    let title = title.replace('"', "#quot;").replace(['\n', '\r'], " ");
    format!("  n{n}[\"{title}\"]\n")
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

/// Text for XML content and attributes, without the characters that XML 1.0 has no way to write.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            control if control.is_control() && !matches!(control, '\t' | '\n' | '\r') => {}
            plain => out.push(plain),
        }
    }
    out
}

/// Writing to a `String` cannot fail.
fn write_out(out: &mut String, text: std::fmt::Arguments<'_>) {
    let written = out.write_fmt(text);
    debug_assert!(written.is_ok());
}
