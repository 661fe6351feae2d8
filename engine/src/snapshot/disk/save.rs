//! Writing a snapshot.

use std::path::{Path, PathBuf};

use super::container::{head, parts};
use super::error::{Damage, DiskError};
use super::file::{is_snapshot, write_atomically};
use super::{EXTENSION, Facts, ViewFacts};
use crate::snapshot::Snapshot;
use crate::view::View;
use crate::viewer::Viewer;

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedSnapshot {
    /// Where it is.
    pub path: PathBuf,
    /// Its bytes.
    pub n_bytes: u64,
    /// Whether it holds what is locked, and is readable by its owner alone.
    pub is_private: bool,
}

/// Writes `snapshot` to the file `out` or, where that is a folder, to a file in it that is named by what it holds. What stands there is
/// replaced as a whole, if it is a snapshot.
///
/// # Errors
/// If the system refuses, or another file stands there.
pub fn save(snapshot: &Snapshot, out: &Path) -> Result<SavedSnapshot, DiskError> {
    save_for(snapshot, out, snapshot.is_locked())
}

/// The same, readable by its owner alone if `is_private`.
pub(in crate::snapshot) fn save_for(
    snapshot: &Snapshot,
    out: &Path,
    is_private: bool,
) -> Result<SavedSnapshot, DiskError> {
    let parts = encode(snapshot)?;
    let (head, sum) = head(&parts);
    let path = if out.is_dir() { out.join(format!("{sum:016x}.{EXTENSION}")) } else { out.to_owned() };
    if path.exists() && !is_replaceable(&path) {
        return Err(DiskError::Occupied(path));
    }
    let pieces = || std::iter::once(head.as_slice()).chain(parts.iter().map(Vec::as_slice));
    write_atomically(&path, pieces(), is_private)?;
    Ok(SavedSnapshot { path, n_bytes: pieces().map(|piece| piece.len() as u64).sum(), is_private })
}

/// Whether nobody minds that the file is replaced: a snapshot, whole or not.
fn is_replaceable(path: &Path) -> bool {
    is_snapshot(path) && !std::fs::read(path).is_ok_and(|bytes| matches!(parts(&bytes), Err(Damage::Foreign)))
}

/// The parts of the file, in their order.
fn encode(snapshot: &Snapshot) -> Result<Vec<Vec<u8>>, DiskError> {
    let pro = snapshot.view(Viewer::Pro);
    let public = snapshot.is_locked().then(|| snapshot.view(Viewer::Anonymous));
    let views = || [Some(pro), public].into_iter().flatten();
    let mut rejected: Vec<_> = pro.rejected.iter().copied().collect();
    rejected.sort_unstable();
    let facts = Facts {
        analyser: gradus_index::analyser(),
        views: views().map(ViewFacts::of).collect(),
        diagnostics: snapshot.diagnostics.to_vec(),
        site: snapshot.site.clone(),
        config: snapshot.config.clone(),
        rejected,
    };
    let mut parts = vec![written(&facts)?, written(&*pro.corpus)?];
    for view in views() {
        parts.push(written(&*view.graph)?);
        parts.push(view.index.to_bytes(view.corpus.site().lang.as_deref())?);
    }
    Ok(parts)
}

fn written(value: &impl serde::Serialize) -> Result<Vec<u8>, DiskError> {
    postcard::to_allocvec(value).map_err(DiskError::Unwritable)
}

impl ViewFacts {
    fn of(view: &View) -> Self {
        let weights =
            [&view.relatedness.guides, &view.relatedness.concepts].map(|learned| (learned.weights.0, learned.source));
        Self { content: view.content().to_owned(), counts: (*view.counts).clone(), weights }
    }
}
