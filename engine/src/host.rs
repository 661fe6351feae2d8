//! The host: which snapshot is being served, and how a new one takes its place.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwapOption;
use gradus_corpus::PublicationNumber;
use gradus_load::{Input, Progress, Readings, Terms};

use crate::snapshot::cache::{SnapshotCache, Unkept};
use crate::snapshot::{Snapshot, SnapshotError};
use crate::viewer::Viewer;

/// What is loaded, and on which terms.
#[derive(Clone, Debug)]
pub struct LoadSource {
    /// Where the content lies.
    pub input: Input,
    /// What it was published as, and the moment that its dates are compared with, in seconds since 1970; the moment of each load
    /// where it was not published.
    pub published: Option<(PublicationNumber, i64)>,
}

impl LoadSource {
    fn terms(&self) -> Terms {
        self.published.map_or_else(Terms::now, |(_, now)| Terms { now, ..Terms::now() })
    }
}

/// Serves one snapshot at a time. Reading it takes no lock; a reload builds the next one whole, then swaps it in.
pub struct Host {
    /// `None` where everything is published and nothing was yet.
    source: ArcSwapOption<LoadSource>,
    current: ArcSwapOption<Snapshot>,
    /// Why the newest load failed, if it did.
    failure: ArcSwapOption<String>,
    /// What a reload takes over of the one before, and what keeps them one after another. Nothing that is asked meanwhile waits for it.
    turn: Mutex<Readings>,
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
        Self::of(Some(LoadSource { input, published: None }))
    }

    /// A host that serves nothing until [`Host::load_from`].
    pub fn without_source() -> Self {
        Self::of(None)
    }

    fn of(source: Option<LoadSource>) -> Self {
        Self {
            source: ArcSwapOption::from_pointee(source),
            current: ArcSwapOption::empty(),
            failure: ArcSwapOption::empty(),
            turn: Mutex::default(),
            n_loads: AtomicU64::new(0),
        }
    }

    /// What is loaded from; `None` where nothing was published yet.
    pub fn source(&self) -> Option<Arc<LoadSource>> {
        self.source.load_full()
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
        let mut turn = self.take_turn();
        self.noting_failure(|| self.reload_where(false, &mut turn, progress))
    }

    /// The same for the first load, by way of `cache`. What was built then is given back, to be kept once it is served.
    ///
    /// # Errors
    /// As [`Host::reload`].
    pub fn load_by(
        &self,
        cache: &SnapshotCache,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Option<Unkept>, SnapshotError> {
        let _turn = self.take_turn();
        let mut built = None;
        self.noting_failure(|| {
            let source = self.source.load_full().ok_or(SnapshotError::Unpublished)?;
            let (snapshot, unkept) = cache.load(&source.input, progress)?;
            built = unkept;
            Ok(self.swap(self.current.load_full(), snapshot))
        })?;
        Ok(built)
    }

    /// The same, where it is meant that nothing is left.
    ///
    /// # Errors
    /// If no snapshot could be built.
    pub fn reload_even_empty(&self, progress: &mut dyn FnMut(Progress)) -> Result<ReloadOutcome, SnapshotError> {
        let mut turn = self.take_turn();
        self.noting_failure(|| self.reload_where(true, &mut turn, progress))
    }

    /// Loads `source` and swaps; from then on it is what is reloaded. `keep` is called once the snapshot is built and before
    /// anybody sees it.
    ///
    /// # Errors
    /// If no snapshot could be built, or `keep` fails: then everything is as before.
    pub fn load_from(
        &self,
        source: LoadSource,
        progress: &mut dyn FnMut(Progress),
        keep: impl FnOnce() -> Result<(), Box<dyn std::error::Error + Send + Sync>>,
    ) -> Result<ReloadOutcome, SnapshotError> {
        let mut turn = self.take_turn();
        self.noting_failure(|| {
            let old = self.current.load_full();
            let snapshot = built(old.as_deref(), &mut turn, &source, progress)?;
            keep().map_err(SnapshotError::Unkept)?;
            self.source.store(Some(Arc::new(source)));
            Ok(self.swap(old, Arc::new(snapshot)))
        })
    }

    fn take_turn(&self) -> MutexGuard<'_, Readings> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn noting_failure(
        &self,
        load: impl FnOnce() -> Result<ReloadOutcome, SnapshotError>,
    ) -> Result<ReloadOutcome, SnapshotError> {
        let loaded = load();
        self.failure.store(loaded.as_ref().err().map(|error| Arc::new(explain(error))));
        loaded
    }

    fn reload_where(
        &self,
        may_be_empty: bool,
        readings: &mut Readings,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<ReloadOutcome, SnapshotError> {
        let source = self.source.load_full().ok_or(SnapshotError::Unpublished)?;
        let old = self.current.load_full();
        let snapshot = built(old.as_deref(), readings, &source, progress)?;
        let n_pages = |snapshot: &Snapshot| snapshot.view(Viewer::Pro).corpus.n_pages();
        let n_before = old.as_deref().map_or(0, n_pages);
        if !may_be_empty && n_before > 0 && n_pages(&snapshot) == 0 {
            return Err(SnapshotError::Emptied { n_before });
        }
        Ok(self.swap(old, Arc::new(snapshot)))
    }

    fn swap(&self, old: Option<Arc<Snapshot>>, snapshot: Arc<Snapshot>) -> ReloadOutcome {
        let unchanged = old.as_ref().is_some_and(|old| old.same_content(&snapshot));
        self.current.store(Some(snapshot));
        drop(old);
        self.n_loads.fetch_add(1, Ordering::Relaxed);
        if unchanged { ReloadOutcome::Unchanged } else { ReloadOutcome::Swapped }
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
        let mut turn = self.take_turn();
        let source = self.source.load_full().ok_or(SnapshotError::Unpublished)?;
        built(self.current.load_full().as_deref(), &mut turn, &source, &mut |_| {})
    }
}

/// A snapshot of `source`, with what is as in `old` taken over.
fn built(
    old: Option<&Snapshot>,
    readings: &mut Readings,
    source: &LoadSource,
    progress: &mut dyn FnMut(Progress),
) -> Result<Snapshot, SnapshotError> {
    let snapshot = Snapshot::renew(old, readings, &source.input, source.terms(), progress)?;
    Ok(match source.published {
        Some((number, _)) => snapshot.published_as(number),
        None => snapshot,
    })
}

/// `error` with all its causes, in one line.
pub fn explain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let mut told: Vec<String> = causes.map(ToString::to_string).collect();
    told.dedup();
    told.join(": ")
}
