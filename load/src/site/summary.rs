//! Lists of links that give a book its order, such as mdBook's `SUMMARY.md`.

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use super::address::decode;
use super::ground::join;
use crate::value::line_column;
use gradus_corpus::names::text_and_name;

/// A chapter of a book.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Chapter {
    /// The file, relative to the folder of the list; empty for a chapter that is not written yet.
    pub(super) path: String,
    pub(super) title: String,
    pub(super) line: u32,
}

/// The links of `text` to files in order.
pub(super) fn chapters(text: &str) -> Vec<Chapter> {
    let of = |link: Chapter| {
        let path = join("", &decode(link.path.split('#').next().unwrap_or_default()));
        Chapter { path, ..link }
    };
    links(text, Options::empty()).into_iter().filter(|link| !link.path.contains("://")).map(of).collect()
}

/// The links of `text` in order, with their targets as they are written. Of a name in double brackets the text stands first, as
/// wikis that list their pages so have it.
pub(super) fn links(text: &str, options: Options) -> Vec<Chapter> {
    let mut links = Vec::new();
    let mut open: Option<Chapter> = None;
    for (event, at) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Start(Tag::Link { dest_url, link_type, .. }) => {
                let path = match link_type {
                    LinkType::WikiLink { .. } => text_and_name(&text[at.clone()]).1.to_owned(),
                    _ => dest_url.to_string(),
                };
                open = Some(Chapter { path, title: String::new(), line: line_column(text, at.start).0 });
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(link) = &mut open {
                    link.title.push_str(&text);
                }
            }
            Event::End(TagEnd::Link) => links.extend(open.take()),
            _ => {}
        }
    }
    links
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
