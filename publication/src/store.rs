//! What a store of published content must do. There are two parts, which may lie in two places: the register, which orders
//! publications, and the blobs, which are named by their hashes and so need no trust.

use std::fmt;
use std::time::Duration;

use gradus_corpus::PublicationNumber;

use crate::digest::ContentHash;
use crate::error::{PublicationError, Result};
use crate::record::Publication;

/// The newest publication, and what its register needs to tell whether it still is.
#[derive(Clone, Debug)]
pub struct RegisterHead {
    /// The publication.
    pub publication: Publication,
    /// The register's own mark of this state.
    pub(crate) fence: u64,
}

/// Says which publication is the newest. It is the one place where order is made; no clock takes part.
pub trait Register: Send + Sync {
    /// The newest publication; `None` before the first.
    ///
    /// # Errors
    /// If the store cannot be asked: never what a part of it that was cut off remembers.
    fn head(&self) -> Result<Option<RegisterHead>>;

    /// Makes `next` the newest publication if `expected` still is: all of it, or nothing. An answer that was lost is settled
    /// before this returns.
    ///
    /// # Errors
    /// [`PublicationError::Moved`] if another one is by now, [`PublicationError::Unsettled`] if it cannot be told.
    fn advance(&self, expected: Option<&RegisterHead>, next: &Publication) -> Result<()>;

    /// The publication with this number, if it is still recorded.
    ///
    /// # Errors
    /// If the store cannot be asked.
    fn publication(&self, number: PublicationNumber) -> Result<Option<Publication>>;

    /// All recorded publications, newest first.
    ///
    /// # Errors
    /// If the store cannot be asked.
    fn history(&self) -> Result<Vec<Publication>>;

    /// All recorded publications of all channels over the same blobs.
    ///
    /// # Errors
    /// If the store cannot be asked.
    fn all_channels(&self) -> Result<Vec<Publication>>;

    /// Takes a publication, never the newest, out of the record.
    ///
    /// # Errors
    /// If the store cannot be asked.
    fn forget(&self, number: PublicationNumber) -> Result<()>;

    /// Waits until something other than `known` may be the newest publication, for `time` at most.
    ///
    /// # Errors
    /// If the store cannot be asked.
    fn wait(&self, known: Option<&RegisterHead>, time: Duration) -> Result<()>;
}

/// What a blob is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlobKind {
    /// Documents.
    Pack,
    /// A manifest, or a part of one.
    Manifest,
}

impl BlobKind {
    /// All of them.
    pub(crate) const ALL: [Self; 2] = [Self::Pack, Self::Manifest];

    /// The folder that blobs of this kind lie in.
    pub(crate) fn folder(self) -> &'static str {
        match self {
            Self::Pack => "packs",
            Self::Manifest => "manifests",
        }
    }
}

/// The name of a blob: what it is, and the hash of its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobName {
    /// What it is.
    pub kind: BlobKind,
    /// The hash of its bytes.
    pub hash: ContentHash,
}

impl fmt::Display for BlobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind.folder(), self.hash)
    }
}

impl BlobName {
    /// The name of `bytes`.
    pub fn of(kind: BlobKind, bytes: &[u8]) -> Self {
        Self { kind, hash: ContentHash::of(bytes) }
    }

    /// `bytes`, if they are those that this names.
    ///
    /// # Errors
    /// If they are not.
    pub fn check(&self, bytes: Vec<u8>) -> Result<Vec<u8>> {
        let found = ContentHash::of(&bytes);
        if found == self.hash {
            return Ok(bytes);
        }
        let why = format!("its {} bytes hash to {found}", bytes.len());
        Err(PublicationError::Damaged { what: self.to_string(), why })
    }
}

/// A blob that lies in a store.
#[derive(Clone, Copy, Debug)]
pub struct StoredBlob {
    /// Its name.
    pub name: BlobName,
    /// When it was put or renewed, in seconds since 1970.
    pub renewed_at: i64,
    /// The store's own mark of this state.
    pub(crate) fence: u64,
}

/// Keeps bytes under the names that their hashes are.
pub trait Blobs: Send + Sync {
    /// What is said of the store in messages.
    fn name(&self) -> String;

    /// Bytes of packs that the store should hold for one publication; `None` where there is no such bound.
    fn max_bytes(&self) -> Option<u64>;

    /// Keeps `bytes`, which `name` is the name of, and makes them young. Doing so twice is the same as once.
    ///
    /// # Errors
    /// If the store does not take them.
    fn put(&self, name: BlobName, bytes: &[u8]) -> Result<()>;

    /// The bytes of a blob, as the store has them: whoever asks checks them.
    ///
    /// # Errors
    /// [`PublicationError::Missing`] if they are not there.
    fn get(&self, name: BlobName) -> Result<Vec<u8>>;

    /// Makes a blob young again; whether it is there.
    ///
    /// # Errors
    /// If the store cannot be asked.
    fn renew(&self, name: BlobName) -> Result<bool>;

    /// All blobs. O(blobs).
    ///
    /// # Errors
    /// If the store cannot be asked.
    fn list(&self) -> Result<Vec<StoredBlob>>;

    /// Removes a blob, unless it was renewed since it was listed.
    ///
    /// # Errors
    /// If the store cannot be asked.
    fn remove(&self, blob: &StoredBlob) -> Result<()>;
}

/// Both parts of a store.
pub struct PublicationStore {
    /// Orders publications.
    pub register: Box<dyn Register>,
    /// Keeps what they consist of.
    pub blobs: Box<dyn Blobs>,
}
