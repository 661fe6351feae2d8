//! Addresses of our own pages.

use axum::http::HeaderMap;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What cannot stand in a segment of a path as it is.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'\\')
    .add(b'^')
    .add(b'|');

/// The page of the guide or concept with this full id, or the section `slug#anchor` of a guide.
pub(super) fn page(id: &str) -> String {
    match id.split_once(':') {
        Some(("concept", slug)) => format!("/concepts/{}", segment(slug)),
        Some(("guide", slug)) => format!("/guides/{}", segment(slug)),
        _ => section("guide", id),
    }
}

/// The section with this id: `slug#anchor`, which is a guide's, or a full id and an anchor.
pub(super) fn section(kind: &str, id: &str) -> String {
    let (slug, anchor) = id.split_once('#').unwrap_or((id, ""));
    let slug = slug.strip_prefix("concept:").or_else(|| slug.strip_prefix("guide:")).unwrap_or(slug);
    let page = format!("/{kind}s/{}", segment(slug));
    if anchor.is_empty() { page } else { format!("{page}#{}", segment(anchor)) }
}

/// `path` with these parameters.
pub(super) fn query(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs);
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// The plan to `target`, asked with `pairs` too.
pub(super) fn plan(target: &str, pairs: &[(&str, &str)]) -> String {
    query("/path", &[&[("target", target)], pairs].concat())
}

/// The answer of the question at `path` to these parameters, some of which may stand in the path as `{name}`.
pub(super) fn answer(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut address = path.to_owned();
    let mut rest = Vec::new();
    for (name, value) in pairs {
        let place = format!("{{{name}}}");
        if address.contains(&place) {
            address = address.replace(&place, &segment(value));
        } else {
            rest.push((*name, *value));
        }
    }
    query(&address, &rest)
}

/// `text` as one segment of a path.
pub(super) fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// The address of this server, as a request with these headers came to it. Behind a proxy that speaks TLS it says so in
/// `X-Forwarded-Proto`.
pub(super) fn origin(headers: &HeaderMap) -> String {
    let told = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let scheme = if told("x-forwarded-proto") == Some("https") { "https" } else { "http" };
    format!("{scheme}://{}", told("host").unwrap_or("127.0.0.1:4747"))
}

/// The host of `url`, for readers; `None` where it names none.
pub(super) fn host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    rest.split(['/', '?', '#']).next().filter(|host| !host.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_lead_to_our_own_pages() {
        assert_eq!(page("concept:kv-cache"), "/concepts/kv-cache");
        assert_eq!(page("guide:docs~über/1 %"), "/guides/docs~%C3%BCber%2F1%20%25");
        assert_eq!(section("guide", "serving#the-cache"), "/guides/serving#the-cache");
        assert_eq!(section("concept", "concept:kv-cache#"), "/concepts/kv-cache");
        assert_eq!(query("/search", &[("q", "a & b"), ("kind", "guide")]), "/search?q=a+%26+b&kind=guide");
        assert_eq!(host("https://docs.example.org/a"), Some("docs.example.org"));
        assert_eq!(host("/a"), None);
    }
}
