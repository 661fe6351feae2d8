//! The order that files named `.pages` or `.nav.yml` give to the folders they lie in.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::site::ground::{join, parent, within};
use crate::site::settings::from_yaml;
use crate::site::{Ground, Placed, is_set, setting, setting_text};
use crate::value::{Node, Value};

/// What stands for all that is not listed.
const REST: &str = "...";

/// The folders that have an order of their own, by their paths below the root.
#[derive(Default)]
pub(super) struct Folders {
    by_path: BTreeMap<String, Folder>,
}

#[derive(Default)]
struct Folder {
    /// Names of files and folders in it, [`REST`] among them; `None` where they stand in the usual order.
    listed: Option<Vec<String>>,
    titles: Vec<(String, String)>,
    is_descending: bool,
    is_hidden: bool,
}

impl Folders {
    /// Reads the files of all folders under `root` that hold pages.
    pub(super) fn read(ground: &Ground<'_>, root: &str) -> Self {
        let mut by_path = BTreeMap::new();
        for file in ground.files().iter().filter_map(|file| within(file, root)) {
            let mut folder = parent(file).0;
            while !by_path.contains_key(folder) {
                let found = ground.first(&join(root, folder), &[".pages", ".nav.yml"]);
                by_path.insert(
                    folder.to_owned(),
                    found.map(|(_, text)| Folder::read(&from_yaml(&text))).unwrap_or_default(),
                );
                folder = parent(folder).0;
            }
        }
        Self { by_path }
    }

    /// The titles that the files give to pages, by their paths below the root.
    pub(super) fn titles(&self) -> FxHashMap<String, String> {
        let all = self.by_path.iter();
        all.flat_map(|(path, folder)| folder.titles.iter().map(move |(name, title)| (join(path, name), title.clone())))
            .collect()
    }

    /// `pages`, which stand in the usual order, in the order that the folders give; those that a folder does not list
    /// are left out.
    pub(super) fn arrange<'p>(&self, pages: &[&'p Placed]) -> Vec<&'p Placed> {
        if self.by_path.is_empty() {
            return pages.to_vec();
        }
        let mut arranged = Vec::new();
        self.folder("", pages, &mut arranged);
        arranged
    }

    fn folder<'p>(&self, path: &str, pages: &[&'p Placed], arranged: &mut Vec<&'p Placed>) {
        let default = Folder::default();
        let folder = self.by_path.get(path).unwrap_or(&default);
        if folder.is_hidden {
            return;
        }
        let mut children: Vec<&str> = Vec::new();
        for page in pages {
            let name = within(&page.place.key, path).unwrap_or_default().split('/').next().unwrap_or_default();
            if !children.contains(&name) {
                children.push(name);
            }
        }
        if folder.is_descending {
            children.reverse();
        }
        let ordered: Vec<&str> = match &folder.listed {
            None => children,
            Some(listed) => {
                let rest: Vec<&str> =
                    children.iter().filter(|name| !listed.iter().any(|known| known == *name)).copied().collect();
                listed.iter().flat_map(|name| if name == REST { rest.clone() } else { vec![name.as_str()] }).collect()
            }
        };
        for name in ordered {
            let child = join(path, name);
            let inside: Vec<&'p Placed> =
                pages.iter().filter(|page| within(&page.place.key, &child).is_some()).copied().collect();
            if inside.iter().any(|page| page.place.key == child) {
                arranged.extend(inside);
            } else if !inside.is_empty() {
                self.folder(&child, &inside, arranged);
            }
        }
    }
}

impl Folder {
    fn read(settings: &Value) -> Self {
        let mut folder = Self {
            is_descending: setting_text(settings, "order") == Some("desc"),
            is_hidden: is_set(settings, "hide", true),
            ..Self::default()
        };
        if let Some(list) = setting(settings, "nav").or_else(|| setting(settings, "arrange")) {
            let mut listed = Vec::new();
            folder.list(list, &mut listed);
            folder.listed = Some(listed);
        }
        folder
    }

    fn list(&mut self, list: &Value, listed: &mut Vec<String>) {
        for entry in list.entries() {
            match &entry.node {
                Node::Text(name) => listed.push(if name.starts_with(REST) { REST.to_owned() } else { join("", name) }),
                Node::Map(members) => {
                    for (title, value) in members {
                        match value.text() {
                            Some(name) => {
                                let name = join("", name);
                                self.titles.push((name.clone(), title.clone()));
                                listed.push(name);
                            }
                            None => self.list(value, listed),
                        }
                    }
                }
                Node::List(_) | Node::Null => {}
            }
        }
    }
}
