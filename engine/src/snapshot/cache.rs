//! The cache of snapshots: what a source was built to, kept for the next start.
//!
//! Key decision: an entry is good as long as a load would find what it found ([`Findings`]): contents are compared and every question
//! that was put to the disk is put again, so that nothing needs to be told when files change. A source has one entry, of one
//! program: who builds another program may read content otherwise. An entry is two files, the snapshot and what was found; the
//! second names the first and is written last, so that a stop at any point leaves the old entry or the new one. Whatever is wrong
//! with an entry, the source is built as if there were none. Entries hold locked text: the folder is its owner's alone, or is not
//! used.

use std::fs::{self, DirBuilder, File, Metadata};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use gradus_corpus::{checksum, fingerprint};
use gradus_load::{Findings, Input, Notes, Progress, Terms};
use serde::{Deserialize, Serialize};

use super::disk::{self, DiskError, EXTENSION};
use super::{Snapshot, SnapshotError, snapshot_path};

/// Bytes that all entries may take together: those that were not asked for the longest go first.
const MAX_BYTES: u64 = 2 << 30;
/// For how long an entry is kept that nobody asks for.
const MAX_AGE: Duration = Duration::from_secs(60 * 86_400);
/// For how long a file may be written to: what is older was left behind.
const MAX_WRITING: Duration = Duration::from_secs(86_400);
/// The ending of the names of files that say what a load found.
const FOUND: &str = "found";

/// Where snapshots are kept between starts.
#[derive(Clone, Debug)]
pub struct SnapshotCache {
    folder: PathBuf,
    /// Names the program that builds.
    program: u64,
}

/// A snapshot that is not kept yet.
pub struct Unkept {
    snapshot: Arc<Snapshot>,
    key: u64,
    notes: Option<Arc<Notes>>,
}

/// What is written of an entry beside its snapshot.
#[derive(Serialize, Deserialize)]
struct CacheEntry {
    /// The name of the file that holds the snapshot.
    snapshot: String,
    findings: Option<Findings>,
}

impl SnapshotCache {
    /// The cache in `folder`, made where there is none, for the program that `program` names.
    ///
    /// # Errors
    /// If it cannot be made, or is not its owner's alone: entries hold what is locked.
    pub fn new(folder: &Path, program: u64) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let metadata = fs::metadata(folder)?;
        if metadata.mode() & 0o077 != 0 || metadata.uid() != rustix::process::geteuid().as_raw() {
            return Err(io::Error::other("it is not its owner's alone; chmod 700 it"));
        }
        Ok(Self { folder: folder.to_owned(), program })
    }

    /// Loads `input` from here, else from itself: then there is something to [`SnapshotCache::keep`].
    ///
    /// # Errors
    /// As [`Snapshot::build`].
    pub fn load(
        &self,
        input: &Input,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(Arc<Snapshot>, Option<Unkept>), SnapshotError> {
        let terms = Terms::now();
        let Some((noted, notes, key)) = self.noted(input) else {
            let snapshot = Snapshot::on(terms, input, progress)?;
            return Ok((Arc::new(snapshot), None));
        };
        if let Some(snapshot) = self.kept(key, &input.name(), terms.now) {
            return Ok((Arc::new(snapshot), None));
        }
        let snapshot = Arc::new(Snapshot::on(terms, &noted, progress)?);
        let unkept = Unkept { snapshot: Arc::clone(&snapshot), key, notes };
        Ok((snapshot, Some(unkept)))
    }

    /// `input` so that what it looks at is noted, where it notes that, and the number of its entry; `None` where it has no entry.
    fn noted(&self, input: &Input) -> Option<(Input, Option<Arc<Notes>>, u64)> {
        match input {
            Input::Path(_) if snapshot_path(input).is_some() => None,
            Input::Path(path) => {
                let (noted, notes) = Input::noted(path).ok()?;
                let key = fingerprint(&(self.program, noted.path()));
                Some((noted, Some(notes), key))
            }
            Input::Memory(files) => Some((input.clone(), None, fingerprint(&(self.program, files)))),
            Input::Edited { .. } | Input::Noted { .. } => None,
        }
    }

    /// The snapshot of the entry `key`, if a load at the moment `now` would give the same.
    fn kept(&self, key: u64, name: &str, now: i64) -> Option<Snapshot> {
        let path = self.found_path(key);
        let bytes = fs::read(&path).ok()?;
        let (entry, sum) = bytes.split_last_chunk().map(|(entry, sum)| (entry, u64::from_le_bytes(*sum)))?;
        if checksum(entry) != sum {
            return None;
        }
        let entry: CacheEntry = postcard::from_bytes(entry).ok()?;
        if !entry.findings.as_ref().is_none_or(|findings| findings.hold(now)) {
            return None;
        }
        match disk::open(&self.folder.join(&entry.snapshot), name) {
            Ok(snapshot) => {
                // Old is what was not asked for. Where that cannot be written down, the entry only goes sooner.
                drop(File::open(&path).and_then(|file| file.set_modified(SystemTime::now())));
                Some(Snapshot { until: entry.findings.and_then(|findings| findings.until()), ..snapshot })
            }
            Err(error) => {
                tracing::debug!(%error, "what was kept of the source cannot be used; it is built");
                None
            }
        }
    }

    /// Keeps what was built, unless a file was written since, and lets go of what nobody asks for. O(what it holds).
    ///
    /// # Errors
    /// If the system refuses.
    pub fn keep(&self, unkept: &Unkept) -> Result<(), DiskError> {
        let failed = |why| DiskError::Io { what: "keep", path: self.folder.clone(), why };
        let Unkept { snapshot, key, notes } = unkept;
        let findings = match notes {
            None => None,
            Some(notes) => match Findings::of(notes, snapshot.until).map_err(failed)? {
                Some(findings) => Some(findings),
                None => return Ok(()),
            },
        };
        let path = self.folder.join(format!("{key:016x}-{:016x}.{EXTENSION}", content_of(snapshot)));
        let saved = disk::save_for(snapshot, &path, true)?;
        let name = saved.path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let entry = postcard::to_allocvec(&CacheEntry { snapshot: name, findings }).map_err(DiskError::Unwritable)?;
        let sum = checksum(&entry).to_le_bytes();
        disk::write_atomically(&self.found_path(*key), [entry.as_slice(), &sum].into_iter(), true)?;
        self.clean(*key, &saved.path).map_err(failed)
    }

    fn found_path(&self, key: u64) -> PathBuf {
        self.folder.join(format!("{key:016x}.{FOUND}"))
    }

    /// Removes other snapshots of the entry `key` than `current`, entries that nobody asked for in a long time, and as many more as
    /// there is no room for.
    fn clean(&self, key: u64, current: &Path) -> io::Result<()> {
        let own = format!("{key:016x}");
        let now = SystemTime::now();
        let age = |metadata: &Metadata| {
            metadata.modified().ok().and_then(|modified| now.duration_since(modified).ok()).unwrap_or_default()
        };
        let mut entries: Vec<(Duration, u64, PathBuf)> = Vec::new();
        for file in fs::read_dir(&self.folder)? {
            let file = file?;
            let (path, metadata) = (file.path(), file.metadata()?);
            let name = file.file_name().to_string_lossy().into_owned();
            let is_part = name.starts_with('.') && age(&metadata) > MAX_WRITING;
            if is_part
                || name.starts_with(&own) && path.extension().is_some_and(|end| end == EXTENSION) && path != current
            {
                remove(&path);
            } else if let Some((key, _)) = name.split_once('-').filter(|_| !name.starts_with('.')) {
                let found = self.folder.join(format!("{key}.{FOUND}"));
                let asked = fs::metadata(&found).map_or(Duration::MAX, |metadata| age(&metadata));
                entries.push((asked, metadata.len(), path));
            }
        }
        entries.sort();
        let mut n_bytes = 0;
        for (asked, len, path) in entries {
            n_bytes += len;
            if path != current && (asked > MAX_AGE || n_bytes > MAX_BYTES) {
                remove(&path);
                let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
                remove(&self.folder.join(format!("{}.{FOUND}", name.split('-').next().unwrap_or_default())));
            }
        }
        Ok(())
    }
}

/// A number for what a snapshot shows.
fn content_of(snapshot: &Snapshot) -> u64 {
    fingerprint(&(&snapshot.public.generation, &snapshot.pro.generation))
}

fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::debug!(path = %path.display(), %error, "what is no longer needed could not be removed");
    }
}
