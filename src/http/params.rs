//! Parameters: from a query string or a JSON body to the parameters of a question.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::value::Error as ValueError;
use serde::de::{DeserializeOwned, Deserializer, Error as _, Visitor};
use serde_json::Value;

use super::problem::Fault;
use gradus_engine::limits::{ANSWER_TIME, BODY_BYTES};
use gradus_engine::questions::{AskError, ErrorCode};

/// Parameters that can be read from pairs of names and values.
pub(crate) trait FromPairs: Sized {
    /// The names it takes.
    fn names() -> Vec<&'static str>;
    /// Reads the pairs it knows, passing over others.
    ///
    /// # Errors
    /// If a value is wrong or a needed one is missing.
    fn from_pairs(pairs: &[(String, String)]) -> Result<Self, AskError>;
}

/// A struct whose fields are the parameters.
pub(crate) struct One<T>(pub(crate) T);

impl<T: DeserializeOwned> FromPairs for One<T> {
    fn names() -> Vec<&'static str> {
        fields::<T>().to_vec()
    }

    fn from_pairs(pairs: &[(String, String)]) -> Result<Self, AskError> {
        let names = fields::<T>();
        let known = pairs.iter().filter(|(name, _)| names.contains(&name.as_str()));
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(known).finish();
        let read = serde_html_form::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
        match serde_path_to_error::deserialize(read) {
            Ok(ask) => Ok(Self(ask)),
            Err(error) => Err(wrong_value(&error.path().to_string(), error.inner())),
        }
    }
}

impl<A: DeserializeOwned, B: DeserializeOwned> FromPairs for (One<A>, One<B>) {
    fn names() -> Vec<&'static str> {
        [One::<A>::names(), One::<B>::names()].concat()
    }

    fn from_pairs(pairs: &[(String, String)]) -> Result<Self, AskError> {
        Ok((One::from_pairs(pairs)?, One::from_pairs(pairs)?))
    }
}

/// No parameters at all.
pub(crate) struct Nothing;

impl FromPairs for Nothing {
    fn names() -> Vec<&'static str> {
        Vec::new()
    }

    fn from_pairs(_: &[(String, String)]) -> Result<Self, AskError> {
        Ok(Self)
    }
}

/// The parameters of a query string.
pub(super) struct Params<T>(pub(super) T);

impl<S: Send + Sync, T: FromPairs> FromRequestParts<S> for Params<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(read(&form_urlencoded::parse(query.as_bytes()).into_owned().collect::<Vec<_>>()).map(Self)?)
    }
}

/// The same parameters as the members of a JSON object: text, numbers, booleans and lists of them.
pub(super) struct Body<T>(pub(super) T);

impl<S: Send + Sync, T: FromPairs> FromRequest<S> for Body<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        let JsonBody(body) = JsonBody::from_request(request, state).await?;
        let Value::Object(members) = body else {
            return Err(AskError::new(ErrorCode::InvalidParameter, "the body is not a JSON object").into());
        };
        let mut pairs = Vec::new();
        for (name, value) in members {
            let values = if let Value::Array(values) = value { values } else { vec![value] };
            for value in values {
                match value {
                    Value::Null => {}
                    Value::String(text) => pairs.push((name.clone(), text)),
                    Value::Number(_) | Value::Bool(_) => pairs.push((name.clone(), value.to_string())),
                    Value::Array(_) | Value::Object(_) => {
                        let why = "this is neither text, a number, nor a list of them";
                        return Err(AskError::invalid(&name, why).into());
                    }
                }
            }
        }
        Ok(read(&pairs).map(Self)?)
    }
}

/// A JSON body within the limits.
pub(super) struct JsonBody(pub(super) Value);

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        let arrived = tokio::time::timeout(ANSWER_TIME, Bytes::from_request(request, state)).await;
        let arrived = arrived.map_err(|_| {
            AskError::new(ErrorCode::Timeout, format!("the body took more than {} s", ANSWER_TIME.as_secs()))
        })?;
        let bytes = arrived.map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                AskError::new(ErrorCode::PayloadTooLarge, format!("the body is larger than {BODY_BYTES} bytes"))
            } else {
                AskError::new(ErrorCode::InvalidParameter, format!("the body cannot be read: {rejection}"))
            }
        })?;
        let not_json = |error| AskError::new(ErrorCode::InvalidParameter, format!("the body is not JSON: {error}"));
        Ok(serde_json::from_slice(&bytes).map(Self).map_err(not_json)?)
    }
}

/// A segment of the path, percent-decoded.
pub(super) struct Id(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fault> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        Ok(path.map(|Path(id)| Self(id)).map_err(|rejection| AskError::invalid("id", rejection))?)
    }
}

/// Reads `pairs`, all of which must be known.
///
/// # Errors
/// If one is unknown, or a value is wrong.
pub(crate) fn read<T: FromPairs>(pairs: &[(String, String)]) -> Result<T, AskError> {
    let names = T::names();
    if let Some((unknown, _)) = pairs.iter().find(|(name, _)| !names.contains(&name.as_str())) {
        let shown: String = unknown.chars().take(100).collect();
        let error = AskError::new(ErrorCode::UnknownParameter, format!("there is no parameter `{shown}` here"));
        return Err(error.suggesting(nearest(&names, unknown)));
    }
    T::from_pairs(pairs)
}

/// The names by distance from `unknown`, nearest first, at most three.
fn nearest(names: &[&'static str], unknown: &str) -> Vec<String> {
    let unknown: String = unknown.chars().take(100).collect();
    let mut by_distance: Vec<(usize, &str)> =
        names.iter().map(|name| (strsim::damerau_levenshtein(name, &unknown), *name)).collect();
    by_distance.sort_unstable();
    by_distance.into_iter().take(3).map(|(_, name)| name.to_owned()).collect()
}

fn wrong_value(field: &str, error: &ValueError) -> AskError {
    let why = error.to_string();
    if field == "." || field.is_empty() {
        return AskError::new(ErrorCode::InvalidParameter, why);
    }
    AskError::invalid(field, why)
}

/// The field names of the struct `T`, as its deserialiser asks for them.
fn fields<T: DeserializeOwned>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    // The answer is the call, not its result, which is always an error.
    let refused = T::deserialize(Fields(&mut names));
    debug_assert!(refused.is_err());
    names
}

struct Fields<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Fields<'_> {
    type Error = ValueError;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, ValueError> {
        Err(ValueError::custom("only a struct has fields"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, ValueError> {
        *self.0 = fields;
        Err(ValueError::custom("only the names are wanted"))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}
