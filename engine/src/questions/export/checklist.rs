//! Everything as a list to tick, in an order in which it could be learned.

use gradus_corpus::PageId;
use gradus_corpus::work::checkpoint;

use super::{Lines, once, one_line, title};
use crate::questions::markdown::{link_text, link_to};
use crate::view::View;

/// A heading for each depth of prerequisites, then its pages with a box to tick.
pub(super) fn lines(view: &View) -> Lines<'_> {
    let mut last = None;
    let lines = view.graph.learning_order().into_iter().enumerate().map(move |(idx, (page, depth))| {
        let heading = if last.replace(depth) == Some(depth) { String::new() } else { heading(depth) };
        format!("{heading}{}", line(view, idx + 1, page))
    });
    Box::new(once(format!("# {}\n", one_line(title(view)))).chain(lines))
}

fn heading(depth: u32) -> String {
    match depth {
        0 => "\n## Needs nothing\n\n".to_owned(),
        1 => "\n## 1 step above\n\n".to_owned(),
        depth => format!("\n## {depth} steps above\n\n"),
    }
}

fn line(view: &View, n: usize, id: PageId) -> String {
    checkpoint();
    let page = view.corpus.page(id);
    let lock = if view.can_open(id, None) { "" } else { ", locked" };
    let (title, url) = (link_text(&page.title), link_to(&page.url));
    format!("- [ ] {n}. [{title}]({url}) ({}, {} min{lock})\n", page.kind.as_str(), page.minutes)
}
