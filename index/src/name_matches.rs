//! Name matches: the pages that a query names rather than describes.

use std::cmp::Reverse;

use gradus_corpus::{Corpus, PageId};

use crate::Index;
use crate::analysis::is_function_word;
use crate::answer::{Matching, Query};
use crate::candidate::Candidate;
use crate::field::Field;
use crate::names::squeeze;
use crate::query_terms::QueryTerms;
use crate::question_form::asks_for_reasons;
use crate::weights::{MAX_ASKED_ABOUT, MAX_BEGUN, SELDOMER};

/// How a query names a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameMatch {
    InFull,
    /// In another form of the words of its name.
    Inflected,
    /// With nothing around its name but words that build or frame the sentence.
    Within,
    /// As the subject of a question: with one word more, which says what is asked of it.
    Subject,
    /// As one of its sections is called.
    Heading,
    /// But for letters.
    Mistyped,
    /// As far as it is typed.
    Begun,
}

/// The pages that a query names, which stand before all others, in this order.
#[derive(Default)]
pub(crate) struct NamedPages(Vec<(PageId, NameMatch)>);

impl NamedPages {
    pub(crate) fn how(&self, page: PageId) -> Option<NameMatch> {
        self.0.iter().find(|(named, _)| *named == page).map(|(_, how)| *how)
    }

    /// The pages whose name the whole query is.
    pub(crate) fn in_full(&self) -> impl Iterator<Item = PageId> + '_ {
        self.0.iter().filter(|(_, how)| *how == NameMatch::InFull).map(|(page, _)| *page)
    }

    /// Those that it names as pages, in this order.
    pub(crate) fn meant(&self) -> impl Iterator<Item = PageId> + '_ {
        let is_meant = |how: NameMatch| !matches!(how, NameMatch::Heading | NameMatch::Begun);
        self.0.iter().filter(move |(_, how)| is_meant(*how)).map(|(page, _)| *page)
    }

    /// Adds those of `pages` that are not named yet.
    fn add(&mut self, pages: impl IntoIterator<Item = PageId>, how: NameMatch) {
        for page in pages {
            if self.how(page).is_none() {
                self.0.push((page, how));
            }
        }
    }
}

impl Index {
    /// The pages whose name `words` are but for two letters in one of them, which texts have far seldomer than what the name
    /// has in its place.
    fn misspelled(&self, words: &[&str]) -> Vec<PageId> {
        let n_docs = |word: &str| {
            let info = self.store.find(Field::All, word).ok().flatten();
            info.map_or(0, |info| info.doc_freq)
        };
        let is_meant = |name: &str| {
            let mut others = words.iter().zip(name.split(' ')).filter(|(word, meant)| **word != *meant);
            others.all(|(word, meant)| n_docs(word).saturating_mul(SELDOMER) <= n_docs(meant))
        };
        self.completions.misspelled(words).filter(|name| is_meant(name.words())).map(|name| name.page).collect()
    }

    /// The concept that a question is about: its name, or a part that only its name has, stands before all else that tells
    /// something, of which there is one word.
    fn subject(&self, terms: &QueryTerms, words: &[&str]) -> Option<PageId> {
        let part = self.name_parts.find(words);
        let span = match (terms.spans.first(), part) {
            (Some(span), Some(part)) if part.start > span.start || part.end < span.end => span.clone(),
            (span, part) => part.or(span.cloned())?,
        };
        let is_telling = |idx: &usize| terms.words[*idx].share > 0.0 && !is_function_word(words[*idx]);
        let (before, behind) = (0..span.start, span.end..words.len());
        let is_it = before.filter(is_telling).count() == 0 && behind.filter(is_telling).count() <= 1;
        is_it.then_some(span.concept)
    }

    /// What a query of words alone names: as it stands or, where that is nothing, with mistyped words mended, in another form
    /// or among function words.
    pub(crate) fn named_by(
        &self,
        corpus: &Corpus,
        terms: &QueryTerms,
        query: &Query,
        is_last_open: bool,
    ) -> NamedPages {
        let text = &query.text;
        let mut named = NamedPages::default();
        let pages = corpus.names().resolve(text).pages.into_iter();
        named.add(pages.filter(|page| corpus.page(*page).is_searchable), NameMatch::InFull);
        named.add(self.names.whole(text), NameMatch::InFull);
        if named.0.is_empty() {
            let words = terms.meant();
            let meant = words.concat();
            named.add(self.names.whole(&meant), NameMatch::InFull);
            if named.0.is_empty() {
                let mut inflected = self.names.inflected(&words, &self.stems).to_vec();
                inflected.sort_by_cached_key(|page| Reverse(n_alike(&squeeze(&corpus.page(*page).title), &meant)));
                named.add(inflected, NameMatch::Inflected);
            }
            if query.matching != Matching::All && named.0.is_empty() && terms.spans.len() <= MAX_ASKED_ABOUT {
                let is_named = |idx| terms.spans.iter().any(|span| (span.start..span.end).contains(&idx));
                let is_silent = |idx: usize| terms.words[idx].share == 0.0 || is_function_word(words[idx]);
                if (0..words.len()).all(|idx| is_named(idx) || is_silent(idx)) {
                    named.add(terms.spans.iter().map(|span| span.concept), NameMatch::Within);
                }
            }
            if query.matching != Matching::All && named.0.is_empty() && asks_for_reasons(&words) {
                named.add(self.subject(terms, &words), NameMatch::Subject);
            }
            if named.0.is_empty() {
                named.add(self.misspelled(&words), NameMatch::Mistyped);
            }
        }
        if query.matching != Matching::All {
            named.add(self.headings.named(text).map(PageId), NameMatch::Heading);
        }
        named.add(self.completions.begun(text, is_last_open, MAX_BEGUN), NameMatch::Begun);
        named
    }
}

/// How many letters both begin with.
fn n_alike(one: &str, other: &str) -> usize {
    one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count()
}

/// Lifts what the query names above all else.
pub(crate) fn lift(named: &NamedPages, found: &mut Vec<Candidate>) {
    let best = found.iter().map(|found| found.score).fold(0.0, f32::max);
    for (rank, (page, _)) in named.0.iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "few pages share a name")]
        let score = best + (named.0.len() - rank) as f32;
        match found.binary_search_by_key(&page.0, |found| found.page) {
            Ok(at) => found[at].score = score,
            Err(at) => found.insert(at, Candidate { page: page.0, score, words: 0, mass: 0.0, n_docs: 0 }),
        }
    }
}
