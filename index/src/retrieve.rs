//! Retrieval: which pages match, all words first, fewer if that finds too little.

use tantivy::postings::Postings;
use tantivy::query::{EnableScoring, PhraseQuery, Query as _};
use tantivy::{DocSet, TERMINATED};

use crate::Index;
use crate::expand::{Lookup, Word, is_function_word};
use crate::query::{Parsed, QueryError, Typed};
use crate::rank::{Found, Lists, NameList, PageSet, WordList, bit, holding, pages_of, union};
use crate::score::{DocScores, Scores, as_f32, saturated};
use crate::search::Matching;
use crate::spans::Span;
use crate::store::{Field, concept_term};

/// Words of a query that are looked up; what comes behind them cannot change much and costs as much.
const MAX_WORDS: usize = 64;
/// Words of a query that may be mistyped: each costs a walk of the dictionary.
const MAX_MISTYPED: usize = 6;
/// Words from which a query describes rather than filters: few pages hold all of them, and the best need not be among
/// those.
const DESCRIPTION_WORDS: usize = 3;
/// Pages that answer a description well enough: a page of results.
const ENOUGH_PAGES: usize = 10;
/// How many words of average weight a page must hold when not all have to match.
const RELAXED_WORDS: f32 = 0.75;
/// What a name counts relative to its words: where it stands, they stand together.
const NAME_WEIGHT: f32 = 0.5;

/// A query looked up.
pub(crate) struct Asked {
    pub(crate) words: Vec<Word>,
    /// Names of concepts among the words.
    pub(crate) spans: Vec<Span>,
    /// Whether it describes what is wanted rather than names it.
    pub(crate) is_description: bool,
    pub(crate) title_words: Vec<Word>,
    pub(crate) phrases: Vec<Vec<String>>,
    excluded: Vec<Vec<String>>,
}

impl Asked {
    /// Its words as they were probably meant.
    pub(crate) fn meant(&self) -> Vec<&str> {
        self.words.iter().map(Word::meant).collect()
    }
}

/// What was found, and what speaks for it.
pub(crate) struct Retrieved<'a> {
    /// By page.
    pub(crate) found: Vec<Found>,
    pub(crate) lists: Lists<'a>,
    /// Whether not all words had to match.
    pub(crate) relaxed: bool,
}

impl Index {
    pub(crate) fn lookup(&self) -> Lookup<'_> {
        Lookup { store: &self.store, common: &self.common, stems: self.stems.clone() }
    }

    /// Looks up what a query says. Words that occur nowhere stand for their parts, or for words a typo away.
    pub(crate) fn look_up(&self, parsed: Parsed) -> Result<Asked, QueryError> {
        let mut lookup = self.lookup();
        let mut typed = Vec::with_capacity(parsed.words.len());
        for word in parsed.words {
            typed.extend(self.in_parts(word)?);
        }
        typed.truncate(MAX_WORDS);
        let texts: Vec<&str> = typed.iter().map(|word| word.text.as_str()).collect();
        let mut spans = self.spans.find(&texts, &mut lookup.stems);
        let is_named = |idx: usize| spans.iter().any(|span| (span.start..span.end).contains(&idx));
        let mut words = Vec::with_capacity(typed.len());
        let mut n_mistyped = 0;
        for (idx, word) in typed.iter().enumerate() {
            let is_open = parsed.is_last_open && idx + 1 == typed.len();
            let mut known = lookup.known(word, is_open)?;
            if known.is_unknown() && !is_named(idx) && n_mistyped < MAX_MISTYPED {
                n_mistyped += 1;
                lookup.mend(&mut known, is_open)?;
            }
            words.push(known);
        }
        // A name with a typo in it is a name as well.
        if n_mistyped > 0 {
            let meant: Vec<&str> = words.iter().map(Word::meant).collect();
            spans = self.spans.find(&meant, &mut lookup.stems);
        }
        let title_words = parsed.title_words.iter().map(|word| lookup.in_names(word)).collect::<Result<_, _>>()?;
        let is_description = parsed.n_typed >= DESCRIPTION_WORDS;
        Ok(Asked { words, spans, is_description, title_words, phrases: parsed.phrases, excluded: parsed.excluded })
    }

    /// The word, or its parts where it occurs nowhere as a whole.
    fn in_parts(&self, word: Typed) -> Result<Vec<Typed>, QueryError> {
        let occurs = |field| Ok::<_, QueryError>(self.store.find(field, &word.text)?.is_some());
        if word.parts.is_empty() || occurs(Field::All)? || occurs(Field::Code)? {
            return Ok(vec![word]);
        }
        Ok(word.parts.into_iter().map(|text| Typed { text, ..Typed::default() }).collect())
    }

    /// The pages that match. O(documents that hold the rarer words).
    pub(crate) fn retrieve<'a>(&self, asked: &'a Asked, matching: Matching) -> Result<Retrieved<'a>, QueryError> {
        let (others, required) = self.required(asked)?;
        let names = asked.spans.iter().map(|span| self.named(span, &asked.words)).collect::<Result<_, _>>()?;
        let words = asked.words.iter().map(|word| WordList { mass: word.mass(), ..WordList::default() });
        let mut lists = Lists { words: words.collect(), names, others };
        let (mut found, relaxed) = match matching {
            Matching::Any => (self.with_some(&mut lists, &asked.words, required.as_deref(), 0.0)?, false),
            Matching::All => (self.with_all(&mut lists, &asked.words, required.as_deref())?, false),
            Matching::Auto => self.with_enough(&mut lists, asked, required.as_deref())?,
        };
        let excluded = self.excluded(&asked.excluded)?;
        if !excluded.is_empty() {
            found.retain(|found| excluded.binary_search(&found.page).is_err());
        }
        Ok(Retrieved { found, lists, relaxed })
    }

    /// The pages that hold every word or, where too few do, those that hold enough; whether it came to that.
    fn with_enough<'a>(
        &self,
        lists: &mut Lists<'a>,
        asked: &'a Asked,
        required: Option<&[u32]>,
    ) -> Result<(Vec<Found>, bool), QueryError> {
        let words = &asked.words;
        if !asked.is_description {
            let found = self.with_all(lists, words, required)?;
            if !found.is_empty() || words.len() < 2 {
                return Ok((found, false));
            }
        }
        // Most descriptions come to this: those that hold all are among those that hold enough.
        let mut found = self.with_some(lists, words, required, least_mass(asked))?;
        let all = (0..words.len()).map(bit).fold(0, |all, word| all | word);
        let n_with_all = found.iter().filter(|found| found.words == all).count();
        if n_with_all >= ENOUGH_PAGES {
            found.retain(|found| found.words == all);
        }
        let relaxed = found.len() > n_with_all;
        Ok((found, relaxed))
    }

    /// The pages that hold every word, or another name of what it spells with its neighbours.
    fn with_all<'a>(
        &self,
        lists: &mut Lists<'a>,
        words: &'a [Word],
        required: Option<&[u32]>,
    ) -> Result<Vec<Found>, QueryError> {
        let mut order: Vec<usize> = (0..words.len()).collect();
        order.sort_by_key(|idx| (words[*idx].n_docs(), *idx));
        let mut pages: Option<Vec<u32>> = required.map(<[u32]>::to_vec);
        for idx in order {
            let scores = self.store.scores(&words[idx], pages.as_deref())?;
            lists.words[idx].is_whole = pages.is_none() || matches!(scores, Scores::Borrowed(_));
            let other_names = lists.names.iter().filter(|name| name.words.contains(&idx));
            let holding = std::iter::once(&*scores).chain(other_names.map(|name| &*name.scores));
            pages = Some(self.pages_in_any(holding, pages.as_deref()));
            lists.words[idx].scores = scores;
            if pages.as_ref().is_some_and(Vec::is_empty) {
                break;
            }
        }
        Ok(lists.score(&self.store, &pages.unwrap_or_default()))
    }

    /// The pages of any of `lists`; with `within`, those of them that are in it.
    fn pages_in_any<'a>(&self, mut lists: impl Iterator<Item = &'a [(u32, f32)]>, within: Option<&[u32]>) -> Vec<u32> {
        let first = lists.next().unwrap_or_default();
        let of = |list: &[(u32, f32)]| match within {
            Some(within) => holding(&self.store, list, within),
            None => pages_of(&self.store, list),
        };
        lists.fold(of(first), |pages, list| union(&pages, &of(list)))
    }

    /// The pages that hold words which together tell at least `least`: the commonest are the first to be missed.
    fn with_some<'a>(
        &self,
        lists: &mut Lists<'a>,
        words: &'a [Word],
        required: Option<&[u32]>,
        least: f32,
    ) -> Result<Vec<Found>, QueryError> {
        let mut order: Vec<usize> = (0..words.len()).collect();
        order.sort_by(|a, b| words[*b].mass().total_cmp(&words[*a].mass()).then(a.cmp(b)));
        let mut rest: f32 = words.iter().map(Word::mass).sum();
        let mut any = PageSet::new(self.store.n_pages());
        lists.names.iter().for_each(|name| any.add(&self.store, &name.scores));
        let mut pages = required.map(<[u32]>::to_vec);
        for idx in order {
            // A page without any of the words before cannot reach the share by what is left.
            if pages.is_none() && rest < least {
                pages = Some(any.pages());
            }
            let list = &mut lists.words[idx];
            if !list.is_whole {
                list.scores = self.store.scores(&words[idx], pages.as_deref())?;
            }
            if pages.is_none() {
                any.add(&self.store, &list.scores);
            }
            rest -= words[idx].mass();
        }
        let mut found = lists.score(&self.store, &pages.unwrap_or_else(|| any.pages()));
        let most = found.iter().map(|found| found.mass).fold(0.0, f32::max);
        found.retain(|found| found.n_docs > 0 && found.mass >= least.min(most));
        Ok(found)
    }

    /// Where the concept of `span` is named, and its own page.
    fn named(&self, span: &Span, words: &[Word]) -> Result<NameList, QueryError> {
        let words_mass: f32 = words[span.start..span.end].iter().map(Word::mass).sum();
        let weight = NAME_WEIGHT * words_mass.max(1.0);
        let mut scores: DocScores = Vec::new();
        if let Some(info) = self.store.find(Field::Concept, &concept_term(span.concept))? {
            let mut postings = self.store.postings(Field::Concept, &info)?;
            let mut doc = postings.doc();
            while doc != TERMINATED {
                let frequency = self.store.factor(Field::All, doc) * as_f32(postings.term_freq());
                scores.push((doc, weight * saturated(frequency)));
                doc = postings.advance();
            }
        }
        let (own, _) = self.store.docs(span.concept.0);
        match scores.binary_search_by_key(&own, |(doc, _)| *doc) {
            Ok(at) => scores[at].1 = scores[at].1.max(weight),
            Err(at) => scores.insert(at, (own, weight)),
        }
        Ok(NameList { scores, words: span.start..span.end })
    }

    /// Where phrases and words of titles stand, and the pages that have them all; `None` where the query has none.
    fn required<'a>(&self, asked: &'a Asked) -> Result<(Vec<Scores<'a>>, Option<Vec<u32>>), QueryError> {
        let mut lists = Vec::new();
        for phrase in &asked.phrases {
            lists.push(Scores::Owned(self.phrase(phrase)?));
        }
        for word in &asked.title_words {
            lists.push(self.store.scores(word, None)?);
        }
        let pages =
            lists.iter().fold(None, |pages, list| Some(self.pages_in_any(std::iter::once(&**list), pages.as_deref())));
        Ok((lists, pages))
    }

    fn excluded(&self, phrases: &[Vec<String>]) -> Result<Vec<u32>, QueryError> {
        let mut pages = Vec::new();
        for phrase in phrases {
            pages = union(&pages, &pages_of(&self.store, &self.phrase(phrase)?));
        }
        Ok(pages)
    }

    /// The documents in which `words` stand together, in prose or in code.
    fn phrase(&self, words: &[String]) -> Result<DocScores, QueryError> {
        if let [word] = words {
            let typed = Typed { text: word.clone(), ..Typed::default() };
            let word = self.lookup().exact(&typed)?;
            return Ok(self.store.scores(&word, None)?.into_owned());
        }
        let mut scores: DocScores = Vec::new();
        let Some(segment) = self.store.searcher.segment_readers().first() else { return Ok(scores) };
        for field in [Field::All, Field::Code] {
            let terms = words.iter().map(|word| self.store.term(field, word)).collect();
            let scoring = EnableScoring::enabled_from_searcher(&self.store.searcher);
            let mut scorer = PhraseQuery::new(terms).weight(scoring)?.scorer(segment, 1.0)?;
            let mut doc = scorer.doc();
            while doc != TERMINATED {
                scores.push((doc, scorer.score()));
                doc = scorer.advance();
            }
        }
        scores.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
        scores.dedup_by_key(|(doc, _)| *doc);
        Ok(scores)
    }
}

/// What a page must tell where not all words have to match: a good part of what an average word does, or the name of a
/// concept. Function words alone are no hit.
#[expect(clippy::cast_precision_loss, reason = "queries have few words")]
fn least_mass(asked: &Asked) -> f32 {
    let average = |words: &[&Word]| words.iter().map(|word| word.mass()).sum::<f32>() / words.len().max(1) as f32;
    let all: Vec<&Word> = asked.words.iter().collect();
    let telling: Vec<&Word> = asked.words.iter().filter(|word| !is_function_word(&word.text)).collect();
    let least = RELAXED_WORDS * average(if telling.is_empty() { &all } else { &telling });
    let names = asked.spans.iter().map(|span| asked.words[span.start..span.end].iter().map(Word::mass).sum());
    names.fold(least, f32::min)
}
