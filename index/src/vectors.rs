//! Similar texts: cosines of weighted words, once over all that a page says, once over its names and once over its code.
//!
//! A page reads like another for different reasons: siblings share their names, pages on one task share their code. Kept
//! apart, the three can be weighed by what a site's own links tell.

use std::sync::{Mutex, PoisonError};

use gradus_corpus::{Corpus, PageId};
use libm::logf;
use serde::{Deserialize, Serialize};

use crate::float::as_f32;
use crate::word_counts::WordCounts;

/// Words kept of a page, its heaviest ones: long pages are told apart by words that are not their very rarest.
const PAGE_TERMS: usize = 1_000;
/// Pages kept of a word, those that it weighs most in: a word of more pages tells little of any, and costs most.
const TERM_PAGES: usize = 1_000;
/// Words kept of all pages together, at 16 bytes each; where pages are many, each keeps fewer.
const ALL_TERMS: usize = 12_000_000;
/// Pages from which texts are not compared: such corpora are graphs with names, not sites with texts.
const MAX_PAGES: usize = 200_000;

/// What of two pages is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aspect {
    /// Everything but code; the title counts most.
    Text,
    /// Title and other names.
    Names,
    /// Code.
    Code,
}

/// The weighted words of every page, by aspect.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Vectors {
    pub(crate) text: VectorSpace,
    names: VectorSpace,
    code: VectorSpace,
    /// By word: how it was first spelled.
    pub(crate) spellings: Vec<Box<str>>,
    /// What was counted to make them.
    #[serde(skip)]
    counts: WordCounts,
    #[serde(skip)]
    free: Mutex<Vec<Vec<f32>>>,
}

/// Vectors by page and by word.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct VectorSpace {
    pub(crate) pages: WeightRows,
    pub(crate) terms: WeightRows,
}

/// Numbered weights, all in one array.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct WeightRows {
    offsets: Vec<u32>,
    weights: Vec<(u32, f32)>,
}

/// How often each word occurs in a page, each once.
type TermCounts = Vec<(u32, f32)>;

impl Vectors {
    /// Word weights are `(1 + ln tf) · ln(n / df)`, scaled to length one. Words of pages that were counted `before` are not counted
    /// again. O(text).
    pub(crate) fn new(before: Option<&Self>, corpus: &Corpus) -> Self {
        if corpus.n_pages() > MAX_PAGES {
            return Self::default();
        }
        let counts = before.map_or_else(WordCounts::default, |before| before.counts.for_next(before.spellings.len()));
        let mut counter = counts.counter(corpus.n_pages());
        let site_lang = corpus.site().lang.as_deref();
        let (mut text, mut names, mut code) = (Vec::new(), Vec::new(), Vec::new());
        for (_, page) in corpus.pages() {
            let counted = counter.count(page, page.lang.as_deref().or(site_lang));
            text.push(counted.text);
            names.push(counted.names);
            code.push(counted.code);
        }
        let (spellings, counts) = counter.finish();
        let n_terms = spellings.len();
        let space = |counts| VectorSpace::new(counts, n_terms);
        Self { text: space(text), names: space(names), code: space(code), spellings, counts, free: Mutex::default() }
    }

    /// The vectors of `aspect`.
    pub(crate) fn space(&self, aspect: Aspect) -> &VectorSpace {
        match aspect {
            Aspect::Text => &self.text,
            Aspect::Names => &self.names,
            Aspect::Code => &self.code,
        }
    }

    /// Runs `sum` with a zero for every page, which it must leave behind as zeros.
    pub(crate) fn with_sums<T>(&self, sum: impl FnOnce(&mut [f32]) -> T) -> T {
        let free = || self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = free().pop();
        let mut sums = taken.unwrap_or_else(|| vec![0.0; self.text.pages.len()]);
        let answer = sum(&mut sums);
        free().push(sums);
        answer
    }
}

impl VectorSpace {
    fn new(counts: Vec<TermCounts>, n_terms: usize) -> Self {
        let n_pages = counts.len();
        let room = (ALL_TERMS / n_pages.max(1)).clamp(1, PAGE_TERMS);
        let mut n_with = vec![0_u32; n_terms];
        counts.iter().flatten().for_each(|(term, _)| n_with[*term as usize] += 1);
        // By the crate: the system's logarithm is another one on another machine, in its last digit, and weights are kept on disk.
        let idf = |term: u32| logf(as_f32(n_pages as u64) / as_f32(u64::from(n_with[term as usize])));
        let vectors = counts.into_iter().map(|counts| {
            let weigh = |(term, tf): (u32, f32)| (term, (1.0 + logf(tf)) * idf(term));
            normalise(counts.into_iter().map(weigh).collect(), room)
        });
        let pages = WeightRows::new(vectors);
        let terms = pages.turned(n_terms);
        Self { pages, terms }
    }
}

impl WeightRows {
    fn new(rows: impl Iterator<Item = Vec<(u32, f32)>>) -> Self {
        let mut all = Self { offsets: vec![0], weights: Vec::new() };
        for row in rows {
            all.weights.extend(row);
            all.offsets.push(narrow(all.weights.len()));
        }
        all
    }

    /// The same weights by what numbers them, the `TERM_PAGES` largest of each row, largest first.
    fn turned(&self, n_rows: usize) -> Self {
        let mut rows = vec![Vec::new(); n_rows];
        for page in 0..self.len() {
            self.row(page).iter().for_each(|(term, weight)| rows[*term as usize].push((narrow(page), *weight)));
        }
        for row in &mut rows {
            row.sort_unstable_by(heavier);
            row.truncate(TERM_PAGES);
        }
        Self::new(rows.into_iter())
    }

    pub(crate) fn row(&self, row: usize) -> &[(u32, f32)] {
        match self.offsets.get(row..row + 2) {
            Some(&[start, end]) => &self.weights[start as usize..end as usize],
            _ => &[],
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }
}

impl Vectors {
    /// The weighted words of `page`, by word; empty where texts are not compared.
    pub(crate) fn of(&self, page: PageId) -> &[(u32, f32)] {
        self.text.pages.row(page.idx())
    }
}

/// The heaviest words, scaled so that their squares sum to one, by word.
fn normalise(mut vector: Vec<(u32, f32)>, room: usize) -> Vec<(u32, f32)> {
    vector.retain(|(_, weight)| *weight > 0.0);
    vector.sort_unstable_by(heavier);
    vector.truncate(room);
    let length = vector.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
    vector.iter_mut().for_each(|(_, weight)| *weight /= length);
    vector.sort_unstable_by_key(|(term, _)| *term);
    vector
}

pub(crate) fn heavier(a: &(u32, f32), b: &(u32, f32)) -> std::cmp::Ordering {
    b.1.total_cmp(&a.1).then(a.0.cmp(&b.0))
}

fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
