//! Published pages: what a built site says of itself.
//!
//! A folder of HTML is read as browsers and search engines read it: the tree that HTML's own rules make, the main content of
//! each page, what its head and its JSON-LD say, and over all pages what they have in common. Addresses and anchors are those
//! that are published, so that none has to be guessed.
//!
//! Key decision: the whole tree of a page is held while the page is read, one page at a time, since minified HTML leaves out
//! so many tags that no reader of single tags can tell where a paragraph ends.

mod head;
mod linked_data;
mod main_content;
mod shallow;
mod survey;
mod tree;

pub(crate) use head::Head;
pub(crate) use main_content::is_dropped;
pub(crate) use survey::Survey;
pub(crate) use tree::{NodeId, NodeKind, Tree};

use crate::site::STEM_TITLE;
use crate::value::Value;

/// A published page.
pub(crate) struct WebPage<'a> {
    pub(crate) source: &'a str,
    pub(crate) tree: Tree,
    /// The elements whose inside is the main content, in order; none in another.
    pub(crate) content: Vec<NodeId>,
    /// What the head says, as fields.
    pub(crate) fields: Vec<(String, Value)>,
    /// What its relative links count from, where the page says so.
    base: Option<String>,
}

impl<'a> WebPage<'a> {
    /// Reads the page at `path` of the site that `survey` knows.
    pub(crate) fn read(html: &'a str, path: &str, survey: &Survey) -> Self {
        let tree = Tree::read(html);
        let head = Head::of(&tree);
        let mut fields = linked_data::fields(&tree);
        fields.extend(head.fields(&|text| survey.is_common(text)));
        let (content, is_left_out) = main_content::find(&tree, survey.has_pagefind_body);
        if is_left_out {
            fields.push(("pagefind".to_owned(), Value::of_text("false")));
        }
        let title = head.title.as_deref().map(|title| survey.bare_title(title));
        let title = title.or_else(|| main_content::only_heading(&tree)).filter(|title| !title.is_empty());
        fields.extend(title.map(|title| (STEM_TITLE.to_owned(), Value::of_text(&title))));
        fields.push(("url".to_owned(), Value::of_text(&survey.address(path))));
        let old = survey.old_addresses(path);
        if !old.is_empty() {
            let old = old.iter().map(|url| Value::of_text(url)).collect();
            fields.push(("aliases".to_owned(), Value::of_list(old)));
        }
        Self { source: html, tree, content, fields, base: head.base }
    }
}

impl<'a> WebPage<'a> {
    /// Reads what stands between the header and the footer of a page.
    pub(crate) fn part(html: &'a str) -> Self {
        let tree = Tree::read(html);
        let body = tree.below(tree::ROOT).find(|id| tree.name(*id) == "body").unwrap_or(tree::ROOT);
        Self { source: html, tree, content: vec![body], fields: Vec::new(), base: None }
    }
}

impl WebPage<'_> {
    /// `target`, a link of the page, counted from where the page says that its links count from.
    pub(crate) fn based(&self, target: &str) -> String {
        let is_relative = !target.starts_with(['/', '#']) && !target.contains(':');
        match &self.base {
            Some(base) if is_relative => format!("{}/{target}", base.rsplit_once('/').map_or("", |(folder, _)| folder)),
            _ => target.to_owned(),
        }
    }

    /// Whether the page tells what something is, and no more: it has up to `most` words, and one heading at most.
    pub(crate) fn reads_like_a_definition(&self, most: usize) -> bool {
        let is_heading = |id: &NodeId| matches!(self.tree.name(*id), "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
        let below = || self.content.iter().flat_map(|content| self.tree.below(*content));
        let n_words: usize = self.content.iter().map(|id| self.tree.text(*id).split_whitespace().count()).sum();
        below().filter(is_heading).count() <= 1 && n_words <= most
    }
}
