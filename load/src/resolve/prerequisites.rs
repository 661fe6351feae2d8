//! Prerequisites in texts: a section called so says with its links what a page needs.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::Resolver;
use gradus_corpus::names::fold;
use gradus_corpus::{Edge, Kind, Origin, Page, PageId, Position, Relation, Strength};

/// What authors call such a section, as names are compared. "Requirements" is none: it mostly lists what to install.
const TITLES: &[&str] = &[
    "prerequisites",
    "prerequisite",
    "pre requisites",
    "prereqs",
    "knowledge prerequisites",
    "before you begin",
    "before you start",
    "before you read",
    "before starting",
    "prior knowledge",
    "required knowledge",
    "assumed knowledge",
    "background knowledge",
    "what you need to know",
    "what you should know",
    "what you should already know",
    "you should already know",
    "voraussetzungen",
    "vorkenntnisse",
    "prérequis",
    "prerequis",
    "avant de commencer",
    "requisitos previos",
    "antes de empezar",
    "pré requisitos",
    "pre requisitos",
    "antes de começar",
    "prerequisiti",
    "前提条件",
    "前提知識",
    "先决条件",
    "前置条件",
    "前置知识",
    "필수 구성 요소",
    "사전 준비",
    "предварительные требования",
];

/// Whether a heading announces prerequisites; a number before it and signs around it do not matter.
fn announces(title: &str) -> bool {
    static FOLDED: LazyLock<FxHashSet<String>> = LazyLock::new(|| TITLES.iter().map(|title| fold(title)).collect());
    let bare = title.trim_matches(|char: char| !char.is_alphabetic());
    FOLDED.contains(&fold(bare))
}

impl Resolver {
    /// Adds what the sections on prerequisites link to, and what stands under their lower headings. Links behind the
    /// preview of a pro guide say nothing here: an edge would tell of them.
    pub(super) fn announced(&self, edges: &mut Vec<Edge>) {
        let taught: FxHashSet<(PageId, PageId)> =
            edges.iter().filter(|edge| edge.relation == Relation::Teaches).map(|edge| (edge.from, edge.to)).collect();
        for (from, page) in (0..).map(PageId).zip(&self.pages) {
            for (to, position) in announced_by(page) {
                let relation = match (page.kind, self.pages[to.idx()].kind) {
                    (Kind::Guide, Kind::Concept) => Relation::Assumes,
                    (Kind::Concept, Kind::Guide) => continue,
                    _ => Relation::Requires,
                };
                if !taught.contains(&(from, to)) {
                    let (strength, origin) = (Strength::Required, Origin::Inline);
                    edges.push(Edge { from, relation, to, strength, origin, count: 1, reason: None, position });
                }
            }
        }
    }
}

/// The pages that the sections on prerequisites of `page` link to.
fn announced_by(page: &Page) -> Vec<(PageId, Position)> {
    let mut found = Vec::new();
    let mut level = None;
    for section in &page.sections {
        if level.is_some_and(|level| section.level <= level) {
            level = None;
        }
        if level.is_none() && announces(&section.title) {
            level = Some(section.level);
        }
        if level.is_some() {
            found.extend(section.text.links.iter().map(|link| (link.target, link.position)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::announces;

    #[test]
    fn headings_announce_prerequisites_in_many_words() {
        for title in
            ["Prerequisites", "1. Prerequisites:", "🧰 Before you begin", "Pre-requisites", "Prérequis", "前提条件"]
        {
            assert!(announces(title), "{title}");
        }
        for title in ["", "Requirements", "Prerequisites for experts only", "Begin"] {
            assert!(!announces(title), "{title}");
        }
    }
}
