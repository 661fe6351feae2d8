//! Ranking: from the scores of words in documents to pages in order.

use std::ops::Range;

use gradus_corpus::work::checkpoint;

use crate::candidate::Candidate;
use crate::runs::{DocScores, Scores, gallop, stride};
use crate::store::Store;
use crate::weights::ELSEWHERE;

/// A list this many times longer than the pages is leapt through rather than read.
const MIN_LEAP: usize = 8;

/// How much of where a word stands has been read.
#[derive(Default)]
pub(crate) enum WordScores<'a> {
    /// Nothing yet.
    #[default]
    Unread,
    /// What it scores on some pages.
    Within(Scores<'a>),
    /// What it scores everywhere.
    Everywhere(Scores<'a>),
}

impl<'a> WordScores<'a> {
    /// What was read of a word with `within` for the pages that were wanted: what is known without reading is whole.
    pub(crate) fn of(scores: Scores<'a>, within: Option<&[u32]>) -> Self {
        match scores {
            Scores::Owned(_) if within.is_some() => Self::Within(scores),
            scores => Self::Everywhere(scores),
        }
    }

    /// What has been read.
    pub(crate) fn read(&self) -> &[(u32, f32)] {
        match self {
            Self::Unread => &[],
            Self::Within(scores) | Self::Everywhere(scores) => scores,
        }
    }
}

/// A word and where it stands.
#[derive(Default)]
pub(crate) struct WordList<'a> {
    pub(crate) scores: WordScores<'a>,
    /// What it counts in the query.
    pub(crate) share: f32,
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
pub(crate) struct Evidence<'a> {
    pub(crate) words: Vec<WordList<'a>>,
    pub(crate) names: Vec<NameList>,
    /// Phrases and words of titles.
    pub(crate) others: Vec<Scores<'a>>,
}

impl Evidence<'_> {
    /// All lists, each with what it counts.
    fn all(&self) -> impl Iterator<Item = (&[(u32, f32)], f32)> {
        let words = self.words.iter().map(|list| (list.scores.read(), list.share));
        let others = self.names.iter().map(|list| &*list.scores).chain(self.others.iter().map(AsRef::as_ref));
        words.chain(others.map(|scores| (scores, 1.0)))
    }

    /// Scores each of `pages`, sorted. O(pages + documents told).
    pub(crate) fn score(&self, store: &Store, pages: &[u32]) -> Vec<Candidate> {
        let mut sums = PageSums::new(store, pages);
        for (word, list) in self.words.iter().enumerate() {
            sums.add(list.scores.read(), list.share, bit(word));
        }
        for name in &self.names {
            // Another name of what some words spell stands for those words.
            sums.add(&name.scores, 1.0, name.words.clone().map(bit).fold(0, |bits, bit| bits | bit));
        }
        for scores in &self.others {
            sums.add(scores, 1.0, 0);
        }
        sums.candidates(|words| {
            let masses = self.words.iter().enumerate().filter(|(word, _)| words & bit(*word) != 0);
            masses.map(|(_, list)| list.mass).sum()
        })
    }

    /// The documents of `page` that match, best first.
    pub(crate) fn docs(&self, store: &Store, page: u32) -> Vec<(u32, f32)> {
        let (start, end) = store.docs(page);
        let mut docs = Vec::new();
        for (scores, share) in self.all() {
            let from = scores.partition_point(|(doc, _)| *doc < start);
            scores[from..]
                .iter()
                .take_while(|(doc, _)| *doc < end)
                .for_each(|(doc, score)| add(&mut docs, *doc, share * score));
        }
        docs.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        docs
    }
}

/// A word of a query as a bit; queries have 64 words at most.
pub(crate) fn bit(word: usize) -> u64 {
    1_u64.unbounded_shl(u32::try_from(word).unwrap_or(u32::MAX))
}

/// Scores of pages in the making, one list after the other.
struct PageSums<'a> {
    store: &'a Store,
    pages: &'a [u32],
    /// By page: the sum of the best that each list tells.
    best: Vec<f32>,
    /// By page: the words that it holds, as bits.
    words: Vec<u64>,
    /// By document of the pages, all in one row; none where each page is one, since it is its own best.
    docs: Vec<f32>,
}

impl<'a> PageSums<'a> {
    fn new(store: &'a Store, pages: &'a [u32]) -> Self {
        let docs = if store.is_flat() { 0 } else { pages.iter().map(|page| n_docs(store, *page)).sum() };
        Self { store, pages, best: vec![0.0; pages.len()], words: vec![0; pages.len()], docs: vec![0.0; docs] }
    }

    /// Adds `share` of what a list tells, which holds `words`. O(pages + list), or O(pages log list) where that is less.
    fn add(&mut self, mut list: &[(u32, f32)], share: f32, words: u64) {
        checkpoint();
        let stride = stride(list, self.pages);
        let leaps = stride > MIN_LEAP;
        let mut docs = &mut *self.docs;
        for ((page, sum), held) in self.pages.iter().zip(&mut self.best).zip(&mut self.words) {
            let (start, end) = self.store.docs(*page);
            let passed = if leaps {
                gallop(list, stride, |(doc, _)| *doc < start)
            } else {
                list.iter().position(|(doc, _)| *doc >= start).unwrap_or(list.len())
            };
            list = &list[passed..];
            if docs.is_empty() {
                if let Some((_, score)) = list.first().filter(|(doc, _)| *doc == start) {
                    *sum += share * score;
                    *held |= words;
                }
                continue;
            }
            let (own, behind) = docs.split_at_mut((end - start) as usize);
            docs = behind;
            let mut best = 0.0_f32;
            while let Some(((doc, score), behind)) = list.split_first().filter(|((doc, _), _)| *doc < end) {
                own[(doc - start) as usize] += share * score;
                best = best.max(*score);
                list = behind;
            }
            if best > 0.0 {
                *sum += share * best;
                *held |= words;
            }
        }
    }

    fn candidates(&self, mass: impl Fn(u64) -> f32) -> Vec<Candidate> {
        let mut docs = &*self.docs;
        // Neighbours mostly hold the same words.
        let mut last = (0, 0.0);
        let pages = self.pages.iter().zip(&self.best).zip(&self.words);
        let found = pages.map(|((page, best), words)| {
            if last.0 != *words {
                last = (*words, mass(*words));
            }
            let found =
                Candidate { page: *page, score: *best, mass: last.1, words: *words, n_docs: u32::from(*best > 0.0) };
            if docs.is_empty() {
                return found;
            }
            let (own, behind) = docs.split_at(n_docs(self.store, *page));
            docs = behind;
            let top = own.iter().copied().fold(0.0, f32::max);
            let n_docs = u32::try_from(own.iter().filter(|score| **score > 0.0).count()).unwrap_or(u32::MAX);
            Candidate { score: top + ELSEWHERE * (best - top).max(0.0), n_docs, ..found }
        });
        found.collect()
    }
}

fn n_docs(store: &Store, page: u32) -> usize {
    let (start, end) = store.docs(page);
    (end - start) as usize
}

fn add(docs: &mut Vec<(u32, f32)>, doc: u32, score: f32) {
    match docs.iter_mut().find(|(known, _)| *known == doc) {
        Some((_, sum)) => *sum += score,
        None => docs.push((doc, score)),
    }
}
