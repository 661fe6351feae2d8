//! The integration tests: everything through the real router, sockets only for the life of a server.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a helper of a test that cannot go on says so by panicking")]

mod access;
mod algolia;
mod answers;
mod architecture;
mod cache;
mod cards;
mod cli;
mod client;
mod contract;
mod curriculum;
mod diff;
mod disk;
mod editing;
mod eval;
mod exports;
mod fields;
mod gaps;
mod hostile;
mod lsp;
mod mcp;
mod pages;
mod process;
mod publishing;
mod queries;
mod references;
mod related;
mod reload;
mod renewal;
mod runners;
#[expect(dead_code, reason = "the loader's tests ask for more")]
#[path = "../../load/tests/it/safe_html.rs"]
mod safe_html;
mod scripts;
mod server;
mod static_site;
mod suggest;
mod table;
mod tokens;
mod twins;
#[path = "../../load/tests/it/vectors.rs"]
mod vectors;
mod watching;
