//! Parameters: from a path, a query string or a JSON body to pairs of names and values.

use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{Uri, header};
use futures_util::StreamExt;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use tokio::sync::OwnedSemaphorePermit;

use super::App;
use super::problem::Fault;
use gradus_engine::limits::{ANSWER_TIME, BODY_BYTES};
use gradus_engine::questions::params::{Parameter, ParameterKind, Params, read_params};

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

/// The pairs of a JSON object, whose members are of the types that OpenAPI tells of these `parameters`.
///
/// # Errors
/// If `body` is anything else.
pub(crate) fn body_pairs(body: Value, parameters: &[Parameter]) -> Result<PairList, Fault> {
    let Value::Object(members) = body else { return Err(Fault::unreadable("the body is not a JSON object")) };
    let mut pairs = Vec::new();
    for (name, value) in members {
        let kind = parameters.iter().find(|parameter| parameter.name == name).map(|parameter| parameter.kind);
        let is_list = matches!(value, Value::Array(_)) && kind == Some(ParameterKind::List);
        let values = match value {
            Value::Array(values) if is_list => values,
            value => vec![value],
        };
        for value in values {
            match (value, kind) {
                // What is unknown is told by who reads the pairs.
                (_, None) => pairs.push((name.clone(), String::new())),
                (Value::Null, _) if !is_list => {}
                (Value::String(text), Some(ParameterKind::Text | ParameterKind::List)) => {
                    pairs.push((name.clone(), text));
                }
                (Value::Number(number), Some(ParameterKind::Text | ParameterKind::Number)) => {
                    pairs.push((name.clone(), number.to_string()));
                }
                (Value::Bool(flag), Some(ParameterKind::Flag)) => pairs.push((name.clone(), flag.to_string())),
                (_, Some(kind)) => return Err(Fault::invalid(&name, format_args!("this is not {}", wanted(kind)))),
            }
        }
    }
    Ok(pairs)
}

/// What the value of a parameter is in JSON.
fn wanted(kind: ParameterKind) -> &'static str {
    match kind {
        ParameterKind::Text => "a text or a number",
        ParameterKind::List => "a text or a list of texts",
        ParameterKind::Number => "a number",
        ParameterKind::Flag => "true or false",
    }
}

/// What OpenAPI tells of a body with these `parameters`: what [`body_pairs`] takes.
pub(super) fn body_schema(parameters: Vec<Parameter>) -> Value {
    let required: Vec<String> = parameters.iter().filter(|one| one.required).map(|one| one.name.clone()).collect();
    let properties: serde_json::Map<String, Value> =
        parameters.into_iter().map(|parameter| (parameter.name.clone(), member_schema(parameter))).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn member_schema(parameter: Parameter) -> Value {
    let mut schema = parameter.openapi["schema"].clone();
    let mut types = match parameter.kind {
        // A text with bounds may be a number.
        ParameterKind::Text if schema.get("minimum").is_some() => vec!["string", "integer"],
        ParameterKind::Text => vec!["string"],
        ParameterKind::List => vec!["array", "string"],
        ParameterKind::Number => vec!["integer"],
        ParameterKind::Flag => vec!["boolean"],
    };
    if !parameter.required {
        types.push("null");
    }
    // One text alone is like those in a list.
    let alone = match (&schema["items"]["pattern"], &schema["items"]["enum"]) {
        (Value::String(pattern), _) => Some(pattern.clone()),
        (_, Value::Array(choices)) => {
            Some(format!("^({})$", choices.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("|")))
        }
        _ => None,
    };
    if let Some(Value::Array(choices)) = schema.get_mut("enum") {
        choices.extend((!parameter.required).then_some(Value::Null));
    }
    schema["type"] = json!(types);
    if let Some(pattern) = alone {
        schema["pattern"] = Value::from(pattern);
    }
    schema["description"] = Value::from(parameter.doc);
    schema
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
