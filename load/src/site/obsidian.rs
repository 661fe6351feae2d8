//! An Obsidian vault: notes are called as their files are.

use super::address::{encode, without_extension};
use super::ground::{join, parent, within};
use super::settings::from_yaml;
use super::{Found, Generator, Ground, Leaf, NoPage, Order, Place, Placed, Rules, setting_text};

/// The rules of one vault.
struct Obsidian {
    root: String,
    /// The folder of templates, below the root.
    templates: Option<String>,
}

/// The vault whose settings lie in `folder`.
pub(super) fn find(ground: &Ground<'_>, folder: &str) -> Option<Found> {
    let by = join(folder, ".obsidian");
    let found = |templates| Found {
        generator: Generator::Obsidian,
        by: Some(by.clone()),
        roots: vec![folder.to_owned()],
        base_path: "/".to_owned(),
        rules: Box::new(Obsidian { root: folder.to_owned(), templates }),
    };
    // JSON is YAML too.
    let settings = ground.read(&join(&by, "templates.json")).map(|text| from_yaml(&text));
    let templates = settings.as_ref().and_then(|settings| setting_text(settings, "folder")).map(|path| join("", path));
    ground.has(&by).then(|| found(templates))
}

/// The rules for a vault without settings.
pub(super) fn by_default(root: &str) -> Box<dyn Rules> {
    Box::new(Obsidian { root: root.to_owned(), templates: None })
}

impl Rules for Obsidian {
    fn place(&self, leaf: &Leaf<'_>) -> Result<Place, NoPage> {
        let inner = within(leaf.path, &self.root).unwrap_or(leaf.path);
        let is_template = |folder: &String| within(inner, folder).is_some();
        if self.templates.as_ref().filter(|folder| !folder.is_empty()).is_some_and(is_template) {
            return Err(NoPage("it is a template".to_owned()));
        }
        let stem = without_extension(inner);
        let path = leaf.text("permalink").map_or(stem, |permalink| permalink.trim_matches('/'));
        Ok(Place {
            url: encode(&format!("/{path}")),
            stem_title: parent(stem).1.to_owned(),
            is_titled_by_stem: true,
            ..Place::default()
        })
    }

    fn order(&self, _placed: &[Placed]) -> Order {
        Order::default()
    }
}
