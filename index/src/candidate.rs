//! Candidates: pages that match, on their way to become hits.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A page that matches.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub(crate) page: u32,
    pub(crate) score: f32,
    /// The words that it holds, itself or by another name of what they spell, as bits.
    pub(crate) words: u64,
    /// The sum of their masses.
    pub(crate) mass: f32,
    /// Its documents that match.
    pub(crate) n_docs: u32,
}

impl Candidate {
    /// Orders by score, then by page: the best is the greatest. Scores are never negative, and the bits of such floats are
    /// in their order.
    pub(crate) fn rank(&self) -> (u32, Reverse<u32>) {
        (self.score.to_bits(), Reverse(self.page))
    }
}

/// The positions of the `max` best of `found`, best first, ties by page. O(found), and log max for each of those that were
/// among the best until then.
pub(crate) fn best(found: &[Candidate], max: usize) -> Vec<usize> {
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

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn the_best_are_those_that_sorting_finds(scores in proptest::collection::vec(0..9_u8, 0..40), max in 0..50_usize) {
            let found = |(page, score)| Candidate { page, score: f32::from(score), words: 0, mass: 0.0, n_docs: 1 };
            let found: Vec<Candidate> = (0..).zip(scores).map(found).collect();
            let mut sorted: Vec<usize> = (0..found.len()).collect();
            sorted.sort_by(|a, b| found[*b].score.total_cmp(&found[*a].score).then(a.cmp(b)));
            sorted.truncate(max);
            proptest::prop_assert_eq!(best(&found, max), sorted);
        }
    }
}
