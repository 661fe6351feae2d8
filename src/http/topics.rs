//! `/v1/topics` and `/v1/bridges`.

use axum::response::Response;

use super::params::{One, Params};
use super::pinned::{Pinned, json};
use super::problem::Problem;
use gradus_engine::questions::List;
use gradus_engine::questions::topics::{self as ask_topics, BridgeItem, BridgesAsk, TopicsAnswer, TopicsAsk};

/// Topics: concepts that have more to do with each other than with others, named by their central ones.
#[utoipa::path(get, path = "/v1/topics", params(TopicsAsk), responses((status = 200, body = TopicsAnswer)))]
pub(super) async fn topics(pinned: Pinned, Params(One(ask)): Params<One<TopicsAsk>>) -> Response {
    pinned.answer(move |pinned| json(&ask_topics::topics(pinned.view(), &ask)?)).await
}

/// The concepts that connect one topic with another, or with all others.
#[utoipa::path(get, path = "/v1/bridges", params(BridgesAsk),
    responses((status = 200, body = List<BridgeItem>), (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn bridges(pinned: Pinned, Params(One(ask)): Params<One<BridgesAsk>>) -> Response {
    pinned.answer(move |pinned| json(&ask_topics::bridges(pinned.view(), &ask)?)).await
}
