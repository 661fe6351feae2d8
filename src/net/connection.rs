//! What one connection does at the moment, as its tasks note it and the registry reads it.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

/// A connection's state. All times are milliseconds since the process began to count, 0 for never.
pub(super) struct Connection {
    /// Requests that arrived whole, or whose body nobody reads, and whose answer is not yet taken.
    answering: AtomicU32,
    /// Requests whose body is still arriving.
    arriving: AtomicU32,
    /// Whether any request was ever answered.
    has_served: AtomicBool,
    /// Whether it speaks HTTP/2, where bytes between requests are no beginning of one.
    is_http2: AtomicBool,
    /// When it was opened, or its last answer ended.
    since: AtomicU64,
    /// When the first byte after that came.
    begun: AtomicU64,
    /// When it last took something of an answer, or an answer was last begun.
    taken: AtomicU64,
    /// Whether it takes nothing at the moment although there is something to take.
    is_blocked: AtomicBool,
    /// What it was told to do, as a number.
    told: AtomicU8,
    hears: Notify,
}

/// What a connection is told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ConnectionOrder {
    /// End what is being answered and take nothing more.
    Finish = 1,
    /// End now.
    Close = 2,
}

/// How long a connection may be waited for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// For a head, from its first byte, or from the beginning of the connection.
    pub(super) head: Duration,
    /// For the next request.
    pub(super) idle: Duration,
    /// For it to take more of an answer.
    pub(super) stall: Duration,
}

/// How dearly a connection is given up: the smallest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Worth {
    /// It never sent a whole request; since then.
    Nothing(u64),
    /// It is between two requests; since then.
    Between(u64),
    /// It does not take its answer; since then.
    Stuck(u64),
}

/// Time without taking anything after which a connection counts as stuck where another one needs its place.
const STUCK_MS: u64 = 1_000;

impl Connection {
    pub(super) fn new() -> Self {
        Self {
            answering: AtomicU32::new(0),
            arriving: AtomicU32::new(0),
            has_served: AtomicBool::new(false),
            is_http2: AtomicBool::new(false),
            since: AtomicU64::new(now_ms()),
            begun: AtomicU64::new(0),
            taken: AtomicU64::new(0),
            is_blocked: AtomicBool::new(false),
            told: AtomicU8::new(0),
            hears: Notify::new(),
        }
    }

    /// Bytes came in. Tells whether a request begins with them.
    pub(super) fn received(&self) -> bool {
        let begins = !self.is_busy() && self.begun.load(Ordering::Relaxed) == 0;
        if begins {
            self.begun.store(now_ms(), Ordering::Relaxed);
        }
        begins
    }

    /// Bytes went out.
    pub(super) fn sent(&self) {
        self.is_blocked.store(false, Ordering::Relaxed);
        // An HTTP/2 client that takes no answer can still make us send it acknowledgements.
        if !self.is_http2.load(Ordering::Relaxed) {
            self.took();
        }
    }

    /// A piece of an answer was asked for, or an answer begun.
    pub(super) fn took(&self) {
        self.taken.store(now_ms(), Ordering::Relaxed);
    }

    /// The other side takes no more for now.
    pub(super) fn blocked(&self) {
        self.is_blocked.store(true, Ordering::Relaxed);
    }

    /// A head came in whole.
    pub(super) fn begin(&self, is_http2: bool, has_body: bool) {
        if is_http2 {
            self.is_http2.store(true, Ordering::Relaxed);
        }
        self.took();
        self.answering.fetch_add(1, Ordering::Relaxed);
        if has_body {
            self.arriving.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A body came in whole, or is not read on.
    pub(super) fn arrived(&self) {
        self.arriving.fetch_sub(1, Ordering::Relaxed);
    }

    /// An answer was handed over whole, or given up.
    pub(super) fn end(&self) {
        self.has_served.store(true, Ordering::Relaxed);
        let now = now_ms();
        self.since.store(now, Ordering::Relaxed);
        self.taken.store(now, Ordering::Relaxed);
        self.begun.store(0, Ordering::Relaxed);
        self.answering.fetch_sub(1, Ordering::Relaxed);
    }

    /// Whether a request is being answered.
    pub(super) fn is_busy(&self) -> bool {
        self.answering.load(Ordering::Relaxed) > 0
    }

    /// Gives an order; a weaker one than before changes nothing.
    pub(super) fn tell(&self, order: ConnectionOrder) {
        self.told.fetch_max(order as u8, Ordering::Relaxed);
        self.hears.notify_one();
    }

    /// The order that was given, once there is one that is stronger than `obeyed`.
    pub(super) async fn order(&self, obeyed: Option<ConnectionOrder>) -> ConnectionOrder {
        loop {
            let order = match self.told.load(Ordering::Relaxed) {
                0 => None,
                1 => Some(ConnectionOrder::Finish),
                _ => Some(ConnectionOrder::Close),
            };
            if let Some(order) = order.filter(|order| Some(*order) > obeyed) {
                return order;
            }
            self.hears.notified().await;
        }
    }

    /// What is to be done with it now, if anything.
    pub(super) fn due(&self, now: u64, patience: Patience) -> Option<ConnectionOrder> {
        let over = |since: u64, patience: Duration| since > 0 && now.saturating_sub(since) > millis(patience);
        if self.is_busy() {
            let stalls = self.is_waiting_for_client() && over(self.taken.load(Ordering::Relaxed), patience.stall);
            return stalls.then_some(ConnectionOrder::Close);
        }
        // Written out and not yet taken by the other side: the answer has ended for us alone.
        if self.is_blocked.load(Ordering::Relaxed) && over(self.taken.load(Ordering::Relaxed), patience.stall) {
            return Some(ConnectionOrder::Close);
        }
        let since = self.since.load(Ordering::Relaxed);
        if self.is_http2.load(Ordering::Relaxed) {
            return over(since, patience.idle).then_some(ConnectionOrder::Finish);
        }
        let begun = self.begun.load(Ordering::Relaxed);
        let head = if self.has_served.load(Ordering::Relaxed) { begun } else { since };
        (over(head, patience.head) || over(since, patience.idle)).then_some(ConnectionOrder::Close)
    }

    /// What it is worth; `None` while it is answered as it should be.
    pub(super) fn worth(&self, now: u64) -> Option<Worth> {
        let arrives = self.arriving.load(Ordering::Relaxed) > 0;
        let since = self.since.load(Ordering::Relaxed);
        if self.is_busy() && !arrives || self.is_blocked.load(Ordering::Relaxed) {
            let taken = self.taken.load(Ordering::Relaxed);
            let is_stuck = self.is_waiting_for_client() && now.saturating_sub(taken) > STUCK_MS;
            return is_stuck.then_some(Worth::Stuck(taken));
        }
        Some(if self.has_served.load(Ordering::Relaxed) { Worth::Between(since) } else { Worth::Nothing(since) })
    }

    /// Whether an answer waits for the client, and not the other way round.
    fn is_waiting_for_client(&self) -> bool {
        self.is_blocked.load(Ordering::Relaxed) || self.is_http2.load(Ordering::Relaxed)
    }
}

/// Milliseconds since the process began to count, never 0.
pub(super) fn now_ms() -> u64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    millis(START.elapsed()) + 1
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Patience =
        Patience { head: Duration::from_secs(10), idle: Duration::from_secs(60), stall: Duration::from_secs(30) };

    fn later(secs: u64) -> u64 {
        now_ms() + secs * 1_000
    }

    #[test]
    fn a_head_that_does_not_come_is_not_waited_for() {
        let connection = Connection::new();
        assert_eq!(connection.due(later(9), PATIENCE), None);
        assert_eq!(connection.due(later(11), PATIENCE), Some(ConnectionOrder::Close), "nothing at all was sent");
        assert!(connection.received() && !connection.received());
        assert_eq!(connection.due(later(11), PATIENCE), Some(ConnectionOrder::Close), "bytes do not buy time");
    }

    #[test]
    fn between_requests_there_is_time_and_within_one_there_is_less() {
        let connection = Connection::new();
        connection.begin(false, false);
        assert_eq!(connection.due(later(1_000), PATIENCE), None, "its answer is our business");
        connection.end();
        assert_eq!(connection.due(later(59), PATIENCE), None);
        assert_eq!(connection.due(later(61), PATIENCE), Some(ConnectionOrder::Close));
        connection.received();
        assert_eq!(connection.due(later(11), PATIENCE), Some(ConnectionOrder::Close));
    }

    #[test]
    fn an_answer_that_is_not_taken_is_given_up() {
        let connection = Connection::new();
        connection.begin(false, false);
        connection.blocked();
        assert_eq!((connection.due(later(29), PATIENCE), connection.worth(now_ms())), (None, None));
        assert!(matches!(connection.worth(later(2)), Some(Worth::Stuck(_))));
        assert_eq!(connection.due(later(31), PATIENCE), Some(ConnectionOrder::Close));
        connection.sent();
        assert_eq!(connection.due(later(31), PATIENCE), None);
    }

    #[test]
    fn an_http2_client_that_takes_nothing_is_given_up_and_one_that_pauses_is_told() {
        let connection = Connection::new();
        connection.begin(true, false);
        assert_eq!(connection.due(later(31), PATIENCE), Some(ConnectionOrder::Close));
        connection.end();
        connection.received();
        assert_eq!(connection.due(later(11), PATIENCE), None, "a ping is no beginning of a request");
        assert_eq!(connection.due(later(61), PATIENCE), Some(ConnectionOrder::Finish));
    }

    #[test]
    fn who_never_sent_a_request_goes_first_and_who_is_answered_stays() {
        let (new, served, busy, arriving) =
            (Connection::new(), Connection::new(), Connection::new(), Connection::new());
        served.begin(false, false);
        served.end();
        busy.begin(false, false);
        arriving.begin(false, true);
        let now = later(5);
        assert_eq!(busy.worth(now), None);
        assert!(new.worth(now) < served.worth(now));
        assert!(matches!(arriving.worth(now), Some(Worth::Nothing(_))), "half a body is no request");
        arriving.arrived();
        assert_eq!(arriving.worth(now), None);
    }

    #[tokio::test]
    async fn an_order_is_heard_before_and_after_it_is_waited_for() {
        let connection = Connection::new();
        connection.tell(ConnectionOrder::Finish);
        assert_eq!(connection.order(None).await, ConnectionOrder::Finish);
        connection.tell(ConnectionOrder::Close);
        connection.tell(ConnectionOrder::Finish);
        assert_eq!(connection.order(Some(ConnectionOrder::Finish)).await, ConnectionOrder::Close);
    }
}
