//! Bodies of published pages: from the tree of a page to the same sections that Markdown is read to.
//!
//! What is written is safe for the same reason: tags and attributes of fixed lists, text escaped. Markdown is written beside the
//! HTML, for those who ask for it, and is never read again.

mod elements;
mod heading;
mod markdown;
mod places;

use rustc_hash::FxHashSet;

use super::html::HtmlWriter;
use super::pass::Paragraph;
use super::plain::PlainText;
use super::{Body, BodyLink, LinkForm, forget_lost};
use crate::value::narrow;
use crate::web::{NodeId, NodeKind, WebPage, is_dropped};
use gradus_corpus::{Access, Section, Text};
use markdown::Markdown;
use places::SourcePlaces;

/// Reads the main content of a page. Of a pro guide, everybody may read what stands before the comment `more`. O(page).
pub(crate) fn published_body(page: &WebPage<'_>, access: Access) -> Body {
    let mut pass = WebPass {
        page,
        content: 0,
        access,
        is_locked: access == Access::Pro && !has_preview(page),
        body: Body::default(),
        section: PublishedSection::default(),
        places: SourcePlaces::new(page.source),
        paragraph: None,
        open: Vec::new(),
        numbers: Vec::new(),
        n_lists: 0,
        n_links: 0,
        n_bold: 0,
        n_headings: 0,
        anchors: FxHashSet::default(),
    };
    for content in &page.content {
        pass.content = *content;
        pass.walk(*content);
    }
    pass.end_section();
    pass.body
}

/// Whether a page says where its preview ends.
fn has_preview(page: &WebPage<'_>) -> bool {
    page.content.iter().any(|content| page.tree.below(*content).any(|id| is_more(&page.tree.node(id).kind)))
}

fn is_more(kind: &NodeKind) -> bool {
    matches!(kind, NodeKind::Comment(text) if text.trim().eq_ignore_ascii_case("more"))
}

/// A step of the walk.
enum PublishedStep {
    Enter(NodeId),
    Leave(NodeId),
}

struct WebPass<'a> {
    page: &'a WebPage<'a>,
    /// The content that is read.
    content: NodeId,
    access: Access,
    /// Whether what is read stands behind the preview of a pro guide.
    is_locked: bool,
    body: Body,
    section: PublishedSection,
    places: SourcePlaces<'a>,
    paragraph: Option<Paragraph>,
    /// Elements that are open and that a new text goes on in.
    open: Vec<&'static str>,
    /// The number of the next item of each list that is open, 0 where items have none.
    numbers: Vec<usize>,
    n_lists: usize,
    n_links: usize,
    n_bold: usize,
    n_headings: usize,
    /// Anchors of sections so far.
    anchors: FxHashSet<String>,
}

#[derive(Default)]
struct PublishedSection {
    title: String,
    anchor: String,
    level: u8,
    text: PublishedText,
    locked: PublishedText,
}

/// A text while it is read.
#[derive(Default)]
struct PublishedText {
    html: HtmlWriter,
    plain: PlainText,
    markdown: Markdown,
}

impl PublishedText {
    fn is_empty(&self) -> bool {
        self.plain.text.trim().is_empty() && self.plain.code.trim().is_empty() && !self.markdown.text.contains("](")
    }
}

impl<'a> WebPass<'a> {
    fn walk(&mut self, content: NodeId) {
        let children = |id: NodeId| self.page.tree.node(id).children.iter().rev();
        let mut steps: Vec<PublishedStep> = children(content).map(|child| PublishedStep::Enter(*child)).collect();
        while let Some(step) = steps.pop() {
            match step {
                PublishedStep::Leave(id) => self.leave(id),
                PublishedStep::Enter(id) => {
                    if self.enter(id) {
                        steps.push(PublishedStep::Leave(id));
                        steps.extend(
                            self.page.tree.node(id).children.iter().rev().map(|child| PublishedStep::Enter(*child)),
                        );
                    }
                }
            }
        }
        self.block();
    }

    /// Reads what a node is; whether its inside is to be read too.
    fn enter(&mut self, id: NodeId) -> bool {
        let tree = &self.page.tree;
        match &tree.node(id).kind {
            NodeKind::Nothing => false,
            NodeKind::Comment(_) => {
                if self.access == Access::Pro && !self.is_locked && is_more(&tree.node(id).kind) {
                    self.lock();
                }
                false
            }
            NodeKind::Text { text, lines } => {
                self.text_node(text, lines);
                false
            }
            NodeKind::Element { .. } if is_dropped(tree, id, self.content) => false,
            NodeKind::Element { .. } => self.element(id),
        }
    }

    /// The text that is read now.
    fn text(&mut self) -> &mut PublishedText {
        if self.is_locked { &mut self.section.locked } else { &mut self.section.text }
    }

    /// Ends the preview.
    fn lock(&mut self) {
        self.end_description();
        self.finish_html();
        self.is_locked = true;
        self.resume();
    }

    /// Opens in a new text what was open in the one before.
    fn resume(&mut self) {
        for name in self.open.clone() {
            self.text().html.open_raw(name, std::iter::empty());
            self.text().markdown.open(name, 1);
        }
    }

    /// Reads a text of the page, piece by piece as it stands in lines.
    fn text_node(&mut self, text: &str, lines: &[(usize, u32)]) {
        for (idx, (start, line)) in lines.iter().enumerate() {
            let end = lines.get(idx + 1).map_or(text.len(), |(next, _)| *next);
            let piece = &text[*start..end];
            let words = piece.split_whitespace().collect::<Vec<_>>().join(" ");
            if words.is_empty() || piece.starts_with(is_space) {
                self.space();
            }
            if !words.is_empty() {
                self.words(&words, *line);
                if piece.ends_with(is_space) {
                    self.space();
                }
            }
        }
    }

    fn words(&mut self, words: &str, line: u32) {
        let place = self.places.of(words, line);
        self.note_paragraph(words);
        let text = self.text();
        text.plain.push(words, place);
        text.html.push(words);
        text.markdown.words(words);
    }

    fn space(&mut self) {
        self.note_paragraph(" ");
        let text = self.text();
        text.plain.gap(' ');
        if !text.html.text.is_empty() && !text.html.text.ends_with(['\n', ' ']) {
            text.html.raw(" ");
        }
        text.markdown.space();
    }

    fn note_paragraph(&mut self, words: &str) {
        let (is_linked, is_bold) = (self.n_links > 0, self.n_bold > 0);
        if let Some(paragraph) = &mut self.paragraph {
            let letters = words.chars().filter(|char| char.is_alphabetic()).count();
            paragraph.text.push_str(words);
            paragraph.n_free += if is_linked { 0 } else { letters };
            paragraph.n_plain += if is_linked || is_bold { 0 } else { letters };
        }
    }

    /// Keeps the paragraph that ends as what describes the page, if it reads like a sentence.
    fn end_description(&mut self) {
        let Some(paragraph) = self.paragraph.take() else { return };
        if let Some(text) = paragraph.description()
            && self.body.first_paragraph.is_none()
        {
            self.body.first_paragraph = Some(text);
        }
    }

    /// Begins a line of its own.
    fn block(&mut self) {
        let text = self.text();
        text.plain.gap('\n');
        text.markdown.block();
    }

    /// Keeps a link of the section that is read; its number.
    fn push_link(&mut self, form: LinkForm, target: &str, line: u32) -> usize {
        let (line, column) = self.places.of(target, line);
        let target = self.page.based(target);
        self.body.links.push(BodyLink {
            section_idx: self.body.sections.len(),
            is_locked: self.is_locked,
            form,
            len: narrow(target.chars().count() as u64),
            target,
            line,
            column,
            slot: None,
        });
        self.body.links.len() - 1
    }

    fn id(&mut self, id: &str) {
        // Lines of code are places that nobody names in a text, and there are thousands of them.
        let id = id.trim();
        if !id.is_empty() && !id.starts_with("__codelineno") {
            self.body.ids.push(id.into());
        }
    }

    /// Ends the section that is open. A lead without any text is none.
    fn end_section(&mut self) {
        self.end_description();
        self.finish_html();
        let PublishedSection { title, anchor, level, text, locked } = std::mem::take(&mut self.section);
        let idx = self.body.sections.len();
        let has_links = self.body.links.last().is_some_and(|link| link.section_idx == idx);
        if level == 0 && title.is_empty() && !has_links && text.is_empty() && locked.is_empty() {
            return;
        }
        self.body.n_words += title.split_whitespace().count();
        let is_locked = !locked.is_empty() || self.is_locked && has_links;
        let text = self.finished(text);
        let locked = if is_locked { Some(self.finished(locked)) } else { None };
        self.body.sections.push(Section::new(&title, &anchor, level, text, locked));
    }

    /// Closes what is open in the text that is read.
    fn finish_html(&mut self) {
        self.text().html.finish();
        let len = self.text().html.text.len();
        forget_lost(&mut self.body.links, self.body.sections.len(), self.is_locked, len);
    }

    fn finished(&mut self, draft: PublishedText) -> Text {
        let PublishedText { html, mut plain, markdown } = draft;
        plain.trim();
        self.body.n_words += plain.text.split_whitespace().count() + plain.code.split_whitespace().count();
        self.body.places.push(plain.places);
        let html = html.text.trim().to_owned();
        Text { markdown: markdown.finish(), plain: plain.text, code: plain.code, html, ..Text::default() }
    }
}

/// What browsers join to one space; hard spaces stay.
fn is_space(char: char) -> bool {
    matches!(char, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}
