//! The protocol of agents over HTTP: each request is pinned as every other is, and its view is what the tools ask.

use std::sync::Arc;

use axum::Router;
use axum::http::request::Parts;
use axum::middleware::from_fn_with_state;
use gradus_engine::view::View;
use rmcp::ErrorData;
use rmcp::service::{RequestContext, RoleServer};
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};

use super::App;
use super::pinned::{self, PinnedView};
use crate::mcp::{McpServer, Pin};
use gradus_engine::limits;

/// Answers from what the middleware has pinned to the request.
#[derive(Clone)]
struct PinnedRequest;

impl Pin for PinnedRequest {
    async fn run<T, W>(&self, context: &RequestContext<RoleServer>, work: W) -> Result<T, ErrorData>
    where
        T: Send + 'static,
        W: FnOnce(&View) -> T + Send + 'static,
    {
        let parts = context.extensions.get::<Parts>();
        let pinned = parts.and_then(|parts| parts.extensions.get::<PinnedView>()).cloned();
        let pinned = pinned.ok_or_else(|| ErrorData::internal_error("no snapshot is pinned to this request", None))?;
        pinned.work(work).await.map_err(|fault| ErrorData::internal_error(fault.message(), None))
    }
}

/// `/mcp`: no sessions, JSON answers, both eras of the protocol. `hosts` are the names that this server is asked by; none
/// stands for any.
pub(super) fn routes(app: &App, hosts: &[String]) -> Router<App> {
    let config = StreamableHttpServerConfig::default()
        .with_json_response(true)
        .with_legacy_session_mode(false)
        .with_max_request_body_bytes(limits::BODY_BYTES)
        .with_allowed_hosts(hosts);
    let service: StreamableHttpService<_, NeverSessionManager> =
        StreamableHttpService::new(|| Ok(McpServer::new(PinnedRequest)), Arc::default(), config);
    Router::new().route_service("/mcp", service).layer(from_fn_with_state(app.clone(), pinned::pin))
}

/// The names by which a server that listens on `address` is asked, and the host of the site's `base_url`. None, which is any,
/// where it listens to other machines: which names lead there is not for it to know. On the loopback a foreign name is that of
/// a page that had its own name lead here.
pub fn hosts(address: std::net::IpAddr, base_url: Option<&str>) -> Vec<String> {
    if !address.is_loopback() {
        return Vec::new();
    }
    let site = base_url.and_then(|url| url.parse::<axum::http::Uri>().ok());
    let site = site.as_ref().and_then(|uri| uri.host()).map(str::to_owned);
    ["localhost", "127.0.0.1", "::1"].into_iter().map(str::to_owned).chain(site).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_for_this_machine_is_asked_by_few_names() {
        let names = hosts("127.0.0.1".parse().unwrap(), Some("https://docs.example.org/guide"));
        assert_eq!(names, ["localhost", "127.0.0.1", "::1", "docs.example.org"]);
        assert!(hosts("0.0.0.0".parse().unwrap(), None).is_empty());
    }
}
