//! What the words around a name or link say of it: is it needed before, or does it come after?

use std::ops::Range;

use gradus_corpus::normal::normal;

/// What a sentence says of a page that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cue {
    /// It tells more.
    Pointing,
    /// It comes later.
    After,
    /// It does the same in another way: neither comes first.
    Beside,
    /// Nothing.
    None,
    /// It is known or needed.
    Before,
}

/// Words by which authors say that something is known by now, or has to be. Normal forms.
const BEFORE: &[&str] = &[
    "assumes you",
    "assumes that you",
    "assumes familiarity",
    "assumes knowledge",
    "assumes some",
    "assumes a basic",
    "assumes basic",
    "guide assumes",
    "page assumes",
    "chapter assumes",
    "section assumes",
    "tutorial assumes",
    "assume you",
    "assume that you",
    "assuming you",
    "familiar with",
    "familiarity with",
    "prerequisite",
    "before reading",
    "before you start",
    "before you begin",
    "before starting",
    "before continuing",
    "before following",
    "you should have",
    "you should know",
    "you should be comfortable",
    "you should already",
    "you should first",
    "you'll need to know",
    "if you haven't",
    "if you have not",
    "for an introduction",
    "for an overview",
    "for background",
    "if you are new to",
    "if you're new to",
    "read first",
    "first read",
    "understanding of",
    "knowledge of",
    "builds on",
    "building on",
    "extends the",
    "as we saw",
    "we saw in",
    "as we learned",
    "we learned",
    "as you saw",
    "you saw in",
    "you learned",
    "we've seen",
    "we have seen",
    "you've seen",
    "we discussed",
    "we covered",
    "we introduced",
    "as discussed in",
    "as described in",
    "as explained in",
    "as mentioned in",
    "previous chapter",
    "previous section",
    "previous page",
    "previous tutorial",
    "previous guide",
    "last chapter",
    "earlier in this",
    "earlier chapter",
    "earlier section",
    "saw earlier",
    "seen earlier",
    "introduced earlier",
    "described earlier",
    "discussed earlier",
    "mentioned earlier",
    "make sure you know",
    "make sure you understand",
    "make sure you have read",
    "recall",
    "from chapter",
    "si assume",
    "suppone",
    "vorausgesetzt",
    "suppose que",
];
/// Words by which they point to where more is told. Normal forms.
const POINTING: &[&str] = &[
    "see also",
    "for more",
    "for further",
    "for details",
    "for additional",
    "for full",
    "more information",
    "more details",
    "more detail",
    "more on",
    "more about",
    "further reading",
    "learn more",
    "learn about",
    "learn how",
    "read more",
    "find out more",
    "see the",
    "see our",
    "see [",
    "see {",
    "see <",
    "see `",
    "check out",
    "refer to",
    "take a look",
    "have a look",
    "vedi anche",
    "siehe auch",
    "voir aussi",
];
/// Words by which they say that it comes later. Normal forms.
const AFTER: &[&str] = &[
    "we will",
    "we'll",
    "you will",
    "you'll",
    "will be",
    "later",
    "next chapter",
    "next section",
    "next step",
    "next page",
    "next,",
    "next:",
    "upcoming",
    "in depth",
    "in-depth",
    "deep dive",
    "advanced",
    "continue",
    "move on",
];
/// Words by which they name another way to the same end, or something of the same rank. Normal forms.
const BESIDE: &[&str] =
    &["alternatively", "instead", "alternative", "as with", "unlike", "similar to", "similarly to", "identical to"];

/// What `sentence` says of what it names. What is needed is said on purpose; where both are said, it counts.
pub(super) fn cue_of(sentence: &str) -> Cue {
    let sentence = normal(&without_addresses(sentence));
    let holds = |phrases: &[&str]| phrases.iter().any(|phrase| sentence.contains(phrase));
    if holds(BEFORE) {
        Cue::Before
    } else if holds(BESIDE) {
        Cue::Beside
    } else if holds(POINTING) {
        Cue::Pointing
    } else if holds(AFTER) {
        Cue::After
    } else {
        Cue::None
    }
}

/// Whether what follows `before`, a part of a sentence, is what its readers are told to see.
pub(super) fn points_on(before: &str) -> bool {
    let last =
        before.trim_end_matches(|char: char| !char.is_alphanumeric()).rsplit(|char: char| !char.is_alphanumeric());
    last.take(1).any(|word| word.eq_ignore_ascii_case("see"))
}

/// `sentence` without the addresses of its links: what they are called says nothing.
fn without_addresses(sentence: &str) -> String {
    let mut words = String::with_capacity(sentence.len());
    for (at, part) in sentence.split("](").enumerate() {
        let words_from = if at == 0 { 0 } else { part.find(')').unwrap_or(0) };
        words.push_str(if at == 0 { "" } else { "](" });
        words.push_str(&part[words_from..]);
    }
    words
}

/// The sentence of `text` around the byte `at`, without white space at its ends. It ends at a line's end at the latest.
pub(super) fn sentence_around(text: &str, at: usize) -> &str {
    &text[sentence_span(text, at)]
}

/// Where that sentence stands.
pub(super) fn sentence_span(text: &str, at: usize) -> Range<usize> {
    let at = text.floor_char_boundary(at.min(text.len()));
    let start = text[..at].char_indices().rev().find_map(|(idx, char)| {
        let behind = idx + char.len_utf8();
        let ends = char == '\n' || is_end(char) && text[behind..].starts_with(char::is_whitespace);
        ends.then_some(behind)
    });
    let start = start.unwrap_or_default();
    let end = end_of_sentence(text, at);
    let sentence = &text[start..end];
    let trimmed = sentence.trim_start();
    let start = start + (sentence.len() - trimmed.len());
    start..start + trimmed.trim_end().len()
}

/// The sentences of `text`, in order.
pub(super) fn sentences_of(text: &str) -> impl Iterator<Item = &str> {
    let mut at = 0;
    let sentences = std::iter::from_fn(move || {
        let start = at;
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let first = rest.chars().next().map_or(1, char::len_utf8);
        at = end_of_sentence(text, start).max(start + first);
        Some(text[start..at].trim())
    });
    sentences.filter(|sentence| !sentence.is_empty())
}

/// The first byte behind the sentence that goes on at `at`.
fn end_of_sentence(text: &str, at: usize) -> usize {
    let end = text[at..].char_indices().find_map(|(idx, char)| {
        let behind = at + idx + char.len_utf8();
        match char {
            '\n' => Some(at + idx),
            char if is_end(char) && text[behind..].chars().next().is_none_or(char::is_whitespace) => Some(behind),
            _ => None,
        }
    });
    end.unwrap_or(text.len())
}

fn is_end(char: char) -> bool {
    matches!(char, '.' | '!' | '?' | '。' | '！' | '？')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_say_what_is_needed_and_what_comes_after() {
        let cases = [
            ("This page assumes that you know [loops](loops.md).", Cue::Before),
            ("As we saw in [chapter 4](ch04.md), values move.", Cue::Before),
            ("For more, see [threads](threads.md).", Cue::Pointing),
            ("We will meet [threads](threads.md) again.", Cue::After),
            ("It is based on the [thread](threads.md).", Cue::None),
            ("Use [a pool](pool.md) instead.", Cue::Beside),
            ("It meets the [minimum](install.md#prerequisites).", Cue::None),
            ("Values move (see {ref}`moves`).", Cue::Pointing),
            ("A [thread](threads.md) runs code.", Cue::None),
        ];
        for (sentence, cue) in cases {
            assert_eq!(cue_of(sentence), cue, "{sentence}");
        }
    }

    #[test]
    fn what_readers_are_told_to_see_is_pointed_at() {
        assert!(points_on("Values move (see ") && points_on("See \"") && !points_on("We see that ") && !points_on(""));
    }

    #[test]
    fn a_sentence_ends_with_its_line_and_its_stop() {
        let text = "One. Two is v1.2 of it! Three\nFour";
        let around = |word: &str| sentence_around(text, text.find(word).unwrap());
        assert_eq!(["One", "v1", "Three", "Four"].map(around), ["One.", "Two is v1.2 of it!", "Three", "Four"]);
        assert_eq!(sentence_around("ä。ö", 1), "ä。ö");
        assert_eq!(sentences_of(text).collect::<Vec<_>>(), ["One.", "Two is v1.2 of it!", "Three", "Four"]);
    }
}
