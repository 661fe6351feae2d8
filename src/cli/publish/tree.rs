//! The tree that is published: what a load looked at, from a folder that holds all of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use gradus_load::{FileStamp, Looked, Notes};
use gradus_publication::{Preparation, TreeBody};

/// A source, and what around it its load looked at.
pub(super) struct SourceTree {
    /// Where in the tree the source lies.
    pub(super) source: String,
    top: PathBuf,
    parts: BTreeMap<String, TreePart>,
}

/// What stands at a path of the tree.
#[derive(Clone, Copy)]
enum TreePart {
    Folder,
    Presence,
    File(FileStamp),
}

impl SourceTree {
    /// The tree of the source at `path`, of which a load took `notes`. Its top is the lowest folder above the source that
    /// holds everything.
    ///
    /// # Errors
    /// If something has a name that no manifest can hold.
    pub(super) fn new(path: &Path, notes: &Notes) -> anyhow::Result<Self> {
        let source = path.canonicalize().with_context(|| format!("cannot read {}", path.display()))?;
        let noted = notes.all();
        let above = source.parent().unwrap_or(&source);
        let holds_all = |top: &&Path| noted.keys().all(|path| path.starts_with(top));
        let top = above.ancestors().find(holds_all).unwrap_or(above).to_owned();
        let inside = |path: &Path| -> anyhow::Result<String> {
            let inside = path.strip_prefix(&top).unwrap_or(path);
            let text =
                inside.to_str().with_context(|| format!("{}: the name is not UTF-8; rename it", path.display()))?;
            Ok(text.to_owned())
        };
        let mut parts = BTreeMap::new();
        if source.is_dir() {
            parts.insert(inside(&source)?, TreePart::Folder);
        }
        for (path, looked) in &noted {
            let part = match looked {
                Looked::Read(stamp) => TreePart::File(*stamp),
                Looked::Seen if path.is_dir() => TreePart::Folder,
                Looked::Seen => TreePart::Presence,
            };
            parts.insert(inside(path)?, part);
        }
        Ok(Self { source: inside(&source)?, top, parts })
    }

    /// Puts the tree into `preparation`.
    ///
    /// # Errors
    /// If a file cannot be read, or was written since the load: what is published is what was checked.
    pub(super) fn add_to(&self, preparation: &mut Preparation) -> anyhow::Result<()> {
        for (path, part) in &self.parts {
            match part {
                TreePart::Folder => preparation.add(path, TreeBody::Folder)?,
                TreePart::Presence => preparation.add(path, TreeBody::Presence)?,
                TreePart::File(stamp) => {
                    let file = self.top.join(path);
                    let read = stamp.read(&file).with_context(|| format!("cannot read {}", file.display()))?;
                    let Some(bytes) = read else {
                        bail!("{} was changed while it was published; publish again", file.display());
                    };
                    preparation.add(path, TreeBody::File(&bytes))?;
                }
            }
        }
        Ok(())
    }
}
