//! Clitics: what hangs on a word with an apostrophe.

/// What an apostrophe behind a word means.
pub(super) enum Clitic {
    /// The word is an article or the like that has lost its vowel (`l'attention`); the next one begins at `next`.
    Elided { next: usize },
    /// What follows belongs to the word and says nothing (`model's`, `we'll`), up to `end`.
    Suffix { end: usize },
    /// Both are one word (`don't`, `O'Reilly`), up to `end`.
    Joined { end: usize, word: String },
}

/// Endings of English that say nothing.
const SUFFIXES: &[&str] = &["s", "re", "ve", "ll", "d", "m"];
/// What French, Italian and Catalan shorten before a vowel.
const ELISIONS: &[&str] = &["l", "d", "j", "m", "n", "t", "s", "c", "qu"];
/// Letters of what follows an elision; fewer are an ending.
const MIN_ELIDED: usize = 2;
/// Letters of a name that one letter and an apostrophe begin.
const MIN_NAME: usize = 3;

/// What the apostrophe at `end` makes of the word between `start` and `end`; `None` where there is none, or it is a quote.
pub(super) fn clitic(text: &str, start: usize, end: usize) -> Option<Clitic> {
    let apostrophe = text[end..].chars().next().filter(|char| matches!(char, '\'' | '’' | 'ʼ'))?;
    let next = end + apostrophe.len_utf8();
    let behind = &text[next..];
    let letters = behind.len() - behind.trim_start_matches(char::is_alphabetic).len();
    let end_of_letters = next + letters;
    if letters == 0 || text[end_of_letters..].starts_with(char::is_numeric) {
        return None;
    }
    let (word, follows) = (text[start..end].to_lowercase(), behind[..letters].to_lowercase());
    let n_letters = follows.chars().count();
    if SUFFIXES.contains(&&*follows) {
        return Some(Clitic::Suffix { end: end_of_letters });
    }
    if follows == "t" && word.ends_with('n') {
        return Some(Clitic::Joined { end: end_of_letters, word: word + &follows });
    }
    if ELISIONS.contains(&&*word) && n_letters >= MIN_ELIDED {
        return Some(Clitic::Elided { next });
    }
    (word.chars().count() == 1 && n_letters >= MIN_NAME)
        .then(|| Clitic::Joined { end: end_of_letters, word: word + &follows })
}
