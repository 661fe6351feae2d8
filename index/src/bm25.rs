//! Plain BM25: what a search without any ranking of its own would answer, for comparison.
//!
//! It shares nothing with the ranking but how a text is cut into words, so that a fault there is not measured by itself:
//! one field a page, no names, no typos, no nearness, no feedback.

use gradus_corpus::{Corpus, PageId};
use rustc_hash::FxHashMap;

use crate::analysis::{Stems, is_function_word, tokens};
use crate::documents::{plain, says};
use crate::float::as_f32;
use crate::names::all_names;

/// How soon more of the same word stops counting (Robertson and others, 1994), as Lucene has it.
const K1: f32 = 1.2;
/// How far a page's length tells against it, as Lucene has it.
const B: f32 = 0.75;

/// Plain BM25 over the pages of a corpus that may be found: titles, other names, descriptions, headings, text and code in one
/// field, in Snowball stems of the site's language, without the stop words of English.
pub struct PlainBm25 {
    stems: Stems,
    /// By stem: the pages that have it and how often, by page.
    postings: FxHashMap<String, Vec<(u32, u32)>>,
    /// By page: its words; 0 where it may not be found.
    lengths: Vec<u32>,
}

impl PlainBm25 {
    /// Reads every page of `corpus`. O(text).
    pub fn new(corpus: &Corpus) -> Self {
        let stems = Stems::new(corpus.site().lang.as_deref());
        let mut bm25 = Self { stems, postings: FxHashMap::default(), lengths: vec![0; corpus.n_pages()] };
        for (id, page) in corpus.pages().filter(|(_, page)| page.is_searchable) {
            all_names(page).for_each(|name| bm25.add(id, name));
            let texts: Vec<(String, String)> = page.sections.iter().map(plain).collect();
            // Where nobody wrote one, the description is the text's own beginning.
            let description =
                page.description.as_deref().filter(|said| !texts.iter().any(|(text, _)| says(text, said)));
            bm25.add(id, description.unwrap_or_default());
            for (section, (text, code)) in page.sections.iter().zip(&texts) {
                [&*section.title, text, code].into_iter().for_each(|text| bm25.add(id, text));
            }
        }
        bm25
    }

    fn add(&mut self, page: PageId, text: &str) {
        for stem in self.words(text) {
            self.lengths[page.idx()] += 1;
            let pages = self.postings.entry(stem).or_default();
            match pages.last_mut().filter(|(last, _)| *last == page.0) {
                Some((_, count)) => *count += 1,
                None => pages.push((page.0, 1)),
            }
        }
    }

    /// The stems of the words of `text` but stop words.
    fn words(&self, text: &str) -> Vec<String> {
        let whole = tokens(text).into_iter().filter(|token| !token.is_part && !is_function_word(&token.text));
        whole.map(|token| self.stems.stem(&token.text)).collect()
    }

    /// The `limit` best pages that have any word of `query`, best first, ties by id; a word counts as often as it is said.
    /// O(pages that have one of the words).
    pub fn rank(&self, query: &str, limit: usize) -> Vec<PageId> {
        let n_pages = self.lengths.iter().filter(|length| **length > 0).count();
        let n_words: u64 = self.lengths.iter().map(|length| u64::from(*length)).sum();
        let mean_length = as_f32(n_words) / as_f32(n_pages.max(1) as u64);
        let mut scores = vec![0.0_f32; self.lengths.len()];
        for stem in self.words(query) {
            let Some(pages) = self.postings.get(&stem) else { continue };
            let n_with = as_f32(pages.len() as u64);
            let rarity = (1.0 + (as_f32(n_pages as u64) - n_with + 0.5) / (n_with + 0.5)).ln();
            for (page, count) in pages {
                let count = as_f32(u64::from(*count));
                let length = as_f32(u64::from(self.lengths[*page as usize])) / mean_length;
                scores[*page as usize] += rarity * count * (K1 + 1.0) / (count + K1 * (1.0 - B + B * length));
            }
        }
        let mut found: Vec<(PageId, f32)> = (0..).map(PageId).zip(scores).filter(|(_, score)| *score > 0.0).collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found.into_iter().take(limit).map(|(page, _)| page).collect()
    }
}

#[cfg(test)]
mod tests {
    use gradus_corpus::{Kind, Page, Parts};

    use super::*;

    fn ranked(titles: &[&str], query: &str) -> Vec<u32> {
        let page = |(at, title): (usize, &&str)| {
            let mut page = Page::new(Kind::Guide, &format!("g{at}"));
            page.title = (*title).into();
            page.is_searchable = !title.contains("hidden");
            page
        };
        let pages = titles.iter().enumerate().map(page).collect();
        let corpus = Corpus::assemble(Parts { pages, ..Parts::default() });
        PlainBm25::new(&corpus).rank(query, 9).into_iter().map(|page| page.0).collect()
    }

    #[test]
    fn rare_words_repeated_words_and_short_pages_count_more() {
        assert_eq!(ranked(&["key", "key", "value", "key"], "value key"), [2, 0, 1, 3]);
        assert_eq!(ranked(&["key value", "key key"], "key"), [1, 0]);
        assert_eq!(ranked(&["key and a value too", "key"], "keys"), [1, 0]);
        assert_eq!(ranked(&["key", "value"], "value key value"), [1, 0]);
    }

    #[test]
    fn stop_words_and_pages_kept_out_of_search_are_never_found() {
        assert!(ranked(&["the key", "hidden key"], "the").is_empty());
        assert_eq!(ranked(&["the key", "hidden key"], "the key"), [0]);
        assert!(ranked(&["key"], "").is_empty());
    }

    #[test]
    fn a_long_page_counts_less_than_its_words_would() {
        // `cache` in lengths of 1 and 3, where the mean is 1.5: 2.2 / 1.9 = 1.158 against 4.4 / 4.1 = 1.073.
        assert_eq!(ranked(&["cache", "cache cache queue", "queue", "stack"], "cache"), [0, 1]);
    }
}
