//! Sizes: how long much content takes to publish and to be seen, and what a balancer makes of three replicas.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::places::{ScratchFolder, free_port, run};
use crate::scene::{Scene, Stage, program};
use crate::{RowOutcome, RunForm};

/// Longest wait for anything here.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long a balancer is asked, and by how many at one time.
const ASKED_FOR: Duration = Duration::from_secs(5);
const CLIENTS: usize = 8;

/// A generator of numbers without pattern (Steele, Lea and Flood's SplitMix64), seeded by its start.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// Writes page `at`: some 2 kB of words, of which few are in many pages, and two links.
fn write_page(docs: &Path, at: usize, version: u64, n: usize) {
    let mut numbers = Numbers(at as u64 * 1_000 + version);
    let mut text = format!("---\ntitle: Page {at} of many\nid: p{at}\n---\n# Page {at} of many\n\n");
    for _ in 0..2 {
        let other = usize::try_from(numbers.next()).unwrap() % n;
        write!(text, "See [that one](../d{}/p{other}.md). ", other / 500).unwrap();
    }
    for word in 0..280 {
        let number = numbers.next();
        // The square makes small numbers frequent, as words are in texts.
        let rank = (number % 200).pow(2);
        write!(text, "w{rank:x}{}", if word % 12 == 11 { ".\n" } else { " " }).unwrap();
    }
    let folder = docs.join(format!("d{}", at / 500));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("p{at}.md")), text).unwrap();
}

/// Publishes `docs`, and gives the number, the time that took and what was said.
fn publish(docs: &Path, url: &str) -> Result<(String, Duration, String), String> {
    let started = Instant::now();
    let output = Command::new(program()).arg("publish").arg(docs).args(["--to", url]).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    if !output.status.success() {
        return Err(told);
    }
    Ok((String::from_utf8_lossy(&output.stdout).trim().to_owned(), started.elapsed(), told))
}

fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

pub(crate) fn sizes(_: RunForm) -> RowOutcome {
    many().and_then(|told| changed().map(|also| format!("{also}; {told}"))).into()
}

/// 10,000 pages of which 100 change: how soon three replicas serve them.
fn changed() -> Result<String, String> {
    const PAGES: usize = 10_000;
    let scene = Scene::new("changed");
    let stage = Stage { replicas: &scene.replicas, account: &scene.account, url: &scene.url(), folder: &scene.folder };
    let docs = scene.folder.join("docs");
    (0..PAGES).for_each(|at| write_page(&docs, at, 0, PAGES));
    let (number, first, told) = publish(&docs, stage.url)?;
    stage.serve_all(number.parse().unwrap(), PATIENCE)?;
    let mut worst = Duration::ZERO;
    let mut said = String::new();
    for version in 1..=3 {
        (0..PAGES).step_by(100).for_each(|at| write_page(&docs, at, version, PAGES));
        let (number, took, told) = publish(&docs, stage.url)?;
        let seen = stage.serve_all(number.parse().unwrap(), PATIENCE)?;
        worst = worst.max(seen);
        said = format!("{told}, acknowledged after {}, seen by all {} later", seconds(took), seconds(seen));
        println!("     sizes            {said}");
    }
    println!("     sizes            first: {told}, {}", seconds(first));
    let bar = Duration::from_secs(2);
    if worst > bar { Err(format!("seen by all {} after the acknowledgement", seconds(worst))) } else { Ok(said) }
}

/// 100,000 pages published for the first time.
fn many() -> Result<String, String> {
    const PAGES: usize = 100_000;
    let scene = Scene::new("many");
    (0..3).for_each(|at| scene.kill_replica(at));
    let docs = scene.folder.join("docs");
    (0..PAGES).for_each(|at| write_page(&docs, at, 0, PAGES));
    let (_, took, told) = publish(&docs, &scene.url())?;
    let bar = Duration::from_secs(60);
    if took > bar { Err(format!("{PAGES} pages took {}", seconds(took))) } else { Ok(told) }
}

/// An nginx before some replicas, stopped when it is dropped.
struct Balancer {
    child: Child,
    port: u16,
}

impl Balancer {
    fn start(folder: &ScratchFolder, replicas: &[String]) -> Result<Self, String> {
        let port = free_port();
        let servers: String = replicas.iter().map(|address| format!("server {address};")).collect();
        let here = folder.join(&format!("nginx-{port}"));
        std::fs::create_dir_all(&here).unwrap();
        let conf = here.join("nginx.conf");
        let text = format!(
            "daemon off; worker_processes 1; pid {0}/pid; error_log {0}/error.log;\n\
             events {{ worker_connections 512; }}\n\
             http {{ access_log off;\n\
               client_body_temp_path {0}/a; proxy_temp_path {0}/b; fastcgi_temp_path {0}/c; uwsgi_temp_path {0}/d;\n\
               scgi_temp_path {0}/e;\n\
               upstream replicas {{ {servers} keepalive 64; }}\n\
               server {{ listen 127.0.0.1:{port};\n\
                 location / {{ proxy_pass http://replicas; proxy_http_version 1.1; proxy_set_header Connection \"\";\n\
                   proxy_set_header Host $host; proxy_next_upstream error timeout http_503; }} }} }}\n",
            here.display()
        );
        std::fs::write(&conf, text).unwrap();
        let child = Command::new("nginx").arg("-c").arg(&conf).stderr(Stdio::null()).spawn();
        let child = child.map_err(|error| format!("there is no nginx (Debian's package of that name): {error}"))?;
        let balancer = Self { child, port };
        let started = Instant::now();
        while ureq::get(format!("http://127.0.0.1:{port}/livez")).call().is_err() {
            if started.elapsed() > Duration::from_secs(5) {
                return Err("nginx does not answer".to_owned());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(balancer)
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        // Its workers end with it only if it is asked to end.
        if run("kill", &["-TERM", &self.child.id().to_string()]).is_ok() {
            self.child.wait().unwrap();
        }
    }
}

/// Asks the server at `port` as fast as it answers, and gives how many answers that were a second.
fn ask_all(port: u16) -> usize {
    let (n, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let ask = || {
        let agent: ureq::Agent = ureq::Agent::config_builder().build().into();
        while !is_over.load(Ordering::Relaxed) {
            let mut answer = agent.get(format!("http://127.0.0.1:{port}/v1/guides/g0")).call().unwrap();
            answer.body_mut().read_to_vec().unwrap();
            n.fetch_add(1, Ordering::Relaxed);
        }
    };
    std::thread::scope(|scope| {
        (0..CLIENTS).for_each(|_| drop(scope.spawn(ask)));
        std::thread::sleep(ASKED_FOR);
        is_over.store(true, Ordering::Relaxed);
    });
    n.load(Ordering::Relaxed) / usize::try_from(ASKED_FOR.as_secs()).unwrap()
}

/// Ticks of the processor that a process has taken (a hundredth of a second each).
fn ticks(process: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let after_name = stat.rsplit_once(')').unwrap().1;
    after_name.split_whitespace().skip(11).take(2).map(|one| one.parse::<u64>().unwrap()).sum()
}

/// How many requests of guides a replica has answered.
fn answered(address: &str) -> u64 {
    let text = ureq::get(format!("http://{address}/metrics")).call().unwrap().body_mut().read_to_string().unwrap();
    let counts = text.lines().filter(|line| {
        line.starts_with("http_server_request_duration_seconds_count") && line.contains("/v1/guides/{id}\"")
    });
    counts.filter_map(|line| line.rsplit_once(' ')?.1.parse::<u64>().ok()).sum()
}

pub(crate) fn balancer(_: RunForm) -> RowOutcome {
    let scene = Scene::new("balancer");
    let replicas: Vec<(String, u32)> =
        scene.replicas.lock().unwrap().iter().flatten().map(|one| (one.address.clone(), one.child.id())).collect();
    let mut told = Vec::new();
    for n in [1, replicas.len()] {
        let addresses: Vec<String> = replicas[..n].iter().map(|one| one.0.clone()).collect();
        let balancer = match Balancer::start(&scene.folder, &addresses) {
            Ok(balancer) => balancer,
            Err(missing) => return RowOutcome::Impossible(missing),
        };
        let before: Vec<(u64, u64)> =
            replicas[..n].iter().map(|(address, process)| (answered(address), ticks(*process))).collect();
        let rate = ask_all(balancer.port);
        let shares: Vec<(u64, u64)> = replicas[..n]
            .iter()
            .zip(before)
            .map(|((address, process), (n_before, ticks_before))| {
                (answered(address) - n_before, ticks(*process) - ticks_before)
            })
            .collect();
        let (most, least) =
            (shares.iter().map(|one| one.0).max().unwrap(), shares.iter().map(|one| one.0).min().unwrap());
        if least * 10 < most * 9 {
            return RowOutcome::Failed(format!("the work is uneven: {shares:?}"));
        }
        let micros: Vec<String> =
            shares.iter().map(|(n, ticks)| format!("{} us", ticks * 10_000 / n.max(&1))).collect();
        let counts: Vec<String> = shares.iter().map(|one| one.0.to_string()).collect();
        told.push(format!(
            "{n}: {rate} answers/s, {} answered, {} of processor each",
            counts.join("/"),
            micros.join("/")
        ));
    }
    RowOutcome::Held(told.join("; "))
}
