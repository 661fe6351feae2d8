//! Warming up: what most queries ask is looked up and scored, when the index is built.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;
use tantivy::postings::TermInfo;

use crate::analysis::Stems;
use crate::error::QueryError;
use crate::field::Field;
use crate::lookup::Lookup;
use crate::parse::TypedWord;
use crate::store::Store;
use crate::typo_tolerance::TypoDictionary;
use crate::word::SharedScores;
use crate::word_cache::WordCache;

/// Documents from which a word is common; those of fewer are read as soon as they are looked up.
const MIN_DOCS: u32 = 16;
/// Words that begin alike from which their beginning is kept.
const MIN_COMPLETIONS: usize = 16;
/// Beginnings kept, those of the most words.
const MAX_BEGINNINGS: usize = 4_096;
/// Documents kept of all words together, and of all beginnings, at eight bytes each.
const MAX_DOCS: usize = 4_000_000;

/// What is looked through to find them.
#[derive(Default)]
struct TermSurvey {
    /// Words of many documents, and how many those are.
    common: Vec<(Reverse<u32>, String)>,
    /// Beginnings of many words, and how many those are.
    beginnings: Vec<(Reverse<usize>, String)>,
    /// Beginnings of the word before, with the words that began so until then.
    open: Vec<(String, usize)>,
    /// All words, and how many documents those are of.
    words: Vec<(String, u32)>,
}

/// Fills the cache of words, and tells how words may be mistyped. O(terms + what the common ones find).
pub(crate) fn warm_up(store: &Store, stems: &Stems) -> Result<(WordCache, TypoDictionary), QueryError> {
    let vocabulary = TermSurvey::read(store)?;
    let cache = WordCache::filled(store, stems, vocabulary.common, vocabulary.beginnings)?;
    Ok((cache, TypoDictionary::new(vocabulary.words)))
}

impl WordCache {
    fn filled(
        store: &Store,
        stems: &Stems,
        common: Vec<(Reverse<u32>, String)>,
        beginnings: Vec<(Reverse<usize>, String)>,
    ) -> Result<Self, QueryError> {
        let (none, typos) = (Self::default(), TypoDictionary::default());
        let lookup = Lookup { store, cache: &none, typos: &typos, stems };
        let kept = |terms: Vec<String>, is_open| {
            let mut room = MAX_DOCS;
            let mut words = FxHashMap::default();
            for text in terms {
                let typed = TypedWord { text, ..TypedWord::default() };
                let mut word = lookup.closed(&typed)?;
                if is_open {
                    lookup.complete(&mut word)?;
                }
                let scores: SharedScores = store.scores(&word, None)?.into();
                let Some(left) = room.checked_sub(scores.len()) else { break };
                room = left;
                word.keep(scores);
                words.insert(typed.text, word);
            }
            Ok::<_, QueryError>(words)
        };
        let closed = kept(common.into_iter().map(|(_, word)| word).collect(), false)?;
        let open = kept(beginnings.into_iter().map(|(_, beginning)| beginning).collect(), true)?;
        Ok(Self { closed, open })
    }
}

impl TermSurvey {
    fn read(store: &Store) -> Result<Self, QueryError> {
        let mut survey = Self::default();
        let mut terms = store.reader(Field::All).terms().stream()?;
        while terms.advance() {
            if let Ok(term) = std::str::from_utf8(terms.key()) {
                survey.add(term, terms.value());
            }
        }
        survey.close("");
        survey.common.sort_unstable();
        survey.beginnings.sort_unstable();
        survey.beginnings.truncate(MAX_BEGINNINGS);
        Ok(survey)
    }

    /// Adds a term; they come sorted.
    fn add(&mut self, term: &str, info: &TermInfo) {
        self.close(term);
        let known = self.open.last().map_or(0, |(beginning, _)| beginning.len());
        self.open.iter_mut().for_each(|(_, n_words)| *n_words += 1);
        let ends = term.char_indices().map(|(at, _)| at).filter(|at| *at > known);
        self.open.extend(ends.map(|end| (term[..end].to_owned(), 1)));
        self.words.push((term.to_owned(), info.doc_freq));
        if info.doc_freq >= MIN_DOCS {
            self.common.push((Reverse(info.doc_freq), term.to_owned()));
        }
    }

    /// Takes leave of the beginnings that `next` does not have.
    fn close(&mut self, next: &str) {
        while let Some((beginning, n_words)) =
            self.open.pop_if(|(open, _)| next.is_empty() || !next.starts_with(&**open))
        {
            if n_words >= MIN_COMPLETIONS {
                self.beginnings.push((Reverse(n_words), beginning));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use gradus_load::{Input, load};

    use super::*;
    use crate::Index;

    /// Pages of words that share beginnings, stems and typos, each in more pages than are needed to be kept.
    fn index() -> Index {
        let words = ["cache", "caches", "caching", "cached", "the", "then", "page", "pages", "paged", "a"];
        let page = |number: usize| {
            let mut text = "---\ntitle: Page\n---\n".to_owned();
            let with = words.iter().enumerate().filter(|(at, _)| (number * 7 + at * 3) % 5 < 3);
            with.for_each(|(at, word)| text += &format!("{}\n", format!("{word} ").repeat(1 + number % (at + 1))));
            (0..number % 20).for_each(|other| text += &format!("ca{other}x "));
            (format!("guides/page-{number}.md"), text.into_bytes().into())
        };
        let corpus = load(&Input::Memory((0..90).map(page).collect()), &mut |_| {}).unwrap().corpus;
        Index::build(&corpus).unwrap()
    }

    #[test]
    fn what_is_kept_is_what_would_be_read() {
        let index = index();
        let none = WordCache::default();
        let mut n_kept = 0;
        for is_open in [false, true] {
            for text in ["cache", "caching", "the", "page", "c", "ca", "cach", "ca1", "t", "th", "a", "pag"] {
                let typed = TypedWord { text: text.to_owned(), ..TypedWord::default() };
                let scores = |cache| {
                    let lookup = Lookup { cache, ..index.lookup() };
                    let word = lookup.known(&typed, is_open).unwrap();
                    (index.store.scores(&word, None).unwrap().into_owned(), word.mass(), word.n_docs())
                };
                n_kept += usize::from(index.cache.get(&typed, is_open).is_some());
                assert_eq!(scores(&index.cache), scores(&none), "{text} {is_open}");
            }
        }
        assert!(n_kept > 6, "{n_kept} are kept");
    }

    #[test]
    fn a_typo_of_a_common_word_scores_as_if_it_were_read() {
        let index = index();
        let none = WordCache::default();
        for text in ["cahce", "pagess", "cachign"] {
            let typed = TypedWord { text: text.to_owned(), ..TypedWord::default() };
            let within = [3, 4, 11, 60];
            let scores = |cache, within| {
                let lookup = Lookup { cache, ..index.lookup() };
                let mut word = lookup.known(&typed, false).unwrap();
                lookup.mend(&mut word, false).unwrap();
                index.store.scores(&word, within).unwrap().into_owned()
            };
            assert!(!scores(&index.cache, Some(&within)).is_empty(), "{text}");
            for within in [None, Some(&within[..])] {
                let (kept, read) = (scores(&index.cache, within), scores(&none, within));
                let docs = |scores: &[(u32, f32)]| scores.iter().map(|(doc, _)| *doc).collect::<Vec<_>>();
                assert_eq!(docs(&kept), docs(&read), "{text}");
                let same = |(a, b): (&(u32, f32), &(u32, f32))| (a.1 / b.1 - 1.0).abs() < 1e-6;
                assert!(kept.iter().zip(&read).all(same), "{text}");
            }
        }
    }
}
