//! What readers look for and do not find.
//!
//! Numbers of searches are always counted. Their texts are kept only where the operator asks for it, in bounded memory,
//! without anything that tells who asked: no address, no time, no order. What looks like an e-mail address, a link or a
//! number of somebody's is never kept, and what few have asked is never shown, because a rare query may be a name.

mod counter;
mod settling;
mod text;

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use serde::Serialize;

use counter::Counter;
use gradus_engine::limits;
use settling::{QuerySettler, QuerySighting};

/// The searches of the readers of one server. It outlives snapshots.
pub struct QueryLog {
    texts: Option<QueryTexts>,
}

/// QueryTexts on their way into the counters. A request only sends, which never waits; whoever finds the counters free, a request
/// or the operator, counts what has been sent.
struct QueryTexts {
    sender: SyncSender<QuerySighting>,
    counted: Mutex<QueryCounters>,
    since: u64,
}

struct QueryCounters {
    receiver: Receiver<QuerySighting>,
    settling: QuerySettler,
    popular: Counter,
    without_hits: Counter,
}

/// What was asked most.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether texts are recorded.
    pub recording: bool,
    /// Since when, in seconds since 1970; null where they are not.
    pub since: Option<u64>,
    /// Queries asked less often are not shown.
    pub min_count: u64,
    /// Most frequent queries.
    pub popular: Vec<QueryCount>,
    /// Most frequent queries that found nothing.
    pub without_hits: Vec<QueryCount>,
}

/// A query and how often it was asked, at least.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct QueryCount {
    /// In lower case, with single spaces.
    pub q: String,
    /// Times.
    pub count: u64,
}

impl QueryLog {
    /// A log that counts, and keeps texts if `records_texts`.
    pub fn new(records_texts: bool) -> Self {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let texts = || {
            let (sender, receiver) = sync_channel(limits::QUERY_BACKLOG);
            let counted = QueryCounters {
                receiver,
                settling: QuerySettler::default(),
                popular: Counter::new(limits::QUERY_TEXTS),
                without_hits: Counter::new(limits::QUERY_TEXTS),
            };
            QueryTexts { sender, counted: Mutex::new(counted), since: since_1970.as_secs() }
        };
        Self { texts: records_texts.then(texts) }
    }

    /// Counts a search for `q` that found `n_hits` pages. Never waits. An empty query looks for nothing and counts for none.
    pub fn record(&self, q: &str, n_hits: usize) {
        if q.trim().is_empty() {
            return;
        }
        metrics::counter!("gradus_search_queries_total").increment(1);
        metrics::counter!("gradus_search_zero_results_total").increment(u64::from(n_hits == 0));
        let Some(texts) = &self.texts else { return };
        let seen = QuerySighting { typed: q.to_lowercase(), has_hits: n_hits > 0, at: Instant::now() };
        if let Err(TrySendError::Full(_)) = texts.sender.try_send(seen) {
            metrics::counter!("gradus_search_queries_unrecorded_total").increment(1);
        }
        if let Ok(mut counted) = texts.counted.try_lock() {
            counted.drain();
        }
    }

    /// The `n` most frequent queries. Those that have been waiting for their next key are counted as they are.
    pub fn report(&self, n: usize) -> Report {
        let min_count = limits::QUERY_MIN_COUNT;
        let Some(texts) = &self.texts else {
            return Report { recording: false, since: None, min_count, popular: Vec::new(), without_hits: Vec::new() };
        };
        let mut counted = texts.counted.lock().unwrap_or_else(PoisonError::into_inner);
        counted.drain();
        counted.settle_all();
        Report {
            recording: true,
            since: Some(texts.since),
            min_count,
            popular: counted.popular.top(n, min_count),
            without_hits: counted.without_hits.top(n, min_count),
        }
    }
}

impl QueryCounters {
    fn drain(&mut self) {
        while let Ok(seen) = self.receiver.try_recv() {
            for settled in self.settling.add(seen) {
                self.count(&settled);
            }
        }
    }

    fn settle_all(&mut self) {
        for settled in self.settling.take_all() {
            self.count(&settled);
        }
    }

    fn count(&mut self, seen: &QuerySighting) {
        let Some(text) = text::keepable(&seen.typed) else { return };
        if !seen.has_hits {
            self.without_hits.add(&text);
        }
        self.popular.add(&text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(asked: &[QueryCount]) -> Vec<(&str, u64)> {
        asked.iter().map(|one| (one.q.as_str(), one.count)).collect()
    }

    #[test]
    fn what_many_ask_is_told_and_what_few_ask_is_not() {
        let log = QueryLog::new(true);
        for _ in 0..5 {
            log.record("KV  cache", 3);
            log.record("flux capacitor", 0);
            log.record(" ", 0);
            log.record("ada@example.org", 0);
        }
        for _ in 0..4 {
            log.record("ada lovelace", 0);
        }
        let report = log.report(10);
        assert_eq!(asked(&report.popular), [("flux capacitor", 5), ("kv cache", 5)]);
        assert_eq!(asked(&report.without_hits), [("flux capacitor", 5)]);
        assert_eq!(asked(&log.report(1).popular), [("flux capacitor", 5)]);
    }

    #[test]
    fn without_leave_no_text_is_kept() {
        let log = QueryLog::new(false);
        (0..9).for_each(|_| log.record("kv cache", 0));
        let report = log.report(10);
        assert_eq!((report.recording, report.since, report.popular.len()), (false, None, 0));
    }

    #[test]
    fn many_threads_lose_nothing_that_is_told() {
        let log = QueryLog::new(true);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..100).for_each(|_| log.record("kv cache", 1)));
            }
        });
        assert_eq!(asked(&log.report(10).popular), [("kv cache", 400)]);
    }
}
