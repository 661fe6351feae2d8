//! Prerequisites and unlocks: what comes before, and what becomes possible after?

use gradus_corpus::{Edge, Kind, Level, PageId};
use gradus_graph::{Closure, ClosureEdge, ClosureOptions, StrengthFilter};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::Schema as ApiSchema;
use utoipa::{IntoParams, ToSchema};

use super::answer::{Answer, AnswerBody, Schema, Str};
use super::choice::{choice, one_of_these, spellings, text_like};
use super::page_parts::prose;
use super::params::Both;
use super::question::{AnswerCost, Question, question};
use super::reference::{PageParams, Ref, find_concept, find_guide, find_list, may_be};
use super::refusal::{Failure, QuestionError, Refusal, RefusalCode};
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
}

/// A closure, in levels.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PrerequisitesAnswer<'a> {
    /// What was asked about.
    pub target: Ref<'a>,
    /// Layers by longest path: each needs only what stands in layers before it, foundations first.
    pub levels: Vec<Vec<Ref<'a>>>,
    /// The same pages in one list, layer by layer.
    pub items: Vec<PrerequisiteItem<'a>>,
    /// The edges among them and to the target.
    pub edges: Vec<PrerequisiteEdge<'a>>,
    /// Groups that need each other and are learned together.
    pub cycles: Vec<Vec<String>>,
    /// Prerequisites of the target that name no page, in the author's words.
    pub prose: Vec<Str<'a>>,
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
    /// Minutes to learn it.
    pub minutes: u32,
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
}

impl Question for ConceptPrerequisitesQuestion {
    const NAME: &'static str = "concept_prerequisites";
    const COMMAND: &'static str = "prereqs";
    const PATH: &'static str = "/v1/concepts/{id}/prerequisites";
    const SUBJECT: &'static [&'static str] = &["id"];
    const REFUSES: Option<RefusalCode> = Some(RefusalCode::UnknownConcept);

    type Params = Both<PageParams, ClosureParams>;
    type Answer<'a> = PrerequisitesAnswer<'a>;

    fn shapes() -> Vec<(&'static str, ApiSchema)> {
        shapes()
    }

    fn cost(_: &Self::Params) -> AnswerCost {
        AnswerCost::MayBlock
    }

    fn fits(Both(page, _): &Self::Params) -> bool {
        may_be(Kind::Concept, &page.id)
    }

    fn answer(view: &View, Both(page, params): Self::Params) -> Result<PrerequisitesAnswer<'_>, QuestionError> {
        Ok(closure(view, find_concept(view, &page.id)?, Direction::Prerequisites, &params)?)
    }
}

impl Question for GuidePrerequisitesQuestion {
    const NAME: &'static str = "guide_prerequisites";
    const COMMAND: &'static str = "prereqs";
    const PATH: &'static str = "/v1/guides/{id}/prerequisites";
    const SUBJECT: &'static [&'static str] = &["id"];
    const REFUSES: Option<RefusalCode> = Some(RefusalCode::UnknownGuide);

    type Params = Both<PageParams, ClosureParams>;
    type Answer<'a> = PrerequisitesAnswer<'a>;

    fn shapes() -> Vec<(&'static str, ApiSchema)> {
        shapes()
    }

    fn cost(_: &Self::Params) -> AnswerCost {
        AnswerCost::MayBlock
    }

    fn fits(Both(page, _): &Self::Params) -> bool {
        may_be(Kind::Guide, &page.id)
    }

    fn answer(view: &View, Both(page, params): Self::Params) -> Result<PrerequisitesAnswer<'_>, QuestionError> {
        Ok(closure(view, find_guide(view, &page.id)?, Direction::Prerequisites, &params)?)
    }
}

impl Question for UnlocksQuestion {
    const NAME: &'static str = "unlocks";
    const COMMAND: &'static str = "unlocks";
    const PATH: &'static str = "/v1/concepts/{id}/unlocks";
    const SUBJECT: &'static [&'static str] = &["id"];
    const REFUSES: Option<RefusalCode> = Some(RefusalCode::UnknownConcept);

    type Params = Both<PageParams, ClosureParams>;
    type Answer<'a> = PrerequisitesAnswer<'a>;

    fn shapes() -> Vec<(&'static str, ApiSchema)> {
        shapes()
    }

    fn cost(_: &Self::Params) -> AnswerCost {
        AnswerCost::MayBlock
    }

    fn fits(Both(page, _): &Self::Params) -> bool {
        may_be(Kind::Concept, &page.id)
    }

    fn answer(view: &View, Both(page, params): Self::Params) -> Result<PrerequisitesAnswer<'_>, QuestionError> {
        Ok(closure(view, find_concept(view, &page.id)?, Direction::Unlocks, &params)?)
    }
}

impl Question for GuideUnlocksQuestion {
    const NAME: &'static str = "guide_unlocks";
    const COMMAND: &'static str = "unlocks";
    const PATH: &'static str = "/v1/guides/{id}/unlocks";
    const SUBJECT: &'static [&'static str] = &["id"];
    const REFUSES: Option<RefusalCode> = Some(RefusalCode::UnknownGuide);

    type Params = Both<PageParams, ClosureParams>;
    type Answer<'a> = PrerequisitesAnswer<'a>;

    fn shapes() -> Vec<(&'static str, ApiSchema)> {
        shapes()
    }

    fn cost(_: &Self::Params) -> AnswerCost {
        AnswerCost::MayBlock
    }

    fn fits(Both(page, _): &Self::Params) -> bool {
        may_be(Kind::Guide, &page.id)
    }

    fn answer(view: &View, Both(page, params): Self::Params) -> Result<PrerequisitesAnswer<'_>, QuestionError> {
        Ok(closure(view, find_guide(view, &page.id)?, Direction::Unlocks, &params)?)
    }
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
) -> Result<PrerequisitesAnswer<'a>, Refusal> {
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
    Ok(dress(view, target, direction, &known, &closure))
}

fn dress<'a>(
    view: &'a View,
    target: PageId,
    direction: Direction,
    known: &[PageId],
    closure: &Closure,
) -> PrerequisitesAnswer<'a> {
    let corpus = &*view.corpus;
    let dress_item = |id: &PageId| {
        let page = corpus.page(*id);
        PrerequisiteItem {
            page: Ref::new(corpus, *id),
            level: page.level.map(|level| Level::as_str(level).into()),
            minutes: page.minutes,
            known: known.binary_search(id).is_ok(),
        }
    };
    let id = |page: &PageId| corpus.page(*page).id();
    let prose = match direction {
        Direction::Prerequisites => prose(corpus.page(target)),
        Direction::Unlocks => Vec::new(),
    };
    PrerequisitesAnswer {
        target: Ref::new(corpus, target),
        levels: closure.levels.iter().map(|level| Ref::all(corpus, level)).collect(),
        items: closure.pages.iter().map(dress_item).collect(),
        edges: closure.edges.iter().map(|edge| dress_edge(view, edge)).collect(),
        cycles: closure.cycles.iter().map(|cycle| cycle.iter().map(id).collect()).collect(),
        prose,
        truncated: closure.truncated,
        generation: (&view.generation).into(),
    }
}

fn dress_edge<'a>(view: &'a View, edge: &ClosureEdge) -> PrerequisiteEdge<'a> {
    let declared: &Edge = &view.corpus.declared()[edge.edge as usize];
    PrerequisiteEdge {
        from: view.corpus.page(edge.from).id(),
        to: view.corpus.page(edge.to).id(),
        strength: edge.strength.as_str().into(),
        reason: declared.reason.as_ref().map(Str::from),
        origin: declared.origin.as_str().into(),
    }
}

/// The spellings of which edges are followed.
const STRENGTHS: [(&str, StrengthFilter); 2] = [("required", StrengthFilter::Required), ("all", StrengthFilter::All)];

fn shapes() -> Vec<(&'static str, ApiSchema)> {
    vec![("depth", text_like("^(all|[1-9][0-9]{0,8})$")), ("strength", one_of_these(spellings(&STRENGTHS)))]
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
            let (minutes, known) = (format!("{} min", item.minutes), if item.known { "known" } else { "" });
            SheetRow::new(&item.page.id, &item.page.title, &item.page.url, &[&minutes, known])
        };
        let prose: Vec<&str> = self.prose.iter().map(|prose| &**prose).collect();
        let cycles: Vec<String> = self.cycles.iter().map(|cycle| cycle.join(", ")).collect();
        Sheet::rows(&self.items, row)
            .note("prose", prose.join(", "))
            .note("learned together", cycles.join("; "))
            .note_if("truncated", self.truncated)
    }

    fn schema() -> Schema {
        Schema::of::<Self>()
    }
}
