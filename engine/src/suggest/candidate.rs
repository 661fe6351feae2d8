//! Pairs of pages for which something speaks.

use gradus_corpus::{Corpus, Page, same_name};
use gradus_graph::Graph;

use super::evidence::{EvidenceKind, kind_of};
use super::known::Known;
use super::near::Near;
use super::net::Net;
use super::scope::{Explained, ProposalScope};
use super::signal::{ClueRow, Clues};
use super::standing::{can_be_needed, can_need, is_aside, is_reference, opens};

/// A pair of pages that may be a prerequisite and what needs it.
pub(super) struct PrerequisiteCandidate {
    /// The prerequisite.
    pub(super) from: u32,
    /// What would need it.
    pub(super) to: u32,
    /// What speaks for it.
    pub(super) row: ClueRow,
    /// Whether there is a line that speaks for it, beyond words that both have in common.
    pub(super) has_line: bool,
    /// Whether nothing about the pages themselves speaks against it: their order, or that one of them is no lesson.
    pub(super) is_sound: bool,
}

/// The pairs in which one names, links to or reads like the other, by `to`, then `from`; those that authors declare or imply
/// are among them, for learning.
pub(super) fn candidates(
    scope: ProposalScope,
    corpus: &Corpus,
    graph: &Graph,
    clues: &Clues<'_>,
) -> Vec<PrerequisiteCandidate> {
    let mut found = Vec::new();
    let sent_on = sent_on(clues.net);
    let explained = (scope == ProposalScope::Assumed).then(|| Explained::new(corpus, graph));
    for to in 0..u32::try_from(clues.net.len()).unwrap_or(u32::MAX) {
        for from in near_of(clues.net, clues.near, clues.known, &sent_on[to as usize], to) {
            let (needed, needing) = (clues.net.pages[from as usize], clues.net.pages[to as usize]);
            if !scope.admits(corpus, needed, needing) {
                continue;
            }
            let kind = kind_of(clues.net, from, to);
            let is_sound = kind.is_some_and(|kind| match scope {
                ProposalScope::Concepts => true,
                ProposalScope::Guides => is_sound(corpus, clues, kind, (from, to)),
                ProposalScope::Assumed => {
                    let is_used = !matches!(kind, EvidenceKind::SeeAlso | EvidenceKind::Name);
                    let can_assume = |explained: &Explained| explained.can_assume(corpus, graph, needing, needed);
                    let (concept, guide) = (corpus.page(needed), corpus.page(needing));
                    is_used
                        && can_need(guide)
                        && !is_elsewhere(concept, guide)
                        && explained.as_ref().is_some_and(can_assume)
                }
            });
            found.push(PrerequisiteCandidate {
                from,
                to,
                row: clues.row(from, to),
                has_line: kind.is_some(),
                is_sound,
            });
        }
    }
    found
}

/// Names that stand on more than half of the pages are the site's own, from this many pages on.
const BRAND_PAGES: usize = 20;

fn is_sound(corpus: &Corpus, clues: &Clues<'_>, kind: EvidenceKind, (from, to): (u32, u32)) -> bool {
    let page = |node: u32| corpus.page(clues.net.pages[node as usize]);
    let (needed, needing) = (page(from), page(to));
    // An order is what its author thinks comes first, unless the text says otherwise.
    let is_against_order = clues.places.order(from, to) < 0.0 && kind != EvidenceKind::Before;
    let is_brand = clues.net.len() >= BRAND_PAGES && clues.flow.rarity[from as usize] < std::f32::consts::LN_2;
    let is_same_title = same_name(&needed.title, &needing.title);
    let is_only_begun = opens(needing) && kind != EvidenceKind::Before;
    // "To get started" names no page.
    let is_only_said = opens(needed) && kind == EvidenceKind::Mention && !is_linked(clues.net, from, to);
    // What is listed beside others in a title is no part of it.
    let is_only_listed = kind == EvidenceKind::Name && LISTING.iter().any(|sign| needing.title.contains(sign));
    let is_only_looked_up = is_reference(needed) && kind != EvidenceKind::Before;
    can_be_needed(needed)
        && can_need(needing)
        && !(is_against_order
            || is_brand
            || is_same_title
            || is_elsewhere(needed, needing)
            || is_only_begun
            || is_only_said
            || is_only_listed
            || is_only_looked_up
            || is_aside(needed, needing))
}

/// What stands between the parts of a title that are of the same rank.
const LISTING: [&str; 3] = [" and ", " & ", ", "];

/// Pages of another language or version are for other readers.
fn is_elsewhere(needed: &Page, needing: &Page) -> bool {
    needed.lang != needing.lang || needed.version != needing.version
}

fn is_linked(net: &Net, from: u32, to: u32) -> bool {
    net.says(to, from).is_some_and(|told| told.link.is_some())
}

/// For each page, those that send their readers on to it.
fn sent_on(net: &Net) -> Vec<Vec<u32>> {
    let mut sent: Vec<Vec<u32>> = vec![Vec::new(); net.len()];
    for (node, told) in (0..).zip(&net.told) {
        for one in told.iter().filter(|one| one.onward.is_some()) {
            sent[one.node as usize].push(node);
        }
    }
    sent
}

/// The pages that may be needed for `to`, by position.
fn near_of(net: &Net, near: &Near, known: &Known, sent_on: &[u32], to: u32) -> Vec<u32> {
    let told = net.told[to as usize].iter().map(|one| one.node);
    let nearest = near.nearest[to as usize].iter().map(|(node, _)| *node);
    let within = net.within[to as usize].iter().copied();
    let declared = known.needs(to).iter().copied();
    let mut found: Vec<u32> =
        told.chain(nearest).chain(within).chain(declared).chain(sent_on.iter().copied()).collect();
    found.sort_unstable();
    found.dedup();
    found.retain(|from| *from != to);
    found
}
