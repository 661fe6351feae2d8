//! Which page of a built site a page of Markdown is.

use rustc_hash::{FxHashMap, FxHashSet};

use super::BuiltPage;
use crate::site::{decoded, segments};
use gradus_corpus::Page;
use gradus_corpus::names::fold;
use gradus_corpus::normal::normal;

/// Headings that two pages must share to be one for their headings alone.
const MIN_SHARED: usize = 2;

/// For each of `own` the number of the built page that it is, if any is; each built page once. Signs are tried one after the
/// other over all pages: the address that the generator's rules make, the path of the file, the end of it, the title, the
/// headings. All but the first must agree with what the pages say.
pub(super) fn matched(own: &[&Page], built: &[BuiltPage], content_root: &str, base_path: &str) -> Vec<Option<usize>> {
    let mut matching = PageMatching { own, built, found: vec![None; own.len()], is_taken: vec![false; built.len()] };
    let by_address = |page: &BuiltPage| vec![key(&without_base(&page.url, base_path)), key(&page.path)];
    matching.by_key(|page| vec![key(&without_base(&page.url, base_path))], by_address, |_, _| true);
    matching.by_key(|page| path_keys(page, content_root), by_address, may_be_one);
    for n in [3, 2, 1] {
        let ending = |key: String| ending(&key, n);
        let own = |page: &Page| path_keys(page, content_root).into_iter().filter_map(ending).collect();
        let built = |page: &BuiltPage| by_address(page).into_iter().filter_map(ending).collect();
        matching.by_key(own, built, are_alike);
    }
    matching.by_key(|page| vec![fold(&page.title)], |page| vec![page.title.clone()], may_be_one);
    matching.by_headings();
    matching.found
}

struct PageMatching<'a> {
    own: &'a [&'a Page],
    built: &'a [BuiltPage],
    found: Vec<Option<usize>>,
    is_taken: Vec<bool>,
}

impl PageMatching<'_> {
    /// Matches what has a key that no other has, if `agrees`.
    fn by_key(
        &mut self,
        own_keys: impl Fn(&Page) -> Vec<String>,
        built_keys: impl Fn(&BuiltPage) -> Vec<String>,
        agrees: impl Fn(&Page, &BuiltPage) -> bool,
    ) {
        // With each key the one page that has it; nothing where several have.
        let mut by_key: FxHashMap<String, Option<usize>> = FxHashMap::default();
        for (idx, page) in self.built.iter().enumerate().filter(|(idx, _)| !self.is_taken[*idx]) {
            for key in built_keys(page).into_iter().collect::<FxHashSet<_>>() {
                by_key.entry(key).and_modify(|page| *page = None).or_insert(Some(idx));
            }
        }
        let mut wanted: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
        for (idx, page) in self.own.iter().enumerate().filter(|(idx, _)| self.found[*idx].is_none()) {
            let target = own_keys(page).into_iter().find_map(|key| by_key.get(&key).copied().flatten());
            if let Some(target) = target.filter(|target| agrees(page, &self.built[*target])) {
                wanted.entry(target).or_default().push(idx);
            }
        }
        for (target, pages) in wanted {
            if let [page] = pages.as_slice() {
                self.take(*page, target);
            }
        }
    }

    /// Matches pages that share most of their headings and no more of them with any other.
    fn by_headings(&mut self) {
        let mut by_heading: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for (idx, page) in self.built.iter().enumerate().filter(|(idx, _)| !self.is_taken[*idx]) {
            for title in titles_of(page) {
                by_heading.entry(title).or_default().push(idx);
            }
        }
        let mut wanted: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
        for (idx, page) in self.own.iter().enumerate().filter(|(idx, _)| self.found[*idx].is_none()) {
            let own = headings_of(page);
            let mut shared: FxHashMap<usize, usize> = FxHashMap::default();
            for built in own.iter().filter_map(|title| by_heading.get(&**title)).flatten() {
                *shared.entry(*built).or_default() += 1;
            }
            let mut best: Vec<(usize, usize)> = shared.into_iter().map(|(built, n)| (n, built)).collect();
            best.sort_unstable_by(|a, b| b.cmp(a));
            let is_only = best.len() < 2 || best[0].0 > best[1].0;
            if let Some((n, built)) = best.first().copied().filter(|_| is_only)
                && n >= MIN_SHARED
                && n * 2 > own.len().max(titles_of(&self.built[built]).len())
            {
                wanted.entry(built).or_default().push(idx);
            }
        }
        for (target, pages) in wanted {
            if let [page] = pages.as_slice() {
                self.take(*page, target);
            }
        }
    }

    fn take(&mut self, page: usize, built: usize) {
        self.found[page] = Some(built);
        self.is_taken[built] = true;
    }
}

/// The headings of a page, each once, as names are compared.
fn headings_of(page: &Page) -> FxHashSet<String> {
    let own = page.sections.iter().filter(|section| section.level > 0);
    own.map(|section| fold(&section.title)).collect()
}

fn titles_of(page: &BuiltPage) -> FxHashSet<&str> {
    page.headings.iter().map(|heading| heading.title.as_str()).collect()
}

/// Whether nothing speaks against two pages being one: they share a title or a heading, or one says too little to tell.
fn may_be_one(own: &Page, built: &BuiltPage) -> bool {
    are_alike(own, built) || headings_of(own).is_empty() || built.headings.is_empty()
}

/// Whether two pages share their title or a heading.
fn are_alike(own: &Page, built: &BuiltPage) -> bool {
    let headings = headings_of(own);
    fold(&own.title) == built.title || titles_of(built).iter().any(|title| headings.contains(*title))
}

/// The path of an address without host and the path of the site.
fn without_base(url: &str, base_path: &str) -> String {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest.find('/').map_or("/", |at| &rest[at..]));
    path.strip_prefix(base_path.trim_end_matches('/')).unwrap_or(path).to_owned()
}

/// A path or address as pages are compared by it: without encoding, casing, ending and `index`.
fn key(path: &str) -> String {
    let decoded = decoded(path.split(['#', '?']).next().unwrap_or_default());
    let path = normal(decoded.trim_matches('/'));
    let path = path.strip_suffix(".html").or_else(|| path.strip_suffix(".htm")).unwrap_or(&path);
    let path = path.strip_suffix("index").filter(|rest| rest.is_empty() || rest.ends_with('/')).unwrap_or(path);
    path.trim_matches('/').replace(' ', "-")
}

/// What the path of a page's file may be in an address.
fn path_keys(page: &Page, content_root: &str) -> Vec<String> {
    let path = &*page.path;
    let inner = path.strip_prefix(content_root).filter(|rest| rest.starts_with('/')).unwrap_or(path);
    let stem = crate::site::stem_of(inner);
    [stem.to_owned(), segments(inner).join("/"), segments(path).join("/")].iter().map(|path| key(path)).collect()
}

/// The last `n` segments of a key; `None` where it has fewer.
fn ending(key: &str, n: usize) -> Option<String> {
    let segments: Vec<&str> = key.split('/').filter(|segment| !segment.is_empty()).collect();
    (segments.len() >= n).then(|| segments[segments.len() - n..].join("/"))
}
