//! Entity tags: a view's generation and the viewer's class.

use axum::http::{HeaderMap, HeaderValue, header};

use gradus_engine::viewer::Viewer;

/// The entity tag of everything that the view named `generation` answers `viewer`. Weak, because compression changes the
/// bytes and not the meaning.
pub(crate) fn etag(generation: &str, viewer: Viewer) -> String {
    format!("W/\"{generation}-{}\"", viewer.class())
}

/// Whether `If-None-Match` names `etag`, compared weakly (RFC 9110, 13.1.2).
pub(crate) fn matches(headers: &HeaderMap, etag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let given = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    given.flat_map(|list| list.split(',')).any(|tag| tag.trim() == "*" || opaque(tag) == opaque(etag))
}

/// Adds what a cache needs to keep an answer: shared caches only what anybody may see. `vary` names the headers of requests
/// that the answer depends on.
pub(crate) fn cache(headers: &mut HeaderMap, etag: &str, is_private: bool, vary: &'static str) {
    let control = if is_private { "private, max-age=60" } else { "public, max-age=60, stale-while-revalidate=600" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(control));
    headers.insert(header::VARY, HeaderValue::from_static(vary));
    if let Ok(etag) = HeaderValue::from_str(etag) {
        headers.insert(header::ETAG, etag);
    }
}
