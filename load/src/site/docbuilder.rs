//! doc-builder, with which Hugging Face makes its documentation and courses.
//!
//! <https://github.com/huggingface/doc-builder>

use rustc_hash::{FxHashMap, FxHashSet};

use super::address::{encode, extension, without_extension};
use super::ground::{join, parent, within};
use super::settings::from_yaml;
use super::{Found, Generator, Ground, Leaf, NoPage, Order, Place, Placed, Rules, Step, Track, setting, setting_text};
use crate::anchors::Anchors;
use crate::value::Value;

const TOC: &str = "_toctree.yml";
/// The language that every such site has.
const MAIN_LANG: &str = "en";

/// The rules of one site of doc-builder.
struct DocBuilder {
    root: String,
    /// The folders of languages below the root; none where the root is that of one.
    languages: Vec<String>,
    /// The files of contents, with the paths that they list and their lines.
    contents: Vec<(String, Vec<(String, u32)>)>,
}

/// The site whose contents are listed in `folder`, or in folders of languages below it.
pub(super) fn find(ground: &Ground<'_>, folder: &str) -> Option<Found> {
    let is_one = ground.has(&join(folder, TOC));
    let main = join(&join(folder, MAIN_LANG), TOC);
    (is_one || ground.has(&main)).then_some(())?;
    let has_contents = |name: &String| ground.has(&join(&join(folder, name), TOC));
    let languages =
        if is_one { Vec::new() } else { ground.names_in(folder).into_iter().filter(has_contents).collect() };
    let by = if is_one { join(folder, TOC) } else { main };
    let rules = DocBuilder::new(ground, folder, languages);
    let roots = vec![folder.to_owned()];
    Some(Found {
        generator: Generator::DocBuilder,
        by: Some(by),
        roots,
        base_path: "/".to_owned(),
        rules: Box::new(rules),
    })
}

/// The rules for content without a list.
pub(super) fn by_default(ground: &Ground<'_>, root: &str) -> Box<dyn Rules> {
    Box::new(DocBuilder::new(ground, root, Vec::new()))
}

impl DocBuilder {
    fn new(ground: &Ground<'_>, root: &str, languages: Vec<String>) -> Self {
        let folders = if languages.is_empty() { vec![String::new()] } else { languages.clone() };
        let read = |folder: &String| {
            let path = join(&join(root, folder), TOC);
            let mut listed = Vec::new();
            list(&from_yaml(&ground.read(&path)?), folder, &mut listed);
            Some((path, listed))
        };
        let contents = folders.iter().filter_map(read).collect();
        Self { root: root.to_owned(), languages, contents }
    }
}

/// Adds the paths that `entries` and their sections name, which lie in `folder`.
fn list(entries: &Value, folder: &str, listed: &mut Vec<(String, u32)>) {
    for entry in entries.entries() {
        if let Some(path) = setting_text(entry, "local") {
            listed.push((join(folder, path), entry.position.line));
        }
        if let Some(sections) = setting(entry, "sections") {
            list(sections, folder, listed);
        }
    }
}

impl Rules for DocBuilder {
    fn place(&self, leaf: &Leaf<'_>) -> Result<Place, NoPage> {
        let Some(inner) = within(leaf.path, &self.root) else {
            return Err(NoPage::outside());
        };
        if !matches!(extension(inner).as_str(), "md" | "mdx") {
            return Err(NoPage("doc-builder reads only `.md` and `.mdx`".to_owned()));
        }
        let key = without_extension(inner);
        let lang = self.languages.iter().find(|lang| within(inner, lang).is_some());
        if lang.is_none() && !self.languages.is_empty() {
            return Err(NoPage("it lies in no folder of a language".to_owned()));
        }
        Ok(Place {
            url: encode(&format!("/{key}")),
            lang: lang.map(|lang| lang.as_str().into()),
            stem_title: parent(key).1.to_owned(),
            key: key.to_owned(),
            ..Place::default()
        })
    }

    fn anchors(&self) -> Anchors {
        Anchors::DocBuilder
    }

    /// Its tags are those of Svelte; braces are text.
    fn reads_mdx(&self, _path: &str) -> Option<bool> {
        Some(false)
    }

    fn is_copy(&self, path: &str) -> bool {
        let inner = within(path, &self.root).unwrap_or(path);
        !self.languages.is_empty() && within(inner, MAIN_LANG).is_none()
    }

    fn order(&self, placed: &[Placed]) -> Order {
        let pages: FxHashMap<&str, u32> = placed.iter().map(|page| (page.place.key.as_str(), page.page)).collect();
        let mut seen = FxHashSet::default();
        let tracks = self.contents.iter().map(|(file, listed)| {
            let steps = listed.iter().filter_map(|(path, line)| Some(Step::new(*pages.get(path.as_str())?, *line)));
            Track { file: Some(file.clone()), steps: steps.filter(|step| seen.insert(step.page)).collect() }
        });
        tracks.collect::<Vec<_>>().into()
    }
}
