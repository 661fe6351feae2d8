//! Tokens: from a text to its words.
//!
//! A word is a run of letters and digits, with the signs of `c++`, `c#` and `.net`, the dots of `0.3.5` and without what
//! English hangs on with an apostrophe. Names of the command line (`--release`, `-O2`) and signs (`->`, emoji) are words of
//! their own. A name written in one word is also the parts it is made of (`PagedAttention`, `GPT4`), at the position of the
//! whole. Scripts without spaces give the pairs of neighbouring characters. All are in their normal form.

use gradus_corpus::normal::{clusters, push_normal};

use super::casing::{Casing, cuts, written_as};
use super::clitics::{Clitic, clitic};
use super::signs::{abbreviation, flag, is_decimal_point, is_dotted_word, is_word_sign, operator, symbol};

/// Characters of a word that are told apart: what is longer is data, of which the beginning tells enough.
const MAX_CHARS: usize = 64;

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// In its normal form.
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
    /// In its normal form.
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
    let mut reader = Reader { text, normal: String::new(), position: 0, visit };
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        at = if is_unspaced(first) {
            reader.run(at)
        } else if first.is_alphanumeric() || first == '.' && is_dotted_word(text, at) {
            reader.word(at)
        } else if first == ' ' {
            at + 1
        } else {
            reader.signs(at, first)
        };
    }
}

struct Reader<'a> {
    text: &'a str,
    normal: String,
    position: usize,
    visit: &'a mut dyn FnMut(TokenRef<'_>),
}

impl Reader<'_> {
    /// Tells what `spelling`, which stands between `start` and `end`, is in its normal form.
    fn tell(&mut self, spelling: &str, start: usize, end: usize, is_part: bool, casing: Casing) {
        self.normal.clear();
        match spelling.char_indices().nth(MAX_CHARS) {
            Some((cut, _)) if spelling.len() > MAX_CHARS => push_normal(&spelling[..cut], &mut self.normal),
            _ => push_normal(spelling, &mut self.normal),
        }
        let text = &*self.normal;
        if text.is_empty() {
            return;
        }
        (self.visit)(TokenRef { text, start, end, position: self.position, is_part, casing });
    }

    /// Reads the pairs of neighbours in a run that begins at `start`; where it ends. Its last character is a part of its
    /// own: with it, whatever holds a character begins with it.
    fn run(&mut self, start: usize) -> usize {
        let text = self.text;
        let behind = &text[start..];
        let run: Vec<(usize, &str)> =
            clusters(behind).take_while(|(_, cluster)| cluster.starts_with(is_unspaced)).collect();
        let last = run.len() - 1;
        let pairs = run.windows(2).map(|pair| (pair, false));
        let mut run_end = start;
        for (pair, is_part) in pairs.chain([(&run[last..], last > 0)]) {
            let (at, cluster) = pair[pair.len() - 1];
            run_end = start + at + cluster.len();
            if is_part {
                self.position -= 1;
            }
            self.tell(&text[start + pair[0].0..run_end], start + pair[0].0, run_end, is_part, Casing::Plain);
            self.position += 1;
        }
        run_end
    }

    /// Reads the word that begins at `start`; where what belongs to it ends.
    fn word(&mut self, start: usize) -> usize {
        let text = self.text;
        if let Some((end, letters)) = abbreviation(text, start) {
            self.tell(&letters, start, end, false, written_as(&letters));
            self.position += 1;
            return end;
        }
        let mut end = letters_end(text, start + usize::from(text[start..].starts_with('.')));
        while is_decimal_point(text, end) {
            end = letters_end(text, end + 1);
        }
        match clitic(text, start, end) {
            Some(Clitic::Elided { next }) => return next,
            Some(Clitic::Suffix { end: behind }) => {
                self.whole(start, end, behind);
                return behind;
            }
            Some(Clitic::Joined { end: behind, word }) => {
                self.tell(&word, start, behind, false, Casing::Plain);
                self.position += 1;
                return behind;
            }
            None => {}
        }
        while is_word_sign(text, start, end) {
            end += 1;
        }
        self.whole(start, end, end);
        end
    }

    /// Tells the word between `start` and `end`, to which belongs what reaches to `behind`, and its parts.
    fn whole(&mut self, start: usize, end: usize, behind: usize) {
        let whole = &self.text[start..end];
        // Most words are small letters behind a first one.
        let is_usual = |word: &[u8]| word[0].is_ascii_alphabetic() && word[1..].iter().all(u8::is_ascii_lowercase);
        if is_usual(whole.as_bytes()) {
            self.tell(whole, start, behind, false, Casing::Plain);
        } else {
            let casing = written_as(whole);
            self.tell(whole, start, behind, false, casing);
            if casing != Casing::Plain || whole.contains(char::is_numeric) {
                self.parts(whole, start);
            }
        }
        self.position += 1;
    }

    fn parts(&mut self, whole: &str, start: usize) {
        let cuts = cuts(whole);
        if cuts.len() > 2 {
            for cut in cuts.windows(2) {
                let part = &whole[cut[0]..cut[1]];
                if part.chars().nth(1).is_some() {
                    self.tell(part, start + cut[0], start + cut[1], true, written_as(part));
                }
            }
        }
        // What asks for version 0.3 finds 0.3.5.
        let digits = whole.find(char::is_numeric).unwrap_or(0);
        for (dot, _) in whole.match_indices('.').filter(|(dot, _)| *dot > digits) {
            self.tell(&whole[digits..dot], start + digits, start + dot, true, Casing::Plain);
        }
    }

    /// Reads what is no letter: a name of the command line, an operator, a symbol; where what was read ends.
    fn signs(&mut self, at: usize, first: char) -> usize {
        let text = self.text;
        if let Some(end) = flag(text, at) {
            self.tell(&text[at..end], at, end, false, Casing::Plain);
            let name = at + (text.len() - at - text[at..].trim_start_matches('-').len());
            let mut start = name;
            for part in text[name..end].split(['-', '_']) {
                if !part.is_empty() {
                    self.tell(part, start, start + part.len(), true, written_as(part));
                }
                start += part.len() + 1;
            }
            self.position += 1;
            return end;
        }
        let (end, is_word) = operator(text, at).unwrap_or((at + first.len_utf8(), symbol(first)));
        if is_word {
            self.tell(&text[at..end], at, end, false, Casing::Plain);
            self.position += 1;
        }
        end
    }
}

/// Where the letters and digits that begin at `start` end, with the marks that belong to them.
fn letters_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let is_plain = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    // What stands before a letter that is no ASCII may be its cluster's first.
    let is_alone = |at: usize| bytes.get(at + 1).is_none_or(u8::is_ascii);
    let mut end = start;
    loop {
        while is_plain(end) && is_alone(end) {
            end += 1;
        }
        match clusters(&text[end..]).next() {
            Some((_, cluster)) if cluster.starts_with(|first: char| first.is_alphanumeric() && !is_unspaced(first)) => {
                end += cluster.len();
            }
            _ => return end,
        }
    }
}

/// Scripts that write without spaces, or of which more is found by pairs of characters than by words: Chinese, Japanese and
/// Korean, Thai, Lao, Khmer and Burmese.
pub(crate) fn is_unspaced(char: char) -> bool {
    match char {
        '\0'..='\u{dff}' => false,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{aa60}'..='\u{aa7f}' => {
            char.is_alphanumeric()
        }
        _ => matches!(char,
            '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'
            | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9d}' | '\u{20000}'..='\u{2fa1f}'),
    }
}

#[cfg(test)]
mod tests {
    use gradus_corpus::normal::normal;

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
    fn accents_and_marks_belong_to_their_letters() {
        assert_eq!(texts("Łódź gyűrű yığın cafe\u{301}s हिन्दी भाषा"), "lodz gyuru yigin cafes हिन्दी भाषा");
        assert_eq!(texts("co\u{ad}operate ｆｕｌｌ"), "cooperate full");
    }

    #[test]
    fn versions_and_abbreviations_are_words() {
        assert_eq!(texts("0.3.5 v1.2 3.11."), "0.3.5 0 0.3 v1.2 1.2 1 3.11 3");
        assert_eq!(texts("e.g. this, i.e. that; the U.S. one. E.g. so"), "eg this ie that the us one eg so");
        assert_eq!(texts("end. a.b x.y.z"), "end a b x y z");
    }

    #[test]
    fn what_hangs_on_an_apostrophe_is_no_word() {
        assert_eq!(texts("the model's users’ don't we'll it's"), "the model users dont we it");
        assert_eq!(texts("l'attention d’un O'Reilly 'quoted'"), "attention un oreilly quoted");
    }

    #[test]
    fn flags_and_signs_are_words() {
        assert_eq!(texts("cargo build --release -O2 (-x)"), "cargo build --release release -o2 o2 -x x");
        assert_eq!(texts("--no-cache-dir well-known a - b -- c"), "--no-cache-dir no cache dir well known a b c");
        assert_eq!(texts("a -> b p->next wait... x != y a | b"), "a -> b p -> next wait ... x != y a b");
        assert_eq!(texts("go 🚀 👍🏽 now → then • item"), "go 🚀 👍 now → then item");
    }

    #[test]
    fn unspaced_scripts_give_pairs() {
        assert_eq!(texts("注意力机制 KV缓存"), "注意 意力 力机 机制 制 kv 缓存 存");
        assert_eq!(texts("字"), "字");
        assert_eq!(texts("รู้ เรียน"), "รู้ เรี รีย ยน น");
        assert_eq!(texts("ｶﾞｽ"), "ガス ス");
    }

    #[test]
    fn long_words_are_told_by_their_beginning() {
        let long = "ab".repeat(70);
        assert_eq!(texts(&long), long[..64]);
        assert_eq!(texts(&"é".repeat(70)), "e".repeat(64));
    }

    proptest::proptest! {
        #[test]
        fn offsets_are_those_of_the_text(text in "\\PC{0,60}") {
            for word in tokens(&text) {
                proptest::prop_assert!(text.get(word.start..word.end).is_some());
                proptest::prop_assert!(!word.text.is_empty());
            }
        }

        #[test]
        fn normal_text_has_the_same_words(text in "[a-zà-åç-ïñ-öù-ýа-я0-9 ]{0,40}") {
            let texts = |text: &str| tokens(text).into_iter().map(|word| word.text).collect::<Vec<_>>();
            proptest::prop_assert_eq!(texts(&normal(&text)), texts(&text));
        }
    }
}
