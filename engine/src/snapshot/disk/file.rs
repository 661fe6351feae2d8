//! Files: how a snapshot is recognised, and how it takes its place.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::EXTENSION;
use super::container::MAGIC;
use super::error::DiskError;

/// Readable by its owner alone: it holds what is locked.
const PRIVATE: u32 = 0o600;
/// Readable by whoever the mask of the process admits.
const SHARED: u32 = 0o666;
/// No writer is so long about one file.
const ABANDONED_AFTER: Duration = Duration::from_secs(3_600);

/// Whether a snapshot is meant by `path`: a file that begins like one, or is called like one.
pub fn is_snapshot(path: &Path) -> bool {
    if !path.is_file() {
        return false;
    }
    let is_called_so = path.extension().is_some_and(|extension| extension == EXTENSION);
    let mut start = [0; MAGIC.len()];
    is_called_so || File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok() && start == *MAGIC
}

/// Writes `pieces`, one behind the other, to a file beside `path`, waits until the disk has it, and gives it the name `path`: whenever
/// the machine stops, what stood at `path` stands there whole, or what is new does.
///
/// # Errors
/// If the system refuses. Nothing is left behind then.
pub fn write_atomically<'a>(
    path: &Path,
    pieces: impl Iterator<Item = &'a [u8]>,
    is_private: bool,
) -> Result<(), DiskError> {
    let failed = |what, why| DiskError::Io { what, path: path.to_owned(), why };
    let beside = beside(path);
    let written = write_new(&beside, pieces, is_private).and_then(|()| fs::rename(&beside, path));
    if let Err(why) = written {
        if let Err(left) = fs::remove_file(&beside) {
            tracing::debug!(path = %beside.display(), error = %left, "what was written in part could not be removed");
        }
        return Err(failed("write", why));
    }
    // The name itself is on the disk once its folder is.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|why| failed("keep", why))
}

fn write_new<'a>(path: &Path, pieces: impl Iterator<Item = &'a [u8]>, is_private: bool) -> io::Result<()> {
    let mode = if is_private { PRIVATE } else { SHARED };
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    for piece in pieces {
        file.write_all(piece)?;
    }
    file.sync_all()
}

/// A name beside `path` that no other process and no reader takes for a snapshot.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    path.with_file_name(format!(".{name}.{}.part", std::process::id()))
}

/// Removes from `folder` what writers that were killed have left of a file in part. What is younger than an hour may belong to one that
/// still writes.
pub fn remove_abandoned(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let is_old = |entry: &fs::DirEntry| {
        let modified = entry.metadata().and_then(|metadata| metadata.modified());
        modified.is_ok_and(|modified| modified.elapsed().is_ok_and(|age| age > ABANDONED_AFTER))
    };
    for entry in entries.flatten().filter(|entry| is_part(&entry.file_name().to_string_lossy()) && is_old(entry)) {
        if let Err(error) = fs::remove_file(entry.path()) {
            tracing::debug!(path = %entry.path().display(), %error, "what was written in part could not be removed");
        }
    }
}

/// Whether [`beside`] gives such names.
fn is_part(name: &str) -> bool {
    let inner = name.strip_prefix('.').and_then(|name| name.strip_suffix(".part"));
    let number = inner.and_then(|inner| inner.rsplit_once('.')).filter(|(name, _)| !name.is_empty());
    number.is_some_and(|(_, number)| !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit()))
}
