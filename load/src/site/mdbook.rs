//! mdBook: a page is what `SUMMARY.md` lists.
//!
//! <https://rust-lang.github.io/mdBook/format/summary.html>

use rustc_hash::FxHashMap;

use super::address::{base_path, encode, path_of, without_extension};
use super::ground::{join, parent, within};
use super::settings::from_toml;
use super::summary::chapters;
use super::{Found, Generator, Ground, Leaf, NoPage, Order, Place, Placed, Rules, Step, Track, setting_text};
use crate::anchors::Anchors;
use crate::value::{Value, null};

const SETTINGS: &str = "book.toml";
const SUMMARY: &str = "SUMMARY.md";

/// The rules of one book.
struct Mdbook {
    root: String,
    base: String,
    lang: Option<Box<str>>,
    /// The listed chapters by their paths below the root: number, title and line; empty where nothing lists any.
    chapters: FxHashMap<String, (usize, String, u32)>,
}

/// The book whose settings lie in `folder`.
pub(super) fn find(ground: &Ground<'_>, folder: &str) -> Option<Found> {
    let (by, text) = ground.first(folder, &[SETTINGS])?;
    let settings = from_toml(&text);
    let root = join(folder, setting_text(&settings, "book.src").unwrap_or("src"));
    Some(found(ground, by, root, &settings))
}

/// The book whose summary lies in `folder`: without settings it is enough where the source is the folder of the chapters.
pub(super) fn find_summary(ground: &Ground<'_>, folder: &str) -> Option<Found> {
    let by = join(folder, SUMMARY);
    let is_book = folder == ground.source() && ground.has(&by);
    is_book.then(|| found(ground, by, folder.to_owned(), &null()))
}

fn found(ground: &Ground<'_>, by: String, root: String, settings: &Value) -> Found {
    let rules = Mdbook::new(ground, settings, root.clone());
    let base_path = rules.base.clone();
    Found { generator: Generator::Mdbook, by: Some(by), roots: vec![root], base_path, rules: Box::new(rules) }
}

/// The rules for content without settings.
pub(super) fn by_default(ground: &Ground<'_>, root: &str) -> Box<dyn Rules> {
    Box::new(Mdbook::new(ground, &null(), root.to_owned()))
}

impl Mdbook {
    fn new(ground: &Ground<'_>, settings: &Value, root: String) -> Self {
        let mut listed = FxHashMap::default();
        let summary = ground.read(&join(&root, SUMMARY)).unwrap_or_default();
        for (n, chapter) in chapters(&summary).into_iter().enumerate().filter(|(_, chapter)| !chapter.path.is_empty()) {
            listed.entry(chapter.path).or_insert((n, chapter.title, chapter.line));
        }
        let base = setting_text(settings, "output.html.site-url").map_or_else(|| "/".to_owned(), base_path);
        let lang = setting_text(settings, "book.language").map(Into::into);
        Self { root, base, lang, chapters: listed }
    }
}

impl Rules for Mdbook {
    fn place(&self, leaf: &Leaf<'_>) -> Result<Place, NoPage> {
        let Some(inner) = within(leaf.path, &self.root) else {
            return Err(NoPage::outside());
        };
        if inner == SUMMARY {
            return Err(NoPage("it lists the chapters".to_owned()));
        }
        let chapter = self.chapters.get(inner);
        if chapter.is_none() && !self.chapters.is_empty() {
            return Err(NoPage(format!("`{SUMMARY}` does not list it")));
        }
        let (folder, name) = parent(without_extension(inner));
        let name = if name.eq_ignore_ascii_case("readme") { "index" } else { name };
        Ok(Place {
            url: encode(&format!("/{}.html", path_of(&[&self.base, folder, name]))),
            nav_title: chapter.map(|(_, title, _)| title.clone()).filter(|title| !title.is_empty()),
            stem_title: name.to_owned(),
            lang: self.lang.clone(),
            key: inner.to_owned(),
            ..Place::default()
        })
    }

    fn anchors(&self) -> Anchors {
        Anchors::Mdbook
    }

    fn order(&self, placed: &[Placed]) -> Order {
        let numbered = placed.iter().filter_map(|page| Some((self.chapters.get(&page.place.key)?, page.page)));
        let mut steps: Vec<(usize, u32, u32)> = numbered.map(|((n, _, line), page)| (*n, page, *line)).collect();
        steps.sort_unstable();
        let steps = steps.into_iter().map(|(_, page, line)| Step::new(page, line)).collect();
        vec![Track { file: Some(join(&self.root, SUMMARY)), steps }].into()
    }
}
