//! `/guides/{slug}`: the text as far as its viewer may read it, what it takes, a quiz that checks itself, and where to go on.

use askama::Template;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use gradus_engine::questions::exercises::ExercisesQuestion;
use gradus_engine::questions::guide::{GuideAnswer, GuideQuestion, GuideSection};
use gradus_engine::questions::prerequisites::GuidePrerequisitesQuestion;
use gradus_engine::questions::related::{GuideRelatedQuestion, RelatedItem};

use super::ask::{ask, render};
use super::authored;
use super::concept::{SourceLine, asked, sources, title_anchor};
use super::frame::{NavPlace, PageFrame};
use super::inference::{End, INCLUDE, Inference, inferred};
use super::lines::LinkLine;
use super::link;
use super::markdown;
use super::quiz::{Drill, drills, given};
use super::visit::PageVisit;
use crate::http::params::PathPairs;
use crate::http::problem::Fault;

/// Related guides that a page shows.
const RELATED: &str = "9";

/// A guide as a page.
#[derive(Template)]
#[template(path = "guide.html")]
struct GuidePage<'a> {
    frame: PageFrame<'a>,
    guide: &'a GuideAnswer<'a>,
    /// The host's own page of it, and the host.
    elsewhere: Option<(&'a str, &'a str)>,
    /// A plan for what it needs, and itself.
    plan: String,
    /// The id of its title, empty where it has none.
    title_anchor: &'a str,
    parts: Vec<GuidePart<'a>>,
    /// Whether its text begins with its summary, which then is not told twice.
    is_told_below: bool,
    /// Whether anything stands in its contents.
    has_contents: bool,
    needs: Vec<LinkLine<'a>>,
    /// Full ids of what it needs, with commas.
    needs_ids: String,
    teaches: Vec<LinkLine<'a>>,
    companion: Vec<LinkLine<'a>>,
    sources: Vec<SourceLine<'a>>,
    quiz: Vec<Drill<'a>>,
    interview: Vec<Drill<'a>>,
    related: Vec<RelatedGroup<'a>>,
    is_fallback: bool,
}

impl GuidePage<'_> {
    /// Whether nobody has declared some of what it needs.
    fn has_inferred(&self) -> bool {
        self.needs.iter().any(|line| line.inferred.is_some())
    }
}

/// A section as its page shows it.
struct GuidePart<'a> {
    section: &'a GuideSection<'a>,
    /// Its text, as HTML; empty where it is locked.
    text: String,
    /// Level of its heading here, 2 to 4; 0 where it has none.
    heading: u8,
    /// Whether what the viewer may not read begins with it: before it where it is locked whole, else behind its preview.
    is_first_locked: bool,
}

/// Guides to read before, beside or after.
struct RelatedGroup<'a> {
    title: &'static str,
    name: &'static str,
    lines: Vec<LinkLine<'a>>,
}

/// The page of a guide; its own address where it was asked for by another name.
pub(super) async fn guide(visit: PageVisit, path: PathPairs, headers: HeaderMap, uri: Uri) -> Response {
    let slug = path.0.into_iter().next().map(|(_, slug)| slug).unwrap_or_default();
    let pinned = visit.pinned.clone();
    let is_ready = Inference::of(&visit).is_ready(&visit);
    let answer = move || markdown::asked(&visit, &headers, "guide", &slug).unwrap_or_else(|| page(&visit, &slug, &uri));
    if is_ready { pinned.answer_at_once(|_| answer()).await } else { pinned.answer(move |_| answer()).await }
}

fn page(visit: &PageVisit, slug: &str, uri: &Uri) -> Result<Response, Fault> {
    let guide = ask::<GuideQuestion>(visit, &[("id", &asked("guide", slug))])
        .or_else(|_| ask::<GuideQuestion>(visit, &[("id", slug)]))?;
    let card = &guide.page.card;
    let id: &str = &card.id;
    if id.strip_prefix("guide:") != Some(slug) {
        return Ok(Redirect::permanent(&link::page(id)).into_response());
    }
    let exercises = ask::<ExercisesQuestion>(visit, &[("id", id)])?;
    let related = ask::<GuideRelatedQuestion>(visit, &[("id", id), ("limit", RELATED)])?;
    let answers = given(uri)?;
    let frame = PageFrame::new(visit, NavPlace::Elsewhere)
        .of::<GuideQuestion>(&[("id", slug)])
        .with_markdown(markdown::address(id));
    let inference = Inference::of(visit);
    let closure = inference
        .is_shown()
        .then(|| ask::<GuidePrerequisitesQuestion>(visit, &[("id", id), ("depth", "1"), INCLUDE]))
        .transpose()?;
    let mut needs: Vec<LinkLine<'_>> = guide.ties.prerequisites.iter().map(LinkLine::of_edge).collect();
    needs.extend(closure.iter().flat_map(|closure| inferred(closure, End::From)));
    let parts = parts(&guide);
    let (quiz, interview) =
        (drills(&exercises.items, "quiz", &answers), drills(&exercises.items, "interview", &answers));
    let page = GuidePage {
        is_told_below: begins_with(parts.first(), card.description.as_deref()),
        has_contents: !quiz.is_empty() || !interview.is_empty() || parts.iter().any(|part| part.heading == 2),
        elsewhere: link::host(&card.url).map(|host| (&*card.url, host)),
        plan: link::plan(id, inference.of_plan()),
        title_anchor: title_anchor(visit, id),
        parts,
        needs_ids: needs.iter().filter(|one| !one.is_optional).map(|one| one.id).collect::<Vec<_>>().join(","),
        needs,
        teaches: guide.parts.teaches.iter().map(LinkLine::new).collect(),
        companion: guide.parts.companion.iter().map(LinkLine::new).collect(),
        sources: sources(&guide.ties.sources),
        quiz,
        interview,
        related: groups(&frame, &related.items),
        is_fallback: related.items.iter().any(|item| item.fallback),
        guide: &guide,
        frame,
    };
    Ok(markdown::told(render(&page)?.into_response(), &markdown::address(id)))
}

/// Whether the text of a section begins with `summary`, as it does where that was taken from there.
fn begins_with(part: Option<&GuidePart<'_>>, summary: Option<&str>) -> bool {
    let plain = |html: &str| {
        html.split('<').filter_map(|piece| piece.split_once('>')).map(|(_, text)| text).collect::<String>()
    };
    let (Some(part), Some(summary)) = (part, summary) else { return false };
    // A summary may have been cut at its end.
    let summary = summary.trim_end_matches(['…', '.', ' ']);
    !summary.is_empty() && plain(&part.text).trim_start().starts_with(summary)
}

/// The sections with the levels of their headings: none is skipped, whatever the author's are, and the title stands once.
fn parts<'a>(guide: &'a GuideAnswer<'a>) -> Vec<GuidePart<'a>> {
    let mut last = 1;
    let first_locked = guide.parts.sections.iter().position(|section| section.section.locked || section.cut);
    let part = |(n, section): (usize, &'a GuideSection<'a>)| {
        let is_first_locked = first_locked == Some(n);
        let text = section.text_html.as_deref().map(authored::shown).unwrap_or_default();
        if section.level == 0 || *section.section.title == *guide.page.card.title {
            return GuidePart { section, text, heading: 0, is_first_locked };
        }
        last = section.level.clamp(2, 4).min(last + 1);
        GuidePart { section, text, heading: last, is_first_locked }
    };
    guide.parts.sections.iter().enumerate().map(part).collect()
}

/// The related guides in the order in which they are read.
fn groups<'a>(frame: &PageFrame<'_>, items: &'a [RelatedItem<'_>]) -> Vec<RelatedGroup<'a>> {
    let w = frame.w;
    let named = [("before", w.read_before), ("similar", w.similar), ("after", w.read_next)];
    let group = |(name, title): (&'static str, &'static str)| {
        let of_group = items.iter().filter(|item| &*item.group == name);
        let line = |item: &'a RelatedItem<'_>| LinkLine {
            note: item.reasons.first().map(|reason| &*reason.text),
            ..LinkLine::new(&item.page)
        };
        RelatedGroup { title, name, lines: of_group.map(line).collect() }
    };
    named.into_iter().map(group).filter(|group| !group.lines.is_empty()).collect()
}
