//! Hits: what a reader is shown of a page that was found.

use gradus_corpus::{Corpus, PageId};

use crate::Index;
use crate::answer::{Hit, Query, SectionHit};
use crate::candidate::Candidate;
use crate::explain::Explainer;
use crate::highlighter::Highlighter;
use crate::name_matches::{NameMatch, NamedPages};
use crate::retrieve::Retrieval;

/// Makes hits of pages.
pub(crate) struct HitBuilder<'a> {
    pub(crate) index: &'a Index,
    pub(crate) corpus: &'a Corpus,
    pub(crate) query: &'a Query,
    /// The query as it was meant.
    pub(crate) text: &'a str,
    pub(crate) retrieval: &'a Retrieval<'a>,
    pub(crate) named: &'a NamedPages,
    pub(crate) highlighter: Highlighter<'a>,
    pub(crate) explainer: Option<Explainer<'a>>,
}

impl HitBuilder<'_> {
    pub(crate) fn build(&mut self, found: &Candidate) -> Hit {
        let page_id = PageId(found.page);
        let page = self.corpus.page(page_id);
        let docs = self.retrieval.evidence.docs(&self.index.store, found.page);
        let is_guide = !self.corpus.is_concept(page_id) && !page.sections.is_empty();
        let n_sections = if is_guide { self.query.n_sections } else { 0 };
        let sections: Vec<SectionHit> = docs
            .iter()
            .take(n_sections)
            .map(|(doc, score)| {
                let (_, section_idx) = self.index.store.place(*doc);
                let snippet = self.highlighter.of_section(&self.index.texts, page, section_idx, *doc);
                SectionHit { section_idx, score: *score, snippet }
            })
            .collect();
        let snippet = match sections.first() {
            Some(best) if !best.snippet.highlights.is_empty() => best.snippet.clone(),
            _ => self.highlighter.of_page(&self.index.texts, page, self.index.store.docs(found.page)),
        };
        let is_title = |name: &str| gradus_corpus::same_name(name, self.text);
        let named = self.named.how(page_id);
        let is_name = named == Some(NameMatch::InFull);
        let matched_via = (is_name && !is_title(&page.title)).then(|| self.index.names.spelled(page, self.text));
        let explanation = match &mut self.explainer {
            Some(explainer) => explainer.explain(found, named),
            None => Vec::new(),
        };
        Hit { page: page_id, score: found.score, snippet, sections, matched_via, explanation }
    }
}
