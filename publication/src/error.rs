//! What can go wrong between a publisher, a store and a replica.

use std::io;
use std::path::PathBuf;

use gradus_corpus::PublicationNumber;

/// Why something cannot be published, fetched or read.
#[derive(Debug, thiserror::Error)]
pub enum PublicationError {
    /// An address that names no store.
    #[error("{0}")]
    Address(String),
    /// The store does not answer, or answers that it cannot now.
    #[error("{store} cannot be reached: {why}")]
    Unreachable {
        /// Which store.
        store: String,
        /// What was tried and what came of it.
        why: String,
    },
    /// The store refuses who asks.
    #[error("{store} refuses the login: {why}")]
    Denied {
        /// Which store.
        store: String,
        /// In its words.
        why: String,
    },
    /// The store takes no more.
    #[error(
        "{store} is full: {why}; prune (gradus publish --to URL --prune), then compact and defragment the store as \
         docs/replicas.md tells"
    )]
    Full {
        /// Which store.
        store: String,
        /// In its words.
        why: String,
    },
    /// The store answered what nobody understands.
    #[error("{store} answered what cannot be read: {why}")]
    Garbled {
        /// Which store.
        store: String,
        /// What is wrong with it.
        why: String,
    },
    /// Somebody else published in between.
    #[error("someone published {} meanwhile", .0.map_or_else(|| "or began anew".to_owned(), |number| number.to_string()))]
    Moved(Option<PublicationNumber>),
    /// It is not known whether it was published.
    #[error(
        "it is not known whether {number} was published: {why}; publish again once the store answers: the same content \
         published twice is published once"
    )]
    Unsettled {
        /// The number that was asked for.
        number: PublicationNumber,
        /// What was answered last.
        why: String,
    },
    /// Something that must be in the store is not.
    #[error("{0} is missing in the store")]
    Missing(String),
    /// Something is not what its name says.
    #[error("{what} is damaged: {why}")]
    Damaged {
        /// What.
        what: String,
        /// How.
        why: String,
    },
    /// It was written by a newer Gradus.
    #[error("it needs a reader of format {needed}, and this is one of format {ours}: update Gradus here first")]
    TooNew {
        /// The format that is needed.
        needed: u32,
        /// The newest that is understood here.
        ours: u32,
    },
    /// More than the store should hold.
    #[error("{0}")]
    TooLarge(String),
    /// Another process has the folder.
    #[error("{} is in use by another process: give each replica a folder of its own", .0.display())]
    InUse(PathBuf),
    /// A file or folder here.
    #[error("{}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        why: io::Error,
    },
}

/// What becomes of work with published content.
pub type Result<T> = std::result::Result<T, PublicationError>;

/// Gives an error of the file system the path that it is about.
pub(crate) trait At<T> {
    fn at(self, path: impl Into<PathBuf>) -> Result<T>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, path: impl Into<PathBuf>) -> Result<T> {
        self.map_err(|why| PublicationError::File { path: path.into(), why })
    }
}
