//! Names in queries: which words of a query spell a concept, however they are spaced, hyphenated or joined.

use fst::{Map, MapBuilder};
use gradus_corpus::{Corpus, Page, PageId};

use crate::analysis::fold;

/// Words of the longest name that is looked for in a query.
const MAX_WORDS: usize = 6;

/// The names of concepts, by their letters and digits alone: `k/v cache`, `KV-cache` and `KVCache` are one.
pub(crate) struct Spans {
    names: Map<Vec<u8>>,
}

/// A run of a query's words that spells a concept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) concept: PageId,
}

impl Default for Spans {
    fn default() -> Self {
        Self { names: MapBuilder::memory().into_map() }
    }
}

impl Spans {
    /// O(names log names). A name that several concepts carry belongs to the first.
    pub(crate) fn new(corpus: &Corpus) -> Self {
        let mut names: Vec<(String, PageId)> = Vec::new();
        for concept in corpus.concepts() {
            names.extend(all_names(corpus.page(concept)).map(|name| (squeeze(name), concept)));
        }
        names.retain(|(name, _)| !name.is_empty());
        names.sort_unstable();
        names.dedup_by(|later, kept| later.0 == kept.0);
        let mut builder = MapBuilder::memory();
        for (name, concept) in &names {
            // Names come sorted and each once, which is all that the builder asks for.
            let inserted = builder.insert(name, u64::from(concept.0));
            debug_assert!(inserted.is_ok());
        }
        Self { names: builder.into_map() }
    }

    /// The concept that `text` as a whole spells.
    pub(crate) fn whole(&self, text: &str) -> Option<PageId> {
        self.get(&squeeze(text))
    }

    /// The names in a run of folded words: the longest at each place, none inside another. O(words).
    pub(crate) fn find(&self, words: &[&str]) -> Vec<Span> {
        let mut spans = Vec::new();
        let mut start = 0;
        while start < words.len() {
            let longest = (start + MAX_WORDS).min(words.len());
            let found = (start + 1..=longest).rev().find_map(|end| {
                let concept = self.get(&words[start..end].concat())?;
                Some(Span { start, end, concept })
            });
            start = found.as_ref().map_or(start + 1, |span| span.end);
            spans.extend(found);
        }
        spans
    }

    /// The name of `page` that `typed` spells, its slug if it is none of its names.
    pub(crate) fn spelled(&self, page: &Page, typed: &str) -> Box<str> {
        let typed = squeeze(typed);
        all_names(page).find(|name| squeeze(name) == typed).unwrap_or(&page.slug).into()
    }

    fn get(&self, squeezed: &str) -> Option<PageId> {
        self.names.get(squeezed).and_then(|page| u32::try_from(page).ok()).map(PageId)
    }
}

/// Title and other names.
pub(crate) fn all_names(page: &Page) -> impl Iterator<Item = &str> {
    std::iter::once(&*page.title).chain(page.names.iter().map(AsRef::as_ref))
}

/// Letters and digits, folded.
pub(crate) fn squeeze(name: &str) -> String {
    let mut squeezed = fold(name);
    squeezed.retain(|char| char.is_alphanumeric() || matches!(char, '+' | '#'));
    squeezed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_name_meet() {
        let corpus = gradus_corpus::fixture::corpus("kv-cache <- attention\npagedattention <- kv-cache\nc++ <- c");
        let spans = Spans::new(&corpus);
        let cache = corpus.find(gradus_corpus::Kind::Concept, "kv-cache");
        for spelling in ["kv cache", "KV-cache", "KVCache", "k/v cache", "kv_cache"] {
            assert_eq!(spans.whole(spelling), cache, "{spelling}");
        }
        assert_ne!(spans.whole("c++"), spans.whole("c"));
        let found = spans.find(&["what", "is", "paged", "attention", "to", "k", "v", "cache"]);
        let found: Vec<_> = found.iter().map(|span| (span.start, span.end)).collect();
        assert_eq!(found, [(2, 4), (5, 8)]);
    }
}
