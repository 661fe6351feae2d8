//! TOML, with the text of every scalar as its author typed it.

use std::borrow::Cow;

use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};

use super::block::lines;
use super::{Flaw, Metadata, add, gives_way};
use crate::spelling::looks_like_a_field;
use crate::value::{Lines, Node, SourcePlace, Value, line_column, narrow, null};
use gradus_corpus::{Code, Position};

/// Statements that are left out at most. A text with more of them is not TOML.
const BROKEN_STATEMENTS: usize = 32;

/// Reads TOML. A statement that cannot be read is told and left out; what the parser would make up for it is no value.
pub(crate) fn read(text: &str) -> Metadata {
    let mut flaws: Vec<Flaw> = Vec::new();
    let mut rest = Cow::Borrowed(text);
    loop {
        let (_, errors) = DeTable::parse_recoverable(&rest);
        // One at a time: what is told behind a bracket that was not closed is no fault of the author's.
        let Some(at) = errors.iter().map(|error| error.span().map_or(0, |span| span.start)).min() else { break };
        let flaw = why(&rest, at.min(text.len()));
        let is_new = !rest[flaw.lost.clone()].trim().is_empty();
        if !is_new || flaws.len() == BROKEN_STATEMENTS {
            let message = "this is not TOML from here on".to_owned();
            flaws.push(Flaw { message, lost: 0..text.len(), ..flaw });
            return Metadata { value: null(), flaws };
        }
        let mut bytes = rest.into_owned().into_bytes();
        // Blanks keep every other statement at its place.
        bytes[flaw.lost.clone()].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
        rest = Cow::Owned(String::from_utf8_lossy(&bytes).into_owned());
        add(&mut flaws, flaw);
    }
    flaws.sort_by_key(|flaw| flaw.place.position);
    let (table, _) = DeTable::parse_recoverable(&rest);
    let span = table.span();
    let mut lines = Lines::new(&rest, 1);
    let mut value = value(&rest, &Spanned::new(span, DeValue::Table(table.into_inner())), &mut lines);
    for flaw in flaws.iter_mut().filter(|flaw| flaw.code == Code::DuplicateField) {
        take_last(&mut value, text, flaw);
        flaw.lost = 0..0;
    }
    Metadata { value, flaws }
}

fn value(text: &str, from: &Spanned<DeValue<'_>>, lines: &mut Lines<'_>) -> Value {
    // Before what stands inside: lines are counted on from the last place, and going back counts them all anew.
    let SourcePlace { position, len } = place(text, from.span(), lines);
    let node = match from.get_ref() {
        DeValue::String(text) => Node::Text(text.to_string()),
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {
            Node::Text(text.get(from.span()).unwrap_or_default().to_owned())
        }
        DeValue::Array(values) => Node::List(values.iter().map(|inner| value(text, inner, lines)).collect()),
        DeValue::Table(table) => {
            let mut members: Vec<_> = table.iter().collect();
            // The parser sorts them by name; authors and messages go by their order in the file.
            members.sort_by_key(|(key, _)| key.span().start);
            let members = members.into_iter().map(|(key, inner)| {
                let place = place(text, key.span(), lines);
                (key.get_ref().to_string(), Value { key: place, ..value(text, inner, lines) })
            });
            Node::Map(members.collect())
        }
    };
    Value { node, position, len, ..null() }
}

fn place(text: &str, span: std::ops::Range<usize>, lines: &mut Lines<'_>) -> SourcePlace {
    let (line, column) = lines.at(span.start.min(text.len()));
    let first = text.get(span).and_then(|text| text.lines().next()).unwrap_or_default();
    SourcePlace { position: Position { file: 0, line, column }, len: narrow(first.chars().count() as u64) }
}

/// Why the statement around byte `at` cannot be read.
fn why(text: &str, at: usize) -> Flaw {
    let before = text.get(..at).unwrap_or(text);
    let mut start = before.rfind('\n').map_or(0, |newline| newline + 1);
    // The end of the text offends where something was not closed: what was opened last is told.
    if text[start..].trim().is_empty() {
        start = text[..start].trim_end().rfind('\n').map_or(0, |newline| newline + 1);
    }
    start = unclosed_before(text, start).unwrap_or(start);
    let line = text[start..].lines().next().unwrap_or_default();
    let (number, _) = line_column(text, start);
    let lost = start..start + statement_len(&text[start..]);
    let flaw = |at: usize, len: usize, message: String, help: String| {
        let column = narrow(line.get(..at).unwrap_or_default().chars().count() as u64 + 1);
        let place = SourcePlace { position: Position { file: 0, line: number, column }, len: narrow(len as u64) };
        Flaw { help: Some(help), ..Flaw::new(Code::UnreadableFrontMatter, place, message, lost.clone()) }
    };
    let indent = line.len() - line.trim_start().len();
    let statement = line.trim();
    let all = statement.chars().count();
    if statement.starts_with('[') {
        let message = "this table's name is not TOML".to_owned();
        return flaw(indent, all, message, "write `[name]`".to_owned());
    }
    let Some((name, given)) = statement.split_once('=') else {
        return match statement.split_once(':') {
            Some((name, value)) => {
                let help = format!("write `{} = {}`", name.trim(), value.trim());
                flaw(indent, all, format!("`{}: …` is YAML; this text is TOML", name.trim()), help)
            }
            None => {
                flaw(indent, all, "this line is no `name = value`".to_owned(), "write `name = \"value\"`".to_owned())
            }
        };
    };
    let (name, value) = (name.trim(), given.trim());
    if let Some(other) = earlier(&text[..start], name) {
        let mut told = flaw(
            indent,
            name.chars().count(),
            format!("`{name}` stands twice; the last one counts"),
            "keep one of them".to_owned(),
        );
        told.code = Code::DuplicateField;
        told.note = Some((Position { file: 0, line: other, column: 1 }, "the other one".to_owned()));
        return told;
    }
    let value_at = indent + statement.len() - given.trim_start().len();
    let message = |what: &str| format!("`{name}` cannot be read: {what}");
    let len = value.chars().count();
    match value.chars().next() {
        None => flaw(indent, all, message("it has no value"), format!("write `{name} = \"value\"`")),
        Some('"' | '\'') => flaw(
            value_at,
            len,
            message("its quotes are not in order"),
            "close them, and write `\\\\` for a backslash".to_owned(),
        ),
        Some('[' | '{') => flaw(
            value_at,
            len,
            message("its brackets are not in order"),
            "close them, and put texts in quotes".to_owned(),
        ),
        Some(_) => {
            let told = flaw(value_at, len, message("a text stands in quotes"), "put the value in quotes".to_owned());
            let quoted = format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""));
            Flaw { replacement: Some((quoted, true)), ..told }
        }
    }
}

/// The statement before byte `at`, where it opens a bracket or a text of several lines that it does not close.
fn unclosed_before(text: &str, at: usize) -> Option<usize> {
    let (start, _) = lines(&text[..at]).filter(|(_, line)| looks_like_a_field(line)).last()?;
    let statement = &text[start..at];
    let count = |sign: &str| statement.matches(sign).count();
    let is_open = count("[") > count("]") || count("{") > count("}");
    (is_open || count("\"\"\"") % 2 == 1 || count("\'\'\'") % 2 == 1).then_some(start)
}

/// Bytes of the statement at the start of `text`: where its value may go on, up to what looks like the next statement.
fn statement_len(text: &str) -> usize {
    let first = text.lines().next().unwrap_or_default();
    let value = first.split_once('=').map_or("", |(_, value)| value.trim());
    let goes_on = value.starts_with(['[', '{']) || value.contains("\"\"\"") || value.contains("\'\'\'");
    if !goes_on {
        return first.len();
    }
    let next = lines(text).skip(1).find(|(_, line)| looks_like_a_field(line) || line.starts_with('['));
    next.map_or(text.len(), |(at, _)| at)
}

/// The line before which `name` was given a value already, in the same table.
fn earlier(before: &str, name: &str) -> Option<u32> {
    let numbered: Vec<(u32, &str)> = (1..).zip(before.lines()).collect();
    let own = numbered.iter().rev().take_while(|(_, line)| !line.trim_start().starts_with('['));
    own.into_iter()
        .find(|(_, line)| line.split_once('=').is_some_and(|(other, _)| other.trim() == name))
        .map(|(n, _)| *n)
}

/// Puts the value of the second of two statements of one name in the place of the first.
fn take_last(whole: &mut Value, text: &str, flaw: &Flaw) {
    let Some(statement) = text.get(flaw.lost.clone()) else { return };
    let (table, errors) = DeTable::parse_recoverable(statement);
    let (Some((key, inner)), true) = (table.get_ref().iter().next(), errors.is_empty()) else { return };
    let mut lines = Lines::new(statement, flaw.place.position.line);
    let mut later = value(statement, inner, &mut lines);
    later.key = place(statement, key.span(), &mut lines);
    let first = flaw.note.as_ref().map_or(0, |(position, _)| position.line);
    replace(whole, key.get_ref(), first, &later);
}

fn replace(whole: &mut Value, name: &str, line: u32, later: &Value) {
    if let Node::Map(members) = &mut whole.node {
        for (other, inner) in members {
            if other == name && inner.key.position.line == line {
                if gives_way(name, inner) {
                    *inner = later.clone();
                }
            } else {
                replace(inner, name, line, later);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> (String, String) {
        let read = read(text);
        let members = read.value.members().unwrap_or_default();
        let read_as: Vec<String> =
            members.iter().map(|(name, value)| format!("{name}={}", value.text().unwrap_or("?"))).collect();
        let flaws = read.flaws.iter().map(|flaw| {
            let at = flaw.place.position;
            format!("{}:{} {} ({})", at.line, at.column, flaw.message, flaw.help.as_deref().unwrap_or_default())
        });
        (read_as.join(" "), flaws.collect::<Vec<_>>().join("\n"))
    }

    #[test]
    fn values_know_where_they_stand_and_how_they_were_typed() {
        let read = read("title = \"A\"\nprerequisites = [\"kv\", \"b\"]\nversion = 1.10\nx = 0x1F\nd = 2024-01-02\n");
        let second = &read.value.get("prerequisites").unwrap().entries()[1];
        assert_eq!((second.position.line, second.position.column, second.len), (2, 24, 3));
        let text = |name| read.value.get(name).and_then(Value::text);
        assert_eq!((text("version"), text("x"), text("d")), (Some("1.10"), Some("0x1F"), Some("2024-01-02")));
    }

    #[test]
    fn a_broken_field_costs_that_field_and_is_told_in_our_words() {
        for (text, kept, expected) in [
            (
                "a = 'x'\nb = pro\nc = 1\n",
                "a=x c=1",
                "2:5 `b` cannot be read: a text stands in quotes (put the value in quotes)",
            ),
            (
                "a = \"x\nc = 1\n",
                "c=1",
                "1:5 `a` cannot be read: its quotes are not in order (close them, and write `\\\\` for a backslash)",
            ),
            ("a: x\nc = 1\n", "c=1", "1:1 `a: …` is YAML; this text is TOML (write `a = x`)"),
            (
                "a = [1,\n2\nc = 1\n",
                "c=1",
                "1:5 `a` cannot be read: its brackets are not in order (close them, and put texts in quotes)",
            ),
            ("a =\nc = 1\n", "c=1", "1:1 `a` cannot be read: it has no value (write `a = \"value\"`)"),
            ("a = 1\nc = 2\na = 3\n", "a=3 c=2", "3:1 `a` stands twice; the last one counts (keep one of them)"),
        ] {
            assert_eq!(told(text), (kept.to_owned(), expected.to_owned()), "of {text}");
        }
    }
}
