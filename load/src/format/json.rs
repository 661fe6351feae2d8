//! JSON, with the place of every value and the text of every number as it was typed.

use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{Flaw, Metadata, add, distinct};
use crate::value::{Lines, Node, SourcePlace, Value, line_column, narrow, null};
use gradus_corpus::{Code, Position};

/// How deep values stand in one another at most: metadata needs three levels.
const DEPTH: u32 = 32;

/// The value of a text that is JSON as a whole, its first line number `first_line`.
///
/// # Errors
/// If it is not: where.
pub(crate) fn whole(text: &str, first_line: u32, flaws: &mut Vec<Flaw>) -> Result<Value, SourcePlace> {
    let raw: &RawValue = serde_json::from_str(text).map_err(|error| {
        let (line, column) = (narrow(error.line() as u64), narrow(error.column() as u64));
        SourcePlace { position: Position { file: 0, line, column }, len: 1 }
    })?;
    let mut reader = JsonReader { text, lines: Lines::new(text, first_line), flaws };
    Ok(reader.value(raw.get(), DEPTH))
}

/// Reads an object. Where the text as a whole is not JSON, what can be read of its members is.
pub(crate) fn read(text: &str) -> Metadata {
    let mut flaws = Vec::new();
    match whole(text, 1, &mut flaws) {
        Ok(value) => Metadata { value, flaws },
        Err(_) => mend(text),
    }
}

struct JsonReader<'a> {
    text: &'a str,
    lines: Lines<'a>,
    flaws: &'a mut Vec<Flaw>,
}

impl<'a> JsonReader<'a> {
    /// Where a part of the text begins in it.
    fn offset(&self, part: &str) -> usize {
        (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize)
    }

    fn place(&mut self, range: Range<usize>) -> SourcePlace {
        let first = self.text.get(range.clone()).and_then(|text| text.lines().next()).unwrap_or_default();
        let len = narrow(first.chars().count() as u64);
        let (line, column) = self.lines.at(range.start);
        SourcePlace { position: Position { file: 0, line, column }, len }
    }

    fn value(&mut self, raw: &'a str, depth: u32) -> Value {
        let start = self.offset(raw);
        let is_text = raw.starts_with('"');
        // The text of a string is told without its quotes, as an author would mark it.
        let quote = usize::from(is_text);
        let SourcePlace { position, len } = self.place(start + quote..start + raw.len() - quote);
        let node = match raw.as_bytes().first() {
            Some(b'{' | b'[') if depth == 0 => self.refuse(raw, "it is nested too deep"),
            Some(b'{') => match RawMembers::of(raw) {
                Some(parts) => Node::Map(self.members(parts, start, depth)),
                None => self.refuse(raw, "it is not JSON"),
            },
            Some(b'[') => match RawMembers::of(raw) {
                Some(parts) => Node::List(parts.0.into_iter().map(|(_, raw)| self.value(raw, depth - 1)).collect()),
                None => self.refuse(raw, "it is not JSON"),
            },
            Some(b'"') => match serde_json::from_str(raw) {
                Ok(text) => Node::Text(text),
                Err(_) => self.refuse(raw, "it holds an escape that means nothing"),
            },
            Some(b'n') => Node::Null,
            _ => Node::Text(raw.to_owned()),
        };
        Value { node, position, len, ..null() }
    }

    fn members(&mut self, parts: RawMembers<'a>, start: usize, depth: u32) -> Vec<(String, Value)> {
        let mut at = start;
        let mut members = Vec::with_capacity(parts.0.len());
        for (name, raw) in parts.0 {
            let end = self.offset(raw);
            // Between the end of one value and the key of the next stand no quotes.
            let from = self.text[at..end].find('"').map_or(end, |found| at + found + 1);
            let key = self.place(from..(from + name.len()).min(end));
            at = end + raw.len();
            members.push((name, Value { key, ..self.value(raw, depth - 1) }));
        }
        distinct(members, self.flaws)
    }

    fn refuse(&mut self, raw: &str, why: &str) -> Node {
        let start = self.offset(raw);
        let place = self.place(start..start + raw.len());
        let flaw = Flaw::new(
            Code::UnreadableFrontMatter,
            place,
            format!("this value cannot be read: {why}"),
            start..start + raw.len(),
        );
        add(self.flaws, flaw);
        Node::Null
    }
}

/// The elements of a list, or the members of a map, unread.
struct RawMembers<'a>(Vec<(String, &'a str)>);

impl<'a> RawMembers<'a> {
    fn of(raw: &'a str) -> Option<Self> {
        let mut parts = Self(Vec::new());
        let mut from = serde_json::Deserializer::from_str(raw);
        (&mut parts).deserialize(&mut from).ok()?;
        Some(parts)
    }
}

impl<'a> DeserializeSeed<'a> for &mut RawMembers<'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for &mut RawMembers<'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list or a map")
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut from: A) -> Result<(), A::Error> {
        while let Some(raw) = from.next_element::<&RawValue>()? {
            self.0.push((String::new(), raw.get()));
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'a>>(self, mut from: A) -> Result<(), A::Error> {
        while let Some((name, raw)) = from.next_entry::<String, &RawValue>()? {
            self.0.push((name, raw.get()));
        }
        Ok(())
    }
}

/// Reads an object member by member.
fn mend(text: &str) -> Metadata {
    let (mut members, mut flaws) = (Vec::new(), Vec::new());
    for part in parts(text) {
        let member = format!("{{{}}}", &text[part.clone()]);
        let (line, column) = line_column(text, part.start);
        let mut inner = Vec::new();
        match whole(&member, line, &mut inner) {
            Ok(mut value) => {
                // The brace that was put before the member stands where the character before it stood.
                shift(&mut value, line, column.saturating_sub(2));
                members.extend(value.members().unwrap_or_default());
            }
            Err(_) => {
                let shown = text[part.clone()].trim();
                let start = part.start + text[part.clone()].find(shown).unwrap_or_default();
                let (line, column) = line_column(text, start);
                let len = narrow(shown.lines().next().unwrap_or_default().chars().count() as u64);
                let place = SourcePlace { position: Position { file: 0, line, column }, len };
                let message = "this is no `\"field\": value` of JSON".to_owned();
                let mut flaw = Flaw::new(Code::UnreadableFrontMatter, place, message, part);
                flaw.help = Some("put names and texts in double quotes, and a comma between members".to_owned());
                add(&mut flaws, flaw);
            }
        }
    }
    let node = Node::Map(distinct(members, &mut flaws));
    Metadata { value: Value { node, position: Position { file: 0, line: 1, column: 1 }, ..null() }, flaws }
}

/// Moves what stands on `line` by `columns` to the right.
fn shift(value: &mut Value, line: u32, columns: u32) {
    for position in [&mut value.position, &mut value.key.position] {
        if position.line == line {
            position.column += columns;
        }
    }
    match &mut value.node {
        Node::List(values) => values.iter_mut().for_each(|inner| shift(inner, line, columns)),
        Node::Map(members) => members.iter_mut().for_each(|(_, inner)| shift(inner, line, columns)),
        Node::Null | Node::Text(_) => {}
    }
}

/// The members of an object as far as commas tell, without those that are blank.
fn parts(text: &str) -> Vec<Range<usize>> {
    let (end, commas) = outline(text);
    let mut parts = Vec::new();
    let mut start = text.find('{').map_or(0, |brace| brace + 1);
    for comma in commas.into_iter().chain([end]) {
        let stop = comma.max(start);
        if !text[start..stop].trim().is_empty() {
            parts.push(start..stop);
        }
        start = (comma + 1).min(text.len());
    }
    parts
}

/// Where the first object of a text ends, without its brace, and the commas between its members.
pub(crate) fn outline(text: &str) -> (usize, Vec<usize>) {
    let (mut depth, mut in_text, mut escaped) = (0_u32, false, false);
    let mut commas = Vec::new();
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            // A string does not go over the end of a line: one that is not closed costs its line.
            b'"' | b'\n' if in_text => in_text = false,
            _ if in_text => {}
            b'"' => in_text = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return (at, commas);
                }
            }
            b',' if depth == 1 => commas.push(at),
            _ => {}
        }
    }
    (text.len(), commas)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(value: &Value, path: &[&str]) -> (u32, u32, u32) {
        let value = path.iter().fold(value, |value, key| match key.parse::<usize>() {
            Ok(idx) => &value.entries()[idx],
            Err(_) => value.get(key).unwrap(),
        });
        (value.position.line, value.position.column, value.len)
    }

    #[test]
    fn values_and_keys_know_where_they_stand() {
        let text = "{\"id\": \"a\",\n \"prerequisites\": [\"b\", \"a\"], \"v\": 1.10}";
        let value = whole(text, 5, &mut Vec::new()).unwrap();
        assert_eq!(at(&value, &["id"]), (5, 9, 1));
        assert_eq!(at(&value, &["prerequisites", "1"]), (6, 26, 1));
        assert_eq!(value.get("v").and_then(Value::text), Some("1.10"));
        let key = value.get("prerequisites").unwrap().key;
        assert_eq!((key.position.line, key.position.column, key.len), (6, 3, 13));
    }

    #[test]
    fn a_broken_member_costs_that_member() {
        let read = read("{\n  \"title\": \"A\",\n  \"level\": beginner,\n  \"tags\": [\"a\", \"b\"]\n}");
        let names: Vec<String> = read.value.members().unwrap().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["title", "tags"]);
        let at = read.flaws[0].place.position;
        assert_eq!((read.flaws.len(), at.line, at.column), (1, 3, 3));
    }

    #[test]
    fn nesting_without_end_is_refused() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let mut flaws = Vec::new();
        assert!(whole(&deep, 1, &mut flaws).is_ok());
        assert_eq!(flaws.len(), 1);
    }
}
