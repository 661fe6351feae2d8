//! Scores: which documents hold a word, and what that counts.
//!
//! BM25F (Robertson, Zaragoza and Taylor, 2004): the frequencies of a word in the fields of a document are weighed, summed
//! and only then saturated, so that a word is not counted once a field. The form that is asked for and the stem of all forms
//! count half each; of the other ways in which terms stand for a word the best counts.

use gradus_corpus::work::checkpoint;
use tantivy::postings::{Postings, TermInfo};
use tantivy::{DocSet, TERMINATED};

use crate::error::QueryError;
use crate::field::Field;
use crate::float::as_f32;
use crate::runs::{DocScores, Scores, gallop, merged, stride};
use crate::store::Store;
use crate::weights::SATURATION;
use crate::word::{Group, Word, WordSource};

/// Pages are looked up one by one where this many times more documents would have to be read.
const SEEK_GAIN: u64 = 16;
/// Runs up to which merging them one by one is faster than sorting them all.
const FEW_RUNS: usize = 4;

/// What a length-normalised frequency counts: at most `k1 + 1`.
pub(crate) fn saturated(frequency: f32) -> f32 {
    frequency * (SATURATION + 1.0) / (frequency + SATURATION)
}

impl Store {
    /// The documents that hold `word`. With `within`, sorted pages, only documents of those are told, unless all are known
    /// without reading. O(postings), or O(pages log postings) where that is less.
    pub(crate) fn scores<'a>(&self, word: &'a Word, within: Option<&[u32]>) -> Result<Scores<'a>, QueryError> {
        if let [WordSource::Kept { weight: 1.0, scores, .. }] = &*word.sources {
            return Ok(Scores::Borrowed(scores));
        }
        let mut best = DocScores::new();
        for source in &word.sources {
            checkpoint();
            best = merged(best, self.scores_of(source, within)?, f32::max);
        }
        Ok(Scores::Owned(best))
    }

    fn scores_of(&self, source: &WordSource, within: Option<&[u32]>) -> Result<DocScores, QueryError> {
        Ok(match source {
            WordSource::Terms(group) => self.weighed(group, within)?,
            WordSource::FormAndStem(form, stem) => {
                merged(self.weighed(form, within)?, self.weighed(stem, within)?, |form, stem| form + stem)
            }
            WordSource::Kept { weight, scores, .. } => {
                let mut scores = self.within(scores, within);
                scores.iter_mut().for_each(|(_, score)| *score *= weight);
                scores
            }
        })
    }

    /// What the documents that hold a term of `group` score.
    fn weighed(&self, group: &Group, within: Option<&[u32]>) -> Result<DocScores, QueryError> {
        let mut scores = self.frequencies(group, within)?;
        scores.iter_mut().for_each(|(_, score)| *score = group.weight * saturated(*score));
        Ok(scores)
    }

    /// Those of `scores` that are of one of the pages.
    fn within(&self, scores: &[(u32, f32)], pages: Option<&[u32]>) -> DocScores {
        let Some(pages) = pages else { return scores.to_vec() };
        let mut rest = scores;
        let stride = stride(scores, pages);
        let mut within = DocScores::new();
        for page in pages {
            let (start, end) = self.docs(*page);
            rest = &rest[gallop(rest, stride, |(doc, _)| *doc < start)..];
            let here = rest.iter().take_while(|(doc, _)| *doc < end);
            within.extend(here);
        }
        within
    }

    /// The weighed and summed frequencies of a group's terms in the fields of each document.
    fn frequencies(&self, group: &Group, within: Option<&[u32]>) -> Result<DocScores, QueryError> {
        let mut sums = DocScores::new();
        if group.postings.len() <= FEW_RUNS {
            for (field, boost, info) in &group.postings {
                let mut run = DocScores::with_capacity(most(info, within));
                self.read(*field, info, within, |doc, frequency| run.push((doc, boost * frequency)))?;
                sums = merged(sums, run, |a, b| a + b);
            }
            return Ok(sums);
        }
        for (field, boost, info) in &group.postings {
            self.read(*field, info, within, |doc, frequency| sums.push((doc, boost * frequency)))?;
        }
        // The stable sort makes use of each run being sorted.
        sums.sort_by_key(|(doc, _)| *doc);
        sums.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            if same {
                kept.1 += later.1;
            }
            same
        });
        Ok(sums)
    }

    /// Tells the documents of a posting list, in order, with their length-normalised frequencies.
    fn read(
        &self,
        field: Field,
        info: &TermInfo,
        within: Option<&[u32]>,
        mut tell: impl FnMut(u32, f32),
    ) -> Result<(), QueryError> {
        let mut postings = self.postings(field, info)?;
        let mut doc = postings.doc();
        let Some(mut pages) = within else {
            while doc != TERMINATED {
                tell(doc, as_f32(u64::from(postings.term_freq())) * self.factor(field, doc));
                doc = postings.advance();
            }
            return Ok(());
        };
        let seeks = pages.len() as u64 * SEEK_GAIN < u64::from(info.doc_freq);
        while let Some((page, rest)) = pages.split_first() {
            let (start, end) = self.docs(*page);
            if seeks && doc < start {
                doc = postings.seek(start);
            }
            while doc < start {
                doc = postings.advance();
            }
            while doc < end {
                tell(doc, as_f32(u64::from(postings.term_freq())) * self.factor(field, doc));
                doc = postings.advance();
            }
            pages = if doc == TERMINATED { &[] } else { rest };
        }
        Ok(())
    }
}

/// How many documents a posting list may tell, where one page is one document.
fn most(info: &TermInfo, within: Option<&[u32]>) -> usize {
    within.map_or(usize::MAX, <[u32]>::len).min(info.doc_freq as usize)
}
