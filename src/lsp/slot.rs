//! What is being typed where the cursor stands, if it is a name.

use ls_types::Position;

use super::front::{FrontLanguage, front};
use super::text::LinedText;

/// A name that is being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) kind: SlotKind,
    /// What there is of it.
    pub(super) typed: String,
    /// Where it begins.
    pub(super) start: Position,
}

/// What a name is typed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SlotKind {
    /// Double brackets; whether they are closed behind the cursor.
    Wikilink { is_closed: bool },
    /// The heading of a link in double brackets to this page, empty for the own.
    Heading { page: String },
    /// The value of this field, as the author calls it; whether it has to be put between quotes.
    Entry { field: String, needs_quotes: bool },
}

/// The name that is being typed at `position` of the document called `name`.
pub(super) fn slot(name: &str, text: &LinedText, position: Position) -> Option<Slot> {
    let n = position.line as usize;
    let line = text.line(n);
    let (_, column) = text.column(position);
    let mark = usize::from(n == 0 && line.starts_with('\u{feff}'));
    let cursor = line.char_indices().nth(column as usize - 1 + mark).map_or(line.len(), |(at, _)| at);
    let (before, after) = line.split_at(cursor);
    let made = |kind, start: usize| {
        let column = before[..start].chars().count() + 1 - mark.min(before[..start].chars().count());
        let start_at = text.position(position.line + 1, u32::try_from(column).ok()?);
        Some(Slot { kind, typed: before[start..].to_owned(), start: start_at })
    };
    if let Some(at) = before.rfind("[[").map(|at| at + 2).filter(|at| !before[*at..].contains("]]")) {
        let inner = &before[at..];
        if inner.contains('|') {
            return None;
        }
        if let Some((page, _)) = inner.split_once('#') {
            let start = at + page.len() + 1;
            return made(SlotKind::Heading { page: page.to_owned() }, start);
        }
        let is_closed = after.find("]]").is_some_and(|end| !after[..end].contains("[["));
        return made(SlotKind::Wikilink { is_closed }, at);
    }
    let front = front(name, text).filter(|front| front.lines.contains(&n))?;
    let (field, value) = front.field(text, n, before)?;
    let signs: &[char] = if before[value..].contains(['[', ',']) { &['[', ',', '"', '\''] } else { &['"', '\''] };
    let start = before[value..].rfind(signs).map_or(value, |at| value + at + 1);
    let start = start + before[start..].len() - before[start..].trim_start().len();
    let is_quoted = before[..start].ends_with(['"', '\'']);
    let needs_quotes = front.language != FrontLanguage::Yaml && !is_quoted;
    made(SlotKind::Entry { field: field.to_owned(), needs_quotes }, start)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `|` is the cursor.
    fn check(text: &str, expected: Option<(SlotKind, &str, u32)>) {
        let (before, after) = text.split_once('¦').unwrap();
        let last = before.rsplit('\n').next().unwrap();
        let line = u32::try_from(before.matches('\n').count()).unwrap();
        let units = u32::try_from(last.encode_utf16().count()).unwrap();
        let whole = LinedText::new([before, after].concat());
        let found = slot("a.md", &whole, Position::new(line, units));
        let found = found.map(|slot| (slot.kind, slot.typed, slot.start.character));
        assert_eq!(found, expected.map(|(kind, typed, at)| (kind, typed.to_owned(), at)), "{text}");
    }

    #[test]
    fn names_are_typed_in_brackets_and_in_fields() {
        let wikilink = |is_closed| SlotKind::Wikilink { is_closed };
        let entry = |field: &str, needs_quotes| SlotKind::Entry { field: field.to_owned(), needs_quotes };
        check("see [[kv ca¦", Some((wikilink(false), "kv ca", 6)));
        check("😀 字 [[k¦]]", Some((wikilink(true), "k", 7)));
        check("[[a]] and [[¦]]", Some((wikilink(true), "", 12)));
        check("[[a]] ¦", None);
        check("[[a|k¦]]", None);
        check("[[a#He¦]]", Some((SlotKind::Heading { page: "a".to_owned() }, "He", 4)));
        check("---\nprerequisites: [a, kv ¦]\n---\n", Some((entry("prerequisites", false), "kv ", 19)));
        check("---\nprerequisites:\n  - \"k¦\"\n---\n", Some((entry("prerequisites", false), "k", 5)));
        check("---\nprerequisites:\n  - ¦\n---\n", Some((entry("prerequisites", false), "", 4)));
        check("+++\nteaches = [k¦]\n+++\n", Some((entry("teaches", true), "k", 11)));
        check("no field: ¦", None);
    }
}
