//! The life of a server: it listens, loads, tells, reloads and stops.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::cli::gradus;
use crate::process::{ServerProcess, ask, ask_with};

#[test]
fn a_server_answers_reloads_and_stops() {
    let server = ServerProcess::start(gradus(&["serve", "tests/fixtures/locked"]));
    assert!(ask(&server.address, "GET /readyz").starts_with("HTTP/1.1 200"));
    assert!(ask(&server.address, "GET /v1/search?q=unspeakable&known=secretly").contains("unknown_parameter"));
    assert!(ask(&server.address, "GET /v1/next?known=alpha").contains("\"items\""));
    assert!(
        ask(&server.address, "POST /admin/reload").starts_with("HTTP/1.1 404"),
        "the admin has a listener of its own"
    );
    let url = format!("http://{}", server.address);
    let asked = gradus(&["show", "secret", "-f", "json", "--server", &url]).output().unwrap();
    assert!(ask(&server.address, "GET /v1/guides/secret").ends_with(&String::from_utf8(asked.stdout).unwrap()));
    what_a_server_answers_is_printed_as_what_is_asked_here(&url);
    server.signal("HUP");
    assert_eq!(server.logged("reloaded")["why"], "SIGHUP");
    for header in ["origin: https://example.org", "host: example.org"] {
        let foreign = ask_with(&server.admin, "POST /admin/reload", header);
        assert!(foreign.starts_with("HTTP/1.1 401"), "{header}: {foreign}");
    }
    assert!(ask(&server.admin, "POST /admin/reload").contains("\"unchanged\""));
    assert_eq!(server.logged("reloaded")["why"], "POST /admin/reload");
    assert!(ask(&server.admin, "GET /metrics").contains("gradus_reload_total{outcome=\"success\"} 2"));
    let started = Instant::now();
    server.signal("TERM");
    let (code, log) = server.ended();
    assert_eq!(code, Some(0));
    assert!(started.elapsed() < Duration::from_secs(8), "an idle server stops at once");
    assert!(!log.contains("unspeakable") && !log.contains("secretly"), "{log}");
}

#[test]
fn a_page_is_withdrawn_when_its_date_comes() {
    let folder = std::env::temp_dir().join(format!("gradus-it-dates-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let soon = humantime::format_rfc3339_seconds(std::time::SystemTime::now() + Duration::from_secs(4));
    std::fs::write(folder.join("brief.md"), format!("---\nexpiryDate: {soon}\n---\n# Brief\n\nText.\n")).unwrap();
    std::fs::write(folder.join("lasting.md"), "# Lasting\n\nText.\n").unwrap();
    let server = ServerProcess::start(gradus(&["serve", folder.to_str().unwrap()]));
    assert!(ask(&server.address, "GET /v1/guides/brief").starts_with("HTTP/1.1 200"));
    assert_eq!(server.logged("reloaded")["why"], "a date in the content");
    assert!(ask(&server.address, "GET /v1/guides/brief").starts_with("HTTP/1.1 404"));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn the_environment_counts_and_a_flag_wins() {
    let mut command = gradus(&["serve"]);
    command.env("GRADUS_SOURCE", "tests/fixtures/locked").env("GRADUS_WATCH", "0").env("GRADUS_LISTEN", "127.0.0.1:1");
    command.env("GRADUS_ADMIN_TOKEN", "the admin's");
    let server = ServerProcess::start(command);
    assert_ne!(server.address, "127.0.0.1:1");
    assert!(ask(&server.address, "GET /v1/guides/secret").starts_with("HTTP/1.1 200"));
    assert!(ask(&server.admin, "GET /admin/diagnostics").starts_with("HTTP/1.1 401"));
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let header = format!("authorization: {scheme} the admin's");
        let allowed = ask_with(&server.admin, "GET /admin/diagnostics", &header);
        assert!(allowed.starts_with("HTTP/1.1 200"), "{allowed}");
    }
}

#[test]
fn what_cannot_be_served_is_said_at_the_start() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let cases: [(&[&str], &str); 4] = [
        (&["--listen", &address], &format!("cannot listen on {address}")),
        (&["nowhere", "--listen", "127.0.0.1:0"], "cannot read nowhere"),
        (&["--listen", "127.0.0.1:0", "--admin-token", ""], "the admin token is empty"),
        (&["--listen", "127.0.0.1:0", "--jwt-public-key-file", "README.md"], "public key in PEM"),
    ];
    for (args, told) in cases {
        let output = gradus(&[&["serve"], args, &["--admin-listen", "127.0.0.1:0"]].concat()).output().unwrap();
        let complaint = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {complaint}");
        assert!(complaint.contains(told), "{args:?}: {complaint}");
    }
}

#[test]
fn a_watched_file_that_is_replaced_is_loaded_anew() {
    let folder = std::env::temp_dir().join(format!("gradus-it-watch-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (path, other) = (folder.join("rows.jsonl"), folder.join("other"));
    std::fs::write(&path, "{\"id\": \"a\", \"body\": \"One.\"}\n").unwrap();
    let server = ServerProcess::start(gradus(&["serve", path.to_str().unwrap(), "--watch"]));
    for text in ["Two.", "Three."] {
        std::fs::write(&other, format!("{{\"id\": \"a\", \"body\": \"{text}\"}}\n")).unwrap();
        std::fs::rename(&other, &path).unwrap();
        assert_eq!(server.logged("reloaded")["why"], "the content has changed");
        assert!(ask(&server.address, "GET /v1/guides/a").contains(text));
    }
    drop(server);
    std::fs::remove_dir_all(folder).unwrap();
}

/// Every command, in every format, prints the same of the server at `url` as of its source: answers are read back whole.
fn what_a_server_answers_is_printed_as_what_is_asked_here(url: &str) {
    let commands: [&[&str]; 16] = [
        &["search", "beta", "thing", "--explain"],
        &["search", "--kind", "guide"],
        &["complete", "al"],
        &["resolve", "alpha"],
        &["show", "secret"],
        &["show", "alpha"],
        &["show", "secret#shown-heading"],
        &["concepts", "--limit", "1"],
        &["prereqs", "alpha", "--known", "beta"],
        &["unlocks", "beta"],
        &["path", "beta", "alpha"],
        &["plan", "alpha", "--budget", "1h"],
        &["next"],
        &["related", "free"],
        &["graph", "alpha"],
        &["export", "--to", "csv"],
    ];
    for command in commands {
        for format in ["table", "json", "ndjson", "md"] {
            let run = |place: [&str; 2]| {
                let output = gradus(&[command, &["-f", format], &place].concat()).output().unwrap();
                (
                    output.status.code(),
                    String::from_utf8(output.stdout).unwrap(),
                    String::from_utf8(output.stderr).unwrap(),
                )
            };
            let (here, there) = (run(["--source", "tests/fixtures/locked"]), run(["--server", url]));
            assert_eq!(here.0, Some(0), "{command:?}: {}", here.2);
            assert_eq!(here, there, "{command:?} -f {format}");
        }
    }
    let unknown = gradus(&["show", "nonsense", "--server", url]).output().unwrap();
    assert_eq!(unknown.status.code(), Some(1));
    assert!(String::from_utf8(unknown.stderr).unwrap().contains("is called 'nonsense'"));
}
