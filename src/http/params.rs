//! Parameters: from a path, a query string or a JSON body to pairs of names and values.

use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{Uri, header};
use futures_util::StreamExt;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use tokio::sync::OwnedSemaphorePermit;

use super::App;
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

/// A JSON body within the limits, not read yet: of a large one that takes milliseconds and many times its size, and is work
/// like any other.
pub(crate) struct JsonBody {
    bytes: Vec<u8>,
    /// The room that it takes among those that wait to be read.
    room: Option<OwnedSemaphorePermit>,
}

impl JsonBody {
    /// Reads it.
    ///
    /// # Errors
    /// If it is not JSON.
    pub(super) fn read(self) -> Result<Value, Fault> {
        let not_json = |error| Fault::unreadable(format!("the body is not JSON: {error}"));
        serde_json::from_slice(&self.bytes).map_err(not_json)
    }
}

impl FromRequest<App> for JsonBody {
    type Rejection = Fault;

    async fn from_request(request: Request, app: &App) -> Result<Self, Fault> {
        let arrived = tokio::time::timeout(ANSWER_TIME, collect(request, app)).await;
        arrived.map_err(|_| Fault::timeout(format!("the body took more than {} s", ANSWER_TIME.as_secs())))?
    }
}

/// Takes in the body of `request`, and room for it as it comes: what is only announced takes none.
async fn collect(request: Request, app: &App) -> Result<JsonBody, Fault> {
    let too_large = || Fault::too_large(format!("the body is larger than {BODY_BYTES} bytes"));
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|announced: u64| announced > BODY_BYTES as u64) {
        return Err(too_large());
    }
    let mut body = JsonBody { bytes: Vec::new(), room: None };
    let mut pieces = request.into_body().into_data_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| Fault::unreadable(format!("the body cannot be read: {error}")))?;
        if body.bytes.len() + piece.len() > BODY_BYTES {
            return Err(too_large());
        }
        let room = app.lanes.room_for_body(piece.len())?;
        match &mut body.room {
            Some(taken) => taken.merge(room),
            none => *none = Some(room),
        }
        body.bytes.extend_from_slice(&piece);
    }
    Ok(body)
}
