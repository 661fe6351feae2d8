//! The integration tests: everything through the real router, sockets only for the life of a server.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a helper of a test that cannot go on says so by panicking")]

mod access;
mod answers;
mod architecture;
mod client;
mod curriculum;
mod related;
mod reload;
mod tokens;
