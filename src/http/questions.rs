//! The questions that the graph answers: prerequisites, unlocks, related pages, paths, plans, next.

use axum::response::Response;

use super::params::{Body, Id, Nothing, One, Params};
use super::pinned::{Pinned, json};
use super::problem::Problem;
use gradus_engine::questions::next::{self as ask_next, NextAsk, NextItem};
use gradus_engine::questions::path::{self as ask_path, PathAnswer, PathAsk};
use gradus_engine::questions::plan::{self as ask_plan, PlanAnswer, PlanAsk};
use gradus_engine::questions::prerequisites::{
    self as ask_prerequisites, Direction, PrerequisitesAnswer, PrerequisitesAsk,
};
use gradus_engine::questions::related::{self as ask_related, RelatedAsk, RelatedItem};
use gradus_engine::questions::{List, find_concept, find_guide};

/// What a concept needs, in levels.
#[utoipa::path(get, path = "/v1/concepts/{id}/prerequisites",
    params(("id" = String, Path, description = "Slug, full id, title or name"), PrerequisitesAsk),
    responses((status = 200, body = PrerequisitesAnswer), (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn concept_prerequisites(
    pinned: Pinned,
    Id(id): Id,
    Params(One(ask)): Params<One<PrerequisitesAsk>>,
) -> Response {
    let question = move |pinned: &Pinned| {
        let target = find_concept(pinned.view(), &id)?;
        json(&ask_prerequisites::prerequisites(pinned.view(), target, Direction::Prerequisites, &ask)?)
    };
    pinned.answer(question).await
}

/// What a guide needs: what it requires and what the concepts it teaches require, without what it teaches.
#[utoipa::path(get, path = "/v1/guides/{id}/prerequisites",
    params(("id" = String, Path, description = "Slug, full id, title or name"), PrerequisitesAsk),
    responses((status = 200, body = PrerequisitesAnswer), (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn guide_prerequisites(
    pinned: Pinned,
    Id(id): Id,
    Params(One(ask)): Params<One<PrerequisitesAsk>>,
) -> Response {
    let question = move |pinned: &Pinned| {
        let target = find_guide(pinned.view(), &id)?;
        json(&ask_prerequisites::prerequisites(pinned.view(), target, Direction::Prerequisites, &ask)?)
    };
    pinned.answer(question).await
}

/// What needs a concept, in levels.
#[utoipa::path(get, path = "/v1/concepts/{id}/unlocks",
    params(("id" = String, Path, description = "Slug, full id, title or name"), PrerequisitesAsk),
    responses((status = 200, body = PrerequisitesAnswer), (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn unlocks(pinned: Pinned, Id(id): Id, Params(One(ask)): Params<One<PrerequisitesAsk>>) -> Response {
    let question = move |pinned: &Pinned| {
        let target = find_concept(pinned.view(), &id)?;
        json(&ask_prerequisites::prerequisites(pinned.view(), target, Direction::Unlocks, &ask)?)
    };
    pinned.answer(question).await
}

/// Concepts related to a concept, and why.
#[utoipa::path(get, path = "/v1/concepts/{id}/related",
    params(("id" = String, Path, description = "Slug, full id, title or name"), RelatedAsk),
    responses((status = 200, body = List<RelatedItem>), (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn concept_related(pinned: Pinned, Id(id): Id, Params(One(ask)): Params<One<RelatedAsk>>) -> Response {
    let question = move |pinned: &Pinned| {
        let page = find_concept(pinned.view(), &id)?;
        json(&ask_related::related(pinned.view(), page, &ask)?)
    };
    pinned.answer_at_once(question)
}

/// Guides related to a guide, and why.
#[utoipa::path(get, path = "/v1/guides/{id}/related",
    params(("id" = String, Path, description = "Slug, full id, title or name"), RelatedAsk),
    responses((status = 200, body = List<RelatedItem>), (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn guide_related(pinned: Pinned, Id(id): Id, Params(One(ask)): Params<One<RelatedAsk>>) -> Response {
    let question = move |pinned: &Pinned| {
        let page = find_guide(pinned.view(), &id)?;
        json(&ask_related::related(pinned.view(), page, &ask)?)
    };
    pinned.answer_at_once(question)
}

/// The cheapest chains of prerequisites from one concept up to another.
#[utoipa::path(get, path = "/v1/path", params(PathAsk),
    responses((status = 200, body = PathAnswer), (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn path(pinned: Pinned, Params(One(ask)): Params<One<PathAsk>>) -> Response {
    pinned.answer(move |pinned| json(&ask_path::path(pinned.view(), &ask)?)).await
}

/// Plan what to learn: the cheapest guides and sections, nothing before what it needs, as far as the budget goes.
#[utoipa::path(get, path = "/v1/plan", params(PlanAsk),
    responses((status = 200, body = PlanAnswer), (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn plan(pinned: Pinned, Params(One(ask)): Params<One<PlanAsk>>) -> Response {
    pinned.answer(move |pinned| json(&ask_plan::plan(pinned.view(), &ask)?)).await
}

/// Plan what to learn; for lists of known concepts that are too long for a URL.
#[utoipa::path(post, path = "/v1/plan", request_body = PlanAsk,
    responses((status = 200, body = PlanAnswer), (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn post_plan(pinned: Pinned, _none: Params<Nothing>, Body(One(ask)): Body<One<PlanAsk>>) -> Response {
    pinned.answer(move |pinned| json(&ask_plan::plan(pinned.view(), &ask)?)).await
}

/// What can be learned now: what unlocks most towards the goal first, then what takes fewest minutes.
#[utoipa::path(get, path = "/v1/next", params(NextAsk),
    responses((status = 200, body = List<NextItem>), (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn next(pinned: Pinned, Params(One(ask)): Params<One<NextAsk>>) -> Response {
    pinned.answer(move |pinned| json(&ask_next::next(pinned.view(), ask)?)).await
}
