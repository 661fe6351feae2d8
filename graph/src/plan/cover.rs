//! The cheapest lessons that teach given concepts: weighted set cover.

use gradus_corpus::PageId;
use petgraph::unionfind::UnionFind;
use rustc_hash::FxHashMap;

use super::branch_and_bound::cheapest;
use super::options::{Depth, PlanOptions};
use super::set_cover::{CoverCandidate, SetCover};
use crate::graph::Graph;

/// Branches of the exact search for one group of concepts. Each group has its own, so that its price does not depend on
/// what else is in a plan.
const MAX_BRANCHES: usize = 10_000;

/// Chooses the lessons for a reader: it weighs who may open what and what is wanted before minutes.
pub(super) struct Cover<'a> {
    graph: &'a Graph,
    options: &'a PlanOptions<'a>,
}

/// How well a lesson suits the reader. Only the best teach a concept; minutes decide between those.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Suitability {
    can_be_opened: bool,
    /// Whether it is as thorough as wanted.
    is_thorough: bool,
    preference: u32,
    /// How much it speaks of the concept, where that counts.
    weight: usize,
}

/// The lessons that were chosen.
#[derive(Debug, Default)]
pub(super) struct ChosenLessons {
    /// For each concept that some guide teaches, the lesson that shall teach it.
    pub(super) lesson_of: FxHashMap<u32, u32>,
    /// Minutes of all of them.
    pub(super) minutes: u32,
    /// Whether it is known that no other choice takes fewer minutes.
    pub(super) is_proven: bool,
}

impl<'a> Cover<'a> {
    pub(super) fn new(graph: &'a Graph, options: &'a PlanOptions<'a>) -> Self {
        Self { graph, options }
    }

    /// The cheapest lessons for those of `concepts` that some guide teaches.
    ///
    /// Exact by branch and bound while there are branches left to look at, else greedy, which is within `ln n + 1` of the
    /// best (Chvátal, 1979). Concepts that share no lesson are solved apart.
    pub(super) fn cheapest(&self, concepts: &[u32]) -> ChosenLessons {
        let mut all = ChosenLessons { is_proven: true, ..ChosenLessons::default() };
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
    pub(super) fn groups(&self, concepts: &[u32]) -> Vec<Vec<u32>> {
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

    /// The lessons that teach `concept` and suit the reader best.
    fn teachers(&self, concept: u32) -> impl Iterator<Item = u32> + '_ {
        let lessons = self.graph.taught_in.row(concept).iter().map(|entry| entry.node);
        let suits = move |lesson: u32| self.suitability(concept, lesson);
        let most = lessons.clone().map(suits).max();
        lessons.filter(move |lesson| Some(suits(*lesson)) == most)
    }

    fn suitability(&self, concept: u32, lesson: u32) -> Suitability {
        let lesson = &self.graph.lessons[lesson as usize];
        let is_solid = self.options.depth == Depth::Solid;
        let is_subject = is_solid && self.options.targets.contains(&PageId(concept));
        Suitability {
            can_be_opened: (self.options.can_open)(lesson.guide, lesson.section),
            is_thorough: !is_solid || lesson.section.is_none(),
            preference: (self.options.prefer)(lesson.guide),
            weight: if is_subject { lesson.weight(concept) } else { 0 },
        }
    }

    fn problem(&self, concepts: Vec<u32>) -> SetCover {
        let mut candidates: Vec<CoverCandidate> = Vec::new();
        let mut place: FxHashMap<u32, usize> = FxHashMap::default();
        let mut teachers = vec![Vec::new(); concepts.len()];
        for (idx, concept) in concepts.iter().enumerate() {
            for lesson in self.teachers(*concept) {
                let at = *place.entry(lesson).or_insert_with(|| {
                    candidates.push(CoverCandidate::new(lesson, self.graph.lessons[lesson as usize].minutes));
                    candidates.len() - 1
                });
                candidates[at].concepts.push(idx);
                teachers[idx].push(at);
            }
        }
        SetCover { candidates, teachers, concepts }
    }
}
