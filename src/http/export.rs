//! `/v1/export`.

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use tokio::sync::mpsc;

use super::params::{One, Params};
use super::pinned::Pinned;
use super::problem::Problem;
use crate::ask::AskError;
use crate::ask::export::{self as ask_export, ExportAsk};

/// Everything, streamed.
#[utoipa::path(get, path = "/v1/export", params(ExportAsk),
    responses((status = 200, body = String), (status = 400, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn export(pinned: Pinned, Params(One(ask)): Params<One<ExportAsk>>) -> Result<Response, AskError> {
    let format = ask.format()?;
    // A few chunks ahead of the client, then the writer waits: memory does not grow with the corpus.
    let (sender, receiver) = mpsc::channel::<String>(4);
    tokio::task::spawn_blocking(move || {
        let chunks = ask_export::chunks(pinned.view(), format);
        // A client that has gone closes the channel, and the writing ends.
        for chunk in chunks {
            if sender.blocking_send(chunk).is_err() {
                break;
            }
        }
    });
    let stream = futures_util::stream::unfold(receiver, async |mut receiver| {
        let chunk = receiver.recv().await?;
        Some((Ok::<_, std::convert::Infallible>(chunk), receiver))
    });
    Ok(([(header::CONTENT_TYPE, format.content_type())], Body::from_stream(stream)).into_response())
}
