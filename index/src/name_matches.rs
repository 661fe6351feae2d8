//! Name matches: the pages that a query names rather than describes.

use std::cmp::Reverse;

use gradus_corpus::{Corpus, PageId};

use crate::Index;
use crate::analysis::is_function_word;
use crate::answer::{Matching, Query};
use crate::candidate::Candidate;
use crate::names::squeeze;
use crate::query_terms::QueryTerms;
use crate::weights::MAX_BEGUN;

/// How a query names a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameMatch {
    InFull,
    /// In another form of the words of its name.
    Inflected,
    /// With nothing but function words around its name.
    Within,
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
        named.add(corpus.names().resolve(text).pages, NameMatch::InFull);
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
            if query.matching != Matching::All
                && let ([], [span]) = (&*named.0, &*terms.spans)
                && (0..words.len()).all(|idx| (span.start..span.end).contains(&idx) || is_function_word(words[idx]))
            {
                named.add([span.concept], NameMatch::Within);
            }
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
