//! An engine that wants certificates and a login.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::places::{ScratchFolder, free_port, run};
use crate::process::ServerProcess;
use crate::scene::program;
use crate::{RowOutcome, RunForm};

const PASSWORD: &str = "not-for-the-log";

/// An authority, and certificates that it has signed for a server and for a client.
fn certificates(folder: &ScratchFolder) -> Result<(), String> {
    let file = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
    let extensions = ["-addext", "basicConstraints=critical,CA:TRUE"];
    let (authority, its_key) = (file("ca.pem"), file("ca.key"));
    let out = ["-subj", "/CN=an authority", "-keyout", &its_key, "-out", &authority];
    run("openssl", &[["req", "-x509"].as_slice(), &key, &extensions, &out].concat())?;
    for who in ["server", "client"] {
        let (asked, signed, its_key) =
            (file(&format!("{who}.csr")), file(&format!("{who}.pem")), file(&format!("{who}.key")));
        let extensions = file(&format!("{who}.ext"));
        // The gateway inside of etcd is a client of the server, too.
        let text = "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n";
        std::fs::write(&extensions, text).map_err(|error| error.to_string())?;
        // Where there are logins, etcd's gateway refuses certificates of clients that have a common name.
        let subject = if who == "server" { "/CN=server" } else { "/O=client" };
        run(
            "openssl",
            &[["req"].as_slice(), &key[..5], &["-subj", subject, "-keyout", &its_key, "-out", &asked]].concat(),
        )?;
        let by = ["-CA", &authority, "-CAkey", &file("ca.key"), "-CAcreateserial", "-days", "2"];
        run(
            "openssl",
            &[["x509", "-req", "-in", &asked, "-out", &signed, "-extfile", &extensions].as_slice(), &by].concat(),
        )?;
    }
    Ok(())
}

pub(crate) fn secured(_: RunForm) -> RowOutcome {
    let folder = ScratchFolder::new("secured");
    if let Err(missing) = certificates(&folder) {
        return RowOutcome::Impossible(format!("no certificates can be made ({missing})"));
    }
    let file = |name: &str| folder.join(name).to_string_lossy().into_owned();
    // A plain door on the loopback, to set the login up.
    let (plain, secure, peer) = (free_port(), free_port(), free_port());
    let urls = format!("http://127.0.0.1:{plain},https://127.0.0.1:{secure}");
    let peers = format!("http://127.0.0.1:{peer}");
    let mut etcd = Command::new("etcd")
        .args(["--data-dir", &file("etcd"), "--listen-client-urls", &urls, "--advertise-client-urls", &urls])
        .args(["--listen-peer-urls", &peers, "--initial-advertise-peer-urls", &peers])
        .args([
            "--initial-cluster",
            &format!("default={peers}"),
            "--client-cert-auth",
            "--trusted-ca-file",
            &file("ca.pem"),
        ])
        .args(["--cert-file", &file("server.pem"), "--key-file", &file("server.key"), "--log-level", "error"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let played = set_up(plain).and_then(|()| play(&folder, secure));
    etcd.kill().unwrap();
    etcd.wait().unwrap();
    played.into()
}

/// Makes a user who may do everything, and lets nobody else do anything.
fn set_up(plain: u16) -> Result<(), String> {
    let ask = |path: &str, body: serde_json::Value| {
        let asked = ureq::post(format!("http://127.0.0.1:{plain}/v3/{path}")).send(body.to_string());
        asked.map(|_| ()).map_err(|error| format!("{path}: {error}"))
    };
    let started = Instant::now();
    while ask("kv/range", json!({"key": "YQ=="})).is_err() {
        if started.elapsed() > Duration::from_secs(20) {
            return Err("etcd does not start".to_owned());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    ask("auth/user/add", json!({"name": "root", "password": PASSWORD}))?;
    ask("auth/role/add", json!({"name": "root"}))?;
    ask("auth/user/grant", json!({"user": "root", "role": "root"}))?;
    ask("auth/enable", json!({}))
}

fn play(folder: &ScratchFolder, secure: u16) -> Result<String, String> {
    let file = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let url = format!("etcds://127.0.0.1:{secure}/it");
    let (ca, cert, key) = (file("ca.pem"), file("client.pem"), file("client.key"));
    let ours = ["--etcd-ca", &ca, "--etcd-cert", &cert, "--etcd-key", &key];
    let publish = |more: &[&str], password: &str| {
        let output = Command::new(program())
            .args(["publish", "tests/fixtures/locked", "--to", &url])
            .args(more)
            .env("GRADUS_ETCD_LOGIN", format!("root:{password}"))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        (output.status.code(), told)
    };
    let (status, told) = publish(&ours, PASSWORD);
    if status != Some(0) {
        return Err(format!("with all that is wanted: {told}"));
    }
    for (what, more, password, words) in [
        ("without the authority", &ours[2..], PASSWORD, "cannot be reached"),
        ("without a certificate", &ours[..2], PASSWORD, "cannot be reached"),
        ("with a wrong password", &ours[..], "wrong", "refuses the login"),
    ] {
        let (status, told) = publish(more, password);
        if status != Some(2) || !told.contains(words) || told.contains(password) {
            return Err(format!("{what}: {status:?} {told}"));
        }
    }
    let mut command = Command::new(program());
    command.args(["serve", "--from", &url, "--state", &file("state")]).args(ours);
    command.env("GRADUS_ETCD_LOGIN", format!("root:{PASSWORD}"));
    let replica = ServerProcess::start(command);
    let answer =
        ureq::get(format!("http://{}/v1/guides", replica.address)).call().map_err(|error| error.to_string())?;
    let number = answer.headers().get("gradus-publication").and_then(|one| one.to_str().ok()).unwrap_or_default();
    if number != "1" {
        return Err(format!("a replica with all that is wanted serves '{number}'"));
    }
    Ok("published and served with certificates and a login; without the authority, the certificate or the password, refused".to_owned())
}
