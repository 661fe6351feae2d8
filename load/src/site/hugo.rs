//! Hugo.
//!
//! <https://gohugo.io/configuration/all/>, <https://gohugo.io/content-management/urls/>

mod address;
mod project;
mod sections;

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::address::{encode, extension, leading_date, path_of, without_extension};
use super::ground::{join, parent, within};
use super::{Found, Generator, Ground, Leaf, NoPage, Order, Place, Placed, Rules, Track, pattern, setting_text};
use crate::anchors::Anchors;
use crate::value::{Node, Value, null};
use project::HugoProject;
use sections::Sections;

/// The rules of one Hugo site.
struct Hugo {
    project: HugoProject,
    sections: Sections,
}

/// A content file as Hugo sees it: mounted, and without the suffix of its language.
struct Entry {
    lang: String,
    /// Its folder below the content.
    folder: String,
    /// Its name without ending and language.
    stem: String,
}

/// The site whose settings lie in `folder`.
pub(super) fn find(ground: &Ground<'_>, folder: &str) -> Option<Found> {
    let (by, settings) = project::settings(ground, folder)?;
    let mut project = HugoProject::read(folder, &settings);
    project.divide_by_language(ground);
    let roots = project.mounts.iter().map(|mount| mount.source.clone()).collect();
    let base_path = project.base.clone();
    let rules = Box::new(Hugo::new(ground, project));
    Some(Found { generator: Generator::Hugo, by: Some(by), roots, base_path, rules })
}

/// The rules for content without settings.
pub(super) fn by_default(ground: &Ground<'_>, root: &str) -> Box<dyn Rules> {
    let mut project = HugoProject::read("", &null());
    project.mounts = vec![project::Mount { source: root.to_owned(), target: String::new(), lang: None }];
    Box::new(Hugo::new(ground, project))
}

impl Hugo {
    fn new(ground: &Ground<'_>, project: HugoProject) -> Self {
        let mut hugo = Self { project, sections: Sections::default() };
        let entries: Vec<(&str, Entry)> =
            ground.files().iter().filter_map(|path| Some((path.as_str(), hugo.entry(path)?))).collect();
        hugo.sections = Sections::read(ground, &entries);
        hugo
    }

    fn entry(&self, path: &str) -> Option<Entry> {
        let mounted = self.project.mounts.iter().filter_map(|mount| Some((mount, within(path, &mount.source)?)));
        let (mount, inner) = mounted.min_by_key(|(_, inner)| inner.len())?;
        let inner = join(&mount.target, inner);
        let (folder, name) = parent(without_extension(&inner));
        let by_suffix = name.rsplit_once('.').filter(|(_, lang)| self.project.langs.iter().any(|known| known == lang));
        let (stem, lang) = match by_suffix {
            Some((stem, lang)) => (stem, lang),
            None => (name, mount.lang.as_deref().unwrap_or(&self.project.default_lang)),
        };
        Some(Entry { lang: lang.to_owned(), folder: folder.to_owned(), stem: stem.to_owned() })
    }

    /// The path of a page below the root of its language, a slash at its end where it is a folder.
    fn path(&self, entry: &Entry, leaf: &Leaf<'_>, date: Option<&str>) -> String {
        let sanitised = |path: &str| self.project.sanitised(path);
        let is_section = entry.stem == "_index";
        let is_ugly = self.project.is_ugly(entry.folder.split('/').next().unwrap_or_default());
        let (parent_folder, name) =
            if entry.stem == "index" { parent(&entry.folder) } else { (entry.folder.as_str(), entry.stem.as_str()) };
        let slug = leaf.text("slug").or_else(|| self.project.slug_in_name(name));
        let top = entry.folder.split('/').next().unwrap_or_default();
        let patterns = if is_section { &self.project.section_permalinks } else { &self.project.permalinks };
        if let Some(pattern) = patterns.get(&top.to_lowercase()).filter(|_| !top.is_empty()) {
            let parts = self.parts(entry, leaf, date);
            return address::permalink(pattern, &self.project, &parts);
        }
        if is_section {
            let folder = sanitised(&entry.folder);
            return match (is_ugly, folder.as_str()) {
                (true, folder) => path_of(&[folder, "index.html"]),
                (false, "") => String::new(),
                (false, folder) => format!("{folder}/"),
            };
        }
        let last = slug.map_or_else(|| sanitised(name), |slug| self.project.slugified(slug));
        let path = path_of(&[&sanitised(parent_folder), &last]);
        if is_ugly { format!("{path}.html") } else { format!("{path}/") }
    }

    /// What the tokens of a pattern stand for on a page.
    fn parts<'l>(&self, entry: &'l Entry, leaf: &'l Leaf<'_>, date: Option<&'l str>) -> address::AddressParts<'l> {
        let (folder, name) = match entry.stem.as_str() {
            "index" => parent(&entry.folder),
            "_index" => (entry.folder.as_str(), parent(&entry.folder).1),
            stem => (entry.folder.as_str(), stem),
        };
        address::AddressParts {
            sections: self.sections.above(&entry.lang, folder),
            name,
            slug: leaf.text("slug").or_else(|| self.project.slug_in_name(name)),
            title: leaf.text("title").unwrap_or_default(),
            date,
            is_ugly: self.project.is_ugly(entry.folder.split('/').next().unwrap_or_default()),
        }
    }

    fn url(&self, lang: &str, path: &str) -> String {
        let has_folder = lang != self.project.default_lang || self.project.default_in_folder;
        let folder = if has_folder { lang } else { "" };
        let path = path_of(&[&self.project.base, folder, path]);
        let end = if path.is_empty() || path.ends_with(".html") { "" } else { "/" };
        encode(&format!("/{path}{end}"))
    }
}

impl Rules for Hugo {
    fn place(&self, leaf: &Leaf<'_>) -> Result<Place, NoPage> {
        let Some(entry) = self.entry(leaf.path) else {
            return Err(NoPage::outside());
        };
        if extension(leaf.path) == "mdx" {
            return Err(NoPage("Hugo reads no `.mdx`".to_owned()));
        }
        if self.project.ignored.iter().any(|pattern| pattern.is_match(leaf.path)) {
            return Err(NoPage("`ignoreFiles` leaves it out".to_owned()));
        }
        if let Some(bundle) = self.sections.bundle(&entry) {
            return Err(NoPage(format!("it is a resource of the page `{bundle}/index.md`")));
        }
        let named_date = self.project.date_in_name(&entry);
        let date = named_date
            .as_deref()
            .or_else(|| ["date", "publishDate", "lastmod"].iter().find_map(|name| leaf.text(name)));
        let url = match leaf.text("url") {
            // Since 0.131 an address may hold tokens too.
            Some(url) if url.contains("/:") || url.starts_with(':') => {
                let path = address::permalink(url, &self.project, &self.parts(&entry, leaf, date));
                encode(&format!("{}{path}", self.project.base))
            }
            Some(url) => {
                let is_file = url.ends_with('/') || parent(url).1.contains('.');
                let end = if is_file { "" } else { "/" };
                encode(&format!("{}{}{end}", self.project.base, url.trim_start_matches('/')))
            }
            None => self.url(&entry.lang, &self.path(&entry, leaf, date)),
        };
        let title = leaf.text("linkTitle").or_else(|| leaf.text("title")).unwrap_or_default();
        let is_listed = !["build", "_build"].iter().any(|build| {
            let list = leaf.value(build).and_then(|build| setting_text(build, "list"));
            list.is_some_and(|list| matches!(list, "never" | "false"))
        });
        let name =
            if matches!(entry.stem.as_str(), "index" | "_index") { parent(&entry.folder).1 } else { &entry.stem };
        Ok(Place {
            url,
            stem_title: name.to_owned(),
            key: path_of(&[&entry.folder, &entry.stem]).to_lowercase(),
            shelf: if is_listed { self.sections.shelf(&entry) } else { String::new() },
            position: leaf.number("weight").filter(|weight| *weight != 0.0),
            date: date.map(str::to_owned),
            label: title.to_owned(),
            lang: self.project.says_lang.then(|| entry.lang.as_str().into()),
            usual_lang: Some("en"),
            ..Place::default()
        })
    }

    fn names_emoji(&self) -> bool {
        self.project.names_emoji
    }

    fn anchors(&self) -> Anchors {
        self.project.anchors
    }

    fn keeps_dashes(&self) -> bool {
        self.project.keeps_dashes
    }

    fn reads_html(&self, path: &str) -> bool {
        self.entry(path).is_some_and(|entry| self.sections.bundle(&entry).is_none())
    }

    fn has_term_anchors(&self) -> bool {
        self.project.has_term_anchors
    }

    fn order(&self, placed: &[Placed]) -> Order {
        let mut shelves: BTreeMap<(Option<&str>, &str), Vec<&Placed>> = BTreeMap::new();
        for page in placed.iter().filter(|page| !page.place.shelf.is_empty()) {
            shelves.entry((page.place.lang.as_deref(), page.place.shelf.as_str())).or_default().push(page);
        }
        let track = |mut pages: Vec<&Placed>| {
            pages.sort_by(|a, b| by_weight(a, b));
            Track::of_pages(pages)
        };
        shelves.into_values().map(track).collect::<Vec<_>>().into()
    }

    fn inherited(&self, path: &str) -> Vec<(String, Value)> {
        let Some(entry) = self.entry(path) else { return Vec::new() };
        let mut fields = self.sections.cascaded(&entry, &self.project.cascade);
        if let Some(date) = self.project.date_in_name(&entry) {
            fields.push(("date".to_owned(), Value { node: Node::Text(date), ..null() }));
        }
        fields
    }
}

/// Hugo's order by default: by weight, those without last; then the newest first, by title, and by path.
fn by_weight(a: &Placed, b: &Placed) -> Ordering {
    let weight = |page: &Placed| page.place.position.unwrap_or(f64::INFINITY);
    let date = |page: &Placed| page.place.date.clone().unwrap_or_default();
    let name = |page: &Placed| page.place.label.to_lowercase();
    weight(a)
        .total_cmp(&weight(b))
        .then_with(|| date(b).cmp(&date(a)))
        .then_with(|| name(a).cmp(&name(b)))
        .then_with(|| a.place.key.cmp(&b.place.key))
}

/// Whether the page of a path below the content is one that a glob of `cascade` means.
fn is_meant(glob: &str, path: &str) -> bool {
    pattern::matches(glob, &format!("/{path}")) || pattern::matches(glob.trim_start_matches('/'), path)
}

/// The date and the rest of a name such as `2024-03-05-rye`.
fn dated(name: &str) -> Option<(String, &str)> {
    let (day, rest) = leading_date(name)?;
    let day = day.map(|part| format!("{part:0>2}")).join("-");
    Some((day, rest.trim_start_matches(['-', '_', ' '])))
}
