//! Ranking: from the scores of words in documents to pages in order.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::ops::Range;

use crate::score::{DocScores, Scores};
use crate::store::Store;

/// What a word counts that stands elsewhere on a page than in its best section.
const ELSEWHERE: f32 = 0.5;
/// A list this many times longer than the pages is leapt through rather than read.
const MIN_LEAP: usize = 8;

/// A word and where it stands.
#[derive(Default)]
pub(crate) struct WordList<'a> {
    pub(crate) scores: Scores<'a>,
    /// Whether all its documents are told, not only those of some pages.
    pub(crate) is_whole: bool,
    /// What a match tells.
    pub(crate) mass: f32,
}

/// A name of a concept that some words of the query spell, and where texts name the concept, by whichever name.
pub(crate) struct NameList {
    pub(crate) scores: DocScores,
    /// The words.
    pub(crate) words: Range<usize>,
}

/// All that speaks for pages.
#[derive(Default)]
pub(crate) struct Lists<'a> {
    pub(crate) words: Vec<WordList<'a>>,
    pub(crate) names: Vec<NameList>,
    /// Phrases and words of titles.
    pub(crate) others: Vec<Scores<'a>>,
}

/// A page that was found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) page: u32,
    pub(crate) score: f32,
    /// The words that it holds, itself or by another name of what they spell, as bits.
    pub(crate) words: u64,
    /// The sum of their masses.
    pub(crate) mass: f32,
    /// Its documents that match.
    pub(crate) n_docs: u32,
}

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

impl Found {
    /// Orders by score, then by page: the best is the greatest. Scores are never negative, and the bits of such floats are
    /// in their order.
    pub(crate) fn rank(&self) -> (u32, Reverse<u32>) {
        (self.score.to_bits(), Reverse(self.page))
    }
}

/// The positions of the `max` best of `found`, best first, ties by page. O(found), and log max for each of those that were
/// among the best until then.
pub(crate) fn best(found: &[Found], max: usize) -> Vec<usize> {
    let mut best = BinaryHeap::with_capacity(max.min(found.len()));
    for (at, found) in found.iter().enumerate() {
        let rank = Reverse((found.rank(), at));
        if best.len() < max {
            best.push(rank);
        } else if let Some(mut least) = best.peek_mut()
            && *least > rank
        {
            *least = rank;
        }
    }
    best.into_sorted_vec().into_iter().map(|Reverse((_, at))| at).collect()
}

impl Lists<'_> {
    fn all(&self) -> impl Iterator<Item = &[(u32, f32)]> {
        let words = self.words.iter().map(|list| &*list.scores);
        words.chain(self.names.iter().map(|list| &*list.scores)).chain(self.others.iter().map(AsRef::as_ref))
    }

    /// Scores each of `pages`, sorted. O(pages + documents told).
    pub(crate) fn score(&self, store: &Store, pages: &[u32]) -> Vec<Found> {
        let mut sums = Sums::new(store, pages);
        for (word, list) in self.words.iter().enumerate() {
            sums.add(&list.scores, bit(word));
        }
        for name in &self.names {
            // Another name of what some words spell stands for those words.
            sums.add(&name.scores, name.words.clone().map(bit).fold(0, |bits, bit| bits | bit));
        }
        for scores in &self.others {
            sums.add(scores, 0);
        }
        sums.found(|words| {
            let masses = self.words.iter().enumerate().filter(|(word, _)| words & bit(*word) != 0);
            masses.map(|(_, list)| list.mass).sum()
        })
    }

    /// The documents of `page` that match, best first.
    pub(crate) fn docs(&self, store: &Store, page: u32) -> Vec<(u32, f32)> {
        let (start, end) = store.docs(page);
        let mut docs = Vec::new();
        for scores in self.all() {
            let from = scores.partition_point(|(doc, _)| *doc < start);
            scores[from..]
                .iter()
                .take_while(|(doc, _)| *doc < end)
                .for_each(|(doc, score)| add(&mut docs, *doc, *score));
        }
        docs.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        docs
    }
}

/// A word of a query as a bit; queries have 64 words at most.
pub(crate) fn bit(word: usize) -> u64 {
    1_u64.unbounded_shl(u32::try_from(word).unwrap_or(u32::MAX))
}

/// Scores of pages in the making, one list after the other.
struct Sums<'a> {
    store: &'a Store,
    pages: &'a [u32],
    /// By page: the sum of the best that each list tells.
    best: Vec<f32>,
    /// By page: the words that it holds, as bits.
    words: Vec<u64>,
    /// By document of the pages, all in one row; none where each page is one, since it is its own best.
    docs: Vec<f32>,
}

impl<'a> Sums<'a> {
    fn new(store: &'a Store, pages: &'a [u32]) -> Self {
        let docs = if store.is_flat() { 0 } else { pages.iter().map(|page| n_docs(store, *page)).sum() };
        Self { store, pages, best: vec![0.0; pages.len()], words: vec![0; pages.len()], docs: vec![0.0; docs] }
    }

    /// Adds what a list tells, which holds `words`. O(pages + list), or O(pages log list) where that is less.
    fn add(&mut self, mut list: &[(u32, f32)], words: u64) {
        let stride = stride(list, self.pages);
        let leaps = stride > MIN_LEAP;
        let mut docs = &mut *self.docs;
        for ((page, sum), held) in self.pages.iter().zip(&mut self.best).zip(&mut self.words) {
            let (start, end) = self.store.docs(*page);
            let passed = if leaps {
                gallop(list, stride, |(doc, _)| *doc < start)
            } else {
                list.iter().position(|(doc, _)| *doc >= start).unwrap_or(list.len())
            };
            list = &list[passed..];
            if docs.is_empty() {
                if let Some((_, score)) = list.first().filter(|(doc, _)| *doc == start) {
                    *sum += score;
                    *held |= words;
                }
                continue;
            }
            let (own, behind) = docs.split_at_mut((end - start) as usize);
            docs = behind;
            let mut best = 0.0_f32;
            while let Some(((doc, score), behind)) = list.split_first().filter(|((doc, _), _)| *doc < end) {
                own[(doc - start) as usize] += score;
                best = best.max(*score);
                list = behind;
            }
            if best > 0.0 {
                *sum += best;
                *held |= words;
            }
        }
    }

    fn found(&self, mass: impl Fn(u64) -> f32) -> Vec<Found> {
        let mut docs = &*self.docs;
        // Neighbours mostly hold the same words.
        let mut last = (0, 0.0);
        let pages = self.pages.iter().zip(&self.best).zip(&self.words);
        let found = pages.map(|((page, best), words)| {
            if last.0 != *words {
                last = (*words, mass(*words));
            }
            let found =
                Found { page: *page, score: *best, mass: last.1, words: *words, n_docs: u32::from(*best > 0.0) };
            if docs.is_empty() {
                return found;
            }
            let (own, behind) = docs.split_at(n_docs(self.store, *page));
            docs = behind;
            let top = own.iter().copied().fold(0.0, f32::max);
            let n_docs = u32::try_from(own.iter().filter(|score| **score > 0.0).count()).unwrap_or(u32::MAX);
            Found { score: top + ELSEWHERE * (best - top).max(0.0), n_docs, ..found }
        });
        found.collect()
    }
}

fn n_docs(store: &Store, page: u32) -> usize {
    let (start, end) = store.docs(page);
    (end - start) as usize
}

fn add(docs: &mut Vec<(u32, f32)>, doc: u32, score: f32) {
    match docs.iter_mut().find(|(known, _)| *known == doc) {
        Some((_, sum)) => *sum += score,
        None => docs.push((doc, score)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_meet() {
        assert_eq!(union(&[1, 3], &[2, 3]), [1, 2, 3]);
    }

    proptest::proptest! {
        #[test]
        fn the_best_are_those_that_sorting_finds(scores in proptest::collection::vec(0..9_u8, 0..40), max in 0..50_usize) {
            let found = |(page, score)| Found { page, score: f32::from(score), words: 0, mass: 0.0, n_docs: 1 };
            let found: Vec<Found> = (0..).zip(scores).map(found).collect();
            let mut sorted: Vec<usize> = (0..found.len()).collect();
            sorted.sort_by(|a, b| found[*b].score.total_cmp(&found[*a].score).then(a.cmp(b)));
            sorted.truncate(max);
            proptest::prop_assert_eq!(best(&found, max), sorted);
        }

        #[test]
        fn galloping_is_partitioning(
            mut run in proptest::collection::vec(0..50_u32, 0..40),
            stride in 0..50_usize,
            limit in 0..60_u32,
        ) {
            run.sort_unstable();
            proptest::prop_assert_eq!(gallop(&run, stride, |one| *one < limit), run.partition_point(|one| *one < limit));
        }
    }
}
