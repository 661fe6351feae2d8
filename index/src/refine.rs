//! Refining: what speaks for a page beyond its words.

use gradus_corpus::PageId;
use gradus_corpus::work::checkpoint;

use crate::Index;
use crate::candidate::{Candidate, best};
use crate::error::QueryError;
use crate::feedback::likeness;
use crate::proximity::Proximity;
use crate::query_terms::QueryTerms;
use crate::retrieve::Retrieval;
use crate::weights::{LIKENESS, LONG_QUERY, MAX_ALIKE, MAX_REFINED, N_SEEDS, NAMED_CONCEPT, NEAR, TEACHES_NAMED};
use crate::word::Word;

impl Index {
    /// Adds what pages get for being about a concept that the query names, or for teaching it.
    pub(crate) fn boost(&self, terms: &QueryTerms, retrieval: &mut Retrieval<'_>) {
        for span in &terms.spans {
            let mass: f32 = retrieval
                .evidence
                .words
                .get(span.start..span.end)
                .unwrap_or_default()
                .iter()
                .map(|list| list.mass)
                .sum();
            let mut give = |page: PageId, share: f32| {
                if let Ok(at) = retrieval.found.binary_search_by_key(&page.0, |found| found.page) {
                    retrieval.found[at].score += share * mass;
                }
            };
            give(span.concept, NAMED_CONCEPT);
            self.taught_by(span.concept).for_each(|guide| give(guide, TEACHES_NAMED));
        }
    }

    /// Looks closer at the best pages: at the nearness of words in their best texts and, where the query describes rather
    /// than names, at what the very best have in common. Only at those: neither moves a page far.
    pub(crate) fn refine(&self, terms: &QueryTerms, retrieval: &mut Retrieval<'_>) -> Result<(), QueryError> {
        if terms.words.len() < 2 {
            return Ok(());
        }
        self.add_nearness(terms, retrieval)?;
        if terms.is_description {
            self.add_likeness(terms, &mut retrieval.found);
        }
        Ok(())
    }

    fn add_nearness(&self, terms: &QueryTerms, retrieval: &mut Retrieval<'_>) -> Result<(), QueryError> {
        let found = &mut retrieval.found;
        let best_doc =
            |at: usize| retrieval.evidence.docs(&self.store, found[at].page).first().map(|(doc, _)| (*doc, at));
        let mut docs: Vec<(u32, usize)> = best(found, MAX_REFINED).into_iter().filter_map(best_doc).collect();
        docs.sort_unstable();
        let mut proximity = Proximity::new(&self.store, &terms.words)?;
        for (doc, at) in docs {
            checkpoint();
            found[at].score += NEAR * proximity.of(doc);
        }
        Ok(())
    }

    fn add_likeness(&self, terms: &QueryTerms, found: &mut [Candidate]) {
        let depth = if terms.n_telling() < LONG_QUERY { MAX_REFINED } else { MAX_ALIKE };
        let best = best(found, depth);
        let page = |at: &usize| PageId(found[*at].page);
        let seeds: Vec<(PageId, f32)> = best.iter().take(N_SEEDS).map(|at| (page(at), found[*at].score)).collect();
        let highest = seeds.first().map_or(0.0, |(_, score)| *score);
        let pages: Vec<PageId> = best.iter().map(page).collect();
        let alike = likeness(&self.vectors, &seeds, &pages);
        for (at, alike) in best.into_iter().zip(alike) {
            found[at].score += LIKENESS * highest * alike;
        }
    }
}

/// Lifts pages that hold all words above those that do not. Of a long description nobody expects to find every word.
pub(crate) fn prefer_whole(terms: &QueryTerms, retrieval: &mut Retrieval<'_>) {
    if !retrieval.relaxed || terms.is_loose() {
        return;
    }
    let all: f32 = terms.words.iter().map(Word::mass).sum();
    let best = retrieval.found.iter().map(|found| found.score).fold(0.0, f32::max);
    let whole = retrieval.found.iter_mut().filter(|found| found.mass >= all * (1.0 - f32::EPSILON));
    whole.for_each(|found| found.score += best);
}
