//! The words of a script.

/// A word and its line, from 1.
pub(super) struct ScriptWord {
    pub(super) token: ScriptToken,
    pub(super) line: u32,
}

/// What a word is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ScriptToken {
    /// A name, with the members behind it: `a.b`; or a number.
    Name(String),
    /// A string or template, without its quotes.
    Text(String),
    /// Any other character. Brackets of templates and comments are none.
    Sign(char),
}

/// The words of `text`. O(text).
pub(super) fn words(text: &str) -> Vec<ScriptWord> {
    let mut reader = ScriptReader { rest: text, line: 1, words: Vec::new() };
    while let Some(char) = reader.rest.chars().next() {
        reader.word(char);
    }
    reader.words
}

struct ScriptReader<'a> {
    rest: &'a str,
    line: u32,
    words: Vec<ScriptWord>,
}

impl ScriptReader<'_> {
    fn word(&mut self, char: char) {
        let line = self.line;
        let token = match char {
            char if char.is_whitespace() => return self.skip(char.len_utf8()),
            '/' if self.rest.starts_with("//") => {
                return self.skip(self.rest.find('\n').unwrap_or(self.rest.len()));
            }
            '/' if self.rest.starts_with("/*") => {
                return self.skip(self.rest.find("*/").map_or(self.rest.len(), |end| end + 2));
            }
            '/' if self.expects_a_value() => {
                self.skip(end_of_pattern(self.rest));
                ScriptToken::Name("undefined".to_owned())
            }
            '\'' | '"' | '`' => self.string(char),
            char if is_of_name(char) => self.name(),
            char => {
                self.skip(char.len_utf8());
                ScriptToken::Sign(char)
            }
        };
        self.words.push(ScriptWord { token, line });
    }

    fn skip(&mut self, len: usize) {
        let passed = &self.rest[..len];
        self.line += crate::value::narrow(passed.matches('\n').count() as u64);
        self.rest = &self.rest[len..];
    }

    /// Whether a value comes next, so that a slash begins a pattern and divides nothing.
    fn expects_a_value(&self) -> bool {
        match self.words.last().map(|word| &word.token) {
            None => true,
            Some(ScriptToken::Sign(sign)) => !matches!(sign, ')' | ']' | '}'),
            Some(ScriptToken::Name(name)) => name == "return",
            Some(ScriptToken::Text(_)) => false,
        }
    }

    fn string(&mut self, quote: char) -> ScriptToken {
        let mut text = String::new();
        let mut chars = self.rest.char_indices().skip(1);
        let mut len = self.rest.len();
        while let Some((at, char)) = chars.next() {
            match char {
                '\\' => match chars.next() {
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, 't')) => text.push('\t'),
                    Some((_, '\n')) | None => {}
                    Some((_, char)) => text.push(char),
                },
                char if char == quote => {
                    len = at + 1;
                    break;
                }
                // A string that is not closed ends with its line; a template goes on.
                '\n' if quote != '`' => {
                    len = at;
                    break;
                }
                char => text.push(char),
            }
        }
        self.skip(len);
        ScriptToken::Text(text)
    }

    fn name(&mut self) -> ScriptToken {
        let mut len = 0;
        let mut chars = self.rest.char_indices().peekable();
        while let Some((at, char)) = chars.next() {
            let next = chars.peek().map(|(_, next)| *next);
            if !(is_of_name(char) || matches!(char, '.') && next.is_some_and(is_of_name)) {
                break;
            }
            len = at + char.len_utf8();
        }
        let name = self.rest[..len].to_owned();
        self.skip(len);
        ScriptToken::Name(name)
    }
}

fn is_of_name(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '_' | '$')
}

/// Where a regular expression that `text` begins with ends; after one character where it is none.
fn end_of_pattern(text: &str) -> usize {
    let mut is_escaped = false;
    let mut in_class = false;
    for (at, char) in text.char_indices().skip(1) {
        match char {
            '\n' => break,
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '/' if !in_class => {
                let flags = text[at + 1..].chars().take_while(char::is_ascii_alphabetic).count();
                return at + 1 + flags;
            }
            _ => {}
        }
    }
    1
}
