//! The normal form in which texts are compared: names, slugs, anchors, paths, words.
//!
//! Two spellings that a reader takes for the same have one normal form: composed and decomposed letters, wide and narrow
//! ones, capitals, letters with and without accents, typographic and plain quotes, text with and without characters that
//! nobody sees. Marks are dropped only where the script's own readers leave them out when they are in a hurry (Latin,
//! Greek, Cyrillic, Hebrew, Arabic); in others, such as Devanagari, Thai or Kana, they make another letter and stay.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The normal form of `text`. Applying it twice changes nothing. O(text).
pub fn normal(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    push_normal(text, &mut normal);
    normal
}

/// Puts the normal form of `text` behind `out`.
pub fn push_normal(text: &str, out: &mut String) {
    if text.is_ascii() {
        out.extend(text.chars().map(|char| plain_ascii(char.to_ascii_lowercase())));
        return;
    }
    let mut base = ' ';
    // Quotes go first: Unicode takes the acute accent that some write for an apostrophe apart into a space and a mark.
    let seen = text.chars().filter(|char| !is_invisible(*char)).map(plain_ascii);
    let decomposed = seen.nfkd().filter(move |char| {
        let is_letter = *char == BREVE && matches!(base, 'и' | 'И');
        let is_dropped = is_optional_mark(*char) && !is_letter || is_invisible(*char);
        if !is_dropped && !is_combining_mark(*char) {
            base = *char;
        }
        !is_dropped
    });
    let mut spelled = String::with_capacity(text.len());
    for char in decomposed.flat_map(char::to_lowercase) {
        match spelled_out(char) {
            Some(letters) => spelled.push_str(letters),
            None => spelled.push(plain_ascii(char)),
        }
    }
    out.extend(spelled.nfc());
}

/// The parts of `text` that can be normalised one by one, with their byte offsets: a character and the marks and jamo
/// that belong to it. Joined together, their normal forms are the normal form of the whole.
pub fn clusters(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut chars = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, _) = chars.next()?;
        while chars.next_if(|(_, char)| continues(*char)).is_some() {}
        let end = chars.peek().map_or(text.len(), |(at, _)| *at);
        Some((start, &text[start..end]))
    })
}

/// Cyrillic й and и are two letters to everybody who reads them, unlike ё and е.
const BREVE: char = '\u{306}';

/// Whether a character may change together with the one before it.
fn continues(char: char) -> bool {
    !char.is_ascii()
        && (is_combining_mark(char) || is_invisible(char) || is_joining_jamo(char) || is_halfwidth_voice(char))
}

fn is_joining_jamo(char: char) -> bool {
    matches!(char, '\u{1160}'..='\u{11FF}' | '\u{FFA0}'..='\u{FFDC}' | '\u{3131}'..='\u{318E}')
}

/// The marks of voice behind half-width Kana, which are no marks to Unicode.
fn is_halfwidth_voice(char: char) -> bool {
    matches!(char, '\u{FF9E}' | '\u{FF9F}')
}

/// Characters that nobody sees and that end up in texts by copying: soft hyphens, joiners, byte order marks, marks of
/// direction, selectors of variants.
fn is_invisible(char: char) -> bool {
    matches!(
        char,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{640}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{E0100}'..='\u{E01EF}'
    )
}

/// Marks without which a word is still the same to those who read its script.
fn is_optional_mark(char: char) -> bool {
    matches!(
        char,
        '\u{300}'..='\u{36F}' | '\u{483}'..='\u{487}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20F0}' | '\u{FE20}'..='\u{FE2F}'
        | '\u{591}'..='\u{5BD}' | '\u{5BF}' | '\u{5C1}' | '\u{5C2}' | '\u{5C4}' | '\u{5C5}' | '\u{5C7}'
        | '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{6D6}'..='\u{6DC}' | '\u{6DF}'..='\u{6E4}'
        | '\u{6E7}' | '\u{6E8}' | '\u{6EA}'..='\u{6ED}'
    )
}

/// Lower-case letters that Unicode does not take apart, as they are written where the keyboard lacks them.
fn spelled_out(char: char) -> Option<&'static str> {
    Some(match char {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ł' => "l",
        'ħ' => "h",
        'ı' => "i",
        'ŧ' => "t",
        'ŋ' => "n",
        'ĸ' => "k",
        'ƀ' => "b",
        'ɨ' => "i",
        'ʉ' => "u",
        'ς' => "σ",
        _ => return None,
    })
}

/// Quotes and dashes in the spelling of the keyboard.
fn plain_ascii(char: char) -> char {
    match char {
        '‘' | '’' | '‚' | '‛' | '′' | 'ʼ' | 'ʹ' | '`' | '´' => '\'',
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => '"',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
        char => char,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_normal_form_is_its_own_normal_form_and_is_made_of_its_clusters(text in "\\PC{0,12}") {
            let once = normal(&text);
            prop_assert_eq!(&normal(&once), &once);
            let joined: String = clusters(&text).map(|(_, cluster)| normal(cluster)).collect();
            prop_assert_eq!(joined, once);
        }
    }

    #[test]
    fn spellings_that_readers_take_for_the_same_have_one_form() {
        let same: &[&[&str]] = &[
            &["lodz", "Łódź", "ŁÓDŹ", "Ło\u{301}dz\u{301}"],
            &["gyuru", "gyűrű", "gyu\u{30b}ru\u{30b}"],
            &["yigin", "yığın"],
            &["istanbul", "İstanbul", "Istanbul", "I\u{307}stanbul"],
            &["stiinta", "știință", "ştiinţă"],
            &["chong nang", "chống nắng"],
            &["zlutoucky kun", "žluťoučký kůň"],
            &["strasse", "Straße", "STRAẞE"],
            &["smorrebrod", "smørrebrød"],
            &["dorde", "Đorđe"],
            &["σισυφοσ", "Σίσυφος", "ΣΊΣΥΦΟΣ"],
            &["еще", "ещё"],
            &["مرحبا", "مَرْحَبًا", "مرحبـــا"],
            &["fine", "ﬁne", "ｆｉｎｅ", "fi\u{ad}ne", "\u{feff}fi\u{200b}ne"],
            &["don't", "don’t", "don´t", "don`t"],
            &["\"a\"", "“a”", "«a»"],
            &["a-b", "a–b", "a—b", "a‑b"],
            &["한국어", "한국어"],
            &["ガス", "ｶﾞｽ", "カ\u{3099}ス"],
        ];
        for spellings in same {
            for spelling in *spellings {
                assert_eq!(normal(spelling), spellings[0], "{spelling:?}");
            }
        }
    }

    #[test]
    fn letters_that_differ_to_their_readers_stay_apart() {
        for (a, b) in [("и", "й"), ("が", "か"), ("हिन्दी", "हनद"), ("การ", "กร"), ("n", "m")]
        {
            assert_ne!(normal(a), normal(b), "{a} {b}");
        }
        assert_eq!(normal("हिन्दी"), "हिन्दी");
        assert_eq!(normal("й"), "й");
    }

    #[test]
    fn clusters_can_be_normalised_one_by_one() {
        for text in
            ["Łódź I\u{307}x", "ｶﾞｽ カ\u{3099}", "한국어", "हिन्दी", "ক\u{9c7}\u{9be}", "a\u{200b}b", "й и\u{306}"]
        {
            let joined: String = clusters(text).map(|(_, cluster)| normal(cluster)).collect();
            assert_eq!(joined, normal(text), "{text}");
            assert_eq!(clusters(text).map(|(_, cluster)| cluster).collect::<String>(), text);
        }
    }
}
