//! Names: which page is meant?
//!
//! All names of a corpus — slugs, full ids, titles, other names, paths, URLs — are keys of one finite-state transducer
//! (crate `fst`). It answers exact references, walks texts to find mentions, and intersects with a Levenshtein automaton
//! for "did you mean", each in time that does not depend on the number of names. The price is that keys are sorted once.

use std::sync::LazyLock;

use fst::{IntoStreamer, Map, MapBuilder, Streamer};
use levenshtein_automata::{Distance, LevenshteinAutomatonBuilder};

use crate::page::{Kind, Page, PageId};

/// Characters of a reference that are compared when looking for near names.
const NEAR_CHARS: usize = 64;
/// Characters that names must share at their beginning to be alike.
const ALIKE_CHARS: usize = 3;
/// Near names that are looked at before the best are chosen.
const NEAR_NAMES: usize = 2_000;
/// Set in a value of the transducer that is a position in `shared` rather than a page.
const SHARED: u64 = 1 << 63;

/// Every name of a corpus and the pages that carry it.
#[derive(Debug)]
pub struct Names {
    keys: Map<Vec<u8>>,
    /// Pages of the names that several pages carry, each run sorted, with its length before it.
    shared: Vec<u32>,
    base_url: Option<Box<str>>,
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
    /// The names of `pages`. O(names log names).
    pub fn new<'a>(pages: impl Iterator<Item = (PageId, &'a Page)>, base_url: Option<&str>) -> Self {
        let mut entries: Vec<(Box<str>, PageId)> = Vec::new();
        for (id, page) in pages {
            let slug = fold(&page.slug);
            let title = fold(&page.title);
            if title != slug {
                entries.push((title.into(), id));
            }
            entries.push((slug.into(), id));
            entries.push((fold(&page.id()).into(), id));
            entries.extend(page.names.iter().map(|name| (fold(name).into(), id)));
            entries.push((path_key(&page.url, base_url).into(), id));
            entries.extend(page.old_urls.iter().map(|url| (path_key(url, base_url).into(), id)));
            if !page.path.is_empty() {
                entries.push((path_key(&page.path, base_url).into(), id));
            }
        }
        entries.retain(|(key, _)| !key.is_empty());
        entries.sort_unstable();
        entries.dedup();
        let (keys, shared) = build(&entries);
        Self { keys, shared, base_url: base_url.map(Into::into) }
    }

    /// The pages that `reference` names: a slug, `kind:slug`, title or other name (case, hyphens, underscores and runs of
    /// space aside), a `[[wikilink]]` with or without text and heading, a path of a file or page, or a URL of the site.
    pub fn resolve(&self, reference: &str) -> Resolved {
        let reference = unwrap_wikilink(reference.trim());
        let mut pages = self.get(&fold(reference));
        if pages.is_empty() && looks_like_path(reference) {
            pages = self.get(&path_key(reference, self.base_url.as_deref()));
        }
        if pages.is_empty()
            && let Some((before, _)) = reference.split_once('#')
            && !before.is_empty()
        {
            return self.resolve(before);
        }
        Resolved { exact: pages.len() == 1, pages }
    }

    /// The pages whose names are nearest to `reference`, best first, at most `n`: by edit distance up to two, then names
    /// that begin alike. Ties by name, then id.
    pub fn nearest(&self, reference: &str, n: usize) -> Vec<PageId> {
        let wanted: String = fold(unwrap_wikilink(reference.trim())).chars().take(NEAR_CHARS).collect();
        if wanted.is_empty() {
            return Vec::new();
        }
        let mut near = self.within_two_edits(&wanted);
        near.sort();
        let mut pages: Vec<PageId> = Vec::new();
        let alike = near.into_iter().map(|(_, _, value)| value);
        for value in alike.chain(self.beginning_alike(&wanted, ALIKE_CHARS)) {
            for page in self.pages_of(value) {
                if !pages.contains(&page) {
                    pages.push(page);
                }
            }
            if pages.len() >= n {
                break;
            }
        }
        pages.truncate(n);
        pages
    }

    /// The page whose name is within two edits of `reference` or shares at least its first half.
    pub fn near(&self, reference: &str) -> Option<PageId> {
        let wanted: String = fold(unwrap_wikilink(reference.trim())).chars().take(NEAR_CHARS).collect();
        let half = wanted.chars().count().div_ceil(2).max(ALIKE_CHARS);
        let edited = self.within_two_edits(&wanted).into_iter().min().map(|(_, _, value)| value);
        let near = edited.or_else(|| self.beginning_alike(&wanted, half).first().copied())?;
        self.pages_of(near).first().copied()
    }

    /// The page that a link in a text of `page` leads to. A wikilink gives a name, any other link a path, relative to the
    /// page's file unless it begins with `/`.
    pub fn link(&self, page: &Page, target: &str, is_wikilink: bool) -> Option<PageId> {
        let bare = target.split(['#', '?']).next().unwrap_or_default();
        if bare.is_empty() {
            return None;
        }
        if is_wikilink {
            return self.resolve(bare).pages.first().copied();
        }
        let is_absolute = bare.contains("://");
        if is_absolute && !self.base_url.as_deref().is_some_and(|base| bare.starts_with(base)) {
            return None;
        }
        let base = self.base_url.as_deref();
        if is_absolute || bare.starts_with('/') {
            return self.get(&path_key(bare, base)).first().copied();
        }
        let folder = |path: &str| path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
        let by_file = path_key(&format!("{}/{bare}", folder(&page.path)), None);
        let by_url = || path_key(&format!("{}/{bare}", folder(&path_key(&page.url, base))), None);
        let found = if page.path.is_empty() { Vec::new() } else { self.get(&by_file) };
        found.first().copied().or_else(|| self.get(&by_url()).first().copied())
    }

    fn within_two_edits(&self, wanted: &str) -> Vec<(u8, String, u64)> {
        static BUILDER: LazyLock<LevenshteinAutomatonBuilder> =
            LazyLock::new(|| LevenshteinAutomatonBuilder::new(2, true));
        let automaton = BUILDER.build_dfa(wanted);
        let mut near = Vec::new();
        let mut found = self.keys.search(&automaton).into_stream();
        while let Some((key, value)) = found.next() {
            if let (Distance::Exact(edits), Ok(key)) = (automaton.eval(key), std::str::from_utf8(key)) {
                near.push((edits, key.to_owned(), value));
            }
            if near.len() == NEAR_NAMES {
                break;
            }
        }
        near
    }

    /// Names that share the longest beginning with `wanted`, of `n_chars` at least, shortest name first.
    fn beginning_alike(&self, wanted: &str, n_chars: usize) -> Vec<u64> {
        let ends = wanted.char_indices().map(|(at, char)| at + char.len_utf8());
        let ends: Vec<usize> = ends.skip(n_chars.saturating_sub(1)).collect();
        for end in ends.into_iter().rev() {
            let prefix = &wanted[..end];
            let mut alike = Vec::new();
            let mut found = self.keys.range().ge(prefix).into_stream();
            while let Some((key, value)) = found.next() {
                if !key.starts_with(prefix.as_bytes()) || alike.len() == NEAR_NAMES {
                    break;
                }
                alike.push((key.len(), key.to_owned(), value));
            }
            if !alike.is_empty() {
                alike.sort();
                return alike.into_iter().map(|(_, _, value)| value).collect();
            }
        }
        Vec::new()
    }

    fn get(&self, key: &str) -> Vec<PageId> {
        self.keys.get(key).map_or_else(Vec::new, |value| self.pages_of(value))
    }

    fn pages_of(&self, value: u64) -> Vec<PageId> {
        if value & SHARED == 0 {
            return u32::try_from(value).map(PageId).into_iter().collect();
        }
        let Ok(at) = usize::try_from(value & !SHARED) else { return Vec::new() };
        let n = self.shared[at] as usize;
        self.shared[at + 1..=at + n].iter().copied().map(PageId).collect()
    }
}

/// A transducer from sorted `entries`.
fn build(entries: &[(Box<str>, PageId)]) -> (Map<Vec<u8>>, Vec<u32>) {
    let mut shared = Vec::new();
    let mut builder = MapBuilder::memory();
    for run in entries.chunk_by(|(a, _), (b, _)| a == b) {
        let value = if let [(_, page)] = run {
            u64::from(page.0)
        } else {
            let at = shared.len() as u64;
            shared.push(u32::try_from(run.len()).unwrap_or(u32::MAX));
            shared.extend(run.iter().map(|(_, page)| page.0));
            SHARED | at
        };
        // Keys come sorted and each once, which is all that the builder asks for.
        let inserted = builder.insert(run[0].0.as_bytes(), value);
        debug_assert!(inserted.is_ok());
    }
    (builder.into_map(), shared)
}

/// A name in the form in which names are compared: lower case, hyphens, underscores and space as one space.
pub fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for char in name.chars() {
        match fold_char(char) {
            None => {
                if !folded.is_empty() && !folded.ends_with(' ') {
                    folded.push(' ');
                }
            }
            Some('’') => folded.push('\''),
            Some(char) => folded.extend(char.to_lowercase()),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Whether two names are the same but for case, hyphens, underscores and space.
pub fn same_name(a: &str, b: &str) -> bool {
    fold(a) == fold(b)
}

/// `None` for what separates words.
pub fn fold_char(char: char) -> Option<char> {
    (!(char.is_whitespace() || matches!(char, '-' | '_' | '‐' | '‑' | '–'))).then_some(char)
}

/// `[[Name|text]]` and `[[Name#Heading]]` as `Name`, everything else as it is.
pub fn unwrap_wikilink(reference: &str) -> &str {
    let Some(inner) = reference.strip_prefix("[[").and_then(|inner| inner.strip_suffix("]]")) else {
        return reference;
    };
    let name = inner.split('|').next().unwrap_or(inner);
    match name.split_once('#') {
        Some((name, _)) if !name.trim().is_empty() => name.trim(),
        _ => name.trim(),
    }
}

fn looks_like_path(reference: &str) -> bool {
    reference.contains('/') || is_markdown(reference.split(['#', '?']).next().unwrap_or_default())
}

/// Whether `path` has the extension of a Markdown file.
pub fn is_markdown(path: &str) -> bool {
    let extension = path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    matches!(extension.as_deref(), Some("md" | "mdx" | "markdown"))
}

/// A path or URL in the form in which they are compared: from the root, without extension, `index`, query, fragment and
/// slash at the end.
pub fn path_key(path: &str, base_url: Option<&str>) -> String {
    let path = path.strip_prefix("url:").unwrap_or(path);
    let path = path.split(['#', '?']).next().unwrap_or_default();
    let path = base_url.and_then(|base| path.strip_prefix(base)).unwrap_or(path);
    let path = match path.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => path,
    };
    let path = if is_markdown(path) { path.rsplit_once('.').map_or(path, |(stem, _)| stem) } else { path };
    let path = path.strip_suffix(".html").unwrap_or(path);
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    if segments.last().is_some_and(|last| matches!(*last, "index" | "_index" | "README" | "readme")) {
        segments.pop();
    }
    // Some sites serve `/About` and `/about` alike, and authors link accordingly; none serves two pages there.
    format!("/{}", segments.join("/")).to_lowercase()
}

/// Finds the names of concepts in texts.
pub struct Finder {
    names: Map<Vec<u8>>,
    /// For each concept and name with a casing of its own: the casing. Sorted.
    cased: Vec<(PageId, Box<str>)>,
}

/// A single word that stands for a concept only as it is written: an everyday word, or an acronym that spells one.
fn needs_casing(name: &str) -> bool {
    static EVERYDAY: LazyLock<Vec<&str>> = LazyLock::new(|| {
        let mut words: Vec<&str> = include_str!("everyday.txt").split_whitespace().collect();
        words.sort_unstable();
        words
    });
    let is_acronym = name.len() <= 4 && name.chars().all(|char| char.is_uppercase() || char.is_numeric());
    let is_word = !fold(name).contains(' ');
    is_word && (is_acronym || EVERYDAY.binary_search(&name.to_lowercase().as_str()).is_ok())
}

impl Finder {
    /// A finder for the titles and names of the concepts among `pages`. A name that several carry belongs to the first.
    pub fn new<'a>(pages: impl Iterator<Item = (PageId, &'a Page)>) -> Self {
        let mut entries: Vec<(Box<str>, PageId)> = Vec::new();
        let mut cased = Vec::new();
        for (id, page) in pages.filter(|(_, page)| page.kind == Kind::Concept) {
            for name in std::iter::once(&page.title).chain(&page.names) {
                entries.push((fold(name).into(), id));
                if needs_casing(name) {
                    cased.push((id, name.clone()));
                }
            }
        }
        entries.retain(|(key, _)| !key.is_empty());
        entries.sort_unstable();
        entries.dedup_by(|later, kept| later.0 == kept.0);
        cased.sort_unstable();
        Self { names: build(&entries).0, cased }
    }

    /// Calls `found` with each name in `text` and its byte offset: whole words, the longest at each place, none inside
    /// another. O(text).
    pub fn find(&self, text: &str, mut found: impl FnMut(PageId, usize)) {
        let mut skip_to = 0;
        let mut before = ' ';
        for (at, char) in text.char_indices() {
            let starts_word = char.is_alphanumeric() && !(before.is_alphanumeric() || before == '_');
            before = char;
            if starts_word
                && at >= skip_to
                && let Some((concept, end)) = self.longest(text, at)
            {
                found(concept, at);
                skip_to = end;
            }
        }
    }

    /// The longest name that starts at `start`, and where it ends. A plural `s` belongs to it.
    fn longest(&self, text: &str, start: usize) -> Option<(PageId, usize)> {
        let transducer = self.names.as_fst();
        let mut node = transducer.root();
        let mut value = fst::raw::Output::zero();
        let mut best = None;
        let mut in_gap = false;
        let mut utf8 = [0; 4];
        let chars = text[start..].char_indices();
        for (at, char) in chars {
            let folded = fold_char(char).map(|char| if char == '’' { '\'' } else { char });
            if folded.is_none() && in_gap {
                continue;
            }
            in_gap = folded.is_none();
            for lower in folded.unwrap_or(' ').to_lowercase() {
                for byte in lower.encode_utf8(&mut utf8).bytes() {
                    let Some(idx) = node.find_input(byte) else { return best };
                    let step = node.transition(idx);
                    value = value.cat(step.out);
                    node = transducer.node(step.addr);
                }
            }
            let end = start + at + char.len_utf8();
            if node.is_final() && !in_gap {
                let name_end = word_end(text, end);
                let page = u32::try_from(value.cat(node.final_output()).value()).map(PageId);
                if let (Some(name_end), Ok(page)) = (name_end, page)
                    && self.is_cased_right(page, &text[start..end])
                {
                    best = Some((page, name_end));
                }
            }
        }
        best
    }

    fn is_cased_right(&self, page: PageId, written: &str) -> bool {
        let start = self.cased.partition_point(|(cased, _)| *cased < page);
        let casings = self.cased[start..].iter().take_while(|(cased, _)| *cased == page).map(|(_, name)| name);
        let mut alike = casings.filter(|name| fold(name) == fold(written)).peekable();
        alike.peek().is_none() || alike.any(|name| **name == *written)
    }
}

/// Where the word that a name ends in ends: at `end`, or one plural `s` later; `None` where the word goes on.
fn word_end(text: &str, end: usize) -> Option<usize> {
    let goes_on = |at: usize| text[at..].chars().next().is_some_and(|next| next.is_alphanumeric() || next == '_');
    if !goes_on(end) {
        return Some(end);
    }
    (text[end..].starts_with('s') && !goes_on(end + 1)).then_some(end + 1)
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

    fn pages() -> Vec<Page> {
        let mut guide = Page::new(Kind::Guide, "serving");
        guide.url = "/docs/serving".into();
        vec![
            concept("attention", "Attention", &[]),
            concept("kv-cache", "KV cache", &["key-value cache"]),
            concept("paged-attention", "PagedAttention", &["paged attention"]),
            concept("rag", "RAG", &["retrieval-augmented generation"]),
            guide,
        ]
    }

    fn names(pages: &[Page]) -> Names {
        Names::new((0..).map(PageId).zip(pages), Some("https://example.org"))
    }

    #[test]
    fn every_spelling_of_a_reference_resolves() {
        let pages = pages();
        let names = names(&pages);
        let kv_cache = ["kv-cache", "KV Cache", "concept:kv-cache", "[[KV cache]]", "[[kv_cache#Size|the cache]]"];
        for reference in kv_cache.into_iter().chain(["key value  cache", "/concepts/kv-cache/"]) {
            assert_eq!(names.resolve(reference).pages, [PageId(1)], "{reference}");
        }
        for reference in
            ["https://example.org/docs/serving?x#y", "/docs/serving", "guide:serving", "url:/docs/serving/"]
        {
            assert_eq!(names.resolve(reference).pages, [PageId(4)], "{reference}");
        }
        assert_eq!(names.resolve("nothing"), Resolved::default());
        assert_eq!(names.resolve(""), Resolved::default());
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
        assert_eq!((names.near("retrospective"), names.nearest("retrospective", 1)), (None, vec![PageId(3)]));
        assert_eq!(names.near(""), None);
    }

    fn found(text: &str) -> String {
        let pages = pages();
        let finder = Finder::new((0..).map(PageId).zip(&pages));
        let mut found = Vec::new();
        finder.find(text, |page, at| found.push(format!("{}@{at}", pages[page.idx()].slug)));
        found.join(" ")
    }

    #[test]
    fn names_are_found_as_whole_words_and_the_longest_wins() {
        assert_eq!(found("The KV-cache and KV\ncaches."), "kv-cache@4 kv-cache@17");
        assert_eq!(found("paged attention is no attention; Attention is."), "paged-attention@0 attention@33");
        assert_eq!(found("a rag, RAG, ragged kv cached"), "rag@7");
        assert_eq!(found("retrieval augmented generations"), "rag@0");
        assert_eq!(found(""), "");
    }
}
