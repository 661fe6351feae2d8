//! Texts and the positions in them: an editor counts from 0 and in UTF-16 units, the loader from 1 and in characters.

use ls_types::{Position, Range, TextDocumentContentChangeEvent};

/// What some editors put before a text; it has no column.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// A text whose lines are found at once.
#[derive(Clone, Debug)]
pub(super) struct LinedText {
    text: String,
    /// Where its lines begin.
    starts: Vec<usize>,
}

impl LinedText {
    /// `text` with its lines counted. O(text).
    pub(super) fn new(text: String) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    /// The whole of it.
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Line `n`, from 0, without its end; empty behind the last.
    pub(super) fn line(&self, n: usize) -> &str {
        let Some(start) = self.starts.get(n).copied() else { return "" };
        let end = self.starts.get(n + 1).copied().unwrap_or(self.text.len());
        self.text[start..end].trim_end_matches(['\n', '\r'])
    }

    /// How many lines there are.
    pub(super) fn n_lines(&self) -> usize {
        self.starts.len()
    }

    /// The editor's position of a line and column of the loader; a column 0 is the start of the line. What lies outside of the
    /// text is put to the nearest end.
    pub(super) fn position(&self, line: u32, column: u32) -> Position {
        let idx = (line.max(1) as usize - 1).min(self.starts.len() - 1);
        let own = self.line(idx);
        let mark = usize::from(idx == 0 && own.starts_with(BYTE_ORDER_MARK) && column > 0);
        let n_chars = (column as usize).saturating_sub(1) + mark;
        let units: usize = own.chars().take(n_chars).map(char::len_utf16).sum();
        Position::new(narrow(idx), narrow(units))
    }

    /// The range of `len` characters from a line and column on; the whole line where there is no column, the start of the text
    /// where there is no line.
    pub(super) fn range(&self, line: u32, column: u32, len: u32) -> Range {
        if line == 0 {
            return Range::default();
        }
        let start = self.position(line, column);
        let end = if column == 0 { u32::MAX } else { column.saturating_add(len) };
        Range::new(start, self.position(line, end))
    }

    /// The line and column of the loader for the editor's `position`.
    pub(super) fn column(&self, position: Position) -> (u32, u32) {
        let own = self.line(position.line as usize);
        let mut units = position.character as usize;
        let before = own.chars().take_while(|char| {
            let is_before = units > 0;
            units = units.saturating_sub(char.len_utf16());
            is_before
        });
        let marks = usize::from(position.line == 0 && own.starts_with(BYTE_ORDER_MARK));
        let column = before.count().saturating_sub(marks) + 1;
        (position.line.saturating_add(1), narrow(column))
    }

    /// The byte of the editor's `position`.
    fn offset(&self, position: Position) -> usize {
        let Some(start) = self.starts.get(position.line as usize).copied() else { return self.text.len() };
        let mut units = position.character as usize;
        let own = self.line(position.line as usize);
        let chars = own.chars().take_while(|char| {
            let is_before = units >= char.len_utf16();
            units = units.saturating_sub(char.len_utf16());
            is_before
        });
        start + chars.map(char::len_utf8).sum::<usize>()
    }

    /// The text after `change`. O(text).
    pub(super) fn changed(&self, change: &TextDocumentContentChangeEvent) -> Self {
        let Some(range) = change.range else { return Self::new(change.text.clone()) };
        let start = self.offset(range.start);
        let end = self.offset(range.end).max(start);
        Self::new([&self.text[..start], &change.text, &self.text[end..]].concat())
    }
}

/// A count of lines or units as the protocol has them.
fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_characters_here_and_utf_16_there() {
        let text = LinedText::new("a😀b字c\r\nzweite".to_owned());
        for (column, units) in [(1, 0), (2, 1), (3, 3), (4, 4), (5, 5), (6, 6), (99, 6)] {
            assert_eq!(text.position(1, column), Position::new(0, units), "{column}");
        }
        for (units, column) in [(0, 1), (1, 2), (3, 3), (4, 4), (5, 5)] {
            assert_eq!(text.column(Position::new(0, units)), (1, column), "{units}");
        }
        assert_eq!(text.range(2, 0, 0), Range::new(Position::new(1, 0), Position::new(1, 6)));
        assert_eq!(text.range(9, 1, 5).start.line, 1, "behind the end is the last line");
    }

    #[test]
    fn a_byte_order_mark_has_no_column() {
        let text = LinedText::new("\u{feff}ab".to_owned());
        assert_eq!(text.position(1, 1), Position::new(0, 1));
        assert_eq!(text.column(Position::new(0, 1)), (1, 1));
    }

    #[test]
    fn changes_replace_what_the_editor_means() {
        let change = |(from, to): ((u32, u32), (u32, u32)), text: &str| TextDocumentContentChangeEvent {
            range: Some(Range::new(Position::new(from.0, from.1), Position::new(to.0, to.1))),
            range_length: None,
            text: text.to_owned(),
        };
        let text = LinedText::new("😀x\nzwei\n".to_owned());
        for (range, with, after) in [
            (((0, 2), (0, 3)), "y", "😀y\nzwei\n"),
            (((0, 3), (1, 0)), "", "😀xzwei\n"),
            (((2, 0), (2, 0)), "drei", "😀x\nzwei\ndrei"),
            (((0, 99), (9, 9)), "!", "😀x!"),
            (((0, 1), (0, 2)), "in the middle of a pair", "in the middle of a pairx\nzwei\n"),
        ] {
            assert_eq!(text.changed(&change(range, with)).as_str(), after, "{range:?}");
        }
        let whole = TextDocumentContentChangeEvent { range: None, range_length: None, text: "neu".to_owned() };
        assert_eq!(text.changed(&whole).as_str(), "neu");
    }
}
