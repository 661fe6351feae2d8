//! Weighted set cover: which lessons teach all concepts for the fewest minutes?

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Fractional bits of a price in minutes; below them it counts lessons, so that of covers that take equally long the one
/// with fewer lessons is cheaper.
const PRICE_BITS: u32 = 20;

/// Concepts that no lesson connects to any other, and the lessons that teach them.
pub(super) struct SetCover {
    pub(super) candidates: Vec<CoverCandidate>,
    /// For each concept: the candidates that teach it.
    pub(super) teachers: Vec<Vec<usize>>,
    pub(super) concepts: Vec<u32>,
}

/// A lesson that may be chosen.
pub(super) struct CoverCandidate {
    pub(super) lesson: u32,
    pub(super) price: u64,
    /// Positions of the concepts that it teaches.
    pub(super) concepts: Vec<usize>,
}

impl CoverCandidate {
    /// A lesson that teaches nothing yet.
    pub(super) fn new(lesson: u32, minutes: u32) -> Self {
        Self { lesson, price: (u64::from(minutes) << PRICE_BITS) + 1, concepts: Vec::new() }
    }
}

impl SetCover {
    /// Takes the lesson with the least price a new concept until all are taught, then drops what is spare.
    /// O(lessons log lessons) for lessons that teach a few concepts each.
    pub(super) fn greedy(&self) -> Vec<usize> {
        let mut is_taught = vec![false; self.concepts.len()];
        let rate = |idx: usize, n_new: usize| {
            let candidate = &self.candidates[idx];
            (candidate.price / n_new.max(1) as u64, Reverse(n_new), candidate.lesson, idx)
        };
        let mut heap: BinaryHeap<_> =
            (0..self.candidates.len()).map(|idx| Reverse(rate(idx, self.candidates[idx].concepts.len()))).collect();
        let mut chosen = Vec::new();
        while let Some(Reverse((_, Reverse(n_then), _, idx))) = heap.pop() {
            let concepts = &self.candidates[idx].concepts;
            let n_new = concepts.iter().filter(|concept| !is_taught[**concept]).count();
            if n_new == n_then {
                concepts.iter().for_each(|concept| is_taught[*concept] = true);
                chosen.push(idx);
            } else if n_new > 0 {
                // A lesson's rate only gets worse, so that it is enough to look again when its turn has come.
                heap.push(Reverse(rate(idx, n_new)));
            }
        }
        self.without_spare(chosen)
    }

    /// `chosen` without those whose concepts the others teach as well.
    pub(super) fn without_spare(&self, mut chosen: Vec<usize>) -> Vec<usize> {
        let mut times_taught = vec![0_u32; self.concepts.len()];
        let concepts = |idx: usize| self.candidates[idx].concepts.iter().copied();
        chosen.iter().flat_map(|idx| concepts(*idx)).for_each(|concept| times_taught[concept] += 1);
        chosen.retain(|idx| {
            let is_spare = concepts(*idx).all(|concept| times_taught[concept] > 1);
            if is_spare {
                concepts(*idx).for_each(|concept| times_taught[concept] -= 1);
            }
            !is_spare
        });
        chosen
    }

    pub(super) fn price(&self, chosen: &[usize]) -> u64 {
        chosen.iter().map(|idx| self.candidates[*idx].price).sum()
    }
}
