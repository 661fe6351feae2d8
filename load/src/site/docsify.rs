//! docsify: the reader's browser makes pages of the files as they lie there, and tells them apart by what stands behind `#`.
//!
//! <https://docsify.js.org/#/configuration>

use pulldown_cmark::Options;
use rustc_hash::{FxHashMap, FxHashSet};

use super::address::{decode, encode, extension, without_extension};
use super::ground::{join, parent, within};
use super::summary::links;
use super::{Found, Generator, Ground, Leaf, NoPage, Order, Place, Placed, Rules, Step, Track, script, setting_text};
use crate::anchors::Anchors;
use crate::value::{Value, null};

/// The page that holds the settings, and what they are called there.
const PAGE: &str = "index.html";
const SETTINGS: &str = "$docsify";
/// What is shown around pages, with the setting that says that it is, or what else it is called.
const AROUND: &[(&str, &str)] = &[
    ("loadSidebar", "_sidebar.md"),
    ("loadNavbar", "_navbar.md"),
    ("coverpage", "_coverpage.md"),
    ("notFoundPage", "_404.md"),
];

/// The rules of one site.
struct Docsify {
    root: String,
    /// The page at the start, below the root.
    home: String,
    /// What stands before the paths of pages.
    base: &'static str,
    /// Names of files that are shown around pages, or in place of one.
    around: Vec<String>,
    /// Sidebars, that of the root first.
    sidebars: Vec<SidebarFile>,
}

/// A list of pages beside them.
struct SidebarFile {
    path: String,
    /// The keys that each entry may mean, the likelier first, and its line.
    entries: Vec<([String; 2], u32)>,
}

/// The site whose page lies in `folder`.
pub(super) fn find(ground: &Ground<'_>, folder: &str) -> Option<Found> {
    let (by, page) = ground.first(folder, &[PAGE])?;
    let settings = settings(&page)?;
    let base = setting_text(&settings, "basePath").filter(|base| !base.contains("//")).unwrap_or_default();
    let rules = Docsify::new(ground, join(folder, base), &settings);
    Some(Found {
        generator: Generator::Docsify,
        by: Some(by),
        roots: vec![rules.root.clone()],
        base_path: "/".to_owned(),
        rules: Box::new(rules),
    })
}

/// The rules for content without settings.
pub(super) fn by_default(ground: &Ground<'_>, root: &str) -> Box<dyn Rules> {
    Box::new(Docsify::new(ground, root.to_owned(), &null()))
}

/// The settings that the page holds; `None` where it is not one of docsify.
fn settings(page: &str) -> Option<Value> {
    let is_given = |behind: &&str| behind.trim_start().strip_prefix('=').is_some_and(|rest| !rest.starts_with('='));
    let behind = page.split(SETTINGS).skip(1).filter(is_given).last()?;
    let at = behind.as_ptr() as usize - page.as_ptr() as usize;
    let program = page[at..].split("</script").next().unwrap_or_default();
    let value = script::assigned(&format!("settings {program}"), "settings");
    // `Object.assign({…}, window.$docsify)` is read as a list.
    let has_members = |value: &&Value| matches!(value.node, crate::value::Node::Map(_));
    Some(value.entries().iter().find(has_members).cloned().unwrap_or(value))
}

impl Docsify {
    fn new(ground: &Ground<'_>, root: String, settings: &Value) -> Self {
        let named = |(setting, usual): &(&str, &str)| match setting_text(settings, setting) {
            Some("true" | "false") | None => (*usual).to_owned(),
            Some(name) => name.rsplit('/').next().unwrap_or(name).to_owned(),
        };
        let around: Vec<String> = AROUND.iter().map(named).collect();
        let is_listed = setting_text(settings, AROUND[0].0).is_some_and(|value| value != "false");
        let mut sidebars = Vec::new();
        let is_sidebar = |file: &&String| is_listed && within(file, &root).is_some() && parent(file).1 == around[0];
        let mut files: Vec<&String> = ground.files().iter().filter(is_sidebar).collect();
        files.sort_by_key(|file| (file.matches('/').count(), *file));
        for file in files {
            let folder = within(parent(file).0, &root).unwrap_or_default();
            let listed = links(&ground.read(file).unwrap_or_default(), Options::empty());
            // Targets count from the root, or from the folder of the sidebar where the settings say so.
            let keys = |target: &str| [key(target), key(&join(folder, target))];
            let entries = listed.into_iter().map(|link| (keys(&link.path), link.line)).collect();
            sidebars.push(SidebarFile { path: file.clone(), entries });
        }
        let is_history = setting_text(settings, "routerMode") == Some("history");
        let home = setting_text(settings, "homepage").filter(|home| !home.contains("://")).unwrap_or("README.md");
        Self { home: home.to_owned(), base: if is_history { "/" } else { "/#/" }, around, sidebars, root }
    }
}

/// What a page is known by: its path without ending, that of its folder for a start.
fn key(target: &str) -> String {
    let path = target.trim_start_matches(['#', '/', '.']);
    let path = decode(path.split(['?', '#']).next().unwrap_or_default());
    let stem = path.strip_suffix(".md").unwrap_or(&path);
    let stem = stem.strip_suffix("README").filter(|rest| rest.is_empty() || rest.ends_with('/')).unwrap_or(stem);
    stem.trim_end_matches('/').to_owned()
}

impl Rules for Docsify {
    fn place(&self, leaf: &Leaf<'_>) -> Result<Place, NoPage> {
        let inner = within(leaf.path, &self.root).ok_or_else(NoPage::outside)?;
        let (folder, name) = parent(inner);
        if self.around.iter().any(|around| around == name) {
            return Err(NoPage("it is shown around other pages".to_owned()));
        }
        if !matches!(extension(name).as_str(), "md" | "markdown") {
            return Err(NoPage("docsify shows only `.md`".to_owned()));
        }
        let is_home = inner == self.home;
        let path = match without_extension(name) {
            _ if is_home => String::new(),
            "README" if folder.is_empty() => "README".to_owned(),
            "README" => format!("{folder}/"),
            _ => without_extension(inner).to_owned(),
        };
        Ok(Place {
            url: format!("{}{}", self.base, encode(&path)),
            stem_title: without_extension(name).to_owned(),
            key: if is_home { String::new() } else { key(inner) },
            ..Place::default()
        })
    }

    fn anchors(&self) -> Anchors {
        Anchors::Docsify
    }

    fn names_emoji(&self) -> bool {
        true
    }

    fn order(&self, placed: &[Placed]) -> Order {
        let pages: FxHashMap<&str, u32> = placed.iter().map(|page| (page.place.key.as_str(), page.page)).collect();
        let mut seen = FxHashSet::default();
        let tracks = self.sidebars.iter().map(|sidebar| {
            let page = |keys: &[String; 2]| keys.iter().find_map(|key| pages.get(key.as_str()).copied());
            let steps = sidebar.entries.iter().filter_map(|(keys, line)| Some(Step::new(page(keys)?, *line)));
            Track { file: Some(sidebar.path.clone()), steps: steps.filter(|step| seen.insert(step.page)).collect() }
        });
        tracks.collect::<Vec<_>>().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_off_the_page() {
        let of = |page: &str| settings(page).and_then(|found| setting_text(&found, "homepage").map(str::to_owned));
        assert_eq!(of("<p>it's</p><script>window.$docsify = {homepage: 'a.md'}</script>").as_deref(), Some("a.md"));
        assert_eq!(of("<script>$docsify = Object.assign({homepage: 'b.md'}, x)</script>").as_deref(), Some("b.md"));
        assert!(settings("<script>if (window.$docsify == 1) {}</script>").is_none());
    }

    #[test]
    fn targets_of_sidebars_are_keys() {
        let keys = ["/guide", "#/guide?id=x", "guide.md", "./zh/README.md", "zh/", "/"].map(key);
        assert_eq!(keys, ["guide", "guide", "guide", "zh", "zh", ""]);
    }
}
