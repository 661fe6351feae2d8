//! Tokenizers: words and stems in the form in which tantivy indexes them.

use tantivy::tokenizer::{Token as EngineToken, TokenStream, Tokenizer};

use super::stems::Stems;
use super::tokens::{TokenRef, read_tokens};

/// The words of a text.
#[derive(Clone, Default)]
pub(crate) struct WordTokenizer(TokenBuffer);

/// The stems of the words of a text.
#[derive(Clone)]
pub(crate) struct StemTokenizer {
    stems: Stems,
    buffer: TokenBuffer,
}

impl StemTokenizer {
    pub(crate) fn new(stems: Stems) -> Self {
        Self { stems, buffer: TokenBuffer::default() }
    }
}

/// The words of one text, all their letters in one string: a string a word costs more than reading the words does. It is filled
/// again for the next text.
#[derive(Clone, Default)]
struct TokenBuffer {
    letters: String,
    words: Vec<BufferedWord>,
    token: EngineToken,
}

#[derive(Clone, Copy)]
struct BufferedWord {
    /// Where its letters end; they begin where those of the word before do.
    letters_end: usize,
    position: usize,
    start: usize,
    end: usize,
}

impl TokenBuffer {
    /// Reads the words of `text`, for each of which `spell` puts down what is indexed.
    fn read(&mut self, text: &str, spell: &mut dyn FnMut(&TokenRef<'_>, &mut String)) -> BufferedTokens<'_> {
        self.letters.clear();
        self.words.clear();
        let Self { letters, words, token } = self;
        read_tokens(text, &mut |word| {
            spell(&word, letters);
            let TokenRef { position, start, end, .. } = word;
            words.push(BufferedWord { letters_end: letters.len(), position, start, end });
        });
        BufferedTokens { letters, words, next: 0, letters_start: 0, token }
    }
}

/// Tokens, handed over one by one.
pub(crate) struct BufferedTokens<'a> {
    letters: &'a str,
    words: &'a [BufferedWord],
    next: usize,
    letters_start: usize,
    token: &'a mut EngineToken,
}

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = BufferedTokens<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> BufferedTokens<'a> {
        self.0.read(text, &mut |word, out| out.push_str(word.text))
    }
}

impl Tokenizer for StemTokenizer {
    type TokenStream<'a> = BufferedTokens<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> BufferedTokens<'a> {
        let Self { stems, buffer } = self;
        buffer.read(text, &mut |word, out| {
            stems.push_indexed_form(word.text, word.casing, &text[word.start..word.end], out);
        })
    }
}

impl TokenStream for BufferedTokens<'_> {
    fn advance(&mut self) -> bool {
        let Some(word) = self.words.get(self.next) else { return false };
        self.token.text.clear();
        self.token.text.push_str(&self.letters[self.letters_start..word.letters_end]);
        self.token.position = word.position;
        self.token.offset_from = word.start;
        self.token.offset_to = word.end;
        self.next += 1;
        self.letters_start = word.letters_end;
        true
    }

    fn token(&self) -> &EngineToken {
        self.token
    }

    fn token_mut(&mut self) -> &mut EngineToken {
        self.token
    }
}
