//! What names of files and patterns of addresses say.

use crate::site::address::{capitalised, is_number};

/// The day at the start of a post's name, whose year may have two digits, and the rest of the name.
pub(super) fn day_of(stem: &str) -> Option<([&str; 3], &str)> {
    let (year, rest) = stem.split_once('-')?;
    let (month, rest) = rest.split_once('-')?;
    let (day, name) = rest.split_once('-')?;
    let is_day = [year, month, day].iter().all(|part| is_number(part)) && matches!(year.len(), 2 | 4);
    (is_day && !name.is_empty()).then_some(([year, month, day], name))
}

pub(super) fn full_day([year, month, day]: [&str; 3]) -> [String; 3] {
    let century = if year.len() == 2 { "20" } else { "" };
    [format!("{century}{year}"), format!("{month:0>2}"), format!("{day:0>2}")]
}

/// `pattern` with its tokens filled in, the longest name that fits first.
pub(in crate::site) fn filled(pattern: &str, tokens: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = pattern;
    while let Some((before, behind)) = rest.split_once(':') {
        filled.push_str(before);
        let fitting = tokens.iter().filter(|(name, _)| behind.starts_with(name)).max_by_key(|(name, _)| name.len());
        let (len, value) = fitting.map_or((0, ":"), |(name, value)| (name.len(), *value));
        filled.push_str(value);
        rest = &behind[len..];
    }
    filled + rest
}

/// The title that a name makes: `no-title` is `No Title`.
pub(super) fn titleised(name: &str) -> String {
    name.split('-').filter(|word| !word.is_empty()).map(capitalised_only).collect::<Vec<_>>().join(" ")
}

/// A word with its first letter in upper case and all others in lower.
fn capitalised_only(word: &str) -> String {
    capitalised(&word.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_posts_hold_their_day() {
        assert_eq!(day_of("2024-03-05-rye-day"), Some((["2024", "03", "05"], "rye-day")));
        assert_eq!(day_of("24-3-14-short").map(|(day, _)| full_day(day).join("/")).as_deref(), Some("2024/03/14"));
        assert_eq!((day_of("undated"), day_of("2024-03-05")), (None, None));
    }

    #[test]
    fn names_become_titles() {
        assert_eq!((titleised("no-title").as_str(), titleised("Big Loaf").as_str()), ("No Title", "Big loaf"));
    }
}
