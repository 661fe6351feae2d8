//! Signals of relatedness: what the graph knows of two pages belonging together. The root weighs them.

use gradus_corpus::{PageId, Relation};
use rustc_hash::FxHashMap;

use crate::Graph;
use crate::csr::narrow;

/// Pages a concept is named by from which it says nothing: it would pair everything with everything.
const HUB_PAGES: usize = 500;
/// Restart probability of the random walk; on documentation, one half finds hand-made "see also" lists best.
const RESTART: f32 = 0.5;
/// Probability mass a page may hold back, per neighbour: what is smaller is not worth following.
const RESIDUE: f32 = 1e-4;

/// Two pages that speak of the same concepts.
#[derive(Clone, Debug, PartialEq)]
pub struct Shared {
    /// The other page.
    pub page: PageId,
    /// Sum over shared concepts of how strongly both speak of it, times its rarity.
    pub score: f32,
    /// The shared concepts, the telling ones first.
    pub concepts: Vec<PageId>,
}

impl Graph {
    /// Guides that teach, assume or mention the same concepts as `guide`, best first. Rarity is the logarithm of guides a
    /// guide that speaks of the concept. O(guides that share a concept).
    pub fn shared(&self, guide: PageId) -> Vec<Shared> {
        let mut found: FxHashMap<u32, Vec<(f32, PageId)>> = FxHashMap::default();
        for (concept, weight) in self.speaks_of(guide) {
            let others = self.spoken_of_by(concept);
            if others.len() > HUB_PAGES {
                continue;
            }
            let rarity = rarity(self.n_pages - self.n_concepts as usize, others.len());
            for (other, other_weight) in others.into_iter().filter(|(other, _)| *other != guide.0) {
                found.entry(other).or_default().push((weight * other_weight * rarity, concept));
            }
        }
        let mut shared: Vec<Shared> = found
            .into_iter()
            .map(|(page, mut concepts)| {
                concepts.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
                let score = concepts.iter().map(|(score, _)| score).sum();
                Shared {
                    page: PageId(page),
                    score,
                    concepts: concepts.into_iter().map(|(_, concept)| concept).collect(),
                }
            })
            .collect();
        shared.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.page.cmp(&b.page)));
        shared
    }

    /// The concepts a guide speaks of and how strongly: what it teaches most, what it only mentions least.
    fn speaks_of(&self, guide: PageId) -> Vec<(PageId, f32)> {
        let mut weights: Vec<(PageId, f32)> = Vec::new();
        for (relation, weight) in SPEAKS {
            weights.extend(self.from(relation).row(guide.0).iter().map(|entry| (PageId(entry.node), weight)));
        }
        strongest(weights)
    }

    fn spoken_of_by(&self, concept: PageId) -> Vec<(u32, f32)> {
        let mut weights: Vec<(PageId, f32)> = Vec::new();
        for (relation, weight) in SPEAKS {
            let guides = self.to(relation).row(concept.0).iter().filter(|entry| !self.is_concept(entry.node));
            weights.extend(guides.map(|entry| (PageId(entry.node), weight)));
        }
        strongest(weights).into_iter().map(|(page, weight)| (page.0, weight)).collect()
    }

    /// Pages of the kind of `page` that a random walk with restart from it meets, with their probabilities, best first.
    ///
    /// Forward push (Andersen, Chung and Lang, 2006) over all relations but mentions, in both directions:
    /// O(1 / (RESTART · RESIDUE)) at most.
    pub fn walk_from(&self, page: PageId) -> Vec<(PageId, f32)> {
        let around = |page: u32| {
            let relations = Relation::ALL.iter().filter(|relation| **relation != Relation::Mentions);
            let rows = relations.flat_map(|relation| [self.from(*relation), self.to(*relation)]);
            rows.flat_map(move |rows| rows.row(page)).map(|entry| entry.node)
        };
        let mut reached: FxHashMap<u32, f32> = FxHashMap::default();
        let mut residue: FxHashMap<u32, f32> = FxHashMap::from_iter([(page.0, 1.0)]);
        let mut queue = std::collections::VecDeque::from([page.0]);
        while let Some(at) = queue.pop_front() {
            let mass = residue.remove(&at).unwrap_or(0.0);
            *reached.entry(at).or_default() += RESTART * mass;
            let n_near = around(at).count();
            if n_near == 0 {
                continue;
            }
            #[expect(clippy::cast_precision_loss, reason = "a page has far fewer than 2^24 neighbours")]
            let share = (1.0 - RESTART) * mass / n_near as f32;
            for near in around(at) {
                let held = residue.entry(near).or_default();
                let was_small = *held < RESIDUE;
                *held += share;
                if was_small && *held >= RESIDUE {
                    queue.push_back(near);
                }
            }
        }
        let same_kind = |other: u32| self.is_concept(other) == self.is_concept(page.0) && other != page.0;
        let mut met: Vec<(PageId, f32)> = reached
            .into_iter()
            .filter(|(other, _)| same_kind(*other))
            .map(|(other, mass)| (PageId(other), mass))
            .collect();
        met.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        met
    }

    /// Whether `from` states `relation` of `to`.
    pub fn states(&self, from: PageId, relation: Relation, to: PageId) -> bool {
        self.from(relation).row(from.0).binary_search_by_key(&to.0, |entry| entry.node).is_ok()
    }

    /// What `page` states `relation` of, by id.
    pub fn stated(&self, page: PageId, relation: Relation) -> impl Iterator<Item = PageId> + '_ {
        self.from(relation).row(page.0).iter().map(|entry| PageId(entry.node))
    }

    /// How many of the concepts that `after` needs, directly or through what it teaches, `before` teaches; of two
    /// concepts, whether `after` requires `before`.
    pub fn prepares(&self, before: PageId, after: PageId) -> Vec<PageId> {
        let needs = self.needs(after, crate::Strengths::All);
        let taught: Vec<PageId> =
            if self.is_concept(before.0) { vec![before] } else { self.teaches(before).chain([before]).collect() };
        taught.into_iter().filter(|concept| needs.binary_search(&concept.0).is_ok()).collect()
    }
}

/// How strongly a guide speaks of a concept by the relation that says so.
const SPEAKS: [(Relation, f32); 3] = [(Relation::Teaches, 1.0), (Relation::Assumes, 0.6), (Relation::Mentions, 0.4)];

/// Each page once, with its largest weight.
fn strongest(mut weights: Vec<(PageId, f32)>) -> Vec<(PageId, f32)> {
    weights.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    weights.dedup_by_key(|(page, _)| *page);
    weights
}

#[expect(clippy::cast_precision_loss, reason = "counts of guides are small")]
fn rarity(n_guides: usize, n_speaking: usize) -> f32 {
    (narrow(n_guides) as f32 / narrow(n_speaking.max(1)) as f32).ln_1p()
}
