//! Published pages: the folder of HTML that a site is, as its readers see it.

use gradus_corpus::{Access, Code, Kind, Relation};

use crate::given::{loaded, page_at as page};

/// A page in a frame that each generator puts around its content.
fn framed(content: &str) -> String {
    format!(
        "=== index.html\n<!doctype html><html lang=en><head><title>Home - Site</title></head><body><header><h1>Site</h1></header>\
         <nav><a href=x>menu</a></nav>{content}<footer>imprint</footer></body></html>\n"
    )
}

#[track_caller]
fn check(content: &str, plain: &str, code: &str, html: &str, markdown: &str) {
    let loaded = loaded(&framed(&format!("<main>{content}</main>")));
    let section = &page(&loaded, "index.html").sections[0];
    let text = &section.text;
    assert_eq!(
        (text.plain.as_str(), text.code.as_str(), text.html.as_str(), text.markdown.trim_end()),
        (plain, code, html, markdown),
        "{content}"
    );
}

#[test]
fn words_code_and_markup_are_read_as_browsers_show_them() {
    check(
        "<p>A  <b>bold</b>\n word<p>two &amp; <i>i</i>",
        "A bold word\ntwo & i",
        "",
        "<p>A <b>bold</b> word</p>\n<p>two &amp; <i>i</i></p>",
        "A **bold** word\n\ntwo \\& *i*",
    );
    check(
        "<ul><li>a<li>b<ol start=3><li>c</ol></ul>",
        "a\nb\nc",
        "",
        "<ul>\n<li>a</li>\n<li>b\n<ol start=\"3\">\n<li>c</li>\n</ol>\n</li>\n</ul>",
        "- a\n- b\n  3. c",
    );
    check(
        "<pre><code class=\"language-rust hl\"><span>let</span> a;\n</code></pre>",
        "",
        "let a;\n",
        "<pre><code class=\"language-rust\">let a;\n</code></pre>",
        "```rust\nlet a;\n```",
    );
    check(
        "<table><tr><th>H<th>I<tr><td>a<td><code>b</code></table>",
        "H I\na b",
        "",
        "<table>\n<tbody>\n<tr>\n<th>H</th>\n<th>I</th>\n</tr>\n<tr>\n<td>a</td>\n<td><code>b</code></td>\n</tr>\n</tbody>\n</table>",
        "| H | I |\n|---|---|\n| a | `b` |",
    );
    check(
        "<p>x<script>evil()</script><style>a{}</style><svg><text>t</text></svg><span aria-hidden=true>#</span><em data-pagefind-ignore>gone</em> y",
        "x y",
        "",
        "<p>x y</p>",
        "x y",
    );
    check(
        "<p onclick=\"evil()\"><a href=\"javascript:evil()\">l</a><custom-x>m</custom-x>",
        "lm",
        "",
        "<p><a href=\"#\">l</a>m</p>",
        "[l](#)m",
    );
}

#[test]
fn main_content_is_found_as_pagefind_finds_it() {
    let plain = |content: &str| {
        let loaded = loaded(&framed(content));
        let sections = &page(&loaded, "index.html").sections;
        sections.iter().map(|section| section.text.plain.clone()).collect::<String>()
    };
    assert_eq!(plain("<main>m<div data-pagefind-body>p</div></main>"), "p");
    assert_eq!(
        plain("<main><aside>a</aside><article>one two three four</article></main><article>other</article>"),
        "one two three four"
    );
    assert_eq!(plain("<div role=main>r</div><p>o"), "r");
    assert_eq!(plain("<article>a</article><p>o"), "a");
    assert_eq!(plain("<p>body<aside>side</aside>"), "body");
}

#[test]
fn pages_without_the_mark_are_kept_out_of_search_where_others_have_it() {
    let found = loaded(
        "=== index.html\n<html><title>A</title><main data-pagefind-body>a</main>\n=== b.html\n<html><title>B</title><main>b</main>\n=== c.html\n<html><title>C</title><meta name=robots content='noindex'><main data-pagefind-body>c</main>\n",
    );
    let searchable = ["index.html", "b.html", "c.html"].map(|path| page(&found, path).is_searchable);
    assert_eq!(searchable, [true, false, false]);
}

#[test]
fn headings_have_the_anchors_that_are_published() {
    let found = loaded(&framed(
        "<main><h1 id=top>Title<a class=headerlink href=#top>¶</a></h1><p>Lead.\
         <section id=sphinx><span id=label></span><h2>One <code>c</code><a class=headerlink href=#sphinx title=Permalink>¶</a></h2>a</section>\
         <h2 id=book><a class=header href=#book>Two</a></h2>b\
         <div class=sl-heading-wrapper><h3 id=star>Three</h3><a class=sl-anchor-link href=#star><span>Section titled Three</span></a></div>c\
         <h2><a name=old></a>Four</h2>d<h2>None</h2>e<ul><li>x<h4 id=in>In</h4>y<li>z</ul><dl><dt id=term>T<dd>d</dl></main>",
    ));
    let page = page(&found, "index.html");
    let sections: Vec<String> = page
        .sections
        .iter()
        .map(|section| {
            format!(
                "{} {} #{}: {}",
                section.level,
                section.title,
                section.anchor,
                section.text.plain.replace('\n', "/")
            )
        })
        .collect();
    assert_eq!(&*page.title, "Title");
    assert_eq!(
        sections,
        [
            "0  #: Lead.",
            "2 One c #sphinx: a",
            "2 Two #book: b",
            "3 Three #star: c",
            "2 Four #old: d/None/e/x",
            "4 In #in: y/z/T/d"
        ]
    );
    assert_eq!(
        page.sections[5].text.html,
        "<ul>\n<li>y</li>\n<li>z</li>\n</ul>\n<dl>\n<dt>T</dt>\n<dd>d</dd>\n</dl>".replace("<ul>\n<li>", "<ul><li>")
    );
    assert!(["top", "label", "term"].iter().all(|id| page.anchors.iter().any(|anchor| &**anchor == *id)));
}

const SITE: &str = "\
=== sitemap.xml
<urlset><url><loc>https://x.example/docs/</loc></url><url><loc>https://x.example/docs/about</loc></url></urlset>
=== index.html
<html lang=de><head><title>Start | Seite</title><link rel=canonical href=https://x.example/docs/><meta name=description content='Same.'></head><main><p>Hello <a href=guide/>g</a> <a href=about>a</a> <a href=/docs/old/#two>o</a> <a href=gone>x</a> <a href=data.zip>z</a></main>
=== guide/index.html
<html lang=de><head><title>Guide | Seite</title><link rel=canonical href=https://x.example/docs/guide/><meta name=description content='Same.'></head><main><h1>The guide</h1><p>Text that says what it is. <h2 id=two>Two</h2><a href=../about>a</a> <a href=#none>n</a></main>
=== about.html
<html lang=de><head><title>About | Seite</title><base href=/docs/guide/></head><main><p>About <a href=./#two>g</a>.</main>
=== old/index.html
<html><head><title>Moved</title><meta http-equiv=refresh content='0; url=../guide/'></head></html>
=== older.html
<html><head><title>Moved</title><meta http-equiv=refresh content='0; url=/docs/old/'></head></html>
=== 404.html
<html><title>Not found</title><body>no</html>
=== theme/part.html
<p>part</p>
=== data.zip
x
=== LICENSE.md
# Licence
";

#[test]
fn addresses_are_those_that_are_published() {
    let found = loaded(SITE);
    assert_eq!(found.site.generator.as_str(), "html");
    let urls: Vec<String> = found.corpus.pages().map(|(_, page)| format!("{} {}", page.path, page.url)).collect();
    assert_eq!(
        urls,
        [
            "about.html https://x.example/docs/about",
            "guide/index.html https://x.example/docs/guide/",
            "index.html https://x.example/docs/"
        ]
    );
    let guide = page(&found, "guide/index.html");
    assert_eq!(guide.old_urls.iter().map(|url| &**url).collect::<Vec<_>>(), ["/docs/old/", "/docs/older"]);
    assert_eq!((&*guide.title, &*page(&found, "about.html").title), ("The guide", "About"));
    assert_eq!(guide.description.as_deref(), Some("Text that says what it is."));
    assert_eq!(guide.lang.as_deref(), Some("de"));
}

#[test]
fn links_lead_where_browsers_would_go() {
    let found = loaded(SITE);
    let edges: Vec<String> = found
        .corpus
        .edges()
        .filter(|edge| edge.relation == Relation::Links)
        .map(|edge| [edge.from, edge.to].map(|id| found.corpus.page(id).path.to_string()).join(" "))
        .collect();
    assert_eq!(
        edges,
        [
            "about.html guide/index.html",
            "guide/index.html about.html",
            "index.html about.html",
            "index.html guide/index.html"
        ]
    );
    let told: Vec<String> = found
        .diagnostics
        .iter()
        .filter(|told| told.code == Code::BrokenLink)
        .map(|told| format!("{}:{}:{} {}", told.file, told.position.line, told.position.column, told.message))
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("no heading 'none'") && told[1].contains("'gone'"), "{told:?}");
}

#[test]
fn json_ld_says_what_a_page_teaches() {
    let found = loaded(
        "=== index.html\n<html><title>A</title><script type=application/ld+json>{\"@type\":\"DefinedTerm\",\"alternateName\":\"KV\"}</script><main><h1>KV cache</h1><p>It is a cache.</main>\n\
         === g.html\n<html><title>G</title><script type=application/ld+json>{\"@type\":\"LearningResource\",\"teaches\":[\"KV\",\"Be happy\"],\"timeRequired\":\"PT9M\",\"educationalLevel\":\"Beginner\",\"isAccessibleForFree\":false}</script><main><h1>G</h1><p>Open.<!-- more --><p>Secret.<h2 id=s>S</h2>Hidden.</main>\n",
    );
    let guide = page(&found, "g.html");
    assert_eq!((guide.minutes, guide.estimated, guide.access), (9, false, Access::Pro));
    assert_eq!(page(&found, "index.html").kind, Kind::Concept);
    assert!(found.corpus.declared().iter().any(|edge| edge.relation == Relation::Teaches));
    let public = found.corpus.public().unwrap();
    let guide = public.pages().find(|(_, page)| page.kind == Kind::Guide).unwrap().1;
    let shown = format!("{guide:?}");
    assert!(shown.contains("Open.") && !shown.contains("Secret") && !shown.contains("Hidden"), "{shown}");
}

#[test]
fn folders_of_markdown_are_no_published_sites() {
    for text in [
        "=== index.html\n<html><title>A</title>x\n=== a.md\n# A\n",
        "=== hugo.toml\ntitle='x'\n=== content/a.md\n# A\n=== index.html\n<html><title>A</title>x\n=== b.html\n=== c.html\n=== d.html\n",
    ] {
        assert!(!loaded(text).corpus.pages().any(|(_, page)| page.path.ends_with(".html")), "{text}");
    }
    let named =
        loaded("=== gradus.toml\n[site]\ngenerator = \"html\"\n=== a.html\n<html><title>A</title><main>x</main>\n");
    assert_eq!(named.corpus.n_pages(), 1);
}

#[test]
fn every_broken_document_is_read() {
    for html in [
        "",
        "<",
        "<html>",
        "<html><main><table><b><tr>x<p></table></i>y",
        "<title>&#0;&#x110000;</title><main></b></p></main>",
        "<html><svg><p><math><mi><h1>x",
    ] {
        loaded(&format!("=== index.html\n{html}\n"));
    }
    let deep =
        format!("=== index.html\n<html><main>{}x{}\n", "<div><ul><li>".repeat(300), "</li></ul></div>".repeat(300));
    loaded(&deep);
}

#[test]
fn tens_of_thousands_of_elements_in_each_other_are_read() {
    let deep = "<div><ul><li><b>".repeat(20_000);
    let close = "</b></li></ul></div>".repeat(20_000);
    let found =
        loaded(&format!("=== index.html\n<html><title>A</title><main>{deep}<p>x{close}<h2 id=b>B</h2>y</main>\n"));
    let page = page(&found, "index.html");
    assert_eq!((&*page.sections[0].text.plain, &*page.sections[1].anchor), ("x", "b"));
}
