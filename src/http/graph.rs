//! `/v1/graph`.

use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::params::{One, Params};
use super::pinned::{Pinned, json};
use super::problem::Problem;
use gradus_engine::questions::graph::{self as ask_graph, Format, GraphAnswer, GraphAsk};

/// What stands around a page, as data or as a picture.
#[utoipa::path(get, path = "/v1/graph", params(GraphAsk),
    responses(
        (status = 200, content(
            (GraphAnswer = "application/json"), (String = "image/svg+xml"), (String = "text/vnd.mermaid"),
            (String = "text/vnd.graphviz"), (String = "application/graphml+xml"),
        )),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn graph(pinned: Pinned, Params(One(ask)): Params<One<GraphAsk>>) -> Response {
    let question = move |pinned: &Pinned| {
        let content_type = match ask.format()? {
            Format::Json => return json(&ask_graph::graph(pinned.view(), &ask)?),
            Format::Svg => "image/svg+xml",
            Format::Mermaid => "text/vnd.mermaid; charset=utf-8",
            Format::Dot => "text/vnd.graphviz; charset=utf-8",
            Format::Graphml => "application/graphml+xml",
        };
        let picture = ask_graph::picture(pinned.view(), &ask, ask.format()?)?;
        Ok(([(header::CONTENT_TYPE, content_type)], picture).into_response())
    };
    pinned.answer(question).await
}
