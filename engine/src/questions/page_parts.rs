//! What the answers for concepts and for guides share.

use gradus_corpus::{Edge, Origin, Page, PageId, Relation, Strength};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::Str;
use super::card::Card;
use crate::view::View;

/// Where a fact comes from.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct SourceAnswer<'a> {
    /// As cited.
    pub title: Str<'a>,
    /// Where to read it.
    pub url: Option<Str<'a>>,
    /// Year of publication.
    pub year: Option<i32>,
}

/// The other end of a prerequisite edge.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PrerequisiteRef<'a> {
    /// Which page.
    #[serde(flatten)]
    pub page: Card<'a>,
    /// `required` or `recommended`.
    pub strength: Str<'a>,
    /// Why, in the author's words.
    pub reason: Option<Str<'a>>,
    /// How the edge came to be known.
    pub origin: Str<'a>,
}

/// What every page is tied to: where its facts come from, what it needs and what needs it.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PageTies<'a> {
    /// Where its facts come from.
    pub sources: Vec<SourceAnswer<'a>>,
    /// What it needs directly, required pages first.
    pub prerequisites: Vec<PrerequisiteRef<'a>>,
    /// Prerequisites that name no page, in the author's words.
    pub prose_prerequisites: Vec<Str<'a>>,
    /// What needs it directly, required pages first.
    pub unlocks: Vec<PrerequisiteRef<'a>>,
}

impl<'a> PageTies<'a> {
    /// The ties of `id`.
    pub(super) fn new(view: &'a View, id: PageId) -> Self {
        let page = view.corpus.page(id);
        Self {
            sources: sources(page),
            prerequisites: needs(view, id),
            prose_prerequisites: prose(page),
            unlocks: needed_by(view, id),
        }
    }
}

/// The sources of `page`.
fn sources(page: &Page) -> Vec<SourceAnswer<'_>> {
    let dress = |source: &'_ gradus_corpus::Source| SourceAnswer {
        title: source.title.to_string().into(),
        url: source.url.as_ref().map(|url| url.to_string().into()),
        year: source.year,
    };
    page.sources.iter().map(dress).collect()
}

/// Prerequisites of `page` that name no page, in the author's words.
pub(super) fn prose(page: &Page) -> Vec<Str<'_>> {
    page.prose_prerequisites.iter().map(|prose| Str::from(&*prose.text)).collect()
}

/// What `id` needs directly, required pages first.
pub(super) fn needs(view: &View, id: PageId) -> Vec<PrerequisiteRef<'_>> {
    let is_prerequisite = |edge: &&Edge| {
        matches!(edge.relation, Relation::Requires | Relation::Assumes) && edge.origin != Origin::Inferred
    };
    let edges = view.corpus.declared_by(id).iter().filter(is_prerequisite);
    by_strength(edges.map(|edge| dress(view, edge, edge.to)).collect())
}

/// What needs `id` directly, required pages first.
fn needed_by(view: &View, id: PageId) -> Vec<PrerequisiteRef<'_>> {
    let edges = view.graph.dependents(id).map(|idx| &view.corpus.declared()[idx as usize]);
    by_strength(edges.map(|edge| dress(view, edge, edge.from)).collect())
}

fn by_strength(mut all: Vec<PrerequisiteRef<'_>>) -> Vec<PrerequisiteRef<'_>> {
    all.sort_by_key(|one| one.strength != Strength::Required.as_str());
    all
}

fn dress<'a>(view: &'a View, edge: &'a Edge, other: PageId) -> PrerequisiteRef<'a> {
    PrerequisiteRef {
        page: Card::to_learn(view, other),
        strength: edge.strength.as_str().into(),
        reason: edge.reason.as_ref().map(Str::from),
        origin: edge.origin.as_str().into(),
    }
}

/// The titles of `all`, with commas between.
pub(super) fn titles(all: &[PrerequisiteRef<'_>]) -> String {
    Card::titles(all.iter().map(|one| &one.page))
}
