//! Plain text that remembers where it came from.

use crate::value::narrow;

/// Bytes of a run: to find the column of a word, its run is counted from its beginning.
const RUN_BYTES: usize = 256;

/// The words of a text without its markup, and the way back to the file.
#[derive(Debug, Default)]
pub(crate) struct PlainText {
    /// Prose, code within lines included; blocks stand on lines of their own.
    pub(crate) text: String,
    /// The code blocks.
    pub(crate) code: String,
    pub(crate) places: Places,
}

/// Where the words of a plain text stand in the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    /// Where runs begin whose characters stand behind each other in one line of the file.
    runs: Vec<Run>,
    /// Ranges of the text that are code.
    code: Vec<(u32, u32)>,
}

#[derive(Clone, Debug)]
struct Run {
    text: u32,
    line: u32,
    column: u32,
}

impl PlainText {
    /// Appends words that stand at line and column of the file.
    pub(super) fn push(&mut self, words: &str, (line, mut column): (u32, u32)) {
        let mut rest = words;
        while !rest.is_empty() {
            let (part, behind) = rest.split_at(rest.ceil_char_boundary(RUN_BYTES));
            self.places.runs.push(Run { text: narrow(self.text.len() as u64), line, column });
            self.text.push_str(part);
            if !behind.is_empty() {
                column = column.saturating_add(narrow(part.chars().count() as u64));
            }
            rest = behind;
        }
    }

    /// Appends code within a line.
    pub(super) fn push_code(&mut self, code: &str, place: (u32, u32)) {
        let start = narrow(self.text.len() as u64);
        self.push(code, place);
        self.places.code.push((start, narrow(self.text.len() as u64)));
    }

    /// Keeps what comes next apart from what was before, by a space or a new line.
    pub(super) fn gap(&mut self, gap: char) {
        match self.text.chars().next_back() {
            None | Some('\n') => {}
            Some(' ') if gap == '\n' => {
                self.text.pop();
                self.text.push('\n');
            }
            Some(' ') => {}
            Some(_) => self.text.push(gap),
        }
    }

    /// Takes away white space at the end.
    pub(super) fn trim(&mut self) {
        self.text.truncate(self.text.trim_end().len());
    }
}

impl Places {
    /// Line and column of the byte `offset` of `text`, the plain text that these are the places of.
    pub(crate) fn at(&self, text: &str, offset: usize) -> (u32, u32) {
        let after = self.runs.partition_point(|run| run.text as usize <= offset);
        let Some(run) = after.checked_sub(1).map(|idx| &self.runs[idx]) else { return (0, 0) };
        let passed = text.get(run.text as usize..offset).map_or(0, |passed| passed.chars().count());
        (run.line, run.column.saturating_add(narrow(passed as u64)))
    }

    /// Whether the byte `offset` is code.
    pub(crate) fn is_code(&self, offset: usize) -> bool {
        let after = self.code.partition_point(|(start, _)| *start as usize <= offset);
        after.checked_sub(1).is_some_and(|idx| (self.code[idx].1 as usize) > offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_know_their_place() {
        let mut plain = PlainText::default();
        plain.push("ä KV", (3, 5));
        plain.gap(' ');
        plain.push_code("KV", (4, 1));
        plain.gap('\n');
        plain.gap(' ');
        assert_eq!(plain.text, "ä KV KV\n");
        let at = |n: usize| plain.text.match_indices("KV").nth(n).unwrap().0;
        assert_eq!((plain.places.at(&plain.text, at(0)), plain.places.at(&plain.text, at(1))), ((3, 7), (4, 1)));
        assert_eq!((plain.places.is_code(at(0)), plain.places.is_code(at(1))), (false, true));
    }
}
