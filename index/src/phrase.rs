//! Phrases: words that stand together.

use tantivy::query::{EnableScoring, PhraseQuery, Query as _};
use tantivy::{DocSet, TERMINATED};

use crate::Index;
use crate::error::QueryError;
use crate::field::Field;
use crate::parse::{ParsedQuery, TypedWord};
use crate::runs::{DocScores, holding, pages_of};
use crate::weights::{ENOUGH_PAGES, QUOTING_WORDS};

impl Index {
    /// Whether no page has all phrases of a query that has some, or a text so long that it quotes rather than asks for them
    /// has them on few.
    pub(crate) fn lacks_phrases(&self, parsed: &ParsedQuery) -> Result<bool, QueryError> {
        let mut pages: Option<Vec<u32>> = None;
        for phrase in &parsed.phrases {
            let scores = self.phrase(phrase)?;
            pages = Some(match pages {
                Some(pages) => holding(&self.store, &scores, &pages),
                None => pages_of(&self.store, &scores),
            });
        }
        let enough = if parsed.n_typed < QUOTING_WORDS { 1 } else { ENOUGH_PAGES };
        Ok(pages.is_some_and(|pages| pages.len() < enough))
    }

    /// The documents in which `words` stand together, in prose or in code.
    pub(crate) fn phrase(&self, words: &[String]) -> Result<DocScores, QueryError> {
        if let [word] = words {
            let typed = TypedWord { text: word.clone(), ..TypedWord::default() };
            let word = self.lookup().exact(&typed)?;
            return Ok(self.store.scores(&word, None)?.into_owned());
        }
        let mut scores: DocScores = Vec::new();
        let Some(segment) = self.store.segment.searcher.segment_readers().first() else { return Ok(scores) };
        for field in [Field::All, Field::Code] {
            let terms = words.iter().map(|word| self.store.term(field, word)).collect();
            let scoring = EnableScoring::enabled_from_statistics_provider(&self.store, &self.store.segment.searcher);
            let mut scorer = PhraseQuery::new(terms).weight(scoring)?.scorer(segment, 1.0)?;
            let mut doc = scorer.doc();
            while doc != TERMINATED {
                scores.push((doc, scorer.score()));
                doc = scorer.advance();
            }
        }
        scores.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
        scores.dedup_by_key(|(doc, _)| *doc);
        Ok(scores)
    }
}
