//! Markdown together with its built HTML, one page of HTML, and a folder that a sitemap lists.

use std::path::PathBuf;

use gradus_corpus::Relation;
use gradus_load::{Input, Loaded, load};

use crate::given::{files, loaded, page_at as page};

/// Path and address of each page.
fn urls(loaded: &Loaded) -> Vec<String> {
    let mut urls: Vec<String> = loaded.corpus.pages().map(|(_, page)| format!("{} {}", page.path, page.url)).collect();
    urls.sort_unstable();
    urls
}

fn told(loaded: &Loaded, code: &str) -> Vec<String> {
    let told = loaded.diagnostics.iter().filter(|told| told.code.as_str() == code);
    told.map(|told| format!("{} {}", told.file, told.message)).collect()
}

/// A site that a program made that nobody knows: of a path it keeps what it likes, ids of headings have a prefix.
const SITE: &str = "\
=== gradus.toml
[site]
html = \"out\"
=== 01-start.md
# Start here

Text. See [the second](./part%20one/02-second.md#how-it-works) and [gone](#nope).

## First steps

Text.

## First steps

Again.
=== part one/02-second.md
# The second

## How it works

Text.

## Numbers {{ n }}

Text.

## Not there

Text.
=== part one/index.md
# Part one

Text about it.
=== moved.md
# A page that was moved

## Alpha

Text.

## Beta

Text.
=== draft.md
# Only here

Text.
=== out/index.html
<html><head><title>Start here - S</title><link rel=canonical href=https://x.example/s/></head><main><h1 id=h-start>Start here</h1><p>Text.<h2 id=h-first>First steps</h2>Text.<h2 id=h-first-1>First steps</h2>Again.</main>
=== out/part-one/second/index.html
<html><head><title>The second - S</title><link rel=canonical href=https://x.example/s/part-one/second/></head><main><h1>The second</h1><h2 id=h-how>How it works</h2>Text.<h2 id=h-num>Numbers 42</h2>Text.</main>
=== out/part-one/index.html
<html><head><title>Part one - S</title><link rel=canonical href=https://x.example/s/part-one/></head><main><h1 id=p1>Part one</h1>Text about it.</main>
=== out/else/where.html
<html><head><title>Moved and renamed - S</title><link rel=canonical href=https://x.example/s/else/where></head><main><h1>Moved and renamed</h1><h2 id=h-a>Alpha</h2>Text.<h2 id=h-b>Beta</h2>Text.</main>
=== out/old/index.html
<html><head><meta http-equiv=refresh content='0; url=/s/else/where'></head></html>
=== out/tags.html
<html><head><title>Tags - S</title><link rel=canonical href=https://x.example/s/tags></head><main><h1>Tags</h1>All.</main>
=== out/notes.md
# A copy that is no content
";

#[test]
fn addresses_and_anchors_are_those_that_are_published() {
    let found = loaded(SITE);
    assert_eq!(
        urls(&found),
        [
            "01-start.md https://x.example/s/",
            "draft.md /draft",
            "moved.md https://x.example/s/else/where",
            "part one/02-second.md https://x.example/s/part-one/second/",
            "part one/index.md https://x.example/s/part-one/",
        ]
    );
    let anchors = |path: &str| {
        let sections = page(&found, path).sections.iter().map(|section| section.anchor.to_string());
        sections.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(anchors("01-start.md"), " h-first h-first-1");
    assert_eq!(anchors("part one/02-second.md"), "h-how h-num not-there");
    assert_eq!(anchors("moved.md"), "h-a h-b");
    assert_eq!(page(&found, "01-start.md").anchors.iter().map(|id| &**id).collect::<Vec<_>>(), ["h-start"]);
    assert_eq!(page(&found, "moved.md").old_urls.iter().map(|url| &**url).collect::<Vec<_>>(), ["/s/old/"]);
    assert_eq!(&*page(&found, "01-start.md").title, "Start here");
    assert_eq!(found.site.to_string(), "plain site, addresses of the HTML in out");
}

#[test]
fn links_lead_to_what_is_published_and_what_does_not_match_is_told() {
    let found = loaded(SITE);
    let html = &page(&found, "01-start.md").sections[0].text.html;
    assert!(html.contains("href=\"https://x.example/s/part-one/second/#h-how\""), "{html}");
    assert_eq!(found.corpus.edges().filter(|edge| edge.relation == Relation::Links).count(), 1);
    assert_eq!(told(&found, "G007"), ["01-start.md this page has no heading 'nope'"]);
    assert_eq!(
        told(&found, "G042"),
        [
            "draft.md no page of the built site in `out` is this one",
            "gradus.toml 1 page of the built site has no Markdown here, such as `tags.html`",
            "part one/02-second.md the built page `part-one/second/index.html` has no heading 'Not there'",
        ]
    );
}

#[test]
fn nothing_of_the_text_is_taken_from_what_is_built() {
    let found = loaded(
        "=== gradus.toml\n[site]\nhtml = \"out\"\n=== a.md\n---\naccess: pro\ntitle: A\n---\nOpen.\n\n<!-- more -->\n\n## Part\n\nLocked.\n=== out/a.html\n<html><title>A</title><main><h1>A</h1>Open.<h2 id=part>Part</h2><p id=secret-place>zyxsecret</main>\n",
    );
    let public = found.corpus.public().unwrap();
    for text in [format!("{public:?}"), format!("{:?}", found.diagnostics)] {
        assert!(!text.contains("secret"), "{text}");
    }
}

#[test]
fn a_folder_without_built_html_is_told() {
    let found = loaded("=== gradus.toml\n[site]\nhtml = \"out\"\n=== a.md\n# A\n\nText.\n");
    assert_eq!(told(&found, "G010"), ["gradus.toml the folder `out` holds no page of HTML"]);
    assert_eq!(urls(&found), ["a.md /a"]);
}

/// The files of `text` in a folder of their own.
fn on_disk(name: &str, text: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("gradus-built-{name}-{}", std::process::id()));
    for (path, content) in files(text) {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    folder
}

#[test]
fn built_html_may_lie_beside_the_source() {
    let folder = on_disk(
        "beside",
        "=== docs/gradus.toml\n[site]\nhtml = \"../public\"\n=== docs/a.md\n# A\n\nText.\n=== public/index.html\n<html><title>S</title><main><h1>S</h1></main>\n=== public/guide/a.html\n<html><title>A</title><main><h1>A</h1>Text.</main>\n",
    );
    let found = load(&Input::Path(folder.join("docs")), &mut |_| {}).unwrap();
    assert_eq!(urls(&found), ["a.md /guide/a.html"]);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn one_page_of_html_is_a_source() {
    let folder = on_disk(
        "one",
        "=== some page.html\n<html><head><title>A page</title><link rel=canonical href=https://x.example/a></head><main><h1>A page</h1><p>Text.<h2 id=two>Two</h2>More. <a href=nope.html>x</a></main>\n=== other.html\n<html><title>Other</title></html>\n",
    );
    let found = load(&Input::Path(folder.join("some page.html")), &mut |_| {}).unwrap();
    assert_eq!(found.site.generator.as_str(), "html");
    let titles: Vec<&str> = found.corpus.pages().map(|(_, page)| &*page.title).collect();
    assert_eq!(titles, ["A page"]);
    assert_eq!(found.corpus.pages().next().unwrap().1.sections.len(), 2);
    assert_eq!(told(&found, "G007"), [""; 0], "nothing is known of what lies beside it");
    let other = load(&Input::Path(folder.join("nope.css")), &mut |_| {});
    assert!(other.is_err());
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_sitemap_says_which_pages_of_its_folder_are_content() {
    let pages = "=== index.html\n<html><title>S</title><main><h1>S</h1><a href=a/>a</a></main>\n=== a/index.html\n<html><title>A</title><main><h1>A</h1></main>\n=== b c.html\n<html><title>B</title><main><h1>B</h1></main>\n=== unlisted.html\n<html><title>U</title><main><h1>U</h1></main>\n";
    let locations = |paths: &[&str]| {
        paths.iter().map(|path| format!("<url><loc>https://x.example/s/{path}</loc></url>")).collect::<String>()
    };
    let own = format!("{pages}=== sitemap.xml\n<urlset>{}</urlset>\n", locations(&["", "a/", "b%20c.html", "gone/"]));
    let listed = format!(
        "{pages}=== sitemap-index.xml\n<sitemapindex><sitemap><loc>https://x.example/s/sitemap-0.xml</loc></sitemap></sitemapindex>\n=== sitemap-0.xml\n<urlset>{}</urlset>\n",
        locations(&["", "a/", "b%20c.html"])
    );
    let expected = [
        "a/index.html https://x.example/s/a/",
        "b c.html https://x.example/s/b%20c.html",
        "index.html https://x.example/s/",
    ];
    for (name, text) in [("sitemap.xml", own), ("sitemap-index.xml", listed)] {
        let folder = on_disk(name, &text);
        let found = load(&Input::Path(folder.join(name)), &mut |_| {}).unwrap();
        assert_eq!(urls(&found), expected, "{name}");
        assert_eq!(
            load(&Input::Path(folder.clone()), &mut |_| {}).unwrap().corpus.n_pages(),
            4,
            "the folder as a whole"
        );
        std::fs::remove_dir_all(folder).unwrap();
    }
}
