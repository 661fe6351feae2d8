//! `/path`: the way to what a reader wants to know, step by step.

use askama::Template;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use gradus_engine::questions::plan::{PlanAnswer, PlanQuestion, PlanRemark};
use gradus_engine::questions::prerequisites::{
    ConceptPrerequisitesQuestion, GuidePrerequisitesQuestion, PrerequisitesAnswer,
};
use gradus_engine::questions::refusal::{QuestionError, Refusal, RefusalCode};

use super::ask::{Given, ask, render};
use super::frame::{NavPlace, PageFrame};
use super::goals::Goals;
use super::inference::{INCLUDE, Inference};
use super::lines::LinkLine;
use super::link;
use super::picture;
use super::steps::{StepLine, steps};
use super::visit::PageVisit;
use super::words::Words;
use crate::http::problem::Fault;

/// The parameters of the form.
const FIELDS: [&str; 5] = ["target", "known", "budget", "include", "depth"];

/// A plan as a page.
#[derive(Template)]
#[template(path = "path.html")]
struct PathPage<'a> {
    frame: PageFrame<'a>,
    form: PlanForm<'a>,
    /// What is wrong with the form.
    flaw: Option<FormFlaw>,
    /// The plan; `None` where no goal was given, or the form is wrong.
    plan: Option<PlanView<'a>>,
    /// Goals to choose from where none was given.
    goals: Vec<LinkLine<'a>>,
}

impl PathPage<'_> {
    /// The attribute of a field that cannot be read.
    fn invalid(&self, field: &str) -> &'static str {
        let is_wrong = self.flaw.as_ref().is_some_and(|flaw| flaw.field == field);
        if is_wrong { " aria-invalid=\"true\"" } else { "" }
    }
}

/// What the reader has filled in.
struct PlanForm<'a> {
    target: String,
    known: String,
    budget: &'a str,
    /// Whether whole guides are wanted.
    is_solid: bool,
    /// Whether it can be said that the plan goes by what the texts speak for.
    offers_inferred: bool,
    /// Whether that is said.
    is_inferring: bool,
    /// What says it.
    include: &'a str,
}

/// A field that cannot be read.
struct FormFlaw {
    field: &'static str,
    detail: String,
    /// Other plans that may be meant: title and address.
    suggestions: Vec<(String, String)>,
}

/// A plan, ready to be shown.
struct PlanView<'a> {
    title: String,
    targets: Vec<LinkLine<'a>>,
    steps: Vec<StepLine<'a>>,
    n_concepts: usize,
    /// Whether it goes by something that nobody has declared.
    has_inferred: bool,
    /// The same plan by what the texts speak for, where that is offered and not asked for.
    inferring: Option<String>,
    /// The steps as a picture, as SVG.
    picture: Option<String>,
    /// Where a reader to whom the goal is new may start.
    starts: Vec<LinkLine<'a>>,
    /// The steps as a list for other tools.
    checklist: String,
    minutes: u32,
    /// Minutes of steps that the viewer cannot open.
    locked_minutes: u32,
    budget: Option<u32>,
    fits: bool,
    helps: Vec<LinkLine<'a>>,
    waits: Vec<LinkLine<'a>>,
    gaps: Vec<LinkLine<'a>>,
}

/// What the reader gives. In files nothing can be asked: they hold what is offered.
fn given(visit: &PageVisit, uri: &Uri) -> Result<Given, Fault> {
    let given = Given::new(uri, &FIELDS)?;
    let is_offered = visit.has_no_server && Inference::of(visit) == Inference::Offered;
    Ok(if is_offered { given.or(INCLUDE) } else { given })
}

/// The page of a plan, or of the form for one.
pub(super) async fn plan(visit: PageVisit, uri: Uri) -> Response {
    let pinned = visit.pinned.clone();
    pinned.answer(move |_| page(&visit, &uri)).await
}

fn page(visit: &PageVisit, uri: &Uri) -> Result<Response, Fault> {
    let given = given(visit, uri)?;
    let inference = Inference::of(visit);
    let include = given.get("include");
    let is_inferring = matches!(include, "inferred" | "all");
    let text = |name: &str| given.all(name).collect::<Vec<_>>().join(", ");
    let form = PlanForm {
        target: text("target"),
        known: text("known"),
        budget: given.get("budget"),
        is_solid: given.get("depth") == "solid",
        offers_inferred: inference == Inference::Offered || is_inferring,
        is_inferring: is_inferring || inference == Inference::Offered && given.get("target").is_empty(),
        include: if include.is_empty() || include == "required" { INCLUDE.1 } else { include },
    };
    let frame = PageFrame::new(visit, NavPlace::Learn);
    if form.target.is_empty() {
        let goals = Goals::of(visit)?;
        let goals = goals.lines();
        return respond(StatusCode::OK, &PathPage { frame, form, flaw: None, plan: None, goals });
    }
    let pairs = given.pairs();
    let answer = match ask::<PlanQuestion>(visit, &pairs) {
        Ok(answer) => answer,
        Err(QuestionError::Refusal(refusal)) => {
            let status = if refusal.code.is_absence() { StatusCode::NOT_FOUND } else { StatusCode::BAD_REQUEST };
            let flaw = Some(flaw(visit, &pairs, refusal));
            return respond(status, &PathPage { frame, form, flaw, plan: None, goals: Vec::new() });
        }
        Err(failure) => return Err(failure.into()),
    };
    let closures = closures(visit, &answer)?;
    let frame = frame.of::<PlanQuestion>(&pairs);
    let mut plan = view(&frame, &answer, &closures, &pairs);
    if inference == Inference::Offered && include.is_empty() {
        plan.inferring = Some(link::query("/path", &[&pairs[..], &[INCLUDE]].concat()));
    }
    let plan = Some(plan);
    let titles: Vec<&str> = answer.targets.iter().map(|target| &*target.title).collect();
    let form = PlanForm { target: titles.join(", "), ..form };
    respond(StatusCode::OK, &PathPage { frame, form, flaw: None, plan, goals: Vec::new() })
}

/// A plan as a list to tick in other tools.
#[derive(Template)]
#[template(path = "path.txt")]
struct Checklist<'a> {
    w: &'static Words,
    title: String,
    minutes: u32,
    steps: Vec<StepLine<'a>>,
    /// The address of the server, as the reader came to it.
    origin: String,
}

/// The steps of a plan as Markdown.
pub(super) async fn checklist(visit: PageVisit, headers: HeaderMap, uri: Uri) -> Response {
    let pinned = visit.pinned.clone();
    pinned.answer(move |_| list(&visit, &headers, &uri)).await
}

fn list(visit: &PageVisit, headers: &HeaderMap, uri: &Uri) -> Result<Response, Fault> {
    let given = given(visit, uri)?;
    let plan = ask::<PlanQuestion>(visit, &given.pairs())?;
    let w = PageFrame::new(visit, NavPlace::Learn).w;
    let titles: Vec<&str> = plan.targets.iter().map(|target| &*target.title).collect();
    let list = Checklist {
        title: w.way_to.of(titles.join(", ")),
        minutes: plan.minutes_total,
        steps: steps(w, &plan),
        origin: link::origin(headers),
        w,
    };
    let text = list.render().map_err(Fault::internal)?;
    Ok(([(header::CONTENT_TYPE, "text/markdown; charset=utf-8")], text).into_response())
}

fn respond(status: StatusCode, page: &PathPage<'_>) -> Result<Response, Fault> {
    Ok((status, render(page)?).into_response())
}

/// Which field a refusal is about: without what is known, only the goal can be at fault.
fn flaw(visit: &PageVisit, pairs: &[(&str, &str)], refusal: Refusal) -> FormFlaw {
    let only_goal: Vec<_> = pairs.iter().copied().filter(|(name, _)| *name == "target").collect();
    let is_invalid = refusal.code == RefusalCode::InvalidParameter;
    let field = match ask::<PlanQuestion>(visit, &only_goal) {
        Err(_) => "target",
        Ok(_) if is_invalid && refusal.detail.starts_with("`budget`") => "budget",
        Ok(_) => "known",
    };
    let suggest = |id: &String| {
        let others = pairs.iter().copied().filter(|(name, _)| *name != field);
        let all: Vec<_> = others.chain([(field, id.as_str())]).collect();
        let title = super::problem::title_of(visit, id).unwrap_or_else(|| id.clone());
        (title, link::query("/path", &all))
    };
    FormFlaw { field, suggestions: refusal.suggestions.iter().map(suggest).collect(), detail: refusal.detail }
}

/// What each goal needs, with what only helps.
fn closures<'a>(visit: &'a PageVisit, plan: &PlanAnswer<'a>) -> Result<Vec<PrerequisitesAnswer<'a>>, QuestionError> {
    let closure = |target: &str, kind: &str| {
        let pairs = [("id", target), ("strength", "all"), ("reduce", "true")];
        match kind {
            "guide" => ask::<GuidePrerequisitesQuestion>(visit, &pairs),
            _ => ask::<ConceptPrerequisitesQuestion>(visit, &pairs),
        }
    };
    plan.targets.iter().map(|target| closure(&target.id, &target.kind)).collect()
}

fn view<'a>(
    frame: &PageFrame<'_>,
    plan: &'a PlanAnswer<'_>,
    closures: &'a [PrerequisitesAnswer<'_>],
    pairs: &[(&str, &str)],
) -> PlanView<'a> {
    let steps = steps(frame.w, plan);
    let planned = |id: &str| {
        let of_steps = plan.steps.iter().flat_map(|step| &step.concepts).map(|concept| &concept.id);
        let known = plan.assumed_known.iter().map(|page| &page.id);
        let targets = plan.targets.iter().map(|page| &page.id);
        let waits = plan.deferred.iter().map(|remark| &remark.concept.id);
        of_steps.chain(known).chain(targets).chain(waits).any(|planned| planned == id)
    };
    let helps = closures.iter().flat_map(|closure| {
        let why = |id: &str| closure.edges.iter().find(|edge| edge.from == id).and_then(|edge| edge.reason.as_deref());
        let left = closure.items.iter().filter(|item| &*item.page.kind == "concept" && !planned(&item.page.id));
        left.map(move |item| LinkLine { note: why(&item.page.id), ..LinkLine::of_item(item) })
    });
    let remarks = |all: &'a [PlanRemark<'_>]| {
        all.iter().map(|one| LinkLine { note: Some(&one.reason), ..LinkLine::new(&one.concept) }).collect()
    };
    let titles: Vec<&str> = plan.targets.iter().map(|target| &*target.title).collect();
    PlanView {
        title: frame.w.way_to.of(titles.join(", ")),
        targets: plan.targets.iter().map(LinkLine::new).collect(),
        picture: picture::of_steps(frame.w, plan, &steps),
        starts: plan.start.iter().map(LinkLine::new).collect(),
        checklist: link::query("/path.md", pairs),
        has_inferred: steps.iter().any(|step| !step.said.is_empty()),
        inferring: None,
        n_concepts: plan.steps.iter().map(|step| step.concepts.len()).sum(),
        minutes: plan.minutes_total,
        locked_minutes: plan.minutes_locked,
        budget: plan.budget_minutes,
        fits: plan.fits,
        helps: helps.collect(),
        waits: remarks(&plan.deferred),
        gaps: remarks(&plan.gaps).into_iter().map(|line: LinkLine<'_>| LinkLine { note: None, ..line }).collect(),
        steps,
    }
}
