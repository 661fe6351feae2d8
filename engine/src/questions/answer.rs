//! Answers as doors carry them, and text that may be borrowed from the view that answers.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema as OpenApiSchema;
use utoipa::{PartialSchema, ToSchema};

use super::refusal::Failure;
use super::sheet::Sheet;

/// An answer of a question.
pub trait Answer {
    /// Its bytes.
    ///
    /// # Errors
    /// If it cannot be written, which is our fault.
    fn body(&self) -> Result<AnswerBody<'_>, Failure>;

    /// How it stands on a terminal.
    fn sheet(&self) -> Sheet;

    /// How many items were found on all pages together; `None` of an answer that is no list.
    fn n_found(&self) -> Option<usize> {
        None
    }

    /// The full id of the page that it tells all of; who wants to read has its text, too.
    fn page(&self) -> Option<&str> {
        None
    }

    /// Whether its bytes are data, of which a part may be wanted.
    fn is_data(&self) -> bool {
        true
    }

    /// What OpenAPI tells of it.
    fn schema() -> Schema
    where
        Self: Sized;
}

/// The bytes of an answer.
pub enum AnswerBody<'a> {
    /// Data.
    Json(Vec<u8>),
    /// A picture, or text for another tool.
    Text {
        /// What it is.
        media_type: &'static str,
        /// All of it.
        text: String,
    },
    /// Text that is written while it is read.
    Pieces {
        /// What it is.
        media_type: &'static str,
        /// One after another.
        pieces: Box<dyn Iterator<Item = String> + 'a>,
    },
}

impl AnswerBody<'_> {
    /// `answer` as JSON.
    ///
    /// # Errors
    /// If it cannot be serialised, which is our fault.
    pub fn json<T: Serialize>(answer: &T) -> Result<Self, Failure> {
        serde_json::to_vec(answer).map(Self::Json).map_err(Failure::new)
    }
}

/// A schema of OpenAPI by its name, and those that it refers to.
pub struct Schema {
    /// The name.
    pub name: String,
    /// It and all that it refers to, by name.
    pub parts: Vec<(String, RefOr<OpenApiSchema>)>,
}

impl Schema {
    /// The schema of `T` with the name of the type.
    pub fn of<T: ToSchema>() -> Self {
        Self::named::<T>(T::name().into_owned())
    }

    /// The schema of `T` with another name, as a generic type has one for each use.
    pub fn named<T: ToSchema>(name: String) -> Self {
        let mut parts = vec![(name.clone(), T::schema())];
        T::schemas(&mut parts);
        Self { name, parts }
    }
}

/// Text of an answer: borrowed from the view that answers, or read from a server that did.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Str<'a>(Cow<'a, str>);

impl PartialSchema for Str<'_> {
    fn schema() -> RefOr<OpenApiSchema> {
        String::schema()
    }
}

impl ToSchema for Str<'_> {}

impl Deref for Str<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl std::borrow::Borrow<str> for Str<'_> {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Str<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'a> From<&'a str> for Str<'a> {
    fn from(text: &'a str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Str<'a> {
    fn from(text: &'a String) -> Self {
        Self(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a Box<str>> for Str<'a> {
    fn from(text: &'a Box<str>) -> Self {
        Self(Cow::Borrowed(text))
    }
}

impl From<String> for Str<'_> {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

impl PartialEq<&str> for Str<'_> {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

/// Each of `texts`, borrowed.
pub(crate) fn strs(texts: &[Box<str>]) -> Vec<Str<'_>> {
    texts.iter().map(Str::from).collect()
}
