//! `/v1/export`.

use std::io;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::App;
use super::params::{One, Params};
use super::pinned::Pinned;
use super::problem::{Fault, Problem};
use gradus_engine::limits;
use gradus_engine::questions::export::{self as ask_export, ExportAsk};
use gradus_engine::questions::{AskError, ErrorCode};

/// Everything, streamed.
#[utoipa::path(get, path = "/v1/export", params(ExportAsk),
    responses(
        (status = 200, content(
            (String = "application/jsonl"), (String = "application/graphml+xml"), (String = "text/vnd.graphviz"),
            (String = "text/csv"), (String = "text/vnd.mermaid"),
        )),
        (status = 400, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn export(
    State(app): State<App>,
    pinned: Pinned,
    Params(One(ask)): Params<One<ExportAsk>>,
) -> Result<Response, Fault> {
    let format = ask.format()?;
    let busy = |_| AskError::new(ErrorCode::Overloaded, "too many exports at one time; try again soon");
    let permit = Arc::clone(&app.exporting).try_acquire_owned().map_err(busy)?;
    // A few pieces ahead of the client, then the writer waits: memory does not grow with the corpus.
    let (sender, receiver) = mpsc::channel::<Option<String>>(4);
    let handle = Handle::current();
    tokio::task::spawn_blocking(move || {
        let pieces = ask_export::chunks(pinned.view(), format).map(Some).chain(std::iter::once(None));
        for piece in pieces {
            let sent = handle.block_on(tokio::time::timeout(limits::EXPORT_STALL_TIME, sender.send(piece)));
            // A client that has gone, or takes nothing for too long, ends the writing.
            if !matches!(sent, Ok(Ok(()))) {
                break;
            }
        }
        drop(permit);
    });
    let stream = futures_util::stream::unfold(receiver, async |mut receiver| match receiver.recv().await {
        Some(piece) => piece.map(|piece| (Ok(piece), receiver)),
        // The writer ended before the end: breaking off tells the client what a clean close would hide.
        None => Some((Err(io::Error::from(io::ErrorKind::TimedOut)), receiver)),
    });
    // Compression asks once more behind the end.
    let stream = stream.fuse();
    Ok(([(header::CONTENT_TYPE, format.content_type())], Body::from_stream(stream)).into_response())
}
