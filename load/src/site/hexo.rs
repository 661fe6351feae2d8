//! Hexo: posts and pages.
//!
//! <https://hexo.io/docs/configuration>, <https://hexo.io/docs/permalinks>

use super::address::{base_path, encode, extension, leading_date, path_of, without_extension};
use super::ground::{join, parent, within};
use super::jekyll::filled;
use super::languages::Languages;
use super::pattern::matches;
use super::settings::from_yaml;
use super::{Found, Generator, Ground, Leaf, NoPage, Order, Place, Placed, Rules, Track, setting, setting_text};
use crate::anchors::{Anchors, hexo_slug};
use crate::value::{Value, null};

const SETTINGS: &[&str] = &["_config.yml", "_config.yaml"];
const POSTS: &str = "_posts";
const DRAFTS: &str = "_drafts";

/// The rules of one site.
struct Hexo {
    root: String,
    base: String,
    /// The pattern of the addresses of posts.
    permalink: String,
    /// How files of posts are called.
    post_name: String,
    default_category: String,
    /// Whether addresses of pages keep `.html`.
    keeps_html: bool,
    shows_drafts: bool,
    /// Patterns of files below the root that are copied as they are, are left out, or are let in again.
    skipped: Vec<String>,
    excluded: Vec<String>,
    included: Vec<String>,
    languages: Languages,
}

/// The site whose settings lie in `folder`; those of Jekyll are called alike, so that the package tells.
pub(super) fn find(ground: &Ground<'_>, folder: &str) -> Option<Found> {
    let (by, text) = ground.first(folder, SETTINGS)?;
    let package = ground.read(&join(folder, "package.json"))?;
    package.contains("\"hexo\"").then_some(())?;
    let rules = Hexo::new(ground, folder, &from_yaml(&text));
    let (roots, base_path) = (vec![rules.root.clone()], rules.base.clone());
    Some(Found { generator: Generator::Hexo, by: Some(by), roots, base_path, rules: Box::new(rules) })
}

/// The rules for content without settings.
pub(super) fn by_default(ground: &Ground<'_>, root: &str) -> Box<dyn Rules> {
    Box::new(Hexo { root: root.to_owned(), ..Hexo::new(ground, root, &null()) })
}

impl Hexo {
    fn new(ground: &Ground<'_>, folder: &str, settings: &Value) -> Self {
        let text = |path: &str, usual: &str| setting_text(settings, path).unwrap_or(usual).to_owned();
        let texts = |path: &str| -> Vec<String> {
            let entries = setting(settings, path).map_or(&[][..], Value::entries);
            entries.iter().filter_map(Value::text).map(str::to_owned).collect()
        };
        let root = join(folder, &text("source_dir", "source"));
        let base = setting_text(settings, "root").or(setting_text(settings, "url")).map_or("/".to_owned(), base_path);
        let inside = ground.files().iter().filter_map(|file| within(file, &root));
        Self {
            base,
            permalink: text("permalink", ":year/:month/:day/:title/"),
            post_name: text("new_post_name", ":title.md"),
            default_category: text("default_category", "uncategorized"),
            keeps_html: setting_text(settings, "pretty_urls.trailing_html") != Some("false"),
            shows_drafts: setting_text(settings, "render_drafts") == Some("true"),
            skipped: texts("skip_render"),
            excluded: texts("exclude"),
            included: texts("include"),
            languages: Languages::of(inside),
            root,
        }
    }

    /// The day and the name in the stem of a post's file, where files of posts are called after their day.
    fn named<'s>(&self, stem: &'s str) -> (Option<[&'s str; 3]>, &'s str) {
        let day = self.post_name.starts_with(":year-:month-:day-").then(|| leading_date(stem)).flatten();
        day.map_or((None, stem), |(day, name)| (Some(day), name.trim_start_matches('-')))
    }

    /// The address of the post at `path` below the folder of posts.
    fn post_path(&self, path: &str, leaf: &Leaf<'_>) -> String {
        if let Some(own) = leaf.text("permalink") {
            return own.to_owned();
        }
        let stem = without_extension(path);
        let (day, name) = self.named(stem);
        let day = leaf.text("date").and_then(leading_date).map(|(day, _)| day).or(day).unwrap_or_default();
        let number = |part: &str| part.trim_start_matches('0').to_owned();
        let two = |part: &str| if part.is_empty() { String::new() } else { format!("{part:0>2}") };
        let listed = leaf.value("categories").or_else(|| leaf.value("category")).map_or(&[][..], Value::entries);
        let listed: Vec<String> = listed.iter().filter_map(Value::text).map(hexo_slug).collect();
        let category = if listed.is_empty() { self.default_category.clone() } else { listed.join("/") };
        let of_title = || hexo_slug(leaf.text("title").unwrap_or_default()).to_lowercase();
        filled(
            &self.permalink,
            &[
                ("year", day[0]),
                ("month", &two(day[1])),
                ("i_month", &number(day[1])),
                ("day", &two(day[2])),
                ("i_day", &number(day[2])),
                ("title", name),
                ("name", parent(name).1),
                ("post_title", &of_title()),
                ("category", &category),
                ("lang", leaf.text("lang").unwrap_or_default()),
                ("id", leaf.text("id").unwrap_or_default()),
            ],
        )
    }

    fn page_path(&self, inner: &str, leaf: &Leaf<'_>) -> String {
        if let Some(own) = leaf.text("permalink") {
            return own.to_owned();
        }
        let (folder, name) = parent(without_extension(inner));
        match name {
            "index" if folder.is_empty() => String::new(),
            "index" => format!("{folder}/"),
            _ if self.keeps_html => format!("{}.html", path_of(&[folder, name])),
            _ => path_of(&[folder, name]),
        }
    }
}

impl Rules for Hexo {
    fn place(&self, leaf: &Leaf<'_>) -> Result<Place, NoPage> {
        let inner = within(leaf.path, &self.root).ok_or_else(NoPage::outside)?;
        if extension(inner) == "mdx" {
            return Err(NoPage("Hexo reads no `.mdx`".to_owned()));
        }
        let is_one = |patterns: &[String]| patterns.iter().any(|pattern| matches(pattern, inner));
        if is_one(&self.excluded) {
            return Err(NoPage("`exclude` leaves it out".to_owned()));
        }
        if is_one(&self.skipped) {
            return Err(NoPage("`skip_render` has it copied as it is".to_owned()));
        }
        let (first, rest) = inner.split_once('/').unwrap_or(("", inner));
        let is_draft = first == DRAFTS;
        if is_draft && !self.shows_drafts {
            return Err(NoPage("it is a draft".to_owned()));
        }
        let is_post = is_draft || first == POSTS;
        let below = if is_post { rest } else { inner };
        if !is_one(&self.included) && below.split('/').any(|segment| segment.starts_with(['_', '.'])) {
            return Err(NoPage("names that begin with `_` are left out".to_owned()));
        }
        let stem = parent(without_extension(inner)).1;
        let lang = self.languages.find(inner).map(Into::into);
        let mut place = Place { stem_title: stem.to_owned(), key: inner.to_owned(), lang, is_post, ..Place::default() };
        let path = if is_post {
            let (day, name) = self.named(stem);
            place.stem_title = name.to_owned();
            let of_name = || day.map(|day| day.join("-"));
            place.date = leaf.text("date").map(str::to_owned).or_else(of_name);
            place.shelf = "posts".to_owned();
            self.post_path(rest, leaf)
        } else {
            self.page_path(inner, leaf)
        };
        let end = if path.ends_with('/') && !path.trim_matches('/').is_empty() { "/" } else { "" };
        let path = path_of(&[&path]);
        let path =
            path.strip_suffix("index.html").filter(|rest| rest.is_empty() || rest.ends_with('/')).unwrap_or(&path);
        place.url = encode(&format!("{}{path}{end}", self.base));
        Ok(place)
    }

    fn anchors(&self) -> Anchors {
        Anchors::Hexo
    }

    fn order(&self, placed: &[Placed]) -> Order {
        let mut posts: Vec<&Placed> = placed.iter().filter(|page| !page.place.shelf.is_empty()).collect();
        posts.sort_by(|a, b| (&a.place.lang, &a.place.date, &a.path).cmp(&(&b.place.lang, &b.place.date, &b.path)));
        posts
            .chunk_by(|a, b| a.place.lang == b.place.lang)
            .map(|posts| Track::of_pages(posts.iter().copied()))
            .collect::<Vec<_>>()
            .into()
    }
}
