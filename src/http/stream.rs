//! Answers that are written while the client reads them.

use std::io;
use std::sync::Arc;

use axum::body::Body as HttpBody;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

use super::pinned::PinnedView;
use super::problem::Fault;
use gradus_engine::limits;
use gradus_engine::questions::answer::AnswerBody;
use gradus_engine::questions::entry::Call;
use gradus_engine::questions::export::pieces;
use gradus_engine::questions::question::JSON;
use gradus_engine::view::View;
use gradus_engine::viewer::Viewer;

/// What is written so far: a piece, or `None` at the end.
type Piece = Option<String>;
/// Where is told what will be written, or why nothing will.
type Beginning = oneshot::Sender<Result<&'static str, Fault>>;

/// The answer of `call`, in pieces.
///
/// # Errors
/// If it is refused, or too many answers are being written.
pub(super) async fn stream(pinned: Arc<PinnedView>, call: Box<dyn Call>) -> Result<Response, Fault> {
    written(pinned, move |pinned, started, send| write(pinned, call, started, send)).await
}

/// What `lines` makes of the public view, in pieces: text that is the same for everybody.
///
/// # Errors
/// If too many answers are being written.
pub(crate) async fn stream_public<L>(pinned: PinnedView, media_type: &'static str, lines: L) -> Result<Response, Fault>
where
    L: for<'a> FnOnce(&'a View) -> Box<dyn Iterator<Item = String> + 'a> + Send + 'static,
{
    let write = move |pinned: &PinnedView, started: Beginning, send: &dyn Fn(Piece) -> bool| {
        let view = pinned.snapshot().view(Viewer::Anonymous);
        send_all(started, media_type, Box::new(pieces(lines(view))), send);
    };
    written(Arc::new(pinned), write).await
}

/// What `write` sends once it has told what that is.
async fn written<W>(pinned: Arc<PinnedView>, write: W) -> Result<Response, Fault>
where
    W: FnOnce(&PinnedView, Beginning, &dyn Fn(Piece) -> bool) + Send + 'static,
{
    let permit = pinned.start_writing()?;
    // A few pieces ahead of the client, then the writer waits: memory does not grow with the corpus.
    let (pieces, receiver) = mpsc::channel::<Piece>(4);
    let (started, media_type) = oneshot::channel::<Result<&'static str, Fault>>();
    let handle = Handle::current();
    tokio::task::spawn_blocking(move || {
        write(&pinned, started, &|piece| {
            let sent = handle.block_on(tokio::time::timeout(limits::EXPORT_STALL_TIME, pieces.send(piece)));
            // A client that has gone, or takes nothing for too long, ends the writing.
            matches!(sent, Ok(Ok(())))
        });
        drop(permit);
    });
    let media_type = media_type.await.map_err(Fault::internal)??;
    let stream = futures_util::stream::unfold(receiver, async |mut receiver| match receiver.recv().await {
        Some(piece) => piece.map(|piece| (Ok(piece), receiver)),
        // The writer ended before the end: breaking off tells the client what a clean close would hide.
        None => Some((Err(io::Error::from(io::ErrorKind::TimedOut)), receiver)),
    });
    // Compression asks once more behind the end.
    let stream = stream.fuse();
    Ok(([(header::CONTENT_TYPE, media_type)], HttpBody::from_stream(stream)).into_response())
}

/// Tells what will be written, or why nothing will, then writes until `send` says that nobody reads on.
fn write(pinned: &PinnedView, call: Box<dyn Call>, started: Beginning, send: &dyn Fn(Piece) -> bool) {
    let answer = match call.answer(pinned.view()) {
        Ok(answer) => answer,
        Err(error) => return tell(started, Err(error.into())),
    };
    let (media_type, pieces): (_, Box<dyn Iterator<Item = String>>) = match answer.body() {
        Ok(AnswerBody::Pieces { media_type, pieces }) => (media_type, pieces),
        Ok(AnswerBody::Text { media_type, text }) => (media_type, Box::new(std::iter::once(text))),
        Ok(AnswerBody::Json(json)) => (JSON, Box::new(std::iter::once(String::from_utf8_lossy(&json).into_owned()))),
        Err(failure) => return tell(started, Err(failure.into())),
    };
    send_all(started, media_type, pieces, send);
}

/// Tells what will be written, then writes it.
fn send_all(
    started: Beginning,
    media_type: &'static str,
    pieces: Box<dyn Iterator<Item = String> + '_>,
    send: &dyn Fn(Piece) -> bool,
) {
    tell(started, Ok(media_type));
    for piece in pieces.map(Some).chain(std::iter::once(None)) {
        if !send(piece) {
            break;
        }
    }
}

fn tell(started: Beginning, what: Result<&'static str, Fault>) {
    if started.send(what).is_err() {
        tracing::debug!("the client went before its answer began");
    }
}
