//! What a position in a document names.

use gradus_corpus::PageId;
use gradus_load::{Reference, ReferenceForm};
use ls_types::{Position, Range};

use super::document::OpenDocument;
use super::front::front;
use super::text::LinedText;
use super::world::World;

/// A name in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Symbol {
    /// Where it stands.
    pub(super) range: Range,
    /// The page that it means.
    pub(super) page: PageId,
    /// It as it is written.
    pub(super) name: String,
    /// Whether it is a link by path or URL, which says where a page lies and not what it is called.
    pub(super) is_path: bool,
}

/// The name at `position` of `document`: of another page, or the page's own where its metadata or first heading gives it.
pub(super) fn symbol_at(world: &mut World, document: &OpenDocument, position: Position) -> Option<Symbol> {
    let text = &document.text;
    let references = match &document.sheet {
        Some(sheet) => sheet.references.clone(),
        None => world.references_in(&document.name, text),
    };
    let named = references.iter().map(|reference| symbol(reference, text));
    named.into_iter().find(|symbol| holds(symbol.range, position)).or_else(|| own(world, document, position))
}

/// A reference as a symbol of `text`.
pub(super) fn symbol(reference: &Reference, text: &LinedText) -> Symbol {
    let (range, name) = match reference.form {
        ReferenceForm::Entry(_) | ReferenceForm::Link => (whole(reference, text), reference.name.to_string()),
        // Of a link in brackets the name alone, without heading and text.
        ReferenceForm::Wikilink => {
            bracketed(reference, text).unwrap_or_else(|| (whole(reference, text), reference.name.to_string()))
        }
    };
    Symbol { range, page: reference.target, name, is_path: reference.form == ReferenceForm::Link }
}

fn whole(reference: &Reference, text: &LinedText) -> Range {
    text.range(reference.position.line, reference.position.column, reference.len)
}

fn bracketed(reference: &Reference, text: &LinedText) -> Option<(Range, String)> {
    let line = text.line((reference.position.line as usize).checked_sub(1)?);
    let column = (reference.position.column as usize).checked_sub(1)?;
    let start = line.char_indices().nth(column)?.0;
    let opened = &line[start..];
    let at = opened.find("[[").filter(|at| *at < 2).map_or(0, |at| at + 2);
    let inner = opened[at..].split("]]").next()?.split(['#', '|']).next()?;
    let name = inner.trim();
    let before = opened[..at].chars().count() + inner.chars().count() - inner.trim_start().chars().count();
    let column = reference.position.column + u32::try_from(before).ok()?;
    let range = text.range(reference.position.line, column, u32::try_from(name.chars().count()).ok()?);
    Some((range, name.to_owned()))
}

/// The own name of the page that `document` is, where `position` stands in it.
fn own(world: &World, document: &OpenDocument, position: Position) -> Option<Symbol> {
    let page = world.desk.page_at(&document.name)?;
    let names = own_names(world, &document.name, &document.text);
    let (range, name) = names.into_iter().find(|(range, _)| holds(*range, position))?;
    Some(Symbol { range, page, name, is_path: false })
}

/// Where the document called `name` says what its page is called: in its fields, and in its first heading.
pub(super) fn own_names(world: &World, name: &str, text: &LinedText) -> Vec<(Range, String)> {
    let front = front(name, text);
    let mut found = Vec::new();
    let lines = front.as_ref().map_or(0..0, |front| front.lines.clone());
    for n in lines.clone() {
        let line = text.line(n);
        let Some((key, value)) = front.as_ref().and_then(|front| front.field(text, n, line)) else { continue };
        if matches!(world.desk.field(key), Some("title" | "id" | "slug" | "aliases" | "aka")) {
            found.extend(values(text, n, value));
        }
    }
    let heading = (lines.end..text.n_lines()).find(|n| text.line(*n).starts_with("# "));
    found.extend(heading.and_then(|n| part(text, n, text.line(n).get(2..)?.trim().trim_end_matches('#').trim(), 2)));
    found
}

/// The texts in line `n` from byte `start` on: one, or those of a list in brackets.
pub(super) fn values(text: &LinedText, n: usize, start: usize) -> Vec<(Range, String)> {
    let line = text.line(n);
    let value = line[start..].split(" #").next().unwrap_or_default();
    let parts: Vec<&str> = if value.contains('[') { value.split(',').collect() } else { vec![value] };
    let mut at = start;
    let mut found = Vec::new();
    for raw in parts {
        let bare = raw.trim().trim_matches(['[', ']']).trim().trim_matches(['"', '\'']);
        found.extend(part(text, n, bare, at));
        at += raw.len() + 1;
    }
    found
}

/// The range of `name` in line `n` from byte `from` on.
pub(super) fn part(text: &LinedText, n: usize, name: &str, from: usize) -> Option<(Range, String)> {
    let line = text.line(n);
    let at = from + line.get(from..)?.find(name).filter(|_| !name.is_empty())?;
    let column = line[..at].trim_start_matches('\u{feff}').chars().count() + 1;
    let len = u32::try_from(name.chars().count()).ok()?;
    Some((text.range(u32::try_from(n + 1).ok()?, u32::try_from(column).ok()?, len), name.to_owned()))
}

fn holds(range: Range, position: Position) -> bool {
    range.start <= position && position <= range.end
}
