//! Located content problems.

use crate::edge::Position;

/// How bad a diagnostic is, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Content is lost or contradicts itself.
    Error,
    /// Content is doubtful.
    Warning,
    /// Content could say more.
    Info,
}

crate::page::spelled! {
    Severity { Error = "error", Warning = "warning", Info = "info" }
}

/// A content problem: what, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code, `G001` …; `gradus explain CODE` tells more.
    pub code: &'static str,
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
}

impl Diagnostic {
    /// A diagnostic of `code` with its default severity.
    pub fn new(code: &'static str, message: String, file: &str, position: Position) -> Self {
        let severity = crate::codes::find(code).map_or(Severity::Error, |known| known.severity);
        let file = file.into();
        Self { code, severity, message, file, position, len: 0, line_text: None, notes: Vec::new(), help: None }
    }
}
