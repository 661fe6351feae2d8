//! Pinning: one snapshot a request, one view a viewer, and long work off the async threads.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tokio::sync::Semaphore;

use super::problem::{Fault, response};
use super::{App, etag};
use crate::queries::QueryLog;
use gradus_engine::limits;
use gradus_engine::questions::{AskError, ErrorCode, View};
use gradus_engine::snapshot::Snapshot;
use gradus_engine::viewer::Viewer;

/// What a request answers from.
#[derive(Clone)]
pub(super) struct Pinned {
    snapshot: Arc<Snapshot>,
    viewer: Viewer,
    running: Arc<Semaphore>,
    queries: Arc<QueryLog>,
}

impl Pinned {
    /// The snapshot.
    pub(super) fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// What the viewer may see.
    pub(super) fn view(&self) -> &View {
        self.snapshot.view(self.viewer)
    }

    /// Counts a reader's search for `q` that found `n_hits` pages.
    pub(super) fn tally(&self, q: &str, n_hits: usize) {
        self.queries.record(q, n_hits);
    }

    /// The answer that `question` gives, found here and now: for questions that take some milliseconds at most. Handing them
    /// to another thread costs more than it is worth.
    pub(super) fn answer_at_once<Q>(&self, question: Q) -> Response
    where
        Q: FnOnce(&Self) -> Result<Response, AskError>,
    {
        match self.running.try_acquire() {
            Ok(_permit) => question(self).map_err(Fault::from).into_response(),
            Err(_) => overloaded(),
        }
    }

    /// The answer that `question` gives, found on a thread where it may take long.
    pub(super) async fn answer<Q>(self, question: Q) -> Response
    where
        Q: FnOnce(&Self) -> Result<Response, AskError> + Send + 'static,
    {
        let Ok(permit) = Arc::clone(&self.running).try_acquire_owned() else { return overloaded() };
        let work = tokio::task::spawn_blocking(move || {
            let answer = question(&self);
            drop(permit);
            answer
        });
        match tokio::time::timeout(limits::ANSWER_TIME, work).await {
            Ok(Ok(answer)) => answer.map_err(Fault::from).into_response(),
            Ok(Err(failed)) => {
                super::problem::panicked(failed.try_into_panic().unwrap_or_else(|_| Box::new("cancelled")))
            }
            Err(_) => {
                let secs = limits::ANSWER_TIME.as_secs();
                response(AskError::new(ErrorCode::Timeout, format!("this took more than {secs} s; ask for less")))
            }
        }
    }
}

fn overloaded() -> Response {
    response(AskError::new(ErrorCode::Overloaded, "too many requests at one time; try again soon"))
}

impl<S: Send + Sync> FromRequestParts<S> for Pinned {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        let pinned = parts.extensions.get::<Self>().cloned();
        pinned.ok_or_else(|| AskError::new(ErrorCode::Internal, "no snapshot is pinned to this request").into())
    }
}

/// Pins the snapshot, tells who asks, and answers 304 before any work where the asker has the answer already.
pub(super) async fn pin(State(app): State<App>, mut request: Request, next: Next) -> Response {
    // A batch has pinned already: all its requests answer from the one snapshot.
    if request.extensions().get::<Pinned>().is_some() {
        return next.run(request).await;
    }
    let pinned = match pinned(&app, request.headers()) {
        Ok(pinned) => pinned,
        Err(error) => return response(error),
    };
    let etag = etag::etag(&pinned.view().generation, pinned.viewer);
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let is_private = request.headers().contains_key(header::AUTHORIZATION)
        || request.uri().query().is_some_and(|query| query.contains("known="));
    if is_read && etag::matches(request.headers(), &etag) {
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        etag::cache(response.headers_mut(), &etag, is_private);
        return response;
    }
    request.extensions_mut().insert(pinned);
    let mut response = next.run(request).await;
    if is_read && response.status().is_success() {
        etag::cache(response.headers_mut(), &etag, is_private);
    }
    response
}

/// What a request with these headers answers from.
///
/// # Errors
/// If its token is not valid, or nothing is loaded yet.
pub(super) fn pinned(app: &App, headers: &HeaderMap) -> Result<Pinned, AskError> {
    let authorization = match headers.get(header::AUTHORIZATION).map(|value| value.to_str()) {
        None => None,
        Some(Ok(text)) => Some(text),
        // Not even text: no token looks like this, and the verifier says so.
        Some(Err(_)) => Some(""),
    };
    let viewer = app.verifier.viewer(authorization);
    let viewer = viewer.map_err(|error| AskError::new(ErrorCode::Unauthorized, error.to_string()))?;
    let loading = || AskError::new(ErrorCode::Overloaded, "the content is still loading; try again soon");
    let snapshot = app.host.snapshot().ok_or_else(loading)?;
    Ok(Pinned { snapshot, viewer, running: Arc::clone(&app.running), queries: Arc::clone(&app.queries) })
}

/// An answer as a JSON response.
///
/// # Errors
/// If it cannot be serialised, which is our fault.
pub(super) fn json<T: Serialize>(answer: &T) -> Result<Response, AskError> {
    let body = serde_json::to_vec(answer).map_err(|error| AskError::internal(&error))?;
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}
