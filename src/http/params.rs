//! Parameters: from a path, a query string or a JSON body to pairs of names and values.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::problem::Fault;
use gradus_engine::limits::{ANSWER_TIME, BODY_BYTES};
use gradus_engine::questions::params::{Params, read_params};

/// Names and values, in the order in which they were given.
pub(crate) type PairList = Vec<(String, String)>;

/// The pairs of a query string.
///
/// # Errors
/// If one is not UTF-8: read with replacement characters, it would ask for something else.
pub(crate) fn query_pairs(uri: &Uri) -> Result<PairList, Fault> {
    let pairs = uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode(name).ok_or_else(|| Fault::unreadable("the name of a parameter is not UTF-8"))?;
            let value = decode(value).ok_or_else(|| Fault::invalid(&name, "the value is not UTF-8"))?;
            Ok((name, value))
        })
        .collect()
}

/// Decodes a part of a query string, where `+` is a space.
fn decode(text: &str) -> Option<String> {
    Some(percent_decode_str(&text.replace('+', " ")).decode_utf8().ok()?.into_owned())
}

/// The parameters that stand in the path.
pub(crate) struct PathPairs(pub(crate) PairList);

impl<S: Send + Sync> FromRequestParts<S> for PathPairs {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fault> {
        let params = RawPathParams::from_request_parts(parts, state).await;
        let params = params.map_err(|rejection| Fault::unreadable(rejection.to_string()))?;
        Ok(Self(params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()))
    }
}

/// The parameters of a query string, read.
pub(crate) struct QueryParams<P>(pub(crate) P);

impl<S: Send + Sync, P: Params> FromRequestParts<S> for QueryParams<P> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        Ok(Self(read_params(&query_pairs(&parts.uri)?)?))
    }
}

/// Takes no parameter at all.
pub(crate) struct NoParams;

impl<S: Send + Sync> FromRequestParts<S> for NoParams {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        read_params::<NoFields>(&query_pairs(&parts.uri)?)?;
        Ok(Self)
    }
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
struct NoFields {}

/// The pairs of a JSON object: text, numbers, booleans and lists of them.
///
/// # Errors
/// If `body` is anything else.
pub(crate) fn body_pairs(body: Value) -> Result<PairList, Fault> {
    let Value::Object(members) = body else { return Err(Fault::unreadable("the body is not a JSON object")) };
    let mut pairs = Vec::new();
    for (name, value) in members {
        let values = if let Value::Array(values) = value { values } else { vec![value] };
        for value in values {
            match value {
                Value::Null => {}
                Value::String(text) => pairs.push((name.clone(), text)),
                Value::Number(_) | Value::Bool(_) => pairs.push((name.clone(), value.to_string())),
                Value::Array(_) | Value::Object(_) => {
                    return Err(Fault::invalid(&name, "this is neither text, a number, nor a list of them"));
                }
            }
        }
    }
    Ok(pairs)
}

/// A JSON body within the limits.
pub(crate) struct JsonBody(pub(crate) Value);

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        let arrived = tokio::time::timeout(ANSWER_TIME, Bytes::from_request(request, state)).await;
        let arrived =
            arrived.map_err(|_| Fault::timeout(format!("the body took more than {} s", ANSWER_TIME.as_secs())))?;
        let bytes = arrived.map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                Fault::too_large(format!("the body is larger than {BODY_BYTES} bytes"))
            } else {
                Fault::unreadable(format!("the body cannot be read: {rejection}"))
            }
        })?;
        let not_json = |error| Fault::unreadable(format!("the body is not JSON: {error}"));
        Ok(Self(serde_json::from_slice(&bytes).map_err(not_json)?))
    }
}
