//! Explanation: why a page ranks where it does, in plain words.

use gradus_corpus::{Corpus, PageId};

use crate::Index;
use crate::expand::{Group, Via, Word};
use crate::rank::Found;
use crate::retrieve::{Asked, Retrieved};
use crate::search::How;

/// Explains the hits of one query.
pub(crate) struct Explainer<'a> {
    index: &'a Index,
    corpus: &'a Corpus,
    asked: &'a Asked,
    retrieved: &'a Retrieved<'a>,
}

impl<'a> Explainer<'a> {
    pub(crate) fn new(index: &'a Index, corpus: &'a Corpus, asked: &'a Asked, retrieved: &'a Retrieved<'a>) -> Self {
        Self { index, corpus, asked, retrieved }
    }

    /// What speaks for `found`, strongest first.
    pub(crate) fn explain(&self, found: &Found, named: Option<How>) -> Vec<String> {
        let mut lines = Vec::new();
        let named = named.map(|how| match how {
            How::InFull => "the query is its name",
            How::Inflected => "the query is another form of its name",
            How::Within => "the query asks about it alone",
            How::Begun => "its name begins with the query",
        });
        lines.extend(named.map(str::to_owned));
        let (start, end) = self.index.store.docs(found.page);
        for (span, names) in self.asked.spans.iter().zip(&self.retrieved.lists.names) {
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
        lines.extend(self.asked.words.iter().map(|word| self.of_word(word, PageId(found.page))));
        lines.push(format!("score {:.2}; texts that match: {}", found.score, found.n_docs));
        lines
    }

    fn of_word(&self, word: &Word, page: PageId) -> String {
        let text = &word.text;
        let Some(group) = word.groups.iter().find(|group| self.is_on(word, group, page)) else {
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
            Via::Prefix => self.index.lookup().beginning_with(&word.text).ok().flatten(),
            _ => Some(Group { is_scored: false, ..group.clone() }),
        };
        let alone = Word { groups: unread.into_iter().collect(), ..Word::unknown("") };
        store.scores(&alone, Some(&[page.0])).is_ok_and(|scores| !scores.is_empty())
    }
}
