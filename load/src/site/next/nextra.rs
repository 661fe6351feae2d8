//! Nextra: pages in `app`, in a folder of content that a page of `app` shows, or, before version 4, in `pages`.
//!
//! <https://nextra.site/docs/file-conventions>

use std::collections::BTreeSet;

use super::super::address::{encode, extension, path_of, without_extension};
use super::super::ground::{join, parent, within};
use super::super::{
    Found, Generator, Ground, Leaf, NoPage, Order, Place, Placed, Rules, script, setting, setting_text,
};
use super::tree::{INDEX, ListEntry, Lists, track};
use super::{is_dynamic, segments};
use crate::format::json;
use crate::value::{Node, Value};

const META: &[&str] = &["_meta.js", "_meta.jsx", "_meta.ts", "_meta.tsx", "_meta.json"];
const SETTINGS: &[&str] =
    &["next.config.mjs", "next.config.js", "next.config.ts", "next.config.mts", "next.config.cjs"];
const PAGE_FILES: &[&str] = &["page.jsx", "page.tsx", "page.js", "page.ts"];

/// How deep the page lies that shows the folder of content, and how many folders are looked into at each depth.
const MAX_ROUTE: usize = 5;
const MAX_FOLDERS: usize = 64;

/// What a folder of a project holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Routing {
    /// A page a folder: `page.mdx`.
    App,
    /// A page a file, shown by a page of `app`.
    Content,
    /// A page a file.
    Pages,
}

/// A folder of pages.
struct PageRoot {
    folder: String,
    routing: Routing,
    /// The address that its pages lie under.
    base: String,
}

/// The rules of one site of Nextra.
struct Nextra {
    roots: Vec<PageRoot>,
    /// The languages of the settings, the first being the one that is meant where none is named.
    languages: Vec<String>,
    lists: Lists,
}

/// The site whose package lies in `folder`.
pub(in super::super) fn find(ground: &Ground<'_>, folder: &str) -> Option<Found> {
    let package = join(folder, "package.json");
    let packages = json::read(&ground.read(&package)?).value;
    let uses = |list: &str| setting(&packages, list).is_some_and(|list| list.get("nextra").is_some());
    (uses("dependencies") || uses("devDependencies")).then_some(())?;
    let rules = Nextra::new(ground, folder);
    let roots: Vec<String> = rules.roots.iter().map(|root| root.folder.clone()).collect();
    (!roots.is_empty()).then_some(())?;
    Some(Found {
        generator: Generator::Nextra,
        by: Some(package),
        roots,
        base_path: "/".to_owned(),
        rules: Box::new(rules),
    })
}

/// The rules for content without a package: a folder of `content`.
pub(in super::super) fn by_default(ground: &Ground<'_>, root: &str) -> Box<dyn Rules> {
    let roots = vec![PageRoot { folder: root.to_owned(), routing: Routing::Content, base: String::new() }];
    let lists = lists(ground, &roots);
    Box::new(Nextra { roots, languages: Vec::new(), lists })
}

impl Nextra {
    fn new(ground: &Ground<'_>, folder: &str) -> Self {
        let no_modules = |_: &str| None;
        let text = ground.first(folder, SETTINGS).map(|(_, text)| text).unwrap_or_default();
        let with = |key: &str| script::settings(&text, key, &no_modules);
        let i18n = with("i18n");
        let mut languages: Vec<String> = setting(&i18n, "i18n.locales")
            .map_or(&[][..], Value::entries)
            .iter()
            .filter_map(|language| language.text().map(str::to_owned))
            .collect();
        let default = setting_text(&i18n, "i18n.defaultLocale");
        languages.sort_by_key(|language| Some(language.as_str()) != default);
        let options = with("contentDirBasePath");
        let stated = setting_text(&options, "contentDirBasePath").map(|base| base.trim_matches('/').to_owned());
        let at = |names: [&str; 2]| names.into_iter().map(|name| join(folder, name)).find(|path| ground.has(path));
        let app = at(["app", "src/app"]);
        let mut roots = Vec::new();
        if let Some(content) = at(["content", "src/content"]) {
            let base = stated.or_else(|| shown_at(ground, app.as_deref()?)).unwrap_or_default();
            roots.push(PageRoot { folder: content, routing: Routing::Content, base });
        }
        roots.extend(app.map(|folder| PageRoot { folder, routing: Routing::App, base: String::new() }));
        let pages = at(["pages", "src/pages"]);
        roots.extend(pages.map(|folder| PageRoot { folder, routing: Routing::Pages, base: String::new() }));
        let lists = lists(ground, &roots);
        Self { roots, languages, lists }
    }

    /// The root that a file lies in, and its path there.
    fn root<'p>(&self, path: &'p str) -> Option<(&PageRoot, &'p str)> {
        self.roots.iter().find_map(|root| Some((root, within(path, &root.folder)?)))
    }

    /// The language whose folder is the first of `path`, and what follows it.
    fn language<'p>(&self, path: &'p str) -> (Option<&str>, &'p str) {
        let (first, rest) = path.split_once('/').unwrap_or((path, ""));
        match self.languages.iter().find(|language| *language == first) {
            Some(language) => (Some(language), rest),
            None => (None, path),
        }
    }
}

/// The address under which a page of `app` shows what lies in the folder of content: that of the first folder, not deep, that
/// stands for whatever an address ends with.
fn shown_at(ground: &Ground<'_>, app: &str) -> Option<String> {
    let mut level = vec![String::new()];
    for _ in 0..MAX_ROUTE {
        let mut next = Vec::new();
        for folder in &level {
            // Names of files hold a dot, as those of folders that stand for several segments do.
            let names = ground.names_in(&join(app, folder)).into_iter();
            for name in names.filter(|name| !name.contains('.') || is_dynamic(name)) {
                let inner = join(folder, &name);
                let is_rest = name.trim_start_matches('[').starts_with("...");
                if is_rest && ground.first(&join(app, &inner), PAGE_FILES).is_some() {
                    return Some(segments(folder).filter(|segment| !is_dynamic(segment)).collect::<Vec<_>>().join("/"));
                }
                next.push(inner);
            }
        }
        next.truncate(MAX_FOLDERS);
        level = next;
    }
    None
}

/// What the files of all folders below `roots` list, by the root and the folder.
fn lists(ground: &Ground<'_>, roots: &[PageRoot]) -> Lists {
    let mut lists = Lists::default();
    for (number, root) in roots.iter().enumerate() {
        let inside = ground.files().iter().filter_map(|file| within(file, &root.folder));
        let folders: BTreeSet<&str> =
            inside.flat_map(|inner| inner.match_indices('/').map(|(at, _)| &inner[..at]).chain([""])).collect();
        for folder in folders {
            let Some((path, text)) = ground.first(&join(&root.folder, folder), META) else { continue };
            let meta = if path.ends_with("json") { json::read(&text).value } else { script::read(&text, &|_| None) };
            lists.insert(join(&number.to_string(), folder), entries(&meta));
        }
    }
    lists
}

/// What a `_meta` file lists; what it does not list comes behind.
fn entries(meta: &Value) -> Vec<ListEntry> {
    let Node::Map(members) = &meta.node else { return vec![ListEntry::Rest { is_reversed: false }] };
    let listed = members.iter().filter(|(name, _)| name != "*").map(|(name, value)| {
        let is_page = setting(value, "href").is_none() && setting_text(value, "type") != Some("separator");
        if is_page { ListEntry::Named(name.clone(), value.position.line) } else { ListEntry::Left(name.clone()) }
    });
    listed.chain([ListEntry::Rest { is_reversed: false }]).collect()
}

impl Rules for Nextra {
    fn place(&self, leaf: &Leaf<'_>) -> Result<Place, NoPage> {
        let Some((root, inner)) = self.root(leaf.path) else {
            return Err(NoPage::outside());
        };
        if !matches!(extension(inner).as_str(), "md" | "mdx") {
            return Err(NoPage("Nextra reads only `.mdx` and `.md`".to_owned()));
        }
        let stem = without_extension(inner);
        let (folder, name) = parent(stem);
        let is_private = segments(stem).any(|segment| segment.starts_with('_') || is_dynamic(segment));
        if is_private || root.routing == Routing::App && name != "page" {
            return Err(NoPage("it is a part of pages, and none itself".to_owned()));
        }
        let is_index = root.routing == Routing::App || name == INDEX;
        let (lang, path) = self.language(if is_index { folder } else { stem });
        let inner: Vec<&str> = segments(path).collect();
        let shown = lang.filter(|lang| {
            root.routing == Routing::Content || Some(*lang) != self.languages.first().map(String::as_str)
        });
        let number = self.roots.iter().position(|other| other.folder == root.folder).unwrap_or_default();
        let key = if is_index { join(folder, INDEX) } else { stem.to_owned() };
        Ok(Place {
            url: encode(&format!("/{}", path_of(&[shown.unwrap_or_default(), &root.base, &inner.join("/")]))),
            lang: lang.map(Into::into),
            stem_title: inner.last().copied().unwrap_or(name).to_owned(),
            key: join(&number.to_string(), &key),
            ..Place::default()
        })
    }

    fn reads_mdx(&self, _path: &str) -> Option<bool> {
        Some(true)
    }

    fn is_copy(&self, path: &str) -> bool {
        let lang = self.root(path).and_then(|(_, inner)| self.language(inner).0);
        lang.is_some_and(|lang| Some(lang) != self.languages.first().map(String::as_str))
    }

    fn order(&self, placed: &[Placed]) -> Order {
        vec![track(placed, &self.lists)].into()
    }
}
