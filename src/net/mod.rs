//! Connections: how many there are, how long each may take for what, and who has to go.
//!
//! A server that only bounds its work is stopped by clients that never let it begin: sockets that send half a header cost
//! them nothing and us a file each. So each connection has a `Connection` that tells what it is
//! waited for, and a `Registry` that closes those which are waited for too long, and, where no more can be open, the
//! one that has been the longest without a whole request. Who was accepted is never refused for the sake of who waits.
//!
//! It knows HTTP as bytes and times only: what is answered comes from the service that it is given.

mod bodies;
mod connection;
mod files;
mod listener;
mod own_words;
mod registry;
mod stream;

pub use files::{raise_file_limit, shares};
pub use listener::{ConnectionService, Listener, PeerAddress, WrongHost};
pub use own_words::Reword;
