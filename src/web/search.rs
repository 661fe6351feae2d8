//! `/search`: what is found, where in it, and how to narrow it down.

use askama::Template;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use gradus_engine::questions::prerequisites::ConceptPrerequisitesQuestion;
use gradus_engine::questions::refusal::QuestionError;
use gradus_engine::questions::search::{ConceptBrief, Passage, SearchAnswer, SearchHit, SearchQuestion};

use super::ask::{Given, ask, render};
use super::frame::{NavPlace, PageFrame};
use super::lines::LinkLine;
use super::link;
use super::steps::{StepLesson, lesson};
use super::visit::PageVisit;
use crate::http::problem::Fault;

/// The parameters of the page.
const FIELDS: [&str; 9] = ["q", "kind", "category", "level", "access", "lang", "tag", "track", "cursor"];
/// Hits of a page.
const HITS: &str = "12";
/// Values that one facet shows.
const FACET_VALUES: usize = 8;

/// Hits as a page.
#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage<'a> {
    frame: PageFrame<'a>,
    q: &'a str,
    /// Filters that are set, to be sent with the next query.
    filters: Vec<(&'a str, &'a str)>,
    /// What is wrong with the query.
    refused: Option<String>,
    status: String,
    /// The concept that the query names.
    brief: Option<BriefView<'a>>,
    hits: Vec<HitView<'a>>,
    facets: Vec<FacetView>,
    did_you_mean: Option<(String, String)>,
    next: Option<String>,
    is_empty: bool,
}

/// A hit, ready to be shown.
struct HitView<'a> {
    line: LinkLine<'a>,
    category: Option<&'a str>,
    level: Option<&'a str>,
    minutes: u32,
    /// Another name of it that the query named.
    via: Option<&'a str>,
    /// Its description, with what matched in it.
    description: Vec<PassageRun>,
    /// Another passage, where the description does not show why it was found.
    passage: Vec<PassageRun>,
    sections: Vec<SectionView<'a>>,
    /// Full ids of what it needs directly, with commas; `None` of a guide.
    needs: Option<String>,
    n_needs: usize,
}

/// The concept that a query names: what it is, what it needs, where to learn it.
struct BriefView<'a> {
    line: LinkLine<'a>,
    category: Option<&'a str>,
    level: Option<&'a str>,
    minutes: u32,
    description: Option<&'a str>,
    needs: Vec<LinkLine<'a>>,
    /// How many it needs in all, and the minutes of all.
    needs_all: (usize, Option<u32>),
    lesson: Option<StepLesson<'a>>,
    unlocks: Vec<LinkLine<'a>>,
    n_unlocks: usize,
    plan: String,
}

/// A section that was found.
struct SectionView<'a> {
    href: String,
    title: &'a str,
    is_locked: bool,
    passage: Vec<PassageRun>,
}

/// A piece of a passage.
struct PassageRun {
    text: String,
    is_match: bool,
}

/// Ways to narrow down what was found.
struct FacetView {
    title: &'static str,
    values: Vec<FacetValue>,
}

/// A value of a facet.
struct FacetValue {
    label: String,
    count: u64,
    href: String,
    is_set: bool,
}

/// The page of a query, or of everything.
pub(super) async fn search(visit: PageVisit, uri: Uri) -> Response {
    let pinned = visit.pinned.clone();
    // A query costs what the question of search says it costs; pages have no way to ask that, so long ones go where they may
    // take long.
    if uri.query().is_none_or(|query| query.len() <= 200) {
        return pinned.answer_at_once(|_| page(&visit, &uri)).await;
    }
    pinned.answer(move |_| page(&visit, &uri)).await
}

fn page(visit: &PageVisit, uri: &Uri) -> Result<Response, Fault> {
    let given = Given::new(uri, &FIELDS)?;
    let pairs = given.pairs();
    let asked: Vec<_> = pairs.iter().copied().chain([("limit", HITS)]).collect();
    let frame = PageFrame::new(visit, NavPlace::Search).of::<SearchQuestion>(&pairs);
    let q = given.get("q");
    let filters = pairs.iter().copied().filter(|(name, _)| !["q", "cursor"].contains(name)).collect();
    let answer = match ask::<SearchQuestion>(visit, &asked) {
        Ok(answer) => answer,
        Err(QuestionError::Refusal(refusal)) => {
            let page = SearchPage {
                frame,
                q,
                filters,
                refused: Some(refusal.detail),
                status: String::new(),
                brief: None,
                hits: Vec::new(),
                facets: Vec::new(),
                did_you_mean: None,
                next: None,
                is_empty: false,
            };
            return Ok((StatusCode::BAD_REQUEST, render(&page)?).into_response());
        }
        Err(failure) => return Err(failure.into()),
    };
    if !q.is_empty() && given.get("cursor").is_empty() {
        visit.pinned.tally(q, answer.total);
    }
    let with = |name: &str, value: &str| {
        let others = pairs.iter().copied().filter(|(given, _)| *given != name && *given != "cursor");
        link::query("/search", &others.chain([(name, value)]).collect::<Vec<_>>())
    };
    let brief = answer.answer.as_ref().map(|brief| brief_view(&frame, brief));
    // The concept that the query names stands above, and not once more below.
    let is_shown = |hit: &&SearchHit<'_>| answer.answer.as_ref().is_none_or(|brief| brief.page.id != hit.page.id);
    let hits = answer.items.iter().filter(is_shown);
    let page = SearchPage {
        q,
        filters,
        refused: None,
        status: status(&frame, q, &answer),
        hits: hits.map(|hit| hit_view(visit, hit)).collect::<Result<_, _>>()?,
        brief,
        facets: facets(&frame, &answer, &pairs),
        did_you_mean: answer.did_you_mean.as_ref().map(|meant| (meant.clone(), with("q", meant))),
        next: answer.next_cursor.as_ref().map(|cursor| with("cursor", cursor)),
        is_empty: answer.items.is_empty(),
        frame,
    };
    Ok(render(&page)?.into_response())
}

/// What was found, in one line.
fn status(frame: &PageFrame<'_>, q: &str, answer: &SearchAnswer<'_>) -> String {
    let w = frame.w;
    match answer.total {
        0 => w.none_found.of(q),
        _ if answer.relaxed => w.relaxed.to_owned(),
        total if q.is_empty() => w.browse.of(total),
        total => w.found.of(total),
    }
}

fn brief_view<'a>(frame: &PageFrame<'_>, brief: &'a ConceptBrief<'_>) -> BriefView<'a> {
    let card = &brief.page;
    BriefView {
        line: LinkLine::new(card),
        category: card.category.as_deref(),
        level: card.level.as_deref(),
        minutes: card.minutes,
        description: card.description.as_deref(),
        needs: brief.prerequisites.items.iter().map(LinkLine::new).collect(),
        needs_all: (brief.prerequisites.total, brief.prerequisites.minutes),
        lesson: lesson(frame.w, &brief.material),
        unlocks: brief.unlocks.items.iter().map(LinkLine::new).collect(),
        n_unlocks: brief.unlocks.total,
        plan: link::query("/path", &[("target", &card.id)]),
    }
}

fn hit_view<'a>(visit: &'a PageVisit, hit: &'a SearchHit<'a>) -> Result<HitView<'a>, QuestionError> {
    let card = &hit.page;
    let needs = match &*card.kind {
        "guide" => None,
        _ => Some(ask::<ConceptPrerequisitesQuestion>(visit, &[("id", &card.id), ("depth", "1")])?),
    };
    let needs: Option<Vec<String>> = needs.map(|closure| closure.items.into_iter().map(|item| item.page.id).collect());
    let description = card.description.as_deref().unwrap_or_default();
    let is_description = hit.snippet.text.trim() == description.trim();
    let is_told = [&*card.title, description, hit.matched_via.as_deref().unwrap_or_default()];
    let sections = hit.sections.iter().filter(|section| *section.section.title != *card.title);
    let is_below = sections.clone().any(|section| section.snippet.text == hit.snippet.text);
    let says_more = !is_below && !is_told.iter().any(|told| told.contains(hit.snippet.text.trim()));
    Ok(HitView {
        line: LinkLine::new(card),
        category: card.category.as_deref(),
        level: card.level.as_deref(),
        minutes: card.minutes,
        via: hit.matched_via.as_deref(),
        description: if is_description { runs(&hit.snippet) } else { plain(description) },
        passage: if says_more { runs(&hit.snippet) } else { Vec::new() },
        sections: sections
            .map(|section| SectionView {
                href: link::section(&card.kind, &section.section.id),
                title: &section.section.title,
                is_locked: section.section.locked,
                passage: if section.section.locked { Vec::new() } else { runs(&section.snippet) },
            })
            .collect(),
        n_needs: needs.as_ref().map_or(0, Vec::len),
        needs: needs.map(|ids| ids.join(",")),
    })
}

fn plain(text: &str) -> Vec<PassageRun> {
    if text.is_empty() { Vec::new() } else { vec![PassageRun { text: text.to_owned(), is_match: false }] }
}

/// The pieces of a passage. Its highlights are counted in characters.
fn runs(passage: &Passage) -> Vec<PassageRun> {
    let chars: Vec<char> = passage.text.chars().collect();
    let piece = |from: usize, to: usize| chars.get(from..to).map(|chars| chars.iter().collect()).unwrap_or_default();
    let mut runs = Vec::new();
    let mut at = 0;
    for [from, to] in &passage.highlights {
        runs.push(PassageRun { text: piece(at, *from), is_match: false });
        runs.push(PassageRun { text: piece(*from, *to), is_match: true });
        at = *to;
    }
    runs.push(PassageRun { text: piece(at, chars.len()), is_match: false });
    let cut = |is_cut: bool| is_cut.then(|| PassageRun { text: "…".to_owned(), is_match: false });
    let mut runs: Vec<PassageRun> =
        cut(passage.cut_start).into_iter().chain(runs).chain(cut(passage.cut_end)).collect();
    runs.retain(|run| !run.text.is_empty());
    runs
}

/// The facets that divide what was found, each value a link.
fn facets(frame: &PageFrame<'_>, answer: &SearchAnswer<'_>, pairs: &[(&str, &str)]) -> Vec<FacetView> {
    let w = frame.w;
    let shown =
        [("kind", w.kind), ("category", w.topic), ("level", w.level), ("access", w.access), ("lang", w.language)];
    let facet = |(name, title): (&'static str, &'static str)| {
        let set = pairs.iter().find(|(given, _)| *given == name).map(|(_, value)| *value);
        let counts = answer.facets.get(name)?;
        let mut counts: Vec<(&String, u64)> = counts.iter().map(|(value, count)| (value, *count)).collect();
        counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        let value = |(value, count): (&String, u64)| {
            let is_set = set == Some(value);
            let others = pairs.iter().copied().filter(|(given, _)| *given != name && *given != "cursor");
            let own = (!is_set).then_some((name, value.as_str()));
            let href = link::query("/search", &others.chain(own).collect::<Vec<_>>());
            FacetValue { label: label(frame, name, value), count, href, is_set }
        };
        let values: Vec<FacetValue> = counts.into_iter().take(FACET_VALUES).map(value).collect();
        (values.len() > 1 || set.is_some()).then_some(FacetView { title, values })
    };
    shown.into_iter().filter_map(facet).collect()
}

/// A value of a facet as readers call it.
fn label(frame: &PageFrame<'_>, facet: &str, value: &str) -> String {
    let w = frame.w;
    let named = match (facet, value) {
        ("kind", "concept") => w.concept,
        ("kind", "guide") => w.guide,
        ("access", "free") => w.free,
        ("access", "pro") => w.pro,
        ("level", level) => w.level_name(level),
        (_, other) => other,
    };
    let mut chars = named.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
