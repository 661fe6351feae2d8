//! Signs: where characters that are no letters make words, or belong to one.

/// `.net`: a dot that no word stands before.
pub(super) fn is_dotted_word(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    before.is_none_or(|before| before.is_whitespace() || before == '(')
        && text[at + 1..].starts_with(|next: char| next.is_ascii_alphabetic())
}

/// `c++`, `c#`, `i++`: whether a sign at `at` belongs to the letter at `start`, with no word behind it.
pub(super) fn is_word_sign(text: &str, start: usize, at: usize) -> bool {
    let signs = text[at..].trim_start_matches(['+', '#']);
    let letters = text[start..at].trim_end_matches(['+', '#']);
    text[at..].starts_with(['+', '#']) && letters.len() == 1 && !signs.starts_with(char::is_alphanumeric)
}

/// `0.3.5`: whether there is a dot at `at` between digits.
pub(super) fn is_decimal_point(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    bytes.get(at) == Some(&b'.') && at > 0 && is_digit(at - 1) && is_digit(at + 1)
}

/// Abbreviations that are often written without their last dot.
const UNDOTTED: &[&str] = &["eg", "ie"];

/// `e.g.`, `U.S.`: where the single letters that each have a dot behind them and begin at `start` end, and which they are.
pub(super) fn abbreviation(text: &str, start: usize) -> Option<(usize, String)> {
    let bytes = text.as_bytes();
    let is_letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
    let mut letters = String::new();
    let mut at = start;
    while is_letter(at) && bytes.get(at + 1) == Some(&b'.') {
        letters.push(char::from(bytes[at]));
        at += 2;
    }
    if letters.is_empty() {
        return None;
    }
    let goes_on = text[at..].starts_with(char::is_alphanumeric);
    if !goes_on {
        return (letters.len() > 1).then_some((at, letters));
    }
    // The last letter may lack its dot.
    let is_last = is_letter(at) && !text[at + 1..].starts_with(char::is_alphanumeric);
    letters.push(char::from(bytes[at]));
    let is_known =
        letters.bytes().all(|letter| letter.is_ascii_uppercase()) || UNDOTTED.contains(&&*letters.to_ascii_lowercase());
    (is_last && is_known).then_some((at + 1, letters))
}

/// `--release`, `-O2`, `-x`: where a name of the command line that begins at `at` ends.
pub(super) fn flag(text: &str, at: usize) -> Option<usize> {
    let before = text[..at].chars().next_back();
    if !before.is_none_or(|before| before.is_whitespace() || "([{`'\"=,:|/".contains(before)) {
        return None;
    }
    let letters = |text: &str, is_in: fn(u8) -> bool| text.bytes().take_while(|byte| is_in(*byte)).count();
    if let Some(name) = text[at..].strip_prefix("--") {
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let end = at + 2 + name[..letters(name, is_name)].trim_end_matches('-').len();
        return name.starts_with(|first: char| first.is_ascii_alphabetic()).then_some(end);
    }
    let name =
        text[at..].strip_prefix('-').filter(|name| name.starts_with(|first: char| first.is_ascii_alphabetic()))?;
    let digits = letters(&name[1..], |byte| byte.is_ascii_digit());
    let ends = !name[1 + digits..].starts_with(|next: char| next.is_alphanumeric() || next == '-');
    ends.then_some(at + 2 + digits)
}

/// Operators of programming languages, of which people ask what they mean.
const OPERATORS: &[&str] = &[
    "->", "=>", "<-", "<=", ">=", "==", "!=", "===", "!==", "<=>", ":=", "::", "++", "&&", "||", "|>", "<|", "<<",
    ">>", ">>=", "<<=", "**", "??", "?.", "..", "...", "..=", "+=", "-=", "*=", "/=", "%=", "^=", "|=", "&=", "~=",
    "=~", "!~", "<>", "<$>", "->>", "//", "~>",
];

/// The signs that begin at `at` and belong together: where they end, and whether they are an operator; `None` where there
/// are no such signs.
pub(super) fn operator(text: &str, at: usize) -> Option<(usize, bool)> {
    let signs = text[at..].bytes().take_while(|byte| b"-=<>!&|+*/%^~?:.$".contains(byte)).count();
    (signs > 0).then(|| (at + signs, OPERATORS.contains(&&text[at..at + signs])))
}

/// Whether `char` is a symbol that a reader may look for: an arrow, an operator of mathematics, a currency, an emoji. Shades
/// of skin belong to the emoji before them.
pub(super) fn symbol(char: char) -> bool {
    matches!(char, '\u{20a0}'..='\u{20cf}' | '\u{2190}'..='\u{23ff}' | '\u{2600}'..='\u{27bf}' | '\u{2900}'..='\u{2bff}'
        | '\u{1f000}'..='\u{1f3fa}' | '\u{1f400}'..='\u{1faff}')
}
