//! Shared concepts: what two pages both teach, assume or mention, and what one prepares for.

use gradus_corpus::{PageId, Relation, Strength};

use crate::graph::Graph;
use crate::page_scores::{as_f32, best};
use crate::rows::StrengthFilter;

/// Guides that speak of a concept from which it says nothing: it would pair everything with everything.
const HUB_GUIDES: usize = 500;

/// How strongly a page speaks of a concept by the relation that says so.
const SPEAKS: [(Relation, f32); 3] = [(Relation::Teaches, 1.0), (Relation::Assumes, 0.6), (Relation::Mentions, 0.4)];

impl Graph {
    /// Guides that teach, assume or mention the same concepts as the guide `page`, at most `limit`, best first; nothing
    /// for a concept. A concept counts by how strongly both speak of it times its rarity. O(guides that share a concept).
    pub fn shared(&self, page: PageId, limit: usize) -> Vec<(PageId, f32)> {
        if self.rows.is_concept(page.0) {
            return Vec::new();
        }
        self.scores.with(self.rows.n_pages(), |scores| {
            for (concept, weight) in self.speaks_of(page) {
                let Some(rarity) = self.rarity(concept) else { continue };
                for (relation, other_weight) in SPEAKS {
                    for entry in self.rows.to(relation).row(concept.0) {
                        scores.at(entry.node)[0] += weight * other_weight * rarity;
                    }
                }
            }
            best(&self.rows, page, scores.of_kind(0).collect(), limit)
        })
    }

    /// The concepts that both guides teach, assume or mention, the telling ones first.
    pub fn shared_concepts(&self, a: PageId, b: PageId) -> Vec<PageId> {
        let others = self.speaks_of(b);
        let both = self.speaks_of(a).into_iter().filter_map(|(concept, weight)| {
            let at = others.binary_search_by_key(&concept, |(other, _)| *other).ok()?;
            Some((concept, weight * others[at].1 * self.rarity(concept)?))
        });
        let mut both: Vec<(PageId, f32)> = both.collect();
        both.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        both.into_iter().map(|(concept, _)| concept).collect()
    }

    /// How unlikely it is by chance that another guide stands to `concept` in one of `relations` as `page` does: the natural
    /// logarithm of how many guides there are for one that does, less that of how many concepts might have been shared; 0
    /// where it is likely. O(relations).
    pub fn tells_of_sharing(&self, page: PageId, relations: &[Relation], concept: PageId) -> f32 {
        let n_speaking: usize = relations.iter().map(|relation| self.rows.to(*relation).row(concept.0).len()).sum();
        let n_tried: usize = relations.iter().map(|relation| self.rows.from(*relation).row(page.0).len()).sum();
        let n_guides = self.rows.n_pages() - self.rows.n_concepts() as usize;
        (as_f32(n_guides.max(1)) / as_f32(n_speaking.max(1)) / as_f32(n_tried.max(1))).ln().max(0.0)
    }

    /// The concepts a page speaks of and how strongly, by id: what it teaches most, what it only mentions least.
    fn speaks_of(&self, page: PageId) -> Vec<(PageId, f32)> {
        let rows = SPEAKS.iter().map(|(relation, weight)| (self.rows.from(*relation).row(page.0), weight));
        let mut weights: Vec<(PageId, f32)> =
            rows.flat_map(|(row, weight)| row.iter().map(|entry| (PageId(entry.node), *weight))).collect();
        weights.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
        weights.dedup_by_key(|(concept, _)| *concept);
        weights
    }

    /// The logarithm of guides a guide that speaks of `concept`; `None` where too many do.
    fn rarity(&self, concept: PageId) -> Option<f32> {
        let n_speaking: usize = SPEAKS.iter().map(|(relation, _)| self.rows.to(*relation).row(concept.0).len()).sum();
        let n_guides = self.rows.n_pages() - self.rows.n_concepts() as usize;
        (n_speaking <= HUB_GUIDES).then(|| (as_f32(n_guides) / as_f32(n_speaking.max(1))).ln_1p())
    }

    /// Whether `from` states `relation` of `to`.
    pub fn states(&self, from: PageId, relation: Relation, to: PageId) -> bool {
        self.rows.from(relation).row(from.0).binary_search_by_key(&to.0, |entry| entry.node).is_ok()
    }

    /// What `page` states `relation` of, by id.
    pub fn stated(&self, page: PageId, relation: Relation) -> impl Iterator<Item = PageId> + '_ {
        self.rows.from(relation).row(page.0).iter().map(|entry| PageId(entry.node))
    }

    /// Whether `from` needs `to`, and how much: its strength, `None` where it does not say so itself.
    pub fn need(&self, from: PageId, to: PageId) -> Option<Strength> {
        [Relation::Requires, Relation::Assumes].into_iter().find_map(|relation| {
            let row = self.rows.from(relation).row(from.0);
            let at = row.binary_search_by_key(&to.0, |entry| entry.node).ok()?;
            Some(if row[at].is_required() { Strength::Required } else { Strength::Recommended })
        })
    }

    /// The concepts that `after` needs as much as `strengths` says, directly or through what it teaches, and `before`
    /// teaches; of two concepts, whether `after` needs `before`.
    pub fn prepares(&self, before: PageId, after: PageId, strengths: StrengthFilter) -> Vec<PageId> {
        let needs = self.rows.needs(after.0, strengths);
        let taught: Vec<PageId> =
            if self.rows.is_concept(before.0) { vec![before] } else { self.teaches(before).chain([before]).collect() };
        taught.into_iter().filter(|concept| needs.binary_search(&concept.0).is_ok()).collect()
    }
}
