//! What a client accepts: a page or the same as Markdown.

use axum::http::{HeaderMap, header};

/// Whether a request with these headers wants Markdown rather than a page: it names `text/markdown`, and no page before that.
pub(super) fn is_markdown(headers: &HeaderMap) -> bool {
    let mut best = [0.0_f32; 2];
    let mut first = None;
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|accept| accept.to_str().ok());
    for range in accepted.flat_map(|accept| accept.split(',')) {
        let mut parts = range.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default();
        let weight: f32 = parts.find_map(|part| part.strip_prefix("q=")).map_or(1.0, |q| q.parse().unwrap_or(0.0));
        let idx = match kind {
            kind if kind.eq_ignore_ascii_case("text/markdown") => 0,
            kind if kind.eq_ignore_ascii_case("text/html") => 1,
            _ => continue,
        };
        best[idx] = weight.max(best[idx]);
        first.get_or_insert(idx);
    }
    let [markdown, html] = best;
    // Of what is wanted alike, the first that is named.
    markdown > 0.0 && (markdown > html || markdown >= html && first == Some(0))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn markdown_is_sent_to_those_who_name_it() {
        for (accept, wanted) in [
            ("text/markdown", true),
            ("Text/Markdown, text/html, */*", true),
            ("text/html, text/markdown", false),
            ("text/html;q=0.8, text/markdown", true),
            ("text/html, text/markdown;q=0.9", false),
            ("text/markdown;q=0", false),
            ("text/markdown; q=nonsense", false),
            ("*/*", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]);
            assert_eq!(is_markdown(&headers), wanted, "{accept}");
        }
        assert!(!is_markdown(&HeaderMap::new()));
    }
}
