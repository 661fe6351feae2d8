//! Why a question has no answer: the asker's fault and ours are different types.

use std::error::Error;
use std::fmt;

/// The stable code of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalCode {
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
    /// No such page, section or topic.
    NotFound,
}

impl RefusalCode {
    /// The spelling in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UnknownConcept => "unknown_concept",
            Self::UnknownGuide => "unknown_guide",
            Self::UnknownParameter => "unknown_parameter",
            Self::InvalidParameter => "invalid_parameter",
            Self::InvalidQuery => "invalid_query",
            Self::CursorExpired => "cursor_expired",
            Self::NotFound => "not_found",
        }
    }

    /// Whether what was asked for does not exist, unlike what was asked wrongly.
    pub fn is_absence(self) -> bool {
        matches!(self, Self::UnknownConcept | Self::UnknownGuide | Self::NotFound)
    }
}

/// The asker's fault, and what to ask instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What kind of fault it is.
    pub code: RefusalCode,
    /// What is wrong, naming the thing.
    pub detail: String,
    /// What the asker may have meant, nearest first.
    pub suggestions: Vec<String>,
}

impl Refusal {
    /// A refusal without suggestions.
    pub fn new(code: RefusalCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), suggestions: Vec::new() }
    }

    /// A wrong value of the parameter `name`.
    pub fn invalid(name: &str, why: impl fmt::Display) -> Self {
        Self::new(RefusalCode::InvalidParameter, format!("`{name}`: {why}"))
    }

    /// The same with suggestions.
    #[must_use]
    pub fn suggesting(mut self, suggestions: Vec<String>) -> Self {
        self.suggestions = suggestions;
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl Error for Refusal {}

/// Our fault. Its cause is for the log of whoever handles it, not for the asker.
#[derive(Debug, thiserror::Error)]
#[error("the answer cannot be given")]
pub struct Failure(#[source] Box<dyn Error + Send + Sync>);

impl Failure {
    /// A failure with this cause.
    pub fn new(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum QuestionError {
    /// The asker's fault.
    #[error(transparent)]
    Refusal(#[from] Refusal),
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}
