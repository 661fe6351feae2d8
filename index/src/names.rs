//! Names in queries: which words of a query spell a concept, however they are spaced, hyphenated or joined, and in whichever
//! form: `kv caches`, `tokenize`.

use std::collections::BTreeSet;

use fst::Map;
use gradus_corpus::normal::normal;
use gradus_corpus::{Corpus, Page, PageId};
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize, Serializer};

use crate::analysis::{Casing, Stems, Token, acronym_stem, tokens};
use crate::fst_maps::{longest, sorted};

/// Words of the longest name that is looked for in a query.
const MAX_WORDS: usize = 6;

/// The names of concepts.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct ConceptNames {
    /// By their letters and digits alone: `k/v cache`, `KV-cache` and `KVCache` are one.
    #[serde(with = "gradus_corpus::fst_bytes")]
    names: Map<Vec<u8>>,
    /// By the stems of their words: a number for which `starts` tells where in `concepts` those begin that have such a name.
    #[serde(with = "gradus_corpus::fst_bytes")]
    forms: Map<Vec<u8>>,
    starts: Vec<usize>,
    concepts: Vec<PageId>,
    /// What stands for the words of names that are acronyms: those have no stem.
    #[serde(serialize_with = "sorted_set")]
    acronyms: FxHashSet<String>,
}

/// Writes a set sorted: the order of its hashes is another one on another machine.
fn sorted_set<S: Serializer>(set: &FxHashSet<String>, to: S) -> Result<S::Ok, S::Error> {
    set.iter().collect::<BTreeSet<_>>().serialize(to)
}

/// A run of a query's words that spells a concept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NameSpan {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) concept: PageId,
}

impl ConceptNames {
    /// O(names log names). A name that several concepts carry belongs to the first.
    pub(crate) fn new(corpus: &Corpus, stems: &mut Stems) -> Self {
        let mut names: Vec<(String, PageId)> = Vec::new();
        let mut forms = Vec::new();
        let mut acronyms = FxHashSet::default();
        for concept in corpus.concepts().filter(|concept| corpus.page(*concept).is_searchable) {
            for name in all_names(corpus.page(concept)) {
                names.push((squeeze(name), concept));
                forms.extend(form_of_name(name, stems, &mut acronyms).map(|form| (form, concept)));
            }
        }
        names.retain(|(name, _)| !name.is_empty());
        names.sort_unstable();
        names.dedup_by(|later, kept| later.0 == kept.0);
        forms.sort_unstable();
        forms.dedup();
        let alike = forms.chunk_by(|one, other| one.0 == other.0);
        let starts = alike.clone().scan(0, |end, alike| {
            *end += alike.len();
            Some(*end)
        });
        Self {
            names: sorted(names.iter().map(|(name, concept)| (&**name, u64::from(concept.0)))),
            forms: sorted(alike.zip(0..).map(|(alike, number)| (&*alike[0].0, number))),
            starts: std::iter::once(0).chain(starts).collect(),
            concepts: forms.iter().map(|(_, concept)| *concept).collect(),
            acronyms,
        }
    }

    /// What stands for folded words of a query among the forms.
    fn forms(&self, words: &[&str], stems: &Stems) -> Vec<String> {
        let form = |word: &&str| {
            let one = word.strip_suffix('s').unwrap_or(word);
            let acronym = [word, one].into_iter().map(acronym_stem).find(|stem| self.acronyms.contains(stem));
            acronym.unwrap_or_else(|| stems.stem(word))
        };
        words.iter().map(form).collect()
    }

    /// The concepts of a number of `forms`.
    fn alike(&self, number: u64) -> &[PageId] {
        let number = usize::try_from(number).unwrap_or(usize::MAX);
        match self.starts.get(number..).unwrap_or_default() {
            [start, end, ..] => &self.concepts[*start..*end],
            _ => &[],
        }
    }

    /// The concepts of which `words` as a whole, folded, are another form of a name.
    pub(crate) fn inflected(&self, words: &[&str], stems: &Stems) -> &[PageId] {
        if self.concepts.is_empty() {
            return &[];
        }
        let form = self.forms(words, stems).join(" ");
        self.forms.get(form).map_or(&[], |number| self.alike(number))
    }

    /// The concept that `text` as a whole spells.
    pub(crate) fn whole(&self, text: &str) -> Option<PageId> {
        self.get(&squeeze(text))
    }

    /// The names in a run of folded words: the longest at each place, none inside another. A form counts where it is one of
    /// a single concept. O(words).
    pub(crate) fn find(&self, words: &[&str], stems: &Stems) -> Vec<NameSpan> {
        let mut spans = Vec::new();
        if self.concepts.is_empty() && self.names.is_empty() {
            return spans;
        }
        let forms = self.forms(words, stems);
        let alone = |number| match self.alike(number) {
            [concept] => Some(*concept),
            _ => None,
        };
        let mut start = 0;
        while start < words.len() {
            let end = words.len().min(start + MAX_WORDS);
            let named = longest(&self.names, &words[start..end], b"", page);
            let inflected = longest(&self.forms, &forms[start..end], b" ", alone);
            let found = match (named, inflected) {
                (Some(named), Some(inflected)) if inflected.0 > named.0 => Some(inflected),
                (named, inflected) => named.or(inflected),
            };
            let n_words = found.map_or(1, |(n_words, _)| n_words);
            spans.extend(found.map(|(_, concept)| NameSpan { start, end: start + n_words, concept }));
            start += n_words;
        }
        spans
    }

    /// The name of `page` that `typed` spells, its slug if it is none of its names.
    pub(crate) fn spelled(&self, page: &Page, typed: &str) -> Box<str> {
        let typed = squeeze(typed);
        all_names(page).find(|name| squeeze(name) == typed).unwrap_or(&page.slug).into()
    }

    fn get(&self, squeezed: &str) -> Option<PageId> {
        self.names.get(squeezed).and_then(page)
    }
}

fn page(number: u64) -> Option<PageId> {
    u32::try_from(number).ok().map(PageId)
}

/// What stands for a name among the forms; nothing where a word of it is a name of its own: nobody climbs a `RoPE`.
fn form_of_name(name: &str, stems: &mut Stems, acronyms: &mut FxHashSet<String>) -> Option<String> {
    let words: Vec<Token> = tokens(name).into_iter().filter(|word| !word.is_part).collect();
    if words.is_empty() || words.iter().any(|word| word.casing == Casing::Mixed) {
        return None;
    }
    let forms: Vec<String> = words.iter().map(|word| stems.indexed_form(word, &name[word.start..word.end])).collect();
    let with_words = words.iter().zip(&forms);
    acronyms.extend(with_words.filter(|(word, _)| word.casing == Casing::Acronym).map(|(_, stem)| stem.clone()));
    Some(forms.join(" "))
}

/// Title and other names.
pub(crate) fn all_names(page: &Page) -> impl Iterator<Item = &str> {
    std::iter::once(&*page.title).chain(page.names.iter().map(AsRef::as_ref))
}

/// Letters and digits, folded.
pub(crate) fn squeeze(name: &str) -> String {
    let mut squeezed = normal(name);
    squeezed.retain(|char| char.is_alphanumeric() || matches!(char, '+' | '#'));
    squeezed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_name_meet() {
        let corpus = gradus_corpus::fixture::corpus("kv-cache <- attention\npagedattention <- kv-cache\nc++ <- c");
        let mut stems = Stems::new(None);
        let names = ConceptNames::new(&corpus, &mut stems);
        let cache = corpus.find(gradus_corpus::Kind::Concept, "kv-cache");
        for spelling in ["kv cache", "KV-cache", "KVCache", "k/v cache", "kv_cache"] {
            assert_eq!(names.whole(spelling), cache, "{spelling}");
        }
        assert_ne!(names.whole("c++"), names.whole("c"));
        let found = names.find(&["what", "is", "paged", "attention", "to", "k", "v", "cache"], &stems);
        let found: Vec<_> = found.iter().map(|span| (span.start, span.end)).collect();
        assert_eq!(found, [(2, 4), (5, 8)]);
    }

    #[test]
    fn forms_of_a_name_meet_and_names_of_their_own_have_none() {
        let corpus = gradus_corpus::fixture::corpus("reranking <- LLM\nRoPE <- token\nCLIP <- tokenization");
        let mut stems = Stems::new(None);
        let names = ConceptNames::new(&corpus, &mut stems);
        let inflected = |words: &[&str]| {
            let pages = names.inflected(words, &stems).iter();
            pages.map(|page| corpus.page(*page).title.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(inflected(&["rerank"]), ["reranking"]);
        assert_eq!(inflected(&["llms"]), ["LLM"]);
        assert_eq!(inflected(&["tokenize"]), ["token", "tokenization"]);
        assert!(inflected(&["ropes"]).is_empty() && inflected(&["clipping"]).is_empty() && inflected(&[]).is_empty());
        let found = names.find(&["which", "rerankers", "tokenize", "for", "llms"], &stems);
        let found: Vec<_> = found.iter().map(|span| (span.start, span.end)).collect();
        assert_eq!(found, [(1, 2), (4, 5)], "what two concepts may be called is neither");
    }
}
