//! Fields: an answer of which only a part is wanted.
//!
//! Every question takes `fields`, and one place writes what they select: what is not wanted is passed over where answers are
//! serialised, and a question whose parts are dear does not make them at all ([`Question::answer_part`](super::question)).

mod choose;
mod known;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::answer::{Answer, AnswerBody, Schema};
use super::refusal::{Failure, Refusal};
use super::sheet::Sheet;
use choose::Chosen;
use known::check;

/// Which part of the answer is wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct FieldsParams {
    /// Names of fields of the answer, with dots between: only these are answered, and cost anything. All where not given.
    #[param(example = json!(["items.id", "total"]))]
    pub fields: Vec<String>,
}

/// The fields of a value that are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WantedFields {
    /// All.
    All,
    /// These, and of each what is wanted of it.
    Some(BTreeMap<String, WantedFields>),
}

impl WantedFields {
    /// What `fields` select in the answer of the question `name`, which `schema` describes; all where there are none.
    ///
    /// # Errors
    /// If the answer has no such field: the nearest are suggested.
    pub(super) fn new(name: &'static str, fields: &[String], schema: fn() -> Schema) -> Result<Self, Refusal> {
        if fields.is_empty() {
            return Ok(Self::All);
        }
        check(name, fields, schema)?;
        let mut wanted = Self::Some(BTreeMap::new());
        fields.iter().for_each(|field| wanted.add(field));
        Ok(wanted)
    }

    fn add(&mut self, field: &str) {
        let Self::Some(fields) = self else { return };
        let (first, rest) = field.split_once('.').map_or((field, None), |(first, rest)| (first, Some(rest)));
        let inner = fields.entry(first.to_owned()).or_insert_with(|| Self::Some(BTreeMap::new()));
        match rest {
            Some(rest) => inner.add(rest),
            None => *inner = Self::All,
        }
    }

    /// What is wanted of the field `name`; `None` where nothing is.
    pub fn of(&self, name: &str) -> Option<&Self> {
        match self {
            Self::All => Some(&Self::All),
            Self::Some(fields) => fields.get(name),
        }
    }

    /// Whether anything of the field `name` is wanted.
    pub fn has(&self, name: &str) -> bool {
        self.of(name).is_some()
    }
}

/// An answer of which a part is wanted.
pub(super) struct Selected<A> {
    pub(super) answer: A,
    pub(super) wanted: WantedFields,
}

impl<A: Answer + Serialize> Answer for Selected<A> {
    fn body(&self) -> Result<AnswerBody<'_>, Failure> {
        AnswerBody::json(&Chosen { value: &self.answer, wanted: &self.wanted })
    }

    fn sheet(&self) -> Sheet {
        self.answer.sheet()
    }

    fn n_found(&self) -> Option<usize> {
        self.answer.n_found()
    }

    fn schema() -> Schema {
        A::schema()
    }
}
