//! The HTTP door: its routes are a loop over the table of questions, and middleware stands in one order in one place.

mod admin;
mod algolia;
mod batch;
mod credentials;
pub(crate) mod etag;
mod lane;
mod mcp;
pub(crate) mod observe;
mod openapi;
mod operate;
mod paced;
pub(crate) mod params;
pub(crate) mod pinned;
pub(crate) mod problem;
mod questions;
mod safety;
pub(crate) mod session;
pub(crate) mod stream;
mod suggestions;
mod unread;

use std::ops::Deref;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::{Router, routing};
use tokio::sync::{Semaphore, watch};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::cors::{AllowHeaders, Any, CorsLayer};

pub(crate) use admin::DiagnosticItem;
pub use mcp::hosts;
pub use observe::Metrics;
pub use openapi::document;
pub use unread::unread;

use crate::memory::MemoryGauge;
use crate::queries::QueryLog;
use crate::replica::ReplicaStanding;
use crate::token::Verifier;
use crate::watch::WatchHealth;
use gradus_engine::host::Host;
use gradus_engine::limits;
use lane::Lanes;
use session::ReplicaOrder;

/// What every request may need. Cloning shares it: each layer and each route clones it for each request.
#[derive(Clone)]
pub struct App(Arc<AppParts>);

/// What an [`App`] shares.
#[derive(Clone)]
pub struct AppParts {
    host: Arc<Host>,
    verifier: Arc<Verifier>,
    admin_token: Option<Arc<str>>,
    lanes: Arc<Lanes>,
    /// Loads that an operator may ask for at one time.
    reloads: Arc<Semaphore>,
    /// Whether what is said of proposals is taken.
    edits: bool,
    /// Keeps judgements one after another.
    judging: Arc<Mutex<()>>,
    watch: WatchHealth,
    /// Where this is one of several servers of the same publications.
    replica: Option<ReplicaOrder>,
    metrics: Metrics,
    queries: Arc<QueryLog>,
    hosts: Arc<[String]>,
    is_watching: bool,
    has_no_server: bool,
    stopping: watch::Receiver<bool>,
}

impl App {
    /// An application that serves `host` to the viewers that `verifier` admits.
    pub fn new(host: Arc<Host>, verifier: Verifier, admin_token: Option<&str>, metrics: Metrics) -> Self {
        let lanes = Arc::new(Lanes::new(Arc::clone(&host), Arc::new(MemoryGauge::new(None))));
        Self(Arc::new(AppParts {
            host,
            verifier: Arc::new(verifier),
            admin_token: admin_token.map(Arc::from),
            lanes,
            reloads: Arc::new(Semaphore::new(limits::RELOADS)),
            edits: false,
            judging: Arc::default(),
            watch: WatchHealth::default(),
            replica: None,
            metrics,
            queries: Arc::new(QueryLog::new(false)),
            hosts: Arc::default(),
            is_watching: false,
            has_no_server: false,
            // Where nobody says when it stops, answers without an end break off after what is to be told at once.
            stopping: watch::channel(false).1,
        }))
    }

    fn with(mut self, change: impl FnOnce(&mut AppParts)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    /// The same, which keeps the texts of queries if `records`.
    #[must_use]
    pub fn recording_queries(self, records: bool) -> Self {
        self.with(|app| app.queries = Arc::new(QueryLog::new(records)))
    }

    /// The same, which agents may ask by these names of its machine only; any where there are none.
    #[must_use]
    pub fn asked_by(self, hosts: &[String]) -> Self {
        self.with(|app| app.hosts = hosts.into())
    }

    /// The same, which takes what is said of proposals if `edits` and there is an admin token to say it with.
    #[must_use]
    pub fn editing(self, edits: bool) -> Self {
        self.with(|app| app.edits = edits && app.admin_token.is_some())
    }

    /// Whether what is said of proposals is taken.
    pub(crate) fn edits(&self) -> bool {
        self.edits
    }

    /// The same, whose pages look for new content if `is_watching`.
    #[must_use]
    pub fn watching(self, is_watching: bool) -> Self {
        self.with(|app| app.is_watching = is_watching)
    }

    /// The same, whose answers without an end are broken off once `stopping` holds `true`.
    #[must_use]
    pub fn until(self, stopping: watch::Receiver<bool>) -> Self {
        self.with(|app| app.stopping = stopping)
    }

    /// Holds `true` once the server stops.
    pub(crate) fn stopping(&self) -> watch::Receiver<bool> {
        self.stopping.clone()
    }

    /// The same, whose pages will be read without a server.
    #[must_use]
    pub fn without_server(self) -> Self {
        self.with(|app| app.has_no_server = true)
    }

    /// Whether pages leave out what only a server can do.
    pub(crate) fn has_no_server(&self) -> bool {
        self.has_no_server
    }

    /// Whether the content is watched on disk.
    pub(crate) fn is_watching(&self) -> bool {
        self.is_watching
    }

    /// The same, which tells how well the content is watched.
    #[must_use]
    pub fn watched(self, watch: WatchHealth) -> Self {
        self.with(|app| app.watch = watch)
    }

    /// The same as one of several servers of the same publications: a reader who has seen a newer one waits for `wait`.
    #[must_use]
    pub fn replicating(self, standing: ReplicaStanding, wait: Duration) -> Self {
        self.with(|app| app.replica = Some(ReplicaOrder { standing, wait }))
    }

    /// The same, which takes no more memory than `memory` has room for.
    #[must_use]
    pub fn within(self, memory: MemoryGauge) -> Self {
        self.with(|app| app.lanes = Arc::new(Lanes::new(Arc::clone(&app.host), Arc::new(memory))))
    }

    /// Whether the process takes nearly all the memory that it may.
    pub fn is_full(&self) -> bool {
        self.lanes.is_full()
    }

    /// The host.
    pub fn host(&self) -> &Arc<Host> {
        &self.host
    }
}

impl Deref for App {
    type Target = AppParts;

    fn deref(&self) -> &AppParts {
        &self.0
    }
}

/// Paths that are answered without a snapshot being pinned first. What OpenAPI tells of them stands in [`openapi`].
fn others() -> Router<App> {
    Router::new()
        .route("/v1/batch", routing::post(batch::batch))
        .route("/livez", routing::get(operate::livez))
        .route("/readyz", routing::get(operate::readyz))
        .route("/metrics", routing::get(operate::metrics))
        .route("/openapi.json", routing::get(openapi::openapi))
}

/// The public router: the questions, and `pages` beside them, which bring their own fallback.
pub fn router(app: App, pages: Router<App>) -> Router {
    let pinned = questions::routes().layer(from_fn_with_state(app.clone(), pinned::pin));
    let for_batches = pinned.clone().fallback(problem::no_such_path).with_state(app.clone());
    let others = others().layer(axum::Extension(batch::Questions(for_batches)));
    let algolia =
        algolia::routes().layer(from_fn_with_state(app.clone(), pinned::pin)).layer(from_fn(algolia::shape_errors));
    let mcp = mcp::routes(&app, &app.hosts);
    let cors = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([axum::http::Method::GET, axum::http::Method::HEAD, axum::http::Method::POST])
        // Mirrored and not `*`, which browsers do not take to allow `Authorization`.
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([
            axum::http::header::ETAG,
            axum::http::header::LINK,
            observe::REQUEST_ID,
            session::PUBLICATION,
        ]);
    let all = pinned
        .merge(others)
        .merge(algolia)
        .merge(mcp)
        .merge(pages)
        .method_not_allowed_fallback(problem::method_not_allowed);
    let order = || from_fn_with_state(app.clone(), session::keep_order);
    let all = if app.replica.is_some() { all.layer(order()) } else { all };
    all
        // Outermost last: a panic becomes a problem, every answer is observed, then paced and compressed.
        .layer(from_fn(unread::wants_one_host))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(from_fn(observe::observe))
        .layer(map_response(safety::harmless))
        .layer(cors)
        .layer(map_response(paced::pace))
        .layer(CompressionLayer::new())
        .with_state(app)
}

/// The router of the admin listener: `pages` for operators, and `open` for anybody who reaches it.
pub fn admin_router(app: App, pages: Router<App>, open: Router<App>) -> Router {
    let editing = Router::new().route("/admin/suggestions", routing::get(suggestions::list).post(suggestions::judge));
    pages
        .merge(if app.edits { editing } else { Router::new() })
        .route("/admin/reload", routing::post(admin::reload))
        .route("/admin/diagnostics", routing::get(admin::diagnostics))
        .route("/admin/queries", routing::get(admin::queries))
        .route("/metrics", routing::get(operate::metrics))
        .layer(from_fn_with_state(app.clone(), admin::authorize))
        .merge(open)
        .route("/livez", routing::get(operate::livez))
        .route("/readyz", routing::get(operate::readyz))
        .fallback(problem::no_such_path)
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(from_fn(unread::wants_one_host))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(from_fn(observe::observe))
        .layer(map_response(safety::harmless))
        .layer(from_fn(problem::no_store))
        .with_state(app)
}
