//! `/concepts/{slug}`: what it is, what comes before it, what it opens, where to learn it.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use gradus_engine::questions::concept::{ConceptAnswer, ConceptQuestion, TaughtBy};
use gradus_engine::questions::graph::GraphQuestion;
use gradus_engine::questions::page_parts::SourceAnswer;
use gradus_engine::questions::prerequisites::{ConceptPrerequisitesQuestion, PrerequisitesAnswer, UnlocksQuestion};
use gradus_engine::questions::question::Question;
use gradus_engine::questions::reference::by_id;

use super::ask::{ask, render};
use super::authored;
use super::frame::{NavPlace, PageFrame};
use super::inference::{End, Inference, inferred};
use super::lines::LinkLine;
use super::link;
use super::markdown;
use super::picture;
use super::visit::PageVisit;
use crate::http::params::PathPairs;
use crate::http::problem::Fault;

/// A concept as a page.
#[derive(Template)]
#[template(path = "concept.html")]
struct ConceptPage<'a> {
    frame: PageFrame<'a>,
    concept: &'a ConceptAnswer<'a>,
    /// The id of its title, empty where it has none.
    title_anchor: &'a str,
    /// Its text, as HTML.
    text: String,
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
    lessons: Vec<TaughtLine<'a>>,
    relations: Vec<LinkLine<'a>>,
    sources: Vec<SourceLine<'a>>,
    /// The plan to it.
    plan: String,
    /// It between what it needs and what it opens, as SVG.
    picture: Option<String>,
    /// The same in other forms: name and address.
    forms: Vec<(&'static str, String)>,
}

impl ConceptPage<'_> {
    /// Whether its picture holds edges that can be skipped.
    fn has_optional(&self) -> bool {
        self.before.iter().chain(&self.after).any(|line| line.is_optional)
    }

    /// Whether nobody has declared some of what comes before it.
    fn has_inferred_before(&self) -> bool {
        self.before.iter().any(|line| line.inferred.is_some())
    }

    /// Whether it holds edges that nobody has declared.
    fn has_inferred(&self) -> bool {
        self.before.iter().chain(&self.after).any(|line| line.inferred.is_some())
    }
}

/// A source as a page cites it.
pub(super) struct SourceLine<'a> {
    pub(super) title: &'a str,
    /// Where to read it, if that is an address of the web.
    pub(super) url: Option<&'a str>,
    pub(super) year: Option<i32>,
}

/// Where a concept is taught.
struct TaughtLine<'a> {
    line: LinkLine<'a>,
    /// The section that teaches it, where that is not the whole guide.
    section: Option<&'a str>,
}

/// The page of a concept; its own address where it was asked for by another name.
pub(super) async fn concept(visit: PageVisit, path: PathPairs, headers: HeaderMap) -> Response {
    let slug = path.0.into_iter().next().map(|(_, slug)| slug).unwrap_or_default();
    let pinned = visit.pinned.clone();
    let is_ready = Inference::of(&visit).is_ready(&visit);
    let answer = move || markdown::asked(&visit, &headers, "concept", &slug).unwrap_or_else(|| page(&visit, &slug));
    if is_ready { pinned.answer_at_once(|_| answer()).await } else { pinned.answer(move |_| answer()).await }
}

fn page(visit: &PageVisit, slug: &str) -> Result<Response, Fault> {
    let concept = ask::<ConceptQuestion>(visit, &[("id", &asked("concept", slug))])
        .or_else(|_| ask::<ConceptQuestion>(visit, &[("id", slug)]))?;
    let card = &concept.page.card;
    let id: &str = &card.id;
    if id.strip_prefix("concept:") != Some(slug) {
        return Ok(Redirect::permanent(&link::page(id)).into_response());
    }
    let inference = Inference::of(visit);
    let asked = [("id", id), ("include", inference.value())];
    let closure = ask::<ConceptPrerequisitesQuestion>(visit, &asked)?;
    let opened = ask::<UnlocksQuestion>(visit, &asked)?;
    let ties = &concept.ties;
    let mut before: Vec<LinkLine<'_>> = ties.prerequisites.iter().map(LinkLine::of_edge).collect();
    before.extend(inferred(&closure, End::From));
    let mut after: Vec<LinkLine<'_>> = ties.unlocks.iter().map(LinkLine::of_edge).collect();
    after.extend(inferred(&opened, End::To));
    let n_direct = |lines: &[LinkLine<'_>]| lines.iter().filter(|line| !line.is_optional).count();
    let summed = closure.items.iter().map(|item| item.minutes).sum();
    let frame = PageFrame::new(visit, NavPlace::Elsewhere)
        .of::<ConceptQuestion>(&[("id", slug)])
        .with_markdown(markdown::address(id));
    let page = ConceptPage {
        title_anchor: title_anchor(visit, id),
        text: authored::shown(&concept.body_html),
        elsewhere: link::host(&card.url).map(|host| (&*card.url, host)),
        before_counts: (n_direct(&before), closure.items.len(), closure.minutes_total.unwrap_or(summed)),
        after_counts: (n_direct(&after), opened.items.len()),
        together: together(&closure, id),
        lessons: concept.parts.taught_by.iter().map(lesson).collect(),
        relations: concept
            .parts
            .relations
            .iter()
            .map(|one| LinkLine {
                label: Some(frame.w.relation_name(&one.relation)),
                note: one.reason.as_deref(),
                ..LinkLine::new(&one.page)
            })
            .collect(),
        sources: sources(&ties.sources),
        plan: link::plan(id, inference.of_plan()),
        picture: picture::around(frame.w, card, &before, &after),
        forms: [("SVG", "svg"), ("Mermaid", "mermaid"), ("DOT", "dot")]
            .map(|(name, form)| (name, form_of(id, form)))
            .into(),
        before,
        after,
        concept: &concept,
        frame,
    };
    Ok(markdown::told(render(&page)?.into_response(), &markdown::address(id)))
}

/// The neighbourhood of a page in another form.
fn form_of(id: &str, form: &str) -> String {
    link::answer(GraphQuestion::PATH, &[("center", id), ("format", form)])
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

/// The id that links within a site know the title of a page by; empty where it has none.
pub(super) fn title_anchor<'a>(visit: &'a PageVisit, id: &str) -> &'a str {
    by_id(visit.view(), id).map_or("", |page| &visit.view().corpus.page(page).title_anchor)
}

/// The others of the circle that a concept stands in.
fn together<'a>(closure: &'a PrerequisitesAnswer<'_>, id: &str) -> Vec<LinkLine<'a>> {
    let circle = closure.cycles.iter().find(|circle| circle.iter().any(|one| one == id));
    let is_in = |page: &str| page != id && circle.is_some_and(|circle| circle.iter().any(|one| one == page));
    closure.items.iter().filter(|item| is_in(&item.page.id)).map(LinkLine::of_item).collect()
}

fn lesson<'a>(taught_by: &'a TaughtBy<'_>) -> TaughtLine<'a> {
    let line = LinkLine::new(&taught_by.page);
    match &taught_by.section {
        Some(section) if *section.title != *taught_by.page.title => TaughtLine {
            line: LinkLine { href: link::section("guide", &section.id), ..line },
            section: Some(&section.title),
        },
        _ => TaughtLine { line, section: None },
    }
}
