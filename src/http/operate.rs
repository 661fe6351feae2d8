//! For operators: `/livez`, `/readyz`, `/metrics`.

use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use super::App;
use super::params::query_pairs;
use crate::replica::{ReplicaStanding, StoreState};
use crate::watch::WatchState;

/// The tag of what operators and programs ask.
pub(super) const OPERATION: &str = "operation";

/// Tell that the process runs.
#[utoipa::path(get, path = "/livez", tag = OPERATION, responses((status = 200, body = String)))]
pub(super) async fn livez() -> &'static str {
    "ok\n"
}

/// Tell that there is content to answer from; 503 until there is. With `verbose`, also how the newest load and the watch went.
#[utoipa::path(get, path = "/readyz", tag = OPERATION,
    params(("verbose" = Option<bool>, Query, description = "One line for each thing that may be well or not.")),
    responses((status = 200, body = String), (status = 503, body = String)))]
pub(super) async fn readyz(State(app): State<App>, uri: Uri) -> Response {
    let is_loaded = app.host.snapshot().is_some();
    let status = if is_loaded { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let verdict = if is_loaded { "ok\n" } else { "loading\n" };
    // Health checks bring parameters of their own: what is none of ours is passed over here, and nowhere else.
    let is_verbose = query_pairs(&uri)
        .is_ok_and(|pairs| pairs.iter().any(|(name, value)| name == "verbose" && value != "false" && value != "0"));
    let told = if is_verbose { format!("{}{verdict}", details(&app, is_loaded)) } else { verdict.to_owned() };
    (status, told).into_response()
}

/// One line for each thing, in the form that Kubernetes made known. Why it is so is logged: this is for everybody.
fn details(app: &App, is_loaded: bool) -> String {
    let line = |is_well: bool, what: &str| format!("[{}]{what}\n", if is_well { '+' } else { '-' });
    let content = line(is_loaded, if is_loaded { "content ok" } else { "content is being loaded" });
    let load = match app.host.failure() {
        Some(_) if is_loaded => line(false, "reload failed: what was loaded before is served"),
        Some(_) => line(false, "load failed"),
        None => line(true, "reload ok"),
    };
    let watch = match app.watch.state() {
        WatchState::Off => line(true, "watch off"),
        WatchState::Watching => line(true, "watch ok"),
        WatchState::Lost => line(false, "watch lost: it is tried again, and the content compared meanwhile"),
    };
    let publication = app.replica.as_ref().map_or_else(String::new, |order| publication(&order.standing));
    let is_full = app.is_full();
    let memory = line(!is_full, if is_full { "memory short: new work is turned away" } else { "memory ok" });
    [content, load, watch, publication, memory].concat()
}

/// What is served of what was published, and whether more may be.
fn publication(standing: &ReplicaStanding) -> String {
    let line = |is_well: bool, what: &str| format!("[{}]{what}\n", if is_well { '+' } else { '-' });
    let served = match standing.served() {
        Some(number) => line(true, &format!("publication {number}")),
        None => line(false, "no publication is served yet"),
    };
    let refused = standing.refused().map_or_else(String::new, |number| {
        line(false, &format!("publication {number} refused: what was published before is served"))
    });
    let store = match (standing.store(), standing.away_for()) {
        (StoreState::Unknown, _) => line(true, "store not asked yet"),
        (StoreState::Reached, _) => line(true, "store ok"),
        (StoreState::Away, None) => line(false, "store cannot be reached"),
        (StoreState::Away, Some(time)) => line(false, &format!("store cannot be reached, for {} s", time.as_secs())),
    };
    [served, refused, store].concat()
}

/// Metrics as Prometheus reads them.
#[utoipa::path(get, path = "/metrics", tag = OPERATION, responses((status = 200, body = String)))]
pub(super) async fn metrics(State(app): State<App>) -> Response {
    let text = app.metrics.render(app.host.snapshot().as_deref(), &app.lanes.memory);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}
