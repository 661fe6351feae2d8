//! Rules: what a generator says of each content file and of all of them together.

use super::leaf::Leaf;
use crate::anchors::Anchors;
use crate::value::Value;

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

impl NoPage {
    /// It lies where the generator looks for no content.
    pub(super) fn outside() -> Self {
        Self("it lies outside the content".to_owned())
    }
}

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
    pub(super) fn new(page: u32, line: u32) -> Self {
        Self { page, line, follows: true }
    }
}

impl Track {
    /// A way that the pages themselves make.
    pub(super) fn of_pages<'p>(pages: impl IntoIterator<Item = &'p Placed>) -> Self {
        Self { file: None, steps: pages.into_iter().map(|page| Step::new(page.page, 0)).collect() }
    }
}

impl From<Vec<Track>> for Order {
    fn from(tracks: Vec<Track>) -> Self {
        Self { tracks, stated: Vec::new() }
    }
}

/// How a generator reads its content.
pub(crate) trait Rules: Send {
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

    /// Whether the settings say that the file at `path` is MDX, or that it is not.
    fn reads_mdx(&self, _path: &str) -> Option<bool> {
        None
    }

    /// Whether the file at `path` is another version or translation of one, so that it has the ids of that one.
    fn is_copy(&self, _path: &str) -> bool {
        false
    }

    /// Whether the typographer, where there is one, leaves runs of hyphens as they are.
    fn keeps_dashes(&self) -> bool {
        false
    }

    /// Whether a file of HTML at `path` that begins with front matter is a page.
    fn reads_html(&self, _path: &str) -> bool {
        false
    }

    /// Whether names between colons, such as `:bread:`, are shown as the emoji that they name.
    fn names_emoji(&self) -> bool {
        false
    }

    /// Whether links by names in double brackets have their text before the name.
    fn puts_text_first(&self) -> bool {
        false
    }

    /// What the variables that a page writes between double braces stand for, as far as settings and front matter say it.
    fn variables(&self, _leaf: &Leaf<'_>) -> Vec<(String, String)> {
        Vec::new()
    }

    /// Whether terms of definition lists get anchors.
    fn has_term_anchors(&self) -> bool {
        self.anchors() == Anchors::Mdbook
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
