//! How it stands with a replica, for those who ask and for those who wait.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use gradus_corpus::PublicationNumber;
use tokio::sync::watch;

/// Whether the store answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StoreState {
    /// It was not asked yet.
    #[default]
    Unknown,
    /// It answered when it was asked last.
    Reached,
    /// It did not.
    Away,
}

/// How it stands with a replica. Clones tell the same.
#[derive(Clone, Debug)]
pub struct ReplicaStanding {
    facts: Arc<Mutex<StandingFacts>>,
    served: watch::Sender<Option<PublicationNumber>>,
}

#[derive(Clone, Copy, Debug, Default)]
struct StandingFacts {
    store: StoreState,
    reached_at: Option<Instant>,
    head: Option<PublicationNumber>,
    refused: Option<PublicationNumber>,
    /// What was served, in this process or before it: nothing older ever is.
    floor: Option<PublicationNumber>,
}

impl Default for ReplicaStanding {
    fn default() -> Self {
        Self { facts: Arc::default(), served: watch::channel(None).0 }
    }
}

impl ReplicaStanding {
    fn facts(&self) -> MutexGuard<'_, StandingFacts> {
        self.facts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the store answers.
    pub fn store(&self) -> StoreState {
        self.facts().store
    }

    /// How long ago the store last answered; `None` where it never did.
    pub fn away_for(&self) -> Option<Duration> {
        self.facts().reached_at.map(|at| at.elapsed())
    }

    /// The newest publication that is known of.
    pub fn head(&self) -> Option<PublicationNumber> {
        self.facts().head
    }

    /// The publication that was refused last, if nothing was served since.
    pub fn refused(&self) -> Option<PublicationNumber> {
        self.facts().refused
    }

    /// What is served.
    pub fn served(&self) -> Option<PublicationNumber> {
        *self.served.borrow()
    }

    /// Tells when something else is served.
    pub(crate) fn follow(&self) -> watch::Receiver<Option<PublicationNumber>> {
        self.served.subscribe()
    }

    /// What was served, now or before.
    pub(super) fn floor(&self) -> Option<PublicationNumber> {
        self.facts().floor
    }

    pub(super) fn note_floor(&self, number: PublicationNumber) {
        let mut facts = self.facts();
        facts.floor = facts.floor.max(Some(number));
    }

    pub(super) fn note_store(&self, store: StoreState) {
        let mut facts = self.facts();
        if store == StoreState::Reached {
            facts.reached_at = Some(Instant::now());
        }
        facts.store = store;
    }

    pub(super) fn note_head(&self, number: PublicationNumber) {
        self.facts().head = Some(number);
        number_gauge("gradus_publication_head", number);
    }

    pub(super) fn refuse(&self, number: PublicationNumber) {
        let before = self.facts().refused.replace(number);
        if before != Some(number) {
            metrics::counter!("gradus_publication_refused_total").increment(1);
        }
    }

    pub(super) fn serve(&self, number: PublicationNumber) {
        self.note_floor(number);
        self.facts().refused = None;
        self.served.send_replace(Some(number));
        number_gauge("gradus_publication_served", number);
    }
}

#[expect(clippy::cast_precision_loss, reason = "nobody publishes 2^53 times")]
fn number_gauge(name: &'static str, number: PublicationNumber) {
    metrics::gauge!(name, "epoch" => number.epoch.to_string()).set(number.seq as f64);
}
