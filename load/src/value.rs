//! Metadata as a tree of values with positions, whatever it was written in.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use gradus_corpus::Position;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    pub(crate) node: Node,
    pub(crate) position: Position,
    /// Length in characters; 0 where the format does not tell.
    pub(crate) len: u32,
}

/// What a value is. Numbers, booleans and dates are text: no field needs to tell `2024` from `"2024"`.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Null,
    Text(String),
    List(Vec<Value>),
    Map(Vec<(String, Value)>),
}

impl Value {
    /// The text of a scalar, trimmed; `None` for null, empty text, lists and maps.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.node {
            Node::Text(text) if !text.trim().is_empty() => Some(text.trim()),
            _ => None,
        }
    }

    /// The entries of a list, or the value itself as the only one; nothing for null.
    pub(crate) fn entries(&self) -> &[Self] {
        match &self.node {
            Node::Null => &[],
            Node::List(entries) => entries,
            Node::Text(_) | Node::Map(_) => std::slice::from_ref(self),
        }
    }

    /// The member `key` of a map.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match &self.node {
            Node::Map(members) => members.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The members of a map.
    pub(crate) fn members(self) -> Option<Vec<(String, Self)>> {
        match self.node {
            Node::Map(members) => Some(members),
            Node::Null => Some(Vec::new()),
            _ => None,
        }
    }

    /// Puts every position of the tree into `file`, `lines` further down.
    pub(crate) fn shift(&mut self, file: u32, lines: u32) {
        self.position.file = file;
        if self.position.line > 0 {
            self.position.line += lines;
        }
        match &mut self.node {
            Node::List(values) => values.iter_mut().for_each(|value| value.shift(file, lines)),
            Node::Map(members) => members.iter_mut().for_each(|(_, value)| value.shift(file, lines)),
            Node::Null | Node::Text(_) => {}
        }
    }
}

/// Why metadata could not be read, and where: line and column in the text, from 1; 0 where the parser does not tell.
#[derive(Debug)]
pub(crate) struct SyntaxError {
    pub(crate) message: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

/// Reads YAML.
pub(crate) fn yaml(text: &str) -> Result<Value, SyntaxError> {
    match serde_saphyr::from_str::<Option<Yaml>>(text) {
        Ok(root) => Ok(root.map_or_else(null, |Yaml(value)| value)),
        Err(error) => {
            let at = error.location();
            let message = error.without_snippet().to_string();
            Err(SyntaxError {
                message: without_place(message.lines().next().unwrap_or("not YAML")),
                line: at.map_or(0, |at| narrow(at.line())),
                column: at.map_or(0, |at| narrow(at.column())),
            })
        }
    }
}

/// Reads TOML.
pub(crate) fn toml(text: &str) -> Result<Value, SyntaxError> {
    let table = toml::de::DeTable::parse(text).map_err(|error| {
        let (line, column) = error.span().map_or((0, 0), |span| line_column(text, span.start));
        SyntaxError { message: error.message().to_owned(), line, column }
    })?;
    let span = table.span();
    Ok(from_toml(text, &toml::Spanned::new(span, toml::de::DeValue::Table(table.into_inner()))))
}

fn from_toml(text: &str, value: &toml::Spanned<toml::de::DeValue<'_>>) -> Value {
    use toml::de::DeValue;
    let node = match value.get_ref() {
        DeValue::String(text) => Node::Text(text.to_string()),
        DeValue::Integer(number) => Node::Text(number.to_string()),
        DeValue::Float(number) => Node::Text(number.to_string()),
        DeValue::Boolean(truth) => Node::Text(truth.to_string()),
        DeValue::Datetime(time) => Node::Text(time.to_string()),
        DeValue::Array(values) => Node::List(values.iter().map(|value| from_toml(text, value)).collect()),
        DeValue::Table(table) => {
            Node::Map(table.iter().map(|(key, value)| (key.get_ref().to_string(), from_toml(text, value))).collect())
        }
    };
    let span = value.span();
    let (line, column) = line_column(text, span.start);
    let len = text.get(span).map_or(0, |text| narrow(text.lines().next().unwrap_or_default().chars().count() as u64));
    Value { node, position: Position { file: 0, line, column }, len }
}

/// Reads JSON. Its parser tells no positions: lines and columns are 0 until [`locate`] finds them.
pub(crate) fn json(text: &[u8]) -> Result<Value, SyntaxError> {
    serde_json::from_slice::<Plain>(text).map(|Plain(value)| value).map_err(|error| SyntaxError {
        message: without_place(&error.to_string()),
        line: narrow(error.line() as u64),
        column: narrow(error.column() as u64),
    })
}

/// A parser's message without the place, which counts from where the parser began and not from the top of the file.
pub(crate) fn without_place(message: &str) -> String {
    message.split(" at line ").next().unwrap_or(message).to_owned()
}

/// Gives the values of a JSON text their positions, by looking for each scalar behind the one before.
pub(crate) fn locate(value: &mut Value, text: &str, first_line: u32) {
    let mut finder = Finder { text, at: 0, lines: Lines::new(text, first_line) };
    finder.visit(value);
}

struct Finder<'a> {
    text: &'a str,
    at: usize,
    lines: Lines<'a>,
}

impl Finder<'_> {
    fn visit(&mut self, value: &mut Value) {
        match &mut value.node {
            Node::Text(text) => {
                if let Some(found) = self.text[self.at..].find(text.as_str()).filter(|_| !text.is_empty()) {
                    let start = self.at + found;
                    let (line, column) = self.lines.at(start);
                    value.position = Position { file: 0, line, column };
                    value.len = narrow(text.chars().count() as u64);
                    self.at = start + text.len();
                }
            }
            Node::List(values) => {
                values.iter_mut().for_each(|value| self.visit(value));
                value.position = values.first().map_or(value.position, |first| first.position);
            }
            Node::Map(members) => {
                for (key, member) in members.iter_mut() {
                    if let Some(found) = self.text[self.at..].find(key.as_str()) {
                        self.at += found + key.len();
                    }
                    self.visit(member);
                }
                value.position = members.first().map_or(value.position, |(_, first)| first.position);
            }
            Node::Null => {}
        }
    }
}

/// Lines and columns of offsets in a text that come in rising order: the text is counted once for all of them together.
pub(crate) struct Lines<'a> {
    text: &'a str,
    first_line: u32,
    counted: usize,
    line: u64,
    column: u64,
}

impl<'a> Lines<'a> {
    /// The lines of `text`, whose first is number `first_line`.
    pub(crate) fn new(text: &'a str, first_line: u32) -> Self {
        Self { text, first_line, counted: 0, line: 0, column: 0 }
    }

    /// Line and column, from 1, of the byte `offset`.
    pub(crate) fn at(&mut self, offset: usize) -> (u32, u32) {
        if offset < self.counted {
            *self = Self::new(self.text, self.first_line);
        }
        let passed = self.text.get(self.counted..offset).unwrap_or_default();
        match passed.rfind('\n') {
            Some(newline) => {
                self.line += passed.matches('\n').count() as u64;
                self.column = passed[newline + 1..].chars().count() as u64;
            }
            None => self.column += passed.chars().count() as u64,
        }
        self.counted += passed.len();
        (self.first_line.saturating_add(narrow(self.line)), narrow(self.column + 1))
    }
}

/// Line and column, from 1, of the byte `offset` of `text`.
pub(crate) fn line_column(text: &str, offset: usize) -> (u32, u32) {
    Lines::new(text, 1).at(offset)
}

/// `number`, or the largest there is: lines and columns beyond 2^32 are not worth an error.
pub(crate) fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

pub(crate) fn null() -> Value {
    Value { node: Node::Null, position: Position::default(), len: 0 }
}

/// A [`Value`] as serde-saphyr reads it, with positions.
struct Yaml(Value);
/// A [`Value`] as any deserialiser reads it, without positions.
struct Plain(Value);
struct YamlVisitor;
struct PlainVisitor;

impl<'de> Deserialize<'de> for Yaml {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Inner(Node);
        impl<'de> Deserialize<'de> for Inner {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                from.deserialize_any(YamlVisitor).map(Inner)
            }
        }
        let Spanned { value: Inner(node), referenced, .. } = Spanned::<Inner>::deserialize(from)?;
        let position = Position { file: 0, line: narrow(referenced.line()), column: narrow(referenced.column()) };
        Ok(Self(Value { node, position, len: narrow(referenced.span().len()) }))
    }
}

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let node = from.deserialize_any(PlainVisitor)?;
        Ok(Self(Value { node, position: Position::default(), len: 0 }))
    }
}

macro_rules! node_visitor {
    ($visitor:ident, $element:ident) => {
        impl<'de> Visitor<'de> for $visitor {
            type Value = Node;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a value")
            }

            fn visit_unit<E>(self) -> Result<Node, E> {
                Ok(Node::Null)
            }

            fn visit_none<E>(self) -> Result<Node, E> {
                Ok(Node::Null)
            }

            fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Node, D::Error> {
                from.deserialize_any(self)
            }

            fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
                Ok(Node::Text(value.to_string()))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
                Ok(Node::Text(value.to_string()))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
                Ok(Node::Text(value.to_string()))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
                Ok(Node::Text(value.to_string()))
            }

            fn visit_str<E>(self, value: &str) -> Result<Node, E> {
                Ok(Node::Text(value.to_owned()))
            }

            fn visit_string<E>(self, value: String) -> Result<Node, E> {
                Ok(Node::Text(value))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Node, A::Error> {
                let mut values = Vec::new();
                while let Some($element(value)) = from.next_element()? {
                    values.push(value);
                }
                Ok(Node::List(values))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Node, A::Error> {
                let mut members = Vec::new();
                while let Some(($element(key), $element(value))) = from.next_entry()? {
                    let key = match key.node {
                        Node::Text(text) => text,
                        Node::Null => "null".to_owned(),
                        // A flow sequence as a key, such as an unquoted `[[name]]:`; no field is called so.
                        Node::List(_) | Node::Map(_) => continue,
                    };
                    members.push((key, value));
                }
                Ok(Node::Map(members))
            }
        }
    };
}
node_visitor!(YamlVisitor, Yaml);
node_visitor!(PlainVisitor, Plain);

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
    fn yaml_values_know_where_they_stand() {
        let value = yaml("title: Größe\nprerequisites:\n  - kv-cache\n  - {concept: matmul, reason: x}\n").unwrap();
        assert_eq!(at(&value, &["title"]), (1, 8, 5));
        assert_eq!(at(&value, &["prerequisites", "0"]), (3, 5, 8));
        assert_eq!(at(&value, &["prerequisites", "1", "concept"]), (4, 15, 6));
    }

    #[test]
    fn toml_values_know_where_they_stand() {
        let value = toml("title = \"A\"\nprerequisites = [\"kv\", \"b\"]\n").unwrap();
        assert_eq!(at(&value, &["prerequisites", "1"]), (2, 24, 3));
    }

    #[test]
    fn json_values_are_located() {
        let text = "{\"id\": \"a\",\n \"prerequisites\": [\"b\", \"a\"]}";
        let mut value = json(text.as_bytes()).unwrap();
        locate(&mut value, text, 5);
        assert_eq!(at(&value, &["id"]), (5, 9, 1));
        assert_eq!(at(&value, &["prerequisites", "1"]), (6, 26, 1));
    }

    #[test]
    fn syntax_errors_say_where() {
        let error = yaml("title: a\nbad: [1, 2\n").unwrap_err();
        assert!(error.line >= 2, "{error:?}");
        let error = toml("a = 1\nb = = 2\n").unwrap_err();
        assert_eq!(error.line, 2);
    }
}
