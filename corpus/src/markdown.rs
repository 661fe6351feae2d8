//! Markdown: as HTML for readers, as plain text for indexes.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd};

/// What is understood beyond CommonMark: what GitHub renders, wikilinks and heading ids.
pub fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_WIKILINKS
}

/// A text without its markup.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plain {
    /// The prose, inline code included; blocks stand on lines of their own.
    pub text: String,
    /// The code blocks.
    pub code: String,
}

/// Takes the markup away. O(text).
pub fn plain(markdown: &str) -> Plain {
    let Prose { text, code, .. } = prose(markdown);
    Plain { text, code }
}

/// Plain text that remembers where it came from.
#[derive(Debug, Default)]
pub struct Prose {
    /// The text.
    pub text: String,
    code: String,
    /// Offsets in `text` and in the Markdown where runs that are equal in both begin.
    runs: Vec<(usize, usize)>,
    /// Ranges of `text` that are inline code.
    inline_code: Vec<Range<usize>>,
}

impl Prose {
    /// The offset in the Markdown of the character at `offset` of the text.
    pub fn source(&self, offset: usize) -> usize {
        let run = self.runs.partition_point(|(start, _)| *start <= offset);
        let (start, source) = run.checked_sub(1).map_or((0, 0), |idx| self.runs[idx]);
        source + (offset - start)
    }

    /// Whether the character at `offset` of the text is code.
    pub fn is_code(&self, offset: usize) -> bool {
        let next = self.inline_code.partition_point(|range| range.start <= offset);
        next.checked_sub(1).is_some_and(|idx| self.inline_code[idx].contains(&offset))
    }

    fn push(&mut self, text: &str, source: usize) {
        self.runs.push((self.text.len(), source));
        self.text.push_str(text);
    }

    fn gap(&mut self, gap: char, source: usize) {
        if !self.text.is_empty() && !self.text.ends_with(['\n', ' ']) {
            self.runs.push((self.text.len(), source));
            self.text.push(gap);
        }
    }
}

/// The plain text of `markdown`, with the way back from it.
pub fn prose(markdown: &str) -> Prose {
    let mut prose = Prose::default();
    let mut in_code = false;
    for (event, at) in Parser::new_ext(markdown, options()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Text(code) if in_code => prose.code.push_str(&code),
            Event::Text(text) => prose.push(&text, at.start),
            Event::Code(code) => {
                let start = prose.text.len();
                prose.push(&code, at.start);
                prose.inline_code.push(start..prose.text.len());
            }
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::TableCell) => prose.gap(' ', at.start),
            Event::End(
                TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::TableRow | TagEnd::TableHead,
            ) => {
                prose.gap('\n', at.start);
            }
            _ => {}
        }
    }
    prose.text.truncate(prose.text.trim_end().len());
    prose
}

/// The HTML of `markdown`. Raw HTML and links that run scripts are dropped. `hrefs` says where its links and images lead,
/// in their order; those without keep the author's target.
pub fn to_html(markdown: &str, hrefs: &[Option<Box<str>>]) -> String {
    let mut hrefs = hrefs.iter();
    let events = Parser::new_ext(markdown, options()).filter_map(|event| match event {
        Event::Html(_) | Event::InlineHtml(_) => None,
        Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => None,
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            Some(Event::Start(Tag::Link { link_type, dest_url: href(hrefs.next(), dest_url), title, id }))
        }
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
            Some(Event::Start(Tag::Image { link_type, dest_url: href(hrefs.next(), dest_url), title, id }))
        }
        event => Some(event),
    });
    let mut html = String::with_capacity(markdown.len() * 5 / 4);
    pulldown_cmark::html::push_html(&mut html, events);
    html
}

/// What a link leads to: what it was resolved to, else what the author gave if that runs nothing.
fn href<'a>(resolved: Option<&Option<Box<str>>>, given: CowStr<'a>) -> CowStr<'a> {
    if let Some(Some(url)) = resolved {
        return url.to_string().into();
    }
    let scheme = given.split_once(':').map(|(scheme, _)| scheme.trim().to_ascii_lowercase());
    let is_safe = match scheme.as_deref() {
        None | Some("http" | "https" | "mailto" | "tel") => true,
        // A colon behind a slash is part of a path.
        Some(scheme) => scheme.contains(['/', '#', '?']),
    };
    if is_safe { given } else { "#".into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_has_no_markup_and_keeps_code_apart() {
        let markdown =
            "A *big*\n[link](x.md) and [[kv-cache|KV cache]] `x`.\n\n- one\n- two\n\n```rust\nfn f() {}\n```\n";
        let Plain { text, code } = plain(markdown);
        assert_eq!(text, "A big link and KV cache x.\none\ntwo");
        assert_eq!(code, "fn f() {}\n");
    }

    #[test]
    fn prose_knows_where_it_came_from() {
        let markdown = "A **big** `KV` one\nand *KV*";
        let prose = prose(markdown);
        let last = prose.text.rfind("KV").unwrap();
        assert_eq!(&markdown[prose.source(last)..][..2], "KV");
        assert_eq!(prose.source(last), markdown.rfind("KV").unwrap());
        assert!(prose.is_code(prose.text.find("KV").unwrap()));
        assert!(!prose.is_code(last));
    }

    #[test]
    fn html_has_no_scripts() {
        let html = to_html(
            "<script>alert(1)</script>\n\n[a](javascript:alert(1)) [b](data:text/html,x) [c](https://x.y/z:1) <b onclick=x>t</b> [[KV]]",
            &[None, None, None, Some("/kv".into())],
        );
        assert!(!html.contains("alert") && !html.contains("data:") && !html.contains("onclick"), "{html}");
        assert!(
            html.contains("<a href=\"https://x.y/z:1\">c</a>") && html.contains("<a href=\"/kv\">KV</a>"),
            "{html}"
        );
    }
}
