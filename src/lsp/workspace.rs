//! Sources of a session: which one a document belongs to, and when it is loaded.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gradus_load::Input;
use ls_types::Uri;

use super::world::World;
use crate::site_folder::{marked, normal, site_of};

/// What is waited for after a keystroke before everything is loaded anew: authors pause longer than that between sentences.
const PAUSE: Duration = Duration::from_millis(300);
/// The same after a file was opened, saved or changed on the disk, so that many of them are one load.
const GATHERING: Duration = Duration::from_millis(50);
/// How much longer than the last load an author's pause has to be: who types on must not be slowed by loads in vain.
const PAUSE_IN_LOADS: u32 = 2;

/// A source that documents belong to.
pub(super) struct OpenSource {
    /// Its folder, or the one file that it is.
    pub(super) root: PathBuf,
    /// What was loaded last.
    pub(super) world: Option<World>,
    /// Whether a load is under way.
    pub(super) is_loading: bool,
    /// When the next load is to begin.
    pub(super) due: Option<Instant>,
    /// How long the last load took.
    pub(super) took: Duration,
}

impl OpenSource {
    pub(super) fn new(root: PathBuf) -> Self {
        Self { root, world: None, is_loading: false, due: None, took: Duration::ZERO }
    }

    /// Whether it is one file, of whose surroundings nothing is known.
    pub(super) fn is_alone(&self) -> bool {
        !self.root.is_dir()
    }

    /// The source as it lies on the disk.
    pub(super) fn input(&self) -> Input {
        Input::Path(self.root.clone())
    }

    /// Has it loaded once its author pauses.
    pub(super) fn load_after_pause(&mut self) {
        self.due = Some(Instant::now() + PAUSE.max(self.took * PAUSE_IN_LOADS));
    }

    /// Has it loaded as soon as it can be.
    pub(super) fn load_soon(&mut self) {
        self.due = Some(Instant::now() + GATHERING);
    }

    /// What the file at `path` is called within it; `None` where it lies outside.
    pub(super) fn name_of(&self, path: &Path) -> Option<String> {
        if path == self.root && !path.is_dir() {
            return path.file_name().map(|name| name.to_string_lossy().into_owned());
        }
        let inside = path.strip_prefix(&self.root).ok().filter(|_| !self.root.is_file())?;
        let parts: Vec<_> = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        Some(parts.join("/"))
    }

    /// Where the file called `name` within it lies.
    pub(super) fn path_of(&self, name: &str) -> PathBuf {
        if self.root.is_file() { self.root.clone() } else { self.root.join(name) }
    }
}

/// The root of the source that the file at `path` belongs to: `given`, where it lies in that; the site around it, where it lies
/// in one of `folders`, the editor's own, or in a site; else the file alone, since nobody said how much beside it is meant.
pub(super) fn root_of(path: &Path, given: Option<&Path>, folders: &[PathBuf]) -> PathBuf {
    let path = normal(path);
    if let Some(given) = given.filter(|given| path.starts_with(given)) {
        return given.to_owned();
    }
    let around = folders.iter().filter(|folder| path.starts_with(folder)).max_by_key(|folder| folder.as_os_str().len());
    match around {
        Some(folder) => site_of(&path, folder),
        None => marked(&path).map_or_else(|| path.clone(), Path::to_owned),
    }
}

/// The path of a file's address; `None` for what is no file.
pub(super) fn file_of(uri: &Uri) -> Option<PathBuf> {
    let is_file = uri.scheme().as_str().eq_ignore_ascii_case("file");
    uri.to_file_path().filter(|path| is_file && path.is_absolute()).map(std::borrow::Cow::into_owned)
}
