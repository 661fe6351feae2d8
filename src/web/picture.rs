//! Pictures on pages: a plan's steps as numbered discs beside the list, a concept between what it needs and what it opens.

use gradus_engine::picture::{ColumnNodes, EdgeLine, PictureCaption, PictureEdge, PictureNode, columns, discs};
use gradus_engine::questions::concept::ConceptAnswer;
use gradus_engine::questions::page_parts::PrerequisiteRef;
use gradus_engine::questions::plan::PlanAnswer;

use super::link;
use super::steps::StepLine;
use super::words::Words;

/// The steps of `plan`, foundations at the top; `None` where there is nothing to connect.
pub(super) fn of_steps(w: &Words, plan: &PlanAnswer<'_>, steps: &[StepLine<'_>]) -> Option<String> {
    let node = |step: &StepLine<'_>| PictureNode {
        label: step.n.to_string(),
        title: format!("{}. {}", step.n, step.title),
        href: format!("#step-{}", step.n),
        class: class(&[("c", true), ("goal", step.is_goal), ("locked", step.is_locked)]),
    };
    let nodes: Vec<PictureNode> = steps.iter().map(node).collect();
    let needs = plan.steps.iter().flat_map(|step| step.needs.iter().map(move |need| (*need, step.n)));
    let edge = |(from, to): (usize, usize)| PictureEdge { from: from - 1, to: to - 1, line: EdgeLine::Solid };
    let edges: Vec<PictureEdge> = needs.map(edge).collect();
    let caption = PictureCaption {
        prefix: "steps".to_owned(),
        title: w.picture.to_owned(),
        description: w.picture_description.of(steps.len()),
    };
    (nodes.len() > 1).then(|| discs(&nodes, &edges, caption).inline())
}

/// `concept` between what it needs and what needs it; `None` where it has neither.
pub(super) fn around(w: &Words, concept: &ConceptAnswer<'_>) -> Option<String> {
    let (card, ties) = (&concept.page.card, &concept.ties);
    if ties.prerequisites.is_empty() && ties.unlocks.is_empty() {
        return None;
    }
    let own = |id: &str, title: &str, class: String| PictureNode {
        label: title.to_owned(),
        title: title.to_owned(),
        href: link::page(id),
        class,
    };
    let side = |edges: &[PrerequisiteRef<'_>]| -> Vec<(PictureNode, bool)> {
        let node = |edge: &PrerequisiteRef<'_>| {
            let kind = if &*edge.page.kind == "guide" { "g" } else { "c" };
            let node = own(&edge.page.id, &edge.page.title, class(&[(kind, true), ("locked", edge.page.locked)]));
            (node, &*edge.strength == "recommended")
        };
        edges.iter().map(node).collect()
    };
    let nodes = ColumnNodes {
        before: side(&ties.prerequisites),
        centre: own(&card.id, &card.title, "c goal".to_owned()),
        after: side(&ties.unlocks),
        all_before: "#h-before".to_owned(),
        all_after: "#h-unlocks".to_owned(),
    };
    let caption = PictureCaption {
        prefix: "around".to_owned(),
        title: w.around.of(&card.title),
        description: w.around_description.of2(ties.prerequisites.len(), ties.unlocks.len()),
    };
    Some(columns(&nodes, caption).inline())
}

/// The names that hold, with spaces between.
fn class(names: &[(&str, bool)]) -> String {
    let holding = names.iter().filter(|(_, holds)| *holds).map(|(name, _)| *name);
    holding.collect::<Vec<_>>().join(" ")
}
