//! Docusaurus: docs, blogs and pages, each of which may exist several times, in versions and in languages.
//!
//! <https://docusaurus.io/docs/api/plugins/@docusaurus/plugin-content-docs>

mod blog;
mod docs;
mod project;
mod sidebar;

use rustc_hash::FxHashMap;

use super::address::{encode, extension, path_of};
use super::ground::{join, within};
use super::{Found, Generator, Ground, Leaf, NoPage, Order, Place, Placed, Rules, script};
use crate::anchors::Anchors;
use crate::value::null;
use project::{DocusaurusProject, Instance, What};

const SETTINGS: &[&str] = &[
    "docusaurus.config.ts",
    "docusaurus.config.js",
    "docusaurus.config.mjs",
    "docusaurus.config.cjs",
    "docusaurus.config.mts",
    "docusaurus.config.cts",
];

/// The rules of one Docusaurus site.
struct Docusaurus {
    project: DocusaurusProject,
    /// The sidebars of the docs, by the folder that they belong to.
    sidebars: FxHashMap<String, sidebar::Sidebars>,
}

/// The site whose settings lie in `folder`.
pub(super) fn find(ground: &Ground<'_>, folder: &str) -> Option<Found> {
    let (by, text) = ground.first(folder, SETTINGS)?;
    let load = |path: &str| ground.read(&join(folder, path));
    let settings = script::settings(&text, "baseUrl", &load);
    let project = DocusaurusProject::read(ground, folder, &settings);
    let roots = project.instances.iter().map(|instance| instance.folder.clone()).collect();
    let base_path = project.base.clone();
    let rules = Box::new(Docusaurus::new(ground, project));
    Some(Found { generator: Generator::Docusaurus, by: Some(by), roots, base_path, rules })
}

/// The rules for content without settings: docs at the root of the site.
pub(super) fn by_default(ground: &Ground<'_>, root: &str) -> Box<dyn Rules> {
    let mut project = DocusaurusProject::read(ground, root, &null());
    project.instances.retain(|instance| instance.what == What::Docs);
    for instance in &mut project.instances {
        root.clone_into(&mut instance.folder);
        instance.route = String::new();
    }
    Box::new(Docusaurus::new(ground, project))
}

impl Docusaurus {
    fn new(ground: &Ground<'_>, project: DocusaurusProject) -> Self {
        let docs = project.instances.iter().filter(|instance| instance.what == What::Docs);
        let sidebars =
            docs.map(|instance| (instance.folder.clone(), sidebar::Sidebars::read(ground, instance))).collect();
        Self { project, sidebars }
    }

    /// The instance that a file belongs to, and its path within: the innermost of those that hold it.
    fn instance<'p>(&self, path: &'p str) -> Option<(&Instance, &'p str)> {
        let holding =
            self.project.instances.iter().filter_map(|instance| Some((instance, within(path, &instance.folder)?)));
        holding.min_by_key(|(_, inner)| inner.len())
    }

    /// The address of `slug` in an instance, with the slash at the end that the settings want.
    fn url(&self, instance: &Instance, slug: &str) -> String {
        let lang = instance.lang.as_deref().filter(|lang| Some(*lang) != self.project.default_lang.as_deref());
        let version = instance.version.as_ref().map_or("", |version| version.path.as_str());
        let path = path_of(&[&self.project.base, lang.unwrap_or_default(), &instance.route, version, slug]);
        let ends_in_slash = match self.project.trailing_slash {
            Some(wanted) => wanted,
            None => slug.ends_with('/'),
        };
        encode(&match path.as_str() {
            "" => "/".to_owned(),
            path if ends_in_slash => format!("/{path}/"),
            path => format!("/{path}"),
        })
    }
}

impl Rules for Docusaurus {
    fn place(&self, leaf: &Leaf<'_>) -> Result<Place, NoPage> {
        let Some((instance, inner)) = self.instance(leaf.path) else {
            return Err(NoPage::outside());
        };
        if !matches!(extension(inner).as_str(), "md" | "mdx") {
            return Err(NoPage("Docusaurus reads only `.md` and `.mdx`".to_owned()));
        }
        if !instance.includes(inner) {
            return Err(NoPage("`include` or `exclude` leaves it out".to_owned()));
        }
        let mut place = match instance.what {
            What::Docs => docs::place(instance, inner, leaf),
            What::Blog => blog::place(inner, leaf),
            What::Pages => docs::page(inner),
        };
        place.url = self.url(instance, &place.url);
        place.lang = instance.lang.as_deref().or(self.project.default_lang.as_deref()).map(Into::into);
        place.usual_lang = Some("en");
        place.version = instance.version.as_ref().map(|version| version.name.as_str().into());
        place.shelf.clone_from(&instance.folder);
        place.is_post = instance.what == What::Blog;
        Ok(place)
    }

    fn is_copy(&self, path: &str) -> bool {
        self.instance(path).is_some_and(|(instance, _)| {
            let is_other_version = instance.version.as_ref().is_some_and(|version| !version.path.is_empty());
            is_other_version || instance.lang.is_some() && instance.lang != self.project.default_lang
        })
    }

    fn names_emoji(&self) -> bool {
        true
    }

    fn anchors(&self) -> Anchors {
        Anchors::Docusaurus
    }

    fn reads_mdx(&self, path: &str) -> Option<bool> {
        match self.project.format.as_deref()? {
            "mdx" => Some(true),
            "detect" => Some(extension(path) == "mdx"),
            _ => Some(false),
        }
    }

    fn order(&self, placed: &[Placed]) -> Order {
        let mut order = Order::default();
        for instance in &self.project.instances {
            let pages: Vec<&Placed> = placed.iter().filter(|page| page.place.shelf == instance.folder).collect();
            match instance.what {
                What::Docs => {
                    let sidebars = self.sidebars.get(&instance.folder);
                    order.tracks.extend(sidebars.into_iter().flat_map(|sidebars| sidebars.tracks(instance, &pages)));
                    sidebar::cut(&mut order, &pages);
                }
                What::Blog => order.tracks.push(blog::track(&pages)),
                What::Pages => {}
            }
        }
        order
    }
}
