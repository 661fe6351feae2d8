//! Trees: pages in the order that files in their folders give.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::ground::{join, parent};
use super::super::{Placed, Step, Track};

/// The name of a folder's own page.
pub(super) const INDEX: &str = "index";

/// What the file of a folder lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ListEntry {
    /// A page or a folder by its name, in the line of the file.
    Named(String, u32),
    /// All that is named nowhere in the file, by name or the other way round.
    Rest { is_reversed: bool },
    /// What a folder holds, without the folder.
    Inside(String),
    /// What is not shown.
    Left(String),
}

/// What the files of folders list, by folder.
pub(super) type Lists = FxHashMap<String, Vec<ListEntry>>;

/// The pages of `placed`, whose keys are paths without ending, as one way through the site. O(pages log pages).
pub(super) fn track(placed: &[Placed], lists: &Lists) -> Track {
    let mut tree = FolderWalk {
        pages: FxHashMap::default(),
        folders: BTreeMap::new(),
        lists,
        steps: Vec::new(),
        seen: FxHashSet::default(),
    };
    for page in placed {
        let mut path = page.place.key.as_str();
        tree.pages.insert(path, page.page);
        while let (folder, name) = parent(path)
            && tree.folders.entry(folder).or_default().insert(name)
            && !folder.is_empty()
        {
            path = folder;
        }
    }
    tree.folder("");
    Track { file: None, steps: tree.steps }
}

struct FolderWalk<'p> {
    pages: FxHashMap<&'p str, u32>,
    /// The names in each folder.
    folders: BTreeMap<&'p str, BTreeSet<&'p str>>,
    lists: &'p Lists,
    steps: Vec<Step>,
    seen: FxHashSet<u32>,
}

impl FolderWalk<'_> {
    fn folder(&mut self, folder: &str) {
        let Some(names) = self.folders.get(folder).cloned() else { return };
        let rest = [ListEntry::Rest { is_reversed: false }];
        let list = self.lists.get(folder).map_or(&rest[..], |list| list.as_slice());
        let named: FxHashSet<&str> = list
            .iter()
            .filter_map(|entry| match entry {
                ListEntry::Named(name, _) | ListEntry::Inside(name) | ListEntry::Left(name) => Some(name.as_str()),
                ListEntry::Rest { .. } => None,
            })
            .collect();
        // A folder's own page comes first where nobody says otherwise.
        if !named.contains(INDEX) {
            self.entry(folder, INDEX, 0);
        }
        for entry in list {
            match entry {
                ListEntry::Named(name, line) => self.entry(folder, name, *line),
                ListEntry::Inside(name) => self.folder(&join(folder, name)),
                ListEntry::Left(_) => {}
                ListEntry::Rest { is_reversed } => {
                    let mut rest: Vec<&str> = names.iter().copied().filter(|name| !named.contains(name)).collect();
                    if *is_reversed {
                        rest.reverse();
                    }
                    rest.into_iter().for_each(|name| self.entry(folder, name, 0));
                }
            }
        }
    }

    /// The page of a name, then the folder of that name.
    fn entry(&mut self, folder: &str, name: &str, line: u32) {
        let path = join(folder, name);
        if let Some(page) = self.pages.get(path.as_str()).copied().filter(|page| self.seen.insert(*page)) {
            self.steps.push(Step::new(page, line));
        }
        if name != INDEX && path != folder {
            self.folder(&path);
        }
    }
}
