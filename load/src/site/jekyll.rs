//! Jekyll: pages, posts and collections.
//!
//! <https://jekyllrb.com/docs/permalinks/>

mod names;
mod navigation;

use std::collections::BTreeMap;

use super::address::{encode, extension, leading_date, path_of, without_extension};
use super::ground::{join, parent, within};
use super::pattern::{Ignored, matches};
use super::settings::{from_yaml, said};
use super::{Found, Generator, Ground, Leaf, NoPage, Order, Place, Placed, Rules, Track, setting, setting_text};
use crate::anchors::Anchors;
use crate::value::{Node, Value, null};
pub(super) use names::filled;
use names::{day_of, full_day, titleised};
use navigation::in_navigation;

/// What is left out unless settings say something else.
const EXCLUDED: &str =
    ".sass-cache/\n.jekyll-cache/\ngemfiles/\nGemfile\nnode_modules/\nvendor/bundle/\nvendor/cache/\n_site/";
const POSTS: &str = "_posts";
/// Files that are looked at to tell whether pages of a site begin with front matter.
const MAX_SAMPLES: usize = 64;

/// The rules of one Jekyll site.
struct Jekyll {
    root: String,
    base: String,
    /// The style of addresses, or a pattern.
    permalink: String,
    collections: BTreeMap<String, JekyllCollection>,
    excluded: Ignored,
    included: Vec<String>,
    defaults: Vec<Value>,
    /// Whether Markdown without front matter is a page too, as on GitHub Pages.
    takes_all: bool,
    /// Whether kramdown reads what GitHub does.
    is_gfm: bool,
    names_emoji: bool,
    /// What `site.…` stands for in Liquid.
    variables: Vec<(String, String)>,
}

#[derive(Default)]
struct JekyllCollection {
    is_written: bool,
    permalink: Option<String>,
}

/// What a file is.
enum Role<'a> {
    Page,
    /// A post: the folders before `_posts`, its day, and its name.
    Post {
        folder: &'a str,
        day: [&'a str; 3],
        name: &'a str,
    },
    /// A document of a collection: its name there, and its path within.
    Document {
        collection: &'a str,
        path: &'a str,
    },
}

/// The site whose settings lie in `folder`.
pub(super) fn find(ground: &Ground<'_>, folder: &str) -> Option<Found> {
    let (by, text) = ground.first(folder, &["_config.yml", "_config.yaml", "_config.toml"])?;
    let settings = if by.ends_with("toml") { super::settings::from_toml(&text) } else { from_yaml(&text) };
    let gems = ground.read(&join(folder, "Gemfile")).unwrap_or_default();
    let mut rules = Jekyll::new(join(folder, setting_text(&settings, "source").unwrap_or_default()), &settings);
    let is_hosted = gems.contains("github-pages") || gems.contains("optional-front-matter");
    rules.takes_all |= is_hosted || !has_much_front_matter(ground, &rules.root);
    let roots = vec![rules.root.clone()];
    let base_path = rules.base.clone();
    Some(Found { generator: Generator::Jekyll, by: Some(by), roots, base_path, rules: Box::new(rules) })
}

/// Whether at least half of the Markdown begins with front matter. Where less does, the site is built with the plugin that
/// needs none: nobody publishes most of his pages as raw text.
fn has_much_front_matter(ground: &Ground<'_>, root: &str) -> bool {
    let inside = ground.files().iter().filter(|file| within(file, root).is_some_and(|inner| !inner.starts_with('_')));
    let texts: Vec<String> = inside.take(MAX_SAMPLES).filter_map(|file| ground.read(file)).collect();
    let n_fenced = texts.iter().filter(|text| text.starts_with("---")).count();
    2 * n_fenced >= texts.len()
}

/// The rules for content without settings.
pub(super) fn by_default(root: &str) -> Box<dyn Rules> {
    let mut rules = Jekyll::new(root.to_owned(), &null());
    rules.takes_all = true;
    Box::new(rules)
}

impl Jekyll {
    fn new(root: String, settings: &Value) -> Self {
        let text = |path: &str| setting_text(settings, path);
        let texts = |path: &str| -> Vec<String> {
            let entries = setting(settings, path).map_or(&[][..], Value::entries);
            entries.iter().filter_map(Value::text).map(str::to_owned).collect()
        };
        let mut collections = BTreeMap::new();
        match setting(settings, "collections").map(|value| &value.node) {
            Some(Node::Map(members)) => {
                for (name, options) in members {
                    let is_written = setting_text(options, "output") == Some("true");
                    let permalink = setting_text(options, "permalink").map(str::to_owned);
                    collections.insert(name.clone(), JekyllCollection { is_written, permalink });
                }
            }
            _ => collections.extend(texts("collections").into_iter().map(|name| (name, JekyllCollection::default()))),
        }
        let excluded: Vec<String> =
            texts("exclude").iter().map(|line| format!("/{}", line.trim_start_matches('/'))).collect();
        let theme = text("theme").unwrap_or_default();
        let is_hosted = text("remote_theme").is_some() || theme.starts_with("jekyll-theme-");
        let plugins = texts("plugins");
        Self {
            base: super::address::base_path(text("baseurl").unwrap_or("/")),
            permalink: text("permalink").unwrap_or("date").to_owned(),
            collections,
            excluded: Ignored::new(EXCLUDED.lines().chain(excluded.iter().map(String::as_str))),
            included: texts("include"),
            is_gfm: text("kramdown.input").is_none_or(|input| input.eq_ignore_ascii_case("gfm")),
            names_emoji: plugins.iter().any(|name| name == "jemoji"),
            variables: said(settings, "site"),
            defaults: setting(settings, "defaults").map_or(&[][..], Value::entries).to_vec(),
            takes_all: is_hosted || plugins.iter().any(|name| name == "jekyll-optional-front-matter"),
            root,
        }
    }

    /// What the file at `inner` is.
    fn role<'p>(&self, inner: &'p str) -> Result<Role<'p>, NoPage> {
        let (folder, file) = parent(inner);
        let at_posts = folder.split('/').position(|segment| segment == POSTS);
        if at_posts.is_some() {
            let before = folder.split(POSTS).next().unwrap_or_default().trim_end_matches('/');
            let dated = day_of(without_extension(file));
            let (day, name) = dated.ok_or_else(|| NoPage("the name of a post begins with its date".to_owned()))?;
            return Ok(Role::Post { folder: before, day, name });
        }
        if folder.split('/').any(|segment| segment == "_drafts") {
            return Err(NoPage("it is a draft".to_owned()));
        }
        if let Some((first, path)) = inner.strip_prefix('_').and_then(|inner| inner.split_once('/')) {
            let is_written = self.collections.get(first).is_some_and(|collection| collection.is_written);
            return if is_written {
                Ok(Role::Document { collection: first, path })
            } else {
                Err(NoPage(format!("`_{first}` is no collection that is written")))
            };
        }
        if inner.split('/').any(|segment| segment.starts_with(['_', '.'])) {
            return Err(NoPage("names that begin with `_` are left out".to_owned()));
        }
        Ok(Role::Page)
    }

    /// Fields that the settings give to files of a folder and type.
    fn defaults<'s>(&'s self, inner: &str, kind: &str) -> impl Iterator<Item = &'s (String, Value)> {
        let holds = |entry: &&Value| {
            let scope = |name: &str| setting_text(entry, &format!("scope.{name}")).unwrap_or_default();
            let path = join("", scope("path"));
            let lies_there =
                within(inner, &path).is_some() || path.contains('*') && matches(&format!("{path}/**"), inner);
            lies_there && (scope("type").is_empty() || scope("type") == kind)
        };
        let found: Vec<&Value> = self.defaults.iter().rev().filter(holds).collect();
        found.into_iter().filter_map(|entry| setting(entry, "values")).flat_map(|values| match &values.node {
            Node::Map(members) => members.as_slice(),
            _ => &[],
        })
    }

    /// The pattern of the addresses of posts.
    fn post_pattern(&self) -> &str {
        match self.permalink.as_str() {
            "date" => "/:categories/:year/:month/:day/:title:output_ext",
            "pretty" => "/:categories/:year/:month/:day/:title/",
            "ordinal" => "/:categories/:year/:y_day/:title:output_ext",
            "none" => "/:categories/:title:output_ext",
            pattern => pattern,
        }
    }

    /// What stands at the end of the addresses of pages.
    fn ending(&self) -> &str {
        match self.permalink.as_str() {
            "pretty" => "/",
            "date" | "ordinal" | "none" => ".html",
            pattern if pattern.ends_with('/') => "/",
            pattern if pattern.ends_with(":output_ext") => ".html",
            _ => "",
        }
    }

    fn page_path(&self, inner: &str, leaf: &Leaf<'_>) -> String {
        let (folder, name) = parent(without_extension(inner));
        if let Some(pattern) = leaf.text("permalink") {
            return pattern.replace(":path", folder).replace(":basename", name).replace(":output_ext", ".html");
        }
        if name == "index" { format!("{folder}/") } else { format!("{}{}", without_extension(inner), self.ending()) }
    }

    fn post_path(&self, folder: &str, day: [&str; 3], name: &str, leaf: &Leaf<'_>) -> String {
        let listed = leaf.value("categories").or_else(|| leaf.value("category")).map_or(&[][..], Value::entries);
        let listed = listed.iter().filter_map(Value::text).flat_map(|text| {
            // One text holds categories divided by spaces, a list holds one an entry.
            if leaf.value("categories").is_some_and(|value| matches!(value.node, Node::Text(_))) {
                text.split_whitespace().collect()
            } else {
                vec![text]
            }
        });
        let categories: Vec<String> =
            folder.split('/').filter(|segment| !segment.is_empty()).chain(listed).map(str::to_lowercase).collect();
        let [year, month, day] = full_day(day);
        let title = leaf.text("slug").unwrap_or(name).replace(' ', "-");
        let of_posts = || self.collections.get("posts").and_then(|posts| posts.permalink.as_deref());
        let pattern = leaf.text("permalink").or_else(of_posts).unwrap_or_else(|| self.post_pattern());
        let short = |part: &str| part.trim_start_matches('0').to_owned();
        filled(
            pattern,
            &[
                ("categories", &categories.join("/")),
                ("year", &year),
                ("short_year", &year[year.len().saturating_sub(2)..]),
                ("i_month", &short(&month)),
                ("month", &month),
                ("i_day", &short(&day)),
                ("day", &day),
                ("title", &title),
                ("slug", &title.to_lowercase()),
                ("output_ext", ".html"),
            ],
        )
    }

    fn document_path(&self, name: &str, path: &str, leaf: &Leaf<'_>) -> String {
        let stem = without_extension(path);
        let own = leaf.text("permalink").or_else(|| self.collections.get(name)?.permalink.as_deref());
        let pattern = own.map_or_else(|| format!("/:collection/:path{}", self.ending()), str::to_owned);
        let base = leaf.text("slug").unwrap_or_else(|| parent(stem).1);
        filled(
            &pattern,
            &[
                ("collection", name),
                ("path", stem),
                ("name", parent(stem).1),
                ("title", base),
                ("slug", base),
                ("output_ext", ".html"),
            ],
        )
    }
}

impl Rules for Jekyll {
    fn place(&self, leaf: &Leaf<'_>) -> Result<Place, NoPage> {
        let Some(inner) = within(leaf.path, &self.root) else {
            return Err(NoPage::outside());
        };
        if extension(inner) == "mdx" {
            return Err(NoPage("Jekyll copies `.mdx` as it is".to_owned()));
        }
        let is_included =
            self.included.iter().any(|pattern| matches(pattern, inner) || matches(pattern, parent(inner).1));
        if self.excluded.is_ignored(inner) && !is_included {
            return Err(NoPage("`exclude` leaves it out".to_owned()));
        }
        let role = if is_included { Role::Page } else { self.role(inner)? };
        let is_read = leaf.has_front_matter || self.takes_all && matches!(role, Role::Page);
        if !is_read {
            return Err(NoPage("without front matter at its very start it is copied as it is".to_owned()));
        }
        let name = without_extension(parent(inner).1);
        let mut place = Place { stem_title: name.to_owned(), key: inner.to_owned(), ..Place::default() };
        let path = match role {
            Role::Page => {
                // The fields of Just the Docs, which most documentation in Jekyll uses.
                place.position = leaf.number("nav_order");
                place.listed = leaf.text("parent").map(str::to_owned).into_iter().collect();
                place.label = leaf.text("title").unwrap_or_default().to_owned();
                self.page_path(inner, leaf)
            }
            Role::Post { folder, day, name } => {
                let own = leaf.text("date").and_then(leading_date).map(|(day, _)| day);
                place.stem_title = titleised(name);
                place.shelf = "posts".to_owned();
                place.date = Some(leaf.text("date").map_or_else(|| full_day(day).join("-"), str::to_owned));
                place.is_post = true;
                self.post_path(folder, own.unwrap_or(day), name, leaf)
            }
            Role::Document { collection, path } => {
                place.stem_title = titleised(name);
                place.shelf = collection.to_owned();
                self.document_path(collection, path, leaf)
            }
        };
        let end = if path.ends_with('/') { "/" } else { "" };
        let path = path_of(&[&self.base, &path]);
        place.url = if path.is_empty() { "/".to_owned() } else { encode(&format!("/{path}{end}")) };
        Ok(place)
    }

    fn names_emoji(&self) -> bool {
        self.names_emoji
    }

    fn reads_html(&self, path: &str) -> bool {
        within(path, &self.root).is_some_and(|inner| !self.excluded.is_ignored(inner) && self.role(inner).is_ok())
    }

    fn variables(&self, leaf: &Leaf<'_>) -> Vec<(String, String)> {
        let own = leaf.fields.iter().flat_map(|(name, value)| said(value, &format!("page.{name}")));
        // Where the site lies is no text: a link that begins with it counts from the root.
        let of_site = self.variables.iter().filter(|(name, _)| !matches!(name.as_str(), "site.baseurl" | "site.url"));
        own.chain(of_site.cloned()).collect()
    }

    fn anchors(&self) -> Anchors {
        if self.is_gfm { Anchors::Jekyll } else { Anchors::Kramdown }
    }

    fn order(&self, placed: &[Placed]) -> Order {
        let mut shelves: BTreeMap<&str, Vec<&Placed>> = BTreeMap::new();
        for page in placed.iter().filter(|page| !page.place.shelf.is_empty()) {
            shelves.entry(&page.place.shelf).or_default().push(page);
        }
        let track = |mut pages: Vec<&Placed>| {
            pages.sort_by(|a, b| (&a.place.date, &a.path).cmp(&(&b.place.date, &b.path)));
            Track::of_pages(pages)
        };
        let mut tracks: Vec<Track> = shelves.into_values().map(track).collect();
        tracks.push(Track::of_pages(in_navigation(placed)));
        tracks.into()
    }

    fn inherited(&self, path: &str) -> Vec<(String, Value)> {
        let Some(inner) = within(path, &self.root) else { return Vec::new() };
        let kind = match self.role(inner) {
            Ok(Role::Post { .. }) => "posts",
            Ok(Role::Document { collection, .. }) => collection,
            _ => "pages",
        };
        // `published` given by default has no effect on pages.
        let is_meant = |(name, _): &&(String, Value)| name != "published";
        let mut fields: Vec<(String, Value)> = self.defaults(inner, kind).filter(is_meant).cloned().collect();
        if let Ok(Role::Post { day, .. }) = self.role(inner) {
            fields.push(("date".to_owned(), Value { node: Node::Text(full_day(day).join("-")), ..null() }));
        }
        fields
    }
}
