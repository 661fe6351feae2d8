//! MkDocs, with the plugins for blogs (Material), languages (static-i18n) and order by folder (awesome-pages), and Zensical, which
//! follows it and reads its settings.
//!
//! <https://www.mkdocs.org/user-guide/configuration/>, <https://zensical.org/docs/setup/basics/>

mod found;
mod order;

use std::cmp::Ordering;

use rustc_hash::{FxHashMap, FxHashSet};

use super::address::{base_path, capitalised, encode, extension, leading_date, path_of, without_extension};
use super::ground::{join, parent, within};
use super::pattern::Ignored;
use super::settings::from_yaml;
use super::summary::chapters;
use super::{Found, Generator, Ground, Leaf, NoPage, Order, Place, Placed, Rules, Step, Track, setting, setting_text};
use crate::anchors::Anchors;
use crate::value::{Node, Value, null};

/// The setting that lists the extensions of Markdown.
const EXTENSIONS: &str = "markdown_extensions";
/// What is left out unless settings let it in again.
const EXCLUDED: &str = ".*\n/templates/";

/// The rules of one MkDocs site.
struct Mkdocs {
    /// The folder of the content.
    root: String,
    base: String,
    has_directory_urls: bool,
    /// Whether anchors keep letters beyond ASCII.
    is_unicode: bool,
    /// Whether names of emoji are shown as emoji.
    names_emoji: bool,
    /// What the plugin `meta` of Material gives to the pages of folders, by folder below the root.
    handed_down: FxHashMap<String, Vec<(String, Value)>>,
    excluded: Ignored,
    drafts: Ignored,
    /// The pages named `index`, by their paths below the root.
    indexes: FxHashSet<String>,
    languages: Option<MkdocsLanguages>,
    /// Where the blog is shown and where its posts lie.
    blog: Option<(String, String)>,
    nav: Nav,
}

/// The languages of a site that is translated file by file or folder by folder.
struct MkdocsLanguages {
    default: String,
    others: Vec<String>,
    by_folder: bool,
}

/// What the navigation says of pages, by their paths below the root.
#[derive(Default)]
struct Nav {
    /// The file of it, where it lists pages.
    file: Option<String>,
    titles: FxHashMap<String, String>,
    /// The pages in order, with their lines; `None` where files and folders make the order.
    listed: Option<Vec<(String, u32)>>,
    by_folder: order::Folders,
}

/// The site whose settings lie in `folder`.
pub(super) fn find(ground: &Ground<'_>, folder: &str, generator: Generator) -> Option<Found> {
    let (by, settings) = match generator {
        Generator::Zensical => found::of_zensical(ground, folder),
        _ => found::of_mkdocs(ground, folder),
    }?;
    let root = content(folder, &settings);
    let base_path = setting_text(&settings, "site_url").map_or_else(|| "/".to_owned(), base_path);
    let mut rules = Mkdocs::new(ground, &settings, root.clone(), base_path.clone(), &by);
    // Zensical shows emoji unless the settings list what extensions there are.
    rules.names_emoji |= generator == Generator::Zensical && setting(&settings, EXTENSIONS).is_none();
    Some(Found { generator, by: Some(by), roots: vec![root], base_path, rules: Box::new(rules) })
}

/// The folder of the content of the site whose settings lie in `folder`.
fn content(folder: &str, settings: &Value) -> String {
    join(folder, setting_text(settings, "docs_dir").unwrap_or("docs"))
}

/// The rules for content without settings.
pub(super) fn by_default(ground: &Ground<'_>, root: &str) -> Box<dyn Rules> {
    Box::new(Mkdocs::new(ground, &null(), root.to_owned(), "/".to_owned(), ""))
}

/// The options of a plugin, null where it has none; `None` where it is not used.
fn plugin(settings: &Value, name: &str) -> Option<Value> {
    let plugins = setting(settings, "plugins")?;
    let named = |(key, value): &(String, Value)| (key.rsplit('/').next() == Some(name)).then(|| value.clone());
    match &plugins.node {
        Node::Map(members) => members.iter().find_map(named),
        _ => plugins.entries().iter().find_map(|entry| match &entry.node {
            Node::Text(text) => (text.rsplit('/').next() == Some(name)).then(null),
            Node::Map(members) => members.iter().find_map(named),
            _ => None,
        }),
    }
}

/// What files of the plugin `meta` say of the pages of their folders.
fn handed_down(ground: &Ground<'_>, settings: &Value, root: &str) -> FxHashMap<String, Vec<(String, Value)>> {
    let Some(options) = plugin(settings, "meta") else { return FxHashMap::default() };
    let name = setting_text(&options, "meta_file").unwrap_or(".meta.yml");
    let inside = ground.files().iter().filter_map(|file| within(file, root));
    let mut folders: FxHashSet<&str> =
        inside.flat_map(|inner| inner.match_indices('/').map(|(at, _)| &inner[..at])).collect();
    folders.insert("");
    let read = |folder: &str| {
        let text = ground.read(&join(root, &join(folder, name)))?;
        Some((folder.to_owned(), from_yaml(&text).members()?))
    };
    folders.into_iter().filter_map(read).collect()
}

/// The options of an extension of Markdown, null where it has none; `None` where it is not used.
fn extension_of(settings: &Value, name: &str) -> Option<Value> {
    let extensions = setting(settings, EXTENSIONS)?;
    // A table of TOML may hold `pymdownx.emoji` as a table in a table.
    extensions.get(name).or_else(|| setting(extensions, name)).cloned().or_else(|| {
        extensions.entries().iter().find_map(|entry| match &entry.node {
            Node::Map(_) => entry.get(name).cloned(),
            _ => (entry.text() == Some(name)).then(null),
        })
    })
}

/// Whether the extension is there that shows emoji for their names.
fn names_emoji(settings: &Value) -> bool {
    ["pymdownx.emoji", "materialx.emoji"].iter().any(|name| extension_of(settings, name).is_some())
}

/// Whether the extension `toc` has a slugger of pymdownx. Where the settings name it by a tag, they say how it is called.
fn has_unicode_anchors(settings: &Value) -> bool {
    let options = extension_of(settings, "toc");
    let slugger = options.as_ref().and_then(|options| setting(options, "slugify"));
    slugger.is_some_and(|slugger| slugger.text().is_none_or(|name| name.contains("pymdownx")))
}

impl Mkdocs {
    fn new(ground: &Ground<'_>, settings: &Value, root: String, base: String, file: &str) -> Self {
        let lines = |name: &str| setting_text(settings, name).unwrap_or_default().to_owned();
        let excluded = format!("{EXCLUDED}\n{}", lines("exclude_docs"));
        let inside = || ground.files().iter().filter_map(|file| within(file, &root));
        let indexes = inside().filter(|file| parent(file).1.starts_with("index.")).map(str::to_owned).collect();
        let blog = plugin(settings, "blog").map(|options| {
            let folder = setting_text(&options, "blog_dir").unwrap_or("blog").trim_matches('/').to_owned();
            let posts = setting_text(&options, "post_dir").unwrap_or("{blog}/posts").replace("{blog}", &folder);
            (join("", &folder), join("", &posts))
        });
        let mut nav = Nav::default();
        if let Some(list) = setting(settings, "nav") {
            let mut listed = Vec::new();
            read_nav(list, &mut listed, &mut nav.titles);
            nav.listed = Some(listed);
            nav.file = Some(file.to_owned());
        } else if let Some(options) = plugin(settings, "literate-nav") {
            let path = join(&root, setting_text(&options, "nav_file").unwrap_or("SUMMARY.md"));
            let listed = chapters(&ground.read(&path).unwrap_or_default());
            nav.titles = listed.iter().map(|chapter| (chapter.path.clone(), chapter.title.clone())).collect();
            nav.listed = Some(listed.into_iter().map(|chapter| (chapter.path, chapter.line)).collect());
            nav.file = Some(path);
        } else if ["awesome-pages", "awesome-nav"].iter().any(|name| plugin(settings, name).is_some()) {
            nav.by_folder = order::Folders::read(ground, &root);
            nav.titles = nav.by_folder.titles();
        }
        Self {
            is_unicode: has_unicode_anchors(settings),
            names_emoji: names_emoji(settings),
            handed_down: handed_down(ground, settings, &root),
            has_directory_urls: setting_text(settings, "use_directory_urls") != Some("false"),
            excluded: Ignored::new(excluded.lines()),
            drafts: Ignored::new(lines("draft_docs").lines()),
            indexes,
            languages: plugin(settings, "i18n").and_then(|options| MkdocsLanguages::read(&options)),
            blog,
            nav,
            root,
            base,
        }
    }

    /// The language of a page, and its path as the default language has it.
    fn language(&self, inner: &str) -> (Option<&str>, String) {
        let Some(languages) = &self.languages else { return (None, inner.to_owned()) };
        if languages.by_folder {
            let (first, rest) = inner.split_once('/').unwrap_or((inner, ""));
            let lang = languages.find(first);
            return lang.map_or((Some(&languages.default), inner.to_owned()), |lang| (Some(lang), rest.to_owned()));
        }
        let stem = without_extension(inner);
        let suffix = extension(stem);
        match languages.find(&stem[stem.len() - suffix.len()..]) {
            Some(lang) => (Some(lang), format!("{}.{}", &stem[..stem.len() - suffix.len() - 1], extension(inner))),
            None => (Some(&languages.default), inner.to_owned()),
        }
    }

    fn url(&self, path: &str, lang: Option<&str>) -> String {
        let (folder, name) = parent(path);
        let stem = without_extension(name);
        let is_index = matches!(stem, "index" | "README");
        let prefix = lang.filter(|lang| self.languages.as_ref().is_some_and(|languages| languages.default != *lang));
        let parts = [self.base.as_str(), prefix.unwrap_or_default(), folder];
        let path = match (is_index, self.has_directory_urls) {
            (true, true) => path_of(&parts),
            (false, true) => path_of(&[&path_of(&parts), stem]),
            (true, false) => return encode(&format!("/{}", path_of(&[&path_of(&parts), "index.html"]))),
            (false, false) => return encode(&format!("/{}.html", path_of(&[&path_of(&parts), stem]))),
        };
        if path.is_empty() { "/".to_owned() } else { encode(&format!("/{path}/")) }
    }

    /// The address of a post of the blog: the day of its front matter and the slug of its title.
    fn post(&self, blog: &str, leaf: &Leaf<'_>, place: &mut Place) {
        let date = leaf.text("date").or_else(|| leaf.value("date")?.get("created")?.text()).unwrap_or_default();
        let title =
            || leaf.text("title").map(str::to_owned).or_else(|| leaf.heading()).unwrap_or(place.stem_title.clone());
        let slug = leaf.text("slug").map_or_else(|| slugify(&title()), str::to_owned);
        let day = leading_date(date).map(|(day, _)| day.map(str::to_owned)).unwrap_or_default();
        let day = path_of(&[&day[0], &format!("{:0>2}", day[1]), &format!("{:0>2}", day[2])]);
        let path = path_of(&[&self.base, blog, &day, &slug]);
        place.url = encode(&if self.has_directory_urls { format!("/{path}/") } else { format!("/{path}.html") });
        place.date = Some(date.to_owned());
        // A pinned post is shown before all others, which is after them along `previous`.
        place.position = (leaf.text("pin") == Some("true")).then_some(1.0);
        place.shelf = "blog".to_owned();
        place.is_post = true;
    }
}

impl Rules for Mkdocs {
    fn place(&self, leaf: &Leaf<'_>) -> Result<Place, NoPage> {
        let Some(inner) = within(leaf.path, &self.root) else {
            return Err(NoPage::outside());
        };
        if extension(inner) == "mdx" {
            return Err(NoPage("MkDocs reads no `.mdx`".to_owned()));
        }
        if self.excluded.is_ignored(inner) {
            return Err(NoPage("`exclude_docs` leaves it out".to_owned()));
        }
        if self.drafts.is_ignored(inner) {
            return Err(NoPage("`draft_docs` keeps it from being published".to_owned()));
        }
        let (folder, name) = parent(inner);
        if without_extension(name) == "README" && self.indexes.contains(&join(folder, "index.md")) {
            return Err(NoPage("`index.md` lies beside it".to_owned()));
        }
        let (lang, path) = self.language(inner);
        let mut place = Place {
            url: self.url(&path, lang),
            nav_title: self.nav.titles.get(inner).or_else(|| self.nav.titles.get(&path)).cloned(),
            stem_title: stem_title(&path),
            lang: lang.map(Into::into),
            key: path,
            ..Place::default()
        };
        if let Some((blog, _)) = self.blog.as_ref().filter(|(_, posts)| within(inner, posts).is_some()) {
            self.post(blog, leaf, &mut place);
        }
        Ok(place)
    }

    fn inherited(&self, path: &str) -> Vec<(String, Value)> {
        let Some(inner) = within(path, &self.root).filter(|_| !self.handed_down.is_empty()) else { return Vec::new() };
        let above = inner.rmatch_indices('/').map(|(at, _)| &inner[..at]).chain(std::iter::once(""));
        above.filter_map(|folder| self.handed_down.get(folder)).flatten().cloned().collect()
    }

    fn names_emoji(&self) -> bool {
        self.names_emoji
    }

    fn anchors(&self) -> Anchors {
        if self.is_unicode { Anchors::Pymdownx } else { Anchors::Mkdocs }
    }

    fn order(&self, placed: &[Placed]) -> Order {
        let mut by_lang: Vec<(Option<&str>, Vec<&Placed>)> = Vec::new();
        for page in placed.iter().filter(|page| page.place.shelf.is_empty()) {
            let lang = page.place.lang.as_deref();
            match by_lang.iter_mut().find(|(known, _)| *known == lang) {
                Some((_, pages)) => pages.push(page),
                None => by_lang.push((lang, vec![page])),
            }
        }
        let mut tracks: Vec<Track> = by_lang.into_iter().map(|(_, pages)| self.track(pages)).collect();
        let mut posts: Vec<&Placed> = placed.iter().filter(|page| !page.place.shelf.is_empty()).collect();
        posts.sort_by(|a, b| {
            let key = |page: &Placed| (page.place.position.is_some(), page.place.date.clone(), page.path.clone());
            key(a).cmp(&key(b))
        });
        tracks.push(Track::of_pages(posts));
        tracks.into()
    }
}

impl Mkdocs {
    /// The pages of one language in order.
    fn track(&self, mut pages: Vec<&Placed>) -> Track {
        let Some(listed) = &self.nav.listed else {
            pages.sort_by(|a, b| by_files_and_folders(&a.place.key, &b.place.key));
            let ordered = self.nav.by_folder.arrange(&pages);
            return Track::of_pages(ordered);
        };
        let known: FxHashMap<&str, &Placed> = pages.iter().map(|page| (page.place.key.as_str(), *page)).collect();
        let mut seen = FxHashSet::default();
        let steps = listed.iter().filter_map(|(path, line)| Some(Step::new(known.get(path.as_str())?.page, *line)));
        Track { file: self.nav.file.clone(), steps: steps.filter(|step| seen.insert(step.page)).collect() }
    }
}

impl MkdocsLanguages {
    fn read(options: &Value) -> Option<Self> {
        let entries = setting(options, "languages")?.entries();
        let locale = |entry: &Value| setting_text(entry, "locale").map(str::to_owned);
        let is_default = |entry: &&Value| setting_text(entry, "default") == Some("true");
        let default = entries.iter().find(is_default).or(entries.first()).and_then(locale)?;
        let by_folder = setting_text(options, "docs_structure") == Some("folder");
        Some(Self { default, others: entries.iter().filter_map(locale).collect(), by_folder })
    }

    fn find(&self, name: &str) -> Option<&str> {
        self.others.iter().find(|known| *known == name).map(String::as_str)
    }
}

/// Reads a list of the navigation: paths, titled paths and titled lists.
fn read_nav(list: &Value, listed: &mut Vec<(String, u32)>, titles: &mut FxHashMap<String, String>) {
    for entry in list.entries() {
        match &entry.node {
            Node::Text(path) => listed.push((join("", path), entry.position.line)),
            Node::Map(members) => {
                for (title, value) in members {
                    match value.text().filter(|_| !matches!(value.node, Node::List(_))) {
                        Some(path) if path.contains("://") => {}
                        Some(path) => {
                            let path = join("", path);
                            if !title.is_empty() {
                                titles.entry(path.clone()).or_insert_with(|| title.clone());
                            }
                            listed.push((path, value.position.line));
                        }
                        None => read_nav(value, listed, titles),
                    }
                }
            }
            Node::List(_) => read_nav(entry, listed, titles),
            Node::Null => {}
        }
    }
}

/// The order without a navigation: the index of a folder, its other files by name, its folders by name.
fn by_files_and_folders(a: &str, b: &str) -> Ordering {
    let mut a = a.split('/').peekable();
    let mut b = b.split('/').peekable();
    while let (Some(left), Some(right)) = (a.next(), b.next()) {
        let rank = |name: &str, is_folder: bool| {
            (is_folder, !is_folder && !matches!(without_extension(name), "index" | "README"))
        };
        let order = rank(left, a.peek().is_some()).cmp(&rank(right, b.peek().is_some()));
        match order.then_with(|| left.cmp(right)) {
            Ordering::Equal => {}
            order => return order,
        }
    }
    Ordering::Equal
}

/// The title that MkDocs makes of a file name.
fn stem_title(path: &str) -> String {
    let (folder, name) = parent(path);
    let stem = without_extension(name);
    if folder.is_empty() && matches!(stem, "index" | "README") {
        return "Home".to_owned();
    }
    let title = stem.replace(['-', '_'], " ");
    if title == title.to_lowercase() { capitalised(&title) } else { title }
}

/// The slug of a post, as `pymdownx.slugs.slugify` makes it in lower case.
fn slugify(title: &str) -> String {
    let keeps = |char: &char| char.is_alphanumeric() || matches!(char, '_' | '-') || char.is_whitespace();
    let kept: String = title.chars().filter(keeps).collect();
    kept.trim().to_lowercase().replace(char::is_whitespace, "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_become_titles() {
        let titles = ["none-at_all.md", "Mixed Case.md", "index.md", "a/index.md", "API-notes.md"].map(stem_title);
        assert_eq!(titles, ["None at all", "Mixed Case", "Home", "Index", "API notes"]);
    }

    #[test]
    fn posts_are_called_by_their_title() {
        assert_eq!(slugify("Rye Day & Größe"), "rye-day--größe");
    }
}
