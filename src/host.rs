//! The host: which snapshot is being served, and how a new one takes its place.

use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwapOption;
use gradus_corpus::{Input, Progress};

use crate::snapshot::{BuildError, Snapshot};

/// Serves one snapshot at a time. Reading it takes no lock; a reload builds the next one whole, then swaps it in.
pub struct Host {
    input: Input,
    current: ArcSwapOption<Snapshot>,
    /// Why the newest load failed, if it did. Also keeps reloads one after another.
    failure: Mutex<Option<String>>,
}

/// What a reload did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reloaded {
    /// A new snapshot is being served.
    Swapped,
    /// The content is as it was; the old snapshot goes on.
    Unchanged,
}

impl Host {
    /// A host for `input` that serves nothing until [`Host::reload`].
    pub fn new(input: Input) -> Self {
        Self { input, current: ArcSwapOption::empty(), failure: Mutex::new(None) }
    }

    /// What is loaded from.
    pub fn input(&self) -> &Input {
        &self.input
    }

    /// The snapshot being served; `None` before the first load.
    pub fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.current.load_full()
    }

    /// Why the newest load failed; `None` if it did not.
    pub fn failure(&self) -> Option<String> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Loads anew and swaps. Blocks for as long as that takes; reloads that come meanwhile wait for their turn.
    ///
    /// # Errors
    /// If no snapshot could be built: the old one goes on serving and [`Host::failure`] tells why.
    pub fn reload(&self, progress: &mut dyn FnMut(Progress)) -> Result<Reloaded, BuildError> {
        let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        let built = Snapshot::build(&self.input, progress);
        match built {
            Ok(snapshot) => {
                *failure = None;
                let unchanged = self.current.load().as_deref().is_some_and(|old| old.same_content(&snapshot));
                self.current.store(Some(Arc::new(snapshot)));
                Ok(if unchanged { Reloaded::Unchanged } else { Reloaded::Swapped })
            }
            Err(error) => {
                *failure = Some(explain(&error));
                Err(error)
            }
        }
    }

    /// Builds a snapshot as a reload would, and serves the old one all the same.
    ///
    /// # Errors
    /// If no snapshot could be built.
    pub fn dry_run(&self) -> Result<Snapshot, BuildError> {
        Snapshot::build(&self.input, &mut |_| {})
    }
}

/// `error` with all its causes, in one line.
pub fn explain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let mut told: Vec<String> = causes.map(ToString::to_string).collect();
    told.dedup();
    told.join(": ")
}
