//! Weights from what authors have declared: a logistic regression, held to where it starts.

use super::near::as_f32;
use super::signal::{ClueRow, N_CLUES, start, weighed};

/// Declared prerequisites from which there is something to learn.
pub(super) const MIN_DECLARED: usize = 30;
/// How strongly weights are held to where they start, in pairs of pages that speak against moving them.
const TRUST_IN_START: f64 = 40.0;
/// Steps of Newton's method, which hardly ever takes more than eight.
const STEPS: usize = 25;
/// Steps shorter than this, in the logarithm of chances, end it.
const SHORTEST_STEP: f64 = 1e-4;
/// What turns a score at the start into the logarithm of chances: measured, see docs/suggest.md.
const SCALE: f32 = 0.4;
const OFFSET: f32 = -3.4;

/// Weights and where they come from.
#[derive(Clone, Debug)]
pub(super) struct ClueWeights {
    weights: ClueRow,
    offset: f32,
    /// Declared prerequisites that taught them; 0 for those of the start.
    pub(super) n_taught_by: usize,
}

/// A pair of pages that teaches: what speaks for it, and whether its prerequisite is declared.
pub(super) struct PairLesson<'a> {
    pub(super) row: &'a ClueRow,
    pub(super) is_declared: bool,
}

impl ClueWeights {
    /// Those of the start.
    pub(super) fn at_start(length: f32) -> Self {
        // More counts in long texts, and all of it says as much as the little that counts in short ones.
        let scale = SCALE / (1.0 + length);
        Self { weights: start(length).map(|weight| weight * scale), offset: OFFSET, n_taught_by: 0 }
    }

    /// The chance that a pair with `row` is a prerequisite.
    pub(super) fn chance(&self, row: &ClueRow) -> f32 {
        1.0 / (1.0 + (-(weighed(&self.weights, row) + self.offset)).exp())
    }

    /// Moves the weights to those under which the lessons are likeliest, less a penalty for the way from the start, as long
    /// as there are enough of them. O(steps · lessons · signals²).
    pub(super) fn learn(self, lessons: &[PairLesson<'_>]) -> Self {
        let n_declared = lessons.iter().filter(|lesson| lesson.is_declared).count();
        if n_declared < MIN_DECLARED || n_declared == lessons.len() {
            return self;
        }
        let spreads = spreads(lessons);
        let mut start = [0.0; N];
        for (at, spread) in spreads.iter().enumerate() {
            start[at] = f64::from(self.weights[at]) * spread;
        }
        start[N_CLUES] = f64::from(self.offset);
        let learned = newton(lessons, &spreads, &start);
        let mut weights = [0.0; N_CLUES];
        for (at, weight) in weights.iter_mut().enumerate() {
            *weight = narrow(learned[at] / spreads[at]);
        }
        Self { weights, offset: narrow(learned[N_CLUES]), n_taught_by: n_declared }
    }
}

/// The weights and the offset.
const N: usize = N_CLUES + 1;

#[expect(clippy::cast_possible_truncation, reason = "weights need no more digits")]
fn narrow(value: f64) -> f32 {
    value as f32
}

/// The spread of each signal; 1 where it never differs.
fn spreads(lessons: &[PairLesson<'_>]) -> [f64; N_CLUES] {
    let n = f64::from(as_f32(lessons.len()));
    let (mut sums, mut squares) = ([0.0; N_CLUES], [0.0; N_CLUES]);
    for lesson in lessons {
        for (at, value) in lesson.row.iter().enumerate() {
            sums[at] += f64::from(*value);
            squares[at] += f64::from(*value).powi(2);
        }
    }
    let mut spreads = [1.0; N_CLUES];
    for (at, spread) in spreads.iter_mut().enumerate() {
        let variance = squares[at] / n - (sums[at] / n).powi(2);
        if variance > 1e-9 {
            *spread = variance.sqrt();
        }
    }
    spreads
}

/// Newton's method for a logistic regression with a normal prior around `start`; the offset is free.
fn newton(lessons: &[PairLesson<'_>], spreads: &[f64; N_CLUES], start: &[f64; N]) -> [f64; N] {
    let mut weights = *start;
    for _ in 0..STEPS {
        let (mut gradient, mut curvature) = ([0.0; N], [[0.0; N]; N]);
        for lesson in lessons {
            let mut values = [1.0; N];
            for (at, value) in lesson.row.iter().enumerate() {
                values[at] = f64::from(*value) / spreads[at];
            }
            let score: f64 = values.iter().zip(&weights).map(|(value, weight)| value * weight).sum();
            let chance = 1.0 / (1.0 + (-score).exp());
            let error = if lesson.is_declared { 1.0 - chance } else { -chance };
            let slope = chance * (1.0 - chance);
            for at in 0..N {
                gradient[at] += error * values[at];
                let scaled = slope * values[at];
                for other in 0..=at {
                    curvature[at][other] += scaled * values[other];
                }
            }
        }
        for at in 0..N {
            let trust = if at == N_CLUES { 1e-3 } else { TRUST_IN_START };
            gradient[at] -= trust * (weights[at] - start[at]);
            curvature[at][at] += trust;
        }
        let Some(step) = solve(&mut curvature, &gradient) else { break };
        let longest = step.iter().fold(0.0_f64, |longest, one| longest.max(one.abs()));
        // Far from the solution the parabola is a poor likeness: no step changes the chances out of all proportion.
        let damped = if longest > 2.0 { 2.0 / longest } else { 1.0 };
        weights.iter_mut().zip(step).for_each(|(weight, step)| *weight += damped * step);
        if longest < SHORTEST_STEP {
            break;
        }
    }
    weights
}

/// Solves `matrix · x = vector` by Cholesky's decomposition of the lower half of `matrix`; `None` where it has none.
fn solve(matrix: &mut [[f64; N]; N], vector: &[f64; N]) -> Option<[f64; N]> {
    for row in 0..N {
        for column in 0..=row {
            let before: f64 = (0..column).map(|at| matrix[row][at] * matrix[column][at]).sum();
            let rest = matrix[row][column] - before;
            matrix[row][column] = if row == column {
                if rest <= 0.0 {
                    return None;
                }
                rest.sqrt()
            } else {
                rest / matrix[column][column]
            };
        }
    }
    let mut half = [0.0; N];
    for row in 0..N {
        let before: f64 = (0..row).map(|at| matrix[row][at] * half[at]).sum();
        half[row] = (vector[row] - before) / matrix[row][row];
    }
    let mut solution = [0.0; N];
    for row in (0..N).rev() {
        let behind: f64 = (row + 1..N).map(|at| matrix[at][row] * solution[at]).sum();
        solution[row] = (half[row] - behind) / matrix[row][row];
    }
    Some(solution)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suggest::signal::Clue;

    fn row(named: f32, general: f32) -> ClueRow {
        let mut row = [0.0; N_CLUES];
        row[Clue::Named as usize] = named;
        row[Clue::General as usize] = general;
        row
    }

    /// 40 declared pairs that are general, 80 others that are named as often.
    fn rows() -> Vec<(ClueRow, bool)> {
        (0..120_u8).map(|n| (row(f32::from(n % 7), f32::from(u8::from(n % 3 == 0)) * 2.0 - 1.0), n % 3 == 0)).collect()
    }

    #[test]
    fn what_is_declared_teaches_what_counts() {
        let rows = rows();
        let lessons: Vec<PairLesson<'_>> = rows.iter().map(|(row, is)| PairLesson { row, is_declared: *is }).collect();
        let start = ClueWeights::at_start(0.0);
        assert!(start.chance(&row(6.0, -1.0)) > start.chance(&row(1.0, 1.0)));
        let learned = start.learn(&lessons);
        assert_eq!(learned.n_taught_by, 40);
        assert!(learned.chance(&row(1.0, 1.0)) > learned.chance(&row(6.0, -1.0)));
    }

    #[test]
    fn too_few_teach_nothing() {
        let rows = rows();
        let few: Vec<PairLesson<'_>> =
            rows.iter().take(60).map(|(row, is_declared)| PairLesson { row, is_declared: *is_declared }).collect();
        let learned = ClueWeights::at_start(0.0).learn(&few);
        assert_eq!((learned.n_taught_by, learned.weights), (0, ClueWeights::at_start(0.0).weights));
    }
}
