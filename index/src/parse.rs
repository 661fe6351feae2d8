//! Parsing: from what a reader types to words, phrases and exclusions.

use crate::analysis::{Casing, tokens};

/// A word as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TypedWord {
    /// Folded.
    pub(crate) text: String,
    pub(crate) casing: Casing,
    /// Folded, if it is made of several.
    pub(crate) parts: Vec<String>,
}

/// A query taken apart. Words are folded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ParsedQuery {
    /// Words anywhere, in order, each once.
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
    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.title_words.is_empty() && self.phrases.is_empty() && self.excluded.is_empty()
    }

    /// Whether it is nothing but words.
    pub(crate) fn is_plain(&self) -> bool {
        !self.words.is_empty() && self.title_words.is_empty() && self.phrases.is_empty() && self.excluded.is_empty()
    }

    pub(crate) fn has_no_wish(&self) -> bool {
        self.words.is_empty() && self.title_words.is_empty() && self.phrases.is_empty()
    }
}

/// Takes `query` apart: `"a phrase"`, `-word`, `-"a phrase"`, `title:word`. A quote that is not closed reaches to the end;
/// nothing is an error, because readers paste anything.
pub(crate) fn parse(query: &str) -> ParsedQuery {
    let mut parsed = ParsedQuery::default();
    let mut rest = query.trim_start();
    while !rest.is_empty() {
        let (is_excluded, body) = match rest.strip_prefix('-') {
            Some(body) if !body.is_empty() && !body.starts_with(char::is_whitespace) => (true, body),
            _ => (false, rest),
        };
        let (in_title, body) = match body.get(..6) {
            Some(field) if field.eq_ignore_ascii_case("title:") => (true, &body[6..]),
            _ => (false, body),
        };
        let (text, is_phrase, after) = match body.strip_prefix('"') {
            Some(quoted) => {
                let end = quoted.find('"').unwrap_or(quoted.len());
                (&quoted[..end], true, quoted.get(end + 1..).unwrap_or_default())
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
    parsed
}

impl ParsedQuery {
    fn add(&mut self, found: Vec<TypedWord>) {
        for word in found {
            // Said twice is meant once; the last one may be the unfinished one.
            self.words.retain(|known| known.text != word.text);
            self.words.push(word);
        }
    }
}

/// The words of `text`, each with its parts.
fn typed(text: &str) -> Vec<TypedWord> {
    let mut typed: Vec<TypedWord> = Vec::new();
    for word in tokens(text) {
        match typed.last_mut() {
            Some(whole) if word.is_part => whole.parts.push(word.text),
            _ => typed.push(TypedWord { text: word.text, casing: word.casing, parts: Vec::new() }),
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
    fn odd_queries_are_only_text() {
        for query in ["", " ", "-", "--", "\"", "\"\"", "title:", "-title:", "- a", "…", "👍"] {
            let parsed = parse(query);
            assert!(parsed.excluded.is_empty() && parsed.phrases.is_empty(), "{query}: {parsed:?}");
        }
    }
}
