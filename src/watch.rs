//! Watching the content on disk.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use notify_debouncer_full::notify::{EventKind, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, DebouncedEvent, Debouncer, RecommendedCache, new_debouncer};

use gradus_engine::host::Host;
use gradus_engine::limits;

/// Watches until it is dropped.
pub type Watcher = Debouncer<RecommendedWatcher, RecommendedCache>;

/// Reloads `host` a moment after the file at `path`, or something in that folder, has changed.
///
/// # Errors
/// If the path cannot be watched.
pub fn watch(host: Arc<Host>, path: &Path) -> anyhow::Result<Watcher> {
    // Many programs save a file by putting another in its place, which only its folder sees.
    let file = path.file_name().filter(|_| path.is_file()).map(ToOwned::to_owned);
    let (folder, mode) = match (&file, path.parent()) {
        (None, _) => (path, RecursiveMode::Recursive),
        (Some(_), Some(folder)) if folder != Path::new("") => (folder, RecursiveMode::NonRecursive),
        (Some(_), _) => (Path::new("."), RecursiveMode::NonRecursive),
    };
    let is_change = move |event: &DebouncedEvent| {
        let is_ours = |path: &PathBuf| file.is_none() || path.file_name() == file.as_deref();
        // Reading the content is an event too; reacting to it would reload for ever.
        !matches!(event.kind, EventKind::Access(_)) && event.paths.iter().any(is_ours)
    };
    let on_change = move |events: DebounceEventResult| match events {
        Ok(events) if !events.iter().any(&is_change) => {}
        Ok(_) => host.note("the content has changed", &host.reload(&mut |_| {})),
        Err(errors) => errors.iter().for_each(|error| tracing::warn!(%error, "cannot watch")),
    };
    let mut watcher = new_debouncer(limits::WATCH_QUIET, None, on_change).context("cannot watch for changes")?;
    watcher.watch(folder, mode).with_context(|| format!("cannot watch {}", folder.display()))?;
    Ok(watcher)
}
