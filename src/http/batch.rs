//! `/v1/batch`: many reads in one request, all from one snapshot.

use axum::Router;
use axum::body::Body as HttpBody;
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tower::ServiceExt;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, Type};

use super::observe::RequestId;
use super::params::{JsonBody, NoParams};
use super::pinned::{json, pinned};
use super::problem::{Fault, Problem};
use super::session::HeldSnapshot;
use super::{App, problem};
use gradus_engine::limits;
use gradus_engine::questions::questions;
use gradus_engine::questions::refusal::{Refusal, RefusalCode};

/// The router of the questions, which a batch asks one after another.
#[derive(Clone)]
pub(super) struct Questions(pub(super) Router);

/// What to ask.
#[derive(ToSchema)]
pub(super) struct BatchParams {
    /// Paths that begin with `/v1/`, with their parameters; at most 100.
    #[schema(schema_with = paths)]
    #[expect(dead_code, reason = "it is read by `requests`, in words of ours; this is what OpenAPI tells of it")]
    requests: Vec<String>,
}

/// The schema of the paths: what a URL may hold, nothing else.
fn paths() -> Schema {
    let path = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^/v1/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*$"));
    let example: Vec<&str> = questions().iter().map(|entry| entry.path).filter(|path| !path.contains('{')).collect();
    ArrayBuilder::new().items(path).max_items(Some(limits::BATCH_REQUESTS)).examples([json!(example[..1])]).into()
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
#[utoipa::path(post, path = "/v1/batch", tag = "batch", request_body = BatchParams, responses(
    (status = 200, body = BatchAnswer),
    (status = 400, body = Problem, content_type = "application/problem+json", description = "This is no list of paths"),
    (status = 401, body = Problem, content_type = "application/problem+json", description = "The token is not valid"),
    (status = 413, body = Problem, content_type = "application/problem+json", description = "The body is too large"),
    (status = 503, body = Problem, content_type = "application/problem+json", description = "Too much is asked at one time"),
    (status = 504, body = Problem, content_type = "application/problem+json", description = "The answers took too long"),
))]
pub(super) async fn batch(
    State(app): State<App>,
    Extension(questions): Extension<Questions>,
    Extension(id): Extension<RequestId>,
    held: Option<Extension<HeldSnapshot>>,
    headers: HeaderMap,
    _none: NoParams,
    body: JsonBody,
) -> Result<Response, Fault> {
    let held = held.as_ref().map(|Extension(held)| held);
    let pinned = pinned(&app, &Method::POST, &headers, held)?.patient();
    // Its answers are held together, so batches are few at one time. Each of its requests waits for a place as if it came
    // alone, so that others are answered in between.
    let _permit = app.lanes.enter_batches().await?;
    let requests = requests(body.read()?)?;
    let answers = async {
        let mut items = Vec::new();
        let mut bytes_left = limits::BATCH_ANSWER_BYTES;
        for path in requests {
            let mut request =
                Request::builder().method(Method::GET).uri(&path).body(HttpBody::empty()).map_err(|_| {
                    Fault::invalid("requests", format_args!("'{path}' is not a path; percent-encode what is not ASCII"))
                })?;
            request.extensions_mut().insert(pinned.clone());
            let answer = match questions.0.clone().oneshot(request).await {
                Ok(answer) => answer,
                Err(never) => match never {},
            };
            items.push(item(path, answer, &id, &mut bytes_left).await?);
            tokio::task::yield_now().await;
        }
        Ok::<_, Fault>(items)
    };
    let in_time = tokio::time::timeout(limits::BATCH_TIME, answers).await;
    let items = in_time.map_err(|_| {
        let secs = limits::BATCH_TIME.as_secs();
        Fault::timeout(format!("these requests took more than {secs} s; ask for fewer at a time"))
    })??;
    let generation = &pinned.view().generation;
    json(&BatchAnswer { total: items.len(), items, next_cursor: None, generation })
}

/// The paths that `body` lists: not too many, and each one that could be asked.
fn requests(body: Value) -> Result<Vec<String>, Fault> {
    let Value::Object(mut members) = body else { return Err(Fault::unreadable("the body is not a JSON object")) };
    let requests = members.remove("requests");
    if let Some(name) = members.keys().next() {
        let unknown = Refusal::new(RefusalCode::UnknownParameter, format!("there is no parameter `{name}` here"));
        return Err(unknown.suggesting(vec!["requests".to_owned()]).into());
    }
    let wrong = || Fault::invalid("requests", "give a list of paths");
    let Some(Value::Array(requests)) = requests else { return Err(wrong()) };
    if requests.len() > limits::BATCH_REQUESTS {
        let (n, max) = (requests.len(), limits::BATCH_REQUESTS);
        return Err(Fault::invalid("requests", format_args!("{n} are more than the {max} of one batch")));
    }
    let path = |request: Value| match request {
        Value::String(path) if path.starts_with("/v1/") => Ok(path),
        Value::String(other) => {
            let shown: String = other.chars().take(100).collect();
            Err(Fault::invalid("requests", format_args!("'{shown}' is not a path that begins with /v1/")))
        }
        _ => Err(wrong()),
    };
    requests.into_iter().map(path).collect()
}

async fn item(request: String, answer: Response, id: &RequestId, bytes_left: &mut usize) -> Result<BatchItem, Fault> {
    let path = request.split('?').next().unwrap_or_default();
    let mut answer = problem::render(answer, path, id.as_str());
    let mut status = answer.status().as_u16();
    let mut bytes = axum::body::to_bytes(answer.into_body(), *bytes_left).await;
    if bytes.is_err() {
        let mib = limits::BATCH_ANSWER_BYTES >> 20;
        let detail = format!("the answers of one batch take {mib} MiB together at most; ask for this one alone");
        answer = problem::render(Fault::too_large(detail).into_response(), path, id.as_str());
        status = answer.status().as_u16();
        bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
    }
    let bytes = bytes.map_err(Fault::internal)?;
    *bytes_left = bytes_left.saturating_sub(bytes.len());
    let text = String::from_utf8_lossy(&bytes).into_owned();
    // A picture or an export is no JSON: it travels as a string.
    let body = match RawValue::from_string(text.clone()) {
        Ok(body) => body,
        Err(_) => serde_json::value::to_raw_value(&text).map_err(Fault::internal)?,
    };
    Ok(BatchItem { request, status, body })
}
