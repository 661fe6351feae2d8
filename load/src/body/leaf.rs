//! What begins a line: admonitions, directives, fences, formulas, modules, labels, tables of contents.

use super::attributes::AttributeList;
use super::common_mark::Id;
use super::scanner::{Scanner, line_at};
use crate::anchors::sphinx_term;

/// Directives of MyST whose inside is text. Of others it is code.
const TEXT_DIRECTIVES: &[&str] = &[
    "admonition",
    "attention",
    "card",
    "caution",
    "danger",
    "definition",
    "deprecated",
    "details",
    "dropdown",
    "epigraph",
    "error",
    "example",
    "exercise",
    "exercise-start",
    "figure",
    "grid",
    "grid-item",
    "grid-item-card",
    "hint",
    "important",
    "list-table",
    "margin",
    "note",
    "pull-quote",
    "quote",
    "seealso",
    "sidebar",
    "solution",
    "solution-start",
    "tab-item",
    "tab-set",
    "tip",
    "topic",
    "versionadded",
    "versionchanged",
    "versionremoved",
    "warning",
    "aside",
    "div",
    "glossary",
];
/// Directives whose inside nobody reads.
const EMPTY_DIRECTIVES: &[&str] = &[
    "toctree",
    "contents",
    "tableofcontents",
    "index",
    "only",
    "bibliography",
    "image",
    "include",
    "autoclass",
    "automodule",
];
/// Lines that stand where a table of contents comes.
const CONTENTS: &[&str] = &["[toc]", "[[toc]]", "[[_toc_]]", "{{toc}}", "{{ toc }}", "${toc}"];

impl<'a> Scanner<'a> {
    /// Writes the text of a line whose quotes and list items are written.
    pub(super) fn leaf(&mut self) {
        let line = line_at(self.raw, self.at);
        let is_written = match line.as_bytes().first() {
            None => return,
            Some(b'`' | b'~') => self.fence_or_directive(line),
            Some(b'#') => self.heading(line),
            Some(b':') => self.colons(line),
            Some(b'!' | b'?' | b'=') => self.admonition(line),
            Some(b'/') => self.block(line),
            Some(b'[') => self.callout(line) || self.contents(line) || self.comment_in_brackets(line),
            Some(b'+') => self.block_break(line),
            Some(b'<') => {
                self.open_element(line);
                false
            }
            Some(b'(') => self.label(line),
            Some(b'$' | b'\\') => self.formula(line),
            Some(b'%') => self.comment(line),
            Some(b'{') => self.attributes_of_block(line) || self.contents(line),
            Some(b'^') => self.block_id(line),
            Some(b'-') => self.snippet(line),
            Some(b'i' | b'e') => self.module(line),
            Some(b'T' | b'1') => self.kramdown_contents(line),
            Some(b'\n' | b'\r') => {
                self.keep_line(line.len());
                true
            }
            _ => false,
        };
        if !is_written {
            self.inline();
        }
    }

    fn fence_or_directive(&mut self, line: &'a str) -> bool {
        let mark = line.as_bytes()[0];
        let len = line.bytes().take_while(|byte| *byte == mark).count();
        let info = line[len..].trim();
        if len < 3 || mark == b'`' && info.contains('`') {
            return false;
        }
        if info.is_empty() && self.directives.last().is_some_and(|(open, least)| *open == mark && len >= *least) {
            self.directives.pop();
            self.drop_line();
            return true;
        }
        let Some((name, argument)) = directive(info) else {
            self.open_fence(mark, len, false);
            self.keep_line(line.len());
            return true;
        };
        if TEXT_DIRECTIVES.contains(&name) || name.starts_with("prf:") {
            self.directives.push((mark, len));
            self.open_directive(line, name, argument);
        } else if EMPTY_DIRECTIVES.contains(&name) {
            let close = format!("\n{}", &line[..len]);
            self.leave_out(&close);
        } else {
            self.open_fence(mark, len, true);
            let (at, language) = (self.at, code_language(name, argument));
            self.out.put(&format!("{}{language}\n", &line[..len]), at);
            self.at += line.len();
        }
        true
    }

    /// Writes the title of a directive and passes over its options.
    fn open_directive(&mut self, line: &'a str, name: &str, argument: &'a str) {
        self.at += line.len();
        // Of a figure or a grid the argument is a path or a number, of a version no words.
        let is_title = !matches!(name, "figure" | "grid" | "grid-item" | "tab-set" | "glossary" | "div" | "list-table");
        let title = if is_title { argument } else { "" };
        self.options();
        if name == "glossary" {
            self.terms();
        }
        self.block_title(title);
    }

    /// Notes the terms of the glossary whose lines begin here: each stands on a line of its own, what it is indented below it.
    fn terms(&mut self) {
        let lines = self.rest().lines().take_while(|line| !line.starts_with("```") && !line.starts_with(":::"));
        let at = self.out.text.len();
        let terms = lines.filter(|line| line.starts_with(|first: char| !first.is_whitespace()));
        let ids = terms.map(|term| sphinx_term(term.split(" : ").next().unwrap_or(term).trim()));
        self.out.ids.extend(ids.filter(|id| !id.is_empty()).map(|id| Id::place(at, &id)));
    }

    /// Passes over the options of a directive, `:key: value` lines or a block of YAML; its name is an id.
    fn options(&mut self) {
        let mut is_block = false;
        loop {
            let line = line_at(self.raw, self.at);
            let text = line.trim();
            if text == "---" && !line.is_empty() {
                self.at += line.len();
                if is_block {
                    return;
                }
                is_block = true;
                continue;
            }
            let option = if is_block { text.split_once(':') } else { option(text) };
            let Some((key, value)) = option.filter(|_| !line.is_empty()) else {
                return;
            };
            if matches!(key, "name" | "label") {
                self.out.ids.push(Id::label(self.out.text.len(), value.trim()));
            }
            self.at += line.len();
        }
    }

    /// Leaves out everything up to the line that begins with `close`.
    fn leave_out(&mut self, close: &str) {
        let Some(end) = self.find_end(close, self.at).map(|at| at + 1) else { return self.drop_line() };
        self.out.put("\n", self.at);
        self.at = end + line_at(self.raw, end).len();
        self.is_paragraph = false;
    }

    /// Writes a title in bold as a paragraph of its own, and ends the line.
    fn block_title(&mut self, title: &'a str) {
        let title = title.trim();
        if !title.is_empty() {
            self.end_paragraph();
            // Both are slices of the same text, so that names in a title know their place.
            let at = (title.as_ptr() as usize).saturating_sub(self.raw.as_ptr() as usize).min(self.raw.len());
            self.out.put("**", at);
            self.out.copy(title, at);
            self.out.put("**\n", at);
            let prefix = self.line.prefix.trim_end().to_owned();
            self.out.put(&prefix, at);
        }
        self.out.put("\n", self.at);
        self.is_paragraph = false;
    }

    fn heading(&mut self, line: &'a str) -> bool {
        let len = line.bytes().take_while(|byte| *byte == b'#').count();
        let is_spaced = line[len..].starts_with([' ', '\t', '\n', '\r']) || line.len() == len;
        let is_python = self.dialect.anchors.is_python();
        if !is_python && (!is_spaced || len > 6) {
            return false;
        }
        if self.at < self.inner_until {
            self.at += len;
            self.line.is_cut = true;
            return false;
        }
        self.is_paragraph = false;
        self.line.is_heading = true;
        self.out.copy(&line[..len.min(6)], self.at);
        if !is_spaced {
            self.out.put(" ", self.at);
        }
        self.at += len;
        false
    }

    /// `:::note Title`, `:::note[Title]`, `::: {.callout title="T"}`, `:::{note} Title`, and the colons that end them.
    fn colons(&mut self, line: &'a str) -> bool {
        let len = line.bytes().take_while(|byte| *byte == b':').count();
        let info = line[len..].trim();
        if len == 2 && info.starts_with(|first: char| first.is_ascii_alphabetic()) && info.contains(['[', '{']) {
            let label = info.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map_or("", |(label, _)| label);
            self.at += line.len();
            self.block_title(label);
            return true;
        }
        if len < 3 {
            return false;
        }
        if let Some((name, argument)) = directive(info) {
            let close = format!("\n{}", &line[..len]);
            if EMPTY_DIRECTIVES.contains(&name) {
                self.leave_out(&close);
            } else if TEXT_DIRECTIVES.contains(&name) || name.starts_with("prf:") {
                self.open_directive(line, name, argument);
            } else {
                self.code_in_colons(line, &close, &code_language(name, argument));
            }
            return true;
        }
        self.at += line.len();
        self.block_title(colon_title(info));
        if let Some(id) = info.find("{#").and_then(|at| AttributeList::read(&info[at..])).and_then(|list| list.id) {
            self.out.ids.push(Id::label(self.out.text.len(), id));
        }
        true
    }

    fn code_in_colons(&mut self, line: &'a str, close: &str, language: &str) {
        let start = self.at + line.len();
        let end = self.find_end(close, start - 1).map(|at| (at + 1).max(start));
        let end = end.unwrap_or_else(|| self.limit());
        self.at = start;
        self.options();
        self.code(self.at.min(end), end, language);
        self.at = end + line_at(self.raw, end).len();
        self.out.put("\n", end);
    }

    /// `!!! note "Title"`, `??? tip`, `=== "Tab"`.
    fn admonition(&mut self, line: &'a str) -> bool {
        let mark = line.as_bytes()[0];
        let Some(rest) =
            line.strip_prefix("!!!").or_else(|| line.strip_prefix("???")).or_else(|| line.strip_prefix("==="))
        else {
            return false;
        };
        let rest = rest.trim_start_matches(['+', '!']);
        let quoted = rest.split_once('"').and_then(|(_, rest)| rest.rsplit_once('"')).map(|(title, _)| title);
        let is_opener = rest.starts_with(' ')
            && if mark == b'=' {
                quoted.is_some()
            } else {
                rest.trim_start().starts_with(|first: char| first.is_alphabetic() || first == '"')
            };
        if !is_opener {
            return false;
        }
        self.end_paragraph();
        let opener = self.column();
        self.at += line.len();
        match quoted.filter(|title| !title.trim().is_empty()) {
            Some(title) => {
                self.out.put("> ", self.at);
                self.line.prefix.push_str("> ");
                self.block_title(title);
            }
            None => self.out.put("\n", self.at),
        }
        self.is_paragraph = false;
        self.open_frame(None, opener);
        true
    }

    /// `/// note | Title` of pymdownx, its options and its end.
    fn block(&mut self, line: &'a str) -> bool {
        let Some(info) = line.strip_prefix("///") else { return false };
        let info = info.trim_start_matches('/').trim();
        if !info.is_empty() && !info.starts_with(|first: char| first.is_ascii_alphabetic()) {
            return false;
        }
        self.at += line.len();
        loop {
            let option = line_at(self.raw, self.at);
            let is_option = option.starts_with("    ") && option.contains(':') && !info.is_empty();
            if !is_option {
                break;
            }
            self.at += option.len();
        }
        let (kind, title) = info.split_once('|').unwrap_or((info, ""));
        self.block_title(if kind.trim() == "html" { "" } else { title });
        true
    }

    /// `> [!NOTE] Title`.
    fn callout(&mut self, line: &'a str) -> bool {
        let Some(rest) = line.strip_prefix("[!").filter(|_| self.line.is_quoted && !self.is_paragraph) else {
            return false;
        };
        let Some((kind, title)) = rest.split_once(']') else { return false };
        let is_kind = !kind.is_empty() && kind.chars().all(|char| char.is_alphanumeric() || "-_| ".contains(char));
        if !is_kind || title.starts_with(['(', '[']) {
            return false;
        }
        self.at += line.len();
        self.block_title(title.trim_start_matches(['+', '-']));
        true
    }

    /// `[//]: # "text"`: a definition that nobody refers to is how Markdown's authors write comments.
    fn comment_in_brackets(&mut self, line: &'a str) -> bool {
        let is_comment = line.starts_with("[//]:") && !self.is_paragraph;
        if is_comment {
            self.drop_line();
        }
        is_comment
    }

    /// `+++ {"key": "value"}` of MyST divides blocks.
    fn block_break(&mut self, line: &'a str) -> bool {
        let is_break = self.dialect.anchors.reads_labels() && line.starts_with("+++");
        if is_break {
            self.drop_line();
        }
        is_break
    }

    fn contents(&mut self, line: &'a str) -> bool {
        let line = line.trim().to_ascii_lowercase();
        let is_contents = CONTENTS.contains(&line.as_str());
        if is_contents {
            self.drop_line();
        }
        is_contents
    }

    /// `* TOC` over `{:toc}`: the table of contents of kramdown.
    fn kramdown_contents(&mut self, line: &'a str) -> bool {
        let below = line_at(self.raw, self.at + line.len());
        let is_contents = below.trim_start().starts_with("{:toc");
        if is_contents {
            // The mark of the list item stands already; an empty item is no text.
            self.at += line.len() + below.len();
            self.out.put("\n", self.at);
        }
        is_contents
    }

    /// `(label)=` of MyST.
    fn label(&mut self, line: &'a str) -> bool {
        let label = line.trim_end().strip_prefix('(').and_then(|rest| rest.strip_suffix(")="));
        let Some(label) = label.filter(|label| !label.is_empty() && !label.contains(['(', ')'])) else { return false };
        self.out.ids.push(Id::label(self.out.text.len(), label));
        self.drop_line();
        true
    }

    /// `$$ … $$` and `\[ … \]` over several lines.
    fn formula(&mut self, line: &'a str) -> bool {
        let close = match line.get(..2) {
            Some("$$") => "$$",
            Some("\\[") if line.trim_end() == "\\[" => "\\]",
            _ => return false,
        };
        let start = self.at + 2;
        let Some(end) = self.find_end(close, start) else { return false };
        if end < self.at + line.len() && !self.raw[end + 2..self.at + line.len()].trim().is_empty() {
            return false;
        }
        self.code(start, end, "math");
        self.at = end + 2;
        self.inline();
        true
    }

    /// `%% … %%` of Obsidian over several lines, and `% …` of MyST.
    fn comment(&mut self, line: &'a str) -> bool {
        if self.dialect.anchors.reads_labels() && !line.starts_with("%%") {
            self.drop_line();
            return true;
        }
        if !line.starts_with("%%") || line[2..].contains("%%") {
            return false;
        }
        let Some(end) = self.find_end("%%", self.at + 2) else { return false };
        self.at = end + 2;
        self.line.is_cut = true;
        self.inline();
        true
    }

    /// An attribute list on a line of its own belongs to the block above it, in MyST to the one below.
    fn attributes_of_block(&mut self, line: &'a str) -> bool {
        let trimmed = line.trim_end();
        let Some(list) = AttributeList::read(trimmed).filter(|list| list.len == trimmed.len()) else { return false };
        if !self.dialect.reads_attributes() {
            return false;
        }
        if let Some(id) = list.id {
            let at = self.out.text.len();
            self.out.ids.push(if self.dialect.anchors.reads_labels() {
                Id::label(at, id)
            } else {
                Id::attribute(at, id)
            });
        }
        let is_paragraph = self.is_paragraph;
        self.out.trim_end_to(self.line.start);
        self.at += line.len();
        if is_paragraph && self.line.prefix.is_empty() {
            return true;
        }
        self.out.put("\n", self.at);
        true
    }

    /// `^id` of Obsidian on a line of its own.
    fn block_id(&mut self, line: &'a str) -> bool {
        let id = line.trim();
        let is_id = id.len() > 1 && id[1..].bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if is_id {
            self.out.ids.push(Id::place(self.out.text.len(), id));
            self.drop_line();
        }
        is_id
    }

    /// `--8<-- "file"`, and the same around a list of files.
    fn snippet(&mut self, line: &'a str) -> bool {
        let Some(file) = line.strip_prefix("--8<--") else { return false };
        if file.trim().is_empty() {
            self.leave_out("\n--8<--");
        } else {
            self.drop_line();
        }
        true
    }

    /// `import` and `export` of MDX.
    fn module(&mut self, line: &'a str) -> bool {
        let is_top = self.line.prefix.is_empty() && !self.is_paragraph;
        if !is_top || !is_module(line, self.dialect.is_mdx) {
            return false;
        }
        self.at += module_end(self.rest());
        self.out.put("\n", self.at);
        true
    }
}

/// Key and value of `:key: value`.
fn option(text: &str) -> Option<(&str, &str)> {
    let (key, value) = text.strip_prefix(':')?.split_once(':')?;
    (!key.is_empty() && !key.contains(' ')).then_some((key, value))
}

/// Name and argument of `{name} argument`.
fn directive(info: &str) -> Option<(&str, &str)> {
    let (name, argument) = info.strip_prefix('{')?.split_once('}')?;
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_:+".contains(&byte));
    is_name.then_some((name, argument.trim()))
}

/// The language of a directive that holds code.
fn code_language(name: &str, argument: &str) -> String {
    let language = match name {
        "code-block" | "code" | "sourcecode" | "code-cell" | "literalinclude" => argument,
        name => name,
    };
    language.split_whitespace().next().unwrap_or_default().replace('`', "")
}

/// The title behind the colons of an admonition.
fn colon_title(info: &str) -> &str {
    let name = info.find(|char: char| !char.is_alphanumeric() && char != '-' && char != '_').unwrap_or(info.len());
    let rest = info[name..].trim();
    if let Some(inner) = rest.strip_prefix('[') {
        return inner.rsplit_once(']').map_or("", |(title, _)| title);
    }
    if let Some(attributes) = rest.strip_prefix('{') {
        let inner = attributes.split_once('}').map_or("", |(inner, _)| inner);
        return inner.split_once("title=\"").and_then(|(_, rest)| rest.split_once('"')).map_or("", |(title, _)| title);
    }
    // Colons may also close the line: `::: note :::`.
    rest.trim_end_matches(':').split('{').next().unwrap_or_default()
}

/// Whether a line begins a module statement rather than a sentence.
fn is_module(line: &str, is_mdx: bool) -> bool {
    if let Some(rest) = line.strip_prefix("import ") {
        let names = rest.trim_start();
        let has_source = [" from '", " from \"", "} from"].iter().any(|from| rest.contains(from));
        return has_source
            || names.starts_with(['\'', '"'])
            || names.starts_with('{') && !names.contains('.')
            || is_mdx && names.starts_with("* as");
    }
    let Some(rest) = line.strip_prefix("export ") else { return false };
    let is_declared = ["const ", "let ", "var ", "function ", "async ", "class ", "type ", "interface "];
    let begins = is_declared.iter().any(|word| rest.starts_with(word)) && (is_mdx || rest.contains(['=', '(', '{']));
    begins || rest.starts_with("default ") && (is_mdx || rest.contains(['(', '{', ';'])) || rest.starts_with(['{', '*'])
}

/// Where the statement of a module at the start of `text` ends. One whose brackets stay open ends with its paragraph.
fn module_end(text: &str) -> usize {
    let mut depth = 0_i64;
    let mut at = 0;
    let mut paragraph_end = None;
    for line in text.split_inclusive('\n') {
        if line.trim().is_empty() {
            paragraph_end.get_or_insert(at);
            if depth <= 0 {
                return at;
            }
        }
        let count = |set: &str| i64::try_from(line.matches(|char| set.contains(char)).count()).unwrap_or(0);
        depth += count("{[(") - count("}])");
        at += line.len();
        let goes_on = depth > 0 || line.trim_end().ends_with(['=', ',', '+', '?', '&', '|', '.']);
        if !goes_on {
            return at;
        }
    }
    paragraph_end.unwrap_or(at)
}
