//! A client that asks one thing after another over a connection that it keeps.

use std::io;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What a request was answered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    pub(crate) status: u16,
    pub(crate) took: Duration,
    pub(crate) says_when: bool,
}

/// A client.
pub(crate) struct Asker {
    address: String,
    stream: Option<TcpStream>,
}

impl Asker {
    pub(crate) fn new(address: &str) -> Self {
        Self { address: address.to_owned(), stream: None }
    }

    /// Asks and reads the answer to its end; a connection that was closed meanwhile is opened anew.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> io::Result<Asked> {
        let started = Instant::now();
        let answered = tokio::time::timeout(Duration::from_secs(60), self.try_ask(request)).await;
        let answered = answered.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
        if answered.is_err() {
            self.stream = None;
        }
        let (status, says_when) = answered?;
        Ok(Asked { status, took: started.elapsed(), says_when })
    }

    async fn try_ask(&mut self, request: &[u8]) -> io::Result<(u16, bool)> {
        let is_kept = self.stream.is_some();
        match self.exchange(request).await {
            // A server may close what is idle; that is no answer to the request.
            Err(_) if is_kept => {
                self.stream = None;
                self.exchange(request).await
            }
            answered => answered,
        }
    }

    async fn exchange(&mut self, request: &[u8]) -> io::Result<(u16, bool)> {
        if self.stream.is_none() {
            let stream = TcpStream::connect(&self.address).await?;
            stream.set_nodelay(true)?;
            self.stream = Some(stream);
        }
        let Some(stream) = &mut self.stream else { return Err(io::ErrorKind::NotConnected.into()) };
        stream.write_all(request).await?;
        let mut answer = Vec::with_capacity(4096);
        let head = loop {
            if stream.read_buf(&mut answer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") {
                break String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
            }
        };
        let status = head.get(9..12).and_then(|status| status.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
        let field = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        let length: usize = field("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let mut left = (head.len() + 4 + length).saturating_sub(answer.len());
        let mut sink = vec![0; 64 << 10];
        while left > 0 {
            let n_read = stream.read(&mut sink[..left.min(64 << 10)]).await?;
            if n_read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            left -= n_read;
        }
        let says_when = field("retry-after").is_some();
        if field("connection") == Some("close") {
            self.stream = None;
        }
        Ok((status, says_when))
    }
}

/// `GET path`.
pub(crate) fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n").into_bytes()
}

/// `POST path` with a JSON body.
pub(crate) fn post(path: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")
        .into_bytes()
}

/// What the siege asks of the built-in curriculum.
pub(crate) mod wishes {
    use super::{get, post};

    /// The text of a query of a thousand characters, of common words.
    pub(crate) fn long_query() -> String {
        "the of a to in and is ".repeat(60)[..1_000].to_owned()
    }

    /// `n` queries of Algolia's protocol that cost as much as they may.
    pub(crate) fn algolia(n: usize, hits: usize) -> Vec<u8> {
        let query = serde_json::json!({
            "query": long_query(), "hitsPerPage": hits, "attributesToSnippet": ["*:500"],
        });
        let requests: Vec<_> = (0..n).map(|_| query.clone()).collect();
        post("/1/indexes/*/queries", &serde_json::json!({ "requests": requests }).to_string())
    }

    /// A batch of `n` searches.
    pub(crate) fn batch(n: usize) -> Vec<u8> {
        let paths: Vec<String> = (0..n).map(|n| format!("/v1/search?q=attention+cache+{n}&limit=100")).collect();
        post("/v1/batch", &serde_json::json!({ "requests": paths }).to_string())
    }

    /// What readers and front ends ask, most of it short.
    pub(crate) fn mixed() -> Vec<Vec<u8>> {
        vec![
            get("/v1/search?q=paged+attention"),
            get("/v1/search?q=kv+cache"),
            get("/v1/suggest?q=att"),
            get("/v1/search?q=why+is+decoding+slow"),
            get("/v1/plan?target=paged-attention"),
            get("/v1/concepts/attention/prerequisites"),
            post("/1/indexes/docs/query", r#"{"query":"attention","hitsPerPage":20}"#),
            get("/v1/next?known=attention"),
        ]
    }
}
