//! Which topics are connected, and by which concepts?

use std::cmp::Reverse;
use std::collections::BTreeMap;

use gradus_corpus::PageId;
use rustc_hash::FxHashMap;

use crate::graph::Graph;
use crate::topics::{Topic, Topics, connected};

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
    /// A concept of the topic on its side.
    pub concept: PageId,
    /// The concepts of the other topic that it is connected with, by id.
    pub across: Vec<PageId>,
}

impl Graph {
    /// The topics, largest first, then by their first concept; `None` above [`MAX_TOPIC_EDGES`](crate::MAX_TOPIC_EDGES). A concept that nothing
    /// connects with another is in none.
    pub fn topics(&self) -> Option<&[Topic]> {
        self.topics.as_ref().map(Topics::all)
    }

    /// The position in [`Graph::topics`] of the topic of `concept`, if it is in one.
    pub fn topic_of(&self, concept: PageId) -> Option<usize> {
        self.topics.as_ref()?.of(concept)
    }

    /// The topics that the topic at `position` is connected with, most first, then by position. O(edges of its concepts).
    pub fn near_topics(&self, position: usize) -> Vec<NearTopic> {
        let topic = self.topics().and_then(|topics| topics.get(position));
        let mut across: FxHashMap<usize, Vec<Bridge>> = FxHashMap::default();
        for concept in topic.into_iter().flat_map(|topic| &topic.concepts) {
            for (other, _) in connected(&self.rows, concept.0) {
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
