//! A random walk with restart: which pages does a reader meet who follows what stands around, and often starts anew?

use std::collections::VecDeque;

use gradus_corpus::PageId;

use crate::Graph;
use crate::around::{Hidden, as_f32};

/// Probability of starting anew at every step.
pub const RESTART: f32 = 0.5;
/// Mass that a page may hold back for each of its neighbours: what is less is not worth following. The work of a walk is
/// bounded by its inverse.
const RESIDUE: f32 = 1e-4;

impl Graph {
    /// Pages of the kind of `page` that a walk meets, with their probabilities, at most `limit`, best first. The walk
    /// starts at `seeds`, whose weights sum to one, and goes over all relations but mentions, both ways.
    ///
    /// Forward push (Andersen, Chung and Lang, 2006): each page is off by at most `RESIDUE` times its neighbours.
    /// O(1 / (RESTART · RESIDUE)).
    pub fn walk_from(
        &self,
        page: PageId,
        seeds: &[(PageId, f32)],
        hidden: Option<&Hidden>,
        limit: usize,
    ) -> Vec<(PageId, f32)> {
        self.sums.with(self.n_pages, |tally| {
            let mut queue = VecDeque::new();
            for (seed, weight) in seeds {
                tally.at(seed.0)[1] += weight;
                queue.push_back(seed.0);
            }
            while let Some(at) = queue.pop_front() {
                let n_near = as_f32(self.around.seen(at, hidden).count());
                let sums = tally.at(at);
                if sums[1] < RESIDUE * n_near {
                    continue;
                }
                let mass = std::mem::take(&mut sums[1]);
                sums[0] += RESTART * mass;
                let share = (1.0 - RESTART) * mass / n_near;
                for near in self.around.seen(at, hidden) {
                    let bound = RESIDUE * as_f32(self.around.row(near.node()).len());
                    let held = &mut tally.at(near.node())[1];
                    let was_small = *held < bound;
                    *held += share;
                    if was_small && *held >= bound {
                        queue.push_back(near.node());
                    }
                }
            }
            // What is still held would at least restart here.
            let met = tally.touched.iter().map(|other| (*other, tally.sums[*other as usize]));
            let met = met.map(|(other, [reached, held, _])| (other, reached + RESTART * held));
            self.best(page, met.collect(), limit)
        })
    }
}
