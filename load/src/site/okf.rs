//! Bundles of Google's Open Knowledge Format: every file is a concept with a `type`, and folders are as their author likes.

use super::ground::{Ground, join, parent};
use super::plain::Plain;
use super::{Found, Generator, Leaf, NoPage, Order, Place, Placed, Rules};
use crate::front_matter;
use crate::value::Value;

/// Names that are no concepts, in any folder.
const RESERVED: &[&str] = &["index.md", "log.md"];
/// Files that are looked into to tell a bundle whose index does not say its version.
const N_LOOKED_AT: usize = 64;

/// The fields of the format, and what they are here. A resource is what the concept speaks of, and so where its facts are.
const FIELDS: &[(&str, &str)] =
    &[("type", "category"), ("timestamp", "updated"), ("resource", "sources"), ("generated.at", "updated")];

/// The rules of a bundle.
struct Okf {
    plain: Plain,
}

impl Rules for Okf {
    fn place(&self, leaf: &Leaf<'_>) -> Result<Place, NoPage> {
        let (_, name) = parent(leaf.path);
        if RESERVED.contains(&name) {
            return Err(NoPage(format!("`{name}` lists or logs the concepts of a bundle")));
        }
        // Headings are parts of the format, `# Schema` in every table: only `title` is one.
        Ok(Place { is_titled_by_stem: true, ..self.plain.place(leaf)? })
    }

    fn order(&self, placed: &[Placed]) -> Order {
        self.plain.order(placed)
    }

    fn own_fields(&self) -> &'static [(&'static str, &'static str)] {
        FIELDS
    }

    fn inherited(&self, _path: &str) -> Vec<(String, Value)> {
        vec![("kind".to_owned(), Value::of_text("concept"))]
    }
}

/// The rules of the bundle in `root`.
pub(super) fn by_default(root: &str) -> Box<dyn Rules> {
    Box::new(Okf { plain: Plain::new(root, std::iter::empty()) })
}

/// The bundle in `folder`: its index says the version of the format; or it has an index or log, and each concept a type.
pub(super) fn find(ground: &Ground<'_>, folder: &str) -> Option<Found> {
    let index = join(folder, "index.md");
    let says_version = says(ground, &index, "okf_version");
    // A source below the root of a bundle is a part of it only if the root says so: any folder may hold typed pages.
    if !says_version && (folder != ground.source() || !is_typed(ground, folder)) {
        return None;
    }
    Some(Found {
        generator: Generator::Okf,
        by: Some(if ground.has(&index) { index } else { join(folder, "log.md") }),
        roots: vec![folder.to_owned()],
        base_path: "/".to_owned(),
        rules: by_default(folder),
    })
}

/// Whether the front matter of a file has this field.
fn says(ground: &Ground<'_>, path: &str, field: &str) -> bool {
    let text = ground.read(path).filter(|text| text.starts_with("---"));
    text.is_some_and(|text| front_matter::split(&text).fields.get(field).is_some_and(|value| value.text().is_some()))
}

/// Whether a folder has a log, an index without front matter, and concepts that all have a type.
fn is_typed(ground: &Ground<'_>, folder: &str) -> bool {
    let index = ground.read(&join(folder, "index.md"));
    let has_bare_index = index.as_ref().is_some_and(|text| !text.starts_with(['-', '+', '{']));
    if !has_bare_index || !ground.has(&join(folder, "log.md")) {
        return false;
    }
    let is_concept = |path: &&String| gradus_corpus::names::is_markdown(path) && !RESERVED.contains(&parent(path).1);
    let mut concepts = ground.files().iter().filter(is_concept).take(N_LOOKED_AT).peekable();
    concepts.peek().is_some() && concepts.all(|path| says(ground, path, "type"))
}
