//! Code spans: where does a run of backticks find its like?

use rustc_hash::FxHashMap;

/// The runs of backticks of one paragraph, by length.
#[derive(Debug, Default)]
pub(super) struct Ticks {
    end: usize,
    by_len: FxHashMap<usize, Vec<usize>>,
}

impl Ticks {
    /// The end of the code span that begins at `at` with `len` backticks; `None` where it does not end in its paragraph.
    /// Amortised O(paragraph).
    pub(super) fn span_end(&mut self, text: &str, at: usize, len: usize) -> Option<usize> {
        if at >= self.end {
            self.read(text, at);
        }
        let runs = self.by_len.get(&len)?;
        let next = runs.partition_point(|run| *run <= at);
        runs.get(next).map(|run| run + len)
    }

    /// Reads the paragraph that goes on at `at`.
    fn read(&mut self, text: &str, at: usize) {
        self.by_len.clear();
        self.end = paragraph_end(text, at);
        let bytes = &text.as_bytes()[..self.end];
        let mut from = at;
        while let Some(found) = memchr::memchr(b'`', &bytes[from..]) {
            let start = from + found;
            let len = bytes[start..].iter().take_while(|byte| **byte == b'`').count();
            self.by_len.entry(len).or_default().push(start);
            from = start + len;
        }
    }
}

/// Where the paragraph at `at` ends: at a blank line or one that begins another block.
fn paragraph_end(text: &str, at: usize) -> usize {
    let mut from = at;
    while let Some(newline) = memchr::memchr(b'\n', &text.as_bytes()[from..]) {
        from += newline + 1;
        let line = text[from..].trim_start_matches([' ', '\t', '>']);
        let begins = |mark: &str| line.starts_with(mark);
        if line.is_empty()
            || ["\n", "\r\n", "```", "~~~", "# ", "## ", "### ", "- ", "* ", "+ "].into_iter().any(begins)
        {
            return from;
        }
    }
    text.len()
}
