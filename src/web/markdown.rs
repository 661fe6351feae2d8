//! Pages as Markdown, for agents and for readers of text: by the suffix `.md`, by `Accept: text/markdown`, and all of them in
//! `/llms.txt` and `/llms-full.txt`.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use gradus_engine::questions::llms::{llms_full, llms_index};
use gradus_engine::questions::markdown::page_markdown;
use gradus_engine::questions::reference::{by_id, find_concept, find_guide};

use super::accept::is_markdown;
use super::link;
use super::visit::PageVisit;
use crate::http::problem::Fault;
use crate::http::stream::stream_public;

/// The media type of Markdown.
pub(super) const MARKDOWN: &str = "text/markdown; charset=utf-8";
/// The list of all pages.
pub(super) const LLMS: &str = "/llms.txt";
/// What browsers show and every tool reads.
const PLAIN: &str = "text/plain; charset=utf-8";
/// The ending of the address of a page as Markdown.
const SUFFIX: &str = ".md";

/// The page called `slug` as Markdown where the request asks for that; `None` where it asks for the page.
pub(super) fn asked(visit: &PageVisit, headers: &HeaderMap, kind: &str, slug: &str) -> Option<Result<Response, Fault>> {
    let view = visit.view();
    // A page may be called `notes.md` itself.
    let is_page = by_id(view, &format!("{kind}:{slug}")).is_some();
    match slug.strip_suffix(SUFFIX) {
        Some(name) if !is_page => Some(page(visit, kind, name)),
        _ if is_markdown(headers) => Some(page(visit, kind, slug)),
        _ => None,
    }
}

fn page(visit: &PageVisit, kind: &str, slug: &str) -> Result<Response, Fault> {
    let view = visit.view();
    let find = if kind == "concept" { find_concept } else { find_guide };
    let found = match by_id(view, &format!("{kind}:{slug}")) {
        Some(found) => found,
        None => find(view, slug)?,
    };
    let id = view.corpus.page(found).id();
    if id.split_once(':') != Some((kind, slug)) {
        return Ok(Redirect::permanent(&address(&id)).into_response());
    }
    let canonical = HeaderValue::from_str(&format!("<{}>; rel=\"canonical\"", link::page(&id)));
    let mut response = ([(header::CONTENT_TYPE, MARKDOWN)], page_markdown(view, found)).into_response();
    response.headers_mut().extend(canonical.ok().map(|link| (header::LINK, link)));
    Ok(response)
}

/// Where the page with this full id is read as Markdown.
pub(super) fn address(id: &str) -> String {
    format!("{}{SUFFIX}", link::page(id))
}

/// `response`, a page, telling where the same is read as Markdown.
pub(super) fn told(mut response: Response, address: &str) -> Response {
    let link = HeaderValue::from_str(&format!("<{address}>; rel=\"alternate\"; type=\"text/markdown\""));
    response.headers_mut().extend(link.ok().map(|link| (header::LINK, link)));
    response
}

/// `/llms.txt`: the list of all pages.
pub(super) async fn llms(visit: PageVisit, headers: HeaderMap) -> Response {
    index(visit, &headers, PLAIN).await
}

/// The list of all pages as `media_type`.
pub(super) async fn index(visit: PageVisit, headers: &HeaderMap, media_type: &'static str) -> Response {
    let origin = link::origin(headers);
    let lines = stream_public(visit.pinned, media_type, move |view| {
        Box::new(llms_index(view, move |id| format!("{origin}{}", address(id))))
    });
    lines.await.into_response()
}

/// `/llms-full.txt`: every page whole.
pub(super) async fn full(visit: PageVisit) -> Response {
    stream_public(visit.pinned, PLAIN, |view| Box::new(llms_full(view))).await.into_response()
}
