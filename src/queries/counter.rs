//! The most frequent texts of an endless stream, in bounded memory: Space-Saving (Metwally, Agrawal and El Abbadi,
//! "Efficient Computation of Frequent and Top-k Elements in Data Streams", ICDT 2005).

use rustc_hash::FxHashMap;

use super::QueryCount;

/// Counts at most `capacity` texts. A new text takes the place of the rarest one and inherits its count as possible error,
/// so that every text asked more than `1 / capacity` of the time is among them.
pub(super) struct Counter {
    capacity: usize,
    counts: FxHashMap<Box<str>, Count>,
}

#[derive(Clone, Copy)]
struct Count {
    n: u64,
    /// How much of `n` may belong to texts that were here before.
    inherited: u64,
}

impl Counter {
    pub(super) fn new(capacity: usize) -> Self {
        Self { capacity, counts: FxHashMap::default() }
    }

    /// Counts `text`. O(1), O(capacity) where it takes the place of another.
    pub(super) fn add(&mut self, text: &str) {
        if let Some(count) = self.counts.get_mut(text) {
            count.n += 1;
            return;
        }
        let inherited = if self.counts.len() < self.capacity { 0 } else { self.evict() };
        self.counts.insert(text.into(), Count { n: inherited + 1, inherited });
    }

    /// Takes out the rarest text, of equals the first in alphabetical order, and returns its count.
    fn evict(&mut self) -> u64 {
        let rarest = self.counts.iter().min_by_key(|(text, count)| (count.n, *text));
        let Some((text, n)) = rarest.map(|(text, count)| (text.clone(), count.n)) else { return 0 };
        self.counts.remove(&text);
        n
    }

    /// The `n` most frequent texts that were certainly counted `at_least` so often, with the count that is certain.
    pub(super) fn top(&self, n: usize, at_least: u64) -> Vec<QueryCount> {
        let certain = self.counts.iter().map(|(text, count)| (count.n - count.inherited, text));
        let mut top: Vec<(u64, &Box<str>)> = certain.filter(|(count, _)| *count >= at_least).collect();
        top.sort_unstable_by(|(n_a, a), (n_b, b)| n_b.cmp(n_a).then(a.cmp(b)));
        top.into_iter().take(n).map(|(count, text)| QueryCount { q: text.to_string(), count }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frequent_stay_among_ever_new_ones() {
        let mut counter = Counter::new(10);
        for n in 0..1_000 {
            counter.add("kv cache");
            counter.add(&format!("rare {n}"));
        }
        assert_eq!(counter.counts.len(), 10);
        assert_eq!(counter.top(10, 2), [QueryCount { q: "kv cache".to_owned(), count: 1_000 }]);
    }

    #[test]
    fn counts_are_never_above_the_truth() {
        let mut counter = Counter::new(3);
        let stream = "a a b c d a e b f a b";
        stream.split(' ').for_each(|text| counter.add(text));
        for QueryCount { q, count } in counter.top(9, 0) {
            let truth = stream.split(' ').filter(|text| *text == q).count() as u64;
            assert!(count <= truth, "{q}: {count} of {truth}");
        }
    }
}
