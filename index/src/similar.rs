//! Similar texts: cosines of weighted words, once over all that a page says, once over its names and once over its code.
//!
//! A page reads like another for different reasons: siblings share their names, pages on one task share their code. Kept
//! apart, the three can be weighed by what a site's own links tell.

use std::sync::{Mutex, PoisonError};

use gradus_corpus::{Corpus, Page, PageId};
use rustc_hash::FxHashMap;

use crate::Index;
use crate::analysis::{stem, words};
use crate::build::plain;
use crate::store::Field;

/// Words kept of a page, its heaviest ones: long pages are told apart by words that are not their very rarest.
const PAGE_TERMS: usize = 1_000;
/// Pages kept of a word, those that it weighs most in: a word of more pages tells little of any, and costs most.
const TERM_PAGES: usize = 1_000;
/// Words kept of all pages together, at 16 bytes each; where pages are many, each keeps fewer.
const ALL_TERMS: usize = 12_000_000;
/// Pages from which texts are not compared: such corpora are graphs with names, not sites with texts.
const MAX_PAGES: usize = 200_000;
/// Bytes of a page that are looked at.
const MAX_BYTES: usize = 200_000;
/// How often a word of the title counts in the whole text, and one of the description.
const TITLE_COUNT: f32 = 10.0;
const DESCRIPTION_COUNT: f32 = 3.0;

/// Words looked at for each that is told: some stand in one form here and in another there.
const LOOKED_AT: usize = 3;
/// A word that more than one in so many pages has is not named as what two of them share.
const COMMON: usize = 5;

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
#[derive(Default)]
pub(crate) struct Vectors {
    text: Space,
    names: Space,
    code: Space,
    /// By word: how it was first spelled.
    spellings: Vec<Box<str>>,
    free: Mutex<Vec<Vec<f32>>>,
}

/// Vectors by page and by word.
#[derive(Default)]
struct Space {
    pages: Rows,
    terms: Rows,
}

/// Numbered weights, all in one array.
#[derive(Default)]
struct Rows {
    offsets: Vec<u32>,
    weights: Vec<(u32, f32)>,
}

/// How often each word occurs in a page.
type Counts = FxHashMap<u32, f32>;

impl Vectors {
    /// Word weights are `(1 + ln tf) · ln(n / df)`, scaled to length one. O(text).
    pub(crate) fn new(corpus: &Corpus) -> Self {
        if corpus.n_pages() > MAX_PAGES {
            return Self::default();
        }
        let mut vocabulary = Vocabulary::default();
        let (mut text, mut names, mut code) = (Vec::new(), Vec::new(), Vec::new());
        for (_, page) in corpus.pages() {
            let counted = vocabulary.count(page);
            text.push(counted.text);
            names.push(counted.names);
            code.push(counted.code);
        }
        let n_terms = vocabulary.spellings.len();
        let space = |counts| Space::new(counts, n_terms);
        let spellings = vocabulary.spellings;
        Self { text: space(text), names: space(names), code: space(code), spellings, free: Mutex::default() }
    }

    fn space(&self, aspect: Aspect) -> &Space {
        match aspect {
            Aspect::Text => &self.text,
            Aspect::Names => &self.names,
            Aspect::Code => &self.code,
        }
    }

    /// Runs `sum` with a zero for every page, which it must leave behind as zeros.
    fn with_sums<T>(&self, sum: impl FnOnce(&mut [f32]) -> T) -> T {
        let free = || self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = free().pop();
        let mut sums = taken.unwrap_or_else(|| vec![0.0; self.text.pages.len()]);
        let answer = sum(&mut sums);
        free().push(sums);
        answer
    }
}

impl Space {
    fn new(counts: Vec<Counts>, n_terms: usize) -> Self {
        let n_pages = counts.len();
        let room = (ALL_TERMS / n_pages.max(1)).clamp(1, PAGE_TERMS);
        let mut n_with = vec![0_u32; n_terms];
        counts.iter().flat_map(Counts::keys).for_each(|term| n_with[*term as usize] += 1);
        let idf = |term: u32| (as_f32(n_pages) / as_f32(n_with[term as usize] as usize)).ln();
        let vectors = counts.into_iter().map(|counts| {
            let weigh = |(term, tf): (u32, f32)| (term, (1.0 + tf.ln()) * idf(term));
            normalise(counts.into_iter().map(weigh).collect(), room)
        });
        let pages = Rows::new(vectors);
        let terms = pages.turned(n_terms);
        Self { pages, terms }
    }
}

impl Rows {
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

    fn row(&self, row: usize) -> &[(u32, f32)] {
        match self.offsets.get(row..row + 2) {
            Some(&[start, end]) => &self.weights[start as usize..end as usize],
            _ => &[],
        }
    }

    fn len(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }
}

impl Vectors {
    /// The weighted words of `page`, by word; empty where texts are not compared.
    pub(crate) fn of(&self, page: PageId) -> &[(u32, f32)] {
        self.text.pages.row(page.idx())
    }
}

impl Index {
    /// Pages of the kind of `page` that are like it in `aspect`, with their cosines, best first, at most `limit`. Words of
    /// more than `TERM_PAGES` pages count only for the pages that they weigh most in.
    ///
    /// O(words of the page · TERM_PAGES) at most.
    pub fn similar(&self, corpus: &Corpus, page: PageId, aspect: Aspect, limit: usize) -> Vec<(PageId, f32)> {
        let space = self.vectors.space(aspect);
        let is_concept = corpus.is_concept(page);
        let mut others: Vec<(u32, f32)> = self.vectors.with_sums(|sums| {
            let mut touched = Vec::new();
            for (term, weight) in space.pages.row(page.idx()) {
                for (other, other_weight) in space.terms.row(*term as usize) {
                    let sum = &mut sums[*other as usize];
                    if *sum == 0.0 {
                        touched.push(*other);
                    }
                    *sum += weight * other_weight;
                }
            }
            let cosines = touched.into_iter().map(|other| (other, std::mem::take(&mut sums[other as usize])));
            let wanted = |other: PageId| other != page && corpus.is_concept(other) == is_concept;
            cosines.filter(|(other, _)| wanted(PageId(*other))).collect()
        });
        if others.len() > limit && limit > 0 {
            others.select_nth_unstable_by(limit - 1, heavier);
        }
        others.truncate(limit);
        others.sort_unstable_by(heavier);
        others.into_iter().map(|(other, cosine)| (PageId(other), cosine)).collect()
    }

    /// The cosine of the texts of two pages. O(their words).
    pub fn cosine(&self, a: PageId, b: PageId) -> f32 {
        self.shared_weights(Aspect::Text, a, b).map(|(_, weight)| weight).sum()
    }

    /// Rare words of three letters or more that two pages both hold in `aspect`, at most `limit`, the telling ones first. Of
    /// words that they share in different forms only, none is told. O(their words).
    pub fn shared_words(&self, aspect: Aspect, a: PageId, b: PageId, limit: usize) -> Vec<&str> {
        let mut shared: Vec<(u32, f32)> = self.shared_weights(aspect, a, b).collect();
        shared.sort_unstable_by(heavier);
        let Vectors { text, spellings, .. } = &self.vectors;
        let is_telling = |term: u32| text.terms.row(term as usize).len() * COMMON <= text.pages.len().max(COMMON * 2);
        let telling = shared.into_iter().filter(|(term, _)| is_telling(*term));
        let spelled = telling.map(|(term, _)| &*spellings[term as usize]);
        // Numbers and single letters are words to an index, not to a reader.
        let is_word = |word: &&str| word.chars().count() > 2 && word.chars().any(char::is_alphabetic);
        let field = if aspect == Aspect::Code { Field::Code } else { Field::All };
        let is_on_both = |word: &&str| [a, b].into_iter().all(|page| self.store.holds(field, word, page));
        spelled.filter(is_word).take(limit * LOOKED_AT).filter(is_on_both).take(limit).collect()
    }

    /// The words of two pages in common, with the products of their weights, by word.
    fn shared_weights(&self, aspect: Aspect, a: PageId, b: PageId) -> impl Iterator<Item = (u32, f32)> + '_ {
        let pages = &self.vectors.space(aspect).pages;
        let (a, mut b) = (pages.row(a.idx()), pages.row(b.idx()));
        a.iter().filter_map(move |(term, weight)| {
            while let [(first, _), rest @ ..] = b
                && first < term
            {
                b = rest;
            }
            b.first().filter(|(first, _)| first == term).map(|(_, other)| (*term, weight * other))
        })
    }
}

/// Numbers of words: words of one stem share one.
#[derive(Default)]
struct Vocabulary {
    words: FxHashMap<String, u32>,
    stems: FxHashMap<String, u32>,
    spellings: Vec<Box<str>>,
}

#[derive(Default)]
struct Counted {
    text: Counts,
    names: Counts,
    code: Counts,
}

impl Vocabulary {
    fn count(&mut self, page: &Page) -> Counted {
        let mut counted = Counted::default();
        self.add(&mut counted.names, &page.title, 1.0);
        page.names.iter().for_each(|name| self.add(&mut counted.names, name, 1.0));
        self.add(&mut counted.text, &page.title, TITLE_COUNT);
        page.names.iter().for_each(|name| self.add(&mut counted.text, name, 1.0));
        self.add(&mut counted.text, page.description.as_deref().unwrap_or_default(), DESCRIPTION_COUNT);
        let mut room = MAX_BYTES;
        for section in &page.sections {
            self.add(&mut counted.text, &section.title, 1.0);
            let (text, code) = plain(section);
            if text.len() + code.len() > room {
                break;
            }
            room -= text.len() + code.len();
            self.add(&mut counted.text, &text, 1.0);
            self.add(&mut counted.code, &code, 1.0);
        }
        counted
    }

    fn add(&mut self, counts: &mut Counts, text: &str, times: f32) {
        for word in words(text) {
            let Self { words, stems, spellings } = self;
            let number = *words.entry(word.text).or_insert_with_key(|word| {
                let next = narrow(spellings.len());
                let number = *stems.entry(stem(word)).or_insert(next);
                if number == next {
                    spellings.push(word.as_str().into());
                }
                number
            });
            *counts.entry(number).or_default() += times;
        }
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

#[expect(clippy::cast_precision_loss, reason = "counts of pages are far below 2^24")]
fn as_f32(count: usize) -> f32 {
    count as f32
}

#[cfg(test)]
mod tests {
    use gradus_corpus::{Kind, Parts};

    use super::*;

    fn index(titles: &[&str]) -> (Corpus, Index) {
        let page = |(at, title): (usize, &&str)| {
            let mut page = Page::new(Kind::Guide, &format!("g{at}"));
            page.title = (*title).into();
            page
        };
        let pages = titles.iter().enumerate().map(page).collect();
        let corpus = Corpus::assemble(Parts { pages, ..Parts::default() });
        let index = Index::build(&corpus).unwrap();
        (corpus, index)
    }

    #[test]
    fn shared_rare_words_make_pages_alike() {
        let (corpus, index) = index(&["cached keys", "caching keys", "a key", "sampling", "beam sampling"]);
        let like = |page, aspect| index.similar(&corpus, PageId(page), aspect, 9);
        let ids = |page, aspect| like(page, aspect).into_iter().map(|(page, _)| page.0).collect::<Vec<_>>();
        assert_eq!(ids(0, Aspect::Text), [1, 2]);
        assert_eq!(ids(3, Aspect::Names), [4]);
        assert_eq!(ids(0, Aspect::Code), [0_u32; 0]);
        assert!((like(0, Aspect::Text)[0].1 - 1.0).abs() < 1e-5, "the same stems are the same text");
    }

    #[test]
    fn the_list_and_the_pair_agree() {
        let (corpus, index) = index(&["a b c", "b c d", "c d e", "x a", "e b"]);
        for page in corpus.guides() {
            for (other, cosine) in index.similar(&corpus, page, Aspect::Text, 9) {
                assert!((index.cosine(page, other) - cosine).abs() < 1e-5);
            }
        }
    }

    #[test]
    fn a_list_is_no_longer_than_its_limit() {
        let (corpus, index) = index(&["a b", "a c", "a d", "x"]);
        assert_eq!(index.similar(&corpus, PageId(0), Aspect::Text, 1).len(), 1);
        assert!(index.similar(&corpus, PageId(0), Aspect::Text, 0).is_empty());
    }
}
