//! Astro Starlight.
//!
//! <https://starlight.astro.build/reference/configuration/>

use std::cmp::Ordering;

use rustc_hash::FxHashSet;

use super::address::{base_path, encode, extension, path_of, slug, without_extension};
use super::ground::{join, parent, within};
use super::{
    Found, Generator, Ground, Leaf, NoPage, Order, Place, Placed, Rules, Step, Track, script, setting, setting_text,
};
use crate::anchors::Anchors;
use crate::value::{Node, Value, null};

const SETTINGS: &[&str] =
    &["astro.config.mjs", "astro.config.ts", "astro.config.js", "astro.config.mts", "astro.config.cjs"];
/// The language of a site that names none.
const DEFAULT_LANG: &str = "en";

/// The rules of one Starlight site.
struct Starlight {
    /// The folder of the docs.
    root: String,
    /// The folder of Astro's own pages.
    pages: String,
    base: String,
    /// Whether Starlight's own loader chooses the entries.
    has_loader: bool,
    /// Whether a page is a file of its name rather than a folder with an index.
    is_flat: bool,
    ends_in_slash: bool,
    /// The folders of languages, and the tags of those.
    locales: Vec<(String, String)>,
    /// The language of what lies in no such folder, where the settings name it.
    root_lang: Option<String>,
    /// The file of settings and the sidebar in it.
    sidebar: Option<(String, Value)>,
}

/// The site whose settings lie in `folder`.
pub(super) fn find(ground: &Ground<'_>, folder: &str) -> Option<Found> {
    let (by, text) = ground.first(folder, SETTINGS)?;
    if !text.contains("starlight") {
        return None;
    }
    let load = |path: &str| ground.read(&join(folder, path));
    let settings = script::settings(&text, "integrations", &load);
    let mut rules = Starlight::new(folder, &settings, &by);
    // Which entries a collection without a loader leaves out depends on the version of Astro: none is lost here.
    let legacy = ["src/content/config.ts", "src/content/config.js", "src/content/config.mjs"];
    rules.has_loader = !legacy.iter().any(|path| ground.has(&join(folder, path)));
    let roots = vec![rules.root.clone(), rules.pages.clone()];
    let base_path = rules.base.clone();
    Some(Found { generator: Generator::Starlight, by: Some(by), roots, base_path, rules: Box::new(rules) })
}

/// The rules for content without settings.
pub(super) fn by_default(_: &Ground<'_>, root: &str) -> Box<dyn Rules> {
    let rules = Starlight::new(root, &null(), "");
    Box::new(Starlight { root: root.to_owned(), sidebar: None, ..rules })
}

impl Starlight {
    fn new(folder: &str, settings: &Value, file: &str) -> Self {
        let source = join(folder, setting_text(settings, "srcDir").unwrap_or("src"));
        let integrations = setting(settings, "integrations").map_or(&[][..], Value::entries);
        let is_starlight = |entry: &&Value| {
            entry.entries().first().and_then(Value::text).is_some_and(|name| name.contains("starlight"))
        };
        let options = integrations
            .iter()
            .filter(is_starlight)
            .find_map(|entry| entry.entries().get(1))
            .cloned()
            .unwrap_or_else(null);
        let locales: Vec<(String, String)> = match setting(&options, "locales").map(|locales| &locales.node) {
            Some(Node::Map(locales)) => {
                let lang = |key: &str, locale: &Value| setting_text(locale, "lang").unwrap_or(key).to_owned();
                locales.iter().map(|(key, locale)| (key.clone(), lang(key, locale))).collect()
            }
            _ => Vec::new(),
        };
        let default = setting_text(&options, "defaultLocale").unwrap_or("root");
        let tag = |wanted: &str| locales.iter().find(|(key, _)| key == wanted).map(|(_, lang)| lang.clone());
        let sidebar = setting(&options, "sidebar").map(|sidebar| (file.to_owned(), sidebar.clone()));
        Self {
            root: join(&source, "content/docs"),
            pages: join(&source, "pages"),
            base: base_path(setting_text(settings, "base").unwrap_or("/")),
            has_loader: true,
            is_flat: setting_text(settings, "build.format") == Some("file"),
            ends_in_slash: setting_text(settings, "trailingSlash") != Some("never"),
            root_lang: tag("root").or_else(|| tag(default)),
            locales,
            sidebar,
        }
    }

    fn url(&self, slug: &str) -> String {
        let path = path_of(&[&self.base, slug]);
        if path.is_empty() || slug.is_empty() {
            return encode(&self.base);
        }
        let end = match (self.is_flat, self.ends_in_slash) {
            (true, _) => ".html",
            (false, true) => "/",
            (false, false) => "",
        };
        encode(&format!("/{path}{end}"))
    }

    /// The locale of a slug, and the slug as it is in all languages.
    fn locale<'s>(&self, slug: &'s str) -> (Option<&str>, &'s str) {
        let (first, rest) = slug.split_once('/').unwrap_or((slug, ""));
        let found = self.locales.iter().find(|(key, _)| key != "root" && key.eq_ignore_ascii_case(first));
        found.map_or((self.root_lang.as_deref(), slug), |(_, lang)| (Some(lang), rest))
    }
}

/// The slug that the path of an entry makes.
fn slug_of(inner: &str) -> String {
    let segments: Vec<String> = without_extension(inner).split('/').map(slug).collect();
    let path = segments.join("/");
    match path.strip_suffix("index") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder.trim_end_matches('/').to_owned(),
        _ => path,
    }
}

impl Rules for Starlight {
    fn place(&self, leaf: &Leaf<'_>) -> Result<Place, NoPage> {
        let name = parent(leaf.path).1;
        let is_partial = name.starts_with('_') && (self.has_loader || within(leaf.path, &self.root).is_none());
        if is_partial || !matches!(extension(name).as_str(), "md" | "mdx") {
            return Err(NoPage("Starlight reads `.md` and `.mdx` whose names do not begin with `_`".to_owned()));
        }
        if let Some(inner) = within(leaf.path, &self.pages) {
            let stem = without_extension(inner);
            let path = if stem == "index" { "" } else { stem.strip_suffix("/index").unwrap_or(stem) };
            return Ok(Place { url: self.url(path), stem_title: stem.to_owned(), ..Place::default() });
        }
        let Some(inner) = within(leaf.path, &self.root) else {
            return Err(NoPage::outside());
        };
        let slug = leaf.text("slug").map_or_else(|| slug_of(inner), |slug| slug.trim_matches('/').to_owned());
        let (lang, key) = self.locale(&slug);
        let is_hidden = leaf.value("sidebar").and_then(|sidebar| setting_text(sidebar, "hidden")) == Some("true");
        Ok(Place {
            url: self.url(&slug),
            lang: lang.map(Into::into),
            usual_lang: Some(DEFAULT_LANG),
            stem_title: without_extension(name).to_owned(),
            key: key.to_owned(),
            shelf: if is_hidden { String::new() } else { inner.to_owned() },
            position: leaf.number("sidebar.order"),
            ..Place::default()
        })
    }

    fn anchors(&self) -> Anchors {
        Anchors::Astro
    }

    fn order(&self, placed: &[Placed]) -> Order {
        let mut langs: Vec<Option<&str>> = placed.iter().map(|page| page.place.lang.as_deref()).collect();
        langs.sort_unstable();
        langs.dedup();
        let track = |lang: Option<&str>| {
            let pages: Vec<&Placed> = placed.iter().filter(|page| page.place.lang.as_deref() == lang).collect();
            let mut walk = StarlightWalk { site: self, pages, seen: FxHashSet::default(), steps: Vec::new() };
            match &self.sidebar {
                Some((_, items)) => walk.items(items),
                None => walk.folder("", 0),
            }
            Track { file: self.sidebar.as_ref().map(|(file, _)| file.clone()), steps: walk.steps }
        };
        langs.into_iter().map(track).collect::<Vec<_>>().into()
    }
}

struct StarlightWalk<'a> {
    site: &'a Starlight,
    pages: Vec<&'a Placed>,
    seen: FxHashSet<u32>,
    steps: Vec<Step>,
}

impl<'a> StarlightWalk<'a> {
    fn items(&mut self, items: &Value) {
        for item in items.entries() {
            let line = item.position.line;
            let text = |name: &str| setting_text(item, name);
            if let Some(slug) =
                item.text().or_else(|| text("slug")).or_else(|| text("link")).filter(|link| !link.contains("://"))
            {
                let slug = slug.trim_matches('/');
                let slug = if slug == "index" { "" } else { slug };
                if let Some(page) = self.pages.iter().find(|page| page.place.key == slug && !page.path.is_empty()) {
                    self.step(page.page, line);
                }
            } else if let Some(folder) = setting_text(item, "autogenerate.directory") {
                self.folder(&join("", folder), line);
            } else if let Some(inner) = setting(item, "items") {
                self.items(inner);
            }
        }
    }

    fn step(&mut self, page: u32, line: u32) {
        if self.seen.insert(page) {
            self.steps.push(Step::new(page, line));
        }
    }

    /// The path of a page below the folder of its language.
    fn inner(&self, page: &'a Placed) -> &'a str {
        let shelf = page.place.shelf.as_str();
        let first = shelf.split('/').next().unwrap_or_default();
        let is_locale = self.site.locales.iter().any(|(key, _)| key != "root" && key.eq_ignore_ascii_case(first));
        if is_locale { within(shelf, first).unwrap_or_default() } else { shelf }
    }

    /// The entries of a folder by their order, then by their addresses.
    fn folder(&mut self, folder: &str, line: u32) {
        let mut children: Vec<StarlightItem<'a>> = Vec::new();
        for page in self.pages.iter().filter(|page| !page.place.shelf.is_empty()) {
            let Some(rest) = within(self.inner(page), folder) else { continue };
            let order = page.place.position.unwrap_or(f64::INFINITY);
            match rest.split_once('/') {
                None => {
                    children.push(StarlightItem { folder: None, page: Some(page), slug: page.place.key.clone(), order })
                }
                Some((name, _)) => {
                    let name = join(folder, name);
                    match children.iter_mut().find(|child| child.folder.as_ref() == Some(&name)) {
                        Some(known) => known.order = known.order.min(order),
                        None => children.push(StarlightItem {
                            slug: slug_of(&format!("{name}/index.md")),
                            folder: Some(name),
                            page: None,
                            order,
                        }),
                    }
                }
            }
        }
        children.sort_by(StarlightItem::order);
        for child in children {
            match (child.page, child.folder) {
                (Some(page), _) => self.step(page.page, line),
                (None, Some(folder)) => self.folder(&folder, line),
                (None, None) => {}
            }
        }
    }
}

struct StarlightItem<'a> {
    folder: Option<String>,
    page: Option<&'a Placed>,
    slug: String,
    /// Its own order, or the lowest in the folder.
    order: f64,
}

impl StarlightItem<'_> {
    fn order(a: &Self, b: &Self) -> Ordering {
        a.order.total_cmp(&b.order).then_with(|| a.slug.cmp(&b.slug))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_slugged_segment_by_segment() {
        let slugs = ["a/v1.2.md", "What's (new)!.md", "Cap Folder/Index.md", "index.mdx", "a_b/Größe.md"].map(slug_of);
        assert_eq!(slugs, ["a/v12", "whats-new", "cap-folder", "", "a_b/größe"]);
    }
}
