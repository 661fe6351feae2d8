//! Search: the pages that a query finds, best first, and why.

use std::cmp::Reverse;

use gradus_corpus::{Corpus, PageId};

use crate::Index;
use crate::expand::{Word, is_function_word};
use crate::explain::Explainer;
use crate::facets::{FacetCounts, Filters};
use crate::feedback::likeness;
use crate::proximity::Proximity;
use crate::query::{QueryError, parse};
use crate::rank::{Found, best};
use crate::retrieve::{Asked, Retrieved};
use crate::snippet::{Marker, Snippet};
use crate::spans::squeeze;

/// What a page gets that is about a concept which the query names, relative to what the name tells.
const NAMED_CONCEPT: f32 = 0.6;
/// The same for a guide that teaches it.
const TEACHES_NAMED: f32 = 0.3;
/// What the nearness of two words adds, relative to what the weaker of them tells.
const NEAR: f32 = 1.0;
/// What likeness to the very best pages adds, relative to the best score.
const LIKENESS: f32 = 0.6;
/// How many those are.
const N_SEEDS: usize = 3;
/// Pages that are looked at more closely.
const MAX_REFINED: usize = 30;
/// Words up to which a page that holds all of them comes before any that does not.
const MAX_WHOLE: usize = 5;
/// Names that may begin with the query and stand first: a reader who types on sees more at the next letter.
const MAX_BEGUN: usize = 3;

/// Which words must match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Matching {
    /// All; where that finds nothing, as many as can be.
    #[default]
    Auto,
    /// All.
    All,
    /// Any.
    Any,
}

/// What to search for.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Words, `"exact phrases"`, `-exclusions`, `title:words`; empty for everything, by id.
    pub text: String,
    /// Which pages to find.
    pub filters: Filters,
    /// Which words must match.
    pub matching: Matching,
    /// Hits to pass over.
    pub offset: usize,
    /// Hits to return.
    pub limit: usize,
    /// Sections a hit, at most.
    pub n_sections: usize,
    /// Count facets.
    pub facets: bool,
    /// Say why each hit ranks where it does.
    pub explain: bool,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Hits {
    /// Pages, best first, ties by id.
    pub hits: Vec<Hit>,
    /// Pages that match, exactly.
    pub total: usize,
    /// Sections that match on those pages, exactly.
    pub n_sections_total: usize,
    /// How many hits have each value of each facet, as if that facet's filter were not set.
    pub facets: FacetCounts,
    /// Whether fewer words had to match than were given.
    pub relaxed: bool,
    /// The query with mistyped words mended.
    pub did_you_mean: Option<String>,
}

/// A page that was found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Which page.
    pub page: PageId,
    /// Relevance within one answer.
    pub score: f32,
    /// The passage that shows best why.
    pub snippet: Snippet,
    /// Its best sections, best first; none for a concept.
    pub sections: Vec<SectionHit>,
    /// The name of the page that the query is, in another spelling than its title.
    pub matched_via: Option<Box<str>>,
    /// Why it ranks here.
    pub explanation: Vec<String>,
}

/// A section that was found.
#[derive(Clone, Debug)]
pub struct SectionHit {
    /// Its position in the page.
    pub section_idx: usize,
    /// Relevance within one answer.
    pub score: f32,
    /// The passage that shows best why.
    pub snippet: Snippet,
}

/// How a query names a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    InFull,
    /// In another form of the words of its name.
    Inflected,
    /// With nothing but function words around its name.
    Within,
    /// As far as it is typed.
    Begun,
}

/// The pages that a query names, which stand before all others, in this order.
#[derive(Default)]
struct Named(Vec<(PageId, How)>);

impl Named {
    fn how(&self, page: PageId) -> Option<How> {
        self.0.iter().find(|(named, _)| *named == page).map(|(_, how)| *how)
    }

    /// Adds those of `pages` that are not named yet.
    fn add(&mut self, pages: impl IntoIterator<Item = PageId>, how: How) {
        for page in pages {
            if self.how(page).is_none() {
                self.0.push((page, how));
            }
        }
    }
}

impl Index {
    /// Searches. `corpus` must be the one that the index was built from.
    ///
    /// O(documents that hold the rarer words), and a walk of the dictionary for each word that is not in it.
    ///
    /// # Errors
    /// If the query only excludes, or the engine fails.
    pub fn search(&self, corpus: &Corpus, query: &Query) -> Result<Hits, QueryError> {
        let parsed = parse(&query.text);
        if parsed.has_no_wish() && !parsed.excluded.is_empty() {
            return Err(QueryError::OnlyExclusions);
        }
        let is_browsing = parsed.is_empty();
        let (is_plain, is_last_open) = (parsed.is_plain(), parsed.is_last_open);
        let asked = self.look_up(parsed)?;
        let mended = did_you_mean(&asked);
        let named = if is_plain { self.named_by(corpus, &asked, query, is_last_open) } else { Named::default() };
        let mut retrieved = if is_browsing { self.everything() } else { self.retrieve(&asked, query.matching)? };
        self.boost(&asked, &mut retrieved);
        self.refine(&asked, &mut retrieved)?;
        prefer_whole(&asked, &mut retrieved);
        lift(&named, &mut retrieved.found);
        let facets = self.facets.sift(&query.filters, &mut retrieved.found);
        let total = retrieved.found.len();
        let n_sections_total = retrieved.found.iter().map(|found| found.n_docs as usize).sum();
        let best = best(&retrieved.found, query.offset.saturating_add(query.limit));
        let shown = best.iter().skip(query.offset).map(|at| &retrieved.found[*at]);
        let marker = Marker::new(self, corpus, &asked);
        let explainer = query.explain.then(|| Explainer::new(self, corpus, &asked, &retrieved));
        let text = mended.as_deref().unwrap_or(&query.text);
        let mut dresser =
            Dresser { index: self, corpus, query, text, retrieved: &retrieved, named: &named, marker, explainer };
        Ok(Hits {
            hits: shown.map(|found| dresser.dress(found)).collect(),
            total,
            n_sections_total,
            facets: if query.facets { self.facets.named(&facets) } else { FacetCounts::new() },
            relaxed: retrieved.relaxed,
            did_you_mean: mended,
        })
    }

    /// All pages, by id.
    fn everything(&self) -> Retrieved<'_> {
        let pages = 0..self.store.n_pages();
        let found = pages.map(|page| {
            let (start, end) = self.store.docs(page);
            Found { page, score: 0.0, words: 0, mass: 0.0, n_docs: end - start }
        });
        Retrieved { found: found.collect(), lists: Default::default(), relaxed: false }
    }

    /// Looks closer at the best pages: at the nearness of words in their best texts and, where the query describes rather
    /// than names, at what the very best have in common. Only at those: neither moves a page far.
    fn refine(&self, asked: &Asked, retrieved: &mut Retrieved<'_>) -> Result<(), QueryError> {
        if asked.words.len() < 2 {
            return Ok(());
        }
        let found = &mut retrieved.found;
        let mut best = best(found, MAX_REFINED);
        let best_doc =
            |at: &usize| retrieved.lists.docs(&self.store, found[*at].page).first().map(|(doc, _)| (*doc, *at));
        let mut docs: Vec<(u32, usize)> = best.iter().filter_map(best_doc).collect();
        docs.sort_unstable();
        let mut proximity = Proximity::new(&self.store, &asked.words)?;
        for (doc, at) in docs {
            found[at].score += NEAR * proximity.of(doc);
        }
        if asked.is_description {
            best.sort_by_key(|at| Reverse(found[*at].rank()));
            let page = |at: &usize| PageId(found[*at].page);
            let seeds: Vec<(PageId, f32)> = best.iter().take(N_SEEDS).map(|at| (page(at), found[*at].score)).collect();
            let highest = seeds.first().map_or(0.0, |(_, score)| *score);
            let alike = likeness(&self.vectors, &seeds, best.iter().map(page));
            for (at, alike) in best.into_iter().zip(alike) {
                found[at].score += LIKENESS * highest * alike;
            }
        }
        Ok(())
    }

    /// What a query of words alone names: as it stands or, where that is nothing, with mistyped words mended, in another form
    /// or among function words.
    fn named_by(&self, corpus: &Corpus, asked: &Asked, query: &Query, is_last_open: bool) -> Named {
        let text = &query.text;
        let mut named = Named::default();
        named.add(corpus.names().resolve(text).pages, How::InFull);
        named.add(self.spans.whole(text), How::InFull);
        if named.0.is_empty() {
            let words = asked.meant();
            let meant = words.concat();
            named.add(self.spans.whole(&meant), How::InFull);
            if named.0.is_empty() {
                let mut inflected = self.spans.inflected(&words, &mut self.stems.clone()).to_vec();
                inflected.sort_by_cached_key(|page| Reverse(n_alike(&squeeze(&corpus.page(*page).title), &meant)));
                named.add(inflected, How::Inflected);
            }
            if query.matching != Matching::All
                && let ([], [span]) = (&*named.0, &*asked.spans)
                && (0..words.len()).all(|idx| (span.start..span.end).contains(&idx) || is_function_word(words[idx]))
            {
                named.add([span.concept], How::Within);
            }
        }
        named.add(self.completions.begun(text, is_last_open, MAX_BEGUN), How::Begun);
        named
    }

    /// Adds what pages get for being about a concept that the query names, or for teaching it.
    fn boost(&self, asked: &Asked, retrieved: &mut Retrieved<'_>) {
        for span in &asked.spans {
            let mass: f32 =
                retrieved.lists.words.get(span.start..span.end).unwrap_or_default().iter().map(|list| list.mass).sum();
            let mut give = |page: PageId, share: f32| {
                if let Ok(at) = retrieved.found.binary_search_by_key(&page.0, |found| found.page) {
                    retrieved.found[at].score += share * mass;
                }
            };
            give(span.concept, NAMED_CONCEPT);
            self.taught_by(span.concept).for_each(|guide| give(guide, TEACHES_NAMED));
        }
    }
}

/// Lifts pages that hold all words above those that do not. Of a long description nobody expects to find every word.
fn prefer_whole(asked: &Asked, retrieved: &mut Retrieved<'_>) {
    if !retrieved.relaxed || asked.words.len() > MAX_WHOLE {
        return;
    }
    let all: f32 = asked.words.iter().map(Word::mass).sum();
    let best = retrieved.found.iter().map(|found| found.score).fold(0.0, f32::max);
    let whole = retrieved.found.iter_mut().filter(|found| found.mass >= all * (1.0 - f32::EPSILON));
    whole.for_each(|found| found.score += best);
}

/// How many letters both begin with.
fn n_alike(one: &str, other: &str) -> usize {
    one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count()
}

/// Lifts what the query names above all else.
fn lift(named: &Named, found: &mut Vec<Found>) {
    let best = found.iter().map(|found| found.score).fold(0.0, f32::max);
    for (rank, (page, _)) in named.0.iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "few pages share a name")]
        let score = best + (named.0.len() - rank) as f32;
        match found.binary_search_by_key(&page.0, |found| found.page) {
            Ok(at) => found[at].score = score,
            Err(at) => found.insert(at, Found { page: page.0, score, words: 0, mass: 0.0, n_docs: 0 }),
        }
    }
}

/// Makes hits of pages.
struct Dresser<'a> {
    index: &'a Index,
    corpus: &'a Corpus,
    query: &'a Query,
    /// The query as it was meant.
    text: &'a str,
    retrieved: &'a Retrieved<'a>,
    named: &'a Named,
    marker: Marker,
    explainer: Option<Explainer<'a>>,
}

impl Dresser<'_> {
    fn dress(&mut self, found: &Found) -> Hit {
        let page_id = PageId(found.page);
        let page = self.corpus.page(page_id);
        let docs = self.retrieved.lists.docs(&self.index.store, found.page);
        let is_guide = !self.corpus.is_concept(page_id) && !page.sections.is_empty();
        let n_sections = if is_guide { self.query.n_sections } else { 0 };
        let sections: Vec<SectionHit> = docs
            .iter()
            .take(n_sections)
            .map(|(doc, score)| {
                let (_, section_idx) = self.index.store.place(*doc);
                let snippet = self.marker.of_section(&self.index.texts, page, section_idx, *doc);
                SectionHit { section_idx, score: *score, snippet }
            })
            .collect();
        let snippet = match sections.first() {
            Some(best) if !best.snippet.highlights.is_empty() => best.snippet.clone(),
            _ => self.marker.of_page(&self.index.texts, page, self.index.store.docs(found.page)),
        };
        let is_title = |name: &str| gradus_corpus::same_name(name, self.text);
        let named = self.named.how(page_id);
        let is_name = named == Some(How::InFull);
        let matched_via = (is_name && !is_title(&page.title)).then(|| self.index.spans.spelled(page, self.text));
        let explanation = match &mut self.explainer {
            Some(explainer) => explainer.explain(found, named),
            None => Vec::new(),
        };
        Hit { page: page_id, score: found.score, snippet, sections, matched_via, explanation }
    }
}

/// The query with words that occur nowhere replaced by the nearest that does.
fn did_you_mean(asked: &Asked) -> Option<String> {
    asked.words.iter().any(|word| word.mended().is_some()).then(|| asked.meant().join(" "))
}
