//! Snapshots on disk: everything that answers are made of in one file, which is never changed.
//!
//! Key decision: what is written is what costs time to find, not what was read: the corpus with its names, graph, index and weights of
//! each view. The public corpus is not written: [`Corpus::public`](gradus_corpus::Corpus::public) makes it when a file is opened, so
//! that one place decides what a viewer may see whatever a file says. A file is read into memory as a whole; its parts are checked
//! and decoded side by side. The price is a copy of each text, where a mapped file would be read only as far as it is asked for.
//!
//! Nothing in a file depends on the machine, the clock or the path that the content came from: equal content gives equal bytes.

mod container;
mod error;
mod file;
mod open;
mod save;

pub use error::{Damage, DiskError};
pub use file::{is_snapshot, remove_abandoned, write_atomically};
pub use open::{open, read_config};
pub(in crate::snapshot) use save::save_for;
pub use save::{SavedSnapshot, save};

use gradus_corpus::{Diagnostic, PageId};
use gradus_load::{Config, SiteFacts};
use serde::{Deserialize, Serialize};

use crate::relate::WeightSource;
use crate::relate::signal::Strengths;
use crate::view::Counts;

/// The ending of the names of files that hold a snapshot.
pub const EXTENSION: &str = "gradus";

/// What stands in a file beside corpora, graphs and indexes.
#[derive(Serialize, Deserialize)]
struct Facts {
    /// How texts are analysed by who wrote it.
    analyser: u64,
    views: Vec<ViewFacts>,
    diagnostics: Vec<Diagnostic>,
    site: SiteFacts,
    config: Config,
    /// Pairs that are never inferred, sorted.
    rejected: Vec<(PageId, PageId)>,
}

/// What a view knows beside its corpus, its graph and its index.
#[derive(Serialize, Deserialize)]
struct ViewFacts {
    content: String,
    counts: Counts,
    /// For guides, then for concepts.
    weights: [(Strengths, WeightSource); 2],
}

/// The parts of a file, in their order: what is said of all, the corpus, then graph and index of each view, that of full access
/// first. The second view is that of everybody, where anything is locked.
const N_PARTS: [usize; 2] = [4, 6];
