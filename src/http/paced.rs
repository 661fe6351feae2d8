//! Large answers in small pieces, with a pause between them in which the thread serves others.
//!
//! Compressing a megabyte takes some tens of milliseconds, and is done where connections are served. Given in one piece it
//! would be one step of that thread, with everybody else waiting behind it.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::Body as HttpBody;
use axum::response::Response;
use hyper::body::{Body, Bytes, Frame, SizeHint};

/// Bytes of a piece: a millisecond of compression or less.
const PIECE_BYTES: usize = 32 << 10;

/// A body that is given in pieces.
struct PacedBody {
    body: HttpBody,
    /// What came of `body` and is not yet given.
    left: Bytes,
    pauses: bool,
}

/// `response`, in pieces if it is large.
pub(super) async fn pace(response: Response) -> Response {
    let is_small = response.body().size_hint().upper().is_some_and(|bytes| bytes <= PIECE_BYTES as u64);
    if is_small {
        return response;
    }
    response.map(|body| HttpBody::new(PacedBody { body, left: Bytes::new(), pauses: false }))
}

impl Body for PacedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if std::mem::take(&mut self.pauses) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        if self.left.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.left = data,
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
                end => return Poll::Ready(end),
            }
        }
        let n_bytes = self.left.len().min(PIECE_BYTES);
        self.pauses = n_bytes == PIECE_BYTES;
        Poll::Ready(Some(Ok(Frame::data(self.left.split_to(n_bytes)))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let left = self.left.len() as u64;
        let body = self.body.size_hint();
        let mut hint = SizeHint::new();
        hint.set_lower(body.lower() + left);
        if let Some(upper) = body.upper() {
            hint.set_upper(upper + left);
        }
        hint
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_large_answer_arrives_whole_and_in_pieces() {
        let text: Vec<u8> = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
        let paced = pace(Response::new(HttpBody::from(text.clone()))).await;
        assert_eq!(paced.body().size_hint().exact(), Some(text.len() as u64));
        let pieces: Vec<Bytes> =
            futures_util::TryStreamExt::try_collect(paced.into_body().into_data_stream()).await.unwrap();
        assert!(pieces.iter().all(|piece| piece.len() <= PIECE_BYTES) && pieces.len() > 10);
        assert_eq!(pieces.concat(), text);
    }
}
