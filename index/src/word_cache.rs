//! The word cache: common words and short beginnings of words, looked up and scored once, when the index is built. Reading
//! them at each query would cost more than all else.

use rustc_hash::FxHashMap;

use crate::analysis::Casing;
use crate::parse::TypedWord;
use crate::word::Word;

/// Common words and beginnings, looked up and scored.
#[derive(Default)]
pub(crate) struct WordCache {
    /// Whole words.
    pub(crate) closed: FxHashMap<String, Word>,
    /// Words that may be unfinished.
    pub(crate) open: FxHashMap<String, Word>,
}

impl WordCache {
    /// `word`, if it is common or, where it `is_open`, the beginning of many. A name in mixed case stands for itself alone.
    pub(crate) fn get(&self, word: &TypedWord, is_open: bool) -> Option<&Word> {
        let words = if is_open { &self.open } else { &self.closed };
        words.get(&word.text).filter(|_| word.casing != Casing::Mixed)
    }
}
