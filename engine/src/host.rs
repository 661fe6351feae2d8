//! The host: which snapshot is being served, and how a new one takes its place.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwapOption;
use gradus_load::{Input, Progress};

use crate::snapshot::{Snapshot, SnapshotError};
use crate::viewer::Viewer;

/// Serves one snapshot at a time. Reading it takes no lock; a reload builds the next one whole, then swaps it in.
pub struct Host {
    input: Input,
    current: ArcSwapOption<Snapshot>,
    /// Why the newest load failed, if it did.
    failure: ArcSwapOption<String>,
    /// Keeps reloads one after another. Nothing that is asked meanwhile waits for it.
    turn: Mutex<()>,
    n_loads: AtomicU64,
}

/// What a reload did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReloadOutcome {
    /// A new snapshot is being served.
    Swapped,
    /// The content is as it was; the old snapshot goes on.
    Unchanged,
}

impl Host {
    /// A host for `input` that serves nothing until [`Host::reload`].
    pub fn new(input: Input) -> Self {
        Self {
            input,
            current: ArcSwapOption::empty(),
            failure: ArcSwapOption::empty(),
            turn: Mutex::new(()),
            n_loads: AtomicU64::new(0),
        }
    }

    /// What is loaded from.
    pub fn input(&self) -> &Input {
        &self.input
    }

    /// The snapshot being served; `None` before the first load.
    pub fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.current.load_full()
    }

    /// How often something was loaded.
    pub fn n_loads(&self) -> u64 {
        self.n_loads.load(Ordering::Relaxed)
    }

    /// Why the newest load failed; `None` if it did not.
    pub fn failure(&self) -> Option<String> {
        self.failure.load().as_deref().cloned()
    }

    /// Loads anew and swaps. Blocks for as long as that takes; reloads that come meanwhile wait for their turn.
    ///
    /// # Errors
    /// If no snapshot could be built, or nothing is left of the content: the old one goes on serving and [`Host::failure`]
    /// tells why.
    pub fn reload(&self, progress: &mut dyn FnMut(Progress)) -> Result<ReloadOutcome, SnapshotError> {
        self.reload_where(false, progress)
    }

    /// The same, where it is meant that nothing is left.
    ///
    /// # Errors
    /// If no snapshot could be built.
    pub fn reload_even_empty(&self, progress: &mut dyn FnMut(Progress)) -> Result<ReloadOutcome, SnapshotError> {
        self.reload_where(true, progress)
    }

    fn reload_where(
        &self,
        may_be_empty: bool,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<ReloadOutcome, SnapshotError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let old = self.current.load_full();
        let n_pages = |snapshot: &Snapshot| snapshot.view(Viewer::Pro).corpus.n_pages();
        let n_before = old.as_deref().map_or(0, n_pages);
        let renewed = Snapshot::renew(old.as_deref(), &self.input, progress);
        let is_emptied = |snapshot: &Snapshot| !may_be_empty && n_before > 0 && n_pages(snapshot) == 0;
        match renewed.and_then(|new| if is_emptied(&new) { Err(SnapshotError::Emptied { n_before }) } else { Ok(new) })
        {
            Ok(snapshot) => {
                self.failure.store(None);
                let unchanged = old.as_ref().is_some_and(|old| old.same_content(&snapshot));
                self.current.store(Some(Arc::new(snapshot)));
                drop(old);
                self.n_loads.fetch_add(1, Ordering::Relaxed);
                Ok(if unchanged { ReloadOutcome::Unchanged } else { ReloadOutcome::Swapped })
            }
            Err(error) => {
                self.failure.store(Some(Arc::new(explain(&error))));
                Err(error)
            }
        }
    }

    /// Counts and logs what came of a reload that `why` asked for.
    pub fn note(&self, why: &str, reloaded: &Result<ReloadOutcome, SnapshotError>) {
        let outcome = if reloaded.is_ok() { "success" } else { "failure" };
        metrics::counter!("gradus_reload_total", "outcome" => outcome).increment(1);
        match reloaded {
            Ok(outcome) => {
                let generation = self.snapshot().map(|snapshot| snapshot.view(Viewer::Pro).generation.clone());
                let changed = *outcome == ReloadOutcome::Swapped;
                tracing::info!(why, changed, generation = generation.unwrap_or_default(), "reloaded");
            }
            Err(error) => {
                tracing::error!(why, error = explain(error), "the reload failed; the old content is served on");
            }
        }
    }

    /// Builds a snapshot as a reload would, and serves the old one all the same.
    ///
    /// # Errors
    /// If no snapshot could be built.
    pub fn dry_run(&self) -> Result<Snapshot, SnapshotError> {
        // Two loads at a time would take twice the memory and be no sooner done.
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        Snapshot::renew(self.current.load_full().as_deref(), &self.input, &mut |_| {})
    }
}

/// `error` with all its causes, in one line.
pub fn explain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let mut told: Vec<String> = causes.map(ToString::to_string).collect();
    told.dedup();
    told.join(": ")
}
