//! Which texts are kept, and in which form.

use gradus_engine::limits;

/// `typed` in lower case with single spaces; `None` for what is too long, or may name somebody: e-mail addresses and handles,
/// links, and long runs of digits (telephone, account and card numbers, with or without separators).
pub(super) fn keepable(typed: &str) -> Option<String> {
    let text = typed.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let is_private = text.contains(['@', '＠']) || text.contains("://") || has_long_number(&text);
    let is_long = text.chars().count() > limits::QUERY_TEXT_CHARS;
    (!text.is_empty() && !is_private && !is_long).then_some(text)
}

/// Whether digits with nothing but separators between them are more than [`limits::QUERY_DIGITS`].
fn has_long_number(text: &str) -> bool {
    let mut n_digits = 0;
    for char in text.chars() {
        if char.is_numeric() {
            n_digits += 1;
        } else if !matches!(char, ' ' | '-' | '.' | '/' | '(' | ')' | '+') {
            n_digits = 0;
        }
        if n_digits > limits::QUERY_DIGITS {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_folded() {
        assert_eq!(keepable("  KV\t Cache "), Some("kv cache".to_owned()));
        assert_eq!(keepable("ÉCOLE"), Some("école".to_owned()));
        assert_eq!(keepable(" "), None);
    }

    #[test]
    fn what_may_name_somebody_is_not_kept() {
        for private in [
            "ada@example.org",
            "who is @ada",
            "https://example.org/?token=1",
            "4111 1111 1111 1111",
            "+49 (30) 123-4567",
            "1815-12-10 lovelace",
            "١٢٣٤٥٦٧",
            &"long ".repeat(50),
        ] {
            assert_eq!(keepable(private), None, "{private}");
        }
        for fine in ["gpt-4 vs llama 3 70b", "rfc 9457", "transformers 2017", "2017 to 2024"] {
            assert!(keepable(fine).is_some(), "{fine}");
        }
    }
}
