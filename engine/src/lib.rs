//! What every door asks: one snapshot of the content, a view of it for each class of viewers, and the questions.
//!
//! This crate joins the corpus, its graph and its index. It knows nothing of HTTP, of command lines and of the JSON of
//! foreign protocols: a door brings parameters, and dresses the answer.

mod beside;
pub mod diagnose;
pub mod eval;
pub mod gaps;
pub mod host;
pub mod limits;
pub mod picture;
pub mod questions;
pub mod relate;
pub mod snapshot;
pub mod suggest;
pub mod unindexed;
pub mod view;
pub mod viewer;
