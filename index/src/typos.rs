//! Typos: which words of the dictionary a mistyped word may have been meant to be.
//!
//! Words are kept by first letter and length, each with the set of its letters as bits: one edit changes that set by two
//! letters at most, so that nearly all words are passed over at one look. That is faster than a walk of the dictionary with a
//! Levenshtein automaton.

use rustc_hash::FxHashMap;

/// Words by first letter and length.
#[derive(Default)]
pub(crate) struct Typos {
    words: FxHashMap<(char, usize), Vec<Known>>,
}

/// A word of the dictionary.
struct Known {
    letters: u64,
    n_docs: u32,
    text: Box<str>,
}

impl Typos {
    /// Adds a word that `n_docs` documents hold.
    pub(crate) fn add(&mut self, text: &str, n_docs: u32) {
        if let Some(first) = text.chars().next() {
            let known = Known { letters: letters(text), n_docs, text: text.into() };
            self.words.entry((first, text.chars().count())).or_default().push(known);
        }
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
}

/// The letters of `word` as bits; those of one bit are taken for the same.
fn letters(word: &str) -> u64 {
    word.chars().fold(0, |letters, letter| letters | 1 << (u32::from(letter) % u64::BITS))
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn the_letters_pass_over_no_near_word(words in proptest::collection::vec("[a-dé]{1,7}", 1..40), word in "[a-dé]{1,7}") {
            let mut typos = Typos::default();
            (1..).zip(&words).for_each(|(n_docs, word)| typos.add(word, n_docs));
            for max_edits in 1..=2 {
                let mut near: Vec<String> = typos.near(&word, max_edits).into_iter().map(|(word, _)| word).collect();
                near.sort();
                let same_first = |other: &&String| other.chars().next() == word.chars().next();
                let is_near = |other: &&String| strsim::osa_distance(other, &word) <= max_edits;
                let mut expected: Vec<String> = words.iter().filter(same_first).filter(is_near).cloned().collect();
                expected.sort();
                proptest::prop_assert_eq!(near, expected);
            }
        }
    }
}
