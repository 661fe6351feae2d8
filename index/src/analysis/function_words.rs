//! Function words: what builds English sentences rather than tells what they are about.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

/// Whether `word`, folded, is one. A question is full of them, and the rarest of them in texts, such as `why`, would
/// otherwise count most.
pub(crate) fn is_function_word(word: &str) -> bool {
    static WORDS: LazyLock<FxHashSet<&str>> =
        LazyLock::new(|| include_str!("function_words.txt").split_whitespace().collect());
    WORDS.contains(word)
}
