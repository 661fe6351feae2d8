//! Mintlify.
//!
//! <https://www.mintlify.com/docs/organize/navigation>

use rustc_hash::{FxHashMap, FxHashSet};

use super::address::{encode, extension, without_extension};
use super::ground::{join, parent, within};
use super::pattern::Ignored;
use super::{Found, Generator, Ground, Leaf, NoPage, Order, Place, Placed, Rules, Step, Track, setting, setting_text};
use crate::format::json;
use crate::value::{Node, Value, null};

const SETTINGS: &[&str] = &["docs.json", "mint.json"];
/// What Mintlify leaves out of every site: files of repositories, and parts that pages are made of.
const IGNORED: &str = "README.md\nLICENSE.md\nCHANGELOG.md\nCONTRIBUTING.md\n/snippets\n.mintignore";
/// Members of the navigation that divide a site: each of their entries is a way of its own through it.
const DIVISIONS: &[&str] = &["languages", "versions", "products", "tabs", "anchors", "dropdowns", "menu"];
/// Members that hold pages in their order.
const LISTS: &[&str] = &["root", "groups", "pages"];

/// The rules of one Mintlify site.
struct Mintlify {
    root: String,
    ignored: Ignored,
    nav: MintlifyNav,
    /// The file of settings.
    file: String,
}

/// What the navigation says, of pages by their paths without ending.
#[derive(Default)]
struct MintlifyNav {
    /// The ways through the site, each with the lines at which its pages are listed.
    ways: Vec<Vec<(String, u32)>>,
    languages: FxHashMap<String, String>,
    versions: FxHashMap<String, String>,
    /// The pages of languages and versions but the first.
    copies: FxHashSet<String>,
}

/// The site whose settings lie in `folder`.
pub(super) fn find(ground: &Ground<'_>, folder: &str) -> Option<Found> {
    let (by, text) = ground.first(folder, SETTINGS)?;
    let settings = json::read(&text).value;
    setting(&settings, "navigation")?;
    let lines = ground.read(&join(folder, ".mintignore")).unwrap_or_default();
    let rules = Mintlify::new(folder, &settings, &lines, by.clone());
    let roots = vec![folder.to_owned()];
    Some(Found {
        generator: Generator::Mintlify,
        by: Some(by),
        roots,
        base_path: "/".to_owned(),
        rules: Box::new(rules),
    })
}

/// The rules for content without settings.
pub(super) fn by_default(root: &str) -> Box<dyn Rules> {
    Box::new(Mintlify::new(root, &null(), "", String::new()))
}

impl Mintlify {
    fn new(root: &str, settings: &Value, ignored: &str, file: String) -> Self {
        let mut nav = MintlifyNav::default();
        if let Some(navigation) = setting(settings, "navigation") {
            nav.ways.push(Vec::new());
            nav.read(navigation, &NavPart::default());
        }
        let ignored = Ignored::new(IGNORED.lines().chain(ignored.lines()));
        Self { root: root.to_owned(), ignored, nav, file }
    }
}

/// The part of a site that a page is listed in.
#[derive(Clone, Default)]
struct NavPart {
    language: Option<String>,
    version: Option<String>,
    is_copy: bool,
}

impl MintlifyNav {
    /// Reads an entry of the navigation, or a list of them.
    fn read(&mut self, entry: &Value, part: &NavPart) {
        match &entry.node {
            Node::Text(path) => self.page(path, entry.position.line, part),
            Node::List(entries) => entries.iter().for_each(|entry| self.read(entry, part)),
            Node::Map(members) => {
                for (name, value) in members {
                    if DIVISIONS.contains(&name.as_str()) {
                        self.divided(value, part);
                    } else if LISTS.contains(&name.as_str()) {
                        self.read(value, part);
                    }
                }
            }
            Node::Null => {}
        }
    }

    /// Reads the entries of a division, each as a way of its own.
    fn divided(&mut self, entries: &Value, part: &NavPart) {
        for (number, entry) in entries.entries().iter().enumerate() {
            let own =
                |name: &str, above: &Option<String>| setting_text(entry, name).map(str::to_owned).or(above.clone());
            let names_part = ["language", "version"].iter().any(|name| setting_text(entry, name).is_some());
            let part = NavPart {
                language: own("language", &part.language),
                version: own("version", &part.version),
                is_copy: part.is_copy || names_part && number > 0,
            };
            self.ways.push(Vec::new());
            self.read(entry, &part);
        }
        self.ways.push(Vec::new());
    }

    fn page(&mut self, path: &str, line: u32, part: &NavPart) {
        // A page of an API is listed by its method: `GET /users`.
        if path.contains(' ') || path.contains("://") {
            return;
        }
        let path = path.trim_start_matches('/').trim_end_matches(".mdx").trim_end_matches(".md").to_owned();
        self.languages.extend(part.language.clone().map(|language| (path.clone(), language)));
        self.versions.extend(part.version.clone().map(|version| (path.clone(), version)));
        if part.is_copy {
            self.copies.insert(path.clone());
        }
        if let Some(way) = self.ways.last_mut() {
            way.push((path, line));
        }
    }
}

impl Rules for Mintlify {
    fn place(&self, leaf: &Leaf<'_>) -> Result<Place, NoPage> {
        let Some(inner) = within(leaf.path, &self.root) else {
            return Err(NoPage::outside());
        };
        if !matches!(extension(inner).as_str(), "md" | "mdx") {
            return Err(NoPage("Mintlify reads only `.mdx` and `.md`".to_owned()));
        }
        if self.ignored.is_ignored(inner) {
            return Err(NoPage("Mintlify, or `.mintignore`, leaves it out".to_owned()));
        }
        let key = without_extension(inner);
        let (folder, name) = parent(key);
        let path = if name == "index" { folder } else { key };
        Ok(Place {
            url: encode(&format!("/{path}")),
            lang: self.nav.languages.get(key).map(|lang| lang.as_str().into()),
            version: self.nav.versions.get(key).map(|version| version.as_str().into()),
            stem_title: name.to_owned(),
            key: key.to_owned(),
            ..Place::default()
        })
    }

    /// Its MDX is that of every other reader, whatever the ending.
    fn reads_mdx(&self, _path: &str) -> Option<bool> {
        Some(true)
    }

    fn is_copy(&self, path: &str) -> bool {
        within(path, &self.root).is_some_and(|inner| self.nav.copies.contains(without_extension(inner)))
    }

    fn order(&self, placed: &[Placed]) -> Order {
        let pages: FxHashMap<&str, u32> = placed.iter().map(|page| (page.place.key.as_str(), page.page)).collect();
        let mut seen = FxHashSet::default();
        let ways = self.nav.ways.iter().map(|way| {
            let steps = way.iter().filter_map(|(path, line)| Some(Step::new(*pages.get(path.as_str())?, *line)));
            Track { file: Some(self.file.clone()), steps: steps.filter(|step| seen.insert(step.page)).collect() }
        });
        ways.collect::<Vec<_>>().into()
    }
}
