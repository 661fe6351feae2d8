//! What real generators publish of small sites, and what loading makes of the same files: `tests/sites/README.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use gradus_corpus::{Page, PageId, Relation};
use gradus_load::{Input, Loaded, load};
use serde_json::Value;

fn sites() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/sites")
}

/// What is known to differ, by site and file, and why it stays so.
const KNOWN: &[(&str, &str)] = &[
    // GitHub shows `{#id}` as text; it is an id here, since most who write it mean one.
    ("plain ", "headings.md: anchors"),
];

/// Compares sites as each of their sources shows them.
fn check(names: &[&str]) {
    let is_known = |line: &String| KNOWN.iter().any(|(site, what)| line.starts_with(site) && line.contains(what));
    let (known, wrong): (Vec<String>, Vec<String>) = names.iter().flat_map(|name| differing(name)).partition(is_known);
    let of_these = KNOWN.iter().filter(|(site, _)| names.contains(&site.trim()));
    for (site, what) in of_these {
        assert!(known.iter().any(|line| line.contains(what)), "{site}{what} differs no more: take it from the list");
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

fn differing(name: &str) -> Vec<String> {
    let folder = sites().join(name);
    let truth: Value = serde_json::from_slice(&std::fs::read(folder.join("truth.json")).unwrap()).unwrap();
    let mut wrong = Vec::new();
    for source in texts(&truth["sources"]) {
        let loaded = load(&Input::Path(folder.join("src").join(&source)), &mut |_| {}).unwrap();
        let told = loaded.site.generator.as_str();
        if told != truth["generator"].as_str().unwrap() {
            wrong.push(format!("[{source}] is taken for {told}"));
        }
        wrong.extend(compare(&truth, &source, &loaded).into_iter().map(|line| format!("{name} [{source}] {line}")));
    }
    wrong
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().map_or(&[][..], Vec::as_slice).iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// What differs between `truth` and what was loaded from its folder `source`, a line each.
fn compare(truth: &Value, source: &str, loaded: &Loaded) -> Vec<String> {
    let inner = |path: &str| {
        let rest = if source.is_empty() { Some(path) } else { path.strip_prefix(source)?.strip_prefix('/') };
        rest.map(str::to_owned)
    };
    let pages: BTreeMap<&str, (PageId, &Page)> = loaded
        .corpus
        .pages()
        .filter(|(_, page)| !page.path.is_empty())
        .map(|(id, page)| (&*page.path, (id, page)))
        .collect();
    let mut wrong = Vec::new();
    let mut expected = BTreeSet::new();
    for (path, row) in truth["pages"].as_object().unwrap().iter().filter_map(|(path, row)| Some((inner(path)?, row))) {
        let Some((_, page)) = pages.get(path.as_str()) else {
            wrong.push(format!("{path}: missing"));
            continue;
        };
        wrong.extend(differences(page, row).into_iter().map(|line| format!("{path}: {line}")));
        expected.insert(path);
    }
    let out_of_search: BTreeSet<String> =
        texts(&truth["out_of_search"]).iter().filter_map(|path| inner(path)).collect();
    let searched = pages.values().filter(|(_, page)| page.is_searchable && out_of_search.contains(&*page.path));
    wrong.extend(searched.map(|(_, page)| format!("{}: search finds it", page.path)));
    let extra = pages.keys().filter(|path| !expected.contains(**path));
    wrong.extend(extra.map(|path| format!("{path}: is no page")));
    wrong.extend(disorder(truth, loaded, &pages, &inner));
    wrong
}

fn differences(page: &Page, row: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut same = |what: &str, expected: &Value, found: Option<&str>| {
        if !expected.is_null() && expected.as_str() != found {
            wrong.push(format!("{what} is {} and not {expected}", found.unwrap_or("-")));
        }
    };
    same("url", &row["url"], Some(&page.url));
    // Where the generator knows no heading behind something else, the page still shows it, and so do we.
    if row["heading"].as_str() != Some(&page.title) {
        same("title", &row["title"], Some(&page.title));
    }
    same("lang", &row["lang"], page.lang.as_deref());
    same("version", &row["version"], page.version.as_deref());
    wrong.extend(wrong_anchors(page, row));
    wrong
}

/// Anchors that the site has and the page does not, and the other way round. The title's own is none of a section.
fn wrong_anchors(page: &Page, row: &Value) -> Vec<String> {
    let sections: Vec<&str> =
        page.sections.iter().map(|section| &*section.anchor).filter(|anchor| !anchor.is_empty()).collect();
    let known: BTreeSet<&str> = page.anchors.iter().map(|anchor| &**anchor).chain(sections.iter().copied()).collect();
    let listed = |name: &str| texts(&row[name]);
    let missing: Vec<String> = listed("anchors")
        .into_iter()
        .chain(listed("targets"))
        .filter(|anchor| !known.contains(anchor.as_str()))
        .collect();
    let mut wrong = Vec::new();
    if !missing.is_empty() {
        wrong.push(format!("anchors are missing: {missing:?}"));
    }
    let written: BTreeSet<String> = ["anchors", "targets", "unwritten"].into_iter().flat_map(listed).collect();
    let extra: Vec<&str> = sections.iter().filter(|anchor| !written.contains(**anchor)).copied().collect();
    if !extra.is_empty() && !row["anchors"].is_null() {
        wrong.push(format!("anchors are wrong: {extra:?}"));
    }
    let in_order = listed("anchors").into_iter().filter(|anchor| sections.contains(&anchor.as_str()));
    let place = |anchor: &String| sections.iter().position(|known| known == anchor);
    let places: Vec<_> = in_order.map(|anchor| place(&anchor)).collect();
    if !places.is_sorted() {
        wrong.push("anchors are out of order".to_owned());
    }
    wrong
}

/// Pages that do not follow the one that the site shows before them.
fn disorder(
    truth: &Value,
    loaded: &Loaded,
    pages: &BTreeMap<&str, (PageId, &Page)>,
    inner: &dyn Fn(&str) -> Option<String>,
) -> Vec<String> {
    let mut tracks: BTreeMap<[&str; 3], BTreeMap<i64, String>> = BTreeMap::new();
    for (path, row) in truth["pages"].as_object().unwrap() {
        let (Some(order), Some(path)) = (row["order"].as_i64(), inner(path)) else { continue };
        let key = ["lang", "version", "track"].map(|name| row[name].as_str().unwrap_or_default());
        tracks.entry(key).or_default().insert(order, path);
    }
    let mut expected = BTreeSet::new();
    for track in tracks.values() {
        let paths: Vec<&String> = track.values().collect();
        expected.extend(paths.windows(2).map(|pair| format!("{} follows {}", pair[1], pair[0])));
    }
    let path = |id: PageId| loaded.corpus.page(id).path.to_string();
    let follows = loaded.corpus.declared().iter().filter(|edge| edge.relation == Relation::Follows);
    let found: BTreeSet<String> =
        follows.map(|edge| format!("{} follows {}", path(edge.from), path(edge.to))).collect();
    let missing = expected.difference(&found).map(|line| format!("missing: {line}"));
    let extra = found.difference(&expected).map(|line| format!("wrong: {line}"));
    let known = |line: &String| pages.keys().any(|path| line.contains(path));
    missing.chain(extra).filter(known).collect()
}

#[test]
fn mkdocs_pages_are_where_mkdocs_puts_them() {
    check(&["mkdocs", "mkdocs-flat", "mkdocs-i18n"]);
}

#[test]
fn docusaurus_pages_are_where_docusaurus_puts_them() {
    check(&["docusaurus", "docusaurus-website"]);
}

#[test]
fn mdbook_pages_are_where_mdbook_puts_them() {
    check(&["mdbook", "mdbook-docs"]);
}

#[test]
fn starlight_pages_are_where_starlight_puts_them() {
    check(&["starlight", "starlight-file"]);
}

#[test]
fn vitepress_pages_are_where_vitepress_puts_them() {
    check(&["vitepress"]);
}

#[test]
fn hugo_pages_are_where_hugo_puts_them() {
    check(&["hugo", "hugo-ugly", "hugo-languages"]);
}

#[test]
fn jekyll_pages_are_where_jekyll_puts_them() {
    check(&["jekyll", "jekyll-pretty"]);
}

#[test]
fn sphinx_pages_are_where_sphinx_puts_them() {
    check(&["sphinx", "sphinx-book"]);
}

#[test]
fn notes_are_where_quartz_and_obsidian_put_them() {
    check(&["quartz", "obsidian"]);
}

#[test]
fn plain_files_lie_where_they_lie() {
    check(&["plain"]);
}

#[test]
fn published_pages_are_where_they_say_and_have_their_anchors() {
    check(&["html"]);
    let folder = sites().join("html");
    let truth: Value = serde_json::from_slice(&std::fs::read(folder.join("truth.json")).unwrap()).unwrap();
    let loaded = load(&Input::Path(folder.join("src")), &mut |_| {}).unwrap();
    for (_, page) in loaded.corpus.pages() {
        let row = &truth["pages"][&*page.path];
        let places: BTreeSet<String> = page
            .sections
            .iter()
            .map(|section| section.anchor.to_string())
            .chain(page.anchors.iter().map(ToString::to_string))
            .filter(|anchor| !anchor.is_empty())
            .collect();
        let expected = texts(&row["anchors"]).into_iter().chain(texts(&row["targets"])).collect();
        assert_eq!(places, expected, "{}", page.path);
    }
    let broken: Vec<_> =
        loaded.diagnostics.iter().filter(|told| told.code == gradus_corpus::Code::BrokenLink).collect();
    assert_eq!(broken.len(), 0, "{broken:?}");
}

#[test]
fn every_site_is_compared() {
    let compared = include_str!("sites.rs");
    for entry in
        std::fs::read_dir(sites()).unwrap().map(Result::unwrap).filter(|entry| entry.path().join("truth.json").exists())
    {
        let name = format!("\"{}\"", entry.file_name().to_string_lossy());
        assert!(compared.contains(&name), "{name} is compared by no test");
    }
}
