//! What a replica keeps: checked packs and manifests, the tree that is loaded, and which publication it has served, so that it
//! never goes back and needs nobody to start again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::digest::ContentHash;
use crate::error::{At, PublicationError, Result};
use crate::folder::{make_private, write_whole};
use crate::manifest::{Manifest, StoredPiece, TreeEntry};
use crate::pack::unpacked;
use crate::publish::PutCounts;
use crate::record::{Publication, record_name};
use crate::store::{BlobKind, BlobName, Blobs};

/// Packs that are fetched at one time.
const FETCHES: usize = 4;

/// The folder of one replica.
pub struct ReplicaState {
    root: PathBuf,
    /// Held for as long as the process lives.
    _lock: File,
}

/// A tree as it lies on the disk.
pub struct LaidTree {
    /// The folder of the tree.
    root: PathBuf,
    /// Where the source lies.
    pub source: PathBuf,
    manifest: Manifest,
}

impl ReplicaState {
    /// The folder at `root`, made for its owner alone.
    ///
    /// # Errors
    /// If another process has it, or it cannot be written.
    pub fn open(root: &Path) -> Result<Self> {
        make_private(root)?;
        let root = root.canonicalize().at(root)?;
        let path = root.join("lock");
        let lock = File::create(&path).at(&path)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(PublicationError::InUse(root)),
            Err(TryLockError::Error(why)) => return Err(why).at(path),
        }
        // A tree may be half of one: the process that laid it out may have been killed.
        let trees = root.join("trees");
        if trees.exists() {
            fs::remove_dir_all(&trees).at(&trees)?;
        }
        Ok(Self { root, _lock: lock })
    }

    /// The publication that was served last; `None` where none was.
    ///
    /// # Errors
    /// If the record of it is damaged: without it nobody knows what would be a step back.
    pub fn serving(&self) -> Result<Option<Publication>> {
        let path = self.root.join("serving");
        match fs::read(&path) {
            Ok(bytes) => Publication::read(&path.display().to_string(), &bytes).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).at(path),
        }
    }

    /// Records, past any power cut, that `publication` is served from now on.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn set_serving(&self, publication: &Publication) -> Result<()> {
        write_whole(&self.root.join("serving"), &publication.to_bytes(), |from, to| fs::rename(from, to))
    }

    /// The manifest with this name, from here or else from `blobs`.
    ///
    /// # Errors
    /// If it is in neither, damaged or too new.
    pub fn manifest(&self, blobs: Option<&dyn Blobs>, hash: ContentHash) -> Result<Manifest> {
        Manifest::read(hash, &mut |name| self.blob(blobs, name).map(|(bytes, _)| bytes))
    }

    /// Brings all packs of `manifest` here, checked.
    ///
    /// # Errors
    /// If one is missing or damaged.
    pub fn fetch(&self, blobs: Option<&dyn Blobs>, manifest: &Manifest) -> Result<PutCounts> {
        let names: Vec<BlobName> = manifest.pack_names().collect();
        let next = AtomicUsize::new(0);
        let done: Mutex<Result<PutCounts>> = Mutex::new(Ok(PutCounts::default()));
        let fetch = || {
            while let Some(name) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
                let fetched = self.blob(blobs, *name);
                let mut done = done.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                match (&mut *done, fetched) {
                    (Ok(counts), Ok((bytes, true))) => {
                        counts.n_blobs += 1;
                        counts.bytes += bytes.len() as u64;
                    }
                    (Ok(_), Ok((_, false))) => {}
                    (Ok(_), Err(error)) => *done = Err(error),
                    (Err(_), _) => return,
                }
            }
        };
        std::thread::scope(|scope| (0..FETCHES).for_each(|_| drop(scope.spawn(fetch))));
        done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// A blob, and whether it was fetched. What lies here and is damaged is fetched anew.
    fn blob(&self, blobs: Option<&dyn Blobs>, name: BlobName) -> Result<(Vec<u8>, bool)> {
        let path = self.root.join(name.to_string());
        let kept = match fs::read(&path) {
            Ok(bytes) => name.check(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(PublicationError::Missing(name.to_string())),
            Err(error) => Err(error).at(&path),
        };
        let (blobs, why) = match (kept, blobs) {
            (Ok(bytes), _) => return Ok((bytes, false)),
            (Err(error), None) => return Err(error),
            (Err(error), Some(blobs)) => (blobs, error),
        };
        if !matches!(why, PublicationError::Missing(_)) {
            tracing::warn!(%why, "what is kept here cannot be used: it is fetched anew");
        }
        let bytes = name.check(blobs.get(name)?)?;
        write_whole(&path, &bytes, |from, to| fs::rename(from, to))?;
        Ok((bytes, true))
    }

    /// Lays the tree of `manifest`, all of which is here, out as a folder that a load reads. What is as in `before` is linked
    /// and not written. O(files + bytes that differ).
    ///
    /// # Errors
    /// If something is not what the manifest says.
    pub fn lay_out(
        &self,
        publication: &Publication,
        manifest: Manifest,
        before: Option<&LaidTree>,
    ) -> Result<LaidTree> {
        let root = self.root.join("trees").join(record_name(publication.number()));
        if root.exists() {
            fs::remove_dir_all(&root).at(&root)?;
        }
        make_private(&root)?;
        let mut wanted: BTreeMap<ContentHash, Vec<(PathBuf, u64, StoredPiece)>> = BTreeMap::new();
        for (path, entry) in &manifest.files {
            let target = root.join(path);
            let folder = if *entry == TreeEntry::Folder { Some(target.as_path()) } else { target.parent() };
            make_private(folder.unwrap_or(&root))?;
            let TreeEntry::File(pieces) = entry else {
                if *entry == TreeEntry::Presence {
                    File::create(&target).at(&target)?;
                }
                continue;
            };
            let same =
                before.filter(|before| before.manifest.files.get(path).is_some_and(|old| old.same_content(entry)));
            if let Some(before) = same
                && fs::hard_link(before.root.join(path), &target).is_ok()
            {
                continue;
            }
            File::create(&target).at(&target)?;
            let mut at = 0;
            for piece in pieces {
                wanted.entry(piece.pack).or_default().push((target.clone(), at, *piece));
                at += piece.bytes;
            }
        }
        for pack in manifest.packs.iter().filter(|pack| wanted.contains_key(&pack.hash)) {
            let name = BlobName { kind: BlobKind::Pack, hash: pack.hash };
            let plain = unpacked(pack, &self.blob(None, name)?.0)?;
            for (target, at, piece) in &wanted[&pack.hash] {
                let file = File::options().write(true).open(target).at(target)?;
                file.write_all_at(piece_of(name, &plain, piece)?, *at).at(target)?;
            }
        }
        Ok(LaidTree { source: root.join(&manifest.source), root, manifest })
    }

    /// Removes what none of `kept` needs: packs, manifests, trees.
    ///
    /// # Errors
    /// If something cannot be removed.
    pub fn tidy(&self, serving: &LaidTree, kept: &[ContentHash]) -> Result<()> {
        let mut named: BTreeSet<BlobName> = BTreeSet::new();
        for hash in kept {
            // What was kept to go back to and cannot be read is fetched should it be wanted.
            let Ok(manifest) = self.manifest(None, *hash) else { continue };
            named.insert(BlobName { kind: BlobKind::Manifest, hash: *hash });
            named.extend(manifest.pack_names().chain(manifest.leaves()));
        }
        for kind in [BlobKind::Pack, BlobKind::Manifest] {
            let folder = self.root.join(kind.folder());
            for path in paths_in(&folder)? {
                let name = path.file_name().and_then(|name| name.to_str()?.parse().ok());
                if !name.is_some_and(|hash| named.contains(&BlobName { kind, hash })) {
                    fs::remove_file(&path).at(&path)?;
                }
            }
        }
        for path in paths_in(&self.root.join("trees"))?.into_iter().filter(|path| *path != serving.root) {
            fs::remove_dir_all(&path).at(&path)?;
        }
        Ok(())
    }
}

/// The bytes of `piece` in its unpacked pack.
fn piece_of<'a>(pack: BlobName, plain: &'a [u8], piece: &StoredPiece) -> Result<&'a [u8]> {
    let damaged = |why: String| PublicationError::Damaged { what: pack.to_string(), why };
    let range = usize::try_from(piece.at).ok().zip(usize::try_from(piece.bytes).ok());
    let range = range.and_then(|(at, len)| Some(at..at.checked_add(len)?));
    let bytes =
        range.and_then(|range| plain.get(range)).ok_or_else(|| damaged("a piece lies behind its end".to_owned()))?;
    let found = ContentHash::of(bytes);
    if found == piece.hash { Ok(bytes) } else { Err(damaged(format!("piece {} hashes to {found}", piece.hash))) }
}

fn paths_in(folder: &Path) -> Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry.at(folder)?.path())).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error).at(folder),
    }
}
