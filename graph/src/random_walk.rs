//! A random walk with restart: which pages does a reader meet who follows what stands around, and often starts anew?

use std::collections::VecDeque;

use gradus_corpus::PageId;
use gradus_corpus::work::checkpoint;

use crate::graph::Graph;
use crate::neighbours::HiddenEdges;
use crate::page_scores::{as_f32, best};

/// Probability of starting anew at every step.
pub const RESTART: f32 = 0.5;
/// Mass that a page may hold back for each of its neighbours: what is less is not worth following. The work of a walk is
/// bounded by its inverse.
const RESIDUE: f32 = 1e-4;

impl Graph {
    /// Pages of the kind of `page` that a walk meets, with their probabilities, at most `limit`, best first. The walk
    /// starts at `seeds`, whose weights sum to one, and goes over all relations but mentions and order, both ways.
    ///
    /// Forward push (Andersen, Chung and Lang, 2006): each page is off by at most `RESIDUE` times its neighbours.
    /// O(1 / (RESTART · RESIDUE)).
    pub fn walk_from(
        &self,
        page: PageId,
        seeds: &[(PageId, f32)],
        hidden: Option<&HiddenEdges>,
        limit: usize,
    ) -> Vec<(PageId, f32)> {
        self.scores.with(self.rows.n_pages(), |scores| {
            let mut queue = VecDeque::new();
            for (seed, weight) in seeds {
                scores.at(seed.0)[1] += weight;
                queue.push_back(seed.0);
            }
            while let Some(at) = queue.pop_front() {
                checkpoint();
                let n_near = as_f32(self.neighbours.seen(at, hidden).count());
                let score = scores.at(at);
                if score[1] < RESIDUE * n_near {
                    continue;
                }
                let mass = std::mem::take(&mut score[1]);
                score[0] += RESTART * mass;
                let share = (1.0 - RESTART) * mass / n_near;
                for near in self.neighbours.seen(at, hidden) {
                    let bound = RESIDUE * as_f32(self.neighbours.row(near.node()).len());
                    let held = &mut scores.at(near.node())[1];
                    let was_small = *held < bound;
                    *held += share;
                    if was_small && *held >= bound {
                        queue.push_back(near.node());
                    }
                }
            }
            // What is still held would at least restart here.
            let met = scores.touched.iter().map(|other| (*other, scores.scores[*other as usize]));
            let met = met.map(|(other, [reached, held, _])| (other, reached + RESTART * held));
            best(&self.rows, page, met.collect(), limit)
        })
    }
}
