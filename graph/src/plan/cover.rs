//! The cheapest lessons that teach given concepts: weighted set cover.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use gradus_corpus::PageId;
use petgraph::unionfind::UnionFind;
use rustc_hash::FxHashMap;

use super::search::cheapest;
use crate::Graph;

/// Branches of the exact search for one group of concepts. Each group has its own, so that its price does not depend on
/// what else is in a plan.
const MAX_BRANCHES: usize = 10_000;
/// Fractional bits of a price in minutes; below them it counts lessons, so that of covers that take equally long the one
/// with fewer lessons is cheaper.
const PRICE_BITS: u32 = 20;

/// Chooses lessons.
pub(crate) struct Cover<'a> {
    graph: &'a Graph,
    /// How much a guide is wanted: a concept is taught by one of those that are wanted most.
    prefer: &'a dyn Fn(PageId) -> u32,
}

/// The lessons that were chosen.
#[derive(Debug, Default)]
pub(crate) struct Cheapest {
    /// For each concept that some guide teaches, the lesson that shall teach it.
    pub(crate) lesson_of: FxHashMap<u32, u32>,
    /// Minutes of all of them.
    pub(crate) minutes: u32,
    /// Whether it is known that no other choice takes fewer minutes.
    pub(crate) is_proven: bool,
}

/// Concepts that no lesson connects to any other, and the lessons that teach them.
pub(super) struct Problem {
    pub(super) candidates: Vec<Candidate>,
    /// For each concept: the candidates that teach it.
    pub(super) teachers: Vec<Vec<usize>>,
    concepts: Vec<u32>,
}

/// A lesson that may be chosen.
pub(super) struct Candidate {
    lesson: u32,
    pub(super) price: u64,
    /// Positions of the concepts that it teaches.
    pub(super) concepts: Vec<usize>,
}

impl<'a> Cover<'a> {
    pub(crate) fn new(graph: &'a Graph, prefer: &'a dyn Fn(PageId) -> u32) -> Self {
        Self { graph, prefer }
    }

    /// The cheapest lessons for those of `concepts` that some guide teaches.
    ///
    /// Exact by branch and bound while there are branches left to look at, else greedy, which is within `ln n + 1` of the
    /// best (Chvátal, 1979). Concepts that share no lesson are solved apart.
    pub(crate) fn cheapest(&self, concepts: &[u32]) -> Cheapest {
        let mut all = Cheapest { is_proven: true, ..Cheapest::default() };
        for group in self.groups(concepts) {
            let problem = self.problem(group);
            let greedy = problem.greedy();
            let (chosen, is_proven) = cheapest(&problem, greedy, MAX_BRANCHES);
            all.is_proven &= is_proven;
            for candidate in chosen.into_iter().map(|idx| &problem.candidates[idx]) {
                let minutes = self.graph.lessons[candidate.lesson as usize].minutes;
                all.minutes = all.minutes.saturating_add(minutes);
                for concept in &candidate.concepts {
                    all.lesson_of.entry(problem.concepts[*concept]).or_insert(candidate.lesson);
                }
            }
        }
        all
    }

    /// Those of `concepts` that some guide teaches, together where they share a lesson, by their first.
    pub(crate) fn groups(&self, concepts: &[u32]) -> Vec<Vec<u32>> {
        let mut sets = UnionFind::<usize>::new(concepts.len());
        let mut first: FxHashMap<u32, usize> = FxHashMap::default();
        for (idx, concept) in concepts.iter().enumerate() {
            for lesson in self.teachers(*concept) {
                sets.union(idx, *first.entry(lesson).or_insert(idx));
            }
        }
        let mut group_of: FxHashMap<usize, usize> = FxHashMap::default();
        let mut groups: Vec<Vec<u32>> = Vec::new();
        for (idx, concept) in concepts.iter().enumerate() {
            if self.graph.taught_in.row(*concept).is_empty() {
                continue;
            }
            let group = *group_of.entry(sets.find_mut(idx)).or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            groups[group].push(*concept);
        }
        groups
    }

    /// The lessons that teach `concept`, of the guides that are wanted most.
    fn teachers(&self, concept: u32) -> impl Iterator<Item = u32> + '_ {
        let lessons = self.graph.taught_in.row(concept).iter().map(|entry| entry.node);
        let wanted = |lesson: u32| (self.prefer)(self.graph.lessons[lesson as usize].guide);
        let most = lessons.clone().map(wanted).max();
        lessons.filter(move |lesson| Some(wanted(*lesson)) == most)
    }

    fn problem(&self, concepts: Vec<u32>) -> Problem {
        let mut candidates: Vec<Candidate> = Vec::new();
        let mut place: FxHashMap<u32, usize> = FxHashMap::default();
        let mut teachers = vec![Vec::new(); concepts.len()];
        for (idx, concept) in concepts.iter().enumerate() {
            for lesson in self.teachers(*concept) {
                let at = *place.entry(lesson).or_insert_with(|| {
                    let minutes = u64::from(self.graph.lessons[lesson as usize].minutes);
                    candidates.push(Candidate { lesson, price: (minutes << PRICE_BITS) + 1, concepts: Vec::new() });
                    candidates.len() - 1
                });
                candidates[at].concepts.push(idx);
                teachers[idx].push(at);
            }
        }
        Problem { candidates, teachers, concepts }
    }
}

impl Problem {
    /// Takes the lesson with the least price a new concept until all are taught, then drops what is spare. O(lessons log lessons) for lessons that teach a few concepts each.
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
