//! Tables while they are read.

use pulldown_cmark::Alignment;

/// The table that is open.
#[derive(Debug, Default)]
pub(super) struct TableState {
    /// How its columns are aligned.
    pub(super) alignments: Vec<Alignment>,
    /// The column of the cell that is open.
    pub(super) cell_idx: usize,
    /// Whether its head is open.
    pub(super) is_head: bool,
}
