//! The brief: what a search that names a concept tells of it at once, so that nobody has to ask again.

use std::cmp::Reverse;

use gradus_corpus::{Edge, Origin, PageId, Relation, Strength};
use gradus_graph::StrengthFilter;
use gradus_index::Filters;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::limits;
use crate::questions::card::Card;
use crate::questions::material::MaterialAnswer;
use crate::questions::prerequisites::minutes_to_learn;
use crate::view::View;

/// Pages that a brief names beside its concept, on either side.
const NEAREST: usize = 3;

/// A concept that a query names: what it is, where to learn it, what it needs and what it leads to.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct ConceptBrief<'a> {
    /// Which concept, with its definition and what learning it takes.
    #[serde(flatten)]
    pub page: Card<'a>,
    /// The best place to learn it from: one that the viewer can open, if there is any.
    #[serde(flatten)]
    pub material: MaterialAnswer<'a>,
    /// What it needs.
    pub prerequisites: BriefNeeds<'a>,
    /// What it leads to.
    pub unlocks: BriefUnlocks<'a>,
}

/// What a concept needs, in short.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct BriefNeeds<'a> {
    /// The first three that it needs directly.
    pub items: Vec<Card<'a>>,
    /// How many it needs, directly or not.
    pub total: usize,
    /// Minutes of a plan that learns all of them; null where they are too many to count.
    pub minutes: Option<u32>,
    /// Minutes among them that the viewer cannot open.
    pub minutes_locked: Option<u32>,
    /// Whether there are more than were counted.
    pub truncated: bool,
}

/// What a concept leads to, in short.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct BriefUnlocks<'a> {
    /// Of those that need it directly, the three that most others need.
    pub items: Vec<Card<'a>>,
    /// How many need it, directly or not.
    pub total: usize,
    /// Whether there are more than were counted.
    pub truncated: bool,
}

/// The brief of the one concept among the pages that a query names; `None` where it names no concept or several, or one
/// that `filters` keep out. O(what it needs and what it unlocks), as far as [`limits::BRIEF_PAGES`].
pub(super) fn brief<'a>(view: &'a View, named: &[PageId], filters: &Filters) -> Option<ConceptBrief<'a>> {
    let mut concepts = named.iter().copied().filter(|page| view.corpus.is_concept(*page));
    let concept = concepts.next()?;
    if concepts.next().is_some() || !filters.pass(view.corpus.page(concept)) {
        return None;
    }
    let lesson = view.lesson(concept);
    Some(ConceptBrief {
        page: Card::new(view, concept).with_lesson(view, concept, lesson),
        material: MaterialAnswer::new(view, lesson.material),
        prerequisites: needs(view, concept),
        unlocks: unlocks(view, concept),
    })
}

fn needs(view: &View, concept: PageId) -> BriefNeeds<'_> {
    let is_need = |edge: &&Edge| {
        edge.relation == Relation::Requires && edge.strength == Strength::Required && edge.origin != Origin::Inferred
    };
    let direct = view.corpus.declared_by(concept).iter().filter(is_need).map(|edge| edge.to);
    let (all, truncated) = view.graph.all_needed(concept, StrengthFilter::Required, limits::BRIEF_PAGES);
    let minutes = if truncated { None } else { minutes_to_learn(view, &all, &[]) };
    BriefNeeds {
        items: direct.take(NEAREST).map(|page| Card::to_learn(view, page)).collect(),
        total: all.len(),
        minutes: minutes.map(|minutes| minutes.total),
        minutes_locked: minutes.map(|minutes| minutes.locked),
        truncated,
    }
}

fn unlocks(view: &View, concept: PageId) -> BriefUnlocks<'_> {
    let edges = view.graph.dependents(concept).map(|idx| &view.corpus.declared()[idx as usize]);
    let direct = edges.filter(|edge| edge.relation == Relation::Requires && edge.strength == Strength::Required);
    let mut direct: Vec<PageId> = direct.map(|edge| edge.from).take(limits::BRIEF_PAGES).collect();
    direct.sort_by_cached_key(|page| (Reverse(view.graph.n_dependents(*page)), *page));
    direct.dedup();
    direct.truncate(NEAREST);
    let (all, truncated) = view.graph.all_unlocked(concept, StrengthFilter::Required, limits::BRIEF_PAGES);
    BriefUnlocks { items: Card::all_to_learn(view, &direct), total: all.len(), truncated }
}
