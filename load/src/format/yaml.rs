//! YAML, from the parser's events: a scalar is what its author typed and never a number or a boolean.

use granit_parser::{Event, Parser, ScalarStyle, Span};
use rustc_hash::FxHashMap;

use super::{Flaw, Reading, add, distinct, mend};
use crate::value::{Node, Place, Value, narrow, null};
use gradus_corpus::{Code, Position};

/// Values that aliases may add to those that are written out: nobody repeats more by hand, and aliases of aliases double
/// with each line.
const ALIASED_VALUES: usize = 10_000;

/// Reads YAML. Where the text as a whole is not YAML, what can be read of its blocks is.
pub(crate) fn read(text: &str) -> Reading {
    let mut flaws = Vec::new();
    match compose(text, &mut flaws) {
        Ok(value) => Reading { value, flaws },
        Err(Stop::Aliases(place)) => {
            let message = "the aliases (`*name`) repeat more than is read; write the values out".to_owned();
            let flaw = Flaw::new(Code::UnreadableFrontMatter, place, message, 0..text.len());
            Reading { value: null(), flaws: vec![flaw] }
        }
        Err(Stop::Syntax(_)) => mend::read(text),
    }
}

/// Why a text is not read as it stands.
#[derive(Debug)]
pub(crate) enum Stop {
    /// It is not YAML; found here.
    Syntax(Place),
    /// Its aliases grow without bound.
    Aliases(Place),
}

/// The value of a text that is YAML as a whole.
pub(crate) fn compose(text: &str, flaws: &mut Vec<Flaw>) -> Result<Value, Stop> {
    let mut options = granit_parser::options! {};
    options.set_emit_comments(false);
    let mut composer =
        Composer { open: Vec::new(), anchors: FxHashMap::default(), root: None, n_free: text.len() + ALIASED_VALUES };
    for step in Parser::new_from_str_with_options(text, options) {
        let (event, span) = step.map_err(|error| {
            let at = error.marker();
            let (line, column) = (narrow(at.line() as u64), narrow(at.col() as u64 + 1));
            Stop::Syntax(Place { position: Position { file: 0, line, column }, len: 0 })
        })?;
        if matches!(event, Event::DocumentStart(..)) && composer.root.is_some() {
            let message = "a second document begins here; only the first is read".to_owned();
            let start = span.byte_range().map_or(text.len(), |range| range.start);
            add(flaws, Flaw::new(Code::UnreadableFrontMatter, place(text, span), message, start..text.len()));
            break;
        }
        composer.take(event, place(text, span), flaws)?;
    }
    Ok(composer.root.unwrap_or_else(null))
}

/// Where a span begins, and how long it is on its first line.
fn place(text: &str, span: Span) -> Place {
    let (line, column) = (narrow(span.start.line() as u64), narrow(span.start.col() as u64 + 1));
    let len = if span.start.line() == span.end.line() {
        span.len() as u64
    } else {
        let first = span.slice(text).and_then(|slice| slice.lines().next()).unwrap_or_default();
        first.trim_end().chars().count() as u64
    };
    Place { position: Position { file: 0, line, column }, len: narrow(len) }
}

struct Composer {
    open: Vec<Collection>,
    /// The values that aliases may stand for.
    anchors: FxHashMap<usize, Value>,
    root: Option<Value>,
    /// Values that may still come.
    n_free: usize,
}

/// A list or a map whose end has not come.
struct Collection {
    place: Place,
    anchor: usize,
    content: Content,
}

enum Content {
    List(Vec<Value>),
    Map { members: Vec<(String, Value)>, key: Option<Value> },
}

impl Composer {
    fn take(&mut self, event: Event<'_>, place: Place, flaws: &mut Vec<Flaw>) -> Result<(), Stop> {
        let (node, anchor) = match event {
            Event::Scalar(text, style, anchor, _) => {
                let is_null = style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null");
                (if is_null { Node::Null } else { Node::Text(text.into_owned()) }, anchor)
            }
            Event::Alias(anchor) => {
                let aliased = self.anchors.get(&anchor).map_or(Node::Null, |value| value.node.clone());
                self.spend(count(&aliased), place)?;
                (aliased, 0)
            }
            Event::SequenceStart(_, anchor, _) => {
                self.open.push(Collection { place, anchor, content: Content::List(Vec::new()) });
                return Ok(());
            }
            Event::MappingStart(_, anchor, _) => {
                let content = Content::Map { members: Vec::new(), key: None };
                self.open.push(Collection { place, anchor, content });
                return Ok(());
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(closed) = self.open.pop() else { return Ok(()) };
                let node = match closed.content {
                    Content::List(values) => Node::List(values),
                    Content::Map { members, .. } => Node::Map(distinct(merged(members), flaws)),
                };
                return self.put(node, closed.anchor, closed.place);
            }
            _ => return Ok(()),
        };
        self.put(node, anchor, place)
    }

    /// Puts a value where the text has come to.
    fn put(&mut self, node: Node, anchor: usize, place: Place) -> Result<(), Stop> {
        let Place { position, len } = place;
        let value = Value { node, position, len, ..null() };
        if anchor > 0 {
            self.spend(count(&value.node), place)?;
            self.anchors.insert(anchor, value.clone());
        }
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(value),
            Some(Content::List(values)) => values.push(value),
            Some(Content::Map { members, key }) => match key.take() {
                None => *key = Some(value),
                // A list or a map as a key, such as an unquoted `[[name]]:`; no field is called so.
                Some(Value { node: Node::List(_) | Node::Map(_) | Node::Null, .. }) => {}
                Some(Value { node: Node::Text(name), position, len, .. }) => {
                    members.push((name, Value { key: Place { position, len }, ..value }));
                }
            },
        }
        Ok(())
    }

    fn spend(&mut self, n: usize, place: Place) -> Result<(), Stop> {
        self.n_free = self.n_free.checked_sub(n).ok_or(Stop::Aliases(place))?;
        Ok(())
    }
}

/// How many values there are in one.
fn count(node: &Node) -> usize {
    match node {
        Node::Null | Node::Text(_) => 1,
        Node::List(values) => 1 + values.iter().map(|value| count(&value.node)).sum::<usize>(),
        Node::Map(members) => 1 + members.iter().map(|(_, value)| count(&value.node)).sum::<usize>(),
    }
}

/// Members with those that a merge key (`<<: *base`) brings in behind them.
fn merged(mut members: Vec<(String, Value)>) -> Vec<(String, Value)> {
    let Some(idx) = members.iter().position(|(name, value)| name == "<<" && !matches!(value.node, Node::Text(_)))
    else {
        return members;
    };
    let (_, base) = members.remove(idx);
    let own: rustc_hash::FxHashSet<String> = members.iter().map(|(name, _)| name.clone()).collect();
    for source in base.entries() {
        if let Node::Map(inherited) = &source.node {
            members.extend(inherited.iter().filter(|(name, _)| !own.contains(name)).cloned());
        }
    }
    members
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The value at a path as it would be written, with its place.
    fn at(value: &Value, path: &[&str]) -> (u32, u32, u32) {
        let value = path.iter().fold(value, |value, key| match key.parse::<usize>() {
            Ok(idx) => &value.entries()[idx],
            Err(_) => value.get(key).unwrap(),
        });
        (value.position.line, value.position.column, value.len)
    }

    #[test]
    fn values_know_where_they_stand() {
        let read = read("title: Größe\nprerequisites:\n  - kv-cache\n  - {concept: matmul, reason: x}\n");
        assert!(read.flaws.is_empty());
        assert_eq!(at(&read.value, &["title"]), (1, 8, 5));
        assert_eq!(at(&read.value, &["prerequisites", "0"]), (3, 5, 8));
        assert_eq!(at(&read.value, &["prerequisites", "1", "concept"]), (4, 15, 6));
        let key = read.value.get("prerequisites").unwrap().key;
        assert_eq!((key.position.line, key.position.column, key.len), (2, 1, 13));
    }

    #[test]
    fn scalars_stay_as_they_were_typed() {
        let typed =
            ["1.10", "007", "No", "Null", "3.10", "1e3", "0x10", "010", "on", "2024-01-02", "1_000", ".5", "12:30"];
        for text in typed {
            let read = read(&format!("a: {text}\nb: [{text}]\n"));
            assert_eq!(read.value.get("a").and_then(Value::text), Some(text));
            assert_eq!(read.value.get("b").unwrap().entries()[0].text(), Some(text));
        }
        for nothing in ["", "~", "null"] {
            assert!(matches!(read(&format!("a: {nothing}\n")).value.get("a").unwrap().node, Node::Null));
        }
    }

    #[test]
    fn of_a_key_that_stands_twice_the_last_counts() {
        let read = read("title: One\nlevel: beginner\ntitle: Two\n");
        assert_eq!(read.value.get("title").and_then(Value::text), Some("Two"));
        let flaw = &read.flaws[0];
        assert_eq!((flaw.code, flaw.place.position.line), (Code::DuplicateField, 3));
        assert_eq!(flaw.note.as_ref().unwrap().0.line, 1);
    }

    #[test]
    fn aliases_and_merge_keys_are_followed() {
        let read = read("base: &base {level: beginner, lang: de}\na:\n  <<: *base\n  lang: en\nb: *base\n");
        let text = |path: [&str; 2]| read.value.get(path[0])?.get(path[1])?.text();
        assert_eq!(
            (text(["a", "level"]), text(["a", "lang"]), text(["b", "lang"])),
            (Some("beginner"), Some("en"), Some("de"))
        );
    }
}
