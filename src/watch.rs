//! Watching the content on disk.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use notify_debouncer_full::notify::{EventKind, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};

use crate::host::Host;
use crate::limits;
use crate::serve::reload;

/// Watches until it is dropped.
pub type Watcher = Debouncer<RecommendedWatcher, RecommendedCache>;

/// Reloads `host` a moment after something under `path` has changed.
///
/// # Errors
/// If the path cannot be watched.
pub fn watch(host: Arc<Host>, path: &Path) -> anyhow::Result<Watcher> {
    let on_change = move |events: DebounceEventResult| match events {
        // Reading the content is an event too; reacting to it would reload for ever.
        Ok(events) if events.iter().all(|event| matches!(event.kind, EventKind::Access(_))) => {}
        Ok(_) => reload(&host, "the content has changed"),
        Err(errors) => errors.iter().for_each(|error| tracing::warn!(%error, "cannot watch")),
    };
    let mut watcher = new_debouncer(limits::WATCH_QUIET, None, on_change).context("cannot watch for changes")?;
    watcher.watch(path, RecursiveMode::Recursive).with_context(|| format!("cannot watch {}", path.display()))?;
    Ok(watcher)
}
