//! Pinning: one snapshot a request, one view a viewer, and long work off the async threads.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::params::query_pairs;
use super::problem::Fault;
use super::{App, credentials, etag};
use crate::queries::QueryLog;
use gradus_engine::limits;
use gradus_engine::questions::params::PERSONAL;
use gradus_engine::questions::question::JSON;
use gradus_engine::snapshot::Snapshot;
use gradus_engine::view::View;
use gradus_engine::viewer::Viewer;

/// Headers of requests that answers depend on where a reader is known by the one or by the other.
const HEADER_VARY: &str = "Authorization, Accept-Encoding";
const COOKIE_VARY: &str = "Authorization, Cookie, Sec-Fetch-Site, Accept-Encoding";

/// What a request answers from.
#[derive(Clone)]
pub(crate) struct PinnedView {
    snapshot: Arc<Snapshot>,
    viewer: Viewer,
    /// Whether the request says who asks.
    is_identified: bool,
    running: Arc<Semaphore>,
    writing: Arc<Semaphore>,
    queries: Arc<QueryLog>,
}

impl PinnedView {
    /// What the viewer may see.
    pub(crate) fn view(&self) -> &View {
        self.snapshot.view(self.viewer)
    }

    /// All that is served, and what was found out about it.
    pub(crate) fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Who asks.
    pub(crate) fn viewer(&self) -> Viewer {
        self.viewer
    }

    /// Headers of requests that an answer depends on.
    fn vary(&self) -> &'static str {
        if self.snapshot.config.token_cookie.is_some() { COOKIE_VARY } else { HEADER_VARY }
    }

    /// Counts a reader's search for `q` that found `n_hits` pages.
    pub(crate) fn tally(&self, q: &str, n_hits: usize) {
        self.queries.record(q, n_hits);
    }

    /// The answer that `question` gives, found here and now: for questions that take some milliseconds at most. Handing them
    /// to another thread costs more than it is worth.
    pub(crate) fn answer_at_once<Q>(&self, question: Q) -> Response
    where
        Q: FnOnce(&Self) -> Result<Response, Fault>,
    {
        match self.running.try_acquire() {
            Ok(_permit) => question(self).into_response(),
            Err(_) => overloaded(),
        }
    }

    /// The answer that `question` gives, found on a thread where it may take long.
    pub(crate) async fn answer<Q>(self, question: Q) -> Response
    where
        Q: FnOnce(&Self) -> Result<Response, Fault> + Send + 'static,
    {
        self.answer_within(limits::ANSWER_TIME, question).await
    }

    async fn answer_within<Q>(self, time: Duration, question: Q) -> Response
    where
        Q: FnOnce(&Self) -> Result<Response, Fault> + Send + 'static,
    {
        let Ok(permit) = Arc::clone(&self.running).try_acquire_owned() else { return overloaded() };
        let work = tokio::task::spawn_blocking(move || {
            let answer = question(&self);
            drop(permit);
            answer
        });
        match tokio::time::timeout(time, work).await {
            Ok(Ok(answer)) => answer.into_response(),
            Ok(Err(failed)) => {
                super::problem::panicked(failed.try_into_panic().unwrap_or_else(|_| Box::new("cancelled")))
            }
            Err(_) => Fault::timeout(format!("this took more than {} s; ask for less", time.as_secs())).into_response(),
        }
    }

    /// Whether the answer is for one reader only: the request says who asks, or its address tells of the reader.
    pub(crate) fn is_private(&self, uri: &Uri) -> bool {
        let is_personal = |(name, _): &(String, String)| PERSONAL.contains(&name.as_str());
        self.is_identified || query_pairs(uri).is_ok_and(|pairs| pairs.iter().any(is_personal))
    }

    /// Leave to write an answer for as long as its client reads.
    ///
    /// # Errors
    /// If too many are being written.
    pub(crate) fn start_writing(&self) -> Result<OwnedSemaphorePermit, Fault> {
        let busy = |_| Fault::overloaded("too many exports at one time; try again soon");
        Arc::clone(&self.writing).try_acquire_owned().map_err(busy)
    }
}

fn overloaded() -> Response {
    Fault::overloaded("too many requests at one time; try again soon").into_response()
}

impl<S: Send + Sync> FromRequestParts<S> for PinnedView {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Fault::internal("no snapshot is pinned to this request"))
    }
}

/// Pins the snapshot, tells who asks, and answers 304 before any work where the asker has the answer already.
pub(crate) async fn pin(State(app): State<App>, mut request: Request, next: Next) -> Response {
    // A batch has pinned already: all its requests answer from the one snapshot.
    if request.extensions().get::<PinnedView>().is_some() {
        return next.run(request).await;
    }
    let pinned = match pinned(&app, request.method(), request.headers()) {
        Ok(pinned) => pinned,
        Err(fault) => return fault.into_response(),
    };
    let etag = etag::etag(&pinned.view().generation, pinned.viewer);
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let (is_private, vary) = (pinned.is_private(request.uri()), pinned.vary());
    if is_read && etag::matches(request.headers(), &etag) {
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        etag::cache(response.headers_mut(), &etag, is_private, vary);
        return response;
    }
    request.extensions_mut().insert(pinned);
    let mut response = next.run(request).await;
    if is_read && response.status().is_success() {
        etag::cache(response.headers_mut(), &etag, is_private, vary);
    }
    response
}

/// What a request of this method with these headers answers from.
///
/// # Errors
/// If its token is not valid, or nothing is loaded yet.
pub(crate) fn pinned(app: &App, method: &Method, headers: &HeaderMap) -> Result<PinnedView, Fault> {
    let loading = || Fault::overloaded("the content is still loading; try again soon");
    let snapshot = app.host.snapshot().ok_or_else(loading)?;
    let cookie_name = snapshot.config.token_cookie.as_deref();
    let authorization = credentials::authorization(method, headers, cookie_name);
    let viewer = app.verifier.viewer(authorization.as_deref());
    let viewer = viewer.map_err(|error| Fault::unauthorized(error.to_string()))?;
    let is_identified = credentials::says_who(headers, cookie_name);
    let (running, writing) = (Arc::clone(&app.running), Arc::clone(&app.writing));
    Ok(PinnedView { snapshot, viewer, is_identified, running, writing, queries: Arc::clone(&app.queries) })
}

/// An answer as a JSON response.
///
/// # Errors
/// If it cannot be serialised, which is our fault.
pub(crate) fn json<T: Serialize>(answer: &T) -> Result<Response, Fault> {
    let body = serde_json::to_vec(answer).map_err(Fault::internal)?;
    Ok(([(header::CONTENT_TYPE, JSON)], body).into_response())
}

#[cfg(test)]
mod tests {
    use super::super::Metrics;
    use super::super::problem::render;
    use super::*;
    use crate::token::Verifier;
    use gradus_engine::host::Host;
    use gradus_load::Input;

    fn pinned_view() -> PinnedView {
        let host = Arc::new(Host::new(Input::Memory(vec![("a.md".to_owned(), b"# A\n".as_slice().into())])));
        host.reload(&mut |_| {}).unwrap();
        let app = App::new(host, Verifier::trusting(Viewer::Pro), None, Metrics::install().unwrap());
        pinned(&app, &Method::GET, &HeaderMap::new()).unwrap_or_else(|fault| panic!("{}", fault.message()))
    }

    async fn told(response: Response) -> (u16, serde_json::Value) {
        let response = render(response, "/v1/search", "7");
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn what_takes_too_long_is_a_timeout() {
        let (release, blocked) = std::sync::mpsc::channel::<()>();
        let slow = move |_: &PinnedView| {
            assert!(blocked.recv().is_err(), "it waits until the test is over");
            Ok(StatusCode::OK.into_response())
        };
        let (status, problem) = told(pinned_view().answer_within(Duration::from_millis(1), slow).await).await;
        assert_eq!((status, problem["code"].as_str()), (504, Some("timeout")));
        drop(release);
    }

    #[tokio::test]
    async fn a_panic_is_our_fault_and_its_words_are_not_told() {
        let (status, problem) = told(pinned_view().answer(|_| panic!("unspeakable")).await).await;
        assert_eq!((status, problem["code"].as_str()), (500, Some("internal")));
        assert!(!problem.to_string().contains("unspeakable"), "{problem}");
    }

    #[tokio::test]
    async fn more_than_can_be_answered_is_told_at_once() {
        let pinned = pinned_view();
        let all = u32::try_from(limits::CONCURRENT_REQUESTS).unwrap();
        let _all = Arc::clone(&pinned.running).try_acquire_many_owned(all).unwrap();
        let at_once = pinned.answer_at_once(|_| Ok(StatusCode::OK.into_response()));
        for answer in [at_once, pinned.clone().answer(|_| Ok(StatusCode::OK.into_response())).await] {
            assert_eq!(told(answer).await.1["code"], "overloaded");
        }
    }
}
