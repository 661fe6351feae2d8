//! Elements of HTML whose inside their generator does not read as Markdown: they run to their closing tag.

use super::scanner::{Scanner, indentation};
use super::tag::Tag;

/// Elements that are blocks of their own to readers of Markdown.
const BLOCKS: &[&str] = &[
    "article",
    "aside",
    "blockquote",
    "center",
    "details",
    "div",
    "dl",
    "fieldset",
    "figure",
    "footer",
    "form",
    "header",
    "main",
    "nav",
    "ol",
    "p",
    "section",
    "table",
    "ul",
];

impl<'a> Scanner<'a> {
    /// Writes a line of an element that runs to its closing tag: no blank line ends it, and no indentation makes it code.
    pub(super) fn element_line(&mut self, line: &'a str) {
        if line.trim().is_empty() {
            self.at += line.len();
            return;
        }
        let column = self.item();
        self.indent(indentation(line).0, column);
        self.line.start = self.out.text.len();
        self.inline();
    }

    /// Notes how far the element runs that begins here, if its generator reads none of it as Markdown.
    pub(super) fn open_element(&mut self, line: &'a str) {
        if !self.dialect.anchors.keeps_elements_raw() || !self.frames.is_empty() || self.is_paragraph {
            return;
        }
        let Some(tag) = Tag::read(line) else { return };
        let is_block = BLOCKS.iter().any(|name| tag.name.eq_ignore_ascii_case(name));
        let key = format!("element {}", tag.name);
        if !is_block || tag.closes || tag.is_empty || tag.has("markdown") || self.missing.contains(&key) {
            return;
        }
        let limit = self.limit();
        match element_end(&self.raw[..limit], self.at + tag.len, tag.name) {
            Some(end) if self.raw[self.at..end].contains("markdown=") => {}
            Some(end) => self.element_until = end,
            None => {
                self.missing.insert(key);
            }
        }
    }
}

/// Where the element `name` ends that is open at `from`, with its closing tag. O(text of the element).
fn element_end(text: &str, from: usize, name: &str) -> Option<usize> {
    let mut n_open = 1_usize;
    for at in memchr::memchr_iter(b'<', &text.as_bytes()[from..]) {
        let rest = &text[from + at + 1..];
        let (closes, rest) = rest.strip_prefix('/').map_or((false, rest), |rest| (true, rest));
        let is_name = rest.get(..name.len()).is_some_and(|own| own.eq_ignore_ascii_case(name));
        if !is_name || rest[name.len()..].starts_with(|char: char| char.is_alphanumeric() || char == '-') {
            continue;
        }
        n_open = if closes { n_open - 1 } else { n_open + 1 };
        if n_open == 0 {
            let end = rest.find('>')?;
            return Some(text.len() - rest.len() + end + 1);
        }
    }
    None
}
