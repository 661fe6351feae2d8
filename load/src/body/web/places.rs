//! Where words stand in a file of HTML: the parser tells their lines, and what is searched for there tells their columns.

use crate::value::Lines;

/// Words that may be looked for in vain: behind them, columns are not worth their time.
const MAX_MISSES: usize = 64;

/// Places of words that come in the order of the file.
pub(super) struct SourcePlaces<'a> {
    source: &'a str,
    lines: Lines<'a>,
    /// Where the first line that was not passed begins, and its number.
    line_start: usize,
    line: u32,
    /// Where that line ends.
    line_end: usize,
    at: usize,
    n_misses: usize,
}

impl<'a> SourcePlaces<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        let line_end = source.find('\n').unwrap_or(source.len());
        Self { source, lines: Lines::new(source, 1), line_start: 0, line: 1, line_end, at: 0, n_misses: 0 }
    }

    /// Line and column of `words`, which begin in this line; column 1 where they cannot be found there as they are.
    pub(super) fn of(&mut self, words: &str, line: u32) -> (u32, u32) {
        while self.line < line {
            if self.line_end == self.source.len() {
                return (line, 1);
            }
            self.line_start = self.line_end + 1;
            self.line_end =
                self.source[self.line_start..].find('\n').map_or(self.source.len(), |len| self.line_start + len);
            self.line += 1;
        }
        let plain = words.find(['&', '<', '>', '"', '\'', '\u{a0}']).unwrap_or(words.len());
        if self.line != line || plain == 0 || self.n_misses >= MAX_MISSES {
            return (line, 1);
        }
        let from = self.at.max(self.line_start).min(self.line_end);
        match self.source[from..self.line_end].find(&words[..plain]) {
            Some(found) => {
                self.at = from + found + plain;
                self.lines.at(from + found)
            }
            None => {
                self.n_misses += 1;
                (line, 1)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_their_lines() {
        let mut places = SourcePlaces::new("<p>ä one\n<b>two</b> &amp; one</p>\none");
        let found = [("one", 1), ("two", 2), ("& one", 2), ("one", 2), ("none", 2), ("one", 3)];
        assert_eq!(
            found.map(|(words, line)| places.of(words, line)),
            [(1, 6), (2, 4), (2, 1), (2, 18), (2, 1), (3, 1)]
        );
    }
}
