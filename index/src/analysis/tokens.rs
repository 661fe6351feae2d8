//! Tokens: from a text to its words.
//!
//! A word is a run of letters and digits, with the signs of `c++`, `c#` and `.net`. A name written in one word is also the
//! parts it is made of (`PagedAttention`, `GPT4`), at the position of the whole. Scripts without spaces give the pairs of
//! neighbouring characters. Case and accents of Latin letters are folded.

use super::casing::{Casing, cuts, written_as};
use super::fold::{fold_into, is_mark};

/// Longest word that is indexed, in characters; longer ones are data, not words.
const MAX_CHARS: usize = 64;

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// Folded.
    pub(crate) text: String,
    /// Bytes in the text.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Its place among the words; parts share the place of the whole.
    pub(crate) position: usize,
    /// Whether it is a part of a longer word.
    pub(crate) is_part: bool,
    pub(crate) casing: Casing,
}

/// A word while a text is read.
pub(crate) struct TokenRef<'a> {
    /// Folded.
    pub(crate) text: &'a str,
    /// Bytes in the text.
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) position: usize,
    pub(crate) is_part: bool,
    pub(crate) casing: Casing,
}

/// The words of `text`. O(text).
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    read_tokens(text, &mut |word| {
        let TokenRef { text, start, end, position, is_part, casing } = word;
        tokens.push(Token { text: text.to_owned(), start, end, position, is_part, casing });
    });
    tokens
}

/// Reads the words of `text` one by one, without keeping them. O(text).
pub(crate) fn read_tokens(text: &str, visit: &mut dyn FnMut(TokenRef<'_>)) {
    let mut reader = Reader { folded: String::new(), position: 0, visit };
    let mut chars = text.char_indices().peekable();
    while let Some((start, first)) = chars.next() {
        if is_unspaced(first) {
            let mut run = vec![(start, first)];
            while let Some(next) = chars.next_if(|(_, char)| is_unspaced(*char)) {
                run.push(next);
            }
            reader.run(&run);
        } else if first.is_alphanumeric() || is_dotted_word(text, start) {
            let mut end = start + first.len_utf8();
            while let Some((at, char)) = chars.next_if(|(_, char)| is_word_char(*char)) {
                end = at + char.len_utf8();
            }
            while let Some((at, _)) = chars.next_if(|(at, char)| matches!(char, '+' | '#') && is_sign(text, start, *at))
            {
                end = at + 1;
            }
            reader.word(text, start, end);
        }
    }
}

struct Reader<'a> {
    folded: String,
    position: usize,
    visit: &'a mut dyn FnMut(TokenRef<'_>),
}

impl Reader<'_> {
    fn visit(&mut self, start: usize, end: usize, is_part: bool, casing: Casing) {
        (self.visit)(TokenRef { text: &self.folded, start, end, position: self.position, is_part, casing });
    }

    /// The pairs of neighbours in a run. Its last character is a part of its own: with it, whatever holds a character
    /// begins with it.
    fn run(&mut self, run: &[(usize, char)]) {
        let last = run.len() - 1;
        let pairs = run.windows(2).map(|pair| (pair, false));
        for (chars, is_part) in pairs.chain([(&run[last..], last > 0)]) {
            self.folded.clear();
            self.folded.extend(chars.iter().map(|(_, char)| *char));
            let (end, char) = chars[chars.len() - 1];
            if is_part {
                self.position -= 1;
            }
            self.visit(chars[0].0, end + char.len_utf8(), is_part, Casing::Plain);
            self.position += 1;
        }
    }

    fn word(&mut self, text: &str, start: usize, end: usize) {
        let whole = &text[start..end];
        let position = self.position;
        if whole.len() <= MAX_CHARS || whole.chars().count() <= MAX_CHARS {
            fold_into(whole, &mut self.folded);
            // Most words are small letters behind a first one.
            let is_usual = |word: &[u8]| word[0].is_ascii_alphabetic() && word[1..].iter().all(u8::is_ascii_lowercase);
            if is_usual(whole.as_bytes()) {
                self.visit(start, end, false, Casing::Plain);
            } else {
                let casing = written_as(whole);
                self.visit(start, end, false, casing);
                if casing != Casing::Plain || whole.contains(char::is_numeric) {
                    self.parts(whole, start);
                }
            }
        }
        self.position = position + 1;
    }

    fn parts(&mut self, whole: &str, start: usize) {
        let cuts = cuts(whole);
        if cuts.len() == 2 {
            return;
        }
        for cut in cuts.windows(2) {
            let part = &whole[cut[0]..cut[1]];
            if part.chars().nth(1).is_some() {
                fold_into(part, &mut self.folded);
                self.visit(start + cut[0], start + cut[1], true, written_as(part));
            }
        }
    }
}

fn is_word_char(char: char) -> bool {
    (char.is_alphanumeric() || is_mark(char)) && !is_unspaced(char)
}

/// `.net`: a dot that no word stands before.
fn is_dotted_word(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    text[at..].starts_with('.')
        && before.is_none_or(|before| before.is_whitespace() || before == '(')
        && text[at + 1..].starts_with(|next: char| next.is_ascii_alphabetic())
}

/// `c++`, `c#`, `i++`: signs right behind a letter, with no word behind them.
fn is_sign(text: &str, start: usize, at: usize) -> bool {
    let signs = text[at..].trim_start_matches(['+', '#']);
    let letters = text[start..at].trim_end_matches(['+', '#']);
    letters.len() == 1 && !signs.starts_with(char::is_alphanumeric)
}

/// Chinese, Japanese and Korean write without spaces, or find more by pairs of characters than by words.
pub(crate) fn is_unspaced(char: char) -> bool {
    matches!(char,
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2fa1f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> String {
        tokens(text).iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_are_whole_and_in_parts() {
        assert_eq!(texts("PagedAttention, KV-cache snake_case"), "pagedattention paged attention kv cache snake case");
        assert_eq!(texts("GPT-4 GPT4 QLoRA"), "gpt 4 gpt4 gpt qlora lo ra");
        assert_eq!(texts("C++ and C# on .NET. a+b i++"), "c++ and c# on .net a b i++");
        assert_eq!(texts("Größe Café naïve"), "grosse cafe naive");
        assert_eq!(texts("4bit 70b Int8"), "4bit bit 70b 70 int8 int");
    }

    #[test]
    fn unspaced_scripts_give_pairs() {
        assert_eq!(texts("注意力机制 KV缓存"), "注意 意力 力机 机制 制 kv 缓存 存");
        assert_eq!(texts("字"), "字");
    }

    proptest::proptest! {
        #[test]
        fn offsets_are_those_of_the_text(text in "\\PC{0,60}") {
            for word in tokens(&text) {
                proptest::prop_assert!(text.get(word.start..word.end).is_some());
            }
        }
    }
}
