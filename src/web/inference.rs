//! What the texts speak for and nobody has declared: when pages show it, and how they tell it.

use gradus_engine::limits;
use gradus_engine::questions::prerequisites::{PrerequisiteEdge, PrerequisitesAnswer};
use gradus_engine::view::View;

use super::lines::LinkLine;
use super::visit::PageVisit;

/// The parameter that asks for it, and its value.
pub(super) const INCLUDE: (&str, &str) = ("include", "inferred");

/// Whether pages show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inference {
    /// Only where a reader asks: the site declares prerequisites, or wants none but those.
    Asked,
    /// Without being asked, and told as such; plans ask for it in their address.
    Offered,
    /// Everywhere: the site wants it.
    Always,
}

impl Inference {
    /// What holds for `visit`.
    pub(super) fn of(visit: &PageVisit) -> Self {
        Self::at(visit.view(), visit.pinned.snapshot().config.infers)
    }

    /// What holds for a site whose settings say `infers`.
    fn at(view: &View, infers: Option<bool>) -> Self {
        let declares = |relation: &str| view.counts.relations.contains_key(relation);
        let is_silent = !declares("requires") && !declares("assumes");
        match infers {
            Some(true) => Self::Always,
            None if is_silent && view.corpus.n_pages() <= limits::UNASKED_INFERENCE_PAGES => Self::Offered,
            _ => Self::Asked,
        }
    }

    /// Whether it is shown though the reader has not asked.
    pub(super) fn is_shown(self) -> bool {
        self != Self::Asked
    }

    /// Whether it is found already, or needs not to be.
    pub(super) fn is_ready(self, visit: &PageVisit) -> bool {
        !self.is_shown() || visit.view().has_inferred()
    }

    /// What plans are asked with so that they go by it.
    pub(super) fn of_plan(self) -> &'static [(&'static str, &'static str)] {
        if self == Self::Offered { &[INCLUDE] } else { &[] }
    }

    /// What questions about prerequisites are asked with; `required` says no where the site is silent.
    pub(super) fn value(self) -> &'static str {
        if self.is_shown() { INCLUDE.1 } else { "required" }
    }
}

/// Whether a site whose settings say `infers` shows what nobody has declared without being asked, though not everywhere.
pub(crate) fn offers_inference(view: &View, infers: Option<bool>) -> bool {
    Inference::at(view, infers) == Inference::Offered
}

/// The end of an edge that a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The prerequisite.
    From,
    /// What needs it.
    To,
}

/// What `closure` has at that end of the edges at its target that nobody has declared, the surest first.
pub(super) fn inferred<'a>(closure: &'a PrerequisitesAnswer<'_>, end: End) -> Vec<LinkLine<'a>> {
    let target = &closure.target.id;
    let line = |edge: &'a PrerequisiteEdge<'_>| {
        let (shown, other) = if end == End::From { (&edge.from, &edge.to) } else { (&edge.to, &edge.from) };
        let item = closure.items.iter().find(|item| item.page.id == *shown).filter(|_| other == target)?;
        Some(LinkLine { note: edge.reason.as_deref(), inferred: Some(percent(edge)?), ..LinkLine::of_item(item) })
    };
    let mut lines: Vec<LinkLine<'_>> = closure.edges.iter().filter_map(line).collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.inferred));
    lines
}

/// How likely `edge` is, in hundredths, where nobody has declared it.
fn percent(edge: &PrerequisiteEdge<'_>) -> Option<u32> {
    (&*edge.origin == "inferred").then(|| hundredths(edge.confidence.unwrap_or_default()))
}

/// A share from 0 to 1 in hundredths.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it lies between 0 and 100")]
pub(super) fn hundredths(share: f32) -> u32 {
    (share.clamp(0.0, 1.0) * 100.0).round() as u32
}
