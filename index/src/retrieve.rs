//! Retrieval: which pages match, all words first, fewer if that finds too little.

use gradus_corpus::Corpus;
use tantivy::postings::Postings;
use tantivy::{DocSet, TERMINATED};

use crate::Index;
use crate::analysis::is_function_word;
use crate::answer::Matching;
use crate::candidate::Candidate;
use crate::error::QueryError;
use crate::field::Field;
use crate::float::as_f32;
use crate::names::NameSpan;
use crate::query_terms::QueryTerms;
use crate::rank::{Evidence, NameList, WordList, WordScores, bit};
use crate::runs::{DocScores, PageSet, Scores, holding, pages_of, union};
use crate::score::saturated;
use crate::weights::{CUT_OFF, ENOUGH_PAGES, NAME, RELAXED_WORDS};
use crate::word::Word;

/// What was found, and what speaks for it.
pub(crate) struct Retrieval<'a> {
    /// By page.
    pub(crate) found: Vec<Candidate>,
    pub(crate) evidence: Evidence<'a>,
    /// Whether not all words had to match.
    pub(crate) relaxed: bool,
}

impl Index {
    /// The pages that match. O(documents that hold the rarer words).
    pub(crate) fn retrieve<'a>(
        &self,
        corpus: &Corpus,
        terms: &'a QueryTerms,
        matching: Matching,
    ) -> Result<Retrieval<'a>, QueryError> {
        let (others, required) = self.required(terms)?;
        let names = terms.spans.iter().map(|span| self.named(corpus, span, &terms.words)).collect::<Result<_, _>>()?;
        let words =
            terms.words.iter().map(|word| WordList { share: word.share, mass: word.mass(), ..WordList::default() });
        let mut evidence = Evidence { words: words.collect(), names, others };
        let (mut found, relaxed) = match matching {
            Matching::Any => (self.with_some(&mut evidence, &terms.words, required.as_deref(), 0.0)?, false),
            Matching::All => (self.with_all(&mut evidence, &terms.words, required.as_deref(), true)?, false),
            Matching::Auto => self.with_enough(&mut evidence, terms, required.as_deref())?,
        };
        let excluded = self.excluded(&terms.excluded)?;
        if !excluded.is_empty() {
            found.retain(|found| excluded.binary_search(&found.page).is_err());
        }
        Ok(Retrieval { found, evidence, relaxed })
    }

    /// The pages that hold every word or, where too few do, those that hold enough; whether it came to that.
    fn with_enough<'a>(
        &self,
        evidence: &mut Evidence<'a>,
        terms: &'a QueryTerms,
        required: Option<&[u32]>,
    ) -> Result<(Vec<Candidate>, bool), QueryError> {
        let words = &terms.words;
        if !terms.is_description {
            let found = self.with_all(evidence, words, required, false)?;
            if !found.is_empty() || words.len() < 2 {
                return Ok((found, false));
            }
        }
        // Most descriptions come to this: those that hold all are among those that hold enough.
        let mut found = self.with_some(evidence, words, required, least_mass(terms))?;
        let all = terms.telling().map(bit).fold(0, |all, word| all | word);
        let n_with_all = found.iter().filter(|found| found.words & all == all).count();
        if n_with_all >= ENOUGH_PAGES && !terms.is_loose() {
            found.retain(|found| found.words & all == all);
        }
        let best = found.iter().map(|found| found.score).fold(0.0, f32::max);
        found.retain(|found| found.score >= CUT_OFF * best);
        let relaxed = found.len() > n_with_all;
        Ok((found, relaxed))
    }

    /// The pages that hold every word, or another name of what it spells with its neighbours; words that build the sentence
    /// only where `is_strict`.
    fn with_all<'a>(
        &self,
        evidence: &mut Evidence<'a>,
        words: &'a [Word],
        required: Option<&[u32]>,
        is_strict: bool,
    ) -> Result<Vec<Candidate>, QueryError> {
        let mut order: Vec<usize> = (0..words.len()).filter(|idx| is_strict || words[*idx].share > 0.0).collect();
        order.sort_by_key(|idx| (words[*idx].n_docs(), *idx));
        let mut pages: Option<Vec<u32>> = required.map(<[u32]>::to_vec);
        for idx in order {
            let scores = self.store.scores(&words[idx], pages.as_deref())?;
            let other_names = evidence.names.iter().filter(|name| name.words.contains(&idx));
            let holding = std::iter::once(&*scores).chain(other_names.map(|name| &*name.scores));
            let narrowed = self.pages_in_any(holding, pages.as_deref());
            evidence.words[idx].scores = WordScores::of(scores, pages.as_deref());
            pages = Some(narrowed);
            if pages.as_ref().is_some_and(Vec::is_empty) {
                break;
            }
        }
        Ok(evidence.score(&self.store, &pages.unwrap_or_default()))
    }

    /// The pages of any of `lists`; with `within`, those of them that are in it.
    fn pages_in_any<'a>(&self, mut lists: impl Iterator<Item = &'a [(u32, f32)]>, within: Option<&[u32]>) -> Vec<u32> {
        let first = lists.next().unwrap_or_default();
        let of = |list: &[(u32, f32)]| match within {
            Some(within) => holding(&self.store, list, within),
            None => pages_of(&self.store, list),
        };
        lists.fold(of(first), |pages, list| union(&pages, &of(list)))
    }

    /// The pages that hold words which together tell at least `least`: the commonest are the first to be missed.
    fn with_some<'a>(
        &self,
        evidence: &mut Evidence<'a>,
        words: &'a [Word],
        required: Option<&[u32]>,
        least: f32,
    ) -> Result<Vec<Candidate>, QueryError> {
        let mut order: Vec<usize> = (0..words.len()).filter(|idx| words[*idx].share > 0.0).collect();
        order.sort_by(|a, b| words[*b].mass().total_cmp(&words[*a].mass()).then(a.cmp(b)));
        let mut rest: f32 = words.iter().map(Word::mass).sum();
        let mut any = PageSet::new(self.store.n_pages());
        evidence.names.iter().for_each(|name| any.add(&self.store, &name.scores));
        let mut pages = required.map(<[u32]>::to_vec);
        for idx in order {
            // A page without any of the words before cannot reach the share by what is left.
            if pages.is_none() && rest < least {
                pages = Some(any.pages());
            }
            let list = &mut evidence.words[idx];
            if !matches!(list.scores, WordScores::Everywhere(_)) {
                let scores = self.store.scores(&words[idx], pages.as_deref())?;
                list.scores = WordScores::of(scores, pages.as_deref());
            }
            if pages.is_none() {
                any.add(&self.store, list.scores.read());
            }
            rest -= words[idx].mass();
        }
        let mut found = evidence.score(&self.store, &pages.unwrap_or_else(|| any.pages()));
        let most = found.iter().map(|found| found.mass).fold(0.0, f32::max);
        found.retain(|found| found.n_docs > 0 && found.mass >= least.min(most));
        Ok(found)
    }

    /// Where the concept of `span` is named, and its own page.
    fn named(&self, corpus: &Corpus, span: &NameSpan, words: &[Word]) -> Result<NameList, QueryError> {
        let words_mass: f32 = words[span.start..span.end].iter().map(Word::mass).sum();
        let weight = NAME * words_mass.max(1.0);
        let mut scores: DocScores = Vec::new();
        if let Some(info) = self.store.find(Field::Concept, &corpus.page(span.concept).id())? {
            let mut postings = self.store.postings(Field::Concept, &info)?;
            let mut doc = postings.doc();
            while doc != TERMINATED {
                let frequency = self.store.factor(Field::All, doc) * as_f32(u64::from(postings.term_freq()));
                scores.push((doc, weight * saturated(frequency)));
                doc = postings.advance();
            }
        }
        let (own, _) = self.store.docs(span.concept.0);
        match scores.binary_search_by_key(&own, |(doc, _)| *doc) {
            Ok(at) => scores[at].1 = scores[at].1.max(weight),
            Err(at) => scores.insert(at, (own, weight)),
        }
        Ok(NameList { scores, words: span.start..span.end })
    }

    /// Where phrases and words of titles stand, and the pages that have them all; `None` where the query has none.
    fn required<'a>(&self, terms: &'a QueryTerms) -> Result<(Vec<Scores<'a>>, Option<Vec<u32>>), QueryError> {
        let mut lists = Vec::new();
        for phrase in &terms.phrases {
            lists.push(Scores::Owned(self.phrase(phrase)?));
        }
        for word in &terms.title_words {
            lists.push(self.store.scores(word, None)?);
        }
        let pages =
            lists.iter().fold(None, |pages, list| Some(self.pages_in_any(std::iter::once(&**list), pages.as_deref())));
        Ok((lists, pages))
    }

    fn excluded(&self, phrases: &[Vec<String>]) -> Result<Vec<u32>, QueryError> {
        let mut pages = Vec::new();
        for phrase in phrases {
            pages = union(&pages, &pages_of(&self.store, &self.phrase(phrase)?));
        }
        Ok(pages)
    }
}

/// What a page must tell where not all words have to match: a good part of what an average word does, or the name of a
/// concept. Function words alone are no hit.
fn least_mass(terms: &QueryTerms) -> f32 {
    let average =
        |words: &[&Word]| words.iter().map(|word| word.mass()).sum::<f32>() / as_f32(words.len().max(1) as u64);
    let all: Vec<&Word> = terms.words.iter().collect();
    let telling: Vec<&Word> = terms.words.iter().filter(|word| !is_function_word(&word.text)).collect();
    let least =
        RELAXED_WORDS[usize::from(terms.is_loose())] * average(if telling.is_empty() { &all } else { &telling });
    let names = terms.spans.iter().map(|span| terms.words[span.start..span.end].iter().map(Word::mass).sum());
    names.fold(least, f32::min)
}
