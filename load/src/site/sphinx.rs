//! Sphinx with MyST, and Jupyter Book.
//!
//! <https://www.sphinx-doc.org/en/master/usage/configuration.html>

mod toctree;

use rustc_hash::{FxHashMap, FxHashSet};

use super::address::{base_path, encode, extension, path_of, without_extension};
use super::ground::{join, parent, within};
use super::pattern::matches;
use super::settings::{from_yaml, said};
use super::{
    Found, Generator, Ground, Leaf, NoPage, Order, Place, Placed, Rules, Step, Track, script, setting, setting_text,
};
use crate::anchors::Anchors;
use crate::value::{Node, Value, null};

/// The rules of one Sphinx site.
struct Sphinx {
    root: String,
    base: String,
    lang: Option<Box<str>>,
    excluded: Vec<String>,
    suffixes: Vec<String>,
    substitutions: Vec<(String, String)>,
    /// The document on top.
    top: String,
    /// The table of contents of a book: its file, documents and their lines.
    contents: Option<(String, Vec<(String, u32)>)>,
    /// What documents in reStructuredText list, by their names.
    listed: FxHashMap<String, Vec<String>>,
}

/// The site whose settings lie in `folder`.
pub(super) fn find(ground: &Ground<'_>, folder: &str) -> Option<Found> {
    let mut rules = Sphinx::new(folder);
    let by = if let Some((by, text)) = ground.first(folder, &["_toc.yml", "_toc.yaml"]) {
        let book = ground.first(folder, &["_config.yml"]).map_or_else(null, |(_, text)| from_yaml(&text));
        rules.read_book(&book, &by, &from_yaml(&text));
        by
    } else {
        let (by, text) = ground.first(folder, &["conf.py"])?;
        if !["extensions", "html_theme", "project"].iter().any(|name| text.contains(name)) {
            return None;
        }
        rules.read_program(&text);
        rules.read_lists(ground);
        by
    };
    let roots = vec![rules.root.clone()];
    let base_path = rules.base.clone();
    Some(Found { generator: Generator::Sphinx, by: Some(by), roots, base_path, rules: Box::new(rules) })
}

/// The rules for content without settings.
pub(super) fn by_default(root: &str) -> Box<dyn Rules> {
    Box::new(Sphinx::new(root))
}

fn texts(value: &Value) -> Vec<String> {
    value.entries().iter().filter_map(Value::text).map(str::to_owned).collect()
}

/// The members of `value` that are texts of one line.
fn members(value: &Value) -> Vec<(String, String)> {
    let Node::Map(members) = &value.node else { return Vec::new() };
    members.iter().flat_map(|(name, value)| said(value, name)).collect()
}

impl Sphinx {
    fn new(root: &str) -> Self {
        Self {
            root: root.to_owned(),
            base: "/".to_owned(),
            lang: None,
            excluded: vec!["_build".to_owned()],
            suffixes: vec!["md".to_owned()],
            substitutions: Vec::new(),
            top: "index".to_owned(),
            contents: None,
            listed: FxHashMap::default(),
        }
    }

    /// Reads what `conf.py` assigns.
    fn read_program(&mut self, text: &str) {
        let assigned = |name: &str| script::assigned(text, name);
        if let Some(url) = assigned("html_baseurl").text() {
            self.base = base_path(url);
        }
        for name in ["root_doc", "master_doc"] {
            if let Some(top) = assigned(name).text() {
                top.clone_into(&mut self.top);
            }
        }
        self.lang = assigned("language").text().map(Into::into);
        self.excluded = texts(&assigned("exclude_patterns"));
        let suffixes = assigned("source_suffix");
        let suffixes: Vec<String> = match &suffixes.node {
            Node::Map(members) => members.iter().map(|(suffix, _)| suffix.clone()).collect(),
            _ => texts(&suffixes),
        };
        let known = suffixes.iter().map(|suffix| suffix.trim_start_matches('.').to_owned());
        self.suffixes.extend(known.filter(|suffix| suffix != "md"));
        self.substitutions = members(&assigned("myst_substitutions"));
    }

    /// Reads the settings and the table of contents of a Jupyter Book.
    fn read_book(&mut self, book: &Value, by: &str, contents: &Value) {
        if let Some(url) = setting_text(book, "html.baseurl") {
            self.base = base_path(url);
        }
        self.lang = setting_text(book, "sphinx.config.language").map(Into::into);
        if let Some(excluded) = setting(book, "exclude_patterns") {
            self.excluded.extend(texts(excluded));
        }
        for path in ["parse.myst_substitutions", "sphinx.config.myst_substitutions"] {
            self.substitutions.extend(setting(book, path).map(members).unwrap_or_default());
        }
        let mut listed = Vec::new();
        toctree::of_book(contents, &mut listed);
        if let Some((top, _)) = listed.first() {
            self.top.clone_from(top);
        }
        self.contents = Some((by.to_owned(), listed));
    }

    /// Reads what the documents in reStructuredText list, from the top down.
    fn read_lists(&mut self, ground: &Ground<'_>) {
        let mut open = vec![self.top.clone()];
        while let Some(name) = open.pop() {
            let Some(text) = ground.read(&join(&self.root, &format!("{name}.rst"))) else { continue };
            let listed = toctree::of_text(&text, &name);
            open.extend(listed.iter().filter(|name| !self.listed.contains_key(*name)).cloned());
            self.listed.insert(name, listed);
        }
    }

    /// Adds the documents that `name` lists, in order and each once.
    fn walk(&self, name: &str, pages: &FxHashMap<&str, &Placed>, seen: &mut FxHashSet<String>, steps: &mut Vec<Step>) {
        if !seen.insert(name.to_owned()) {
            return;
        }
        let page = pages.get(name);
        steps.extend(page.map(|page| Step::new(page.page, 0)));
        let listed = page.map(|page| &page.place.listed).or_else(|| self.listed.get(name));
        for entry in listed.into_iter().flatten() {
            for name in expanded(entry, pages) {
                self.walk(&name, pages, seen, steps);
            }
        }
    }
}

/// The documents that an entry means: itself, or those that its pattern fits, by name.
fn expanded(entry: &str, pages: &FxHashMap<&str, &Placed>) -> Vec<String> {
    if !entry.contains(['*', '?', '[']) {
        return vec![entry.to_owned()];
    }
    let mut names: Vec<String> =
        pages.keys().filter(|name| matches(entry, name)).map(|name| (*name).to_owned()).collect();
    names.sort_unstable();
    names
}

impl Rules for Sphinx {
    fn place(&self, leaf: &Leaf<'_>) -> Result<Place, NoPage> {
        let Some(inner) = within(leaf.path, &self.root) else {
            return Err(NoPage::outside());
        };
        if !self.suffixes.contains(&extension(inner)) {
            return Err(NoPage("`source_suffix` does not name its ending".to_owned()));
        }
        let is_excluded = |glob: &String| {
            let ends = inner.match_indices('/').map(|(at, _)| at).chain(std::iter::once(inner.len()));
            ends.into_iter().any(|end| matches(glob.trim_end_matches('/'), &inner[..end]))
        };
        if self.excluded.iter().any(is_excluded) {
            return Err(NoPage("`exclude_patterns` leaves it out".to_owned()));
        }
        let name = without_extension(inner);
        let variables = self.variables(leaf);
        let filled = |mut title: String| {
            for (name, value) in &variables {
                title = title.replace(&format!("{{{{{name}}}}}"), value).replace(&format!("{{{{ {name} }}}}"), value);
            }
            title
        };
        Ok(Place {
            url: encode(&format!("/{}.html", path_of(&[&self.base, name]))),
            nav_title: leaf.first_heading().map(filled),
            stem_title: parent(name).1.to_owned(),
            lang: self.lang.clone(),
            listed: if self.contents.is_none() { toctree::of_text(leaf.body, name) } else { Vec::new() },
            key: name.to_owned(),
            ..Place::default()
        })
    }

    fn anchors(&self) -> Anchors {
        Anchors::Sphinx
    }

    fn variables(&self, leaf: &Leaf<'_>) -> Vec<(String, String)> {
        let own = leaf.value("myst").and_then(|myst| setting(myst, "substitutions"));
        let own = own.or_else(|| leaf.value("substitutions")).map(members).unwrap_or_default();
        own.into_iter().chain(self.substitutions.iter().cloned()).collect()
    }

    fn order(&self, placed: &[Placed]) -> Order {
        let pages: FxHashMap<&str, &Placed> = placed.iter().map(|page| (page.place.key.as_str(), page)).collect();
        let mut steps = Vec::new();
        let mut seen = FxHashSet::default();
        let Some((file, listed)) = &self.contents else {
            self.walk(&self.top, &pages, &mut seen, &mut steps);
            return vec![Track { file: None, steps }].into();
        };
        for (entry, line) in listed {
            let names = expanded(entry, &pages);
            let found = names.iter().filter_map(|name| pages.get(name.as_str()));
            steps.extend(
                found.filter(|page| seen.insert(page.place.key.clone())).map(|page| Step::new(page.page, *line)),
            );
        }
        vec![Track { file: Some(file.clone()), steps }].into()
    }
}
