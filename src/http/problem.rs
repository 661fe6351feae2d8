//! Problems: the one file that maps errors to RFC 9457 bodies.

use std::any::Any;

use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use gradus_engine::limits;
use gradus_engine::questions::{AskError, ErrorCode};

/// An error body, RFC 9457.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Problem<'a> {
    /// A URI for this kind of problem.
    #[serde(rename = "type")]
    kind: String,
    /// The kind in words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// The kind as a stable code.
    code: &'static str,
    /// What is wrong here, naming the thing.
    detail: &'a str,
    /// The path that was asked.
    instance: &'a str,
    /// What may have been meant, nearest first.
    suggestions: &'a [String],
    /// The id of the request, as in the log and the `X-Request-Id` header.
    request_id: &'a str,
}

/// An error on its way to [`render`], which knows the request it belongs to.
#[derive(Clone, Debug)]
pub(super) struct Pending(pub(super) AskError, pub(super) StatusCode);

/// An error as axum takes it: the question's own error type knows nothing of responses.
pub(super) struct Fault(AskError);

impl From<AskError> for Fault {
    fn from(error: AskError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        pending(self.0, status)
    }
}

/// The response that carries `error` to [`render`].
pub(super) fn response(error: AskError) -> Response {
    Fault(error).into_response()
}

fn pending(error: AskError, status: StatusCode) -> Response {
    let mut response = status.into_response();
    response.extensions_mut().insert(Pending(error, status));
    response
}

/// Replaces a response that carries an error by its problem.
pub(super) fn render(response: Response, path: &str, request_id: &str) -> Response {
    let dress = |error: &AskError, status: u16| {
        let problem = Problem {
            kind: format!("urn:gradus:problem:{}", error.code.as_str()),
            title: error.code.title(),
            status,
            code: error.code.as_str(),
            detail: &error.detail,
            instance: path,
            suggestions: &error.suggestions,
            request_id,
        };
        // Strings and numbers always serialise.
        serde_json::to_vec(&problem).unwrap_or_default()
    };
    replace(response, HeaderValue::from_static("application/problem+json"), dress)
}

/// Replaces a response that carries an error by one with the body that `dress` makes of the error and its status.
pub(super) fn replace(
    mut response: Response,
    content_type: HeaderValue,
    dress: impl FnOnce(&AskError, u16) -> Vec<u8>,
) -> Response {
    let Some(Pending(error, status)) = response.extensions_mut().remove::<Pending>() else { return response };
    let (mut parts, _) = response.into_parts();
    let headers = &mut parts.headers;
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_TYPE, content_type);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if matches!(status, StatusCode::SERVICE_UNAVAILABLE) {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(limits::RETRY_AFTER_SECS));
    }
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    Response::from_parts(parts, dress(&error, status.as_u16()).into())
}

/// Nothing is served here.
pub(super) async fn no_such_path(uri: Uri) -> Fault {
    AskError::new(ErrorCode::NotFound, format!("nothing is served at {}; /openapi.json lists all paths", uri.path()))
        .into()
}

/// Something is served here, but not for this method.
pub(super) async fn method_not_allowed(method: Method, uri: Uri) -> Response {
    let detail = format!("{} does not take {method}", uri.path());
    pending(AskError::new(ErrorCode::NotFound, detail), StatusCode::METHOD_NOT_ALLOWED)
}

#[expect(clippy::needless_pass_by_value, reason = "tower-http hands panics over by value")]
/// A handler panicked: our fault. What it said is logged, not sent.
pub(super) fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let said = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    tracing::error!(panic = said.unwrap_or("without a message"), "a request panicked");
    response(AskError::new(ErrorCode::Internal, "something went wrong here; the log of the server tells what"))
}

/// Answers of the admin listener are not for caches.
pub(super) async fn no_store(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
