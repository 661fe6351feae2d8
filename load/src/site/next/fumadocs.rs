//! Fumadocs.
//!
//! <https://fumadocs.dev/docs/page-conventions>

use super::super::address::{base_path, encode, extension, path_of, without_extension};
use super::super::ground::{join, parent, within};
use super::super::languages::Languages;
use super::super::{
    Found, Generator, Ground, Leaf, NoPage, Order, Place, Placed, Rules, script, setting, setting_text,
};
use super::segments;
use super::tree::{INDEX, ListEntry, Lists, track};
use crate::anchors::Anchors;
use crate::format::json;
use crate::value::Value;

const SETTINGS: &[&str] = &["source.config.ts", "source.config.mts", "source.config.js", "source.config.mjs"];
/// Where the content lies that no settings name.
const DEFAULT_ROOT: &str = "content/docs";
/// Where projects say under which address their content lies.
const LOADERS: &[&str] = &[
    "lib/source.ts",
    "lib/source.tsx",
    "src/lib/source.ts",
    "src/lib/source.tsx",
    "lib/source/index.ts",
    "lib/source/index.tsx",
    "app/source.ts",
    "src/app/source.ts",
    "lib/source.js",
    "src/lib/source.js",
];

/// The rules of one Fumadocs site.
struct Fumadocs {
    root: String,
    base: String,
    languages: Languages,
    lists: Lists,
}

/// The site whose settings lie in `folder`.
pub(in super::super) fn find(ground: &Ground<'_>, folder: &str) -> Option<Found> {
    let (by, text) = ground.first(folder, SETTINGS)?;
    let no_modules = |_: &str| None;
    let settings = script::settings(&text, "dir", &no_modules);
    let root = join(folder, setting_text(&settings, "dir").unwrap_or(DEFAULT_ROOT));
    let loader = ground.first(folder, LOADERS).map(|(_, text)| script::settings(&text, "baseUrl", &no_modules));
    let base = loader.as_ref().and_then(|loader| setting_text(loader, "baseUrl")).unwrap_or("/docs");
    let rules = Fumadocs::new(ground, &root, base_path(base));
    Some(Found {
        generator: Generator::Fumadocs,
        by: Some(by),
        roots: vec![root],
        base_path: "/".to_owned(),
        rules: Box::new(rules),
    })
}

/// The rules for content without settings.
pub(in super::super) fn by_default(ground: &Ground<'_>, root: &str) -> Box<dyn Rules> {
    Box::new(Fumadocs::new(ground, root, "/docs/".to_owned()))
}

impl Fumadocs {
    fn new(ground: &Ground<'_>, root: &str, base: String) -> Self {
        let inside = || ground.files().iter().filter_map(|file| within(file, root));
        let read = |inner: &str| {
            let (folder, name) = parent(inner);
            let text = (name == "meta.json").then(|| ground.read(&join(root, inner)))??;
            Some((folder.to_owned(), entries(&json::read(&text).value)?))
        };
        let folders: std::collections::BTreeSet<&str> =
            inside().flat_map(|inner| inner.match_indices('/').map(|(at, _)| &inner[..at]).chain([""])).collect();
        let lists = folders.into_iter().filter_map(|folder| read(&join(folder, "meta.json"))).collect();
        Self { root: root.to_owned(), base, languages: Languages::of(inside()), lists }
    }
}

/// What a `meta.json` lists; `None` where it lists nothing.
fn entries(meta: &Value) -> Option<Vec<ListEntry>> {
    let pages = setting(meta, "pages")?;
    let entry = |value: &Value| {
        let text = value.text()?;
        let name = |text: &str| text.trim_start_matches("./").to_owned();
        Some(match text {
            "..." => ListEntry::Rest { is_reversed: false },
            "z...a" => ListEntry::Rest { is_reversed: true },
            _ if text.starts_with("---") || text.starts_with('[') || text.contains("](") => return None,
            _ => match (text.strip_prefix("..."), text.strip_prefix('!')) {
                (Some(folder), _) => ListEntry::Inside(name(folder)),
                (_, Some(left)) => ListEntry::Left(name(left)),
                _ => ListEntry::Named(name(text), value.position.line),
            },
        })
    };
    Some(pages.entries().iter().filter_map(entry).collect())
}

impl Rules for Fumadocs {
    fn place(&self, leaf: &Leaf<'_>) -> Result<Place, NoPage> {
        let Some(inner) = within(leaf.path, &self.root) else {
            return Err(NoPage::outside());
        };
        if !matches!(extension(inner).as_str(), "md" | "mdx") {
            return Err(NoPage("Fumadocs reads only `.mdx` and `.md`".to_owned()));
        }
        let lang = self.languages.find(inner);
        let stem = without_extension(inner);
        let key = match lang.and_then(|lang| stem.strip_suffix(lang)?.strip_suffix('.')) {
            Some(stem) => stem,
            None => stem,
        };
        let (folder, name) = parent(key);
        let path = segments(if name == INDEX { folder } else { key }).collect::<Vec<_>>().join("/");
        let by_suffix = lang.filter(|_| key.len() < stem.len()).unwrap_or_default();
        Ok(Place {
            url: encode(&format!("/{}", path_of(&[by_suffix, &self.base, &path]))),
            lang: lang.map(Into::into),
            stem_title: name.to_owned(),
            key: if by_suffix.is_empty() { key.to_owned() } else { format!("{by_suffix}:{key}") },
            ..Place::default()
        })
    }

    fn anchors(&self) -> Anchors {
        Anchors::Fumadocs
    }

    fn reads_mdx(&self, _path: &str) -> Option<bool> {
        Some(true)
    }

    fn order(&self, placed: &[Placed]) -> Order {
        vec![track(placed, &self.lists)].into()
    }
}
