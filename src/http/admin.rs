//! The admin listener: reload, diagnostics, what readers look for.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use gradus_corpus::{Diagnostic, Severity};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use utoipa::IntoParams;

use super::App;
use super::params::{NoParams, QueryParams};
use super::pinned::json;
use super::problem::Fault;
use crate::net::PeerAddress;
use crate::priority::step_back;
use crate::token::bearer;
use gradus_engine::host::{ReloadOutcome, explain};
use gradus_engine::limits;
use gradus_engine::questions::choice::bounded;
use gradus_engine::snapshot::Snapshot;
use gradus_engine::viewer::Viewer;

/// Lets nobody in without the admin token, where one is set; else only programs of this machine, and no browser that
/// some page sent here. The time it takes tells nothing of the token. Who comes with a wrong one is logged and waits, as do
/// all others who come with a wrong one; the right one never waits.
pub(super) async fn authorize(State(app): State<App>, request: Request, next: Next) -> Response {
    if let Some(token) = &app.admin_token {
        let header = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let given = header.and_then(bearer).unwrap_or_default();
        let is_one = request.headers().get_all(header::AUTHORIZATION).iter().nth(1).is_none();
        if !(bool::from(given.as_bytes().ct_eq(token.as_bytes())) && is_one) {
            let peer = request.extensions().get::<PeerAddress>().map(|peer| peer.0.to_string());
            let path = request.uri().path();
            tracing::warn!(peer, path, has_token = header.is_some(), "a login of the admin failed");
            metrics::counter!("gradus_admin_logins_failed_total").increment(1);
            tokio::time::sleep(limits::WRONG_TOKEN_TIME).await;
            let detail = "the admin listener wants `Authorization: Bearer <admin token>`";
            return Fault::unauthorized(detail).into_response();
        }
    } else if !is_local(request.headers()) {
        let detail = "without an admin token only programs of this machine are answered: set GRADUS_ADMIN_TOKEN";
        return Fault::unauthorized(detail).into_response();
    }
    next.run(request).await
}

/// Whether a request names this machine as its host and comes from no page. A browser on this machine reaches a loopback
/// listener too, and sends the name that a foreign page made it look up.
fn is_local(headers: &HeaderMap) -> bool {
    let is_loopback = |host: &HeaderValue| {
        let authority = host.to_str().ok().and_then(|host| host.parse::<Authority>().ok());
        authority.is_some_and(|authority| {
            let name = authority.host().trim_matches(['[', ']']);
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        })
    };
    headers.get(header::HOST).is_none_or(is_loopback) && !headers.contains_key(header::ORIGIN)
}

/// How to reload.
#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
pub(super) struct ReloadParams {
    /// Build and tell, but serve the old snapshot on. `?dry_run` and `?dry_run=true` both ask for it.
    dry_run: Option<bool>,
    /// Serve even content without any page, where there was some: else that is taken for bad luck and refused.
    allow_empty: Option<bool>,
}

/// What a reload did.
#[derive(Serialize)]
struct ReloadAnswer {
    outcome: &'static str,
    generation: String,
    build_ms: u64,
    diagnostics: DiagnosticCounts,
}

#[derive(Serialize)]
struct DiagnosticCounts {
    error: usize,
    warning: usize,
    info: usize,
}

/// Loads anew. 200 tells the new generation; 500 that the load failed and the old snapshot goes on, and why.
pub(super) async fn reload(
    State(app): State<App>,
    QueryParams(params): QueryParams<ReloadParams>,
) -> Result<Response, Fault> {
    let is_dry = params.dry_run.unwrap_or(false);
    let may_be_empty = params.allow_empty.unwrap_or(false);
    let host = Arc::clone(app.host());
    let busy = |_| Fault::overloaded("enough reloads are waiting for their turn; try again when they are done");
    let permit = Arc::clone(&app.reloads).try_acquire_owned().map_err(busy)?;
    let work = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        step_back();
        if is_dry {
            return host.dry_run().map(|snapshot| ("dry_run", Arc::new(snapshot))).map_err(|error| explain(&error));
        }
        let mut progress = |_| {};
        let reloaded = if may_be_empty { host.reload_even_empty(&mut progress) } else { host.reload(&mut progress) };
        host.note("POST /admin/reload", &reloaded);
        let reloaded = reloaded.map_err(|error| explain(&error))?;
        let outcome = if reloaded == ReloadOutcome::Swapped { "swapped" } else { "unchanged" };
        host.snapshot().map(|snapshot| (outcome, snapshot)).ok_or_else(|| "nothing is loaded".to_owned())
    });
    let (outcome, snapshot) = match work.await {
        Ok(Ok(reloaded)) => reloaded,
        // The operator is trusted with the reason, unlike the readers of the public listener.
        Ok(Err(why)) => return Err(Fault::told_to_operator(format!("the load failed: {why}"))),
        Err(error) => return Err(Fault::internal(error)),
    };
    json(&ReloadAnswer {
        outcome,
        generation: snapshot.view(Viewer::Pro).generation.clone(),
        build_ms: snapshot.provenance().build_ms,
        diagnostics: count(&snapshot),
    })
}

fn count(snapshot: &Snapshot) -> DiagnosticCounts {
    let of = |severity| snapshot.provenance().n_diagnostics(severity);
    DiagnosticCounts { error: of(Severity::Error), warning: of(Severity::Warning), info: of(Severity::Info) }
}

/// The content problems of the snapshot being served and why the newest load failed, if it did.
#[derive(Serialize)]
struct DiagnosticsAnswer<'a> {
    items: Vec<DiagnosticItem<'a>>,
    total: usize,
    truncated: bool,
    generation: &'a str,
    last_failure: Option<String>,
}

/// A content problem as JSON. The command line prints the same.
#[derive(Serialize)]
pub(crate) struct DiagnosticItem<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    file: &'a str,
    line: u32,
    column: u32,
    line_text: Option<&'a str>,
    help: Option<&'a str>,
    notes: Vec<DiagnosticNote<'a>>,
}

#[derive(Serialize)]
struct DiagnosticNote<'a> {
    message: &'a str,
    file: &'a str,
    line: u32,
    column: u32,
}

impl<'a> From<&'a Diagnostic> for DiagnosticItem<'a> {
    fn from(diagnostic: &'a Diagnostic) -> Self {
        let note = |(file, position, message): &'a (Box<str>, gradus_corpus::Position, String)| DiagnosticNote {
            message,
            file,
            line: position.line,
            column: position.column,
        };
        Self {
            code: diagnostic.code.as_str(),
            severity: diagnostic.severity.as_str(),
            message: &diagnostic.message,
            file: &diagnostic.file,
            line: diagnostic.position.line,
            column: diagnostic.position.column,
            line_text: diagnostic.line_text.as_deref(),
            help: diagnostic.help.as_deref(),
            notes: diagnostic.notes.iter().map(note).collect(),
        }
    }
}

/// The content problems of what is being served.
pub(super) async fn diagnostics(State(app): State<App>, _: NoParams) -> Result<Response, Fault> {
    let last_failure = app.host.failure();
    let snapshot = app.host.snapshot();
    let all = snapshot.as_deref().map_or(&[][..], |snapshot| &snapshot.diagnostics);
    json(&DiagnosticsAnswer {
        items: all.iter().take(limits::DIAGNOSTICS).map(DiagnosticItem::from).collect(),
        total: all.len(),
        truncated: all.len() > limits::DIAGNOSTICS,
        generation: snapshot.as_deref().map_or("", |snapshot| &snapshot.view(Viewer::Pro).generation),
        last_failure,
    })
}

/// How many queries to tell.
#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
pub(super) struct QueriesParams {
    /// At most [`limits::REPORTED_QUERIES`] of each list.
    #[param(value_type = Option<usize>)]
    limit: Option<i64>,
}

/// What readers look for most, and what of it they do not find.
pub(super) async fn queries(
    State(app): State<App>,
    QueryParams(params): QueryParams<QueriesParams>,
) -> Result<Response, Fault> {
    let limit = bounded("limit", params.limit, limits::DEFAULT_REPORTED_QUERIES, limits::REPORTED_QUERIES)?;
    json(&app.queries.report(limit))
}
