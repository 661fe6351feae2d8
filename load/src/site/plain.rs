//! No generator that is known: pages lie where their files lie.

use super::address::{encode, without_extension};
use super::ground::{join, within};
use super::languages::Languages;
use super::{Leaf, NoPage, Order, Place, Placed, Rules};

/// The rules of content that no generator was recognised for.
pub(crate) struct Plain {
    /// The folder whose inside is the site.
    root: String,
    languages: Languages,
}

impl Plain {
    /// The rules of the site in the folder `root`, of which `files` are the content.
    pub(super) fn new<'f>(root: &str, files: impl Iterator<Item = &'f str>) -> Self {
        Self { root: root.to_owned(), languages: Languages::of(files) }
    }
}

impl Rules for Plain {
    fn place(&self, leaf: &Leaf<'_>) -> Result<Place, NoPage> {
        if is_navigation(leaf.path) {
            return Err(NoPage("it is navigation that other pages show".to_owned()));
        }
        let lang = self.languages.find(leaf.path).map(Into::into);
        let path = within(leaf.path, &self.root).unwrap_or(leaf.path);
        let leaf = Leaf { path, ..*leaf };
        Ok(Place { url: url(&leaf), stem_title: stem_title(path), lang, ..Place::default() })
    }

    fn order(&self, _placed: &[Placed]) -> Order {
        Order::default()
    }
}

/// The address of a page: the one that it declares, else the path of its file with the last segment that it declares.
fn url(leaf: &Leaf<'_>) -> String {
    if let Some(url) = leaf.text("url").or_else(|| leaf.text("permalink")) {
        return if url.contains("://") { url.to_owned() } else { encode(&format!("/{}", url.trim_start_matches('/'))) };
    }
    let segments = segments(leaf.path);
    let is_index = stem_of(leaf.path).rsplit('/').next().is_some_and(is_index);
    let folder = &segments[..segments.len().saturating_sub(usize::from(!is_index))];
    // An `id` names a page within its folder and no folder, as Docusaurus has it.
    let id = leaf.text("id").filter(|_| !is_index).map(|id| id.split_once(':').map_or(id, |(_, id)| id));
    let path = match leaf.text("slug").or(id) {
        Some(rooted) if rooted.starts_with('/') => rooted.trim_start_matches('/').to_owned(),
        Some(name) => join(&folder.join("/"), name),
        None => segments.join("/"),
    };
    encode(&format!("/{path}"))
}

/// The address of the file at `path` where it says nothing itself.
pub(crate) fn plain_url(path: &str) -> String {
    encode(&format!("/{}", segments(path).join("/")))
}

/// The address of the file at `path` with nothing left out but its ending.
pub(crate) fn exact_url(path: &str) -> String {
    encode(&format!("/{}", stem_of(path)))
}

/// The name of a file as a title; that of its folder for an index below the top.
pub(super) fn stem_title(path: &str) -> String {
    segments(path).last().copied().unwrap_or_else(|| stem_of(path)).to_owned()
}

/// A path without the extension of Markdown.
pub(crate) fn stem_of(path: &str) -> &str {
    if gradus_corpus::names::is_markdown(path) { without_extension(path) } else { path }
}

/// `01-intro` as `intro`; a date, a year or a version is no number before a name.
pub(crate) fn without_number(segment: &str) -> &str {
    let rest = segment.trim_start_matches(|char: char| char.is_ascii_digit());
    if segment.len() - rest.len() > MAX_DIGITS || matches!(rest, ".html" | ".htm") {
        return segment;
    }
    let stripped = rest.strip_prefix(['-', '_', '.']).map(|rest| rest.trim_start_matches([' ', '-']));
    stripped
        .filter(|rest| rest.len() < segment.len() - 1 && !rest.is_empty() && rest.starts_with(char::is_alphabetic))
        .unwrap_or(segment)
}

/// Whether docsify, or a wiki of GitHub, shows the file around pages.
fn is_navigation(path: &str) -> bool {
    let name = stem_of(path).rsplit('/').next().unwrap_or_default();
    ["_sidebar", "_navbar", "_coverpage", "_header", "_footer"].iter().any(|own| name.eq_ignore_ascii_case(own))
}

/// Whether a page stands for its folder.
pub(crate) fn is_index(stem: &str) -> bool {
    matches!(stem, "index" | "_index" | "README" | "readme")
}

/// Digits of a number that orders files: four are a year.
const MAX_DIGITS: usize = 3;

/// The segments of a path without extension, numbers and a last `index`.
pub(crate) fn segments(path: &str) -> Vec<&str> {
    let named = stem_of(path).split('/').filter(|segment| !segment.is_empty() && *segment != ".");
    let mut segments: Vec<&str> = named.map(without_number).collect();
    if segments.last().is_some_and(|last| is_index(last)) {
        segments.pop();
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_addresses() {
        let url = |path: &str| url(&Leaf { path, fields: &[], body: "", has_front_matter: false });
        let cases = ["01-intro.md", "docs/02_setup/README.md", "a/b c.mdx", "3d.md", "2024.md", "1.2.md", "index.md"];
        assert_eq!(cases.map(url), ["/intro", "/docs/setup", "/a/b%20c", "/3d", "/2024", "/1.2", "/"]);
    }
}
