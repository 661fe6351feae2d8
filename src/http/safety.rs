//! What every answer tells browsers, so that nothing in it runs whatever it is opened as.

use axum::http::{HeaderValue, header};
use axum::response::Response;

/// Of what a page or picture of ours may load, nothing but the styles that it brings along.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'",
);

/// Keeps browsers from taking an answer for something else, and what they would show as a document from running a script. A
/// door that has a policy of its own keeps it.
pub(super) async fn harmless(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_document = ["text/html", "image/svg+xml", "application/xhtml+xml", "application/xml", "text/xml"]
        .iter()
        .any(|document| media_type.starts_with(document))
        || media_type.ends_with("+xml");
    if is_document {
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(POLICY);
    }
    response
}
