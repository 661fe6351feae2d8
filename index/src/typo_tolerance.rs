//! Typo tolerance: which words of the dictionary a mistyped word may have been meant to be.
//!
//! Words are kept by first letter and length, each with the set of its letters as bits: one edit changes that set by two
//! letters at most, so that nearly all words are passed over at one look. That is faster than a walk of the dictionary with a
//! Levenshtein automaton. Where the first letter itself is wrong, what follows it is looked up.

use fst::{IntoStreamer, Map, Streamer};
use rustc_hash::FxHashMap;

use crate::fst_maps::sorted;

/// The words of the dictionary.
#[derive(Default)]
pub(crate) struct TypoDictionary {
    /// By first letter and length.
    words: FxHashMap<(char, usize), Vec<DictionaryWord>>,
    /// By what follows the first letter, and that letter: the number of documents.
    tails: Map<Vec<u8>>,
}

/// A word of the dictionary.
struct DictionaryWord {
    letters: u64,
    n_docs: u32,
    text: Box<str>,
}

impl TypoDictionary {
    /// O(words log words), of words and the number of documents that hold them.
    pub(crate) fn new(known: Vec<(String, u32)>) -> Self {
        let tails = known.iter().filter_map(|(text, n_docs)| Some((tail(split(text)?), u64::from(*n_docs))));
        let mut tails: Vec<(String, u64)> = tails.collect();
        tails.sort_unstable();
        let mut words: FxHashMap<_, Vec<DictionaryWord>> = FxHashMap::default();
        for (text, n_docs) in known {
            if let Some((first, _)) = split(&text) {
                let place = (first, text.chars().count());
                words.entry(place).or_default().push(DictionaryWord {
                    letters: letters(&text),
                    n_docs,
                    text: text.into(),
                });
            }
        }
        Self { words, tails: sorted(tails.into_iter()) }
    }

    /// The words that `max_edits` edits make of `word`, with the number of documents that hold them, where the first letter is
    /// right. An edit adds, drops or replaces a letter or swaps two neighbours (optimal string alignment).
    pub(crate) fn near(&self, word: &str, max_edits: usize) -> Vec<(String, u32)> {
        let Some(first) = word.chars().next() else { return Vec::new() };
        let (n_chars, own) = (word.chars().count(), letters(word));
        let lengths = n_chars.saturating_sub(max_edits)..=n_chars + max_edits;
        let alike = lengths.filter_map(|length| Some((length, self.words.get(&(first, length))?)));
        let alike = alike.flat_map(|(length, words)| {
            // A replaced letter changes the set by two, an added or dropped one by one.
            let max_changes = 2 * max_edits - length.abs_diff(n_chars);
            words.iter().filter(move |known| (known.letters ^ own).count_ones() as usize <= max_changes)
        });
        let near = alike.filter(|known| strsim::osa_distance(&known.text, word) <= max_edits);
        near.map(|known| (known.text.to_string(), known.n_docs)).collect()
    }

    /// The words that begin otherwise and that one edit of the first letter makes of `word`: it is wrong, missing, one too
    /// many or swapped with the second. With the number of documents that hold them. O(word + found).
    pub(crate) fn with_other_start(&self, word: &str) -> Vec<(String, u32)> {
        let Some((first, rest)) = split(word) else { return Vec::new() };
        let mut found = Vec::new();
        for follows in [rest, word] {
            let behind = format!("{follows}\u{1}");
            let mut tails = self.tails.range().ge(format!("{follows}\0")).lt(behind).into_stream();
            while let Some((tail, n_docs)) = tails.next() {
                // Keys are text, cut between letters.
                let other = std::str::from_utf8(&tail[follows.len() + 1..]).unwrap_or_default();
                found.push((format!("{other}{follows}"), n_docs));
            }
        }
        let swapped = split(rest).map(|(second, behind)| format!("{second}{first}{behind}"));
        for whole in swapped.into_iter().chain([rest.to_owned()]) {
            let n_docs = split(&whole).and_then(|whole| self.tails.get(tail(whole)));
            found.extend(n_docs.map(|n_docs| (whole, n_docs)));
        }
        found.retain(|(other, _)| !other.starts_with(first));
        found.into_iter().map(|(word, n_docs)| (word, u32::try_from(n_docs).unwrap_or(u32::MAX))).collect()
    }
}

/// A word's first letter, and what follows it.
fn split(word: &str) -> Option<(char, &str)> {
    let mut rest = word.chars();
    Some((rest.next()?, rest.as_str()))
}

/// The key of a word that is split.
fn tail((first, rest): (char, &str)) -> String {
    format!("{rest}\0{first}")
}

/// The letters of `word` as bits; those of one bit are taken for the same.
fn letters(word: &str) -> u64 {
    word.chars().fold(0, |letters, letter| letters | 1 << (u32::from(letter) % u64::BITS))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    proptest::proptest! {
        #[test]
        fn all_near_words_are_found(
            words in proptest::collection::btree_map("[a-dé]{1,7}", 1..9_u32, 1..40),
            word in "[a-dé]{1,7}",
        ) {
            let typos = TypoDictionary::new(words.clone().into_iter().collect());
            let starts_alike = |other: &str| other.chars().next() == word.chars().next();
            let expected = |max_edits, alike| -> BTreeMap<String, u32> {
                let near = words.clone().into_iter().filter(|(other, _)| strsim::osa_distance(other, &word) <= max_edits);
                near.filter(|(other, _)| starts_alike(other) == alike).collect()
            };
            for max_edits in 1..=2 {
                let near: BTreeMap<String, u32> = typos.near(&word, max_edits).into_iter().collect();
                proptest::prop_assert_eq!(near, expected(max_edits, true));
            }
            let mut others = typos.with_other_start(&word);
            others.sort();
            proptest::prop_assert_eq!(others, expected(1, false).into_iter().collect::<Vec<_>>());
        }
    }
}
