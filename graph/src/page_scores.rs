//! Scores by page, borrowed from a pool: a fresh array a question would cost the size of the graph.

use std::sync::{Mutex, PoisonError};

use gradus_corpus::PageId;

use crate::rows::Rows;

/// Scores that are not in use, all of them zero.
#[derive(Debug, Default)]
pub(crate) struct ScorePool {
    free: Mutex<Vec<PageScores>>,
}

/// Three kinds of scores by page, and which pages have any.
#[derive(Debug)]
pub(crate) struct PageScores {
    pub(crate) scores: Vec<[f32; 3]>,
    pub(crate) touched: Vec<u32>,
}

impl ScorePool {
    /// Runs `count` with scores that are zero for each of `n_pages` pages, and takes them back as zeros.
    pub(crate) fn with<T>(&self, n_pages: usize, count: impl FnOnce(&mut PageScores) -> T) -> T {
        let free = || self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = free().pop();
        let mut scores = taken.unwrap_or_else(|| PageScores { scores: vec![[0.0; 3]; n_pages], touched: Vec::new() });
        let answer = count(&mut scores);
        for page in scores.touched.drain(..) {
            scores.scores[page as usize] = [0.0; 3];
        }
        free().push(scores);
        answer
    }
}

impl PageScores {
    /// The scores of `page`, which counts as touched from now on.
    pub(crate) fn at(&mut self, page: u32) -> &mut [f32; 3] {
        let scores = &mut self.scores[page as usize];
        if *scores == [0.0; 3] {
            self.touched.push(page);
        }
        scores
    }

    /// The scores of one `kind` of all pages that were touched, in the order in which they were.
    pub(crate) fn of_kind(&self, kind: usize) -> impl Iterator<Item = (u32, f32)> + '_ {
        self.touched.iter().map(move |page| (*page, self.scores[*page as usize][kind]))
    }
}

/// The best of `scored` that are of the kind of `page` and not itself, at most `limit`, best first, ties by id.
pub(crate) fn best(rows: &Rows, page: PageId, mut scored: Vec<(u32, f32)>, limit: usize) -> Vec<(PageId, f32)> {
    let better = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    scored.retain(|(other, _)| *other != page.0 && rows.is_concept(*other) == rows.is_concept(page.0));
    if scored.len() > limit && limit > 0 {
        scored.select_nth_unstable_by(limit - 1, better);
    }
    scored.truncate(limit);
    scored.sort_unstable_by(better);
    scored.into_iter().map(|(other, score)| (PageId(other), score)).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a page has far fewer than 2^24 neighbours")]
pub(crate) fn as_f32(count: usize) -> f32 {
    count as f32
}
