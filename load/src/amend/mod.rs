//! Amending: entries of lists put where an author writes them, and entries of central files, with every other byte as it was.
//!
//! Texts are changed and not written anew: comments, order, quotes and line ends are the author's. A form that cannot be
//! continued for sure is left alone, and it is for the caller to say so.

mod central;
mod flow;
mod object;
mod toml;
mod yaml;

pub use central::{NewConcept, add_concepts};
use gradus_corpus::Position;

use crate::fence::{Language, closer, opener};
use crate::fields::canonical;
use crate::source::BYTE_ORDER_MARK;

/// Where a page is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeclaredIn {
    /// The front matter of its own file.
    FrontMatter,
    /// A row of a JSON Lines file: its line, from 1.
    Row(u32),
    /// An entry of a central file, at its first field.
    Entry(Position),
}

/// A list of names that a page has.
#[derive(Clone, Copy)]
struct ListField<'a> {
    /// What it is called where there is none yet.
    name: &'a str,
    /// Whether a key is one of its names.
    is_key: &'a dyn Fn(&str) -> bool,
}

/// `text` with `names` behind those that the list `field` of the page that is declared in it has, or with a list of their own.
/// `is_key` tells the site's own names of the field. `None` where they stand in a form that nothing can be put behind. O(text).
pub fn add_entries(
    text: &str,
    declared: DeclaredIn,
    field: &str,
    names: &[&str],
    is_key: &dyn Fn(&str) -> bool,
) -> Option<String> {
    let is_key = |key: &str| canonical(key).unwrap_or(key) == field || is_key(key);
    let field = ListField { name: field, is_key: &is_key };
    match declared {
        DeclaredIn::FrontMatter => front_matter(text, names, field),
        DeclaredIn::Row(line) => {
            let (start, end) = line_span(text, line)?;
            let row = object::add(&text[start..end], names, field)?;
            Some([&text[..start], &row, &text[end..]].concat())
        }
        DeclaredIn::Entry(position) => {
            let (start, _) = line_span(text, position.line)?;
            let indent = (position.column as usize).checked_sub(1)?;
            let block = yaml::entry(&text[start..], indent)?;
            let amended = yaml::add(block, indent, names, line_end(text), field)?;
            Some([&text[..start], &amended, &text[start + block.len()..]].concat())
        }
    }
}

fn front_matter(text: &str, names: &[&str], field: ListField<'_>) -> Option<String> {
    let mark = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let rest = &text[mark..];
    let first = rest.lines().next().unwrap_or_default();
    if rest.starts_with('{') {
        return Some(format!("{}{}", &text[..mark], object::add(rest, names, field)?));
    }
    let Some(fence) = opener(first) else {
        // Fields that stand lower than they should are still the author's: a second block would hide them.
        if !matches!(crate::front_matter::split(text).fields.node, crate::value::Node::Null) {
            return None;
        }
        let end = line_end(text);
        return Some(format!(
            "{}---{end}{}: {}{end}---{end}{rest}",
            &text[..mark],
            field.name,
            yaml::in_brackets(names)
        ));
    };
    let start = mark + rest.find('\n')? + 1;
    let len = lines(&text[start..]).find(|(_, line)| closer(fence, line).is_some()).map(|(at, _)| at)?;
    let block = &text[start..start + len];
    let amended = match fence.language {
        Language::Yaml => yaml::add(block, 0, names, line_end(text), field)?,
        Language::Toml => toml::add(block, names, line_end(text), field)?,
        Language::Json => object::add(block, names, field)?,
    };
    Some([&text[..start], &amended, &text[start + len..]].concat())
}

/// How the lines of `text` end.
fn line_end(text: &str) -> &'static str {
    let first = text.find('\n').unwrap_or_default();
    if text[..first].ends_with('\r') { "\r\n" } else { "\n" }
}

/// The lines of `text` with their first bytes, ends of lines included.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line)
    })
}

/// Where line `n`, from 1, stands without its end.
fn line_span(text: &str, n: u32) -> Option<(usize, usize)> {
    let (start, line) = lines(text).nth((n as usize).checked_sub(1)?)?;
    Some((start, start + line.trim_end_matches(['\n', '\r']).len()))
}

/// `name` between double quotes, as YAML, TOML and JSON read them.
fn quoted(name: &str) -> String {
    serde_json::Value::from(name).to_string()
}

#[cfg(test)]
mod tests;
