//! A wiki of GitHub: pages are called as their files are, in whatever folder these lie.
//!
//! <https://docs.github.com/en/communities/documenting-your-project-with-wikis>

use pulldown_cmark::Options;
use rustc_hash::{FxHashMap, FxHashSet};

use super::address::{decode, encode, without_extension};
use super::ground::{join, parent, within};
use super::summary::links;
use super::{Found, Generator, Ground, Leaf, NoPage, Order, Place, Placed, Rules, Step, Track, stem_of};

/// Where a wiki begins.
const HOME: &str = "Home";
/// What stands beside each page; the first lists the pages.
const AROUND: &[&str] = &["_Sidebar", "_Footer", "_Header"];
/// How the folder of a wiki is called that somebody has cloned.
const CLONE: &str = ".wiki";

/// The rules of one wiki.
struct Wiki {
    root: String,
    /// The file of the sidebar, and the pages that it lists, by their keys and lines.
    sidebar: Option<(String, Vec<(String, u32)>)>,
}

/// The wiki that the source is: it has a start, and something beside its pages or the name of a clone.
pub(super) fn find(ground: &Ground<'_>, folder: &str) -> Option<Found> {
    if folder != ground.source() {
        return None;
    }
    let top: Vec<&String> = ground.files().iter().filter(|file| parent(file).0 == folder).collect();
    let named = |name: &str| top.iter().find(|file| stem_of(parent(file).1) == name).map(|file| (*file).clone());
    let home = named(HOME)?;
    let is_clone = || ground.name().is_some_and(|name| name.ends_with(CLONE));
    let by = AROUND.iter().find_map(|name| named(name)).or_else(|| is_clone().then_some(home))?;
    let rules = Wiki::new(ground, folder, named(AROUND[0]));
    Some(Found {
        generator: Generator::Wiki,
        by: Some(by),
        roots: vec![folder.to_owned()],
        base_path: "/".to_owned(),
        rules: Box::new(rules),
    })
}

/// The rules for a wiki without anything beside its pages.
pub(super) fn by_default(ground: &Ground<'_>, root: &str) -> Box<dyn Rules> {
    let sidebar = join(root, &format!("{}.md", AROUND[0]));
    Box::new(Wiki::new(ground, root, ground.has(&sidebar).then_some(sidebar)))
}

impl Wiki {
    fn new(ground: &Ground<'_>, root: &str, sidebar: Option<String>) -> Self {
        let sidebar = sidebar.map(|path| {
            let listed = links(&ground.read(&path).unwrap_or_default(), Options::ENABLE_WIKILINKS);
            let listed = listed.into_iter().map(|link| (key(&link.path), link.line)).collect();
            (path, listed)
        });
        Self { root: root.to_owned(), sidebar }
    }
}

/// What a target or a file is known by: its last segment, whatever its letters and blanks.
fn key(target: &str) -> String {
    let path = decode(target.split(['#', '?']).next().unwrap_or_default());
    shown(stem_of(path.trim_end_matches('/').rsplit('/').next().unwrap_or_default())).to_lowercase()
}

/// The name of a page in addresses.
fn shown(stem: &str) -> String {
    stem.replace(' ', "-")
}

impl Rules for Wiki {
    fn place(&self, leaf: &Leaf<'_>) -> Result<Place, NoPage> {
        let inner = within(leaf.path, &self.root).ok_or_else(NoPage::outside)?;
        let stem = without_extension(parent(inner).1);
        if AROUND.contains(&stem) {
            return Err(NoPage("it is shown beside other pages".to_owned()));
        }
        Ok(Place {
            url: if stem == HOME { "/".to_owned() } else { encode(&format!("/{}", shown(stem))) },
            stem_title: stem.replace('-', " "),
            is_titled_by_stem: true,
            key: key(stem),
            ..Place::default()
        })
    }

    fn names_emoji(&self) -> bool {
        true
    }

    fn puts_text_first(&self) -> bool {
        true
    }

    fn order(&self, placed: &[Placed]) -> Order {
        let Some((file, listed)) = &self.sidebar else { return Order::default() };
        let pages: FxHashMap<&str, u32> = placed.iter().map(|page| (page.place.key.as_str(), page.page)).collect();
        let mut seen = FxHashSet::default();
        let steps = listed.iter().filter_map(|(key, line)| Some(Step::new(*pages.get(key.as_str())?, *line)));
        vec![Track { file: Some(file.clone()), steps: steps.filter(|step| seen.insert(step.page)).collect() }].into()
    }
}
