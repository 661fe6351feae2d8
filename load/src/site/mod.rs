//! Sites: what a generator makes of the files of its content.
//!
//! A generator is recognised by the settings that lie in the source, above it or beside it. Its rules, one file a
//! generator, say of each content file where the site shows it, and of all of them together in which order they are read.
//! Settings are read and never run; what cannot be read of them has the generator's own default.

mod address;
mod docusaurus;
mod exercism;
mod ground;
mod html;
mod hugo;
mod jekyll;
mod mdbook;
mod mkdocs;
mod obsidian;
mod okf;
mod pattern;
mod plain;
mod quartz;
mod script;
mod settings;
mod sphinx;
mod starlight;
mod summary;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::anchors::Anchors;
use crate::value::{Node, Value};

pub(crate) use address::{decode as decoded, encode as encoded};
pub(crate) use ground::{Ground, join as joined};
pub(crate) use pattern::Ignored;
pub(crate) use plain::{segments, stem_of};

/// What makes a site of its content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Generator {
    /// None that is known: addresses are the paths of the files.
    #[default]
    Plain,
    /// Hugo.
    Hugo,
    /// Docusaurus.
    Docusaurus,
    /// MkDocs, with Material or without.
    Mkdocs,
    /// Astro Starlight.
    Starlight,
    /// mdBook.
    Mdbook,
    /// An Obsidian vault.
    Obsidian,
    /// Quartz.
    Quartz,
    /// Jekyll.
    Jekyll,
    /// Sphinx with MyST, or Jupyter Book.
    Sphinx,
    /// A track of Exercism.
    Exercism,
    /// A bundle of Google's Open Knowledge Format.
    Okf,
    /// None: the source is what is published.
    Html,
}

impl Generator {
    /// All of them, the likeliest of several in one folder first.
    pub const ALL: &[Self] = &[
        Self::Docusaurus,
        Self::Hugo,
        Self::Mkdocs,
        Self::Starlight,
        Self::Mdbook,
        Self::Quartz,
        Self::Sphinx,
        Self::Jekyll,
        Self::Exercism,
        Self::Okf,
        Self::Html,
        Self::Obsidian,
        Self::Plain,
    ];

    /// The name in settings and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Hugo => "hugo",
            Self::Docusaurus => "docusaurus",
            Self::Mkdocs => "mkdocs",
            Self::Starlight => "starlight",
            Self::Mdbook => "mdbook",
            Self::Obsidian => "obsidian",
            Self::Quartz => "quartz",
            Self::Jekyll => "jekyll",
            Self::Sphinx => "sphinx",
            Self::Exercism => "exercism",
            Self::Okf => "okf",
            Self::Html => "html",
        }
    }

    /// The generator of this name, in any casing.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|generator| generator.as_str().eq_ignore_ascii_case(name)).copied()
    }
}

/// What was found out about a site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SiteFacts {
    /// What makes it.
    pub generator: Generator,
    /// The file or folder that told, relative to the source; `None` where nothing did.
    pub found_by: Option<String>,
    /// The folder of the content, relative to the source; empty where the source is it or lies in it.
    pub content_root: String,
    /// The path under which the site lies on its host, with a slash at both ends.
    pub base_path: String,
}

impl std::fmt::Display for SiteFacts {
    /// A line for people: the generator, and how it was found out.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.found_by {
            Some(by) => write!(f, "{} site, by {by}", self.generator.as_str()),
            None => write!(f, "{} site", self.generator.as_str()),
        }?;
        if self.content_root.is_empty() { Ok(()) } else { write!(f, ", content in {}", self.content_root) }
    }
}

/// A content file and what it says of itself.
pub(crate) struct Leaf<'a> {
    /// Its path from the top of the ground.
    pub(crate) path: &'a str,
    pub(crate) fields: &'a [(String, Value)],
    pub(crate) body: &'a str,
    /// Whether front matter stands at its very start, be it empty.
    pub(crate) has_front_matter: bool,
}

impl Leaf<'_> {
    /// The value of the field `name`, in any casing.
    fn value(&self, name: &str) -> Option<&Value> {
        let exact = self.fields.iter().find(|(key, _)| key == name);
        let found = exact.or_else(|| self.fields.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)));
        found.map(|(_, value)| value)
    }

    /// The text of the field `name`.
    fn text(&self, name: &str) -> Option<&str> {
        self.value(name).and_then(Value::text)
    }

    /// Its first heading of level one, as plain text. O(text up to it).
    fn heading(&self) -> Option<String> {
        self.heading_that(|level| level == HeadingLevel::H1)
    }

    /// Its first heading, as plain text. O(text up to it).
    fn first_heading(&self) -> Option<String> {
        self.heading_that(|_| true)
    }

    fn heading_that(&self, is_meant: impl Fn(HeadingLevel) -> bool) -> Option<String> {
        let mut heading: Option<String> = None;
        for event in Parser::new_ext(self.body, Options::ENABLE_WIKILINKS) {
            match (event, &mut heading) {
                (Event::Start(Tag::Heading { level, .. }), None) if is_meant(level) => heading = Some(String::new()),
                (Event::Text(text) | Event::Code(text), Some(heading)) => heading.push_str(&text),
                (Event::SoftBreak | Event::HardBreak, Some(heading)) => heading.push(' '),
                (Event::End(TagEnd::Heading(_)), Some(_)) => break,
                _ => {}
            }
        }
        heading.map(|heading| heading.trim().to_owned()).filter(|heading| !heading.is_empty())
    }

    /// The number of the field `name`.
    fn number(&self, name: &str) -> Option<f64> {
        self.text(name)?.parse().ok().filter(|number: &f64| number.is_finite())
    }
}

/// Where a site shows a page, and what its order goes by.
#[derive(Clone, Debug, Default)]
pub(crate) struct Place {
    /// The path of the page from the root of its host, percent-encoded, base path included.
    pub(crate) url: String,
    /// The language that the place of the file says.
    pub(crate) lang: Option<Box<str>>,
    /// The language that the generator takes a site for that says none.
    pub(crate) usual_lang: Option<&'static str>,
    /// The version that the place of the file says.
    pub(crate) version: Option<Box<str>>,
    /// The title that the navigation gives and the page shows, whatever the page says itself.
    pub(crate) nav_title: Option<String>,
    /// The title of a page that says none.
    pub(crate) stem_title: String,
    /// Whether that title goes before a heading of the text.
    pub(crate) is_titled_by_stem: bool,
    /// Whether it is a post, which appears on its day.
    pub(crate) is_post: bool,
    /// The documents that it lists below itself.
    pub(crate) listed: Vec<String>,
    /// What the order of the site calls the page.
    pub(crate) key: String,
    /// The shelf that the page is ordered within.
    pub(crate) shelf: String,
    /// Its place there, lowest first.
    pub(crate) position: Option<f64>,
    /// Its date, year first.
    pub(crate) date: Option<String>,
    /// What lists call it.
    pub(crate) label: String,
}

/// Why a content file is no page of the site.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NoPage(pub(crate) String);

/// A page that has its place.
pub(crate) struct Placed {
    /// Its number in the draft.
    pub(crate) page: u32,
    /// Its path from the top of the ground.
    pub(crate) path: String,
    pub(crate) place: Place,
    /// The page that it says to come next, and the one before it; empty where it wants none.
    pub(crate) next: Option<String>,
    pub(crate) previous: Option<String>,
}

/// In which order pages are read.
#[derive(Debug, Default)]
pub(crate) struct Order {
    /// The ways through the site; a page stands in one of them at most.
    pub(crate) tracks: Vec<Track>,
    /// Pages that say themselves what they follow: the later one, then the one before it.
    pub(crate) stated: Vec<(u32, u32)>,
}

/// Pages one after the other.
#[derive(Debug, Default)]
pub(crate) struct Track {
    /// The file that says so, from the top of the ground; `None` where the pages themselves do.
    pub(crate) file: Option<String>,
    pub(crate) steps: Vec<Step>,
}

/// A page on its way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    pub(crate) page: u32,
    /// The line of the track's file, 0 where none is known.
    pub(crate) line: u32,
    /// Whether it follows the step before.
    pub(crate) follows: bool,
}

impl Step {
    /// A step that follows the one before.
    fn new(page: u32, line: u32) -> Self {
        Self { page, line, follows: true }
    }
}

impl Track {
    /// A way that the pages themselves make.
    fn of_pages<'p>(pages: impl IntoIterator<Item = &'p Placed>) -> Self {
        Self { file: None, steps: pages.into_iter().map(|page| Step::new(page.page, 0)).collect() }
    }
}

impl From<Vec<Track>> for Order {
    fn from(tracks: Vec<Track>) -> Self {
        Self { tracks, stated: Vec::new() }
    }
}

/// How a generator reads its content.
pub(crate) trait Rules {
    /// Where the site shows `leaf`.
    ///
    /// # Errors
    /// If it is no page of the site, and why.
    fn place(&self, leaf: &Leaf<'_>) -> Result<Place, NoPage>;

    /// In which order the site is read.
    fn order(&self, placed: &[Placed]) -> Order;

    /// How headings get their anchors.
    fn anchors(&self) -> Anchors {
        Anchors::Github
    }

    /// What a file of the site declares of concepts and guides, as `concepts.yaml` does, and that file.
    fn central(&self) -> Option<(String, Value)> {
        None
    }

    /// Fields of its own, and the fields that they are where a page says nothing else.
    fn own_fields(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// Fields that a page has from its folder, weaker than its own.
    fn inherited(&self, _path: &str) -> Vec<(String, Value)> {
        Vec::new()
    }
}

/// A generator that was found.
struct Found {
    generator: Generator,
    /// What told, from the top of the ground.
    by: Option<String>,
    /// The folders of the content, from the top of the ground, the main one first.
    roots: Vec<String>,
    base_path: String,
    rules: Box<dyn Rules>,
}

/// A site: its generator with the rules.
pub(crate) struct Site {
    pub(crate) facts: SiteFacts,
    /// Where the source lies below the top of the ground.
    source: String,
    rules: Box<dyn Rules>,
    plain: plain::Plain,
}

/// Folders in which the settings of a site lie whose content lies elsewhere in the repository.
const SETTINGS_FOLDERS: &[&str] =
    &["website", "docs", "doc", "site", "www", "documentation", "book", "guide", "docs/en"];

impl Site {
    /// The site that `ground` belongs to, whose source holds `files` of all kinds: the `configured` generator, else what the
    /// source itself is, else the one whose settings lie nearest.
    pub(crate) fn find<'f>(
        ground: &Ground<'_>,
        files: impl Iterator<Item = &'f str>,
        configured: Option<Generator>,
    ) -> Self {
        // What is published often lies in the folder of what makes it.
        let is_published = || probe(ground, ground.source(), None).is_none() && html::is_published(files, ground);
        let configured = configured.or_else(|| is_published().then_some(Generator::Html));
        let found = match configured {
            Some(Generator::Plain | Generator::Html) => None,
            configured => search(ground, configured),
        };
        let found = found.unwrap_or_else(|| Found {
            generator: configured.unwrap_or_default(),
            by: None,
            roots: vec![ground.source().to_owned()],
            base_path: "/".to_owned(),
            rules: by_default(ground, configured.unwrap_or_default()),
        });
        let source = ground.source().to_owned();
        let root = found.roots.iter().find_map(|root| ground::within(root, &source)).unwrap_or_default().to_owned();
        let facts = SiteFacts {
            generator: found.generator,
            found_by: found.by.map(|by| from_source(&by, &source)),
            content_root: root,
            base_path: found.base_path,
        };
        Self { facts, source, rules: found.rules, plain: plain::Plain { root: String::new() } }
    }

    /// The path from the top of the ground of a file of the source.
    pub(crate) fn path_from_top(&self, path: &str) -> String {
        ground::join(&self.source, path)
    }

    /// The path from the source of a file that lies somewhere under the top.
    pub(crate) fn path_from_source(&self, path: &str) -> String {
        from_source(path, &self.source)
    }

    /// The rules for the files of the source.
    pub(crate) fn rules(&self) -> &dyn Rules {
        &*self.rules
    }

    /// The rules for what no generator knows: rows of JSON Lines.
    pub(crate) fn plain(&self) -> &dyn Rules {
        &self.plain
    }

    /// `path`, an address from the root of the host, on the host and under the path of `base_url`.
    pub(crate) fn absolute(&self, path: &str, base_url: Option<&str>) -> String {
        let Some(base_url) = base_url else { return path.to_owned() };
        let configured = address::base_path(base_url);
        let host = base_url.len() - configured.trim_end_matches('/').len();
        if self.facts.generator != Generator::Plain && path.starts_with(&configured) {
            return format!("{}{path}", &base_url[..host]);
        }
        let inner = path.strip_prefix(&self.facts.base_path).unwrap_or(path).trim_start_matches('/');
        format!("{base_url}/{inner}")
    }
}

/// `path` from the top as it is written from the source.
fn from_source(path: &str, source: &str) -> String {
    if let Some(inner) = ground::within(path, source) {
        return inner.to_owned();
    }
    let shared = path.split('/').zip(source.split('/')).take_while(|(a, b)| a == b).count();
    let up = source.split('/').count() - shared;
    let down: Vec<&str> = path.split('/').skip(shared).collect();
    format!("{}{}", "../".repeat(up), down.join("/"))
}

/// Looks for settings in the source, above it, and in the folders of both where settings lie apart from content.
fn search(ground: &Ground<'_>, wanted: Option<Generator>) -> Option<Found> {
    let mut folders = vec![ground.source().to_owned()];
    folders.extend(ground.above().iter().cloned());
    let found = folders.iter().find_map(|folder| probe(ground, folder, wanted));
    found.or_else(|| search_apart(ground, &folders, wanted)).or_else(|| {
        // What follows says less than settings do: other generators' content may hold it too.
        let signs = [
            (Generator::Mdbook, mdbook::find_summary as fn(&Ground<'_>, &str) -> Option<Found>),
            (Generator::Obsidian, obsidian::find),
        ];
        let wanted = signs.iter().filter(|(generator, _)| wanted.is_none_or(|wanted| wanted == *generator));
        wanted.flat_map(|(_, find)| folders.iter().map(move |folder| find(ground, folder))).flatten().next()
    })
}

/// Looks into the folders below the source and beside it in which settings lie apart from their content.
fn search_apart(ground: &Ground<'_>, folders: &[String], wanted: Option<Generator>) -> Option<Found> {
    let apart = |folder: &String| {
        let folder = folder.clone();
        SETTINGS_FOLDERS.iter().map(move |name| ground::join(&folder, name)).filter(|inner| ground.has(inner))
    };
    // A source with pages of its own beside such a folder is no repository: the folder is one of its chapters.
    let has_pages = ground.files().iter().any(|file| {
        let (folder, name) = ground::parent(file);
        folder == ground.source() && !is_of_repository(name)
    });
    let below = folders.first().filter(|_| !has_pages).into_iter().flat_map(apart);
    let beside = folders.iter().skip(1).flat_map(apart);
    let nearby: Vec<String> = below.chain(beside).collect();
    nearby.iter().filter(|folder| *folder != ground.source()).find_map(|folder| probe(ground, folder, wanted))
}

/// Whether a file belongs to a repository rather than to what is published of it.
fn is_of_repository(name: &str) -> bool {
    let stem = address::without_extension(name);
    !stem.is_empty() && stem.chars().all(|char| !char.is_lowercase()) && !stem.eq_ignore_ascii_case("index")
}

/// The generator whose settings lie in `folder` and whose content the source holds or lies in.
fn probe(ground: &Ground<'_>, folder: &str, wanted: Option<Generator>) -> Option<Found> {
    let wanted: &[Generator] = wanted.as_ref().map_or(Generator::ALL, std::slice::from_ref);
    let found = wanted.iter().find_map(|generator| match generator {
        Generator::Docusaurus => docusaurus::find(ground, folder),
        Generator::Hugo => hugo::find(ground, folder),
        Generator::Jekyll => jekyll::find(ground, folder),
        Generator::Quartz => quartz::find(ground, folder),
        Generator::Sphinx => sphinx::find(ground, folder),
        Generator::Exercism => exercism::find(ground, folder),
        Generator::Mkdocs => mkdocs::find(ground, folder),
        Generator::Mdbook => mdbook::find(ground, folder),
        Generator::Starlight => starlight::find(ground, folder),
        Generator::Okf => okf::find(ground, folder),
        Generator::Obsidian | Generator::Html | Generator::Plain => None,
    });
    found.filter(|found| found.roots.iter().any(|root| ground.meets(root)))
}

/// The rules of a generator of which no settings were found: the source is its content.
fn by_default(ground: &Ground<'_>, generator: Generator) -> Box<dyn Rules> {
    let root = ground.source();
    match generator {
        Generator::Docusaurus => docusaurus::by_default(ground, root),
        Generator::Hugo => hugo::by_default(ground, root),
        Generator::Jekyll => jekyll::by_default(root),
        Generator::Quartz => quartz::by_default(root),
        Generator::Sphinx => sphinx::by_default(root),
        Generator::Obsidian => obsidian::by_default(root),
        Generator::Mkdocs => mkdocs::by_default(ground, root),
        Generator::Mdbook => mdbook::by_default(ground, root),
        Generator::Starlight => starlight::by_default(ground, root),
        Generator::Okf => okf::by_default(root),
        Generator::Html => Box::new(html::Html { root: root.to_owned() }),
        Generator::Exercism | Generator::Plain => Box::new(plain::Plain { root: root.to_owned() }),
    }
}

/// The member at `path`, names divided by dots, of settings; `None` for null too.
fn setting<'v>(settings: &'v Value, path: &str) -> Option<&'v Value> {
    let found = path.split('.').try_fold(settings, |value, key| value.get(key))?;
    (!matches!(found.node, Node::Null)).then_some(found)
}

/// The text of the setting at `path`.
fn setting_text<'v>(settings: &'v Value, path: &str) -> Option<&'v str> {
    setting(settings, path).and_then(Value::text)
}

/// Whether the setting at `path` is `expected`.
fn is_set(settings: &Value, path: &str, expected: bool) -> bool {
    setting_text(settings, path) == Some(if expected { "true" } else { "false" })
}
