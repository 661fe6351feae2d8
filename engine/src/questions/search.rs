//! Search: which guides and concepts speak of this?

use std::collections::BTreeMap;

use gradus_corpus::{Kind, Page, PageId};
use gradus_index::{Hit as IndexHit, Matching, Query, QueryError, SectionHit, Snippet as IndexSnippet};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::filter::FilterAsk;
use super::{AskError, ErrorCode, Slice, View};
use crate::limits;

/// What to search for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct SearchAsk {
    /// Words, `"exact phrases"`, `-exclusions`, `title:words`; empty to browse.
    #[param(example = "paged attention", max_length = 1000)]
    pub q: String,
    /// Items a page, at most 100, 20 where not given.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<usize>,
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
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchAnswer<'a> {
    /// Guides and concepts, best first.
    pub items: Vec<Hit<'a>>,
    /// Guides and concepts that match, exactly.
    pub total: usize,
    /// Sections that match, exactly.
    pub total_sections: usize,
    /// Ask again with this as `cursor` for the next page; null on the last.
    pub next_cursor: Option<String>,
    /// The snapshot that answered.
    pub generation: &'a str,
    /// Hits for each value of each facet, counted as if that facet's own filter were not set.
    pub facets: BTreeMap<&'static str, BTreeMap<String, u64>>,
    /// Whether fewer words had to match than were given.
    pub relaxed: bool,
    /// The query as its author may have meant it.
    pub did_you_mean: Option<String>,
}

/// A guide or concept that was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hit<'a> {
    /// Full id.
    pub id: String,
    /// `concept` or `guide`.
    pub kind: &'static str,
    /// What readers call it.
    pub title: &'a str,
    /// Where the site shows it.
    pub url: &'a str,
    /// Definition or summary.
    pub description: Option<&'a str>,
    /// `free` or `pro`.
    pub access: &'static str,
    /// Relevance; comparable within one answer only.
    pub score: f32,
    /// The passage that shows best why it was found.
    pub snippet: Snippet,
    /// Its best sections, best first.
    pub sections: Vec<HitSection<'a>>,
    /// The name of the page that the query named in another spelling.
    pub matched_via: Option<Box<str>>,
    /// Why it ranks here, in plain words; empty unless `explain=true`.
    pub explanation: Vec<String>,
}

/// A section that was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct HitSection<'a> {
    /// `slug#anchor`.
    pub id: String,
    /// The heading.
    pub title: &'a str,
    /// The fragment of its URL.
    pub anchor: &'a str,
    /// Where the site shows it.
    pub url: String,
    /// Whether its text is withheld from the viewer.
    pub locked: bool,
    /// The passage that shows best why it was found.
    pub snippet: Snippet,
}

/// A passage with what matched in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Snippet {
    /// Plain text.
    pub text: String,
    /// Ranges of `text` that match: first character and one behind the last, counted in Unicode characters.
    pub highlights: Vec<[usize; 2]>,
}

/// Searches `view`.
///
/// # Errors
/// If the query is too long or cannot be understood, or a parameter is wrong.
pub fn search<'a>(view: &'a View, ask: SearchAsk, filters: FilterAsk) -> Result<SearchAnswer<'a>, AskError> {
    let slice = Slice::new(view, ask.limit, ask.cursor.as_deref())?;
    let query = Query {
        text: within_limit(ask.q)?,
        filters: filters.filters()?,
        matching: matching(ask.matching.as_deref())?,
        offset: slice.offset,
        limit: slice.limit,
        n_sections: 3,
        facets: true,
        explain: ask.explain.unwrap_or(false),
        ..Query::default()
    };
    let hits = view.index.search(&view.corpus, &query).map_err(|error| match error {
        QueryError::Engine(cause) => AskError::internal(&cause),
        malformed => AskError::new(ErrorCode::InvalidQuery, malformed.to_string()),
    })?;
    Ok(SearchAnswer {
        items: hits.hits.into_iter().map(|hit| dress(view, hit)).collect(),
        total: hits.total,
        total_sections: hits.n_sections_total,
        next_cursor: slice.next_cursor(view, hits.total),
        generation: &view.generation,
        facets: hits.facets.into_iter().map(|(facet, counts)| (facet, counts.into_iter().collect())).collect(),
        relaxed: hits.relaxed,
        did_you_mean: hits.did_you_mean,
    })
}

/// `query`, if it is not too long.
///
/// # Errors
/// If it has more than [`limits::QUERY_CHARS`] characters.
pub fn within_limit(query: String) -> Result<String, AskError> {
    let n_chars = query.chars().count();
    if n_chars > limits::QUERY_CHARS {
        let max = limits::QUERY_CHARS;
        let detail = format!("the query has {n_chars} characters; the limit is {max}");
        return Err(AskError::new(ErrorCode::InvalidQuery, detail));
    }
    Ok(query)
}

fn matching(given: Option<&str>) -> Result<Matching, AskError> {
    match given {
        None | Some("auto") => Ok(Matching::Auto),
        Some("all") => Ok(Matching::All),
        Some("any") => Ok(Matching::Any),
        Some(other) => Err(AskError::invalid("match", format_args!("'{other}' is none of auto, all, any"))),
    }
}

fn dress(view: &View, hit: IndexHit) -> Hit<'_> {
    let page = view.corpus.page(hit.page);
    Hit {
        id: page.id(),
        kind: page.kind.as_str(),
        title: &page.title,
        url: &page.url,
        description: page.description.as_deref(),
        access: page.access.as_str(),
        score: hit.score,
        snippet: Snippet::from(hit.snippet),
        sections: hit.sections.into_iter().map(|section| dress_section(view, hit.page, section)).collect(),
        matched_via: hit.matched_via,
        explanation: hit.explanation,
    }
}

fn dress_section(view: &View, id: PageId, hit: SectionHit) -> HitSection<'_> {
    let page = view.corpus.page(id);
    let section = &page.sections[hit.section_idx];
    HitSection {
        id: section_id(page, &section.anchor),
        title: if section.title.is_empty() { &page.title } else { &section.title },
        anchor: &section.anchor,
        url: section_url(page, &section.anchor),
        locked: section.is_locked(),
        snippet: Snippet::from(hit.snippet),
    }
}

/// The id of a section: `slug#anchor` for a guide's, with the kind before it for a concept's.
pub fn section_id(page: &Page, anchor: &str) -> String {
    match page.kind {
        Kind::Guide => format!("{}#{anchor}", page.slug),
        Kind::Concept => format!("{}#{anchor}", page.id()),
    }
}

/// Where the site shows a section.
pub fn section_url(page: &Page, anchor: &str) -> String {
    if anchor.is_empty() { page.url.to_string() } else { format!("{}#{anchor}", page.url) }
}

impl From<IndexSnippet> for Snippet {
    fn from(snippet: IndexSnippet) -> Self {
        let highlights = snippet.highlights.into_iter().map(|(start, end)| [start, end]).collect();
        Self { text: snippet.text, highlights }
    }
}
