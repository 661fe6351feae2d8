//! Entity tags: a view's generation, the viewer's class, and the form of the answer.

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

/// What caches may do with an answer: shared ones keep only what anybody may see. What is `published` to several replicas is
/// asked for anew each time, which mostly costs a 304: a cache that answers by itself would show a reader older content than
/// another replica has shown before.
pub(crate) fn control(is_private: bool, is_published: bool) -> &'static str {
    match (is_private, is_published) {
        (true, false) => "private, max-age=60",
        (true, true) => "private, no-cache",
        (false, false) => "public, max-age=60, stale-while-revalidate=600",
        (false, true) => "public, no-cache",
    }
}

/// Adds what a cache needs to keep an answer, as `control` allows it. `vary` names the headers of requests that the answer
/// depends on.
pub(crate) fn cache(headers: &mut HeaderMap, etag: &str, control: &'static str, vary: &'static str) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(control));
    headers.insert(header::VARY, HeaderValue::from_static(vary));
    if let Ok(etag) = HeaderValue::from_str(etag) {
        headers.insert(header::ETAG, etag);
    }
}

/// `etag` for one representation of what it stands for, such as `json`: what is the same in another form is not the same to a
/// cache.
pub(super) fn in_form(etag: &str, form: &str) -> String {
    format!("{}-{form}\"", etag.trim_end_matches('"'))
}

/// The form that a question is answered in, as its parameters say it.
pub(super) fn form(pairs: &[(String, String)]) -> String {
    let given = pairs.iter().find(|(name, _)| name == "format").map(|(_, value)| value.trim().to_ascii_lowercase());
    // What is no form is refused later; it must not stand in a header before.
    let is_word =
        |form: &String| !form.is_empty() && form.len() <= 16 && form.bytes().all(|byte| byte.is_ascii_lowercase());
    given.filter(is_word).unwrap_or_else(|| "json".to_owned())
}
