//! From the Markdown of a generator to CommonMark.
//!
//! Generators do not write CommonMark: Hugo and Jekyll run shortcodes and Liquid before their parser, MDX has a grammar of its
//! own, Python-Markdown indents admonitions. What of this is no CommonMark is put into words that are, where it stands, in one
//! walk over the lines; the parser that follows is the only one that reads Markdown. Every byte remembers its place in the file.
//!
//! The walk knows of Markdown's blocks what it needs to leave code alone: list items, quotes, fences, indented code. Each step
//! looks ahead no further than it goes on, or remembers that it found nothing, so that all of it is O(text).

use rustc_hash::FxHashSet;

use super::common_mark::CommonMark;
use super::preview::preview_marks;
use super::tag::Tag;
use super::{Dialect, ticks::Ticks};

/// Admonitions and elements that may lie in each other. What lies deeper keeps its indentation.
const MAX_DEPTH: usize = 32;
/// Long tags that are looked for in a document, and bytes in which each must end.
const MAX_LONG_TAGS: usize = 64;
const MAX_LONG_BYTES: usize = 1 << 18;
/// Bytes in which the first expression of a long tag stands.
const MAX_START_BYTES: usize = 1_024;
/// Columns from which an indented line is code.
const CODE_COLUMNS: usize = 4;

/// `raw` as CommonMark. Where it has a preview, nothing that begins in it may end behind it: what readers of the preview see
/// must not depend on what they do not. O(text).
pub(super) fn common_mark<'a>(raw: &'a str, dialect: Dialect<'a>, has_preview: bool) -> CommonMark {
    let mut scanner = Scanner {
        raw,
        at: 0,
        out: CommonMark::with_capacity(raw.len() + raw.len() / 16),
        dialect,
        frames: Vec::new(),
        items: Vec::new(),
        fence: None,
        directives: Vec::new(),
        links: Vec::new(),
        is_paragraph: false,
        line: Line::default(),
        ticks: Ticks::default(),
        missing: FxHashSet::default(),
        raw_until: 0,
        inner_until: 0,
        element_until: 0,
        moved: 0,
        line_end: 0,
        marks: if has_preview { preview_marks(raw) } else { Vec::new() },
        next_mark: 0,
        below: (0, None),
        n_long_tags: 0,
        n_open_braces: 0,
    };
    while scanner.at < raw.len() {
        scanner.line();
    }
    scanner.out.unclosed_fence = scanner.fence.map(|fence| fence.at);
    scanner.out
}

pub(super) struct Scanner<'a> {
    pub(super) raw: &'a str,
    /// What stands before this is in `out`.
    pub(super) at: usize,
    pub(super) out: CommonMark,
    pub(super) dialect: Dialect<'a>,
    /// Admonitions and elements that are open, each inside the one before.
    pub(super) frames: Vec<Frame<'a>>,
    /// Columns at which the text of the open list items begins.
    pub(super) items: Vec<usize>,
    /// The code fence that is open.
    pub(super) fence: Option<OpenFence>,
    /// Fences of MyST whose inside is Markdown.
    pub(super) directives: Vec<(u8, usize)>,
    /// Names of components that became links and are still open.
    pub(super) links: Vec<&'a str>,
    /// Whether the line before belongs to a paragraph.
    pub(super) is_paragraph: bool,
    pub(super) line: Line,
    pub(super) ticks: Ticks,
    /// Ends that were looked for and do not come any more.
    pub(super) missing: FxHashSet<String>,
    /// Where the text ends that `raw` keeps from Liquid.
    pub(super) raw_until: usize,
    /// Where the shortcode ends whose inside its generator does not read as Markdown.
    pub(super) inner_until: usize,
    /// Where the element ends whose inside its generator does not read as Markdown; 0 where none is open.
    pub(super) element_until: usize,
    /// Columns by which the line was moved, since nothing is code for its indentation.
    pub(super) moved: usize,
    /// Where the line ends that was asked for last.
    line_end: usize,
    /// Where a preview may end.
    marks: Vec<usize>,
    next_mark: usize,
    /// Of the last run of blank lines, where it ends and the column of the text there.
    below: (usize, Option<usize>),
    /// Tags that were longer than tags mostly are, or looked like it.
    n_long_tags: usize,
    /// Braces of MDX that have no end.
    pub(super) n_open_braces: usize,
}

/// What is known of the line that is being written.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// Where its own text begins in the output.
    pub(super) start: usize,
    /// Whether anything that readers see is written.
    pub(super) is_visible: bool,
    /// Whether machinery was left out of it.
    pub(super) is_cut: bool,
    /// Whether nothing was written since machinery was left out.
    pub(super) is_just_cut: bool,
    /// Its column, inside the open frames.
    column: usize,
    /// What must begin a further line for it to stand in the same list items and quotes.
    pub(super) prefix: String,
    /// Whether it stands in a quote of its own making.
    pub(super) is_quoted: bool,
    /// Whether it is a heading.
    pub(super) is_heading: bool,
}

/// Something open whose text may be indented.
#[derive(Debug)]
pub(super) struct Frame<'a> {
    /// Name of the element; `None` for an admonition, which ends with its indentation.
    pub(super) element: Option<&'a str>,
    /// Column of its mark in the output, in what it lies in.
    opener: usize,
    /// Column of its text in the output, behind the marks of quotation: that of the list item that it stands in.
    base: usize,
    /// Column at which its text begins; of an element that has none yet, unknown.
    pub(super) content: Option<usize>,
    /// The list items that it stands in.
    pub(super) items: Vec<usize>,
}

/// An open code fence.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpenFence {
    pub(super) mark: u8,
    pub(super) len: usize,
    /// Column of the text of its list item: a line before that ends it.
    pub(super) item: usize,
    /// Columns by which it and its lines are moved.
    pub(super) moved: usize,
    pub(super) n_frames: usize,
    pub(super) is_quoted: bool,
    /// Where it begins in the file.
    pub(super) at: usize,
    /// Whether options of MyST may follow, which are no code.
    pub(super) has_options: bool,
}

impl<'a> Scanner<'a> {
    fn line(&mut self) {
        let line = line_at(self.raw, self.at);
        if self.element_until > 0 {
            if self.at < self.element_until {
                return self.element_line(line);
            }
            // What stands behind an element is none of it, be there a blank line or not.
            self.element_until = 0;
            self.out.put("\n", self.at);
            self.is_paragraph = false;
        }
        if line.trim().is_empty() {
            return self.blank_line(line);
        }
        let (indent, column) = indentation(line);
        self.leave_admonitions(column);
        let column = self.enter_frames(column, line[indent..].starts_with("</"));
        if self.fence.is_some() && self.fence_line(indent, column) {
            return;
        }
        while self.items.last().is_some_and(|item| column < *item) {
            self.items.pop();
        }
        let item = self.item().min(column);
        // MDX has no indented code: what is indented that far is indented for the eye.
        self.moved = if self.dialect.is_mdx && column - item >= CODE_COLUMNS { column - item } else { 0 };
        let column = column - self.moved;
        let column_in_item = column - item;
        let is_code = column_in_item >= CODE_COLUMNS && !self.is_paragraph && !self.reads_indented_markdown();
        self.indent(indent, column);
        if is_code {
            let rest = line.len() - indent;
            return self.keep_line(rest);
        }
        self.containers(column);
        self.line.start = self.out.text.len();
        self.leaf();
    }

    /// The tag at the start of `rest`. In MDX one may hold a whole text in its attributes; after some that do not end, none is
    /// looked for that far.
    pub(super) fn tag(&mut self, rest: &'a str) -> Option<Tag<'a>> {
        let tag = Tag::read(rest);
        // A long tag holds an expression, and its name and that stand at its beginning.
        let start = &rest[..rest.floor_char_boundary(MAX_START_BYTES)];
        let may_be_long = start.len() > 1 && start.as_bytes()[1].is_ascii_alphabetic() && start.contains('{');
        if tag.is_some() || !self.dialect.is_mdx || self.n_long_tags >= MAX_LONG_TAGS || !may_be_long {
            return tag;
        }
        self.n_long_tags += 1;
        Tag::read_within(rest, MAX_LONG_BYTES)
    }

    /// Whether an indented line cannot be code: MDX has no indented code, and the inside of an element is moved to its
    /// tag's column by few.
    fn reads_indented_markdown(&self) -> bool {
        self.dialect.is_mdx || self.frames.last().is_some_and(|frame| frame.element.is_some())
    }

    /// A blank line stands in as many admonitions as the text below it.
    fn blank_line(&mut self, line: &'a str) {
        if self.at >= self.below.0 {
            self.below = below(self.raw, self.at);
        }
        let column = self.below.1.unwrap_or(0);
        self.leave_admonitions(column);
        if let Some(fence) = self.fence.as_mut().filter(|fence| fence.has_options) {
            fence.has_options = false;
            self.at += line.len();
            return;
        }
        let prefix = self.quotes();
        self.out.put(prefix.trim_end(), self.at);
        self.at += line.len();
        self.out.copy("\n", self.at.saturating_sub(1));
        self.is_paragraph = false;
    }

    /// Leaves the admonitions whose text begins behind `column`.
    fn leave_admonitions(&mut self, column: usize) {
        let ends = |frame: &Frame<'_>| frame.element.is_none() && frame.content.is_some_and(|content| content > column);
        let Some(first) = self.frames.iter().position(ends) else { return };
        self.truncate_frames(first);
        self.fence = self.fence.filter(|fence| fence.n_frames <= first);
        if self.is_paragraph {
            // Without a blank line the text would go on in the quotation.
            self.out.put("\n", self.at);
            self.is_paragraph = false;
        }
    }

    /// The column that a line at `column` has inside the open frames. The first line of an element says where its text
    /// begins.
    fn enter_frames(&mut self, column: usize, is_closing: bool) -> usize {
        let outer = self.frames.len().checked_sub(2).and_then(|idx| self.frames[idx].content).unwrap_or(0);
        let Some(frame) = self.frames.last_mut() else { return column };
        if frame.content.is_none() && !is_closing {
            frame.content = Some(column.max(outer));
        }
        column.saturating_sub(frame.content.unwrap_or(outer)) + frame.base
    }

    /// The column at which the text of the innermost list item begins.
    pub(super) fn item(&self) -> usize {
        let base = || self.frames.last().map(|frame| frame.base);
        self.items.last().copied().or_else(base).unwrap_or(0)
    }

    /// The marks of quotation that stand for the open admonitions.
    fn quotes(&self) -> String {
        let mut prefix = String::new();
        for frame in self.frames.iter().filter(|frame| frame.element.is_none()) {
            prefix.extend(std::iter::repeat_n(' ', frame.opener));
            prefix.push_str("> ");
        }
        prefix
    }

    /// Writes quotes and indentation of a line, `len` bytes of white space that end at `column` inside the frames.
    pub(super) fn indent(&mut self, len: usize, column: usize) {
        let quotes = self.quotes();
        self.out.put(&quotes, self.at);
        let spaces = &self.raw[self.at..self.at + len];
        if column <= spaces.len() && !spaces.contains('\t') {
            self.out.copy(&spaces[len - column..], self.at + len - column);
        } else {
            self.out.put(&" ".repeat(column), self.at);
        }
        self.at += len;
        self.line = Line {
            prefix: quotes,
            is_quoted: self.frames.iter().any(|frame| frame.element.is_none()),
            column,
            ..Line::default()
        };
        self.line.prefix.extend(std::iter::repeat_n(' ', column));
    }

    /// Passes over the marks of quotes and list items that begin a line at `column`.
    fn containers(&mut self, mut column: usize) {
        loop {
            let rest = line_at(self.raw, self.at);
            let (mark, is_quote) = container_mark(rest);
            if mark == 0 {
                return;
            }
            self.is_paragraph = false;
            let spaces = rest[mark..].len() - rest[mark..].trim_start_matches([' ', '\t']).len();
            let is_empty = rest[mark..].trim().is_empty();
            // More than four spaces behind a mark belong to code in the item.
            let inner = if is_empty || spaces > CODE_COLUMNS { spaces.min(1) } else { spaces };
            if is_quote {
                self.items.clear();
                self.line.is_quoted = true;
            } else {
                self.items.push(column + mark + inner);
            }
            self.line.prefix.push_str(if is_quote { ">" } else { "          " }.get(..mark).unwrap_or(" "));
            self.line.prefix.extend(std::iter::repeat_n(' ', inner));
            self.out.copy(&rest[..mark + inner], self.at);
            self.at += mark + inner;
            column += mark + inner;
            if is_empty {
                return;
            }
        }
    }

    /// Opens a frame at `opener`, unless too many are open.
    pub(super) fn open_frame(&mut self, element: Option<&'a str>, opener: usize) {
        if self.frames.len() < MAX_DEPTH {
            let base = if element.is_some() { self.item() } else { 0 };
            let items = std::mem::take(&mut self.items);
            let content = element.is_none().then_some(opener + CODE_COLUMNS);
            self.frames.push(Frame { element, opener: self.line.column, base, content, items });
        }
    }

    fn truncate_frames(&mut self, len: usize) {
        if let Some(frame) = self.frames.get_mut(len) {
            self.items = std::mem::take(&mut frame.items);
            self.frames.truncate(len);
        }
    }

    /// Closes the element `name` and what is open in it, if it is open.
    pub(super) fn close_frame(&mut self, name: &str) {
        if let Some(at) = self.frames.iter().rposition(|frame| frame.element == Some(name)) {
            self.truncate_frames(at);
        }
    }

    /// The column of the line that is being written, in the file.
    pub(super) fn column(&self) -> usize {
        let start = self.raw[..self.at].rfind('\n').map_or(0, |newline| newline + 1);
        indentation(&self.raw[start..]).1
    }

    /// Copies the next `len` bytes, which end a line, as they are.
    pub(super) fn keep_line(&mut self, len: usize) {
        self.out.copy(&self.raw[self.at..self.at + len], self.at);
        self.at += len;
    }

    /// Leaves out the rest of the line, which becomes a blank one.
    pub(super) fn drop_line(&mut self) {
        let line = line_at(self.raw, self.at);
        self.out.trim_end_to(self.line.start);
        self.at += line.len();
        self.out.copy("\n", self.at.saturating_sub(1));
        self.is_paragraph = false;
    }

    /// Begins a new paragraph in the same list items and quotes.
    pub(super) fn break_paragraph(&mut self) {
        let prefix = std::mem::take(&mut self.line.prefix);
        let blank = format!("\n{}\n{prefix}", prefix.trim_end());
        self.out.trim_end_to(self.line.start);
        self.out.put(&blank, self.at);
        self.line.prefix = prefix;
        self.line.start = self.out.text.len();
        self.line.is_visible = false;
        self.is_paragraph = false;
    }

    /// Begins a blank line before the text of the line if that would go on a paragraph.
    pub(super) fn end_paragraph(&mut self) {
        if self.line.is_visible || self.is_paragraph {
            self.break_paragraph();
        }
    }

    /// What is left of the line, with its newline. Amortised O(line).
    pub(super) fn rest_of_line(&mut self) -> &'a str {
        if self.at >= self.line_end {
            self.line_end = self.at + line_at(self.raw, self.at).len();
        }
        let end = self.line_end.min(self.limit());
        &self.raw[self.at..end]
    }

    /// What is left of the text, up to where the preview may end.
    pub(super) fn rest(&mut self) -> &'a str {
        let end = self.limit();
        &self.raw[self.at..end]
    }

    /// Where the preview may end that is read, or the text.
    pub(super) fn limit(&mut self) -> usize {
        while self.marks.get(self.next_mark).is_some_and(|mark| *mark <= self.at) {
            self.next_mark += 1;
            self.missing.clear();
        }
        self.marks.get(self.next_mark).copied().unwrap_or(self.raw.len())
    }

    /// Whether `end` comes behind `from`; where it does not, it is not looked for again.
    pub(super) fn find_end(&mut self, end: &str, from: usize) -> Option<usize> {
        let limit = self.limit();
        if self.missing.contains(end) || from > limit {
            return None;
        }
        let found = memchr::memmem::find(&self.raw.as_bytes()[from..limit], end.as_bytes());
        if found.is_none() {
            self.missing.insert(end.to_owned());
        }
        found.map(|at| from + at)
    }
}

/// The line that begins at `at`, with its newline.
pub(super) fn line_at(text: &str, at: usize) -> &str {
    let rest = &text[at..];
    let end = memchr::memchr(b'\n', rest.as_bytes());
    &rest[..end.map_or(rest.len(), |newline| newline + 1)]
}

/// Bytes and columns of the white space that begins a line.
pub(super) fn indentation(line: &str) -> (usize, usize) {
    let mut column = 0;
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            b' ' => column += 1,
            b'\t' => column = (column / 4 + 1) * 4,
            _ => return (at, column),
        }
    }
    (line.len(), column)
}

/// Where the run of blank lines at `at` ends, and the column of the text there.
fn below(text: &str, mut at: usize) -> (usize, Option<usize>) {
    while at < text.len() {
        let line = line_at(text, at);
        if !line.trim().is_empty() {
            return (at, Some(indentation(line).1));
        }
        at += line.len();
    }
    (at, None)
}

/// Length of the mark of a quote or list item that begins `line`, and whether it is a quote's; 0 where there is none.
fn container_mark(line: &str) -> (usize, bool) {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let len = match line.as_bytes().get(digits) {
        Some(b'>') if digits == 0 => return (1, true),
        Some(b'-' | b'+' | b'*') if digits == 0 => 1,
        Some(b'.' | b')') if (1..=9).contains(&digits) => digits + 1,
        _ => return (0, false),
    };
    let is_rule = digits == 0 && {
        let marks = line.trim_end();
        marks.len() > 2 && marks.bytes().all(|byte| byte == b' ' || byte == line.as_bytes()[0])
    };
    let is_mark = line[len..].starts_with([' ', '\t', '\n', '\r']) || line.len() == len;
    if is_mark && !is_rule { (len, false) } else { (0, false) }
}
