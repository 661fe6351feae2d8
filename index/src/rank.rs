//! Ranking: from the scores of words in documents to pages in order.

use std::ops::Range;

use crate::score::DocScores;
use crate::store::Store;

/// What a word counts that stands elsewhere on a page than in its best section.
const ELSEWHERE: f32 = 0.5;

/// A word and where it stands.
#[derive(Default)]
pub(crate) struct WordList {
    pub(crate) scores: DocScores,
    /// Whether all its documents are told, not only those of some pages.
    pub(crate) is_whole: bool,
    /// What a match tells.
    pub(crate) mass: f32,
}

/// A name of a concept that some words of the query spell, and where texts name the concept, by whichever name.
pub(crate) struct NameList {
    pub(crate) scores: DocScores,
    /// The words.
    pub(crate) words: Range<usize>,
}

/// All that speaks for pages.
#[derive(Default)]
pub(crate) struct Lists {
    pub(crate) words: Vec<WordList>,
    pub(crate) names: Vec<NameList>,
    /// Phrases and words of titles.
    pub(crate) others: Vec<DocScores>,
}

/// A page that was found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) page: u32,
    pub(crate) score: f32,
    /// The sum of the masses of the words that it holds.
    pub(crate) mass: f32,
    /// Its documents that match.
    pub(crate) n_docs: u32,
}

/// The pages of `scores`, sorted.
pub(crate) fn pages_of(store: &Store, scores: &DocScores) -> Vec<u32> {
    let mut pages: Vec<u32> = scores.iter().map(|(doc, _)| store.page(*doc)).collect();
    pages.dedup();
    pages
}

/// The pages of both.
pub(crate) fn intersection(a: &[u32], b: &[u32]) -> Vec<u32> {
    let (few, many) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let mut rest = many;
    let mut both = Vec::with_capacity(few.len());
    for page in few {
        rest = &rest[gallop(rest, |other| other < page)..];
        if rest.first() == Some(page) {
            both.push(*page);
        }
    }
    both
}

/// The pages of either.
pub(crate) fn union(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut all = Vec::with_capacity(a.len() + b.len());
    all.extend_from_slice(a);
    all.extend_from_slice(b);
    // The stable sort merges the two runs.
    all.sort();
    all.dedup();
    all
}

/// The first position where `is_before` fails, for runs of which mostly little is passed over.
fn gallop<T>(run: &[T], is_before: impl Fn(&T) -> bool) -> usize {
    let mut end = 1;
    while end < run.len() && is_before(&run[end]) {
        end *= 2;
    }
    let start = end / 2;
    let end = (end + 1).min(run.len());
    start.min(run.len()) + run[start.min(run.len())..end].partition_point(is_before)
}

impl Lists {
    fn all(&self) -> impl Iterator<Item = &DocScores> {
        let words = self.words.iter().map(|list| &list.scores);
        words.chain(self.names.iter().map(|list| &list.scores)).chain(&self.others)
    }

    /// Scores each of `pages`, sorted. O(pages + documents told).
    pub(crate) fn score(&self, store: &Store, pages: &[u32]) -> Vec<Found> {
        let mut rests: Vec<&[(u32, f32)]> = self.all().map(Vec::as_slice).collect();
        let mut best = vec![0.0_f32; rests.len()];
        let mut docs: Vec<(u32, f32)> = Vec::new();
        let mut found = Vec::with_capacity(pages.len());
        for page in pages {
            let (start, end) = store.docs(*page);
            if end - start == 1 {
                found.push(self.score_single(*page, start, &mut rests, &mut best));
                continue;
            }
            docs.clear();
            for (rest, best) in rests.iter_mut().zip(&mut best) {
                *best = 0.0;
                let passed = gallop(rest, |(doc, _)| *doc < start);
                *rest = &rest[passed..];
                while let Some(((doc, score), behind)) = rest.split_first().filter(|((doc, _), _)| *doc < end) {
                    *best = best.max(*score);
                    add(&mut docs, *doc, *score);
                    *rest = behind;
                }
            }
            let top = docs.iter().map(|(_, score)| *score).fold(0.0, f32::max);
            let elsewhere = (best.iter().sum::<f32>() - top).max(0.0);
            let n_docs = u32::try_from(docs.len()).unwrap_or(u32::MAX);
            found.push(Found { page: *page, score: top + ELSEWHERE * elsewhere, mass: self.mass_of(&best), n_docs });
        }
        found
    }

    /// Scores a page that is one document.
    fn score_single(&self, page: u32, doc: u32, rests: &mut [&[(u32, f32)]], best: &mut [f32]) -> Found {
        for (rest, best) in rests.iter_mut().zip(best.iter_mut()) {
            *rest = &rest[gallop(rest, |(other, _)| *other < doc)..];
            *best = rest.first().filter(|(other, _)| *other == doc).map_or(0.0, |(_, score)| *score);
        }
        let score: f32 = best.iter().sum();
        Found { page, score, mass: self.mass_of(best), n_docs: u32::from(score > 0.0) }
    }

    /// The mass of the words that a page holds, itself or by another name of what they spell.
    fn mass_of(&self, best: &[f32]) -> f32 {
        let named = |word: usize| {
            let names = self.names.iter().zip(&best[self.words.len()..]);
            names.into_iter().any(|(list, best)| *best > 0.0 && list.words.contains(&word))
        };
        let words = self.words.iter().enumerate();
        words.filter(|(idx, _)| best[*idx] > 0.0 || named(*idx)).map(|(_, list)| list.mass).sum()
    }

    /// The documents of `page` that match, best first.
    pub(crate) fn docs(&self, store: &Store, page: u32) -> Vec<(u32, f32)> {
        let (start, end) = store.docs(page);
        let mut docs = Vec::new();
        for scores in self.all() {
            let from = scores.partition_point(|(doc, _)| *doc < start);
            scores[from..]
                .iter()
                .take_while(|(doc, _)| *doc < end)
                .for_each(|(doc, score)| add(&mut docs, *doc, *score));
        }
        docs.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        docs
    }
}

fn add(docs: &mut Vec<(u32, f32)>, doc: u32, score: f32) {
    match docs.iter_mut().find(|(known, _)| *known == doc) {
        Some((_, sum)) => *sum += score,
        None => docs.push((doc, score)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_meet() {
        assert_eq!(intersection(&[1, 3, 5, 9], &[0, 1, 2, 3, 4, 6, 9]), [1, 3, 9]);
        assert!(intersection(&[], &[1]).is_empty());
        assert_eq!(union(&[1, 3], &[2, 3]), [1, 2, 3]);
    }

    proptest::proptest! {
        #[test]
        fn galloping_is_partitioning(mut run in proptest::collection::vec(0..50_u32, 0..40), limit in 0..60_u32) {
            run.sort_unstable();
            proptest::prop_assert_eq!(gallop(&run, |one| *one < limit), run.partition_point(|one| *one < limit));
        }
    }
}
