//! Round trips: what is exported and loaded again is exported to the same bytes, whole and as the public sees it.

use std::path::{Path, PathBuf};

use gradus_corpus::{Access, Code, Corpus, Edge};
use gradus_load::{Input, Loaded, load, page_row, site_row};
use proptest::prelude::*;

use crate::given::memory;

fn loaded(input: &Input) -> Loaded {
    load(input, &mut |_| {}).unwrap()
}

fn exported(corpus: &Corpus) -> String {
    let pages = corpus.pages().map(|(id, _)| page_row(corpus, id));
    std::iter::once(site_row(corpus)).chain(pages).collect()
}

/// Edges with what they say in words, since files have other numbers after a reload.
fn edges(corpus: &Corpus) -> Vec<String> {
    let words = |edge: Edge| {
        let file = corpus.files().get(edge.position.file as usize).map_or("", |file| file);
        let at = (edge.position.line, edge.position.column);
        let (from, to) = (corpus.page(edge.from).id(), corpus.page(edge.to).id());
        let said = (edge.relation, edge.strength, edge.origin, edge.count, edge.reason);
        format!("{from} {to} {said:?} {file} {at:?}")
    };
    corpus.edges().map(words).collect()
}

/// What differs after a round trip.
fn trip(corpus: &Corpus) -> Result<(), String> {
    let first = exported(corpus);
    let again = loaded(&memory(&[("export.jsonl", &first)]));
    let second = exported(&again.corpus);
    if let Some((one, two)) = first.lines().zip(second.lines()).find(|(one, two)| one != two) {
        let at = one.bytes().zip(two.bytes()).take_while(|(a, b)| a == b).count().saturating_sub(40);
        let part = |line: &str| line.get(at..).unwrap_or(line).chars().take(200).collect::<String>();
        return Err(format!("{}\n{}", part(one), part(two)));
    }
    if first.len() != second.len() {
        return Err(format!("{} bytes and then {}", first.len(), second.len()));
    }
    if edges(corpus) != edges(&again.corpus) {
        return Err("the edges differ".to_owned());
    }
    let broken = again.diagnostics.iter().find(|told| matches!(told.code, Code::UnknownReference | Code::InvalidValue));
    broken.map_or(Ok(()), |told| Err(format!("{told:?}")))
}

/// Both views of a source make their round trip; how many pages it has.
#[track_caller]
fn check(input: &Input) -> usize {
    let corpus = loaded(input).corpus;
    let whole = trip(&corpus);
    assert_eq!(whole, Ok(()), "{input}");
    if let Some(public) = corpus.public() {
        let public = trip(&public);
        assert_eq!(public, Ok(()), "the public view of {input}");
    }
    corpus.n_pages()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn the_curriculum_comes_back_as_it_was() {
    assert!(check(&Input::Path(root().join("content"))) > 100);
}

#[test]
fn every_site_comes_back_as_it_was() {
    let sites = std::fs::read_dir(root().join("tests/sites")).unwrap().map(|entry| entry.unwrap().path());
    let sources: Vec<PathBuf> = sites.map(|site| site.join("src")).filter(|source| source.is_dir()).collect();
    assert!(sources.len() > 10);
    for source in sources {
        check(&Input::Path(source));
    }
}

const FULL: &[(&str, &str)] = &[
    ("gradus.toml", "[site]\ntitle = \"S\"\nbase_url = \"https://x.example/b\"\nlang = \"de\"\n"),
    ("concepts.yaml", "concepts:\n  c#: {title: C sharp, prerequisites: [kv]}\nguides:\n  g: {companion: [h]}\n"),
    (
        "concepts/kv.md",
        "---\naka: [KV, '/old/kv']\ncontrasts: [{concept: c#, reason: r}]\npart_of: [c#]\nimproves_on: [c#]\n---\nA `cache`.\n",
    ),
    (
        "g.md",
        "---\ntitle: '# T'\naccess: pro\nteaches: [kv]\nprerequisites: [c#, {concept: h, strength: recommended, reason: 'x\ny'}, read a very long book first]\nrelated: [h]\nrelated_exclude: [h]\nlevel: hard\ntime: 1h\norder: 3\nseries: [S]\ntags: ['a, b']\ncategory: K\ntracks: research\nsources: [{title: P, url: 'https://p.q', year: 2020}]\nupdated: 2020-01-02\nauthors: [A B]\nsearch: false\nquestions:\n- {id: q, prompt: P?, choices: [a, b], answer: a, explanation: E, concepts: [kv]}\n---\nLead with [h](h.md#two) and KV.\n\n## One {#uno}\n\n- [ ] todo\n\n<!-- more -->\n\nSecret `KV` ![i](i.png).\n\n> ## Two\n> secret quote\n\n```rust\nlet secret = 1;\n```\n\n## Empty\n",
    ),
    ("h.md", "---\nseries: S\norder: 4\n---\n# H\n\n## Two\n\n| a |\n|---|\n| <b>x</b> [^1] |\n\n[^1]: Note.\n"),
];

#[test]
fn every_field_comes_back() {
    let corpus = loaded(&memory(FULL)).corpus;
    let row = exported(&corpus);
    // Each field is in use, so that none can be lost unseen.
    for field in [
        "title",
        "url",
        "path",
        "description",
        "aka",
        "aliases",
        "category",
        "tags",
        "tracks",
        "level",
        "time",
        "estimated_time",
        "access",
        "sources",
        "lang",
        "updated",
        "authors",
        "search",
        "order",
        "series",
        "prerequisites",
        "prose_prerequisites",
        "teaches",
        "related",
        "related_exclude",
        "companion",
        "contrasts",
        "part_of",
        "improves_on",
        "follows",
        "questions",
        "anchors",
        "body",
        "preview",
        "sections",
        "locked",
        "links",
        "mentions",
        "reason",
        "strength",
        "origin",
        "base_url",
    ] {
        assert!(row.contains(&format!("\"{field}\":")), "{field}");
    }
    check(&memory(FULL));
}

#[test]
fn a_public_view_exports_no_locked_byte() {
    let corpus = loaded(&memory(FULL)).corpus;
    let public = exported(&corpus.public().unwrap());
    for secret in ["ecret", "i.png", "\"choices\"", "\"explanation\"", "\"answer\""] {
        assert!(exported(&corpus).contains(secret), "{secret}");
        assert!(!public.contains(secret), "{secret}");
    }
    let again = loaded(&memory(&[("e.jsonl", &public)])).corpus;
    let guide = again.pages().find(|(_, page)| page.access == Access::Pro).unwrap().1;
    assert!(guide.is_locked() && guide.questions[0].locked);
    // Who loads what the public may see shows the public the same.
    assert_eq!(exported(&again.public().unwrap()), public);
}

#[test]
fn rows_that_do_not_fit_together_lock_and_show_what_a_row_of_people_would() {
    let corpus = loaded(&memory(&[("h.md", "# H\n\nText.\n\n## Two\n\nMore text.\n")])).corpus;
    let row = exported(&corpus);
    let page = |row: &str| {
        let loaded = loaded(&memory(&[("e.jsonl", row)]));
        let page = loaded.corpus.pages().next().unwrap().1.clone();
        (page, loaded.diagnostics)
    };
    let (locked, told) = page(&row.replace("\"access\":\"free\"", "\"access\":\"pro\""));
    assert!(locked.sections.iter().all(|section| section.text.markdown.is_empty()));
    assert!(told.iter().any(|told| told.code == Code::InvalidValue));
    let (locked, _) = page(&row.replace("\"access\":\"free\"", "\"acess\":\"pro\""));
    assert_eq!(locked.access, Access::Pro);
    let (mended, _) = page(&row.replace("<p>Text.</p>", "<p onclick=\\\"x\\\">Text.</p>"));
    assert!(!mended.sections.iter().any(|section| section.text.html.contains("onclick")));
    let (edited, _) = page(&row.replace("Text.\\n", "Other text.\\n"));
    assert!(edited.sections[0].text.plain.contains("Other text."));
}

/// Pieces that Markdown, YAML and generators may trip over.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("## Heading\n".to_owned()),
        Just("> # Q\n> quote\n".to_owned()),
        Just("- item [[g1]]\n".to_owned()),
        Just("\n\n<!-- more -->\n\n".to_owned()),
        Just("```\ncode\n".to_owned()),
        Just("{{< x >}} <Tabs> {#id} :::note\n".to_owned()),
        Just("[r][d] [x](g2.md#heading)\n\n[d]: g0.md\n".to_owned()),
        Just("| a | b |\n|---|:-:|\n| KV | `KV` |\n".to_owned()),
        "[ -~]{0,30}\n",
        "\\PC{0,12}\n",
    ]
}

fn document() -> impl Strategy<Value = String> {
    let scalar = || "[ -~äß漢]{0,14}".prop_map(|text| serde_json::to_string(&text).unwrap());
    let page = || prop_oneof![Just("g0"), Just("g1"), Just("g2"), Just("kv"), Just("none such")];
    let fields = (
        scalar(),
        prop::collection::vec(scalar(), 0..3),
        prop::collection::vec(page(), 0..3),
        prop::collection::vec(page(), 0..2),
        prop_oneof![Just("free"), Just("pro")],
        prop::option::of(0_i64..5),
        prop::collection::vec(piece(), 0..8),
    );
    fields.prop_map(|(title, names, prerequisites, related, access, order, pieces)| {
        let series = order.map_or(String::new(), |order| format!("series: s\norder: {order}\n"));
        format!(
            "---\ntitle: {title}\naka: [{}]\ntags: [{}]\nprerequisites: {prerequisites:?}\nrelated: {related:?}\nteaches: [kv]\naccess: {access}\n{series}---\n{}",
            names.join(", "),
            names.join(", "),
            pieces.concat(),
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_loaded_comes_back(documents in prop::collection::vec(document(), 3)) {
        let mut files: Vec<(String, String)> =
            documents.into_iter().enumerate().map(|(n, text)| (format!("g{n}.md"), text)).collect();
        files.push(("concepts/kv.md".to_owned(), "---\naka: [KV]\n---\nA cache.\n".to_owned()));
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let corpus = loaded(&memory(&files)).corpus;
        prop_assert_eq!(trip(&corpus), Ok(()));
        if let Some(public) = corpus.public() {
            prop_assert_eq!(trip(&public), Ok(()));
        }
    }
}
