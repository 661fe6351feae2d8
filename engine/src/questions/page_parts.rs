//! What the answers for concepts and for guides share.

use gradus_corpus::{Edge, Origin, Page, PageId, Relation, Strength};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::Str;
use super::reference::Ref;
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
    pub page: Ref<'a>,
    /// `required` or `recommended`.
    pub strength: Str<'a>,
    /// Why, in the author's words.
    pub reason: Option<Str<'a>>,
    /// How the edge came to be known.
    pub origin: Str<'a>,
}

/// The sources of `page`.
pub(super) fn sources(page: &Page) -> Vec<SourceAnswer<'_>> {
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
pub(super) fn needed_by(view: &View, id: PageId) -> Vec<PrerequisiteRef<'_>> {
    let edges = view.graph.dependents(id).map(|idx| &view.corpus.declared()[idx as usize]);
    by_strength(edges.map(|edge| dress(view, edge, edge.from)).collect())
}

fn by_strength(mut all: Vec<PrerequisiteRef<'_>>) -> Vec<PrerequisiteRef<'_>> {
    all.sort_by_key(|one| one.strength != Strength::Required.as_str());
    all
}

fn dress<'a>(view: &'a View, edge: &'a Edge, other: PageId) -> PrerequisiteRef<'a> {
    PrerequisiteRef {
        page: Ref::new(&view.corpus, other),
        strength: edge.strength.as_str().into(),
        reason: edge.reason.as_ref().map(Str::from),
        origin: edge.origin.as_str().into(),
    }
}

/// The titles of `all`, with commas between.
pub(super) fn titles(all: &[PrerequisiteRef<'_>]) -> String {
    all.iter().map(|one| &*one.page.title).collect::<Vec<_>>().join(", ")
}
