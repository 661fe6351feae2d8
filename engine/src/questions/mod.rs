//! The questions: one file each, parameters in, answer out.
//!
//! Every door (HTTP, command line, MCP, pages) asks these functions and only dresses what they return. They know the
//! corpus, the graph and the index of one [`View`] and nothing of who carries the answer, or for whom: what a viewer may
//! not see is not in the view.

pub mod export;
pub mod filter;
pub mod graph;
pub mod next;
pub mod pages;
pub mod path;
pub mod plan;
pub mod prerequisites;
pub mod questions;
pub mod related;
pub mod resolve;
pub mod search;
pub mod section;
pub mod status;
pub mod suggest;
pub mod topics;

mod error;
mod list;
mod reference;

pub use error::{AskError, ErrorCode};
pub use list::{List, Slice, bounded};
pub use reference::{Ref, by_id, find, find_concept, find_guide, find_list, nearest};

pub use crate::snapshot::View;

use serde::Deserialize;

/// Reads a list that is comma separated, repeated, or both.
pub(crate) fn comma_list<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let given = Vec::<String>::deserialize(from)?;
    let entries = given.iter().flat_map(|list| list.split(',')).map(str::trim).filter(|entry| !entry.is_empty());
    Ok(entries.map(str::to_owned).collect())
}
