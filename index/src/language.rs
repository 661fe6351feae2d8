//! Languages: hits stay within the reader's, unless another one is asked for.
//!
//! Key decision: nobody who asks for a page by its name is to miss it. So a page in another language is a hit all the same where
//! the query is its name and no page in the reader's language is called so, and where nothing in the reader's language is found
//! at all, everything is.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use gradus_corpus::{Corpus, PageId};

use crate::Index;
use crate::answer::Query;
use crate::candidate::Candidate;
use crate::facets::{LANGUAGE_FACET, OwnLanguage, ValueCounts, primary};
use crate::name_matches::NamedPages;

/// Pages with a tag of their own, among more that have none, below which a site is not taken to be in several languages: a
/// translation is a tree of pages.
const FEW_TAGGED: usize = 5;

/// The language of a corpus in several: the site's, else that of most pages, of equals the first by name. `None` where all
/// pages are in one, and where nobody but a few pages among silent ones say theirs: what is silent may be in any language, and
/// a page must not be kept from its readers because it alone has said so.
pub(crate) fn main_language(corpus: &Corpus) -> Option<Box<str>> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let (mut n_pages, mut n_silent) = (0_usize, 0_usize);
    for (id, page) in corpus.pages().filter(|(_, page)| page.is_searchable) {
        n_pages += 1;
        n_silent += usize::from(page.lang.is_none());
        *counts.entry(corpus.language(id).to_ascii_lowercase()).or_default() += 1;
    }
    let n_tagged = n_pages - n_silent;
    let is_unsaid = corpus.site().lang.is_none() && n_tagged < n_silent.min(FEW_TAGGED);
    if counts.len() < 2 || is_unsaid {
        return None;
    }
    let site = corpus.site().lang.as_deref().map(|tag| primary(tag).to_ascii_lowercase());
    let site = site.filter(|lang| counts.contains_key(lang));
    let most = || counts.iter().max_by_key(|(lang, n)| (**n, Reverse(*lang))).map(|(lang, _)| lang.clone());
    site.or_else(most).map(Into::into)
}

impl Index {
    /// The language of most pages, or the one that a site of several says that it is in: what a reader is taken to read of whom
    /// nothing is known. `None` where all pages are in one language.
    pub fn main_language(&self) -> Option<&str> {
        self.language.as_deref()
    }

    /// Keeps of `found` what the query's filters admit and what is for a reader of its language; counts facets. The language
    /// that is left; `None` where there are several.
    pub(crate) fn sift<'q>(
        &self,
        corpus: &Corpus,
        query: &'q Query,
        named: &NamedPages,
        found: &mut Vec<Candidate>,
    ) -> (ValueCounts, Option<&'q str>) {
        let Some(lang) = query.lang.as_deref().filter(|_| !query.filters.sets(LANGUAGE_FACET)) else {
            return (self.facets.sift(&query.filters, None, found), None);
        };
        let wanted = primary(lang);
        let speaks = |page: PageId| corpus.language(page).eq_ignore_ascii_case(wanted);
        let site = corpus.site().lang.as_deref().unwrap_or("en");
        let admits_silent = primary(site).eq_ignore_ascii_case(wanted);
        let mut own = found.clone();
        let counts = self.facets.sift(&query.filters, Some(OwnLanguage { primary: wanted, admits_silent }), &mut own);
        if own.is_empty() {
            return (self.facets.sift(&query.filters, None, found), None);
        }
        let asked_for: Vec<PageId> = named.in_full().collect();
        if !asked_for.iter().any(|page| speaks(*page)) {
            let is_asked_for = |found: &&Candidate| {
                let page = PageId(found.page);
                asked_for.contains(&page) && query.filters.pass(corpus.page(page))
            };
            own.extend(found.iter().filter(is_asked_for).copied());
            own.sort_unstable_by_key(|found| found.page);
        }
        *found = own;
        (counts, Some(lang))
    }
}
