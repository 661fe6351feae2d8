//! Sections and bundles of Hugo: folders that are pages, and what they hand down.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Entry, is_meant};
use crate::front_matter;
use crate::site::Ground;
use crate::site::ground::parent;
use crate::value::{Node, Value};

/// The folders of a site that mean something to the pages below them, by language.
#[derive(Default)]
pub(super) struct Sections {
    /// Folders with an `index.md`: what lies below is no page.
    bundles: FxHashSet<(String, String)>,
    /// Folders with an `_index.md`.
    sections: FxHashSet<(String, String)>,
    /// What an `_index.md` hands down.
    cascades: FxHashMap<(String, String), Value>,
}

impl Sections {
    /// Reads what the `entries` of the content say of their folders.
    pub(super) fn read(ground: &Ground<'_>, entries: &[(&str, Entry)]) -> Self {
        let mut sections = Self::default();
        for (path, entry) in entries {
            let key = || (entry.lang.clone(), entry.folder.clone());
            match entry.stem.as_str() {
                "index" => {
                    sections.bundles.insert(key());
                }
                "_index" => {
                    sections.sections.insert(key());
                    let fields = ground.read(path).map(|text| front_matter::split(&text).fields);
                    let cascade = fields
                        .and_then(Value::members)
                        .and_then(|fields| fields.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("cascade")));
                    if let Some((_, cascade)) = cascade {
                        sections.cascades.insert(key(), cascade);
                    }
                }
                _ => {}
            }
        }
        sections
    }

    /// The folder of the bundle that `entry` is a resource of.
    pub(super) fn bundle(&self, entry: &Entry) -> Option<String> {
        let is_bundle = |folder: &str| self.bundles.contains(&(entry.lang.clone(), folder.to_owned()));
        let is_page = entry.stem == "index" && !folders(parent(&entry.folder).0).any(is_bundle);
        if is_page || entry.folder.is_empty() {
            return None;
        }
        folders(&entry.folder).find(|folder| is_bundle(folder)).map(str::to_owned)
    }

    /// The folders at and above `folder` that are sections, outermost first.
    pub(super) fn above(&self, lang: &str, folder: &str) -> Vec<String> {
        let mut sections: Vec<String> = folders(folder)
            .filter(|folder| self.is_section(lang, folder))
            .map(|folder| parent(folder).1.to_owned())
            .collect();
        sections.reverse();
        sections
    }

    /// The section in whose list a page stands, with a slash before it; empty for the home page, which stands in none.
    pub(super) fn shelf(&self, entry: &Entry) -> String {
        let folder = match entry.stem.as_str() {
            "_index" if entry.folder.is_empty() => return String::new(),
            "_index" | "index" => parent(&entry.folder).0,
            _ => &entry.folder,
        };
        let section = folders(folder).find(|folder| self.is_section(&entry.lang, folder));
        format!("/{}", section.unwrap_or_default().to_lowercase())
    }

    /// A folder is a section if it lies at the top or has a page of its own.
    fn is_section(&self, lang: &str, folder: &str) -> bool {
        !folder.contains('/') || self.sections.contains(&(lang.to_owned(), folder.to_owned()))
    }

    /// The fields that the sections at and above a page hand down, the nearest first, then those `of_site`.
    pub(super) fn cascaded(&self, entry: &Entry, of_site: &[Value]) -> Vec<(String, Value)> {
        let path = crate::site::address::path_of(&[
            &entry.folder,
            if entry.stem.ends_with("index") { "" } else { &entry.stem },
        ]);
        let kind = if entry.stem == "_index" { "section" } else { "page" };
        let all = folders(&entry.folder).chain(std::iter::once("").filter(|_| !entry.folder.is_empty()));
        let cascades = all.filter_map(|folder| self.cascades.get(&(entry.lang.clone(), folder.to_owned())));
        let parts = cascades.flat_map(Value::entries).chain(of_site);
        let parts = parts.filter(|part| is_target(part, &path, kind, &entry.lang));
        let members = parts.flat_map(|part| match &part.node {
            Node::Map(members) => members.as_slice(),
            _ => &[],
        });
        members.filter(|(name, _)| !matches!(name.as_str(), "_target" | "target")).cloned().collect()
    }
}

/// Whether a part of a cascade is meant for the page at `path`.
fn is_target(part: &Value, path: &str, kind: &str, lang: &str) -> bool {
    let Some(target) = part.get("_target").or_else(|| part.get("target")) else { return true };
    let text = |name: &str| target.get(name).and_then(Value::text);
    text("path").is_none_or(|glob| is_meant(glob, path))
        && text("kind").is_none_or(|wanted| wanted == kind)
        && text("lang").is_none_or(|wanted| wanted == lang)
}

/// A folder and those above it below the root, nearest first; of the root only itself.
fn folders(folder: &str) -> impl Iterator<Item = &str> {
    let mut next = Some(folder);
    std::iter::from_fn(move || {
        let current = next?;
        next = current.rsplit_once('/').map(|(above, _)| above);
        Some(current)
    })
}
