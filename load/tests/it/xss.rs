//! No script by any door: what hostile authors write beside a reader of HTML that accepts little.

use std::borrow::Cow;

use gradus_load::{Input, Loaded, load};

use crate::given::loaded;
use crate::safe_html::{browsers_fault, fault};
use crate::vectors::VECTORS;

fn htmls(path: &str, text: &str) -> Vec<String> {
    let files = vec![(path.to_owned(), Cow::Owned(text.as_bytes().to_vec()))];
    let found = load(&Input::Memory(files), &mut |_| {}).unwrap();
    let pages = found.corpus.pages().flat_map(|(_, page)| page.sections.iter().flat_map(|section| section.texts()));
    pages.map(|text| text.html.clone()).collect()
}

#[test]
fn no_vector_reaches_a_reader() {
    assert!(VECTORS.len() > 100);
    for vector in VECTORS {
        let indented = vector.replace('\n', "\n    ");
        let places = [
            format!("{vector}\n"),
            format!("text {vector} text\n\nmore\n"),
            format!("- {}\n", vector.replace('\n', "\n  ")),
            format!("> {}\n", vector.replace('\n', "\n> ")),
            format!("| a |\n|---|\n| {} |\n", vector.replace('\n', " ")),
            format!("# {} {{#x}}\n\ntext\n", vector.replace('\n', " ")),
            format!("> # Note {vector}\n"),
            format!("!!! note\n    {indented}\n"),
            format!("<div>\n{vector}\n</div>\n"),
            format!("<Tabs>\n{vector}\n</Tabs>\n"),
        ];
        for text in places {
            for path in ["a.md", "a.mdx"] {
                for html in htmls(path, &text) {
                    let why = fault(&html).or_else(|| browsers_fault(&html));
                    assert_eq!(why, None, "{path}:\n{text}\nbecame\n{html}");
                }
            }
        }
    }
}

#[test]
fn the_reader_of_this_test_finds_what_it_looks_for() {
    let unsafe_html = [
        "<script>",
        "<p onclick=\"x\">a</p>",
        "<p>",
        "</p>",
        "<a href=\"javascript:x\">a</a>",
        "<p title=x>a</p>",
        "<p",
        "a > b",
        "<img src=\"data:x\" />",
        "<b><i></b></i>",
        "<p style=\"x\">a</p>",
        "<p title=\"a<b\">c</p>",
    ];
    for html in unsafe_html {
        assert!(fault(html).is_some(), "{html}");
    }
    for html in unsafe_html.into_iter().chain(["<p is=x>", "<svg><a>", "<a href=\"java\tscript:x\">", "<img src=x:y>"])
    {
        let is_balance = ["<p>", "</p>", "<p title=x>a</p>", "<p", "a > b", "<b><i></b></i>", "<p title=\"a<b\">c</p>"];
        assert_eq!(browsers_fault(html).is_some(), !is_balance.contains(&html), "{html}");
    }
    assert_eq!(browsers_fault("<table><tr><td>a</td></tr></table><p><a href=\"//x/y?a:b\">c</a></p>"), None);
    assert_eq!(fault("<p><a href=\"https://x.y\" title=\"a&gt;\">b</a><br /> a:b</p>\n"), None);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 400, ..Default::default() })]

    #[test]
    fn pieces_in_any_order_are_safe(pieces in proptest::collection::vec(0..VECTORS.len() + 12, 1..8), cut in 0..40_usize) {
        let glue = ["\n", "\n\n", "> ", "- ", "    ", "<b>", "</a>", "*", "`", "\"", ">", "## "];
        let mut text = String::new();
        for piece in pieces {
            text.push_str(VECTORS.get(piece).unwrap_or_else(|| &glue[piece - VECTORS.len()]));
        }
        let cut = text.floor_char_boundary(text.len().saturating_sub(cut));
        for html in htmls("a.mdx", &text[..cut]).into_iter().chain(htmls("a.md", &text)) {
            let why = fault(&html).or_else(|| browsers_fault(&html));
            proptest::prop_assert_eq!(why, None, "{}\nbecame\n{}", text, html);
        }
    }
}

/// Addresses that other programs follow: the pages' own and those of their sources.
fn addresses_of(found: &Loaded) -> Vec<String> {
    let of = |page: &gradus_corpus::Page| {
        let sources: Vec<String> =
            page.sources.iter().filter_map(|source| source.url.as_deref()).map(str::to_owned).collect();
        [vec![page.url.to_string()], sources].concat()
    };
    found.corpus.pages().flat_map(|(_, page)| of(page)).collect()
}

fn addresses(path: &str, text: &str) -> Vec<String> {
    let files = vec![(path.to_owned(), Cow::Owned(text.as_bytes().to_vec()))];
    addresses_of(&load(&Input::Memory(files), &mut |_| {}).unwrap())
}

fn is_of_the_web(address: &str) -> bool {
    ["/", "https://", "http://"].iter().any(|start| address.starts_with(start))
}

#[test]
fn pages_and_sources_have_addresses_of_the_web_alone() {
    for url in [
        "javascript:alert(1)",
        "javascript://x.y/%0aalert(1)",
        "JaVaScRiPt://x.y/%0aalert(1)",
        "data://text/html,x",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:https://x.y/z",
        "ftp://x.y/z",
        "tel:1",
        "java\\tscript://x",
        "h|tps://x.y",
    ] {
        let json = |url: &str| url.replace("\\t", "\\\\t");
        let texts = [
            ("a.md", format!("---\nurl: \"{url}\"\nsources: [{{title: T, url: \"{url}\"}}, \"{url}\"]\n---\nx\n")),
            ("a.md", format!("---\npermalink: \"{url}\"\n---\nx\n")),
            ("a.md", format!("---\nslug: \"{url}\"\nid: \"{url}\"\n---\nx\n")),
            ("a.jsonl", format!("{{\"id\":\"a\",\"url\":\"{0}\",\"sources\":[{{\"url\":\"{0}\"}}]}}\n", json(url))),
            ("a.jsonl", format!("{{\"kind\":\"site\",\"base_url\":\"{}\"}}\n{{\"id\":\"a\"}}\n", json(url))),
            ("index.html", format!("<link rel=canonical href=\"{url}\"><main><h1>T</h1><p>x</main>")),
        ];
        let published = "=== index.html\n<html><title>T</title><main><h1>T</h1><p>x</main></html>\n=== a.html\n<html><title>A</title>\
                         <link rel=canonical href=\"URL/a.html\"><main><h1>A</h1><p>x</main></html>\n=== sitemap.xml\n\
                         <urlset><url><loc>URL/a.html</loc></url></urlset>\n";
        let sites = [
            published,
            "=== hugo.toml\nbaseURL = \"URL\"\n=== content/a.md\nx\n",
            "=== mkdocs.yml\nsite_url: \"URL\"\n=== docs/a.md\nx\n",
            "=== _config.yml\nurl: \"URL\"\nbaseurl: /b\n=== a.md\n---\ntitle: A\n---\nx\n",
            "=== docusaurus.config.js\nmodule.exports = {url: \"URL\", baseUrl: \"/d/\"};\n=== docs/a.md\nx\n",
            "=== conf.py\nhtml_baseurl = \"URL\"\n=== a.md\n# A\n",
            "=== quartz.config.ts\nexport default {configuration: {baseUrl: \"URL\"}}\n=== content/a.md\nx\n",
        ];
        for address in sites.iter().flat_map(|site| addresses_of(&loaded(&site.replace("URL", &json(url))))) {
            assert!(is_of_the_web(&address), "a site at {url} leads to {address}");
        }
        for (path, text) in texts {
            for address in addresses(path, &text) {
                assert!(is_of_the_web(&address), "{path}:\n{text}\nleads to {address}");
            }
        }
    }
    let kept = addresses(
        "a.md",
        "---\nurl: https://x.y/z\nsources: [https://a.b/c, {title: M, url: \"mailto:a@b.c\"}, {title: R, url: /r}]\n---\nx\n",
    );
    assert_eq!(kept, ["https://x.y/z", "https://a.b/c", "mailto:a@b.c", "/r"]);
}
