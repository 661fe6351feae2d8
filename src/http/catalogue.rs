//! `/v1/concepts`, `/v1/guides`, `/v1/sections` and the questions of a guide.

use axum::response::Response;

use super::params::{Id, Nothing, One, Params};
use super::pinned::{Pinned, json};
use super::problem::Problem;
use gradus_engine::questions::List;
use gradus_engine::questions::filter::FilterAsk;
use gradus_engine::questions::pages::{self, ConceptAnswer, GuideAnswer, PageItem, PagesAsk};
use gradus_engine::questions::questions::{self, QuestionAnswer, QuestionsAsk};
use gradus_engine::questions::section::{self, SectionAnswer};

type Listing = Params<(One<PagesAsk>, One<FilterAsk>)>;

/// List concepts.
#[utoipa::path(get, path = "/v1/concepts", params(PagesAsk, FilterAsk),
    responses((status = 200, body = List<PageItem>), (status = 400, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn list_concepts(pinned: Pinned, Params(asked): Listing) -> Response {
    let (One(ask), One(filters)) = asked;
    let list = move |pinned: &Pinned| {
        let view = pinned.view();
        json(&pages::list_pages(view, view.corpus.concepts(), &ask, filters)?)
    };
    pinned.answer(list).await
}

/// List guides.
#[utoipa::path(get, path = "/v1/guides", params(PagesAsk, FilterAsk),
    responses((status = 200, body = List<PageItem>), (status = 400, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn list_guides(pinned: Pinned, Params(asked): Listing) -> Response {
    let (One(ask), One(filters)) = asked;
    let list = move |pinned: &Pinned| {
        let view = pinned.view();
        json(&pages::list_pages(view, view.corpus.guides(), &ask, filters)?)
    };
    pinned.answer(list).await
}

/// Find a concept.
#[utoipa::path(get, path = "/v1/concepts/{id}", params(("id" = String, Path, description = "Slug, full id, title or name")),
    responses((status = 200, body = ConceptAnswer), (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn find_concept(pinned: Pinned, Id(id): Id, _none: Params<Nothing>) -> Response {
    pinned.answer_at_once(|pinned| json(&pages::concept(pinned.view(), &id)?))
}

/// Find a guide.
#[utoipa::path(get, path = "/v1/guides/{id}", params(("id" = String, Path, description = "Slug, full id, title or name")),
    responses((status = 200, body = GuideAnswer), (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn find_guide(pinned: Pinned, Id(id): Id, _none: Params<Nothing>) -> Response {
    pinned.answer_at_once(|pinned| json(&pages::guide(pinned.view(), &id)?))
}

/// Find a section.
#[utoipa::path(get, path = "/v1/sections/{id}", params(("id" = String, Path, description = "`guide-slug#anchor`, percent-encoded")),
    responses((status = 200, body = SectionAnswer), (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn find_section(pinned: Pinned, Id(id): Id, _none: Params<Nothing>) -> Response {
    pinned.answer_at_once(|pinned| json(&section::section(pinned.view(), &id)?))
}

/// List the quiz and interview questions of a guide.
#[utoipa::path(get, path = "/v1/guides/{id}/questions", params(("id" = String, Path, description = "Slug, full id, title or name"), QuestionsAsk),
    responses((status = 200, body = List<QuestionAnswer>), (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn list_questions(
    pinned: Pinned,
    Id(id): Id,
    Params(One(ask)): Params<One<QuestionsAsk>>,
) -> Response {
    pinned.answer(move |pinned| json(&questions::questions(pinned.view(), &id, &ask)?)).await
}
