//! Quarto: websites and books, of `.qmd` and of other Markdown.
//!
//! <https://quarto.org/docs/websites/>, <https://quarto.org/docs/books/book-structure.html>

use rustc_hash::{FxHashMap, FxHashSet};

use super::address::{base_path, encode, path_of, without_extension};
use super::ground::{join, parent, within};
use super::settings::{from_yaml, setting};
use super::{Found, Generator, Ground, Leaf, NoPage, Order, Place, Placed, Rules, Step, Track, pattern, setting_text};
use crate::anchors::Anchors;
use crate::value::{Node, Value, null};

const SETTINGS: &[&str] = &["_quarto.yml", "_quarto.yaml"];
/// Members of a sidebar, or of a list of chapters, that hold more of it.
const LISTS: &[&str] = &["contents", "chapters"];
/// Members that name a page.
const PAGES: &[&str] = &["href", "file", "part"];

/// The rules of one Quarto project.
struct Quarto {
    root: String,
    base: String,
    lang: Option<Box<str>>,
    /// Whether only what is listed is a part of it.
    is_book: bool,
    /// What `project.render` lets in; where it is empty, everything.
    rendered: Vec<String>,
    /// The file of settings.
    file: String,
    /// The ways through the project, of paths with the lines at which they are listed.
    ways: Vec<Vec<(String, u32)>>,
}

/// The project whose settings lie in `folder`.
pub(super) fn find(ground: &Ground<'_>, folder: &str) -> Option<Found> {
    let (by, text) = ground.first(folder, SETTINGS)?;
    let rules = Quarto::new(folder, &from_yaml(&text), by.clone());
    let (roots, base_path) = (vec![folder.to_owned()], rules.base.clone());
    Some(Found { generator: Generator::Quarto, by: Some(by), roots, base_path, rules: Box::new(rules) })
}

/// The rules for content without settings.
pub(super) fn by_default(root: &str) -> Box<dyn Rules> {
    Box::new(Quarto::new(root, &null(), String::new()))
}

impl Quarto {
    fn new(root: &str, settings: &Value, file: String) -> Self {
        let is_book = setting_text(settings, "project.type") == Some("book");
        let url = setting_text(settings, "website.site-url").or(setting_text(settings, "book.site-url"));
        let mut ways = vec![Vec::new()];
        for list in ["book.chapters", "book.appendices"] {
            if let Some(list) = setting(settings, list) {
                listed(list, &mut ways[0]);
            }
        }
        if let Some(sidebar) = setting(settings, "website.sidebar") {
            let several = match &sidebar.node {
                Node::List(sidebars) => sidebars.as_slice(),
                _ => std::slice::from_ref(sidebar),
            };
            ways.extend(several.iter().map(|sidebar| {
                let mut way = Vec::new();
                listed(sidebar, &mut way);
                way
            }));
        }
        let rendered = setting(settings, "project.render").map_or(&[][..], Value::entries);
        Self {
            root: root.to_owned(),
            base: url.map_or_else(|| "/".to_owned(), base_path),
            lang: setting_text(settings, "lang").map(Into::into),
            is_book,
            rendered: rendered.iter().filter_map(Value::text).map(str::to_owned).collect(),
            file,
            ways,
        }
    }

    /// Whether `project.render` lets in the file at `inner`: of several patterns the last that matches decides.
    fn renders(&self, inner: &str) -> bool {
        let all_are_out = self.rendered.iter().all(|pattern| pattern.starts_with('!'));
        self.rendered.iter().fold(all_are_out, |is_in, pattern| {
            let (bare, lets_in) = pattern.strip_prefix('!').map_or((pattern.as_str(), true), |bare| (bare, false));
            let bare = bare.trim_start_matches('/');
            let is_meant = pattern::matches(bare, inner) || within(inner, bare.trim_end_matches('/')).is_some();
            if is_meant { lets_in } else { is_in }
        })
    }
}

/// Adds the paths that a list of pages holds, those in its parts too.
fn listed(list: &Value, way: &mut Vec<(String, u32)>) {
    match &list.node {
        Node::Text(path) => way.push((path.trim_start_matches('/').to_owned(), list.position.line)),
        Node::List(entries) => entries.iter().for_each(|entry| listed(entry, way)),
        Node::Map(members) => {
            for (_, page) in members.iter().filter(|(name, _)| PAGES.contains(&name.as_str())) {
                if page.text().is_some_and(|path| !path.contains("://")) {
                    listed(page, way);
                }
            }
            for (_, inner) in members.iter().filter(|(name, _)| LISTS.contains(&name.as_str())) {
                listed(inner, way);
            }
        }
        Node::Null => {}
    }
}

impl Rules for Quarto {
    fn place(&self, leaf: &Leaf<'_>) -> Result<Place, NoPage> {
        let Some(inner) = within(leaf.path, &self.root) else {
            return Err(NoPage::outside());
        };
        let (folder, name) = parent(inner);
        if inner.split('/').any(|segment| segment.starts_with('_')) {
            return Err(NoPage("Quarto renders nothing whose name begins with `_`".to_owned()));
        }
        let is_listed = || self.ways.iter().flatten().any(|(path, _)| path == inner);
        if matches!(name, "README.md" | "README.qmd") && !is_listed() {
            return Err(NoPage("Quarto renders no README".to_owned()));
        }
        if self.is_book && inner != "index.qmd" && inner != "index.md" && !is_listed() {
            return Err(NoPage("the book does not list it".to_owned()));
        }
        if !self.renders(inner) {
            return Err(NoPage("`project.render` leaves it out".to_owned()));
        }
        let stem = without_extension(name);
        let path = match stem {
            "index" if folder.is_empty() => String::new(),
            "index" => format!("{folder}/"),
            _ => path_of(&[folder, &format!("{stem}.html")]),
        };
        Ok(Place {
            url: encode(&format!("{}{path}", self.base)),
            lang: self.lang.clone(),
            stem_title: stem.to_owned(),
            key: inner.to_owned(),
            ..Place::default()
        })
    }

    fn anchors(&self) -> Anchors {
        Anchors::Pandoc
    }

    fn order(&self, placed: &[Placed]) -> Order {
        let pages: FxHashMap<&str, u32> = placed.iter().map(|page| (page.place.key.as_str(), page.page)).collect();
        let mut seen = FxHashSet::default();
        let find = |path: &str| {
            let folder = path.trim_end_matches('/');
            let index = || pages.get(join(folder, "index.qmd").as_str());
            pages.get(path).or_else(index).copied()
        };
        let ways = self.ways.iter().map(|way| {
            let steps = way.iter().filter_map(|(path, line)| Some(Step::new(find(path)?, *line)));
            Track { file: Some(self.file.clone()), steps: steps.filter(|step| seen.insert(step.page)).collect() }
        });
        ways.collect::<Vec<_>>().into()
    }
}
