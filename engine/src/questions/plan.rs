//! Plans: what to learn, in which order, to reach these targets in this time?

mod order;

use gradus_corpus::{Level, Origin, PageId, Strength};
use gradus_graph::{Assume, DeferReason, Depth, GapReason, PlanOptions, StudyStep};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema as ApiSchema, Type};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Answer, AnswerBody, Schema, Str};
use super::card::{Card, material_access};
use super::choice::{choice, choices, list_of, one_of_these, spellings};
use super::material::MaterialAnswer;
use super::question::{AnswerCost, BodyForm, Question, question};
use super::reference::{Ref, find_list};
use super::refusal::{Failure, QuestionError, Refusal, RefusalCode};
use super::sheet::{Sheet, SheetRow};
use crate::limits;
use crate::view::View;
use order::{StepTies, step_ties};

question! {
    /// Plan what to learn: the cheapest guides and sections, nothing before what it needs, as far as the budget goes.
    PlanQuestion
}

/// What to reach, what is known, how much time there is.
#[derive(Clone, Debug, Default, Deserialize, IntoParams, ToSchema)]
#[serde(default)]
pub struct PlanParams {
    /// Concepts or guides to reach.
    #[param(required = true, example = json!(["paged-attention"]))]
    pub target: Vec<String>,
    /// What the reader knows.
    #[param(max_items = 5000)]
    pub known: Vec<String>,
    /// Minutes, or an ISO 8601 duration such as `PT2H`.
    pub budget: Option<String>,
    /// Whether what is known counts with its whole closure (`transitive`, the default) or alone (`exact`): then what it
    /// needs is planned as well.
    pub assume: Option<String>,
    /// `required`; `recommended` for those prerequisites too, as far as the budget allows; `inferred` for those that nobody has
    /// declared and that the texts speak for; `all` for both.
    pub include: Option<String>,
    /// Prefer guides of this track, more than those of a level, and plan no recommended pages of other tracks.
    pub track: Vec<String>,
    /// Prefer guides of this level.
    pub level: Vec<String>,
    /// `quick`, the default, for the sections that take fewest minutes, or `solid` for whole guides, of those that teach a
    /// target the one that speaks of it most.
    pub depth: Option<String>,
}

/// A plan.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PlanAnswer<'a> {
    /// What it reaches.
    pub targets: Vec<Card<'a>>,
    /// What to learn, in this order: nothing comes before what it needs.
    pub steps: Vec<PlanStep<'a>>,
    /// Minutes of all steps.
    pub minutes_total: u32,
    /// Minutes among them that the viewer can open.
    pub minutes_free: u32,
    /// Minutes among them that the viewer cannot open.
    pub minutes_locked: u32,
    /// The budget in minutes, if one was given.
    pub budget_minutes: Option<u32>,
    /// Whether the targets are reached within the budget.
    pub fits: bool,
    /// Whether it is proven that no other choice of guides and sections for these steps takes fewer minutes.
    pub cheapest: bool,
    /// What was left out, and why.
    pub deferred: Vec<PlanRemark<'a>>,
    /// What is taken as known.
    pub assumed_known: Vec<Ref<'a>>,
    /// Concepts that no guide teaches.
    pub gaps: Vec<PlanRemark<'a>>,
    /// Pages that the order of the site puts before guides that are wanted and state no prerequisites, nearest first. A
    /// reader to whom a target is new may start with the last of them.
    pub start: Vec<Card<'a>>,
    /// Prerequisites that it goes by and that nobody has declared.
    pub inferred: Vec<InferredEdge<'a>>,
    /// The snapshot that answered.
    pub generation: Str<'a>,
}

/// A prerequisite that the texts speak for and that nobody has declared.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct InferredEdge<'a> {
    /// The prerequisite.
    pub from: String,
    /// What would need it.
    pub to: String,
    /// How likely it is one, from 0 to 1.
    pub confidence: f32,
    /// The words that speak for it.
    pub reason: Option<Str<'a>>,
}

/// A step of a plan: what is learned in one go.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PlanStep<'a> {
    /// Its place, from 1.
    pub n: usize,
    /// The concepts to learn, foundations first; none for a guide that teaches none but is wanted or needed itself.
    pub concepts: Vec<Card<'a>>,
    /// Whether the concepts need each other, so that none of them comes first.
    pub together: bool,
    /// What to learn them from.
    #[serde(flatten)]
    pub material: MaterialAnswer<'a>,
    /// Where else to learn them: concepts that need each other may be taught in several places.
    pub further: Vec<MaterialAnswer<'a>>,
    /// Minutes; 0 where a lesson is gone on with that an earlier step began.
    pub minutes: u32,
    /// Minutes among them that the viewer cannot open.
    pub minutes_locked: u32,
    /// `free`, or `pro` where any of what it is learned from is.
    pub access: Str<'a>,
    /// Whether the viewer cannot open something that it is learned from.
    pub locked: bool,
    /// `required` or `recommended`.
    pub strength: Str<'a>,
    /// The chain of prerequisites from the first concept to a target.
    pub why: Vec<Ref<'a>>,
    /// Other concepts of this plan that the same lesson teaches.
    pub also_teaches: Vec<Ref<'a>>,
    /// The steps that must come before, by their places, without those that others of them imply.
    pub needs: Vec<usize>,
    /// Those among `needs` that nobody has declared: only the texts speak for them, as `inferred` of the plan tells.
    #[serde(default)]
    pub needs_inferred: Vec<usize>,
    /// The steps that need it in that sense.
    pub needed_by: Vec<usize>,
    /// Why the first of those needs it, in the author's words.
    pub reason: Option<Str<'a>>,
}

/// A concept, and what is told of it.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PlanRemark<'a> {
    /// Which concept.
    pub concept: Card<'a>,
    /// Why.
    pub reason: Str<'a>,
}

impl Question for PlanQuestion {
    const NAME: &'static str = "plan";
    const COMMAND: &'static str = "plan";
    const PATH: &'static str = "/v1/plan";
    const SUBJECT: &'static [&'static str] = &["target"];
    const REFUSES: Option<RefusalCode> = Some(RefusalCode::UnknownConcept);

    type Params = PlanParams;
    type Answer<'a> = PlanAnswer<'a>;

    fn shapes() -> Vec<(&'static str, ApiSchema)> {
        vec![
            ("target", names()),
            ("budget", budgets()),
            ("assume", one_of_these(spellings(&ASSUMPTIONS))),
            ("include", one_of_these(spellings(&INCLUSIONS))),
            ("depth", one_of_these(spellings(&DEPTHS))),
            ("level", list_of(Level::ALL.iter().map(|level| level.as_str()))),
        ]
    }

    fn cost(_: &PlanParams) -> AnswerCost {
        AnswerCost::MayBlock
    }

    fn body() -> Option<BodyForm> {
        let doc = "Plan what to learn; for lists of known concepts that are too long for a URL.";
        Some(BodyForm { doc, schema: Schema::of::<PlanParams>() })
    }

    fn answer(view: &View, params: PlanParams) -> Result<PlanAnswer<'_>, QuestionError> {
        Ok(plan(view, &params)?)
    }
}

/// Plans as `params` say.
///
/// # Errors
/// If no target is named, a name means no page or several, or another parameter is wrong.
pub fn plan<'a>(view: &'a View, params: &PlanParams) -> Result<PlanAnswer<'a>, Refusal> {
    if params.target.is_empty() {
        return Err(Refusal::invalid("target", "name at least one concept or guide to reach"));
    }
    let levels = choices("level", &params.level, Level::ALL, Level::as_str)?;
    let inclusion = choice("include", params.include.as_deref(), &INCLUSIONS)?.unwrap_or_default();
    let view = view.inferring(inclusion.inferred);
    let corpus = &*view.corpus;
    let targets = find_list(view, "target", &params.target)?;
    let known = find_list(view, "known", &params.known)?;
    let budget = params.budget.as_deref().map(minutes).transpose()?;
    let track = gradus_index::Filters::default().with("track", params.track.iter().cloned());
    let level = |guide: &gradus_corpus::Page| levels.is_empty() || guide.level.is_some_and(|one| levels.contains(&one));
    let plan = view.graph.plan(&PlanOptions {
        assume: choice("assume", params.assume.as_deref(), &ASSUMPTIONS)?.unwrap_or_default(),
        budget,
        include_recommended: inclusion.recommended,
        recommend: &|page| corpus.page(page).tracks.is_empty() || track.pass(corpus.page(page)),
        // The track weighs more: a level is how hard a guide is, a track what it is for.
        prefer: &|guide| {
            let guide = corpus.page(guide);
            2 * u32::from(track.pass(guide)) + u32::from(level(guide))
        },
        can_open: &|page, section| view.can_open(page, section),
        depth: choice("depth", params.depth.as_deref(), &DEPTHS)?.unwrap_or_default(),
        keep_to_guides: true,
        ..PlanOptions::new(&targets, &known)
    });
    let plan = plan.map_err(|too_far| Refusal::invalid("target", too_far))?;
    let ties = step_ties(view, &plan.steps);
    Ok(PlanAnswer {
        targets: Card::all_to_learn(view, &targets),
        steps: (1..).zip(plan.steps.iter().zip(&ties)).map(|(n, (step, ties))| dress(view, n, step, ties)).collect(),
        minutes_total: plan.minutes_total,
        minutes_free: plan.minutes_total.saturating_sub(plan.minutes_locked),
        minutes_locked: plan.minutes_locked,
        budget_minutes: budget,
        fits: plan.fits,
        cheapest: plan.is_cheapest,
        deferred: plan.deferred.iter().map(|(concept, reason)| deferred(view, *concept, *reason)).collect(),
        assumed_known: Ref::all(corpus, &plan.assumed_known),
        gaps: plan.gaps.iter().map(|(concept, reason)| gap(view, *concept, *reason)).collect(),
        start: Card::all_to_learn(view, &plan.start),
        inferred: inferred(view, &plan.steps),
        generation: (&view.generation).into(),
    })
}

/// The spellings of what a known page vouches for.
const ASSUMPTIONS: [(&str, Assume); 2] = [("transitive", Assume::Transitive), ("exact", Assume::Exact)];
/// Which prerequisites beside the required ones are gone by.
#[derive(Clone, Copy, Debug, Default)]
struct Inclusion {
    recommended: bool,
    inferred: bool,
}

/// The spellings of which.
const INCLUSIONS: [(&str, Inclusion); 4] = [
    ("required", Inclusion { recommended: false, inferred: false }),
    ("recommended", Inclusion { recommended: true, inferred: false }),
    ("inferred", Inclusion { recommended: false, inferred: true }),
    ("all", Inclusion { recommended: true, inferred: true }),
];

/// The inferred edges between the pages of `steps`, by what would need them.
fn inferred<'a>(view: &'a View, steps: &[StudyStep]) -> Vec<InferredEdge<'a>> {
    let mut pages: Vec<PageId> =
        steps.iter().flat_map(|step| step.concepts.iter().copied().chain(step.material.guide)).collect();
    pages.sort_unstable();
    pages.dedup();
    let edges = pages.iter().flat_map(|page| view.corpus.declared_by(*page));
    let edges = edges.filter(|edge| edge.origin == Origin::Inferred && pages.binary_search(&edge.to).is_ok());
    let shown = edges.map(|edge| InferredEdge {
        from: view.corpus.page(edge.to).id(),
        to: view.corpus.page(edge.from).id(),
        confidence: view.confidences.get(&(edge.to, edge.from)).copied().unwrap_or_default(),
        reason: edge.reason.as_ref().map(Str::from),
    });
    shown.collect()
}

/// The spellings of how thoroughly to learn.
const DEPTHS: [(&str, Depth); 2] = [("quick", Depth::Quick), ("solid", Depth::Solid)];

/// Why a page is left out that nothing but the budget keeps out.
pub const OVER_BUDGET: &str = "over budget";

fn deferred(view: &View, concept: PageId, reason: DeferReason) -> PlanRemark<'_> {
    let reason = match reason {
        DeferReason::RecommendedOverBudget => "recommended; over budget",
        DeferReason::RecommendedForOthers => "recommended; for another track",
        DeferReason::RequiredOverBudget => OVER_BUDGET,
        DeferReason::NeedsDeferred => "needs something that is over budget",
    };
    PlanRemark { concept: Card::to_learn(view, concept), reason: reason.into() }
}

fn gap(view: &View, concept: PageId, reason: GapReason) -> PlanRemark<'_> {
    let reason = match reason {
        GapReason::NoGuide => "no guide teaches it; its own page is the lesson",
    };
    PlanRemark { concept: Card::to_learn(view, concept), reason: reason.into() }
}

fn dress<'a>(view: &'a View, n: usize, step: &StudyStep, ties: &StepTies<'a>) -> PlanStep<'a> {
    let corpus = &*view.corpus;
    let further = step.further.iter().map(|material| MaterialAnswer::new(view, *material));
    // Of what is learned from several lessons, all must be open.
    let page = step.concepts.first().copied();
    let materials = std::iter::once(&step.material).chain(&step.further);
    let access = materials.map(|material| material_access(view, page, *material)).max().unwrap_or_default();
    let places = |positions: &[usize]| positions.iter().map(|position| position + 1).collect();
    PlanStep {
        n,
        concepts: Card::all_to_learn(view, &step.concepts),
        together: step.together,
        material: MaterialAnswer::new(view, step.material),
        further: further.collect(),
        minutes: step.minutes,
        minutes_locked: step.minutes_locked,
        access: access.as_str().into(),
        locked: step.is_locked,
        strength: Strength::as_str(step.strength).into(),
        why: Ref::all(corpus, &step.why),
        also_teaches: Ref::all(corpus, &step.also_teaches),
        needs: places(&ties.needs),
        needs_inferred: places(&ties.inferred),
        needed_by: places(&ties.needed_by),
        reason: ties.reason.map(Str::from),
    }
}

/// Names of pages, one at least.
fn names() -> ApiSchema {
    let name = ObjectBuilder::new().schema_type(Type::String).pattern(Some("[^\\s,]"));
    ArrayBuilder::new().items(name).min_items(Some(1)).max_items(Some(limits::REFERENCES)).into()
}

/// Minutes below 100,000, or hours, minutes and days that are less than a year.
fn budgets() -> ApiSchema {
    let pattern = "^([1-9][0-9]{0,4}(m|min)?|[1-9][0-9]{0,2}h([0-9]{1,2}m)?|P[1-9][0-9]{0,1}W|\
                   P[1-9][0-9]{0,1}D(T[0-9]{1,3}H)?|PT[1-9][0-9]{0,2}H([0-9]{1,2}M)?|PT[1-9][0-9]{0,4}M)$";
    let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern));
    // In JSON, minutes may be a number.
    text.minimum(Some(1)).maximum(Some(limits::BUDGET_MINUTES)).into()
}

/// `90`, `90m`, `1h30m`, `1H30M`, `PT1H30M` as minutes.
fn minutes(given: &str) -> Result<u32, Refusal> {
    let minutes = gradus_load::minutes(given).filter(|minutes| (1..=limits::BUDGET_MINUTES).contains(minutes));
    minutes.ok_or_else(|| {
        let max = limits::BUDGET_MINUTES;
        Refusal::invalid(
            "budget",
            format_args!("'{given}' is neither minutes from 1 to {max} nor a duration like PT2H"),
        )
    })
}

impl Answer for PlanAnswer<'_> {
    fn body(&self) -> Result<AnswerBody<'_>, Failure> {
        AnswerBody::json(self)
    }

    fn sheet(&self) -> Sheet {
        let remarks = |all: &[PlanRemark<'_>]| {
            all.iter().map(|one| format!("{} ({})", one.concept.title, one.reason)).collect::<Vec<_>>().join(", ")
        };
        let gaps = self.gaps.iter().map(|gap| &*gap.concept.title).collect::<Vec<_>>().join(", ");
        let budget = self.budget_minutes.filter(|_| !self.fits).map(|minutes| minutes.to_string());
        let locked = Some(self.minutes_locked).filter(|minutes| *minutes > 0).map(|minutes| minutes.to_string());
        let none = match (self.steps.is_empty(), self.deferred.is_empty()) {
            (true, true) => "none: all that it needs is known",
            (true, false) => "none fits",
            (false, _) => "",
        };
        Sheet::steps(&self.steps, PlanStep::row)
            .note("steps", none)
            .note("minutes", self.minutes_total.to_string())
            .note("minutes of it that are locked", locked.unwrap_or_default())
            .note("does not fit into minutes", budget.unwrap_or_default())
            .note("left out", remarks(&self.deferred))
            .note("taught by no guide", gaps)
            .note("may start with", Card::titles(&self.start))
    }

    fn schema() -> Schema {
        Schema::of::<Self>()
    }
}

impl PlanStep<'_> {
    fn row(&self) -> SheetRow {
        let titles = Card::titles(&self.concepts);
        let guide = self.material.guide.as_ref();
        let title =
            if titles.is_empty() { guide.map_or(String::new(), |guide| guide.title.to_string()) } else { titles };
        let lesson = self.material.place();
        let place = match (guide, &self.material.section) {
            (Some(guide), Some(section)) if guide.title != section.title => {
                format!("in {} § {}", guide.title, section.title)
            }
            _ => lesson.map_or_else(|| "its own page".to_owned(), |(title, _)| format!("in {title}")),
        };
        let url = lesson.map(|(_, url)| url).or_else(|| self.concepts.first().map(|concept| &*concept.url));
        let lock = if self.locked { ", locked" } else { "" };
        let remark = format!("{} min{lock}", self.minutes);
        // The first is what is learned here, the second what needs it.
        let why = self.why.get(1).map(|next| match &self.reason {
            Some(reason) => format!("for {}: {reason}", next.title),
            None => format!("for {}", next.title),
        });
        let below = std::iter::once(place).chain(url.map(str::to_owned)).chain(why).collect();
        let row = SheetRow::new(&format!("{:>2}", self.n), &title, url.unwrap_or_default(), &[&remark]);
        SheetRow { below, ..row }
    }
}
