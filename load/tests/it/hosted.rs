//! Sites that a service or the reader's browser makes of their files: wikis of GitHub, GitBook, docsify.

use gradus_corpus::Access;

use crate::given::{loaded, order, page_at, pages, told_at_length};

/// The address of the first link in the HTML of the page at `path`, and the text of the page.
fn link_of(found: &gradus_load::Loaded, path: &str) -> (String, String) {
    let page = page_at(found, path);
    let html: String = page.sections.iter().map(|section| &*section.text.html).collect();
    let href = html.split("href=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    (href.to_owned(), page.sections.iter().map(|section| section.text.plain.trim()).collect::<Vec<_>>().join(" "))
}

#[test]
fn pages_of_a_wiki_are_called_as_their_files_are_wherever_these_lie() {
    let found = loaded(
        "=== Home.md\nSee [[the setup|Set up]] and [more](Api-Notes#part).\n=== Set-up.md\n# Install\n=== api/Api Notes.md\n## Part\n=== Zoo.md\nZoo.\n=== _Sidebar.md\n- [[Home]]\n- [Notes](https://github.com/o/r/wiki/Api-Notes)\n- [[Set up]]\n=== _Footer.md\nBye.\n",
    );
    assert_eq!((found.site.generator.as_str(), found.site.found_by.as_deref()), ("wiki", Some("_Sidebar.md")));
    assert_eq!(pages(&found), ["Home.md /", "Set-up.md /Set-up", "Zoo.md /Zoo", "api/Api Notes.md /Api-Notes"]);
    assert_eq!(order(&found), ["/ > /Api-Notes", "/Api-Notes > /Set-up"]);
    assert_eq!(&*page_at(&found, "Set-up.md").title, "Set up", "a wiki shows the name of the file");
    let (href, text) = link_of(&found, "Home.md");
    assert_eq!((href.as_str(), text.as_str()), ("/Set-up", "See the setup and more."));
    let told = told_at_length(&found);
    let told: Vec<&String> = told.iter().filter(|told| !told.contains("G039") && !told.contains("G018")).collect();
    assert!(told.is_empty(), "{told:?}");
}

#[test]
fn a_start_alone_makes_no_wiki() {
    assert_eq!(loaded("=== Home.md\n# Home\n=== a.md\n# A\n").site.generator.as_str(), "plain");
    let sidebar = "=== README.md\n# R\n=== _Sidebar.md\n- [R](README.md)\n";
    assert_eq!(loaded(sidebar).site.generator.as_str(), "plain");
}

#[test]
fn gitbook_shows_what_its_summary_lists() {
    let found = loaded(
        "=== .gitbook.yaml\nroot: ./docs/\nstructure:\n  readme: start.md\n=== docs/start.md\n# Start\n\n[p](guide/part.md#what-is)\n=== docs/SUMMARY.md\n# Table of contents\n\n* [Start](start.md)\n\n## Guide\n\n* [The guide](guide/README.md)\n  * [Part](guide/part.md \"Short\")\n=== docs/guide/README.md\nNo heading.\n=== docs/guide/part.md\n## What is?\n\n{% hint style=\"info\" %}\nMind **this**.\n{% endhint %}\n=== docs/lost.md\n# Lost\n=== README.md\n# Repository\n",
    );
    assert_eq!((found.site.generator.as_str(), found.site.content_root.as_str()), ("gitbook", "docs"));
    assert_eq!(pages(&found), ["docs/guide/README.md /guide", "docs/guide/part.md /guide/part", "docs/start.md /"]);
    assert_eq!(order(&found), ["/ > /guide", "/guide > /guide/part"]);
    assert_eq!(&*page_at(&found, "docs/guide/README.md").title, "The guide");
    assert_eq!(link_of(&found, "docs/guide/part.md").1, "Mind this.");
    let left: Vec<String> = told_at_length(&found).into_iter().filter(|told| !told.contains("G039")).collect();
    assert_eq!(left.iter().filter(|told| told.contains("G007")).count(), 0, "{left:?}");
}

#[test]
fn the_tool_that_gitbook_began_as_makes_files_of_html() {
    let found = loaded(
        "=== book.json\n{\"title\": \"B\"}\n=== README.md\n# B\n=== SUMMARY.md\n* [One](one.md)\n* [Deep](deep/README.md)\n=== one.md\n# One\n=== deep/README.md\n# Deep\n=== apart.md\n# Apart\n",
    );
    assert_eq!(found.site.generator.as_str(), "gitbook");
    assert_eq!(pages(&found), ["README.md /", "deep/README.md /deep/", "one.md /one.html"]);
    assert_eq!(order(&found), ["/ > /one.html", "/one.html > /deep/"]);
    let other = loaded("=== book.json\n{\"title\": \"B\"}\n=== a.md\n# A\n");
    assert_eq!(other.site.generator.as_str(), "plain", "without a list of pages it is somebody else's file");
}

#[test]
fn what_gitbook_shows_to_some_visitors_is_locked() {
    let found = loaded(
        "=== .gitbook.yaml\nroot: ./\n=== a.md\n---\nif: visitor.claims.unsigned.isPartner\n---\n# A\n\nSecret.\n=== b.md\n# B\n\n{% if visitor.claims.unsigned.isPartner %}\nSecret.\n{% endif %}\n=== c.md\n# C\n\nFree.\n",
    );
    let access = ["a.md", "b.md", "c.md"].map(|path| page_at(&found, path).access);
    assert_eq!(access, [Access::Pro, Access::Pro, Access::Free]);
}

#[test]
fn docsify_tells_pages_apart_by_what_stands_behind_the_sign() {
    let found = loaded(
        "=== index.html\n<script>\nwindow.$docsify = {loadSidebar: true, coverpage: 'cover.md', name: 'X'}\n</script>\n=== README.md\n# Start\n\n[g](guide.md?id=own) [h](#/zh/?id=eins) [i](?id=part) [j](/guide)\n\n## Part\n=== guide.md\n# Guide\n\n## Some part :id=own\n=== zh/README.md\n# Zh\n\n[g](guide.md) [z](zh/more.md)\n\n## Eins\n=== zh/more.md\n# More\n=== cover.md\n# X\n=== _sidebar.md\n- [Start](/)\n- [Zh](zh/)\n- [Guide](guide.md \"Title\")\n=== zh/_sidebar.md\n- [More](zh/more.md)\n",
    );
    assert_eq!((found.site.generator.as_str(), found.site.found_by.as_deref()), ("docsify", Some("index.html")));
    assert_eq!(
        pages(&found),
        ["README.md /#/", "guide.md /#/guide", "zh/README.md /#/zh/ zh", "zh/more.md /#/zh/more zh"]
            .map(|line| line.trim_end_matches(" zh").to_owned())
    );
    assert_eq!(order(&found), ["/#/ > /#/zh/", "/#/zh/ > /#/guide"]);
    let told: Vec<String> = told_at_length(&found).into_iter().filter(|told| told.contains("G007")).collect();
    assert_eq!(told, [""; 0]);
    let guide = page_at(&found, "guide.md");
    assert_eq!((&*guide.sections.last().unwrap().title, &*guide.sections.last().unwrap().anchor), ("Some part", "own"));
    assert_eq!(link_of(&found, "README.md").0, "/#/guide?id=own");
    assert_eq!(link_of(&found, "zh/README.md").0, "/#/guide", "paths count from the root");
}

#[test]
fn docsify_without_the_sign_in_addresses() {
    let found = loaded(
        "=== docs/index.html\n<script>window.$docsify = {routerMode: 'history', homepage: 'home.md'}</script>\n=== docs/home.md\n# H\n=== docs/README.md\n# R\n=== docs/a/b.md\n# B\n",
    );
    assert_eq!(pages(&found), ["docs/README.md /README", "docs/a/b.md /a/b", "docs/home.md /"]);
}
