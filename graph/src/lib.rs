//! The concept graph and its questions.
//!
//! A [`Graph`] is built once from a corpus and never changes. It answers with [`PageId`](gradus_corpus::PageId)s; titles,
//! reasons and JSON are the business of whoever asks. It knows nothing of text search. petgraph's algorithms run on our
//! own storage and stay inside.
//!
//! Key decision: one pair of compressed rows a relation, forward and reverse. A question walks only the rows it needs, and
//! costs what its answer costs: marks of visited pages come from a pool and are never cleared. The price is two entries of
//! eight bytes an edge.
//!
//! Guides and concepts: a page *needs* what it requires; a guide also what it assumes and what the concepts it teaches
//! require, without what it teaches. What is learned one by one are concepts, and guides that teach none. So a chain leads
//! from page to page that needs the one before or something taught there; the frontier is made of guides where there are no
//! concepts or a guide is the goal; and closures, levels and plans go through guides like through concepts.
//!
//! Order is soft: `follows` says where an author would have it read, not what must be known. It joins two pages only where
//! no chain of needs does, puts the frontier and the steps of a plan in order where needs leave that open, and gives a
//! guide that states no prerequisites a start. It never makes a cycle, never enters a closure, and makes no neighbours.
//!
//! Modules stand in layers, and none imports one above it: storage (`csr`, `rows`), what is found once (`cycles`,
//! `neighbours`, `topics`, `lesson`), the [`Graph`] that holds both, and one file a question on top.

mod bits;
mod chain;
mod closure;
mod common_neighbours;
mod csr;
mod cycles;
mod depth;
mod frontier;
mod graph;
mod layout;
mod learning;
mod lesson;
mod local_graph;
mod near_topics;
mod neighbourhood;
mod neighbours;
mod page_scores;
mod path;
mod petgraph_traits;
mod plan;
mod random_walk;
mod reading_order;
mod redundant;
mod rows;
mod scratch;
mod shared_concepts;
mod topics;
mod written;

pub use chain::ChainEdge;
pub use closure::{Closure, ClosureEdge, ClosureOptions};
pub use common_neighbours::CommonNeighbours;
pub use frontier::FrontierPage;
pub use graph::Graph;
pub use layout::{Layout, LayoutPlace};
pub use learning::{CanOpen, PageLesson, PlanMinutes};
pub use near_topics::{Bridge, NearTopic};
pub use neighbourhood::{Subgraph, SubgraphEdge};
pub use neighbours::HiddenEdges;
pub use path::{Paths, PrerequisitePath};
pub use plan::{Assume, DeferReason, Depth, GapReason, Material, Plan, PlanOptions, StudyStep, TooFar};
pub use random_walk::RESTART;
pub use rows::StrengthFilter;
pub use topics::{MAX_TOPIC_EDGES, Topic};
