//! Three members of etcd, and what is done to them.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::places::{free_port, run};

/// Longest wait for an engine that was started.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where a member runs.
#[derive(Clone)]
pub(crate) struct MemberPlace {
    /// Its folder.
    pub(crate) data: PathBuf,
    /// Its address.
    pub(crate) host: String,
    /// The network namespace that it runs in, if it has one of its own.
    pub(crate) namespace: Option<String>,
}

/// A member.
struct Member {
    place: MemberPlace,
    client_port: u16,
    peer_port: u16,
    child: Option<Child>,
}

/// An etcd of several members, killed when it is dropped.
pub(crate) struct Etcd {
    members: Vec<Member>,
    more: Vec<String>,
    agent: ureq::Agent,
}

impl Etcd {
    /// Starts a member at each of `places`, with these flags besides, and waits until they have a leader.
    pub(crate) fn start(places: Vec<MemberPlace>, more: &[&str]) -> Self {
        let member = |place| Member { place, client_port: free_port(), peer_port: free_port(), child: None };
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(1)))
            .build()
            .into();
        let mut etcd = Self {
            members: places.into_iter().map(member).collect(),
            more: more.iter().map(ToString::to_string).collect(),
            agent,
        };
        (0..etcd.members.len()).for_each(|at| etcd.begin(at));
        etcd.wait_for_leader();
        etcd
    }

    /// Starts the member again, on what it has kept.
    pub(crate) fn begin(&mut self, at: usize) {
        let peer = |member: &Member| format!("http://{}:{}", member.place.host, member.peer_port);
        let cluster: Vec<String> =
            self.members.iter().enumerate().map(|(at, member)| format!("e{at}={}", peer(member))).collect();
        let member = &self.members[at];
        let client = format!("http://{}:{}", member.place.host, member.client_port);
        let peer = peer(member);
        let mut command = match &member.place.namespace {
            Some(namespace) => {
                let mut command = Command::new("ip");
                command.args(["netns", "exec", namespace, "etcd"]);
                command
            }
            None => Command::new("etcd"),
        };
        command.args(["--name", &format!("e{at}"), "--data-dir"]).arg(&member.place.data);
        command.args(["--listen-client-urls", &client, "--advertise-client-urls", &client]);
        command.args(["--listen-peer-urls", &peer, "--initial-advertise-peer-urls", &peer]);
        command.args([
            "--initial-cluster",
            &cluster.join(","),
            "--initial-cluster-state",
            "new",
            "--log-level",
            "error",
        ]);
        command.args(&self.more).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child =
            command.spawn().unwrap_or_else(|error| panic!("etcd cannot be started (Debian: etcd-server): {error}"));
        self.members[at].child = Some(child);
    }

    /// The addresses of all members, as a store is named.
    pub(crate) fn url(&self, name: &str) -> String {
        let members: Vec<String> =
            self.members.iter().map(|member| format!("{}:{}", member.place.host, member.client_port)).collect();
        format!("etcd://{}/{name}", members.join(","))
    }

    pub(crate) fn len(&self) -> usize {
        self.members.len()
    }

    /// Asks a member.
    pub(crate) fn ask(&self, at: usize, path: &str, body: &Value) -> Option<Value> {
        let member = &self.members[at];
        let url = format!("http://{}:{}/v3/{path}", member.place.host, member.client_port);
        let mut answer = self.agent.post(url).send(body.to_string()).ok()?;
        let told = answer.body_mut().read_to_vec().ok()?;
        if answer.status().is_success() { serde_json::from_slice(&told).ok() } else { None }
    }

    /// The leader, if there is one that says so itself.
    pub(crate) fn leader(&self) -> Option<usize> {
        (0..self.members.len()).filter(|at| self.members[*at].child.is_some()).find(|at| {
            let Some(told) = self.ask(*at, "maintenance/status", &json!({})) else { return false };
            told["leader"].is_string() && told["leader"] == told["header"]["member_id"]
        })
    }

    /// Waits until there is a leader.
    pub(crate) fn wait_for_leader(&self) -> usize {
        let started = Instant::now();
        loop {
            if let Some(leader) = self.leader() {
                return leader;
            }
            assert!(started.elapsed() < PATIENCE, "etcd has no leader");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Sends a signal to a member.
    pub(crate) fn signal(&self, at: usize, name: &str) {
        if let Some(child) = &self.members[at].child {
            run("kill", &[&format!("-{name}"), &child.id().to_string()]).unwrap();
        }
    }

    /// Ends a member by a signal, and waits until it is gone.
    pub(crate) fn end(&mut self, at: usize, signal: &str) {
        self.signal(at, signal);
        if let Some(mut child) = self.members[at].child.take() {
            child.wait().unwrap();
        }
    }
}

impl Drop for Etcd {
    fn drop(&mut self) {
        for at in 0..self.members.len() {
            self.signal(at, "CONT");
            self.end(at, "KILL");
        }
    }
}

/// Whether etcd can be started here.
pub(crate) fn is_installed() -> bool {
    run("etcd", &["--version"]).is_ok()
}
