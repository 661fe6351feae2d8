//! Which steps of a plan need which: what a drawing of the plan is made of.

use std::collections::BTreeMap;

use gradus_corpus::{Origin, PageId, Relation};
use gradus_graph::StudyStep;
use rustc_hash::FxHashMap;

use crate::view::View;

/// What ties a step to others, by their positions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct StepTies<'a> {
    /// Those that must come before, without those that others of them imply.
    pub(super) needs: Vec<usize>,
    /// Those of them that only the texts speak for.
    pub(super) inferred: Vec<usize>,
    /// Those that need it in that sense.
    pub(super) needed_by: Vec<usize>,
    /// Why the first of those needs it, where somebody has declared that.
    pub(super) reason: Option<&'a str>,
}

/// The ties of each of `steps`. O(prerequisites of their pages · steps / 64).
pub(super) fn step_ties<'a>(view: &'a View, steps: &[StudyStep]) -> Vec<StepTies<'a>> {
    let edges = edges(view, steps);
    let mut needs: Vec<Vec<usize>> = vec![Vec::new(); steps.len()];
    edges.keys().for_each(|(step, need)| needs[*step].push(*need));
    let mut ties: Vec<StepTies<'a>> = vec![StepTies::default(); steps.len()];
    for (step, needs) in reduced(needs).into_iter().enumerate() {
        for need in &needs {
            let ties = &mut ties[*need];
            if ties.needed_by.is_empty() {
                ties.reason = edges.get(&(step, *need)).and_then(|tie| tie.reason);
            }
            ties.needed_by.push(step);
        }
        let is_inferred = |need: &usize| edges.get(&(step, *need)).is_some_and(|tie| !tie.is_declared);
        ties[step].inferred = needs.iter().copied().filter(is_inferred).collect();
        ties[step].needs = needs;
    }
    ties
}

/// What ties one step to another.
#[derive(Clone, Copy, Debug, Default)]
struct StepTie<'a> {
    /// Whether anybody has declared it.
    is_declared: bool,
    /// The first reason that is given.
    reason: Option<&'a str>,
}

/// From each step to the earlier ones that its pages name as their prerequisites, or of which `view` has concluded that they are.
fn edges<'a>(view: &'a View, steps: &[StudyStep]) -> BTreeMap<(usize, usize), StepTie<'a>> {
    let mut step_of: FxHashMap<PageId, usize> = FxHashMap::default();
    for (at, step) in steps.iter().enumerate() {
        pages(step).for_each(|page| {
            step_of.entry(page).or_insert(at);
        });
    }
    let mut edges: BTreeMap<(usize, usize), StepTie<'a>> = BTreeMap::new();
    for (at, page) in steps.iter().enumerate().flat_map(|(at, step)| pages(step).map(move |page| (at, page))) {
        for edge in view.corpus.declared_by(page) {
            let is_need = matches!(edge.relation, Relation::Requires | Relation::Assumes);
            let is_declared = edge.origin != Origin::Inferred;
            if !is_need || !(is_declared || view.confidences.contains_key(&(edge.to, edge.from))) {
                continue;
            }
            // Who needs a guide needs what it teaches.
            let taught = view.graph.teaches(edge.to);
            for need in std::iter::once(edge.to).chain(taught).filter_map(|page| step_of.get(&page).copied()) {
                if need < at {
                    let tie = edges.entry((at, need)).or_default();
                    tie.is_declared |= is_declared;
                    tie.reason = tie.reason.or(edge.reason.as_deref().filter(|_| is_declared));
                }
            }
        }
    }
    edges
}

/// What is learned in a step: its concepts or, where there are none, its guide.
fn pages(step: &StudyStep) -> impl Iterator<Item = PageId> + '_ {
    let guide = step.material.guide.filter(|_| step.concepts.is_empty());
    step.concepts.iter().copied().chain(guide)
}

/// `needs`, each of which names earlier positions, without what others imply.
fn reduced(needs: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    let n_words = needs.len().div_ceil(64);
    // For each position, as bits, all that stands before it.
    let mut before: Vec<Vec<u64>> = Vec::with_capacity(needs.len());
    let mut kept = Vec::with_capacity(needs.len());
    for mut needs in needs {
        needs.sort_unstable();
        let mut seen = vec![0_u64; n_words];
        // The latest first: what it needs stands before it, so that nothing that comes later in this loop implies it.
        needs.reverse();
        needs.retain(|need| {
            let is_new = seen[need / 64] & (1 << (need % 64)) == 0;
            seen.iter_mut().zip(&before[*need]).for_each(|(seen, before)| *seen |= before);
            seen[need / 64] |= 1 << (need % 64);
            is_new
        });
        needs.reverse();
        before.push(seen);
        kept.push(needs);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_imply_is_left_out() {
        let needs = vec![vec![], vec![0], vec![1, 0], vec![0], vec![2, 3, 0, 1]];
        assert_eq!(reduced(needs), [vec![], vec![0], vec![1], vec![0], vec![2, 3]]);
    }
}
