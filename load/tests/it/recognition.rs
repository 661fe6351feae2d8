//! Which site a source is taken for, what of it is content, and which ids its pages have.

use std::collections::BTreeMap;
use std::path::Path;

use gradus_load::{Input, Loaded, load};

use crate::given::loaded;

/// What is told, a line each.
fn told(loaded: &Loaded) -> Vec<String> {
    let line = |told: &gradus_corpus::Diagnostic| format!("{} {} {}", told.file, told.code, told.message);
    loaded.diagnostics.iter().map(line).collect()
}

/// The slugs of the pages, by their paths.
fn slugs(loaded: &Loaded) -> BTreeMap<String, String> {
    loaded.corpus.pages().map(|(_, page)| (page.path.to_string(), page.slug.to_string())).collect()
}

#[test]
fn files_of_a_repository_do_not_hide_the_site_beside_them() {
    let found = loaded(
        "=== README.md\n# R\n=== CHANGELOG_PRE_v30.md\n# C\n=== website/docusaurus.config.js\nmodule.exports = {presets: [['classic', {docs: {path: '../docs'}}]]};\n=== docs/a.md\n# A\n",
    );
    assert_eq!(found.site.generator.as_str(), "docusaurus");
    assert_eq!(slugs(&found).into_keys().collect::<Vec<_>>(), ["docs/a.md"]);
}

#[test]
fn what_is_no_page_is_told_of_nothing_else() {
    let found = loaded(
        "=== hugo.toml\nbaseURL = 'https://x.example/'\n=== archetypes/blog.md\n---\ntitle: \"{{ .Name }}\" x\ndate: {{ .Date }}\nacess: pro\n---\n=== content/a.md\n---\ntitle: A\n---\nText.\n",
    );
    assert_eq!(told(&found), ["archetypes/blog.md G039 this is no page of the site: it lies outside the content"]);
}

#[test]
fn what_docsify_and_wikis_show_around_pages_is_no_page() {
    let found = loaded(
        "=== README.md\n# R\nRead.\n=== zh/_sidebar.md\n- [R](/)\n=== _Footer.md\nBye.\n=== _private.md\n# P\nMine.\n",
    );
    assert_eq!(slugs(&found).into_keys().collect::<Vec<_>>(), ["README.md", "_private.md"]);
    let why = "G039 this is no page of the site: it is navigation that other pages show";
    assert_eq!(told(&found), ["_Footer.md", "zh/_sidebar.md"].map(|file| format!("{file} {why}")));
}

/// A Docusaurus site with versions, of which `kept` are listed; each holds one page of the same id.
fn versions(kept: &[&str]) -> BTreeMap<String, String> {
    let mut text = "=== docusaurus.config.js\nmodule.exports = {i18n: {defaultLocale: 'en', locales: ['en', 'de']}, presets: [['classic', {}]]};\n".to_owned();
    let page = "---\nid: architecture\ntitle: A\n---\nText.\n";
    if !kept.is_empty() {
        text += &format!(
            "=== versions.json\n[{}]\n",
            kept.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(",")
        );
    }
    let folders = kept.iter().map(|name| format!("versioned_docs/version-{name}"));
    let all = folders.chain(["docs".to_owned(), "i18n/de/docusaurus-plugin-content-docs/current".to_owned()]);
    all.for_each(|folder| text += &format!("=== {folder}/A.md\n{page}"));
    let found = loaded(&text);
    assert_eq!(told(&found), [""; 0]);
    slugs(&found)
}

#[test]
fn versions_and_translations_have_ids_of_their_own() {
    let translated = "i18n/de/docusaurus-plugin-content-docs/current/A.md";
    let one = versions(&[]);
    assert_eq!((one["docs/A.md"].as_str(), one[translated].contains('~')), ("architecture", true));
    let several = versions(&["2.0", "1.0"]);
    assert_eq!(several["versioned_docs/version-2.0/A.md"], "architecture", "what is shown without a version");
    assert_eq!(several["versioned_docs/version-1.0/A.md"], "versioned_docs~version-1.0~A");
    assert_eq!(several["docs/A.md"], "docs~A");
    let fewer = versions(&["2.0"]);
    assert!(fewer.iter().all(|(path, slug)| several[path] == *slug), "a version more renames nothing: {fewer:?}");
}

#[test]
fn content_that_the_source_does_not_hold_is_told() {
    let folder = tempfile(&[
        ("repo/.git/HEAD", ""),
        ("repo/website/docusaurus.config.js", "module.exports = {presets: [['classic', {docs: {path: '../docs'}}]]};"),
        ("repo/website/blog/2024-01-01-a.md", "# A\n\nText.\n"),
        ("repo/docs/b.md", "# B\n\nText.\n"),
    ]);
    let of = |source: &str| load(&Input::Path(folder.join(source)), &mut |_| {}).unwrap();
    let website = of("repo/website");
    assert_eq!(told(&website), ["docusaurus.config.js G040 the content in `../docs` lies outside the source"]);
    for source in ["repo", "repo/docs", "repo/website/blog"] {
        assert!(!told(&of(source)).iter().any(|line| line.contains("G040")), "{source}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

/// A folder with these files, which the caller removes.
fn tempfile(files: &[(&str, &str)]) -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("gradus-recognition-{}-{}", std::process::id(), files.len()));
    for (path, text) in files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

#[test]
fn links_above_a_book_are_not_told_and_those_within_are() {
    let found = loaded(
        "=== book.toml\n[book]\ntitle = 'x'\n=== src/SUMMARY.md\n- [A](a.md)\n- [B](deep/b.md)\n=== src/a.md\n# A\n\nSee [std](../std/index.html), [n](./nope.html).\n=== src/deep/b.md\n# B\n\n[x](../../rustc/index.html) [m](../nope/x.html)\n",
    );
    let broken: Vec<String> = told(&found).into_iter().filter(|line| line.contains("G007")).collect();
    assert_eq!(broken.len(), 2, "{broken:?}");
    assert!(broken.iter().all(|line| line.contains("nope")), "{broken:?}");
}

#[test]
fn words_that_a_preprocessor_reads_are_no_broken_links() {
    let told_of = |name: &str, book: &str| {
        let folder = tempfile(&[
            (&format!("{name}/book.toml"), book),
            (&format!("{name}/src/SUMMARY.md"), "- [A](a.md)\n"),
            (&format!("{name}/src/a.md"), "# A\n\n[r] and [p](nope/x.html).\n\n[r]: expr.closure\n"),
        ]);
        let told = told(&load(&Input::Path(folder.join(name)), &mut |_| {}).unwrap()).join("\n");
        std::fs::remove_dir_all(folder.join(name)).unwrap();
        told
    };
    assert!(told_of("without", "[book]\ntitle = 'x'\n").contains("expr.closure"));
    let with_words = told_of("with", "[book]\ntitle = 'x'\n[preprocessor.spec]\ncommand = 'spec'\n");
    assert!(!with_words.contains("expr.closure") && with_words.contains("nope/x.html"), "{with_words}");
}

#[test]
fn what_is_not_told_any_more_is_as_bad_as_its_kind() {
    let skipped = "# A\n".to_owned() + &"### B\n## C\n#### D\n".repeat(2_100);
    let found = loaded(&format!("=== a.md\n{skipped}"));
    let cut = found.diagnostics.iter().find(|told| told.code.as_str() == "G038").unwrap();
    assert_eq!((cut.severity.as_str(), &*cut.file), ("info", "a.md"));
}

#[test]
fn hugo_is_read_from_all_of_its_settings() {
    let found = loaded(
        "=== config/_default/hugo.toml\nbaseURL = 'https://x.example/'\ndefaultContentLanguage = 'en'\n[uglyURLs]\npost = true\n[permalinks]\npost = '/:year/:slug/'\n[permalinks.section]\nnews = '/all-news/'\n\
         === config/_default/languages.en.toml\ncontentDir = 'content/en'\n=== config/_default/languages.fa.toml\ncontentDir = 'content/fa'\ndisabled = true\n\
         === config/_default/markup.toml\n[goldmark.parser]\nautoHeadingIDType = 'blackfriday'\n\
         === config/_default/cascade.toml\nx = 1\n\
         === content/en/docs/rate-limits.md\n---\ntitle: R\n---\n## The site's -- own\n\nText.\n\
         === content/en/post/shirt.md\n---\ntitle: Root shirt\ndate: 2024-05-06\n---\nText.\n\
         === content/en/news/_index.md\n---\ntitle: N\n---\nText.\n\
         === content/en/own.md\n---\ntitle: Own\nurl: /:year/:slug/\ndate: 2023-01-01\n---\nText.\n\
         === content/en/donate.html\n---\ntitle: Donate\n---\n<h2 id=\"x\">Give</h2><p>Text {{< x >}} <a href=\"/docs/rate-limits/\">r</a></p>\n\
         === content/en/part.html\n<p>no page</p>\n\
         === content/fa/docs/a.md\n---\ntitle: F\n---\nText.\n",
    );
    let urls: BTreeMap<String, String> =
        found.corpus.pages().map(|(_, page)| (page.path.to_string(), page.url.to_string())).collect();
    let expected = [
        ("content/en/docs/rate-limits.md", "/docs/rate-limits/"),
        ("content/en/donate.html", "/donate/"),
        ("content/en/news/_index.md", "/all-news/"),
        ("content/en/own.md", "/2023/own/"),
        ("content/en/post/shirt.md", "/2024/root-shirt.html"),
    ];
    assert_eq!(urls.iter().map(|(path, url)| (path.as_str(), url.as_str())).collect::<Vec<_>>(), expected);
    let sections = |path: &str| {
        let page = found.corpus.pages().find(|(_, page)| &*page.path == path).unwrap().1;
        page.sections.iter().map(|section| format!("{} {}", section.anchor, section.text.plain)).collect::<Vec<_>>()
    };
    assert_eq!(sections("content/en/docs/rate-limits.md"), ["the-site-s-own Text."]);
    assert_eq!(sections("content/en/donate.html"), ["x Text r"]);
    let links = found.corpus.edges().filter(|edge| edge.relation == gradus_corpus::Relation::Links);
    assert_eq!(links.count(), 1);
}

#[test]
fn folders_of_languages_and_cascades_of_the_settings_are_hugos() {
    let found = loaded(
        "=== hugo.yaml\nbaseURL: https://x.example/\ndefaultContentLanguage: en\nlanguages:\n  en: {weight: 1}\n  bn: {weight: 2}\ncascade:\n  - target: {path: '{,/**}/_includes{,/**}'}\n    build: {list: never, render: never}\nmarkup: {goldmark: {extensions: {typographer: {disable: true}}}}\n\
         === content/en/docs/a.md\n---\ntitle: A\n---\n## The --flag\n\nText.\n=== content/bn/docs/a.md\n---\ntitle: B\n---\nText.\n=== content/en/docs/_includes/part.md\n---\ntitle: P\n---\nText.\n",
    );
    let urls: Vec<&str> = found.corpus.pages().map(|(_, page)| &*page.url).collect();
    assert_eq!(urls, ["/bn/docs/a/", "/docs/a/"]);
    let anchors =
        found.corpus.pages().flat_map(|(_, page)| page.sections.iter().map(|section| section.anchor.to_string()));
    assert!(anchors.into_iter().any(|anchor| anchor == "the---flag"));
}

#[test]
fn posts_of_jekyll_have_the_address_of_their_collection_and_html_is_content() {
    let found = loaded(
        "=== _config.yml\ntitle: x\ncollections: {posts: {permalink: '/news/:year/:title/'}}\n=== _posts/2020-01-02-a.md\n---\ncategories: [release]\ntitle: A\n---\nText.\n=== index.html\n---\ntitle: Home\n---\n<p>Welcome {{ site.title }}</p>\n=== _layouts/default.html\n---\nlayout: x\n---\n<p>frame</p>\n",
    );
    let urls: Vec<String> = found.corpus.pages().map(|(_, page)| format!("{} {}", page.path, page.url)).collect();
    assert_eq!(urls, ["_posts/2020-01-02-a.md /news/2020/a/", "index.html /"]);
}

#[test]
fn pages_of_a_language_that_lacks_them_are_those_of_the_original() {
    let found = loaded(
        "=== astro.config.mjs\nexport default defineConfig({integrations: [starlight({title: 'x', defaultLocale: 'en', locales: {en: {label: 'E'}, ar: {label: 'A', lang: 'ar'}}})]});\n\
         === src/content/docs/en/a.md\n---\ntitle: A\n---\nText.\n=== src/content/docs/en/b.md\n---\ntitle: B\n---\nText.\n=== src/content/docs/ar/a.md\n---\ntitle: A\n---\n[x](/ar/b/) [y](/ar/nope/)\n",
    );
    let told: Vec<String> = told(&found).into_iter().filter(|line| line.contains("G007")).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("/ar/nope/"));
}

#[test]
fn what_a_page_inherits_locks_it() {
    let hugo = loaded(
        "=== hugo.toml\nbaseURL = 'https://x.example/'\n[[cascade]]\naccess = 'pro'\n[cascade.target]\npath = '/paid/**'\n=== content/paid/sub/x.md\n---\ntitle: X\n---\nText.\n=== content/free.md\n---\ntitle: F\n---\nText.\n",
    );
    let mkdocs = loaded(
        "=== mkdocs.yml\nsite_name: x\nplugins: [search, meta]\n=== docs/paid/.meta.yml\naccess: pro\n=== docs/paid/sub/x.md\n# X\n\nText.\n=== docs/free.md\n# F\n\nText.\n",
    );
    for found in [hugo, mkdocs] {
        for (_, page) in found.corpus.pages() {
            assert_eq!(page.access == gradus_corpus::Access::Pro, page.path.contains("paid"), "{}", page.path);
        }
    }
}

#[test]
fn a_name_near_what_the_site_calls_access_locks() {
    let of = |field: &str| {
        let found = loaded(&format!(
            "=== gradus.toml\n[fields]\naccess = [\"tier\"]\n=== a.md\n---\ntitle: A\n{field}\n---\nText.\n"
        ));
        found.corpus.pages().next().unwrap().1.access == gradus_corpus::Access::Pro
    };
    assert!(of("tire: pro") && of("tier: pro") && of("teir: pro") && of("acess: pro"));
    assert!(!of("tier: free") && !of("time: 5") && !of("tags: [x]"));
}

#[test]
fn front_matter_behind_front_matter_locks() {
    for text in
        ["---\ntitle: A\n---\naccess: pro\n---\nText.\n", "---\ntitle: A\n---\ntags: [x]\nacess : pro\n---\nText.\n"]
    {
        let found = loaded(&format!("=== a.md\n{text}"));
        assert_eq!(found.corpus.pages().next().unwrap().1.access, gradus_corpus::Access::Pro, "{text}");
        assert!(told(&found).iter().any(|line| line.contains("G029")), "{text}");
    }
    for text in [
        "```rust\nlet access = 1;\n```\n\nText.\n",
        "```\nsome text\naccess: pro\n```\n",
        "# A\n\n```yaml\naccess: pro\n```\n",
    ] {
        let found = loaded(&format!("=== a.md\n{text}"));
        assert_eq!(found.corpus.pages().next().unwrap().1.access, gradus_corpus::Access::Free, "{text}");
    }
}

#[test]
fn docusaurus_has_its_ids_in_comments_and_its_base_before_links() {
    let found = loaded(
        "=== docusaurus.config.js\nmodule.exports = {baseUrl: '/proj/', presets: [['classic', {docs: {routeBasePath: 'learn'}}]]};\n=== docs/a.mdx\n# A\n\n## Head {/* #my-id */}\n\n[x](#my-id) [c](/learn/guides/b) [d](pathname:///f.txt) [n](/learn/nope)\n=== docs/guides/b.md\n# B\n\n## Other <!-- #own -->\n\nText.\n",
    );
    let broken: Vec<String> = told(&found).into_iter().filter(|line| line.contains("G007")).collect();
    assert_eq!(broken, ["docs/a.mdx G007 the link to '/learn/nope' leads nowhere"]);
    let anchors: Vec<String> = found
        .corpus
        .pages()
        .flat_map(|(_, page)| page.sections.iter().map(|section| section.anchor.to_string()))
        .collect();
    assert_eq!(anchors, ["my-id", "own"]);
    assert_eq!(found.corpus.edges().filter(|edge| edge.relation == gradus_corpus::Relation::Links).count(), 1);
}
