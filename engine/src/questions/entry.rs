//! The table's entries: questions of all types as one type, so that a door can be a loop.

use serde::de::DeserializeOwned;

use super::answer::{Answer, Schema};
use super::fields::{FieldsParams, Selected, WantedFields};
use super::params::{Both, Pairs, Parameter, Params, read_params};
use super::question::{AnswerCost, BodyForm, JSON, Question};
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

/// Whether a part of what `Q` answers may be wanted: only JSON has fields.
fn has_fields<Q: Question>() -> bool {
    Q::MEDIA_TYPES.contains(&JSON)
}

fn described<Q: Question>() -> Vec<Parameter> {
    let fields = if has_fields::<Q>() { FieldsParams::described() } else { Vec::new() };
    Parameter::shaped(Q::Params::described(), Q::shapes()).into_iter().chain(fields).collect()
}

fn read<Q: Question>(pairs: &Pairs) -> Result<Box<dyn Call>, Refusal> {
    if !has_fields::<Q>() {
        return Ok(Box::new(QuestionCall::<Q> { params: read_params(pairs)?, wanted: WantedFields::All }));
    }
    let Both(params, FieldsParams { fields }) = read_params(pairs)?;
    let wanted = WantedFields::new(Q::NAME, &fields, <Q::Answer<'static> as Answer>::schema)?;
    Ok(Box::new(QuestionCall::<Q> { params, wanted }))
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

struct QuestionCall<Q: Question> {
    params: Q::Params,
    wanted: WantedFields,
}

impl<Q: Question> Call for QuestionCall<Q> {
    fn cost(&self) -> AnswerCost {
        Q::cost(&self.params)
    }

    fn fits(&self) -> bool {
        Q::fits(&self.params)
    }

    fn searched(&self) -> Option<&str> {
        Q::searched(&self.params)
    }

    fn answer<'a>(self: Box<Self>, view: &'a View) -> Result<Box<dyn Answer + 'a>, QuestionError> {
        let Self { params, wanted } = *self;
        let answer = Q::answer_part(view, params, &wanted)?;
        match wanted {
            WantedFields::All => Ok(Box::new(answer)),
            WantedFields::Some(_) if !answer.is_data() => {
                Err(Refusal::invalid("fields", "only JSON has fields").into())
            }
            wanted @ WantedFields::Some(_) => Ok(Box::new(Selected { answer, wanted })),
        }
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
            parameters: described::<Q>,
            schema: <Q::Answer<'static> as Answer>::schema,
            body: Q::body,
            read: read::<Q>,
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
