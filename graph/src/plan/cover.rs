//! The cheapest lessons that teach given concepts: weighted set cover.

use gradus_corpus::PageId;
use rustc_hash::FxHashMap;

use crate::Graph;

/// Branches looked at before the best cover so far is taken. Plans of some twenty concepts are solved exactly.
const MAX_BRANCHES: usize = 20_000;

struct Problem<'a> {
    /// For each lesson: its price and the concepts it teaches, as positions.
    lessons: Vec<(u32, u64, Vec<usize>)>,
    /// For each concept: the lessons that teach it, as positions.
    teachers: Vec<Vec<usize>>,
    graph: &'a Graph,
}

struct Search {
    best: Vec<usize>,
    best_price: u64,
    branches: usize,
}

impl Graph {
    /// For each of `concepts` that some guide teaches, the lesson that shall teach it; the lessons together are cheapest.
    /// Lessons of guides that `prefer` admits are taken wherever there is one for the concept.
    pub(crate) fn cover(&self, concepts: &[u32], prefer: &dyn Fn(PageId) -> bool) -> FxHashMap<u32, u32> {
        let taught: Vec<u32> =
            concepts.iter().copied().filter(|concept| !self.taught_in.row(*concept).is_empty()).collect();
        let problem = self.problem(&taught, prefer);
        let greedy = problem.greedy();
        let mut search = Search { best_price: problem.price(&greedy), best: greedy, branches: 0 };
        problem.branch(&mut vec![0; taught.len()], &mut Vec::new(), 0, &mut search);
        let mut chosen = FxHashMap::default();
        search.best.sort_unstable();
        for lesson in &search.best {
            for concept in &problem.lessons[*lesson].2 {
                chosen.entry(taught[*concept]).or_insert(problem.lessons[*lesson].0);
            }
        }
        chosen
    }

    fn problem(&self, taught: &[u32], prefer: &dyn Fn(PageId) -> bool) -> Problem<'_> {
        let mut lessons: Vec<(u32, u64, Vec<usize>)> = Vec::new();
        let mut position: FxHashMap<u32, usize> = FxHashMap::default();
        let mut teachers = vec![Vec::new(); taught.len()];
        for (concept_idx, concept) in taught.iter().enumerate() {
            let row = self.taught_in.row(*concept);
            let is_preferred = |lesson: u32| prefer(self.lessons[lesson as usize].guide);
            let any_preferred = row.iter().any(|entry| is_preferred(entry.node));
            for entry in row.iter().filter(|entry| !any_preferred || is_preferred(entry.node)) {
                let at = *position.entry(entry.node).or_insert_with(|| {
                    lessons.push((entry.node, u64::from(self.lessons[entry.node as usize].minutes), Vec::new()));
                    lessons.len() - 1
                });
                lessons[at].2.push(concept_idx);
                teachers[concept_idx].push(at);
            }
        }
        Problem { lessons, teachers, graph: self }
    }
}

impl Problem<'_> {
    fn price(&self, chosen: &[usize]) -> u64 {
        chosen.iter().map(|lesson| self.lessons[*lesson].1).sum()
    }

    /// Takes the lesson with the least price a new concept until all are taught, then drops what others teach as well.
    fn greedy(&self) -> Vec<usize> {
        let mut is_taught = vec![false; self.teachers.len()];
        let mut chosen = Vec::new();
        while is_taught.contains(&false) {
            let n_new =
                |lesson: usize| self.lessons[lesson].2.iter().filter(|concept| !is_taught[**concept]).count() as u64;
            let useful = (0..self.lessons.len()).filter(|lesson| n_new(*lesson) > 0);
            // Price / new compared by cross-multiplication: exact, and equal where it is equal.
            let best = useful.min_by(|a, b| {
                let (price_a, price_b) = (self.lessons[*a].1 * n_new(*b), self.lessons[*b].1 * n_new(*a));
                price_a
                    .cmp(&price_b)
                    .then_with(|| n_new(*b).cmp(&n_new(*a)))
                    .then_with(|| self.rank(*a).cmp(&self.rank(*b)))
            });
            let Some(best) = best else { break };
            self.lessons[best].2.iter().for_each(|concept| is_taught[*concept] = true);
            chosen.push(best);
        }
        let mut kept = chosen.clone();
        for lesson in chosen {
            let others: Vec<usize> = kept.iter().copied().filter(|other| *other != lesson).collect();
            let is_spare = self.lessons[lesson]
                .2
                .iter()
                .all(|concept| others.iter().any(|other| self.lessons[*other].2.contains(concept)));
            if is_spare {
                kept = others;
            }
        }
        kept
    }

    /// Lessons by guide, then section.
    fn rank(&self, lesson: usize) -> (PageId, Option<usize>) {
        let lesson = &self.graph.lessons[self.lessons[lesson].0 as usize];
        (lesson.guide, lesson.section)
    }

    /// Tries every lesson for the untaught concept that has fewest, cheapest first.
    fn branch(&self, times_taught: &mut Vec<u32>, chosen: &mut Vec<usize>, price: u64, search: &mut Search) {
        search.branches += 1;
        if search.branches > MAX_BRANCHES || price >= search.best_price {
            return;
        }
        let untaught = (0..times_taught.len()).filter(|concept| times_taught[*concept] == 0);
        let Some(concept) = untaught.min_by_key(|concept| (self.teachers[*concept].len(), *concept)) else {
            search.best.clone_from(chosen);
            search.best_price = price;
            return;
        };
        let mut options = self.teachers[concept].clone();
        options.sort_by_key(|lesson| (self.lessons[*lesson].1, self.rank(*lesson)));
        for lesson in options {
            self.lessons[lesson].2.iter().for_each(|concept| times_taught[*concept] += 1);
            chosen.push(lesson);
            self.branch(times_taught, chosen, price + self.lessons[lesson].1, search);
            chosen.pop();
            self.lessons[lesson].2.iter().for_each(|concept| times_taught[*concept] -= 1);
        }
    }
}
