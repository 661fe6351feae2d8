//! Pruning: old publications leave the record, and blobs that no recorded one names leave the store.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::error::{PublicationError, Result};
use crate::publish::read_manifest;
use crate::store::{BlobKind, BlobName, PublicationStore};

/// Blobs younger than this stay, named or not: somebody may be about to name them.
const YOUNG: Duration = Duration::from_secs(3_600);
/// Blobs that are removed between two looks at whether somebody has published.
const REMOVED_A_LOOK: usize = 32;

/// What is kept.
#[derive(Clone, Copy, Debug)]
pub struct PruneTerms {
    /// So many of the newest publications of this channel stay.
    pub keep: usize,
    /// What is younger stays.
    pub older_than: Duration,
    /// Now, in seconds since 1970.
    pub now: i64,
}

/// What was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Publications that cannot be restored any more.
    pub n_publications: usize,
    /// Packs and manifests.
    pub n_blobs: usize,
}

/// Removes what `terms` do not keep; the newest publication of every channel stays whatever they say. O(recorded files + blobs).
///
/// # Errors
/// [`PublicationError::Moved`] if somebody publishes meanwhile: then the rest stays for the next time. If a recorded manifest cannot
/// be read, nothing is removed.
pub fn prune(store: &PublicationStore, terms: PruneTerms) -> Result<Pruned> {
    let mut pruned = Pruned::default();
    let before = |time: Duration| terms.now.saturating_sub(i64::try_from(time.as_secs()).unwrap_or(i64::MAX));
    let is_old = |at: i64| at < before(terms.older_than);
    let history = store.register.history()?;
    for old in history.iter().skip(terms.keep.max(1)).filter(|old| is_old(old.at)) {
        store.register.forget(old.number())?;
        pruned.n_publications += 1;
    }
    let recorded = store.register.all_channels()?;
    let manifests: BTreeSet<_> = recorded.iter().map(|one| one.manifest).collect();
    let mut named: BTreeSet<BlobName> = BTreeSet::new();
    for hash in manifests {
        let manifest = read_manifest(store, hash)?;
        named.insert(BlobName { kind: BlobKind::Manifest, hash });
        named.extend(manifest.pack_names().chain(manifest.leaves()));
    }
    let mut blobs = store.blobs.list()?;
    blobs.retain(|blob| !named.contains(&blob.name) && blob.renewed_at < before(YOUNG));
    for blobs in blobs.chunks(REMOVED_A_LOOK) {
        if store.register.all_channels()? != recorded {
            return Err(PublicationError::Moved(store.register.head()?.map(|head| head.publication.number())));
        }
        for blob in blobs {
            store.blobs.remove(blob)?;
            pruned.n_blobs += 1;
        }
    }
    Ok(pruned)
}
