//! Lists of links that give a book its order, such as mdBook's `SUMMARY.md`.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::address::decode;
use super::ground::join;
use crate::value::line_column;

/// A chapter of a book.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Chapter {
    /// The file, relative to the folder of the list; empty for a chapter that is not written yet.
    pub(super) path: String,
    pub(super) title: String,
    pub(super) line: u32,
}

/// The links of `text` in order.
pub(super) fn chapters(text: &str) -> Vec<Chapter> {
    let mut chapters = Vec::new();
    let mut open: Option<Chapter> = None;
    for (event, at) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) if !dest_url.contains("://") => {
                let path = decode(dest_url.split('#').next().unwrap_or_default());
                let line = line_column(text, at.start).0;
                open = Some(Chapter { path: join("", &path), title: String::new(), line });
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(chapter) = &mut open {
                    chapter.title.push_str(&text);
                }
            }
            Event::End(TagEnd::Link) => chapters.extend(open.take()),
            _ => {}
        }
    }
    chapters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chapters_are_the_links_in_order() {
        let text =
            "# Summary\n\n[Title](t.md)\n\n- [The `x` *y*](./a/b%20c.md)\n  - [Draft]()\n---\n[Out](https://x.y)\n";
        let found: Vec<String> = chapters(text)
            .iter()
            .map(|chapter| format!("{} {} {}", chapter.line, chapter.path, chapter.title))
            .collect();
        assert_eq!(found, ["3 t.md Title", "5 a/b c.md The x y", "6  Draft"]);
    }
}
