//! The table of questions as routes: every path, every answer and every cost comes from there.

use std::sync::Arc;

use axum::Router;
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{self, MethodRouter};

use super::App;
use super::params::{JsonBody, NoParams, PairList, PathPairs, body_pairs, query_pairs};
use super::pinned::PinnedView;
use super::problem::Fault;
use super::stream::stream;
use gradus_engine::questions::answer::AnswerBody;
use gradus_engine::questions::entry::{Call, QuestionEntry};
use gradus_engine::questions::question::{AnswerCost, JSON};
use gradus_engine::questions::questions;
use gradus_engine::questions::refusal::{Refusal, RefusalCode};

/// Every question, each a path. Their requests must be pinned.
pub(super) fn routes() -> Router<App> {
    // A page may be named by a path or URL, whose slashes nobody should have to escape.
    let path = |entry: &QuestionEntry| entry.path.replace("/{ref}", "/{*ref}");
    questions().iter().fold(Router::new(), |router, entry| router.route(&path(entry), methods(entry)))
}

fn methods(entry: &'static QuestionEntry) -> MethodRouter<App> {
    let get = routing::get(move |pinned: PinnedView, path: PathPairs, uri: Uri| async move {
        answer(entry, pinned, path.0, query_pairs(&uri)?).await
    });
    if entry.body().is_none() {
        return get;
    }
    // All parameters come in the body: with some in the URL too it would be open which of two values counts.
    get.post(move |pinned: PinnedView, path: PathPairs, _: NoParams, body: JsonBody| async move {
        let question = move |pinned: &PinnedView| {
            respond(pinned, call(entry, path.0, body_pairs(body.read()?, &entry.parameters())?)?)
        };
        pinned.answer(question).await
    })
}

/// Answers with the parameters that stand in the path and those that do not.
async fn answer(
    entry: &'static QuestionEntry,
    pinned: PinnedView,
    pairs: PairList,
    given: PairList,
) -> Result<Response, Fault> {
    let pairs = joined(entry, pairs, given)?;
    let call = entry.read(&pairs)?;
    Ok(match call.cost() {
        AnswerCost::AtOnce => pinned.answer_at_once(|pinned| respond(pinned, call)).await,
        AnswerCost::MayBlock => {
            let mut first = Some(call);
            let mut call = move || first.take().map_or_else(|| entry.read(&pairs), Ok);
            pinned.answer_soon(move |pinned| respond(pinned, call()?)).await
        }
        AnswerCost::Streamed => stream(Arc::new(pinned), call).await?,
    })
}

/// The question that these parameters make, those in the path and those that are not.
fn call(entry: &QuestionEntry, pairs: PairList, given: PairList) -> Result<Box<dyn Call>, Fault> {
    Ok(entry.read(&joined(entry, pairs, given)?)?)
}

/// The parameters in the path and those that are not, which must be others.
fn joined(entry: &QuestionEntry, mut pairs: PairList, given: PairList) -> Result<PairList, Fault> {
    if let Some((name, _)) = given.iter().find(|(name, _)| entry.is_in_path(name)) {
        let detail = format!("there is no parameter `{name}` here: it is a part of the path");
        return Err(Refusal::new(RefusalCode::UnknownParameter, detail).into());
    }
    pairs.extend(given);
    Ok(pairs)
}

fn respond(pinned: &PinnedView, call: Box<dyn Call>) -> Result<Response, Fault> {
    let searched = call.searched().map(str::to_owned);
    let answer = call.answer(pinned.view())?;
    if let Some((q, n_hits)) = searched.zip(answer.n_found()) {
        pinned.tally(&q, n_hits);
    }
    Ok(match answer.body()? {
        AnswerBody::Json(json) => ([(header::CONTENT_TYPE, JSON)], json).into_response(),
        AnswerBody::Text { media_type, text } => ([(header::CONTENT_TYPE, media_type)], text).into_response(),
        AnswerBody::Pieces { media_type, pieces } => {
            ([(header::CONTENT_TYPE, media_type)], pieces.collect::<String>()).into_response()
        }
    })
}
