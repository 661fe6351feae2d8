//! Problems: the one file that maps what goes wrong, the asker's fault or ours, to RFC 9457 bodies and statuses.

use std::any::Any;
use std::fmt::Display;

use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use gradus_engine::host::explain;
use gradus_engine::limits;
use gradus_engine::questions::refusal::{Failure, QuestionError, Refusal, RefusalCode};

/// An error body, RFC 9457.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Problem<'a> {
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

/// A kind of problem: its stable code, its words and its status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ProblemKind {
    code: &'static str,
    title: &'static str,
    /// The status.
    pub(crate) status: StatusCode,
}

const UNAUTHORIZED: ProblemKind =
    ProblemKind { code: "unauthorized", title: "Unauthorized", status: StatusCode::UNAUTHORIZED };
const METHOD_NOT_ALLOWED: ProblemKind =
    ProblemKind { code: "method_not_allowed", title: "Method not allowed", status: StatusCode::METHOD_NOT_ALLOWED };
const PAYLOAD_TOO_LARGE: ProblemKind =
    ProblemKind { code: "payload_too_large", title: "Payload too large", status: StatusCode::PAYLOAD_TOO_LARGE };
const TIMEOUT: ProblemKind = ProblemKind { code: "timeout", title: "Timeout", status: StatusCode::GATEWAY_TIMEOUT };
const OVERLOADED: ProblemKind =
    ProblemKind { code: "overloaded", title: "Overloaded", status: StatusCode::SERVICE_UNAVAILABLE };
const BAD_REQUEST: ProblemKind =
    ProblemKind { code: "bad_request", title: "Bad request", status: StatusCode::BAD_REQUEST };
const URI_TOO_LONG: ProblemKind =
    ProblemKind { code: "uri_too_long", title: "URL too long", status: StatusCode::URI_TOO_LONG };
const HEADERS_TOO_LARGE: ProblemKind = ProblemKind {
    code: "headers_too_large",
    title: "Headers too large",
    status: StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
};
const INTERNAL: ProblemKind =
    ProblemKind { code: "internal", title: "Internal error", status: StatusCode::INTERNAL_SERVER_ERROR };

impl From<RefusalCode> for ProblemKind {
    fn from(code: RefusalCode) -> Self {
        let (title, status) = match code {
            RefusalCode::UnknownConcept => ("Unknown concept", StatusCode::NOT_FOUND),
            RefusalCode::UnknownGuide => ("Unknown guide", StatusCode::NOT_FOUND),
            RefusalCode::NotFound => ("Not found", StatusCode::NOT_FOUND),
            RefusalCode::UnknownParameter => ("Unknown parameter", StatusCode::BAD_REQUEST),
            RefusalCode::InvalidParameter => ("Invalid parameter", StatusCode::BAD_REQUEST),
            RefusalCode::InvalidQuery => ("Invalid query", StatusCode::BAD_REQUEST),
            RefusalCode::CursorExpired => ("Cursor expired", StatusCode::GONE),
        };
        Self { code: code.as_str(), title, status }
    }
}

/// What went wrong, on its way to [`render`], which knows the request that it belongs to.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    kind: ProblemKind,
    detail: String,
    suggestions: Vec<String>,
}

impl Fault {
    fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), suggestions: Vec::new() }
    }

    /// A wrong value of the parameter `name`.
    pub(crate) fn invalid(name: &str, why: impl Display) -> Self {
        Refusal::invalid(name, why).into()
    }

    /// Parameters that cannot be read at all.
    pub(crate) fn unreadable(detail: impl Into<String>) -> Self {
        Refusal::new(RefusalCode::InvalidParameter, detail).into()
    }

    /// A request that is not read to its end: no HTTP, or too large a head.
    pub(crate) fn unread(status: StatusCode, detail: String) -> Self {
        let kinds = [URI_TOO_LONG, HEADERS_TOO_LARGE];
        Self::new(kinds.into_iter().find(|kind| kind.status == status).unwrap_or(BAD_REQUEST), detail)
    }

    /// Who asks is not who may ask.
    pub(crate) fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(UNAUTHORIZED, detail)
    }

    /// More than is taken, or given, at one time.
    pub(crate) fn too_large(detail: impl Into<String>) -> Self {
        Self::new(PAYLOAD_TOO_LARGE, detail)
    }

    /// It took too long.
    pub(crate) fn timeout(detail: impl Into<String>) -> Self {
        Self::new(TIMEOUT, detail)
    }

    /// There is too much to do, or nothing to answer from yet.
    pub(crate) fn overloaded(detail: impl Into<String>) -> Self {
        Self::new(OVERLOADED, detail)
    }

    /// Our fault. `cause` is logged here and not told.
    pub(crate) fn internal(cause: impl Display) -> Self {
        tracing::error!(%cause, "a request failed");
        Self::new(INTERNAL, "something went wrong here; the log of the server tells what")
    }

    /// Our fault, told to an operator, who is trusted with the reason.
    pub(crate) fn told_to_operator(why: impl Into<String>) -> Self {
        Self::new(INTERNAL, why)
    }

    /// The status.
    pub(crate) fn status(&self) -> StatusCode {
        self.kind.status
    }

    /// What is wrong.
    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }

    /// What may have been meant, nearest first.
    pub(crate) fn suggestions(&self) -> &[String] {
        &self.suggestions
    }

    /// What may have been meant, as words to append to the detail.
    pub(crate) fn message(&self) -> String {
        match &self.suggestions[..] {
            [] => self.detail.clone(),
            suggestions => format!("{}; did you mean {}?", self.detail, suggestions.join(", ")),
        }
    }
}

impl From<Refusal> for Fault {
    fn from(Refusal { code, detail, suggestions }: Refusal) -> Self {
        Self { kind: code.into(), detail, suggestions }
    }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        Self::internal(explain(&failure))
    }
}

impl From<QuestionError> for Fault {
    fn from(error: QuestionError) -> Self {
        match error {
            QuestionError::Refusal(refusal) => refusal.into(),
            QuestionError::Failure(failure) => failure.into(),
        }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = self.kind.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Replaces a response that carries a fault by its problem.
pub(crate) fn render(response: Response, path: &str, request_id: &str) -> Response {
    let dress = |fault: &Fault| body(fault, path, request_id);
    replace(response, HeaderValue::from_static("application/problem+json"), dress)
}

/// The body of the problem that `fault` of a request for `path` is.
pub(crate) fn body(fault: &Fault, path: &str, request_id: &str) -> Vec<u8> {
    let problem = Problem {
        kind: format!("urn:gradus:problem:{}", fault.kind.code),
        title: fault.kind.title,
        status: fault.kind.status.as_u16(),
        code: fault.kind.code,
        detail: &fault.detail,
        instance: path,
        suggestions: &fault.suggestions,
        request_id,
    };
    // Strings and numbers always serialise.
    serde_json::to_vec(&problem).unwrap_or_default()
}

/// Replaces a response that carries a fault by one with the body that `dress` makes of it.
pub(crate) fn replace(
    mut response: Response,
    content_type: HeaderValue,
    dress: impl FnOnce(&Fault) -> Vec<u8>,
) -> Response {
    let Some(fault) = response.extensions_mut().remove::<Fault>() else { return response };
    let (mut parts, _) = response.into_parts();
    let headers = &mut parts.headers;
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_TYPE, content_type);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if fault.kind == OVERLOADED {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(limits::RETRY_AFTER_SECS));
    }
    if fault.kind == UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    Response::from_parts(parts, dress(&fault).into())
}

/// The status of a fault, for those who fold it into an answer of their own.
pub(crate) fn status_of(fault: &Fault) -> u16 {
    fault.kind.status.as_u16()
}

/// Nothing is served here.
pub(crate) async fn no_such_path(uri: Uri) -> Fault {
    let detail = format!("nothing is served at {}; /openapi.json lists all paths", uri.path());
    Refusal::new(RefusalCode::NotFound, detail).into()
}

/// Something is served here, but not for this method.
pub(crate) async fn method_not_allowed(method: Method, uri: Uri) -> Fault {
    Fault::new(METHOD_NOT_ALLOWED, format!("{} does not take {method}", uri.path()))
}

#[expect(clippy::needless_pass_by_value, reason = "tower-http hands panics over by value")]
/// A handler panicked: our fault. What it said is logged, not sent.
pub(crate) fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let said = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    Fault::internal(format_args!("panic: {}", said.unwrap_or("without a message"))).into_response()
}

/// Answers of the admin listener are not for caches.
pub(crate) async fn no_store(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use super::*;

    /// What is logged, kept for a look at it.
    #[derive(Clone, Default)]
    struct LogBuffer(Arc<Mutex<Vec<u8>>>);

    impl io::Write for LogBuffer {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_failure_is_logged_with_its_cause_and_told_without() {
        let log = LogBuffer::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
        let unreadable = io::Error::other("sector 7 is gone");
        let fault = tracing::subscriber::with_default(subscriber, || {
            Fault::from(QuestionError::from(Failure::new(unreadable)))
        });
        assert_eq!((status_of(&fault), fault.kind.code), (500, "internal"));
        assert!(!fault.message().contains("sector"), "{}", fault.message());
        let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        assert!(logged.contains("ERROR") && logged.contains("sector 7 is gone"), "{logged}");
    }

    #[test]
    fn every_refusal_has_a_status_of_its_kind() {
        for code in [RefusalCode::UnknownConcept, RefusalCode::UnknownGuide, RefusalCode::NotFound] {
            assert!(code.is_absence() && ProblemKind::from(code).status == StatusCode::NOT_FOUND);
        }
        for code in [RefusalCode::UnknownParameter, RefusalCode::InvalidParameter, RefusalCode::InvalidQuery] {
            assert!(!code.is_absence() && ProblemKind::from(code).status == StatusCode::BAD_REQUEST);
        }
        assert_eq!(ProblemKind::from(RefusalCode::CursorExpired).status, StatusCode::GONE);
    }
}
