//! The rows of the siege.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::SiegeForm;
use crate::asker::{Asker, get, post, wishes};
use crate::crowd::{Tally, crowd, run, with_pulse};
use crate::process::{ServerProcess, ask};
use crate::victim::{MemoryGroup, mib, program, start};

/// Milliseconds within which `/livez` is answered whatever goes on. Builds for development compute ten times as long, and
/// share their machine.
fn pulse_bar(form: SiegeForm) -> f64 {
    form.of(3_000.0, 100.0)
}

fn verdict(holds: bool, told: String) -> Result<String, String> {
    if holds { Ok(told) } else { Err(told) }
}

/// Sends `bytes` from `n` sockets and holds them.
fn hold(address: &str, n: usize, bytes: &[u8]) -> Vec<TcpStream> {
    let mut held = Vec::new();
    for _ in 0..n {
        let Ok(mut stream) = TcpStream::connect(address) else { continue };
        // Those that the server has closed by then cannot be written to.
        if stream.write_all(bytes).is_ok() {
            held.push(stream);
        }
    }
    held
}

/// What `n` searches take one after another, each over a connection of its own.
fn newcomers(address: &str, n: usize) -> Tally {
    run(async {
        let mut tally = Tally::default();
        for _ in 0..n {
            tally.add(&Asker::new(address).ask(&get("/v1/search?q=paged+attention")).await);
        }
        tally
    })
}

/// Sockets that send half a head, many more than the server may have files: readers, the admin and health checks go on.
pub(crate) fn slow_sockets(form: SiegeForm) -> Result<String, String> {
    let server = start(&[], Some(256));
    let n = form.of(200, 1_000);
    newcomers(&server.address, n);
    let mut idle = newcomers(&server.address, n);
    let held = hold(&server.address, form.of(1_000, 4_000), b"GET / HTTP/1.1\r\nX: ");
    let mut besieged = newcomers(&server.address, n);
    let admin = ask(&server.admin, "POST /admin/reload").starts_with("HTTP/1.1 200");
    let (before, during) = (idle.percentile_ms(99), besieged.percentile_ms(99));
    let told = format!(
        "{} sockets held at 256 files: {}/{n} readers served, p99 {during:.1} ms (idle {before:.1} ms), admin {}",
        held.len(),
        besieged.n_of(200),
        if admin { "answers" } else { "is gone" },
    );
    verdict(besieged.n_of(200) == n && admin && during <= form.of(10.0, 2.0) * before.max(1.0), told)
}

/// Clients that ask for much and read nothing: what they are owed does not fill the memory, and others are answered.
pub(crate) fn slow_readers(form: SiegeForm) -> Result<String, String> {
    let server = start(&["--max-memory", "512MiB"], None);
    let idle = mib(&server).0;
    let n = form.of(150, 1_000);
    let mut asked = get("/v1/guides?limit=100");
    asked.extend(get("/v1/export"));
    let held = hold(&server.address, n, &asked);
    let served = newcomers(&server.address, 50);
    let (_, peak) = mib(&server);
    let told = format!(
        "{} readers that take nothing: {} of 50 others served, peak {peak} MiB (idle {idle})",
        held.len(),
        served.n_of(200)
    );
    verdict(served.n_of(200) == 50 && peak < 512, told)
}

/// Clients that ask for what is dear and hang up: their work ends, and the next reader is answered at once.
pub(crate) fn hang_ups(form: SiegeForm) -> Result<String, String> {
    let server = start(&["--max-memory", "512MiB"], None);
    let n = form.of(150, 560);
    let posts = hold(&server.address, n, &wishes::algolia(3, 100));
    std::thread::sleep(Duration::from_millis(1_500));
    drop(posts);
    let left = Instant::now();
    let answered = run(async {
        let mut asker = Asker::new(&server.address);
        loop {
            let asked = asker.ask(&get("/v1/plan?target=paged-attention")).await;
            if asked.is_ok_and(|asked| asked.status == 200) || left.elapsed() > Duration::from_secs(30) {
                return left.elapsed();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let (_, peak) = mib(&server);
    let told = format!("{n} posts left alone: a plan is answered {} ms later, peak {peak} MiB", answered.as_millis());
    verdict(answered < Duration::from_secs(3) && peak < 512, told)
}

/// Batches at one time: some are answered, the others are told to come again, and the pulse is felt all the while.
pub(crate) fn batches(form: SiegeForm) -> Result<String, String> {
    let server = start(&["--max-memory", "512MiB"], None);
    let n = form.of(50, 200);
    let (came, mut pulse) =
        run(with_pulse(&server.address, crowd(&server.address, n, &[wishes::batch(form.of(20, 100))], Duration::ZERO)));
    let (_, peak) = mib(&server);
    let longest = pulse.percentile_ms(100);
    let told = format!(
        "{n} batches of {}: {} served, {} told to come again, livez within {longest:.0} ms, peak {peak} MiB",
        form.of(20, 100),
        came.n_of(200),
        came.n_of(503),
    );
    let is_fair = came.n_of(200) > 0 && came.n_of(200) + came.n_of(503) == n && came.n_speechless == 0;
    verdict(is_fair && pulse.n_broken == 0 && longest <= pulse_bar(form) && peak < 512, told)
}

/// Ten times as many clients as are served well, for a minute in the long form, with half a gigabyte.
pub(crate) fn overload(form: SiegeForm) -> Result<String, String> {
    const MIB: u64 = 512;
    let group = MemoryGroup::new(MIB);
    let server = match &group {
        Some(group) => group.start(),
        None => start(&["--max-memory", "512MiB"], None),
    };
    let mixed = wishes::mixed();
    let (short, time) = (form.of(3, 10), Duration::from_secs(form.of(10, 60)));
    run(crowd(&server.address, 4, &mixed, Duration::from_secs(short)));
    let mut idle = run(crowd(&server.address, 1, &mixed, Duration::from_secs(short)));
    let idle_mib = mib(&server).0;
    let mut dear = mixed.clone();
    dear.push(wishes::algolia(10, 100));
    dear.push(wishes::batch(form.of(20, 100)));
    let siege = async {
        let n_cores = std::thread::available_parallelism().map_or(1, usize::from);
        let readers = crowd(&server.address, 80 * n_cores, &mixed, time);
        let besiegers = crowd(&server.address, 20 * n_cores, &dear, time);
        tokio::join!(readers, besiegers)
    };
    let ((mut readers, besiegers), mut pulse) = run(with_pulse(&server.address, siege));
    let peak = mib(&server).1;
    let after = back_to(&server, idle_mib * 3 / 2, Duration::from_secs(10));
    let (before, during, longest) = (idle.percentile_ms(99), readers.percentile_ms(99), pulse.percentile_ms(100));
    let told = format!(
        "{} s, {}: {} served p50 {:.1} p99 {during:.1} ms (idle p99 {before:.1}), {} told to come again, {} without an answer, \
         livez within {longest:.0} ms, MiB idle {idle_mib} peak {peak} after {after}",
        time.as_secs(),
        if group.is_some() { "in a control group of 512 MiB" } else { "--max-memory 512MiB" },
        readers.n_of(200) + besiegers.n_of(200),
        readers.percentile_ms(50),
        readers.n_of(503) + besiegers.n_of(503),
        readers.n_broken + besiegers.n_broken,
    );
    let is_told = [&readers, &besiegers].iter().all(|tally| tally.n_speechless == 0 && tally.n_broken == 0);
    let others = readers.n_others() + besiegers.n_others();
    let is_fast = form == SiegeForm::Short || during <= 5.0 * before && after <= idle_mib * 3 / 2;
    verdict(
        is_told && others == 0 && readers.n_of(200) > 0 && longest <= pulse_bar(form) && peak < MIB && is_fast,
        told,
    )
}

/// What the process takes once that is no more than `wanted`, or after `time`.
fn back_to(server: &ServerProcess, wanted: u64, time: Duration) -> u64 {
    let until = Instant::now() + time;
    loop {
        let now = mib(server).0;
        if now <= wanted || Instant::now() >= until {
            return now;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Reloads, dry runs and signals all at one time: they take turns, and readers are answered.
pub(crate) fn reload_storm(form: SiegeForm) -> Result<String, String> {
    let server = start(&["--max-memory", "512MiB"], None);
    let idle = mib(&server).0;
    let reloads = [post("/admin/reload", ""), post("/admin/reload?dry_run=true", "")];
    let time = Duration::from_secs(form.of(5, 30));
    let mixed = wishes::mixed();
    let (asked, readers) = run(async {
        let readers = crowd(&server.address, 2, &mixed, time);
        tokio::join!(crowd(&server.admin, 50, &reloads, time), readers)
    });
    (0..20).for_each(|_| server.signal("HUP"));
    let answers = ask(&server.address, "GET /v1/search?q=attention").starts_with("HTTP/1.1 200");
    let (_, peak) = mib(&server);
    let told = format!(
        "{} loads, {} told to come again; readers {} served, {} not; peak {peak} MiB (idle {idle})",
        asked.n_of(200),
        asked.n_of(503),
        readers.n_of(200),
        readers.n_of(503) + readers.n_others() + readers.n_broken,
    );
    let is_fair = asked.n_of(200) > 0 && asked.n_others() == 0 && asked.n_broken == 0;
    verdict(answers && is_fair && readers.n_of(200) > 0 && readers.n_broken == 0 && peak < 512, told)
}

/// A source behind a link that is swapped, again and again: how long until the other one is served.
pub(crate) fn watch_faults(form: SiegeForm) -> Result<String, String> {
    let folder = std::env::temp_dir().join(format!("gradus-siege-watch-{}", std::process::id()));
    let page = |text: &str| format!("---\nid: a\n---\n{text}\n");
    for name in ["one", "two"] {
        std::fs::create_dir_all(folder.join(name)).unwrap();
        std::fs::write(folder.join(name).join("a.md"), page(name)).unwrap();
    }
    let current = folder.join("current");
    std::os::unix::fs::symlink("one", &current).unwrap();
    let server = start(&[current.to_str().unwrap(), "--watch"], None);
    let mut longest = Duration::ZERO;
    let n = form.of(6, 30);
    for at in 0..n {
        let name = ["two", "one"][at % 2];
        let started = Instant::now();
        if at % 3 == 2 {
            // Not swapped but removed and, a moment later, made anew.
            std::fs::remove_file(&current).unwrap();
            std::thread::sleep(Duration::from_millis(300));
            std::os::unix::fs::symlink(name, &current).unwrap();
        } else {
            std::os::unix::fs::symlink(name, folder.join("next")).unwrap();
            std::fs::rename(folder.join("next"), &current).unwrap();
        }
        while !ask(&server.address, "GET /v1/guides/a").contains(&format!("{name}</p>")) {
            if started.elapsed() > Duration::from_secs(60) {
                return Err(format!("swap {at}: {name} was never served"));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        longest = longest.max(started.elapsed());
    }
    let is_well = ask(&server.address, "GET /readyz?verbose").contains("[+]watch ok");
    drop(server);
    std::fs::remove_dir_all(&folder).unwrap();
    verdict(is_well, format!("{n} swaps and removals followed, within {} ms at most", longest.as_millis()))
}

/// A log that cannot be written, as on a full disk: answers are none the worse.
pub(crate) fn full_disk(_: SiegeForm) -> Result<String, String> {
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).unwrap();
    let mut command = std::process::Command::new("sh");
    command.args(["-c", "exec \"$0\" serve --listen \"$1\" --admin-listen 127.0.0.1:0 2>/dev/full"]);
    command.arg(program()).arg(port.to_string()).env("RUST_LOG", "debug");
    let mut child = command.spawn().unwrap();
    let address = port.to_string();
    let started = Instant::now();
    let is_ready = |address: &str| TcpStream::connect(address).is_ok() && ask(address, "GET /readyz").contains(" 200 ");
    while !is_ready(&address) && started.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(50));
    }
    let paths = ["/v1/search?q=attention", "/v1/nothing", "/v1/plan?target=attention", "/livez"];
    let statuses: Vec<String> =
        paths.iter().map(|path| ask(&address, &format!("GET {path}"))[9..12].to_owned()).collect();
    let lives = child.try_wait().is_ok_and(|ended| ended.is_none());
    child.kill().unwrap();
    child.wait().unwrap();
    verdict(
        lives && statuses == ["200", "404", "200", "200"],
        format!("log on a full disk: answers {}", statuses.join(" ")),
    )
}

/// SIGTERM while requests are half written and others are being answered.
pub(crate) fn stop(form: SiegeForm) -> Result<String, String> {
    let server = start(&[], None);
    let halves = hold(&server.address, form.of(100, 1_000), b"GET /v1/sea");
    let mut busy = TcpStream::connect(&server.address).unwrap();
    busy.write_all(&wishes::algolia(10, 50)).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let started = Instant::now();
    server.signal("TERM");
    let mut answer = String::new();
    busy.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let read = busy.read_to_string(&mut answer);
    let (code, _) = server.ended();
    let told = format!(
        "{} halves: ended with {code:?} {} ms after SIGTERM, the open request answered {}",
        halves.len(),
        started.elapsed().as_millis(),
        answer.get(9..12).unwrap_or("nothing"),
    );
    verdict(code == Some(0) && read.is_ok() && answer.starts_with("HTTP/1.1 200"), told)
}
