//! The table's entries: questions of all types as one type, so that a door can be a loop.

use serde::de::DeserializeOwned;

use super::answer::{Answer, Schema};
use super::params::{Pairs, Parameter, Params, read_params};
use super::question::{AnswerCost, BodyForm, Question};
use super::refusal::{QuestionError, Refusal, RefusalCode};
use crate::view::View;

/// A question in the table: what [`Question`] tells of its type, and the way to ask it.
pub struct QuestionEntry {
    /// Its name in OpenAPI and for agents.
    pub name: &'static str,
    /// The command that asks it; entries that share one are alternatives.
    pub command: &'static str,
    /// Its path; a parameter that stands in it is written `{name}`.
    pub path: &'static str,
    /// The parameters that a command takes without a flag.
    pub subject: &'static [&'static str],
    /// The media types of its answers.
    pub media_types: &'static [&'static str],
    /// What it refuses most.
    pub refuses: Option<RefusalCode>,
    /// Whether an answer without any item is a finding.
    pub wants_items: bool,
    doc: &'static str,
    parameters: fn() -> Vec<Parameter>,
    schema: fn() -> Schema,
    body: fn() -> Option<BodyForm>,
    read: ReadCall,
    decode: fn(&[u8]) -> serde_json::Result<Box<dyn Answer>>,
}

/// From parameters to a question that is ready to be asked.
type ReadCall = fn(&Pairs) -> Result<Box<dyn Call>, Refusal>;

/// A question with its parameters, ready to be asked.
pub trait Call: Send {
    /// What the answer takes.
    fn cost(&self) -> AnswerCost;

    /// Whether, among the questions of its command, this is the one that is meant.
    fn fits(&self) -> bool;

    /// The text that a reader searches for; `None` where this is no new search.
    fn searched(&self) -> Option<&str>;

    /// Asks `view`.
    ///
    /// # Errors
    /// If the question is refused, or the answer cannot be given.
    fn answer<'a>(self: Box<Self>, view: &'a View) -> Result<Box<dyn Answer + 'a>, QuestionError>;
}

struct QuestionCall<Q: Question>(Q::Params);

impl<Q: Question> Call for QuestionCall<Q> {
    fn cost(&self) -> AnswerCost {
        Q::cost(&self.0)
    }

    fn fits(&self) -> bool {
        Q::fits(&self.0)
    }

    fn searched(&self) -> Option<&str> {
        Q::searched(&self.0)
    }

    fn answer<'a>(self: Box<Self>, view: &'a View) -> Result<Box<dyn Answer + 'a>, QuestionError> {
        Ok(Box::new(Q::answer(view, self.0)?))
    }
}

impl QuestionEntry {
    /// The entry of `Q`.
    pub(super) const fn of<Q: Question>() -> Self
    where
        Q::Answer<'static>: DeserializeOwned,
    {
        Self {
            name: Q::NAME,
            command: Q::COMMAND,
            path: Q::PATH,
            subject: Q::SUBJECT,
            media_types: Q::MEDIA_TYPES,
            refuses: Q::REFUSES,
            wants_items: Q::WANTS_ITEMS,
            doc: Q::DOC,
            parameters: || Parameter::shaped(Q::Params::described(), Q::shapes()),
            schema: <Q::Answer<'static> as Answer>::schema,
            body: Q::body,
            read: |pairs| Ok(Box::new(QuestionCall::<Q>(read_params(pairs)?))),
            decode: |json| Ok(Box::new(serde_json::from_slice::<Q::Answer<'static>>(json)?)),
        }
    }

    /// What it asks: one paragraph, as the comment on its type says it.
    pub fn doc(&self) -> String {
        self.doc.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// What it is asked with.
    pub fn parameters(&self) -> Vec<Parameter> {
        (self.parameters)()
    }

    /// What its path is about: the first segment behind the version.
    pub fn tag(&self) -> &'static str {
        self.path.split('/').nth(2).unwrap_or_default()
    }

    /// Whether the parameter `name` stands in the path.
    pub fn is_in_path(&self, name: &str) -> bool {
        self.path.split('/').any(|segment| {
            segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).is_some_and(|inner| inner == name)
        })
    }

    /// What OpenAPI tells of its answer.
    pub fn schema(&self) -> Schema {
        (self.schema)()
    }

    /// How it is asked with parameters in a body; `None` where they always fit a URL.
    pub fn body(&self) -> Option<BodyForm> {
        (self.body)()
    }

    /// The question with these parameters, those of the path among them.
    ///
    /// # Errors
    /// If one is unknown, wrong, given twice, or needed and not there.
    pub fn read(&self, pairs: &Pairs) -> Result<Box<dyn Call>, Refusal> {
        (self.read)(pairs)
    }

    /// Asks `view` with these parameters.
    ///
    /// # Errors
    /// If the question is refused, or the answer cannot be given.
    pub fn ask<'a>(&self, view: &'a View, pairs: &Pairs) -> Result<Box<dyn Answer + 'a>, QuestionError> {
        self.read(pairs)?.answer(view)
    }

    /// An answer as it came from a server.
    ///
    /// # Errors
    /// If this is not the answer of this question.
    pub fn decode(&self, json: &[u8]) -> serde_json::Result<Box<dyn Answer>> {
        (self.decode)(json)
    }
}
