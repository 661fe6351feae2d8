//! YAML that keeps its rules, from the parser's events: a scalar is what its author typed and never a number or a boolean.

use granit_parser::{Event, Parser, ScalarStyle, Span};
use rustc_hash::FxHashMap;

use super::{Flaw, add, distinct};
use crate::value::{Node, SourcePlace, Value, narrow, null};
use gradus_corpus::{Code, Position};

/// Values that aliases may add to those that are written out: nobody repeats more by hand, and aliases of aliases double
/// with each line.
const ALIASED_VALUES: usize = 10_000;

/// Why a text is not read as it stands.
#[derive(Debug)]
pub(crate) enum Stop {
    /// It is not YAML; found here.
    Syntax(SourcePlace),
    /// Its aliases grow without bound.
    Aliases(SourcePlace),
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
            Stop::Syntax(SourcePlace { position: Position { file: 0, line, column }, len: 0 })
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
fn place(text: &str, span: Span) -> SourcePlace {
    let (line, column) = (narrow(span.start.line() as u64), narrow(span.start.col() as u64 + 1));
    let len = if span.start.line() == span.end.line() {
        span.len() as u64
    } else {
        let first = span.slice(text).and_then(|slice| slice.lines().next()).unwrap_or_default();
        first.trim_end().chars().count() as u64
    };
    SourcePlace { position: Position { file: 0, line, column }, len: narrow(len) }
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
    place: SourcePlace,
    anchor: usize,
    content: CollectionItems,
}

enum CollectionItems {
    List(Vec<Value>),
    Map { members: Vec<(String, Value)>, key: Option<Value> },
}

impl Composer {
    fn take(&mut self, event: Event<'_>, place: SourcePlace, flaws: &mut Vec<Flaw>) -> Result<(), Stop> {
        let (node, anchor) = match event {
            Event::Scalar(text, style, anchor, _) => {
                // An anchor at nothing is a text that was to begin with `&`.
                let is_null = style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null") && anchor == 0;
                (if is_null { Node::Null } else { Node::Text(text.into_owned()) }, anchor)
            }
            Event::Alias(anchor) => {
                let aliased = self.anchors.get(&anchor).map_or(Node::Null, |value| value.node.clone());
                self.spend(count(&aliased), place)?;
                (aliased, 0)
            }
            Event::SequenceStart(_, anchor, _) => {
                self.open.push(Collection { place, anchor, content: CollectionItems::List(Vec::new()) });
                return Ok(());
            }
            Event::MappingStart(_, anchor, _) => {
                let content = CollectionItems::Map { members: Vec::new(), key: None };
                self.open.push(Collection { place, anchor, content });
                return Ok(());
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(closed) = self.open.pop() else { return Ok(()) };
                let node = match closed.content {
                    CollectionItems::List(values) => Node::List(values),
                    CollectionItems::Map { members, .. } => Node::Map(distinct(merged(members), flaws)),
                };
                return self.put(node, closed.anchor, closed.place);
            }
            _ => return Ok(()),
        };
        self.put(node, anchor, place)
    }

    /// Puts a value where the text has come to.
    fn put(&mut self, node: Node, anchor: usize, place: SourcePlace) -> Result<(), Stop> {
        let SourcePlace { position, len } = place;
        let value = Value { node, position, len, ..null() };
        if anchor > 0 {
            self.spend(count(&value.node), place)?;
            self.anchors.insert(anchor, value.clone());
        }
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(value),
            Some(CollectionItems::List(values)) => values.push(value),
            Some(CollectionItems::Map { members, key }) => match key.take() {
                None => *key = Some(value),
                // A list or a map as a key, such as an unquoted `[[name]]:`; no field is called so.
                Some(Value { node: Node::List(_) | Node::Map(_) | Node::Null, .. }) => {}
                Some(Value { node: Node::Text(name), position, len, .. }) => {
                    members.push((name, Value { key: SourcePlace { position, len }, ..value }));
                }
            },
        }
        Ok(())
    }

    fn spend(&mut self, n: usize, place: SourcePlace) -> Result<(), Stop> {
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
