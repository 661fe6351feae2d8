//! Manifests: what belongs to a publication. The root names leaves, and each leaf the files of a stretch of paths, so that a
//! change moves only the leaves that it falls into.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::digest::ContentHash;
use crate::error::{PublicationError, Result};
use crate::pack::{PackEntry, packed, unpacked_within};
use crate::store::{BlobKind, BlobName};

/// The format that is written, and the newest that is read.
pub const FORMAT: u32 = 1;
/// One path in so many ends a leaf.
const PATHS_A_LEAF: u32 = 256;
/// Most files of a leaf.
const MAX_LEAF_FILES: usize = 2_048;
/// Bytes that a manifest or a leaf may unpack to.
const MAX_PLAIN_BYTES: u64 = 64 << 20;

/// What is published: a folder as a load sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The format that it is written in.
    pub format: u32,
    /// The oldest reader that understands it.
    pub reader: u32,
    /// The program that wrote it.
    pub program: String,
    /// Where in the tree the source lies.
    pub source: String,
    /// The moment that dates of pages are compared with, in seconds since 1970: what is published is the same on every replica
    /// whatever its clock.
    pub moment: i64,
    /// The generation of what the publisher has built of it.
    pub generation: String,
    /// The packs that its files lie in.
    pub packs: Vec<PackEntry>,
    /// The leaves, in the order of their paths.
    leaves: Vec<ContentHash>,
    /// The files, by their paths in the tree.
    #[serde(skip)]
    pub files: BTreeMap<String, TreeEntry>,
}

/// What stands at a path of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TreeEntry {
    /// A folder that counts by being there.
    Folder,
    /// A file that counts by being there.
    Presence,
    /// A file with what it holds.
    File(Vec<StoredPiece>),
}

impl TreeEntry {
    /// Whether both hold the same, wherever it is stored.
    pub fn same_content(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::File(ours), Self::File(theirs)) => {
                ours.iter().map(|piece| piece.hash).eq(theirs.iter().map(|piece| piece.hash))
            }
            (ours, theirs) => ours == theirs,
        }
    }
}

/// A piece of a file, and where it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredPiece {
    /// The hash of its bytes.
    pub hash: ContentHash,
    /// The pack that it lies in.
    pub pack: ContentHash,
    /// Where in that pack it begins.
    pub at: u64,
    /// Its length.
    pub bytes: u64,
}

/// What every format says of itself.
#[derive(Deserialize)]
struct ManifestHead {
    format: u32,
    reader: u32,
}

/// A leaf, as it is written.
#[derive(Serialize, Deserialize)]
struct ManifestLeaf {
    packs: Vec<ContentHash>,
    files: Vec<LeafFile>,
}

#[derive(Serialize, Deserialize)]
struct LeafFile {
    path: String,
    /// Hash, number of the pack in the leaf, place, length. A file without it counts by being there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pieces: Option<Vec<(ContentHash, usize, u64, u64)>>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    folder: bool,
}

/// A manifest as blobs, its root last.
pub(crate) struct WrittenManifest {
    pub(crate) blobs: Vec<(BlobName, Vec<u8>)>,
    pub(crate) root: BlobName,
}

impl Manifest {
    /// A manifest of `files` that lie in `packs`.
    pub(crate) fn new(source: String, packs: Vec<PackEntry>, files: BTreeMap<String, TreeEntry>) -> Self {
        Self {
            format: FORMAT,
            reader: FORMAT,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            source,
            moment: 0,
            generation: String::new(),
            packs,
            leaves: Vec::new(),
            files,
        }
    }

    /// Bytes of its files.
    pub fn n_bytes(&self) -> u64 {
        self.pieces().map(|piece| piece.bytes).sum()
    }

    /// Bytes that its packs take in a store.
    pub fn stored_bytes(&self) -> u64 {
        self.packs.iter().map(|pack| pack.stored_bytes).sum()
    }

    /// All pieces of all files.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = &StoredPiece> {
        self.files.values().flat_map(|entry| match entry {
            TreeEntry::File(pieces) => pieces.as_slice(),
            TreeEntry::Folder | TreeEntry::Presence => &[],
        })
    }

    /// Whether it has the same files with the same content, and is read as the same source.
    pub(crate) fn same_content(&self, other: &Self) -> bool {
        let same_file = |((ours, mine), (theirs, other)): ((&String, &TreeEntry), (&String, &TreeEntry))| {
            ours == theirs && mine.same_content(other)
        };
        (&self.source, &self.generation, self.files.len()) == (&other.source, &other.generation, other.files.len())
            && self.files.iter().zip(&other.files).all(same_file)
    }

    /// The blobs that a store keeps of it besides packs, the root aside.
    pub fn leaves(&self) -> impl Iterator<Item = BlobName> {
        self.leaves.iter().map(|hash| BlobName { kind: BlobKind::Manifest, hash: *hash })
    }

    /// The names of its packs.
    pub fn pack_names(&self) -> impl Iterator<Item = BlobName> {
        self.packs.iter().map(|pack| BlobName { kind: BlobKind::Pack, hash: pack.hash })
    }

    /// Writes it down. O(files).
    pub(crate) fn write(&self) -> Result<WrittenManifest> {
        let mut blobs = Vec::new();
        let mut leaf: Vec<(&String, &TreeEntry)> = Vec::new();
        for file in &self.files {
            leaf.push(file);
            let is_end = ContentHash::of(file.0.as_bytes()).spread().is_multiple_of(PATHS_A_LEAF);
            if is_end || leaf.len() == MAX_LEAF_FILES {
                blobs.push(manifest_blob(&ManifestLeaf::new(&std::mem::take(&mut leaf)))?);
            }
        }
        if !leaf.is_empty() {
            blobs.push(manifest_blob(&ManifestLeaf::new(&leaf))?);
        }
        let leaves = blobs.iter().map(|(name, _)| name.hash).collect();
        let root = manifest_blob(&Self { leaves, files: BTreeMap::new(), ..self.clone() })?;
        let name = root.0;
        blobs.push(root);
        Ok(WrittenManifest { blobs, root: name })
    }

    /// Reads the manifest named `root`; `get` gives the checked bytes of a blob. O(files).
    ///
    /// # Errors
    /// If it was written by a newer Gradus, is damaged, or `get` fails.
    pub(crate) fn read(root: ContentHash, get: &mut dyn FnMut(BlobName) -> Result<Vec<u8>>) -> Result<Self> {
        let name = BlobName { kind: BlobKind::Manifest, hash: root };
        let plain = plain(name, &get(name)?)?;
        let damaged = |why: String| PublicationError::Damaged { what: name.to_string(), why };
        // What the rest looks like is for its format to say.
        let head: ManifestHead = serde_json::from_slice(&plain).map_err(|error| damaged(error.to_string()))?;
        if head.reader > FORMAT {
            return Err(PublicationError::TooNew { needed: head.reader, ours: FORMAT });
        }
        let mut manifest: Self = serde_json::from_slice(&plain).map_err(|error| damaged(error.to_string()))?;
        check_path(&manifest.source).map_err(&damaged)?;
        tracing::trace!(format = head.format, "a manifest is read");
        let packs: BTreeSet<ContentHash> = manifest.packs.iter().map(|pack| pack.hash).collect();
        for hash in manifest.leaves.clone() {
            let name = BlobName { kind: BlobKind::Manifest, hash };
            let damaged = |why: String| PublicationError::Damaged { what: name.to_string(), why };
            let plain = self::plain(name, &get(name)?)?;
            let leaf: ManifestLeaf = serde_json::from_slice(&plain).map_err(|error| damaged(error.to_string()))?;
            leaf.read_into(&packs, &mut manifest.files).map_err(damaged)?;
        }
        Ok(manifest)
    }
}

impl ManifestLeaf {
    fn new(files: &[(&String, &TreeEntry)]) -> Self {
        let mut leaf = Self { packs: Vec::new(), files: Vec::new() };
        let mut numbers: BTreeMap<ContentHash, usize> = BTreeMap::new();
        for (path, entry) in files {
            let pieces = match entry {
                TreeEntry::File(pieces) => {
                    let number = |piece: &StoredPiece| {
                        let number = *numbers.entry(piece.pack).or_insert_with(|| {
                            leaf.packs.push(piece.pack);
                            leaf.packs.len() - 1
                        });
                        (piece.hash, number, piece.at, piece.bytes)
                    };
                    Some(pieces.iter().map(number).collect())
                }
                TreeEntry::Folder | TreeEntry::Presence => None,
            };
            leaf.files.push(LeafFile { path: (*path).clone(), pieces, folder: **entry == TreeEntry::Folder });
        }
        leaf
    }

    fn read_into(
        self,
        packs: &BTreeSet<ContentHash>,
        files: &mut BTreeMap<String, TreeEntry>,
    ) -> std::result::Result<(), String> {
        for file in self.files {
            check_path(&file.path)?;
            let entry = match file.pieces {
                None if file.folder => TreeEntry::Folder,
                None => TreeEntry::Presence,
                Some(pieces) => {
                    let piece = |(hash, number, at, bytes): (ContentHash, usize, u64, u64)| {
                        let pack = self.packs.get(number).copied().filter(|pack| packs.contains(pack));
                        let pack = pack.ok_or_else(|| format!("{} lies in no pack", file.path))?;
                        Ok(StoredPiece { hash, pack, at, bytes })
                    };
                    TreeEntry::File(pieces.into_iter().map(piece).collect::<std::result::Result<_, String>>()?)
                }
            };
            files.insert(file.path, entry);
        }
        Ok(())
    }
}

/// Whether a path stays in its tree: a manifest may come from a store that somebody else can write to.
pub(crate) fn check_path(path: &str) -> std::result::Result<(), String> {
    let is_inside = |segment: &str| !matches!(segment, "" | "." | "..") && !segment.contains('\0');
    if path.split('/').all(is_inside) { Ok(()) } else { Err(format!("'{}' is no path in a tree", path.escape_debug())) }
}

fn manifest_blob<T: Serialize>(value: &T) -> Result<(BlobName, Vec<u8>)> {
    let unwritable =
        |error: serde_json::Error| PublicationError::Damaged { what: "a manifest".to_owned(), why: error.to_string() };
    let bytes = packed(&serde_json::to_vec(value).map_err(unwritable)?)?;
    Ok((BlobName::of(BlobKind::Manifest, &bytes), bytes))
}

fn plain(name: BlobName, bytes: &[u8]) -> Result<Vec<u8>> {
    let damaged = |why: std::io::Error| PublicationError::Damaged { what: name.to_string(), why: why.to_string() };
    unpacked_within(bytes, MAX_PLAIN_BYTES).map_err(damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(n_files: usize) -> Manifest {
        let pack = ContentHash::of(b"pack");
        let entry = |n: usize| {
            let piece = StoredPiece { hash: ContentHash::of(&n.to_le_bytes()), pack, at: n as u64, bytes: 1 };
            (format!("docs/page-{n:05}.md"), TreeEntry::File(vec![piece]))
        };
        let mut files: BTreeMap<String, TreeEntry> = (0..n_files).map(entry).collect();
        files.insert("docs/img".to_owned(), TreeEntry::Folder);
        files.insert("docs/img/a.png".to_owned(), TreeEntry::Presence);
        files.insert("docs/empty.md".to_owned(), TreeEntry::File(Vec::new()));
        Manifest::new("docs".to_owned(), vec![PackEntry { hash: pack, stored_bytes: 1, bytes: 9 }], files)
    }

    fn read(written: &WrittenManifest) -> Result<Manifest> {
        let blobs: BTreeMap<BlobName, Vec<u8>> = written.blobs.iter().cloned().collect();
        Manifest::read(written.root.hash, &mut |name| name.check(blobs[&name].clone()))
    }

    #[test]
    fn a_manifest_is_read_as_it_was_written() {
        let manifest = manifest(3_000);
        let read = read(&manifest.write().unwrap()).unwrap();
        assert_eq!(read.files, manifest.files);
        assert!(read.leaves.len() > 5, "{} leaves", read.leaves.len());
    }

    #[test]
    fn a_change_writes_one_leaf_anew() {
        let mut manifest = manifest(3_000);
        let names = |manifest: &Manifest| -> BTreeSet<BlobName> {
            manifest.write().unwrap().blobs.iter().map(|(name, _)| *name).collect()
        };
        let before = names(&manifest);
        manifest.files.remove("docs/page-01500.md");
        assert_eq!(names(&manifest).difference(&before).count(), 2, "one leaf and the root");
    }

    #[test]
    fn a_newer_format_is_told_and_not_guessed_at() {
        let (name, bytes) = manifest_blob(&serde_json::json!({"format": 7, "reader": 7, "files": {}})).unwrap();
        let read = read(&WrittenManifest { blobs: vec![(name, bytes)], root: name });
        assert_eq!(
            read.unwrap_err().to_string(),
            "it needs a reader of format 7, and this is one of format 1: update Gradus here first"
        );
    }

    #[test]
    fn paths_that_lead_out_of_the_tree_are_refused() {
        for path in ["../a", "/etc/passwd", "a/../../b", "a//b", "", "a/", "a\0b", "."] {
            assert!(check_path(path).is_err(), "{path}");
            let mut manifest = manifest(1);
            manifest.files.insert(path.to_owned(), TreeEntry::Presence);
            assert!(matches!(read(&manifest.write().unwrap()), Err(PublicationError::Damaged { .. })), "{path}");
        }
        assert!(check_path("a/b c/ü..md").is_ok());
    }
}
