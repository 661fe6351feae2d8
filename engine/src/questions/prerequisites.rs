//! Prerequisites and unlocks: what comes before, and what becomes possible after?

use gradus_corpus::{Edge, Kind, PageId};
use gradus_graph::{Closure, ClosureEdge, ClosureOptions, PlanMinutes, PlanOptions, StrengthFilter};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::Schema as ApiSchema;
use utoipa::{IntoParams, ToSchema};

use super::about::QuestionAbout;
use super::answer::{Answer, AnswerBody, Schema, Str};
use super::card::Card;
use super::choice::{choice, one_of_these, spellings, text_like};
use super::fields::WantedFields;
use super::page_parts::prose;
use super::question::{AnswerCost, question};
use super::reference::{Ref, find_list};
use super::refusal::{Failure, Refusal};
use super::sheet::{Sheet, SheetRow};
use crate::limits;
use crate::view::View;

question! {
    /// What a concept needs, in levels.
    ConceptPrerequisitesQuestion
}

question! {
    /// What a guide needs: what it requires and what the concepts it teaches require, without what it teaches.
    GuidePrerequisitesQuestion
}

question! {
    /// What needs a concept, in levels.
    UnlocksQuestion
}

question! {
    /// What needs a guide, in levels.
    GuideUnlocksQuestion
}

/// How far to look.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct ClosureParams {
    /// Steps away from the target, from 1, or `all`, the default.
    pub depth: Option<String>,
    /// `required`, the default, or `all` for recommended edges too.
    pub strength: Option<String>,
    /// Leave out edges that others imply.
    pub reduce: Option<bool>,
    /// What the reader knows; it is marked, not left out.
    pub known: Vec<String>,
    /// `inferred` for prerequisites too that nobody has declared and that the texts speak for.
    pub include: Option<String>,
}

/// A closure, in levels.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PrerequisitesAnswer<'a> {
    /// What was asked about.
    pub target: Card<'a>,
    /// Layers by longest path: each needs only what stands in layers before it, foundations first.
    pub levels: Vec<Vec<String>>,
    /// Those pages, layer by layer.
    pub items: Vec<PrerequisiteItem<'a>>,
    /// The edges among them and to the target.
    pub edges: Vec<PrerequisiteEdge<'a>>,
    /// Groups that need each other and are learned together.
    pub cycles: Vec<Vec<String>>,
    /// Prerequisites of the target that name no page, in the author's words.
    pub prose: Vec<Str<'a>>,
    /// Minutes of a plan that learns those of them that are not known; less than their sum, since one lesson may teach
    /// several. Null of what a page unlocks, and where a limit cut the answer.
    pub minutes_total: Option<u32>,
    /// Minutes among them that the viewer cannot open.
    pub minutes_locked: Option<u32>,
    /// Whether a limit cut the answer.
    pub truncated: bool,
    /// The snapshot that answered.
    pub generation: Str<'a>,
}

/// A page of a closure.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PrerequisiteItem<'a> {
    /// Which page.
    #[serde(flatten)]
    pub page: Ref<'a>,
    /// `beginner`, `intermediate` or `advanced`.
    pub level: Option<Str<'a>>,
    /// Minutes to learn it: those of the lesson that a plan would have it learned from.
    pub minutes: u32,
    /// `free` or `pro`, of that lesson.
    pub access: Str<'a>,
    /// Whether the viewer cannot open that lesson.
    pub locked: bool,
    /// Whether the reader said to know it.
    pub known: bool,
}

/// An edge of a closure.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PrerequisiteEdge<'a> {
    /// The prerequisite.
    pub from: String,
    /// What needs it.
    pub to: String,
    /// `required` or `recommended`.
    pub strength: Str<'a>,
    /// Why, in the author's words.
    pub reason: Option<Str<'a>>,
    /// How the edge came to be known.
    pub origin: Str<'a>,
    /// How likely it is a prerequisite, from 0 to 1, where nobody has declared it.
    pub confidence: Option<f32>,
}

/// The four questions differ in what they are about and which way they look.
macro_rules! about_closures {
    ($($question:ident: $name:literal, $command:literal, $path:literal, $kind:ident, $direction:ident;)+) => {$(
        impl QuestionAbout for $question {
            const NAME: &'static str = $name;
            const COMMAND: &'static str = $command;
            const PATH: &'static str = $path;
            const KIND: Kind = Kind::$kind;
            const COST: AnswerCost = AnswerCost::MayBlock;

            type Params = ClosureParams;
            type Answer<'a> = PrerequisitesAnswer<'a>;

            fn shapes() -> Vec<(&'static str, ApiSchema)> {
                shapes()
            }

            fn about<'a>(
                view: &'a View,
                page: PageId,
                params: &ClosureParams,
                wanted: &WantedFields,
            ) -> Result<PrerequisitesAnswer<'a>, Refusal> {
                closure(view, page, Direction::$direction, params, wanted)
            }
        }
    )+};
}

about_closures! {
    ConceptPrerequisitesQuestion:
        "concept_prerequisites", "prereqs", "/v1/concepts/{id}/prerequisites", Concept, Prerequisites;
    GuidePrerequisitesQuestion:
        "guide_prerequisites", "prereqs", "/v1/guides/{id}/prerequisites", Guide, Prerequisites;
    UnlocksQuestion: "unlocks", "unlocks", "/v1/concepts/{id}/unlocks", Concept, Unlocks;
    GuideUnlocksQuestion: "guide_unlocks", "unlocks", "/v1/guides/{id}/unlocks", Guide, Unlocks;
}

/// Which way to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    /// What the target needs.
    Prerequisites,
    /// What needs the target.
    Unlocks,
}

fn closure<'a>(
    view: &'a View,
    target: PageId,
    direction: Direction,
    params: &ClosureParams,
    wanted: &WantedFields,
) -> Result<PrerequisitesAnswer<'a>, Refusal> {
    let is_inferring = choice("include", params.include.as_deref(), &INFERENCES)?;
    let view = view.inferring(is_inferring.unwrap_or_default());
    let known = find_list(view, "known", &params.known)?;
    let options = ClosureOptions {
        depth: depth(params.depth.as_deref())?,
        strength: choice("strength", params.strength.as_deref(), &STRENGTHS)?.unwrap_or(StrengthFilter::Required),
        reduce: params.reduce.unwrap_or(false),
        max_pages: limits::CLOSURE_PAGES,
    };
    let closure = match direction {
        Direction::Prerequisites => view.graph.prerequisites(target, &options),
        Direction::Unlocks => view.graph.unlocks(target, &options),
    };
    Ok(dress(view, target, direction, &known, &closure, wanted))
}

fn dress<'a>(
    view: &'a View,
    target: PageId,
    direction: Direction,
    known: &[PageId],
    closure: &Closure,
    wanted: &WantedFields,
) -> PrerequisitesAnswer<'a> {
    let corpus = &*view.corpus;
    let dress_item = |id: &PageId| {
        let Card { id: full_id, kind, title, url, level, minutes, access, locked, .. } = Card::to_learn(view, *id);
        let page = Ref { id: full_id, kind, title, url };
        PrerequisiteItem { page, level, minutes, access, locked, known: known.binary_search(id).is_ok() }
    };
    let id = |page: &PageId| corpus.page(*page).id();
    let prose = match direction {
        Direction::Prerequisites => prose(corpus.page(target)),
        Direction::Unlocks => Vec::new(),
    };
    let is_told = wanted.has("minutes_total") || wanted.has("minutes_locked");
    let is_whole = direction == Direction::Prerequisites && !closure.truncated;
    let minutes = (is_whole && is_told).then(|| minutes_to_learn(view, &closure.pages, known)).flatten();
    PrerequisitesAnswer {
        target: Card::to_learn(view, target),
        levels: if wanted.has("levels") {
            closure.levels.iter().map(|level| level.iter().map(id).collect()).collect()
        } else {
            Vec::new()
        },
        items: if wanted.has("items") { closure.pages.iter().map(dress_item).collect() } else { Vec::new() },
        edges: if wanted.has("edges") {
            closure.edges.iter().map(|edge| dress_edge(view, edge)).collect()
        } else {
            Vec::new()
        },
        cycles: closure.cycles.iter().map(|cycle| cycle.iter().map(id).collect()).collect(),
        prose,
        minutes_total: minutes.map(|minutes| minutes.total),
        minutes_locked: minutes.map(|minutes| minutes.locked),
        truncated: closure.truncated,
        generation: (&view.generation).into(),
    }
}

/// What a plan that learns all of `pages` takes; `None` where they are too many to plan.
pub(super) fn minutes_to_learn(view: &View, pages: &[PageId], known: &[PageId]) -> Option<PlanMinutes> {
    let can_open = |page, section| view.can_open(page, section);
    view.graph.plan_minutes(&PlanOptions { can_open: &can_open, ..PlanOptions::new(pages, known) }).ok()
}

fn dress_edge<'a>(view: &'a View, edge: &ClosureEdge) -> PrerequisiteEdge<'a> {
    let declared: &Edge = &view.corpus.declared()[edge.edge as usize];
    PrerequisiteEdge {
        from: view.corpus.page(edge.from).id(),
        to: view.corpus.page(edge.to).id(),
        strength: edge.strength.as_str().into(),
        reason: declared.reason.as_ref().map(Str::from),
        origin: declared.origin.as_str().into(),
        confidence: view.confidences.get(&(declared.to, declared.from)).copied(),
    }
}

/// The spellings of whether edges that nobody has declared are told as well.
pub(super) const INFERENCES: [(&str, bool); 2] = [("required", false), ("inferred", true)];
/// The spellings of which edges are followed.
const STRENGTHS: [(&str, StrengthFilter); 2] = [("required", StrengthFilter::Required), ("all", StrengthFilter::All)];

fn shapes() -> Vec<(&'static str, ApiSchema)> {
    vec![
        ("depth", text_like("^(all|[1-9][0-9]{0,8})$")),
        ("strength", one_of_these(spellings(&STRENGTHS))),
        ("include", one_of_these(spellings(&INFERENCES))),
    ]
}

fn depth(given: Option<&str>) -> Result<Option<u32>, Refusal> {
    match given {
        None => Ok(None),
        Some(all) if all.eq_ignore_ascii_case("all") => Ok(None),
        Some(depth) => match depth.parse() {
            Ok(depth) if depth > 0 => Ok(Some(depth)),
            _ => Err(Refusal::invalid("depth", format_args!("'{depth}' is neither a number from 1 nor `all`"))),
        },
    }
}

impl Answer for PrerequisitesAnswer<'_> {
    fn body(&self) -> Result<AnswerBody<'_>, Failure> {
        AnswerBody::json(self)
    }

    fn sheet(&self) -> Sheet {
        let row = |item: &PrerequisiteItem<'_>| {
            let minutes = format!("{} min{}", item.minutes, if item.locked { " (locked)" } else { "" });
            let known = if item.known { "known" } else { "" };
            SheetRow::new(&item.page.id, &item.page.title, &item.page.url, &[&minutes, known])
        };
        let prose: Vec<&str> = self.prose.iter().map(|prose| &**prose).collect();
        let cycles: Vec<String> = self.cycles.iter().map(|cycle| cycle.join(", ")).collect();
        Sheet::rows(&self.items, row)
            .note("prose", prose.join(", "))
            .note("learned together", cycles.join("; "))
            .note("minutes", self.minutes_total.map(|minutes| minutes.to_string()).unwrap_or_default())
            .note_if("truncated", self.truncated)
    }

    fn schema() -> Schema {
        Schema::of::<Self>()
    }
}
