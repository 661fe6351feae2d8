//! Bodies: from Markdown to sections and links.

use pulldown_cmark::{Event, LinkType, Parser, Tag, TagEnd};
use rustc_hash::FxHashMap;

use crate::config::Anchors;
use crate::definitions::Definitions;
use crate::references::{KnownAnchors, LinkForm};
use crate::strip::strip;
use crate::value::{Lines, narrow};
use gradus_corpus::markdown::{options, prose};
use gradus_corpus::{Access, Section, Text};

/// What a body says.
#[derive(Debug, Default)]
pub(crate) struct Body {
    /// The first heading of level one, if it comes before every other.
    pub(crate) title: Option<String>,
    /// The first paragraph that everybody may read, as plain text.
    pub(crate) first_paragraph: Option<String>,
    pub(crate) sections: Vec<Section>,
    /// Where each text of the sections begins, in the order of [`Section::texts`].
    pub(crate) lines: Vec<u32>,
    pub(crate) links: Vec<BodyLink>,
    pub(crate) anchors: KnownAnchors,
    pub(crate) n_words: usize,
}

/// A link before it is resolved.
#[derive(Debug)]
pub(crate) struct BodyLink {
    pub(crate) section_idx: usize,
    pub(crate) is_locked: bool,
    pub(crate) form: LinkForm,
    /// Whether the text of its section shows it: links in headings stand in none.
    pub(crate) has_slot: bool,
    pub(crate) target: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) len: u32,
}

struct Heading {
    start: usize,
    end: usize,
    level: u8,
    title: String,
    id: Option<String>,
}

/// Reads a body that begins at `first_line` of its file.
pub(crate) fn read(raw: &str, first_line: u32, anchors: Anchors, access: Access) -> Body {
    let text = strip(raw);
    let Outline { headings, more } = outline(&text);
    let definitions = Definitions::of(&text);
    let locked_from = match access {
        Access::Free => text.len(),
        Access::Pro => more.unwrap_or(0),
    };
    let mut body = Body::default();
    let mut starts = Vec::new();
    let mut lines = Lines::new(&text, first_line);
    // A lead has the empty anchor.
    let mut taken = FxHashMap::from_iter([(String::new(), 0)]);
    let lead_end = headings.first().map_or(text.len(), |heading| heading.start);
    let titled = headings.first().is_some_and(|first| first.level == 1 && text[..lead_end].trim().is_empty());
    if titled {
        body.title = Some(headings[0].title.clone());
    }
    let lead = Heading { start: 0, end: 0, level: 0, title: String::new(), id: None };
    let all: Vec<&Heading> = std::iter::once(&lead).chain(&headings).collect();
    for (idx, heading) in all.iter().enumerate() {
        let end = all.get(idx + 1).map_or(text.len(), |next| next.start);
        let is_title = titled && idx == 1;
        let is_empty = text[heading.end..end].trim().is_empty();
        if (heading.level == 0 || is_title) && is_empty {
            continue;
        }
        let anchor = if is_title || heading.level == 0 {
            String::new()
        } else {
            anchors.unique(heading.id.as_deref(), &heading.title, &mut taken)
        };
        let cut = locked_from.clamp(heading.end, end);
        let is_locked = cut < end && !text[cut..end].trim().is_empty();
        starts.push((heading.end, cut));
        body.lines.push(lines.at(heading.end).0);
        if is_locked {
            body.lines.push(lines.at(cut).0);
        }
        let markdown =
            |part: &str, hidden_from| Text { markdown: definitions.complete(part, hidden_from), ..Text::default() };
        body.sections.push(Section {
            title: if is_title { "".into() } else { heading.title.as_str().into() },
            anchor: anchor.into(),
            level: if is_title { 0 } else { heading.level },
            access: if is_locked { Access::Pro } else { Access::Free },
            text: markdown(&text[heading.end..cut], locked_from),
            locked: is_locked.then(|| Box::new(markdown(&text[cut..end], text.len()))),
            withheld: false,
        });
    }
    body.n_words = text.split_whitespace().count();
    body.first_paragraph = first_paragraph(&text[..locked_from]);
    body.links = links(&text, &starts, first_line);
    body.anchors = declared_ids(&text, body.title.as_deref(), anchors);
    body.anchors.is_open |= declared_ids(raw, None, anchors).is_open;
    body
}

/// What divides a text.
struct Outline {
    /// Headings that are not inside quotes or lists.
    headings: Vec<Heading>,
    /// Where the first `<!-- more -->` stands, which ends the preview of a pro guide.
    more: Option<usize>,
}

fn outline(text: &str) -> Outline {
    let mut headings = Vec::new();
    let mut more = None;
    let mut depth = 0_u32;
    let mut open: Option<Heading> = None;
    for (event, at) in Parser::new_ext(text, options()).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { level, id, .. }) if depth == 0 => {
                let id = id.map(|id| id.to_string());
                open = Some(Heading { start: at.start, end: at.end, level: level as u8, title: String::new(), id });
            }
            Event::End(TagEnd::Heading(_)) => headings.extend(open.take()),
            Event::Start(Tag::BlockQuote(_) | Tag::List(_) | Tag::FootnoteDefinition(_)) => depth += 1,
            Event::End(TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::FootnoteDefinition) => depth -= 1,
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut open {
                    heading.title.push_str(&text);
                }
            }
            Event::SoftBreak => {
                if let Some(heading) = &mut open {
                    heading.title.push(' ');
                }
            }
            Event::Html(html) | Event::InlineHtml(html) if more.is_none() && is_more(&html) => more = Some(at.start),
            _ => {}
        }
    }
    Outline { headings, more }
}

/// Whether an HTML comment is the marker, with or without space in it.
fn is_more(html: &str) -> bool {
    let comment = html.trim().strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"));
    comment.is_some_and(|comment| comment.trim() == "more")
}

fn first_paragraph(text: &str) -> Option<String> {
    let mut range = None;
    for (event, at) in Parser::new_ext(text, options()).into_offset_iter() {
        if let Event::Start(Tag::Paragraph) = event {
            range = Some(at);
            break;
        }
    }
    let paragraph = prose(&text[range?]).text.replace('\n', " ");
    (!paragraph.trim().is_empty()).then(|| paragraph.trim().to_owned())
}

fn links(text: &str, starts: &[(usize, usize)], first_line: u32) -> Vec<BodyLink> {
    let mut links = Vec::new();
    let mut lines = Lines::new(text, first_line);
    let mut heading_end = 0;
    for (event, at) in Parser::new_ext(text, options()).into_offset_iter() {
        let (form, target) = match event {
            Event::Start(Tag::Heading { .. }) => {
                heading_end = at.end;
                continue;
            }
            Event::Start(Tag::Link { link_type, dest_url, .. }) => (form(link_type, false), dest_url),
            Event::Start(Tag::Image { link_type, dest_url, .. }) => (form(link_type, true), dest_url),
            _ => continue,
        };
        let section = starts.partition_point(|(start, _)| *start <= at.start);
        let Some(section_idx) = section.checked_sub(1) else { continue };
        let (line, column) = lines.at(at.start);
        links.push(BodyLink {
            section_idx,
            is_locked: at.start >= starts[section_idx].1 && starts[section_idx].1 < text.len(),
            form,
            has_slot: at.start >= heading_end,
            target: target.to_string(),
            line,
            column,
            len: narrow(text[at].chars().count() as u64),
        });
    }
    links
}

fn form(link_type: LinkType, is_image: bool) -> LinkForm {
    match link_type {
        LinkType::WikiLink { .. } if is_image => LinkForm::Embed,
        LinkType::WikiLink { .. } => LinkForm::Wikilink,
        LinkType::Autolink | LinkType::Email => LinkForm::Autolink,
        _ if is_image => LinkForm::Image,
        _ => LinkForm::Markdown,
    }
}

/// The ids that a text declares beside its headings.
fn declared_ids(text: &str, title: Option<&str>, anchors: Anchors) -> KnownAnchors {
    let mut known = KnownAnchors::default();
    known.ids.extend(title.map(|title| anchors.unique(None, title, &mut FxHashMap::default()).into()));
    for (event, at) in Parser::new_ext(text, options()).into_offset_iter() {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => known.ids.extend(attributes(&html)),
            Event::End(TagEnd::Paragraph | TagEnd::Item) => {
                let last = text[at].trim_end().rsplit([' ', '\n']).next().unwrap_or_default();
                known.ids.extend(last.starts_with('^').then(|| last.into()));
            }
            _ => {}
        }
    }
    known.is_open =
        ["\n::: ", "{%", "{{", "--8<--", "<!--#include", "\nimport "].iter().any(|mark| text.contains(mark));
    known
}

/// The values of `id` and `name` in a run of HTML.
fn attributes(html: &str) -> Vec<Box<str>> {
    let starts = html.match_indices(" id=").chain(html.match_indices(" name="));
    let values = starts.filter_map(|(at, found)| {
        let value = &html[at + found.len()..];
        let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''));
        match quote {
            Some(quote) => value[1..].split(quote).next(),
            None => value.split([' ', '>', '\n']).next(),
        }
    });
    values.map(Into::into).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(text: &str, access: Access) -> String {
        let body = read(text, 1, Anchors::Github, access);
        let section = |section: &Section| {
            let locked = section.locked.as_ref().map_or(String::new(), |text| format!(" | {}", text.markdown.trim()));
            format!("{} {}#{}: {}{locked}", section.level, section.title, section.anchor, section.text.markdown.trim())
        };
        body.sections.iter().map(section).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_section_is_a_heading_and_the_text_under_it() {
        let text = "# Title\n\nlead\n\n## One\n\na\n\n### C++ & more!\n\nb\n\n## One\n\n> # quoted\n\nc\n\nSetext\n------\nd\n";
        assert_eq!(
            outline(text, Access::Free),
            "0 #: lead\n2 One#one: a\n3 C++ & more!#c--more: b\n2 One#one-1: > # quoted\n\nc\n2 Setext#setext: d"
        );
    }

    #[test]
    fn the_preview_ends_at_more() {
        let text = "lead\n\n## One\n\nshown\n\n<!-- more -->\n\nhidden\n\n## Two\n\nalso\n";
        assert_eq!(
            outline(text, Access::Pro),
            "0 #: lead\n2 One#one: shown | <!-- more -->\n\nhidden\n2 Two#two:  | also"
        );
        assert_eq!(outline("## One\n\nx\n", Access::Pro), "2 One#one:  | x");
        assert_eq!(
            outline("a `<!-- more -->` b\n\n<!--more-->\n\nc", Access::Pro),
            "0 #: a `<!-- more -->` b | <!--more-->\n\nc"
        );
        assert_eq!(outline("see [a]\n<!-- more -->\n[a]: /a", Access::Pro), "0 #: see [a] | <!-- more -->\n[a]: /a");
    }

    #[test]
    fn anchors_are_unique_and_many_of_one_title_cost_no_more_than_others() {
        assert_eq!(
            outline("lead\n## !\n## a\n## a-1\n## a\n", Access::Free),
            "0 #: lead\n2 !#-1: \n2 a#a: \n2 a-1#a-1: \n2 a#a-2: "
        );
        let many = read(&"## a\n".repeat(50_000), 1, Anchors::Github, Access::Free);
        assert_eq!((many.sections.len(), &*many.sections[49_999].anchor), (50_000, "a-49999"));
    }

    #[test]
    fn the_first_paragraph_is_never_a_locked_one() {
        assert_eq!(read("secret\n", 1, Anchors::Github, Access::Pro).first_paragraph, None);
        assert_eq!(read("# T\n\nA *b*\nc.\n\nd", 1, Anchors::Github, Access::Free).first_paragraph.unwrap(), "A b c.");
    }

    #[test]
    fn links_know_their_section_and_place() {
        let body = read(
            "[[A|x]] [b](b.md#s)\n\n## H\n\nsee [[C]]\n<https://x.y> [d](#d)\n",
            10,
            Anchors::Github,
            Access::Free,
        );
        let links: Vec<String> = body
            .links
            .iter()
            .map(|link| format!("{} {} {}:{} {:?}", link.section_idx, link.target, link.line, link.column, link.form))
            .collect();
        assert_eq!(
            links,
            [
                "0 A 10:1 Wikilink",
                "0 b.md#s 10:9 Markdown",
                "1 C 14:5 Wikilink",
                "1 https://x.y 15:1 Autolink",
                "1 #d 15:15 Markdown"
            ]
        );
    }
}
