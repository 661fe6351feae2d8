//! The published HTML of a site, whoever made it: pages say themselves where they lie.

use super::address::without_extension;
use super::ground::{Ground, within};
use super::{Leaf, NoPage, Order, Place, Placed, Rules};

/// The field with what the window of a page is called, for pages that have no heading.
pub(crate) const STEM_TITLE: &str = "document title";

/// The rules of published HTML.
pub(super) struct Html {
    /// The folder that is published.
    pub(super) root: String,
}

impl Rules for Html {
    fn place(&self, leaf: &Leaf<'_>) -> Result<Place, NoPage> {
        let path = within(leaf.path, &self.root).unwrap_or(leaf.path);
        let stem = without_extension(path.strip_suffix("/index.html").unwrap_or(path));
        let stem_title = leaf.text(STEM_TITLE).unwrap_or_else(|| stem.rsplit('/').next().unwrap_or(stem));
        Ok(Place {
            url: leaf.text("url").unwrap_or("/").to_owned(),
            stem_title: stem_title.to_owned(),
            ..Place::default()
        })
    }

    fn order(&self, _placed: &[Placed]) -> Order {
        Order::default()
    }
}

/// How many files of HTML a file of Markdown may lie beside: built sites carry licences and sources along.
const N_FOR_ONE: usize = 4;

/// Whether a source whose files are `files` looks like a published site: pages, where a site begins, and hardly any Markdown.
pub(super) fn is_published<'f>(files: impl Iterator<Item = &'f str>, ground: &Ground<'_>) -> bool {
    let (mut n_pages, mut has_start) = (0, false);
    for path in files {
        n_pages += usize::from(crate::source::is_html(path));
        has_start |= path == "index.html" || path.starts_with("sitemap") && path.ends_with(".xml");
    }
    // Sphinx publishes its sources too.
    let is_markdown = |path: &&String| gradus_corpus::names::is_markdown(path) && !path.contains("_sources/");
    let n_markdown = ground.files().iter().filter(is_markdown).count();
    has_start && n_pages > 0 && n_markdown * N_FOR_ONE <= n_pages
}
