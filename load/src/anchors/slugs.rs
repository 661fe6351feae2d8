//! What each generator leaves of a heading in its anchor.

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeEmoji, UnicodeGeneralCategory};

pub(super) fn is_mark(char: char) -> bool {
    char.general_category_group() == GeneralCategoryGroup::Mark
}

/// What github-slugger's expression leaves in place, spaces aside; Ruby's `\p{Word}` and `-` are the same.
pub(super) fn is_github_word(char: char) -> bool {
    if char.is_ascii() {
        return char.is_ascii_alphanumeric() || matches!(char, '-' | '_');
    }
    char.is_alphabetic()
        || is_mark(char)
        || matches!(char.general_category(), GeneralCategory::DecimalNumber | GeneralCategory::ConnectorPunctuation)
}

/// Python's `\w` and the hyphen.
pub(super) fn is_python_word(char: char) -> bool {
    let group = || char.general_category_group();
    matches!(char, '_' | '-') || matches!(group(), GeneralCategoryGroup::Letter | GeneralCategoryGroup::Number)
}

/// Python's `\s`.
pub(super) fn is_python_space(char: char) -> bool {
    char.is_whitespace() || matches!(char, '\u{1c}'..='\u{1f}')
}

/// Runs of hyphens and spaces as one hyphen.
pub(super) fn joined(words: &str) -> String {
    let mut slug = String::with_capacity(words.len());
    for char in words.chars() {
        if char != '-' && !is_python_space(char) {
            slug.push(char);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug
}

pub(super) fn hugo(title: &str) -> String {
    let kept = title.chars().filter_map(|char| match char {
        ' ' | '-' => Some('-'),
        '_' => Some('_'),
        _ => {
            let is_kept = char.general_category_group() == GeneralCategoryGroup::Letter
                || char.general_category() == GeneralCategory::DecimalNumber;
            // Go lowers a letter to one letter, also where Unicode's full mapping has two.
            is_kept.then(|| char.to_lowercase().next().unwrap_or(char))
        }
    });
    kept.collect()
}

/// `SanitizedAnchorName` of Blackfriday: each run of signs between letters is one hyphen.
pub(super) fn blackfriday(title: &str) -> String {
    let words = title.split(|char: char| !char.is_alphabetic() && !char.is_numeric()).filter(|word| !word.is_empty());
    words
        .map(|word| word.chars().filter_map(|char| char.to_lowercase().next()).collect::<String>())
        .collect::<Vec<_>>()
        .join("-")
}

/// `docutils.nodes.make_id`.
pub(super) fn docutils(title: &str) -> String {
    let lower: String = title.to_lowercase().chars().map(|char| if char == 'ı' { 'i' } else { char }).collect();
    let mut bare = String::with_capacity(lower.len());
    for char in lower.chars() {
        match char {
            // Quotes have become typographic ones, which are not ASCII.
            '\'' | '"' => {}
            'ß' => bare.push_str("sz"),
            'æ' => bare.push_str("ae"),
            'œ' => bare.push_str("oe"),
            'ȸ' => bare.push_str("db"),
            'ȹ' => bare.push_str("qp"),
            'ø' => bare.push('o'),
            'đ' => bare.push('d'),
            'ħ' => bare.push('h'),
            'ł' => bare.push('l'),
            'ŧ' => bare.push('t'),
            char => bare.push(char),
        }
    }
    let mut slug = String::with_capacity(bare.len());
    for char in bare.nfkd().filter(char::is_ascii) {
        if char.is_ascii_alphanumeric() {
            slug.push(char);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_start_matches(|char: char| char == '-' || char.is_ascii_digit()).trim_end_matches('-').to_owned()
}

/// The id that Sphinx gives to a term of a glossary; empty where it counts them. `sphinx.util.nodes.make_id`.
pub(crate) fn sphinx_term(term: &str) -> String {
    let mut id = String::with_capacity(term.len());
    for char in term.nfkd().filter(char::is_ascii) {
        if char.is_ascii_alphanumeric() || matches!(char, '.' | '_') {
            id.push(char);
        } else if !id.ends_with('-') {
            id.push('-');
        }
    }
    let is_left_out = |char: char| char.is_ascii_digit() || matches!(char, '-' | '.' | '_');
    let id = id.trim_start_matches(is_left_out).trim_end_matches('-');
    if id.is_empty() { String::new() } else { format!("term-{id}") }
}

/// pandoc's `auto_identifiers`: nothing before the first letter, and of signs only `_`, `-` and `.`.
pub(super) fn pandoc(title: &str) -> String {
    let lower = title.to_lowercase();
    let kept = lower.chars().filter(|char| char.is_alphanumeric() || char.is_whitespace() || "_-.".contains(*char));
    let kept: String = kept.collect();
    let words: Vec<&str> = kept.split_whitespace().collect();
    words.join("-").trim_start_matches(|char: char| !char.is_alphabetic()).to_owned()
}

/// `slugify` of @mdit-vue/shared.
pub(super) fn vitepress(title: &str) -> String {
    const SPECIAL: &str = "~`!@#$%^&*()-_+=[]{}|\\;:\"'“”‘’<>,.?/";
    let mut slug = String::with_capacity(title.len());
    let bare = title.nfkd().filter(|char| !matches!(char, '\u{300}'..='\u{36f}' | '\0'..='\u{1f}'));
    for char in bare {
        if !char.is_whitespace() && !SPECIAL.contains(char) {
            slug.push(char);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_matches('-');
    let prefix = if slug.starts_with(|first: char| first.is_ascii_digit()) { "_" } else { "" };
    format!("{prefix}{}", slug.to_lowercase())
}

/// `slugify` of docsify: letters of ASCII in lower case, signs and emoji dropped.
pub(super) fn docsify(title: &str) -> String {
    let is_sign = |char: char| match char {
        '\u{2000}'..='\u{206f}' | '\u{2e00}'..='\u{2e7f}' | '\u{fe0f}' => true,
        char if char.is_ascii() => char.is_ascii_punctuation() && !matches!(char, '-' | '_'),
        char => char.is_emoji_char(),
    };
    let kept = title.trim().nfc().filter(|char| !is_sign(*char));
    let slug: String = kept.map(|char| if char.is_whitespace() { '-' } else { char.to_ascii_lowercase() }).collect();
    let prefix = if slug.starts_with(|first: char| first.is_ascii_digit()) { "_" } else { "" };
    format!("{prefix}{slug}")
}

/// `slugize` of hexo-util: letters without their marks, runs of signs and space as one hyphen, in the casing that is written.
pub(crate) fn hexo_slug(title: &str) -> String {
    let mut bare = String::with_capacity(title.len());
    for char in title.nfd().filter(|char| !is_mark(*char) && !char.is_control()) {
        match char {
            'ß' => bare.push('s'),
            'Æ' => bare.push_str("AE"),
            'æ' => bare.push_str("ae"),
            'Œ' => bare.push_str("OE"),
            'œ' => bare.push_str("oe"),
            'Ø' => bare.push('O'),
            'ø' => bare.push('o'),
            'Ł' => bare.push('L'),
            'ł' => bare.push('l'),
            'Đ' => bare.push('D'),
            'đ' => bare.push('d'),
            char => bare.push(char),
        }
    }
    let is_divider = |char: char| char.is_whitespace() || char.is_ascii_punctuation();
    let bare: String = bare.nfc().collect();
    bare.split(is_divider).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

/// `title` with the quotes, dashes and ellipses that Hexo's typographer makes.
pub(super) fn smart(title: &str) -> String {
    let dashed = title.replace("---", "—").replace("--", "–").replace("...", "…");
    let mut made = String::with_capacity(dashed.len());
    for char in dashed.chars() {
        let opens =
            made.chars().next_back().is_none_or(|before| before.is_whitespace() || "-—/([{\"‘".contains(before));
        made.push(match char {
            '\'' if opens => '‘',
            '\'' => '’',
            '"' if opens => '“',
            '"' => '”',
            char => char,
        });
    }
    made
}
