//! The graph over a corpus, and what it knows without walking.

use gradus_corpus::{Corpus, PageId, Relation};

use crate::csr::{Csr, DirectedEdge, narrow};
use crate::cycles::Cycles;
use crate::lesson::{Lesson, lessons};
use crate::neighbours::Neighbours;
use crate::page_scores::ScorePool;
use crate::reading_order::ReadingOrder;
use crate::redundant::redundant;
use crate::rows::Rows;
use crate::scratch::VisitPool;
use crate::topics::Topics;

/// The graph over a corpus.
#[derive(Debug)]
pub struct Graph {
    pub(crate) rows: Rows,
    /// Minutes to learn each page.
    pub(crate) minutes: Vec<u32>,
    pub(crate) cycles: Cycles,
    /// The concepts that require nothing, by id; where there are no concepts, the guides.
    pub(crate) foundations: Vec<u32>,
    pub(crate) lessons: Vec<Lesson>,
    /// Positions in `lessons` of those that teach a concept.
    pub(crate) taught_in: Csr,
    pub(crate) topics: Option<Topics>,
    pub(crate) visits: VisitPool,
    pub(crate) neighbours: Neighbours,
    pub(crate) scores: ScorePool,
    pub(crate) reading_order: ReadingOrder,
    pub(crate) redundant: Vec<u32>,
}

impl Graph {
    /// The graph over `corpus`. O(pages + edges + names in texts), each row sorted, where pages have few prerequisites; on
    /// dense graphs the search for redundant edges takes longer, up to a limit.
    pub fn new(corpus: &Corpus) -> Self {
        Self::of(corpus, false)
    }

    /// The same with the edges that were concluded and that nobody has said.
    pub fn with_inferred(corpus: &Corpus) -> Self {
        Self::of(corpus, true)
    }

    fn of(corpus: &Corpus, infers: bool) -> Self {
        let rows = Rows::new(corpus, infers);
        let lessons = lessons(corpus);
        let teaches = (0..).zip(&lessons).flat_map(|(lesson_idx, lesson)| {
            lesson.concepts.iter().map(move |concept| DirectedEdge::plain(concept.0, lesson_idx))
        });
        Self {
            minutes: corpus.pages().map(|(_, page)| page.minutes).collect(),
            cycles: Cycles::new(&rows),
            foundations: foundations(&rows),
            taught_in: Csr::new(rows.n_pages(), teaches),
            topics: Topics::find(&rows, &|page| corpus.page(page).is_searchable),
            visits: VisitPool::new(rows.n_pages()),
            neighbours: Neighbours::new(&rows),
            scores: ScorePool::default(),
            reading_order: ReadingOrder::new(&rows),
            redundant: redundant(&rows, corpus.declared()),
            lessons,
            rows,
        }
    }

    /// Groups of pages that require each other, each sorted, by their first page.
    pub fn cycles(&self) -> &[Vec<PageId>] {
        self.cycles.all()
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
        self.rows.to(Relation::Teaches).row(concept.0).iter().map(|entry| PageId(entry.node))
    }

    /// The concepts that `guide` teaches, by id.
    pub fn teaches(&self, guide: PageId) -> impl Iterator<Item = PageId> + '_ {
        self.rows.teaches(guide.0).map(PageId)
    }

    /// The pages that `page` comes right after in an order, by id.
    pub fn follows(&self, page: PageId) -> impl Iterator<Item = PageId> + '_ {
        self.rows.from(Relation::Follows).required(page.0).filter(move |other| *other != page.0).map(PageId)
    }

    /// The pages that come right after `page` in an order, by id.
    pub fn followed_by(&self, page: PageId) -> impl Iterator<Item = PageId> + '_ {
        self.rows.to(Relation::Follows).required(page.0).filter(move |other| *other != page.0).map(PageId)
    }

    /// Whether the site has `one` before `other` in an order of its pages; `None` where no order has both.
    pub fn reads_before(&self, one: PageId, other: PageId) -> Option<bool> {
        let (one, other) = (self.reading_order.place(one.0)?, self.reading_order.place(other.0)?);
        (one.order == other.order).then_some(one.place < other.place)
    }

    fn edges_to(&self, page: PageId, relation: Relation) -> impl Iterator<Item = u32> + '_ {
        self.rows.to(relation).row(page.0).iter().map(|entry| entry.edge())
    }
}

fn foundations(rows: &Rows) -> Vec<u32> {
    let last = if rows.n_concepts() > 0 { rows.n_concepts() } else { narrow(rows.n_pages()) };
    (0..last).filter(|page| rows.from(Relation::Requires).required(*page).all(|need| need == *page)).collect()
}
