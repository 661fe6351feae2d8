//! Search: which guides and concepts speak of this?

mod brief;

use std::collections::BTreeMap;

pub use brief::{BriefNeeds, BriefUnlocks, ConceptBrief};
use gradus_corpus::work::checkpoint;
use gradus_index::{Hit as IndexHit, Matching, Query, QueryError, SectionHit, Snippet as IndexSnippet};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::Schema as ApiSchema;
use utoipa::{IntoParams, ToSchema};

use super::answer::{Answer, AnswerBody, Schema, Str};
use super::card::Card;
use super::choice::{choice, one_of_these, spellings};
use super::filter::FilterParams;
use super::list::{Slice, cursor_schema};
use super::params::Both;
use super::question::{AnswerCost, Question, question};
use super::refusal::{Failure, QuestionError, Refusal, RefusalCode};
use super::section_parts::SectionRef;
use super::sheet::{Sheet, SheetRow};
use crate::limits;
use crate::view::View;

/// Bytes up to which a query is answered at once. Longer ones can take many times as long.
const SHORT_QUERY_BYTES: usize = 200;

question! {
    /// Search guides and concepts.
    SearchQuestion
}

/// What to search for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct SearchParams {
    /// Words, `"exact phrases"`, `-exclusions`, `title:words`; empty to browse.
    #[param(example = "paged attention", max_length = 1000)]
    pub q: String,
    /// Items a page, at most 100, 20 where not given.
    #[param(value_type = Option<usize>, minimum = 1, maximum = 100)]
    pub limit: Option<i64>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Which words must match: `all`, `any`, or `auto` for all first and fewer where that finds too little.
    #[serde(rename = "match")]
    #[param(rename = "match")]
    pub matching: Option<String>,
    /// Tell of each hit why it ranks where it does.
    pub explain: Option<bool>,
}

/// Search results.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct SearchAnswer<'a> {
    /// Guides and concepts, best first.
    pub items: Vec<SearchHit<'a>>,
    /// Guides and concepts that match, exactly.
    pub total: usize,
    /// Sections that match, exactly.
    pub total_sections: usize,
    /// Ask again with this as `cursor` for the next page; null on the last.
    pub next_cursor: Option<String>,
    /// The snapshot that answered.
    pub generation: Str<'a>,
    /// Hits for each value of each facet, counted as if that facet's own filter were not set.
    pub facets: BTreeMap<Str<'a>, BTreeMap<String, u64>>,
    /// Whether fewer words had to match than were given.
    pub relaxed: bool,
    /// The query as its author may have meant it.
    pub did_you_mean: Option<String>,
    /// The concept that the query names, in short; null where it names none or several, and on further pages.
    pub answer: Option<ConceptBrief<'a>>,
}

/// A guide or concept that was found.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct SearchHit<'a> {
    /// Which page.
    #[serde(flatten)]
    pub page: Card<'a>,
    /// Relevance; comparable within one answer only.
    pub score: f32,
    /// The passage that shows best why it was found.
    pub snippet: Passage,
    /// Its best sections, best first.
    pub sections: Vec<SearchSection<'a>>,
    /// The name of the page that the query named in another spelling.
    pub matched_via: Option<Str<'a>>,
    /// Why it ranks here, in plain words; empty unless `explain=true`.
    pub explanation: Vec<String>,
}

/// A section that was found.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct SearchSection<'a> {
    /// Which section.
    #[serde(flatten)]
    pub section: SectionRef<'a>,
    /// The passage that shows best why it was found.
    pub snippet: Passage,
}

/// A passage with what matched in it.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
pub struct Passage {
    /// Plain text.
    pub text: String,
    /// Ranges of `text` that match: first character and one behind the last, counted in Unicode characters.
    pub highlights: Vec<[usize; 2]>,
    /// Whether the text that it is taken from begins before it.
    pub cut_start: bool,
    /// Whether that text goes on behind it.
    pub cut_end: bool,
}

impl Question for SearchQuestion {
    const NAME: &'static str = "search";
    const COMMAND: &'static str = "search";
    const PATH: &'static str = "/v1/search";
    const SUBJECT: &'static [&'static str] = &["q"];
    const REFUSES: Option<RefusalCode> = Some(RefusalCode::InvalidParameter);
    const WANTS_ITEMS: bool = true;

    type Params = Both<SearchParams, FilterParams>;
    type Answer<'a> = SearchAnswer<'a>;

    fn shapes() -> Vec<(&'static str, ApiSchema)> {
        vec![("match", one_of_these(spellings(&MATCHINGS))), ("cursor", cursor_schema())]
    }

    fn cost(Both(params, _): &Self::Params) -> AnswerCost {
        if params.q.len() <= SHORT_QUERY_BYTES { AnswerCost::AtOnce } else { AnswerCost::MayBlock }
    }

    fn searched(Both(params, _): &Self::Params) -> Option<&str> {
        // The next page of an answer is no new search.
        params.cursor.is_none().then_some(params.q.as_str())
    }

    fn answer(view: &View, Both(params, filters): Self::Params) -> Result<SearchAnswer<'_>, QuestionError> {
        search(view, params, filters)
    }
}

/// Searches `view`.
///
/// # Errors
/// If the query is too long or cannot be understood, a parameter is wrong, or the index cannot be read.
pub fn search(view: &View, params: SearchParams, filters: FilterParams) -> Result<SearchAnswer<'_>, QuestionError> {
    let slice = Slice::new(view, params.limit, params.cursor.as_deref())?;
    let query = Query {
        text: within_limit(params.q)?,
        filters: filters.into_filters(),
        matching: matching(params.matching.as_deref())?,
        offset: slice.offset,
        limit: slice.limit,
        n_sections: 3,
        facets: true,
        explain: params.explain.unwrap_or(false),
        ..Query::default()
    };
    let hits = view.index.search(&view.corpus, &query).map_err(why_not)?;
    Ok(SearchAnswer {
        items: hits.hits.into_iter().map(|hit| dress(view, hit)).collect(),
        total: hits.total,
        total_sections: hits.n_sections_total,
        next_cursor: slice.next_cursor(view, hits.total),
        generation: (&view.generation).into(),
        facets: hits.facets.into_iter().map(|(facet, counts)| (facet.into(), counts.into_iter().collect())).collect(),
        relaxed: hits.relaxed,
        did_you_mean: hits.did_you_mean,
        answer: if slice.offset == 0 { brief::brief(view, &hits.named, &query.filters) } else { None },
    })
}

/// Whose fault it is that nothing was searched.
fn why_not(error: QueryError) -> QuestionError {
    match error {
        QueryError::OnlyExclusions => Refusal::new(RefusalCode::InvalidQuery, error.to_string()).into(),
        QueryError::Engine(_) | QueryError::Unreadable(_) => Failure::new(error).into(),
    }
}

/// `query`, if it is not too long.
///
/// # Errors
/// If it has more than [`limits::QUERY_CHARS`] characters.
pub fn within_limit(query: String) -> Result<String, Refusal> {
    let n_chars = query.chars().count();
    if n_chars > limits::QUERY_CHARS {
        let max = limits::QUERY_CHARS;
        let detail = format!("the query has {n_chars} characters; the limit is {max}");
        return Err(Refusal::new(RefusalCode::InvalidQuery, detail));
    }
    Ok(query)
}

/// The spellings of what must match.
const MATCHINGS: [(&str, Matching); 3] = [("auto", Matching::Auto), ("all", Matching::All), ("any", Matching::Any)];

fn matching(given: Option<&str>) -> Result<Matching, Refusal> {
    Ok(choice("match", given, &MATCHINGS)?.unwrap_or(Matching::Auto))
}

fn dress(view: &View, hit: IndexHit) -> SearchHit<'_> {
    checkpoint();
    SearchHit {
        page: Card::new(view, hit.page),
        score: hit.score,
        snippet: Passage::from(hit.snippet),
        sections: hit.sections.into_iter().map(|section| dress_section(view, hit.page, section)).collect(),
        matched_via: hit.matched_via.map(|name| String::from(name).into()),
        explanation: hit.explanation,
    }
}

fn dress_section(view: &View, id: gradus_corpus::PageId, hit: SectionHit) -> SearchSection<'_> {
    let section = SectionRef::new(view.corpus.page(id), hit.section_idx);
    SearchSection { section, snippet: Passage::from(hit.snippet) }
}

impl From<IndexSnippet> for Passage {
    fn from(snippet: IndexSnippet) -> Self {
        let highlights = snippet.highlights.into_iter().map(|(start, end)| [start, end]).collect();
        Self { text: snippet.text, highlights, cut_start: snippet.cut_start, cut_end: snippet.cut_end }
    }
}

impl Answer for SearchAnswer<'_> {
    fn body(&self) -> Result<AnswerBody<'_>, Failure> {
        AnswerBody::json(self)
    }

    fn sheet(&self) -> Sheet {
        let row = |hit: &SearchHit<'_>| {
            let name = hit.matched_via.as_ref().map(|name| format!("found as {name}")).unwrap_or_default();
            let lock = if hit.page.locked { "locked" } else { "" };
            let row = SheetRow::new(&hit.page.id, &hit.page.title, &hit.page.url, &[&name, lock, &hit.snippet.text]);
            SheetRow { below: hit.explanation.clone(), ..row }
        };
        Sheet::rows(&self.items, row)
            .note("did you mean", self.did_you_mean.clone().unwrap_or_default())
            .note_if("relaxed", self.relaxed)
            .note("more", self.next_cursor.clone().unwrap_or_default())
    }

    fn n_found(&self) -> Option<usize> {
        Some(self.total)
    }

    fn schema() -> Schema {
        Schema::of::<Self>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_that_cannot_be_read_is_no_fault_of_the_asker() {
        let unreadable = QueryError::Unreadable(std::io::Error::other("gone"));
        assert!(matches!(why_not(unreadable), QuestionError::Failure(_)));
        assert!(matches!(why_not(QueryError::OnlyExclusions), QuestionError::Refusal(_)));
    }
}
