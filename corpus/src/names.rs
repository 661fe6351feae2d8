//! Names: which page is meant?
//!
//! All names of a corpus — ids, titles, other names, paths, the ends of paths, URLs — are keys of one finite-state
//! transducer (crate `fst`). It answers exact references and intersects with a Levenshtein automaton for "did you mean",
//! each in time that does not depend on the number of names. The price is that keys are sorted once.
//!
//! Key decision: a name does not belong to whoever comes first. Each page has a claim to a key, claims have an order
//! (`NameClaim`), and a reference means the pages with the strongest. So an id means its page whatever others are called, and
//! no new file changes what an old id means.

mod finder;
mod keys;
mod table;

pub use finder::Finder;
pub use keys::{
    extension, fold, is_markdown, percent_decoded, place_url, same_name, segments, text_and_name, unwrap_wikilink,
    url_key, without_number,
};

use serde::{Deserialize, Serialize};

use crate::page::{Kind, Page, PageId};
use keys::{bare_path, loose, path_key};
use table::{NameClaim, NameTable};

/// Characters of a reference that are compared when looking for near names.
const NEAR_CHARS: usize = 64;
/// Pages that are looked at where many share a name: so many are no answer to anybody.
const NAMESAKES: usize = 1_000;
/// Characters that names must share at their beginning to be alike.
const ALIKE_CHARS: usize = 3;
/// Characters from which on two edits leave a name recognisable.
const LONG_CHARS: usize = 6;

/// Every name of a corpus and the pages that carry it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Names {
    table: NameTable,
    /// Ids below this are concepts.
    n_concepts: u32,
    /// The path of the site's base URL, without a slash at its end.
    base_path: Box<str>,
}

/// What a reference names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resolved {
    /// Whether it names exactly one page.
    pub exact: bool,
    /// The pages it names, by id: concepts before guides. Empty where it names none.
    pub pages: Vec<PageId>,
}

impl Names {
    /// The names of `pages`, whose ids must be those of a sorted corpus. O(names log names).
    pub fn new<'a>(pages: impl Iterator<Item = (PageId, &'a Page)>, base_url: Option<&str>) -> Self {
        let base_path = base_url.and_then(url_key).map_or_else(String::new, |key| key.trim_end_matches('/').to_owned());
        let mut entries = ClaimList { list: Vec::new() };
        let mut n_concepts = 0;
        for (id, page) in pages {
            if page.kind == Kind::Concept {
                n_concepts = id.0 + 1;
            }
            entries.page(id, page);
        }
        Self { table: NameTable::new(entries.list), n_concepts, base_path: base_path.into() }
    }

    /// The pages that `reference` names: an id, `kind:id`, title or other name, the path of a file or its end, or a URL of
    /// the site; bare, in `[[ ]]` with or without text and heading, or as the target of a Markdown link.
    pub fn resolve(&self, reference: &str) -> Resolved {
        self.resolve_kind(reference, None)
    }

    /// The same among the pages of one kind.
    pub fn resolve_kind(&self, reference: &str, kind: Option<Kind>) -> Resolved {
        let reference = target_of(reference);
        let pages = self.by_any(reference, kind);
        Resolved { exact: pages.len() == 1, pages }
    }

    fn by_any(&self, reference: &str, kind: Option<Kind>) -> Vec<PageId> {
        let mut pages = self.by_name(reference, kind);
        // A guide that is called `C# in depth` is no part of the concept C.
        if pages.is_empty() && reference.contains('#') && !self.by_name(reference, None).is_empty() {
            return pages;
        }
        if pages.is_empty()
            && let Some((prefix, rest)) = reference.split_once(':')
            && let Some(of_prefix) = Kind::parse(prefix).filter(|of_prefix| kind.is_none_or(|kind| kind == *of_prefix))
        {
            return self.by_any(rest, Some(of_prefix));
        }
        if pages.is_empty() {
            let path = reference.strip_prefix("url:").unwrap_or(reference);
            pages = if path.starts_with('/') || path.contains("://") {
                self.by_url(path, kind)
            } else if path.contains('/') || is_markdown(path.split(['#', '?']).next().unwrap_or_default()) {
                self.by_path(path.split(['#', '?']).next().unwrap_or_default(), kind)
            } else {
                Vec::new()
            };
        }
        if pages.is_empty() {
            pages = self.by_ending(reference, kind);
        }
        match reference.split_once('#') {
            Some((before, _)) if pages.is_empty() && !before.is_empty() => self.by_any(before, kind),
            _ => pages,
        }
    }

    /// The pages of which `name` is the id, title or another name: to the letter where some page has it so.
    pub fn by_name(&self, name: &str, kind: Option<Kind>) -> Vec<PageId> {
        let name = name.trim();
        let to_the_letter = |claim| (claim <= NameClaim::Alias).then_some(claim);
        let pages = self.strongest(self.table.get(name), kind, to_the_letter);
        if !pages.is_empty() {
            return pages;
        }
        // What is written in the folded form has one key for both, with the stronger claim.
        self.strongest(self.table.get(&fold(name)), kind, |claim| match claim {
            NameClaim::Id | NameClaim::IdFolded => Some(NameClaim::IdFolded),
            NameClaim::Title | NameClaim::TitleFolded => Some(NameClaim::TitleFolded),
            NameClaim::Alias | NameClaim::AliasFolded => Some(NameClaim::AliasFolded),
            _ => None,
        })
    }

    /// The pages that have this id, or full id, to the letter: of a short id at most one of each kind.
    pub fn by_id(&self, id: &str) -> Vec<PageId> {
        self.strongest(self.table.get(id), None, |claim| (claim == NameClaim::Id).then_some(claim))
    }

    /// The pages whose file lies at `path`, relative to the source, with or without extension; then those whose URL has
    /// this path. Empty for a path that leads out of the source.
    pub fn by_path(&self, path: &str, kind: Option<Kind>) -> Vec<PageId> {
        let Some(key) = path_key(path) else { return Vec::new() };
        let pages = self.by_key(&key, kind);
        if pages.is_empty() { self.by_url(path, kind) } else { pages }
    }

    /// The pages whose file lies at `path`, and no others.
    pub fn by_file(&self, path: &str, kind: Option<Kind>) -> Vec<PageId> {
        path_key(path).map_or_else(Vec::new, |key| self.by_key(&key, kind))
    }

    /// The pages that are or were shown at `url`: its path from the root of the host or from the site's base URL; the
    /// host is not compared. Where no URL has it, a file's path from the root of the source.
    pub fn by_url(&self, url: &str, kind: Option<Kind>) -> Vec<PageId> {
        let mut pages = self.by_shown_url(url, kind);
        if pages.is_empty() && !url.contains("://") {
            pages = self.by_file(url.split(['#', '?']).next().unwrap_or_default(), kind);
        }
        pages
    }

    /// The same without paths of files.
    pub fn by_shown_url(&self, url: &str, kind: Option<Kind>) -> Vec<PageId> {
        let Some(key) = url_key(url) else { return Vec::new() };
        let pages = self.by_key(&key, kind);
        if !pages.is_empty() || self.base_path.is_empty() {
            return pages;
        }
        self.by_key(&format!("{}{}", self.base_path, key.trim_end_matches('/')), kind)
    }

    /// The pages whose path ends with `ending`: the stem of a file, its folder's name where it is an index, either with
    /// folders before it (`ml/setup`).
    pub fn by_ending(&self, ending: &str, kind: Option<Kind>) -> Vec<PageId> {
        let ending = ending.split('#').next().unwrap_or_default();
        let Some(segments) = segments(ending) else { return Vec::new() };
        let written = segments.join("/");
        let key = ending_key(bare_path(&written));
        let pages = self.strongest(self.table.get(&key), kind, |claim| (claim == NameClaim::Ending).then_some(claim));
        if !pages.is_empty() || bare_path(&written) == written {
            return pages;
        }
        // `index` and `README` are also stems.
        let key = ending_key(&written);
        self.strongest(self.table.get(&key), kind, |claim| (claim == NameClaim::Ending).then_some(claim))
    }

    /// The pages of a path or URL, to the letter, then in its loose form, then without extension.
    fn by_key(&self, key: &str, kind: Option<Kind>) -> Vec<PageId> {
        let key = if key == "./" { "." } else { key };
        let is_path = |claim| {
            matches!(claim, NameClaim::Path | NameClaim::Url | NameClaim::PathFolded | NameClaim::OldUrl)
                .then_some(claim)
        };
        let pages = self.strongest(self.table.get(key), kind, is_path);
        if !pages.is_empty() {
            return pages;
        }
        let loose_key = loose(key);
        let pages = self.strongest(self.table.get(&loose_key), kind, is_path);
        if !pages.is_empty() || !key.starts_with("./") {
            return pages;
        }
        self.strongest(self.table.get(bare_path(&loose_key)), kind, is_path)
    }

    /// The pages of one kind whose claim, as `counts` sees it, is the strongest; by id.
    fn strongest(
        &self,
        claims: impl Iterator<Item = (NameClaim, PageId)>,
        kind: Option<Kind>,
        counts: impl Fn(NameClaim) -> Option<NameClaim>,
    ) -> Vec<PageId> {
        let mut best: Option<NameClaim> = None;
        let mut pages = Vec::new();
        for (claim, page) in claims.take(NAMESAKES) {
            let Some(claim) = counts(claim).filter(|_| kind.is_none_or(|kind| kind == self.kind(page))) else {
                continue;
            };
            match best {
                Some(best) if claim > best => continue,
                Some(best) if claim == best => {}
                _ => pages.clear(),
            }
            best = Some(claim);
            pages.push(page);
        }
        pages.sort_unstable();
        pages.dedup();
        pages
    }

    fn kind(&self, page: PageId) -> Kind {
        if page.0 < self.n_concepts { Kind::Concept } else { Kind::Guide }
    }

    /// The pages whose names are near to `reference`, nearest first, at most `n`: one edit away, from six characters on two, then
    /// those that share more than its first half. Ties by name, then id.
    pub fn nearest(&self, reference: &str, n: usize) -> Vec<PageId> {
        let wanted = wanted(reference);
        if wanted.is_empty() {
            return Vec::new();
        }
        let mut pages: Vec<PageId> = Vec::new();
        let n_chars = wanted.chars().count();
        let max_edits = if n_chars < LONG_CHARS { u8::from(n_chars > 1) } else { 2 };
        let edited = self.table.within_two_edits(&wanted).into_iter().filter(|(edits, ..)| *edits <= max_edits);
        let alike = self.table.beginning_alike(&wanted, (n_chars / 2 + 1).max(ALIKE_CHARS));
        for value in edited.map(|(_, _, value)| value).chain(alike) {
            for page in self.table.pages(value) {
                if !pages.contains(&page) {
                    pages.push(page);
                }
                if pages.len() >= n {
                    return pages;
                }
            }
        }
        pages
    }

    /// The page whose name is nearest to `reference` in that sense.
    pub fn near(&self, reference: &str) -> Option<PageId> {
        self.nearest(reference, 1).pop()
    }
}

/// The claims of pages while they are gathered.
struct ClaimList {
    list: Vec<(Box<str>, NameClaim, PageId)>,
}

impl ClaimList {
    fn page(&mut self, id: PageId, page: &Page) {
        self.name(&page.slug, NameClaim::Id, NameClaim::IdFolded, id);
        self.name(&page.id(), NameClaim::Id, NameClaim::IdFolded, id);
        self.name(&page.title, NameClaim::Title, NameClaim::TitleFolded, id);
        for name in &page.names {
            self.name(name, NameClaim::Alias, NameClaim::AliasFolded, id);
        }
        // A page without a file of its own may be shown on another's: the URL means that one.
        let by_url = if page.path.is_empty() { NameClaim::OldUrl } else { NameClaim::Url };
        self.path(url_key(&page.url), by_url, id);
        for url in &page.old_urls {
            self.path(url_key(url), NameClaim::OldUrl, id);
        }
        if !page.path.is_empty() {
            self.file(&page.path, id);
        }
    }

    fn name(&mut self, name: &str, exactly: NameClaim, folded: NameClaim, id: PageId) {
        let key = fold(name);
        if key == name {
            return self.add(key, exactly, id);
        }
        self.add(key, folded, id);
        self.add(name.trim(), exactly, id);
    }

    fn path(&mut self, key: Option<String>, claim: NameClaim, id: PageId) {
        let Some(key) = key else { return };
        let loose_key = loose(&key);
        if loose_key != key {
            self.add(loose_key, claim.max(NameClaim::PathFolded), id);
        }
        self.add(key, claim, id);
    }

    fn file(&mut self, path: &str, id: PageId) {
        let Some(key) = path_key(path) else { return };
        self.add(bare_path(&loose(&key)), NameClaim::PathFolded, id);
        self.path(Some(key), NameClaim::Path, id);
        let stem = if is_markdown(path) { path.rsplit_once('.').map_or(path, |(stem, _)| stem) } else { path };
        self.endings(stem, id);
        let bare = bare_path(path);
        if bare != stem {
            self.endings(bare, id);
        }
    }

    /// The ends of a path, each with and without the number that orders its last segment.
    fn endings(&mut self, stem: &str, id: PageId) {
        let last = stem.rsplit('/').next().unwrap_or(stem);
        let plain = without_number(last);
        let starts = std::iter::once(0).chain(stem.match_indices('/').map(|(at, _)| at + 1));
        for start in starts {
            let ending = &stem[start..];
            self.add(ending_key(ending), NameClaim::Ending, id);
            if plain != last {
                let folders = &ending[..ending.len() - last.len()];
                self.add(ending_key(&format!("{folders}{plain}")), NameClaim::Ending, id);
            }
        }
    }

    fn add(&mut self, key: impl Into<Box<str>>, claim: NameClaim, id: PageId) {
        self.list.push((key.into(), claim, id));
    }
}

fn ending_key(ending: &str) -> String {
    fold(ending)
}

/// A reference as near names are looked for.
fn wanted(reference: &str) -> String {
    fold(target_of(reference)).chars().take(NEAR_CHARS).collect()
}

/// The target of a `[[wikilink]]` or of a Markdown link; a reference that is neither as it is.
pub fn target_of(reference: &str) -> &str {
    let reference = reference.trim();
    let inner = unwrap_wikilink(reference);
    if inner != reference {
        return inner;
    }
    let target =
        reference.strip_prefix('[').and_then(|rest| rest.split_once("](")).and_then(|(_, end)| end.strip_suffix(')'));
    target.map_or(reference, |target| target.trim().trim_start_matches('<').trim_end_matches('>'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn concept(slug: &str, title: &str, names: &[&str]) -> Page {
        let mut page = Page::new(Kind::Concept, slug);
        page.title = title.into();
        page.names = names.iter().map(|name| (*name).into()).collect();
        page
    }

    fn guide(slug: &str, title: &str, path: &str, url: &str) -> Page {
        let mut page = Page::new(Kind::Guide, slug);
        (page.title, page.path, page.url) = (title.into(), path.into(), url.into());
        page
    }

    fn pages() -> Vec<Page> {
        vec![
            concept("attention", "Attention", &[]),
            concept("kv-cache", "KV cache", &["key-value cache"]),
            concept("paged-attention", "PagedAttention", &["paged attention"]),
            concept("rag", "RAG", &["retrieval-augmented generation"]),
            guide("a~setup", "Set it up", "a/02-setup.md", "https://example.org/docs/a/setup/"),
            guide("b~setup", "rag", "b/setup/index.md", "https://example.org/docs/b/setup/"),
            guide("gruen", "Grünes", "Über/grün.md", "https://example.org/docs/%C3%BCber/gr%C3%BCn"),
            guide("serving", "Serving", "", "https://example.org/docs/serving"),
        ]
    }

    fn names(pages: &[Page]) -> Names {
        Names::new((0..).map(PageId).zip(pages), Some("https://example.org/docs"))
    }

    #[track_caller]
    fn check(reference: &str, expected: &[&str]) {
        let pages = pages();
        let resolved = names(&pages).resolve(reference);
        let slugs: Vec<&str> = resolved.pages.iter().map(|page| &*pages[page.idx()].slug).collect();
        assert_eq!(slugs, expected, "{reference}");
        assert_eq!(resolved.exact, expected.len() == 1, "{reference}");
    }

    #[test]
    fn every_spelling_of_a_reference_resolves() {
        let kv_cache = ["kv-cache", "KV Cache", "concept:kv-cache", "[[KV cache]]", "[[kv_cache#Size|the cache]]"];
        for reference in
            kv_cache.into_iter().chain(["key value  cache", "/concepts/kv-cache/", "[KV](/concepts/kv-cache)"])
        {
            check(reference, &["kv-cache"]);
        }
        for reference in [
            "https://example.org/docs/serving?x#y",
            "/docs/serving",
            "/serving/",
            "guide:serving",
            "url:/docs/serving/",
            "serving#part",
        ] {
            check(reference, &["serving"]);
        }
        for reference in
            ["a/02-setup.md", "a/02-setup", "./a/02-setup.md#x", "a/setup", "02-setup", "/a/setup/", "set-it-up"]
        {
            check(reference, &["a~setup"]);
        }
        for reference in
            ["Über/grün.md", "gru\u{308}n", "grun", "GRÜN.md", "/docs/über/grün", "/docs/%c3%bcber/gr%c3%bcn/"]
        {
            check(reference, &["gruen"]);
        }
        for reference in ["nothing", "", "../a/02-setup.md", "/nope/", "#x", "[[]]", "concept:a~setup"] {
            check(reference, &[]);
        }
    }

    #[test]
    fn the_strongest_claim_counts_and_equal_claims_are_ambiguous() {
        check("rag", &["rag"]);
        check("RAG", &["rag"]);
        check("Rag", &["rag"]);
        check("setup", &["a~setup", "b~setup"]);
        check("guide:setup", &["a~setup", "b~setup"]);
        check("guide:rag", &["b~setup"]);
        check("b/setup", &["b~setup"]);
        let pages = pages();
        let of_kind = |kind| names(&pages).resolve_kind("rag", Some(kind)).pages;
        assert_eq!((of_kind(Kind::Concept), of_kind(Kind::Guide)), (vec![PageId(3)], vec![PageId(5)]));
    }

    #[test]
    fn an_id_means_its_page_whatever_others_are_called() {
        let mut pages = pages();
        for page in &mut pages[1..] {
            page.names = ["attention", "Attention", "ATTENTION"].map(Into::into).to_vec();
            page.old_urls = vec!["/attention".into()];
        }
        pages[6].title = "attention".into();
        let names = names(&pages);
        assert_eq!(names.resolve("attention").pages, [PageId(0)]);
        assert_eq!(names.resolve("concept:attention").pages, [PageId(0)]);
    }

    #[test]
    fn near_names_are_found_by_edits_and_then_by_beginning() {
        let pages = pages();
        let names = names(&pages);
        assert_eq!(names.nearest("kv-chache", 1), [PageId(1)]);
        assert_eq!(names.nearest("pagedattnetion", 1), [PageId(2)]);
        assert_eq!(names.nearest("retrieval systems", 1), [PageId(3)]);
        assert_eq!(names.nearest("zzz", 3), []);
        assert_eq!(names.near("kv-chache"), Some(PageId(1)));
        assert_eq!(names.near("retrieval"), Some(PageId(3)));
        for far in ["retrospective", "ab", "x", "r", ""] {
            assert_eq!(names.nearest(far, 3), [], "{far}");
        }
    }
}
