//! HTML that authors write: its words, its links, its places, and what of it may be shown.

use std::ops::Range;

use super::LinkForm;
use super::heading::Heading;
use super::html::{element, is_phrasing, is_void};
use super::pass::{Paragraph, Pass};
use super::tag::Tag;
use crate::value::narrow;

/// Elements whose inside is no text.
const SILENT: &[&str] = &["script", "style", "template", "svg", "iframe", "object", "noembed", "title", "head"];

impl Pass<'_> {
    pub(super) fn html_line(&mut self, html: &str, at: usize) {
        match &mut self.block {
            Some(block) => {
                block.lines.push((block.html.len(), at));
                block.html.push_str(html);
            }
            None => self.inline_html(html, at),
        }
    }

    /// Reads the block of raw HTML that ends.
    pub(super) fn html_block(&mut self, end: usize) {
        let Some(block) = self.block.take() else { return };
        let mut at = 0;
        while let Some(found) = memchr::memchr(b'<', &block.html.as_bytes()[at..]) {
            let open = at + found;
            self.html_text(&block.html[at..open], block.source(at));
            at = open + self.markup_len(&block.html[open..], block.source(open), true);
        }
        self.html_text(&block.html[at..], block.source(at));
        if self.heading.as_ref().is_some_and(|heading| heading.is_html && !heading.title.trim().is_empty()) {
            self.close_heading(end);
        }
        self.text().plain.gap('\n');
        self.text().html.line();
    }

    pub(super) fn inline_html(&mut self, html: &str, at: usize) {
        self.markup_len(html, at, false);
    }

    /// Reads the tag or comment at the start of `html`; how long it is.
    fn markup_len(&mut self, html: &str, at: usize, is_block: bool) -> usize {
        for (open, close) in [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<!", ">"), ("<?", "?>")] {
            if html.starts_with(open) {
                return html.find(close).map_or(html.len(), |end| end + close.len());
            }
        }
        let Some(tag) = Tag::read(html) else {
            self.html_text("<", at);
            return 1;
        };
        let name = SILENT.iter().find(|name| tag.name.eq_ignore_ascii_case(name));
        if let Some(name) = name.filter(|_| is_block && !tag.closes && !tag.is_empty) {
            if self.missing.contains(name) {
                return tag.len;
            }
            return match closing(html, tag.len, name) {
                Some(end) => end + Tag::read(&html[end..]).map_or(2 + name.len(), |tag| tag.len),
                // Scripts and styles end with their document.
                None if matches!(*name, "script" | "style") => html.len(),
                None => {
                    self.missing.insert(name);
                    tag.len
                }
            };
        }
        let len = tag.len;
        self.raw_tag(&tag, at);
        len
    }

    /// Words between tags.
    fn html_text(&mut self, html: &str, at: usize) {
        if html.is_empty() {
            return;
        }
        let text = html_escape::decode_html_entities(html);
        if self.text().html.is_in("pre") {
            // The line break behind the tag is none of the code.
            let is_first = self.text().html.text.ends_with("<pre>");
            let code = if is_first { text.strip_prefix('\n').unwrap_or(&text) } else { &text };
            return self.code_block(code);
        }
        let mut offset = 0;
        for (idx, line) in text.split('\n').enumerate() {
            if idx > 0 {
                self.line_gap();
            }
            // Offsets of what entities made are those of the text before: near enough for a place.
            let lead = line.len() - line.trim_start().len();
            let words = line.trim_start();
            if lead > 0 && !words.is_empty() && idx == 0 {
                self.line_gap();
            }
            if !words.is_empty() {
                self.words(words, at + (offset + lead).min(html.len() - 1));
            }
            offset += line.len() + 1;
        }
    }

    fn line_gap(&mut self) {
        if self.heading.is_some() {
            return self.words(" ", self.base);
        }
        self.note_paragraph(" ");
        let text = self.text();
        text.plain.gap(' ');
        if !text.html.text.is_empty() && !text.html.text.ends_with(['\n', '>', ' ']) {
            text.html.raw("\n");
        }
    }

    fn raw_tag(&mut self, tag: &Tag<'_>, at: usize) {
        let lower = tag.name.to_ascii_lowercase();
        let level = match lower.as_bytes() {
            [b'h', digit @ b'1'..=b'6'] => digit - b'0',
            _ => 0,
        };
        if level > 0 && self.raw_heading(tag, level, at) {
            return;
        }
        if !tag.closes {
            self.raw_ids(tag, &lower);
        }
        if self.heading.is_some() || self.image.is_some() {
            return self.tag_in_heading(tag, &lower, at);
        }
        let Some(name) = element(&lower) else { return };
        let gap = if matches!(name, "td" | "th" | "br") { ' ' } else { '\n' };
        if !is_phrasing(name) {
            self.text().plain.gap(gap);
        }
        if tag.closes {
            self.close_element(name);
        } else {
            self.open_element(tag, name, at);
        }
    }

    /// A link or picture in a heading is kept, without a look of its own.
    fn tag_in_heading(&mut self, tag: &Tag<'_>, name: &str, at: usize) {
        if name == "br" {
            self.words(" ", at);
        }
        if !tag.closes
            && let Some(target) = tag.value(&["href", "src"])
        {
            self.html_link(name, target, tag, at, None);
        }
    }

    fn open_element(&mut self, tag: &Tag<'_>, name: &'static str, at: usize) {
        if matches!(name, "p" | "div") {
            self.end_description();
            self.html_paragraph(name);
        }
        if name == "a" {
            self.depth.links += 1;
        }
        if matches!(name, "b" | "strong") {
            self.depth.bold += 1;
        }
        if !is_phrasing(name) && !is_void(name) && !tag.has("markdown") {
            self.raw_elements.push(name);
        }
        let source = tag.attributes.iter().map(|attribute| (attribute.name, attribute.value.as_ref()));
        let slot = self.text().html.open_raw(name, source);
        match tag.value(&["href", "src"]) {
            Some(target) if matches!(name, "a" | "img") => self.html_link(name, target, tag, at, slot),
            _ => {}
        }
        if name == "img"
            && let Some(alt) = tag.value(&["alt"])
        {
            let place = self.place(at);
            self.text().plain.push(alt, place);
        }
        if name == "br" {
            self.note_paragraph(" ");
            self.text().plain.gap(' ');
        }
    }

    fn html_paragraph(&mut self, name: &str) {
        let is_candidate = self.body.first_paragraph.is_none() && !self.is_locked && self.depth.lists == 0;
        if name == "p" && is_candidate {
            self.paragraph = Some(Paragraph::default());
        }
    }

    fn close_element(&mut self, name: &'static str) {
        match name {
            "p" => self.end_description(),
            "a" => self.depth.links = self.depth.links.saturating_sub(1),
            "b" | "strong" => self.depth.bold = self.depth.bold.saturating_sub(1),
            _ => {}
        }
        self.raw_elements.end(name);
        self.text().html.close_raw(name);
        if !is_phrasing(name) {
            self.text().plain.gap(if matches!(name, "td" | "th") { ' ' } else { '\n' });
        }
    }

    fn html_link(&mut self, name: &str, target: &str, tag: &Tag<'_>, at: usize, slot: Option<Range<usize>>) {
        let place = self.place(at);
        let len = narrow(self.source.text[at..(at + tag.len).min(self.source.text.len())].chars().count() as u64);
        let form = if name == "img" { LinkForm::Image } else { LinkForm::Html };
        self.push_link(form, target, place, len, slot);
    }

    /// Ids that HTML gives to places.
    fn raw_ids(&mut self, tag: &Tag<'_>, name: &str) {
        if let Some(id) = tag.value(&["id"]) {
            self.id(id);
        }
        if name == "a"
            && let Some(id) = tag.value(&["name"])
        {
            self.id(id);
        }
    }

    /// A heading written in HTML begins a section where its generator gives it an anchor, and is the title where it is the
    /// first. `false` if it is neither: then it is text.
    fn raw_heading(&mut self, tag: &Tag<'_>, level: u8, at: usize) -> bool {
        let open = self.heading.as_ref();
        if tag.closes {
            let is_open = open.is_some_and(|heading| heading.is_html && heading.level == level);
            if is_open {
                self.close_heading((at + tag.len).min(self.source.text.len()));
            }
            return is_open;
        }
        if open.is_some() {
            return true;
        }
        let id = tag.value(&["id"]).map(str::to_owned);
        let is_title = level == 1 && self.body.title.is_none();
        if id.is_none() && !is_title && !self.dialect.anchors.reads_html_headings() {
            return false;
        }
        self.end_description();
        self.open_heading(Heading::new(level, at, id, true));
        true
    }
}

/// Where the tag begins that closes the element `name`.
fn closing(html: &str, from: usize, name: &str) -> Option<usize> {
    let is_end = |at: &usize| {
        let end = html.as_bytes().get(from + at + 2..from + at + 2 + name.len());
        end.is_some_and(|end| end.eq_ignore_ascii_case(name.as_bytes()))
    };
    memchr::memmem::find_iter(&html.as_bytes()[from..], b"</").find(is_end).map(|at| from + at)
}
