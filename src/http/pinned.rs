//! Pinning: one snapshot a request, one view a viewer, and long work off the async threads.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::params::query_pairs;
use super::problem::Fault;
use super::{App, etag};
use crate::queries::QueryLog;
use gradus_engine::limits;
use gradus_engine::questions::params::PERSONAL;
use gradus_engine::questions::question::JSON;
use gradus_engine::snapshot::Snapshot;
use gradus_engine::view::View;
use gradus_engine::viewer::Viewer;

/// What a request answers from.
#[derive(Clone)]
pub(super) struct PinnedView {
    snapshot: Arc<Snapshot>,
    viewer: Viewer,
    running: Arc<Semaphore>,
    writing: Arc<Semaphore>,
    queries: Arc<QueryLog>,
}

impl PinnedView {
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
        Q: FnOnce(&Self) -> Result<Response, Fault>,
    {
        match self.running.try_acquire() {
            Ok(_permit) => question(self).into_response(),
            Err(_) => overloaded(),
        }
    }

    /// The answer that `question` gives, found on a thread where it may take long.
    pub(super) async fn answer<Q>(self, question: Q) -> Response
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

    /// What `work` makes of the view, on a thread where it may take long: for doors that dress more than one answer.
    ///
    /// # Errors
    /// If there is too much to do, it takes too long, or it panics.
    pub(super) async fn work<T, W>(self, work: W) -> Result<T, Fault>
    where
        T: Send + 'static,
        W: FnOnce(&View) -> T + Send + 'static,
    {
        let busy = |_| Fault::overloaded("too many requests at one time; try again soon");
        let permit = Arc::clone(&self.running).try_acquire_owned().map_err(busy)?;
        let work = tokio::task::spawn_blocking(move || {
            let done = work(self.view());
            drop(permit);
            done
        });
        let time = limits::ANSWER_TIME;
        let too_long = |_| Fault::timeout(format!("this took more than {} s; ask for less", time.as_secs()));
        tokio::time::timeout(time, work).await.map_err(too_long)?.map_err(Fault::internal)
    }

    /// Leave to write an answer for as long as its client reads.
    ///
    /// # Errors
    /// If too many are being written.
    pub(super) fn start_writing(&self) -> Result<OwnedSemaphorePermit, Fault> {
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
pub(super) async fn pin(State(app): State<App>, mut request: Request, next: Next) -> Response {
    // A batch has pinned already: all its requests answer from the one snapshot.
    if request.extensions().get::<PinnedView>().is_some() {
        return next.run(request).await;
    }
    let pinned = match pinned(&app, request.headers()) {
        Ok(pinned) => pinned,
        Err(fault) => return fault.into_response(),
    };
    let etag = etag::etag(&pinned.view().generation, pinned.viewer);
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let is_private = is_private(&request);
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

/// Whether the answer is for one reader only: the request says who asks, or tells of the reader.
fn is_private(request: &Request) -> bool {
    let is_personal = |(name, _): &(String, String)| PERSONAL.contains(&name.as_str());
    request.headers().contains_key(header::AUTHORIZATION)
        || query_pairs(request.uri()).is_ok_and(|pairs| pairs.iter().any(is_personal))
}

/// What a request with these headers answers from.
///
/// # Errors
/// If its token is not valid, or nothing is loaded yet.
pub(super) fn pinned(app: &App, headers: &HeaderMap) -> Result<PinnedView, Fault> {
    let authorization = match headers.get(header::AUTHORIZATION).map(|value| value.to_str()) {
        None => None,
        Some(Ok(text)) => Some(text),
        // Not even text: no token looks like this, and the verifier says so.
        Some(Err(_)) => Some(""),
    };
    let viewer = app.verifier.viewer(authorization).map_err(|error| Fault::unauthorized(error.to_string()))?;
    let loading = || Fault::overloaded("the content is still loading; try again soon");
    let snapshot = app.host.snapshot().ok_or_else(loading)?;
    let (running, writing) = (Arc::clone(&app.running), Arc::clone(&app.writing));
    Ok(PinnedView { snapshot, viewer, running, writing, queries: Arc::clone(&app.queries) })
}

/// An answer as a JSON response.
///
/// # Errors
/// If it cannot be serialised, which is our fault.
pub(super) fn json<T: Serialize>(answer: &T) -> Result<Response, Fault> {
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
        pinned(&app, &HeaderMap::new()).unwrap_or_else(|fault| panic!("{}", fault.message()))
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
