//! Search: all words first, fewer if that finds nothing; pages by their best sections.

use gradus_corpus::{Corpus, PageId};
use rustc_hash::FxHashMap;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, DisjunctionMaxQuery, EmptyQuery, Occur, PhraseQuery, Query as Clause, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader, Term};

use crate::Index;
use crate::build::parts;
use crate::expand::{Dictionary, Variant, Via};
use crate::facets::{FacetCounts, Filters};
use crate::query::{Parsed, QueryError, parse};
use crate::snippet::{Marker, Snippet};

/// Words of a query that are looked up; what comes behind them cannot change much and costs as much.
const MAX_WORDS: usize = 64;
/// What the second field that matches a word adds: a little, so that a word is not counted once a field.
const TIE_BREAKER: f32 = 0.1;
/// What all further sections of a page add to its best.
const MORE_SECTIONS: f32 = 0.05;
/// What a page whose name is the query gets: above everything that BM25 can give.
const EXACT_NAME: f32 = 1_000.0;

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

/// A word of the query and what it stands for.
struct Looked {
    word: String,
    variants: Vec<Variant>,
}

impl Looked {
    fn is_typo(&self) -> bool {
        !self.variants.is_empty() && self.variants.iter().all(|variant| matches!(variant.via, Via::Typo(_)))
    }
}

/// Words looked up, the matching documents with scores, and whether words were given up for them.
type Matched = (Vec<Looked>, Vec<(u64, f32)>, bool);

/// A page with the sections that match.
struct Found {
    page: PageId,
    score: f32,
    sections: Vec<(f32, usize)>,
}

impl Index {
    /// Searches. `corpus` must be the one that the index was built from.
    ///
    /// O(documents that match), and a walk of the dictionary for each word that is not in it.
    ///
    /// # Errors
    /// If the query only excludes, or the engine fails.
    pub fn search(&self, corpus: &Corpus, query: &Query) -> Result<Hits, QueryError> {
        let mut parsed = parse(&query.text);
        if parsed.has_no_wish() && !parsed.excluded.is_empty() {
            return Err(QueryError::OnlyExclusions);
        }
        parsed.words.truncate(MAX_WORDS);
        let names = self.named(corpus, &query.text);
        let (looked, found, relaxed) = self.find(&parsed, query.matching)?;
        let mut found = self.group(found);
        self.lift_named(&mut found, &names);
        let wanted = self.facets.wanted(&query.filters);
        let mut tally = self.facets.tally();
        found.retain(|found| self.facets.count(found.page, &wanted, &mut tally));
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.page.cmp(&b.page)));
        let marker = Marker::new(&looked, &parsed);
        let page_of_hits = found.iter().skip(query.offset).take(query.limit);
        let hits = page_of_hits.map(|found| self.dress(corpus, query, &marker, &names, &looked, found)).collect();
        Ok(Hits {
            hits,
            total: found.len(),
            n_sections_total: found.iter().map(|found| found.sections.len()).sum(),
            facets: if query.facets { self.facets.named(&tally) } else { FacetCounts::new() },
            relaxed,
            did_you_mean: did_you_mean(&looked),
        })
    }

    /// The pages that the whole query is a name of.
    fn named(&self, corpus: &Corpus, text: &str) -> Vec<PageId> {
        let is_plain = !text.contains(['"', ':', '/']) && !text.trim_start().starts_with('-');
        if is_plain { corpus.names().resolve(text).pages } else { Vec::new() }
    }

    /// The matching documents with scores, and whether words were given up for them.
    fn find(&self, parsed: &Parsed, matching: Matching) -> Result<Matched, QueryError> {
        if parsed.is_empty() {
            return Ok((Vec::new(), self.run(&AllQuery)?.into_iter().map(|(place, _)| (place, 0.0)).collect(), false));
        }
        let exact = self.look_up(parsed, false)?;
        let all = if matching == Matching::Any { Occur::Should } else { Occur::Must };
        let found = self.run(&*self.clause(parsed, &exact, all))?;
        if !found.is_empty() {
            return Ok((exact, found, false));
        }
        // Nothing has all the words: perhaps one of them is mistyped.
        let looked = self.look_up(parsed, true)?;
        let found = self.run(&*self.clause(parsed, &looked, all))?;
        if !found.is_empty() || matching != Matching::Auto || looked.len() < 2 {
            return Ok((looked, found, false));
        }
        let found = self.run(&*self.clause(parsed, &looked, Occur::Should))?;
        let relaxed = !found.is_empty();
        Ok((looked, found, relaxed))
    }

    /// What each word stands for; words that are in no dictionary stand for their neighbours if `typos`.
    fn look_up(&self, parsed: &Parsed, typos: bool) -> Result<Vec<Looked>, QueryError> {
        let dictionary = Dictionary { searcher: &self.searcher, fields: self.fields };
        let mut looked = Vec::with_capacity(parsed.words.len());
        for (idx, word) in parsed.words.iter().enumerate() {
            let mut variants = dictionary.known(word)?;
            if idx + 1 == parsed.words.len() && parsed.is_last_open {
                variants.extend(dictionary.beginning_with(word)?);
            }
            if typos && variants.is_empty() {
                variants = dictionary.near(word)?;
            }
            looked.push(Looked { word: word.clone(), variants });
        }
        Ok(looked)
    }

    /// One clause a word, phrase and exclusion.
    fn clause(&self, parsed: &Parsed, looked: &[Looked], words: Occur) -> Box<dyn Clause> {
        let mut clauses: Vec<(Occur, Box<dyn Clause>)> =
            looked.iter().map(|looked| (words, self.word(&looked.variants))).collect();
        let title = parsed.title_words.iter().map(|word| (Occur::Must, term(self.fields.name, word)));
        clauses.extend(title);
        clauses.extend(parsed.phrases.iter().map(|phrase| (Occur::Must, self.phrase(phrase))));
        clauses.extend(parsed.excluded.iter().map(|phrase| (Occur::MustNot, self.phrase(phrase))));
        Box::new(BooleanQuery::new(clauses))
    }

    /// The best of a word's variants in the best of the fields.
    fn word(&self, variants: &[Variant]) -> Box<dyn Clause> {
        let fields = self.fields;
        let mut best: Vec<Box<dyn Clause>> = Vec::new();
        for Variant { term: text, via, weight, .. } in variants {
            let places: &[(Field, f32)] = match via {
                Via::Stem => &[(fields.name_stem, 1.4), (fields.text_stem, 1.0)],
                _ => &[(fields.name, 1.6), (fields.heading, 1.2), (fields.text, 1.0), (fields.code, 0.5)],
            };
            best.extend(places.iter().map(|(field, boost)| {
                Box::new(BoostQuery::new(term(*field, text), weight * boost)) as Box<dyn Clause>
            }));
        }
        if best.is_empty() {
            return Box::new(EmptyQuery);
        }
        Box::new(DisjunctionMaxQuery::with_tie_breaker(best, TIE_BREAKER))
    }

    /// Words that stand together in one field.
    fn phrase(&self, words: &[String]) -> Box<dyn Clause> {
        let fields = [self.fields.name, self.fields.heading, self.fields.text, self.fields.code];
        let in_field = |field: Field| -> Box<dyn Clause> {
            match words {
                [word] => term(field, word),
                words => {
                    Box::new(PhraseQuery::new(words.iter().map(|word| Term::from_field_text(field, word)).collect()))
                }
            }
        };
        Box::new(BooleanQuery::new(fields.into_iter().map(|field| (Occur::Should, in_field(field))).collect()))
    }

    fn run(&self, query: &dyn Clause) -> Result<Vec<(u64, f32)>, QueryError> {
        Ok(self.searcher.search(query, &Places)?)
    }

    fn group(&self, documents: Vec<(u64, f32)>) -> Vec<Found> {
        let mut at: FxHashMap<PageId, usize> = FxHashMap::default();
        let mut found: Vec<Found> = Vec::new();
        for (place, score) in documents {
            let (page, section) = parts(place);
            let idx = *at.entry(page).or_insert_with(|| {
                found.push(Found { page, score: 0.0, sections: Vec::new() });
                found.len() - 1
            });
            found[idx].sections.push((score, section));
        }
        for found in &mut found {
            found.sections.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            let mut scores = found.sections.iter().map(|(score, _)| score);
            let best = scores.next().copied().unwrap_or_default();
            found.score = best + MORE_SECTIONS * scores.sum::<f32>();
        }
        found
    }

    /// Puts pages that the query is a name of before all others: concepts, then guides.
    fn lift_named(&self, found: &mut Vec<Found>, names: &[PageId]) {
        for (rank, page) in names.iter().enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "few pages share a name")]
            let lift = EXACT_NAME * (names.len() - rank) as f32;
            match found.iter_mut().find(|found| found.page == *page) {
                Some(found) => found.score += lift,
                None => found.push(Found { page: *page, score: lift, sections: Vec::new() }),
            }
        }
    }

    fn dress(
        &self,
        corpus: &Corpus,
        query: &Query,
        marker: &Marker,
        names: &[PageId],
        looked: &[Looked],
        found: &Found,
    ) -> Hit {
        let page = corpus.page(found.page);
        let is_guide = !corpus.is_concept(found.page) && !page.sections.is_empty();
        let n_sections = if is_guide { query.n_sections } else { 0 };
        let sections: Vec<SectionHit> = found
            .sections
            .iter()
            .take(n_sections)
            .map(|(score, idx)| SectionHit { section_idx: *idx, score: *score, snippet: marker.of_section(page, *idx) })
            .collect();
        let snippet = match sections.first() {
            Some(best) if !best.snippet.highlights.is_empty() => best.snippet.clone(),
            _ => marker.of_page(page),
        };
        let is_named = names.contains(&found.page);
        let title = |text: &str| gradus_corpus::same_name(text, &query.text);
        let matched_via = (is_named && !title(&page.title)).then(|| {
            let name = page.names.iter().find(|name| title(name));
            name.cloned().unwrap_or_else(|| page.slug.clone())
        });
        let explanation = if query.explain { explain(looked, is_named, found) } else { Vec::new() };
        Hit { page: found.page, score: found.score, snippet, sections, matched_via, explanation }
    }
}

fn term(field: Field, text: &str) -> Box<dyn Clause> {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs))
}

/// Why a page ranks where it does, in words.
fn explain(looked: &[Looked], is_named: bool, found: &Found) -> Vec<String> {
    let mut lines = Vec::new();
    if is_named {
        lines.push("the query is its name".to_owned());
    }
    for Looked { word, variants } in looked {
        let line = match variants.first() {
            None => format!("'{word}' occurs nowhere"),
            Some(Variant { via: Via::Exact, doc_freq, .. }) => format!("'{word}' occurs in {doc_freq} places"),
            Some(Variant { via: Via::Stem, term, .. }) => format!("'{word}' is looked for by its stem '{term}'"),
            Some(Variant { via: Via::Prefix, .. }) => format!("'{word}' is read as the beginning of a word"),
            Some(Variant { via: Via::Typo(_), term, .. }) => format!("'{word}' is read as a mistyped '{term}'"),
        };
        lines.push(line);
    }
    lines.push(format!("{} of its sections match; score {:.2}", found.sections.len(), found.score));
    lines
}

/// The query with words that occur nowhere replaced by the nearest that does.
fn did_you_mean(looked: &[Looked]) -> Option<String> {
    if !looked.iter().any(Looked::is_typo) {
        return None;
    }
    let mended =
        looked.iter().map(|looked| if looked.is_typo() { looked.variants[0].term.as_str() } else { &looked.word });
    Some(mended.collect::<Vec<_>>().join(" "))
}

impl Looked {
    /// The terms that the word stands for.
    fn terms(&self) -> impl Iterator<Item = (&str, bool)> {
        self.variants.iter().map(|variant| (variant.term.as_str(), variant.via == Via::Stem))
    }
}

impl Marker {
    fn new(looked: &[Looked], parsed: &Parsed) -> Self {
        let mut marker = Self::default();
        for (term, is_stem) in looked.iter().flat_map(Looked::terms) {
            marker.add(term, is_stem);
        }
        let literal = parsed.phrases.iter().flatten().chain(&parsed.title_words);
        literal.for_each(|word| marker.add(word, false));
        marker
    }
}

/// Collects where every matching document belongs, with its score.
struct Places;

struct SegmentPlaces {
    places: Column<u64>,
    found: Vec<(u64, f32)>,
}

impl Collector for Places {
    type Fruit = Vec<(u64, f32)>;
    type Child = SegmentPlaces;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentPlaces> {
        Ok(SegmentPlaces { places: segment.fast_fields().u64("place")?, found: Vec::new() })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, segments: Vec<Vec<(u64, f32)>>) -> tantivy::Result<Vec<(u64, f32)>> {
        Ok(segments.concat())
    }
}

impl SegmentCollector for SegmentPlaces {
    type Fruit = Vec<(u64, f32)>;

    fn collect(&mut self, document: DocId, score: Score) {
        if let Some(place) = self.places.first(document) {
            self.found.push((place, score));
        }
    }

    fn harvest(self) -> Vec<(u64, f32)> {
        self.found
    }
}
