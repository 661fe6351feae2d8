//! Pinning: one snapshot a request, one view a viewer, and long work off the async threads.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use gradus_corpus::work::Work;
use serde::Serialize;
use tokio::sync::OwnedSemaphorePermit;

use super::lane::Lanes;
use super::params::query_pairs;
use super::problem::Fault;
use super::session::HeldSnapshot;
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
    lanes: Arc<Lanes>,
    /// Whether it waits for its turn however long that takes: somebody else looks after its time.
    is_patient: bool,
    queries: Arc<QueryLog>,
}

/// Calls work off when nobody waits for it any more.
struct CalledOffWhenLeft(Arc<Work>);

impl Drop for CalledOffWhenLeft {
    fn drop(&mut self) {
        self.0.cancel();
    }
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

    /// What caches may do with the answer to a request of `uri`.
    pub(crate) fn cache_control(&self, uri: &Uri) -> &'static str {
        etag::control(self.is_private(uri), self.snapshot.publication().is_some())
    }

    /// Headers of requests that an answer depends on.
    fn vary(&self) -> &'static str {
        if self.snapshot.config.token_cookie.is_some() { COOKIE_VARY } else { HEADER_VARY }
    }

    /// Counts a reader's search for `q` that found `n_hits` pages.
    pub(crate) fn tally(&self, q: &str, n_hits: usize) {
        self.queries.record(q, n_hits);
    }

    /// The same view for a request of a batch, which was let in as a whole.
    pub(crate) fn patient(self) -> Self {
        Self { is_patient: true, ..self }
    }

    /// The answer that `question` gives, found on the thread of its connection: for questions that take some milliseconds
    /// at most. Handing them to another thread costs more than it is worth, and one thread more than may be busy with them
    /// at one time is there for everything else.
    pub(crate) async fn answer_at_once<Q>(&self, question: Q) -> Response
    where
        Q: FnOnce(&Self) -> Result<Response, Fault>,
    {
        let _permit = match self.lanes.enter_short(self.is_patient).await {
            Ok(permit) => permit,
            Err(fault) => return fault.into_response(),
        };
        let work = Work::until(Instant::now() + limits::ANSWER_TIME);
        work.run(|| question(self)).unwrap_or_else(|_| Err(too_long(limits::ANSWER_TIME))).into_response()
    }

    /// The answer that `question` gives, which may take long and mostly does not. Where a place for short questions is free, it is
    /// begun on the thread of its connection, since handing it over costs more than most answers do; where it takes longer than
    /// [`limits::TRY_TIME`], it is begun anew where it may take long.
    pub(crate) async fn answer_soon<Q>(self, mut question: Q) -> Response
    where
        Q: FnMut(&Self) -> Result<Response, Fault> + Send + 'static,
    {
        if let Some(permit) = self.lanes.enter_short_if_free() {
            let work = Work::until(Instant::now() + limits::TRY_TIME);
            let tried = work.run(|| question(&self));
            drop(permit);
            if let Ok(answer) = tried {
                return answer.into_response();
            }
        }
        self.answer(question).await
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
        self.work_within(time, question).await.and_then(|answer| answer).into_response()
    }

    /// What `work` makes of the view, on a thread where it may take long: for doors that dress answers in their own way.
    ///
    /// # Errors
    /// If there is too much to do, it takes too long, or it panics.
    pub(super) async fn work<T, W>(self, work: W) -> Result<T, Fault>
    where
        T: Send + 'static,
        W: FnOnce(&View) -> T + Send + 'static,
    {
        self.work_within(limits::ANSWER_TIME, |pinned| work(pinned.view())).await
    }

    async fn work_within<T, W>(self, time: Duration, ask: W) -> Result<T, Fault>
    where
        T: Send + 'static,
        W: FnOnce(&Self) -> T + Send + 'static,
    {
        let permit = self.lanes.enter_long(self.is_patient).await?;
        let work = Work::until(Instant::now() + time);
        let _left = CalledOffWhenLeft(Arc::clone(&work));
        let done = tokio::task::spawn_blocking(move || {
            let done = work.run(|| ask(&self));
            drop(permit);
            done
        });
        // Work looks at the clock itself; what is between two looks is not waited for.
        match tokio::time::timeout(time + limits::CHECKPOINT_TIME, done).await {
            Ok(Ok(done)) => done.map_err(|_| too_long(time)),
            Ok(Err(panicked)) => Err(Fault::internal(panicked)),
            Err(_) => Err(too_long(time)),
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
        self.lanes.enter_exports()
    }
}

fn too_long(time: Duration) -> Fault {
    Fault::timeout(format!("this took more than {} s; ask for less", time.as_secs()))
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
    let held = request.extensions().get::<HeldSnapshot>();
    let pinned = match pinned(&app, request.method(), request.headers(), held) {
        Ok(pinned) => pinned,
        Err(fault) => return fault.into_response(),
    };
    let etag = etag::etag(&pinned.view().generation, pinned.viewer);
    let etag = etag::in_form(&etag, &etag::form(&query_pairs(request.uri()).unwrap_or_default()));
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let (control, vary) = (pinned.cache_control(request.uri()), pinned.vary());
    if is_read && etag::matches(request.headers(), &etag) {
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        etag::cache(response.headers_mut(), &etag, control, vary);
        return response;
    }
    request.extensions_mut().insert(pinned);
    let mut response = next.run(request).await;
    if is_read && response.status().is_success() {
        etag::cache(response.headers_mut(), &etag, control, vary);
    }
    response
}

/// What a request of this method with these headers answers from: what is `held` for it, else what is served now.
///
/// # Errors
/// If its token is not valid, or nothing is loaded yet.
pub(crate) fn pinned(
    app: &App,
    method: &Method,
    headers: &HeaderMap,
    held: Option<&HeldSnapshot>,
) -> Result<PinnedView, Fault> {
    // Which of two would count is open, and who stands between may have read the other one.
    if headers.get_all(header::AUTHORIZATION).iter().nth(1).is_some() {
        return Err(Fault::unauthorized("the request has several Authorization headers; send one"));
    }
    let loading = || Fault::overloaded("the content is still loading; try again soon");
    let snapshot = held.map(|held| Arc::clone(&held.0)).or_else(|| app.host.snapshot()).ok_or_else(loading)?;
    let cookie_name = snapshot.config.token_cookie.as_deref();
    let authorization = credentials::authorization(method, headers, cookie_name);
    let viewer = app.verifier.viewer(authorization.as_deref());
    let viewer = viewer.map_err(|error| Fault::unauthorized(error.to_string()))?;
    let is_identified = credentials::says_who(headers, cookie_name);
    let (lanes, queries) = (Arc::clone(&app.lanes), Arc::clone(&app.queries));
    Ok(PinnedView { snapshot, viewer, is_identified, lanes, is_patient: false, queries })
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
        pinned(&app, &Method::GET, &HeaderMap::new(), None).unwrap_or_else(|fault| panic!("{}", fault.message()))
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
    async fn what_its_client_has_left_ends() {
        let (begun, beginning) = tokio::sync::oneshot::channel::<()>();
        let (ending, ended) = std::sync::mpsc::channel::<()>();
        let endless = move |_: &PinnedView| {
            let _ending = ending;
            begun.send(()).unwrap();
            loop {
                gradus_corpus::work::checkpoint();
            }
        };
        let asking = tokio::spawn(pinned_view().answer(endless));
        beginning.await.unwrap();
        asking.abort();
        assert!(ended.recv().is_err(), "the sender is gone, since the work has ended");
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
        let _all = pinned.lanes.fill();
        let at_once = pinned.answer_at_once(|_| Ok(StatusCode::OK.into_response())).await;
        for answer in [at_once, pinned.clone().answer(|_| Ok(StatusCode::OK.into_response())).await] {
            assert_eq!(told(answer).await.1["code"], "overloaded");
        }
    }
}
