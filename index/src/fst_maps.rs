//! Maps from strings to numbers, as finite state transducers (the `fst` crate): small, and walked letter by letter.

use fst::raw::Output;
use fst::{Map, MapBuilder};

/// A map of `entries`, which come sorted and each once.
pub(crate) fn sorted<K: AsRef<[u8]>>(entries: impl Iterator<Item = (K, u64)>) -> Map<Vec<u8>> {
    let mut builder = MapBuilder::memory();
    for (key, value) in entries {
        let inserted = builder.insert(key, value);
        debug_assert!(inserted.is_ok());
    }
    builder.into_map()
}

/// The longest key that some of the first `words` make, `between` them, for which `accept` takes the value: how many words,
/// and what was taken. O(letters), and mostly those of one word: the walk ends where no key goes on.
pub(crate) fn longest<T>(
    map: &Map<Vec<u8>>,
    words: &[impl AsRef<str>],
    between: &[u8],
    accept: impl Fn(u64) -> Option<T>,
) -> Option<(usize, T)> {
    let fst = map.as_fst();
    let (mut node, mut value) = (fst.root(), Output::zero());
    let mut longest = None;
    for (idx, word) in words.iter().enumerate() {
        let before = if idx == 0 { &[] } else { between };
        for letter in before.iter().chain(word.as_ref().as_bytes()) {
            let Some(at) = node.find_input(*letter) else { return longest };
            let transition = node.transition(at);
            value = value.cat(transition.out);
            node = fst.node(transition.addr);
        }
        if node.is_final() {
            longest = accept(value.cat(node.final_output()).value()).map(|taken| (idx + 1, taken)).or(longest);
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    proptest::proptest! {
        #[test]
        fn walking_finds_what_looking_up_finds(
            keys: BTreeMap<String, u16>,
            more in proptest::collection::btree_map("[ab ]{1,5}", 0..9_u16, 0..20),
            words in proptest::collection::vec("[ab]{1,2}", 0..5),
        ) {
            let keys: BTreeMap<String, u16> = keys.into_iter().chain(more).collect();
            let map = sorted(keys.iter().map(|(key, value)| (key, u64::from(*value))));
            for between in ["", " "] {
                let even = |value| (value % 2 == 0).then_some(value);
                let joined = |n_words: &usize| words[..*n_words].join(between);
                let n_words = (1..=words.len()).rev().find(|n| keys.get(&joined(n)).is_some_and(|value| value % 2 == 0));
                let expected = n_words.map(|n| (n, u64::from(keys[&joined(&n)])));
                proptest::prop_assert_eq!(longest(&map, &words, between.as_bytes(), even), expected);
            }
        }
    }
}
