//! Retrieval: which pages match, all words first, fewer if that finds too little.

use tantivy::postings::Postings;
use tantivy::query::{EnableScoring, PhraseQuery, Query as _};
use tantivy::{DocSet, TERMINATED};

use crate::Index;
use crate::expand::{Lookup, Word};
use crate::query::{Parsed, QueryError, Typed};
use crate::rank::{Found, Lists, NameList, WordList, intersection, pages_of, union};
use crate::score::{DocScores, as_f32, saturated};
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
/// How many words of average weight a page must hold when not all have to match: function words alone are no hit.
const RELAXED_WORDS: f32 = 0.8;
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

/// What was found, and what speaks for it.
pub(crate) struct Retrieved {
    /// By page.
    pub(crate) found: Vec<Found>,
    pub(crate) lists: Lists,
    /// Whether not all words had to match.
    pub(crate) relaxed: bool,
}

impl Index {
    /// Looks up what a query says. Words that occur nowhere stand for their parts, or for words a typo away.
    pub(crate) fn look_up(&self, parsed: Parsed) -> Result<Asked, QueryError> {
        let mut lookup = Lookup { store: &self.store, stems: self.stems.clone() };
        let mut typed = Vec::with_capacity(parsed.words.len());
        for word in parsed.words {
            typed.extend(self.in_parts(word)?);
        }
        typed.truncate(MAX_WORDS);
        let texts: Vec<&str> = typed.iter().map(|word| word.text.as_str()).collect();
        let spans = self.spans.find(&texts);
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
        let mended: Vec<&str> = words.iter().map(|word| word.mended().unwrap_or(&word.text)).collect();
        let spans = self.spans.find(&mended);
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
    pub(crate) fn retrieve(&self, asked: &Asked, matching: Matching) -> Result<Retrieved, QueryError> {
        let (others, required) = self.required(asked)?;
        let names = asked.spans.iter().map(|span| self.named(span, &asked.words)).collect::<Result<_, _>>()?;
        let words = asked.words.iter().map(|word| WordList { mass: word.mass(), ..WordList::default() });
        let mut lists = Lists { words: words.collect(), names, others };
        let mut pages = Vec::new();
        if matching != Matching::Any {
            pages = self.with_all(&mut lists, &asked.words, required.as_deref())?;
        }
        let n_with_all = pages.len();
        let too_few = pages.is_empty() || pages.len() < ENOUGH_PAGES && asked.is_description;
        let may_relax = matching == Matching::Any || matching == Matching::Auto && asked.words.len() > 1 && too_few;
        let mut found = if may_relax {
            let least = if matching == Matching::Any { 0.0 } else { RELAXED_WORDS * average_mass(&asked.words) };
            self.with_some(&mut lists, &asked.words, required.as_deref(), least)?
        } else {
            lists.score(&self.store, &pages)
        };
        let relaxed = matching == Matching::Auto && found.len() > n_with_all;
        let excluded = self.excluded(&asked.excluded)?;
        found.retain(|found| excluded.binary_search(&found.page).is_err());
        Ok(Retrieved { found, lists, relaxed })
    }

    /// The pages that hold every word, or another name of what it spells with its neighbours.
    fn with_all(&self, lists: &mut Lists, words: &[Word], required: Option<&[u32]>) -> Result<Vec<u32>, QueryError> {
        let mut order: Vec<usize> = (0..words.len()).collect();
        order.sort_by_key(|idx| (words[*idx].n_docs(), *idx));
        let mut pages: Option<Vec<u32>> = required.map(<[u32]>::to_vec);
        for idx in order {
            lists.words[idx].is_whole = pages.is_none();
            let scores = self.store.scores(&words[idx], pages.as_deref())?;
            let mut here = pages_of(&self.store, &scores);
            for name in lists.names.iter().filter(|name| name.words.contains(&idx)) {
                here = union(&here, &pages_of(&self.store, &name.scores));
            }
            lists.words[idx].scores = scores;
            pages = Some(pages.map_or_else(|| here.clone(), |pages| intersection(&pages, &here)));
            if pages.as_ref().is_some_and(Vec::is_empty) {
                break;
            }
        }
        Ok(pages.unwrap_or_default())
    }

    /// The pages that hold words which together tell at least `least`: the commonest are the first to be missed.
    fn with_some(
        &self,
        lists: &mut Lists,
        words: &[Word],
        required: Option<&[u32]>,
        least: f32,
    ) -> Result<Vec<Found>, QueryError> {
        let mut order: Vec<usize> = (0..words.len()).collect();
        order.sort_by(|a, b| words[*b].mass().total_cmp(&words[*a].mass()).then(a.cmp(b)));
        let mut rest: f32 = words.iter().map(Word::mass).sum();
        let mut pages: Vec<u32> = required.map(<[u32]>::to_vec).unwrap_or_default();
        for name in &lists.names {
            if required.is_none() {
                pages = union(&pages, &pages_of(&self.store, &name.scores));
            }
        }
        for idx in order {
            // A page without any of the words before cannot reach the share by what is left.
            let is_decided = required.is_some() || rest < least;
            let list = &mut lists.words[idx];
            if !list.is_whole {
                list.scores = self.store.scores(&words[idx], is_decided.then_some(&*pages))?;
                list.is_whole = !is_decided;
            }
            if !is_decided {
                pages = union(&pages, &pages_of(&self.store, &list.scores));
            }
            rest -= words[idx].mass();
        }
        let mut found = lists.score(&self.store, &pages);
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
    fn required(&self, asked: &Asked) -> Result<(Vec<DocScores>, Option<Vec<u32>>), QueryError> {
        let mut lists = Vec::new();
        for phrase in &asked.phrases {
            lists.push(self.phrase(phrase)?);
        }
        for word in &asked.title_words {
            lists.push(self.store.scores(word, None)?);
        }
        let pages = lists.iter().map(|scores| pages_of(&self.store, scores));
        let pages = pages.reduce(|a, b| intersection(&a, &b));
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
            let word = Lookup { store: &self.store, stems: self.stems.clone() }.exact(&typed)?;
            return self.store.scores(&word, None);
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

#[expect(clippy::cast_precision_loss, reason = "queries have few words")]
fn average_mass(words: &[Word]) -> f32 {
    words.iter().map(Word::mass).sum::<f32>() / words.len().max(1) as f32
}
