//! Lanes: how much of each kind of work is done at one time, who waits for it, and who is turned away.
//!
//! A queue that only grows answers everybody too late, so each lane keeps its waits short by what Maurer calls controlled
//! delay ("Fail at Scale", ACM Queue 13, 2015, after Nichols and Jacobson's CoDel): a burst may wait for a while, but where
//! the lane has not been free for some time the queue is a standing one, and waiting longer serves nobody. Who is answered
//! then is answered fast, and who is not is told at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use gradus_engine::host::Host;
use gradus_engine::limits;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::problem::Fault;
use crate::memory::MemoryGauge;

/// The bounds of a lane.
#[derive(Clone, Copy, Debug)]
struct LaneBounds {
    /// What is done at one time.
    n_working: usize,
    /// What waits at one time.
    n_waiting: usize,
    /// How long one waits where the lane was free within this time before.
    patience: Duration,
    /// The least and the most that one waits where it was not: in between, twice what work in it takes.
    standing_patience: (Duration, Duration),
}

/// Work of one kind.
pub(super) struct Lane {
    name: &'static str,
    bounds: LaneBounds,
    permits: Arc<Semaphore>,
    n_waiting: AtomicUsize,
    started: Instant,
    /// Milliseconds from `started` to when somebody last found it free.
    last_free: AtomicU64,
    /// What work takes, microseconds, newer work counting more.
    takes_us: AtomicU64,
}

/// A place to work, free again when it is dropped.
pub(super) struct LanePermit {
    lane: Arc<Lane>,
    since: Instant,
    _permit: OwnedSemaphorePermit,
}

impl Drop for LanePermit {
    fn drop(&mut self) {
        let took = u64::try_from(self.since.elapsed().as_micros()).unwrap_or(u64::MAX);
        let before = self.lane.takes_us.load(Ordering::Relaxed);
        // What another one writes at this moment may be lost: it is an estimate.
        self.lane.takes_us.store(before - before / 8 + took / 8, Ordering::Relaxed);
    }
}

/// Counts one that waits, for as long as it does.
struct WaitingOne<'a>(&'a AtomicUsize);

impl Drop for WaitingOne<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Lane {
    fn new(name: &'static str, bounds: LaneBounds) -> Arc<Self> {
        let permits = Arc::new(Semaphore::new(bounds.n_working));
        let (n_waiting, last_free, takes_us) = (AtomicUsize::new(0), AtomicU64::new(0), AtomicU64::new(0));
        Arc::new(Self { name, bounds, permits, n_waiting, started: Instant::now(), last_free, takes_us })
    }

    fn permit(self: &Arc<Self>, permit: OwnedSemaphorePermit) -> LanePermit {
        LanePermit { lane: Arc::clone(self), since: Instant::now(), _permit: permit }
    }

    /// A place to work; who comes first goes first.
    ///
    /// # Errors
    /// If there is none soon.
    async fn enter(self: &Arc<Self>) -> Result<LanePermit, Fault> {
        let now = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
            self.last_free.store(now, Ordering::Relaxed);
            return Ok(self.permit(permit));
        }
        let n_before = self.n_waiting.fetch_add(1, Ordering::Relaxed);
        let _waits = WaitingOne(&self.n_waiting);
        if n_before >= self.bounds.n_waiting {
            return Err(shed(self.name));
        }
        let LaneBounds { patience, standing_patience, .. } = self.bounds;
        let was_free = Duration::from_millis(now.saturating_sub(self.last_free.load(Ordering::Relaxed))) <= patience;
        let (least, most) = standing_patience;
        let twice = Duration::from_micros(self.takes_us.load(Ordering::Relaxed).saturating_mul(2));
        let patience = if was_free { patience } else { twice.clamp(least, most) };
        let entered = tokio::time::timeout(patience, Arc::clone(&self.permits).acquire_owned()).await;
        let entered = entered.ok().and_then(Result::ok).ok_or_else(|| shed(self.name));
        entered.map(|permit| self.permit(permit))
    }

    /// A place to work, however long it takes until there is one: for who was let in already and has a time of its own.
    async fn enter_patiently(self: &Arc<Self>) -> Result<LanePermit, Fault> {
        let entered = Arc::clone(&self.permits).acquire_owned().await.map_err(Fault::internal);
        entered.map(|permit| self.permit(permit))
    }
}

/// All lanes, and the room for what waits in them.
pub(super) struct Lanes {
    host: Arc<Host>,
    /// What this process takes.
    pub(super) memory: Arc<MemoryGauge>,
    short: Arc<Lane>,
    long: Arc<Lane>,
    batches: Arc<Lane>,
    exports: Arc<Semaphore>,
    bodies: Arc<Semaphore>,
}

impl Lanes {
    /// Lanes for as many cores as there are, in the memory that `memory` measures.
    pub(super) fn new(host: Arc<Host>, memory: Arc<MemoryGauge>) -> Self {
        let n_cores = std::thread::available_parallelism().map_or(1, usize::from);
        let ms = Duration::from_millis;
        let bounds = |n_working, n_waiting, patience, standing_patience| LaneBounds {
            n_working,
            n_waiting,
            patience: ms(patience),
            standing_patience: (ms(2), ms(standing_patience)),
        };
        let body_bytes = memory.ceiling().map_or(u64::MAX, |ceiling| ceiling.bytes / 16);
        let body_bytes = usize::try_from(body_bytes).unwrap_or(usize::MAX);
        Self {
            host,
            memory,
            // A lane that turns many away is free for a moment now and then, and lets each burst wait for as long as the first number: one
            // that is long makes every wait long.
            short: Lane::new("short", bounds(n_cores, limits::WAITING_SHORT, 50, 10)),
            long: Lane::new("long", bounds(n_cores * limits::LONG_A_CORE, limits::WAITING_LONG, 100, 20)),
            batches: Lane::new(
                "batches",
                bounds(n_cores * limits::BATCHES_A_CORE, limits::WAITING_BATCHES, 5_000, 500),
            ),
            exports: Arc::new(Semaphore::new(limits::CONCURRENT_EXPORTS)),
            bodies: Arc::new(Semaphore::new(body_bytes.clamp(limits::BODY_BYTES * 4, limits::BODIES_BYTES))),
        }
    }

    /// A place for what takes some milliseconds. A patient one waits for as long as it takes.
    ///
    /// # Errors
    /// If there is none soon, or no memory.
    pub(super) async fn enter_short(&self, is_patient: bool) -> Result<LanePermit, Fault> {
        self.enter(&self.short, is_patient).await
    }

    /// The same where one is free and there is memory; it is not waited for.
    pub(super) fn enter_short_if_free(&self) -> Option<LanePermit> {
        if self.is_full() {
            return None;
        }
        let permit = Arc::clone(&self.short.permits).try_acquire_owned().ok()?;
        Some(self.short.permit(permit))
    }

    /// A place for what may take long.
    ///
    /// # Errors
    /// If there is none soon, or no memory.
    pub(super) async fn enter_long(&self, is_patient: bool) -> Result<LanePermit, Fault> {
        self.enter(&self.long, is_patient).await
    }

    /// A place for a batch, whose requests then enter the other lanes one after another.
    ///
    /// # Errors
    /// If there is none soon, or no memory.
    pub(super) async fn enter_batches(&self) -> Result<LanePermit, Fault> {
        self.enter(&self.batches, false).await
    }

    async fn enter(&self, lane: &Arc<Lane>, is_patient: bool) -> Result<LanePermit, Fault> {
        self.room()?;
        if is_patient { lane.enter_patiently().await } else { lane.enter().await }
    }

    /// A place to write an answer for as long as its client reads.
    ///
    /// # Errors
    /// If too many are being written, or there is no memory.
    pub(super) fn enter_exports(&self) -> Result<OwnedSemaphorePermit, Fault> {
        self.room()?;
        Arc::clone(&self.exports).try_acquire_owned().map_err(|_| shed("exports"))
    }

    /// Room for `n_bytes` more of a body.
    ///
    /// # Errors
    /// If the bodies that wait to be read take all there is.
    pub(super) fn room_for_body(&self, n_bytes: usize) -> Result<OwnedSemaphorePermit, Fault> {
        let n_bytes = u32::try_from(n_bytes).unwrap_or(u32::MAX);
        Arc::clone(&self.bodies).try_acquire_many_owned(n_bytes).map_err(|_| shed("bodies"))
    }

    /// Whether so much memory is taken that nothing should be begun.
    pub(super) fn is_full(&self) -> bool {
        self.memory.is_full(self.host.n_loads())
    }

    fn room(&self) -> Result<(), Fault> {
        if self.is_full() { Err(shed("memory")) } else { Ok(()) }
    }

    #[cfg(test)]
    /// Takes every place of the lanes for questions.
    pub(super) fn fill(&self) -> Vec<OwnedSemaphorePermit> {
        let all = |lane: &Lane| {
            let n_working = u32::try_from(lane.bounds.n_working).unwrap();
            Arc::clone(&lane.permits).try_acquire_many_owned(n_working).unwrap()
        };
        vec![all(&self.short), all(&self.long)]
    }
}

/// Tells one that comes at a bad time. How many that were is counted, and logged once a second: a line for each would be work
/// that overload makes.
fn shed(lane: &'static str) -> Fault {
    static LOGGED: AtomicU64 = AtomicU64::new(0);
    static SINCE: AtomicU64 = AtomicU64::new(0);
    metrics::counter!("gradus_shed_total", "lane" => lane).increment(1);
    SINCE.fetch_add(1, Ordering::Relaxed);
    let now = std::time::UNIX_EPOCH.elapsed().map_or(0, |since_1970| since_1970.as_secs());
    if LOGGED.swap(now, Ordering::Relaxed) != now {
        let n_shed = SINCE.swap(0, Ordering::Relaxed);
        tracing::warn!(n_shed, lane, "too much is asked at one time: requests are turned away");
    }
    let what = match lane {
        "memory" => "there is no memory left for this",
        "exports" => "too many exports at one time",
        "bodies" => "too many large requests at one time",
        "batches" => "too many batches at one time",
        _ => "too many requests at one time",
    };
    Fault::overloaded(format!("{what}; try again soon"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane(n_waiting: usize, patience: u64, standing: u64) -> Arc<Lane> {
        let standing = Duration::from_millis(standing);
        let (patience, standing_patience) = (Duration::from_millis(patience), (standing, standing));
        Lane::new("test", LaneBounds { n_working: 1, n_waiting, patience, standing_patience })
    }

    #[tokio::test]
    async fn a_burst_waits_its_turn() {
        let lane = lane(8, 60_000, 0);
        let working = lane.enter().await;
        let (waited, ()) = tokio::join!(lane.enter(), async {
            tokio::task::yield_now().await;
            drop(working);
        });
        assert!(waited.is_ok());
    }

    #[tokio::test]
    async fn a_standing_queue_turns_away_at_once() {
        let lane = lane(8, 0, 0);
        let _working = lane.enter().await;
        std::thread::sleep(Duration::from_millis(3));
        assert!(lane.enter().await.is_err());
        assert_eq!(lane.n_waiting.load(Ordering::Relaxed), 0, "who was turned away waits no more");
    }

    #[tokio::test]
    async fn a_full_queue_turns_away_and_who_is_patient_waits_anyway() {
        let lane = lane(0, 60_000, 60_000);
        let working = lane.enter().await;
        assert!(lane.enter().await.is_err());
        let (waited, ()) = tokio::join!(lane.enter_patiently(), async { drop(working) });
        assert!(waited.is_ok());
    }
}
