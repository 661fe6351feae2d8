//! Feedback: what the best pages have in common tells what a description means beyond its words.

use gradus_corpus::PageId;
use rustc_hash::FxHashMap;

use crate::similar::Vectors;

/// How like the text of each of `pages` is to that of the `best`, weighed by their scores, as a cosine: the positive part of
/// Rocchio's relevance feedback (1971), with the best pages taken for relevant. O(words of all those pages).
pub(crate) fn likeness(vectors: &Vectors, best: &[(PageId, f32)], pages: impl Iterator<Item = PageId>) -> Vec<f32> {
    let mut common: FxHashMap<u32, f32> = FxHashMap::default();
    for (page, score) in best {
        // In order of pages and words: sums of floats depend on it.
        for (word, weight) in vectors.of(*page) {
            *common.entry(*word).or_default() += weight * score;
        }
    }
    let mut squares: Vec<f32> = common.values().map(|weight| weight * weight).collect();
    squares.sort_unstable_by(f32::total_cmp);
    let length = squares.iter().sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    let weight = |word: &u32| common.get(word).copied().unwrap_or(0.0);
    pages.map(|page| vectors.of(page).iter().map(|(word, own)| own * weight(word)).sum::<f32>() / length).collect()
}
