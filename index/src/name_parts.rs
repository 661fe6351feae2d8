//! Parts of names: which concept is meant by the beginning or the end of its name, where no other has one like it.

use fst::Map;
use gradus_corpus::{Corpus, PageId};
use serde::{Deserialize, Serialize};

use crate::analysis::{is_function_word, tokens};
use crate::fst_maps::{longest, sorted};
use crate::names::{NameSpan, all_names};

/// Words of a name from which two at its beginning or end stand for it: of `time to first token`, `first token`.
const LONG_NAME: usize = 3;
/// Words of the longest part that is looked for.
const MAX_WORDS: usize = 4;

/// Beginnings and ends of names that are those of one concept only.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct NameParts(#[serde(with = "gradus_corpus::fst_bytes")] Map<Vec<u8>>);

impl NameParts {
    /// O(words of names · log).
    pub(crate) fn new(corpus: &Corpus) -> Self {
        let mut parts: Vec<(String, PageId)> = Vec::new();
        let mut wholes: Vec<String> = Vec::new();
        for concept in corpus.concepts().filter(|concept| corpus.page(*concept).is_searchable) {
            for name in all_names(corpus.page(concept)) {
                let words = tokens(name).into_iter().filter(|token| !token.is_part).map(|token| token.text);
                let words: Vec<String> = words.collect();
                parts.extend(parts_of(&words).map(|part| (part.concat(), concept)));
                wholes.push(words.concat());
            }
        }
        wholes.sort_unstable();
        parts.sort_unstable();
        parts.dedup();
        let alone = parts.chunk_by(|one, other| one.0 == other.0).filter_map(|alike| match alike {
            [(part, concept)] if wholes.binary_search(part).is_err() => Some((part, u64::from(concept.0))),
            _ => None,
        });
        Self(sorted(alone))
    }

    /// The first part of a name among `words`, the longest there. O(words).
    pub(crate) fn find(&self, words: &[&str]) -> Option<NameSpan> {
        (0..words.len()).find_map(|start| {
            let end = words.len().min(start + MAX_WORDS);
            let page = |number| u32::try_from(number).ok().map(PageId);
            let (n_words, concept) = longest(&self.0, &words[start..end], b"", page)?;
            Some(NameSpan { start, end: start + n_words, concept })
        })
    }
}

/// What may stand for a name of `words`: of two words the first, of more a beginning or end that tells two things.
fn parts_of(words: &[String]) -> impl Iterator<Item = &[String]> {
    let is_telling = |word: &&String| !is_function_word(word) && word.chars().all(char::is_alphabetic);
    let least = if words.len() < LONG_NAME { 1 } else { 2 };
    let beginnings = (1..words.len()).map(|end| &words[..end]);
    let ends = (1..words.len()).map(|start| &words[start..]).filter(move |_| words.len() >= LONG_NAME);
    beginnings.chain(ends).filter(move |part| {
        let is_edge = |word: Option<&String>| word.is_some_and(|word| is_telling(&word));
        part.iter().filter(is_telling).count() >= least && is_edge(part.first()) && is_edge(part.last())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_one_name_stands_for_it() {
        let corpus = gradus_corpus::fixture::corpus(
            "time-to-first-token <- decoding-phase\nmemory-wall <- memory-bandwidth\nbatch-size <- batch",
        );
        let parts = NameParts::new(&corpus);
        let found = |query: &str| {
            let words: Vec<&str> = query.split(' ').collect();
            parts.find(&words).map(|span| &*corpus.page(span.concept).slug)
        };
        assert_eq!(found("why is the first token slow"), Some("time-to-first-token"));
        assert_eq!(found("why is decoding slow"), Some("decoding-phase"));
        assert_eq!(found("memory"), None, "two names begin so");
        assert_eq!(found("batch"), None, "that is a name of its own");
        assert_eq!(found("token phase size"), None, "one word of many, or the second of two, tells too little");
    }
}
