//! VitePress, and VuePress before it: the same settings, with endings and indexes of its own.
//!
//! <https://vitepress.dev/reference/site-config>, <https://vuepress.vuejs.org/guide/page.html>

use rustc_hash::{FxHashMap, FxHashSet};

use super::address::{base_path, encode, extension, without_extension};
use super::ground::{join, parent, within};
use super::{
    Found, Generator, Ground, Leaf, NoPage, Order, Place, Placed, Rules, Step, Track, pattern, script, setting,
    setting_text,
};
use crate::anchors::Anchors;
use crate::value::{Node, Value, null};

const SETTINGS: &[&str] = &[
    "config.ts",
    "config.mts",
    "config.js",
    "config.mjs",
    "config.cts",
    "config.cjs",
    "config/index.ts",
    "config/index.mts",
    "config/index.js",
    "config/index.mjs",
];
/// The language of a site that names none.
const DEFAULT_LANG: &str = "en-US";

/// The rules of one VitePress or VuePress site.
struct Vitepress {
    is_vuepress: bool,
    /// The folder of the pages.
    root: String,
    base: String,
    /// Whether addresses of pages have no ending.
    is_clean: bool,
    excluded: Vec<String>,
    /// Paths of files, and where they are published instead.
    rewrites: Vec<(String, String)>,
    /// The folders of languages, and the tags of those.
    locales: Vec<(String, String)>,
    root_lang: Option<String>,
    /// The file of settings, and the sidebars in it: the prefix of the addresses that each belongs to, and its items.
    file: String,
    sidebars: Vec<(String, Value)>,
}

/// The site of one of both generators whose settings lie in `folder`.
pub(super) fn find(ground: &Ground<'_>, folder: &str, generator: Generator) -> Option<Found> {
    let (own, key) = match generator {
        Generator::Vuepress => (".vuepress", "theme"),
        _ => (".vitepress", "themeConfig"),
    };
    let (by, text) = ground.first(&join(folder, own), SETTINGS)?;
    let near = parent(&by).0.to_owned();
    let load = |path: &str| ground.read(&join(&near, path));
    let settings = script::settings(&text, key, &load);
    let rules = Vitepress::new(folder, &settings, by.clone(), generator);
    let roots = vec![rules.root.clone()];
    let base_path = rules.base.clone();
    Some(Found { generator, by: Some(by), roots, base_path, rules: Box::new(rules) })
}

/// The rules for content without settings.
pub(super) fn by_default(root: &str, generator: Generator) -> Box<dyn Rules> {
    Box::new(Vitepress::new(root, &null(), String::new(), generator))
}

impl Vitepress {
    fn new(folder: &str, settings: &Value, file: String, generator: Generator) -> Self {
        let texts = |name: &str| {
            let values = setting(settings, name).map_or(&[][..], Value::entries);
            values.iter().filter_map(Value::text).map(str::to_owned).collect::<Vec<_>>()
        };
        let locales = locales_of(settings);
        let lang = |key: &str, locale: &Value| setting_text(locale, "lang").unwrap_or(key).to_owned();
        let root_lang = locales.iter().find(|(key, _)| key == ROOT).and_then(|(_, root)| setting_text(root, "lang"));
        let mut sidebars = Vec::new();
        let mut add = |key: &str, sidebar: Option<&Value>| {
            let prefix = if key == ROOT { "/".to_owned() } else { format!("/{key}/") };
            add_sidebars(&mut sidebars, &prefix, sidebar);
        };
        // A theme of VuePress is a call with its settings.
        let themes = setting(settings, "theme").map_or(&[][..], Value::entries);
        for theme in themes.iter().chain(setting(settings, "themeConfig")) {
            add(ROOT, setting(theme, "sidebar"));
            locales_of(theme).iter().for_each(|(key, locale)| add(key, setting(locale, "sidebar")));
        }
        locales.iter().for_each(|(key, locale)| add(key, setting(locale, "themeConfig.sidebar")));
        // The most special of several sidebars is that of a page.
        sidebars.sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
        Self {
            is_vuepress: generator == Generator::Vuepress,
            root: join(folder, setting_text(settings, "srcDir").unwrap_or(".")),
            base: base_path(setting_text(settings, "base").unwrap_or("/")),
            is_clean: setting_text(settings, "cleanUrls") == Some("true"),
            excluded: texts("srcExclude"),
            rewrites: members(settings, "rewrites")
                .into_iter()
                .filter_map(|(from, to)| Some((from, to.text()?.to_owned())))
                .collect(),
            root_lang: root_lang.or(setting_text(settings, "lang")).map(str::to_owned),
            locales: locales.iter().map(|(key, locale)| (key.clone(), lang(key, locale))).collect(),
            file,
            sidebars,
        }
    }

    /// Where a file is published: the path that a rewrite gives it, else its own.
    fn published(&self, inner: &str) -> String {
        let rewritten = self.rewrites.iter().find_map(|(from, to)| rewritten(from, to, inner));
        rewritten.unwrap_or_else(|| inner.to_owned())
    }

    fn url(&self, published: &str) -> String {
        let stem = without_extension(published);
        let (folder, name) = parent(stem);
        let name = if self.is_vuepress && name.eq_ignore_ascii_case("readme") { "index" } else { name };
        let path = match name {
            "index" if folder.is_empty() => String::new(),
            "index" => format!("{folder}/"),
            _ if self.is_clean => stem.to_owned(),
            _ => format!("{stem}.html"),
        };
        encode(&format!("{}{path}", self.base))
    }
}

/// What the language is called that lies at the root.
const ROOT: &str = "root";

fn members(settings: &Value, name: &str) -> Vec<(String, Value)> {
    match setting(settings, name).map(|value| &value.node) {
        Some(Node::Map(members)) => members.clone(),
        _ => Vec::new(),
    }
}

/// The languages of `settings` by their folders, which VuePress writes between slashes.
fn locales_of(settings: &Value) -> Vec<(String, Value)> {
    let named = |(key, locale): (String, Value)| {
        let bare = key.trim_matches('/');
        (if bare.is_empty() { ROOT.to_owned() } else { bare.to_owned() }, locale)
    };
    members(settings, "locales").into_iter().map(named).collect()
}

/// Adds the sidebars of `settings`, a list of items or lists by the start of addresses, which begin with `prefix`.
fn add_sidebars(sidebars: &mut Vec<(String, Value)>, prefix: &str, settings: Option<&Value>) {
    match settings.map(|value| &value.node) {
        Some(Node::List(_)) => sidebars.extend(settings.map(|items| (prefix.to_owned(), items.clone()))),
        Some(Node::Map(members)) => sidebars.extend(
            members.iter().map(|(start, items)| (format!("/{}", start.trim_start_matches('/')), items.clone())),
        ),
        _ => {}
    }
}

/// Where `to` puts the file at `path`, if it is one that `from` means: `:name` is a segment, `:name*` and `:name(.*)` any number.
fn rewritten(from: &str, to: &str, path: &str) -> Option<String> {
    let mut bound: Vec<(&str, String)> = Vec::new();
    let (wanted, given): (Vec<&str>, Vec<&str>) = (from.split('/').collect(), path.split('/').collect());
    let mut at = 0;
    for (number, part) in wanted.iter().enumerate() {
        let Some(name) = part.strip_prefix(':') else {
            (given.get(at) == Some(part)).then_some(())?;
            at += 1;
            continue;
        };
        let end = name.find(|char: char| !(char.is_alphanumeric() || char == '_')).unwrap_or(name.len());
        let (name, rest) = name.split_at(end);
        let is_many = rest.starts_with(['*', '+', '(']);
        let after = wanted.len() - number - 1;
        let n = if is_many { given.len().checked_sub(at + after)? } else { 1 };
        let ending = if is_many { "" } else { rest };
        let value = given.get(at..at + n)?.join("/");
        bound.push((name, value.strip_suffix(ending)?.to_owned()));
        at += n;
    }
    (at == given.len()).then_some(())?;
    bound.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let put = |to: String, (name, value): &(&str, String)| {
        let signs = [format!(":{name}*"), format!(":{name}+"), format!(":{name}(.*)"), format!(":{name}")];
        signs.iter().fold(to, |to, sign| to.replace(sign.as_str(), value))
    };
    Some(bound.iter().fold(to.to_owned(), put))
}

impl Rules for Vitepress {
    fn place(&self, leaf: &Leaf<'_>) -> Result<Place, NoPage> {
        let Some(inner) = within(leaf.path, &self.root) else {
            return Err(NoPage::outside());
        };
        let name = parent(inner).1;
        if extension(name) != "md" {
            return Err(NoPage("VitePress and VuePress read only `.md`".to_owned()));
        }
        if inner.contains('[') && inner.contains(']') {
            return Err(NoPage("it is a template of pages that a program makes".to_owned()));
        }
        if self.excluded.iter().any(|glob| pattern::matches(glob.trim_start_matches("./"), inner)) {
            return Err(NoPage("`srcExclude` leaves it out".to_owned()));
        }
        let published = self.published(inner);
        let first = published.split('/').next().unwrap_or_default();
        let locale = self.locales.iter().find(|(key, _)| key == first && published.contains('/'));
        let permalink = leaf.text("permalink").filter(|_| self.is_vuepress);
        let url = match permalink {
            Some(permalink) => encode(&format!("{}{}", self.base, permalink.trim_start_matches('/'))),
            None => self.url(&published),
        };
        Ok(Place {
            key: self.url(&published),
            url,
            lang: locale.map(|(_, lang)| lang.as_str()).or(self.root_lang.as_deref()).map(Into::into),
            usual_lang: Some(DEFAULT_LANG),
            stem_title: without_extension(name).to_owned(),
            ..Place::default()
        })
    }

    fn anchors(&self) -> Anchors {
        Anchors::Vitepress
    }

    fn order(&self, placed: &[Placed]) -> Order {
        let pages: FxHashMap<&str, u32> = placed.iter().map(|page| (page.place.key.as_str(), page.page)).collect();
        let tracks = self.sidebars.iter().map(|(prefix, items)| {
            let mut walk = VitepressWalk { site: self, pages: &pages, seen: FxHashSet::default(), steps: Vec::new() };
            // In VuePress a path without a slash at its start is one below that of the sidebar.
            walk.items(items, if self.is_vuepress { prefix } else { "" });
            Track { file: Some(self.file.clone()), steps: walk.steps }
        });
        tracks.collect::<Vec<_>>().into()
    }
}

struct VitepressWalk<'a> {
    site: &'a Vitepress,
    /// By their addresses.
    pages: &'a FxHashMap<&'a str, u32>,
    seen: FxHashSet<u32>,
    steps: Vec<Step>,
}

impl VitepressWalk<'_> {
    /// Walks `items`, whose links begin with `base`.
    fn items<'i>(&mut self, items: &'i Value, base: &str) {
        let own = setting_text(items, "base").unwrap_or(base);
        let inner = |item: &'i Value| ["items", "children"].iter().find_map(|name| setting(item, name));
        if let Some(inner) = inner(items) {
            return self.items(inner, own);
        }
        for item in items.entries() {
            let base = setting_text(item, "base").or(setting_text(item, "prefix")).unwrap_or(own);
            let link = item.text().or(setting_text(item, "link")).or(setting_text(item, "path"));
            if let Some(link) = link.filter(|link| !link.contains("://")) {
                let is_inside = link.starts_with('/') && self.site.is_vuepress;
                self.step(&if is_inside { link.to_owned() } else { format!("{base}{link}") }, item.position.line);
            }
            if let Some(inner) = inner(item) {
                self.items(inner, base);
            }
        }
    }

    fn step(&mut self, link: &str, line: u32) {
        let path = link.split(['#', '?']).next().unwrap_or_default().trim_start_matches('/');
        let stem = path.strip_suffix(".html").or_else(|| path.strip_suffix(".md")).unwrap_or(path);
        let file = if stem.is_empty() || stem.ends_with('/') { format!("{stem}index") } else { stem.to_owned() };
        let urls = [self.site.url(&format!("{file}.md")), self.site.url(&format!("{stem}/index.md"))];
        let page = urls.iter().find_map(|url| self.pages.get(url.as_str()).copied());
        if let Some(page) = page.filter(|page| self.seen.insert(*page)) {
            self.steps.push(Step::new(page, line));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rewrites_bind_segments() {
        for (from, to, path, expected) in [
            ("a/b.md", "c.md", "a/b.md", Some("c.md")),
            ("a/b.md", "c.md", "a/c.md", None),
            ("packages/:pkg/src/:page", ":pkg/:page", "packages/x/src/y.md", Some("x/y.md")),
            ("en/:rest*", ":rest*", "en/a/b.md", Some("a/b.md")),
            ("docs/:slug.md", "d/:slug.md", "docs/q.md", Some("d/q.md")),
            ("docs/:slug.md", "d/:slug.md", "docs/q/r.md", None),
        ] {
            assert_eq!(rewritten(from, to, path).as_deref(), expected, "{from} {path}");
        }
    }
}
