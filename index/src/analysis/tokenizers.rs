//! Tokenizers: words and stems in the form in which tantivy indexes them.

use tantivy::tokenizer::{Token as EngineToken, TokenStream, Tokenizer};

use super::stems::Stems;
use super::tokens::{Token, tokens};

/// The words of a text.
#[derive(Clone, Default)]
pub(crate) struct WordTokenizer;

/// The stems of the words of a text.
#[derive(Clone)]
pub(crate) struct StemTokenizer(pub(crate) Stems);

/// Tokens, handed over one by one.
pub(crate) struct HandedTokens {
    tokens: std::vec::IntoIter<Token>,
    token: EngineToken,
}

impl HandedTokens {
    fn new(tokens: Vec<Token>) -> Self {
        Self { tokens: tokens.into_iter(), token: EngineToken::default() }
    }
}

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = HandedTokens;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> HandedTokens {
        HandedTokens::new(tokens(text))
    }
}

impl Tokenizer for StemTokenizer {
    type TokenStream<'a> = HandedTokens;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> HandedTokens {
        let mut tokens = tokens(text);
        for token in &mut tokens {
            token.text = self.0.indexed_form(token, &text[token.start..token.end]);
        }
        HandedTokens::new(tokens)
    }
}

impl TokenStream for HandedTokens {
    fn advance(&mut self) -> bool {
        let Some(token) = self.tokens.next() else { return false };
        self.token.position = token.position;
        self.token.offset_from = token.start;
        self.token.offset_to = token.end;
        self.token.text = token.text;
        true
    }

    fn token(&self) -> &EngineToken {
        &self.token
    }

    fn token_mut(&mut self) -> &mut EngineToken {
        &mut self.token
    }
}
