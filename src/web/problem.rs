//! Problems as pages: a browser is shown what went wrong and where to go on, every other client is told a problem.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use gradus_engine::questions::resolve::ResolveQuestion;

use super::ask::ask;
use super::frame::{NavPlace, PageFrame};
use super::link;
use super::visit::PageVisit;
use crate::http::App;
use crate::http::observe::RequestId;
use crate::http::problem::{Fault, no_such_path, replace};
use crate::http::session::HeldSnapshot;

/// What went wrong, as a page.
#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    frame: PageFrame<'a>,
    title: &'static str,
    text: &'static str,
    /// What is wrong with what was asked; empty where that is nobody's business.
    detail: &'a str,
    /// Pages that may be meant: title and address.
    suggestions: Vec<(String, String)>,
    request_id: &'a str,
    is_sign_in: bool,
}

/// Shows what is a fault to browsers as a page.
pub(super) async fn show(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_browser = wants_page(request.uri(), request.headers());
    let (method, headers) = (request.method().clone(), request.headers().clone());
    let id = request.extensions().get::<RequestId>().cloned();
    let held = request.extensions().get::<HeldSnapshot>().cloned();
    let mut response = next.run(request).await;
    if !is_browser || response.extensions().get::<Fault>().is_none() {
        return response;
    }
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept, Accept-Encoding"));
    // Where nobody may be admitted (a token that does not count, nothing loaded), the page is made of no content.
    let visit = PageVisit::of(&app, &method, &headers, held.as_ref()).ok();
    let request_id = id.as_ref().map_or("", RequestId::as_str);
    replace(response, HeaderValue::from_static("text/html; charset=utf-8"), |fault| {
        page(visit.as_ref(), fault, request_id).render().unwrap_or_default().into_bytes()
    })
}

/// Whether a client wants a page rather than data: it says so, and asks for no path of the API.
fn wants_page(uri: &Uri, headers: &HeaderMap) -> bool {
    let is_data = ["/v1/", "/1/"].iter().any(|prefix| uri.path().starts_with(prefix));
    let accepts = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    !is_data && accepts.contains("text/html")
}

fn page<'a>(visit: Option<&'a PageVisit>, fault: &'a Fault, request_id: &'a str) -> ProblemPage<'a> {
    let frame = visit.map_or_else(PageFrame::bare, |visit| PageFrame::new(visit, NavPlace::Elsewhere));
    let w = frame.w;
    let (title, text) = match fault.status() {
        StatusCode::NOT_FOUND => (w.not_found, w.not_found_text),
        StatusCode::UNAUTHORIZED => (w.unauthorized, w.unauthorized_text),
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => (w.unavailable, w.unavailable_text),
        status if status.is_server_error() => (w.our_fault, w.our_fault_text),
        _ => (w.bad_request, ""),
    };
    let suggestion = |id: &'a String| {
        let title = visit.and_then(|visit| title_of(visit, id))?;
        Some((title, link::page(id)))
    };
    ProblemPage {
        title,
        text,
        detail: if fault.status().is_server_error() { "" } else { fault.detail() },
        suggestions: fault.suggestions().iter().filter_map(suggestion).collect(),
        request_id,
        is_sign_in: fault.status() == StatusCode::UNAUTHORIZED,
        frame,
    }
}

/// The title of the page with this full id.
pub(super) fn title_of(visit: &PageVisit, id: &str) -> Option<String> {
    let resolved = ask::<ResolveQuestion>(visit, &[("ref", id)]).ok()?;
    resolved.items.first().map(|page| page.title.to_string())
}

/// Where nothing is served: a page of the site whose address this is has its page here.
pub(super) async fn elsewhere(visit: PageVisit, method: Method, uri: Uri) -> Response {
    let resolved = ask::<ResolveQuestion>(&visit, &[("ref", uri.path())]);
    match resolved.as_ref().map(|resolved| &resolved.items[..]) {
        Ok([page]) if method == Method::GET || method == Method::HEAD => {
            Redirect::temporary(&link::page(&page.id)).into_response()
        }
        _ => no_such_path(uri).await.into_response(),
    }
}
