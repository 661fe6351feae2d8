//! The terms of a query: its words looked up, and the names among them.

use gradus_corpus::work::checkpoint;

use crate::Index;
use crate::analysis::is_function_word;
use crate::error::QueryError;
use crate::field::Field;
use crate::lookup::Lookup;
use crate::names::NameSpan;
use crate::parse::{ParsedQuery, TypedWord, push_word};
use crate::question_form::{frame, is_question};
use crate::weights::{DESCRIPTION_WORDS, FUNCTION_WORD, LONG_QUERY, SILENCING_WORDS};
use crate::word::Word;

/// Words of a query that are looked up; what comes behind them cannot change much and costs as much.
const MAX_WORDS: usize = 64;
/// Words of a query that may be mistyped: each costs a walk of the dictionary.
const MAX_MISTYPED: usize = 6;

/// A query looked up.
pub(crate) struct QueryTerms {
    pub(crate) words: Vec<Word>,
    /// Names of concepts among the words.
    pub(crate) spans: Vec<NameSpan>,
    /// Whether it describes what is wanted rather than names it.
    pub(crate) is_description: bool,
    pub(crate) title_words: Vec<Word>,
    pub(crate) phrases: Vec<Vec<String>>,
    pub(crate) excluded: Vec<Vec<String>>,
    /// Whether it asks something.
    pub(crate) is_question: bool,
    /// Whether words were left out because they are too many.
    pub(crate) truncated: bool,
}

/// Leaves out what is too much, words that build the sentence first; whether any other had to go.
fn cap(words: &mut Vec<TypedWord>) -> bool {
    if words.len() > MAX_WORDS {
        words.retain(|word| !is_function_word(&word.text));
    }
    let is_capped = words.len() > MAX_WORDS;
    words.truncate(MAX_WORDS);
    is_capped
}

impl QueryTerms {
    /// Words that tell something.
    pub(crate) fn telling(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.words.len()).filter(|idx| self.words[*idx].share > 0.0)
    }

    /// Whether it is so long, or asks so much, that the best page need not have all its words.
    pub(crate) fn is_loose(&self) -> bool {
        self.is_question || self.n_telling() >= LONG_QUERY
    }

    /// How many words tell something.
    pub(crate) fn n_telling(&self) -> usize {
        self.telling().count()
    }

    /// Its words as they were probably meant.
    pub(crate) fn meant(&self) -> Vec<&str> {
        self.words.iter().map(Word::meant).collect()
    }
}

impl Index {
    pub(crate) fn lookup(&self) -> Lookup<'_> {
        Lookup { store: &self.store, cache: &self.cache, typos: &self.typos, stems: &self.stems }
    }

    /// Looks up what a query says. Words that occur nowhere stand for their parts, or for words a typo away.
    pub(crate) fn look_up(&self, parsed: ParsedQuery) -> Result<QueryTerms, QueryError> {
        let lookup = self.lookup();
        let mut typed = Vec::with_capacity(parsed.words.len());
        for word in parsed.words {
            self.in_parts(word)?.into_iter().for_each(|word| push_word(&mut typed, word));
        }
        let truncated = cap(&mut typed);
        let texts: Vec<&str> = typed.iter().map(|word| word.text.as_str()).collect();
        let (frame, is_question) = (frame(&texts), is_question(&texts));
        let is_telling = |(text, framing): &(&&str, &bool)| !**framing && !is_function_word(text);
        let n_telling = texts.iter().zip(&frame).filter(is_telling).count();
        let mut spans = self.names.find(&texts, &self.stems);
        let is_named = |idx: usize| spans.iter().any(|span| (span.start..span.end).contains(&idx));
        let mut words = Vec::with_capacity(typed.len());
        let mut n_mistyped = 0;
        for (idx, word) in typed.iter().enumerate() {
            checkpoint();
            let is_open = parsed.is_last_open && idx + 1 == typed.len();
            let mut known = lookup.known(word, is_open)?;
            if known.is_unknown() && !is_named(idx) && n_mistyped < MAX_MISTYPED {
                n_mistyped += 1;
                lookup.mend(&mut known, is_open)?;
            }
            let is_silent = is_function_word(&word.text) && !is_named(idx);
            let share = match n_telling {
                _ if frame[idx] && !is_named(idx) => 0.0,
                1..SILENCING_WORDS if is_silent => FUNCTION_WORD,
                SILENCING_WORDS.. if is_silent => 0.0,
                _ => 1.0,
            };
            known.share = share * f32::from(word.n_times);
            words.push(known);
        }
        // A name with a typo in it is a name as well.
        if n_mistyped > 0 {
            let meant: Vec<&str> = words.iter().map(Word::meant).collect();
            spans = self.names.find(&meant, &self.stems);
        }
        let title_words = parsed.title_words.iter().map(|word| lookup.in_names(word)).collect::<Result<_, _>>()?;
        let is_description = parsed.n_typed >= DESCRIPTION_WORDS;
        let (phrases, excluded) = (parsed.phrases, parsed.excluded);
        Ok(QueryTerms { words, spans, is_description, title_words, phrases, excluded, is_question, truncated })
    }

    /// The word, or its parts where it occurs nowhere as a whole.
    fn in_parts(&self, word: TypedWord) -> Result<Vec<TypedWord>, QueryError> {
        let occurs = |field| Ok::<_, QueryError>(self.store.find(field, &word.text)?.is_some());
        if word.parts.is_empty() || occurs(Field::All)? || occurs(Field::Code)? {
            return Ok(vec![word]);
        }
        Ok(word
            .parts
            .into_iter()
            .map(|text| TypedWord { text, n_times: word.n_times, ..TypedWord::default() })
            .collect())
    }
}
