//! Fences of code while they are open.

use super::scanner::{OpenFence, Scanner, line_at};

impl Scanner<'_> {
    /// Writes a line of the open fence. `false` if the line is none of it.
    pub(super) fn fence_line(&mut self, indent: usize, column: usize) -> bool {
        let Some(fence) = self.fence else { return false };
        let line = line_at(self.raw, self.at);
        let mut text = &line[indent..];
        let mut is_quoted = false;
        while let Some(inner) = text.strip_prefix('>').filter(|_| fence.is_quoted) {
            is_quoted = true;
            text = inner.trim_start_matches(' ');
        }
        if column < fence.item || fence.is_quoted && !is_quoted {
            self.fence = None;
            return false;
        }
        let trimmed = text.trim();
        let marks = trimmed.bytes().take_while(|byte| *byte == fence.mark).count();
        if marks >= fence.len && marks == trimmed.len() {
            self.fence = None;
            self.is_paragraph = false;
        } else if fence.has_options {
            if trimmed.starts_with(':') {
                self.at += line.len();
                return true;
            }
            self.fence = Some(OpenFence { has_options: false, ..fence });
        }
        self.indent(indent, column.saturating_sub(fence.moved).max(fence.item));
        self.keep_line(line.len() - indent);
        true
    }

    /// Opens a code fence at the leaf.
    pub(super) fn open_fence(&mut self, mark: u8, len: usize, has_options: bool) {
        self.fence = Some(OpenFence {
            mark,
            len,
            item: self.item(),
            moved: self.moved,
            n_frames: self.frames.len(),
            is_quoted: self.line.prefix.contains('>') && self.frames.iter().all(|frame| frame.element.is_some()),
            at: self.at,
            has_options,
        });
        self.is_paragraph = false;
    }
}
