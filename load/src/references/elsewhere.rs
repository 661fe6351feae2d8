//! What a site shows that its source does not hold: where nobody can tell whether a link is broken.

use std::collections::BTreeMap;

use super::files::{SourceFiles, joined};
use super::target::LinkTarget;
use super::{Destination, References};
use crate::body::LinkForm;
use gradus_corpus::names::{extension, is_markdown, percent_decoded};
use gradus_corpus::{Page, PageId};

impl References<'_> {
    /// What a relative link is that leads to nothing known: from the file to `path`, from the page to `url`.
    pub(super) fn missing_beside(
        &self,
        page: &Page,
        form: LinkForm,
        path: &str,
        url: Option<&str>,
        target: &LinkTarget<'_>,
    ) -> Destination {
        // Rows of JSON Lines have no files around them: what they link to may be anything but a page.
        let is_ours = is_markdown(&target.path);
        // Such a word may be a label of another project, or what a hook of the site makes of it.
        let is_word =
            !target.path.contains('/') && extension(&target.path).is_none_or(|extension| !is_of_files(extension));
        if self.around.has_labels && !is_ours && !is_image(&target.path) || self.around.has_words && is_word {
            return Destination::Unknowable;
        }
        // Pictures of a site may be named without their folder and ending.
        let is_resource = self.around.has_global_files && form == LinkForm::Image && extension(&target.path).is_none();
        if is_resource || !is_ours && (page.path.is_empty() || !self.around.files.is_tree()) || is_built(&target.path) {
            return Destination::Unknowable;
        }
        if !is_ours && url.is_some_and(|url| self.is_ignored(url)) || self.around.files.is_ignored(path) {
            return Destination::Unknowable;
        }
        if let Some(withheld) = url.and_then(|url| self.around.withheld_below(url)) {
            return Destination::Withheld(withheld);
        }
        // Where the site lies among others is mostly not known; what stands above its root belongs to those.
        let is_above = url.is_none_or(|url| !url.starts_with(&self.around.base_path));
        let leads_out = is_above || SourceFiles::is_outside(path) && url.is_none_or(|url| !self.is_of_site(url));
        if leads_out && !is_ours { Destination::Unknowable } else { Destination::Broken }
    }

    /// Whether a path from the root may lead to what the site shows and the source does not hold.
    pub(super) fn is_elsewhere(&self, path: &str) -> bool {
        is_built(path) || !self.is_of_site(path) || self.is_ignored(path)
    }

    /// The page in its own language that a site shows at `url`, in another, for want of a translation.
    pub(super) fn untranslated(&self, url: &str) -> Option<PageId> {
        let inside = self.inside(url).trim_start_matches('/');
        let (lang, rest) = inside.split_once('/').filter(|_| self.around.falls_back)?;
        let langs = self.langs.get_or_init(|| {
            let mut counts: BTreeMap<String, usize> = BTreeMap::new();
            let said = self.pages.iter().filter_map(|page| page.lang.as_deref());
            said.for_each(|lang| *counts.entry(lang.to_ascii_lowercase()).or_default() += 1);
            let mut langs: Vec<(String, usize)> = counts.into_iter().collect();
            langs.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.cmp(b)));
            langs.into_iter().map(|(lang, _)| lang).collect()
        });
        if !langs.iter().any(|known| known.eq_ignore_ascii_case(lang)) {
            return None;
        }
        // The original lies at the root, or in a folder of its own language.
        let folders = std::iter::once(String::new()).chain(langs.iter().map(|lang| format!("/{lang}")));
        folders
            .into_iter()
            .find_map(|folder| self.names.by_shown_url(&format!("{folder}/{rest}"), None).first().copied())
    }

    /// Whether the page at this URL would be a file that the repository ignores, because a build makes it.
    fn is_ignored(&self, url: &str) -> bool {
        let path = joined(&self.around.content_root, self.inside(url).trim_matches('/'));
        let ends = ["", ".md", ".mdx", "/index.md", "/index.mdx"];
        ends.iter().any(|end| self.around.files.is_ignored(&format!("{path}{end}")))
    }

    /// Whether the source holds everything that the site shows below the first segment of this path.
    fn is_of_site(&self, url: &str) -> bool {
        if !self.around.is_part {
            return true;
        }
        let first = |path: &str| self.inside(path).split('/').find(|segment| !segment.is_empty()).map(str::to_owned);
        let sections = self.sections.get_or_init(|| {
            let mut sections: Vec<String> = self
                .pages
                .iter()
                .filter_map(|page| {
                    let path = page
                        .url
                        .split_once("://")
                        .map_or(&*page.url, |(_, rest)| rest.find('/').map_or("", |at| &rest[at..]));
                    // A page alone at the root is no section.
                    let path = percent_decoded(path);
                    let n_segments = self.inside(&path).split('/').filter(|segment| !segment.is_empty()).count();
                    (n_segments > 1).then(|| first(&path)).flatten()
                })
                .collect();
            sections.sort_unstable();
            sections.dedup();
            sections
        });
        first(url).is_some_and(|first| sections.binary_search(&first).is_ok())
    }
}

/// Whether a path ends as pictures do.
fn is_image(path: &str) -> bool {
    const IMAGES: &[&str] = &["png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "ico"];
    extension(path).is_some_and(|extension| IMAGES.iter().any(|known| extension.eq_ignore_ascii_case(known)))
}

/// Whether an extension is one that files of sites have, and not the end of a dotted name.
fn is_of_files(extension: &str) -> bool {
    is_image(&format!("x.{extension}"))
        || is_markdown(&format!("x.{extension}"))
        || matches!(extension, "html" | "pdf" | "zip")
}

/// SourceFiles and folders that generators make when they build a site.
fn is_built(path: &str) -> bool {
    let path = path.trim_matches('/');
    let name = path.rsplit('/').next().unwrap_or(path);
    let first = path.trim_start_matches("../").split('/').next().unwrap_or(path);
    let is_feed = matches!(
        name,
        "sitemap.xml"
            | "robots.txt"
            | "feed.xml"
            | "rss.xml"
            | "atom.xml"
            | "index.xml"
            | "feed.json"
            | "404.html"
            | "404"
            | "llms.txt"
            | "llms-full.txt"
            | "print.html"
            | "search"
            | "search.html"
            | "genindex"
            | "genindex.html"
            | "modindex"
            | "py-modindex"
            | "py-modindex.html"
            | "objects.inv"
            | "favicon.ico"
            | "rss"
            | "feed"
            | "admin"
    );
    is_feed || matches!(first, "tags" | "tag" | "categories" | "category" | "archive" | "archives" | "authors")
}
