//! How long an answer may be: agents pay for every token, and clients cut what is too long wherever they like.

/// Tokens of an answer at most: the contract promises 2,000, and the estimate needs some room.
pub(super) const ANSWER_TOKENS: usize = 1_750;

/// How many tokens `text` is, estimated from above: five letters, three digits, one sign, one line break or one character of
/// another script is a token. `tests/mcp` holds the estimate against the tokeniser o200k_base.
pub(super) fn tokens(text: &str) -> usize {
    let (mut n_tokens, mut run, mut before) = (0, 0, Class::Space);
    for char in text.chars() {
        let class = Class::of(char);
        run = if class == before { run + 1 } else { 1 };
        before = class;
        n_tokens += usize::from(match class {
            Class::Letter => run % 5 == 1,
            Class::Digit => run % 3 == 1,
            Class::Sign => true,
            // A single space belongs to the word behind it; long runs of them are tokens of their own.
            Class::Space => run % 8 == 2,
        });
    }
    n_tokens
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    Sign,
    Space,
}

impl Class {
    fn of(char: char) -> Self {
        match char {
            'a'..='z' | 'A'..='Z' => Self::Letter,
            '0'..='9' => Self::Digit,
            ' ' | '\t' => Self::Space,
            _ => Self::Sign,
        }
    }
}

/// CountedLines up to a number of tokens. The first is always taken, so that there is an answer.
pub(super) struct CountedLines {
    text: String,
    left: usize,
}

impl CountedLines {
    /// No line yet, and room for `n_tokens`.
    pub(super) fn new(n_tokens: usize) -> Self {
        Self { text: String::new(), left: n_tokens }
    }

    /// Takes `line`, if there is room for it.
    pub(super) fn push(&mut self, line: &str) -> bool {
        let n_tokens = tokens(line) + 1;
        if n_tokens > self.left && !self.text.is_empty() {
            return false;
        }
        self.left = self.left.saturating_sub(n_tokens);
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(line);
        true
    }

    /// Takes `line` whether there is room or not: for what must not be cut.
    pub(super) fn push_always(&mut self, line: &str) {
        self.left = self.left.saturating_sub(tokens(line) + 1);
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(line);
    }

    /// All lines.
    pub(super) fn into_text(self) -> String {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_figures_and_signs_are_counted() {
        assert_eq!(tokens(""), 0);
        assert_eq!(tokens("the cache"), 2);
        assert_eq!(tokens("attention"), 2);
        assert_eq!(tokens("2025-11"), 4);
        assert_eq!(tokens("缓存"), 2);
    }

    #[test]
    fn what_does_not_fit_is_not_taken_but_the_first_line_is() {
        let mut lines = CountedLines::new(4);
        assert!(lines.push("a line of six words here"));
        assert!(!lines.push("more"));
        assert_eq!(lines.into_text(), "a line of six words here");
    }
}
