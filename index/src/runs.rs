//! Runs: sorted documents with their scores, and sorted pages; how they are merged, intersected and leapt through.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::store::Store;

/// Documents and what they score, by document.
pub(crate) type DocScores = Vec<(u32, f32)>;

/// The same, of a word that may have been scored before.
pub(crate) type Scores<'a> = Cow<'a, [(u32, f32)]>;

/// The pages of `scores`, sorted.
pub(crate) fn pages_of(store: &Store, scores: &[(u32, f32)]) -> Vec<u32> {
    let mut pages: Vec<u32> = scores.iter().map(|(doc, _)| store.page(*doc)).collect();
    pages.dedup();
    pages
}

/// Those of `pages` that a document of `scores` is of. O(fewer log more).
pub(crate) fn holding(store: &Store, scores: &[(u32, f32)], pages: &[u32]) -> Vec<u32> {
    let (mut scores, mut pages) = (scores, pages);
    let (scores_a_page, pages_a_score) = (stride(scores, pages), stride(pages, scores));
    let mut held = Vec::new();
    while let (Some((doc, _)), Some(page)) = (scores.first(), pages.first()) {
        match store.page(*doc).cmp(page) {
            Ordering::Less => {
                let (start, _) = store.docs(*page);
                scores = &scores[gallop(scores, scores_a_page, |(doc, _)| *doc < start)..];
            }
            Ordering::Greater => {
                let next = store.page(*doc);
                pages = &pages[gallop(pages, pages_a_score, |page| *page < next)..];
            }
            Ordering::Equal => {
                held.push(*page);
                pages = &pages[1..];
            }
        }
    }
    held
}

/// The pages of either.
pub(crate) fn union(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut all = Vec::with_capacity(a.len() + b.len());
    all.extend_from_slice(a);
    all.extend_from_slice(b);
    // The stable sort merges the two runs.
    all.sort();
    all.dedup();
    all
}

/// A set of pages that many are added to: a bit for each.
pub(crate) struct PageSet(Vec<u64>);

impl PageSet {
    /// None of `n_pages`. O(pages / 64).
    pub(crate) fn new(n_pages: u32) -> Self {
        Self(vec![0; n_pages.div_ceil(u64::BITS) as usize])
    }

    /// Adds the pages of `scores`.
    pub(crate) fn add(&mut self, store: &Store, scores: &[(u32, f32)]) {
        for (doc, _) in scores {
            let page = store.page(*doc);
            self.0[(page / u64::BITS) as usize] |= 1 << (page % u64::BITS);
        }
    }

    /// All that were added, sorted.
    pub(crate) fn pages(&self) -> Vec<u32> {
        let mut pages = Vec::with_capacity(self.0.iter().map(|bits| bits.count_ones() as usize).sum());
        for (start, bits) in (0..).step_by(u64::BITS as usize).zip(&self.0) {
            let mut bits = *bits;
            while bits != 0 {
                pages.push(start + bits.trailing_zeros());
                bits &= bits - 1;
            }
        }
        pages
    }
}

/// The first position where `is_before` fails, for runs of which about `stride` are passed over, as where `stride` times
/// fewer are looked for. O(log passed).
pub(crate) fn gallop<T>(run: &[T], stride: usize, is_before: impl Fn(&T) -> bool) -> usize {
    let (mut start, mut end) = (0, stride.max(1));
    while end < run.len() && is_before(&run[end]) {
        (start, end) = (end, end * 2);
    }
    start + run[start..run.len().min(end + 1)].partition_point(is_before)
}

/// How many of `many` there are for each of `few`.
pub(crate) fn stride<A, B>(many: &[A], few: &[B]) -> usize {
    many.len() / few.len().max(1)
}

/// The documents of both, those that are in both joined. O(documents).
pub(crate) fn merged(a: DocScores, b: DocScores, join: impl Fn(f32, f32) -> f32) -> DocScores {
    if a.is_empty() || b.is_empty() {
        return if a.is_empty() { b } else { a };
    }
    let mut all = DocScores::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (&*a, &*b);
    while let ([first, rest_a @ ..], [second, rest_b @ ..]) = (a, b) {
        match first.0.cmp(&second.0) {
            Ordering::Less => {
                all.push(*first);
                a = rest_a;
            }
            Ordering::Greater => {
                all.push(*second);
                b = rest_b;
            }
            Ordering::Equal => {
                all.push((first.0, join(first.1, second.1)));
                (a, b) = (rest_a, rest_b);
            }
        }
    }
    all.extend_from_slice(a);
    all.extend_from_slice(b);
    all
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn runs_meet() {
        assert_eq!(union(&[1, 3], &[2, 3]), [1, 2, 3]);
    }

    proptest::proptest! {
        #[test]
        fn galloping_is_partitioning(
            mut run in proptest::collection::vec(0..50_u32, 0..40),
            stride in 0..50_usize,
            limit in 0..60_u32,
        ) {
            run.sort_unstable();
            proptest::prop_assert_eq!(gallop(&run, stride, |one| *one < limit), run.partition_point(|one| *one < limit));
        }

        #[test]
        fn merging_joins_what_both_have(a: BTreeMap<u32, u8>, b: BTreeMap<u32, u8>) {
            let scores = |map: &BTreeMap<u32, u8>| map.iter().map(|(doc, score)| (*doc, f32::from(*score))).collect();
            let mut expected: BTreeMap<u32, f32> = BTreeMap::new();
            for (doc, score) in a.iter().chain(&b) {
                *expected.entry(*doc).or_default() += f32::from(*score);
            }
            let merged = merged(scores(&a), scores(&b), |a, b| a + b);
            proptest::prop_assert_eq!(merged, expected.into_iter().collect::<Vec<_>>());
        }
    }
}
