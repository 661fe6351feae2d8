//! The lines of a text, and the blocks that they form by their indentation.

use std::ops::Range;

use crate::value::narrow;

/// Whole lines of a text.
#[derive(Clone, Copy)]
pub(crate) struct Block<'a> {
    pub(crate) text: &'a str,
    /// Lines before it.
    pub(crate) lines_before: u32,
    /// Bytes before it.
    pub(crate) bytes_before: usize,
}

impl<'a> Block<'a> {
    /// The bytes of it in the whole text.
    pub(crate) fn bytes(self) -> Range<usize> {
        self.bytes_before..self.bytes_before + self.text.len()
    }

    /// The lines `range` of bytes of it.
    pub(crate) fn part(self, range: Range<usize>) -> Self {
        let lines = self.text[..range.start].bytes().filter(|byte| *byte == b'\n').count();
        Self {
            lines_before: self.lines_before + narrow(lines as u64),
            bytes_before: self.bytes_before + range.start,
            text: &self.text[range],
        }
    }

    /// The blocks that begin at the indentation of its first line, in order.
    pub(crate) fn blocks(self) -> Vec<Self> {
        let mut lines = lines(self.text).filter(|(_, line)| is_significant(line));
        let Some((_, first)) = lines.next() else { return Vec::new() };
        let (base, is_list) = (indent(first), is_item(first));
        let begins = |line: &str| {
            let text = line.trim_start();
            let goes_on = text.starts_with([']', '}', ',']);
            is_significant(line) && indent(line) == base && is_item(line) == is_list && !goes_on
        };
        let mut blocks = Vec::new();
        let mut start = 0;
        let mut lines_before = self.lines_before;
        for (at, _) in self::lines(self.text).filter(|(_, line)| begins(line)).skip(1) {
            let block = Self { text: &self.text[start..at], lines_before, bytes_before: self.bytes_before + start };
            lines_before += narrow(block.text.bytes().filter(|byte| *byte == b'\n').count() as u64);
            blocks.push(block);
            start = at;
        }
        blocks.push(Self { text: &self.text[start..], lines_before, bytes_before: self.bytes_before + start });
        blocks
    }
}

/// The lines of a text with their ends, and where they begin.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line)
    })
}

/// Whether a line says anything.
pub(crate) fn is_significant(line: &str) -> bool {
    let text = line.trim();
    !text.is_empty() && !text.starts_with('#')
}

/// Spaces before a line's text.
pub(crate) fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Whether a line is an item of a list.
pub(crate) fn is_item(line: &str) -> bool {
    let text = line.trim();
    text == "-" || text.starts_with("- ")
}
