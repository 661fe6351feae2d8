//! Analysis: from text to words.
//!
//! A word is a run of letters and digits, with the signs of `c++`, `c#` and `.net`. A name written in one word is also the
//! parts it is made of (`PagedAttention`, `GPT4`), at the position of the whole. Scripts without spaces give the pairs of
//! neighbouring characters. Case and accents of Latin letters are folded.

use tantivy::tokenizer::{Language, Stemmer, Token, TokenFilter, TokenStream, Tokenizer};

/// Longest word that is indexed, in characters; longer ones are data, not words.
const MAX_CHARS: usize = 64;

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// Folded.
    pub(crate) text: String,
    /// Bytes in the text.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Its place among the words; parts share the place of the whole.
    pub(crate) position: usize,
    /// Whether it is a part of a longer word.
    pub(crate) is_part: bool,
}

/// The words of `text`. O(text).
pub(crate) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut position = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((start, first)) = chars.next() {
        if is_unspaced(first) {
            let mut run = vec![(start, first)];
            while let Some(next) = chars.next_if(|(_, char)| is_unspaced(*char)) {
                run.push(next);
            }
            push_pairs(&mut words, &run, &mut position);
        } else if first.is_alphanumeric() || is_dotted_word(text, start) {
            let mut end = start + first.len_utf8();
            while let Some((at, char)) = chars.next_if(|(_, char)| is_word_char(*char)) {
                end = at + char.len_utf8();
            }
            while let Some((at, _)) = chars.next_if(|(at, char)| matches!(char, '+' | '#') && is_sign(text, start, *at))
            {
                end = at + 1;
            }
            push_word(&mut words, text, start, end, position);
            position += 1;
        }
    }
    words
}

fn is_word_char(char: char) -> bool {
    (char.is_alphanumeric() || is_mark(char)) && !is_unspaced(char)
}

/// Combining marks belong to the letter before them.
fn is_mark(char: char) -> bool {
    matches!(char, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}')
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
fn is_unspaced(char: char) -> bool {
    matches!(char,
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2fa1f}')
}

fn push_pairs(words: &mut Vec<Word>, run: &[(usize, char)], position: &mut usize) {
    let mut push = |chars: &[(usize, char)]| {
        let (Some((start, _)), Some((last, char))) = (chars.first(), chars.last()) else { return };
        let text = chars.iter().map(|(_, char)| *char).collect();
        words.push(Word { text, start: *start, end: last + char.len_utf8(), position: *position, is_part: false });
        *position += 1;
    };
    if run.len() == 1 {
        push(run);
    }
    run.windows(2).for_each(&mut push);
}

fn push_word(words: &mut Vec<Word>, text: &str, start: usize, end: usize, position: usize) {
    let whole = &text[start..end];
    if whole.chars().count() > MAX_CHARS {
        return;
    }
    words.push(Word { text: fold(whole), start, end, position, is_part: false });
    let cuts = cuts(whole);
    if cuts.len() > 2 {
        for cut in cuts.windows(2) {
            let part = &whole[cut[0]..cut[1]];
            if part.chars().count() > 1 {
                words.push(Word {
                    text: fold(part),
                    start: start + cut[0],
                    end: start + cut[1],
                    position,
                    is_part: true,
                });
            }
        }
    }
}

/// Where the parts of a word begin and end: before a capital behind a small letter, before the last capital of a run that
/// a small letter follows, and between letters and digits.
fn cuts(word: &str) -> Vec<usize> {
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

/// Lower case without the accents of Latin letters.
pub(crate) fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    for char in word.chars().filter(|char| !is_mark(*char)) {
        for lower in char.to_lowercase() {
            match lower {
                'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => folded.push('a'),
                'ç' => folded.push('c'),
                'è' | 'é' | 'ê' | 'ë' => folded.push('e'),
                'ì' | 'í' | 'î' | 'ï' => folded.push('i'),
                'ñ' => folded.push('n'),
                'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => folded.push('o'),
                'ù' | 'ú' | 'û' | 'ü' => folded.push('u'),
                'ý' | 'ÿ' => folded.push('y'),
                'ß' => folded.push_str("ss"),
                'æ' => folded.push_str("ae"),
                'œ' => folded.push_str("oe"),
                mark if is_mark(mark) => {}
                other => folded.push(other),
            }
        }
    }
    folded
}

/// The stem of a folded English word (Snowball).
pub(crate) fn stem(word: &str) -> String {
    let mut stemmer = Stemmer::new(Language::English).transform(One);
    let mut stream = stemmer.token_stream(word);
    if stream.advance() { stream.token().text.clone() } else { word.to_owned() }
}

/// [`words`] as a tokenizer of tantivy.
#[derive(Clone, Default)]
pub(crate) struct Words;

/// The whole text as one word.
#[derive(Clone, Default)]
struct One;

pub(crate) struct Stream {
    words: std::vec::IntoIter<Word>,
    token: Token,
}

impl Tokenizer for Words {
    type TokenStream<'a> = Stream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream {
        Stream { words: words(text).into_iter(), token: Token::default() }
    }
}

impl Tokenizer for One {
    type TokenStream<'a> = Stream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream {
        let word = Word { text: text.to_owned(), start: 0, end: text.len(), position: 0, is_part: false };
        Stream { words: vec![word].into_iter(), token: Token::default() }
    }
}

impl TokenStream for Stream {
    fn advance(&mut self) -> bool {
        let Some(word) = self.words.next() else { return false };
        self.token.position = word.position;
        self.token.offset_from = word.start;
        self.token.offset_to = word.end;
        self.token.text = word.text;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> String {
        words(text).iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_are_whole_and_in_parts() {
        assert_eq!(texts("PagedAttention, KV-cache snake_case"), "pagedattention paged attention kv cache snake case");
        assert_eq!(texts("GPT-4 GPT4 QLoRA"), "gpt 4 gpt4 gpt qlora lo ra");
        assert_eq!(texts("C++ and C# on .NET. a+b i++"), "c++ and c# on .net a b i++");
        assert_eq!(texts("Größe Café naïve"), "grosse cafe naive");
    }

    #[test]
    fn unspaced_scripts_give_pairs() {
        assert_eq!(texts("注意力机制 KV缓存"), "注意 意力 力机 机制 kv 缓存");
        assert_eq!(texts("字"), "字");
    }

    #[test]
    fn stems_are_english() {
        assert_eq!([stem("caching"), stem("caches"), stem("rope")], ["cach", "cach", "rope"]);
    }

    proptest::proptest! {
        #[test]
        fn offsets_are_those_of_the_text(text in "\\PC{0,60}") {
            for word in words(&text) {
                proptest::prop_assert!(text.get(word.start..word.end).is_some());
            }
        }
    }
}
