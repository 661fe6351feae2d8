//! A graph written down and read back: what walking needs and what was found out once, but for the room that walks work in.

use gradus_corpus::PageId;
use serde::de::{Deserialize, Deserializer};
use serde::{Serialize, Serializer};

use crate::csr::Csr;
use crate::cycles::Cycles;
use crate::graph::Graph;
use crate::lesson::Lesson;
use crate::neighbours::Neighbours;
use crate::page_scores::ScorePool;
use crate::reading_order::ReadingOrder;
use crate::rows::Rows;
use crate::scratch::VisitPool;
use crate::topics::Topics;

/// The parts of a graph, as they are written.
#[derive(Serialize)]
#[serde(rename = "Graph")]
struct WrittenGraph<'a> {
    rows: &'a Rows,
    minutes: &'a [u32],
    cycles: &'a [Vec<PageId>],
    foundations: &'a [u32],
    lessons: &'a [Lesson],
    taught_in: &'a Csr,
    topics: &'a Option<Topics>,
    neighbours: &'a Neighbours,
    reading_order: &'a ReadingOrder,
    redundant: &'a [u32],
}

/// The same, as they are read.
#[derive(serde::Deserialize)]
#[serde(rename = "Graph")]
struct ReadGraph {
    rows: Rows,
    minutes: Vec<u32>,
    cycles: Vec<Vec<PageId>>,
    foundations: Vec<u32>,
    lessons: Vec<Lesson>,
    taught_in: Csr,
    topics: Option<Topics>,
    neighbours: Neighbours,
    reading_order: ReadingOrder,
    redundant: Vec<u32>,
}

impl Serialize for Graph {
    /// O(pages + edges).
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self {
            rows, minutes, foundations, lessons, taught_in, topics, neighbours, reading_order, redundant, ..
        } = self;
        let cycles = self.cycles.all();
        WrittenGraph {
            rows,
            minutes,
            cycles,
            foundations,
            lessons,
            taught_in,
            topics,
            neighbours,
            reading_order,
            redundant,
        }
        .serialize(to)
    }
}

impl<'de> Deserialize<'de> for Graph {
    /// O(pages + edges).
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let read = ReadGraph::deserialize(from)?;
        Ok(Self {
            visits: VisitPool::new(read.rows.n_pages()),
            scores: ScorePool::default(),
            cycles: Cycles::from_sorted(read.cycles),
            rows: read.rows,
            minutes: read.minutes,
            foundations: read.foundations,
            lessons: read.lessons,
            taught_in: read.taught_in,
            topics: read.topics,
            neighbours: read.neighbours,
            reading_order: read.reading_order,
            redundant: read.redundant,
        })
    }
}
