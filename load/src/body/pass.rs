//! The one walk over a document's events.

use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;

use pulldown_cmark::{BrokenLink, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};
use rustc_hash::FxHashMap;

use super::common_mark::{CommonMark, IdOf};
use super::definitions::Definitions;
use super::emoji;
use super::heading::Heading;
use super::html::HtmlWriter;
use super::open_elements::OpenElements;
use super::plain::PlainText;
use super::{Body, BodyLink, Dialect, LinkForm, Slip};
use crate::anchors::{Anchors, Slugger};
use crate::value::{Lines, narrow};
use gradus_corpus::names::text_and_name;

/// Bytes of marks of quotes and list items that a heading may stand behind.
const MAX_MARKS_BYTES: usize = 256;

pub(super) struct Pass<'a> {
    pub(super) source: &'a CommonMark,
    pub(super) dialect: Dialect<'a>,
    pub(super) body: Body,
    /// Where what is read stands in the file.
    lines: Lines<'a>,
    first_line: u32,
    raw: &'a str,
    slugger: Slugger,
    /// Makes the further ids of MyST.
    aliases: Slugger,
    pub(super) section: SectionDraft,
    /// Whether what is read stands behind the preview of a pro guide.
    pub(super) is_locked: bool,
    /// Where the part of the source that is read begins.
    pub(super) base: usize,
    /// Where the text that is read began to count for its section.
    pub(super) from: usize,
    pub(super) heading: Option<Heading>,
    /// Heading levels that were read, the last of them.
    last_level: u8,
    n_headings: usize,
    n_titles: usize,
    nested_title: Option<String>,
    /// The words of the image that is open, and where it leads.
    pub(super) image: Option<Image>,
    /// The definitions of this part and of the one before.
    pub(super) definitions: [Rc<Definitions>; 2],
    pub(super) footnotes: FxHashMap<String, usize>,
    pub(super) paragraph: Option<Paragraph>,
    /// Quotes, lists and the like that are open.
    pub(super) depth: NestingDepth,
    pub(super) table: super::table::TableState,
    pub(super) is_code: bool,
    /// The raw HTML of the block that is open, and where its lines stand.
    pub(super) block: Option<super::html_block::HtmlBlock>,
    pub(super) missing: rustc_hash::FxHashSet<&'static str>,
    /// Elements of HTML that are open and whose inside is no Markdown to the generator.
    pub(super) raw_elements: OpenElements,
    next_id: usize,
    next_link: usize,
    /// Where a link ends whose text has been read before its name.
    read_to: usize,
}

/// What is open.
#[derive(Debug, Default)]
pub(super) struct NestingDepth {
    pub(super) quotes: usize,
    /// Lists, footnotes and definitions.
    pub(super) lists: usize,
    pub(super) links: usize,
    pub(super) bold: usize,
}

/// An image that is open.
#[derive(Debug)]
pub(super) struct Image {
    pub(super) alt: String,
    pub(super) target: String,
    pub(super) title: String,
    /// Images in its words.
    pub(super) depth: usize,
    pub(super) link_idx: Option<usize>,
}

/// A paragraph that may be what the page is described by.
#[derive(Debug, Default)]
pub(super) struct Paragraph {
    pub(super) text: String,
    /// Letters that are no link, and those that are neither link nor bold.
    pub(super) n_free: usize,
    pub(super) n_plain: usize,
}

impl Paragraph {
    /// The paragraph as what describes a page; `None` where it does not read like a sentence.
    pub(super) fn description(&self) -> Option<String> {
        let text = self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let ends_sentence = text.ends_with(['.', '!', '?', ':', '…', '。', '！', '？']);
        // Badges and ways onward are links throughout, titles bold throughout.
        (self.n_free > 0 && (self.n_plain > 0 || ends_sentence)).then_some(text)
    }
}

#[derive(Debug, Default)]
pub(super) struct SectionDraft {
    pub(super) title: String,
    pub(super) anchor: String,
    pub(super) level: u8,
    pub(super) text: TextDraft,
    pub(super) locked: TextDraft,
}

/// A text while it is read.
#[derive(Debug, Default)]
pub(super) struct TextDraft {
    pub(super) ranges: Vec<Range<usize>>,
    pub(super) html: HtmlWriter,
    pub(super) plain: PlainText,
    /// Labels of links whose definitions it needs.
    pub(super) labels: BTreeSet<String>,
}

impl<'a> Pass<'a> {
    pub(super) fn new(raw: &'a str, source: &'a CommonMark, first_line: u32, dialect: Dialect<'a>) -> Self {
        let mut slugger = dialect.anchors.slugger();
        source.ids.iter().filter(|_| dialect.anchors.is_python()).for_each(|id| slugger.reserve(&id.name));
        Self {
            source,
            dialect,
            body: Body::default(),
            lines: Lines::new(raw, first_line),
            first_line,
            raw,
            slugger,
            aliases: Anchors::Github.slugger(),
            section: SectionDraft::default(),
            is_locked: false,
            base: 0,
            from: 0,
            heading: None,
            last_level: 0,
            n_headings: 0,
            n_titles: 0,
            nested_title: None,
            image: None,
            definitions: <[Rc<Definitions>; 2]>::default(),
            footnotes: FxHashMap::default(),
            paragraph: None,
            depth: NestingDepth::default(),
            table: super::table::TableState::default(),
            is_code: false,
            block: None,
            missing: rustc_hash::FxHashSet::default(),
            raw_elements: OpenElements::default(),
            next_id: 0,
            next_link: 0,
            read_to: 0,
        }
    }

    /// Reads a part of the source, which ends with its blocks.
    pub(super) fn part(&mut self, part: Range<usize>, is_locked: bool) {
        let text = &self.source.text[part.clone()];
        self.is_locked = is_locked;
        self.base = part.start;
        self.from = part.start;
        self.depth = NestingDepth::default();
        self.raw_elements = OpenElements::default();
        let before = std::mem::take(&mut self.definitions[0]);
        self.definitions[1] = Rc::clone(&before);
        let elsewhere = |link: BrokenLink<'_>| {
            let found = before.get(&link.reference)?;
            Some((CowStr::from(found.url.clone()), CowStr::from(found.title.clone())))
        };
        let parser = Parser::new_with_broken_link_callback(text, options(self.dialect), Some(elsewhere));
        let events = parser.into_offset_iter();
        let definitions =
            Definitions::of(events.reference_definitions(), self.source, part.start, self.raw, self.first_line);
        self.definitions[0] = Rc::new(definitions);
        for (event, at) in events {
            self.event(event, at.start + part.start..at.end + part.start);
        }
        self.close_heading(part.end);
        self.end_text(part.end);
        // What stands open here is closed by the end of the part.
        self.finish_html();
        // A mark at the very end belongs to this part; those of the next stand behind its first words.
        let is_last = part.end == self.source.text.len();
        self.side_marks(part.end + usize::from(is_last));
    }

    pub(super) fn finish(mut self) -> Body {
        self.end_section();
        let mut body = self.body;
        body.title = body.title.or(self.nested_title);
        if let Some(at) = self.source.unclosed_fence {
            let (line, column) = Lines::new(self.raw, self.first_line).at(at);
            body.slips.push((Slip::UnclosedFence, line, column));
        }
        body
    }

    /// The text that is read now.
    pub(super) fn text(&mut self) -> &mut TextDraft {
        if self.is_locked { &mut self.section.locked } else { &mut self.section.text }
    }

    /// Line and column in the file of what stands at `at` in the source.
    pub(super) fn place(&mut self, at: usize) -> (u32, u32) {
        self.lines.at(self.source.source(at))
    }

    fn event(&mut self, event: Event<'_>, at: Range<usize>) {
        if self.next_id < self.source.ids.len() || self.next_link < self.source.links.len() {
            self.side_marks(at.start);
        }
        self.end_html_heading(&event, &at);
        match event {
            Event::Text(_) | Event::SoftBreak if at.start < self.read_to => {}
            Event::Start(Tag::Link { link_type: link_type @ LinkType::WikiLink { has_pothole: true }, .. })
                if self.dialect.has_text_first =>
            {
                self.text_before_name(link_type, at);
            }
            Event::Start(Tag::Heading { .. }) if self.is_raw() => self.open_block("p", ">"),
            Event::End(TagEnd::Heading(_)) if self.heading.is_none() => {
                self.text().plain.gap('\n');
                self.text().html.close();
            }
            Event::Start(Tag::Heading { level, .. }) => {
                self.open_heading(Heading::new(level as u8, at.start, None, false))
            }
            Event::End(TagEnd::Heading(_)) => self.close_heading(at.end),
            Event::Start(Tag::HtmlBlock) => self.block = Some(super::html_block::HtmlBlock::default()),
            Event::End(TagEnd::HtmlBlock) => self.html_block(at.end),
            Event::Html(html) => self.html_line(&html, at.start),
            Event::InlineHtml(html) => self.inline_html(&html, at.start),
            Event::Start(Tag::Image { .. }) if self.image.is_some() => self.nested_image(1),
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                self.open_link(link_type, &dest_url, &title, &id, at)
            }
            Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
                self.open_image(link_type, &dest_url, &title, &id, at);
            }
            Event::End(TagEnd::Link) => self.close_link(),
            Event::End(TagEnd::Image) => self.close_image(),
            Event::Text(text) if self.is_code => self.code_block(&text),
            Event::Text(text) => self.words(&text, at.start),
            Event::Code(code) => self.code_span(&code, at.start),
            Event::SoftBreak | Event::HardBreak => self.line_break(matches!(event, Event::HardBreak), at.start),
            Event::FootnoteReference(name) => self.footnote_reference(&name),
            event => self.markup(event),
        }
    }

    /// Opens the link `[[text|name]]`, which stands at `at`.
    fn text_before_name(&mut self, link_type: LinkType, at: Range<usize>) {
        let (text, name) = text_and_name(&self.source.text[at.clone()]);
        self.read_to = at.end;
        let start = at.start + "[[".len();
        self.open_link(link_type, name, "", "", at);
        self.words(text, start);
    }

    /// A heading written in HTML that nobody closed ends with what it began in, and where a block begins that no heading can hold.
    fn end_html_heading(&mut self, event: &Event<'_>, at: &Range<usize>) {
        let Some(heading) = self.heading.as_ref().filter(|heading| heading.is_html) else { return };
        match event {
            Event::End(_) if heading.start >= at.start => self.close_heading(at.end),
            Event::Start(tag) if is_beside_headings(tag) && heading.title.trim().is_empty() => self.heading = None,
            Event::Start(tag) if is_beside_headings(tag) => self.close_heading(at.start),
            _ => {}
        }
    }

    /// Keeps the ids and links of machinery that stand before `at`.
    fn side_marks(&mut self, at: usize) {
        while let Some(id) = self.source.ids.get(self.next_id).filter(|id| id.at < at) {
            self.next_id += 1;
            self.body.ids.push(id.name.clone());
        }
        while let Some(link) = self.source.links.get(self.next_link).filter(|link| link.at <= at) {
            self.next_link += 1;
            let (line, column) = self.place(link.at);
            let form = if link.is_page_reference { LinkForm::Page } else { LinkForm::Html };
            self.push_link(form, &link.target, (line, column), narrow(link.target.chars().count() as u64), None);
        }
    }

    /// Whether what is read stands in an element whose inside is no Markdown to the generator.
    fn is_raw(&self) -> bool {
        !self.raw_elements.is_empty() && self.dialect.anchors.keeps_elements_raw()
    }

    /// Begins a heading: what stands before it is the text of the section above.
    pub(super) fn open_heading(&mut self, mut heading: Heading) {
        self.close_heading(heading.start);
        heading.keeps_dashes = self.dialect.keeps_dashes;
        heading.place = self.place(heading.start);
        let near = self.source.text.floor_char_boundary(heading.start.saturating_sub(MAX_MARKS_BYTES)).max(self.from);
        let newline = self.source.text[near..heading.start].rfind('\n');
        let line = newline.map_or(near, |newline| near + newline + 1);
        // Marks of quotes and list items that the heading stands behind belong to no text.
        let marks = &self.source.text[line..heading.start];
        let is_marked =
            marks.chars().all(|char| char.is_whitespace() || char.is_ascii_digit() || "->+*.)".contains(char));
        self.end_text(if is_marked { line } else { heading.start });
        self.heading = Some(heading);
    }

    /// Ends the heading that is open, if one is, and begins its section.
    pub(super) fn close_heading(&mut self, end: usize) {
        let Some(heading) = self.heading.take() else { return };
        let end = end.max(heading.start);
        let above = std::mem::replace(&mut self.from, end);
        let title = heading.title.split_whitespace().collect::<Vec<_>>().join(" ");
        let title = if self.dialect.has_emoji_names { emoji::filled(&title).into_owned() } else { title };
        let id = self.heading_id(&heading, end);
        let is_nested = self.depth.quotes + self.depth.lists > 0;
        let is_first = self.n_headings == 0;
        self.tell_slips(&heading, is_nested);
        self.n_headings += 1;
        if self.body.first_heading.is_none() {
            self.body.first_heading = Some(title.clone());
        }
        let anchor = self.anchor(&heading, id.as_deref());
        if heading.level == 1 && !is_nested && self.body.title.is_none() {
            self.body.title = Some(title.clone());
            self.body.is_title_html = heading.is_html;
            self.body.is_title_first = is_first && self.is_nothing_shown();
            if is_first {
                // The title stands over the lead. Docusaurus shows a title without an id.
                if self.dialect.anchors != Anchors::Docusaurus {
                    self.body.title_anchor.clone_from(&anchor);
                }
                self.body.ids.push(anchor.into());
                return;
            }
        } else if heading.level == 1 && self.nested_title.is_none() {
            self.nested_title = Some(title.clone());
        }
        if anchor.is_empty() {
            // A heading that no link can lead to is a line of the text above.
            self.from = above;
            return self.bold_line(&title, heading.place);
        }
        self.end_section();
        self.section.title = title;
        self.section.anchor = anchor;
        self.section.level = heading.level;
    }

    /// The anchor of a heading; empty where its generator makes none.
    fn anchor(&mut self, heading: &Heading, id: Option<&str>) -> String {
        let anchors = self.dialect.anchors;
        let is_address = anchors.keeps_shortcodes_raw() && heading.is_address();
        let is_text = heading.is_long && !anchors.has_long_headings();
        if id.is_none() && (is_address || is_text) {
            return String::new();
        }
        let text = heading.slug(anchors);
        if anchors.reads_labels() {
            let alias = self.aliases.myst_alias(&heading.alias);
            let own = anchors.slug(&text);
            self.body.ids.extend([alias, own].into_iter().filter(|id| !id.is_empty()).map(Into::into));
        }
        self.slugger.unique(id, &text)
    }

    /// Writes a heading that begins no section.
    fn bold_line(&mut self, title: &str, place: (u32, u32)) {
        let text = self.text();
        text.plain.gap('\n');
        text.plain.push(title, place);
        text.plain.gap('\n');
        text.html.line();
        text.html.raw("<p><strong>");
        text.html.push(title);
        text.html.raw("</strong></p>\n");
    }

    /// The id that the author gave a heading that ends at `end`: in HTML, behind it, or in the line before it.
    fn heading_id(&mut self, heading: &Heading, end: usize) -> Option<String> {
        let mut id = heading.id.clone();
        let before = self.body.ids.len();
        while let Some(mark) = self.source.ids.get(self.next_id).filter(|mark| mark.at <= end) {
            self.next_id += 1;
            match mark.of {
                IdOf::Block if mark.at >= heading.start && id.is_none() => id = Some(mark.name.to_string()),
                _ => self.body.ids.push(mark.name.clone()),
            }
        }
        if self.dialect.anchors.reads_labels() && before > 0 {
            id = id.or_else(|| self.label_above(heading.start));
        }
        id
    }

    /// The label that stands right above what begins at `start`, as docutils writes it.
    fn label_above(&self, start: usize) -> Option<String> {
        let label = self.source.ids[..self.next_id].iter().rev().find(|mark| mark.at < start)?;
        let is_above = label.of == IdOf::Below && self.source.text[label.at..start].trim().is_empty();
        is_above.then(|| self.dialect.anchors.slug(&label.name))
    }

    fn tell_slips(&mut self, heading: &Heading, is_nested: bool) {
        if is_nested {
            return;
        }
        let is_second = heading.level == 1 && self.n_titles > 0;
        let is_skipped = self.last_level > 0 && heading.level > self.last_level + 1;
        self.n_titles += usize::from(heading.level == 1);
        self.last_level = heading.level;
        if is_second || is_skipped {
            let (line, column) = heading.place;
            let slip = if is_second { Slip::SecondTitle } else { Slip::SkippedLevel };
            self.body.slips.push((slip, line, column));
        }
    }

    fn is_nothing_shown(&self) -> bool {
        self.section.text.plain.text.trim().is_empty() && self.section.locked.plain.text.trim().is_empty()
    }

    /// Gives the term that is open the anchor that some generators give it. What it is made of is known when the term ends, so a
    /// place at its end carries it.
    pub(super) fn term(&mut self, term: &str) {
        let anchor = self.slugger.unique(None, term);
        let html = &mut self.text().html;
        html.raw("<span");
        html.attribute("id", &anchor);
        html.raw("></span>");
        self.body.ids.push(anchor.into());
    }

    pub(super) fn id(&mut self, id: &str) {
        if !id.trim().is_empty() {
            self.body.ids.push(id.trim().into());
        }
    }

    pub(super) fn definition(&self, label: &str) -> Option<&super::definitions::Definition> {
        self.definitions.iter().find_map(|definitions| definitions.get(label))
    }

    /// Where a link or image of this type is told: at its definition, if it has one.
    pub(super) fn link_place(&mut self, link_type: LinkType, label: &str, at: &Range<usize>) -> ((u32, u32), u32) {
        let has_definition = !matches!(link_type, LinkType::Inline | LinkType::WikiLink { .. });
        if has_definition && let Some(definition) = self.definition(label) {
            let told = (definition.place, definition.len);
            self.text().labels.insert(label.to_owned());
            return told;
        }
        let len = narrow(self.source.text[at.clone()].chars().count() as u64);
        (self.place(at.start), len)
    }

    /// Keeps a link of the section that is read; its number.
    pub(super) fn push_link(
        &mut self,
        form: LinkForm,
        target: &str,
        (line, column): (u32, u32),
        len: u32,
        slot: Option<Range<usize>>,
    ) -> usize {
        self.body.links.push(BodyLink {
            section_idx: self.body.sections.len(),
            is_locked: self.is_locked,
            form,
            target: target.to_owned(),
            line,
            column,
            len,
            slot,
        });
        self.body.links.len() - 1
    }
}

/// Whether `tag` begins a block that stands beside headings and never in one.
fn is_beside_headings(tag: &Tag<'_>) -> bool {
    let in_one = matches!(tag, Tag::Paragraph | Tag::HtmlBlock | Tag::Heading { .. });
    let is_phrase = matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Superscript | Tag::Subscript)
        || matches!(tag, Tag::Link { .. } | Tag::Image { .. });
    !in_one && !is_phrase
}

/// What is understood beyond CommonMark: what GitHub renders, wikilinks, and what the generator has.
fn options(dialect: Dialect<'_>) -> Options {
    let all = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_WIKILINKS;
    if dialect.anchors.has_definition_lists() { all | Options::ENABLE_DEFINITION_LIST } else { all }
}
