//! The life of a server: bind, load, serve, reload, stop.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::serve::ListenerExt;
use gradus_load::Input;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::http::{App, Metrics};
use crate::settings::Settings;
use crate::token::Verifier;
use crate::web;
use gradus_engine::host::Host;
use gradus_engine::limits;

/// A server whose listeners are bound and which has loaded nothing yet.
pub struct Server {
    app: App,
    public: TcpListener,
    admin: TcpListener,
}

impl Server {
    /// Binds the listeners of `settings` for a server of `input`.
    ///
    /// # Errors
    /// If an address cannot be bound or a key cannot be read.
    pub async fn bind(input: Input, settings: &Settings) -> anyhow::Result<Self> {
        let verifier = Verifier::new(settings.jwt_secret.as_deref(), settings.jwt_public_key_file.as_deref())?;
        let host = Arc::new(Host::new(input));
        let app = App::new(host, verifier, settings.admin_token.as_deref(), Metrics::install()?)
            .recording_queries(settings.record_queries)
            .watching(settings.watch);
        Ok(Self { app, public: listen(settings.listen).await?, admin: listen(settings.admin_listen).await? })
    }

    /// The host, to load and to reload.
    pub fn host(&self) -> Arc<Host> {
        Arc::clone(self.app.host())
    }

    /// Where the public listener listens.
    ///
    /// # Errors
    /// If the system does not tell.
    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        self.public.local_addr().context("the public listener has no address")
    }

    /// Where the admin listener listens.
    ///
    /// # Errors
    /// If the system does not tell.
    pub fn admin_address(&self) -> anyhow::Result<SocketAddr> {
        self.admin.local_addr().context("the admin listener has no address")
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
        let until_stopped = |mut stopped: watch::Receiver<bool>| async move {
            // The sender is gone only when it has said so.
            if stopped.wait_for(|stopped| *stopped).await.is_err() {
                tracing::debug!("nobody is left to say stop");
            }
        };
        // Answers are small and complete: waiting to fill a packet would only delay them.
        let public = self.public.tap_io(|stream| {
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "TCP_NODELAY");
            }
        });
        let public = axum::serve(public, web::router(self.app.clone().until(stopped.clone())))
            .with_graceful_shutdown(until_stopped(stopped.clone()));
        let admin =
            axum::serve(self.admin, web::admin_router(self.app)).with_graceful_shutdown(until_stopped(stopped.clone()));
        let give_up = async move {
            until_stopped(stopped).await;
            tokio::time::sleep(limits::SHUTDOWN_TIME).await;
        };
        tokio::select! {
            ended = async { tokio::try_join!(public, admin) } => ended.map(|_| ()).context("the server failed"),
            () = give_up => {
                tracing::warn!("some requests did not end in time");
                Ok(())
            }
        }
    }
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))
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
