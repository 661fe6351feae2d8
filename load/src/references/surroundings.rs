//! What is known of the site around the content.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::files::{SourceFiles, folder_of, joined};
use crate::config::Config;
use crate::site::{Generator, SourceSite};
use crate::source::Input;
use gradus_corpus::names::{fold, is_markdown, percent_decoded};

/// The site as far as links may lead there.
#[derive(Default)]
pub(crate) struct Surroundings {
    pub(crate) files: SourceFiles,
    /// The folder of the content in the source; empty where it is the source or above it.
    pub(super) content_root: String,
    /// The folder of the site's settings, relative to the source.
    settings: String,
    /// The base URL of the site, without a slash at its end, where it is known.
    pub(super) base_url: Option<String>,
    /// Path of the site's root, with a slash at both ends.
    pub(super) base_path: String,
    /// Whether the source holds only a part of the site, so that URLs may lead to other parts.
    pub(super) is_part: bool,
    /// Whether links with paths count from the root where nothing lies beside the file, or name any file of the vault.
    pub(super) is_vault: bool,
    /// Whether no generator is known.
    is_plain: bool,
    /// Whether what a text calls a place holds for links of all pages, and a path may be such a name.
    pub(super) has_labels: bool,
    /// Whether those of sections, `sec-…`, hold for all pages.
    pub(super) has_section_labels: bool,
    /// Whether labels may also be those of other projects.
    pub(super) has_inventories: bool,
    /// Whether the site's own hook reads the targets of links.
    pub(super) has_hook: bool,
    /// Whether a program of the site reads targets that are single words, such as the ids of rules.
    pub(super) has_words: bool,
    /// Whether double brackets mean something to the generator.
    pub(super) has_wikilinks: bool,
    /// Whether a page that is not translated is shown below the other languages as it is.
    pub(super) falls_back: bool,
    /// Whether relative targets also name files that a site shows from its root.
    pub(super) has_global_files: bool,
    /// Whether the browser routes by what stands behind `#`, so that paths count from the root and a query names the place.
    pub(super) routes_by_fragment: bool,
    /// Whether the site shows the files of its content folder at their paths.
    pub(super) shows_files: bool,
    /// Pages that are not published, by path and by each of their names.
    withheld: FxHashMap<Box<str>, Box<str>>,
}

impl Surroundings {
    /// The surroundings of a source whose files are `files`.
    pub(crate) fn new(input: &Input, config: &Config, site: &SourceSite, files: Vec<String>) -> Self {
        let root = match input.unedited() {
            Input::Path(root) if root.is_dir() => Some(root.as_path()),
            _ => None,
        };
        let files = SourceFiles::new(files.into_iter(), root, input.notes().map(Arc::clone));
        let facts = &site.facts;
        let settings = facts.found_by.as_deref().map_or("", folder_of).to_owned();
        let is_above = settings.starts_with("..");
        let is_part = match facts.generator {
            Generator::Docusaurus | Generator::Jekyll => is_above,
            Generator::Hugo => is_above && !site.path_from_top("").ends_with("content"),
            _ => false,
        };
        let is_hugo = facts.generator == Generator::Hugo;
        let hooks = ["layouts/_markup/render-link.html", "layouts/_default/_markup/render-link.html"];
        let has_hook = is_hugo && hooks.iter().any(|hook| files.holds(&joined(&settings, hook)));
        let is_mdbook = facts.generator == Generator::Mdbook;
        let book = is_mdbook.then(|| files.read(&joined(&settings, "book.toml"))).flatten();
        let is_sphinx = facts.generator == Generator::Sphinx;
        let has_inventories = is_sphinx
            && files.read(&joined(&settings, "conf.py")).is_some_and(|conf| conf.contains("intersphinx_mapping"));
        Self {
            files,
            content_root: facts.content_root.clone(),
            settings,
            base_url: config.base_url.clone(),
            base_path: config.base_url.as_deref().map_or_else(|| facts.base_path.clone(), base_path),
            is_part,
            is_vault: has_hook
                || matches!(facts.generator, Generator::Obsidian | Generator::Quartz | Generator::Docusaurus),
            is_plain: facts.generator == Generator::Plain,
            has_labels: is_sphinx,
            has_section_labels: facts.generator == Generator::Quarto,
            has_inventories,
            has_hook,
            has_words: has_hook || is_mdbook && book.is_some_and(|book| has_own_preprocessor(&book)),
            has_wikilinks: matches!(
                facts.generator,
                Generator::Plain | Generator::Obsidian | Generator::Quartz | Generator::Wiki
            ),
            falls_back: matches!(
                facts.generator,
                Generator::Starlight | Generator::Docusaurus | Generator::Mkdocs | Generator::Zensical
            ),
            has_global_files: is_hugo,
            routes_by_fragment: facts.generator == Generator::Docsify,
            shows_files: !matches!(facts.generator, Generator::Docusaurus | Generator::Starlight | Generator::Hugo),
            withheld: FxHashMap::default(),
        }
    }

    /// Notes that the texts link by names in double brackets, as vaults do whose settings do not lie beside them.
    pub(crate) fn note_wikilinks(&mut self) {
        self.is_vault |= self.is_plain;
    }

    /// Whether a site shows a file that is no page at `path` from its root.
    pub(super) fn shows(&self, path: &str) -> bool {
        self.files.shown_at(&self.content_root, path)
            || !self.settings.is_empty() && self.files.shown_at(&self.settings, path)
    }

    /// Whether a program of the site shows something at `path` from its root.
    pub(super) fn routes(&self, path: &str) -> bool {
        const ENDS: &[&str] = &[
            ".astro",
            ".md",
            ".mdx",
            ".js",
            ".ts",
            ".jsx",
            ".tsx",
            "/index.astro",
            "/index.md",
            "/index.mdx",
            "/index.js",
            "/index.tsx",
            "/index.jsx",
        ];
        let path = joined(&self.settings, &format!("src/pages/{}", path.trim_matches('/')));
        ENDS.iter().any(|end| self.files.holds(&format!("{path}{end}")))
    }

    /// Notes that the page at `path`, which is called `names` and would be shown at `url`, is not published.
    pub(crate) fn withhold<'n>(&mut self, path: &'n str, url: &str, names: impl IntoIterator<Item = &'n str>) {
        self.withheld.insert(address(url), path.into());
        let stem = path.rsplit('/').next().unwrap_or(path);
        let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
        for name in names.into_iter().chain([stem]).filter(|name| !name.is_empty()) {
            // The mark tells names from paths.
            self.withheld.entry(format!("={}", fold(name)).into()).or_insert_with(|| path.into());
        }
        self.withheld.insert(path.into(), path.into());
    }

    /// Forgets that the page at `path` was withheld, where it is one `of` those that are published.
    pub(crate) fn publish<V>(&mut self, path: &str, of: &FxHashMap<Box<str>, V>) {
        if of.contains_key(path) && self.withheld.contains_key(path) {
            self.withheld.retain(|_, withheld| **withheld != *path);
        }
    }

    /// The path of the page that would be shown at `url`, if it is not published.
    pub(super) fn withheld_below(&self, url: &str) -> Option<Box<str>> {
        self.withheld.get(&address(url)).cloned()
    }

    /// The path of the page at `path`, if it is not published.
    pub(super) fn withheld_at(&self, path: &str) -> Option<Box<str>> {
        self.withheld.get(path).cloned()
    }

    /// The path of a page of this name that is not published.
    pub(super) fn withheld_as(&self, name: &str) -> Option<Box<str>> {
        let last = name.rsplit('/').next().unwrap_or(name);
        let last = if is_markdown(last) { last.rsplit_once('.').map_or(last, |(stem, _)| stem) } else { last };
        self.withheld.get(&*format!("={}", fold(last))).cloned()
    }
}

/// Preprocessors of mdBook that leave links as they are written.
const PREPROCESSORS: &[&str] = &[
    "admonish",
    "alerts",
    "embedify",
    "index",
    "katex",
    "linkcheck",
    "links",
    "mermaid",
    "pagetoc",
    "svgbob",
    "template",
    "toc",
];

/// Whether the settings of a book name a preprocessor that nobody knows here.
fn has_own_preprocessor(book: &str) -> bool {
    let names = book.lines().filter_map(|line| line.trim().strip_prefix("[preprocessor."));
    let names =
        names.map(|rest| rest.trim_end_matches(']').split('.').next().unwrap_or_default().trim_matches(['"', '\'']));
    names.into_iter().any(|name| !PREPROCESSORS.contains(&name))
}

/// An address as the withheld ones are kept; the mark tells them from paths and names.
fn address(url: &str) -> Box<str> {
    format!("@{}", percent_decoded(url).trim_matches('/').to_lowercase()).into()
}

/// The path of a base URL, with a slash at both ends.
fn base_path(url: &str) -> String {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let path = path.trim_matches('/');
    if path.is_empty() { "/".to_owned() } else { format!("/{path}/") }
}
