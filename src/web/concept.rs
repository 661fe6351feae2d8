//! `/concepts/{slug}`: what it is, what comes before it, what it opens, where to learn it.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use gradus_engine::questions::concept::{ConceptAnswer, ConceptQuestion, TaughtBy};
use gradus_engine::questions::page_parts::{PrerequisiteRef, SourceAnswer};
use gradus_engine::questions::prerequisites::{ConceptPrerequisitesQuestion, PrerequisitesAnswer, UnlocksQuestion};

use super::ask::{ask, render};
use super::frame::{Frame, NavPlace};
use super::lines::LinkLine;
use super::link;
use super::visit::Visit;
use crate::http::params::PathPairs;
use crate::http::problem::Fault;

/// A concept as a page.
#[derive(Template)]
#[template(path = "concept.html")]
struct ConceptPage<'a> {
    frame: Frame<'a>,
    concept: &'a ConceptAnswer<'a>,
    /// The host's own page of it, and the host.
    elsewhere: Option<(&'a str, &'a str)>,
    /// What it needs directly, and what only helps.
    before: Vec<LinkLine<'a>>,
    /// How many it requires directly and with all that they need, and the minutes of all.
    before_counts: (usize, usize, u32),
    /// What needs it directly.
    after: Vec<LinkLine<'a>>,
    /// How many need it directly and in all.
    after_counts: (usize, usize),
    /// Concepts that need it and that it needs.
    together: Vec<LinkLine<'a>>,
    lessons: Vec<Lesson<'a>>,
    relations: Vec<LinkLine<'a>>,
    sources: Vec<SourceLine<'a>>,
    /// The plan to it.
    plan: String,
}

/// A source as a page cites it.
pub(super) struct SourceLine<'a> {
    pub(super) title: &'a str,
    /// Where to read it, if that is an address of the web.
    pub(super) url: Option<&'a str>,
    pub(super) year: Option<i32>,
}

/// Where a concept is taught.
struct Lesson<'a> {
    line: LinkLine<'a>,
    /// The section that teaches it, where that is not the whole guide.
    section: Option<&'a str>,
}

/// The page of a concept; its own address where it was asked for by another name.
pub(super) async fn concept(visit: Visit, path: PathPairs) -> Response {
    let slug = path.0.into_iter().next().map(|(_, slug)| slug).unwrap_or_default();
    visit.pinned.answer_at_once(|_| page(&visit, &slug))
}

fn page(visit: &Visit, slug: &str) -> Result<Response, Fault> {
    let concept = ask::<ConceptQuestion>(visit, &[("id", &asked("concept", slug))])
        .or_else(|_| ask::<ConceptQuestion>(visit, &[("id", slug)]))?;
    let id: &str = &concept.page.id;
    if id.strip_prefix("concept:") != Some(slug) {
        return Ok(Redirect::permanent(&link::page(id)).into_response());
    }
    let closure = ask::<ConceptPrerequisitesQuestion>(visit, &[("id", id)])?;
    let opened = ask::<UnlocksQuestion>(visit, &[("id", id)])?;
    let helps = ask::<ConceptPrerequisitesQuestion>(visit, &[("id", id), ("depth", "1"), ("strength", "all")])?;
    let minutes = minutes_of(&[&closure, &opened, &helps]);
    let n_required = concept.prerequisites.iter().filter(|edge| &*edge.strength == "required").count();
    let frame = Frame::new(visit, NavPlace::Elsewhere).with_json(&format!("/v1{}", link::page(id)), &[]);
    let page = ConceptPage {
        elsewhere: link::host(&concept.page.url).map(|host| (&*concept.page.url, host)),
        before: edge_lines(&concept.prerequisites, &minutes),
        before_counts: (n_required, closure.items.len(), closure.items.iter().map(|item| item.minutes).sum()),
        after: edge_lines(&concept.unlocks, &minutes),
        after_counts: (concept.unlocks.len(), opened.items.len()),
        together: together(&closure, id),
        lessons: concept.taught_by.iter().map(lesson).collect(),
        relations: concept
            .relations
            .iter()
            .map(|one| LinkLine {
                label: Some(frame.w.relation_name(&one.relation)),
                note: one.reason.as_deref(),
                ..LinkLine::new(&one.page)
            })
            .collect(),
        sources: sources(&concept.sources),
        plan: link::query("/path", &[("target", id)]),
        concept: &concept,
        frame,
    };
    Ok(render(&page)?.into_response())
}

/// The sources of a page.
pub(super) fn sources<'a>(all: &'a [SourceAnswer<'_>]) -> Vec<SourceLine<'a>> {
    let line = |source: &'a SourceAnswer<'_>| SourceLine {
        title: &source.title,
        url: source.url.as_deref().filter(|url| link::host(url).is_some()),
        year: source.year,
    };
    all.iter().map(line).collect()
}

/// The full id that a slug stands for.
pub(super) fn asked(kind: &str, slug: &str) -> String {
    format!("{kind}:{slug}")
}

/// The other ends of edges, with the minutes that each takes.
fn edge_lines<'a>(edges: &'a [PrerequisiteRef<'_>], minutes: &BTreeMap<&str, u32>) -> Vec<LinkLine<'a>> {
    let all = edges.iter().map(LinkLine::of_edge);
    all.map(|line| LinkLine { minutes: minutes.get(line.id).copied(), ..line }).collect()
}

/// Minutes by full id.
fn minutes_of<'a>(answers: &[&'a PrerequisitesAnswer<'_>]) -> BTreeMap<&'a str, u32> {
    let items = answers.iter().flat_map(|answer| &answer.items);
    items.map(|item| (item.page.id.as_str(), item.minutes)).collect()
}

/// The others of the circle that a concept stands in.
fn together<'a>(closure: &'a PrerequisitesAnswer<'_>, id: &str) -> Vec<LinkLine<'a>> {
    let circle = closure.cycles.iter().find(|circle| circle.iter().any(|one| one == id));
    let is_in = |page: &str| page != id && circle.is_some_and(|circle| circle.iter().any(|one| one == page));
    closure.items.iter().filter(|item| is_in(&item.page.id)).map(|item| LinkLine::new(&item.page)).collect()
}

fn lesson<'a>(taught_by: &'a TaughtBy<'_>) -> Lesson<'a> {
    let line = LinkLine::new(&taught_by.page);
    match &taught_by.section {
        Some(section) if *section.title != *taught_by.page.title => {
            Lesson { line: LinkLine { href: link::section("guide", &section.id), ..line }, section: Some(&section.title) }
        }
        _ => Lesson { line, section: None },
    }
}
