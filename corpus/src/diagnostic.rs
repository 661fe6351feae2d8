//! Located content problems.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::codes::Code;
use crate::position::Position;
use crate::severity::Severity;

/// A content problem: what, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// The kind of problem; `gradus explain CODE` tells more.
    pub code: Code,
    /// How bad it is, after the site's own settings.
    pub severity: Severity,
    /// What is wrong, naming the thing.
    pub message: String,
    /// Path of the file, relative to the source.
    pub file: Box<str>,
    /// Where in it.
    pub position: Position,
    /// Length of the offending text in characters; 0 where the line as a whole offends.
    pub len: u32,
    /// The offending line, where there is one, at most 400 characters of it.
    pub line_text: Option<Box<str>>,
    /// Other places that belong to it, such as every edge of a cycle.
    pub notes: Vec<(Box<str>, Position, String)>,
    /// What to do, such as "did you mean …".
    pub help: Option<String>,
    /// Changes that would mend it, the best first.
    pub fixes: Vec<Fix>,
}

/// A change of a file that mends a problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// Path of the file, relative to the source.
    pub file: Box<str>,
    /// What is replaced, from the first character up to and without the last; empty where text is inserted.
    pub range: Range<Position>,
    /// What stands there afterwards.
    pub replacement: Box<str>,
    /// Whether it does what the author meant beyond doubt, so that nobody need look at it.
    pub is_safe: bool,
}

impl Diagnostic {
    /// A diagnostic of `code` with its default severity.
    pub fn new(code: Code, message: String, file: &str, position: Position) -> Self {
        let (severity, file) = (code.severity(), file.into());
        let (notes, fixes) = (Vec::new(), Vec::new());
        Self { code, severity, message, file, position, len: 0, line_text: None, notes, help: None, fixes }
    }

    /// Adds the fix that puts `replacement` in the place of the `len` characters that offend.
    pub fn replace(&mut self, replacement: &str, is_safe: bool) {
        let end = Position { column: self.position.column.saturating_add(self.len), ..self.position };
        let (file, range) = (self.file.clone(), self.position..end);
        self.fixes.push(Fix { file, range, replacement: replacement.into(), is_safe });
    }
}
