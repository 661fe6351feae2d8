//! Directives of MyST and admonitions between colons: what of them is text, and what is code.

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

impl<'a> Scanner<'a> {
    pub(super) fn fence_or_directive(&mut self, line: &'a str) -> bool {
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
    pub(super) fn leave_out(&mut self, close: &str) {
        let Some(end) = self.find_end(close, self.at).map(|at| at + 1) else { return self.drop_line() };
        self.out.put("\n", self.at);
        self.at = end + line_at(self.raw, end).len();
        self.is_paragraph = false;
    }

    /// `:::note Title`, `:::note[Title]`, `::: {.callout title="T"}`, `:::{note} Title`, and the colons that end them.
    pub(super) fn colons(&mut self, line: &'a str) -> bool {
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
