//! The life of a server: bind, load, serve, reload, stop.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{oneshot, watch};

use crate::http::{App, Metrics, hosts, unread};
use crate::memory::{MemoryCeiling, MemoryGauge};
use crate::net::{ConnectionService, Listener, raise_file_limit, shares};
use crate::replica::ReplicaStanding;
use crate::settings::Settings;
use crate::token::Verifier;
use crate::watch::WatchHealth;
use crate::web::{admin_router, router};
use gradus_engine::host::Host;
use gradus_engine::limits;
use gradus_load::Terms;

/// A server whose listeners are bound and which has loaded nothing yet.
pub struct Server {
    app: App,
    public: Listener,
    admin: Listener,
    watch: WatchHealth,
    standing: ReplicaStanding,
}

impl Server {
    /// Binds the listeners of `settings` for a server of `host`.
    ///
    /// # Errors
    /// If an address cannot be bound or a key cannot be read.
    pub async fn bind(host: Host, settings: &Settings) -> anyhow::Result<Self> {
        let names = hosts(settings.listen.ip(), settings.base_url.as_deref());
        let verifier = Verifier::new(settings.jwt_secret.as_deref(), settings.jwt_public_key_file.as_deref())?;
        let standing = ReplicaStanding::default();
        let app = App::new(Arc::new(host), verifier, settings.admin_token.as_deref(), Metrics::install()?)
            .recording_queries(settings.record_queries)
            .editing(settings.edit)
            .asked_by(&names)
            .watching(settings.watch);
        let app = match &settings.replica {
            Some(replica) => app.replicating(standing.clone(), replica.wait),
            None => app,
        };
        let ceiling = MemoryCeiling::new(settings.max_memory);
        let app = app.within(MemoryGauge::new(ceiling));
        // Connections may take a quarter of the memory at most.
        let connection_bytes = ceiling.map_or(u64::MAX, |ceiling| ceiling.bytes / 4);
        let files = raise_file_limit();
        let (n_public, n_admin) = shares(files, connection_bytes, limits::CONNECTION_BYTES, limits::CONNECTIONS);
        let memory = ceiling
            .map_or_else(String::new, |ceiling| format!("{} MiB, says {}", ceiling.bytes >> 20, ceiling.said_by));
        tracing::debug!(n_public, n_admin, files, memory, "bounds");
        let public = Listener::bind("public", settings.listen, n_public).await?;
        let admin = Listener::bind("admin", settings.admin_listen, n_admin).await?;
        let watch = WatchHealth::default();
        Ok(Self { app: app.watched(watch.clone()), public, admin, watch, standing })
    }

    /// The host, to load and to reload.
    pub fn host(&self) -> Arc<Host> {
        Arc::clone(self.app.host())
    }

    /// Tells how well the content is watched; a watch is to be given it.
    pub fn watch_health(&self) -> WatchHealth {
        self.watch.clone()
    }

    /// How it stands with what is published; a replica is to be given it.
    pub fn standing(&self) -> ReplicaStanding {
        self.standing.clone()
    }

    /// Where the public listener listens.
    ///
    /// # Errors
    /// If the system does not tell.
    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        self.public.address()
    }

    /// Where the admin listener listens.
    ///
    /// # Errors
    /// If the system does not tell.
    pub fn admin_address(&self) -> anyhow::Result<SocketAddr> {
        self.admin.address()
    }

    /// Serves until `stop` is ready, then lets open requests end, for [`limits::SHUTDOWN_TIME`] at most.
    ///
    /// # Errors
    /// If a listener fails.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> anyhow::Result<()> {
        let (stopping, stopped) = watch::channel(false);
        tokio::spawn(async move {
            stop.await;
            stopping.send_replace(true);
        });
        let Self { app, public, admin, .. } = self;
        // Whatever readers do, an operator is answered: the admin's thread shares nothing with theirs. And a third one
        // accepts them, answers who asks whether the process lives, and does nothing else.
        let operators = ConnectionService { router: admin_router(app.clone()), reword: unread, workers: None };
        let workers = Some(tokio::runtime::Handle::current());
        let readers = ConnectionService { router: router(app.clone().until(stopped.clone())), reword: unread, workers };
        let admin = on_its_own_thread("gradus-admin", admin.serve(operators, || false, stopped.clone()))?;
        let public = on_its_own_thread("gradus-front", public.serve(readers, move || app.is_full(), stopped))?;
        let end = async |ended: oneshot::Receiver<_>| ended.await.context("a listener was cut off")?;
        tokio::try_join!(end(public), end(admin)).map(|_| ()).context("the server failed")
    }
}

/// Runs `serving` on a thread called `name`.
fn on_its_own_thread(
    name: &str,
    serving: impl Future<Output = anyhow::Result<()>> + Send + 'static,
) -> anyhow::Result<oneshot::Receiver<anyhow::Result<()>>> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start a thread")?;
    let (ending, ended) = oneshot::channel();
    let serve = move || {
        let served = runtime.block_on(serving);
        // A reload that was begun is not waited for.
        runtime.shutdown_background();
        if ending.send(served).is_err() {
            tracing::debug!("nobody waits for a listener to end");
        }
    };
    std::thread::Builder::new().name(name.to_owned()).spawn(serve).context("cannot start a thread")?;
    Ok(ended)
}

/// Reloads `host` at each SIGHUP, for ever.
///
/// # Errors
/// If the signal cannot be listened for.
pub fn reload_on_hangup(host: Arc<Host>) -> anyhow::Result<()> {
    let mut hangups = signal(SignalKind::hangup()).context("cannot listen for SIGHUP")?;
    tokio::spawn(async move {
        while hangups.recv().await.is_some() {
            let host = Arc::clone(&host);
            let reload = move || host.note("SIGHUP", &host.reload(&mut |_| {}));
            if let Err(error) = tokio::task::spawn_blocking(reload).await {
                tracing::error!(%error, "the reload was cut off");
            }
        }
    });
    Ok(())
}

/// Reloads `host` whenever a date in its content comes that publishes or withdraws a page, for ever. What was published to replicas is
/// left alone: it is of the moment of its publication, on each of them.
pub fn reload_on_dates(host: Arc<Host>) {
    tokio::spawn(async move {
        let mut wait = LOOK_FOR_DATES;
        loop {
            tokio::time::sleep(wait).await;
            let until = host.snapshot().and_then(|snapshot| snapshot.until()).filter(|_| !is_published(&host));
            let left = until.map_or(LOOK_FOR_DATES, |until| {
                Duration::from_secs(u64::try_from(until.saturating_sub(Terms::now().now)).unwrap_or_default())
            });
            wait = left.min(LOOK_FOR_DATES);
            if left.is_zero() {
                let host = Arc::clone(&host);
                let reload = move || {
                    let reloaded = host.reload(&mut |_| {});
                    host.note("a date in the content", &reloaded);
                    reloaded.is_ok()
                };
                let is_reloaded = tokio::task::spawn_blocking(reload).await;
                wait = if is_reloaded.unwrap_or(false) { LOOK_FOR_DATES } else { AFTER_FAILURE };
            }
        }
    });
}

fn is_published(host: &Host) -> bool {
    host.source().is_some_and(|source| source.published.is_some())
}

/// Time between two looks at whether the content holds a date to wait for, and after a reload that failed.
const LOOK_FOR_DATES: Duration = Duration::from_secs(2);
const AFTER_FAILURE: Duration = Duration::from_secs(60);

/// Ready at SIGINT or SIGTERM.
///
/// # Errors
/// If the signals cannot be listened for.
pub fn stop_signal() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for SIGINT")?;
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("stopping");
    })
}

/// How long a start may take before a progress bar says how far it is.
pub const PROGRESS_AFTER: Duration = Duration::from_millis(300);
