//! Blocks of raw HTML, which come in line by line.

/// A block of raw HTML while its lines come in.
#[derive(Debug, Default)]
pub(super) struct HtmlBlock {
    pub(super) html: String,
    /// Offsets in `html` and in the source where lines begin.
    pub(super) lines: Vec<(usize, usize)>,
}

impl HtmlBlock {
    /// Where in the source what stands at `offset` of `html` stands.
    pub(super) fn source(&self, offset: usize) -> usize {
        let after = self.lines.partition_point(|(start, _)| *start <= offset);
        after.checked_sub(1).map_or(offset, |idx| self.lines[idx].1 + offset - self.lines[idx].0)
    }
}
