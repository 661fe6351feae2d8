//! The integration tests: everything through the real router, sockets only for the life of a server.

mod access;
mod answers;
mod architecture;
mod client;
mod curriculum;
mod reload;
mod tokens;
