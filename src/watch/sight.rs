//! What can be seen of a source without hearing of changes.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Links that are looked at: a source with more is a farm of links, and its folders are heard of all the same.
const MAX_LINKS: usize = 10_000;

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Root {
    /// Nothing.
    Gone,
    /// This folder or file, in this incarnation: file systems give the number of what was removed to the next that is made.
    There { real_path: PathBuf, device: u64, number: u64, made_at: Option<std::time::SystemTime> },
}

impl Root {
    pub(super) fn of(path: &Path) -> Self {
        let (Ok(real_path), Ok(facts)) = (fs::canonicalize(path), fs::metadata(path)) else { return Self::Gone };
        if facts.is_file() {
            // Saving makes a new file in its place, which is heard of: what counts is where it stands.
            let folder = path.canonicalize().ok().and_then(|path| path.parent().map(Path::to_owned));
            return folder.map_or(Self::Gone, |folder| match Self::of(&folder) {
                Self::There { device, number, made_at, .. } => Self::There { real_path, device, number, made_at },
                Self::Gone => Self::Gone,
            });
        }
        Self::There { real_path, device: facts.dev(), number: facts.ino(), made_at: facts.created().ok() }
    }
}

/// What a link leads to: where that is, and which version of it.
type LinkTarget = Option<(PathBuf, u64, u64, i64, i64)>;

/// The links inside a source, and the source itself where it is a file behind a link.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Links(BTreeMap<PathBuf, LinkTarget>);

impl Links {
    /// The links at and below `path`. O(files).
    pub(super) fn below(path: &Path) -> Self {
        let mut links = BTreeMap::new();
        walk(path, &mut |path, facts| {
            if facts.is_symlink() && links.len() < MAX_LINKS {
                links.insert(path.to_owned(), target(path));
            }
        });
        Self(links)
    }

    /// Whether one of them leads elsewhere than it did, or to something else. O(links).
    pub(super) fn have_changed(&self) -> bool {
        self.0.iter().any(|(path, before)| target(path) != *before)
    }
}

fn target(path: &Path) -> LinkTarget {
    let (real_path, facts) = (fs::canonicalize(path).ok()?, fs::metadata(path).ok()?);
    // Of folders only where they are: what happens inside is heard of.
    let version = if facts.is_dir() { (0, 0, 0) } else { (facts.len(), facts.mtime(), facts.mtime_nsec()) };
    Some((real_path, facts.ino(), version.0, version.1, version.2))
}

/// A number that is another one where a file at or below `path` is another one. O(files).
pub(super) fn fingerprint(path: &Path) -> u64 {
    let mut sum = 0_u64;
    walk(path, &mut |path, facts| {
        let mut hasher = DefaultHasher::new();
        (path, facts.ino(), facts.len(), facts.mtime(), facts.mtime_nsec()).hash(&mut hasher);
        // Whatever the order in which a folder tells its files.
        sum = sum.wrapping_add(hasher.finish());
    });
    sum
}

/// Shows `see` whatever stands at and below `path`, without following links but that at `path` itself. What cannot be read is
/// passed over.
fn walk(path: &Path, see: &mut dyn FnMut(&Path, &Metadata)) {
    let mut left = vec![path.to_owned()];
    while let Some(at) = left.pop() {
        let Ok(facts) = fs::symlink_metadata(&at) else { continue };
        see(&at, &facts);
        if facts.is_dir() || at == path && at.is_dir() {
            let entries = fs::read_dir(&at).into_iter().flatten();
            left.extend(entries.filter_map(|entry| Some(entry.ok()?.path())));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    struct SightFolder(PathBuf);

    impl SightFolder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("gradus-sight-{name}-{}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn write(&self, name: &str, text: &str) -> PathBuf {
            let path = self.0.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            path
        }
    }

    impl Drop for SightFolder {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).unwrap();
        }
    }

    #[test]
    fn a_swapped_link_a_removed_and_a_remade_folder_are_seen() {
        let folder = SightFolder::new("root");
        folder.write("one/a.md", "a");
        folder.write("two/a.md", "a");
        let (link, other) = (folder.0.join("current"), folder.0.join("next"));
        symlink(folder.0.join("one"), &link).unwrap();
        let before = Root::of(&link);
        symlink(folder.0.join("two"), &other).unwrap();
        fs::rename(&other, &link).unwrap();
        assert_ne!(Root::of(&link), before);
        let before = Root::of(&folder.0.join("two"));
        folder.write("two/b.md", "b");
        assert_eq!(Root::of(&folder.0.join("two")), before, "what is inside is heard of");
        fs::remove_dir_all(folder.0.join("two")).unwrap();
        assert_eq!(Root::of(&link), Root::Gone);
        folder.write("two/a.md", "a");
        assert_ne!(Root::of(&folder.0.join("two")), before);
    }

    #[test]
    fn what_links_lead_to_is_seen() {
        let folder = SightFolder::new("links");
        let target = folder.write("elsewhere/target.md", "a");
        folder.write("source/b.md", "b");
        symlink(&target, folder.0.join("source/link.md")).unwrap();
        let links = Links::below(&folder.0.join("source"));
        assert_eq!((links.0.len(), links.have_changed()), (1, false));
        folder.write("elsewhere/target.md", "another text");
        assert!(links.have_changed());
        fs::remove_file(target).unwrap();
        assert!(links.have_changed());
    }

    #[test]
    fn every_change_changes_the_fingerprint() {
        let folder = SightFolder::new("print");
        folder.write("a/a.md", "a");
        let mut seen = vec![fingerprint(&folder.0)];
        for (name, text) in [("a/b.md", "b"), ("a/b.md", "longer"), ("c.md", "c")] {
            folder.write(name, text);
            seen.push(fingerprint(&folder.0));
        }
        assert_eq!(fingerprint(&folder.0), seen[3]);
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 4);
    }
}
