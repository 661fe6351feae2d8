//! Why a question has no answer: the fault of who asks, except for [`AskError::internal`].

use std::fmt;

/// The stable code of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorCode {
    /// No such concept.
    UnknownConcept,
    /// No such guide.
    UnknownGuide,
    /// No such parameter.
    UnknownParameter,
    /// A parameter's value is wrong.
    InvalidParameter,
    /// A search query cannot be understood.
    InvalidQuery,
    /// A cursor is of an earlier generation.
    CursorExpired,
    /// A token is missing or wrong.
    Unauthorized,
    /// A body is too large.
    PayloadTooLarge,
    /// The answer took too long.
    Timeout,
    /// The server has too much to do, or is still loading.
    Overloaded,
    /// No such page, section or path.
    NotFound,
    /// Our fault.
    Internal,
}

impl ErrorCode {
    /// The spelling in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UnknownConcept => "unknown_concept",
            Self::UnknownGuide => "unknown_guide",
            Self::UnknownParameter => "unknown_parameter",
            Self::InvalidParameter => "invalid_parameter",
            Self::InvalidQuery => "invalid_query",
            Self::CursorExpired => "cursor_expired",
            Self::Unauthorized => "unauthorized",
            Self::PayloadTooLarge => "payload_too_large",
            Self::Timeout => "timeout",
            Self::Overloaded => "overloaded",
            Self::NotFound => "not_found",
            Self::Internal => "internal",
        }
    }

    /// A short title for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::UnknownConcept => "Unknown concept",
            Self::UnknownGuide => "Unknown guide",
            Self::UnknownParameter => "Unknown parameter",
            Self::InvalidParameter => "Invalid parameter",
            Self::InvalidQuery => "Invalid query",
            Self::CursorExpired => "Cursor expired",
            Self::Unauthorized => "Unauthorized",
            Self::PayloadTooLarge => "Payload too large",
            Self::Timeout => "Timeout",
            Self::Overloaded => "Overloaded",
            Self::NotFound => "Not found",
            Self::Internal => "Internal error",
        }
    }

    /// The HTTP status.
    pub fn status(self) -> u16 {
        match self {
            Self::UnknownConcept | Self::UnknownGuide | Self::NotFound => 404,
            Self::UnknownParameter | Self::InvalidParameter | Self::InvalidQuery => 400,
            Self::CursorExpired => 410,
            Self::Unauthorized => 401,
            Self::PayloadTooLarge => 413,
            Self::Timeout => 504,
            Self::Overloaded => 503,
            Self::Internal => 500,
        }
    }
}

/// Why a question has no answer, and what to ask instead.
#[derive(Clone, Debug)]
pub struct AskError {
    /// What kind of fault it is.
    pub code: ErrorCode,
    /// What is wrong, naming the thing.
    pub detail: String,
    /// What the asker may have meant, nearest first.
    pub suggestions: Vec<String>,
}

impl AskError {
    /// A fault without suggestions.
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), suggestions: Vec::new() }
    }

    /// A wrong value of the parameter `name`.
    pub fn invalid(name: &str, why: impl fmt::Display) -> Self {
        Self::new(ErrorCode::InvalidParameter, format!("`{name}`: {why}"))
    }

    /// A fault of ours. The cause is logged here, where it is known, and not told.
    pub fn internal(cause: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error = cause, "a question failed");
        Self::new(ErrorCode::Internal, "something went wrong here; the log of the server tells what")
    }

    /// The same with suggestions.
    #[must_use]
    pub fn suggesting(mut self, suggestions: Vec<String>) -> Self {
        self.suggestions = suggestions;
        self
    }
}

impl fmt::Display for AskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for AskError {}
