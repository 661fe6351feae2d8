//! How names are written, and how lines look that hold one.

/// Whether a character is blank or invisible.
pub(crate) fn is_unseen(char: char) -> bool {
    char.is_whitespace() || matches!(char, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{ad}')
}

/// A name without its casing, blanks, hyphens, invisible characters and full-width forms.
pub(crate) fn normal(name: &str) -> String {
    let seen = name.chars().filter(|char| !(is_unseen(*char) || matches!(char, '_' | '-')));
    let narrow = seen.map(|char| match char {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(char as u32 - 0xfee0).unwrap_or(char),
        _ => char,
    });
    narrow.flat_map(char::to_lowercase).collect()
}

/// Whether a line is `name: …` or `name = …`: what a text behind a thematic break hardly ever begins with.
pub(crate) fn looks_like_a_field(line: &str) -> bool {
    let line = line.trim_start_matches(is_unseen).trim_start_matches(['"', '\'']);
    let end =
        line.find(|char: char| !(char.is_alphanumeric() || matches!(char, '_' | '-' | '.'))).unwrap_or(line.len());
    let rest = line[end..].trim_start_matches(['"', '\'']).trim();
    end > 0 && (rest == ":" || [": ", ":\t", "= ", "=\""].iter().any(|sign| rest.starts_with(sign)) || rest == "=")
}
