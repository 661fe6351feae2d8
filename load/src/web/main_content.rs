//! Main content: the part of a page that is about its subject, found as Pagefind finds it.

use super::tree::{NodeId, ROOT, Tree};

/// Elements that are never content.
const DROPPED: &[&str] = &[
    "button", "dialog", "footer", "form", "head", "iframe", "input", "nav", "noscript", "object", "script", "select",
    "style", "svg", "template", "textarea", "video", "audio", "canvas",
];
/// Elements that are none where a page does not mark its main content.
const AROUND: &[&str] = &["aside", "header"];
/// Roles that are none.
const ROLES: &[&str] = &["navigation", "search", "banner", "contentinfo", "complementary"];

/// The elements whose inside is the main content, and whether the author keeps the page out of search by marking others.
pub(super) fn find(tree: &Tree, has_pagefind_body: bool) -> (Vec<NodeId>, bool) {
    let marked: Vec<NodeId> = outermost(tree, &|id| tree.attribute(id, "data-pagefind-body").is_some());
    let is_left_out = has_pagefind_body && marked.is_empty();
    // Who marks headings of the page beside its content has them for the search alone.
    if !marked.is_empty() {
        return (marked.iter().map(|id| narrowed(tree, *id)).collect(), false);
    }
    let is_main = |id: NodeId| tree.name(id) == "main" || tree.attribute(id, "role") == Some("main");
    let mains = outermost(tree, &is_main);
    if !mains.is_empty() {
        return (mains.iter().map(|id| narrowed(tree, *id)).collect(), is_left_out);
    }
    let articles = outermost(tree, &|id| tree.name(id) == "article");
    if !articles.is_empty() {
        return (articles, is_left_out);
    }
    let body = tree.below(ROOT).find(|id| tree.name(*id) == "body").unwrap_or(ROOT);
    (vec![body], is_left_out)
}

/// The elements that `is_meant`, without those in another one of them.
fn outermost(tree: &Tree, is_meant: &dyn Fn(NodeId) -> bool) -> Vec<NodeId> {
    let all: Vec<NodeId> = tree.below(ROOT).filter(|id| is_meant(*id)).collect();
    let is_inner = |id: NodeId| tree.above(id).any(is_meant);
    all.into_iter().filter(|id| !is_inner(*id)).collect()
}

/// The article in `main`, where there is one and no text but bars stands beside it.
fn narrowed(tree: &Tree, main: NodeId) -> NodeId {
    let mut articles = tree.below(main).filter(|id| *id != main && tree.name(*id) == "article");
    match (articles.next(), articles.next()) {
        (Some(article), None) if has_most_words(tree, article, main) => article,
        _ => main,
    }
}

/// Whether `inner` has half of the words in `outer` or more: bars at the side have fewer.
fn has_most_words(tree: &Tree, inner: NodeId, outer: NodeId) -> bool {
    tree.text(inner).split_whitespace().count() * 2 >= tree.text(outer).split_whitespace().count()
}

/// Whether an element and all in it is no content. `content` is what was found.
pub(crate) fn is_dropped(tree: &Tree, id: NodeId, content: NodeId) -> bool {
    let name = tree.name(id);
    if name.is_empty() {
        return false;
    }
    let is_fallback = matches!(tree.name(content), "body" | "");
    let is_quoted = || tree.above(id).any(|above| tree.name(above) == "blockquote");
    DROPPED.contains(&name) && !(name == "footer" && is_quoted())
        || is_fallback && AROUND.contains(&name)
        || tree.attribute(id, "role").is_some_and(|role| ROLES.contains(&role))
        || tree.attribute(id, "data-pagefind-ignore").is_some()
        || tree.attribute(id, "aria-hidden") == Some("true")
}

/// The heading of level one of a page that has one only, wherever it stands.
pub(super) fn only_heading(tree: &Tree) -> Option<String> {
    let mut headings = tree.below(ROOT).filter(|id| tree.name(*id) == "h1");
    match (headings.next(), headings.next()) {
        (Some(only), None) => Some(tree.words(only)),
        _ => None,
    }
}
