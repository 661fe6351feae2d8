//! The log, written by a thread of its own.
//!
//! Standard error may be a pipe that somebody has stopped reading, or a file on a full disk. Whoever logs must not wait for
//! it: the threads that serve connections log as well. So lines go into a queue with a bound, and those that find no place are
//! counted instead.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, TrySendError, channel, sync_channel};
use std::time::Duration;

/// Lines that wait to be written: some seconds of a busy server.
const WAITING_LINES: usize = 8_192;
/// Time for what waits to be written when the process ends.
const END_TIME: Duration = Duration::from_secs(1);

/// A line, or the wish to be told when everything before it is written.
enum LogEntry {
    Line(Vec<u8>),
    End(Sender<()>),
}

/// Where lines are put. Cloning shares it.
#[derive(Clone)]
pub(super) struct LogQueue {
    entries: SyncSender<LogEntry>,
    n_lost: Arc<AtomicU64>,
}

impl LogQueue {
    /// A queue of which a thread writes to `to`. Lines that cannot be written are lost: there is nowhere to say so.
    ///
    /// # Errors
    /// If there can be no such thread.
    pub(super) fn new(to: impl Write + Send + 'static) -> io::Result<Self> {
        let (entries, waiting) = sync_channel(WAITING_LINES);
        let n_lost = Arc::new(AtomicU64::new(0));
        let lost = Arc::clone(&n_lost);
        std::thread::Builder::new().name("gradus-log".to_owned()).spawn(move || write(&waiting, to, &lost))?;
        Ok(Self { entries, n_lost })
    }

    /// Waits until what was logged is written, but not for long.
    pub(super) fn end(&self) {
        let (ending, ended) = channel();
        // A full queue has a writer that is stuck: there is nothing to wait for.
        if self.entries.try_send(LogEntry::End(ending)).is_ok() && ended.recv_timeout(END_TIME).is_err() {
            self.n_lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Write for LogQueue {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if let Err(TrySendError::Full(_)) = self.entries.try_send(LogEntry::Line(line.to_vec())) {
            self.n_lost.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn write(waiting: &Receiver<LogEntry>, mut to: impl Write, n_lost: &AtomicU64) {
    for entry in waiting {
        match entry {
            LogEntry::Line(line) => {
                if to.write_all(&line).is_err() {
                    n_lost.fetch_add(1, Ordering::Relaxed);
                    continue;
                }
            }
            // Who waited for it may have gone.
            LogEntry::End(ending) => drop(ending.send(())),
        }
        let n_lost = n_lost.swap(0, Ordering::Relaxed);
        if n_lost > 0 {
            tracing::warn!(n_lost, "lines of this log are missing: it was not taken as fast as it was written");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes a line only when it is let.
    struct SlowReader(Receiver<()>, Sender<Vec<u8>>);

    impl Write for SlowReader {
        fn write(&mut self, line: &[u8]) -> io::Result<usize> {
            self.0.recv().map_err(io::Error::other)?;
            self.1.send(line.to_vec()).map_err(io::Error::other)?;
            Ok(line.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_are_written_in_their_order() {
        let (lets, let_in) = sync_channel(10);
        let (taken, lines) = channel();
        let mut queue = LogQueue::new(SlowReader(let_in, taken)).unwrap();
        for line in ["one\n", "two\n"] {
            queue.write_all(line.as_bytes()).unwrap();
            lets.send(()).unwrap();
        }
        queue.end();
        assert_eq!(lines.try_iter().collect::<Vec<_>>().concat(), b"one\ntwo\n");
    }

    #[test]
    fn nobody_waits_for_who_reads_no_log() {
        let (_lets, let_in) = sync_channel(0);
        let (taken, _lines) = channel();
        let mut queue = LogQueue::new(SlowReader(let_in, taken)).unwrap();
        for _ in 0..WAITING_LINES * 2 {
            queue.write_all(b"line\n").unwrap();
        }
        queue.end();
        assert!(queue.n_lost.load(Ordering::Relaxed) >= WAITING_LINES as u64 - 1);
    }
}
