//! Published content: from a source to as many replicas as readers need.
//!
//! A publication is a manifest, which names files by the hashes of their pieces, and packs, which hold the pieces. Both are blobs
//! named by their SHA-256, so that whoever has a name can check what it is given: stores and networks need no trust for that. What
//! needs an engine is order alone: a register says which publication is the newest, moves by compare and swap, and never
//! gives out a number twice.
//!
//! This crate knows files by their paths and bytes. It knows nothing of what is in them, nor of graphs, indexes or how readers are
//! served.
//!
//! Key decision: sources are published and built on each replica, not indexes. A changed page moves as one page, whatever the
//! index would look like, and replicas of several versions serve the same publication. The price is that each replica builds.

mod address;
#[cfg(feature = "bucket")]
mod bucket;
mod cut;
mod digest;
mod error;
mod etcd;
mod folder;
mod manifest;
mod pack;
mod prune;
mod publish;
mod record;
mod state;
mod store;

pub use address::StoreAddress;
pub use digest::{ContentHash, NoContentHash};
pub use error::{PublicationError, Result};
pub use etcd::EtcdAccess;
pub use manifest::{FORMAT, Manifest, StoredPiece, TreeEntry};
pub use pack::PackEntry;
pub use prune::{PruneTerms, Pruned, prune};
pub use publish::{Preparation, Prepared, PublicationFacts, PutCounts, TreeBody, promote, read_manifest, restore};
pub use record::Publication;
pub use state::{LaidTree, ReplicaState};
pub use store::{BlobKind, BlobName, Blobs, PublicationStore, Register, RegisterHead, StoredBlob};
