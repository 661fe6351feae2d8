//! GitBook: pages that a summary lists, which the service shows, or the tool that it began as, today HonKit.
//!
//! <https://gitbook.com/docs/getting-started/git-sync/content-configuration>, <https://honkit.netlify.app/structure.html>

use rustc_hash::FxHashMap;

use super::address::{encode, extension, path_of, without_extension};
use super::ground::{join, parent, within};
use super::settings::from_yaml;
use super::summary::chapters;
use super::{Found, Generator, Ground, Leaf, NoPage, Order, Place, Placed, Rules, Step, Track, setting_text};
use crate::value::{Value, null};

const SETTINGS: &[&str] = &[".gitbook.yaml", ".gitbook.yml"];
/// Settings of the tool.
const BOOK: &str = "book.json";
/// Where the service keeps files of a site; what a site without settings is known by.
const FOLDER: &str = ".gitbook";

/// The rules of one site.
struct GitBook {
    root: String,
    /// The page at the start, below the root.
    readme: String,
    /// The list of pages, from the top of the ground.
    summary: String,
    /// Whether the tool makes a file of HTML of each page.
    is_built: bool,
    /// The listed pages by their paths below the root: number, title and line; empty where nothing lists any.
    listed: FxHashMap<String, (usize, String, u32)>,
}

/// The site whose settings lie in `folder`.
pub(super) fn find(ground: &Ground<'_>, folder: &str) -> Option<Found> {
    let found = |by: String, rules: GitBook| Found {
        generator: Generator::Gitbook,
        by: Some(by),
        roots: vec![rules.root.clone()],
        base_path: "/".to_owned(),
        rules: Box::new(rules),
    };
    if let Some((by, text)) = ground.first(folder, SETTINGS) {
        return Some(found(by, GitBook::new(ground, folder, &from_yaml(&text), false)));
    }
    // Others call settings `book.json` and folders `.gitbook` too: only with a summary are they those of a site.
    let book = ground.first(folder, &[BOOK]);
    let (by, settings, is_built) = match book {
        // JSON is YAML too.
        Some((by, text)) => (by, from_yaml(&text), true),
        None => (join(folder, FOLDER), null(), false),
    };
    let rules = GitBook::new(ground, folder, &settings, is_built);
    (!rules.listed.is_empty() && ground.has(&by)).then(|| found(by, rules))
}

/// The rules for content without settings.
pub(super) fn by_default(ground: &Ground<'_>, root: &str) -> Box<dyn Rules> {
    Box::new(GitBook::new(ground, root, &null(), false))
}

impl GitBook {
    fn new(ground: &Ground<'_>, folder: &str, settings: &Value, is_built: bool) -> Self {
        let root = join(folder, setting_text(settings, "root").unwrap_or_default());
        let structure = |name: &str, usual: &str| {
            let path = setting_text(settings, &format!("structure.{name}")).unwrap_or(usual);
            join("", path.trim_start_matches('/'))
        };
        let summary = join(&root, &structure("summary", "SUMMARY.md"));
        let beside = within(parent(&summary).0, &root).unwrap_or_default().to_owned();
        let mut listed = FxHashMap::default();
        for (n, chapter) in chapters(&ground.read(&summary).unwrap_or_default()).into_iter().enumerate() {
            // Paths count from the list, and from the root where one lies elsewhere than the other.
            let path = Some(join(&beside, &chapter.path)).filter(|path| ground.has(&join(&root, path)));
            listed.entry(path.unwrap_or(chapter.path)).or_insert((n, chapter.title, chapter.line));
        }
        listed.remove("");
        Self { readme: structure("readme", "README.md"), summary, is_built, listed, root }
    }

    fn url(&self, inner: &str) -> String {
        let (folder, name) = parent(without_extension(inner));
        let is_index = inner == self.readme || name.eq_ignore_ascii_case("readme");
        let path = if inner == self.readme { String::new() } else { path_of(&[folder]) };
        match (is_index, self.is_built) {
            (true, true) if !path.is_empty() => encode(&format!("/{path}/")),
            (true, _) => encode(&format!("/{path}")),
            (false, true) => encode(&format!("/{}.html", path_of(&[folder, name]))),
            (false, false) => encode(&format!("/{}", path_of(&[folder, name]))),
        }
    }
}

impl Rules for GitBook {
    fn place(&self, leaf: &Leaf<'_>) -> Result<Place, NoPage> {
        let inner = within(leaf.path, &self.root).ok_or_else(NoPage::outside)?;
        if leaf.path == self.summary {
            return Err(NoPage("it lists the pages".to_owned()));
        }
        if !matches!(extension(inner).as_str(), "md" | "markdown") {
            return Err(NoPage("GitBook reads only `.md`".to_owned()));
        }
        let listed = self.listed.get(inner);
        if listed.is_none() && !self.listed.is_empty() && inner != self.readme {
            let name = within(&self.summary, &self.root).unwrap_or(&self.summary);
            return Err(NoPage(format!("`{name}` does not list it")));
        }
        let title = listed.map(|(_, title, _)| title.clone()).filter(|title| !title.is_empty());
        Ok(Place {
            url: self.url(inner),
            stem_title: title.unwrap_or_else(|| parent(without_extension(inner)).1.to_owned()),
            key: inner.to_owned(),
            ..Place::default()
        })
    }

    fn names_emoji(&self) -> bool {
        !self.is_built
    }

    /// What shows a page to some visitors only, by what they are; here that is a page for those who are let in.
    fn own_fields(&self) -> &'static [(&'static str, &'static str)] {
        &[("if", "access")]
    }

    fn order(&self, placed: &[Placed]) -> Order {
        // The start comes first, whether it is listed or not.
        let place = |page: &Placed| match self.listed.get(&page.place.key) {
            Some((n, _, line)) => Some((n + 1, page.page, *line)),
            None => (page.place.key == self.readme).then_some((0, page.page, 0)),
        };
        let mut steps: Vec<(usize, u32, u32)> = placed.iter().filter_map(place).collect();
        steps.sort_unstable();
        let steps = steps.into_iter().map(|(_, page, line)| Step::new(page, line)).collect();
        vec![Track { file: Some(self.summary.clone()), steps }].into()
    }
}
