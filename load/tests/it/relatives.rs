//! Generators that are much like another one: Zensical and builds of MkDocs by other names, Hexo, themes of Jekyll.

use crate::given::{loaded, order, page_at, pages};

#[test]
fn zensical_is_read_as_mkdocs_is() {
    let found = loaded(
        "=== zensical.toml\n[project]\nsite_name = \"X\"\nsite_url = \"https://x.example/base/\"\nnav = [\n  \"index.md\",\n  {\"More\" = [{\"The file\" = \"b/file.md\"}, \"a.md\"]},\n]\n=== docs/index.md\n# Über :smile:\n\n## Große Teile\n=== docs/a.md\n# A\n=== docs/b/file.md\n# File\n=== docs/.hidden.md\n# H\n=== README.md\n# R\n",
    );
    assert_eq!((found.site.generator.as_str(), found.site.found_by.as_deref()), ("zensical", Some("zensical.toml")));
    assert_eq!(pages(&found), ["docs/a.md /base/a/", "docs/b/file.md /base/b/file/", "docs/index.md /base/"]);
    assert_eq!(order(&found), ["/base/ > /base/b/file/", "/base/b/file/ > /base/a/"]);
    let start = page_at(&found, "docs/index.md");
    assert_eq!((&*start.title, &*start.sections.last().unwrap().anchor), ("Über 😄", "groe-teile"));
    assert_eq!(&*page_at(&found, "docs/b/file.md").title, "The file");
}

#[test]
fn extensions_of_zensical_are_tables() {
    let found = loaded(
        "=== zensical.toml\n[project]\nsite_name = \"X\"\nuse_directory_urls = false\n[project.markdown_extensions.toc]\nslugify = {object = \"pymdownx.slugs.slugify\", kwds = {case = \"lower\"}}\n=== docs/a.md\n# A :smile:\n\n## Große Teile\n",
    );
    let page = page_at(&found, "docs/a.md");
    let anchor = page.sections.last().map(|section| &*section.anchor);
    assert_eq!((&*page.url, anchor, &*page.title), ("/a.html", Some("große-teile"), "A :smile:"));
}

#[test]
fn settings_of_mkdocs_may_have_names_of_their_own() {
    let found = loaded(
        "=== mkdocs-base.yml\nsite_name: Base\nsite_url: https://x.example/en/\n=== mkdocs-en.yml\nINHERIT: mkdocs-base.yml\ndocs_dir: content\nnav: [b.md, a.md]\n=== content/a.md\n# A\n=== content/b.md\n# B\n",
    );
    assert_eq!((found.site.generator.as_str(), found.site.found_by.as_deref()), ("mkdocs", Some("mkdocs-en.yml")));
    assert_eq!((pages(&found).len(), order(&found)), (2, vec!["/en/b/ > /en/a/".to_owned()]));
    let other = loaded("=== mkdocs-notes.yml\nx: 1\n=== docs/a.md\n# A\n");
    assert_eq!(other.site.generator.as_str(), "plain");
}

#[test]
fn hexo_makes_addresses_of_days_and_names() {
    let found = loaded(
        "=== _config.yml\nurl: https://x.example/blog\nroot: /blog/\npermalink: :year/:month/:day/:title/\nskip_render: raw/**\n=== package.json\n{\"dependencies\": {\"hexo\": \"^7.0.0\"}}\n=== source/_posts/hello-world.md\n---\ntitle: Hello\ndate: 2024-03-05 10:00:00\n---\n[a](/blog/about/#What’s-new) [n](/blog/notes/a.html)\n=== source/_posts/deep/second.md\n---\ntitle: Second\ndate: 2024-3-6\n---\nText.\n=== source/_posts/own.md\n---\ntitle: Own\npermalink: own/place.html\ndate: 2023-01-01\n---\nText.\n=== source/_posts/gone.md\n---\npublished: false\n---\nText.\n=== source/_posts/later.md\n---\ndate: 2090-01-01\ntitle: Later\n---\nText.\n=== source/_drafts/draft.md\nText.\n=== source/about/index.md\n# About\n\n## What's new\n=== source/notes/a.md\n# A\n=== source/raw/b.md\n# B\n=== source/_data/c.md\n# C\n=== README.md\n# R\n",
    );
    assert_eq!(found.site.generator.as_str(), "hexo");
    assert_eq!(
        pages(&found),
        [
            "source/_posts/deep/second.md /blog/2024/03/06/deep/second/",
            "source/_posts/hello-world.md /blog/2024/03/05/hello-world/",
            "source/_posts/later.md /blog/2090/01/01/later/",
            "source/_posts/own.md /blog/own/place.html",
            "source/about/index.md /blog/about/",
            "source/notes/a.md /blog/notes/a.html",
        ]
    );
    let days = [
        "/blog/2024/03/05/hello-world/ > /blog/2024/03/06/deep/second/",
        "/blog/2024/03/06/deep/second/ > /blog/2090/01/01/later/",
        "/blog/own/place.html > /blog/2024/03/05/hello-world/",
    ];
    assert_eq!(order(&found), days);
    assert!(
        !found.diagnostics.iter().any(|told| told.code == gradus_corpus::Code::BrokenLink),
        "{:?}",
        found.diagnostics
    );
}

#[test]
fn names_of_posts_of_hexo_may_hold_their_day() {
    let found = loaded(
        "=== _config.yml\npermalink: posts/:name.html\nnew_post_name: :year-:month-:day-:title.md\n=== package.json\n{\"hexo\": {\"version\": \"7\"}}\n=== source/_posts/2024-01-02-first.md\nText.\n=== source/_posts/2023-01-02-zero.md\nText.\n",
    );
    assert_eq!(order(&found), ["/posts/zero.html > /posts/first.html"]);
}
