//! The concept graph and its questions.
//!
//! A [`Graph`] is built once from a corpus and never changes. It answers with [`PageId`]s; titles, reasons and JSON are
//! the business of whoever asks. It knows nothing of text search. petgraph's algorithms run on our own storage and stay
//! inside.
//!
//! Key decision: one pair of compressed rows a relation, forward and reverse. A question walks only the rows it needs, and
//! costs what its answer costs: marks of visited pages come from a pool and are never cleared. The price is two entries of
//! eight bytes an edge.

mod around;
mod closure;
mod csr;
mod local;
mod neighbourhood;
mod next;
mod path;
mod plan;
mod scratch;
mod shared;
mod topics;
mod walk;

pub use around::{Common, Hidden};
pub use closure::{Closure, ClosureAsk, ClosureEdge, Strengths};
pub use neighbourhood::{Layout, Place, Subgraph, SubgraphEdge};
pub use next::Next;
pub use path::{Path, Paths};
pub use plan::{Assume, DeferReason, GapReason, Material, Plan, PlanAsk, Step, TooFar};
pub use topics::{Bridge, MAX_TOPIC_EDGES, NearTopic, Topic};
pub use walk::RESTART;

use csr::{Arc, Csr, narrow};
use gradus_corpus::{Corpus, Edge, Origin, PageId, Relation, Strength};
use rustc_hash::FxHashMap;

/// Edges from which two-hop redundancy is no longer looked for: no author reads a million hints.
const MAX_EDGES_CHECKED: usize = 1_000_000;

/// The graph over a corpus.
#[derive(Debug)]
pub struct Graph {
    n_concepts: u32,
    n_pages: usize,
    minutes: Vec<u32>,
    /// Rows by relation, in the order of [`Relation::ALL`].
    forward: Vec<Csr>,
    reverse: Vec<Csr>,
    cycles: Vec<Vec<PageId>>,
    /// Positions in `cycles` of the pages in them.
    cycle_of: FxHashMap<u32, u32>,
    /// The concepts that require nothing, by id.
    foundations: Vec<u32>,
    lessons: Vec<plan::Lesson>,
    /// Positions in `lessons` of those that teach a concept.
    taught_in: Csr,
    redundant: Vec<u32>,
    topics: Option<topics::Topics>,
    scratch: scratch::Pool,
    around: around::Around,
    sums: around::Sums,
}

impl Graph {
    /// The graph over `corpus`. O(pages + edges).
    pub fn new(corpus: &Corpus) -> Self {
        let n_pages = corpus.n_pages();
        let (forward, reverse) = rows(corpus);
        let lessons = plan::lessons(corpus);
        let teaches = lessons.iter().enumerate().flat_map(|(idx, lesson)| {
            let lesson_idx = narrow(idx);
            lesson.concepts.iter().map(move |concept| Arc {
                from: concept.0,
                to: lesson_idx,
                edge: 0,
                is_required: true,
            })
        });
        let taught_in = Csr::new(n_pages, teaches);
        let around = around::Around::new(n_pages, &forward, &reverse);
        let mut graph = Self {
            n_concepts: narrow(corpus.n_concepts()),
            n_pages,
            minutes: corpus.pages().map(|(_, page)| page.minutes).collect(),
            forward,
            reverse,
            cycles: Vec::new(),
            cycle_of: FxHashMap::default(),
            foundations: Vec::new(),
            lessons,
            taught_in,
            redundant: Vec::new(),
            topics: None,
            scratch: scratch::Pool::new(n_pages),
            around,
            sums: around::Sums::default(),
        };
        graph.cycles = graph.find_cycles();
        for (idx, cycle) in (0..).zip(&graph.cycles) {
            graph.cycle_of.extend(cycle.iter().map(|page| (page.0, idx)));
        }
        graph.foundations = (0..graph.n_concepts).filter(|page| graph.needs_nothing(*page)).collect();
        graph.redundant = graph.find_redundant(corpus.declared());
        graph.topics = graph.find_topics();
        graph
    }

    /// Groups of pages that require each other, each sorted, by their first page.
    pub fn cycles(&self) -> &[Vec<PageId>] {
        &self.cycles
    }

    /// The positions in [`Corpus::declared`] of required edges without a reason that two others imply, in order.
    pub fn redundant(&self) -> impl Iterator<Item = u32> + '_ {
        self.redundant.iter().copied()
    }

    /// How many pages name `page` as their prerequisite.
    pub fn n_dependents(&self, page: PageId) -> usize {
        self.dependents(page).count()
    }

    /// The positions in [`Corpus::declared`] of the edges by which pages need `page`, by page.
    pub fn dependents(&self, page: PageId) -> impl Iterator<Item = u32> + '_ {
        [Relation::Requires, Relation::Assumes].into_iter().flat_map(move |relation| self.edges_to(page, relation))
    }

    /// The positions in [`Corpus::declared`] of the typed relations that other pages state of `page`.
    pub fn related_by(&self, page: PageId) -> impl Iterator<Item = u32> + '_ {
        let typed = [Relation::Contrasts, Relation::PartOf, Relation::ImprovesOn];
        typed.into_iter().flat_map(move |relation| self.edges_to(page, relation))
    }

    /// The guides that teach `concept`, by id.
    pub fn taught_by(&self, concept: PageId) -> impl Iterator<Item = PageId> + '_ {
        self.to(Relation::Teaches).row(concept.0).iter().map(|entry| PageId(entry.node))
    }

    /// The concepts that `guide` teaches, by id.
    pub fn teaches(&self, guide: PageId) -> impl Iterator<Item = PageId> + '_ {
        self.from(Relation::Teaches).row(guide.0).iter().map(|entry| PageId(entry.node))
    }

    fn edges_to(&self, page: PageId, relation: Relation) -> impl Iterator<Item = u32> + '_ {
        self.to(relation).row(page.0).iter().map(|entry| entry.edge())
    }

    /// Rows of what pages state.
    fn from(&self, relation: Relation) -> &Csr {
        &self.forward[relation as usize]
    }

    /// Rows of what is stated of pages.
    fn to(&self, relation: Relation) -> &Csr {
        &self.reverse[relation as usize]
    }

    fn is_concept(&self, page: u32) -> bool {
        page < self.n_concepts
    }

    fn needs_nothing(&self, page: u32) -> bool {
        self.from(Relation::Requires).row(page).iter().all(|entry| !entry.is_required() || entry.node == page)
    }

    fn find_cycles(&self) -> Vec<Vec<PageId>> {
        let components = csr::components(self.from(Relation::Requires), self.to(Relation::Requires));
        let mut cycles: Vec<Vec<PageId>> = components
            .into_iter()
            .filter(|component| component.len() > 1)
            .map(|component| component.into_iter().map(PageId).collect())
            .collect();
        cycles.iter_mut().for_each(|cycle| cycle.sort_unstable());
        cycles.sort_unstable();
        cycles
    }

    fn find_redundant(&self, declared: &[Edge]) -> Vec<u32> {
        let requires = self.from(Relation::Requires);
        if requires.n_edges() > MAX_EDGES_CHECKED {
            return Vec::new();
        }
        let implied = |from: u32, to: u32| {
            let others = requires.row(from).iter().filter(|entry| entry.is_required() && entry.node != to);
            others
                .into_iter()
                .any(|other| requires.row(other.node).iter().any(|entry| entry.is_required() && entry.node == to))
        };
        let required =
            (0..narrow(self.n_pages)).flat_map(|from| requires.row(from).iter().map(move |entry| (from, entry)));
        required
            .filter(|(_, entry)| entry.is_required() && declared[entry.edge() as usize].reason.is_none())
            .filter(|(from, entry)| *from != entry.node && implied(*from, entry.node))
            .map(|(_, entry)| entry.edge())
            .collect()
    }
}

/// Rows of every relation in both directions. Inferred edges are nobody's word and stay out.
fn rows(corpus: &Corpus) -> (Vec<Csr>, Vec<Csr>) {
    let n_pages = corpus.n_pages();
    let found: Vec<Edge> = (0..n_pages).flat_map(|idx| corpus.found_in(PageId(narrow(idx)))).collect();
    let arc = |(idx, edge): (usize, &Edge)| Arc {
        from: edge.from.0,
        to: edge.to.0,
        edge: narrow(idx),
        is_required: edge.strength == Strength::Required,
    };
    let both = |relation: Relation| {
        let declared = corpus.declared().iter().enumerate();
        let said = declared.filter(move |(_, edge)| edge.relation == relation && edge.origin != Origin::Inferred);
        let seen = found.iter().enumerate().filter(move |(_, edge)| edge.relation == relation);
        let arcs = said.map(arc).chain(seen.map(arc));
        let back = arcs.clone().map(|arc| Arc { from: arc.to, to: arc.from, ..arc });
        (Csr::new(n_pages, arcs), Csr::new(n_pages, back))
    };
    Relation::ALL.iter().map(|relation| both(*relation)).unzip()
}
