//! Analysis: from text to what is indexed and looked up.

mod casing;
mod clitics;
mod function_words;
mod signs;
mod stems;
mod tokenizers;
mod tokens;

pub(crate) use casing::Casing;
pub(crate) use function_words::is_function_word;
pub use stems::Stems;
pub(crate) use stems::acronym_stem;
pub(crate) use tokenizers::{StemTokenizer, WordTokenizer};
pub(crate) use tokens::{Token, TokenRef, is_unspaced, read_tokens, tokens};
