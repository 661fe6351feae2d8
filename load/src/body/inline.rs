//! What stands within a line: code spans, comments, tags, shortcodes, roles, attribute lists, marks.

use super::attributes::AttributeList;
use super::common_mark::{Id, MachineLink};
use super::emoji;
use super::machine::{self, Machine};
use super::scanner::{Scanner, indentation, line_at};
use super::tag::{self, Tag};
use crate::anchors::Anchors;

/// Bytes of a line that may begin something.
const SPECIAL: &[u8] = b"`<{[\\%=:^@$\n";
/// Bytes in which an include, and in which marked text must end. What is longer is shown as it is.
const MAX_INCLUDE_BYTES: usize = 1_024;
const MAX_MARK_BYTES: usize = 2_048;
/// Braces without an end after which no more ends are looked for: the text is no MDX.
const MAX_OPEN_BRACES: usize = 1_000;
/// Elements of HTML whose inside is no Markdown, to their end.
const VERBATIM: &[&str] = &["pre", "script", "style", "textarea"];
/// Elements that MDX is laid out with; they have no look of their own.
const WRAPPERS: &[&str] =
    &["div", "section", "article", "center", "main", "aside", "header", "footer", "nav", "span", "figure"];
/// Attributes of HTML that are kept where MDX has written others beside them.
const KEPT: &[&str] =
    &["href", "src", "alt", "title", "id", "name", "width", "height", "colspan", "rowspan", "start", "open"];

impl<'a> Scanner<'a> {
    /// Writes the rest of the line.
    pub(super) fn inline(&mut self) {
        loop {
            let rest = self.rest();
            let plain = rest.bytes().position(|byte| SPECIAL.contains(&byte)).unwrap_or(rest.len());
            self.keep(plain);
            let rest = self.rest();
            let is_read = match rest.as_bytes().first() {
                None => return self.end_line(),
                Some(b'\n') => return self.end_line(),
                Some(b'`') => self.code_span(rest),
                Some(b'<') => self.comment_or_tag(rest),
                Some(b'{') => self.braces(rest),
                Some(b'[') => self.id_in_brackets() || self.link_in_brackets(),
                Some(b'\\') => self.escape(rest),
                Some(b'%') => self.note(rest),
                Some(b'=') => self.mark(rest),
                Some(b':') => self.id_behind_colon(rest) || self.role_in_colons(rest),
                Some(b'^') => self.block_mark(),
                Some(b'@') => self.section_label(rest),
                _ => self.late_formula(rest),
            };
            if !is_read {
                self.keep(1);
            }
        }
    }

    /// Copies the next `len` bytes. Where machinery stood before them, they must not begin a block that they did not begin.
    pub(super) fn keep(&mut self, len: usize) {
        let mut part = &self.raw[self.at..self.at + len];
        if self.line.is_cut && !self.line.is_visible {
            let trimmed = part.trim_start_matches([' ', '\t', '\r']);
            self.at += part.len() - trimmed.len();
            part = trimmed;
            if !part.is_empty() && begins_block(self.rest_of_line()) {
                self.out.put("\\", self.at);
            }
        }
        if std::mem::take(&mut self.line.is_just_cut) && !self.line.is_heading && self.out.text.ends_with([' ', '\n']) {
            let trimmed = part.trim_start_matches(' ');
            self.at += part.len() - trimmed.len();
            part = trimmed;
        }
        self.line.is_visible |= !part.trim().is_empty();
        self.out.copy(part, self.at);
        self.at += part.len();
    }

    /// Leaves out the next `len` bytes.
    pub(super) fn cut(&mut self, len: usize) {
        self.at += len;
        self.line.is_cut = true;
        self.line.is_just_cut = true;
    }

    /// A line of which nothing is left is a blank one.
    fn end_line(&mut self) {
        if self.line.is_cut {
            self.out.trim_end_to(self.line.start);
        }
        self.is_paragraph = self.line.is_visible && !self.line.is_heading;
        if self.at < self.raw.len() {
            self.out.copy("\n", self.at);
            self.at += 1;
        }
    }

    fn code_span(&mut self, rest: &str) -> bool {
        let len = rest.len() - rest.trim_start_matches('`').len();
        let limit = self.limit();
        let end = self.ticks.span_end(self.raw, self.at, len).filter(|end| *end <= limit);
        let end = end.map_or(len, |end| end - self.at);
        self.keep(end);
        true
    }

    fn escape(&mut self, rest: &str) -> bool {
        let escaped = rest[1..].chars().next().filter(char::is_ascii_punctuation);
        self.keep(1 + escaped.map_or(0, char::len_utf8));
        true
    }

    fn comment_or_tag(&mut self, rest: &'a str) -> bool {
        if rest.starts_with("<!--") {
            return self.html_comment(rest);
        }
        if self.begins_target() {
            return false;
        }
        let Some(tag) = self.tag(rest) else { return false };
        if !tag.closes && !tag.is_empty && VERBATIM.iter().any(|name| tag.name.eq_ignore_ascii_case(name)) {
            return self.verbatim(&tag);
        }
        if tag.is_component() || self.dialect.is_mdx && WRAPPERS.contains(&tag.name) {
            let element = Machine::element(&tag);
            self.machine(&element);
            return true;
        }
        let text = &rest[..tag.len];
        if self.dialect.is_mdx && text.contains('{') {
            self.without_expressions(&tag);
        } else if text.contains("{{") || text.contains("{%") {
            return false;
        } else {
            self.keep(tag.len);
        }
        true
    }

    /// Writes a tag of MDX without what is not HTML in it.
    fn without_expressions(&mut self, tag: &Tag<'a>) {
        let mut html = format!("<{}", tag.name);
        for attribute in tag.attributes.iter().filter(|attribute| KEPT.contains(&attribute.name)) {
            let value = html_escape::encode_double_quoted_attribute(&attribute.value);
            html.push_str(&format!(" {}=\"{value}\"", attribute.name));
        }
        html.push_str(if tag.is_empty { " />" } else { ">" });
        self.out.put(&html, self.at);
        self.line.is_visible = true;
        self.at += tag.len;
    }

    /// Comments reach nobody, but for the one that ends the preview.
    fn html_comment(&mut self, rest: &str) -> bool {
        let end = self.find_end("-->", self.at + 4).map(|end| end + 3 - self.at);
        match end {
            Some(len) if rest[4..len - 3].trim() == "more" => self.more(len),
            Some(len) => {
                self.heading_id(rest[4..len - 3].trim());
                self.cut(len);
            }
            // One that never ends hides the rest, as it does in a browser.
            None if !self.line.is_visible => self.cut(rest.len()),
            None => return false,
        }
        true
    }

    /// Keeps the id that a comment gives a heading, as Docusaurus reads it: `{/* #id */}`.
    fn heading_id(&mut self, comment: &str) {
        let id = comment.strip_prefix('#').filter(|id| !id.is_empty() && !id.contains(char::is_whitespace));
        if let Some(id) = id.filter(|_| self.line.is_heading && self.dialect.anchors == Anchors::Docusaurus) {
            let at = self.out.text.trim_end().len().max(self.line.start);
            self.out.ids.push(Id::attribute(at, id));
        }
    }

    fn more(&mut self, len: usize) {
        if self.out.more.is_none() {
            self.out.more = Some(self.out.text.len());
        }
        self.out.put("<!-- more -->", self.at);
        self.line.is_visible = true;
        self.at += len;
    }

    /// Copies an element whose inside is no Markdown, as a block of its own.
    fn verbatim(&mut self, tag: &Tag<'a>) -> bool {
        let close = format!("</{}", tag.name);
        let Some(end) = self.find_end(&close, self.at + tag.len) else { return false };
        let end = end + Tag::read(&self.raw[end..]).map_or(close.len(), |tag| tag.len);
        self.end_paragraph();
        let is_indented = self.frames.iter().any(|frame| frame.element.is_none());
        let first_line_end = memchr::memchr(b'\n', &self.raw.as_bytes()[self.at..end]).filter(|_| is_indented);
        let copied = first_line_end.map_or(end, |newline| self.at + newline + 1);
        let outer = if copied < end { self.column() } else { 0 };
        self.out.copy(&self.raw[self.at..copied], self.at);
        self.at = copied;
        self.lines_of_element(end, outer);
        self.line.is_visible = true;
        if !self.raw[end..].starts_with(['\n', '\r']) {
            self.break_paragraph();
            self.line.is_cut = true;
        }
        true
    }

    /// Copies the further lines of an element up to `end`, which begins at column `outer` in an admonition: what stands for its
    /// indentation stands before each of them.
    fn lines_of_element(&mut self, end: usize, outer: usize) {
        while self.at < end {
            let line = line_at(&self.raw[..end], self.at);
            let (indent, column) = indentation(line);
            self.out.put(&self.line.prefix, self.at);
            self.out.put(&" ".repeat(column.saturating_sub(outer)), self.at);
            self.out.copy(&line[indent..], self.at + indent);
            self.at += line.len();
        }
    }

    fn braces(&mut self, rest: &'a str) -> bool {
        if self.at < self.raw_until {
            return false;
        }
        if let Some((value, len)) = self.variable(rest) {
            self.fill_in(value);
            self.at += len;
            return true;
        }
        if let Some(machine) = machine::shortcode(rest).or_else(|| machine::liquid(rest)) {
            self.machine(&machine);
            return true;
        }
        if rest.starts_with("{/*") {
            let Some(end) = self.find_end("*/}", self.at + 3).map(|end| end + 3 - self.at) else { return false };
            let comment = rest[3..end - 3].trim();
            if comment == "more" {
                self.more(end)
            } else {
                self.heading_id(comment);
                self.cut(end)
            }
            return true;
        }
        if rest.starts_with("{::") || rest.starts_with("{:/") {
            return self.kramdown(rest);
        }
        let line = self.rest_of_line();
        let bounded = &line[..line.floor_char_boundary(MAX_INCLUDE_BYTES)];
        for (open, close) in [("{* ", " *}"), ("{! ", " !}"), ("{!", "!}"), ("{%", "%}")] {
            if let Some(end) = bounded.strip_prefix(open).and_then(|inner| inner.find(close)) {
                self.cut(open.len() + end + close.len());
                return true;
            }
        }
        self.role(rest) || self.attribute_list(rest, line) || self.expression(rest)
    }

    /// What the variable at the start of `rest` stands for, where the settings say it, and its length.
    fn variable(&self, rest: &str) -> Option<(&'a str, usize)> {
        let inner = rest.strip_prefix("{{")?;
        let end = inner[..inner.floor_char_boundary(MAX_INCLUDE_BYTES)].find("}}")?;
        let (name, filters) = inner[..end].split_once('|').unwrap_or((&inner[..end], ""));
        let name = name.trim_matches(['-', ' ', '\t']);
        // Filters that leave a plain text as it is.
        let is_as_it_is =
            |filter: &str| matches!(filter.trim(), "" | "escape" | "escape_once" | "xml_escape" | "strip");
        let (_, value) = self.dialect.variables.iter().find(|(known, _)| known == name)?;
        filters.split('|').all(is_as_it_is).then_some((value.as_str(), end + 4))
    }

    /// Writes what a variable stands for.
    fn fill_in(&mut self, value: &str) {
        let start = self.out.text.len();
        self.out.put(value, self.at);
        self.line.is_visible |= !value.trim().is_empty();
        if self.line.is_heading && self.dialect.anchors.reads_labels() {
            self.out.filled_in.push(start..self.out.text.len());
        }
    }

    fn kramdown(&mut self, rest: &str) -> bool {
        let Some(end) = self.rest_of_line().find('}') else { return false };
        let is_comment = rest.starts_with("{::comment");
        let close = if is_comment { self.find_end("{:/", self.at) } else { None };
        let end = close.and_then(|at| Some(at - self.at + rest.get(at - self.at..)?.find('}')?)).unwrap_or(end);
        self.cut(end + 1);
        true
    }

    fn attribute_list(&mut self, rest: &str, line: &str) -> bool {
        let anchors = self.dialect.anchors;
        let is_text = self.line.is_heading
            && (!anchors.reads_attribute_lists() || anchors.runs_liquid() && rest.starts_with("{:"));
        if !self.dialect.reads_attributes() || is_text {
            return false;
        }
        let Some(list) = AttributeList::read(rest) else { return false };
        let before = self.raw[..self.at].chars().next_back();
        let is_of_span = before.is_some_and(|char| "])`*_~>".contains(char));
        let ends_line = line[list.len..].trim().is_empty();
        let begins_line = rest.starts_with("{:") && !self.line.is_visible;
        if !is_of_span && !ends_line && !begins_line {
            return false;
        }
        if let Some(id) = list.id {
            let at = self.out.text.trim_end().len().max(self.line.start);
            self.out.ids.push(if ends_line { Id::attribute(at, id) } else { Id::place(at, id) });
        }
        self.cut(list.len);
        true
    }

    /// An expression of MDX is text where it is nothing else, and in a heading, whose anchor counts its source.
    fn expression(&mut self, rest: &'a str) -> bool {
        if !self.dialect.has_expressions {
            return false;
        }
        // Braces that are not closed cost a look at some thousand bytes each.
        if self.n_open_braces >= MAX_OPEN_BRACES {
            return false;
        }
        let Some(len) = tag::braces_len(rest) else {
            self.n_open_braces += 1;
            return false;
        };
        let inner = &rest[1..len - 1];
        if tag::literal(inner).is_none() && self.is_in_target() {
            self.out.put("{{}}", self.at);
            self.line.is_visible = true;
            self.at += len;
            return true;
        }
        let text = tag::literal(inner).or_else(|| self.line.is_heading.then_some(inner.trim()));
        self.cut(len);
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.line.is_just_cut = false;
            self.out.put(&machine::escaped(text), self.at - len + 1);
            self.line.is_visible |= !text.trim().is_empty();
        }
        true
    }

    /// `` {role}`text` `` of MyST.
    fn role(&mut self, rest: &'a str) -> bool {
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_:+".contains(byte);
        let len = rest.bytes().skip(1).take_while(is_name).count();
        len > 0 && rest[1 + len..].starts_with("}`") && self.named_span(&rest[1..=len], len + 2)
    }

    /// `:bread:`. Headings keep the name, which their anchors are made of.
    fn emoji(&mut self, rest: &str) -> bool {
        let is_word = self.raw[..self.at].ends_with(char::is_alphanumeric);
        if !self.dialect.has_emoji_names || is_word || self.line.is_heading || self.is_underlined() {
            return false;
        }
        let Some((emoji, len)) = emoji::named(rest) else { return false };
        self.out.put(emoji, self.at);
        self.line.is_visible = true;
        self.at += len;
        true
    }

    /// Whether the line below makes a heading of this one.
    fn is_underlined(&mut self) -> bool {
        let below = line_at(self.raw, self.at + self.rest_of_line().len()).trim();
        let is_of = |sign: u8| !below.is_empty() && below.bytes().all(|byte| byte == sign);
        is_of(b'=') || is_of(b'-')
    }

    /// `` :role:`text` `` of reStructuredText and of Dive into Deep Learning.
    fn role_in_colons(&mut self, rest: &'a str) -> bool {
        if self.emoji(rest) {
            return true;
        }
        let name_len =
            rest[1..].bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte)).count();
        let is_role = name_len > 0 && rest[1 + name_len..].starts_with(":`");
        is_role && self.named_span(&rest[1..=name_len], name_len + 2)
    }

    /// Writes the code span behind a role of `len` bytes as what the role makes of it.
    fn named_span(&mut self, name: &str, len: usize) -> bool {
        let start = self.at + len;
        let n_ticks = self.raw[start..].bytes().take_while(|byte| *byte == b'`').count();
        let limit = self.limit();
        let end = self.ticks.span_end(self.raw, start, n_ticks).filter(|end| *end <= limit);
        let Some(end) = end else { return false };
        let text = self.raw[start + n_ticks..end - n_ticks].trim();
        let (title, target) = match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
            Some((title, target)) => (Some(title.trim()).filter(|title| !title.is_empty()), target),
            None => (None, text),
        };
        let at = self.at;
        match name.rsplit(':').next().unwrap_or(name) {
            "label" => self.out.ids.push(Id::place(self.out.text.len(), text)),
            "eqlabel" | "cite" | "citet" | "citep" | "citeauthor" | "width" | "height" | "begin_tab" | "end_tab" => {}
            "ref" | "any" if self.line.is_heading && title.is_none() => self.fill_in(&machine::escaped(text)),
            "ref" | "numref" | "eqref" | "any" => self.reference(title, &format!("#{target}"), at),
            "doc" | "download" => self.reference(title.or(Some(target)), target, at),
            "math" | "code" | "command" | "file" | "envvar" | "option" | "func" | "class" | "meth" | "mod" | "py"
            | "c" => {
                self.out.copy(&self.raw[start..end], start);
            }
            _ => self.out.put(&machine::escaped(title.unwrap_or(text)), at),
        }
        self.at = end;
        self.line.is_cut = true;
        self.line.is_visible = true;
        true
    }

    /// A link to a label or document; without a title nothing is shown, for want of the words that the generator would find.
    fn reference(&mut self, title: Option<&str>, target: &str, at: usize) {
        match title {
            Some(title) => {
                self.out.put(&format!("[{}](", machine::escaped(title)), at);
                self.out.page_references.push(self.out.text.len());
                self.out.put(&machine::destination(target), at);
                self.out.put(")", at);
            }
            None => {
                let link = MachineLink { at: self.out.text.len(), target: target.to_owned(), is_page_reference: true };
                self.out.links.push(link);
            }
        }
    }

    /// `%% … %%` of Obsidian within a paragraph.
    fn note(&mut self, rest: &str) -> bool {
        if !rest.starts_with("%%") || self.dialect.has_expressions {
            return false;
        }
        let Some(end) = self.find_end("%%", self.at + 2).map(|end| end - self.at) else { return false };
        if rest[2..end].contains("\n\n") {
            return false;
        }
        self.cut(end + 2);
        true
    }

    /// `==text==` is marked text.
    fn mark(&mut self, rest: &str) -> bool {
        let line = self.rest_of_line();
        let opens = line.starts_with("==") && line[2..].starts_with(|char: char| !char.is_whitespace() && char != '=');
        let is_within =
            self.raw[..self.at].ends_with(|char: char| char.is_alphanumeric() || char == '=' || char == '!');
        let bounded = &line[..line.floor_char_boundary(MAX_MARK_BYTES)];
        let end = if opens && !is_within { bounded[2..].find("==") } else { None };
        let Some(end) = end.filter(|end| !line[2..2 + end].ends_with(char::is_whitespace)) else {
            let signs = rest.bytes().take_while(|byte| *byte == b'=').count();
            self.keep(signs);
            return true;
        };
        let at = self.at;
        self.out.put("<mark>", at);
        self.line.is_visible = true;
        self.out.copy(&line[2..2 + end], at + 2);
        self.out.put("</mark>", at + 2 + end);
        self.at = at + end + 4;
        true
    }

    /// `@sec-label` of Quarto is a link to the section of that label, wherever it stands.
    fn section_label(&mut self, rest: &str) -> bool {
        let is_within = self.raw[..self.at].ends_with(|char: char| char.is_alphanumeric() || char == '\\');
        if self.dialect.anchors != Anchors::Pandoc || is_within || !rest.starts_with("@sec-") {
            return false;
        }
        let is_label = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_".contains(byte);
        let len = 1 + rest.bytes().skip(1).take_while(is_label).count();
        let label = rest[1..len].trim_end_matches(['-', '_']);
        if label.len() <= "sec-".len() {
            return false;
        }
        // Quarto shows the number of the section; its label says what it is about.
        let words = label["sec-".len()..].replace(['-', '_'], " ");
        self.reference(Some(&words), &format!("#{label}"), self.at);
        self.at += 1 + label.len();
        self.line.is_visible = true;
        true
    }

    /// `[#id]` at the end of a heading of Fumadocs is its id, and `[toc]` says where it is listed; with doc-builder it is `[[id]]`.
    fn id_in_brackets(&mut self) -> bool {
        let (open, close, sign) = match self.dialect.anchors {
            Anchors::Fumadocs => ("[", "]", "#"),
            Anchors::DocBuilder => ("[[", "]]", ""),
            _ => return false,
        };
        if !self.line.is_heading {
            return false;
        }
        let mark = self.rest_of_line().trim_end();
        let Some(inner) = mark.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)) else { return false };
        match inner.strip_prefix(sign).filter(|id| !id.is_empty() && !id.contains([' ', '[', ']'])) {
            Some(id) => {
                let at = self.out.text.trim_end().len().max(self.line.start);
                self.out.ids.push(Id::attribute(at, id));
            }
            None if matches!(inner, "toc" | "!toc") => {}
            None => return false,
        }
        self.cut(mark.len());
        true
    }

    /// `:id=x` in a heading of docsify is its id.
    fn id_behind_colon(&mut self, rest: &str) -> bool {
        let is_one =
            self.dialect.anchors == Anchors::Docsify && self.line.is_heading && self.raw[..self.at].ends_with(' ');
        let Some(behind) = rest.strip_prefix(":id=").filter(|_| is_one) else { return false };
        let is_of_id = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-' | '%');
        let id = &behind[..behind.find(|char| !is_of_id(char)).unwrap_or(behind.len())];
        if id.is_empty() {
            return false;
        }
        let at = self.out.text.trim_end().len().max(self.line.start);
        self.out.ids.push(Id::attribute(at, id));
        self.cut(":id=".len() + id.len());
        true
    }

    /// `[[text]](address)` is a link whose text stands in brackets, and no wikilink: the parser would take the latter first.
    fn link_in_brackets(&mut self) -> bool {
        let line = self.rest_of_line();
        let bounded = &line[..line.floor_char_boundary(MAX_MARK_BYTES)];
        let Some((text, behind)) = bounded.strip_prefix("[[").and_then(|inner| inner.split_once(']')) else {
            return false;
        };
        let address = behind.strip_prefix("](").and_then(|rest| rest.split_once(')')).map(|(address, _)| address);
        let is_address =
            |address: &str| address.contains(['/', '.', '#', ':']) && !address.contains(char::is_whitespace);
        if text.contains(['[', '\\', '|']) || !address.is_some_and(is_address) {
            return false;
        }
        let (at, len) = (self.at, text.len());
        self.out.put("[\\[", at);
        self.out.copy(text, at + 2);
        self.out.put("\\]", at + 2 + len);
        self.line.is_visible = true;
        self.at = at + 2 + len + 1;
        true
    }

    /// ` ^id` of Obsidian at the end of a line.
    fn block_mark(&mut self) -> bool {
        let line = self.rest_of_line().trim_end();
        let is_id = line.len() > 1 && line[1..].bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !is_id || !self.raw[..self.at].ends_with([' ', ']', ')']) {
            return false;
        }
        self.out.ids.push(Id::place(self.out.text.len(), line));
        self.cut(line.len());
        true
    }

    /// A formula that begins at the end of a line.
    fn late_formula(&mut self, rest: &str) -> bool {
        if !rest.starts_with("$$") || !self.rest_of_line()[2..].trim().is_empty() {
            self.keep(rest.bytes().take_while(|byte| *byte == b'$').count());
            return true;
        }
        let Some(end) = self.find_end("$$", self.at + 2) else { return false };
        self.code(self.at + 2, end, "math");
        self.at = end + 2;
        true
    }
}

/// Whether a line would begin a block that its text, behind machinery, did not begin.
fn begins_block(line: &str) -> bool {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    match line.as_bytes().first() {
        Some(b'#' | b'>' | b'=' | b'|') => true,
        Some(b'-' | b'+' | b'*') => line[1..].starts_with([' ', '-', '*', '\t']) && !line.starts_with("**"),
        Some(b'`' | b'~') => line.starts_with("```") || line.starts_with("~~~"),
        _ => digits > 0 && line[digits..].starts_with(['.', ')']) && indentation(&line[digits + 1..]).0 > 0,
    }
}
