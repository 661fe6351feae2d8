//! Files in, diagnostics and pages out: every code, every format, and nothing that breaks the loader.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;

use gradus_corpus::{Code, Kind, Relation};
use gradus_load::{Input, LoadError, Loaded, load};
use proptest::prelude::*;

use crate::given::files;

/// The files loaded, without what is told of pages that have no title, as most of these have none.
fn loaded(text: &str) -> Loaded {
    loaded_from(&Input::Memory(files(text)))
}

fn loaded_from(input: &Input) -> Loaded {
    let mut loaded = load(input, &mut |_| {}).unwrap();
    loaded.diagnostics.retain(|told| told.code != Code::Untitled);
    loaded
}

/// What was told, a line each: file, line and column, code, message and help.
fn told(loaded: &Loaded) -> String {
    let line = |told: &gradus_corpus::Diagnostic| {
        let help = told.help.as_deref().map_or_else(String::new, |help| format!(" ({help})"));
        let at = &told.position;
        format!("{}:{}:{} {} {}{help}\n", told.file, at.line, at.column, told.code, told.message)
    };
    loaded.diagnostics.iter().map(line).collect()
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let expected: String = expected.trim().lines().map(|line| format!("{}\n", line.trim())).collect();
    assert_eq!(told(&loaded(text)), expected, "of\n{text}");
}

/// `from relation to` of every declared edge, in order.
fn edges(loaded: &Loaded) -> Vec<String> {
    let corpus = &loaded.corpus;
    let words = |id| corpus.page(id).slug.to_string();
    let edges = corpus.edges();
    let mut words: Vec<_> =
        edges.map(|edge| format!("{} {} {}", words(edge.from), edge.relation.as_str(), words(edge.to))).collect();
    words.sort();
    words
}

/// Each source shows one code, so that the list is whole.
const CASES: &[(&str, &str)] = &[
    ("G001", "=== a.md\n---\ntitle: [open\n---\nText.\n"),
    ("G002", "=== concepts/softmax.md\nText.\n=== a.md\n---\nprerequisites:\n  - softmx\n---\nText.\n"),
    ("G003", "=== concepts/softmax.md\nText.\n=== a.md\n---\nteaches: [softmx]\n---\nText.\n"),
    ("G004", "=== a.md\n---\nid: x\n---\nText.\n=== b.md\n---\nid: x\n---\nText.\n"),
    (
        "G005",
        "=== one.md\n---\ntitle: Softmax\n---\nText.\n=== two.md\n---\ntitle: Softmax\n---\nText.\n\
         === three.md\n---\nrelated: [Softmax]\n---\nText.\n",
    ),
    ("G006", "=== a.md\n---\nprerequisites: [you can read a derivative and know why]\n---\nText.\n"),
    ("G007", "=== a.md\nSee [that](missing.md).\n"),
    ("G008", "=== a.md\n---\nlevel: godlike\n---\nText.\n"),
    ("G009", "=== concepts/a.md\n---\nprerequisites: [a]\n---\nText.\n"),
    ("G011", "=== a.md\nText \u{1}.\n"),
    ("G012", "=== a.md\nText \0.\n"),
    ("G015", "=== a.jsonl\n{\"id\":\"a\",\"body\":\"Text.\"}\n[1]\n"),
    ("G016", "=== a.md\nText.\n=== a.questions.yaml\n- {kind: quiz, prompt: Why?, choices: [a, b], answer: c}\n"),
    ("G017", "=== a.md\nText.\n=== a.questions.yaml\n- {id: q, prompt: Why?}\n- {id: q, prompt: How?}\n"),
    ("G018", "=== a.md\n"),
    ("G019", "=== concepts/a.md\n---\naka: [x y]\n---\nText.\n=== concepts/b.md\n---\naka: [X Y]\n---\nText.\n"),
    ("G023", "=== concepts/c.md\nText.\n=== a.md\n---\nteaches: [c]\nprerequisites: [c]\n---\nText.\n"),
    ("G024", "=== concepts/a.md\n---\ntitle: A\n---\n# A\n"),
    ("G026", "=== gradus.toml\n[site]\nbase_ulr = \"https://example.org\"\n=== a.md\nText.\n"),
    ("G027", "=== a.md\n---\ndraft: true\n---\nText.\n"),
    ("G029", "=== a.md\n\n---\ntitle: A\n---\nText.\n"),
    ("G030", "=== a.md\n---\ntittle: A\n---\nText.\n"),
    ("G031", "=== a.md\n---\ntitle: A\ntitle: B\n---\nText.\n"),
    ("G033", "=== a.md\nText.\n"),
    ("G034", "=== a.md\n---\nlevel: 2\n---\nText.\n"),
    ("G035", "=== a.md\n---\nseries: s\norder: 1\n---\nText.\n=== b.md\n---\nseries: s\norder: 1\n---\nText.\n"),
    ("G036", "=== a.md\n```\nText.\n"),
    ("G037", "=== a.md\n# A\n\n#### B\n\nText.\n"),
    ("G028", "=== a.md\nText.\n=== b.questions.yaml\n- {prompt: Why?}\n"),
    ("G039", "=== SUMMARY.md\n[A](a.md)\n"),
    (
        "G042",
        "=== gradus.toml\n[site]\nhtml = \"out\"\n=== a.md\nText.\n=== b.md\nText.\n=== out/b.html\n<html><title>b</title><main>x</main>\n",
    ),
    ("G041", "=== .obsidian/app.json\n{}\n=== x/a.md\nText.\n=== x/a.markdown\nText.\n"),
];

#[test]
fn each_code_has_its_case() {
    // Those that need a file system, a large file or the graph have tests of their own.
    let elsewhere = ["G010", "G013", "G014", "G020", "G021", "G022", "G025", "G032", "G038", "G040"];
    let shown: BTreeSet<&str> = CASES.iter().map(|(code, _)| *code).chain(elsewhere).collect();
    let known: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(shown, known);
    for (code, source) in CASES {
        let mut sources = files(source);
        if *code == "G011" {
            sources[0].1 = b"Text \xFF.\n".to_vec().into();
        }
        let found = load(&Input::Memory(sources), &mut |_| {}).unwrap();
        let told_of = found.diagnostics.iter().map(|told| told.code);
        let codes: Vec<&str> =
            told_of.filter(|told| *told != Code::Untitled || *code == "G033").map(Code::as_str).collect();
        assert_eq!(codes, [*code], "of\n{source}\n{}", told(&found));
    }
}

#[test]
fn problems_are_located_and_helped() {
    check(
        "=== concepts/softmax.md\nText.\n\
         === guides/a.md\n---\ntitle: A\nprerequisites:\n  - {concept: softmx, reason: scores}\nlevel: begginer\n---\n\
         # A\n\nSee [[softmaxx]] and [there](../concepts/softmax.md#gone).\n",
        "guides/a.md:4:15 G002 no page is called 'softmx'; the prerequisite is kept as prose (did you mean `softmax`?)
         guides/a.md:5:8 G008 'begginer' is none of beginner, intermediate, advanced (did you mean `beginner`?)
         guides/a.md:9:5 G007 the link to 'softmaxx' leads nowhere (did you mean `softmax`?)
         guides/a.md:9:22 G007 'softmax' has no heading 'gone'",
    );
}

#[test]
fn front_matter_is_yaml_toml_or_json() {
    let found = loaded(
        "=== concepts/a.md\n---\ntitle: Alpha\nprerequisites: [[[b]], '[[c]]']\n---\nText.\n\
         === concepts/b.md\n+++\ntitle = \"Beta\"\nprerequisites = [\"c\"]\n+++\nText.\n\
         === concepts/c.md\n{\"title\": \"Gamma\", \"level\": \"advanced\"}\nText.\n\
         === d.md\n---\r\ntitle: Delta\r\nteaches:\r\n  - a\r\n---\r\n\r\n## One\r\n\r\nText.\r\n",
    );
    assert_eq!(told(&found), "");
    assert_eq!(edges(&found), ["a requires b", "a requires c", "b requires c", "d teaches a"]);
    let titles: Vec<&str> = found.corpus.pages().map(|(_, page)| &*page.title).collect();
    assert_eq!(titles, ["Alpha", "Beta", "Gamma", "Delta"]);
}

#[test]
fn a_position_counts_from_the_top_of_the_file_in_each_format() {
    check(
        "=== a.md\n+++\ntitle = \"A\"\nprerequisites = [\"b\", \"nix\"]\n+++\nText.\n=== b.md\nText.\n",
        "a.md:3:23 G002 no page is called 'nix'; the prerequisite is kept as prose",
    );
    check(
        "=== a.md\n{\n  \"prerequisites\": [\"b\", \"nix\"]\n}\nText.\n=== b.md\nText.\n",
        "a.md:2:27 G002 no page is called 'nix'; the prerequisite is kept as prose",
    );
    check(
        "=== a.jsonl\n\n{\"id\": \"b\", \"body\": \"x\"}\n{\"id\": \"a\", \"prerequisites\": [\"nix\"]}\n",
        "a.jsonl:3:32 G002 no page is called 'nix'; the prerequisite is kept as prose",
    );
    check(
        "=== concepts.yaml\n- id: a\n  description: What.\n  prerequisites:\n    - nix\n",
        "concepts.yaml:4:7 G002 no page is called 'nix'; the prerequisite is kept as prose",
    );
}

#[test]
fn encodings_are_read_or_told() {
    let utf16: Vec<u8> = "\u{feff}# Größe\n\nText.\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf8 = "\u{feff}---\ntitle: Señal\n---\nText.\n".as_bytes().to_vec();
    let sources = vec![("a.md".to_owned(), utf16.into()), ("b.md".to_owned(), utf8.into())];
    let found = loaded_from(&Input::Memory(sources));
    assert_eq!(told(&found), "");
    let titles: Vec<&str> = found.corpus.pages().map(|(_, page)| &*page.title).collect();
    assert_eq!(titles, ["Größe", "Señal"]);
}

#[test]
fn every_spelling_of_a_field_is_read() {
    let found = loaded(
        "=== concepts/b.md\nText.\n\
         === concepts/01-a.md\n---\nname: Alpha\nabstract: What.\naka: [A one, /old/a/, 'https://old.example/a']\n\
         keywords: x, y\ncompetencyRequired: [[b]]\ntimeRequired: 1H30M\neducationalLevel: Expert\nsidebar: {order: 7}\n---\n",
    );
    assert_eq!((told(&found).as_str(), edges(&found)), ("", vec!["a requires b".to_owned()]));
    let page = found.corpus.page(found.corpus.find(Kind::Concept, "a").unwrap());
    assert_eq!((&*page.title, page.description.as_deref(), &*page.url), ("Alpha", Some("What."), "/concepts/a"));
    assert_eq!((page.names.len(), page.old_urls.len(), page.tags.len()), (1, 2, 2));
    assert_eq!((page.minutes, page.estimated, page.order), (90, false, Some(7)));
    assert_eq!(page.level.map(|level| level.as_str()), Some("advanced"));
}

#[test]
fn what_has_the_wrong_shape_is_told() {
    check(
        "=== concepts/b.md\nText.\n\
         === a.md\n---\ntitle: [x, y]\nprerequisites: {b: because}\nteaches:\n  - [b, c]\n  - {reason: none}\n---\nText.\n",
        "a.md:2:8 G008 `title` is a text, not a list or a map
         a.md:3:16 G008 this entry of `prerequisites` names no page (write a name or `{concept: name}`)
         a.md:5:5 G008 this entry of `teaches` is a list of its own (write each as an item of its own)
         a.md:6:5 G008 this entry of `teaches` names no page (write a name or `{concept: name}`)",
    );
}

#[test]
fn a_slip_in_the_front_matter_publishes_nothing_that_is_paid_for() {
    for front_matter in [
        "access: Pro\n---\n",
        "access: payed\n---\n",
        "access: [pro]\n---\n",
        "title: \"Open\naccess: pro\n---\n",
        "title: Never closed\naccess: pro\n",
    ] {
        let found = loaded(&format!("=== a.md\n---\n{front_matter}\nSecret.\n"));
        let public = format!("{:?}", found.corpus.public().unwrap());
        assert!(!public.contains("Secret"), "{front_matter}: {public}");
        assert_eq!(found.diagnostics.is_empty(), front_matter.contains("Pro"), "{front_matter}");
    }
    check(
        "=== concepts/a.md\n---\naccess: pro\n---\nText.\n=== b.md\n---\naccess:\n---\nText.\n",
        "concepts/a.md:1:1 G024 'a' has no definition",
    );
}

#[test]
fn bytes_that_are_no_text_are_located() {
    let sources = |files: &[(&str, &'static [u8])]| {
        Input::Memory(files.iter().map(|(path, bytes)| ((*path).to_owned(), Cow::Borrowed(*bytes))).collect())
    };
    let input = sources(&[
        ("a.jsonl", b"\xEF\xBB\xBF{\"id\": \"a\", \"body\": \"Text.\"}\n\x00\x01\x02\n\x03\n"),
        ("b.md", b"Gr\xC3\xB6\xC3\x9Fe\ncaf\xE9\n"),
        ("concepts.yaml", b"c: {description: caf\xE9}\n"),
    ]);
    let found = loaded_from(&input);
    assert_eq!(
        told(&found),
        "a.jsonl:2:0 G012 it holds zero bytes; nothing behind them is read\n\
         b.md:2:4 G011 this byte is not UTF-8\n\
         concepts.yaml:1:21 G011 this byte is not UTF-8\n"
    );
    assert_eq!(found.corpus.n_pages(), 3);
}

#[test]
fn aliases_of_yaml_do_not_grow_without_bound() {
    let mut bomb = "a0: &a0 [x, x]\n".to_owned();
    for n in 1..40 {
        bomb.push_str(&format!("a{n}: &a{n} [*a{m}, *a{m}]\n", m = n - 1));
    }
    let found = loaded(&format!("=== a.md\n---\n{bomb}---\nText.\n=== concepts.yaml\n{bomb}"));
    let codes: Vec<&str> = found.diagnostics.iter().map(|told| told.code.as_str()).collect();
    assert_eq!(codes, ["G001", "G001"]);
}

#[test]
fn a_section_keeps_the_link_definitions_of_its_document() {
    let found = loaded("=== a.md\nSee [it][r].\n\n## End\n\n[r]: https://example.org/r\n");
    let (_, page) = found.corpus.pages().next().unwrap();
    assert_eq!(page.sections[0].text.html, "<p>See <a href=\"https://example.org/r\">it</a>.</p>\n");
}

#[test]
fn compressed_json_lines_are_read() {
    let rows =
        b"{\"id\": \"a\", \"body\": \"Text.\"}\n{\"kind\": \"concept\", \"id\": \"c\", \"description\": \"What.\"}\n";
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(rows).unwrap();
    let zstd = ruzstd::encoding::compress_to_vec(&rows[..], ruzstd::encoding::CompressionLevel::Fastest);
    for (name, bytes) in [("a.jsonl.gz", gzip.finish().unwrap()), ("a.jsonl.zst", zstd), ("a.jsonl", rows.to_vec())] {
        let found = load(&Input::Memory(vec![(name.to_owned(), bytes.clone().into())]), &mut |_| {}).unwrap();
        assert_eq!((found.corpus.n_pages(), told(&found).as_str()), (2, ""), "{name}");
        if name != "a.jsonl" {
            let cut = bytes[..bytes.len() / 2].to_vec();
            let found = load(&Input::Memory(vec![(name.to_owned(), cut.into())]), &mut |_| {}).unwrap();
            assert_eq!(found.diagnostics[0].code.as_str(), "G010", "a cut {name} is told");
        }
    }
}

#[test]
fn large_files_and_lines_are_left_out_and_the_rest_is_kept() {
    let large = "x".repeat((16 << 20) + 1);
    let rows = format!("{{\"id\": \"a\", \"body\": \"{large}\"}}\n{{\"id\": \"b\", \"body\": \"Text.\"}}\n");
    let sources =
        vec![("c.md".to_owned(), large.into_bytes().into()), ("d.jsonl".to_owned(), rows.into_bytes().into())];
    let found = loaded_from(&Input::Memory(sources));
    assert_eq!(told(&found), "c.md:0:0 G013 larger than 16 MiB\nd.jsonl:1:1 G013 the line is larger than 16 MiB\n");
    assert!(found.corpus.find(Kind::Guide, "b").is_some());
}

/// A folder for one test, gone when the test is.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("gradus-loading-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn links_of_the_file_system_are_followed_once() {
    let folder = Folder::new("links");
    std::fs::write(folder.0.join("a.md"), "Text.\n").unwrap();
    std::os::unix::fs::symlink(&folder.0, folder.0.join("loop")).unwrap();
    std::os::unix::fs::symlink(folder.0.join("nowhere.md"), folder.0.join("gone.md")).unwrap();
    let found = loaded_from(&Input::Path(folder.0.clone()));
    assert_eq!(
        told(&found),
        "gone.md:0:0 G014 the link leads to nothing\nloop:0:0 G014 the link leads back to a folder above it\n"
    );
    assert_eq!(found.corpus.n_pages(), 1);
}

#[test]
fn what_cannot_be_read_is_told() {
    let folder = Folder::new("unreadable");
    // A folder where a file should be cannot be read by anyone, whatever their rights.
    std::fs::create_dir(folder.0.join("a.questions.yaml")).unwrap();
    std::fs::create_dir(folder.0.join("concepts.yaml")).unwrap();
    std::fs::write(folder.0.join("a.md"), "Text.\n").unwrap();
    let found = loaded_from(&Input::Path(folder.0.clone()));
    assert_eq!(found.diagnostics.iter().map(|told| told.code.as_str()).collect::<Vec<_>>(), ["G010", "G010"]);
    let missing = load(&Input::Path(folder.0.join("nowhere")), &mut |_| {});
    assert!(matches!(missing, Err(LoadError::Source { .. })), "{missing:?}");
}

#[test]
fn a_broken_configuration_is_an_error_with_its_place() {
    for (text, place) in [("[site\n", "1:1"), ("[site]\nanchors = \"word\"\n", "2:11")] {
        let broken = load(&Input::Memory(vec![("gradus.toml".to_owned(), text.as_bytes().into())]), &mut |_| {});
        let Err(LoadError::Config { why }) = broken else { panic!("{text} was taken") };
        assert!(why.starts_with(place), "{why}");
    }
}

#[test]
fn configuration_names_foreign_fields_and_severities() {
    let found = loaded(
        "=== gradus.toml\n[fields]\nprerequisites = [\"needs\"]\n[diagnostics]\nG002 = \"off\"\nG007 = \"error\"\n\
         === concepts/a.md\nText.\n=== b.md\n---\nneeds: [a, nix]\n---\nSee [[gone]].\n",
    );
    assert_eq!(edges(&found), ["b assumes a"]);
    let told: Vec<_> = found.diagnostics.iter().map(|told| (told.code.as_str(), told.severity.as_str())).collect();
    assert_eq!(told, [("G007", "error")]);
}

#[test]
fn names_are_found_in_prose_and_not_in_code() {
    let found = loaded(
        "=== concepts/kv-cache.md\n---\ntitle: KV cache\ndescription: What.\n---\n\
         === concepts/attention.md\n---\ntitle: Attention\ndescription: What.\n---\n\
         === a.md\nA KV cache holds keys; kv caches are counted too, kv cached is another word, `KV cache` is code.\n\n```\nKV cache\n```\n",
    );
    let mentions: Vec<_> = found.corpus.edges().filter(|edge| edge.relation == Relation::Mentions).collect();
    assert_eq!(mentions.len(), 1);
    assert_eq!((mentions[0].count, mentions[0].position.line, mentions[0].position.column), (2, 1, 3));
}

#[test]
fn foreign_syntax_is_not_text() {
    let found = loaded(
        "=== a.mdx\nimport Tabs from '@theme/Tabs'\n\nBefore <Tabs>inside</Tabs> {{< figure src=\"x.png\" >}} after.\n\n\
         :::note\nAdmonished.\n:::\n\n{% include x.html %}\n",
    );
    let (_, page) = found.corpus.pages().next().unwrap();
    let text: String = page.sections.iter().map(|section| section.text.plain.as_str()).collect();
    for gone in ["import", "Tabs", "figure", ":::", "include"] {
        assert!(!text.contains(gone), "{gone} in {text}");
    }
    for kept in ["Before", "inside", "after", "Admonished"] {
        assert!(text.contains(kept), "{kept} not in {text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_loaded_without_a_panic(
        markdown in prop::collection::vec(any::<u8>(), 0..300),
        rows in prop::collection::vec(any::<u8>(), 0..300),
        header in "[-+{}:\\[\\]|>&*!%@`'\"a-z \n\r\t#]{0,120}",
        central in "[-:\\[\\]{}|>&*a-z \n]{0,80}",
        questions in "[-:\\[\\]{}|>a-z \n]{0,80}",
    ) {
        let sources: Vec<(String, Cow<'static, [u8]>)> = vec![
            ("a.md".to_owned(), markdown.into()),
            ("b.jsonl".to_owned(), rows.into()),
            ("c.md".to_owned(), format!("---\n{header}\n---\n{header}").into_bytes().into()),
            ("d.md".to_owned(), format!("+++\n{header}\n+++\n{header}").into_bytes().into()),
            ("concepts.yaml".to_owned(), central.into_bytes().into()),
            ("c.questions.yaml".to_owned(), questions.into_bytes().into()),
        ];
        let found = load(&Input::Memory(sources), &mut |_| {});
        prop_assert!(found.is_ok());
    }
}

#[test]
fn the_central_file_is_a_map_or_a_list() {
    for central in [
        "a:\n  description: What.\n  prerequisites: [b]\nb:\n  title: Beta\n  description: What.\n",
        "concepts:\n  - {id: a, description: What., prerequisites: [b]}\n  - {id: b, title: Beta, description: What.}\n",
    ] {
        let found = loaded(&format!("=== concepts.yaml\n{central}=== guide.md\nText.\n"));
        assert_eq!((told(&found).as_str(), edges(&found)), ("", vec!["a requires b".to_owned()]), "{central}");
    }
    check(
        "=== concepts.yaml\n- title: What\n- id: a\n  description: What.\n- id: a\n",
        "concepts.yaml:1:3 G001 an entry of a list needs an `id`\nconcepts.yaml:4:3 G004 'a' is declared twice; this one is left out",
    );
}
