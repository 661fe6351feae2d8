//! Plans: what to learn, in which order, to reach these targets in this time?

use gradus_corpus::{Level, PageId, Strength};
use gradus_graph::{Assume, DeferReason, GapReason, Material, PlanOptions, StudyStep};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::filter::{known, passes};
use super::section::{SectionRef, section_ref};
use super::{AskError, Ref, View, comma_list, find_list};
use crate::limits;

/// What to reach, what is known, how much time there is.
#[derive(Clone, Debug, Default, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct PlanAsk {
    /// Concepts or guides to reach.
    #[serde(deserialize_with = "comma_list")]
    #[param(example = "paged-attention")]
    pub target: Vec<String>,
    /// What the reader knows.
    #[serde(deserialize_with = "comma_list")]
    pub known: Vec<String>,
    /// Minutes, or an ISO 8601 duration such as `PT2H`.
    pub budget: Option<String>,
    /// Whether what is known counts with its whole closure (`transitive`, the default) or alone (`exact`): then what it
    /// needs is planned as well.
    pub assume: Option<String>,
    /// `required`, or `recommended` for those prerequisites too, as far as the budget allows.
    pub include: Option<String>,
    /// Prefer guides of this track, more than those of a level, and plan no recommended pages of other tracks.
    #[serde(deserialize_with = "comma_list")]
    pub track: Vec<String>,
    /// Prefer guides of this level.
    #[serde(deserialize_with = "comma_list")]
    pub level: Vec<String>,
}

/// A plan.
#[derive(Debug, Serialize, ToSchema)]
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
    pub deferred: Vec<Deferred<'a>>,
    /// What is taken as known.
    pub assumed_known: Vec<Ref<'a>>,
    /// Concepts that no guide teaches.
    pub gaps: Vec<Deferred<'a>>,
    /// The snapshot that answered.
    pub generation: &'a str,
}

/// A step of a plan: what is learned in one go.
#[derive(Debug, Serialize, ToSchema)]
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
    pub strength: &'static str,
    /// The chain of prerequisites from the first concept to a target.
    pub why: Vec<Ref<'a>>,
    /// Other concepts of this plan that the same lesson teaches.
    pub also_teaches: Vec<Ref<'a>>,
}

/// What to learn from.
#[derive(Debug, Serialize, ToSchema)]
pub struct MaterialAnswer<'a> {
    /// The guide; null where the concept's own page is the lesson.
    pub guide: Option<Ref<'a>>,
    /// The section of the guide; null where the whole guide is the lesson.
    pub section: Option<SectionRef<'a>>,
}

/// A concept and why it is told.
#[derive(Debug, Serialize, ToSchema)]
pub struct Deferred<'a> {
    /// Which concept.
    pub concept: Ref<'a>,
    /// Why.
    pub reason: &'static str,
}

/// Plans the way to the targets.
///
/// # Errors
/// If there is no target, or a parameter is wrong.
pub fn plan<'a>(view: &'a View, ask: &PlanAsk) -> Result<PlanAnswer<'a>, AskError> {
    if ask.target.is_empty() {
        return Err(AskError::invalid("target", "name at least one concept or guide to reach"));
    }
    known("level", &ask.level, Level::ALL, Level::as_str)?;
    let corpus = &view.corpus;
    let targets = find_list(view, "target", &ask.target)?;
    let known = find_list(view, "known", &ask.known)?;
    let budget = ask.budget.as_deref().map(minutes).transpose()?;
    let track = gradus_index::Filters::default().with("track", ask.track.clone());
    let level = gradus_index::Filters::default().with("level", ask.level.clone());
    let plan = view.graph.plan(&PlanOptions {
        assume: assume(ask.assume.as_deref())?,
        budget,
        include_recommended: include_recommended(ask.include.as_deref())?,
        recommend: &|page| corpus.page(page).tracks.is_empty() || passes(corpus.page(page), &track),
        // The track weighs more: a level is how hard a guide is, a track what it is for.
        prefer: &|guide| {
            let guide = corpus.page(guide);
            2 * u32::from(passes(guide, &track)) + u32::from(passes(guide, &level))
        },
        ..PlanOptions::new(&targets, &known)
    });
    let plan = plan.map_err(|too_far| AskError::invalid("target", too_far))?;
    let deferred = |(concept, reason): &(PageId, DeferReason)| Deferred {
        concept: Ref::new(corpus, *concept),
        reason: match reason {
            DeferReason::RecommendedOverBudget => "recommended; over budget",
            DeferReason::RecommendedForOthers => "recommended; for another track",
            DeferReason::RequiredOverBudget => "over budget",
            DeferReason::NeedsDeferred => "needs something that is over budget",
        },
    };
    let gap = |(concept, reason): &(PageId, GapReason)| Deferred {
        concept: Ref::new(corpus, *concept),
        reason: match reason {
            GapReason::NoGuide => "no guide teaches it; its own page is the lesson",
        },
    };
    Ok(PlanAnswer {
        targets: Ref::all(corpus, &targets),
        steps: (1..).zip(&plan.steps).map(|(n, step)| dress(view, n, step)).collect(),
        minutes_total: plan.minutes_total,
        budget_minutes: budget,
        fits: plan.fits,
        cheapest: plan.is_cheapest,
        deferred: plan.deferred.iter().map(deferred).collect(),
        assumed_known: Ref::all(corpus, &plan.assumed_known),
        gaps: plan.gaps.iter().map(gap).collect(),
        generation: &view.generation,
    })
}

fn dress<'a>(view: &'a View, n: usize, step: &StudyStep) -> PlanStep<'a> {
    let corpus = &view.corpus;
    let MaterialAnswer { guide, section } = dress_material(view, step.material);
    PlanStep {
        n,
        concepts: Ref::all(corpus, &step.concepts),
        together: step.together,
        guide,
        section,
        further: step.further.iter().map(|material| dress_material(view, *material)).collect(),
        minutes: step.minutes,
        strength: Strength::as_str(step.strength),
        why: Ref::all(corpus, &step.why),
        also_teaches: Ref::all(corpus, &step.also_teaches),
    }
}

fn dress_material(view: &View, material: Material) -> MaterialAnswer<'_> {
    let corpus = &view.corpus;
    let section = material.guide.zip(material.section).map(|(guide, idx)| section_ref(corpus.page(guide), idx));
    MaterialAnswer { guide: material.guide.map(|guide| Ref::new(corpus, guide)), section }
}

fn assume(given: Option<&str>) -> Result<Assume, AskError> {
    match given {
        None | Some("transitive") => Ok(Assume::Transitive),
        Some("exact") => Ok(Assume::Exact),
        Some(other) => Err(AskError::invalid("assume", format_args!("'{other}' is neither transitive nor exact"))),
    }
}

fn include_recommended(given: Option<&str>) -> Result<bool, AskError> {
    match given {
        None | Some("required") => Ok(false),
        Some("recommended") => Ok(true),
        Some(other) => Err(AskError::invalid("include", format_args!("'{other}' is neither required nor recommended"))),
    }
}

/// `90`, `90m`, `1h30m`, `1H30M`, `PT1H30M` as minutes.
fn minutes(given: &str) -> Result<u32, AskError> {
    let minutes = gradus_load::minutes(given).filter(|minutes| (1..=limits::BUDGET_MINUTES).contains(minutes));
    minutes.ok_or_else(|| {
        let max = limits::BUDGET_MINUTES;
        AskError::invalid(
            "budget",
            format_args!("'{given}' is neither minutes from 1 to {max} nor a duration like PT2H"),
        )
    })
}
