//! What was built of a source, kept for the next command in the cache folder of the user.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::UNIX_EPOCH;

use anyhow::Context;
use gradus_corpus::fingerprint;
use gradus_engine::host::explain;
use gradus_engine::snapshot::Snapshot;
use gradus_engine::snapshot::cache::{SnapshotCache, Unkept};
use gradus_load::{Input, Progress};

/// A snapshot that is being kept, if it was built; who lets go of it waits until it is.
pub(super) struct KeptSnapshot {
    pub(super) snapshot: Arc<Snapshot>,
    keeping: Option<JoinHandle<()>>,
}

impl Drop for KeptSnapshot {
    fn drop(&mut self) {
        if let Some(Err(_)) = self.keeping.take().map(JoinHandle::join) {
            tracing::debug!("keeping what was built was cut off");
        }
    }
}

/// Loads `input`, from what is kept of it where that is as the source is now.
pub(super) fn load(input: &Input, no_cache: bool, progress: &mut dyn FnMut(Progress)) -> anyhow::Result<KeptSnapshot> {
    let Some(cache) = cache(no_cache) else {
        return Ok(KeptSnapshot { snapshot: Arc::new(Snapshot::build(input, progress)?), keeping: None });
    };
    let (snapshot, unkept) = cache.load(input, progress)?;
    let keeping = unkept.map(|unkept| keep(cache, unkept)).transpose()?;
    Ok(KeptSnapshot { snapshot, keeping })
}

/// Keeps what was built, beside everything else.
pub(super) fn keep(cache: SnapshotCache, unkept: Unkept) -> anyhow::Result<JoinHandle<()>> {
    let keep = move || {
        if let Err(error) = cache.keep(&unkept) {
            tracing::info!(
                error = explain(&error),
                "nothing is kept for the next start, which builds the source again"
            );
        }
    };
    std::thread::Builder::new().name("gradus-keep".to_owned()).spawn(keep).context("cannot start a thread")
}

/// The cache of the user, unless it is not wanted. `None`, too, where the system has no place for one, or others may look into it:
/// then every command builds.
pub(super) fn cache(no_cache: bool) -> Option<SnapshotCache> {
    if no_cache {
        return None;
    }
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let below_home = if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" };
    let folder = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(below_home)))?.join("gradus");
    let refused = |error: std::io::Error| {
        tracing::info!(folder = %folder.display(), %error, "nothing is kept for the next start: the folder cannot be used");
    };
    program().and_then(|program| SnapshotCache::new(&folder, program)).map_err(refused).ok()
}

/// A number for this very program: another may read content otherwise.
fn program() -> std::io::Result<u64> {
    let metadata = std::env::current_exe()?.metadata()?;
    let written = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(fingerprint(&(env!("CARGO_PKG_VERSION"), metadata.len(), written)))
}
