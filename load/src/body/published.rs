//! Anchors beside those that the real generators publish: the fixture sites of `tests/sites`, whose truth their generators made.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{Dialect, read};
use crate::anchors::Anchors;
use gradus_corpus::Access;
use serde_json::Value;

fn texts(value: &Value, key: &str) -> Vec<String> {
    let list = value[key].as_array().map_or(&[][..], Vec::as_slice);
    list.iter().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

/// Anchors of the sections of a file, in order, and all places of it.
fn ours(file: &Path, path: &str, anchors: Anchors) -> (Vec<String>, BTreeSet<String>) {
    let text = std::fs::read_to_string(file).unwrap();
    let parts = crate::front_matter::split(&text);
    let mut dialect = Dialect::of(path, anchors);
    // The site says `format: detect`.
    dialect.has_term_anchors |= file.ends_with("hugo/src/content/headings.md");
    dialect.is_mdx &= !file.to_string_lossy().contains("docusaurus-website") || path.ends_with(".mdx");
    let body = read(parts.body, parts.body_line, dialect, Access::Free);
    let sections: Vec<String> = body.sections.iter().map(|section| section.anchor.to_string()).collect();
    let all = sections.iter().cloned().chain(body.ids.iter().map(ToString::to_string)).collect();
    (sections, all)
}

/// What no reader of the Markdown alone can know: values of variables, words that roles look up, terms of glossaries.
const UNKNOWABLE: &[&str] = &[
    // On GitHub it is text; whoever writes it has a generator that reads it.
    "plain/docs/headings.md explicit-explicit-id",
    "plain/docs/headings.md explicit-id",
    "jekyll/headings.md the-site-is-bread-diary",
    "jekyll/headings.md the-site-is",
    "sphinx/docs/titles/rich.md the-yeast-is-alive-here-sourdough",
    "sphinx/docs/titles/rich.md the-yeast-is-alive-here",
    "sphinx/docs/titles/rich.md the-yeast-is-alive-here--",
    "sphinx/docs/headings.md -inside",
    "sphinx/docs/headings.md setext-overtwo-lines",
    "sphinx/docs/blocks.md term-Crust",
];

/// A line for each anchor that is not as published.
fn compare(site: &str, anchors: &dyn Fn(&str) -> Anchors) -> (usize, Vec<String>) {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/sites").join(site);
    let truth: Value = serde_json::from_slice(&std::fs::read(root.join("truth.json")).unwrap()).unwrap();
    let mut wrong = Vec::new();
    let mut n_anchors = 0;
    for (path, page) in truth["pages"].as_object().unwrap() {
        let (sections, all) = ours(&root.join("src").join(path), path, anchors(path));
        let published = texts(page, "anchors");
        let borrowed = texts(page, "borrowed");
        let expected: Vec<&String> = published.iter().filter(|anchor| !borrowed.contains(anchor)).collect();
        n_anchors += expected.len();
        let missing =
            expected.iter().filter(|anchor| !all.contains(**anchor)).map(|anchor| format!("missing {anchor}"));
        let known: BTreeSet<String> = [published.clone(), texts(page, "unwritten"), texts(page, "targets"), borrowed]
            .concat()
            .into_iter()
            .collect();
        let invented = sections.iter().filter(|anchor| !anchor.is_empty() && !known.contains(*anchor));
        let targets = texts(page, "targets");
        let lost =
            targets.iter().filter(|target| !all.contains(*target)).map(|target| format!("unknown target {target}"));
        let lines = missing.chain(invented.map(|anchor| format!("invented {anchor}"))).chain(lost);
        let is_knowable = |line: &String| {
            let anchor = line.rsplit(' ').next().unwrap_or_default();
            !UNKNOWABLE.contains(&format!("{site}/{path} {anchor}").as_str())
        };
        wrong.extend(lines.filter(is_knowable).map(|line| format!("{site}/{path}: {line}")));
    }
    (n_anchors, wrong)
}

#[track_caller]
fn check(site: &str, anchors: Anchors) {
    let (n_anchors, wrong) = compare(site, &|_| anchors);
    assert!(wrong.is_empty(), "{} of {n_anchors}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn docusaurus() {
    check("docusaurus", Anchors::Docusaurus);
    check("docusaurus-website", Anchors::Docusaurus);
}

#[test]
fn hugo() {
    check("hugo", Anchors::Hugo);
    check("hugo-languages", Anchors::Hugo);
    check("hugo-ugly", Anchors::HugoAscii);
}

#[test]
fn mkdocs() {
    check("mkdocs", Anchors::Mkdocs);
    check("mkdocs-flat", Anchors::Pymdownx);
    check("mkdocs-i18n", Anchors::Mkdocs);
}

#[test]
fn mdbook() {
    check("mdbook", Anchors::Mdbook);
    check("mdbook-docs", Anchors::Mdbook);
}

#[test]
fn sphinx() {
    check("sphinx", Anchors::Sphinx);
    check("sphinx-book", Anchors::Sphinx);
}

#[test]
fn starlight() {
    check("starlight", Anchors::Astro);
    check("starlight-file", Anchors::Astro);
}

#[test]
fn vitepress() {
    check("vitepress", Anchors::Vitepress);
}

#[test]
fn jekyll() {
    check("jekyll", Anchors::Jekyll);
    check("jekyll-pretty", Anchors::Kramdown);
}

#[test]
fn quartz_and_plain() {
    check("quartz", Anchors::Quartz);
    check("plain", Anchors::Github);
}
