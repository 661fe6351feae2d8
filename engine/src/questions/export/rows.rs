//! Rows: everything as JSON Lines, which Gradus reads back, and the edges as CSV.

use gradus_corpus::Edge;
use serde::Serialize;

use super::{Lines, directed, ends, once, pages};
use crate::view::View;

/// One JSON object for the site, then one a page, then one an edge. Gradus reads site and pages back as they were.
pub(super) fn jsonl(view: &View) -> Lines<'_> {
    let corpus = &view.corpus;
    let rows = pages(view).map(|id| gradus_load::page_row(corpus, id));
    Box::new(once(gradus_load::site_row(corpus)).chain(rows).chain(corpus.edges().map(|edge| jsonl_edge(view, &edge))))
}

/// The edges with their ends' titles.
pub(super) fn csv(view: &View) -> Lines<'_> {
    Box::new(once(CSV_HEAD).chain(view.corpus.edges().map(|edge| csv_edge(view, &edge))))
}

/// An edge. `kind` keeps it apart from pages; the loader passes over it, since the pages say the same.
#[derive(Serialize)]
struct JsonlEdge<'a> {
    kind: &'static str,
    from: String,
    to: String,
    relation: &'static str,
    strength: &'static str,
    origin: &'static str,
    count: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    file: &'a str,
    line: u32,
    column: u32,
}

fn jsonl_edge(view: &View, edge: &Edge) -> String {
    let (from, to) = ends(view, edge);
    line(&JsonlEdge {
        kind: "edge",
        from,
        to,
        relation: edge.relation.as_str(),
        strength: edge.strength.as_str(),
        origin: edge.origin.as_str(),
        count: edge.count,
        reason: edge.reason.as_deref(),
        file: view.corpus.files().get(edge.position.file as usize).map_or("", |file| file),
        line: edge.position.line,
        column: edge.position.column,
    })
}

fn line<T: Serialize>(value: &T) -> String {
    // Strings and numbers always serialise.
    let mut line = serde_json::to_string(value).unwrap_or_default();
    line.push('\n');
    line
}

const CSV_HEAD: &str = "from,from_title,to,to_title,relation,strength,origin,count,reason\r\n";

/// A row as RFC 4180 wants it.
fn csv_edge(view: &View, edge: &Edge) -> String {
    let (from, to) = directed(edge);
    let (from, to) = (view.corpus.page(from), view.corpus.page(to));
    let count = edge.count.to_string();
    let (from_id, to_id) = (from.id(), to.id());
    let cells = [
        &from_id,
        &*from.title,
        &to_id,
        &to.title,
        edge.relation.as_str(),
        edge.strength.as_str(),
        edge.origin.as_str(),
        &count,
        edge.reason.as_deref().unwrap_or_default(),
    ];
    let mut row = cells.map(csv_cell).join(",");
    row.push_str("\r\n");
    row
}

/// A cell that is text in every program. Spreadsheets compute what begins like a formula, so that the titles of a stranger
/// could call out; a quote before it says that it is text, at the price that other readers see the quote.
fn csv_cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        for (text, cell) in [
            ("=HYPERLINK(\"//x\")", "\"'=HYPERLINK(\"\"//x\"\")\""),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "\"'\r=1\""),
            ("＝1", "'＝1"),
            ("a=b", "a=b"),
            ("a,b", "\"a,b\""),
            ("", ""),
        ] {
            assert_eq!(csv_cell(text), cell, "{text:?}");
        }
    }
}
