//! Similar texts: the cosine of their weighted words.

use gradus_corpus::{Corpus, Page, PageId};
use rustc_hash::FxHashMap;

use crate::Index;
use crate::analysis::{stem, words};
use crate::build::plain;

/// Words kept of a page: its most telling ones. More cost time and tell little.
const MAX_TERMS: usize = 100;
/// Pages from which texts are not compared: such corpora are graphs with names, not sites with texts.
const MAX_PAGES: usize = 200_000;
/// Bytes of a page that are looked at.
const MAX_BYTES: usize = 200_000;

/// The weighted words of every page, by page and by word.
#[derive(Default)]
pub(crate) struct Vectors {
    by_page: Vec<Vec<(u32, f32)>>,
    by_term: Vec<Vec<(u32, f32)>>,
}

impl Vectors {
    /// Word weights are `(1 + ln tf) · ln(n / df)`, scaled to length one. O(text).
    pub(crate) fn new(corpus: &Corpus) -> Self {
        if corpus.n_pages() > MAX_PAGES {
            return Self::default();
        }
        let mut terms: FxHashMap<String, u32> = FxHashMap::default();
        let mut stems: FxHashMap<String, u32> = FxHashMap::default();
        let counts: Vec<FxHashMap<u32, f32>> =
            corpus.pages().map(|(_, page)| count(page, &mut terms, &mut stems)).collect();
        let mut n_with = vec![0_u32; stems.len()];
        counts.iter().flat_map(FxHashMap::keys).for_each(|term| n_with[*term as usize] += 1);
        let n_pages = as_f32(counts.len());
        let by_page: Vec<Vec<(u32, f32)>> = counts
            .into_iter()
            .map(|counts| {
                let weigh = |(term, tf): (u32, f32)| {
                    let idf = (n_pages / as_f32(n_with[term as usize] as usize)).ln();
                    (term, (1.0 + tf.ln()) * idf)
                };
                normalise(counts.into_iter().map(weigh).collect())
            })
            .collect();
        let mut by_term = vec![Vec::new(); stems.len()];
        for (page, vector) in (0..).zip(&by_page) {
            vector.iter().for_each(|(term, weight)| by_term[*term as usize].push((page, *weight)));
        }
        Self { by_page, by_term }
    }
}

impl Vectors {
    /// The weighted words of `page`, by word; empty where texts are not compared.
    pub(crate) fn of(&self, page: PageId) -> &[(u32, f32)] {
        self.by_page.get(page.idx()).map_or(&[], Vec::as_slice)
    }
}

impl Index {
    /// Pages of the kind of `page` whose text is like its text, with their cosines, best first, at most `limit`.
    /// O(pages that share a telling word).
    pub fn similar(&self, corpus: &Corpus, page: PageId, limit: usize) -> Vec<(PageId, f32)> {
        let Some(vector) = self.vectors.by_page.get(page.idx()) else { return Vec::new() };
        let mut cosines: FxHashMap<u32, f32> = FxHashMap::default();
        for (term, weight) in vector {
            for (other, other_weight) in &self.vectors.by_term[*term as usize] {
                *cosines.entry(*other).or_default() += weight * other_weight;
            }
        }
        let is_concept = corpus.is_concept(page);
        let others = cosines.into_iter().map(|(other, cosine)| (PageId(other), cosine));
        let mut others: Vec<(PageId, f32)> =
            others.filter(|(other, _)| *other != page && corpus.is_concept(*other) == is_concept).collect();
        let better = |a: &(PageId, f32), b: &(PageId, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        if others.len() > limit && limit > 0 {
            others.select_nth_unstable_by(limit - 1, better);
            others.truncate(limit);
        }
        others.sort_by(better);
        others
    }
}

/// How often each stem occurs in a page; in its names it counts three times.
fn count(page: &Page, terms: &mut FxHashMap<String, u32>, stems: &mut FxHashMap<String, u32>) -> FxHashMap<u32, f32> {
    let mut counts: FxHashMap<u32, f32> = FxHashMap::default();
    let mut add = |text: &str, times: f32| {
        for word in words(text) {
            let number = *terms.entry(word.text).or_insert_with_key(|word| {
                let next = u32::try_from(stems.len()).unwrap_or(u32::MAX);
                *stems.entry(stem(word)).or_insert(next)
            });
            *counts.entry(number).or_default() += times;
        }
    };
    add(&page.title, 3.0);
    page.names.iter().for_each(|name| add(name, 1.0));
    add(page.description.as_deref().unwrap_or_default(), 1.0);
    let mut room = MAX_BYTES;
    for section in &page.sections {
        add(&section.title, 1.0);
        let (text, _) = plain(section);
        if text.len() > room {
            break;
        }
        room -= text.len();
        add(&text, 1.0);
    }
    counts
}

/// The heaviest words, scaled so that their squares sum to one, by word.
fn normalise(mut vector: Vec<(u32, f32)>) -> Vec<(u32, f32)> {
    vector.retain(|(_, weight)| *weight > 0.0);
    vector.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    vector.truncate(MAX_TERMS);
    let length = vector.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
    vector.iter_mut().for_each(|(_, weight)| *weight /= length);
    vector.sort_by_key(|(term, _)| *term);
    vector
}

#[expect(clippy::cast_precision_loss, reason = "counts of pages are far below 2^24")]
fn as_f32(count: usize) -> f32 {
    count as f32
}
