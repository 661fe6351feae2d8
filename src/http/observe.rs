//! Observation: a request id, a metric and a log line for every request.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, OnceLock};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use gradus_corpus::Relation;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use super::problem;
use crate::memory::MemoryGauge;
use gradus_engine::snapshot::Snapshot;
use gradus_engine::view::View;
use gradus_engine::viewer::Viewer;

/// Carries the id of a request; one that comes in is kept.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request, for those who answer it.
#[derive(Clone)]
pub(crate) struct RequestId(HeaderValue);

impl RequestId {
    /// The id as text.
    pub(crate) fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }
}

/// Buckets of the OpenTelemetry convention for `http.server.request.duration`, in seconds.
const BUCKETS: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// Longest request id that is kept, in bytes.
const REQUEST_ID_BYTES: usize = 128;

/// The metrics of this process.
#[derive(Clone)]
pub struct Metrics {
    prometheus: PrometheusHandle,
}

impl Metrics {
    /// The recorder of this process, installed at the first call.
    ///
    /// # Errors
    /// If another recorder is installed.
    pub fn install() -> anyhow::Result<Self> {
        static INSTALLED: OnceLock<PrometheusHandle> = OnceLock::new();
        if let Some(prometheus) = INSTALLED.get() {
            return Ok(Self { prometheus: prometheus.clone() });
        }
        let duration = Matcher::Full("http_server_request_duration_seconds".to_owned());
        let recorder = PrometheusBuilder::new().set_buckets_for_metric(duration, &BUCKETS)?.build_recorder();
        let prometheus = INSTALLED.get_or_init(|| recorder.handle()).clone();
        metrics::set_global_recorder(recorder).or_else(|error| {
            // A second thread came here at the same time: the first one's recorder is the one that counts.
            if INSTALLED.get().is_some() { Ok(()) } else { Err(error) }
        })?;
        Ok(Self { prometheus })
    }

    /// All metrics as Prometheus reads them.
    pub(crate) fn render(&self, snapshot: Option<&Snapshot>, memory: &MemoryGauge) -> String {
        memory_gauges(memory);
        metrics::gauge!("gradus_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
        let mut text = self.prometheus.render();
        // Whoever reads metrics has no token: they tell of what everybody may see.
        text.extend(snapshot.map(|snapshot| content(snapshot.view(Viewer::Anonymous))));
        text
    }
}

/// What is told of the content of `view`. It is written here and not kept by the recorder, which is one for all that this
/// process serves.
fn content(view: &View) -> String {
    let nodes = view.counts.kinds.iter().map(|(kind, n)| (format!("{{kind=\"{kind}\"}}"), *n as u64));
    // A relation that the content does not have counts 0.
    let of = |relation: &str| view.counts.relations.get(relation).copied().unwrap_or_default() as u64;
    let edges = Relation::ALL.iter().map(|one| (format!("{{relation=\"{0}\"}}", one.as_str()), of(one.as_str())));
    let alone = |n: u64| vec![(String::new(), n)];
    let n_diagnostics = view.provenance.diagnostics.values().sum::<usize>() as u64;
    let families = [
        ("gradus_graph_nodes", nodes.collect()),
        ("gradus_graph_edges", edges.collect()),
        ("gradus_diagnostics", alone(n_diagnostics)),
        ("gradus_snapshot_timestamp_seconds", alone(view.provenance.built_at)),
    ];
    let told = families.into_iter().map(|(name, values): (&str, Vec<(String, u64)>)| {
        let lines: String = values.iter().map(|(labels, value)| format!("{name}{labels} {value}\n")).collect();
        format!("# TYPE {name} gauge\n{lines}\n")
    });
    told.collect()
}

#[expect(clippy::cast_precision_loss, reason = "bytes of memory are exact below 2^53, which is 8 PiB")]
fn memory_gauges(memory: &MemoryGauge) {
    metrics::gauge!("gradus_memory_resident_bytes").set(memory.resident() as f64);
    if let Some(ceiling) = memory.ceiling() {
        metrics::gauge!("gradus_memory_ceiling_bytes").set(ceiling.bytes as f64);
    }
}

/// Gives the request an id, counts and logs the answer, and renders its problem if it is one.
///
/// The query string is not logged: it holds what a reader searches for and knows.
pub(crate) async fn observe(mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request_id(&request);
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let mut response = problem::render(response, &path, id.to_str().unwrap_or_default());
    let route = matched.as_ref().map_or("unmatched", MatchedPath::as_str);
    let status = response.status().as_u16();
    let took = started.elapsed();
    metrics::histogram!(
        "http_server_request_duration_seconds",
        "http_request_method" => known_method(&method),
        "http_route" => route.to_owned(),
        "http_response_status_code" => status.to_string(),
    )
    .record(took.as_secs_f64());
    // Of what is turned away under load a line a second is logged where that is decided.
    if status >= 500 && status != 503 {
        tracing::warn!(%method, path, status, took_us = micros(took), request_id = ?id, "answered");
    } else {
        tracing::debug!(%method, path, status, took_us = micros(took), request_id = ?id, "answered");
    }
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

/// The method, or `_OTHER` as the OpenTelemetry convention has it: clients can invent methods without end, and each would
/// be a time series.
fn known_method(method: &Method) -> &'static str {
    let known = ["GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"];
    known.into_iter().find(|known| method.as_str() == *known).unwrap_or("_OTHER")
}

fn micros(took: std::time::Duration) -> u64 {
    u64::try_from(took.as_micros()).unwrap_or(u64::MAX)
}

/// The id that came in, or a new one.
fn request_id(request: &Request) -> HeaderValue {
    let given = request.headers().get(REQUEST_ID);
    let fits = |id: &&HeaderValue| id.len() <= REQUEST_ID_BYTES && id.to_str().is_ok();
    given
        .filter(fits)
        .cloned()
        .unwrap_or_else(|| HeaderValue::try_from(new_request_id()).unwrap_or(HeaderValue::from_static("none")))
}

/// The start of this process and a count.
pub(super) fn new_request_id() -> String {
    static STARTED: LazyLock<u64> =
        LazyLock::new(|| SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since_1970| since_1970.as_secs()));
    static COUNT: AtomicU64 = AtomicU64::new(1);
    format!("{:x}-{:x}", *STARTED, COUNT.fetch_add(1, Ordering::Relaxed))
}
