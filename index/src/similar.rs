//! Similar pages: those whose weighted words are alike, and which words those are.

use gradus_corpus::work::checkpoint;
use gradus_corpus::{Corpus, PageId};

use crate::Index;
use crate::field::Field;
use crate::vectors::{Aspect, Vectors, heavier};

/// Words looked at for each that is told: some stand in one form here and in another there.
const LOOKED_AT: usize = 3;
/// A word that more than one in so many pages has is not named as what two of them share.
const COMMON: usize = 5;

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
                checkpoint();
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

#[cfg(test)]
mod tests {
    use gradus_corpus::{Kind, Page, Parts};

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
    fn stems_are_those_of_the_page_or_of_the_site() {
        let page = |at: usize, title: &str, lang: Option<&str>| {
            let mut page = Page::new(Kind::Guide, &format!("g{at}"));
            page.title = title.into();
            page.lang = lang.map(Into::into);
            page
        };
        let pages = vec![
            page(0, "Katze", None),
            page(1, "Katzen", None),
            page(2, "cats", Some("en")),
            page(3, "cat", Some("en")),
        ];
        let site = gradus_corpus::Site { lang: Some("de".into()), ..Default::default() };
        let corpus = Corpus::assemble(Parts { pages, site, ..Parts::default() });
        let index = Index::build(&corpus).unwrap();
        for (page, twin) in [(0, 1), (2, 3)] {
            let found = index.similar(&corpus, PageId(page), Aspect::Text, 9);
            assert_eq!(found.iter().map(|(page, _)| page.0).collect::<Vec<_>>(), [twin]);
        }
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
