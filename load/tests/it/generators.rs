//! Generators whose own output is not at hand: addresses, order and what is left out, as their documentation has it.

use crate::given::{loaded, order, pages};

#[test]
fn mintlify_pages_lie_where_their_files_lie_and_follow_the_navigation() {
    let found = loaded(
        r#"=== docs.json
{"$schema": "https://mintlify.com/docs.json", "navigation": {"languages": [
  {"language": "en", "tabs": [
    {"tab": "Guides", "groups": [
      {"group": "Start", "pages": ["index", "quickstart", {"group": "More", "root": "more/index", "pages": ["more/a", "GET /users"]}]}]},
    {"tab": "Reference", "pages": ["reference/b", "https://example.org", "nowhere"]}]},
  {"language": "es", "groups": [{"group": "Inicio", "pages": ["es/index", "/es/quickstart.mdx"]}]}]}}
=== .mintignore
drafts/
=== index.mdx
# Home
=== quickstart.mdx
---
title: Quick
---
<Steps>
  <Step title="One">Do **it**.</Step>
</Steps>
=== more/index.mdx
# More
=== more/a.md
# A
=== reference/b.mdx
# B
=== es/index.mdx
# Inicio
=== es/quickstart.mdx
# Rápido
=== hidden.mdx
# Hidden
=== snippets/part.mdx
# Part
=== drafts/d.mdx
# Draft
=== README.md
# Read me
"#,
    );
    assert_eq!(found.site.generator.as_str(), "mintlify");
    assert_eq!(
        pages(&found),
        [
            "es/index.mdx /es es",
            "es/quickstart.mdx /es/quickstart es",
            "hidden.mdx /hidden",
            "index.mdx / en",
            "more/a.md /more/a en",
            "more/index.mdx /more en",
            "quickstart.mdx /quickstart en",
            "reference/b.mdx /reference/b en",
        ]
    );
    assert_eq!(order(&found), ["/ > /quickstart", "/es > /es/quickstart", "/more > /more/a", "/quickstart > /more"]);
    let left = found.diagnostics.iter().filter(|told| told.code == gradus_corpus::Code::NotAPage);
    assert_eq!(left.map(|told| &*told.file).collect::<Vec<_>>(), ["README.md", "drafts/d.mdx", "snippets/part.mdx"]);
}

#[test]
fn settings_of_mintlify_before_docs_json_are_read_and_other_files_of_that_name_are_not() {
    let found = loaded(
        "=== mint.json\n{\"navigation\": [{\"group\": \"A\", \"pages\": [\"b\", \"a\"]}]}\n=== a.mdx\n# A\n=== b.mdx\n# B\n",
    );
    assert_eq!((found.site.generator.as_str(), order(&found)), ("mintlify", vec!["/b > /a".to_owned()]));
    let found = loaded("=== docs.json\n{\"openapi\": \"3.1.0\"}\n=== a.md\n# A\n");
    assert_eq!(found.site.generator.as_str(), "plain");
}

#[test]
fn nextra_pages_are_those_of_app_and_of_the_folder_that_it_shows() {
    let found = loaded(
        r#"=== package.json
{"dependencies": {"next": "15", "nextra": "4"}}
=== app/docs/[[...mdxPath]]/page.jsx
export default function Page() {}
=== app/(home)/about/page.mdx
# About
=== app/_parts/page.mdx
# Part
=== app/about/notes.md
# Notes
=== content/_meta.js
export default {
  index: 'Start',
  _: { type: 'separator', title: 'More' },
  themes: { title: 'Themes' },
  x: { href: 'https://example.org' },
  basics: ''
}
=== content/index.mdx
# Start
=== content/basics.mdx
# Basics
=== content/themes/dark.mdx
# Dark
=== content/themes/index.mdx
# Themes
=== content/zoo.mdx
# Zoo
"#,
    );
    assert_eq!(found.site.generator.as_str(), "nextra");
    assert_eq!(
        pages(&found),
        [
            "app/(home)/about/page.mdx /about",
            "content/basics.mdx /docs/basics",
            "content/index.mdx /docs",
            "content/themes/dark.mdx /docs/themes/dark",
            "content/themes/index.mdx /docs/themes",
            "content/zoo.mdx /docs/zoo",
        ]
    );
    let expected = [
        "/docs > /docs/themes",
        "/docs/basics > /docs/zoo",
        "/docs/themes > /docs/themes/dark",
        "/docs/themes/dark > /docs/basics",
    ];
    let found: Vec<String> = order(&found).into_iter().filter(|line| !line.contains("/about")).collect();
    assert_eq!(found, expected);
}

#[test]
fn languages_of_nextra_are_the_first_folders_of_its_content() {
    let found = loaded(
        "=== package.json\n{\"dependencies\": {\"nextra\": \"4\"}}\n=== next.config.mjs\nexport default withNextra({i18n: {locales: ['en', 'de'], defaultLocale: 'en'}})\n=== app/[lang]/[[...mdxPath]]/page.tsx\nx\n=== content/en/a.mdx\n# A\n=== content/de/a.mdx\n# A\n",
    );
    assert_eq!(pages(&found), ["content/de/a.mdx /de/a de", "content/en/a.mdx /en/a en"]);
    let before = loaded(
        "=== package.json\n{\"dependencies\": {\"nextra\": \"2\"}}\n=== pages/_app.mdx\nx\n=== pages/index.mdx\n# A\n=== pages/docs/b.mdx\n# B\n",
    );
    assert_eq!(pages(&before), ["pages/docs/b.mdx /docs/b", "pages/index.mdx /"]);
}

#[test]
fn fumadocs_leaves_groups_out_of_addresses_and_goes_by_its_lists() {
    let found = loaded(
        r#"=== source.config.ts
import { defineDocs } from 'fumadocs-mdx/config';
export const docs = defineDocs({ dir: 'content/docs' });
=== lib/source.ts
export const source = loader({ baseUrl: '/guide', source: docs.toFumadocsSource() });
=== content/docs/meta.json
{"pages": ["---Start---", "index", "(group)", "[Site](https://example.org)", "...", "!left", "zebra"]}
=== content/docs/index.mdx
# Start [#start]
=== content/docs/(group)/meta.json
{"pages": ["two", "one"]}
=== content/docs/(group)/one.mdx
# One

See [two](/guide/two#own-id).
=== content/docs/(group)/two.mdx
# Two

## Own id `x` [#own-id]

## Not listed [!toc]
=== content/docs/alpha.de.mdx
# Alfa
=== content/docs/alpha.mdx
# Alpha
=== content/docs/left.mdx
# Left
=== content/docs/zebra.mdx
# Zebra
=== content/blog/a.mdx
# Blog
"#,
    );
    assert_eq!(found.site.generator.as_str(), "fumadocs");
    assert_eq!(
        pages(&found),
        [
            "content/docs/(group)/one.mdx /guide/one",
            "content/docs/(group)/two.mdx /guide/two",
            "content/docs/alpha.de.mdx /de/guide/alpha de",
            "content/docs/alpha.mdx /guide/alpha",
            "content/docs/index.mdx /guide",
            "content/docs/left.mdx /guide/left",
            "content/docs/zebra.mdx /guide/zebra",
        ]
    );
    let order = order(&found);
    for step in ["/guide > /guide/two", "/guide/two > /guide/one", "/guide/one > /guide/alpha"] {
        assert!(order.iter().any(|line| line == step), "{step}: {order:?}");
    }
    let broken = found.diagnostics.iter().filter(|told| told.code == gradus_corpus::Code::BrokenLink);
    assert_eq!(broken.count(), 0);
    let two = found.corpus.pages().find(|(_, page)| &*page.url == "/guide/two").unwrap().1;
    let sections: Vec<(&str, &str)> = two.sections.iter().map(|section| (&*section.title, &*section.anchor)).collect();
    assert!(sections.ends_with(&[("Own id x", "own-id"), ("Not listed", "not-listed")]), "{sections:?}");
}

#[test]
fn vuepress_pages_have_endings_and_their_folders_readme() {
    let found = loaded(
        r#"=== docs/.vuepress/config.ts
export default defineUserConfig({
  base: '/base/',
  locales: { '/': { lang: 'en-US' }, '/de/': { lang: 'de-DE' } },
  theme: defaultTheme({
    locales: {
      '/': { sidebar: { '/guide/': [{ text: 'Guide', children: ['README.md', '/guide/b.md', 'a'] }] } },
      '/de/': { sidebar: ['/de/', { text: 'B', link: '/de/b.html' }] },
    },
  }),
})
=== docs/README.md
# Home
=== docs/guide/README.md
# Guide
=== docs/guide/a.md
# A
=== docs/guide/b.md
---
permalink: /bee/
---
# B

[a](./a.md)
=== docs/de/README.md
# Start
=== docs/de/b.md
# B
"#,
    );
    assert_eq!(found.site.generator.as_str(), "vuepress");
    assert_eq!(
        pages(&found),
        [
            "docs/README.md /base/ en-US",
            "docs/de/README.md /base/de/ de-DE",
            "docs/de/b.md /base/de/b.html de-DE",
            "docs/guide/README.md /base/guide/ en-US",
            "docs/guide/a.md /base/guide/a.html en-US",
            "docs/guide/b.md /base/bee/ en-US",
        ]
    );
    assert_eq!(
        order(&found),
        ["/base/bee/ > /base/guide/a.html", "/base/de/ > /base/de/b.html", "/base/guide/ > /base/bee/"]
    );
}

#[test]
fn a_book_of_quarto_is_what_it_lists_and_labels_of_sections_lead_anywhere() {
    let found = loaded(
        r#"=== _quarto.yml
project:
  type: book
book:
  site-url: https://example.org/book/
  chapters:
    - index.qmd
    - part: "Basics"
      chapters: [b.qmd, sub/a.qmd]
    - part: more.qmd
  appendices: [z.qmd]
=== index.qmd
# Start {.unnumbered}

See @sec-deep, and write to x@sec-deep.org.
=== b.qmd
---
title: B
---
## What's new in v1.2? {.x}

## 3 ways -- really!

## 3 ways -- really!
=== sub/a.qmd
# A

## Deep {#sec-deep}

```{python}
# no heading
```
=== more.qmd
# More
=== z.qmd
# Z
=== left.qmd
# Left
=== _part.qmd
# Part
=== README.md
# Read me
"#,
    );
    assert_eq!(found.site.generator.as_str(), "quarto");
    assert_eq!(
        pages(&found),
        [
            "b.qmd /book/b.html",
            "index.qmd /book/",
            "more.qmd /book/more.html",
            "sub/a.qmd /book/sub/a.html",
            "z.qmd /book/z.html",
        ]
    );
    assert_eq!(
        order(&found),
        [
            "/book/ > /book/b.html",
            "/book/b.html > /book/sub/a.html",
            "/book/more.html > /book/z.html",
            "/book/sub/a.html > /book/more.html",
        ]
    );
    let page = |url: &str| found.corpus.pages().find(|(_, page)| &*page.url == url).unwrap().1;
    let anchors: Vec<&str> = page("/book/b.html").sections.iter().map(|section| &*section.anchor).collect();
    assert_eq!(anchors, ["whats-new-in-v1.2", "ways-really", "ways-really-1"]);
    let start = &page("/book/").sections[0].text;
    assert_eq!(start.plain, "See deep, and write to x@sec-deep.org.");
    assert!(start.html.contains("<a href=\"/book/sub/a.html#sec-deep\">deep</a>"), "{}", start.html);
}

#[test]
fn a_website_of_quarto_goes_by_its_sidebars_and_by_what_it_renders() {
    let found = loaded(
        r#"=== _quarto.yml
project:
  type: website
  render: ["*.qmd", "docs/", "!docs/out.qmd"]
website:
  sidebar:
    - id: one
      contents: [index.qmd, {section: "S", href: docs/index.qmd, contents: [docs/b.qmd, {text: "A", href: docs/a.qmd}]}]
    - id: two
      contents: ["docs/c.md", {text: "Out", href: "https://example.org"}]
=== index.qmd
# I
=== docs/index.qmd
# D
=== docs/a.qmd
# A
=== docs/b.qmd
# B
=== docs/c.md
# C
=== docs/out.qmd
# Out
=== other/x.qmd
# X
"#,
    );
    assert_eq!(
        pages(&found),
        [
            "docs/a.qmd /docs/a.html",
            "docs/b.qmd /docs/b.html",
            "docs/c.md /docs/c.html",
            "docs/index.qmd /docs/",
            "index.qmd /"
        ]
    );
    assert_eq!(order(&found), ["/ > /docs/", "/docs/ > /docs/b.html", "/docs/b.html > /docs/a.html"]);
}

#[test]
fn others_read_no_files_of_quarto() {
    let found = loaded("=== mkdocs.yml\nsite_name: x\n=== docs/a.md\n# A\n=== docs/b.qmd\n# B\n");
    assert_eq!(pages(&found), ["docs/a.md /a/"]);
    let plain = loaded("=== a.qmd\n# A\n\n[b](b.qmd)\n=== b.qmd\n# B\n");
    assert_eq!(pages(&plain), ["a.qmd /a", "b.qmd /b"]);
    assert!(plain.diagnostics.iter().all(|told| told.code != gradus_corpus::Code::BrokenLink));
}

#[test]
fn doc_builder_goes_by_its_contents_and_names_headings_in_double_brackets() {
    let found = loaded(
        r#"=== _toctree.yml
- title: Start
  sections:
    - local: index
      title: Home
    - title: Inner
      sections:
        - local: a/b
          title: B
- local: a/c
  title: C
=== index.mdx
# Home[[home]]

See [C](a/c#own).
=== a/b.md
# B
=== a/c.mdx
# C

## Something else[[own]]

{{braces}} and [[B]].
"#,
    );
    assert_eq!(found.site.generator.as_str(), "docbuilder");
    assert_eq!(pages(&found), ["a/b.md /a/b", "a/c.mdx /a/c", "index.mdx /index"]);
    assert_eq!(order(&found), ["/a/b > /a/c", "/index > /a/b"]);
    assert!(
        found.diagnostics.iter().all(|told| told.code != gradus_corpus::Code::BrokenLink),
        "{:?}",
        found.diagnostics
    );
    let page = found.corpus.pages().find(|(_, page)| &*page.url == "/a/c").unwrap().1;
    let section = page.sections.last().unwrap();
    assert_eq!((&*section.title, &*section.anchor), ("Something else", "own"));
    let several = loaded(
        "=== en/_toctree.yml\n- local: a\n=== de/_toctree.yml\n- local: a\n=== en/a.mdx\n# A\n=== de/a.mdx\n# A\n",
    );
    assert_eq!(pages(&several), ["de/a.mdx /de/a de", "en/a.mdx /en/a en"]);
}

#[test]
fn eleventy_takes_dates_off_names_and_addresses_of_permalinks() {
    let found = loaded(
        r#"=== eleventy.config.js
export default function (eleventyConfig) {
  return { dir: { input: "src" }, pathPrefix: "/site/" };
}
=== .eleventyignore
src/drafts
drafts/
=== src/index.md
# Home
=== src/posts/posts.json
{"permalink": "/p/{{ page.fileSlug }}/", "tags": ["post"], "access": "free"}
=== src/posts/posts.11tydata.js
module.exports = { access: 'pro' };
=== src/posts/2024-02-03-one.md
---
tags: [x]
---
# One

[two](/site/own/)
=== src/posts/2.md
---
permalink: /own/index.html
---
# Two
=== src/docs/a.md
---
permalink: "{{ title | slug }}/"
---
# A
=== src/docs/gone.md
---
permalink: false
---
# Gone
=== src/_includes/x.md
# X
=== src/drafts/y.md
# Y
=== README.md
# R
"#,
    );
    assert_eq!(found.site.generator.as_str(), "eleventy");
    assert_eq!(
        pages(&found),
        [
            "src/docs/a.md /site/docs/a/",
            "src/index.md /site/",
            "src/posts/2.md /site/own/",
            "src/posts/2024-02-03-one.md /site/p/one/"
        ]
    );
    let locked = found.corpus.pages().filter(|(_, page)| page.access == gradus_corpus::Access::Pro);
    assert_eq!(
        locked.map(|(_, page)| &*page.path).collect::<Vec<_>>(),
        ["src/posts/2.md", "src/posts/2024-02-03-one.md"]
    );
    assert!(
        found.diagnostics.iter().all(|told| told.code != gradus_corpus::Code::BrokenLink),
        "{:?}",
        found.diagnostics
    );
}
