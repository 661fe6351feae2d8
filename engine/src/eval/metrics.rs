//! Metrics of ranked answers against judgements, as `trec_eval` defines them: a judgement is a grade, what is not judged
//! has none, and what is above zero is relevant.

use std::hash::Hash;

use rustc_hash::FxHashMap;

/// The judgements of one question: grades by what is judged.
pub type Grades<T> = FxHashMap<T, i32>;

/// How much of all that is relevant stands among the first `k`; 0 where nothing is relevant.
pub fn recall<T: Eq + Hash>(ranked: &[T], grades: &Grades<T>, k: usize) -> f64 {
    let n_relevant = grades.values().filter(|grade| **grade > 0).count();
    let n_found = first(ranked, k).iter().filter(|one| is_relevant(grades, one)).count();
    ratio(n_found, n_relevant)
}

/// How much of the first `k` places is relevant; places that stay empty are not.
pub fn precision<T: Eq + Hash>(ranked: &[T], grades: &Grades<T>, k: usize) -> f64 {
    ratio(first(ranked, k).iter().filter(|one| is_relevant(grades, one)).count(), k)
}

/// 1 if anything relevant stands among the first `k`, else 0.
pub fn hit<T: Eq + Hash>(ranked: &[T], grades: &Grades<T>, k: usize) -> f64 {
    if first(ranked, k).iter().any(|one| is_relevant(grades, one)) { 1.0 } else { 0.0 }
}

/// One divided by the place of the first relevant answer; 0 where there is none. Its mean over questions is the MRR.
pub fn reciprocal_rank<T: Eq + Hash>(ranked: &[T], grades: &Grades<T>) -> f64 {
    ranked.iter().position(|one| is_relevant(grades, one)).map_or(0.0, |at| ratio(1, at + 1))
}

/// The mean of the precisions at the places of the relevant answers. Its mean over questions is the MAP.
pub fn average_precision<T: Eq + Hash>(ranked: &[T], grades: &Grades<T>) -> f64 {
    let n_relevant = grades.values().filter(|grade| **grade > 0).count();
    let places = ranked.iter().enumerate().filter(|(_, one)| is_relevant(grades, one));
    let precisions: f64 = places.enumerate().map(|(n_before, (at, _))| ratio(n_before + 1, at + 1)).sum();
    if n_relevant == 0 { 0.0 } else { precisions / as_f64(n_relevant) }
}

/// Discounted cumulated gain of the first `k` (Järvelin and Kekäläinen, 2002) over that of the best order: gains are the
/// grades, the discount is the binary logarithm of one plus the place.
pub fn ndcg<T: Eq + Hash>(ranked: &[T], grades: &Grades<T>, k: usize) -> f64 {
    let mut ideal: Vec<i32> = grades.values().copied().filter(|grade| *grade > 0).collect();
    ideal.sort_unstable_by(|a, b| b.cmp(a));
    let found = first(ranked, k).iter().map(|one| grades.get(one).copied().unwrap_or(0));
    let best = gain(ideal.into_iter().take(k));
    if best > 0.0 { gain(found) / best } else { 0.0 }
}

/// The mean of `values`, 0 of none.
pub fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let (sum, n) = values.into_iter().fold((0.0, 0), |(sum, n), value| (sum + value, n + 1));
    if n == 0 { 0.0 } else { sum / as_f64(n) }
}

fn gain(grades: impl Iterator<Item = i32>) -> f64 {
    grades.enumerate().map(|(at, grade)| f64::from(grade.max(0)) / as_f64(at + 2).log2()).sum()
}

fn first<T>(ranked: &[T], k: usize) -> &[T] {
    &ranked[..ranked.len().min(k)]
}

fn is_relevant<T: Eq + Hash>(grades: &Grades<T>, one: &T) -> bool {
    grades.get(one).is_some_and(|grade| *grade > 0)
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { as_f64(part) / as_f64(whole) }
}

#[expect(clippy::cast_precision_loss, reason = "counts of answers are far below 2^52")]
fn as_f64(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grades(text: &str) -> Grades<&str> {
        text.split_whitespace()
            .filter_map(|one| one.split_once(':'))
            .map(|(id, grade)| (id, grade.parse().unwrap()))
            .collect()
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-12
    }

    #[test]
    fn by_hand() {
        let judged = grades("a:3 b:1 c:2 d:0 e:-1");
        let ranked = ["d", "a", "x", "c", "e"];
        assert!(close(recall(&ranked, &judged, 2), 1.0 / 3.0));
        assert!(close(recall(&ranked, &judged, 10), 2.0 / 3.0));
        assert!(close(precision(&ranked, &judged, 10), 0.2));
        assert!(close(hit(&ranked, &judged, 1), 0.0) && close(hit(&ranked, &judged, 2), 1.0));
        assert!(close(reciprocal_rank(&ranked, &judged), 0.5));
        assert!(close(average_precision(&ranked, &judged), (1.0 / 2.0 + 2.0 / 4.0) / 3.0));
        let ideal = 3.0 + 2.0 / 3_f64.log2() + 0.5;
        assert!(close(ndcg(&ranked, &judged, 10), (3.0 / 3_f64.log2() + 2.0 / 5_f64.log2()) / ideal));
    }

    #[test]
    fn nothing_relevant_and_nothing_found_are_zero() {
        for (ranked, judged) in [(vec!["a"], grades("a:0")), (vec![], grades("a:1")), (vec![], grades(""))] {
            let all = [recall(&ranked, &judged, 5), ndcg(&ranked, &judged, 5), hit(&ranked, &judged, 5)];
            assert_eq!(all, [0.0; 3]);
            assert_eq!([reciprocal_rank(&ranked, &judged), average_precision(&ranked, &judged)], [0.0; 2]);
        }
        assert_eq!(mean([]), 0.0);
    }

    #[test]
    fn the_best_order_is_one() {
        let judged = grades("a:3 b:2 c:1");
        assert!(close(ndcg(&["a", "b", "c", "x"], &judged, 10), 1.0));
        assert!(close(average_precision(&["b", "a", "c"], &judged), 1.0));
        assert!(ndcg(&["c", "b", "a"], &judged, 10) < 1.0);
    }
}
