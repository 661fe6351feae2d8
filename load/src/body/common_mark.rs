//! A document as plain CommonMark, with the way back to the file that it was written in.

use std::ops::Range;

use crate::value::narrow;

/// A document whose generator's own markup has been turned into CommonMark.
#[derive(Debug, Default)]
pub(super) struct CommonMark {
    /// What the parser reads, and what readers of Markdown are given.
    pub(super) text: String,
    runs: Vec<SourceRun>,
    /// Where `<!-- more -->` stands in `text`, the first of them.
    pub(super) more: Option<usize>,
    /// Ids that their author wrote, by the offsets in `text` that they stand at.
    pub(super) ids: Vec<Id>,
    /// Links of machinery that shows no text of its own.
    pub(super) links: Vec<MachineLink>,
    /// Offsets in `text` of link targets that are references to pages, whatever they look like.
    pub(super) page_references: Vec<usize>,
    /// What the settings put into headings, in `text`: the further ids of MyST do not count it.
    pub(super) filled_in: Vec<Range<usize>>,
    /// Where in the file a code fence begins that never ends.
    pub(super) unclosed_fence: Option<usize>,
}

/// An id that its author wrote outside of HTML.
#[derive(Clone, Debug)]
pub(super) struct Id {
    /// Where it stands in the text.
    pub(super) at: usize,
    pub(super) name: Box<str>,
    pub(super) of: IdOf,
}

/// What an id is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IdOf {
    /// The block that it stands in or behind.
    Block,
    /// The block below it.
    Below,
    /// The place alone, never a heading.
    Place,
}

impl Id {
    pub(super) fn attribute(at: usize, name: &str) -> Self {
        Self { at, name: name.into(), of: IdOf::Block }
    }

    pub(super) fn label(at: usize, name: &str) -> Self {
        Self { at, name: name.into(), of: IdOf::Below }
    }

    pub(super) fn place(at: usize, name: &str) -> Self {
        Self { at, name: name.into(), of: IdOf::Place }
    }
}

/// A link that machinery makes without any text.
#[derive(Debug)]
pub(super) struct MachineLink {
    /// Where it stands in the text.
    pub(super) at: usize,
    pub(super) target: String,
    pub(super) is_page_reference: bool,
}

/// A stretch of the text: copied from the file byte by byte, or put in for what stands at one place there.
#[derive(Clone, Copy, Debug)]
struct SourceRun {
    text: u32,
    file: u32,
    is_copied: bool,
}

impl CommonMark {
    pub(super) fn with_capacity(len: usize) -> Self {
        Self { text: String::with_capacity(len), ..Self::default() }
    }

    /// Copies `part`, which stands at `file` in the file.
    pub(super) fn copy(&mut self, part: &str, file: usize) {
        if part.is_empty() {
            return;
        }
        let (text, file) = (narrow(self.text.len() as u64), narrow(file as u64));
        let goes_on = self.runs.last().is_some_and(|run| run.is_copied && run.file + (text - run.text) == file);
        if !goes_on {
            self.runs.push(SourceRun { text, file, is_copied: true });
        }
        self.text.push_str(part);
    }

    /// Puts `part` in for what stands at `file` in the file.
    pub(super) fn put(&mut self, part: &str, file: usize) {
        if part.is_empty() {
            return;
        }
        let (text, file) = (narrow(self.text.len() as u64), narrow(file as u64));
        let goes_on = self.runs.last().is_some_and(|run| !run.is_copied && run.file == file);
        if !goes_on {
            self.runs.push(SourceRun { text, file, is_copied: false });
        }
        self.text.push_str(part);
    }

    /// The offset in the file of what stands at `offset` of the text.
    pub(super) fn source(&self, offset: usize) -> usize {
        let after = self.runs.partition_point(|run| run.text as usize <= offset);
        let Some(run) = after.checked_sub(1).map(|idx| self.runs[idx]) else { return offset };
        run.file as usize + if run.is_copied { offset - run.text as usize } else { 0 }
    }

    /// Takes back white space at the end of the text, as far as `start`.
    pub(super) fn trim_end_to(&mut self, start: usize) {
        let kept = self.text[start..].trim_end_matches([' ', '\t']).len();
        self.text.truncate(start + kept);
        while self.runs.last().is_some_and(|run| run.text as usize > self.text.len()) {
            self.runs.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_knows_where_it_came_from() {
        let mut made = CommonMark::default();
        made.copy("ab", 3);
        made.put("**T**", 7);
        made.copy("cd", 9);
        made.copy("e", 11);
        let sources: Vec<usize> = (0..made.text.len()).map(|at| made.source(at)).collect();
        assert_eq!(sources, [3, 4, 7, 7, 7, 7, 7, 9, 10, 11]);
        assert_eq!(made.runs.len(), 3);
    }
}
