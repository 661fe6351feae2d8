//! The way to the targets: every page that stands before them, known or not.

use std::collections::hash_map::Entry;

use gradus_corpus::{PageId, Relation};
use rustc_hash::{FxHashMap, FxHashSet};

use super::options::{Assume, PlanOptions, TooFar};
use crate::csr::narrow;
use crate::graph::Graph;
use crate::rows::StrengthFilter;

/// Unknown pages on the way to the targets: what is longer is no plan that anybody could follow.
const MAX_PAGES: usize = 10_000;

/// The pages on the way, numbered from the targets down, breadth first: first what is required, then what is recommended.
#[derive(Default)]
pub(crate) struct Way {
    pub(crate) pages: Vec<u32>,
    place: FxHashMap<u32, u32>,
    /// For each page the place of the one that brought it onto the way; a target brought itself.
    leads_to: Vec<u32>,
    /// Whether each has to be learned: concepts, and guides that teach none, unless they are known.
    pub(crate) is_step: Vec<bool>,
    n_unknown: usize,
    /// Places from which on pages are only recommended.
    n_required: usize,
    /// From places to the places of what they need, a guide also to what it teaches.
    pub(crate) edges: Vec<(u32, u32)>,
    /// From places to the places of what they recommend: what is better learned before.
    pub(super) recommends: Vec<(u32, u32)>,
    /// Known pages on the way, by id.
    pub(super) known: Vec<PageId>,
}

/// What is known of the pages, and how that is told.
pub(crate) struct KnownPages(FxHashSet<u32>);

impl KnownPages {
    pub(crate) fn new(graph: &Graph, options: &PlanOptions<'_>) -> Self {
        match options.assume {
            Assume::Transitive => Self::transitive(graph, options.known),
            Assume::Exact => {
                let with_taught = |page: &PageId| std::iter::once(page.0).chain(graph.rows.teaches(page.0));
                Self(options.known.iter().flat_map(with_taught).collect())
            }
        }
    }

    /// `known` with all that stands below it. O(answer).
    pub(crate) fn transitive(graph: &Graph, known: &[PageId]) -> Self {
        let with_taught = known.iter().flat_map(|page| std::iter::once(page.0).chain(graph.rows.teaches(page.0)));
        let mut all: Vec<u32> = with_taught.collect();
        graph.visits.visit(|visit| {
            all.retain(|page| visit.see(*page, 0));
            let mut next = 0;
            while next < all.len() {
                let needs = graph.rows.needs(all[next], StrengthFilter::Required);
                all.extend(needs.into_iter().filter(|need| visit.see(*need, 0)));
                next += 1;
            }
        });
        Self(all.into_iter().collect())
    }

    pub(crate) fn contains(&self, page: u32) -> bool {
        self.0.contains(&page)
    }

    pub(crate) fn pages(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().copied()
    }
}

impl Way {
    pub(super) fn has(&self, page: u32) -> bool {
        self.place.contains_key(&page)
    }

    pub(crate) fn place(&self, page: u32) -> Option<u32> {
        self.place.get(&page).copied()
    }

    pub(super) fn is_required(&self, place: u32) -> bool {
        (place as usize) < self.n_required
    }

    /// The pages that have to be learned, as places.
    pub(crate) fn steps(&self) -> impl Iterator<Item = u32> + '_ {
        (0..).zip(&self.is_step).filter(|(_, is_step)| **is_step).map(|(place, _)| place)
    }

    /// Leaves `page` out of what has to be learned.
    pub(super) fn drop_step(&mut self, page: u32) {
        if let Some(place) = self.place(page) {
            self.is_step[place as usize] = false;
        }
    }

    /// The chain from the page at `place` to a target.
    pub(super) fn why(&self, place: u32) -> Vec<PageId> {
        let mut chain = vec![PageId(self.pages[place as usize])];
        let mut at = place;
        while self.leads_to[at as usize] != at {
            at = self.leads_to[at as usize];
            chain.push(PageId(self.pages[at as usize]));
        }
        chain
    }

    /// Puts `page` at the end of the way, unless it is on it.
    fn put(&mut self, page: u32, leads_to: Option<u32>) {
        let place = narrow(self.pages.len());
        if let Entry::Vacant(vacant) = self.place.entry(page) {
            vacant.insert(place);
            self.pages.push(page);
            self.leads_to.push(leads_to.unwrap_or(place));
            self.is_step.push(false);
        }
    }
}

impl Graph {
    /// The way to `targets` and then to `recommended`, each of which a page on the way recommends. O(way).
    ///
    /// # Errors
    /// If more than [`MAX_PAGES`] unknown ones stand on it.
    pub(crate) fn way(
        &self,
        targets: &[PageId],
        known: &KnownPages,
        recommended: &[(u32, u32)],
    ) -> Result<Way, TooFar> {
        let mut way = Way::default();
        targets.iter().for_each(|target| way.put(target.0, None));
        self.go_down(&mut way, 0, known)?;
        way.n_required = way.pages.len();
        for (page, recommended_by) in recommended {
            let start = way.pages.len();
            let recommended_by = way.place(*recommended_by);
            way.put(*page, recommended_by);
            way.recommends.extend(recommended_by.zip(way.place(*page)));
            self.go_down(&mut way, start, known)?;
        }
        let known_on_way = (0..).zip(&way.pages).filter(|(_, page)| self.is_mastered(**page, known));
        way.known = known_on_way.map(|(_, page): (u32, &u32)| PageId(*page)).collect();
        way.known.sort_unstable();
        Ok(way)
    }

    /// Walks down from the pages from place `start` on.
    fn go_down(&self, way: &mut Way, start: usize, known: &KnownPages) -> Result<(), TooFar> {
        let mut at = start;
        while let Some(page) = way.pages.get(at).copied() {
            let place = narrow(at);
            at += 1;
            let is_mastered = self.is_mastered(page, known);
            // Known pages are not counted: they were walked already when the reader's knowledge was.
            way.n_unknown += usize::from(!is_mastered);
            if way.n_unknown > MAX_PAGES {
                return Err(TooFar { limit: MAX_PAGES });
            }
            let teaches: Vec<u32> = self.rows.teaches(page).collect();
            way.is_step[place as usize] = !is_mastered && teaches.is_empty();
            // Who knows all that a guide teaches need not read it, nor what it assumes.
            if is_mastered && !self.rows.is_concept(page) {
                continue;
            }
            for need in teaches.into_iter().chain(self.rows.needs(page, StrengthFilter::Required)) {
                way.put(need, Some(place));
                let need = way.place(need).unwrap_or(place);
                way.edges.push((place, need));
            }
        }
        Ok(())
    }

    /// Whether `page` is known, a guide also where all that it teaches is.
    pub(crate) fn is_mastered(&self, page: u32, known: &KnownPages) -> bool {
        let mut teaches = self.rows.teaches(page).peekable();
        known.contains(page) || teaches.peek().is_some() && teaches.all(|concept| known.contains(concept))
    }

    /// What pages on `way` recommend that is neither on it nor known, each with the first page that recommends it, by id.
    pub(super) fn recommended(&self, way: &Way, known: &KnownPages) -> Vec<(u32, u32)> {
        let mut found: Vec<(u32, u32)> = Vec::new();
        for (place, page) in (0..).zip(&way.pages).filter(|(_, page)| !self.is_mastered(**page, known)) {
            let relations = [Relation::Requires, Relation::Assumes];
            let rows = relations.into_iter().flat_map(|relation| self.rows.from(relation).row(*page));
            let weak = rows.filter(|entry| !entry.is_required() && !way.has(entry.node));
            let new = weak.filter(|entry| !self.is_mastered(entry.node, known));
            found.extend(new.map(|entry| (entry.node, place)));
        }
        found.sort_unstable();
        found.dedup_by_key(|(page, _)| *page);
        found.into_iter().map(|(page, place)| (page, way.pages[place as usize])).collect()
    }
}
