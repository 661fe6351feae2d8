//! How well search answers judged queries.

use std::cmp::Ordering;

use serde::Serialize;

use super::judgements::JudgedQuery;
use super::metrics;
use crate::limits;
use crate::questions::filter::FilterParams;
use crate::questions::refusal::QuestionError;
use crate::questions::search::{SearchParams, search};
use crate::view::View;

/// Answers that are looked at for a query: the depth of recall@100 and of the reciprocal rank.
const DEPTH: usize = limits::PAGE_ITEMS;
/// Depth of nDCG@10: what a reader sees without scrolling.
const TOP: usize = 10;

/// What was measured over all queries.
#[derive(Debug, Serialize)]
pub struct SearchQuality {
    /// Queries that were asked.
    pub queries: usize,
    /// Mean nDCG of the first ten answers.
    pub ndcg_at_10: f64,
    /// Mean reciprocal rank of the first relevant answer.
    pub mrr: f64,
    /// Mean share of the relevant pages that are among the first hundred answers.
    pub recall_at_100: f64,
    /// The queries that were answered worst, worst first.
    pub worst: Vec<QueryResult>,
    /// The snapshot that answered.
    pub generation: String,
}

/// One query, and how it was answered.
#[derive(Clone, Debug, Serialize)]
pub struct QueryResult {
    /// Its id in the collection.
    pub id: Option<String>,
    /// What was asked.
    pub q: String,
    /// nDCG of the first ten answers.
    pub ndcg_at_10: f64,
    /// One divided by the place of the first relevant answer.
    pub reciprocal_rank: f64,
    /// Share of the relevant pages among the first hundred answers.
    pub recall_at_100: f64,
    /// Relevant pages that are not among the first ten, the best graded first.
    pub missing: Vec<String>,
    /// The answers, best first.
    pub ranked: Vec<String>,
}

/// Asks `view` each of `judged`, in their order.
///
/// # Errors
/// If a query cannot be asked.
pub fn answer(view: &View, judged: &[JudgedQuery]) -> Result<Vec<QueryResult>, QuestionError> {
    judged.iter().map(|one| answer_one(view, one)).collect()
}

fn answer_one(view: &View, judged: &JudgedQuery) -> Result<QueryResult, QuestionError> {
    let ask = SearchParams { q: judged.q.clone(), limit: i64::try_from(DEPTH).ok(), ..SearchParams::default() };
    let found = search(view, ask, FilterParams::default())?;
    let ranked: Vec<String> = found.items.into_iter().map(|hit| hit.page.id).collect();
    let grades = &judged.grades;
    let top = &ranked[..ranked.len().min(TOP)];
    let mut missing: Vec<(i32, &String)> =
        grades.iter().filter(|(id, grade)| **grade > 0 && !top.contains(id)).map(|(id, grade)| (-grade, id)).collect();
    missing.sort_unstable();
    Ok(QueryResult {
        id: judged.id.clone(),
        q: judged.q.clone(),
        ndcg_at_10: metrics::ndcg(&ranked, grades, TOP),
        reciprocal_rank: metrics::reciprocal_rank(&ranked, grades),
        recall_at_100: metrics::recall(&ranked, grades, DEPTH),
        missing: missing.into_iter().map(|(_, id)| id.clone()).collect(),
        ranked,
    })
}

/// The means over `answered`, and the `n_worst` queries with the lowest nDCG; of equals the lower reciprocal rank, the
/// lower recall, then the earlier query is worse.
pub fn measure(view: &View, answered: &[QueryResult], n_worst: usize) -> SearchQuality {
    let mean = |of: fn(&QueryResult) -> f64| metrics::mean(answered.iter().map(of));
    let mut worst: Vec<&QueryResult> = answered.iter().collect();
    worst.sort_by(|a, b| badness(a, b));
    SearchQuality {
        queries: answered.len(),
        ndcg_at_10: mean(|one| one.ndcg_at_10),
        mrr: mean(|one| one.reciprocal_rank),
        recall_at_100: mean(|one| one.recall_at_100),
        worst: worst.into_iter().take(n_worst).cloned().collect(),
        generation: view.generation.clone(),
    }
}

fn badness(a: &QueryResult, b: &QueryResult) -> Ordering {
    let by = |of: fn(&QueryResult) -> f64| of(a).total_cmp(&of(b));
    by(|one| one.ndcg_at_10).then(by(|one| one.reciprocal_rank)).then(by(|one| one.recall_at_100))
}

/// `answered` as a run in TREC's format, for other tools: query, `Q0`, page, rank, a score that falls with the rank, name of
/// the run. Queries without an id are numbered from 1.
pub fn trec_run(answered: &[QueryResult]) -> String {
    let mut run = String::new();
    for (n, one) in (1..).zip(answered) {
        let query = one.id.clone().unwrap_or_else(|| n.to_string());
        for (rank, page) in (1..).zip(&one.ranked) {
            run.push_str(&format!("{query} Q0 {page} {rank} {} gradus\n", DEPTH + 1 - rank));
        }
    }
    run
}
