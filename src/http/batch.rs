//! `/v1/batch`: many reads in one request, all from one snapshot.

use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use tower::ServiceExt;

use super::params::JsonBody;
use super::pinned::{json, pinned};
use super::{App, problem};
use crate::ask::{AskError, ErrorCode};
use crate::limits;

/// The router of the questions, which a batch asks one after another.
#[derive(Clone)]
pub(super) struct Questions(pub(super) Router);

#[derive(Serialize)]
struct BatchAnswer<'a> {
    items: Vec<BatchItem>,
    total: usize,
    next_cursor: Option<String>,
    generation: &'a str,
}

#[derive(Serialize)]
struct BatchItem {
    request: String,
    status: u16,
    body: Box<RawValue>,
}

/// Answers each path as it would have been answered alone.
pub(super) async fn batch(
    State(app): State<App>,
    Extension(Questions(questions)): Extension<Questions>,
    headers: HeaderMap,
    JsonBody(body): JsonBody,
) -> Result<Response, AskError> {
    let pinned = pinned(&app, &headers)?;
    let mut items = Vec::new();
    for path in paths(&body)? {
        let mut request = Request::builder().method(Method::GET).uri(&path).body(Body::empty()).map_err(|_| {
            AskError::invalid("requests", format_args!("'{path}' is not a path; percent-encode what is not ASCII"))
        })?;
        request.extensions_mut().insert(pinned.clone());
        let answer = match questions.clone().oneshot(request).await {
            Ok(answer) => answer,
            Err(never) => match never {},
        };
        items.push(item(path, answer).await?);
    }
    json(&BatchAnswer { total: items.len(), items, next_cursor: None, generation: &pinned.view().generation })
}

/// The paths of `{"requests": ["/v1/…", …]}`.
fn paths(body: &Value) -> Result<Vec<String>, AskError> {
    let requests = body.get("requests").and_then(Value::as_array);
    let requests = requests.ok_or_else(|| AskError::invalid("requests", "give a list of paths"))?;
    if requests.len() > limits::BATCH_REQUESTS {
        let (n, max) = (requests.len(), limits::BATCH_REQUESTS);
        return Err(AskError::invalid("requests", format_args!("{n} are more than the {max} of one batch")));
    }
    let path = |request: &Value| match request.as_str() {
        Some(path) if path.starts_with("/v1/") => Ok(path.to_owned()),
        _ => Err(AskError::invalid("requests", format_args!("{request} is not a path that begins with /v1/"))),
    };
    requests.iter().map(path).collect()
}

async fn item(request: String, answer: Response) -> Result<BatchItem, AskError> {
    let path = request.split('?').next().unwrap_or_default();
    let answer = problem::render(answer, path, "");
    let status = answer.status().as_u16();
    let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
    let bytes = bytes.map_err(|error| AskError::internal(&error))?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    // A picture or an export is no JSON: it travels as a string.
    let body = match RawValue::from_string(text.clone()) {
        Ok(body) => body,
        Err(_) => serde_json::value::to_raw_value(&text).map_err(|error| AskError::internal(&error))?,
    };
    if body.get().is_empty() {
        return Err(AskError::new(ErrorCode::Internal, format!("{request} was answered by nothing")));
    }
    Ok(BatchItem { request, status, body })
}
