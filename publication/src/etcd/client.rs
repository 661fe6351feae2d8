//! Requests to etcd through its JSON gateway: one member after another, until one answers.

use std::fs;
use std::io::BufReader;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, parse_pem};

use crate::error::{At, PublicationError, Result};

/// Time for a connection to a member: one whose machine is gone answers nothing at all.
const CONNECT_TIME: Duration = Duration::from_secs(1);
/// Time for a small answer. A member that is cut off, or waits for an election, is passed over after it: others may answer.
const CALL_TIME: Duration = Duration::from_secs(1);
/// Time for an answer to a blob.
const BLOB_TIME: Duration = Duration::from_secs(5);
/// Time for which all members are tried again before it is told that none answers.
const PATIENCE: Duration = Duration::from_secs(4);
/// Time between two rounds over all members.
const ROUND_TIME: Duration = Duration::from_millis(100);
/// Bytes of an answer at most: a blob in base64, or a history of many thousand records.
const MAX_ANSWER_BYTES: u64 = 64 << 20;

/// How etcd is reached, beside its addresses.
#[derive(Clone, Debug, Default)]
pub struct EtcdAccess {
    /// PEM file with the certificates of who signs for the members; the public ones where not given.
    pub ca: Option<PathBuf>,
    /// PEM file with the certificate that this end shows.
    pub cert: Option<PathBuf>,
    /// PEM file with the key of that certificate.
    pub key: Option<PathBuf>,
    /// `user:password`.
    pub login: Option<String>,
    /// Whether locked text may cross the network readable.
    pub plaintext: bool,
}

impl EtcdAccess {
    /// Whether any of this asks for TLS.
    fn asks_for_tls(&self) -> bool {
        self.ca.is_some() || self.cert.is_some() || self.key.is_some()
    }
}

/// Refuses what would send locked text over a network for everybody to read.
pub(crate) fn check_plaintext(members: &[String], access: &EtcdAccess, is_secure: bool) -> Result<()> {
    let is_here = |member: &String| {
        let host = member.rsplit_once(':').map_or(member.as_str(), |(host, _)| host).trim_matches(['[', ']']);
        host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    };
    if is_secure || access.asks_for_tls() || access.plaintext || members.iter().all(is_here) {
        return Ok(());
    }
    Err(PublicationError::Address(
        "etcd:// without TLS would send content, locked text among it, readable over the network: write etcds://, name \
         the authority by --etcd-ca, or say --etcd-plaintext where the network is private"
            .to_owned(),
    ))
}

/// Members of one etcd, and how they are asked.
pub(crate) struct EtcdClient {
    members: Vec<String>,
    /// The one that answered last.
    at: AtomicUsize,
    agent: ureq::Agent,
    login: Option<(String, String)>,
    token: Mutex<Option<String>>,
}

/// Why one member gave no answer.
enum Refused {
    /// Another one may.
    Elsewhere(String),
    /// The token is not valid any more.
    Login,
    /// No other one would.
    For(PublicationError),
}

impl EtcdClient {
    /// A client of `members`, each `host:port`.
    pub(crate) fn new(members: &[String], access: &EtcdAccess, is_secure: bool) -> Result<Arc<Self>> {
        let is_secure = is_secure || access.asks_for_tls();
        let scheme = if is_secure { "https" } else { "http" };
        let mut config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(CONNECT_TIME))
            .max_redirects(0)
            // A proxy that is meant for the world has no business between the members and us.
            .proxy(None);
        if is_secure {
            config = config.tls_config(tls(access)?);
        }
        let login = access.login.as_deref().map(|login| {
            let (user, password) = login
                .split_once(':')
                .ok_or_else(|| PublicationError::Address("the login for etcd is written user:password".to_owned()))?;
            Ok::<_, PublicationError>((user.to_owned(), password.to_owned()))
        });
        Ok(Arc::new(Self {
            members: members.iter().map(|member| format!("{scheme}://{member}")).collect(),
            at: AtomicUsize::new(0),
            agent: config.build().into(),
            login: login.transpose()?,
            token: Mutex::new(None),
        }))
    }

    /// What the store is called in messages.
    pub(crate) fn name(&self) -> String {
        format!("etcd at {}", self.members.join(", "))
    }

    /// Asks `path` with a small body.
    pub(crate) fn call(&self, path: &str, body: &Value) -> Result<Value> {
        self.call_within(CALL_TIME, path, body)
    }

    /// Asks `path` with a blob in its body or its answer.
    pub(crate) fn call_with_blob(&self, path: &str, body: &Value) -> Result<Value> {
        self.call_within(BLOB_TIME, path, body)
    }

    /// What is asked may be done twice: an answer may be lost, and the next member is asked the same.
    fn call_within(&self, time: Duration, path: &str, body: &Value) -> Result<Value> {
        let body = body.to_string();
        let started = Instant::now();
        let mut told = Vec::new();
        let mut has_logged_in = false;
        loop {
            for _ in 0..self.members.len() {
                let at = self.at.load(Ordering::Relaxed) % self.members.len();
                let refused = match self.call_member(at, time, path, &body) {
                    Ok(answer) => return Ok(answer),
                    Err(refused) => refused,
                };
                match refused {
                    Refused::For(error) => return Err(error),
                    Refused::Login if !has_logged_in => {
                        has_logged_in = true;
                        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = None;
                        continue;
                    }
                    Refused::Login => return Err(self.denied("the token is refused".to_owned())),
                    Refused::Elsewhere(why) => told.push(format!("{}: {why}", self.members[at])),
                }
                // Only who found this member silent moves on: others may have done so already.
                let next = (at + 1) % self.members.len();
                if self.at.compare_exchange(at, next, Ordering::Relaxed, Ordering::Relaxed).is_err() {
                    tracing::trace!("another call has moved on");
                }
                if started.elapsed() >= PATIENCE {
                    break;
                }
            }
            if started.elapsed() + ROUND_TIME >= PATIENCE {
                told.drain(..told.len().saturating_sub(self.members.len()));
                return Err(PublicationError::Unreachable { store: self.name(), why: told.join("; ") });
            }
            std::thread::sleep(ROUND_TIME);
        }
    }

    fn call_member(&self, at: usize, time: Duration, path: &str, body: &str) -> std::result::Result<Value, Refused> {
        let token = self.token_from(at)?;
        let mut answer = self.send(at, time, path, body, token.as_deref())?;
        let status = answer.status();
        let told = told_by(&mut answer)?;
        if status.is_success() { Ok(told) } else { Err(self.refused(&told)) }
    }

    fn send(
        &self,
        at: usize,
        time: Duration,
        path: &str,
        body: &str,
        token: Option<&str>,
    ) -> std::result::Result<ureq::http::Response<ureq::Body>, Refused> {
        let url = format!("{}/v3/{path}", self.members[at]);
        let request = self.agent.post(&url).config().timeout_global(Some(time)).build();
        let mut request = request.header("content-type", "application/json");
        if let Some(token) = token {
            request = request.header("authorization", token);
        }
        request.send(body).map_err(|error| Refused::Elsewhere(error.to_string()))
    }

    /// The token that this end has been given, if there is a login.
    fn token_from(&self, at: usize) -> std::result::Result<Option<String>, Refused> {
        let Some((name, password)) = &self.login else { return Ok(None) };
        let mut token = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        if token.is_none() {
            let body = json!({"name": name, "password": password}).to_string();
            let mut answer = self.send(at, CALL_TIME, "auth/authenticate", &body, None)?;
            let told = told_by(&mut answer)?;
            if !answer.status().is_success() {
                return Err(match self.refused(&told) {
                    // Only a wrong password is no argument, and another one would not help.
                    Refused::Login => Refused::For(self.denied(message(&told))),
                    refused => refused,
                });
            }
            *token = told["token"].as_str().map(str::to_owned);
        }
        Ok(token.clone())
    }

    fn denied(&self, why: String) -> PublicationError {
        PublicationError::Denied { store: self.name(), why }
    }

    /// What an answer that is none means, by gRPC's code of it.
    fn refused(&self, told: &Value) -> Refused {
        let why = message(told);
        match told["code"].as_u64() {
            Some(16) => Refused::Login,
            _ if why.contains("invalid auth token") => Refused::Login,
            Some(3) if why.contains("authentication failed") || why.contains("user name is empty") => {
                Refused::For(self.denied(why))
            }
            Some(7 | 9) => Refused::For(self.denied(why)),
            Some(8) => Refused::For(PublicationError::Full { store: self.name(), why }),
            Some(3 | 11) => Refused::For(PublicationError::Garbled { store: self.name(), why }),
            _ => Refused::Elsewhere(why),
        }
    }

    /// The lines that `path` goes on to answer, for `time`.
    pub(crate) fn stream(&self, time: Duration, path: &str, body: &Value) -> Result<impl std::io::BufRead + use<>> {
        let at = self.at.load(Ordering::Relaxed) % self.members.len();
        let unreachable = |refused| match refused {
            Refused::Elsewhere(why) => {
                PublicationError::Unreachable { store: self.name(), why: format!("{}: {why}", self.members[at]) }
            }
            Refused::Login => self.denied("the token is refused".to_owned()),
            Refused::For(error) => error,
        };
        let token = self.token_from(at).map_err(unreachable)?;
        let answer = self.send(at, time, path, &body.to_string(), token.as_deref()).map_err(unreachable)?;
        Ok(BufReader::new(answer.into_body().into_reader()))
    }
}

/// What a member answers. A proxy, or another program on this port, answers in words.
fn told_by(answer: &mut ureq::http::Response<ureq::Body>) -> std::result::Result<Value, Refused> {
    let status = answer.status();
    let read = answer.body_mut().with_config().limit(MAX_ANSWER_BYTES).read_to_vec();
    let bytes = read.map_err(|error| Refused::Elsewhere(error.to_string()))?;
    serde_json::from_slice(&bytes).map_err(|_| {
        let words: String = String::from_utf8_lossy(&bytes).trim().chars().take(200).collect();
        Refused::Elsewhere(format!("{status}, without JSON: {words}"))
    })
}

fn message(told: &Value) -> String {
    told["message"].as_str().or_else(|| told["error"].as_str()).unwrap_or("it gives no reason").to_owned()
}

/// Bytes as the gateway writes them.
pub(crate) fn base64(bytes: impl AsRef<[u8]>) -> String {
    STANDARD.encode(bytes)
}

/// The bytes at `field` of an answer.
pub(crate) fn bytes_of(store: &str, value: &Value, field: &str) -> Result<Vec<u8>> {
    let garbled = |why: String| PublicationError::Garbled { store: store.to_owned(), why };
    // The gateway leaves out what is empty.
    let text = value[field].as_str().unwrap_or_default();
    STANDARD.decode(text).map_err(|error| garbled(format!("{field}: {error}")))
}

/// The number at `field` of an answer: the gateway writes 64 bits as text, and leaves out what is 0.
pub(crate) fn number_of(value: &Value, field: &str) -> u64 {
    let number = &value[field];
    number.as_u64().or_else(|| number.as_str()?.parse().ok()).unwrap_or_default()
}

fn tls(access: &EtcdAccess) -> Result<TlsConfig> {
    let unreadable = |path: &PathBuf, why: String| {
        PublicationError::Address(format!("{} holds no PEM that can be used: {why}", path.display()))
    };
    let certificates = |path: &PathBuf| -> Result<Vec<Certificate<'static>>> {
        let bytes = fs::read(path).at(path)?;
        let mut found = Vec::new();
        for one in parse_pem(&bytes) {
            match one.map_err(|error| unreadable(path, error.to_string()))? {
                PemItem::Certificate(certificate) => found.push(certificate),
                _ => tracing::debug!(path = %path.display(), "something besides a certificate is passed over"),
            }
        }
        if found.is_empty() { Err(unreadable(path, "no certificate is in it".to_owned())) } else { Ok(found) }
    };
    let mut config = TlsConfig::builder();
    if let Some(ca) = &access.ca {
        config = config.root_certs(RootCerts::new_with_certs(&certificates(ca)?));
    }
    match (&access.cert, &access.key) {
        (Some(cert), Some(key)) => {
            let bytes = fs::read(key).at(key)?;
            let private = PrivateKey::from_pem(&bytes).map_err(|error| unreadable(key, error.to_string()))?;
            config = config.client_cert(Some(ClientCert::new_with_certs(&certificates(cert)?, private)));
        }
        (None, None) => {}
        _ => return Err(PublicationError::Address("--etcd-cert and --etcd-key belong together".to_owned())),
    }
    Ok(config.build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locked_text_crosses_no_network_readable_unless_it_is_said() {
        let check = |members: &[&str], access: &EtcdAccess, is_secure| {
            check_plaintext(&members.iter().map(ToString::to_string).collect::<Vec<_>>(), access, is_secure).is_ok()
        };
        let plain = EtcdAccess::default();
        assert!(check(&["127.0.0.1:2379", "localhost:1", "[::1]:2"], &plain, false));
        assert!(!check(&["127.0.0.1:2379", "db.example.org:2379"], &plain, false));
        assert!(!check(&["127.0.0.1.example.org:2379"], &plain, false));
        assert!(check(&["db.example.org:2379"], &plain, true));
        assert!(check(&["db.example.org:2379"], &EtcdAccess { plaintext: true, ..plain.clone() }, false));
        assert!(check(&["db.example.org:2379"], &EtcdAccess { ca: Some("ca.pem".into()), ..plain }, false));
    }

    #[test]
    fn numbers_are_read_in_both_spellings() {
        let told = json!({"a": "42", "b": 7});
        assert_eq!(["a", "b", "c"].map(|field| number_of(&told, field)), [42, 7, 0]);
    }

    #[test]
    fn who_cannot_be_reached_is_told_by_address_within_the_patience() {
        // Port 1 of this machine answers nobody.
        let client = EtcdClient::new(&["127.0.0.1:1".to_owned()], &EtcdAccess::default(), false).unwrap();
        let started = Instant::now();
        let error = client.call("kv/range", &json!({})).unwrap_err().to_string();
        assert!(error.starts_with("etcd at http://127.0.0.1:1 cannot be reached: http://127.0.0.1:1: "), "{error}");
        assert!(started.elapsed() < PATIENCE + CALL_TIME);
    }
}
