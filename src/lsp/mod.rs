//! The language server: what `check` tells, names and what is known of them, while an author writes.
//!
//! A session reads messages in their order on one thread and answers each at once from what was loaded last; loads run on
//! threads of their own. A keystroke reads the changed document alone, against the names of the last load, and what only other
//! pages have to do with it is taken over from there; once the author pauses, everything is loaded anew with the open documents
//! as they are, and what is told is to the letter what `check` tells.
//!
//! Framing and messages are those of `lsp-server`, the types those of `ls-types`.

mod central;
mod complete;
mod document;
mod front;
mod hover;
mod loading;
mod locate;
mod open;
mod rename;
mod report;
mod requests;
mod session;
mod slot;
mod symbol;
mod text;
mod transport;
mod workspace;
mod world;

use std::path::PathBuf;

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The client asked for it, after a `shutdown`.
    AsAsked,
    /// The client went away, or left without a `shutdown`.
    Abruptly,
}

/// Serves an editor over standard input and output until it goes. Documents below `source` belong to it, others to the site
/// whose folder they lie in.
///
/// # Errors
/// If nothing can be written to the editor any more.
pub(crate) fn serve(source: Option<PathBuf>) -> std::io::Result<Ended> {
    let (events, incoming) = std::sync::mpsc::channel();
    transport::read_messages(std::io::BufReader::new(std::io::stdin()), events.clone());
    session::Session::new(source, events, transport::Outgoing::default()).run(&incoming)
}
