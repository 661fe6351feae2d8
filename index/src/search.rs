//! Search: the pages that a query finds, best first, and why.

use gradus_corpus::Corpus;

use crate::Index;
use crate::answer::{Hits, Matching, Query};
use crate::candidate::{Candidate, best};
use crate::error::QueryError;
use crate::explain::Explainer;
use crate::facets::FacetCounts;
use crate::highlighter::Highlighter;
use crate::hits::HitBuilder;
use crate::name_matches::{NamedPages, lift};
use crate::parse::parse;
use crate::query_terms::QueryTerms;
use crate::refine::prefer_whole;
use crate::retrieve::Retrieval;

impl Index {
    /// Searches. `corpus` must be the one that the index was built from.
    ///
    /// O(documents that hold the rarer words), and a walk of the dictionary for each word that is not in it.
    ///
    /// # Errors
    /// If the query only excludes, or the engine fails.
    pub fn search(&self, corpus: &Corpus, query: &Query) -> Result<Hits, QueryError> {
        let mut parsed = parse(&query.text);
        if parsed.has_no_wish() && !parsed.excluded.is_empty() {
            return Err(QueryError::OnlyExclusions);
        }
        let is_loosened = query.matching != Matching::All && self.lacks_phrases(&parsed)?;
        if is_loosened {
            parsed.loosen_phrases();
        }
        let is_browsing = query.text.trim().is_empty();
        let (is_plain, is_last_open) = (parsed.is_plain(), parsed.is_last_open);
        let terms = self.look_up(parsed)?;
        let mended = did_you_mean(&terms);
        let named = if is_plain { self.named_by(corpus, &terms, query, is_last_open) } else { NamedPages::default() };
        let mut retrieval =
            if is_browsing { self.everything() } else { self.retrieve(corpus, &terms, query.matching)? };
        retrieval.relaxed |= is_loosened;
        self.boost(&terms, &mut retrieval);
        self.refine(&terms, &mut retrieval)?;
        prefer_whole(&terms, &mut retrieval);
        lift(&named, &mut retrieval.found);
        let (facets, lang) = self.sift(corpus, query, &named, &mut retrieval.found);
        let total = retrieval.found.len();
        let n_sections_total = retrieval.found.iter().map(|found| found.n_docs as usize).sum();
        let best = best(&retrieval.found, query.offset.saturating_add(query.limit));
        let shown = best.iter().skip(query.offset).map(|at| &retrieval.found[*at]);
        let highlighter = Highlighter::new(self, corpus, &terms);
        let explainer = query.explain.then(|| Explainer::new(self, corpus, &terms, &retrieval));
        let text = mended.as_deref().unwrap_or(&query.text);
        let mut builder = HitBuilder {
            index: self,
            corpus,
            query,
            text,
            retrieval: &retrieval,
            named: &named,
            highlighter,
            explainer,
        };
        Ok(Hits {
            hits: shown.map(|found| builder.build(found)).collect(),
            total,
            n_sections_total,
            facets: if query.facets { self.facets.named(&facets) } else { FacetCounts::new() },
            relaxed: retrieval.relaxed,
            truncated: terms.truncated,
            lang: lang.map(str::to_owned),
            did_you_mean: mended,
            named: named.meant().collect(),
        })
    }

    /// All pages, by id.
    fn everything(&self) -> Retrieval<'_> {
        let pages = 0..self.store.n_pages();
        let found = pages.filter(|page| self.store.docs(*page).0 < self.store.docs(*page).1).map(|page| {
            let (start, end) = self.store.docs(page);
            Candidate { page, score: 0.0, words: 0, mass: 0.0, n_docs: end - start }
        });
        Retrieval { found: found.collect(), evidence: Default::default(), relaxed: false }
    }
}

/// The query with words that occur nowhere replaced by the nearest that does.
fn did_you_mean(terms: &QueryTerms) -> Option<String> {
    terms.words.iter().any(|word| word.mended().is_some()).then(|| terms.meant().join(" "))
}
