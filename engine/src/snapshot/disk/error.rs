//! Why a file is not taken for a snapshot, and what to do.

use std::io;
use std::path::PathBuf;

/// Why a snapshot cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum DiskError {
    /// The system does not let us.
    #[error("cannot {what} {path}", path = .path.display())]
    Io {
        /// What could not be done.
        what: &'static str,
        /// With which file.
        path: PathBuf,
        /// Why.
        #[source]
        why: io::Error,
    },
    /// It is none, is damaged, or was written by another Gradus.
    #[error("{path} {damage}", path = .path.display())]
    Unusable {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        damage: Damage,
    },
    /// A file that is no snapshot stands where one is to be written.
    #[error("{path} is there already and is no snapshot; name another file, or remove it", path = .0.display())]
    Occupied(PathBuf),
    /// The index does not give its parts.
    #[error("cannot write the full-text index down")]
    Index(#[from] gradus_index::BuildError),
    /// A part of the snapshot cannot be written down, which is our fault.
    #[error("cannot write the snapshot down: {0}")]
    Unwritable(postcard::Error),
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// It does not begin like a snapshot.
    #[error("is no snapshot of Gradus; `gradus index SOURCE --out FILE` writes one")]
    Foreign,
    /// It is of a form that is not known here yet.
    #[error(
        "was written by a newer Gradus (form {found}, this one reads {ours}); update this one, or write it anew with `gradus index`"
    )]
    Newer {
        /// The number of its form.
        found: u32,
        /// Ours.
        ours: u32,
    },
    /// It is of a form that is no longer read.
    #[error("was written by an older Gradus (form {found}, this one reads {ours}); write it anew with `gradus index`")]
    Older {
        /// The number of its form.
        found: u32,
        /// Ours.
        ours: u32,
    },
    /// Its texts were analysed otherwise than queries are here.
    #[error("was written by a Gradus that reads texts otherwise than this one; write it anew with `gradus index`")]
    OtherAnalyser,
    /// It is shorter than it says.
    #[error("is cut short; copy it again, or write it anew with `gradus index`")]
    CutShort,
    /// Its bytes are not those that were written.
    #[error("is damaged ({0}); copy it again, or write it anew with `gradus index`")]
    Corrupt(String),
}
