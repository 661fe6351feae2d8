//! Names of emoji, such as `:bread:`, which some generators show as what they name.

use std::borrow::Cow;

/// The longest name, in bytes, with room to spare.
const MAX_NAME_BYTES: usize = 64;

/// The emoji that a name at the start of `text` stands for, and the length of the name with its colons.
pub(super) fn named(text: &str) -> Option<(&'static str, usize)> {
    let inner = text.strip_prefix(':')?;
    let len = inner.bytes().take(MAX_NAME_BYTES).position(|byte| byte == b':')?;
    let emoji = emojis::get_by_shortcode(&inner[..len])?;
    // A colon between letters divides what no emoji stands in.
    let is_word = inner[len + 1..].starts_with(char::is_alphanumeric);
    (!is_word).then_some((emoji.as_str(), len + 2))
}

/// `text` with emoji in place of their names.
pub(super) fn filled(text: &str) -> Cow<'_, str> {
    let mut made = String::new();
    let mut kept = 0;
    let mut at = 0;
    while let Some(next) = text[at..].find(':') {
        at += next;
        let is_word = text[..at].ends_with(char::is_alphanumeric);
        match named(&text[at..]).filter(|_| !is_word) {
            Some((emoji, len)) => {
                made.push_str(&text[kept..at]);
                made.push_str(emoji);
                at += len;
                kept = at;
            }
            None => at += 1,
        }
    }
    if kept == 0 { Cow::Borrowed(text) } else { Cow::Owned(made + &text[kept..]) }
}

#[cfg(test)]
mod tests {
    use super::filled;

    #[test]
    fn names_become_what_they_name() {
        for (text, expected) in [
            ("Bread :bread: and :+1:", "Bread 🍞 and 👍"),
            (":bread::bread:", "🍞🍞"),
            (":nobody: a:x:b 12:30:15 :", ":nobody: a:x:b 12:30:15 :"),
            ("ü:bread:", "ü:bread:"),
            ("::bread:", ":🍞"),
        ] {
            assert_eq!(filled(text), expected, "{text}");
        }
    }
}
