//! Marks of visited pages, borrowed from a pool.
//!
//! Clearing a mark a page would cost the size of the graph at every question. A mark counts only if it holds the number of
//! the present visit, so that a new visit clears all marks by counting up.

use std::sync::{Mutex, PoisonError};

/// Visits that are not in use.
#[derive(Debug)]
pub(crate) struct VisitPool {
    n_pages: usize,
    free: Mutex<Vec<Visit>>,
}

/// One walk over the graph: which pages it has seen, and a number for each.
#[derive(Debug)]
pub(crate) struct Visit {
    epoch: u32,
    marks: Vec<(u32, u32)>,
}

impl VisitPool {
    pub(crate) fn new(n_pages: usize) -> Self {
        Self { n_pages, free: Mutex::new(Vec::new()) }
    }

    /// Runs `walk` with a visit that has seen nothing.
    pub(crate) fn visit<T>(&self, walk: impl FnOnce(&mut Visit) -> T) -> T {
        let free = || self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = free().pop();
        let mut visit = taken.unwrap_or_else(|| Visit { epoch: 0, marks: vec![(0, 0); self.n_pages] });
        visit.restart();
        let answer = walk(&mut visit);
        free().push(visit);
        answer
    }
}

impl Visit {
    /// Forgets everything seen.
    pub(crate) fn restart(&mut self) {
        self.epoch = self.epoch.checked_add(1).unwrap_or_else(|| {
            self.marks.fill((0, 0));
            1
        });
    }

    /// Sees `page` and gives it `number`. `false` if it was seen before.
    pub(crate) fn see(&mut self, page: u32, number: u32) -> bool {
        let mark = &mut self.marks[page as usize];
        let is_new = mark.0 != self.epoch;
        if is_new {
            *mark = (self.epoch, number);
        }
        is_new
    }

    /// Sees `page` and gives it `number`, whether it was seen before or not.
    pub(crate) fn renumber(&mut self, page: u32, number: u32) {
        self.marks[page as usize] = (self.epoch, number);
    }

    /// The number of `page`, if it was seen.
    pub(crate) fn number(&self, page: u32) -> Option<u32> {
        let (epoch, number) = self.marks[page as usize];
        (epoch == self.epoch).then_some(number)
    }
}
