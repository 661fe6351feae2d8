//! Learning content as data.
//!
//! A [`Corpus`] is what Markdown, JSON Lines and a central `concepts.yaml` say once every reference in them is resolved:
//! [`Page`]s (guides and concepts, in [`Section`]s) and the [`Edge`]s between them. Loading never fails for bad content:
//! it returns the corpus together with located [`Diagnostic`]s.
//!
//! This crate knows nothing of graphs, indexes, HTTP or the terminal.
//!
//! Key decision: pages live in one array sorted by full id (`concept:…` before `guide:…`, then by slug), and a
//! [`PageId`] is a position in it. Comparing two `PageId`s compares the ids themselves, so that every tie in the crates
//! above is broken by id without touching a string. The price is that a corpus is immutable: a change builds a new one.
//!
//! Access: [`Corpus::public`] is the one place that decides what a viewer without the `pro` entitlement may see. It
//! returns a corpus in which locked text does not exist; whatever is built from that corpus cannot leak it.

mod access;
mod codes;
mod corpus;
mod diagnostic;
mod edge;
mod fingerprint;
pub mod fixture;
pub mod fst_bytes;
pub mod names;
pub mod normal;
mod page;
mod position;
mod publication;
mod severity;
mod spelled;
pub mod work;
mod written;

pub use codes::Code;
pub use corpus::{Corpus, Parts, Site, sort_pages};
pub use diagnostic::{Diagnostic, Fix};
pub use edge::{Edge, Origin, Relation, Strength};
pub use fingerprint::{ANSWER_FORMAT, Fingerprint, checksum, fingerprint, wide_fingerprint};
pub use names::{Names, Resolved, same_name};
pub use page::{
    Access, Exercise, ExerciseKind, Kind, Level, Link, Mention, Page, PageId, Prose, Section, Source, Text, Treatment,
    reading_minutes,
};
pub use position::Position;
pub use publication::{NoPublicationNumber, PublicationNumber};
pub use severity::Severity;
