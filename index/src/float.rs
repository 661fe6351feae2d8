//! Counts as floats.

/// `count` as a float: statistics need no more than seven digits.
#[expect(clippy::cast_precision_loss, reason = "statistics need no more than seven digits")]
pub(crate) fn as_f32(count: u64) -> f32 {
    count as f32
}
