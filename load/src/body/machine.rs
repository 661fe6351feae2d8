//! Machinery: components of JSX, shortcodes of Hugo, tags of Liquid. What of it readers see, and what they do not.

use std::borrow::Cow;

use super::common_mark::{Id, MachineLink};
use super::scanner::Scanner;
use super::tag::Tag;

/// Bytes in which a shortcode must end. What is longer is text rather than searched for its end.
const MAX_BYTES: usize = 4_096;

/// What is code between its tags, in lower case.
const CODE: &[&str] = &[
    "code",
    "codeblock",
    "codesnippet",
    "highlight",
    "syntaxhighlighter",
    "prism",
    "raw",
    "verbatim",
    "math",
    "katex",
    "mathjax",
    "latex",
    "tex",
    "mermaid",
    "graphviz",
    "plantuml",
    "diagram",
    "chem",
    "pre",
    "terminal",
    "console",
    "livecodes",
    "editor",
];
/// Attributes that are shown above the inside.
const TITLES: &[&str] = &["title", "label", "header", "heading", "summary"];
/// Attributes that are shown as a text of their own.
const TEXTS: &[&str] = &["description", "caption"];
const TARGETS: &[&str] = &["href", "link", "url"];
/// Parts of the names of elements whose `to` is an address: of others it is a place of the page, or a value.
const LINKS: &[&str] = &["link", "card", "button", "redirect", "nav"];
/// Shortcodes whose first argument is their title.
const TITLED: &[&str] = &[
    "tab",
    "tabitem",
    "tab-item",
    "details",
    "detail",
    "expand",
    "expandable",
    "accordion",
    "accordion-item",
    "collapse",
    "spoiler",
    "card",
    "step",
    "columns-item",
    "collapsible",
];
/// Shortcodes that are the address of a page.
const REFERENCES: &[&str] = &["ref", "relref", "link", "post_url", "absurl", "relurl"];
/// Shortcodes that are a picture.
const PICTURES: &[&str] = &["figure", "img", "image", "picture", "imgproc", "lightbox"];

/// A piece of machinery.
#[derive(Debug)]
pub(super) struct Machine<'a> {
    pub(super) name: &'a str,
    /// Arguments by name; those without have an empty one.
    pub(super) arguments: Vec<(&'a str, Cow<'a, str>)>,
    pub(super) kind: MachineKind,
    pub(super) closes: bool,
    pub(super) is_empty: bool,
    pub(super) len: usize,
}

/// In whose way it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MachineKind {
    Element,
    Shortcode,
    Liquid,
}

impl<'a> Machine<'a> {
    pub(super) fn element(tag: &Tag<'a>) -> Self {
        let arguments = tag.attributes.iter().map(|attribute| (attribute.name, attribute.value.clone())).collect();
        Self {
            name: tag.name,
            arguments,
            kind: MachineKind::Element,
            closes: tag.closes,
            is_empty: tag.is_empty,
            len: tag.len,
        }
    }

    fn value(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| {
            let named = self.arguments.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
            named.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
        })
    }

    fn is(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.name.eq_ignore_ascii_case(name))
    }

    fn first(&self) -> Option<&str> {
        self.value(&[""])
    }

    /// Where it leads.
    fn target(&self) -> Option<&str> {
        let name = self.name.to_lowercase();
        let is_link = LINKS.iter().any(|part| name.contains(part)) || self.kind != MachineKind::Element;
        self.value(TARGETS).or_else(|| self.value(&["to"]).filter(|_| is_link))
    }

    fn title(&self) -> Option<&str> {
        let is_titled = self.kind != MachineKind::Element && self.is(TITLED);
        let positional = || is_titled.then(|| self.first().or_else(|| self.value(&["name"]))).flatten();
        self.value(TITLES).or_else(positional)
    }

    /// What of its inside readers see as code, its language.
    fn language(&self) -> Option<&str> {
        if !self.is(CODE) || self.closes || self.is_empty {
            return None;
        }
        if self.is(&["math", "katex", "mathjax", "latex", "tex"]) {
            return Some("math");
        }
        let language = self
            .value(&["lang", "language"])
            .or_else(|| self.is(&["highlight", "code"]).then(|| self.first()).flatten());
        Some(language.filter(|language| language.bytes().all(|byte| byte.is_ascii_graphic())).unwrap_or_default())
    }
}

/// The shortcode of Hugo, or the expression of a template, at the start of `text`.
pub(super) fn shortcode(text: &str) -> Option<Machine<'_>> {
    let inner = text.strip_prefix("{{")?;
    let bounded = &inner[..inner.floor_char_boundary(MAX_BYTES)];
    // The sign that opens it is not the one that closes it: nothing stands in `{{%}}`, and it is none.
    let closed_by = |close: &str| bounded[1..].find(close).map(|len| (&bounded[1..=len], len + 6));
    let (inner, len) = match bounded.as_bytes().first()? {
        b'<' => closed_by(">}}")?,
        b'%' => closed_by("%}}")?,
        _ => {
            let end = bounded.find("}}")?;
            (&bounded[..end], end + 4)
        }
    };
    // What never ends in its paragraph is text.
    let is_shortcode = matches!(bounded.as_bytes().first(), Some(b'<' | b'%'));
    if inner.contains("\n\n") {
        return None;
    }
    Some(read(inner, if is_shortcode { MachineKind::Shortcode } else { MachineKind::Liquid }, len, is_shortcode))
}

/// The tag of Liquid at the start of `text`.
pub(super) fn liquid(text: &str) -> Option<Machine<'_>> {
    let inner = text.strip_prefix("{%")?;
    let bounded = &inner[..inner.floor_char_boundary(MAX_BYTES)];
    let end = bounded.find("%}")?;
    let inner = bounded[..end].trim_matches('-');
    (!inner.contains("\n\n")).then(|| read(inner, MachineKind::Liquid, end + 4, true))
}

fn read(inner: &str, kind: MachineKind, len: usize, is_tag: bool) -> Machine<'_> {
    let inner = inner.trim();
    let (closes, inner) = inner.strip_prefix('/').map_or((false, inner), |rest| (!rest.starts_with('*'), rest));
    let (is_empty, inner) = inner.strip_suffix('/').map_or((false, inner), |rest| (true, rest));
    let inner = inner.trim();
    if !is_tag {
        // An expression: a literal that goes through filters is the address of something.
        let literal = super::tag::literal(inner.split('|').next().unwrap_or_default());
        let arguments = literal.map(|text| vec![("", Cow::Borrowed(text))]).unwrap_or_default();
        let name = if arguments.is_empty() { "" } else { "relurl" };
        return Machine { name, arguments, kind, closes: false, is_empty: true, len };
    }
    let name_len = inner.find(|char: char| char.is_whitespace() || char == '"').unwrap_or(inner.len());
    let (name, rest) = inner.split_at(name_len);
    let (closes, name) = match name.strip_prefix("end").filter(|name| kind == MachineKind::Liquid && !name.is_empty()) {
        Some(opened) => (true, opened),
        None => (closes, name),
    };
    Machine { name, arguments: arguments(rest), kind, closes, is_empty, len }
}

/// Arguments by name or place: `lang="go" "a b" c`.
fn arguments(text: &str) -> Vec<(&str, Cow<'_, str>)> {
    let mut arguments = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let key_len = rest.find(|char: char| !(char.is_alphanumeric() || "-_.".contains(char))).unwrap_or(rest.len());
        let key = &rest[..key_len];
        let value = rest[key_len..].strip_prefix('=').filter(|_| !key.is_empty());
        let name = value.map_or("", |_| key);
        let value = value.unwrap_or(rest);
        let quote = value.chars().next().filter(|first| matches!(first, '"' | '\'' | '`'));
        let (value, behind) = match quote.and_then(|quote| Some((quote, value[1..].find(quote)? + 1))) {
            Some((_, end)) => (&value[1..end], &value[end + 1..]),
            None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        arguments.push((name, Cow::Borrowed(value)));
        rest = behind.trim_start();
    }
    arguments
}

impl<'a> Scanner<'a> {
    /// Writes what readers see of `machine`, which stands here.
    pub(super) fn machine(&mut self, machine: &Machine<'a>) {
        let at = self.at;
        if let Some(id) = machine.value(&["id"]).filter(|_| machine.kind == MachineKind::Element) {
            self.out.ids.push(Id::place(self.out.text.len(), id));
        }
        if machine.is(&["comment"]) && !machine.closes {
            let end = self.end_of(machine).map_or(at + machine.len, |(_, end)| end);
            return self.cut(end - at);
        }
        if machine.is(&["raw"]) && self.dialect.anchors.runs_liquid() {
            self.raw_until = self.end_of(machine).map_or(at, |(end, _)| end);
        } else if let Some(language) = machine.language()
            && let Some((end, behind)) = self.end_of(machine)
        {
            let start = at + machine.len;
            if !opens_fence(&self.raw[start..end]) {
                let language = language.to_owned();
                self.code(start, end, &language);
                return self.at = behind;
            }
        }
        let is_inner = self.raw[at..].starts_with("{{<") && self.dialect.anchors.keeps_shortcodes_raw();
        if is_inner && !machine.closes && !machine.is_empty && at >= self.inner_until {
            self.inner_until = self.end_of(machine).map_or(at, |(end, _)| end);
        }
        if machine.closes {
            self.close(machine);
            return self.cut(machine.len);
        }
        if machine.is(REFERENCES) && machine.kind != MachineKind::Element {
            return self.address(machine);
        }
        if machine.kind != MachineKind::Element && self.is_in_target() {
            return self.in_target(&self.raw[at..at + machine.len]);
        }
        let line = self.rest_of_line();
        let is_alone = !self.line.is_visible && line.get(machine.len..).is_none_or(|rest| rest.trim().is_empty());
        self.show(machine, is_alone);
        self.cut(machine.len);
        if is_alone && !machine.is_empty && machine.kind == MachineKind::Element {
            let column = self.column();
            self.open_frame(Some(machine.name), column);
        }
    }

    /// Writes what stands for `machine` in the target of a link.
    fn in_target(&mut self, machine: &str) {
        let behind = self.raw[self.at + machine.len()..].chars().next();
        if !stands_for_root(machine) {
            // What it stands for is not known, and a target without it would be another one.
            self.out.put("{{}}", self.at);
        } else if behind.is_none_or(|behind| behind.is_whitespace() || matches!(behind, ')' | '>' | '"' | '?' | '#')) {
            self.out.put("/", self.at);
        }
        self.line.is_visible = true;
        self.at += machine.len();
    }

    /// Whether the target of a link is being written.
    pub(super) fn is_in_target(&self) -> bool {
        // A target is short: more of a line than that is not looked at for each piece of machinery.
        let before = &self.raw[self.raw.floor_char_boundary(self.at.saturating_sub(MAX_BYTES))..self.at];
        let line = before.rsplit('\n').next().unwrap_or(before);
        let start = line.rfind("](").map(|at| at + 2).or_else(|| line.rfind("]: ").map(|at| at + 3));
        // The target of a definition may stand on a line of its own.
        let is_below = || before[..before.len() - line.len()].trim_end().ends_with("]:").then_some(0);
        start.or_else(is_below).is_some_and(|start| !line[start..].trim_start().contains([' ', ')']))
    }

    /// Whether the target of a link begins here.
    pub(super) fn begins_target(&self) -> bool {
        let before = &self.raw[..self.at];
        before.ends_with("](") || before.trim_end_matches([' ', '\t']).ends_with("]:")
    }

    fn close(&mut self, machine: &Machine<'a>) {
        self.close_frame(machine.name);
        if self.links.last() == Some(&machine.name) {
            self.links.pop();
            self.out.put("</a>", self.at);
        }
    }

    /// Writes the address that a reference stands for.
    fn address(&mut self, machine: &Machine<'a>) {
        let target = machine.first().or_else(|| machine.value(&["path"])).unwrap_or_default();
        self.out.page_references.push(self.out.text.len());
        let is_relative_url = machine.is(&["absurl", "relurl"]);
        if is_relative_url {
            self.out.page_references.pop();
        }
        // In a link it is the target; elsewhere the address itself would be shown, which no reader needs.
        let is_target = self.raw[..self.at].ends_with(['(', '"', '\'', '<', ' ', '/', '}']) || is_relative_url;
        if is_target {
            self.out.put(&destination(target), self.at);
        }
        self.line.is_visible = true;
        self.at += machine.len;
    }

    /// Writes title, picture and text of `machine`, and its link.
    fn show(&mut self, machine: &Machine<'a>, is_alone: bool) {
        let at = self.at;
        let target = machine.target();
        let is_picture =
            machine.is(PICTURES) || machine.value(&["src"]).is_some() && machine.kind == MachineKind::Element;
        let title = machine.title().filter(|_| !is_picture).map(escaped);
        let mut shown = String::new();
        if is_picture && let Some(source) = machine.value(&["src", "link"]).or_else(|| machine.first()) {
            let alt = machine.value(&["alt", "title"]).unwrap_or_default();
            shown = format!("![{}]({})", escaped(alt), destination(source));
        } else if let Some(target) = target {
            match title {
                Some(title) => shown = format!("[{title}]({})", destination(target)),
                None if !machine.is_empty && self.closes_in_line(machine) => {
                    let href = html_escape::encode_double_quoted_attribute(target);
                    self.links.push(machine.name);
                    self.out.put(&format!("<a href=\"{href}\">"), at);
                    self.line.is_visible = true;
                    return;
                }
                None => self.out.links.push(MachineLink {
                    at: self.out.text.len(),
                    target: target.to_owned(),
                    is_page_reference: false,
                }),
            }
        } else if let Some(title) = title {
            shown = if is_alone { format!("**{title}**") } else { title };
        }
        for text in
            [machine.value(TEXTS).map(escaped), Some(shown)].into_iter().rev().flatten().filter(|text| !text.is_empty())
        {
            if is_alone {
                self.end_paragraph();
            }
            self.out.put(&text, at);
            if is_alone {
                self.break_paragraph();
            } else {
                self.out.put(" ", at);
                self.line.is_visible = true;
            }
        }
    }

    fn closes_in_line(&self, machine: &Machine<'a>) -> bool {
        let behind = &self.raw[self.at + machine.len..];
        let behind = &behind[..behind.floor_char_boundary(MAX_BYTES)];
        let behind = behind.split("\n\n").next().unwrap_or_default();
        match machine.kind {
            MachineKind::Element => behind.contains(&format!("</{}", machine.name)),
            _ => behind.contains(&format!("/{}", machine.name)) || behind.contains(&format!("/ {}", machine.name)),
        }
    }

    /// Where the inside of `machine` ends, and where its closing tag does.
    fn end_of(&mut self, machine: &Machine<'a>) -> Option<(usize, usize)> {
        let start = self.at + machine.len;
        match machine.kind {
            MachineKind::Element => {
                let end = self.find_end(&format!("</{}", machine.name), start)?;
                let len = Tag::read(&self.raw[end..])?.len;
                Some((end, end + len))
            }
            MachineKind::Shortcode | MachineKind::Liquid => {
                let key = format!("{:?} {}", machine.kind, machine.name);
                if self.missing.contains(&key) {
                    return None;
                }
                let limit = self.limit();
                let found = if start <= limit { closing(&self.raw[..limit], start, machine) } else { None };
                if found.is_none() {
                    self.missing.insert(key);
                }
                found
            }
        }
    }
}

/// The tag behind `from` that closes `machine`: where it begins and ends.
fn closing(text: &str, from: usize, machine: &Machine<'_>) -> Option<(usize, usize)> {
    let open = if machine.kind == MachineKind::Shortcode { "{{" } else { "{%" };
    memchr::memmem::find_iter(&text.as_bytes()[from..], open.as_bytes()).find_map(|at| {
        let at = from + at;
        let rest = &text[at..];
        let found = if machine.kind == MachineKind::Shortcode { shortcode(rest) } else { liquid(rest) };
        let found = found.filter(|found| found.closes && found.name.eq_ignore_ascii_case(machine.name))?;
        Some((at, at + found.len))
    })
}

/// Whether the first line that holds anything opens a code fence: then what is code is said already.
fn opens_fence(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with("```") || text.starts_with("~~~")
}

/// `text` as Markdown that shows it.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '&' | '|' => escaped.extend(['\\', char]),
            '\n' | '\r' => escaped.push(' '),
            char => escaped.push(char),
        }
    }
    escaped
}

/// `target` as the destination of a link.
pub(super) fn destination(target: &str) -> String {
    let target = target.replace(['\n', '\r', '<', '>'], "");
    if target.contains([' ', '(', ')']) { format!("<{target}>") } else { target }
}

/// Whether a variable stands for the root of the site.
fn stands_for_root(machine: &str) -> bool {
    ["baseurl", "base_url", "site.url"].iter().any(|name| machine.contains(name))
}
