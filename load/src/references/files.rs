//! SourceFiles: everything that lies in a source or around it and that a link may lead to without being a page.

use std::cell::{OnceCell, RefCell};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::notes::{DiskAnswer, Notes, exists};
use crate::site::Ignored;
use gradus_corpus::names::{percent_decoded, segments};
use gradus_corpus::normal::normal;

/// Folders whose files a site shows from its root.
const STATIC: &[&str] =
    &["static", "public", "assets", "_static", "docs/public", ".vuepress/public", ".vitepress/public"];

/// Folders above a source that may belong to its site: Starlight's content lies three below the root of the project.
const N_ABOVE: usize = 4;

/// Edits between the name of a missing file and that of a file that may have been meant.
const NEAR_EDITS: usize = 2;
/// Files of a folder among which such a one is looked for.
const NEAR_FILES: usize = 1_000;

/// The files of a source.
#[derive(Default)]
pub(crate) struct SourceFiles {
    listed: FxHashSet<Box<str>>,
    folders: FxHashSet<Box<str>>,
    /// The source on disk, if it is a folder there.
    root: Option<PathBuf>,
    /// How many folders above it belong to the same repository.
    n_above: usize,
    /// Where it is noted what is looked at on the disk.
    notes: Option<Arc<Notes>>,
    /// The `.gitignore` of folders, by their path from the source.
    ignored: RefCell<FxHashMap<String, Option<Arc<Ignored>>>>,
    /// Names of the files of each folder, sorted.
    by_folder: OnceCell<FxHashMap<Box<str>, Vec<Box<str>>>>,
    /// Names of files, normalised, and the first path of each, by depth, then by path.
    by_name: OnceCell<FxHashMap<String, Box<str>>>,
}

impl SourceFiles {
    /// The files at these paths, relative to `root`.
    pub(crate) fn new(paths: impl Iterator<Item = String>, root: Option<&Path>, notes: Option<Arc<Notes>>) -> Self {
        let listed: FxHashSet<Box<str>> = paths.map(Into::into).collect();
        let mut folders = FxHashSet::default();
        for path in &listed {
            for (at, _) in path.match_indices('/') {
                folders.insert(path[..at].into());
            }
        }
        let root = root.and_then(|root| root.canonicalize().ok());
        let n_above = root.as_deref().map_or(0, |root| n_above(root, notes.as_deref()));
        Self {
            listed,
            folders,
            root,
            n_above,
            notes,
            ignored: RefCell::default(),
            by_folder: OnceCell::new(),
            by_name: OnceCell::new(),
        }
    }

    /// Whether the files around a page are known, so that a missing one can be told.
    pub(crate) fn is_tree(&self) -> bool {
        !self.listed.is_empty()
    }

    /// Whether `path`, relative to the source, is a file or folder of it, or of the repository around it.
    pub(crate) fn holds(&self, path: &str) -> bool {
        let (n_up, inside) = climbed(path);
        if n_up == 0 {
            let inside = inside.join("/");
            return inside.is_empty() || self.listed.contains(&*inside) || self.folders.contains(&*inside);
        }
        self.around(n_up, &inside.join("/"))
    }

    /// The text of a file of the repository.
    pub(super) fn read(&self, path: &str) -> Option<String> {
        let (n_up, inside) = climbed(path);
        let root = self.root.as_deref().filter(|_| n_up <= self.n_above)?;
        self.read_noted(&root.ancestors().nth(n_up)?.join(inside.join("/")))
    }

    fn read_noted(&self, path: &Path) -> Option<String> {
        let text = std::fs::read_to_string(path);
        match (&self.notes, &text) {
            (Some(notes), Err(_)) if !path.is_file() => notes.answered(path, DiskAnswer::NoFile),
            (Some(notes), _) => notes.read(path),
            (None, _) => {}
        }
        text.ok()
    }

    /// Whether `path` leads out of the source.
    pub(crate) fn is_outside(path: &str) -> bool {
        climbed(path).0 > 0
    }

    /// Whether a site shows a file at `path` from its root: one in a static folder of the source, of `folder`, or of one
    /// above the source.
    pub(crate) fn shown_at(&self, folder: &str, path: &str) -> bool {
        let Some(path) = segments(path).map(|segments| segments.join("/")) else { return false };
        let roots = ["", folder];
        let below = roots.iter().any(|root| {
            let prefix = if root.is_empty() { String::new() } else { format!("{root}/") };
            let in_static = STATIC.iter().any(|folder| self.holds(&format!("{prefix}{folder}/{path}")));
            in_static || self.holds(&format!("{prefix}{path}"))
        });
        below
            || (1..=self.n_above).any(|n_up| {
                STATIC.iter().any(|folder| self.around(n_up, &format!("{folder}/{path}"))) || self.around(n_up, &path)
            })
    }

    /// `path` from the root of the repository as a path from the source; `None` where it lies elsewhere.
    pub(crate) fn inside_repository<'p>(&self, path: &'p str) -> Option<&'p str> {
        let root = self.root.as_deref()?;
        let path = path.trim_start_matches('/');
        let mut tail = PathBuf::new();
        for component in root.components().rev().take(self.n_above.max(1)) {
            tail = Path::new(&component).join(&tail);
            let prefix = format!("{}/", tail.to_string_lossy().trim_end_matches('/'));
            if let Some(rest) = path.strip_prefix(&prefix) {
                return Some(rest);
            }
        }
        None
    }

    /// Whether the repository ignores the file at `path`, relative to the source: a build makes such files.
    pub(crate) fn is_ignored(&self, path: &str) -> bool {
        let (n_up, segments) = climbed(path);
        if self.root.is_none() || n_up > self.n_above || segments.is_empty() {
            return false;
        }
        let inside = segments.join("/");
        let below = std::iter::once(0).chain(inside.match_indices('/').map(|(at, _)| at + 1));
        let in_folders = below.map(|at| (format!("{}{}", "../".repeat(n_up), &inside[..at]), inside[at..].to_owned()));
        let ways_up = (n_up + 1..=self.n_above).filter_map(|up| {
            // From a folder above, the path leads through the folders in between.
            let way = self.root.as_deref()?.ancestors().nth(up)?;
            let from = self.root.as_deref()?.ancestors().nth(n_up)?.strip_prefix(way).ok()?;
            Some(("../".repeat(up), joined(&from.to_string_lossy(), &inside)))
        });
        let mut all = in_folders.chain(ways_up);
        all.any(|(folder, rest)| self.ignored_in(&folder).is_some_and(|ignored| ignored.is_ignored(&rest)))
    }

    fn ignored_in(&self, folder: &str) -> Option<Arc<Ignored>> {
        let root = self.root.as_deref()?;
        let mut known = self.ignored.borrow_mut();
        let read = || {
            let text = self.read_noted(&root.join(folder).join(".gitignore"))?;
            Some(Arc::new(Ignored::new(text.lines())))
        };
        known.entry(folder.to_owned()).or_insert_with(read).clone()
    }

    /// The path of the file of this name that lies nearest to the root: how Obsidian finds attachments.
    pub(crate) fn named(&self, name: &str) -> Option<&str> {
        let by_name = self.by_name.get_or_init(|| {
            let mut paths: Vec<&Box<str>> = self.listed.iter().collect();
            paths.sort_unstable_by_key(|path| (path.matches('/').count(), *path));
            let mut by_name = FxHashMap::default();
            for path in paths {
                let name = path.rsplit('/').next().unwrap_or(path);
                by_name.entry(normal(name)).or_insert_with(|| path.clone());
            }
            by_name
        });
        by_name.get(&normal(name)).map(|path| &**path)
    }

    /// The name of the file in the folder of `path` whose name is nearest to its own.
    pub(crate) fn near(&self, path: &str) -> Option<String> {
        let (n_up, segments) = climbed(path);
        let (wanted, folder) = segments.split_last()?;
        if n_up > 0 {
            return None;
        }
        let folders = self.by_folder.get_or_init(|| {
            let mut folders: FxHashMap<Box<str>, Vec<Box<str>>> = FxHashMap::default();
            for path in &self.listed {
                let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
                folders.entry(folder.into()).or_default().push(name.into());
            }
            folders.values_mut().for_each(|names| names.sort_unstable());
            folders
        });
        let neighbours = folders.get(&*folder.join("/"))?.iter().take(NEAR_FILES);
        let near = neighbours.map(|name| (strsim::damerau_levenshtein(name, wanted), name)).min()?;
        (near.0 <= NEAR_EDITS).then(|| near.1.to_string())
    }

    fn around(&self, n_up: usize, path: &str) -> bool {
        let root = self.root.as_deref().filter(|_| n_up <= self.n_above);
        let folder = root.and_then(|root| root.ancestors().nth(n_up));
        folder.is_some_and(|folder| exists(&folder.join(path), self.notes.as_deref()))
    }
}

/// How many folders above a source belong to it: those up to the root of its repository, else the two in which settings
/// of generators lie.
fn n_above(root: &Path, notes: Option<&Notes>) -> usize {
    let repository = root.ancestors().take(N_ABOVE + 1).position(|folder| exists(&folder.join(".git"), notes));
    repository.unwrap_or(2).min(root.ancestors().count().saturating_sub(2))
}

/// How often a path leads above its start, and the segments behind that.
fn climbed(path: &str) -> (usize, Vec<&str>) {
    let mut n_up = 0;
    let mut inside = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." if inside.pop().is_none() => n_up += 1,
            ".." => {}
            segment => inside.push(segment),
        }
    }
    (n_up, inside)
}

/// `path` relative to `folder`, which may lead above the root.
pub(super) fn joined(folder: &str, path: &str) -> String {
    if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") }
}

/// The folder of a path.
pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// `path` as a part of a URL.
pub(crate) fn encoded(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in percent_decoded(path).bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let digit = |nibble: u8| char::from(b"0123456789ABCDEF"[usize::from(nibble)]);
            encoded.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> SourceFiles {
        let paths = ["a.md", "img/logo.png", "docs/img/x.svg", "static/f.pdf", "docs/deep/Note (1).png"];
        SourceFiles::new(paths.iter().map(|path| (*path).to_owned()), None, None)
    }

    #[test]
    fn files_and_folders_are_held() {
        let files = files();
        for path in ["a.md", "./img/../img/logo.png", "img", "docs/deep/", ""] {
            assert!(files.holds(path), "{path}");
        }
        for path in ["b.md", "img/Logo.png", "../a.md", "do"] {
            assert!(!files.holds(path), "{path}");
        }
    }

    #[test]
    fn a_site_shows_static_files_from_its_root() {
        let files = files();
        for path in ["/f.pdf", "/static/f.pdf", "/img/logo.png", "/img/x.svg", "/docs/img/x.svg"] {
            assert!(files.shown_at("docs", path), "{path}");
        }
        assert!(!files.shown_at("", "/img/x.svg") && !files.shown_at("docs", "/g.pdf"));
    }

    #[test]
    fn attachments_are_found_by_name_and_missing_files_have_neighbours() {
        let files = files();
        assert_eq!(files.named("note (1).PNG"), Some("docs/deep/Note (1).png"));
        assert_eq!(files.near("img/lgoo.png"), Some("logo.png".to_owned()));
        assert_eq!(files.near("img/other.png"), None);
        assert_eq!(encoded("a b/ü%20.png"), "a%20b/%C3%BC%20.png");
    }
}
