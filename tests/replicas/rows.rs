//! The rows: faults of the engine and of its network, and of a replica.

use std::process::Command;
use std::time::{Duration, Instant};

use gradus_corpus::PublicationNumber;
use serde_json::json;

use crate::engine::{Etcd, is_installed};
use crate::faults::{Network, PowerDisks};
use crate::places::{ScratchFolder, run};
use crate::scene::{Scene, Stage, program, publish, replica, store};
use crate::{RowOutcome, RunForm};

/// What goes on before a fault, and behind it, in milliseconds.
pub(crate) const CALM: u64 = 1_500;
/// Longest wait for the next publication.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) fn seconds(time: Duration) -> String {
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

/// What the replica at `address` serves.
pub(crate) fn served_at(address: &str) -> Option<PublicationNumber> {
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
        // Replicas that missed the last publication refuse who has seen it, after half a second each.
        let before = stage.account.n_answers();
        stage.go_on(3_000);
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
                    .is_some_and(|one: PublicationNumber| one >= newest)
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
fn newest(stage: &Stage<'_>) -> Result<PublicationNumber, String> {
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
