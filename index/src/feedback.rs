//! Feedback: what the best pages have in common tells what a description means beyond its words.

use gradus_corpus::PageId;
use rustc_hash::FxHashMap;

use crate::vectors::{Vectors, heavier};
use crate::weights::SEED_WORDS;

/// Pages from which it is cheaper to walk the pages of each word than the words of each page.
const MANY_PAGES: usize = 50;

/// How like the text of each of `pages` is to that of the `best`, weighed by their scores, as a cosine: the positive part of
/// Rocchio's relevance feedback (1971), with the best pages taken for relevant. Of many pages, words that more than a thousand
/// have count only where they weigh most. O(words of the best + pages), or O(pages that have one of those words).
pub(crate) fn likeness(vectors: &Vectors, best: &[(PageId, f32)], pages: &[PageId]) -> Vec<f32> {
    let mut sums: FxHashMap<u32, f32> = FxHashMap::default();
    for (page, score) in best {
        for (word, weight) in vectors.of(*page) {
            *sums.entry(*word).or_default() += weight * score;
        }
    }
    let mut common: Vec<(u32, f32)> = sums.into_iter().collect();
    if common.len() > SEED_WORDS {
        common.select_nth_unstable_by(SEED_WORDS, heavier);
        common.truncate(SEED_WORDS);
    }
    // In order of the words: sums of floats depend on it.
    common.sort_unstable_by_key(|(word, _)| *word);
    let length = common.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    if pages.len() < MANY_PAGES {
        return pages.iter().map(|page| dot(&common, vectors.of(*page)) / length).collect();
    }
    vectors.with_sums(|sums| {
        let rows = || common.iter().map(|(word, weight)| (vectors.text.terms.row(*word as usize), weight));
        rows().for_each(|(row, weight)| row.iter().for_each(|(page, own)| sums[*page as usize] += weight * own));
        let alike = pages.iter().map(|page| sums.get(page.idx()).copied().unwrap_or(0.0) / length).collect();
        rows().for_each(|(row, _)| row.iter().for_each(|(page, _)| sums[*page as usize] = 0.0));
        alike
    })
}

/// The sum of the products of weights that both have, each sorted by word. O(few log many).
fn dot(a: &[(u32, f32)], b: &[(u32, f32)]) -> f32 {
    let (few, mut many) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let mut sum = 0.0;
    for (word, weight) in few {
        many = &many[many.partition_point(|(other, _)| other < word)..];
        if let Some((other, own)) = many.first()
            && other == word
        {
            sum += weight * own;
        }
    }
    sum
}
