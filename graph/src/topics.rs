//! Topics: what concepts belong together, and which of them connect one topic with another?

mod communities;

use std::cmp::Reverse;

use gradus_corpus::{PageId, Relation};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::rows::Rows;
use communities::{Network, communities};

/// Edges among concepts from which topics are not looked for: building them would take longer than building the graph.
pub const MAX_TOPIC_EDGES: usize = 2_000_000;
/// What connects concepts, and how strongly; what is only recommended connects half as strongly.
const CONNECTS: [(Relation, u64); 5] = [
    (Relation::Requires, 2),
    (Relation::PartOf, 2),
    (Relation::ImprovesOn, 2),
    (Relation::Contrasts, 2),
    (Relation::Related, 2),
];

/// Concepts that have more to do with each other than with others.
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
    /// The topics that `rows` show, unless there are too many edges. Near O(edges).
    pub(crate) fn find(rows: &Rows) -> Option<Self> {
        let n_edges: usize = CONNECTS.iter().map(|(relation, _)| rows.from(*relation).n_edges()).sum();
        if n_edges > MAX_TOPIC_EDGES {
            return None;
        }
        let found = communities(Network::new((0..rows.n_concepts()).map(|concept| connected(rows, concept))));
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
        let weight_inside = |concept: &PageId| {
            let inside =
                connected(rows, concept.0).into_iter().filter(|(other, _)| of[*other as usize] == of[concept.idx()]);
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

/// The concepts that `concept` is connected with in either direction and how strongly, by id.
pub(crate) fn connected(rows: &Rows, concept: u32) -> Vec<(u32, u64)> {
    let mut found: Vec<(u32, u64)> = Vec::new();
    for (relation, weight) in CONNECTS {
        for csr in [rows.from(relation), rows.to(relation)] {
            let others = csr.row(concept).iter().filter(|entry| rows.is_concept(entry.node) && entry.node != concept);
            found.extend(others.map(|entry| (entry.node, if entry.is_required() { weight } else { weight / 2 })));
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
