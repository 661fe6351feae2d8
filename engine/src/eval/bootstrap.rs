//! How sure a mean is: the bootstrap over queries (Efron, 1979), as Sakai (2006) proposes it for search.

use serde::Serialize;

use super::metrics::mean;

/// How often the values are drawn anew.
pub const RESAMPLES: usize = 10_000;
/// Where the draws begin: equal values have equal intervals on every machine.
pub const SEED: u64 = 1;
/// The share of the draws that lie below the interval, and above it.
const TAIL: f64 = 0.025;

/// Where a mean lies in 95 of 100 draws.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// The interval of the mean of `values`: as many are drawn from them with replacement [`RESAMPLES`] times, and the means of
/// the draws sorted. Where `values` are differences between two answers to one query each, the draw is paired. Nothing to
/// nothing of no values. O(values · [`RESAMPLES`]).
pub fn interval_of_mean(values: &[f64]) -> Interval {
    let mut draw = Draw(SEED);
    let n = values.len();
    let resample = |_| mean((0..n).filter_map(|_| values.get(draw.below(n)).copied()));
    let mut means: Vec<f64> = (0..RESAMPLES).map(resample).collect();
    means.sort_unstable_by(f64::total_cmp);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of the draws")]
    #[expect(clippy::cast_precision_loss, reason = "draws are far below 2^52")]
    let skipped = (RESAMPLES as f64 * TAIL) as usize;
    Interval { low: means[skipped], high: means[RESAMPLES - 1 - skipped] }
}

/// Draws of numbers that look random: SplitMix64 (Steele, Lea and Flood, 2014).
struct Draw(u64);

impl Draw {
    /// A number below `n`, all but alike likely for any number of queries; 0 of none.
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut drawn = self.0;
        drawn = (drawn ^ (drawn >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        drawn = (drawn ^ (drawn >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        drawn ^= drawn >> 31;
        let scaled = (u128::from(drawn) * n as u128) >> 64;
        usize::try_from(scaled).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_holds_the_mean_and_narrows_with_more_values() {
        let few: Vec<f64> = (0..20).map(f64::from).collect();
        let many: Vec<f64> = (0..2_000).map(|at| f64::from(at % 20)).collect();
        let (wide, narrow) = (interval_of_mean(&few), interval_of_mean(&many));
        assert!(wide.low < 9.5 && 9.5 < wide.high && narrow.low < 9.5 && 9.5 < narrow.high, "{wide:?} {narrow:?}");
        // The standard error of the mean is 5.77 / √n; 95 of 100 lie within 1.96 of it.
        let expected = |n: f64| 2.0 * 1.96 * 5.766 / n.sqrt();
        for (interval, n) in [(wide, 20.0), (narrow, 2_000.0)] {
            let width = interval.high - interval.low;
            assert!((width / expected(n) - 1.0).abs() < 0.1, "{width} for {n}");
        }
    }

    #[test]
    fn equal_values_have_equal_intervals() {
        let values = [0.5, 0.25, 1.0, 0.0];
        assert_eq!(interval_of_mean(&values), interval_of_mean(&values));
        assert_eq!(interval_of_mean(&[0.25; 7]), Interval { low: 0.25, high: 0.25 });
        assert_eq!(interval_of_mean(&[]), Interval { low: 0.0, high: 0.0 });
    }
}
