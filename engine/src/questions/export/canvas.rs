//! JSON Canvas 1.0: a board with a card for each page, in columns from what needs nothing to what needs most, as Obsidian opens it.

use gradus_corpus::{Edge, Kind, PageId, Relation, Strength};
use serde_json::json;

use super::{Lines, once, one_line};
use crate::view::View;

/// Size of a card and the room between cards, in the pixels of the format.
const CARD: (u32, u32) = (320, 140);
const GAP: (u32, u32) = (120, 30);

/// Cards, then the arrows of what is needed and of what teaches: mentions and links would bury them.
pub(super) fn lines(view: &View) -> Lines<'_> {
    let mut rows: Vec<u32> = Vec::new();
    let cards = view.graph.learning_order().into_iter().enumerate().map(move |(n, (page, depth))| {
        let column = depth as usize;
        rows.resize(rows.len().max(column + 1), 0);
        let row = rows[column];
        rows[column] += 1;
        format!("{}{}", if n == 0 { "" } else { ",\n" }, card(view, page, depth, row))
    });
    let is_drawn = |edge: &&Edge| matches!(edge.relation, Relation::Requires | Relation::Assumes | Relation::Teaches);
    let arrows = view.corpus.declared().iter().filter(is_drawn).enumerate();
    let arrows = arrows.map(|(n, edge)| format!("{}{}", if n == 0 { "" } else { ",\n" }, arrow(view, n, edge)));
    Box::new(once("{\"nodes\":[\n").chain(cards).chain(once("\n],\"edges\":[\n")).chain(arrows).chain(once("\n]}\n")))
}

fn card(view: &View, id: PageId, depth: u32, row: u32) -> String {
    let page = view.corpus.page(id);
    let title = one_line(&page.title).replace(['[', ']'], "");
    let mut text = format!("**[{title}](<{}>)**", page.url.replace(['<', '>', '\n'], ""));
    if let Some(description) = &page.description {
        text.push_str("\n\n");
        text.push_str(&one_line(description));
    }
    // The colours of the format are numbers that programs choose a colour for: 4 is green, 6 is purple.
    let color = if page.kind == Kind::Concept { "4" } else { "6" };
    json!({
        "id": page.id(), "type": "text", "text": text, "color": color,
        "x": depth * (CARD.0 + GAP.0), "y": row * (CARD.1 + GAP.1), "width": CARD.0, "height": CARD.1,
    })
    .to_string()
}

/// An arrow in the direction in which learning goes; what teaches stands before what it teaches.
fn arrow(view: &View, n: usize, edge: &Edge) -> String {
    let (from, to) = super::ends(view, edge);
    let label = match (edge.relation, edge.strength) {
        (Relation::Teaches, _) => Some("teaches"),
        (_, Strength::Recommended) => Some("recommended"),
        _ => None,
    };
    let mut arrow = json!({
        "id": format!("e{n}"), "fromNode": from, "fromSide": "right", "toNode": to, "toSide": "left",
    });
    if let Some(label) = label {
        arrow["label"] = label.into();
    }
    arrow.to_string()
}
