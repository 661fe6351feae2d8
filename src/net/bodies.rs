//! Bodies that note when they end: of a request, that it is whole; of an answer, that it is taken.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};

use super::connection::Connection;

/// Says once that a body has arrived, or is not read on.
struct Arrival(Arc<Connection>);

impl Drop for Arrival {
    fn drop(&mut self) {
        self.0.arrived();
    }
}

/// The body of a request.
pub(super) struct ArrivingBody<B> {
    body: B,
    arrival: Option<Arrival>,
}

impl<B: Body> ArrivingBody<B> {
    /// `body` of a request that `connection` has begun with it.
    pub(super) fn new(body: B, connection: &Arc<Connection>) -> Self {
        let arrival = (!body.is_end_stream()).then(|| Arrival(Arc::clone(connection)));
        Self { body, arrival }
    }
}

impl<B: Body + Unpin> Body for ArrivingBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        if self.body.is_end_stream() || matches!(frame, Poll::Ready(None | Some(Err(_)))) {
            self.arrival = None;
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Says once that a request is answered, or nobody is there to be answered.
pub(super) struct Answering(Arc<Connection>);

impl Answering {
    /// A request begins, which has a body or not.
    pub(super) fn begin(connection: &Arc<Connection>, is_http2: bool, has_body: bool) -> Self {
        connection.begin(is_http2, has_body);
        Self(Arc::clone(connection))
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// The body of an answer.
pub(super) struct LeavingBody<B> {
    body: B,
    answering: Answering,
}

impl<B> LeavingBody<B> {
    pub(super) fn new(body: B, answering: Answering) -> Self {
        Self { body, answering }
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for LeavingBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        self.answering.0.took();
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
