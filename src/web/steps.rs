//! The steps of a plan as a page lists them: what is learned, where to read it, why, and for which later steps.

use std::collections::BTreeMap;

use gradus_engine::questions::plan::{PlanAnswer, PlanStep};
use gradus_engine::questions::prerequisites::{PrerequisiteEdge, PrerequisitesAnswer};

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
    pub(super) lesson: Option<StepLesson<'a>>,
    pub(super) is_locked: bool,
    /// Why the first later step needs it, in the author's words.
    pub(super) why: Option<&'a str>,
    /// The later steps that need it.
    pub(super) needed_by: Vec<usize>,
    /// The chain of titles from here to the goal, where it passes others.
    pub(super) chain: Vec<&'a str>,
    pub(super) minutes: u32,
    /// Minutes of this step and all before it.
    pub(super) minutes_so_far: u32,
    pub(super) is_goal: bool,
    pub(super) is_optional: bool,
    pub(super) is_together: bool,
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

/// The steps of `plan`; reasons come from the edges of `closures`.
pub(super) fn steps<'a>(
    w: &'static Words,
    plan: &'a PlanAnswer<'_>,
    closures: &'a [PrerequisitesAnswer<'_>],
) -> Vec<StepLine<'a>> {
    let concepts = plan.steps.iter().flat_map(|step| step.concepts.iter().map(|concept| (&*concept.id, step.n)));
    let step_of: BTreeMap<&str, usize> = concepts.collect();
    let edges: Vec<&PrerequisiteEdge<'_>> = closures.iter().flat_map(|closure| &closure.edges).collect();
    let mut minutes_so_far = 0;
    let line = |step: &'a PlanStep<'_>| {
        minutes_so_far += step.minutes;
        let needed = needed_by(step, &edges, &step_of);
        let shown = if step.concepts.is_empty() { step.guide.as_slice() } else { &step.concepts };
        let concepts: Vec<LinkLine<'_>> = shown.iter().map(LinkLine::new).collect();
        let is_goal = step.concepts.iter().chain(&step.guide).any(|one| plan.targets.iter().any(|to| to.id == one.id));
        StepLine {
            n: step.n,
            ids: concepts.iter().map(|one| one.id).collect::<Vec<_>>().join(","),
            title: concepts.iter().map(|one| one.title).collect::<Vec<_>>().join(", "),
            concepts,
            lesson: lesson(w, step),
            is_locked: false,
            why: needed.first().and_then(|(_, reason)| *reason),
            needed_by: needed.into_iter().map(|(n, _)| n).collect(),
            chain: if step.why.len() > 2 { step.why.iter().map(|page| &*page.title).collect() } else { Vec::new() },
            minutes: step.minutes,
            minutes_so_far,
            is_goal,
            is_optional: &*step.strength == "recommended",
            is_together: step.together,
        }
    };
    plan.steps.iter().map(line).collect()
}

/// The later steps that need `step`, each with the first reason that an author gave.
fn needed_by<'a>(
    step: &PlanStep<'_>,
    edges: &[&'a PrerequisiteEdge<'_>],
    step_of: &BTreeMap<&str, usize>,
) -> Vec<(usize, Option<&'a str>)> {
    let mut needed: BTreeMap<usize, Option<&'a str>> = BTreeMap::new();
    let is_ours = |edge: &&&PrerequisiteEdge<'_>| step.concepts.iter().any(|concept| concept.id == edge.from);
    for edge in edges.iter().filter(is_ours) {
        if let Some(n) = step_of.get(&*edge.to).filter(|n| **n != step.n) {
            let reason = needed.entry(*n).or_default();
            *reason = reason.or(edge.reason.as_deref());
        }
    }
    needed.into_iter().collect()
}

fn lesson<'a>(w: &'static Words, step: &'a PlanStep<'_>) -> Option<StepLesson<'a>> {
    let guide = step.guide.as_ref()?;
    let whole = |extent| StepLesson { href: link::page(&guide.id), title: &guide.title, guide: None, extent };
    Some(match &step.section {
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
