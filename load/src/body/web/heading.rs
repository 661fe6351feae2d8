//! Headings of published pages, and their anchors.

use super::{LinkForm, WebPass};
use crate::web::{NodeId, NodeKind, Tree, is_dropped};

/// Elements around a heading that may have its id.
const N_AROUND: usize = 3;

impl WebPass<'_> {
    /// Reads the heading `id` and begins its section.
    pub(super) fn heading(&mut self, id: NodeId, level: u8) {
        let page = self.page;
        let title = self.heading_words(id);
        let ids: Vec<&str> = page.tree.below(id).filter_map(|inner| place_name(&page.tree, inner)).collect();
        if title.is_empty() {
            ids.into_iter().for_each(|name| self.id(name));
            return;
        }
        for link in page.tree.below(id).filter_map(|inner| page.tree.attribute(inner, "href")) {
            // Where a heading leads to itself, nothing is said.
            if !link.trim().is_empty() && !link.starts_with('#') {
                self.push_link(LinkForm::Html, link, page.tree.node(id).line);
            }
        }
        let mut ids = ids.into_iter();
        let anchor = ids.next().or_else(|| around(&page.tree, id, self.content)).unwrap_or_default().to_owned();
        ids.for_each(|name| self.id(name));
        let is_first = self.n_headings == 0;
        self.n_headings += 1;
        if self.body.first_heading.is_none() {
            self.body.first_heading = Some(title.clone());
        }
        if level == 1 && self.body.title.is_none() {
            self.body.title = Some(title.clone());
            self.body.is_title_first = is_first && self.section.text.is_empty() && self.section.locked.is_empty();
            if is_first {
                // The title stands over the lead.
                self.body.title_anchor.clone_from(&anchor);
                self.id(&anchor);
                return;
            }
        }
        if anchor.is_empty() || !self.anchors.insert(anchor.clone()) {
            return self.bold_line(&title, page.tree.node(id).line);
        }
        self.end_section();
        self.section.title = title;
        self.section.anchor = anchor;
        self.section.level = level;
        self.resume();
    }

    /// Writes a heading that no link can lead to.
    fn bold_line(&mut self, title: &str, line: u32) {
        let place = self.places.of(title, line);
        self.block();
        let text = self.text();
        text.plain.push(title, place);
        text.html.raw("<p><strong>");
        text.html.push(title);
        text.html.raw("</strong></p>\n");
        text.markdown.signs("**");
        text.markdown.words(title);
        text.markdown.signs("**");
        self.block();
    }

    /// The words of a heading without the signs that lead to it.
    fn heading_words(&self, id: NodeId) -> String {
        let tree = &self.page.tree;
        let all = words(tree, id, self.content, &|_| false);
        let is_sign = |link: NodeId| {
            tree.name(link) == "a"
                && tree.attribute(link, "href").is_some_and(|href| href.starts_with('#'))
                && (is_permalink(tree, link) || !tree.text(link).contains(char::is_alphanumeric))
        };
        let bare = words(tree, id, self.content, &is_sign);
        // mdBook's headings are links as a whole.
        if bare.is_empty() { all } else { bare }
    }

    /// Whether a link is the sign behind a heading that leads to it.
    pub(super) fn is_sign_behind_heading(&self, link: NodeId) -> bool {
        let tree = &self.page.tree;
        let target = tree.attribute(link, "href").and_then(|href| href.strip_prefix('#'));
        let is_own = target.is_some_and(|target| !target.is_empty() && *target == *self.section.anchor);
        let is_bare = self.section.text.is_empty() && self.section.locked.is_empty();
        is_own && is_bare || target.is_some() && is_permalink(tree, link)
    }
}

/// Whether a link says by its class that it only leads to its own place.
fn is_permalink(tree: &Tree, link: NodeId) -> bool {
    let class = tree.attribute(link, "class").unwrap_or_default().to_ascii_lowercase();
    let signs = ["headerlink", "header-anchor", "hash-link", "anchor-link", "heading-anchor", "permalink"];
    class
        .split_whitespace()
        .any(|name| name == "anchor" || name == "anchorjs-link" || signs.iter().any(|sign| name.contains(sign)))
}

/// The name of the place that an element is.
pub(super) fn place_name(tree: &Tree, id: NodeId) -> Option<&str> {
    let own = tree.attribute(id, "id").or_else(|| tree.attribute(id, "name").filter(|_| tree.name(id) == "a"));
    own.map(str::trim).filter(|name| !name.is_empty())
}

/// The id of an element that begins with the heading `id`.
fn around(tree: &Tree, id: NodeId, content: NodeId) -> Option<&str> {
    let mut inner = id;
    for outer in tree.above(id).take(N_AROUND) {
        if outer == content {
            return None;
        }
        let before = tree.node(outer).children.iter().take_while(|child| **child != inner);
        if before.into_iter().any(|child| !tree.text(*child).trim().is_empty()) {
            return None;
        }
        if let Some(name) = place_name(tree, outer) {
            return Some(name);
        }
        inner = outer;
    }
    None
}

/// The words under `id` without what is no content and what `is_left_out`.
fn words(tree: &Tree, id: NodeId, content: NodeId, is_left_out: &dyn Fn(NodeId) -> bool) -> String {
    let mut words = String::new();
    let mut open = vec![id];
    while let Some(next) = open.pop() {
        if next != id && (is_dropped(tree, next, content) || is_left_out(next)) {
            continue;
        }
        match &tree.node(next).kind {
            NodeKind::Text { text, .. } => words.push_str(text),
            NodeKind::Element { .. } if matches!(tree.name(next), "br" | "img") => words.push(' '),
            _ => {}
        }
        open.extend(tree.node(next).children.iter().rev());
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
