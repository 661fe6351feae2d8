//! Searching, shown on a small site: what a reader types and what is found, in order.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use gradus_corpus::Corpus;
use gradus_index::{Filters, Hits, Index, Matching, Query};
use gradus_load::{Input, load};

const SITE: &[(&str, &str)] = &[
    ("concepts/attention.md", "---\ntitle: Attention\ndescription: Weighs what stands elsewhere in a text.\n---\n"),
    (
        "concepts/kv-cache.md",
        "---\ntitle: KV cache\naka: [key-value cache]\ndescription: Keeps what attention needs again.\n---\nIt grows with each token.\n",
    ),
    (
        "concepts/pagedattention.md",
        "---\ntitle: PagedAttention\ndescription: Stores the KV cache in blocks.\n---\nBlocks need not be neighbours.\n",
    ),
    (
        "concepts/rope.md",
        "---\ntitle: RoPE\naka: [rotary position embedding]\ndescription: Turns vectors by their place.\n---\n",
    ),
    ("concepts/llm.md", "---\ntitle: LLM\naka: [large language model]\ndescription: Predicts tokens.\n---\n"),
    ("concepts/clip.md", "---\ntitle: CLIP\ndescription: Pairs pictures with captions.\n---\n"),
    (
        "guides/serving.md",
        "---\ntitle: Serving at scale\nteaches: [kv-cache, pagedattention]\n---\n\nHow to serve LLMs to many readers.\n\n\
         ## Memory\n\nThe key-value cache takes most of the memory. A static one wastes memory that a paged one does not.\n\n\
         ## Code\n\n```python\nserver.start_engine(block_size=16)\n```\n",
    ),
    (
        "guides/mountains.md",
        "---\ntitle: Ropes and mountains\n---\n\nTie the ropes before clipping in. Caches of food are kept in huts.\n",
    ),
    ("guides/chinese.md", "---\ntitle: 注意力机制入门\n---\n\n缓存保存键和值。模型读取文字。\n"),
    (
        "guides/languages.md",
        "---\ntitle: Languages\n---\n\nC++ and C# are not C. Most of .NET is C#. Déjà vu, naïve café.\n",
    ),
];

fn corpus(files: &[(&str, &str)]) -> Corpus {
    let owned = |(path, text): &(&str, &str)| ((*path).to_owned(), text.as_bytes().to_vec().into());
    load(&Input::Memory(files.iter().map(owned).collect()), &mut |_| {}).unwrap().corpus
}

fn ask(text: &str) -> (Corpus, Hits) {
    let corpus = corpus(SITE);
    let index = Index::build(&corpus).unwrap();
    let query = Query { text: text.to_owned(), limit: 20, n_sections: 3, facets: true, ..Query::default() };
    let hits = index.search(&corpus, &query).unwrap();
    (corpus, hits)
}

/// What `text` finds among `files`, in order, as slugs.
fn slugs(files: &[(&str, &str)], text: &str) -> Vec<String> {
    let corpus = corpus(files);
    let index = Index::build(&corpus).unwrap();
    let query = Query { text: text.to_owned(), limit: 20, ..Query::default() };
    let hits = index.search(&corpus, &query).unwrap().hits;
    hits.iter().map(|hit| corpus.page(hit.page).slug.to_string()).collect()
}

/// What `text` finds, in order, as slugs; behind a `~` if not all words had to match.
fn found(text: &str) -> String {
    let (corpus, hits) = ask(text);
    let slugs: Vec<&str> = hits.hits.iter().map(|hit| &*corpus.page(hit.page).slug).collect();
    assert_eq!(hits.total, slugs.len(), "{text}");
    format!("{}{}", if hits.relaxed { "~ " } else { "" }, slugs.join(" "))
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(found(text), expected, "{text}");
}

#[track_caller]
fn check_first(text: &str, expected: &str) {
    assert_eq!(found(text).trim_start_matches("~ ").split(' ').next(), Some(expected), "{text}");
}

#[test]
fn every_spelling_of_a_name_finds_it_first() {
    for spelling in ["KV cache", "kv-cache", "KVCache", "k/v cache", "key value cache", "Key-Value Cache", "kv_cache"] {
        check_first(spelling, "kv-cache");
    }
    for spelling in ["PagedAttention", "paged attention", "pagedattention", "paged-attention"] {
        check_first(spelling, "pagedattention");
    }
    check_first("rotary position embedding", "rope");
}

#[test]
fn other_names_are_told() {
    let (_, hits) = ask("key value cache");
    assert_eq!(hits.hits[0].matched_via.as_deref(), Some("key-value cache"));
    for title in ["kv cache", "kv cahce"] {
        assert_eq!(ask(title).1.hits[0].matched_via, None);
    }
}

#[test]
fn a_text_that_uses_another_name_is_found_and_shows_it() {
    let (corpus, hits) = ask("kv cache memory");
    let serving = hits.hits.iter().find(|hit| &*corpus.page(hit.page).slug == "serving").unwrap();
    let snippet = &serving.sections[0].snippet;
    let (start, end) = snippet.highlights[0];
    let marked: String = snippet.text.chars().skip(start).take(end - start).collect();
    assert_eq!(marked, "key-value cache");
}

#[test]
fn names_are_no_forms_of_words() {
    check("ropes", "mountains");
    check_first("rope", "rope");
    check("clipping", "mountains");
    check("llms", "llm serving");
    check("clip", "clip mountains");
}

#[test]
fn a_name_is_found_in_any_form_and_when_asked_about() {
    check_first("llms", "llm");
    check_first("large language models", "llm");
    check_first("kv caches", "kv-cache");
    check_first("kv cachse", "kv-cache");
    check_first("what is a KV cache?", "kv-cache");
    check_first("why kv caches", "kv-cache");
    check_first("how is attention", "attention");
    let corpus = corpus(SITE);
    let index = Index::build(&corpus).unwrap();
    let all = Query { text: "why attention ".to_owned(), limit: 5, matching: Matching::All, ..Query::default() };
    assert_eq!(index.search(&corpus, &all).unwrap().total, 0, "no page says why");
}

#[test]
fn the_form_that_is_typed_comes_before_others() {
    let texts = ["It splits the text.", "Splitting of the text.", "They split the text."];
    let pages: Vec<(String, String)> = (0..)
        .zip(texts)
        .map(|(at, text)| (format!("guides/{at}.md"), format!("---\ntitle: Page\n---\n{text}\n")))
        .collect();
    let pages: Vec<(&str, &str)> = pages.iter().map(|(path, text)| (&**path, &**text)).collect();
    let corpus = corpus(&pages);
    let index = Index::build(&corpus).unwrap();
    for (first, word) in ["splits", "splitting", "split"].iter().enumerate() {
        let query = Query { text: format!("text {word} "), limit: 5, ..Query::default() };
        let hits = index.search(&corpus, &query).unwrap();
        assert_eq!(hits.total, 3, "{word}");
        assert_eq!(*corpus.page(hits.hits[0].page).slug, *first.to_string(), "{word}");
    }
}

#[test]
fn an_unfinished_word_next_to_the_one_before_comes_first() {
    let near = "---\ntitle: Page\n---\nThe exchange of quotes. Data manipulation is taught here to all.\n";
    let far = "---\ntitle: Page\n---\nManipulation of quotes. The exchange teaches all its data here to.\n";
    for (first, pages) in [("0", [near, far]), ("1", [far, near])] {
        let corpus = corpus(&[("guides/0.md", pages[0]), ("guides/1.md", pages[1])]);
        let index = Index::build(&corpus).unwrap();
        let query = Query { text: "data manipu".to_owned(), limit: 5, ..Query::default() };
        let hits = index.search(&corpus, &query).unwrap();
        assert_eq!((hits.total, &*corpus.page(hits.hits[0].page).slug), (2, first));
    }
}

#[test]
fn a_mistyped_first_letter_is_mended_where_that_word_is_four_times_as_common() {
    let mut texts = vec!["A suite.", "Suite.", "The suite, unite!", "Vests."];
    texts.extend(["Events."; 5]);
    let page = |(at, text): (usize, &&str)| (format!("guides/{at}.md"), format!("---\ntitle: Page\n---\n{text}\n"));
    let pages: Vec<(String, String)> = texts.iter().enumerate().map(page).collect();
    let pages: Vec<(&str, &str)> = pages.iter().map(|(path, text)| (&**path, &**text)).collect();
    let corpus = corpus(&pages);
    let index = Index::build(&corpus).unwrap();
    let mended = |text: &str| {
        let query = Query { text: text.to_owned(), limit: 5, ..Query::default() };
        index.search(&corpus, &query).unwrap().did_you_mean
    };
    assert_eq!(mended("vents ").as_deref(), Some("events"), "five times as common as vests");
    assert_eq!(mended("usite ").as_deref(), Some("unite"), "suite is but three times as common");
}

#[test]
fn the_last_word_may_be_unfinished() {
    check_first("paged att", "pagedattention");
    check("mounta", "mountains");
    check("mounta ", "mountains");
    check("rop", "rope mountains");
    check("rop ", "");
}

#[test]
fn typos_are_forgiven_and_told() {
    for typo in ["paged atention", "pagd attention", "paged attetnion"] {
        check_first(typo, "pagedattention");
    }
    for typo in ["kv cahce", "kv cahce ", "key valeu cache"] {
        check_first(typo, "kv-cache");
    }
    assert_eq!(ask("mountians ").1.did_you_mean.as_deref(), Some("mountains"));
    assert_eq!(ask("mountains").1.did_you_mean, None);
}

#[test]
fn all_words_must_match_unless_nothing_has_them_all() {
    check("static memory", "serving");
    check("cache pictures", "~ clip");
    check("attention mountains", "~ mountains attention pagedattention kv-cache");
    check("attention zzzz", "~ attention pagedattention kv-cache");
}

#[test]
fn a_question_finds_what_answers_it() {
    check_first("why does a static cache waste more memory than a paged one", "serving");
}

#[test]
fn phrases_exclusions_and_titles() {
    check("\"wastes memory\"", "serving");
    check("\"memory wastes\"", "~ serving");
    check("“wastes memory”", "serving");
    check("attention -blocks", "attention kv-cache");
    check("title:ropes", "mountains");
    check("title:rope", "rope mountains");
}

#[test]
fn code_is_found_whole_and_in_parts() {
    check("start_engine", "serving");
    check("block_size=16", "serving");
    check("c++", "languages");
    check("C#", "languages");
    check(".net", "languages");
    check("deja vu cafe", "languages");
}

#[test]
fn unspaced_scripts_are_found_by_any_part() {
    for part in ["注意力", "注意力机制入门", "力", "门", "缓存", "\"保存键\"", "值"] {
        check(part, "chinese");
    }
    check("\"键保存\"", "~ chinese");
}

#[test]
fn every_hit_shows_why() {
    for query in ["cache", "caches", "cach", "atention", "key value cache", "注意力", "start_engine", "serving", "huts"]
    {
        let (corpus, hits) = ask(query);
        assert!(!hits.hits.is_empty(), "{query}");
        for hit in hits.hits {
            assert!(!hit.snippet.highlights.is_empty(), "{query}: {} {:?}", corpus.page(hit.page).slug, hit.snippet);
        }
    }
}

#[test]
fn ranks_are_explained() {
    let corpus = corpus(SITE);
    let index = Index::build(&corpus).unwrap();
    let query = Query { text: "kv cache memmory ".to_owned(), limit: 5, explain: true, ..Query::default() };
    let hits = index.search(&corpus, &query).unwrap();
    insta::assert_debug_snapshot!(hits.hits.iter().map(|hit| &hit.explanation).collect::<Vec<_>>());
}

#[test]
fn nothing_but_exclusions_is_no_query() {
    let corpus = corpus(SITE);
    let index = Index::build(&corpus).unwrap();
    let only = Query { text: "-cache -memory".to_owned(), limit: 5, ..Query::default() };
    assert!(index.search(&corpus, &only).is_err());
}

#[test]
fn a_pasted_command_line_finds_what_it_says() {
    let pages = [
        ("guides/debug.md", "# Debug builds\n\nRun cargo build while you work.\n"),
        ("guides/release.md", "# Release builds\n\nRun `cargo build --release` or cc -O2 for speed.\n"),
    ];
    for query in ["cargo build --release", "--release", "-O2", "-release", "-debug"] {
        let first = if query == "-debug" { "debug" } else { "release" };
        assert_eq!(slugs(&pages, query).first().map(String::as_str), Some(first), "{query}");
    }
    assert_eq!(slugs(&pages, "build -debug"), ["release"]);
}

#[test]
fn signs_find_what_has_them_or_nothing() {
    let pages = [
        ("guides/plain.md", "# Plain\n\nNothing but words.\n"),
        ("guides/other.md", "# Other\n\nWords as well: 100 % of them.\n"),
        ("guides/signs.md", "# Operators\n\nThe `->` operator and a 🚀, in 0.3.5 and v1.2 ...\n"),
    ];
    for query in ["->", "🚀", "...", "0.3.5", "v1.2", "1.2"] {
        assert_eq!(slugs(&pages, query), ["signs"], "{query}");
    }
    let long = "ab".repeat(40);
    for query in ["=>", "👍", "%FF", "\u{fffd}", "?!", "()", "\"\"", &long] {
        assert_eq!(slugs(&pages, query), [""; 0], "{query}");
    }
    assert_eq!(slugs(&pages, "  ").len(), 3);
}

#[test]
fn words_are_found_without_the_marks_of_their_script() {
    let pages = [
        ("guides/pl.md", "# Głębokie\n\nłódź i żółw\n"),
        ("guides/hu.md", "# Cím\n\ngyűrű\n"),
        ("guides/tr.md", "# Derin\n\nağ, yığın, sınıf\n"),
        ("guides/cz.md", "# Hlavní\n\nžluťoučký kůň, příliš\n"),
        ("guides/th.md", "# ไทย\n\nการเรียนรู้ของเครื่อง\n"),
        ("guides/km.md", "# ខ្មែរ\n\nការរៀនម៉ាស៊ីន\n"),
        ("guides/lo.md", "# ລາວ\n\nການຮຽນຮູ້\n"),
    ];
    let cases = [
        ("lodz", "pl"),
        ("gyuru", "hu"),
        ("yigin", "tr"),
        ("zlutoucky kun", "cz"),
        ("příliš", "cz"),
        ("pr\u{30c}i\u{301}lis\u{30c}", "cz"),
        ("เรียนรู้", "th"),
        ("រៀន", "km"),
        ("ຮຽນ", "lo"),
    ];
    for (query, slug) in cases {
        let found = slugs(&pages, query);
        assert_eq!(found.first().map(String::as_str), Some(slug), "{query}: {found:?}");
    }
}

#[test]
fn a_question_about_names_finds_them() {
    check_first("explain attention", "attention");
    check_first("how does attention work", "attention");
    check_first("what does rope mean?", "rope");
    check_first("why is attention slow", "attention");
    assert!(found("difference between RoPE and the KV cache").trim_start_matches("~ ").starts_with("rope kv-cache"));
}

#[test]
fn a_name_is_known_but_for_letters_in_one_of_its_words() {
    check_first("kv cash", "kv-cache");
    check_first("kv cashe", "kv-cache");
    let first = found("kv memory");
    assert!(!first.starts_with("kv-cache "), "another word is no misspelling: {first}");
}

#[test]
fn a_heading_that_is_the_query_names_its_page_unless_many_have_it() {
    let of = |title: &str, text: &str| format!("---\ntitle: {title}\n---\n\n{text}\n");
    let mut pages = vec![
        ("guides/math.md".to_owned(), of("Mathematics", "## What is perplexity?\n\nTwo to the entropy.")),
        ("guides/much.md".to_owned(), of("Perplexity, perplexity", "What perplexity is. Perplexity is what it is.")),
        ("guides/permissions.md".to_owned(), of("Permissions", "Who may do what. Roles have permissions.")),
    ];
    let plugin = |number| (format!("guides/p{number}.md"), of("Plugin", "## Permissions\n\nPermissions: admin."));
    pages.extend((0..9).map(plugin));
    let pages: Vec<(&str, &str)> = pages.iter().map(|(path, text)| (&**path, &**text)).collect();
    assert_eq!(slugs(&pages, "what is perplexity")[0], "math");
    for query in ["permissions", "which permissions", "who may have permissions"] {
        assert_eq!(slugs(&pages, query)[0], "permissions", "{query}");
    }
}

#[test]
fn most_of_many_words_may_be_better_than_all() {
    let mut pages = vec![(
        "guides/parallel.md".to_owned(),
        "# Train one model on GPUs\n\nTrain one model on 8 GPUs: split the model, train on GPUs.\n".to_owned(),
    )];
    let other =
        "A model. One may train several things.\n\nLong text about other things, and much of it too.\n\nGPUs.\n";
    pages.extend((0..12).map(|at| (format!("guides/o{at}.md"), format!("# Other\n\n{other}Word{at} wo{at}rd.\n"))));
    pages.extend((0..60).map(|at| (format!("guides/f{at}.md"), format!("# Far {at}\n\nNothing of it.\n"))));
    let pages: Vec<(&str, &str)> = pages.iter().map(|(path, text)| (&**path, &**text)).collect();
    assert_eq!(slugs(&pages, "train one model on several GPUs ")[0], "parallel");
}

#[test]
fn the_readers_language_comes_first() {
    let page = |lang: &str| format!("---\ntitle: Cache {lang}\nlang: {lang}\n---\n\nCache.\n");
    let pages = ["de", "en-GB", "fr"].map(|lang| (format!("guides/{lang}.md"), page(lang)));
    let pages: Vec<(&str, &str)> = pages.iter().map(|(path, text)| (&**path, &**text)).collect();
    let corpus = corpus(&[&pages[..], &[("guides/plain.md", "# Plain\n\nCache.\n")]].concat());
    let index = Index::build(&corpus).unwrap();
    let found = |text: &str, lang: Option<&str>| {
        let query = Query { text: text.to_owned(), lang: lang.map(str::to_owned), limit: 9, ..Query::default() };
        let hits = index.search(&corpus, &query).unwrap().hits;
        hits.iter().map(|hit| corpus.page(hit.page).slug.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(found("cache", Some("de-AT")), ["de"]);
    assert_eq!(found("cache", Some("fr")), ["fr"]);
    assert_eq!(found("cache", Some("en")), ["en-GB", "plain"], "a page that says nothing is in the site's");
    assert_eq!(found("", Some("fr")), ["fr"]);
    assert_eq!(found("cache", None).len(), 4);
    assert_eq!(found("cache", Some("it")).len(), 4, "where nothing is in it, everything is found");
    assert_eq!(found("cache fr", Some("de")), ["fr"], "what only another language has is found");
    assert_eq!(index.main_language(), Some("en"));
    let query =
        Query { text: "cache".to_owned(), lang: Some("de".to_owned()), limit: 9, facets: true, ..Query::default() };
    let hits = index.search(&corpus, &query).unwrap();
    assert_eq!((hits.total, hits.lang.as_deref()), (1, Some("de")));
    let counted: Vec<_> = hits.facets["lang"].iter().map(|(lang, n)| (lang.as_str(), *n)).collect();
    assert_eq!(counted, [("de", 1), ("en-GB", 1), ("fr", 1)], "the reader sees what other languages have");
    let all = Query { filters: Filters::default().with("lang", ["*"]), ..query.clone() };
    assert_eq!(index.search(&corpus, &all).unwrap().total, 4);
    let other = Query { filters: Filters::default().with("lang", ["fr"]), ..query };
    assert_eq!(index.search(&corpus, &other).unwrap().hits.len(), 1);
}

#[test]
fn one_page_that_says_its_language_among_silent_ones_makes_no_site_of_several() {
    let tagged = ("guides/a.md", "---\ntitle: A\nlang: no\n---\n\nCache.\n");
    let silent = [("guides/b.md", "# B\n\nCache.\n"), ("guides/c.md", "# C\n\nCache.\n")];
    let corpus = corpus(&[&[tagged][..], &silent].concat());
    let index = Index::build(&corpus).unwrap();
    assert_eq!(index.main_language(), None);
}

#[test]
fn a_page_that_is_asked_for_by_its_name_is_found_in_any_language() {
    let pages = [
        ("guides/de/kaltstart.md", "---\ntitle: Kaltstart\nlang: de\n---\n\nDer Start nach dem Schlaf.\n"),
        ("guides/de/index.md", "---\ntitle: Gradus\nlang: de\n---\n\nEin Server.\n"),
        ("guides/en/index.md", "---\ntitle: Gradus\nlang: en\n---\n\nA server. Kaltstart is a word of German.\n"),
        ("guides/en/more.md", "---\ntitle: More\nlang: en\n---\n\nGradus again.\n"),
    ];
    let corpus = corpus(&pages);
    let index = Index::build(&corpus).unwrap();
    let found = |text: &str| {
        let query = Query { text: text.to_owned(), lang: Some("en".to_owned()), limit: 9, ..Query::default() };
        let hits = index.search(&corpus, &query).unwrap().hits;
        hits.iter().map(|hit| corpus.page(hit.page).path.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(found("kaltstart"), ["guides/de/kaltstart.md", "guides/en/index.md"]);
    assert_eq!(
        found("gradus"),
        ["guides/en/index.md", "guides/en/more.md"],
        "its name in the reader's language is that page"
    );
    assert_eq!(found("schlaf"), ["guides/de/kaltstart.md"]);
}

#[test]
fn words_that_are_too_many_are_told() {
    let corpus = corpus(SITE);
    let index = Index::build(&corpus).unwrap();
    let is_truncated = |text: String| {
        let query = Query { text, limit: 5, ..Query::default() };
        index.search(&corpus, &query).unwrap().truncated
    };
    let letter = |at: usize| char::from(b'a' + u8::try_from(at % 26).unwrap());
    let words = |n: usize| (0..n).map(|at| format!("wo{}{}rd ", letter(at / 26), letter(at))).collect::<String>();
    assert!(is_truncated(words(65)) && !is_truncated(words(64)));
    assert!(!is_truncated("of the in on at ".repeat(30) + &words(60)), "words that build the sentence use up no room");
}

#[test]
fn an_empty_corpus_answers() {
    let corpus = corpus(&[]);
    let index = Index::build(&corpus).unwrap();
    for text in ["", "attention", "\"a b\"", "atention -x"] {
        let query = Query { text: text.to_owned(), limit: 5, matching: Matching::Auto, ..Query::default() };
        assert_eq!(index.search(&corpus, &query).unwrap().total, 0);
    }
    assert!(index.suggest(&corpus, "atten", None, None, 5).is_empty());
}

#[test]
fn what_its_author_keeps_out_of_search_is_not_found() {
    let kept_out =
        "---\ntitle: Anteater lodge\npagefind: false\n---\n\nThe aardvark sleeps here.\n\n## Aardvark rooms\n\nText.\n";
    let concept = "---\ntitle: Aardvark\nnoindex: true\ndescription: An aardvark.\n---\n";
    let files =
        [("lodge.md", kept_out), ("concepts/aardvark.md", concept), ("zoo.md", "# Zoo\n\nThe aardvark lives here.\n")];
    let corpus = corpus(&files);
    let index = Index::build(&corpus).unwrap();
    for text in ["aardvark", "lodge", "anteater", "\"sleeps here\"", "title:lodge", "aardvark rooms", "why is aardvark"]
    {
        let query = Query { text: text.to_owned(), limit: 20, ..Query::default() };
        let hits = index.search(&corpus, &query).unwrap().hits;
        let slugs: Vec<&str> = hits.iter().map(|hit| &*corpus.page(hit.page).slug).collect();
        assert!(slugs.iter().all(|slug| *slug == "zoo"), "{text}: {slugs:?}");
        let finds = text.contains("aardvark") || text == "\"sleeps here\"";
        assert_eq!(slugs.is_empty(), !finds, "{text}");
    }
    assert_eq!(
        index.suggest(&corpus, "anteat", None, None, 9).len() + index.suggest(&corpus, "aardva", None, None, 9).len(),
        0
    );
    assert_eq!(corpus.n_pages(), 3);
    let all = Query { limit: 9, ..Query::default() };
    assert_eq!(index.search(&corpus, &all).unwrap().total, 1, "the list of everything");
}
