//! The steps of a plan as a page lists them: what is learned, where to read it, why, and for which later steps.

use gradus_engine::questions::material::MaterialAnswer;
use gradus_engine::questions::plan::{InferredEdge, PlanAnswer, PlanStep};

use super::inference::hundredths;
use super::lines::LinkLine;
use super::link;
use super::words::Words;

/// A step of a plan.
pub(super) struct StepLine<'a> {
    pub(super) n: usize,
    /// What is learned; the guide where it teaches no concept but is wanted itself.
    pub(super) concepts: Vec<LinkLine<'a>>,
    /// Their full ids, with commas.
    pub(super) ids: String,
    /// Their titles, with commas.
    pub(super) title: String,
    /// Where it is read; several places where what is learned together is taught in several.
    pub(super) lessons: Vec<StepLesson<'a>>,
    pub(super) is_locked: bool,
    /// Why the first later step needs it, in the author's words.
    pub(super) why: Option<&'a str>,
    /// The later steps that need it by what is declared.
    pub(super) needed_by: Vec<usize>,
    /// The later steps that need it by what texts say.
    pub(super) said: Vec<SaidLine<'a>>,
    /// The chain of titles from here to the goal, where it passes others.
    pub(super) chain: Vec<&'a str>,
    pub(super) minutes: u32,
    /// Minutes of this step and all before it.
    pub(super) minutes_so_far: u32,
    pub(super) is_goal: bool,
    pub(super) is_optional: bool,
    pub(super) is_together: bool,
}

/// A line that speaks for a prerequisite that nobody has declared.
pub(super) struct SaidLine<'a> {
    /// The step that would need it.
    pub(super) n: usize,
    /// How likely it is, in hundredths.
    pub(super) percent: u32,
    pub(super) text: &'a str,
}

/// Where a step is read.
pub(super) struct StepLesson<'a> {
    pub(super) href: String,
    /// What is read: a section, or a guide.
    pub(super) title: &'a str,
    /// The guide that the section stands in.
    pub(super) guide: Option<&'a str>,
    /// How much of the guide, where no section is named.
    pub(super) extent: &'static str,
}

/// The steps of `plan`.
pub(super) fn steps<'a>(w: &'static Words, plan: &'a PlanAnswer<'_>) -> Vec<StepLine<'a>> {
    let mut minutes_so_far = 0;
    let line = |step: &'a PlanStep<'_>| {
        minutes_so_far += step.minutes;
        let guide = step.material.guide.as_slice();
        let shown = if step.concepts.is_empty() { guide } else { &step.concepts };
        let concepts: Vec<LinkLine<'_>> = shown.iter().map(LinkLine::new).collect();
        let is_target = |id: &str| plan.targets.iter().any(|target| target.id == id);
        let materials = std::iter::once(&step.material).chain(&step.further);
        StepLine {
            n: step.n,
            ids: concepts.iter().map(|one| one.id).collect::<Vec<_>>().join(","),
            title: concepts.iter().map(|one| one.title).collect::<Vec<_>>().join(", "),
            lessons: materials.filter_map(|material| lesson(w, material)).collect(),
            is_locked: step.locked,
            why: step.reason.as_deref(),
            needed_by: step.needed_by.iter().copied().filter(|n| !is_inferred(plan, step.n, *n)).collect(),
            said: said(plan, step),
            chain: if step.why.len() > 2 { step.why.iter().map(|page| &*page.title).collect() } else { Vec::new() },
            minutes: step.minutes,
            minutes_so_far,
            is_goal: step.concepts.iter().chain(guide).any(|one| is_target(&one.id)),
            is_optional: &*step.strength == "recommended",
            is_together: step.together,
            concepts,
        }
    };
    plan.steps.iter().map(line).collect()
}

/// Whether nobody has declared that step `n` is needed by step `later`.
fn is_inferred(plan: &PlanAnswer<'_>, n: usize, later: usize) -> bool {
    plan.steps.get(later - 1).is_some_and(|step| step.needs_inferred.contains(&n))
}

/// The lines by which later steps need `step`, where nobody has declared that.
fn said<'a>(plan: &'a PlanAnswer<'_>, step: &PlanStep<'_>) -> Vec<SaidLine<'a>> {
    let is_of =
        |step: &PlanStep<'_>, id: &str| step.concepts.iter().chain(&step.material.guide).any(|page| page.id == id);
    let mut lines = Vec::new();
    for later in step.needed_by.iter().filter_map(|n| plan.steps.get(n - 1)) {
        if later.needs_inferred.contains(&step.n) {
            let is_between = |edge: &&InferredEdge<'_>| is_of(step, &edge.from) && is_of(later, &edge.to);
            lines.extend(plan.inferred.iter().filter(is_between).map(|edge| SaidLine {
                n: later.n,
                percent: hundredths(edge.confidence),
                text: edge.reason.as_deref().unwrap_or_default(),
            }));
        }
    }
    lines.sort_by_key(|line| (line.n, std::cmp::Reverse(line.percent)));
    lines
}

/// Where `material` is read; `None` where a concept's own page is the lesson.
pub(super) fn lesson<'a>(w: &'static Words, material: &'a MaterialAnswer<'_>) -> Option<StepLesson<'a>> {
    let guide = material.guide.as_ref()?;
    let whole = |extent| StepLesson { href: link::page(&guide.id), title: &guide.title, guide: None, extent };
    Some(match &material.section {
        None => whole(w.whole_guide),
        Some(section) if *section.title == *guide.title => whole(w.its_beginning),
        Some(section) => StepLesson {
            href: link::section("guide", &section.id),
            title: &section.title,
            guide: Some(&guide.title),
            extent: "",
        },
    })
}
