//! A server in a process of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::Receiver;
use std::time::Duration;

use serde_json::Value;

/// Longest wait for a line of a log.
const PATIENCE: Duration = Duration::from_secs(120);

/// A server in a process of its own, on ports that the system chose.
pub(crate) struct ServerProcess {
    pub(crate) child: Child,
    log: Receiver<String>,
    pub(crate) address: String,
    pub(crate) admin: String,
}

impl ServerProcess {
    /// Starts `command` and waits until it serves.
    pub(crate) fn start(mut command: Command) -> Self {
        command.args(["--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"]);
        // Only who brings a place for what is kept tests that something is.
        if !command.get_envs().any(|(name, _)| name == "XDG_CACHE_HOME") {
            command.env("GRADUS_NO_CACHE", "1");
        }
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let (sender, log) = std::sync::mpsc::channel();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| sender.send(line)));
        let mut running = Self { child, log, address: String::new(), admin: String::new() };
        let serving = running.logged("serving");
        running.address = serving["address"].as_str().unwrap().to_owned();
        running.admin = serving["admin_address"].as_str().unwrap().to_owned();
        running
    }

    /// The fields of the next record of the log with this message. Every record is JSON: the log is no terminal.
    pub(crate) fn logged(&self, message: &str) -> Value {
        while let Ok(line) = self.log.recv_timeout(PATIENCE) {
            let record: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
            if record["fields"]["message"] == message {
                return record["fields"].clone();
            }
        }
        panic!("the server ended, or took too long, before it said {message:?}");
    }

    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill").args([format!("-{name}"), self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Waits for the end, and gives the exit status and the rest of the log.
    pub(crate) fn ended(mut self) -> (Option<i32>, String) {
        let rest: Vec<String> = self.log.iter().collect();
        (self.child.wait().unwrap().code(), rest.join("\n"))
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            self.child.kill().unwrap();
            self.child.wait().unwrap();
        }
    }
}

/// What `address` answers to a request, head and body.
pub(crate) fn ask(address: &str, request: &str) -> String {
    ask_with(address, request, "accept: */*")
}

/// The same with one header more; one for the host replaces the address.
pub(crate) fn ask_with(address: &str, request: &str, header: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let host = if header.starts_with("host:") { String::new() } else { format!("host: {address}\r\n") };
    write!(stream, "{request} HTTP/1.1\r\n{host}{header}\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
