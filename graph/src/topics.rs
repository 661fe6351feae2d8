//! Topics: what concepts belong together, and which of them connect one topic with another?

mod communities;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use gradus_corpus::{PageId, Relation};
use rustc_hash::FxHashMap;

use crate::Graph;
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// Its concepts, those that most of the others are connected with first, then by id.
    pub concepts: Vec<PageId>,
}

/// The topics of a corpus.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Topics {
    topics: Vec<Topic>,
    /// The topic of each concept; `None` where it is connected with nothing.
    of: Vec<Option<u32>>,
}

/// A topic that is connected with another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearTopic {
    /// Position of the other topic in [`Graph::topics`].
    pub topic: usize,
    /// How many pairs of concepts connect the two.
    pub n_links: usize,
    /// The concepts on this side, those that connect most first, then by id.
    pub here: Vec<Bridge>,
    /// The concepts on the other side, in the same order.
    pub there: Vec<Bridge>,
}

/// A concept that connects its topic with another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bridge {
    /// The concept.
    pub concept: PageId,
    /// The concepts of the other topic that it is connected with, by id.
    pub across: Vec<PageId>,
}

impl Graph {
    /// The topics, largest first, then by their first concept; `None` above [`MAX_TOPIC_EDGES`]. A concept that nothing
    /// connects with another is in none.
    pub fn topics(&self) -> Option<&[Topic]> {
        self.topics.as_ref().map(|topics| topics.topics.as_slice())
    }

    /// The position in [`Graph::topics`] of the topic of `concept`, if it is in one.
    pub fn topic_of(&self, concept: PageId) -> Option<usize> {
        let topics = self.topics.as_ref()?;
        topics.of.get(concept.idx()).copied().flatten().map(|topic| topic as usize)
    }

    /// The topics that the topic at `position` is connected with, most first, then by position. O(edges of its concepts).
    pub fn near_topics(&self, position: usize) -> Vec<NearTopic> {
        let topic = self.topics().and_then(|topics| topics.get(position));
        let mut across: FxHashMap<usize, Vec<Bridge>> = FxHashMap::default();
        for concept in topic.into_iter().flat_map(|topic| &topic.concepts) {
            for (other, _) in self.connected(concept.0) {
                let Some(topic) = self.topic_of(PageId(other)).filter(|topic| *topic != position) else { continue };
                let bridges = across.entry(topic).or_default();
                match bridges.last_mut().filter(|last| last.concept == *concept) {
                    Some(last) => last.across.push(PageId(other)),
                    None => bridges.push(Bridge { concept: *concept, across: vec![PageId(other)] }),
                }
            }
        }
        let mut near: Vec<NearTopic> = across
            .into_iter()
            .map(|(topic, mut here)| {
                let mut there = reversed(&here);
                for bridges in [&mut here, &mut there] {
                    bridges.sort_by_key(|bridge| (Reverse(bridge.across.len()), bridge.concept));
                }
                NearTopic { topic, n_links: here.iter().map(|bridge| bridge.across.len()).sum(), here, there }
            })
            .collect();
        near.sort_by_key(|near| (Reverse(near.n_links), near.topic));
        near
    }

    /// Finds the topics, unless there are too many edges. Near O(edges).
    pub(crate) fn find_topics(&self) -> Option<Topics> {
        let n_edges: usize = CONNECTS.iter().map(|(relation, _)| self.from(*relation).n_edges()).sum();
        if n_edges > MAX_TOPIC_EDGES {
            return None;
        }
        let found = communities(Network::new((0..self.n_concepts).map(|concept| self.connected(concept))));
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
                self.connected(concept.0).into_iter().filter(|(other, _)| of[*other as usize] == of[concept.idx()]);
            inside.map(|(_, weight)| weight).sum::<u64>()
        };
        for concepts in &mut topics {
            concepts.sort_by_cached_key(|concept| (Reverse(weight_inside(concept)), *concept));
        }
        Some(Topics { topics: topics.into_iter().map(|concepts| Topic { concepts }).collect(), of })
    }

    /// The concepts that `concept` is connected with in either direction and how strongly, by id.
    fn connected(&self, concept: u32) -> Vec<(u32, u64)> {
        let mut found: Vec<(u32, u64)> = Vec::new();
        for (relation, weight) in CONNECTS {
            for rows in [self.from(relation), self.to(relation)] {
                let others =
                    rows.row(concept).iter().filter(|entry| self.is_concept(entry.node) && entry.node != concept);
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
}

/// The same connections, seen from the other side.
fn reversed(bridges: &[Bridge]) -> Vec<Bridge> {
    let mut there: BTreeMap<PageId, Vec<PageId>> = BTreeMap::new();
    for bridge in bridges {
        bridge.across.iter().for_each(|other| there.entry(*other).or_default().push(bridge.concept));
    }
    let bridge = |(concept, mut across): (PageId, Vec<PageId>)| {
        across.sort_unstable();
        Bridge { concept, across }
    };
    there.into_iter().map(bridge).collect()
}
