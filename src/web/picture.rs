//! Pictures on pages: a plan's steps as numbered discs beside the list, a concept between what it needs and what it opens.

use gradus_engine::picture::{
    ColumnNodes, EdgeLine, PictureCaption, PictureEdge, PictureNode, columns, discs, network,
};
use gradus_engine::questions::card::Card;
use gradus_engine::questions::plan::PlanAnswer;
use gradus_engine::questions::topics::TopicItem;

use super::lines::LinkLine;
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
    let edges = plan.steps.iter().flat_map(|step| {
        let line = |need| if step.needs_inferred.contains(need) { EdgeLine::Dotted } else { EdgeLine::Solid };
        step.needs.iter().map(move |need| PictureEdge { from: need - 1, to: step.n - 1, line: line(need) })
    });
    let edges: Vec<PictureEdge> = edges.collect();
    let is_inferred = edges.iter().any(|edge| edge.line == EdgeLine::Dotted);
    let counted = w.picture_description.of(steps.len());
    let caption = PictureCaption {
        prefix: "steps".to_owned(),
        title: w.picture.to_owned(),
        description: if is_inferred { format!("{counted} {}", w.inferred_dotted) } else { counted },
    };
    (nodes.len() > 1).then(|| discs(&nodes, &edges, caption).inline())
}

/// `card` between what it needs and what needs it; `None` where it has neither.
pub(super) fn around(w: &Words, card: &Card<'_>, before: &[LinkLine<'_>], after: &[LinkLine<'_>]) -> Option<String> {
    if before.is_empty() && after.is_empty() {
        return None;
    }
    let own = |id: &str, title: &str, class: String| PictureNode {
        label: title.to_owned(),
        title: title.to_owned(),
        href: link::page(id),
        class,
    };
    let side = |lines: &[LinkLine<'_>]| -> Vec<(PictureNode, EdgeLine)> {
        let node = |one: &LinkLine<'_>| {
            let kind = if one.is_guide { "g" } else { "c" };
            let edge = match (one.inferred, one.is_optional) {
                (Some(_), _) => EdgeLine::Dotted,
                (None, true) => EdgeLine::Dashed,
                (None, false) => EdgeLine::Solid,
            };
            (own(one.id, one.title, class(&[(kind, true), ("locked", one.is_locked)])), edge)
        };
        lines.iter().map(node).collect()
    };
    let nodes = ColumnNodes {
        before: side(before),
        centre: own(&card.id, &card.title, "c goal".to_owned()),
        after: side(after),
        all_before: "#h-before".to_owned(),
        all_after: "#h-unlocks".to_owned(),
    };
    let caption = PictureCaption {
        prefix: "around".to_owned(),
        title: w.around.of(&card.title),
        description: w.around_description.of2(before.len(), after.len()),
    };
    Some(columns(&nodes, &|n| w.n_more.of(n), caption).inline())
}

/// The names that hold, with spaces between.
fn class(names: &[(&str, bool)]) -> String {
    let holding = names.iter().filter(|(_, holds)| *holds).map(|(name, _)| *name);
    holding.collect::<Vec<_>>().join(" ")
}

/// Topics that a picture shows: of more it would be a table of boxes.
const TOPICS: usize = 16;
/// Topics near each that it is joined with.
const JOINED: usize = 2;

/// The largest of `topics` that something joins, under these names, each joined with those that it has most to do with; `None`
/// where nothing joins any.
pub(super) fn of_topics(w: &Words, topics: &[TopicItem<'_>], names: &[String]) -> Option<String> {
    let shown: Vec<(&TopicItem<'_>, &String)> =
        topics.iter().zip(names).filter(|(topic, _)| !topic.near.is_empty()).take(TOPICS).collect();
    let node = |(topic, name): &(&TopicItem<'_>, &String)| PictureNode {
        label: (*name).clone(),
        title: format!("{}: {}", topic.title, topic.size),
        href: format!("#{}", topic.id),
        class: if topic.central.iter().any(|page| &*page.kind == "guide") { "g" } else { "c" }.to_owned(),
    };
    let place = |id: &str| shown.iter().position(|(topic, _)| topic.id == id);
    let mut edges: Vec<PictureEdge> = Vec::new();
    for (at, (topic, _)) in shown.iter().enumerate() {
        for other in topic.near.iter().filter_map(|near| place(&near.id)).take(JOINED) {
            // What is larger stands above.
            let (from, to) = (at.min(other), at.max(other));
            edges.push(PictureEdge { from, to, line: EdgeLine::Solid });
        }
    }
    edges.sort_unstable();
    edges.dedup();
    let caption = PictureCaption {
        prefix: "topics".to_owned(),
        title: w.map_picture.to_owned(),
        description: w.map_description.of(shown.len()),
    };
    let nodes: Vec<PictureNode> = shown.iter().map(node).collect();
    (!edges.is_empty()).then(|| network(&nodes, &edges, caption).inline())
}
