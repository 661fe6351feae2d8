//! Scores: which documents hold a word, and what that counts.
//!
//! BM25F (Robertson, Zaragoza and Taylor, 2004): the frequencies of a word in the fields of a document are weighed, summed
//! and only then saturated, so that a word is not counted once a field. The form that is asked for and the stem of all forms
//! count half each; of the other ways in which terms stand for a word the best counts.

use std::borrow::Cow;

use tantivy::postings::{Postings, TermInfo};
use tantivy::{DocSet, TERMINATED};

use crate::expand::{Group, Word};
use crate::query::QueryError;
use crate::rank::{gallop, stride};
use crate::store::{Field, Store};

/// How soon more of the same word stops counting: BM25's `k1`. Higher than in a single field, as weighed frequencies are.
const SATURATION: f32 = 2.0;
/// Pages are looked up one by one where this many times more documents would have to be read.
const SEEK_GAIN: u64 = 16;
/// Runs up to which merging them one by one is faster than sorting them all.
const FEW_RUNS: usize = 4;

/// What a length-normalised frequency counts: at most `k1 + 1`.
pub(crate) fn saturated(frequency: f32) -> f32 {
    frequency * (SATURATION + 1.0) / (frequency + SATURATION)
}

/// Documents and what they score, by document.
pub(crate) type DocScores = Vec<(u32, f32)>;

/// The same, of a word that may have been scored before.
pub(crate) type Scores<'a> = Cow<'a, [(u32, f32)]>;

impl Store {
    /// The documents that hold `word`. With `within`, sorted pages, only documents of those are told, unless all are known
    /// without reading. O(postings), or O(pages log postings) where that is less.
    pub(crate) fn scores<'a>(&self, word: &'a Word, within: Option<&[u32]>) -> Result<Scores<'a>, QueryError> {
        let unread = || word.groups.iter().filter(|group| !group.is_scored);
        if let [(1.0, all)] = &*word.scored
            && unread().next().is_none()
        {
            return Ok(Scores::Borrowed(all));
        }
        let mut best = DocScores::new();
        for (weight, scored) in &word.scored {
            let mut scores = self.within(scored, within);
            scores.iter_mut().for_each(|(_, score)| *score *= weight);
            best = merged(best, scores, f32::max);
        }
        let mut forms = DocScores::new();
        for group in unread() {
            let mut scores = self.frequencies(group, within)?;
            scores.iter_mut().for_each(|(_, score)| *score = group.weight * saturated(*score));
            if group.adds {
                forms = merged(forms, scores, |form, stem| form + stem);
            } else {
                best = merged(best, std::mem::replace(&mut forms, scores), f32::max);
            }
        }
        Ok(Scores::Owned(merged(best, forms, f32::max)))
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
                tell(doc, as_f32(postings.term_freq()) * self.factor(field, doc));
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
                tell(doc, as_f32(postings.term_freq()) * self.factor(field, doc));
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

/// The documents of both, those that are in both joined. O(documents).
fn merged(a: DocScores, b: DocScores, join: impl Fn(f32, f32) -> f32) -> DocScores {
    if a.is_empty() || b.is_empty() {
        return if a.is_empty() { b } else { a };
    }
    let mut all = DocScores::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (&*a, &*b);
    while let ([first, rest_a @ ..], [second, rest_b @ ..]) = (a, b) {
        match first.0.cmp(&second.0) {
            std::cmp::Ordering::Less => {
                all.push(*first);
                a = rest_a;
            }
            std::cmp::Ordering::Greater => {
                all.push(*second);
                b = rest_b;
            }
            std::cmp::Ordering::Equal => {
                all.push((first.0, join(first.1, second.1)));
                (a, b) = (rest_a, rest_b);
            }
        }
    }
    all.extend_from_slice(a);
    all.extend_from_slice(b);
    all
}

#[expect(clippy::cast_precision_loss, reason = "nobody writes a word ten million times in one text")]
pub(crate) fn as_f32(frequency: u32) -> f32 {
    frequency as f32
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    proptest::proptest! {
        #[test]
        fn merging_joins_what_both_have(a: BTreeMap<u32, u8>, b: BTreeMap<u32, u8>) {
            let scores = |map: &BTreeMap<u32, u8>| map.iter().map(|(doc, score)| (*doc, f32::from(*score))).collect();
            let mut expected: BTreeMap<u32, f32> = BTreeMap::new();
            for (doc, score) in a.iter().chain(&b) {
                *expected.entry(*doc).or_default() += f32::from(*score);
            }
            let merged = merged(scores(&a), scores(&b), |a, b| a + b);
            proptest::prop_assert_eq!(merged, expected.into_iter().collect::<Vec<_>>());
        }
    }
}
