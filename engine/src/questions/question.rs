//! What a question is: a name, a path, parameters, a cost, and a typed answer that one view gives.

use utoipa::openapi::schema::Schema as ApiSchema;

use super::answer::{Answer, Schema};
use super::params::Params;
use super::refusal::{QuestionError, RefusalCode};
use crate::view::View;

/// What an answer takes, so that a door can choose where to look for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerCost {
    /// Some milliseconds at most: handing it to another thread would cost more than it is worth.
    AtOnce,
    /// It may take long.
    MayBlock,
    /// It is written piece by piece, for as long as somebody takes the pieces.
    Streamed,
}

/// A question that readers, sites and agents ask of a view.
///
/// The type stands for the question; every door finds it in the table ([`questions`](super::questions)) and nowhere else.
/// It knows nothing of who carries it: no status of HTTP, no command line, no query string.
pub trait Question: Documentation + 'static {
    /// Its name in OpenAPI and for agents.
    const NAME: &'static str;
    /// The command that asks it. Questions with the same command are alternatives: the first in the table that has an
    /// answer gives it.
    const COMMAND: &'static str;
    /// Its path; a parameter that stands in it is written `{name}`.
    const PATH: &'static str;
    /// The parameters that a command takes without a flag, in this order. The last takes all words that are left.
    const SUBJECT: &'static [&'static str] = &[];
    /// The media types of its answers.
    const MEDIA_TYPES: &'static [&'static str] = &[JSON];
    /// What it refuses most; `None` where only a parameter that it does not have can be wrong.
    const REFUSES: Option<RefusalCode>;
    /// Whether an answer without any item is a finding, as in `grep`.
    const WANTS_ITEMS: bool = false;

    /// What it is asked with.
    type Params: Params;
    /// What it answers, borrowed from the view.
    type Answer<'a>: Answer + 'a;

    /// What OpenAPI tells of the values of a parameter, by its name, where not any text will do.
    fn shapes() -> Vec<(&'static str, ApiSchema)> {
        Vec::new()
    }

    /// What the answer takes.
    fn cost(_: &Self::Params) -> AnswerCost {
        AnswerCost::AtOnce
    }

    /// Whether, among the questions of its command, this is the one that is meant.
    fn fits(_: &Self::Params) -> bool {
        true
    }

    /// The text that a reader searches for; `None` where the question is no new search.
    fn searched(_: &Self::Params) -> Option<&str> {
        None
    }

    /// How it is asked with parameters in a body, where they may be too long for a URL.
    fn body() -> Option<BodyForm> {
        None
    }

    /// Asks `view`.
    ///
    /// # Errors
    /// If the question is refused, or an answer is there and cannot be given, which is our fault.
    fn answer<'a>(view: &'a View, params: Self::Params) -> Result<Self::Answer<'a>, QuestionError>;
}

/// The media type of answers that are data.
pub const JSON: &str = "application/json";

/// How parameters are given in a body.
pub struct BodyForm {
    /// What the question is for when it is asked in this way.
    pub doc: &'static str,
    /// The body.
    pub schema: Schema,
}

/// A type whose documentation is there at run time: OpenAPI, `--help` and agents are told the same words.
pub trait Documentation {
    /// The documentation.
    const DOC: &'static str;
}

/// Declares the type of a question and keeps its documentation.
macro_rules! question {
    ($(#[doc = $line:literal])+ $name:ident) => {
        $(#[doc = $line])+
        pub struct $name;

        impl $crate::questions::question::Documentation for $name {
            const DOC: &'static str = concat!($($line, "\n"),+);
        }
    };
}
pub(crate) use question;
