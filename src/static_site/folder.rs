//! The folder of a site without a server: written whole, and again only where it has changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, bail};
use gradus_corpus::checksum;
use gradus_engine::snapshot::disk::{remove_abandoned, write_atomically};

/// Lists the files that were written, so that the next build knows which are its own.
const LIST: &str = ".gradus-build.json";

/// What a build did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct WrittenFolder {
    /// Files of the site.
    pub(crate) n_files: usize,
    /// Those that are new or have changed.
    pub(crate) n_written: usize,
    /// Files of the build before that the site does not have any more.
    pub(crate) n_removed: usize,
}

/// # Errors
/// If `out` holds files that no build has written.
pub(super) fn check(out: &Path) -> anyhow::Result<()> {
    let entries = match std::fs::read_dir(out) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error).with_context(|| format!("{} cannot be written to", out.display())),
    };
    if entries.count() > 0 && !out.join(LIST).is_file() {
        bail!(
            "{} holds files that `gradus build` has not written: give it a folder of its own, or remove them",
            out.display()
        );
    }
    Ok(())
}

/// Writes `files` into `out`, and removes what the build before wrote and this one does not. The list goes first, with the names of
/// both: whenever the machine stops, the next build knows every file.
pub(super) fn write(out: &Path, files: &BTreeMap<String, Vec<u8>>) -> anyhow::Result<WrittenFolder> {
    let before = listed(out)?;
    let now: BTreeMap<&str, String> =
        files.iter().map(|(path, bytes)| (path.as_str(), format!("{:016x}", checksum(bytes)))).collect();
    let mut both = before.clone();
    both.extend(now.keys().map(|path| ((*path).to_owned(), String::new())));
    list(out, &both)?;
    let folders: BTreeSet<&Path> = both.keys().filter_map(|path| Path::new(path).parent()).collect();
    folders.into_iter().for_each(|folder| remove_abandoned(&out.join(folder)));
    let mut written = WrittenFolder { n_files: files.len(), ..WrittenFolder::default() };
    for (path, bytes) in files {
        let file = out.join(path);
        if std::fs::read(&file).is_ok_and(|old| old == *bytes) {
            continue;
        }
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        }
        write_atomically(&file, std::iter::once(bytes.as_slice()), false)?;
        written.n_written += 1;
    }
    for path in before.keys().filter(|path| !files.contains_key(*path)) {
        let file = out.join(path);
        if std::fs::remove_file(&file).is_ok() {
            written.n_removed += 1;
        }
        // Folders that are empty now go as well; others refuse.
        for folder in file.ancestors().skip(1).take_while(|folder| *folder != out) {
            if std::fs::remove_dir(folder).is_err() {
                break;
            }
        }
    }
    list(out, &now)?;
    Ok(written)
}

fn list(out: &Path, files: &impl serde::Serialize) -> anyhow::Result<()> {
    std::fs::create_dir_all(out).with_context(|| format!("{} cannot be made", out.display()))?;
    let text = serde_json::to_vec_pretty(files)?;
    let file = out.join(LIST);
    if !std::fs::read(&file).is_ok_and(|old| old == text) {
        write_atomically(&file, std::iter::once(text.as_slice()), false)?;
    }
    Ok(())
}

/// The files that the build before wrote. A list that was tampered with names no file outside.
fn listed(out: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let file = out.join(LIST);
    let text = match std::fs::read(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(error).with_context(|| format!("{} cannot be read", file.display())),
    };
    let mut listed: BTreeMap<String, String> = serde_json::from_slice(&text)
        .with_context(|| format!("{} is damaged: remove the folder and build anew", file.display()))?;
    listed.retain(|path, _| Path::new(path).components().all(|part| matches!(part, std::path::Component::Normal(_))));
    Ok(listed)
}
