//! Requests that could not be read at all, and those that do not say for whom they are.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::observe::new_request_id;
use super::problem::{self, Fault};
use crate::net::WrongHost;
use gradus_engine::limits;

/// The body of a problem for a request that was refused with `status` before it was read to its end.
pub fn unread(status: u16) -> Vec<u8> {
    let fault = match status {
        414 => Fault::unread(
            StatusCode::URI_TOO_LONG,
            format!("the URL is longer than {} bytes; what is long goes into a body", limits::HEAD_BYTES),
        ),
        431 => Fault::unread(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            format!("the head of the request has more than {} bytes or more than 100 fields", limits::HEAD_BYTES),
        ),
        _ => Fault::unread(StatusCode::BAD_REQUEST, "this is not a request of HTTP/1.1 or HTTP/2".to_owned()),
    };
    metrics::counter!("gradus_unread_requests_total", "http_response_status_code" => status.to_string()).increment(1);
    problem::body(&fault, "", &new_request_id())
}

/// Refuses requests that do not say once which host they are for: who stands between may have read another one than we do.
pub(super) async fn wants_one_host(request: Request, next: Next) -> Response {
    if request.extensions().get::<WrongHost>().is_some() {
        let detail = "a request names its host once, in one `Host` header".to_owned();
        return Fault::unread(StatusCode::BAD_REQUEST, detail).into_response();
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_that_hyper_gives_has_a_problem() {
        for (status, code) in [(400, "bad_request"), (414, "uri_too_long"), (431, "headers_too_large")] {
            let problem: serde_json::Value = serde_json::from_slice(&unread(status)).unwrap();
            assert_eq!((problem["status"].as_u64(), problem["code"].as_str()), (Some(status.into()), Some(code)));
            assert!(!problem["request_id"].as_str().unwrap().is_empty());
        }
    }
}
