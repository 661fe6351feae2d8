//! The ground that a source stands on: the folders around it, in which a site's settings lie.

use std::path::{Path, PathBuf};

use gradus_corpus::fingerprint;

use crate::notes::{DiskAnswer, Notes, exists};
use crate::source::Input;

/// Folders above a source that are looked into, beside the root of its repository: Astro's content lies three deep.
const N_ABOVE: usize = 3;
/// Folders above a source among which the root of its repository is looked for.
const MAX_DEPTH: usize = 16;
/// Largest file of settings that is read, in bytes: people write them by hand.
const MAX_SETTINGS_BYTES: usize = 4 << 20;

/// A source and the folders above it. Paths are relative to the highest of these, the top, with `/` between segments.
pub(crate) struct Ground<'a> {
    input: &'a Input,
    /// The top; `None` for files in memory, over which there is nothing.
    top: Option<PathBuf>,
    /// Where the source lies.
    source: String,
    /// Folders above the source in which settings are looked for, nearest first.
    above: Vec<String>,
    /// The content files, with the source's path before them.
    files: Vec<String>,
}

impl<'a> Ground<'a> {
    /// The ground of `input`, whose content files are `files`.
    pub(crate) fn new<'f>(input: &'a Input, files: impl Iterator<Item = &'f str>) -> Self {
        let (top, source, above) = match input.unedited() {
            Input::Path(path) if path.is_dir() => around(path, input.notes().map(|notes| &**notes)),
            _ => (None, String::new(), Vec::new()),
        };
        let files = files.map(|file| join(&source, file)).collect();
        Self { input, top, source, above, files }
    }

    /// Where the source lies; empty where it is the top.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// What the folder of the source is called; `None` for files in memory.
    pub(crate) fn name(&self) -> Option<String> {
        let path = self.top.as_ref()?.join(&self.source);
        Some(path.file_name()?.to_string_lossy().into_owned())
    }

    /// Folders above the source in which settings are looked for, nearest first.
    pub(crate) fn above(&self) -> &[String] {
        &self.above
    }

    /// The content files of the source, sorted.
    pub(crate) fn files(&self) -> &[String] {
        &self.files
    }

    /// The text of a file that need not exist.
    pub(crate) fn read(&self, path: &str) -> Option<String> {
        let bytes = match &self.top {
            // A pipe would be waited for, for ever.
            Some(top) if top.join(path).is_file() => {
                self.input.note_read(&top.join(path));
                std::fs::read(top.join(path)).ok()?
            }
            Some(top) => {
                self.answered(&top.join(path), DiskAnswer::NoFile);
                return None;
            }
            None => self.input.read(path).ok()??,
        };
        let text = (bytes.len() <= MAX_SETTINGS_BYTES).then(|| String::from_utf8(bytes).ok())??;
        Some(text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned))
    }

    /// The first of `names` that lies in `folder`, with its path and text.
    pub(crate) fn first(&self, folder: &str, names: &[&str]) -> Option<(String, String)> {
        names.iter().map(|name| join(folder, name)).find_map(|path| self.read(&path).map(|text| (path, text)))
    }

    /// Whether a file or folder exists.
    pub(crate) fn has(&self, path: &str) -> bool {
        match &self.top {
            Some(top) => exists(&top.join(path), self.input.notes().map(|notes| &**notes)),
            None => {
                let folder = format!("{path}/");
                self.names().any(|name| name == path || name.starts_with(&folder))
            }
        }
    }

    /// The names of the files and folders in `folder`, sorted; none where there is no such folder.
    pub(crate) fn names_in(&self, folder: &str) -> Vec<String> {
        if let Some(top) = &self.top {
            let folder = top.join(folder);
            let (names, sum) = names_in(&folder);
            self.answered(&folder, DiskAnswer::Names(sum));
            // A link that leads nowhere has a name and is not there.
            names.iter().for_each(|name| _ = exists(&folder.join(name), self.input.notes().map(|notes| &**notes)));
            return names;
        }
        let inside = self.names().filter_map(|name| within(name, folder));
        let mut names: Vec<String> = inside.filter_map(|inner| inner.split('/').next().map(str::to_owned)).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    fn answered(&self, path: &Path, answer: DiskAnswer) {
        if let Some(notes) = self.input.notes() {
            notes.answered(path, answer);
        }
    }

    /// Whether the content under `root` and the source have files in common.
    pub(crate) fn meets(&self, root: &str) -> bool {
        within(&self.source, root).is_some() || self.files.iter().any(|file| within(file, root).is_some())
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        let files = match self.input.unedited() {
            Input::Memory(files) => files.as_slice(),
            Input::Path(_) | Input::Edited { .. } | Input::Noted { .. } => &[],
        };
        files.iter().map(|(name, _)| name.as_str())
    }
}

/// The names of the files and folders in `folder`, sorted, and these as a number; none where there is no such folder.
pub(crate) fn names_in(folder: &Path) -> (Vec<String>, u64) {
    let mut names: Vec<String> = std::fs::read_dir(folder).map_or_else(
        |_| Vec::new(),
        |entries| entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect(),
    );
    names.sort_unstable();
    let sum = fingerprint(&names);
    (names, sum)
}

/// The top above the source at `path`, the way from there to it, and the folders between that are looked into.
fn around(path: &Path, notes: Option<&Notes>) -> (Option<PathBuf>, String, Vec<String>) {
    let Ok(source) = path.canonicalize() else { return (Some(path.to_owned()), String::new(), Vec::new()) };
    let mut looked_into: Vec<&Path> = Vec::new();
    // A source that is a repository's root stands alone: what lies above it belongs to somebody else.
    let is_repository = |folder: &Path| exists(&folder.join(".git"), notes);
    if !is_repository(&source) {
        let above: Vec<&Path> = source.ancestors().skip(1).take(MAX_DEPTH).collect();
        let repository = above.iter().position(|folder| is_repository(folder));
        let n_near = repository.map_or(N_ABOVE, |at| N_ABOVE.min(at + 1)).min(above.len());
        looked_into.extend(&above[..n_near]);
        looked_into.extend(repository.filter(|at| *at >= n_near).map(|at| above[at]));
    }
    let top = looked_into.last().map_or(source.as_path(), |top| top);
    let way = |to: &Path| {
        let inner = to.strip_prefix(top).unwrap_or(to);
        let segments: Vec<_> = inner.components().map(|segment| segment.as_os_str().to_string_lossy()).collect();
        segments.join("/")
    };
    let above = looked_into.iter().map(|folder| way(folder)).collect();
    (Some(top.to_owned()), way(&source), above)
}

/// `path` in `folder`, with `.` and `..` taken out; what leads above the top stays at the top.
pub(crate) fn join(folder: &str, path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in folder.split('/').chain(path.split('/')) {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    segments.join("/")
}

/// What is left of `path` below `folder`, if it lies there; the folder itself lies there too.
pub(crate) fn within<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    if folder.is_empty() {
        return Some(path);
    }
    let rest = path.strip_prefix(folder)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

/// The folder and the name of a path.
pub(crate) fn parent(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_and_taken_apart() {
        assert_eq!(join("website", "../docs"), "docs");
        assert_eq!(join("", "./a//b/"), "a/b");
        assert_eq!((within("docs/a.md", "docs"), within("docsx/a.md", "docs")), (Some("a.md"), None));
        assert_eq!(within("docs", "docs"), Some(""));
    }
}
