//! Gradus: point it at Markdown, and guides and concepts become a prerequisite graph with a full-text index behind one
//! HTTP API. `ARCHITECTURE.md` draws the way from a file to an answer.

pub mod ask;
pub mod builtin;
pub mod cli;
pub mod diagnose;
pub mod eval;
pub mod host;
pub mod http;
pub mod limits;
pub mod queries;
pub mod relate;
pub mod serve;
pub mod settings;
pub mod snapshot;
pub mod viewer;
pub mod watch;
