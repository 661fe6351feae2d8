//! Clients that mean no good, and bad luck: what the server does is what it should, whatever they do. How well it does it
//! under load is measured in `tests/siege`.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::cli::gradus;
use crate::process::{ServerProcess, ask, ask_with};

fn server() -> ServerProcess {
    ServerProcess::start(gradus(&["serve", "tests/fixtures/locked"]))
}

/// What `bytes` are answered by a server that then closes.
fn send(address: &str, bytes: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(bytes.as_bytes()).unwrap();
    let mut answer = String::new();
    // What is written into a connection that is being refused may reset it behind the answer.
    let read = stream.read_to_string(&mut answer);
    assert!(read.is_ok() || !answer.is_empty(), "{read:?}");
    answer
}

#[test]
fn what_is_no_request_gets_a_problem() {
    let server = server();
    let long = format!("GET /{} HTTP/1.1\r\nhost: a\r\n\r\n", "a".repeat(70_000));
    let large = format!("GET / HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n", "a".repeat(70_000));
    let many = format!("GET / HTTP/1.1\r\nhost: a\r\n{}\r\n", "x: 1\r\n".repeat(101));
    let cases = [
        ("hello\r\n\r\n", 400, "bad_request"),
        ("GET / HTTP/1.1\r\nno colon\r\n\r\n", 400, "bad_request"),
        ("GET / HTTP/9.9\r\n\r\n", 400, "bad_request"),
        ("GET /livez HTTP/1.1\r\nconnection: close\r\n\r\n", 400, "bad_request"),
        ("GET /livez HTTP/1.1\r\nhost: a\r\nhost: a\r\nconnection: close\r\n\r\n", 400, "bad_request"),
        ("GET /livez HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n", 400, "bad_request"),
        (&long, 414, "uri_too_long"),
        (&large, 431, "headers_too_large"),
        (&many, 431, "headers_too_large"),
    ];
    for (request, status, code) in cases {
        for address in [&server.address, &server.admin] {
            let answer = send(address, request);
            let request = &request[..request.len().min(60)];
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{request:?}: {answer}");
            assert!(answer.contains("content-type: application/problem+json\r\n"), "{request:?}: {answer}");
            let problem: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
            assert_eq!(
                (problem["status"].as_u64(), &problem["code"]),
                (Some(status), &Value::from(code)),
                "{request:?}"
            );
        }
    }
    assert!(send(&server.address, "GET /livez HTTP/1.0\r\n\r\n").starts_with("HTTP/1.0 200"), "HTTP/1.0 names no host");
}

#[cfg(unix)]
#[test]
fn sockets_that_send_half_a_head_stop_nobody() {
    // Far more sockets than the process may have files, both its limits being low.
    let path = env!("CARGO_BIN_EXE_gradus");
    let mut command = std::process::Command::new("sh");
    command.args(["-c", "ulimit -n 64; exec \"$0\" serve tests/fixtures/locked \"$@\"", path]);
    let server = ServerProcess::start(command);
    let mut held = Vec::new();
    for _ in 0..200 {
        let mut stream = TcpStream::connect(&server.address).unwrap();
        // Those that were closed meanwhile cannot be written to, as it should be.
        let half = stream.write_all(b"GET / HTTP/1.1\r\nX: ");
        held.push((stream, half));
        if held.len() % 20 == 0 {
            assert!(ask(&server.address, "GET /v1/search?q=alpha").starts_with("HTTP/1.1 200"));
            assert!(ask(&server.address, "GET /livez").starts_with("HTTP/1.1 200"));
            assert!(ask(&server.admin, "POST /admin/reload").starts_with("HTTP/1.1 200"));
        }
    }
}

#[test]
fn a_wrong_token_of_the_admin_is_logged_and_answered_late() {
    let mut command = gradus(&["serve", "tests/fixtures/locked"]);
    command.env("GRADUS_ADMIN_TOKEN", "the admin's");
    let server = ServerProcess::start(command);
    let started = Instant::now();
    let guess = ask_with(&server.admin, "POST /admin/reload", "authorization: Bearer a guess");
    assert!(guess.starts_with("HTTP/1.1 401") && started.elapsed() >= Duration::from_secs(1), "{guess}");
    let logged = server.logged("a login of the admin failed");
    assert!(
        logged["peer"].as_str().unwrap().starts_with("127.0.0.1:") && logged["path"] == "/admin/reload",
        "{logged}"
    );
    assert!(!logged.to_string().contains("a guess"), "{logged}");
    let twice = "authorization: Bearer the admin's\r\nauthorization: Bearer the admin's";
    assert!(ask_with(&server.admin, "GET /admin/diagnostics", twice).starts_with("HTTP/1.1 401"));
}

#[test]
fn half_a_request_does_not_delay_the_end() {
    let server = server();
    let halves =
        ["", "GE", "GET / HTTP/1.1\r\nhost:", "POST /v1/plan HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n{"];
    let held = halves.map(|half| {
        let mut stream = TcpStream::connect(&server.address).unwrap();
        stream.write_all(half.as_bytes()).unwrap();
        stream
    });
    // One more request is answered: by then the halves have been read.
    assert!(ask(&server.address, "GET /livez").starts_with("HTTP/1.1 200"));
    let started = Instant::now();
    server.signal("TERM");
    let (code, log) = server.ended();
    assert_eq!(code, Some(0), "{log}");
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    drop(held);
}
