//! What the pages of a site have in common, looked at before any of them is read.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::head::Head;
use super::tree::Tree;
use crate::site::{decoded, encoded, is_site_address};
use crate::sitemap::{forms, locations};
use crate::source::{Input, decode};

/// What divides the title of a page from that of its site.
const DIVIDERS: &[&str] = &[" | ", " - ", " – ", " — ", " · ", " :: ", " » ", " • ", " / "];
/// Redirects that are followed one after the other.
const MAX_REDIRECTS: usize = 8;

/// What is known of a site.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    /// Whether any page marks its content for Pagefind: then those that do not are kept out of search.
    pub(super) has_pagefind_body: bool,
    /// Where the site lies: without a slash at its end, and without a host where nobody says one.
    pub(crate) base: String,
    /// What the titles of most pages end with.
    suffix: String,
    /// Descriptions and labels that several pages share.
    common: FxHashSet<String>,
    /// Addresses of pages by their path, relative to the base and decoded.
    addresses: FxHashMap<String, String>,
    /// Paths of pages that are listed, or say themselves where they lie.
    listed: FxHashSet<String>,
    /// Paths that are no pages, and why.
    no_pages: FxHashMap<String, &'static str>,
    /// Addresses that lead to the page at a path.
    old: FxHashMap<String, Vec<String>>,
}

/// A page as far as a survey looks.
struct Glance {
    path: String,
    head: Head,
    /// Whether it is a document and no part of one.
    is_whole: bool,
}

impl Survey {
    /// Looks at the HTML files of `input` at `paths`; `sitemaps` are the paths of its lists of addresses.
    pub(crate) fn of(input: &Input, paths: &[&str], sitemaps: &[&str], base_url: Option<&str>) -> Self {
        let mut survey = Self::default();
        let mut glances = Vec::new();
        let mut rooted = None;
        let mut starts = 0;
        for path in paths {
            // What cannot be read is told when the page itself is.
            let Ok(Some(bytes)) = input.read(path) else { continue };
            let Ok((text, _)) = decode(bytes) else { continue };
            let head = Head::of(&Tree::read(head_of(&text)));
            if is_of_missing(path) {
                // Shown at any address, it is the one page whose links must count from the root of the site.
                rooted = rooted.or_else(|| head.base.clone().filter(|base| base.starts_with('/')));
                survey.no_pages.insert((*path).to_owned(), "it is shown where a page is missing");
                continue;
            }
            starts += starts_in(&text);
            survey.has_pagefind_body |= text.contains("data-pagefind-body");
            glances.push(Glance { path: (*path).to_owned(), head, is_whole: is_whole(&text) });
        }
        let listed: Vec<String> = sitemaps
            .iter()
            .filter_map(|path| Some(locations(&String::from_utf8(input.read(path).ok()??).ok()?)))
            .flatten()
            .collect();
        survey.locate(&glances, &listed, base_url);
        if survey.base.is_empty() {
            survey.base = rooted.map(|base| base.trim_end_matches('/').to_owned()).unwrap_or_default();
        }
        if starts > 0 {
            survey.name_starts(&glances);
        }
        survey.leave_parts_out(&mut glances);
        survey.redirects(&glances);
        glances.retain(|glance| glance.head.refresh.is_none());
        survey.suffix =
            common_suffix(&glances.iter().filter_map(|glance| glance.head.title.as_deref()).collect::<Vec<_>>());
        survey.common = shared(&glances);
        survey
    }

    /// Why the file at `path` is no page.
    pub(crate) fn no_page(&self, path: &str) -> Option<&'static str> {
        self.no_pages.get(path).copied()
    }

    /// The title of a page without that of its site.
    pub(super) fn bare_title(&self, title: &str) -> String {
        title.strip_suffix(&self.suffix).filter(|bare| !bare.trim().is_empty()).unwrap_or(title).trim().to_owned()
    }

    /// Whether several pages say this of themselves.
    pub(super) fn is_common(&self, text: &str) -> bool {
        self.common.contains(text)
    }

    /// The address of the page at `path`: whole where the site says where it lies, else from the root.
    pub(crate) fn address(&self, path: &str) -> String {
        let inner = self.addresses.get(path).cloned().unwrap_or_else(|| forms(path).swap_remove(0));
        format!("{}/{}", self.base, encoded(&inner))
    }

    /// The paths from the root at which the page at `path` lay before.
    pub(crate) fn old_addresses(&self, path: &str) -> &[String] {
        self.old.get(path).map_or(&[], Vec::as_slice)
    }

    /// Finds out where the site lies and which address each page has, by what pages say of themselves and what is listed.
    fn locate(&mut self, glances: &[Glance], listed: &[String], base_url: Option<&str>) {
        // Pages that lead on say where the other page lies.
        let said = glances.iter().filter(|glance| glance.head.refresh.is_none()).filter_map(|glance| {
            let url = decoded(glance.head.canonical.as_deref()?);
            Some((url, glance.path.as_str()))
        });
        let mut by_form: FxHashMap<String, &str> = FxHashMap::default();
        for glance in glances {
            forms(&glance.path).into_iter().for_each(|form| {
                by_form.entry(form).or_insert(&glance.path);
            });
        }
        let listed = listed.iter().filter_map(|url| {
            let url = decoded(url);
            let mut starts = url.match_indices('/').map(|(at, _)| at + 1).filter(|at| url[..*at].contains("://"));
            let path = starts.find_map(|at| by_form.get(&url[at..]).copied())?;
            Some((url, path))
        });
        let placed: Vec<(String, &str, String, String)> = said
            .chain(listed)
            .filter_map(|(url, path)| {
                let own = forms(path).into_iter().filter(|form| url.ends_with(&format!("/{form}")));
                let form = own.max_by_key(String::len)?;
                let base = url[..url.len() - form.len() - 1].to_owned();
                Some((url, path, base, form))
            })
            .collect();
        self.listed = placed.iter().map(|(_, path, ..)| (*path).to_owned()).collect();
        let mut votes: BTreeMap<&str, usize> = BTreeMap::new();
        placed.iter().for_each(|(_, _, base, _)| *votes.entry(base).or_default() += 1);
        let base = votes.iter().max_by_key(|(base, n)| (**n, std::cmp::Reverse(**base))).map(|(base, _)| *base);
        let base = base.unwrap_or_default().to_owned();
        let mut n_bare = 0_i64;
        for (_, path, own, form) in &placed {
            if *own == base && !self.addresses.contains_key(*path) {
                if is_file(path) {
                    n_bare += if form.ends_with(".html") { -1 } else { 1 };
                }
                self.addresses.insert((*path).to_owned(), form.clone());
            }
        }
        // A page that says nothing lies where pages of its kind do.
        for glance in glances.iter().filter(|glance| n_bare > 0 && is_file(&glance.path)) {
            let bare = forms(&glance.path).into_iter().nth(1).unwrap_or_default();
            self.addresses.entry(glance.path.clone()).or_insert(bare);
        }
        self.base = base_url.map_or_else(|| public_base(&base), str::to_owned);
    }

    /// Gives the pages that stand for folders, and say nothing else, the addresses of their files.
    fn name_starts(&mut self, glances: &[Glance]) {
        for glance in glances.iter().filter(|glance| !is_file(&glance.path)) {
            self.addresses.entry(glance.path.clone()).or_insert_with(|| glance.path.clone());
        }
    }

    /// Leaves out what is put into other pages: parts of documents that nobody lists, in a site of whole ones.
    fn leave_parts_out(&mut self, glances: &mut Vec<Glance>) {
        if !glances.iter().any(|glance| glance.is_whole) {
            return;
        }
        let is_part = |glance: &Glance| !glance.is_whole && !self.listed.contains(&glance.path);
        let parts = glances.extract_if(.., |glance| is_part(glance));
        self.no_pages.extend(parts.map(|glance| (glance.path, "it is a part of a page")));
    }

    /// Notes which pages only lead to others, and where from.
    fn redirects(&mut self, glances: &[Glance]) {
        let root = |url: &str| {
            url.split_once("://").map_or(url, |(_, rest)| rest.find('/').map_or("/", |at| &rest[at..])).to_owned()
        };
        let mut at: FxHashMap<String, &str> = FxHashMap::default();
        let base = root(&format!("{}/", self.base));
        for glance in glances {
            for form in forms(&glance.path) {
                at.entry(format!("{base}{form}")).or_insert(&glance.path);
            }
        }
        let mut next: FxHashMap<&str, &str> = FxHashMap::default();
        for glance in glances {
            let Some(target) = &glance.head.refresh else { continue };
            self.no_pages.insert(glance.path.clone(), "it leads its readers on to another page");
            let own = root(&self.address(&glance.path));
            let target = joined(&decoded(&own), &decoded(target.split(['#', '?']).next().unwrap_or_default()));
            if let Some(page) = at.get(&root(&target)) {
                next.insert(&glance.path, page);
            }
        }
        for from in next.keys().copied().collect::<std::collections::BTreeSet<_>>() {
            let mut ways = std::iter::successors(Some(from), |page| next.get(page).copied());
            if let Some(page) = ways.by_ref().take(MAX_REDIRECTS).find(|page| !next.contains_key(page)) {
                let address = root(&self.address(from));
                self.old.entry(page.to_owned()).or_default().push(address);
            }
        }
    }
}

/// Whether a page has a file name of its own in its address.
fn is_file(path: &str) -> bool {
    path.rsplit('/').next() != Some("index.html")
}

/// A base that readers can reach; of one that only its author can, the path. What is no address of the web is none: it would stand
/// before the path of every page.
fn public_base(base: &str) -> String {
    let Some((_, rest)) = base.split_once("://").filter(|_| is_site_address(base)) else { return String::new() };
    let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let name = host.split(':').next().unwrap_or_default();
    let is_local = matches!(name, "localhost" | "127.0.0.1" | "0.0.0.0" | "[");
    if is_local { path.to_owned() } else { base.to_owned() }
}

/// `target` as a link at the address `from` means it.
fn joined(from: &str, target: &str) -> String {
    if target.starts_with('/') || target.contains("://") {
        return target.to_owned();
    }
    let folder = from.rfind('/').map_or("", |at| &from[..at]);
    let slash = if target.is_empty() || target.ends_with('/') || target.ends_with("..") { "/" } else { "" };
    let inner = crate::site::joined(folder, target);
    if inner.is_empty() { "/".to_owned() } else { format!("/{inner}{slash}") }
}

/// Everything before the body of a document.
fn head_of(html: &str) -> &str {
    let bytes = html.as_bytes();
    let end = memchr::memchr_iter(b'<', bytes).find(|at| {
        let starts =
            |tag: &[u8]| bytes.get(*at..*at + tag.len()).is_some_and(|tag_at| tag_at.eq_ignore_ascii_case(tag));
        starts(b"</head") || starts(b"<body")
    });
    end.map_or(html, |end| &html[..end])
}

/// How many more links of a page lead to the files of folders' pages than to folders.
fn starts_in(html: &str) -> i64 {
    let links = memchr::memmem::find_iter(html.as_bytes(), "href=\"").filter_map(|at| {
        let value = &html[at + "href=\"".len()..];
        value.split(['"', '#', '?']).next().filter(|link| !link.contains(':'))
    });
    links.map(|link| i64::from(link.ends_with("index.html")) - i64::from(link.ends_with('/'))).sum()
}

/// Whether a file is shown where a page is missing.
fn is_of_missing(path: &str) -> bool {
    let name = path.strip_suffix("/index.html").unwrap_or(path).rsplit('/').next().unwrap_or(path);
    matches!(name, "404.html" | "404")
}

/// Whether a file is a whole document.
fn is_whole(html: &str) -> bool {
    let has = |tag: &[u8]| html.as_bytes().windows(tag.len()).any(|at| at.eq_ignore_ascii_case(tag));
    has(b"<html") || has(b"<title")
}

/// What the titles of most pages end with, from its divider on.
fn common_suffix(titles: &[&str]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for title in titles {
        let ends = DIVIDERS.iter().flat_map(|divider| title.match_indices(divider).map(|(at, _)| &title[at..]));
        ends.for_each(|end| *counts.entry(end).or_default() += 1);
    }
    // Of a few pages, two that end alike may be two parts of one thing.
    let most = counts.into_iter().filter(|(_, n)| *n >= 2 && *n * 2 > titles.len());
    let longest = most.max_by_key(|(end, n)| (*n, end.len()));
    longest.map(|(end, _)| end.to_owned()).unwrap_or_default()
}

/// Descriptions and labels that more than one page has.
fn shared(glances: &[Glance]) -> FxHashSet<String> {
    let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
    for glance in glances {
        let said = [glance.head.description(), glance.head.keywords()];
        said.into_iter().flatten().for_each(|text| *counts.entry(text).or_default() += 1);
    }
    counts.into_iter().filter(|(_, n)| *n > 1).map(|(text, _)| text.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_most_titles_end_with_is_the_site() {
        assert_eq!(common_suffix(&["A | B | Site", "C | B | Site", "D | Site", "Site"]), " | Site");
        assert_eq!(common_suffix(&["A - Site", "B"]), "");
        assert_eq!(common_suffix(&["How-to", "Know-how"]), "");
    }

    #[test]
    fn targets_are_joined_as_browsers_do() {
        for (from, target, expected) in [
            ("/b/old/", "../new/", "/b/new/"),
            ("/b/old.html", "new.html", "/b/new.html"),
            ("/b/old/", "", "/b/old/"),
            ("/b/", "..", "/"),
            ("/b/", "/c", "/c"),
        ] {
            assert_eq!(joined(from, target), expected, "{from} {target}");
        }
    }

    #[test]
    fn bases_are_where_readers_get() {
        let bases = ["https://x.y/a", "http://localhost:1313/a", "http://localhost:1313", ""];
        assert_eq!(bases.map(public_base), ["https://x.y/a", "/a", "", ""]);
    }
}
