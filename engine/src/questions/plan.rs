//! Plans: what to learn, in which order, to reach these targets in this time?

use gradus_corpus::{Level, PageId, Strength};
use gradus_graph::{Assume, DeferReason, GapReason, Material, PlanOptions, StudyStep};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema as ApiSchema, Type};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Answer, AnswerBody, Schema, Str};
use super::choice::{choice, choices, list_of, one_of_these, spellings, text_like};
use super::question::{AnswerCost, BodyForm, Question, question};
use super::reference::{Ref, find_list};
use super::refusal::{Failure, QuestionError, Refusal, RefusalCode};
use super::section_parts::SectionRef;
use super::sheet::{Sheet, SheetRow};
use crate::limits;
use crate::view::View;

question! {
    /// Plan what to learn: the cheapest guides and sections, nothing before what it needs, as far as the budget goes.
    PlanQuestion
}

/// What to reach, what is known, how much time there is.
#[derive(Clone, Debug, Default, Deserialize, IntoParams, ToSchema)]
#[serde(default)]
pub struct PlanParams {
    /// Concepts or guides to reach.
    #[param(required = true, example = "paged-attention")]
    pub target: Vec<String>,
    /// What the reader knows.
    #[param(max_items = 5000)]
    pub known: Vec<String>,
    /// Minutes, or an ISO 8601 duration such as `PT2H`.
    pub budget: Option<String>,
    /// Whether what is known counts with its whole closure (`transitive`, the default) or alone (`exact`): then what it
    /// needs is planned as well.
    pub assume: Option<String>,
    /// `required`, or `recommended` for those prerequisites too, as far as the budget allows.
    pub include: Option<String>,
    /// Prefer guides of this track, more than those of a level, and plan no recommended pages of other tracks.
    pub track: Vec<String>,
    /// Prefer guides of this level.
    pub level: Vec<String>,
}

/// A plan.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PlanAnswer<'a> {
    /// What it reaches.
    pub targets: Vec<Ref<'a>>,
    /// What to learn, in this order: nothing comes before what it needs.
    pub steps: Vec<PlanStep<'a>>,
    /// Minutes of all steps.
    pub minutes_total: u32,
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
    /// The snapshot that answered.
    pub generation: Str<'a>,
}

/// A step of a plan: what is learned in one go.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PlanStep<'a> {
    /// Its place, from 1.
    pub n: usize,
    /// The concepts to learn, foundations first; none for a guide that teaches none but is wanted or needed itself.
    pub concepts: Vec<Ref<'a>>,
    /// Whether the concepts need each other, so that none of them comes first.
    pub together: bool,
    /// The guide to learn them from; null where the concept's own page is the lesson.
    pub guide: Option<Ref<'a>>,
    /// The section of the guide; null where the whole guide is the lesson.
    pub section: Option<SectionRef<'a>>,
    /// Where else to learn them: concepts that need each other may be taught in several places.
    pub further: Vec<MaterialAnswer<'a>>,
    /// Minutes; 0 where a lesson is gone on with that an earlier step began.
    pub minutes: u32,
    /// `required` or `recommended`.
    pub strength: Str<'a>,
    /// The chain of prerequisites from the first concept to a target.
    pub why: Vec<Ref<'a>>,
    /// Other concepts of this plan that the same lesson teaches.
    pub also_teaches: Vec<Ref<'a>>,
}

/// What to learn from.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct MaterialAnswer<'a> {
    /// The guide; null where the concept's own page is the lesson.
    pub guide: Option<Ref<'a>>,
    /// The section of the guide; null where the whole guide is the lesson.
    pub section: Option<SectionRef<'a>>,
}

/// A concept, and what is told of it.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PlanRemark<'a> {
    /// Which concept.
    pub concept: Ref<'a>,
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

fn plan<'a>(view: &'a View, params: &PlanParams) -> Result<PlanAnswer<'a>, Refusal> {
    if params.target.is_empty() {
        return Err(Refusal::invalid("target", "name at least one concept or guide to reach"));
    }
    let levels = choices("level", &params.level, Level::ALL, Level::as_str)?;
    let corpus = &*view.corpus;
    let targets = find_list(view, "target", &params.target)?;
    let known = find_list(view, "known", &params.known)?;
    let budget = params.budget.as_deref().map(minutes).transpose()?;
    let track = gradus_index::Filters::default().with("track", params.track.iter().cloned());
    let level = |guide: &gradus_corpus::Page| levels.is_empty() || guide.level.is_some_and(|one| levels.contains(&one));
    let plan = view.graph.plan(&PlanOptions {
        assume: choice("assume", params.assume.as_deref(), &ASSUMPTIONS)?.unwrap_or(Assume::Transitive),
        budget,
        include_recommended: choice("include", params.include.as_deref(), &INCLUSIONS)?.unwrap_or(false),
        recommend: &|page| corpus.page(page).tracks.is_empty() || track.pass(corpus.page(page)),
        // The track weighs more: a level is how hard a guide is, a track what it is for.
        prefer: &|guide| {
            let guide = corpus.page(guide);
            2 * u32::from(track.pass(guide)) + u32::from(level(guide))
        },
        ..PlanOptions::new(&targets, &known)
    });
    let plan = plan.map_err(|too_far| Refusal::invalid("target", too_far))?;
    Ok(PlanAnswer {
        targets: Ref::all(corpus, &targets),
        steps: (1..).zip(&plan.steps).map(|(n, step)| dress(view, n, step)).collect(),
        minutes_total: plan.minutes_total,
        budget_minutes: budget,
        fits: plan.fits,
        cheapest: plan.is_cheapest,
        deferred: plan.deferred.iter().map(|(concept, reason)| deferred(view, *concept, *reason)).collect(),
        assumed_known: Ref::all(corpus, &plan.assumed_known),
        gaps: plan.gaps.iter().map(|(concept, reason)| gap(view, *concept, *reason)).collect(),
        generation: (&view.generation).into(),
    })
}

fn deferred(view: &View, concept: PageId, reason: DeferReason) -> PlanRemark<'_> {
    let reason = match reason {
        DeferReason::RecommendedOverBudget => "recommended; over budget",
        DeferReason::RecommendedForOthers => "recommended; for another track",
        DeferReason::RequiredOverBudget => "over budget",
        DeferReason::NeedsDeferred => "needs something that is over budget",
    };
    PlanRemark { concept: Ref::new(&view.corpus, concept), reason: reason.into() }
}

fn gap(view: &View, concept: PageId, reason: GapReason) -> PlanRemark<'_> {
    let reason = match reason {
        GapReason::NoGuide => "no guide teaches it; its own page is the lesson",
    };
    PlanRemark { concept: Ref::new(&view.corpus, concept), reason: reason.into() }
}

fn dress<'a>(view: &'a View, n: usize, step: &StudyStep) -> PlanStep<'a> {
    let corpus = &*view.corpus;
    let MaterialAnswer { guide, section } = dress_material(view, step.material);
    PlanStep {
        n,
        concepts: Ref::all(corpus, &step.concepts),
        together: step.together,
        guide,
        section,
        further: step.further.iter().map(|material| dress_material(view, *material)).collect(),
        minutes: step.minutes,
        strength: Strength::as_str(step.strength).into(),
        why: Ref::all(corpus, &step.why),
        also_teaches: Ref::all(corpus, &step.also_teaches),
    }
}

fn dress_material(view: &View, material: Material) -> MaterialAnswer<'_> {
    let corpus = &*view.corpus;
    let section = material.guide.zip(material.section).map(|(guide, idx)| SectionRef::new(corpus.page(guide), idx));
    MaterialAnswer { guide: material.guide.map(|guide| Ref::new(corpus, guide)), section }
}

/// The spellings of how far what is known reaches.
const ASSUMPTIONS: [(&str, Assume); 2] = [("transitive", Assume::Transitive), ("exact", Assume::Exact)];
/// The spellings of whether recommended prerequisites are planned.
const INCLUSIONS: [(&str, bool); 2] = [("required", false), ("recommended", true)];

/// Names of pages, one at least.
fn names() -> ApiSchema {
    let name = ObjectBuilder::new().schema_type(Type::String).pattern(Some("[^\\s,]"));
    ArrayBuilder::new().items(name).min_items(Some(1)).max_items(Some(limits::REFERENCES)).into()
}

/// Minutes below 100,000, or hours, minutes and days that are less than a year.
fn budgets() -> ApiSchema {
    text_like(
        "^([1-9][0-9]{0,4}(m|min)?|[1-9][0-9]{0,2}h([0-9]{1,2}m)?|P[1-9][0-9]{0,1}W|P[1-9][0-9]{0,1}D(T[0-9]{1,3}H)?|\
         PT[1-9][0-9]{0,2}H([0-9]{1,2}M)?|PT[1-9][0-9]{0,4}M)$",
    )
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
        Sheet::steps(&self.steps, PlanStep::row)
            .note("minutes", self.minutes_total.to_string())
            .note("does not fit into minutes", budget.unwrap_or_default())
            .note("left out", remarks(&self.deferred))
            .note("taught by no guide", gaps)
    }

    fn schema() -> Schema {
        Schema::of::<Self>()
    }
}

impl PlanStep<'_> {
    fn row(&self) -> SheetRow {
        let titles = Ref::titles(&self.concepts);
        let guide = self.guide.as_ref().map(|guide| (&*guide.title, &*guide.url));
        let section = self.section.as_ref().map(|section| (&*section.title, section.url.as_str()));
        let lesson = section.or(guide);
        let title = if titles.is_empty() { guide.map_or(String::new(), |(title, _)| title.to_owned()) } else { titles };
        let place = lesson.map_or_else(|| "its own page".to_owned(), |(title, _)| format!("in {title}"));
        let url = lesson.map(|(_, url)| url).or_else(|| self.concepts.first().map(|concept| &*concept.url));
        let remark = format!("{} min, {place}", self.minutes);
        SheetRow::new(&format!("{:>2}", self.n), &title, url.unwrap_or_default(), &[&remark])
    }
}
