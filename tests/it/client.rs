//! A client of the router inside this process.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, header};
use axum::response::Response;
use gradus::builtin::curriculum;
use gradus::http::{App, Metrics};
use gradus::replica::ReplicaStanding;
use gradus::token::Verifier;
use gradus::web::{admin_router, router};
use gradus_engine::host::Host;
use gradus_engine::snapshot::Snapshot;
use gradus_load::Input;
use serde_json::Value;
use tower::ServiceExt;

/// Signs the tokens of these tests.
pub(crate) const SECRET: &str = "a secret of the tests, long enough for HS256";

fn verifier() -> Verifier {
    Verifier::new(Some(SECRET), None).unwrap()
}

/// A host, once it is loaded.
type HostPlace = Arc<OnceLock<Arc<Host>>>;

/// The host of each source that some test has asked, by what it holds: what does not change is loaded once a process.
static HOSTS: LazyLock<Mutex<BTreeMap<String, HostPlace>>> = LazyLock::new(Mutex::default);

/// A host of `input` that all tests share: none may reload it.
pub(crate) fn shared_host(input: Input) -> Arc<Host> {
    let key = match &input {
        Input::Memory(files) => {
            let mut hasher = DefaultHasher::new();
            files.hash(&mut hasher);
            format!("{:x}", hasher.finish())
        }
        other => format!("{other:?}"),
    };
    // Held only to find the place: others are loaded at the same time.
    let place = Arc::clone(HOSTS.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default());
    Arc::clone(place.get_or_init(|| {
        let host = Arc::new(Host::new(input));
        host.reload(&mut |_| {}).unwrap();
        host
    }))
}

/// The snapshot of the built-in curriculum.
pub(crate) fn curriculum_snapshot() -> Arc<Snapshot> {
    shared_host(curriculum()).snapshot().unwrap()
}

pub(crate) struct Client {
    router: Router,
    admin: Router,
    token: Option<String>,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Client {
    pub(crate) fn new(input: Input) -> Self {
        Self::of(shared_host(input))
    }

    pub(crate) fn of(host: Arc<Host>) -> Self {
        Self::of_app(App::new(host, verifier(), None, Metrics::install().unwrap()))
    }

    fn of_app(app: App) -> Self {
        Self { router: router(app.clone()), admin: admin_router(app), token: None }
    }

    pub(crate) fn curriculum() -> Self {
        Self::new(curriculum())
    }

    pub(crate) fn fixture(name: &str) -> Self {
        Self::new(Input::Path(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)))
    }

    /// Files as text: `(path, content)`.
    pub(crate) fn files(files: &[(&str, &str)]) -> Self {
        Self::new(Self::input(files))
    }

    /// Files as text as a source.
    pub(crate) fn input(files: &[(&str, &str)]) -> Input {
        let owned = |(path, text): &(&str, &str)| ((*path).to_owned(), text.as_bytes().to_vec().into());
        Input::Memory(files.iter().map(owned).collect())
    }

    /// A client of a server of these files that records queries.
    pub(crate) fn recording(files: &[(&str, &str)]) -> Self {
        let host = Arc::new(Host::new(Self::input(files)));
        host.reload(&mut |_| {}).unwrap();
        Self::of_app(App::new(host, verifier(), None, Metrics::install().unwrap()).recording_queries(true))
    }

    /// A client of a server of `input` that was started to edit or not, with this admin token.
    pub(crate) fn editing(input: Input, edits: bool, admin_token: Option<&str>) -> Self {
        let host = Arc::new(Host::new(input));
        host.reload(&mut |_| {}).unwrap();
        Self::of_app(App::new(host, verifier(), admin_token, Metrics::install().unwrap()).editing(edits))
    }

    /// A client of a replica that serves by `host`.
    pub(crate) fn replicating(host: Arc<Host>, standing: ReplicaStanding, wait: Duration) -> Self {
        Self::of_app(App::new(host, verifier(), None, Metrics::install().unwrap()).replicating(standing, wait))
    }

    pub(crate) fn with_token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(&self.router, Method::GET, path, &[], "").await
    }

    pub(crate) async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(&self.router, Method::GET, path, headers, "").await
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> Answer {
        self.send(&self.router, Method::POST, path, &[("content-type", "application/json")], body).await
    }

    pub(crate) async fn admin(&self, method: Method, path: &str) -> Answer {
        self.send(&self.admin, method, path, &[], "").await
    }

    pub(crate) async fn admin_with(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.send(&self.admin, method, path, headers, body).await
    }

    pub(crate) async fn request(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.send(&self.router, method, path, headers, body).await
    }

    /// An answer whose body nobody reads yet.
    pub(crate) async fn open(&self, path: &str) -> Response {
        self.router.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap()
    }

    async fn send(&self, router: &Router, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let answer = router.clone().oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap();
        let (parts, body) = answer.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }
}
