//! `/v1/batch`: many reads in one request, all from one snapshot.

use axum::Router;
use axum::body::Body as HttpBody;
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tower::ServiceExt;
use utoipa::ToSchema;

use super::observe::RequestId;
use super::params::{Body, Nothing, One, Params};
use super::pinned::{json, pinned};
use super::problem::{Fault, Problem, response};
use super::{App, problem};
use gradus_engine::limits;
use gradus_engine::questions::{AskError, ErrorCode};

/// The router of the questions, which a batch asks one after another.
#[derive(Clone)]
pub(super) struct Questions(pub(super) Router);

/// What to ask.
#[derive(Deserialize, ToSchema)]
pub(super) struct BatchAsk {
    /// Paths that begin with `/v1/`, with their parameters; at most 100.
    #[schema(max_items = 100, example = json!(["/v1/status"]))]
    requests: Vec<String>,
}

/// The answers, in the order of the requests.
#[derive(Serialize, ToSchema)]
pub(super) struct BatchAnswer<'a> {
    items: Vec<BatchItem>,
    total: usize,
    next_cursor: Option<String>,
    generation: &'a str,
}

/// What one request would have been answered alone.
#[derive(Serialize, ToSchema)]
struct BatchItem {
    /// The path.
    request: String,
    /// The HTTP status.
    status: u16,
    /// The answer or the problem; as a string where it is no JSON.
    #[schema(value_type = serde_json::Value)]
    body: Box<RawValue>,
}

/// Answer many reads in one request, all from one snapshot.
#[utoipa::path(post, path = "/v1/batch", request_body = BatchAsk,
    responses((status = 200, body = BatchAnswer), (status = 400, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn batch(
    State(app): State<App>,
    Extension(questions): Extension<Questions>,
    Extension(id): Extension<RequestId>,
    headers: HeaderMap,
    _none: Params<Nothing>,
    Body(One(ask)): Body<One<BatchAsk>>,
) -> Result<Response, Fault> {
    check(&ask.requests)?;
    let pinned = pinned(&app, &headers)?;
    let answers = async {
        let mut items = Vec::new();
        let mut bytes_left = limits::BATCH_ANSWER_BYTES;
        for path in ask.requests {
            let mut request =
                Request::builder().method(Method::GET).uri(&path).body(HttpBody::empty()).map_err(|_| {
                    AskError::invalid(
                        "requests",
                        format_args!("'{path}' is not a path; percent-encode what is not ASCII"),
                    )
                })?;
            request.extensions_mut().insert(pinned.clone());
            let answer = match questions.0.clone().oneshot(request).await {
                Ok(answer) => answer,
                Err(never) => match never {},
            };
            items.push(item(path, answer, &id, &mut bytes_left).await?);
        }
        Ok::<_, AskError>(items)
    };
    let in_time = tokio::time::timeout(limits::BATCH_TIME, answers).await;
    let items = in_time.map_err(|_| {
        let secs = limits::BATCH_TIME.as_secs();
        AskError::new(ErrorCode::Timeout, format!("these requests took more than {secs} s; ask for fewer at a time"))
    })??;
    let generation = &pinned.view().generation;
    Ok(json(&BatchAnswer { total: items.len(), items, next_cursor: None, generation })?)
}

/// Checks that there are not too many requests, and that each could be one.
fn check(requests: &[String]) -> Result<(), AskError> {
    if requests.len() > limits::BATCH_REQUESTS {
        let (n, max) = (requests.len(), limits::BATCH_REQUESTS);
        return Err(AskError::invalid("requests", format_args!("{n} are more than the {max} of one batch")));
    }
    match requests.iter().find(|path| !path.starts_with("/v1/")) {
        None => Ok(()),
        Some(other) => {
            let shown: String = other.chars().take(100).collect();
            Err(AskError::invalid("requests", format_args!("'{shown}' is not a path that begins with /v1/")))
        }
    }
}

async fn item(
    request: String,
    answer: Response,
    id: &RequestId,
    bytes_left: &mut usize,
) -> Result<BatchItem, AskError> {
    let path = request.split('?').next().unwrap_or_default();
    let mut answer = problem::render(answer, path, id.as_str());
    let mut status = answer.status().as_u16();
    let mut bytes = axum::body::to_bytes(answer.into_body(), *bytes_left).await;
    if bytes.is_err() {
        let mib = limits::BATCH_ANSWER_BYTES >> 20;
        let detail = format!("the answers of one batch take {mib} MiB together at most; ask for this one alone");
        answer = problem::render(response(AskError::new(ErrorCode::PayloadTooLarge, detail)), path, id.as_str());
        status = answer.status().as_u16();
        bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
    }
    let bytes = bytes.map_err(|error| AskError::internal(&error))?;
    *bytes_left = bytes_left.saturating_sub(bytes.len());
    let text = String::from_utf8_lossy(&bytes).into_owned();
    // A picture or an export is no JSON: it travels as a string.
    let body = match RawValue::from_string(text.clone()) {
        Ok(body) => body,
        Err(_) => serde_json::value::to_raw_value(&text).map_err(|error| AskError::internal(&error))?,
    };
    Ok(BatchItem { request, status, body })
}
