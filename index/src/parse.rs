//! Parsing: from what a reader types to words, phrases and exclusions.

use crate::analysis::{Casing, tokens};

/// A word as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TypedWord {
    /// In its normal form.
    pub(crate) text: String,
    pub(crate) casing: Casing,
    /// In their normal form, if it is made of several.
    pub(crate) parts: Vec<String>,
    /// How often it was typed.
    pub(crate) n_times: u16,
}

/// A query taken apart. Words are in their normal form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ParsedQuery {
    /// Words anywhere, in order, each once, where it was typed last.
    pub(crate) words: Vec<TypedWord>,
    /// Words of the title.
    pub(crate) title_words: Vec<TypedWord>,
    /// Words that stand together.
    pub(crate) phrases: Vec<Vec<String>>,
    /// Words and phrases that no hit has.
    pub(crate) excluded: Vec<Vec<String>>,
    /// How many words were typed with space between them: `block_size=16` is one.
    pub(crate) n_typed: usize,
    /// Whether the last word may be unfinished: nothing stands behind it.
    pub(crate) is_last_open: bool,
}

impl ParsedQuery {
    /// Whether it is nothing but words.
    pub(crate) fn is_plain(&self) -> bool {
        !self.has_no_wish() && self.title_words.is_empty() && self.phrases.is_empty() && self.excluded.is_empty()
    }

    /// Whether it names nothing to look for.
    pub(crate) fn has_no_wish(&self) -> bool {
        self.words.is_empty() && self.title_words.is_empty() && self.phrases.is_empty()
    }
}

/// Takes `query` apart: `"a phrase"`, `-word`, `-"a phrase"`, `title:word`. A quote that is not closed reaches to the end;
/// nothing is an error, because readers paste anything. What would only exclude one word looks for it.
pub(crate) fn parse(query: &str) -> ParsedQuery {
    let mut parsed = ParsedQuery::default();
    let mut rest = query.trim_start();
    while !rest.is_empty() {
        let (is_excluded, body) = match rest.strip_prefix('-') {
            Some(body) if is_exclusion(body) => (true, body),
            _ => (false, rest),
        };
        let (in_title, body) = match body.get(..6) {
            Some(field) if field.eq_ignore_ascii_case("title:") => (true, &body[6..]),
            _ => (false, body),
        };
        let (text, is_phrase, after) = match body.strip_prefix(is_quote) {
            Some(quoted) => {
                let (text, after) = quoted.split_once(is_quote).unwrap_or((quoted, ""));
                (text, true, after)
            }
            None => {
                let end = body.find(char::is_whitespace).unwrap_or(body.len());
                (&body[..end], false, &body[end..])
            }
        };
        let found = typed(text);
        let texts = || found.iter().map(|word| word.text.clone()).collect();
        parsed.is_last_open = !is_phrase && !is_excluded && !in_title && after.is_empty();
        match (found.len(), is_excluded, in_title) {
            (0, ..) => {}
            (_, true, _) => parsed.excluded.push(texts()),
            (_, false, true) => parsed.title_words.extend(found),
            (_, false, false) if is_phrase => parsed.phrases.push(texts()),
            (_, false, false) => {
                parsed.n_typed += 1;
                parsed.add(found);
            }
        }
        rest = after.trim_start();
    }
    if parsed.has_no_wish()
        && let [words] = &*parsed.excluded
        && !query.contains(is_quote)
    {
        let words = words.iter().map(|text| TypedWord { text: text.clone(), n_times: 1, ..TypedWord::default() });
        (parsed.words, parsed.n_typed) = (words.collect(), 1);
        parsed.excluded.clear();
    }
    parsed
}

/// Quotes as keyboards and as typesetters have them.
fn is_quote(char: char) -> bool {
    matches!(char, '"' | '“' | '”' | '„' | '‟' | '«' | '»')
}

/// Whether a `-` before `body` means what not to find: `--release`, `-O2` and `-1` are pasted.
fn is_exclusion(body: &str) -> bool {
    let mut letters = body.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if first.is_ascii() => {
            is_quote(first) || first.is_alphabetic() && second.is_alphabetic()
        }
        (first, _) => first.is_some_and(|first| is_quote(first) || first.is_alphabetic() && !first.is_ascii()),
    }
}

impl ParsedQuery {
    /// Takes phrases for words.
    pub(crate) fn loosen_phrases(&mut self) {
        for text in std::mem::take(&mut self.phrases).into_iter().flatten() {
            self.n_typed += 1;
            self.add(vec![TypedWord { text, n_times: 1, ..TypedWord::default() }]);
        }
    }

    fn add(&mut self, found: Vec<TypedWord>) {
        found.into_iter().for_each(|word| push_word(&mut self.words, word));
    }
}

/// Puts `word` last, with what was known of it. The last one may be the unfinished one.
pub(crate) fn push_word(words: &mut Vec<TypedWord>, mut word: TypedWord) {
    if let Some(known) = words.iter().position(|known| known.text == word.text) {
        word.n_times = word.n_times.saturating_add(words.remove(known).n_times);
    }
    words.push(word);
}

/// The words of `text`, each with its parts.
fn typed(text: &str) -> Vec<TypedWord> {
    let mut typed: Vec<TypedWord> = Vec::new();
    for word in tokens(text) {
        match typed.last_mut() {
            Some(whole) if word.is_part => whole.parts.push(word.text),
            _ => typed.push(TypedWord { text: word.text, casing: word.casing, parts: Vec::new(), n_times: 1 }),
        }
    }
    typed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_taken_apart() {
        let parsed = parse("KV-cache \"paged attention\" -static -\"host memory\" title:vLLM unclosed \"to the end");
        let words: Vec<&str> = parsed.words.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(words, ["kv", "cache", "unclosed"]);
        assert_eq!(parsed.phrases, [vec!["paged", "attention"], vec!["to", "the", "end"]]);
        assert_eq!(parsed.excluded, [vec!["static".to_owned()], vec!["host".to_owned(), "memory".to_owned()]]);
        assert_eq!(parsed.title_words[0].text, "vllm");
        assert!(!parsed.is_last_open);
        assert!(parse("pag").is_last_open && !parse("pag ").is_last_open);
    }

    #[test]
    fn a_pasted_command_line_excludes_nothing() {
        for query in ["cargo build --release", "-O2", "cc -O2 x.c", "- a", "gzip -1", "--", "ls -l"] {
            assert!(parse(query).excluded.is_empty(), "{query}");
        }
        assert_eq!(parse("build -debug").excluded, [["debug"]]);
        assert_eq!(parse("模型 -缓").excluded, [["缓"]]);
    }

    #[test]
    fn what_only_excludes_one_word_looks_for_it() {
        let parsed = parse("-world");
        assert!(parsed.excluded.is_empty());
        assert_eq!(parsed.words[0].text, "world");
        assert!(parse("-one -two").has_no_wish() && parse("-\"one two\"").has_no_wish());
    }

    #[test]
    fn typographic_quotes_are_quotes() {
        for query in ["“paged attention”", "„paged attention“", "«paged attention»"] {
            assert_eq!(parse(query).phrases, [["paged", "attention"]], "{query}");
        }
    }

    #[test]
    fn words_are_counted() {
        let parsed = parse("the model of the world model the");
        let counts: Vec<(&str, u16)> = parsed.words.iter().map(|word| (&*word.text, word.n_times)).collect();
        assert_eq!(counts, [("of", 1), ("world", 1), ("model", 2), ("the", 3)]);
    }

    #[test]
    fn odd_queries_are_only_text() {
        for query in ["", " ", "-", "--", "\"", "\"\"", "title:", "-title:", "- a", "…", "👍"] {
            let parsed = parse(query);
            assert!(parsed.excluded.is_empty() && parsed.phrases.is_empty(), "{query}: {parsed:?}");
        }
    }
}
