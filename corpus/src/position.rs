//! Positions: where in the content something stands.

use serde::{Deserialize, Serialize};

/// A place in the content. Lines and columns count from 1, columns in characters; 0 means the file as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// Position of the file's path in [`Corpus::files`](crate::Corpus::files).
    pub file: u32,
    /// Line in the file.
    pub line: u32,
    /// Column in the line.
    pub column: u32,
}
