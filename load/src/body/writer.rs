//! What Markdown's own markup becomes: HTML, plain text, links.

use std::ops::Range;

use pulldown_cmark::{Alignment, CodeBlockKind, Event, LinkType, Tag, TagEnd};

use super::LinkForm;
use super::pass::{Image, Paragraph, Pass};

/// `words`, which stand at `at`, without what of them stands in `ranges`.
fn without(words: &str, at: usize, ranges: &[Range<usize>]) -> String {
    let is_kept = |offset: usize| !ranges.iter().any(|range| range.contains(&(at + offset)));
    words.char_indices().filter(|(offset, _)| is_kept(*offset)).map(|(_, char)| char).collect()
}

/// Endings of files that are pictures.
const PICTURES: &[&str] = &["png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "bmp", "ico"];

impl Pass<'_> {
    /// Words of the text.
    pub(super) fn words(&mut self, words: &str, at: usize) {
        let anchors = self.dialect.anchors;
        if let Some(image) = &mut self.image {
            image.alt.push_str(words);
            if let Some(heading) = &mut self.heading {
                heading.alt(words, anchors);
            } else {
                let place = self.place(at);
                self.text().plain.push(words, place);
            }
            return;
        }
        if let Some(heading) = &mut self.heading {
            if anchors.reads_labels() {
                heading.alias.push_str(&without(words, at, &self.source.filled_in));
            }
            return heading.text(words, anchors);
        }
        self.note_paragraph(words);
        let place = self.place(at);
        let text = self.text();
        text.plain.push(words, place);
        text.html.push(words);
    }

    /// Counts what a paragraph is made of, to tell sentences from badges and titles.
    pub(super) fn note_paragraph(&mut self, words: &str) {
        let (is_linked, is_bold) = (self.depth.links > 0, self.depth.bold > 0);
        if let Some(paragraph) = &mut self.paragraph {
            let letters = words.chars().filter(|char| char.is_alphabetic()).count();
            paragraph.text.push_str(words);
            paragraph.n_free += if is_linked { 0 } else { letters };
            paragraph.n_plain += if is_linked || is_bold { 0 } else { letters };
        }
    }

    pub(super) fn code_span(&mut self, code: &str, at: usize) {
        if let Some(image) = &mut self.image {
            image.alt.push_str(code);
            return;
        }
        if let Some(heading) = &mut self.heading {
            return heading.code(code);
        }
        self.note_paragraph(code);
        let place = self.place(at);
        let text = self.text();
        text.plain.push_code(code, place);
        text.html.raw("<code>");
        text.html.push(code);
        text.html.raw("</code>");
    }

    pub(super) fn code_block(&mut self, code: &str) {
        let text = self.text();
        text.plain.code.push_str(code);
        text.html.push(code);
    }

    pub(super) fn line_break(&mut self, is_hard: bool, at: usize) {
        let anchors = self.dialect.anchors;
        if let Some(image) = &mut self.image {
            image.alt.push(' ');
            return;
        }
        if let Some(heading) = &mut self.heading {
            return heading.line_break(anchors);
        }
        self.note_paragraph(" ");
        let place = self.place(at);
        let text = self.text();
        if is_hard {
            text.html.raw("<br />");
        }
        text.html.raw("\n");
        if !text.plain.text.ends_with([' ', '\n']) {
            text.plain.push(" ", place);
        }
    }

    pub(super) fn footnote_reference(&mut self, name: &str) {
        let anchors = self.dialect.anchors;
        let number = self.footnote(name);
        if let Some(heading) = &mut self.heading {
            return heading.footnote(number, anchors);
        }
        let html = &mut self.text().html;
        html.raw("<sup class=\"footnote-reference\"><a");
        html.address("href", &format!("#fn-{name}"));
        html.raw(&format!(">{number}</a></sup>"));
    }

    fn footnote(&mut self, name: &str) -> usize {
        let next = self.footnotes.len() + 1;
        *self.footnotes.entry(name.to_owned()).or_insert(next)
    }

    pub(super) fn open_link(&mut self, link_type: LinkType, url: &str, title: &str, label: &str, at: Range<usize>) {
        let is_of_site = !matches!(link_type, LinkType::Autolink | LinkType::Email);
        let mut idx = None;
        // Foam defines the names of its wikilinks below the text, for other readers of Markdown: the author's word counts.
        let is_wikilink = matches!(link_type, LinkType::WikiLink { .. });
        let defined = self.definition(url).filter(|_| is_wikilink).map(|definition| definition.url.clone());
        let (link_type, url) = defined.as_deref().map_or((link_type, url), |url| (LinkType::Inline, url));
        if is_of_site {
            let form = match link_type {
                LinkType::WikiLink { .. } => LinkForm::Wikilink,
                _ if self.is_page_reference(&at) => LinkForm::Page,
                LinkType::Inline => LinkForm::Markdown,
                _ if self.definition(label).is_some_and(|definition| self.is_page_reference(&definition.span)) => {
                    LinkForm::Page
                }
                _ => LinkForm::Markdown,
            };
            let (place, len) = self.link_place(link_type, label, &at);
            idx = Some(self.push_link(form, url, place, len, None));
        }
        self.depth.links += 1;
        if self.heading.is_some() || self.image.is_some() {
            return;
        }
        let mail = if link_type == LinkType::Email { format!("mailto:{url}") } else { String::new() };
        let html = &mut self.text().html;
        html.open("a");
        let slot = html.address("href", if mail.is_empty() { url } else { &mail });
        if !title.is_empty() {
            html.attribute("title", title);
        }
        html.raw(">");
        if let Some(idx) = idx {
            self.body.links[idx].slot = Some(slot);
        }
    }

    /// Whether a `ref` or its like made the target of the link at `at`.
    fn is_page_reference(&self, at: &Range<usize>) -> bool {
        let references = &self.source.page_references;
        let first = references.partition_point(|reference| *reference < at.start);
        references.get(first).is_some_and(|reference| *reference < at.end)
    }

    pub(super) fn close_link(&mut self) {
        self.depth.links = self.depth.links.saturating_sub(1);
        if self.heading.is_none() && self.image.is_none() {
            self.text().html.close();
        }
    }

    pub(super) fn nested_image(&mut self, by: usize) {
        if let Some(image) = &mut self.image {
            image.depth += by;
        }
    }

    pub(super) fn open_image(&mut self, link_type: LinkType, url: &str, title: &str, label: &str, at: Range<usize>) {
        let is_embed = matches!(link_type, LinkType::WikiLink { .. });
        let form = if is_embed { LinkForm::Embed } else { LinkForm::Image };
        let (place, len) = self.link_place(link_type, label, &at);
        let idx = self.push_link(form, url, place, len, None);
        let alt = String::new();
        self.image =
            Some(Image { alt, target: url.to_owned(), title: title.to_owned(), depth: 0, link_idx: Some(idx) });
    }

    pub(super) fn close_image(&mut self) {
        match &mut self.image {
            Some(image) if image.depth > 0 => image.depth -= 1,
            _ => self.finish_image(),
        }
    }

    fn finish_image(&mut self) {
        let Some(image) = self.image.take() else { return };
        if self.heading.is_some() {
            return;
        }
        let is_page = image.link_idx.is_some_and(|idx| self.body.links[idx].form == LinkForm::Embed)
            && !is_picture(&image.target);
        let html = &mut self.text().html;
        let slot = if is_page {
            html.raw("<a");
            let slot = html.address("href", &image.target);
            html.raw(">");
            html.push(&image.alt);
            html.raw("</a>");
            slot
        } else {
            html.raw("<img");
            let slot = html.address("src", &image.target);
            html.attribute("alt", &image.alt);
            if !image.title.is_empty() {
                html.attribute("title", &image.title);
            }
            html.raw(" />");
            slot
        };
        if let Some(idx) = image.link_idx {
            self.body.links[idx].slot = Some(slot);
        }
    }

    /// Markup without words of its own.
    pub(super) fn markup(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.open(tag),
            Event::End(tag) => self.close(tag),
            _ if self.heading.is_some() || self.image.is_some() => {}
            Event::Rule => {
                let html = &mut self.text().html;
                html.line();
                html.raw("<hr />\n");
            }
            Event::TaskListMarker(is_done) => {
                let checked = if is_done { " checked=\"\"" } else { "" };
                self.text().html.raw(&format!("<input disabled=\"\" type=\"checkbox\"{checked}/>\n"));
            }
            _ => {}
        }
    }

    fn open(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => self.open_paragraph(),
            Tag::BlockQuote(_) => {
                self.depth.quotes += 1;
                self.open_block("blockquote", ">\n");
            }
            Tag::CodeBlock(kind) => self.open_code(&kind),
            Tag::List(start) => {
                self.depth.lists += 1;
                match start {
                    None => self.open_block("ul", ">\n"),
                    Some(1) => self.open_block("ol", ">\n"),
                    Some(start) => self.open_block("ol", &format!(" start=\"{start}\">\n")),
                }
            }
            Tag::Item => self.open_block("li", ">"),
            Tag::FootnoteDefinition(name) => {
                self.depth.lists += 1;
                let number = self.footnote(&name);
                self.open_block("div", " class=\"footnote-definition\"");
                let html = &mut self.text().html;
                html.attribute("id", &format!("fn-{name}"));
                html.raw(&format!("><sup class=\"footnote-definition-label\">{number}</sup>"));
            }
            Tag::DefinitionList => {
                self.depth.lists += 1;
                self.open_block("dl", ">\n");
            }
            Tag::DefinitionListTitle => {
                self.open_block("dt", ">");
                self.paragraph = Some(Paragraph::default());
            }
            Tag::DefinitionListDefinition => self.open_block("dd", ">"),
            Tag::Table(alignments) => {
                self.depth.lists += 1;
                self.table.alignments = alignments;
                self.open_block("table", ">");
            }
            Tag::TableHead => {
                self.table.is_head = true;
                self.table.cell_idx = 0;
                self.open_inline("thead", ">");
                self.open_inline("tr", ">");
            }
            Tag::TableRow => {
                self.table.cell_idx = 0;
                self.open_inline("tr", ">");
            }
            Tag::TableCell => self.open_cell(),
            Tag::Emphasis => self.open_inline("em", ">"),
            Tag::Strong => {
                self.depth.bold += 1;
                self.open_inline("strong", ">");
            }
            Tag::Strikethrough => self.open_inline("del", ">"),
            Tag::Superscript => self.open_inline("sup", ">"),
            Tag::Subscript => self.open_inline("sub", ">"),
            _ => {}
        }
    }

    fn open_cell(&mut self) {
        let name = if self.table.is_head { "th" } else { "td" };
        let aligned = match self.table.alignments.get(self.table.cell_idx) {
            Some(Alignment::Left) => " align=\"left\">",
            Some(Alignment::Center) => " align=\"center\">",
            Some(Alignment::Right) => " align=\"right\">",
            _ => ">",
        };
        self.open_inline(name, aligned);
        self.table.cell_idx += 1;
    }

    pub(super) fn open_block(&mut self, name: &'static str, rest: &str) {
        let text = self.text();
        text.plain.gap('\n');
        text.html.line();
        text.html.open(name);
        text.html.raw(rest);
    }

    fn open_inline(&mut self, name: &'static str, rest: &str) {
        if self.heading.is_none() && self.image.is_none() {
            let html = &mut self.text().html;
            html.open(name);
            html.raw(rest);
        }
    }

    fn close(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Superscript | TagEnd::Subscript => {
                self.depth.bold -= usize::from(tag == TagEnd::Strong).min(self.depth.bold);
                if self.heading.is_none() && self.image.is_none() {
                    self.text().html.close();
                }
                return;
            }
            TagEnd::Paragraph => return self.close_paragraph(),
            TagEnd::CodeBlock => {
                self.is_code = false;
                self.text().html.raw("</code>");
            }
            TagEnd::BlockQuote(_) => self.depth.quotes = self.depth.quotes.saturating_sub(1),
            TagEnd::List(_) | TagEnd::FootnoteDefinition | TagEnd::DefinitionList | TagEnd::Table => {
                self.depth.lists = self.depth.lists.saturating_sub(1);
            }
            TagEnd::DefinitionListTitle => {
                let term = self.paragraph.take().unwrap_or_default().text;
                if self.dialect.has_term_anchors {
                    self.term(&term);
                }
            }
            TagEnd::TableHead => return self.close_table_head(),
            _ => {}
        }
        let is_cell = matches!(tag, TagEnd::TableCell);
        let text = self.text();
        text.plain.gap(if is_cell { ' ' } else { '\n' });
        if tag == TagEnd::Table {
            text.html.close();
        }
        text.html.close();
        text.html.raw(if is_cell { "" } else { "\n" });
    }

    /// The rows behind the head stand in an element that Markdown has no event for.
    fn close_table_head(&mut self) {
        self.table.is_head = false;
        let text = self.text();
        text.plain.gap('\n');
        text.html.close();
        text.html.close();
        text.html.open("tbody");
        text.html.raw(">\n");
    }

    fn open_code(&mut self, kind: &CodeBlockKind<'_>) {
        self.is_code = true;
        self.open_block("pre", "><code");
        let html = &mut self.text().html;
        if let CodeBlockKind::Fenced(info) = kind
            && let Some(language) = info.split([' ', ',', '{']).next().filter(|language| !language.is_empty())
        {
            html.attribute("class", &format!("language-{language}"));
        }
        html.raw(">");
    }

    pub(super) fn open_paragraph(&mut self) {
        let is_candidate = self.body.first_paragraph.is_none() && !self.is_locked && self.depth.lists == 0;
        if is_candidate && self.heading.is_none() {
            self.paragraph = Some(Paragraph::default());
        }
        if self.heading.is_none() {
            self.open_block("p", ">");
        }
    }

    fn close_paragraph(&mut self) {
        self.end_description();
        if self.heading.is_some() {
            return;
        }
        let text = self.text();
        text.plain.gap('\n');
        if text.html.close() {
            text.html.raw("\n");
        }
    }

    /// Keeps the paragraph that ends as what describes the page, if it reads like a sentence.
    pub(super) fn end_description(&mut self) {
        let Some(paragraph) = self.paragraph.take() else { return };
        if let Some(text) = paragraph.description()
            && self.body.first_paragraph.is_none()
        {
            self.body.first_paragraph = Some(text);
        }
    }
}

fn is_picture(target: &str) -> bool {
    let path = target.split(['#', '?', '|']).next().unwrap_or(target);
    path.rsplit_once('.').is_some_and(|(_, ending)| PICTURES.iter().any(|known| known.eq_ignore_ascii_case(ending)))
}
