//! Ids, kinds, addresses and order: what depends on a page alone, and what its site says of it.

use gradus_corpus::{Corpus, Relation};
use gradus_load::Generator;

use crate::given::loaded;

/// `id path url` of every page, a line each.
fn pages(text: &str) -> Vec<String> {
    let loaded = loaded(text);
    loaded.corpus.pages().map(|(_, page)| format!("{} {} {}", page.id(), page.path, page.url)).collect()
}

/// `from relation to` of every declared edge of the relations asked for.
fn edges(corpus: &Corpus, relations: &[Relation]) -> Vec<String> {
    let edges = corpus.declared().iter().filter(|edge| relations.contains(&edge.relation));
    let id = |id| corpus.page(id).id();
    edges.map(|edge| format!("{} {} {} ({})", id(edge.from), edge.relation, id(edge.to), edge.origin)).collect()
}

#[test]
fn adding_a_file_renames_nothing() {
    let some = "=== b/intro.md\n# B\n=== a-b/c.md\n# C\n=== concepts/kv.md\nA cache.\n=== x/index.md\n# X\n=== z/02-y.md\n# Y\n";
    let more = "=== a/intro.md\n# A\n=== a/b-c.md\n# D\n=== glossary/deep/kv.md\nA cache.\n=== x/more.md\n# M\n=== z/y/index.md\n# Z\n=== intro.md\n# I\n";
    let before = pages(some);
    let after = pages(&format!("{more}{some}"));
    assert_eq!(before.len(), 5);
    assert_eq!(after.len(), 11);
    for page in &before {
        assert!(after.contains(page), "{page} is not among {after:#?}");
    }
}

#[test]
fn a_declared_id_that_two_pages_share_is_told_with_both_places_and_loses_no_page() {
    let text = "=== a.md\n---\nid: loaf\n---\nA\n=== b.md\n---\nid: loaf\n---\nB\n=== x/loaf.md\nC\n";
    assert_eq!(pages(text), ["guide:b b.md /loaf", "guide:loaf a.md /loaf", "guide:x~loaf x/loaf.md /x/loaf"]);
    let told = loaded(text).diagnostics;
    let told: Vec<_> = told.iter().filter(|told| told.code.as_str() == "G004").collect();
    let places: Vec<_> = told.iter().map(|told| (&*told.file, &*told.notes[0].0)).collect();
    assert_eq!(places, [("b.md", "a.md")]);
}

#[test]
fn addresses_follow_slugs_and_ids_and_are_encoded() {
    let text = "=== gradus.toml\n[site]\nbase_url = 'https://e.org/docs'\n=== intro.md\n---\nslug: /getting-started\n---\nx\n\
                === sub/x.md\n---\nid: custom\n---\nx\n=== sub/y.md\n---\nslug: why\n---\nx\n=== my dir/ü ö.md\nx\n";
    assert_eq!(
        pages(text),
        [
            "guide:custom sub/x.md https://e.org/docs/sub/custom",
            "guide:getting-started intro.md https://e.org/docs/getting-started",
            "guide:my-dir~ü-ö my dir/ü ö.md https://e.org/docs/my%20dir/%C3%BC%20%C3%B6",
            "guide:why sub/y.md https://e.org/docs/sub/why",
        ]
    );
}

#[test]
fn a_long_page_among_concepts_is_a_guide_that_teaches_the_concept_of_its_title() {
    let found = loaded(
        "=== concepts/index.md\n# Concepts\n=== concepts/kv.md\n# KV cache\n\nA cache.\n=== concepts/attention.md\n# Attention\n\nWhat to look at.\n\n## How\n\nText.\n\
         === concepts/said.md\n---\nkind: concept\n---\n## A\n\n## B\n\nText.\n=== a.md\n---\nprerequisites: [Attention]\n---\nText.\n",
    );
    let ids: Vec<String> = found.corpus.pages().map(|(_, page)| page.id()).collect();
    assert_eq!(
        ids,
        ["concept:attention", "concept:kv", "concept:said", "guide:a", "guide:concepts", "guide:concepts~attention"]
    );
    assert_eq!(
        edges(&found.corpus, &[Relation::Teaches, Relation::Assumes]),
        [
            "guide:a assumes concept:attention (front-matter)",
            "guide:concepts~attention teaches concept:attention (front-matter)"
        ]
    );
}

#[test]
fn the_generator_is_recognised_or_named() {
    let facts = |text: &str| loaded(text).site;
    let found = facts("=== mkdocs.yml\nsite_url: https://e.org/b/\n=== docs/a.md\n# A\n");
    assert_eq!(
        (found.generator, found.found_by.as_deref(), &*found.base_path),
        (Generator::Mkdocs, Some("mkdocs.yml"), "/b/")
    );
    assert_eq!(facts("=== a.md\n# A\n").generator, Generator::Plain);
    // A folder of notes that holds somebody's settings far below is no site of theirs.
    assert_eq!(
        facts("=== a.md\n# A\n=== examples/x/mkdocs.yml\n=== examples/x/docs/b.md\n# B\n").generator,
        Generator::Plain
    );
    let named = "=== gradus.toml\n[site]\ngenerator = \"mdbook\"\n=== a.md\n# A\n";
    assert_eq!(pages(named), ["guide:a a.md /a.html"]);
}

#[test]
fn what_the_generator_publishes_not_is_told_and_left_out() {
    let found = loaded("=== SUMMARY.md\n[A](a.md)\n=== a.md\n# A\n=== b.md\n# B\n");
    let told: Vec<&str> =
        found.diagnostics.iter().filter(|told| told.code.as_str() == "G039").map(|told| &*told.file).collect();
    assert_eq!(told, ["SUMMARY.md", "b.md"]);
}

#[test]
fn navigation_and_series_say_what_follows_what() {
    let follows = |text: &str| edges(&loaded(text).corpus, &[Relation::Follows]);
    assert_eq!(
        follows(
            "=== mkdocs.yml\nnav:\n  - b.md\n  - More:\n      - a.md\n=== docs/a.md\n# A\n=== docs/b.md\n# B\n=== docs/c.md\n# C\n"
        ),
        ["guide:docs~a follows guide:docs~b (central)"]
    );
    let part = |name: &str, order: u32| format!("=== {name}.md\n---\nseries: S\norder: {order}\n---\nText.\n");
    assert_eq!(
        follows(&format!("{}{}{}", part("a", 3), part("b", 1), part("c", 2))),
        ["guide:a follows guide:c (front-matter)", "guide:c follows guide:b (front-matter)"]
    );
}

#[test]
fn pages_of_docusaurus_may_name_what_comes_next() {
    let found = loaded(
        "=== docusaurus.config.js\nmodule.exports = {baseUrl: '/', presets: [['classic', {docs: {}, blog: false}]]};\n\
         === docs/a.md\n---\npagination_next: c\n---\nA\n=== docs/b.md\nB\n=== docs/c.md\nC\n=== docs/d.md\n---\npagination_prev: null\n---\nD\n",
    );
    assert_eq!(
        edges(&found.corpus, &[Relation::Follows]),
        ["guide:docs~c follows guide:docs~a (front-matter)", "guide:docs~c follows guide:docs~b (front-matter)"]
    );
}

#[test]
fn sections_on_prerequisites_say_what_a_page_needs() {
    let found = loaded(
        "=== concepts/kv.md\n---\ntitle: KV cache\n---\nA cache.\n=== a.md\n# A\n\n## Before you begin\n\nRead [b](b.md) and [[KV cache]].\n\n\
         ### More\n\n[c](c.md)\n\n## Text\n\n[d](d.md)\n=== b.md\n# B\n=== c.md\n# C\n=== d.md\n# D\n\
         === p.md\n---\naccess: pro\n---\nx\n\n<!-- more -->\n\n## Prerequisites\n\n[b](b.md)\n",
    );
    assert_eq!(
        edges(&found.corpus, &[Relation::Requires, Relation::Assumes]),
        [
            "guide:a requires guide:b (inline)",
            "guide:a requires guide:c (inline)",
            "guide:a assumes concept:kv (inline)"
        ]
    );
}

#[test]
fn requirements_of_the_galaxy_training_network_are_prerequisites() {
    let found = loaded(
        "=== topics/seq/tutorials/quality/tutorial.md\n---\ntitle: Quality\n---\nx\n\
         === topics/seq/tutorials/mapping/tutorial.md\n---\ntitle: Mapping\nrequirements:\n  - {type: internal, topic_name: seq, tutorials: [quality]}\n\
         \x20 - {type: external, title: A browser, link: 'https://e.org'}\n---\nx\n",
    );
    assert_eq!(
        edges(&found.corpus, &[Relation::Requires]),
        [
            "guide:topics~seq~tutorials~mapping~tutorial requires guide:topics~seq~tutorials~quality~tutorial (front-matter)"
        ]
    );
    let (_, mapping) = found.corpus.pages().find(|(_, page)| &*page.title == "Mapping").unwrap();
    assert_eq!(&*mapping.prose_prerequisites[0].text, "A browser");
}

#[test]
fn a_track_of_exercism_is_its_concepts_and_exercises() {
    let found = loaded(
        "=== config.json\n{\"language\": \"Knots\", \"slug\": \"knots\", \"exercises\": {\"concept\": [\n\
         {\"slug\": \"rope\", \"name\": \"Rope\", \"concepts\": [\"ropes\"], \"prerequisites\": []},\n\
         {\"slug\": \"loop\", \"name\": \"Loop\", \"concepts\": [\"loops\"], \"prerequisites\": [\"ropes\"]}], \"practice\": []},\n\
         \"concepts\": [{\"slug\": \"ropes\", \"name\": \"Ropes\"}, {\"slug\": \"loops\", \"name\": \"Loops\"}]}\n\
         === concepts/ropes/about.md\n# About ropes\n\n## Kinds\n\nText.\n=== concepts/ropes/introduction.md\n# Introduction\n\nText.\n\
         === exercises/concept/rope/.docs/instructions.md\n# Instructions\n\nTie.\n=== exercises/concept/loop/.docs/instructions.md\n# Instructions\n\nLoop.\n",
    );
    let shown: Vec<String> =
        found.corpus.pages().map(|(_, page)| format!("{} {} {}", page.id(), page.title, page.url)).collect();
    assert_eq!(
        shown,
        [
            "concept:loops Loops /concepts/loops",
            "concept:ropes Ropes /tracks/knots/concepts/ropes",
            "guide:concepts~ropes~introduction Ropes: introduction /tracks/knots/concepts/ropes/introduction",
            "guide:exercises~concept~loop~.docs~instructions Loop /tracks/knots/exercises/loop",
            "guide:exercises~concept~rope~.docs~instructions Rope /tracks/knots/exercises/rope",
        ]
    );
    assert_eq!(
        edges(&found.corpus, &[Relation::Requires, Relation::Teaches, Relation::Assumes, Relation::Follows]),
        [
            "concept:loops requires concept:ropes (central)",
            "guide:concepts~ropes~introduction teaches concept:ropes (front-matter)",
            "guide:exercises~concept~loop~.docs~instructions teaches concept:loops (central)",
            "guide:exercises~concept~loop~.docs~instructions assumes concept:ropes (central)",
            "guide:exercises~concept~loop~.docs~instructions follows guide:exercises~concept~rope~.docs~instructions (central)",
            "guide:exercises~concept~rope~.docs~instructions teaches concept:ropes (central)",
        ]
    );
}

#[test]
fn languages_stand_in_folders_and_suffixes() {
    let langs = |text: &str| -> Vec<String> {
        let loaded = loaded(text);
        loaded
            .corpus
            .pages()
            .map(|(_, page)| format!("{} {}", page.path, page.lang.as_deref().unwrap_or("-")))
            .collect()
    };
    assert_eq!(
        langs("=== cache.md\nx\n=== cache.de.md\nx\n=== de/a.md\nx\n=== fr/a.md\nx\n=== it.md\nx\n"),
        ["cache.md -", "cache.de.md de", "de/a.md de", "fr/a.md fr", "it.md -"]
    );
}

#[test]
fn pages_of_jekyll_stand_in_the_order_of_their_navigation() {
    let page = |name: &str, fields: &str| format!("=== {name}.md\n---\ntitle: {name}\n{fields}\n---\nx\n");
    let text = format!(
        "=== _config.yml\ntitle: T\n{}{}{}{}",
        page("a", "nav_order: 2"),
        page("b", "nav_order: 1\nhas_children: true"),
        page("c", "parent: b\nnav_order: 2"),
        page("d", "parent: b\nnav_order: 1"),
    );
    assert_eq!(
        edges(&loaded(&text).corpus, &[Relation::Follows]),
        [
            "guide:a follows guide:c (front-matter)",
            "guide:c follows guide:d (front-matter)",
            "guide:d follows guide:b (front-matter)"
        ]
    );
}

#[test]
fn pages_of_jekyll_need_no_front_matter_where_hardly_any_has_it() {
    assert_eq!(pages("=== _config.yml\ntitle: T\n=== a.md\n# A\n=== b.md\n# B\n").len(), 2);
    assert_eq!(pages("=== _config.yml\ntitle: T\n=== a.md\n---\n---\n# A\n=== b.md\n# B\n"), ["guide:a a.md /a.html"]);
}

#[test]
fn no_two_plain_files_are_shown_at_one_address() {
    let found = loaded(
        "=== 01-a.md\nText.\n=== 02-a.md\nText.\n=== README.md\nText.\n=== index.md\nText.\n=== 2022-W05.md\nText.\n=== 2023-W05.md\nText.\n=== x/03-y.md\nText.\n",
    );
    let mut urls: Vec<&str> = found.corpus.pages().map(|(_, page)| &*page.url).collect();
    urls.sort_unstable();
    assert_eq!(urls, ["/", "/01-a", "/02-a", "/2022-W05", "/2023-W05", "/README", "/x/y"]);
    assert!(!found.diagnostics.iter().any(|told| told.code.as_str() == "G041"));
}
