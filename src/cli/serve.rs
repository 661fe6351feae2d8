//! `gradus serve`.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;
use gradus_corpus::{Diagnostic, Severity};
use gradus_load::{Input, Progress};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tracing_subscriber::EnvFilter;

use super::args::ServeArgs;
use super::log::LogQueue;
use super::{Outcome, complain, counted, kept};
use crate::builtin::curriculum;
use crate::replica::{Replica, ReplicaSettings, ReplicaStanding};
use crate::serve::{PROGRESS_AFTER, Server, reload_on_dates, reload_on_hangup, stop_signal};
use crate::settings::Settings;
use crate::watch::watch;
use gradus_engine::host::Host;
use gradus_engine::snapshot::cache::SnapshotCache;
use gradus_engine::snapshot::{Snapshot, disk, read_config};
use gradus_engine::unindexed::UnindexedContent;
use gradus_engine::viewer::Viewer;

/// The source at `path`, or the built-in curriculum.
pub(super) fn input(path: Option<&PathBuf>) -> Input {
    path.map_or_else(curriculum, |path| Input::Path(path.clone()))
}

/// Serves until it is told to stop.
pub(super) fn serve(args: ServeArgs, no_cache: bool) -> anyhow::Result<Outcome> {
    let log = log().context("cannot write a log")?;
    let served = configure_and_run(args, no_cache);
    log.iter().for_each(LogQueue::end);
    served.map(|()| Outcome::Done)
}

fn configure_and_run(args: ServeArgs, no_cache: bool) -> anyhow::Result<()> {
    let replica = replica_settings(&args)?;
    let path = args.path;
    let (host, settings) = match replica {
        None => {
            let input = input(path.as_ref());
            let config = read_config(&input)?;
            (Host::new(input), Settings { base_url: config.base_url, ..Settings::new(args.flags, config.serve)? })
        }
        // Where a replica listens is not for the content to say: it may come from elsewhere.
        replica => (Host::without_source(), Settings { replica, ..Settings::new(args.flags, toml::Table::new())? }),
    };
    let runtime = runtime().context("cannot start the runtime")?;
    let cache = kept::cache(no_cache);
    let served = runtime.block_on(run(host, settings, path.as_deref(), cache));
    // A load that was not waited for is not waited for here either.
    runtime.shutdown_background();
    served
}

/// How what is published is served, where that is asked for.
fn replica_settings(args: &ServeArgs) -> anyhow::Result<Option<ReplicaSettings>> {
    let Some(url) = &args.from else { return Ok(None) };
    anyhow::ensure!(args.path.is_none(), "a source of its own and --from exclude each other: say one of them");
    let state = args.state.clone().context(
        "--from needs --state FOLDER: there a replica keeps what it has fetched and which publication it serves, so that it \
         starts without the store and never goes back",
    )?;
    let (poll, wait) = (args.poll, args.wait);
    Ok(Some(ReplicaSettings { store: args.store.at(url), state, poll, wait }))
}

/// The threads that serve connections: one more than may be busy with answers at one time, so that one is always there to
/// read, to turn away and to say that the process lives.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    let n_cores = std::thread::available_parallelism().map_or(1, usize::from);
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(n_cores + 1)
        // Short answers are found between two looks at the sockets: fewer of them, so that nobody waits for long.
        .event_interval(13)
        // Threads that are done with long answers end soon and give back what they hold.
        .thread_keep_alive(std::time::Duration::from_secs(3))
        .enable_all()
        .build()
}

async fn run(host: Host, settings: Settings, path: Option<&Path>, cache: Option<SnapshotCache>) -> anyhow::Result<()> {
    let stop = stop_signal()?;
    let server = Server::bind(host, &settings).await?;
    let host = server.host();
    let address = server.address()?;
    let admin_address = server.admin_address()?;
    let health = server.watch_health();
    let standing = server.standing();
    reload_on_hangup(Arc::clone(&host))?;
    reload_on_dates(Arc::clone(&host));
    let mut serving = tokio::spawn(server.run(stop));
    let loading = Arc::clone(&host);
    let replica = settings.replica.clone();
    let load = tokio::task::spawn_blocking(move || match replica {
        Some(replica) => follow(&replica, &loading, standing),
        None => {
            let mut bar = bar();
            first_load(&loading, cache, &mut |progress| bar(progress)).context("nothing can be served")
        }
    });
    tokio::select! {
        loaded = load => loaded.context("the load was cut off")??,
        // Told to stop while still loading.
        ended = &mut serving => return ended.context("the server was cut off")?,
    };
    let watcher = match path.filter(|_| settings.watch) {
        Some(path) => Some(watch(Arc::clone(&host), path, health)?),
        None => None,
    };
    if let Some((snapshot, source)) = host.snapshot().zip(host.source()) {
        welcome(&snapshot, &source.input, path, address, admin_address);
    }
    if settings.open {
        open(&format!("http://{address}/"));
    }
    let ended = serving.await.context("the server was cut off")?;
    drop(watcher);
    ended
}

/// Loads what is served, from what is kept of it where that is as the source is now; else what is built is kept, while it is served.
fn first_load(host: &Host, cache: Option<SnapshotCache>, progress: &mut dyn FnMut(Progress)) -> anyhow::Result<()> {
    let Some(cache) = cache else { return host.reload(progress).map(|_| ()).map_err(Into::into) };
    if let Some(unkept) = host.load_by(&cache, progress)? {
        // Nobody waits for it, also not who stops the server: what is half written then is not taken for an entry.
        kept::keep(cache, unkept)?;
    }
    Ok(())
}

/// Serves what was served before, else what is published now, if anything is; and follows the store from then on.
fn follow(settings: &ReplicaSettings, host: &Arc<Host>, standing: ReplicaStanding) -> anyhow::Result<()> {
    let mut bar = bar();
    let mut replica = Replica::new(settings, Arc::clone(host), standing)?;
    replica.resume(&mut |progress| bar(progress))?;
    if host.snapshot().is_none() {
        replica.look(&mut |progress| bar(progress));
    }
    replica.follow()
}

/// Tells what is served and where: lines to people, one record to programs.
fn welcome(snapshot: &Snapshot, source: &Input, path: Option<&Path>, address: SocketAddr, admin_address: SocketAddr) {
    let counts = &snapshot.view(Viewer::Pro).counts;
    let (concepts, guides, sections) = (counts.kinds["concept"], counts.kinds["guide"], counts.sections);
    let (version, build_ms) = (env!("CARGO_PKG_VERSION"), snapshot.provenance().build_ms);
    let remarks = snapshot.diagnostics.len();
    if !std::io::stderr().is_terminal() {
        let site = &snapshot.site;
        tracing::info!(version, %address, %admin_address, %source, %site, guides, sections, concepts, build_ms, remarks, "serving");
        return;
    }
    let source = match snapshot.publication() {
        Some(number) => format!("publication {number}"),
        None => source.to_string(),
    };
    complain(&format!(
        "gradus {version}: {guides} guides, {sections} sections, {concepts} concepts from {source} in {build_ms} ms"
    ));
    complain(&format!("  {}; another? name it in gradus.toml: [site] generator", snapshot.site));
    if remarks > 0 && snapshot.publication().is_none() {
        let path = path.map_or(String::new(), |path| format!(" {}", path.display()));
        complain(&format!("  {remarks} remarks on the content: gradus check{path}"));
    }
    complain(&format!("  pages  http://{address}/"));
    complain(&format!("  API    http://{address}/docs"));
    complain(&format!("  try    curl 'http://{address}/v1/search?q=paged+attention'"));
    complain(&format!("  admin  http://{admin_address}/admin/diagnostics"));
}

/// Logs lines to people, JSON to programs, the latter through a queue; `RUST_LOG` says how much.
fn log() -> std::io::Result<Option<LogQueue>> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // Where the log cannot be written (a full disk, a reader that is gone), saying so there would be a panic.
    let log = tracing_subscriber::fmt().with_env_filter(filter).log_internal_errors(false);
    if std::io::stderr().is_terminal() {
        log.with_writer(std::io::stderr).init();
        return Ok(None);
    }
    let queue = LogQueue::new(std::io::stderr())?;
    let writer = queue.clone();
    log.json().with_writer(move || writer.clone()).init();
    Ok(Some(queue))
}

/// Shows how far a load is, on a terminal, once it takes longer than a moment.
pub(super) fn bar() -> impl FnMut(Progress) {
    let started = Instant::now();
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    let style = ProgressStyle::with_template("{spinner} {msg} [{elapsed}]");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    let mut is_shown = false;
    move |progress| {
        if !is_shown && started.elapsed() > PROGRESS_AFTER && std::io::stderr().is_terminal() {
            is_shown = true;
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        bar.set_message(format!("{} files, {} pages", progress.n_files, progress.n_pages));
        bar.tick();
    }
}

/// What `input` holds, made ready to answer; how far that is, and what is missing for errors, is told on the way.
pub(super) fn built(input: &Input) -> anyhow::Result<Snapshot> {
    let mut bar = bar();
    let snapshot = Snapshot::build(input, &mut |progress| bar(progress))?;
    drop(bar);
    tell_errors(&snapshot.diagnostics, input);
    Ok(snapshot)
}

/// The same without what searches and relations need, for commands that ask neither.
pub(super) fn unindexed(input: &Input) -> anyhow::Result<UnindexedContent> {
    let mut bar = bar();
    let content = UnindexedContent::read(input, &mut |progress| bar(progress))?;
    drop(bar);
    tell_errors(&content.diagnostics, input);
    Ok(content)
}

/// Says how many errors the content has: a page that cannot be read is in no answer, and nobody who asks would know.
pub(super) fn tell_errors(diagnostics: &[Diagnostic], input: &Input) {
    let n_errors = diagnostics.iter().filter(|told| told.severity == Severity::Error).count();
    if n_errors == 0 {
        return;
    }
    let errors = counted(n_errors, Severity::Error);
    complain(&match input {
        Input::Path(path) if !disk::is_snapshot(path) => {
            format!("{errors} in the content; `gradus check {}` tells more", path.display())
        }
        _ => format!("{errors} in the content"),
    });
}

/// Opens `url` with what the system opens URLs with. Not being able to is no reason not to serve.
fn open(url: &str) {
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    if let Err(error) = std::process::Command::new(program).arg(url).spawn() {
        complain(&format!("cannot open {url}: {program}: {error}"));
    }
}
