//! The accept loop, and one task for each connection.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::body::Body as HttpBody;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Request, Response, Version, header};
use gradus_engine::limits;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower::ServiceExt;

use super::bodies::{Answering, ArrivingBody, LeavingBody};
use super::connection::{Connection, ConnectionOrder, Patience};
use super::own_words::Reword;
use super::registry::{ConnectionPlace, Registry};
use super::stream::WatchedStream;

/// Who sent a request.
#[derive(Clone, Copy, Debug)]
pub struct PeerAddress(pub SocketAddr);

/// A request does not say exactly once, and as a name, which host it is for. What it says of that cannot be trusted by
/// anybody between here and its sender.
#[derive(Clone, Copy, Debug)]
pub struct WrongHost;

/// How long connections are waited for.
const PATIENCE: Patience =
    Patience { head: limits::HEAD_TIME, idle: limits::IDLE_TIME, stall: limits::EXPORT_STALL_TIME };
/// Time between two looks at all connections.
const SWEEP: Duration = Duration::from_millis(500);
/// Pause after a connection could not be accepted, for want of files most likely.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// A bound address and the connections that come to it.
pub struct Listener {
    name: &'static str,
    socket: std::net::TcpListener,
    registry: Arc<Registry>,
}

impl Listener {
    /// Binds `address`. In log and metrics the listener is called `name`.
    ///
    /// # Errors
    /// If the address cannot be bound.
    pub async fn bind(name: &'static str, address: SocketAddr, n_connections: usize) -> anyhow::Result<Self> {
        let socket = TcpListener::bind(address).await.and_then(TcpListener::into_std);
        let socket = socket.with_context(|| format!("cannot listen on {address}"))?;
        Ok(Self { name, socket, registry: Registry::new(n_connections) })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// If the system does not tell.
    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        self.socket.local_addr().with_context(|| format!("the {} listener has no address", self.name))
    }

    /// Answers with `router` until `stopped` says so, then lets open requests end, for [`limits::SHUTDOWN_TIME`] at most.
    /// What hyper refuses by itself is told with the body that `reword` makes. While `is_full`, connections that do not
    /// take their answers are closed.
    ///
    /// # Errors
    /// If the runtime cannot watch the socket.
    pub async fn serve(
        self,
        router: Router,
        reword: Reword,
        is_full: impl Fn() -> bool + Send + 'static,
        mut stopped: watch::Receiver<bool>,
    ) -> anyhow::Result<()> {
        let socket = TcpListener::from_std(self.socket).context("cannot watch the listening socket")?;
        let sweeping = tokio::spawn(sweep(self.name, Arc::clone(&self.registry), is_full));
        loop {
            let accepted = tokio::select! {
                accepted = socket.accept() => accepted,
                // The sender is gone only when it has said so.
                _ = stopped.wait_for(|stopped| *stopped) => break,
            };
            match accepted {
                Ok((stream, peer)) => open(&self.registry, stream, peer, router.clone(), reword),
                Err(error) => failed(self.name, &error).await,
            }
        }
        drop(socket);
        self.registry.wind_up();
        let all_ended = async {
            while self.registry.len() > 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        if tokio::time::timeout(limits::SHUTDOWN_TIME, all_ended).await.is_err() {
            tracing::warn!(listener = self.name, n_left = self.registry.len(), "some requests did not end in time");
        }
        sweeping.abort();
        Ok(())
    }
}

/// Closes connections that are waited for too long, for ever.
async fn sweep(name: &'static str, registry: Arc<Registry>, is_full: impl Fn() -> bool) {
    let closed = |n_closed: usize, reason: &'static str| {
        if n_closed > 0 {
            let n_closed = u64::try_from(n_closed).unwrap_or(u64::MAX);
            metrics::counter!("gradus_connections_closed_total", "listener" => name, "reason" => reason)
                .increment(n_closed);
        }
    };
    loop {
        tokio::time::sleep(SWEEP).await;
        closed(registry.sweep(PATIENCE), "waited for too long");
        if is_full() {
            closed(registry.drop_stuck(), "memory");
        }
        #[expect(clippy::cast_precision_loss, reason = "connections are far below 2^53")]
        metrics::gauge!("gradus_connections", "listener" => name).set(registry.len() as f64);
    }
}

/// A connection could not be accepted.
async fn failed(name: &'static str, error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        // It was gone before it was looked at: its fault, and no reason to wait.
        return;
    }
    tracing::warn!(listener = name, %error, "cannot accept a connection");
    tokio::time::sleep(ACCEPT_PAUSE).await;
}

/// Begins to talk, where there is or can be made a place for it.
fn open(registry: &Arc<Registry>, stream: TcpStream, peer: SocketAddr, router: Router, reword: Reword) {
    let connection = Arc::new(Connection::new());
    let Some(place) = registry.admit(&connection) else {
        // All are being answered. There is no room to talk about it: what fits the socket's buffer is said.
        if let Err(error) = stream.try_write(FULL) {
            tracing::debug!(%error, "a connection that has no place is not told so");
        }
        return;
    };
    // Answers are small and complete: waiting to fill a packet would only delay them.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY");
    }
    tokio::spawn(converse(stream, peer, connection, place, router, reword));
}

/// What a connection is told that has no place.
const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

async fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    connection: Arc<Connection>,
    place: ConnectionPlace,
    router: Router,
    reword: Reword,
) {
    let builder = protocol();
    let service = service_fn(|request| answer(request, peer, Arc::clone(&connection), router.clone()));
    let io = TokioIo::new(WatchedStream::new(stream, Arc::clone(&connection), reword));
    let mut conversation = pin!(builder.serve_connection(io, service));
    let mut obeyed = None;
    loop {
        tokio::select! {
            ended = conversation.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%peer, error, "a connection broke off");
                }
                break;
            }
            order = connection.order(obeyed) => {
                if order == ConnectionOrder::Close {
                    break;
                }
                conversation.as_mut().graceful_shutdown();
                obeyed = Some(order);
            }
        }
    }
    drop(place);
}

/// HTTP/1.1 and HTTP/2 with limits to everything that a client can make us keep. Times are kept by the sweep.
fn protocol() -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().header_read_timeout(None).max_buf_size(limits::HEAD_BYTES);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(limits::HTTP2_STREAMS)
        .max_header_list_size(u32::try_from(limits::HEAD_BYTES).unwrap_or(u32::MAX))
        .initial_stream_window_size(64 << 10)
        .initial_connection_window_size(256 << 10)
        .max_send_buf_size(64 << 10)
        .max_pending_accept_reset_streams(16)
        .max_local_error_reset_streams(64)
        .keep_alive_interval(limits::HTTP2_PING_TIME)
        .keep_alive_timeout(limits::HTTP2_PING_TIME);
    builder
}

/// Hands a request over, and notes when it is whole and when its answer is taken.
async fn answer(
    request: Request<Incoming>,
    peer: SocketAddr,
    connection: Arc<Connection>,
    router: Router,
) -> Result<Response<LeavingBody<HttpBody>>, std::convert::Infallible> {
    let has_body = !hyper::body::Body::is_end_stream(request.body());
    let answering = Answering::begin(&connection, request.version() == Version::HTTP_2, has_body);
    let mut request = request.map(|body| HttpBody::new(ArrivingBody::new(body, &connection)));
    request.extensions_mut().insert(PeerAddress(peer));
    if !says_one_host(&request) {
        request.extensions_mut().insert(WrongHost);
    }
    let response = router.oneshot(request).await?;
    connection.took();
    Ok(response.map(|body| LeavingBody::new(body, answering)))
}

/// Whether a request says once which host it is for (RFC 9112, section 3.2; RFC 9113, section 8.3.1).
fn says_one_host<B>(request: &Request<B>) -> bool {
    let is_name = |host: &str| host.parse::<Authority>().is_ok_and(|host| !host.as_str().contains('@'));
    let hosts: Vec<_> = request.headers().get_all(header::HOST).iter().collect();
    let names_one = |headers: &HeaderMap| headers[header::HOST].to_str().is_ok_and(is_name);
    match (hosts.len(), request.version()) {
        (0, Version::HTTP_09 | Version::HTTP_10) => true,
        (0, Version::HTTP_2) => request.uri().authority().is_some(),
        (1, Version::HTTP_2) => {
            let authority = request.uri().authority().map(Authority::as_str);
            authority.is_none_or(|authority| hosts[0] == authority) && names_one(request.headers())
        }
        (1, _) => names_one(request.headers()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(version: Version, uri: &str, hosts: &[&str]) -> bool {
        let request = Request::builder().version(version).uri(uri);
        let request = hosts.iter().fold(request, |request, host| request.header(header::HOST, *host));
        says_one_host(&request.body(()).unwrap())
    }

    #[test]
    fn one_host_is_said_and_no_other() {
        for host in ["example.org", "example.org:80", "[::1]:4747", "127.0.0.1", "localhost"] {
            assert!(check(Version::HTTP_11, "/", &[host]), "{host}");
        }
        assert!(!check(Version::HTTP_11, "/", &[]) && check(Version::HTTP_10, "/", &[]));
        for hosts in [&["a.org", "a.org"][..], &["a.org", "b.org"], &[""], &["a b"], &["who@a.org"], &["a.org/path"]] {
            assert!(!check(Version::HTTP_11, "/", hosts), "{hosts:?}");
        }
        assert!(check(Version::HTTP_2, "http://a.org/", &[]) && check(Version::HTTP_2, "http://a.org/", &["a.org"]));
        assert!(!check(Version::HTTP_2, "http://a.org/", &["b.org"]));
    }
}
