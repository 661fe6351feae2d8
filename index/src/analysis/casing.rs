//! Casing: whether a word is written as a word, an acronym or a name, and where a name falls into parts.

/// How a word is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Casing {
    /// As a word of the language.
    #[default]
    Plain,
    /// In capitals, perhaps with the `s` of a plural: `LLM`, `GPUs`.
    Acronym,
    /// As a name of its own: `RoPE`, `vLLM`, `PagedAttention`.
    Mixed,
}

/// Capitals longer than this are words written loudly.
const ACRONYM_CHARS: usize = 6;

/// How `word` is written.
pub(super) fn written_as(word: &str) -> Casing {
    let letters = singular(word);
    let n_upper = letters.chars().filter(|char| char.is_uppercase()).count();
    let n_lower = letters.chars().filter(|char| char.is_lowercase()).count();
    let starts_upper = letters.chars().next().is_some_and(char::is_uppercase);
    match (n_upper, n_lower) {
        (2..=ACRONYM_CHARS, 0) => Casing::Acronym,
        (1, 1..) if !starts_upper => Casing::Mixed,
        (2.., 1..) => Casing::Mixed,
        _ => Casing::Plain,
    }
}

/// `word` without the `s` behind a capital: `LLMs`, `LoRAs`.
pub(super) fn singular(word: &str) -> &str {
    match word.strip_suffix('s') {
        Some(one) if one.chars().count() > 1 && one.ends_with(char::is_uppercase) => one,
        _ => word,
    }
}

/// Where the parts of a word begin and end: before a capital behind a small letter, before the last capital of a run that
/// a small letter follows, and between letters and digits.
pub(super) fn cuts(word: &str) -> Vec<usize> {
    let chars: Vec<(usize, char)> = word.char_indices().collect();
    let mut cuts = vec![0];
    for idx in 1..chars.len() {
        let (before, (at, here)) = (chars[idx - 1].1, chars[idx]);
        let after_is_small = chars.get(idx + 1).is_some_and(|(_, next)| next.is_lowercase());
        let rises = before.is_lowercase() && here.is_uppercase();
        let ends_run = before.is_uppercase() && here.is_uppercase() && after_is_small;
        let changes = before.is_numeric() != here.is_numeric() && before.is_alphanumeric() && here.is_alphanumeric();
        if rises || ends_run || changes {
            cuts.push(at);
        }
    }
    cuts.push(word.len());
    cuts
}
