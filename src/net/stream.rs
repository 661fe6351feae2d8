//! A socket that notes what comes and goes, and says in our words what hyper says in its own.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::connection::Connection;
use super::own_words::{Reword, reworded};

/// A socket whose connection is watched.
pub(super) struct WatchedStream {
    stream: TcpStream,
    connection: Arc<Connection>,
    reword: Reword,
    /// Whether the first line of the request that is arriving has not come to its end.
    is_first_line: bool,
    /// What is written in place of bytes that were handed over, how much of it is out, and how many bytes it stands for.
    rewording: Option<(Vec<u8>, usize, usize)>,
}

impl WatchedStream {
    pub(super) fn new(stream: TcpStream, connection: Arc<Connection>, reword: Reword) -> Self {
        Self { stream, connection, reword, is_first_line: true, rewording: None }
    }

    fn note<T>(&self, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        match &written {
            Poll::Ready(Ok(_)) => self.connection.sent(),
            Poll::Pending => self.connection.blocked(),
            Poll::Ready(Err(_)) => {}
        }
        written
    }

    fn write_reworded(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        while let Some((bytes, n_out, stands_for)) = &mut self.rewording {
            if *n_out == bytes.len() {
                let stands_for = *stands_for;
                self.rewording = None;
                return Poll::Ready(Ok(stands_for));
            }
            let written = Pin::new(&mut self.stream).poll_write(context, &bytes[*n_out..]);
            *n_out += ready!(written)?;
        }
        Poll::Ready(Ok(0))
    }
}

impl AsyncRead for WatchedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            let is_new = self.connection.received();
            self.is_first_line = (is_new || self.is_first_line) && !buffer.filled()[before..].contains(&b'\n');
        }
        read
    }
}

impl AsyncWrite for WatchedStream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.rewording.is_none()
            && let Some(words) = reworded(bytes, self.reword, self.is_first_line)
        {
            self.rewording = Some((words, 0, bytes.len()));
        }
        if self.rewording.is_some() {
            let written = self.write_reworded(context);
            return self.note(written);
        }
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.note(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        // A head that hyper wrote itself has no body and comes alone.
        let mut filled = slices.iter().filter(|slice| !slice.is_empty());
        if let (Some(only), None) = (filled.next(), filled.next()) {
            return self.poll_write(context, only);
        }
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.note(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
