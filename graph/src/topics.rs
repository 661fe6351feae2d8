//! Topics: what concepts belong together, and which of them connect one topic with another? Where there are no concepts, guides.

mod communities;

use std::cmp::Reverse;

use gradus_corpus::{PageId, Relation};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::rows::Rows;
use communities::{Network, communities};

/// Edges among concepts, or guides, from which topics are not looked for: building them would take longer than building the graph.
pub const MAX_TOPIC_EDGES: usize = 2_000_000;
/// What connects guides where there are no concepts. An order connects as authors mean it, a link as much as any other.
const CONNECTS_GUIDES: &[(Relation, u64)] = &[
    (Relation::Requires, 2),
    (Relation::Assumes, 2),
    (Relation::Related, 2),
    (Relation::Follows, 2),
    (Relation::Links, 1),
];
/// What connects concepts, and how strongly; what is only recommended connects half as strongly.
const CONNECTS: &[(Relation, u64)] = &[
    (Relation::Requires, 2),
    (Relation::PartOf, 2),
    (Relation::ImprovesOn, 2),
    (Relation::Contrasts, 2),
    (Relation::Related, 2),
];

/// Concepts that have more to do with each other than with others; guides where there are no concepts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// Its concepts, those that most of the others are connected with first, then by id.
    pub concepts: Vec<PageId>,
}

/// The topics of a corpus.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Topics {
    topics: Vec<Topic>,
    /// The topic of each concept; `None` where it is connected with nothing.
    of: Vec<Option<u32>>,
}

impl Topics {
    /// The topics that `rows` show, unless there are too many edges. Guides that may not be named are in none. Near O(edges).
    pub(crate) fn find(rows: &Rows, is_named: &dyn Fn(PageId) -> bool) -> Option<Self> {
        let n_edges: usize = connects(rows).iter().map(|(relation, _)| rows.from(*relation).n_edges()).sum();
        if n_edges > MAX_TOPIC_EDGES {
            return None;
        }
        let takes_part = |page: u32| rows.is_concept(page) || is_named(PageId(page));
        let near = |page: u32| {
            let mut near = if takes_part(page) { connected(rows, page) } else { Vec::new() };
            near.retain(|(other, _)| takes_part(*other));
            near
        };
        let found = communities(Network::new((0..rows.n_connected()).map(near)));
        let mut topics: FxHashMap<u32, Vec<PageId>> = FxHashMap::default();
        for (concept, community) in (0..).zip(&found) {
            topics.entry(*community).or_default().push(PageId(concept));
        }
        let mut topics: Vec<Vec<PageId>> = topics.into_values().filter(|concepts| concepts.len() > 1).collect();
        topics.sort_unstable_by_key(|concepts| (Reverse(concepts.len()), concepts[0]));
        let mut of = vec![None; found.len()];
        for (topic, concepts) in (0..).zip(&topics) {
            concepts.iter().for_each(|concept| of[concept.idx()] = Some(topic));
        }
        let is_inside = |concept: &PageId, other: u32| of[other as usize] == of[concept.idx()];
        let weight_inside = |concept: &PageId| {
            if rows.n_concepts() == 0 {
                // An order has every guide between two others and tells nothing of what is central; who is linked to does.
                return pointing_at(rows, concept.0).filter(|other| is_inside(concept, *other)).count() as u64;
            }
            let inside = connected(rows, concept.0).into_iter().filter(|(other, _)| is_inside(concept, *other));
            inside.map(|(_, weight)| weight).sum::<u64>()
        };
        for concepts in &mut topics {
            concepts.sort_by_cached_key(|concept| (Reverse(weight_inside(concept)), *concept));
        }
        Some(Self { topics: topics.into_iter().map(|concepts| Topic { concepts }).collect(), of })
    }

    pub(crate) fn all(&self) -> &[Topic] {
        &self.topics
    }

    /// The position of the topic of `concept`; `None` where it is connected with nothing.
    pub(crate) fn of(&self, concept: PageId) -> Option<usize> {
        self.of.get(concept.idx()).copied().flatten().map(|topic| topic as usize)
    }
}

/// The guides that name `guide` in any way but by standing next to it.
fn pointing_at(rows: &Rows, guide: u32) -> impl Iterator<Item = u32> + '_ {
    let named = CONNECTS_GUIDES.iter().filter(|(relation, _)| *relation != Relation::Follows);
    named
        .flat_map(move |(relation, _)| rows.to(*relation).row(guide))
        .map(|entry| entry.node)
        .filter(move |other| *other != guide)
}

/// What connects the pages that topics are made of.
fn connects(rows: &Rows) -> &'static [(Relation, u64)] {
    if rows.n_concepts() > 0 { CONNECTS } else { CONNECTS_GUIDES }
}

/// The concepts that `concept` is connected with in either direction and how strongly, by id.
pub(crate) fn connected(rows: &Rows, concept: u32) -> Vec<(u32, u64)> {
    let mut found: Vec<(u32, u64)> = Vec::new();
    for (relation, weight) in connects(rows) {
        for csr in [rows.from(*relation), rows.to(*relation)] {
            let is_other = |node: u32| node < rows.n_connected() && node != concept;
            let others = csr.row(concept).iter().filter(|entry| is_other(entry.node));
            found.extend(others.map(|entry| (entry.node, if entry.is_required() { *weight } else { weight / 2 })));
        }
    }
    found.sort_unstable();
    found.dedup_by(|later, kept| {
        let same = later.0 == kept.0;
        if same {
            kept.1 += later.1;
        }
        same
    });
    found
}
