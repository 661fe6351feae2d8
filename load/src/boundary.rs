//! The boundary of a content folder: what links lead out of it, and what in it is no plain file.

use std::path::{Path, PathBuf};

use gradus_corpus::Code;
use rustc_hash::FxHashSet;

/// Decides which entries of a folder are looked at.
pub(crate) struct Boundary {
    /// The folder without links in its path; nothing where the system does not tell.
    root: Option<PathBuf>,
    follow_links: bool,
    /// Folders that links have led to: links that meet would multiply what lies there.
    linked: FxHashSet<PathBuf>,
}

/// Why an entry is passed over.
pub(crate) type LinkRefusal = (Code, &'static str);

impl Boundary {
    pub(crate) fn new(root: &Path, follow_links: bool) -> Self {
        Self { root: std::fs::canonicalize(root).ok(), follow_links, linked: FxHashSet::default() }
    }

    /// Why the link at `path`, which leads to something, is not followed.
    pub(crate) fn link(&mut self, path: &Path) -> Result<(), LinkRefusal> {
        let Ok(target) = std::fs::canonicalize(path) else {
            return Err((Code::LinkNotFollowed, "the link leads to nothing"));
        };
        if !self.follow_links && !self.root.as_ref().is_some_and(|root| target.starts_with(root)) {
            return Err((Code::LinkNotFollowed, "the link leads out of the content's folder"));
        }
        if target.is_dir() && !self.linked.insert(target) {
            return Err((Code::LinkNotFollowed, "another link leads to this folder, too"));
        }
        Ok(())
    }

    /// Whether a file at `path` may be opened: a plain file that lies in the folder, or is reached by a link that may be
    /// followed. A pipe or a device would block whoever opens it, for ever.
    pub(crate) fn file(root: &Path, path: &Path, follow_links: bool) -> std::io::Result<()> {
        if !std::fs::metadata(path)?.is_file() {
            return Err(std::io::Error::other("it is no plain file"));
        }
        let is_inside =
            || Ok::<_, std::io::Error>(std::fs::canonicalize(path)?.starts_with(std::fs::canonicalize(root)?));
        if follow_links || is_inside()? {
            return Ok(());
        }
        Err(std::io::Error::other("the link leads out of the content's folder"))
    }
}
