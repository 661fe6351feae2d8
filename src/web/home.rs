//! `/`: search, where to start, where to get, and what there is.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use gradus_engine::questions::next::{NextItem, NextQuestion};
use gradus_engine::questions::page_list::{GuidesQuestion, PageItem};
use gradus_engine::questions::search::SearchQuestion;
use gradus_engine::questions::topics::{TopicItem, TopicsQuestion};

use super::accept;
use super::ask::{ask, render};
use super::frame::{NavPlace, PageFrame};
use super::goals::Goals;
use super::lines::LinkLine;
use super::link;
use super::map;
use super::markdown::{self, LLMS, MARKDOWN};
use super::visit::PageVisit;
use crate::http::problem::Fault;

/// The start page.
#[derive(Template)]
#[template(path = "home.html")]
struct HomePage<'a> {
    frame: PageFrame<'a>,
    is_empty: bool,
    starts: Vec<StartLine<'a>>,
    /// What is said of them.
    start_note: &'static str,
    goals: Vec<LinkLine<'a>>,
    /// Shelves with the address of what stands on them and how much that is.
    shelves: Vec<(String, String, u64)>,
    /// Guides, where they are not what to start with.
    guides: Vec<LinkLine<'a>>,
    /// Whether the guides say when they were changed, and stand in that order.
    is_dated: bool,
}

/// A concept that needs nothing before it.
struct StartLine<'a> {
    line: LinkLine<'a>,
    n_unlocks: usize,
}

/// Lines of each list.
const LINES: &str = "6";
/// The same, where a longer list is cut here.
const STARTS: usize = 6;
/// Topics where they stand for shelves.
const TOPICS: &str = "12";

/// The start page.
pub(super) async fn home(visit: PageVisit, headers: HeaderMap) -> Response {
    if accept::is_markdown(&headers) {
        return markdown::index(visit, &headers, MARKDOWN).await;
    }
    let pinned = visit.pinned.clone();
    pinned.answer(move |_| page(&visit)).await
}

fn page(visit: &PageVisit) -> Result<Response, Fault> {
    let frame = PageFrame::new(visit, NavPlace::Elsewhere).of::<NextQuestion>(&[]).with_markdown(LLMS.to_owned());
    let has_concepts = frame.has_concepts();
    let next = has_concepts.then(|| ask::<NextQuestion>(visit, &[("limit", LINES)])).transpose()?;
    let goals = Goals::of(visit)?;
    let in_order = || ask::<GuidesQuestion>(visit, &[("limit", "100"), ("sort", "order")]);
    let first = (!has_concepts).then(in_order).transpose()?;
    let found = ask::<SearchQuestion>(visit, &[("limit", "1")])?;
    let guides = ask::<GuidesQuestion>(visit, &[("limit", LINES), ("sort", "updated")])?;
    let mut shelves: Vec<(String, String, u64)> = found
        .facets
        .get("category")
        .into_iter()
        .flatten()
        .map(|(shelf, count)| (shelf.clone(), link::query("/search", &[("category", shelf)]), *count))
        .collect();
    shelves.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.0.cmp(&b.0)));
    if shelves.is_empty() {
        shelves = topics(visit)?;
    }
    let is_dated = guides.items.iter().any(|guide| guide.page.updated.is_some());
    let page = HomePage {
        is_empty: frame.counts == Some((0, 0)),
        starts: next
            .iter()
            .flat_map(|next| next.items.iter().map(start))
            .chain(first.iter().flat_map(|first| first_guides(&first.items)))
            .collect(),
        start_note: if has_concepts { frame.w.start_note } else { frame.w.order_note },
        goals: goals.lines(),
        shelves,
        guides: guides.items.iter().filter(|_| has_concepts || is_dated).map(line).collect(),
        is_dated,
        frame,
    };
    Ok(markdown::told(render(&page)?.into_response(), LLMS))
}

/// Topics as shelves, for sites that sort their pages into none.
fn topics(visit: &PageVisit) -> Result<Vec<(String, String, u64)>, Fault> {
    let topics = ask::<TopicsQuestion>(visit, &[("limit", TOPICS)])?;
    let shelf = |(topic, name): (&TopicItem<'_>, String)| (name, format!("/map#{}", topic.id), topic.size as u64);
    Ok(topics.items.iter().zip(map::names(&topics.items)).map(shelf).collect())
}

/// What to start with of `guides`, which stand in the order of the site. Where only some have a date they are news, and the
/// others what stays.
fn first_guides<'a>(guides: &'a [PageItem<'_>]) -> Vec<StartLine<'a>> {
    let has_undated = guides.iter().any(|guide| guide.page.updated.is_none());
    let stays = guides.iter().filter(|guide| !has_undated || guide.page.updated.is_none());
    stays.take(STARTS).map(|guide| StartLine { line: line(guide), n_unlocks: 0 }).collect()
}

fn line<'a>(guide: &'a PageItem<'_>) -> LinkLine<'a> {
    LinkLine { note: guide.page.card.description.as_deref(), ..LinkLine::new(&guide.page.card) }
}

fn start<'a>(item: &'a NextItem<'_>) -> StartLine<'a> {
    StartLine { line: LinkLine::new(&item.page), n_unlocks: item.unlocks_count }
}
