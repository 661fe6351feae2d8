//! Eleventy.
//!
//! <https://www.11ty.dev/docs/permalinks/>, <https://www.11ty.dev/docs/config/>

use super::address::{base_path, encode, extension, leading_date, without_extension};
use super::ground::{join, parent, within};
use super::pattern::Ignored;
use super::{Found, Generator, Ground, Leaf, NoPage, Order, Place, Placed, Rules, script, setting_text};
use crate::format::json;
use crate::value::{Node, Value};

const SETTINGS: &[&str] =
    &["eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs", "eleventy.config.ts", ".eleventy.js"];
/// Endings of files of data, behind the name of their folder, the weakest first.
const DATA: &[&str] = &[".json", ".11tydata.json", ".11tydata.mjs", ".11tydata.cjs", ".11tydata.js"];
/// What no site reads.
const IGNORED: &str = "node_modules\n_includes\n_data\n_layouts";

/// The rules of one Eleventy site.
struct Eleventy {
    root: String,
    base: String,
    ignored: Ignored,
    /// What files of data give to all in a folder, by folder, the outermost first.
    handed_down: Vec<(String, Vec<(String, Value)>)>,
}

/// The site whose settings lie in `folder`.
pub(super) fn find(ground: &Ground<'_>, folder: &str) -> Option<Found> {
    let (by, text) = ground.first(folder, SETTINGS)?;
    let with = |key: &str| script::settings(&text, key, &|_| None);
    let dirs = with("dir");
    let input = setting_text(&dirs, "dir.input").map(str::to_owned);
    // Newer settings may be exports of their own, or calls.
    let input = input.or_else(|| argument(&text, "setInputDirectory(")).unwrap_or_else(|| ".".to_owned());
    let root = join(folder, &input);
    let base = setting_text(&with("pathPrefix"), "pathPrefix").map_or_else(|| "/".to_owned(), base_path);
    let lines = ground.read(&join(folder, ".eleventyignore")).unwrap_or_default();
    let rules = Eleventy::new(ground, root.clone(), base.clone(), &lines);
    Some(Found {
        generator: Generator::Eleventy,
        by: Some(by),
        roots: vec![root],
        base_path: base,
        rules: Box::new(rules),
    })
}

/// The rules for content without settings.
pub(super) fn by_default(ground: &Ground<'_>, root: &str) -> Box<dyn Rules> {
    Box::new(Eleventy::new(ground, root.to_owned(), "/".to_owned(), ""))
}

/// The text that is the only argument of a `call`.
fn argument(text: &str, call: &str) -> Option<String> {
    let rest = text.split_once(call)?.1;
    let quote = rest.chars().next().filter(|char| matches!(char, '"' | '\''))?;
    rest[1..].split_once(quote).map(|(inner, _)| inner.to_owned())
}

impl Eleventy {
    fn new(ground: &Ground<'_>, root: String, base: String, ignored: &str) -> Self {
        let mut folders: Vec<&str> = Vec::new();
        for inner in ground.files().iter().filter_map(|file| within(file, &root)) {
            folders.extend(inner.match_indices('/').map(|(at, _)| &inner[..at]));
        }
        folders.sort_unstable();
        folders.dedup();
        let read = |folder: &&str| {
            let start = join(&join(&root, folder), parent(folder).1);
            let read = |ending: &&str| {
                let text = ground.read(&format!("{start}{ending}"))?;
                let value =
                    if ending.ends_with("json") { json::read(&text).value } else { script::read(&text, &|_| None) };
                Some(((*folder).to_owned(), value.members()?))
            };
            DATA.iter().filter_map(read).collect::<Vec<_>>()
        };
        let handed_down = folders.iter().flat_map(read).collect();
        Self { base, ignored: Ignored::new(IGNORED.lines().chain(ignored.lines())), handed_down, root }
    }
}

/// The address that a permalink without a program in it makes.
fn permalink(text: &str, stem: &str) -> Option<String> {
    // The commonest of programs: the name of the file, and its path.
    let slug = parent(stem).1;
    let filled =
        ["page.fileSlug", "page.filePathStem"].iter().zip([slug, stem]).fold(text.to_owned(), |text, (name, value)| {
            [format!("{{{{ {name} }}}}"), format!("{{{{{name}}}}}")]
                .iter()
                .fold(text, |text, sign| text.replace(sign, value))
        });
    if filled.contains("{{") || filled.contains("{%") {
        return None;
    }
    Some(filled.strip_suffix("index.html").map_or(filled.clone(), str::to_owned))
}

impl Rules for Eleventy {
    fn place(&self, leaf: &Leaf<'_>) -> Result<Place, NoPage> {
        let Some(inner) = within(leaf.path, &self.root) else {
            return Err(NoPage::outside());
        };
        if !matches!(extension(inner).as_str(), "md" | "html" | "markdown") {
            return Err(NoPage("Eleventy reads no `.mdx` and `.qmd`".to_owned()));
        }
        if self.ignored.is_ignored(inner) {
            return Err(NoPage("Eleventy, or `.eleventyignore`, leaves it out".to_owned()));
        }
        if leaf.text("permalink") == Some("false") {
            return Err(NoPage("its `permalink` is false".to_owned()));
        }
        let stem = without_extension(inner);
        let (folder, name) = parent(stem);
        let name = leading_date(name).map_or(name, |(_, rest)| rest.trim_start_matches('-'));
        let bare = join(folder, name);
        let by_default = if name == "index" { folder.to_owned() } else { bare.clone() };
        let by_default = if by_default.is_empty() { String::new() } else { format!("{by_default}/") };
        let path = leaf.text("permalink").and_then(|text| permalink(text, &bare)).unwrap_or(by_default);
        Ok(Place {
            url: encode(&format!("{}{}", self.base, path.trim_start_matches('/'))),
            stem_title: if name == "index" && !folder.is_empty() { parent(folder).1 } else { name }.to_owned(),
            key: stem.to_owned(),
            ..Place::default()
        })
    }

    fn reads_html(&self, path: &str) -> bool {
        within(path, &self.root).is_some_and(|inner| !self.ignored.is_ignored(inner))
    }

    fn inherited(&self, path: &str) -> Vec<(String, Value)> {
        let Some(inner) = within(path, &self.root) else { return Vec::new() };
        let mut fields: Vec<(String, Value)> = Vec::new();
        for (folder, members) in &self.handed_down {
            if within(inner, folder).is_some() {
                for (name, value) in members {
                    // Lists are added to each other, other values replaced by those further in.
                    match fields.iter_mut().find(|(known, _)| known == name) {
                        Some((_, known)) => match (&mut known.node, &value.node) {
                            (Node::List(known), Node::List(more)) => known.extend(more.iter().cloned()),
                            _ => *known = value.clone(),
                        },
                        None => fields.push((name.clone(), value.clone())),
                    }
                }
            }
        }
        fields
    }

    fn order(&self, _placed: &[Placed]) -> Order {
        Order::default()
    }
}
