//! Credentials: where a request says who asks. A header, or the cookie that the site's own sign-in sets.

use std::borrow::Cow;

use axum::http::{HeaderMap, Method, header};

/// What a request says of who asks, as an `Authorization` header; `None` where it says nothing that counts. A header wins
/// over the cookie called `cookie_name`.
pub(super) fn authorization<'a>(
    method: &Method,
    headers: &'a HeaderMap,
    cookie_name: Option<&str>,
) -> Option<Cow<'a, str>> {
    if let Some(header) = headers.get(header::AUTHORIZATION) {
        // What is not even text is no token, and the verifier says so.
        return Some(header.to_str().unwrap_or_default().into());
    }
    let token = cookie(headers, cookie_name?)?;
    counts(method, headers).then(|| format!("Bearer {token}").into())
}

/// Whether a request says who asks, also where that does not count: what it gets is for no shared cache.
pub(super) fn says_who(headers: &HeaderMap, cookie_name: Option<&str>) -> bool {
    headers.contains_key(header::AUTHORIZATION) || cookie_name.is_some_and(|name| cookie(headers, name).is_some())
}

/// The value of the cookie called `name`; `None` where there is none, or an empty one.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let given = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = given.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let value = pairs.into_iter().find(|(given, _)| *given == name)?.1.trim_matches('"');
    (!value.is_empty()).then_some(value)
}

/// Whether a cookie counts here. A browser sends it whoever made it ask: it counts for reads alone, and only where a reader
/// came here, or a page of this origin asks. Browsers that do not tell (no `Sec-Fetch-Site`) keep what a foreign page asked
/// from that page, because no answer allows it credentials.
fn counts(method: &Method, headers: &HeaderMap) -> bool {
    let told = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let is_own = matches!(told("sec-fetch-site"), None | Some("same-origin" | "none"));
    let is_visit = told("sec-fetch-mode") == Some("navigate") && told("sec-fetch-dest") == Some("document");
    matches!(*method, Method::GET | Method::HEAD) && (is_own || is_visit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    /// What a GET with these headers says of who asks.
    fn told(pairs: &[(&'static str, &str)]) -> Option<String> {
        authorization(&Method::GET, &headers(pairs), Some("session")).map(Cow::into_owned)
    }

    #[test]
    fn a_cookie_counts_where_its_reader_asks() {
        let cookie = ("cookie", "theme=dark; session=\"abc\"; other=1");
        assert_eq!(told(&[cookie]).as_deref(), Some("Bearer abc"));
        assert_eq!(told(&[cookie, ("sec-fetch-site", "same-origin")]).as_deref(), Some("Bearer abc"));
        let from_elsewhere = ("sec-fetch-site", "cross-site");
        let visit = [cookie, from_elsewhere, ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
        assert_eq!(told(&visit).as_deref(), Some("Bearer abc"));
        assert_eq!(told(&[cookie, from_elsewhere, ("sec-fetch-mode", "no-cors")]), None);
        assert_eq!(told(&[cookie, ("sec-fetch-site", "same-site")]), None);
        let cookies = headers(&[cookie]);
        assert_eq!(authorization(&Method::POST, &cookies, Some("session")), None);
    }

    #[test]
    fn a_header_wins_and_a_cookie_of_another_name_says_nothing() {
        let both = [("authorization", "Bearer xyz"), ("cookie", "session=abc")];
        assert_eq!(told(&both).as_deref(), Some("Bearer xyz"));
        assert_eq!(told(&[("cookie", "sessions=abc; session=")]), None);
        assert_eq!(authorization(&Method::GET, &headers(&[("cookie", "session=abc")]), None), None);
        assert!(says_who(&headers(&[("cookie", "session=abc"), ("sec-fetch-site", "cross-site")]), Some("session")));
        assert!(!says_who(&headers(&[("cookie", "session=abc")]), None));
    }
}
