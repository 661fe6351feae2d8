//! Metadata as a tree of values with positions, whatever it was written in.

use gradus_corpus::Position;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    pub(crate) node: Node,
    pub(crate) position: Position,
    /// Length in characters on its first line; 0 where the format does not tell.
    pub(crate) len: u32,
    /// Where the key stands that it is the value of.
    pub(crate) key: SourcePlace,
    /// What its key is called in the file, where that is not what it is called here.
    pub(crate) written: Option<Box<str>>,
}

/// A place in a text and the length of what stands there, in characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SourcePlace {
    pub(crate) position: Position,
    pub(crate) len: u32,
}

/// What a value is. Numbers, booleans and dates are the text that the author typed: no field needs to tell `2024` from
/// `"2024"`, and a version `1.10` is not `1.1`.
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

    /// A text that stands nowhere.
    pub(crate) fn of_text(text: &str) -> Self {
        Self { node: Node::Text(text.to_owned()), ..null() }
    }

    /// A list that stands nowhere.
    pub(crate) fn of_list(values: Vec<Self>) -> Self {
        Self { node: Node::List(values), ..null() }
    }

    /// Where it stands.
    pub(crate) fn place(&self) -> SourcePlace {
        SourcePlace { position: self.position, len: self.len }
    }

    /// Puts every position of the tree into `file`, `lines` further down.
    pub(crate) fn shift(&mut self, file: u32, lines: u32) {
        for position in [&mut self.position, &mut self.key.position] {
            position.file = file;
            if position.line > 0 {
                position.line = position.line.saturating_add(lines);
            }
        }
        match &mut self.node {
            Node::List(values) => values.iter_mut().for_each(|value| value.shift(file, lines)),
            Node::Map(members) => members.iter_mut().for_each(|(_, value)| value.shift(file, lines)),
            Node::Null | Node::Text(_) => {}
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

    /// Line and column, from 1, of the byte `offset`. Costs the way from the last one that was asked for, in either direction: some
    /// places are told in an order of their own, such as a TOML table's behind that of its name.
    pub(crate) fn at(&mut self, offset: usize) -> (u32, u32) {
        if offset < self.counted {
            self.go_back(offset);
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

    fn go_back(&mut self, offset: usize) {
        let (before, passed) = self.text.split_at(self.text.floor_char_boundary(offset));
        let passed = &passed[..self.counted - before.len()];
        match passed.matches('\n').count() as u64 {
            0 => self.column -= passed.chars().count() as u64,
            n_lines => {
                self.line -= n_lines;
                self.column = before.rsplit('\n').next().unwrap_or_default().chars().count() as u64;
            }
        }
        self.counted = before.len();
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

/// Nothing, which stands nowhere.
pub(crate) fn null() -> Value {
    Value { node: Node::Null, position: Position::default(), len: 0, key: SourcePlace::default(), written: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_the_same_in_whatever_order_they_are_asked_for() {
        let text = "aé\n\nb = 1\n  ü: x\nlast";
        let offsets: Vec<usize> = (0..=text.len()).filter(|offset| text.is_char_boundary(*offset)).collect();
        let mut lines = Lines::new(text, 3);
        for first in &offsets {
            for second in &offsets {
                assert_eq!(lines.at(*first), Lines::new(text, 3).at(*first), "{first} behind another");
                assert_eq!(lines.at(*second), Lines::new(text, 3).at(*second), "{second} behind {first}");
            }
        }
    }
}
