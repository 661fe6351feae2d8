//! `/map`: what belongs together, as a table of topics.

use askama::Template;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use gradus_engine::questions::topics::{TopicItem, TopicsQuestion};

use super::ask::{Given, ask, render};
use super::frame::{NavPlace, PageFrame};
use super::lines::LinkLine;
use super::link;
use super::picture;
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
    /// The topics as a picture, as SVG.
    picture: Option<String>,
}

/// A column to sort by.
struct MapColumn {
    title: &'static str,
    href: String,
    is_sorted: bool,
}

/// A topic as a row.
struct TopicRow<'a> {
    /// Its most central page, under the name that it has here.
    name: (String, String),
    /// What the row can be led to by.
    anchor: &'a str,
    size: usize,
    minutes: u32,
    /// Its next central pages.
    central: Vec<LinkLine<'a>>,
    /// Other topics with what they are called here and their anchors.
    near: Vec<(String, String)>,
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
    let names = names(&answer.items);
    let mut topics: Vec<TopicRow<'_>> = {
        let rows = answer.items.iter().zip(&names);
        rows.filter_map(|(topic, name)| row(topic, name, &answer.items, &names)).collect()
    };
    let sort = match given.get("sort") {
        "title" => {
            topics.sort_by_cached_key(|topic| topic.name.0.to_lowercase());
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
    let sizes = if frame.has_concepts() { w.concepts } else { w.guides };
    let columns = [column(w.topic, "title"), column(sizes, "size"), column(w.time_total, "minutes")];
    let picture = picture::of_topics(w, &answer.items, &names);
    let page = MapPage { topics, alone: answer.alone, skipped: answer.skipped, columns, picture, frame };
    Ok(render(&page)?.into_response())
}

fn row<'a>(topic: &'a TopicItem<'_>, name: &str, all: &[TopicItem<'_>], names: &[String]) -> Option<TopicRow<'a>> {
    let mut pages = topic.central.iter().take(NAMED).map(LinkLine::of_ref);
    let near = topic.near.iter().filter_map(|near| {
        let at = all.iter().position(|other| other.id == near.id)?;
        Some((names[at].clone(), format!("#{}", near.id)))
    });
    Some(TopicRow {
        name: (name.to_owned(), pages.next()?.href),
        anchor: &topic.id,
        size: topic.size,
        minutes: topic.minutes,
        central: pages.collect(),
        near: near.take(3).collect(),
    })
}

/// What each of `topics` is called where it stands beside the others: its most central page, and the folder that tells it from
/// those whose central pages are called alike.
pub(super) fn names(topics: &[TopicItem<'_>]) -> Vec<String> {
    let title = |topic: &TopicItem<'_>| topic.central.first().map(|page| page.title.to_string()).unwrap_or_default();
    let path = |topic: &TopicItem<'_>| topic.id.split(['~', '/']).map(str::to_owned).collect::<Vec<_>>();
    let name = |topic: &TopicItem<'_>| {
        let (own_title, own) = (title(topic), path(topic));
        let others = topics.iter().filter(|other| other.id != topic.id && title(other) == own_title).map(path);
        let apart = others.map(|other| own.iter().zip(&other).take_while(|(a, b)| a == b).count()).max();
        match apart.and_then(|apart| own.get(apart)) {
            Some(folder) => format!("{own_title} ({folder})"),
            None => own_title,
        }
    };
    topics.iter().map(name).collect()
}
