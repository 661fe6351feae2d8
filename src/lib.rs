//! Gradus: point it at Markdown, and guides and concepts become a prerequisite graph with a full-text index behind one
//! HTTP API. `ARCHITECTURE.md` draws the way from a file to an answer.

pub mod builtin;
pub mod cli;
mod counted;
mod findings;
pub mod http;
mod lsp;
mod mcp;
pub mod memory;
pub mod net;
mod priority;
pub mod queries;
pub mod replica;
pub mod serve;
pub mod settings;
mod site_folder;
mod static_site;
pub mod token;
pub mod watch;
pub mod web;
