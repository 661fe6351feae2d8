//! Suggesting, shown on a few names: what a reader has typed and which names fit, in order.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use gradus_corpus::{Corpus, Kind, Page, Parts};
use gradus_index::Index;

/// Pages of a title, and further names behind `|`; those of lower case are guides.
fn corpus(names: &[&str]) -> Corpus {
    let page = |(number, names): (usize, &&str)| {
        let mut names = names.split('|');
        let title = names.next().unwrap_or_default();
        let is_guide = title.starts_with(char::is_lowercase);
        let mut page = Page::new(if is_guide { Kind::Guide } else { Kind::Concept }, &format!("p{number}"));
        page.title = title.into();
        page.names = names.map(Into::into).collect();
        page
    };
    let pages = names.iter().enumerate().map(page).collect();
    Corpus::assemble(Parts { pages, ..Parts::default() })
}

const NAMES: &[&str] = &[
    "Attention",
    "Attention sink",
    "Flash attention",
    "KV cache|key-value cache",
    "Tokenization",
    "token budgets in practice",
    "Łódź model",
];

#[track_caller]
fn check(typed: &str, expected: &[&str]) {
    let corpus = corpus(NAMES);
    let index = Index::build(&corpus).unwrap();
    let names = index.suggest(&corpus, typed, None, None, 9);
    let names: Vec<&str> = names.iter().map(|suggestion| &*suggestion.matched).collect();
    assert_eq!(names, expected, "{typed}");
}

#[test]
fn beginnings_come_before_inner_words_and_short_names_first() {
    check("att", &["Attention", "Attention sink", "Flash attention"]);
    check("attention s", &["Attention sink"]);
    check("flash", &["Flash attention"]);
}

#[test]
fn a_whole_name_comes_first() {
    check("attention", &["Attention", "Attention sink", "Flash attention"]);
}

#[test]
fn other_names_and_initials_fit_and_the_name_that_fits_is_told() {
    check("key", &["key-value cache"]);
    check("kvc", &["key-value cache"]);
    check("kv cache", &["KV cache"]);
    check("fa", &["Flash attention"]);
}

#[test]
fn typos_are_forgiven_where_nothing_fits() {
    check("atention", &["Attention", "Attention sink", "Flash attention"]);
    check("tokenisatoin", &["Tokenization"]);
    check("atx", &[]);
}

#[test]
fn a_wrong_first_letter_is_forgiven_where_the_right_one_gives_nothing() {
    check("sttention", &["Attention", "Attention sink", "Flash attention"]);
}

#[test]
fn a_page_stands_once_and_no_more_than_wanted_do() {
    let corpus = corpus(&["Cache|Cached cache|cache of caches", "Cache line", "Cache miss"]);
    let index = Index::build(&corpus).unwrap();
    let pages =
        |limit| index.suggest(&corpus, "cach", None, None, limit).into_iter().map(|one| one.page.0).collect::<Vec<_>>();
    assert_eq!(pages(9), [0, 1, 2]);
    assert_eq!(pages(2), [0, 1]);
    assert!(pages(0).is_empty());
}

#[test]
fn a_kind_can_be_wanted() {
    let corpus = corpus(NAMES);
    let index = Index::build(&corpus).unwrap();
    let names = |kind| {
        let found = index.suggest(&corpus, "token", kind, None, 9);
        found.into_iter().map(|suggestion| suggestion.matched.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names(Some(Kind::Guide)), ["token budgets in practice"]);
    assert_eq!(names(Some(Kind::Concept)), ["Tokenization"]);
    assert_eq!(names(None), ["Tokenization", "token budgets in practice"]);
}

#[test]
fn nothing_typed_suggests_nothing() {
    check("", &[]);
    check(" - ", &[]);
}

#[test]
fn names_of_the_readers_language_are_suggested() {
    let names = ["Cache", "Cache line", "Zwischenspeicher", "Cachezeile"];
    let langs = ["en", "en", "de", "de"];
    let pages = names.iter().zip(langs).map(|(name, lang)| {
        let mut page = Page::new(Kind::Concept, &name.to_lowercase().replace(' ', "-"));
        page.title = (*name).into();
        page.lang = Some(lang.into());
        page
    });
    let parts = Parts { pages: pages.collect(), ..Parts::default() };
    let corpus = Corpus::assemble(parts);
    let index = Index::build(&corpus).unwrap();
    let names = |typed: &str, lang: Option<&str>| {
        let found = index.suggest(&corpus, typed, None, lang, 9);
        found.into_iter().map(|suggestion| suggestion.matched.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names("cach", None), ["Cache", "Cache line", "Cachezeile"]);
    assert_eq!(names("cach", Some("en-GB")), ["Cache", "Cache line"]);
    assert_eq!(names("cach", Some("de")), ["Cachezeile"]);
    assert_eq!(names("cache", Some("de")), ["Cache", "Cachezeile"], "the whole name of a page");
    assert_eq!(names("zwisch", Some("en")), ["Zwischenspeicher"], "nothing in the reader's language fits");
}
