//! For operators: `/livez`, `/readyz`, `/metrics`.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::App;
use super::openapi::OPERATION;

/// Tell that the process runs.
#[utoipa::path(get, path = "/livez", tag = OPERATION, responses((status = 200, body = String)))]
pub(super) async fn livez() -> &'static str {
    "ok\n"
}

/// Tell that there is content to answer from; 503 until there is.
#[utoipa::path(get, path = "/readyz", tag = OPERATION, responses((status = 200, body = String), (status = 503, body = String)))]
pub(super) async fn readyz(State(app): State<App>) -> Response {
    match app.host.snapshot() {
        Some(_) => "ok\n".into_response(),
        None => (StatusCode::SERVICE_UNAVAILABLE, "loading\n").into_response(),
    }
}

/// Metrics as Prometheus reads them.
#[utoipa::path(get, path = "/metrics", tag = OPERATION, responses((status = 200, body = String)))]
pub(super) async fn metrics(State(app): State<App>) -> Response {
    let text = app.metrics.render(app.host.snapshot().as_deref());
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}
