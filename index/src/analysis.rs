//! Analysis: from text to words.
//!
//! A word is a run of letters and digits, with the signs of `c++`, `c#` and `.net`. A name written in one word is also the
//! parts it is made of (`PagedAttention`, `GPT4`), at the position of the whole. Scripts without spaces give the pairs of
//! neighbouring characters. Case and accents of Latin letters are folded.

use rustc_hash::FxHashMap;
use tantivy::tokenizer::{Language, Stemmer, Token, TokenFilter, TokenStream, Tokenizer};

/// Longest word that is indexed, in characters; longer ones are data, not words.
const MAX_CHARS: usize = 64;

/// How a word is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Casing {
    /// As a word of the language.
    #[default]
    Plain,
    /// In capitals, perhaps with the `s` of a plural: `LLM`, `GPUs`.
    Acronym,
    /// As a name of its own: `RoPE`, `vLLM`, `PagedAttention`.
    Mixed,
}

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
    pub(crate) casing: Casing,
}

/// A word while a text is read.
pub(crate) struct Read<'a> {
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
pub(crate) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    read(text, &mut |word| {
        let Read { text, start, end, position, is_part, casing } = word;
        words.push(Word { text: text.to_owned(), start, end, position, is_part, casing });
    });
    words
}

/// Reads the words of `text` one by one, without keeping them. O(text).
pub(crate) fn read(text: &str, visit: &mut dyn FnMut(Read<'_>)) {
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
    visit: &'a mut dyn FnMut(Read<'_>),
}

impl Reader<'_> {
    fn visit(&mut self, start: usize, end: usize, is_part: bool, casing: Casing) {
        (self.visit)(Read { text: &self.folded, start, end, position: self.position, is_part, casing });
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
                let casing = casing(whole);
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
                self.visit(start + cut[0], start + cut[1], true, casing(part));
            }
        }
    }
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
pub(crate) fn is_unspaced(char: char) -> bool {
    matches!(char,
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2fa1f}')
}

/// Capitals longer than this are words written loudly.
const ACRONYM_CHARS: usize = 6;

fn casing(word: &str) -> Casing {
    let letters = singular(word);
    let n_upper = letters.chars().filter(|char| char.is_uppercase()).count();
    let n_lower = letters.chars().filter(|char| char.is_lowercase()).count();
    let starts_upper = letters.chars().next().is_some_and(char::is_uppercase);
    match (n_upper, n_lower) {
        (2..=ACRONYM_CHARS, 0) => Casing::Acronym,
        (1, 1..) if !starts_upper => Casing::Mixed,
        (2.., 1..) => Casing::Mixed,
        _ => Casing::Plain,
    }
}

/// `word` without the `s` behind a capital: `LLMs`, `LoRAs`.
fn singular(word: &str) -> &str {
    match word.strip_suffix('s') {
        Some(one) if one.chars().count() > 1 && one.ends_with(char::is_uppercase) => one,
        _ => word,
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
    fold_into(word, &mut folded);
    folded
}

/// [`fold`] into a string whose room is used again.
fn fold_into(word: &str, folded: &mut String) {
    folded.clear();
    if word.is_ascii() {
        folded.push_str(word);
        folded.make_ascii_lowercase();
        return;
    }
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
}

/// Stems of words. Names and acronyms have none in the language: they are kept apart, so that `ropes` does not find RoPE,
/// nor `clipping` CLIP.
#[derive(Clone)]
pub(crate) struct Stems {
    stemmer: Option<<Stemmer as TokenFilter>::Tokenizer<One>>,
    /// Stems of words met before.
    known: FxHashMap<String, String>,
}

/// Stems that are remembered: more than most vocabularies hold.
const MAX_STEMS: usize = 1 << 18;
/// Before an acronym, and before another name, in a field of stems.
const ACRONYM: char = '\u{1}';
const NAME: char = '\u{2}';

impl Stems {
    /// The stems of the language of a BCP 47 tag, English where there is no tag. Languages that the stemmer does not know
    /// have words as their own stems.
    pub(crate) fn new(lang: Option<&str>) -> Self {
        let primary = lang.and_then(|lang| lang.split(['-', '_']).next()).unwrap_or("en");
        let stemmer = language(primary).map(|language| Stemmer::new(language).transform(One));
        Self { stemmer, known: FxHashMap::default() }
    }

    /// The stem of a folded word (Snowball).
    pub(crate) fn stem(&mut self, word: &str) -> String {
        let Some(stemmer) = &mut self.stemmer else { return word.to_owned() };
        let mut stream = stemmer.token_stream(word);
        if stream.advance() { std::mem::take(&mut stream.token_mut().text) } else { word.to_owned() }
    }

    /// What stands for `word` of a text in a field of stems.
    pub(crate) fn indexed(&mut self, word: &Word, written: &str) -> String {
        match word.casing {
            Casing::Acronym => acronym_stem(&fold(singular(written))),
            Casing::Mixed => format!("{NAME}{}", fold(singular(written))),
            Casing::Plain => {
                if let Some(stem) = self.known.get(&word.text) {
                    return stem.clone();
                }
                let stem = self.stem(&word.text);
                if self.known.len() < MAX_STEMS {
                    self.known.insert(word.text.clone(), stem.clone());
                }
                stem
            }
        }
    }

    /// What may stand for a word of a query in a field of stems.
    pub(crate) fn asked(&mut self, word: &str, casing: Casing) -> Vec<String> {
        let mut asked = vec![acronym_stem(word), format!("{NAME}{word}")];
        if casing != Casing::Mixed {
            asked.extend(word.strip_suffix('s').map(acronym_stem));
            asked.push(self.stem(word));
        }
        asked
    }
}

/// What stands for a folded acronym in a field of stems.
pub(crate) fn acronym_stem(acronym: &str) -> String {
    format!("{ACRONYM}{acronym}")
}

fn language(primary: &str) -> Option<Language> {
    Some(match primary.to_ascii_lowercase().as_str() {
        "ar" => Language::Arabic,
        "da" => Language::Danish,
        "nl" => Language::Dutch,
        "en" => Language::English,
        "fi" => Language::Finnish,
        "fr" => Language::French,
        "de" => Language::German,
        "el" => Language::Greek,
        "hu" => Language::Hungarian,
        "it" => Language::Italian,
        "nb" | "nn" | "no" => Language::Norwegian,
        "pt" => Language::Portuguese,
        "ro" => Language::Romanian,
        "ru" => Language::Russian,
        "es" => Language::Spanish,
        "sv" => Language::Swedish,
        "ta" => Language::Tamil,
        "tr" => Language::Turkish,
        _ => return None,
    })
}

/// The stem of a folded English word (Snowball).
pub(crate) fn stem(word: &str) -> String {
    Stems::new(None).stem(word)
}

/// [`words`] as a tokenizer of tantivy.
#[derive(Clone, Default)]
pub(crate) struct Words;

/// The stems of [`words`] as a tokenizer of tantivy.
#[derive(Clone)]
pub(crate) struct StemmedWords(pub(crate) Stems);

/// The whole text as one word.
#[derive(Clone, Default)]
pub(crate) struct One;

pub(crate) struct Stream {
    words: std::vec::IntoIter<Word>,
    token: Token,
}

impl Stream {
    fn new(words: Vec<Word>) -> Self {
        Self { words: words.into_iter(), token: Token::default() }
    }
}

impl Tokenizer for Words {
    type TokenStream<'a> = Stream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream {
        Stream::new(words(text))
    }
}

impl Tokenizer for StemmedWords {
    type TokenStream<'a> = Stream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream {
        let mut words = words(text);
        for word in &mut words {
            word.text = self.0.indexed(word, &text[word.start..word.end]);
        }
        Stream::new(words)
    }
}

impl Tokenizer for One {
    type TokenStream<'a> = Stream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream {
        let (text, end) = (text.to_owned(), text.len());
        Stream::new(vec![Word { text, start: 0, end, position: 0, is_part: false, casing: Casing::Plain }])
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
        assert_eq!(texts("4bit 70b Int8"), "4bit bit 70b 70 int8 int");
    }

    #[test]
    fn unspaced_scripts_give_pairs() {
        assert_eq!(texts("注意力机制 KV缓存"), "注意 意力 力机 机制 制 kv 缓存 存");
        assert_eq!(texts("字"), "字");
    }

    #[test]
    fn stems_follow_the_language() {
        assert_eq!([stem("caching"), stem("caches"), stem("rope")], ["cach", "cach", "rope"]);
        assert_eq!(Stems::new(Some("de-AT")).stem("katzen"), "katz");
        assert_eq!(Stems::new(Some("tlh")).stem("caches"), "caches");
    }

    #[test]
    fn names_are_not_conflated_with_words() {
        let meet = |asked: &str, written: &str| {
            let mut stems = Stems::new(None);
            let (asked, written) = (words(asked).remove(0), (words(written).remove(0), written));
            let indexed = stems.indexed(&written.0, written.1);
            stems.asked(&asked.text, asked.casing).contains(&indexed)
        };
        for (asked, written) in [("llm", "LLMs"), ("llms", "LLM"), ("GPUs", "GPU"), ("LoRA", "LoRAs"), ("rope", "RoPE")]
        {
            assert!(meet(asked, written), "{asked} {written}");
        }
        for (asked, written) in [("ropes", "RoPE"), ("clipping", "CLIP"), ("RoPE", "ropes")] {
            assert!(!meet(asked, written), "{asked} {written}");
        }
        assert!(meet("caches", "CACHING"), "capitals alone make no acronym");
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
