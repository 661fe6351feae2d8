//! Publishing: what is new is put first, read back and checked, and only then does the register move. Who dies in between leaves
//! blobs that nobody names, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::{SystemTime, UNIX_EPOCH};

use gradus_corpus::PublicationNumber;

use crate::cut::pieces;
use crate::digest::ContentHash;
use crate::error::{PublicationError, Result};
use crate::manifest::{Manifest, StoredPiece, TreeEntry, check_path};
use crate::pack::{NewPack, PackEntry, Packer};
use crate::record::Publication;
use crate::store::{BlobKind, BlobName, PublicationStore, RegisterHead};

/// Packs smaller than this, in bytes as stored, are put together once there are many.
const SMALL_PACK_BYTES: u64 = 128 << 10;
/// So many small packs may stand beside each other: each is a request of a replica that joins.
const MAX_SMALL_PACKS: usize = 64;

/// What stands at a path of a tree that is to be published.
#[derive(Clone, Copy, Debug)]
pub enum TreeBody<'a> {
    /// A folder that counts by being there.
    Folder,
    /// A file that counts by being there.
    Presence,
    /// A file with these bytes.
    File(&'a [u8]),
}

/// A file of which it is not settled yet where each piece lies.
enum RoughEntry {
    Settled(TreeEntry),
    File(Vec<(ContentHash, u64)>),
}

/// Takes in a tree, file by file.
pub struct Preparation {
    head: Option<RegisterHead>,
    before: Option<Manifest>,
    /// Where pieces of the newest publication lie.
    known: BTreeMap<ContentHash, StoredPiece>,
    fresh: BTreeSet<ContentHash>,
    packer: Packer,
    files: BTreeMap<String, RoughEntry>,
}

impl Preparation {
    /// Begins from the newest publication of `store`. Packs of it that are gone, mostly waste or many and small are not relied
    /// on: what is needed of them is packed anew, as is everything if `anew`.
    ///
    /// # Errors
    /// If the store cannot be asked, or the newest publication was written by a newer Gradus.
    pub fn begin(store: &PublicationStore, anew: bool) -> Result<Self> {
        let head = store.register.head()?;
        let before = match &head {
            Some(head) => read_if_whole(store, head.publication.manifest)?,
            None => None,
        };
        let known = match &before {
            Some(manifest) if !anew => known_pieces(store, manifest)?,
            _ => BTreeMap::new(),
        };
        let (fresh, packer, files) = (BTreeSet::new(), Packer::default(), BTreeMap::new());
        Ok(Self { head, before, known, fresh, packer, files })
    }

    /// Takes in what stands at `path`, with `/` between its segments.
    ///
    /// # Errors
    /// If that is no path in a tree.
    pub fn add(&mut self, path: &str, body: TreeBody<'_>) -> Result<()> {
        check_path(path).map_err(|why| PublicationError::Damaged { what: "the source".to_owned(), why })?;
        let entry = match body {
            TreeBody::Folder => RoughEntry::Settled(TreeEntry::Folder),
            TreeBody::Presence => RoughEntry::Settled(TreeEntry::Presence),
            TreeBody::File(bytes) => {
                let mut held = Vec::new();
                for piece in pieces(bytes) {
                    let piece = &bytes[piece];
                    let hash = ContentHash::of(piece);
                    if !self.known.contains_key(&hash) && self.fresh.insert(hash) {
                        self.packer.add(hash, piece)?;
                    }
                    held.push((hash, piece.len() as u64));
                }
                RoughEntry::File(held)
            }
        };
        self.files.insert(path.to_owned(), entry);
        Ok(())
    }

    /// Everything that is to be put. `source` is where in the tree the source lies, `moment` what dates are compared with, and
    /// `generation` names what was built of it.
    ///
    /// # Errors
    /// If it cannot be packed.
    pub fn finish(self, source: &str, moment: i64, generation: String) -> Result<Prepared> {
        let Self { head, before, mut known, packer, files, .. } = self;
        let packs = packer.finish()?;
        let mut entries: BTreeMap<ContentHash, PackEntry> =
            before.iter().flat_map(|manifest| &manifest.packs).map(|pack| (pack.hash, *pack)).collect();
        for NewPack { entry, pieces, .. } in &packs {
            entries.insert(entry.hash, *entry);
            known.extend(
                pieces
                    .iter()
                    .map(|(hash, at)| (*hash, StoredPiece { hash: *hash, pack: entry.hash, at: *at, bytes: 0 })),
            );
        }
        let mut used = BTreeSet::new();
        let mut settled = BTreeMap::new();
        for (path, entry) in files {
            let entry = match entry {
                RoughEntry::Settled(entry) => entry,
                RoughEntry::File(held) => {
                    let place = |(hash, bytes): (ContentHash, u64)| {
                        let place =
                            known.get(&hash).ok_or_else(|| PublicationError::Missing(format!("piece {hash}")))?;
                        used.insert(place.pack);
                        Ok(StoredPiece { bytes, ..*place })
                    };
                    TreeEntry::File(held.into_iter().map(place).collect::<Result<_>>()?)
                }
            };
            settled.insert(path, entry);
        }
        let used = entries.into_values().filter(|pack| used.contains(&pack.hash)).collect();
        let mut manifest = Manifest::new(source.to_owned(), used, settled);
        (manifest.moment, manifest.generation) = (moment, generation);
        let is_published = before.as_ref().is_some_and(|before| before.same_content(&manifest));
        Ok(Prepared { head, manifest, packs, is_published })
    }
}

/// The manifest with this name; none where it is missing or damaged, so that publishing mends it.
fn read_if_whole(store: &PublicationStore, hash: ContentHash) -> Result<Option<Manifest>> {
    match read_manifest(store, hash) {
        Ok(manifest) => Ok(Some(manifest)),
        Err(error @ (PublicationError::Missing(_) | PublicationError::Damaged { .. })) => {
            tracing::warn!(%error, "the newest manifest cannot be used: everything is packed anew");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The manifest with this name, checked. O(files).
///
/// # Errors
/// If it is missing, damaged or too new.
pub fn read_manifest(store: &PublicationStore, hash: ContentHash) -> Result<Manifest> {
    Manifest::read(hash, &mut |name| name.check(store.blobs.get(name)?))
}

/// The pieces of `manifest` that may be named again, and where they lie.
fn known_pieces(store: &PublicationStore, manifest: &Manifest) -> Result<BTreeMap<ContentHash, StoredPiece>> {
    let pieces: BTreeMap<ContentHash, StoredPiece> = manifest.pieces().map(|piece| (piece.hash, *piece)).collect();
    let mut live: BTreeMap<ContentHash, u64> = BTreeMap::new();
    for piece in pieces.values() {
        *live.entry(piece.pack).or_default() += piece.bytes;
    }
    let n_small = manifest.packs.iter().filter(|pack| pack.stored_bytes < SMALL_PACK_BYTES).count();
    let mut relied_on = BTreeSet::new();
    for pack in &manifest.packs {
        let is_waste = live.get(&pack.hash).copied().unwrap_or_default() * 2 < pack.bytes;
        let is_crumb = n_small > MAX_SMALL_PACKS && pack.stored_bytes < SMALL_PACK_BYTES;
        if is_waste || is_crumb {
            continue;
        }
        // Young again, it is not pruned while this goes on.
        if store.blobs.renew(BlobName { kind: BlobKind::Pack, hash: pack.hash })? {
            relied_on.insert(pack.hash);
        }
    }
    Ok(pieces.into_iter().filter(|(_, piece)| relied_on.contains(&piece.pack)).collect())
}

/// What a publisher says of a publication.
#[derive(Clone, Debug, Default)]
pub struct PublicationFacts {
    /// When, in seconds since 1970.
    pub at: i64,
    /// Who.
    pub by: String,
    /// The revision of the source.
    pub revision: String,
    /// Whether the numbers begin a new epoch, and which: the next one where it is not said.
    pub new_epoch: Option<Option<u32>>,
    /// The publication whose content is brought back.
    pub restores: Option<PublicationNumber>,
}

/// What was put into a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PutCounts {
    /// Blobs.
    pub n_blobs: usize,
    /// Their bytes.
    pub bytes: u64,
}

/// A publication of which nothing is put yet.
pub struct Prepared {
    head: Option<RegisterHead>,
    /// What belongs to it.
    pub manifest: Manifest,
    packs: Vec<NewPack>,
    /// Whether the newest publication has this very content.
    pub is_published: bool,
}

impl Prepared {
    /// The newest publication when this one was prepared.
    pub fn head(&self) -> Option<&Publication> {
        self.head.as_ref().map(|head| &head.publication)
    }

    /// Puts what the store does not have, reads it back and checks it. Returns the manifest's name.
    ///
    /// # Errors
    /// If it is more than the store should hold, or the store does not keep what it was given.
    pub fn put(&self, store: &PublicationStore) -> Result<(ContentHash, PutCounts)> {
        let bytes = self.manifest.stored_bytes();
        if let Some(max) = store.blobs.max_bytes().filter(|max| bytes > *max) {
            return Err(PublicationError::TooLarge(format!(
                "{} MiB of packed content are more than the {} MiB that {} should hold: keep them elsewhere by --blobs, such as \
                 --blobs file:///share/NAME",
                bytes >> 20,
                max >> 20,
                store.blobs.name(),
            )));
        }
        let written = self.manifest.write()?;
        let packs = self
            .packs
            .iter()
            .map(|pack| (BlobName { kind: BlobKind::Pack, hash: pack.entry.hash }, pack.bytes.as_slice()));
        let blobs: Vec<(BlobName, &[u8])> =
            packs.chain(written.blobs.iter().map(|(name, bytes)| (*name, bytes.as_slice()))).collect();
        let mut counts = PutCounts::default();
        for (name, bytes) in &blobs {
            // A leaf that is as it was need not move.
            if name.kind == BlobKind::Pack || !store.blobs.renew(*name)? {
                store.blobs.put(*name, bytes)?;
                counts.n_blobs += 1;
                counts.bytes += bytes.len() as u64;
            }
            name.check(store.blobs.get(*name)?)?;
        }
        Ok((written.root.hash, counts))
    }

    /// Makes `manifest`, which was put, the newest publication.
    ///
    /// # Errors
    /// [`PublicationError::Moved`] if somebody else published since this was prepared.
    pub fn advance(
        &self,
        store: &PublicationStore,
        manifest: ContentHash,
        facts: PublicationFacts,
    ) -> Result<Publication> {
        advance(store, self.head.as_ref(), (manifest, &self.manifest), facts)
    }
}

/// Makes the content of `number` the newest publication once more, under a new number.
///
/// # Errors
/// If there is no such publication any more, something of it is missing, or somebody else publishes meanwhile.
pub fn restore(store: &PublicationStore, number: PublicationNumber, facts: PublicationFacts) -> Result<Publication> {
    let head = store.register.head()?;
    let old = store.register.publication(number)?;
    let old = old.ok_or_else(|| PublicationError::Missing(format!("publication {number}")))?;
    promote(store, head.as_ref(), old.manifest, PublicationFacts { restores: Some(number), ..facts })
}

/// Makes the manifest of another channel the newest publication of the channel of `store`.
///
/// # Errors
/// As [`restore`].
pub fn promote(
    store: &PublicationStore,
    head: Option<&RegisterHead>,
    hash: ContentHash,
    facts: PublicationFacts,
) -> Result<Publication> {
    let manifest = read_manifest(store, hash)?;
    let root = BlobName { kind: BlobKind::Manifest, hash };
    for name in manifest.pack_names().chain(manifest.leaves()).chain([root]) {
        // Young again, it is not pruned before the register has moved.
        if !store.blobs.renew(name)? {
            return Err(PublicationError::Missing(name.to_string()));
        }
    }
    advance(store, head, (hash, &manifest), facts)
}

fn advance(
    store: &PublicationStore,
    head: Option<&RegisterHead>,
    (hash, manifest): (ContentHash, &Manifest),
    facts: PublicationFacts,
) -> Result<Publication> {
    let newest = head.map(|head| head.publication.number());
    let after = newest.map_or(PublicationNumber::FIRST, PublicationNumber::next);
    let number = match facts.new_epoch {
        None => after,
        Some(epoch) => PublicationNumber { epoch: epoch.unwrap_or(after.epoch.saturating_add(1)), ..after },
    };
    if newest.is_some_and(|newest| number <= newest) {
        return Err(PublicationError::Address(format!("{number} would not be later than {after}: name a later epoch")));
    }
    let mut next = Publication::new(number, hash, attempt());
    next.at = facts.at;
    next.by = facts.by;
    next.revision = facts.revision;
    next.restores = facts.restores.map(|number| number.to_string());
    next.files = manifest.files.len();
    next.bytes = manifest.n_bytes();
    store.register.advance(head, &next)?;
    Ok(next)
}

/// A name that no other attempt has: it is compared and decides nothing, so that it may be made by chance.
fn attempt() -> String {
    let random = || RandomState::new().build_hasher().finish();
    let moment = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    format!("{moment:x}-{:x}-{:016x}{:016x}", std::process::id(), random(), random())
}
