//! Messages from and to the editor.

use std::io::{self, BufRead, Write};
use std::sync::mpsc::Sender;

use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use serde::Serialize;
use serde_json::{Value, json};

use super::loading::LoadOutcome;

/// Messages in a row that are none, after which nobody is taken to be there who speaks this protocol.
const MALFORMED: usize = 100;

/// What a session waits for.
pub(super) enum Event {
    /// The editor says something.
    Message(Message),
    /// The editor said something that is no message: why.
    Malformed(String),
    /// The editor is gone.
    Closed,
    /// A source was loaded, or could not be.
    Loaded(Box<LoadOutcome>),
}

/// Reads messages on a thread of its own until there are no more.
pub(super) fn read_messages(mut from: impl BufRead + Send + 'static, to: Sender<Event>) {
    std::thread::spawn(move || {
        let mut n_malformed = 0;
        while n_malformed < MALFORMED {
            let event = match Message::read(&mut from) {
                Ok(Some(message)) => {
                    n_malformed = 0;
                    Event::Message(message)
                }
                Err(why) if why.kind() == io::ErrorKind::InvalidData => {
                    n_malformed += 1;
                    Event::Malformed(why.to_string())
                }
                Ok(None) | Err(_) => break,
            };
            if to.send(event).is_err() {
                return;
            }
        }
        // Nobody waits any more where this cannot be sent.
        to.send(Event::Closed).unwrap_or_default();
    });
}

/// Writes messages to the editor.
#[derive(Default)]
pub(super) struct Outgoing {
    n_requests: i32,
}

impl Outgoing {
    /// Answers a request.
    ///
    /// # Errors
    /// As all of these, if nothing can be written any more.
    pub(super) fn respond(&mut self, id: RequestId, answer: Result<Value, (ErrorCode, String)>) -> io::Result<()> {
        let response = match answer {
            Ok(value) => Response { id, response_result: Ok(value) },
            Err((code, message)) => Response::new_err(id, code as i32, message),
        };
        write(&Message::Response(response))
    }

    /// Tells the editor something.
    pub(super) fn notify(&mut self, method: &str, params: impl Serialize) -> io::Result<()> {
        let params = serde_json::to_value(params)?;
        write(&Message::Notification(Notification { method: method.to_owned(), params }))
    }

    /// Asks the editor for something whose answer does not matter.
    pub(super) fn ask(&mut self, method: &str, params: Value) -> io::Result<()> {
        self.n_requests += 1;
        write(&Message::Request(Request { id: self.n_requests.into(), method: method.to_owned(), params }))
    }

    /// Answers what is no message: nobody knows whose it was.
    pub(super) fn refuse_malformed(&mut self, why: &str) -> io::Result<()> {
        let error = json!({ "code": ErrorCode::ParseError as i32, "message": why });
        let text = json!({ "jsonrpc": "2.0", "id": null, "error": error }).to_string();
        let mut out = io::stdout().lock();
        write!(out, "Content-Length: {}\r\n\r\n{text}", text.len())?;
        out.flush()
    }
}

fn write(message: &Message) -> io::Result<()> {
    message.write(&mut io::stdout().lock())
}
