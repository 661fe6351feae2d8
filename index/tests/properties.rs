//! What holds for every corpus and every query, tried on random ones.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;

use gradus_corpus::{Corpus, PageId};
use gradus_index::{Hits, Index, Matching, Query};
use gradus_load::{Input, load};
use proptest::collection::vec;
use proptest::prelude::*;

/// Words of which none is a form of another, nor a typo away.
const WORDS: &[&str] = &[
    "amber", "basalt", "cobalt", "delta", "egret", "fjord", "granite", "harbor", "indigo", "jasper", "kernel",
    "lagoon", "marble", "nectar", "ochre", "pebble", "quartz", "raven", "sandbar", "timber", "urchin", "velvet",
    "walnut", "zephyr",
];

/// Pages of sections of words, as positions in [`WORDS`].
type Pages = Vec<Vec<Vec<usize>>>;

fn pages() -> impl Strategy<Value = Pages> {
    vec(vec(vec(0..WORDS.len(), 1..12), 1..4), 1..12)
}

fn words() -> impl Strategy<Value = Vec<usize>> {
    vec(0..WORDS.len(), 1..5)
}

fn spelled(words: &[usize]) -> String {
    words.iter().map(|word| WORDS[*word]).collect::<Vec<_>>().join(" ")
}

fn site(pages: &Pages) -> (Corpus, Index) {
    site_with(pages, None)
}

/// The same, with a page behind them that says `last`.
fn site_with(pages: &Pages, last: Option<&str>) -> (Corpus, Index) {
    let files = pages.iter().enumerate().map(|(number, sections)| {
        let sections = sections.iter().enumerate().map(|(at, words)| format!("## Part {at}\n\n{}\n\n", spelled(words)));
        let text = format!("---\ntitle: Page number {number}\n---\n\n{}", sections.collect::<String>());
        (format!("guides/page-{number}.md"), text.into_bytes().into())
    });
    let last = last
        .map(|text| ("guides/last.md".to_owned(), format!("---\ntitle: Last\n---\n\n{text}\n").into_bytes().into()));
    let corpus = load(&Input::Memory(files.chain(last).collect()), &mut |_| {}).unwrap().corpus;
    let index = Index::build(&corpus).unwrap();
    (corpus, index)
}

fn search(corpus: &Corpus, index: &Index, text: &str, matching: Matching) -> Hits {
    let text = text.to_owned();
    index.search(corpus, &Query { text, matching, limit: 1000, n_sections: 3, ..Query::default() }).unwrap()
}

fn set(hits: &Hits) -> BTreeSet<PageId> {
    hits.hits.iter().map(|hit| hit.page).collect()
}

/// The pages with all, or any, of `words`, by looking at each.
fn brute_force(corpus: &Corpus, pages: &Pages, words: &[usize], all: bool) -> BTreeSet<PageId> {
    let holds = |page: &[Vec<usize>], word: &usize| page.iter().flatten().any(|other| other == word);
    let fitting = pages.iter().enumerate().filter(|(_, page)| {
        if all { words.iter().all(|word| holds(page, word)) } else { words.iter().any(|word| holds(page, word)) }
    });
    let id = |number| corpus.names().resolve(&format!("guide:page-{number}")).pages[0];
    fitting.map(|(number, _)| id(number)).collect()
}

/// `word` with the letter at `at` replaced, doubled or dropped.
fn mistyped(word: &str, at: usize, how: usize) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = 1 + at % (letters.len() - 1);
    match how {
        0 => letters[at] = 'x',
        1 => letters.insert(at, letters[at]),
        _ => {
            letters.remove(at);
        }
    }
    letters.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn totals_are_those_of_brute_force(pages in pages(), words in words()) {
        let (corpus, index) = site(&pages);
        let query = format!("{} ", spelled(&words));
        let all = search(&corpus, &index, &query, Matching::All);
        prop_assert_eq!(set(&all), brute_force(&corpus, &pages, &words, true));
        prop_assert_eq!(all.total, all.hits.len());
        let any = search(&corpus, &index, &query, Matching::Any);
        prop_assert_eq!(set(&any), brute_force(&corpus, &pages, &words, false));
    }

    #[test]
    fn the_order_of_words_does_not_change_what_is_found(pages in pages(), words in words()) {
        let (corpus, index) = site(&pages);
        let backwards: Vec<usize> = words.iter().rev().copied().collect();
        let [one, other] = [words, backwards].map(|words| format!("{} ", spelled(&words)));
        let [one, other] = [one, other].map(|query| search(&corpus, &index, &query, Matching::Auto));
        prop_assert_eq!(set(&one), set(&other));
    }

    #[test]
    fn an_unknown_word_empties_nothing(pages in pages(), words in words()) {
        let (corpus, index) = site(&pages);
        let hits = search(&corpus, &index, &format!("{} qqqqqqqqqqqq ", spelled(&words)), Matching::Auto);
        prop_assert_eq!(hits.hits.is_empty(), brute_force(&corpus, &pages, &words, false).is_empty());
    }

    #[test]
    fn pages_of_results_partition_them(pages in pages(), words in words(), limit in 1_usize..4) {
        let (corpus, index) = site(&pages);
        let text = spelled(&words);
        let whole = search(&corpus, &index, &text, Matching::Any);
        let mut paged = Vec::new();
        for offset in (0..whole.total).step_by(limit) {
            let query = Query { text: text.clone(), matching: Matching::Any, offset, limit, ..Query::default() };
            let part = index.search(&corpus, &query).unwrap();
            prop_assert_eq!(part.total, whole.total);
            paged.extend(part.hits.iter().map(|hit| hit.page));
        }
        prop_assert_eq!(paged, whole.hits.iter().map(|hit| hit.page).collect::<Vec<_>>());
    }

    #[test]
    fn a_typo_finds_no_less(pages in pages(), word in 0..WORDS.len(), at in 0_usize..9, how in 0_usize..3) {
        let (corpus, index) = site(&pages);
        let meant = brute_force(&corpus, &pages, &[word], true);
        let typo = mistyped(WORDS[word], at, how);
        let hits = search(&corpus, &index, &format!("{typo} "), Matching::Auto);
        prop_assert!(set(&hits).is_superset(&meant), "{}: {:?}", typo, hits.hits);
    }

    #[test]
    fn what_a_page_says_is_no_typo(pages in pages(), word in 0..WORDS.len(), at in 0_usize..9) {
        // A letter replaced makes no other form of the word, as a dropped last one may.
        let typo = mistyped(WORDS[word], at, 0);
        let (corpus, index) = site_with(&pages, Some(&typo));
        let hits = search(&corpus, &index, &format!("{typo} "), Matching::Auto);
        let found: Vec<&str> = hits.hits.iter().map(|hit| &*corpus.page(hit.page).slug).collect();
        prop_assert_eq!(found, ["last"], "{}", typo);
        prop_assert_eq!(hits.did_you_mean, None);
    }

    #[test]
    fn every_hit_is_highlighted(pages in pages(), words in words(), cut in 1_usize..4, at in 0_usize..9) {
        let (corpus, index) = site(&pages);
        let whole = spelled(&words);
        for query in [whole.clone(), whole[..whole.len() - cut].to_owned(), mistyped(&whole, at, 0)] {
            for hit in search(&corpus, &index, &query, Matching::Auto).hits {
                prop_assert!(!hit.snippet.highlights.is_empty(), "{}: {:?}", query, hit);
                let n_chars = hit.snippet.text.chars().count();
                prop_assert!(hit.snippet.highlights.iter().all(|(start, end)| start < end && *end <= n_chars));
            }
        }
    }

    #[test]
    fn any_text_is_answered_twice_alike(text in "\\PC{0,200}") {
        let (corpus, index) = site(&vec![vec![vec![0, 1, 2]], vec![vec![3, 4]]]);
        let query = Query { text: text.clone(), limit: 10, n_sections: 3, explain: true, ..Query::default() };
        let twice = [(); 2].map(|()| format!("{:?}", index.search(&corpus, &query)));
        prop_assert_eq!(&twice[0], &twice[1]);
        let twice = [(); 2].map(|()| format!("{:?}", index.suggest(&corpus, &text, None, None, 5)));
        prop_assert_eq!(&twice[0], &twice[1]);
    }
}
