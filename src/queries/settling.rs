//! From keys to queries: front ends search at each key, and only the last of `p`, `pa`, `pag` is what a reader looked for.
//!
//! A query waits until it has been quiet for [`limits::QUERY_QUIET`]; one that goes on from a waiting one takes its place.
//! Nothing tells readers apart, so that two who begin alike at the same moment may count as one, and a reader who pauses in
//! a word counts twice. That is the price of not knowing who asks.

use std::collections::VecDeque;
use std::time::Instant;

use super::text::keepable;
use gradus_engine::limits;

/// A search.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct QuerySighting {
    /// What was typed, in lower case.
    pub(super) typed: String,
    /// Whether anything was found.
    pub(super) has_hits: bool,
    /// When.
    pub(super) at: Instant,
}

/// Searches that may be followed by a longer one, oldest first.
#[derive(Default)]
pub(super) struct QuerySettler(VecDeque<QuerySighting>);

impl QuerySettler {
    /// Lets `seen` wait and returns those that have waited long enough.
    pub(super) fn add(&mut self, seen: QuerySighting) -> Vec<QuerySighting> {
        let goes_on =
            |before: &QuerySighting| seen.typed.len() > before.typed.len() && seen.typed.starts_with(&before.typed);
        let is_quiet = |one: &QuerySighting| seen.at.saturating_duration_since(one.at) >= limits::QUERY_QUIET;
        let mut settled = Vec::new();
        while self.0.front().is_some_and(|one| is_quiet(one) || self.0.len() >= limits::QUERIES_SETTLING) {
            settled.extend(self.0.pop_front());
        }
        if let Some(before) = self.0.iter().rposition(goes_on) {
            self.0.remove(before);
        }
        // What is not kept does not wait either; it still tells that the beginning of it was no query.
        if keepable(&seen.typed).is_some() {
            self.0.push_back(seen);
        }
        settled
    }

    /// All that wait.
    pub(super) fn take_all(&mut self) -> impl Iterator<Item = QuerySighting> + use<> {
        std::mem::take(&mut self.0).into_iter()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Queries with the milliseconds at which they come, and what they settle as.
    fn check(queries: &[(u64, &str)], expect: &[&str]) {
        let start = Instant::now();
        let mut settling = QuerySettler::default();
        let mut settled = Vec::new();
        for (ms, typed) in queries {
            let at = start + Duration::from_millis(*ms);
            settled.extend(settling.add(QuerySighting { typed: (*typed).to_owned(), has_hits: true, at }));
        }
        settled.extend(settling.take_all());
        assert_eq!(settled.iter().map(|one| one.typed.as_str()).collect::<Vec<_>>(), expect);
    }

    #[test]
    fn keys_become_one_query() {
        check(&[(0, "k"), (90, "kv"), (200, "kv "), (300, "kv c"), (400, "kv cache")], &["kv cache"]);
    }

    #[test]
    fn readers_who_type_at_once_are_told_apart_by_what_they_type() {
        check(&[(0, "p"), (10, "k"), (20, "pa"), (30, "kv"), (40, "paged")], &["kv", "paged"]);
        check(&[(0, "kv"), (10, "kv"), (20, "kv")], &["kv", "kv", "kv"]);
    }

    #[test]
    fn the_beginning_of_what_is_not_kept_is_not_kept() {
        check(&[(0, "ada"), (10, "ada@"), (20, "ada@example.org"), (30, "kv")], &["kv"]);
    }

    #[test]
    fn a_pause_ends_a_query() {
        check(&[(0, "kv"), (10_000, "kv cache")], &["kv", "kv cache"]);
    }

    #[test]
    fn only_so_many_wait() {
        let mut settling = QuerySettler::default();
        let at = Instant::now();
        for n in 0..1_000 {
            settling.add(QuerySighting { typed: format!("query number {n:04}"), has_hits: true, at });
        }
        assert_eq!(settling.0.len(), limits::QUERIES_SETTLING);
    }
}
