//! Explanation: why a page ranks where it does, in plain words.

use gradus_corpus::{Corpus, PageId};

use crate::Index;
use crate::candidate::Candidate;
use crate::name_matches::NameMatch;
use crate::query_terms::QueryTerms;
use crate::retrieve::Retrieval;
use crate::word::{Group, Via, Word, WordSource};

/// Explains the hits of one query.
pub(crate) struct Explainer<'a> {
    index: &'a Index,
    corpus: &'a Corpus,
    terms: &'a QueryTerms,
    retrieval: &'a Retrieval<'a>,
}

impl<'a> Explainer<'a> {
    pub(crate) fn new(
        index: &'a Index,
        corpus: &'a Corpus,
        terms: &'a QueryTerms,
        retrieval: &'a Retrieval<'a>,
    ) -> Self {
        Self { index, corpus, terms, retrieval }
    }

    /// What speaks for `found`, strongest first.
    pub(crate) fn explain(&self, found: &Candidate, named: Option<NameMatch>) -> Vec<String> {
        let mut lines = Vec::new();
        let named = named.map(|how| match how {
            NameMatch::InFull => "the query is its name",
            NameMatch::Inflected => "the query is another form of its name",
            NameMatch::Within => "the query asks about it alone",
            NameMatch::Subject => "the query asks about it",
            NameMatch::Heading => "the query is the heading of a section",
            NameMatch::Mistyped => "the query is its name but for letters",
            NameMatch::Begun => "its name begins with the query",
        });
        lines.extend(named.map(str::to_owned));
        let (start, end) = self.index.store.docs(found.page);
        for (span, names) in self.terms.spans.iter().zip(&self.retrieval.evidence.names) {
            let title = &self.corpus.page(span.concept).title;
            if span.concept.0 == found.page {
                lines.push(format!("the query names it: {title}"));
            } else if self.index.taught_by(span.concept).any(|guide| guide.0 == found.page) {
                lines.push(format!("it teaches what the query names: {title}"));
            }
            if span.concept.0 != found.page && names.scores.iter().any(|(doc, _)| (start..end).contains(doc)) {
                lines.push(format!("it speaks of what the query names: {title}"));
            }
        }
        lines.extend(self.terms.words.iter().map(|word| self.of_word(word, PageId(found.page))));
        lines.push(format!("score {:.2}; texts that match: {}", found.score, found.n_docs));
        lines
    }

    fn of_word(&self, word: &Word, page: PageId) -> String {
        let text = &word.text;
        let Some(group) = word.groups().find(|group| self.is_on(word, group, page)) else {
            return if word.is_unknown() {
                format!("'{text}' occurs nowhere")
            } else {
                format!("'{text}' does not occur on it")
            };
        };
        let texts = if group.n_docs == 1 { "1 text".to_owned() } else { format!("{} texts", group.n_docs) };
        match group.via {
            Via::Exact => format!("'{text}' occurs on it, as in {texts} in all"),
            Via::Stem => format!("another form of '{text}' occurs on it, as in {texts} in all"),
            Via::Prefix => format!("a word that begins with '{text}' occurs on it"),
            Via::Typo(_) => {
                let meant = group.terms.first().map_or("", String::as_str);
                format!("'{text}' occurs nowhere; it is read as '{meant}'")
            }
        }
    }

    /// Whether one of the terms of `group`, for which `word` stands, occurs on `page`.
    fn is_on(&self, word: &Word, group: &Group, page: PageId) -> bool {
        let store = &self.index.store;
        let unread = match group.via {
            // The postings of completions are forgotten once they are scored.
            Via::Prefix => self.index.lookup().beginning_with(&word.text).ok().flatten(),
            _ => Some(group.clone()),
        };
        let alone = Word::new("", unread.map(WordSource::Terms));
        store.scores(&alone, Some(&[page.0])).is_ok_and(|scores| !scores.is_empty())
    }
}
