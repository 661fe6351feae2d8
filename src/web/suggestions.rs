//! `/suggestions`: proposals to accept or reject. The page itself holds nothing of the content: its script asks for the proposals with
//! the token that the editor types, and keeps that token to itself.

use askama::Template;
use axum::response::{IntoResponse, Response};

use super::ask::render;
use super::frame::{NavPlace, PageFrame};
use crate::http::problem::Fault;

/// The page.
#[derive(Template)]
#[template(path = "suggestions.html")]
struct SuggestionsPage<'a> {
    frame: PageFrame<'a>,
}

/// The page of the proposals.
pub(super) async fn suggestions() -> Result<Response, Fault> {
    let frame = PageFrame { place: NavPlace::Operator, ..PageFrame::bare() };
    Ok(render(&SuggestionsPage { frame })?.into_response())
}
