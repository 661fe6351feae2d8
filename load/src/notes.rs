//! What a load looked at: the files that it read, and those that counted by being there. Whoever has these, and nothing else of
//! the machine, loads the same. What it looked for in vain, and what folders held, is noted beside: whoever finds that as it was,
//! and the files, would load the same again ([`Findings`](crate::Findings)).

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

/// How something was looked at. What was read counts as read however else it was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looked {
    /// It was there, and that is all that mattered.
    Seen,
    /// It was read, as it was then.
    Read(FileStamp),
}

/// What tells a file that was written since from one that was not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileStamp {
    n_bytes: u64,
    modified: Option<SystemTime>,
}

impl FileStamp {
    fn of(metadata: &Metadata) -> Self {
        Self { n_bytes: metadata.len(), modified: metadata.modified().ok() }
    }

    /// The bytes of the file at `path`; `None` if it was written since.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read(self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        let mut file = File::open(path)?;
        let mut bytes = Vec::new();
        let is_as_before = Self::of(&file.metadata()?) == self;
        if is_as_before {
            file.read_to_end(&mut bytes)?;
        }
        let is_whole = is_as_before && bytes.len() as u64 == self.n_bytes && Self::of(&file.metadata()?) == self;
        Ok(is_whole.then_some(bytes))
    }
}

/// What was asked of a path beside what it holds, and what it was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum DiskAnswer {
    /// There is nothing.
    Nothing,
    /// There is no plain file.
    NoFile,
    /// The names in a folder, as a number.
    Names(u64),
    /// What of the tree below a folder belongs to a source, as a number.
    Tree { follows_links: bool, sum: u64 },
}

/// What a load looked at, by absolute paths.
#[derive(Debug, Default)]
pub struct Notes(Mutex<Noted>);

#[derive(Debug, Default)]
struct Noted {
    looked: BTreeMap<PathBuf, Looked>,
    answers: BTreeSet<(PathBuf, DiskAnswer)>,
    is_unclear: bool,
}

impl Notes {
    /// Notes what was answered of `path`.
    pub(crate) fn answered(&self, path: &Path, answer: DiskAnswer) {
        self.noted().answers.insert((path.to_owned(), answer));
    }

    /// Notes that something was answered that nobody can ask again.
    pub(crate) fn unclear(&self) {
        self.noted().is_unclear = true;
    }

    /// What was answered; `None` if there was something that nobody can ask again.
    pub(crate) fn answers(&self) -> Option<BTreeSet<(PathBuf, DiskAnswer)>> {
        let noted = self.noted();
        (!noted.is_unclear).then(|| noted.answers.clone())
    }

    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that there is something at `path`.
    pub(crate) fn saw(&self, path: &Path) {
        self.note(path, Looked::Seen);
    }

    /// Notes that the file at `path` is read.
    pub(crate) fn read(&self, path: &Path) {
        // Of what is gone by now nothing can be told but that it was there.
        let looked = fs::metadata(path).map_or(Looked::Seen, |metadata| Looked::Read(FileStamp::of(&metadata)));
        self.note(path, looked);
    }

    fn note(&self, path: &Path, looked: Looked) {
        let mut noted = self.noted();
        let before = noted.looked.entry(plain(path)).or_insert(looked);
        // The first stamp counts: what was written between two reads must not pass for one file.
        if *before == Looked::Seen {
            *before = looked;
        }
    }

    /// Everything that was noted so far.
    pub fn all(&self) -> BTreeMap<PathBuf, Looked> {
        self.noted().looked.clone()
    }
}

/// Whether there is something at `path`, which is noted in `notes` either way.
pub(crate) fn exists(path: &Path, notes: Option<&Notes>) -> bool {
    let is_there = path.exists();
    match notes {
        Some(notes) if is_there => notes.saw(path),
        Some(notes) => notes.answered(path, DiskAnswer::Nothing),
        None => {}
    }
    is_there
}

/// `path` without `.` and `..`, as it is written: sources are noted by paths without links.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            component => plain.push(component),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_stays_read_whatever_else_is_seen() {
        let notes = Notes::default();
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        notes.read(&here.join("src/../Cargo.toml"));
        notes.saw(&here.join("./Cargo.toml"));
        notes.saw(&here.join("src"));
        let noted: Vec<_> = notes.all().into_iter().collect();
        let [(file, Looked::Read(stamp)), (folder, Looked::Seen)] = noted.as_slice() else { panic!("{noted:?}") };
        assert_eq!((file, folder), (&here.join("Cargo.toml"), &here.join("src")));
        assert!(stamp.read(file).unwrap().is_some());
        assert_eq!(
            stamp.read(&here.join("src/lib.rs")).unwrap(),
            None,
            "another file is a file that was written since"
        );
    }
}
