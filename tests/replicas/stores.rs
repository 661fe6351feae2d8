//! The rows: faults of a publisher, of what lies in the store, and of disks and clocks.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use gradus_publication::{BlobKind, BlobName, Publication, PublicationError};
use serde_json::json;

use crate::engine::{MemberPlace, is_installed};
use crate::faults::FullDisk;
use crate::places::run;
use crate::rows::{CALM, PATIENCE, seconds, served_at};
use crate::scene::{Scene, Stage, program, publish, replica, store};
use crate::{RowOutcome, RunForm};

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
        let place = |at: usize| MemberPlace {
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
