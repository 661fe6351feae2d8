//! The exact search for the cheapest cover: branch and bound over sets of concepts as bits.

use gradus_corpus::work::checkpoint;

use super::set_cover::SetCover;
use crate::bits::bits;

/// Concepts from which a cover is not searched for exactly: as many as a machine word has bits.
const MAX_CONCEPTS: usize = u64::BITS as usize;

struct CoverSearch<'a> {
    problem: &'a SetCover,
    /// The concepts of each candidate.
    sets: Vec<u64>,
    /// The least that each concept can cost: its share of the candidate that shares best. Every cover pays at least the sum.
    shares: Vec<u64>,
    best: Vec<usize>,
    best_price: u64,
    branches_left: usize,
    was_cut: bool,
}

/// The cheapest choice of candidates, `known` where there is none cheaper, and whether that is proven. Looks at no more
/// than `branches_left` branches.
pub(super) fn cheapest(problem: &SetCover, known: Vec<usize>, branches_left: usize) -> (Vec<usize>, bool) {
    if problem.teachers.len() > MAX_CONCEPTS {
        return (known, false);
    }
    let sets: Vec<u64> =
        problem.candidates.iter().map(|one| one.concepts.iter().fold(0, |set, concept| set | 1 << concept)).collect();
    let share = |idx: &usize| problem.candidates[*idx].price / problem.candidates[*idx].concepts.len().max(1) as u64;
    let shares = problem.teachers.iter().map(|teachers| teachers.iter().map(share).min().unwrap_or(0)).collect();
    let best_price = problem.price(&known);
    let mut search = CoverSearch { problem, sets, shares, best: known, best_price, branches_left, was_cut: false };
    let all = u64::MAX >> (MAX_CONCEPTS - problem.teachers.len());
    search.branch(all, 0, &mut Vec::new());
    // A search that was cut may have stopped at a cover of which a part is one.
    (problem.without_spare(search.best), !search.was_cut)
}

impl CoverSearch<'_> {
    /// Tries every candidate for the untaught concept that fewest teach.
    fn branch(&mut self, untaught: u64, price: u64, chosen: &mut Vec<usize>) {
        checkpoint();
        let Some(left) = self.branches_left.checked_sub(1) else {
            self.was_cut = true;
            return;
        };
        self.branches_left = left;
        let least: u64 = bits(untaught).map(|concept| self.shares[concept]).sum();
        if price + least >= self.best_price {
            return;
        }
        let Some(concept) = bits(untaught).min_by_key(|concept| (self.problem.teachers[*concept].len(), *concept))
        else {
            self.best.clone_from(chosen);
            self.best_price = price;
            return;
        };
        let mut options = self.problem.teachers[concept].clone();
        options.sort_by_key(|idx| {
            let n_new = u64::from((self.sets[*idx] & untaught).count_ones());
            (self.problem.candidates[*idx].price / n_new.max(1), *idx)
        });
        for idx in options {
            chosen.push(idx);
            self.branch(untaught & !self.sets[idx], price + self.problem.candidates[idx].price, chosen);
            chosen.pop();
        }
    }
}
