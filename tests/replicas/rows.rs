//! The rows: one fault each.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use gradus_publication::{BlobKind, BlobName, Publication, PublicationError};
use serde_json::json;

use crate::engine::{Etcd, is_installed};
use crate::faults::{FullDisk, Network, PowerDisks};
use crate::places::{ScratchFolder, run};
use crate::scene::{Scene, Stage, program, publish, replica, store};
use crate::{RowOutcome, RunForm};

/// What goes on before a fault, and behind it, in milliseconds.
const CALM: u64 = 1_500;
/// Longest wait for the next publication.
const PATIENCE: Duration = Duration::from_secs(30);

fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

/// Plays `fault` as often as the form says, each time in a scene of its own.
fn rounds(
    name: &str,
    form: RunForm,
    n_long: usize,
    fault: impl Fn(&mut Etcd, &Stage<'_>) -> Result<String, String>,
) -> RowOutcome {
    assert!(is_installed(), "etcd is not installed: Debian's package is etcd-server");
    let mut last = String::new();
    for round in 0..form.of(1, n_long) {
        match Scene::new(name).play(&fault) {
            Ok(told) => last = told,
            Err(told) => return RowOutcome::Failed(format!("round {round}: {told}")),
        }
        if form == RunForm::Long {
            println!("     {name:<16} round {round}: {last}");
        }
    }
    RowOutcome::Held(last)
}

/// Writes may stand still for `bar` at most; in the short form for twice that.
fn within(form: RunForm, bar: Duration, gap: Duration) -> Result<String, String> {
    if gap > form.of(2 * bar, bar) {
        return Err(format!("nothing was published for {}, {} are allowed", seconds(gap), seconds(bar)));
    }
    Ok(format!("write gap {}", seconds(gap)))
}

/// Does `fault` in the midst of everything, and gives the gap in writes that it made.
fn gap_of(etcd: &mut Etcd, stage: &Stage<'_>, fault: impl FnOnce(&mut Etcd)) -> Result<Duration, String> {
    stage.go_on(CALM);
    let began = Instant::now();
    fault(etcd);
    stage.next_acknowledged(PATIENCE)?;
    stage.go_on(CALM);
    Ok(stage.account.gap(began))
}

pub(crate) fn replica_killed(form: RunForm) -> RowOutcome {
    assert!(is_installed(), "etcd is not installed: Debian's package is etcd-server");
    let scene = Scene::new("replica");
    let bar = form.of(Duration::from_secs(4), Duration::from_secs(2));
    let took = |scene: &Scene| {
        let before = scene.replicas.lock().unwrap()[0].as_ref().map(|replica| replica.address.clone());
        let before = before.and_then(|address| served_at(&address));
        scene.kill_replica(0);
        let took = scene.start_replica(0);
        let after = scene.replicas.lock().unwrap()[0].as_ref().and_then(|replica| served_at(&replica.address));
        if after < before || after.is_none() {
            return Err(format!("{before:?} was served before and {after:?} after"));
        }
        if took > bar { Err(format!("it took {} to serve", seconds(took))) } else { Ok(took) }
    };
    for n in 0..5 {
        publish(&scene.store(), &format!("token {n} end")).unwrap();
    }
    let with_engine = match took(&scene) {
        Ok(took) => took,
        Err(told) => return RowOutcome::Failed(told),
    };
    let mut scene = scene;
    (0..scene.etcd.len()).for_each(|at| scene.etcd.end(at, "KILL"));
    match took(&scene) {
        Ok(without) => RowOutcome::Held(format!(
            "serves after {} with the engine, {} without it, nothing older",
            seconds(with_engine),
            seconds(without)
        )),
        Err(told) => RowOutcome::Failed(format!("without the engine: {told}")),
    }
}

fn served_at(address: &str) -> Option<gradus_corpus::PublicationNumber> {
    let answer = ureq::get(format!("http://{address}/v1/guides/g0")).call().ok()?;
    answer.headers().get("gradus-publication")?.to_str().ok()?.parse().ok()
}

pub(crate) fn leader_killed(form: RunForm) -> RowOutcome {
    rounds("leader-killed", form, 20, |etcd, stage| {
        let gap = gap_of(etcd, stage, |etcd| {
            let leader = etcd.wait_for_leader();
            etcd.end(leader, "KILL");
        })?;
        within(form, Duration::from_secs(4), gap)
    })
}

pub(crate) fn leader_stopped(form: RunForm) -> RowOutcome {
    rounds("leader-stopped", form, 10, |etcd, stage| {
        let gap = gap_of(etcd, stage, |etcd| {
            let leader = etcd.wait_for_leader();
            etcd.end(leader, "TERM");
        })?;
        within(form, Duration::from_secs(1), gap)
    })
}

pub(crate) fn rolling(form: RunForm) -> RowOutcome {
    rounds("rolling", form, 10, |etcd, stage| {
        stage.go_on(CALM);
        let began = Instant::now();
        for at in 0..etcd.len() {
            etcd.end(at, "TERM");
            etcd.begin(at);
            // The next one goes when this one is back, as any operator waits for it.
            let back = Instant::now();
            while etcd.ask(at, "kv/range", &json!({"key": "YQ=="})).is_none() {
                if back.elapsed() > PATIENCE {
                    return Err(format!("member {at} does not come back"));
                }
                stage.go_on(50);
            }
            stage.next_acknowledged(PATIENCE)?;
        }
        stage.go_on(CALM);
        within(form, Duration::from_secs(1), stage.account.gap(began))
    })
}

pub(crate) fn leader_paused(form: RunForm) -> RowOutcome {
    rounds("leader-paused", form, 10, |etcd, stage| {
        stage.go_on(CALM);
        let began = Instant::now();
        let leader = etcd.wait_for_leader();
        etcd.signal(leader, "STOP");
        stage.go_on(6_000);
        etcd.signal(leader, "CONT");
        stage.go_on(2 * CALM);
        within(form, Duration::from_secs(4), stage.account.gap(began))
    })
}

pub(crate) fn two_killed(form: RunForm) -> RowOutcome {
    rounds("two-killed", form, 10, |etcd, stage| {
        stage.go_on(CALM);
        etcd.end(0, "KILL");
        etcd.end(1, "KILL");
        // What was under way may still come through.
        stage.go_on(100);
        let asked = Instant::now();
        let refused = match publish(&store(stage.url), "with one member") {
            Ok(publication) => return Err(format!("one of three members took {}", publication.number())),
            Err(error) => error.to_string(),
        };
        let took = asked.elapsed();
        if took > form.of(Duration::from_secs(10), Duration::from_secs(5)) || !refused.contains("cannot be reached") {
            return Err(format!("after {}: {refused}", seconds(took)));
        }
        let before = stage.account.n_answers();
        stage.go_on(500);
        if stage.account.n_answers() == before {
            return Err("nobody was answered meanwhile".to_owned());
        }
        etcd.begin(0);
        let back = stage.next_acknowledged(PATIENCE)?;
        stage.go_on(CALM);
        if back > form.of(Duration::from_secs(8), Duration::from_secs(4)) {
            return Err(format!("with two members it took {} to publish again", seconds(back)));
        }
        Ok(format!("refused after {}, back {} after one came back", seconds(took), seconds(back)))
    })
}

pub(crate) fn all_killed(form: RunForm) -> RowOutcome {
    rounds("all-killed", form, 10, |etcd, stage| {
        let gap = gap_of(etcd, stage, |etcd| {
            (0..etcd.len()).for_each(|at| etcd.end(at, "KILL"));
            std::thread::sleep(Duration::from_secs(1));
            (0..etcd.len()).for_each(|at| etcd.begin(at));
        })?;
        within(form, Duration::from_secs(6), gap)
    })
}

pub(crate) fn power_cut(form: RunForm) -> RowOutcome {
    assert!(is_installed(), "etcd is not installed: Debian's package is etcd-server");
    let mut last = String::new();
    for round in 0..form.of(1, 10) {
        let folder = ScratchFolder::new("power");
        let mut disks = match PowerDisks::new(&folder, 3) {
            Ok(disks) => disks,
            Err(missing) => return RowOutcome::Impossible(missing),
        };
        let places = disks.places();
        let played = Scene::with("power-cut", &[], |_| places).play(|etcd, stage| {
            let mut cut = Ok(());
            let gap = gap_of(etcd, stage, |etcd| {
                (0..etcd.len()).for_each(|at| etcd.signal(at, "STOP"));
                cut = disks.cut();
                (0..etcd.len()).for_each(|at| etcd.end(at, "KILL"));
                cut = std::mem::replace(&mut cut, Ok(())).and_then(|()| disks.mount_again());
                (0..etcd.len()).for_each(|at| etcd.begin(at));
            })?;
            cut.map_err(|told| format!("the power could not be cut: {told}"))?;
            within(form, Duration::from_secs(6), gap)
        });
        drop(disks);
        match played {
            Ok(told) => last = told,
            Err(told) => return RowOutcome::Failed(format!("round {round}: {told}")),
        }
        if form == RunForm::Long {
            println!("     power-cut        round {round}: {last}");
        }
    }
    RowOutcome::Held(last)
}

pub(crate) fn partition(form: RunForm) -> RowOutcome {
    assert!(is_installed(), "etcd is not installed: Debian's package is etcd-server");
    let network = match Network::new(3) {
        Ok(network) => network,
        Err(missing) => return RowOutcome::Impossible(missing),
    };
    let scene = Scene::with("partition", &[], |folder| network.places(folder));
    scene
        .play(|etcd, stage| {
            let cut_off = etcd.wait_for_leader();
            let inside = network.namespace(cut_off);
            let exec = ["ip", "netns", "exec", inside.as_str()];
            let state = stage.folder.join("cut-off");
            let lonely = replica(&exec, stage.url, &state);
            // What it serves is asked for inside: from here nothing leads there once it is cut off.
            let ask = |path: &str| {
                let port = lonely.address.rsplit_once(':').map_or("", |(_, port)| port);
                let script = format!(
                    "import urllib.request as r; a = r.urlopen('http://127.0.0.1:{port}{path}'); \
                     print(a.headers.get('gradus-publication'), a.read().decode())"
                );
                run("ip", &["netns", "exec", &inside, "python3", "-c", &script])
            };
            stage.go_on(CALM);
            let began = Instant::now();
            network.cut(cut_off)?;
            stage.next_acknowledged(PATIENCE)?;
            let gap = stage.account.gap(began);
            let published = Command::new("ip")
                .args(["netns", "exec", &inside])
                .arg(program())
                .args(["publish", "tests/fixtures/locked", "--to", stage.url, "--etcd-plaintext", "--force"])
                .current_dir(env!("CARGO_MANIFEST_DIR"))
                .output()
                .map_err(|error| error.to_string())?;
            if published.status.code() != Some(2) {
                return Err(format!("the minority's publisher ended with {}", published.status));
            }
            stage.go_on(6_000);
            ask("/v1/guides/g0").map_err(|error| format!("the replica that is cut off does not serve: {error}"))?;
            let told = ask("/readyz?verbose")?;
            if !told.contains("store cannot be reached, for ") {
                return Err(format!("the replica that is cut off does not say so: {told}"));
            }
            network.join_again(cut_off)?;
            let newest = newest(stage)?;
            let joined = Instant::now();
            loop {
                let served = ask("/v1/guides/g0")?;
                if served
                    .split(' ')
                    .next()
                    .and_then(|one| one.parse().ok())
                    .is_some_and(|one: gradus_corpus::PublicationNumber| one >= newest)
                {
                    break;
                }
                if joined.elapsed() > PATIENCE {
                    return Err(format!("{newest} is newest, and what was cut off serves {served}"));
                }
                stage.go_on(50);
            }
            let back = seconds(joined.elapsed());
            within(form, Duration::from_secs(4), gap).map(|told| {
                format!("{told}; the minority published nothing, served on and said so, and was back {back} after")
            })
        })
        .into()
}

/// What is newest, once the engine says so: who was cut off and comes back may have it elect anew.
fn newest(stage: &Stage<'_>) -> Result<gradus_corpus::PublicationNumber, String> {
    let (store, started) = (store(stage.url), Instant::now());
    loop {
        match store.register.head() {
            Ok(Some(head)) => return Ok(head.publication.number()),
            told if started.elapsed() > PATIENCE => {
                return Err(format!("the store does not say what is newest: {told:?}"));
            }
            _ => stage.go_on(50),
        }
    }
}

pub(crate) fn publisher_killed(form: RunForm) -> RowOutcome {
    assert!(is_installed(), "etcd is not installed: Debian's package is etcd-server");
    let scene = Scene::new("publisher");
    let docs = scene.folder.join("docs");
    let url = scene.url();
    let write = |version: usize| {
        std::fs::create_dir_all(&docs).unwrap();
        for at in 0..40 {
            let text = format!("---\ntitle: Guide {at}\nid: g{at}\n---\n# Guide {at}\n\nIt shows round {version}.\n");
            std::fs::write(docs.join(format!("g{at}.md")), text).unwrap();
        }
    };
    let command = || {
        let mut command = Command::new(program());
        command.arg("publish").arg(&docs).args(["--to", &url]).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    write(0);
    let started = Instant::now();
    assert!(command().status().unwrap().success());
    let whole = started.elapsed();
    let store = scene.store();
    let (n_rounds, mut n_through) = (form.of(12, 100), 0);
    for round in 1..=n_rounds {
        write(round);
        let head = || store.register.head().unwrap().unwrap().publication.number();
        let before = head();
        let mut publisher = command().spawn().unwrap();
        // At each moment of its life, evenly, and a little behind its end.
        std::thread::sleep(whole * 3 * u32::try_from(round).unwrap() / u32::try_from(2 * n_rounds).unwrap());
        publisher.kill().unwrap();
        publisher.wait().unwrap();
        let after = head();
        n_through += usize::from(after != before);
        if after != before && after != before.next() {
            return RowOutcome::Failed(format!("round {round}: {before} became {after}"));
        }
        if !command().status().unwrap().success() {
            return RowOutcome::Failed(format!("round {round}: publishing again fails"));
        }
        if head() != before.next() {
            return RowOutcome::Failed(format!("round {round}: {before} became {}, published twice", head()));
        }
    }
    let newest = store.register.head().unwrap().unwrap().publication.number();
    let stage = Stage { replicas: &scene.replicas, account: &scene.account, url: &url, folder: &scene.folder };
    match stage.serve_all(newest, PATIENCE) {
        Ok(_) => RowOutcome::Held(format!(
            "{n_rounds} killed, {n_through} of them after their number counted; each content has one number, {newest} is served"
        )),
        Err(told) => RowOutcome::Failed(told),
    }
}

pub(crate) fn pack_damaged(_: RunForm) -> RowOutcome {
    assert!(is_installed(), "etcd is not installed: Debian's package is etcd-server");
    let scene = Scene::new("damaged");
    let stage = Stage { replicas: &scene.replicas, account: &scene.account, url: &scene.url(), folder: &scene.folder };
    let store = scene.store();
    let packs = || -> Vec<String> {
        let blobs = store.blobs.list().unwrap().into_iter().map(|blob| blob.name);
        blobs.filter(|name| name.kind == BlobKind::Pack).map(|name| name.to_string()).collect()
    };
    let before = packs();
    // Nobody may fetch the pack before it is damaged: replicas are kept from it.
    let replicas: Vec<u32> = scene.replicas.lock().unwrap().iter().flatten().map(|one| one.child.id()).collect();
    let signal = |name: &str| replicas.iter().for_each(|id| drop(run("kill", &[&format!("-{name}"), &id.to_string()])));
    signal("STOP");
    let publication = publish(&store, "token damaged end").unwrap();
    let pack = packs().into_iter().find(|pack| !before.contains(pack)).unwrap();
    let key = encoded(&format!("gradus/it/{pack}"));
    scene.etcd.ask(0, "kv/put", &json!({"key": key, "value": encoded("damaged")})).unwrap();
    signal("CONT");
    if let Err(told) = refuses(&stage, publication.number().seq) {
        return RowOutcome::Failed(format!("damaged: {told}"));
    }
    scene.etcd.ask(0, "kv/deleterange", &json!({"key": key})).unwrap();
    // Publishing anything else puts nothing in its place, and what is missing is packed anew.
    let mended = publish(&store, "token mended end").unwrap();
    match stage.serve_all(mended.number(), PATIENCE) {
        Ok(took) => {
            RowOutcome::Held(format!("refused and named by all, the last good one served; mended {}", seconds(took)))
        }
        Err(told) => RowOutcome::Failed(told),
    }
}

fn encoded(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

/// Waits until every replica says that it refuses publication `seq`, while it serves an older one.
fn refuses(stage: &Stage<'_>, seq: u64) -> Result<(), String> {
    let started = Instant::now();
    let addresses: Vec<String> =
        stage.replicas.lock().unwrap().iter().flatten().map(|one| one.address.clone()).collect();
    loop {
        let told: Vec<String> = addresses
            .iter()
            .map(|address| {
                let answer = ureq::get(format!("http://{address}/readyz?verbose")).call();
                answer.map_or_else(|error| error.to_string(), |mut answer| answer.body_mut().read_to_string().unwrap())
            })
            .collect();
        if told.iter().all(|told| told.contains(&format!("publication {seq} refused"))) {
            let served = stage.served();
            let is_older = served.iter().all(|one| one.is_some_and(|one| one.seq < seq));
            return if is_older { Ok(()) } else { Err(format!("{served:?} are served")) };
        }
        if started.elapsed() > PATIENCE {
            return Err(format!("it is not refused: {told:?}"));
        }
        stage.go_on(20);
    }
}

pub(crate) fn bad_publication(form: RunForm) -> RowOutcome {
    assert!(is_installed(), "etcd is not installed: Debian's package is etcd-server");
    let scene = Scene::new("bad");
    let stage = Stage { replicas: &scene.replicas, account: &scene.account, url: &scene.url(), folder: &scene.folder };
    let store = scene.store();
    let head = store.register.head().unwrap().unwrap();
    let good = head.publication.number();
    // As a program of tomorrow would write it, and as no program would.
    for bytes in [br#"{"format": 99, "reader": 99}"#.as_slice(), b"nothing that can be read"] {
        let head = store.register.head().unwrap().unwrap();
        let packed = zstd_of(bytes);
        let name = BlobName::of(BlobKind::Manifest, &packed);
        store.blobs.put(name, &packed).unwrap();
        let next = Publication::new(head.publication.number().next(), name.hash, "a test".to_owned());
        store.register.advance(Some(&head), &next).unwrap();
        if let Err(told) = refuses(&stage, next.number().seq) {
            return RowOutcome::Failed(told);
        }
    }
    let started = Instant::now();
    let restored = gradus_publication::restore(&store, good, Default::default()).unwrap();
    match stage.serve_all(restored.number(), form.of(PATIENCE, Duration::from_secs(5))) {
        Ok(_) => RowOutcome::Held(format!("refused by all, restored everywhere in {}", seconds(started.elapsed()))),
        Err(told) => RowOutcome::Failed(told),
    }
}

/// A frame of zstd that holds `bytes` as they are (RFC 8878, 3.1.1): one segment, one raw block.
fn zstd_of(bytes: &[u8]) -> Vec<u8> {
    let len = u8::try_from(bytes.len()).unwrap();
    let header = (u32::from(len) << 3 | 1).to_le_bytes();
    [&[0x28, 0xb5, 0x2f, 0xfd, 0x20, len], &header[..3], bytes].concat()
}

pub(crate) fn at_once(form: RunForm) -> RowOutcome {
    assert!(is_installed(), "etcd is not installed: Debian's package is etcd-server");
    const PUBLISHERS: usize = 4;
    let scene = Scene::new("at-once");
    // Replicas would build each of them.
    (0..3).for_each(|at| scene.kill_replica(at));
    let (url, n_rounds) = (scene.url(), form.of(40, 250));
    let publish_on = |publisher: usize| {
        let store = store(&url);
        let (mut numbers, mut n_told) = (Vec::new(), 0);
        while numbers.len() < n_rounds {
            match publish(&store, &format!("token {publisher} {} end", numbers.len())) {
                Ok(publication) => numbers.push(publication.number().seq),
                Err(PublicationError::Moved(_)) => n_told += 1,
                Err(error) => return Err(error.to_string()),
            }
        }
        Ok((numbers, n_told))
    };
    let publish_on = &publish_on;
    let all: Result<Vec<(Vec<u64>, usize)>, String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..PUBLISHERS).map(|publisher| scope.spawn(move || publish_on(publisher))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let all = match all {
        Ok(all) => all,
        Err(told) => return RowOutcome::Failed(told),
    };
    let n_told: usize = all.iter().map(|one| one.1).sum();
    let mut numbers: Vec<u64> = all.into_iter().flat_map(|one| one.0).collect();
    numbers.sort_unstable();
    let expected: Vec<u64> = (2..2 + (PUBLISHERS * n_rounds) as u64).collect();
    if numbers != expected {
        return RowOutcome::Failed(format!("{numbers:?}"));
    }
    RowOutcome::Held(format!(
        "{} numbers, one each, no gap; {n_told} times somebody was told to look again",
        numbers.len()
    ))
}

pub(crate) fn store_full(_: RunForm) -> RowOutcome {
    assert!(is_installed(), "etcd is not installed: Debian's package is etcd-server");
    let quota = "--quota-backend-bytes=4194304";
    let scene = Scene::with("store-full", &[quota], |folder| {
        let place = |at: usize| crate::engine::MemberPlace {
            data: folder.join(&format!("e{at}")),
            host: "127.0.0.1".to_owned(),
            namespace: None,
        };
        (0..3).map(place).collect()
    });
    let stage = Stage { replicas: &scene.replicas, account: &scene.account, url: &scene.url(), folder: &scene.folder };
    let store = scene.store();
    for n in 0..200_u32 {
        // What no compressor makes small.
        let noise: String = (0..20_000_u64)
            .map(|at| format!("{:x}", (at + u64::from(n) * 20_000).wrapping_mul(0x9e37_79b9_7f4a_7c15)))
            .collect();
        match publish(&store, &noise) {
            Ok(_) => {}
            Err(error @ PublicationError::Full { .. }) => {
                let told = error.to_string();
                if !told.contains("prune") {
                    return RowOutcome::Failed(format!("it does not say what to do: {told}"));
                }
                let served = stage.served();
                if served.iter().any(Option::is_none) {
                    return RowOutcome::Failed(format!("{served:?} are served"));
                }
                return RowOutcome::Held(format!("refused after {n} publications with what to do; replicas serve on"));
            }
            Err(error) => return RowOutcome::Failed(error.to_string()),
        }
    }
    RowOutcome::Failed("4 MiB were never full".to_owned())
}

pub(crate) fn disk_full(_: RunForm) -> RowOutcome {
    assert!(is_installed(), "etcd is not installed: Debian's package is etcd-server");
    let scene = Scene::new("disk-full");
    let disk = match FullDisk::new(&scene.folder) {
        Ok(disk) => disk,
        Err(missing) => return RowOutcome::Impossible(missing),
    };
    let crowded = replica(&[], &scene.url(), &disk.path().join("state"));
    let before = served_at(&crowded.address);
    disk.fill();
    let publication = publish(&scene.store(), "token full end").unwrap();
    let stage = Stage { replicas: &scene.replicas, account: &scene.account, url: &scene.url(), folder: &scene.folder };
    if let Err(told) = stage.serve_all(publication.number(), PATIENCE) {
        return RowOutcome::Failed(told);
    }
    std::thread::sleep(Duration::from_millis(CALM));
    if served_at(&crowded.address) != before {
        return RowOutcome::Failed("a replica without room took what it cannot keep".to_owned());
    }
    disk.empty();
    let started = Instant::now();
    while served_at(&crowded.address) < Some(publication.number()) {
        if started.elapsed() > PATIENCE {
            return RowOutcome::Failed("with room again, it does not serve what is newest".to_owned());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    RowOutcome::Held(format!("served on what it had; with room again it was back in {}", seconds(started.elapsed())))
}

pub(crate) fn clock_off(_: RunForm) -> RowOutcome {
    assert!(is_installed(), "etcd is not installed: Debian's package is etcd-server");
    // Loaded by the replica itself: the program of that name would stand between it and the signals that end it.
    let Ok(library) = run("faketime", &["-f", "+1h", "printenv", "LD_PRELOAD"]) else {
        return RowOutcome::Impossible("there is no faketime (Debian's package of that name)".to_owned());
    };
    let preload = format!("LD_PRELOAD={library}");
    let scene = Scene::new("clock-off");
    let early = replica(&["env", "FAKETIME=+1h", &preload], &scene.url(), &scene.folder.join("early"));
    for n in 0..5 {
        let publication = publish(&scene.store(), &format!("token {n} end")).unwrap();
        let stage =
            Stage { replicas: &scene.replicas, account: &scene.account, url: &scene.url(), folder: &scene.folder };
        if let Err(told) = stage.serve_all(publication.number(), PATIENCE) {
            return RowOutcome::Failed(told);
        }
        let started = Instant::now();
        while served_at(&early.address) < Some(publication.number()) {
            if started.elapsed() > PATIENCE {
                return RowOutcome::Failed("a replica that is an hour ahead stays behind".to_owned());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    let etag = |address: &str| {
        let answer = ureq::get(format!("http://{address}/v1/guides/g0")).call().unwrap();
        answer.headers().get("etag").unwrap().to_str().unwrap().to_owned()
    };
    let others = scene.replicas.lock().unwrap();
    if others.iter().flatten().any(|other| etag(&other.address) != etag(&early.address)) {
        return RowOutcome::Failed("its answers have other names".to_owned());
    }
    RowOutcome::Held("a replica an hour ahead serves the same under the same names, as soon as the others".to_owned())
}
