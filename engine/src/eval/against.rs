//! Search beside plain BM25: where does our ranking help on this corpus, and where does it hurt?

use serde::Serialize;

use gradus_corpus::PageId;
use gradus_index::PlainBm25;

use super::bootstrap::{Interval, RESAMPLES, SEED, interval_of_mean};
use super::judgements::JudgedQuery;
use super::metrics::mean;
use super::search::{QueryResult, by_badness, graded};
use crate::view::View;

/// A difference in nDCG from which a query is answered better or worse, and not alike.
const ALIKE: f64 = 1e-9;

/// Both answers to the same queries.
#[derive(Debug, Serialize)]
pub struct Comparison {
    /// What is compared with.
    pub against: &'static str,
    /// nDCG of the first ten answers.
    pub ndcg_at_10: ComparedMetric,
    /// One divided by the place of the first relevant answer.
    pub mrr: ComparedMetric,
    /// Share of the relevant pages among the first hundred answers.
    pub recall_at_100: ComparedMetric,
    /// Queries with a higher nDCG than BM25's.
    pub better: usize,
    /// Queries with the same.
    pub equal: usize,
    /// Queries with a lower one.
    pub worse: usize,
    /// How often the queries were drawn anew for the intervals.
    pub resamples: usize,
    /// From which number the draws began.
    pub seed: u64,
    /// The queries that BM25 answers better, the greatest loss first.
    pub losses: Vec<QueryLoss>,
}

/// The means of a metric, and how far apart they are.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ComparedMetric {
    /// Of our answers.
    pub ours: f64,
    /// Of BM25's.
    pub theirs: f64,
    /// Ours less BM25's.
    pub difference: f64,
    /// Where that lies in 95 of 100 draws of the queries.
    pub interval: Interval,
}

/// A query that BM25 answers better.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QueryLoss {
    /// Its id in the collection.
    pub id: Option<String>,
    /// What was asked.
    pub q: String,
    /// Our nDCG less BM25's: below zero.
    pub difference: f64,
    /// Our nDCG of the first ten answers.
    pub ours: f64,
    /// BM25's.
    pub theirs: f64,
    /// Relevant pages that only BM25 has among the first ten, in its order.
    pub missed: Vec<String>,
    /// Pages that we put first instead: ours among the first ten that are not relevant and that BM25 does not have there.
    pub instead: Vec<String>,
}

/// What plain BM25 answers to each of `judged`, in their order. O(text), and what the answers cost.
pub fn answer_plainly(view: &View, judged: &[JudgedQuery]) -> Vec<QueryResult> {
    let bm25 = PlainBm25::new(&view.corpus);
    let id = |page: PageId| view.corpus.page(page).id();
    judged
        .iter()
        .map(|one| graded(one, bm25.rank(&one.q, super::search::DEPTH).into_iter().map(id).collect()))
        .collect()
}

/// Compares our answers with `theirs`, both to `judged`; tells the `n_losses` greatest losses.
pub fn compare(judged: &[JudgedQuery], ours: &[QueryResult], theirs: &[QueryResult], n_losses: usize) -> Comparison {
    let pairs = || ours.iter().zip(theirs);
    let metric = |of: fn(&QueryResult) -> f64| {
        let differences: Vec<f64> = pairs().map(|(ours, theirs)| of(ours) - of(theirs)).collect();
        ComparedMetric {
            ours: mean(ours.iter().map(of)),
            theirs: mean(theirs.iter().map(of)),
            difference: mean(differences.iter().copied()),
            interval: interval_of_mean(&differences),
        }
    };
    let difference = |(ours, theirs): (&QueryResult, &QueryResult)| ours.ndcg_at_10 - theirs.ndcg_at_10;
    let better = pairs().filter(|pair| difference(*pair) > ALIKE).count();
    let mut lost: Vec<(&JudgedQuery, &QueryResult, &QueryResult)> = judged
        .iter()
        .zip(pairs())
        .filter(|(_, pair)| difference(*pair) < -ALIKE)
        .map(|(judged, (ours, theirs))| (judged, ours, theirs))
        .collect();
    let worse = lost.len();
    lost.sort_by(|(_, a, a_theirs), (_, b, b_theirs)| {
        difference((*a, *a_theirs)).total_cmp(&difference((*b, *b_theirs))).then(by_badness(a, b))
    });
    Comparison {
        against: "bm25",
        ndcg_at_10: metric(|one| one.ndcg_at_10),
        mrr: metric(|one| one.reciprocal_rank),
        recall_at_100: metric(|one| one.recall_at_100),
        better,
        equal: ours.len() - better - worse,
        worse,
        resamples: RESAMPLES,
        seed: SEED,
        losses: lost.into_iter().take(n_losses).map(|(judged, ours, theirs)| loss(judged, ours, theirs)).collect(),
    }
}

fn loss(judged: &JudgedQuery, ours: &QueryResult, theirs: &QueryResult) -> QueryLoss {
    let is_relevant = |page: &&String| judged.grades.get(*page).is_some_and(|grade| *grade > 0);
    let missed = theirs.top().iter().filter(|page| is_relevant(page) && !ours.top().contains(page));
    let instead = ours.top().iter().filter(|page| !is_relevant(page) && !theirs.top().contains(page));
    QueryLoss {
        id: ours.id.clone(),
        q: ours.q.clone(),
        difference: ours.ndcg_at_10 - theirs.ndcg_at_10,
        ours: ours.ndcg_at_10,
        theirs: theirs.ndcg_at_10,
        missed: missed.cloned().collect(),
        instead: instead.cloned().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::metrics::Grades;
    use super::*;

    fn judged(q: &str, relevant: &[&str]) -> JudgedQuery {
        let grades: Grades<String> = relevant.iter().map(|page| ((*page).to_owned(), 1)).collect();
        JudgedQuery { id: Some(q.to_uppercase()), q: q.to_owned(), grades }
    }

    fn ranked(judged: &[JudgedQuery], answers: &[&str]) -> Vec<QueryResult> {
        let pages = |answer: &str| answer.split_whitespace().map(str::to_owned).collect();
        judged.iter().zip(answers).map(|(one, answer)| graded(one, pages(answer))).collect()
    }

    #[test]
    fn losses_are_told_worst_first_with_what_bm25_finds() {
        let judged = [judged("a", &["x"]), judged("b", &["x", "y"]), judged("c", &["x"]), judged("d", &["x"])];
        let ours = ranked(&judged, &["x", "z x", "z", "y x"]);
        let theirs = ranked(&judged, &["x", "x y", "x", "z"]);
        let told = compare(&judged, &ours, &theirs, 9);
        assert_eq!((told.better, told.equal, told.worse), (1, 1, 2));
        let losses: Vec<&str> = told.losses.iter().map(|loss| &*loss.q).collect();
        assert_eq!(losses, ["c", "b"]);
        let b = &told.losses[1];
        assert_eq!(
            (b.id.as_deref(), &*b.missed, &*b.instead),
            (Some("B"), &["y".to_owned()][..], &["z".to_owned()][..])
        );
        assert!((b.difference - (b.ours - b.theirs)).abs() < 1e-12 && b.difference < 0.0);
        assert_eq!(compare(&judged, &ours, &theirs, 1).losses, [told.losses[0].clone()]);
    }

    #[test]
    fn equal_answers_differ_by_nothing() {
        let judged = [judged("a", &["x"]), judged("b", &["y"])];
        let ours = ranked(&judged, &["x", "x y"]);
        let told = compare(&judged, &ours, &ours.clone(), 9);
        assert_eq!((told.better, told.equal, told.worse, told.losses.len()), (0, 2, 0, 0));
        let Interval { low, high } = told.ndcg_at_10.interval;
        assert_eq!([told.mrr.difference, low, high], [0.0; 3]);
    }
}
