//! Scores: which documents hold a word, and what that counts.
//!
//! BM25F (Robertson, Zaragoza and Taylor, 2004): the frequencies of a word in the fields of a document are weighed, summed
//! and only then saturated, so that a word is not counted once a field. Of the ways in which terms stand for a word the
//! best counts.

use std::sync::{Mutex, PoisonError};

use tantivy::postings::Postings;
use tantivy::{DocSet, TERMINATED};

use crate::expand::{Group, Word};
use crate::query::QueryError;
use crate::store::Store;

/// How soon more of the same word stops counting: BM25's `k1`. Higher than in a single field, as weighed frequencies are.
const SATURATION: f32 = 2.0;
/// Pages are looked up one by one where this many times more documents would have to be read.
const SEEK_GAIN: u64 = 16;

/// What a length-normalised frequency counts: at most `k1 + 1`.
pub(crate) fn saturated(frequency: f32) -> f32 {
    frequency * (SATURATION + 1.0) / (frequency + SATURATION)
}

/// Documents and what they score, by document.
pub(crate) type DocScores = Vec<(u32, f32)>;

/// Room for a number a document, all zero between uses.
pub(crate) struct Scratch {
    frequency: Vec<f32>,
    best: Vec<f32>,
    /// Documents with a frequency.
    touched: Vec<u32>,
    /// Documents with a score.
    scored: Vec<u32>,
}

/// Scratches that are not in use.
#[derive(Default)]
pub(crate) struct Pool(Mutex<Vec<Scratch>>);

impl Pool {
    /// Runs `work` with a scratch of `n_docs` documents. After a failure it is not used again: it may not be clean.
    pub(crate) fn with<T, E>(&self, n_docs: usize, work: impl FnOnce(&mut Scratch) -> Result<T, E>) -> Result<T, E> {
        let free = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = free().pop();
        let mut scratch = taken.unwrap_or_else(|| Scratch {
            frequency: vec![0.0; n_docs],
            best: vec![0.0; n_docs],
            touched: Vec::new(),
            scored: Vec::new(),
        });
        let answer = work(&mut scratch)?;
        free().push(scratch);
        Ok(answer)
    }
}

impl Store {
    /// The documents that hold `word`. With `within`, sorted pages, only documents of those need be told.
    /// O(postings), or O(pages log postings) where that is less.
    pub(crate) fn scores(
        &self,
        scratch: &mut Scratch,
        word: &Word,
        within: Option<&[u32]>,
    ) -> Result<DocScores, QueryError> {
        for group in &word.groups {
            self.frequencies(scratch, group, within)?;
            for doc in scratch.touched.drain(..) {
                let frequency = std::mem::take(&mut scratch.frequency[doc as usize]);
                let score = group.weight * saturated(frequency);
                let best = &mut scratch.best[doc as usize];
                if *best == 0.0 {
                    scratch.scored.push(doc);
                }
                *best = best.max(score);
            }
        }
        // The stable sort merges runs: each posting list is one already.
        scratch.scored.sort();
        let scores =
            scratch.scored.iter().map(|doc| (*doc, std::mem::take(&mut scratch.best[*doc as usize]))).collect();
        scratch.scored.clear();
        Ok(scores)
    }

    /// Weighs and sums the frequencies of a group's terms in the fields of each document.
    fn frequencies(&self, scratch: &mut Scratch, group: &Group, within: Option<&[u32]>) -> Result<(), QueryError> {
        for (field, boost, info) in &group.postings {
            let mut postings = self.postings(*field, info)?;
            let mut add = |doc: u32, frequency: u32| {
                let sum = &mut scratch.frequency[doc as usize];
                if *sum == 0.0 {
                    scratch.touched.push(doc);
                }
                #[expect(clippy::cast_precision_loss, reason = "nobody writes a word ten million times")]
                let frequency = frequency as f32;
                *sum += boost * frequency * self.factor(*field, doc);
            };
            match within {
                Some(pages) if pages.len() as u64 * SEEK_GAIN < u64::from(info.doc_freq) => {
                    for page in pages {
                        let (start, end) = self.docs(*page);
                        let mut doc = postings.doc();
                        if doc < start {
                            doc = postings.seek(start);
                        }
                        while doc < end {
                            add(doc, postings.term_freq());
                            doc = postings.advance();
                        }
                    }
                }
                _ => {
                    let mut doc = postings.doc();
                    while doc != TERMINATED {
                        add(doc, postings.term_freq());
                        doc = postings.advance();
                    }
                }
            }
        }
        Ok(())
    }
}
