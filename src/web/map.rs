//! `/map`: what belongs together, as a table of topics.

use askama::Template;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use gradus_engine::questions::topics::{TopicItem, TopicsQuestion};

use super::ask::{Given, ask, render};
use super::frame::{NavPlace, PageFrame};
use super::lines::LinkLine;
use super::link;
use super::visit::PageVisit;
use crate::http::problem::Fault;

/// Topics of a page: a corpus of many thousand pages has some dozens.
const TOPICS: &str = "100";
/// Concepts and near topics that a row names.
const NAMED: usize = 5;

/// The topics as a page.
#[derive(Template)]
#[template(path = "map.html")]
struct MapPage<'a> {
    frame: PageFrame<'a>,
    topics: Vec<TopicRow<'a>>,
    /// How many concepts are in no topic.
    alone: usize,
    /// Whether the corpus is too large for topics.
    skipped: bool,
    columns: [MapColumn; 3],
}

/// A column to sort by.
struct MapColumn {
    title: &'static str,
    href: String,
    is_sorted: bool,
}

/// A topic as a row.
struct TopicRow<'a> {
    title: &'a str,
    /// What the row can be led to by.
    anchor: &'a str,
    size: usize,
    minutes: u32,
    central: Vec<LinkLine<'a>>,
    /// Other topics with their titles and anchors.
    near: Vec<(&'a str, String)>,
}

/// The page of all topics.
pub(super) async fn map(visit: PageVisit, uri: Uri) -> Response {
    let pinned = visit.pinned.clone();
    pinned.answer(move |_| page(&visit, &uri)).await
}

fn page(visit: &PageVisit, uri: &Uri) -> Result<Response, Fault> {
    let given = Given::new(uri, &["sort"])?;
    let frame = PageFrame::new(visit, NavPlace::Map).of::<TopicsQuestion>(&[]);
    let answer = ask::<TopicsQuestion>(visit, &[("limit", TOPICS)])?;
    let mut topics: Vec<TopicRow<'_>> = answer.items.iter().map(row).collect();
    let sort = match given.get("sort") {
        "title" => {
            topics.sort_by_cached_key(|topic| topic.title.to_lowercase());
            "title"
        }
        "minutes" => {
            topics.sort_by_key(|topic| std::cmp::Reverse(topic.minutes));
            "minutes"
        }
        // As they are answered: largest first.
        _ => "size",
    };
    let w = frame.w;
    let column =
        |title, name: &str| MapColumn { title, href: link::query("/map", &[("sort", name)]), is_sorted: sort == name };
    let columns = [column(w.topic, "title"), column(w.concepts, "size"), column(w.time_total, "minutes")];
    let page = MapPage { topics, alone: answer.alone, skipped: answer.skipped, columns, frame };
    Ok(render(&page)?.into_response())
}

fn row<'a>(topic: &'a TopicItem<'_>) -> TopicRow<'a> {
    TopicRow {
        title: &topic.title,
        anchor: &topic.id,
        size: topic.size,
        minutes: topic.minutes,
        central: topic.central.iter().take(NAMED).map(LinkLine::of_ref).collect(),
        near: topic.near.iter().take(3).map(|near| (near.title.as_str(), format!("#{}", near.id))).collect(),
    }
}
