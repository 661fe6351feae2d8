//! Visits: who came to which page, from what it is answered, and what its browser has already.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use gradus_corpus::fingerprint;
use gradus_engine::view::View;

use super::{accept, assets};
use crate::http::pinned::{PinnedView, pinned};
use crate::http::problem::Fault;
use crate::http::session::HeldSnapshot;
use crate::http::{App, etag};

/// Headers of requests that a page depends on.
const VARY: &str = "Accept, Authorization, Accept-Encoding";
const COOKIE_VARY: &str = "Accept, Authorization, Cookie, Sec-Fetch-Site, Accept-Encoding";

/// What a page is made from.
#[derive(Clone)]
pub(super) struct PageVisit {
    /// The content and who asks for it.
    pub(super) pinned: PinnedView,
    /// Why the newest load failed, if it did: the page shows older content.
    pub(super) failure: Option<String>,
    /// Whether pages look for new content.
    pub(super) is_watching: bool,
    /// Whether pages leave out what only a server can do.
    pub(super) has_no_server: bool,
}

impl PageVisit {
    /// The visit that this request is.
    ///
    /// # Errors
    /// If its token is not valid, or nothing is loaded yet.
    pub(super) fn of(
        app: &App,
        method: &Method,
        headers: &HeaderMap,
        held: Option<&HeldSnapshot>,
    ) -> Result<Self, Fault> {
        let pinned = pinned(app, method, headers, held)?;
        let (is_watching, has_no_server) = (app.is_watching(), app.has_no_server());
        Ok(Self { pinned, failure: app.host().failure(), is_watching, has_no_server })
    }

    /// What the viewer may see.
    pub(super) fn view(&self) -> &View {
        self.pinned.view()
    }

    /// The entity tag of every page made for this visit: content and what is concluded from it, viewer, form, program, and whether
    /// the newest load failed.
    fn etag(&self, form: &str) -> String {
        // Templates are compiled in, and change with the version.
        let mut rejected: Vec<_> = self.view().rejected.iter().collect();
        rejected.sort_unstable();
        let inference = (self.pinned.snapshot().config.infers, rejected);
        let dress = (&self.failure, self.is_watching, env!("CARGO_PKG_VERSION"), &assets::urls().mark, inference);
        let dress = fingerprint(&dress) >> 32;
        let (generation, class) = (&self.view().generation, self.pinned.viewer().class());
        format!("W/\"{generation}-{class}-{form}-{dress:08x}\"")
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PageVisit {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Fault::internal("nobody was admitted to this page"))
    }
}

/// Tells who comes and from what the page is answered, and answers 304 before any work where the browser has it already.
pub(super) async fn admit(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let visit = match PageVisit::of(&app, request.method(), request.headers(), request.extensions().get()) {
        Ok(visit) => visit,
        Err(fault) => return fault.into_response(),
    };
    let form = if accept::is_markdown(request.headers()) { "md" } else { "html" };
    let etag = visit.etag(form);
    let control = visit.pinned.cache_control(request.uri());
    let vary = if visit.pinned.snapshot().config.token_cookie.is_some() { COOKIE_VARY } else { VARY };
    if etag::matches(request.headers(), &etag) {
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        etag::cache(response.headers_mut(), &etag, control, vary);
        return response;
    }
    let is_watching = visit.is_watching;
    request.extensions_mut().insert(visit);
    let mut response = next.run(request).await;
    if response.status().is_success() {
        etag::cache(response.headers_mut(), &etag, control, vary);
        if is_watching {
            // An author wants to see the last word, not that of a minute ago.
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        }
    }
    response
}
