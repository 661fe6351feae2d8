//! `/`: search, where to start, where to get, and what there is.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use gradus_engine::questions::next::{NextItem, NextQuestion};
use gradus_engine::questions::page_list::GuidesQuestion;
use gradus_engine::questions::search::SearchQuestion;
use gradus_engine::questions::topics::TopicsQuestion;

use super::accept;
use super::ask::{ask, render};
use super::frame::{NavPlace, PageFrame};
use super::lines::LinkLine;
use super::link;
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
    goals: Vec<LinkLine<'a>>,
    /// Shelves with the address of what stands on them and how much that is.
    shelves: Vec<(String, String, u64)>,
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
    let next = ask::<NextQuestion>(visit, &[("limit", LINES)])?;
    let topics = ask::<TopicsQuestion>(visit, &[("limit", "8")])?;
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
    let goals = topics.items.iter().filter_map(|topic| topic.central.first()).take(6);
    let page = HomePage {
        is_empty: frame.counts == Some((0, 0)),
        starts: next.items.iter().map(start).collect(),
        goals: goals.map(|one| LinkLine::of_ref(one).into_plan()).collect(),
        shelves,
        is_dated: guides.items.iter().any(|guide| guide.page.updated.is_some()),
        guides: guides
            .items
            .iter()
            .map(|guide| LinkLine { note: guide.page.card.description.as_deref(), ..LinkLine::new(&guide.page.card) })
            .collect(),
        frame,
    };
    Ok(markdown::told(render(&page)?.into_response(), LLMS))
}

fn start<'a>(item: &'a NextItem<'_>) -> StartLine<'a> {
    StartLine { line: LinkLine::new(&item.page), n_unlocks: item.unlocks_count }
}
