//! Identity: the id of a page depends on the page alone.
//!
//! It is the declared `id` or `slug`, else the page's own path in one segment: `docs/guide/intro.md` is
//! `docs~guide~intro`. A tilde stands for the slash since URLs take it as it is and names of files hardly ever hold one,
//! so that `a-b/c.md` and `a/b-c.md` stay two pages. Other files are looked at only where two paths differ in nothing but
//! what a slug leaves out (numbers, `index`, endings): then the one that is spelled as its slug keeps it.

use rustc_hash::FxHashMap;

use crate::site::{segments, stem_of};
use gradus_corpus::{Kind, Page};

/// What stands for a slash.
const JOINT: &str = "~";

/// The id that a page wants.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// The page in the draft.
    pub(crate) page: u32,
    /// Whether the author declared it.
    pub(crate) is_declared: bool,
    /// Whether it is a field of the generator's own, which is unique within a folder only.
    pub(crate) is_local: bool,
}

/// The slug that an author's id means: without its kind, one path segment. `None` where nothing is left.
pub(crate) fn declared(id: &str, kind: Kind) -> Option<String> {
    let id = id.strip_prefix(kind.as_str()).and_then(|id| id.strip_prefix(':')).unwrap_or(id);
    let segments = id.split('/').map(str::trim).filter(|segment| !matches!(*segment, "" | "." | ".."));
    let slug = segments.map(hyphenated).collect::<Vec<_>>().join(JOINT);
    (!slug.is_empty()).then_some(slug)
}

/// The slug that the path of a page makes.
pub(crate) fn of_path(path: &str, kind: Kind) -> String {
    let segments = segments(path);
    slug_of(&segments, kind)
}

/// The slug of a page without a path or an id.
pub(crate) fn of_title(title: Option<&str>) -> String {
    title.map_or_else(|| "index".to_owned(), |title| hyphenated(&title.to_lowercase().replace('/', "-")))
}

/// The slug that names a path exactly, numbers and `index` included.
fn exact(path: &str) -> String {
    let stem = stem_of(path);
    stem.split('/').filter(|segment| !segment.is_empty()).map(escaped).collect::<Vec<_>>().join(JOINT)
}

fn slug_of(segments: &[&str], kind: Kind) -> String {
    let is_own = |folder: &str| match kind {
        Kind::Concept => matches!(folder, "concepts" | "glossary"),
        Kind::Guide => folder == "guides",
    };
    let inner = match segments {
        [folder, rest @ ..] if is_own(folder) && !rest.is_empty() => rest,
        all => all,
    };
    if inner.is_empty() {
        return "index".to_owned();
    }
    inner.iter().map(|segment| escaped(segment)).collect::<Vec<_>>().join(JOINT)
}

/// A segment of a path as it stands in a slug.
fn escaped(segment: &str) -> String {
    hyphenated(&segment.replace(JOINT, "~~"))
}

fn hyphenated(text: &str) -> String {
    text.replace(char::is_whitespace, "-")
}

/// Two pages that declare one id.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Shared {
    /// The page that keeps the id.
    pub(crate) keeper: u32,
    /// The other one.
    pub(crate) other: u32,
    /// The id.
    pub(crate) slug: Box<str>,
    /// Whether the id is one that the generator has within a folder only.
    pub(crate) is_local: bool,
}

/// Settles which page has which id where several want one. The pages have the ids that they want; those that do not keep
/// them get the exact spelling of their paths. The answer tells of ids that were declared twice.
pub(crate) fn settle(pages: &mut [Page], wanted: &[Wanted]) -> Vec<Shared> {
    let mut by_slug: FxHashMap<(Kind, Box<str>), Vec<&Wanted>> = FxHashMap::default();
    for want in wanted {
        let page = &pages[want.page as usize];
        by_slug.entry((page.kind, page.slug.clone())).or_default().push(want);
    }
    let mut shared = Vec::new();
    let mut losers: Vec<&Wanted> = Vec::new();
    let contested = by_slug.iter().filter(|(_, group)| group.len() > 1);
    for ((_, slug), group) in contested {
        let mut group = group.clone();
        group.sort_by_key(|want| {
            let path = &pages[want.page as usize].path;
            (!want.is_declared, exact(path) != **slug, want.page)
        });
        let keeper = group[0];
        for other in &group[1..] {
            if other.is_declared {
                let is_local = other.is_local && keeper.is_local;
                shared.push(Shared { keeper: keeper.page, other: other.page, slug: slug.clone(), is_local });
            }
            losers.push(other);
        }
    }
    losers.sort_by_key(|want| want.page);
    shared.sort_by_key(|shared| shared.other);
    let mut taken: rustc_hash::FxHashSet<(Kind, Box<str>)> = by_slug.into_keys().collect();
    let mut counted: FxHashMap<(Kind, Box<str>), u64> = FxHashMap::default();
    for want in losers {
        let page = &mut pages[want.page as usize];
        // Counted on from the last number that was given: many pages of one name would count through each other's.
        let n = counted.entry((page.kind, page.slug.clone())).or_insert(1);
        let slug = page.slug.clone();
        let numbered = std::iter::repeat_with(|| {
            *n += 1;
            format!("{slug}{JOINT}{n}")
        });
        let mut spellings = other_spellings(page, want.is_declared).chain(numbered);
        let slug = spellings.find(|slug| taken.insert((page.kind, slug.as_str().into())));
        page.slug = slug.unwrap_or_default().into();
    }
    shared
}

/// What else a page may be called, the most natural first.
fn other_spellings(page: &Page, is_declared: bool) -> impl Iterator<Item = String> + use<> {
    let has_path = !page.path.is_empty();
    let by_path = (is_declared && has_path).then(|| of_path(&page.path, page.kind));
    let exact = has_path.then(|| exact(&page.path));
    let whole = has_path.then(|| page.path.split('/').map(escaped).collect::<Vec<_>>().join(JOINT));
    by_path.into_iter().chain(exact).chain(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_make_slugs_of_one_segment() {
        let guides = [
            ("01-intro.md", "intro"),
            ("docs/02_setup/README.md", "docs~setup"),
            ("a/b c.mdx", "a~b-c"),
            ("a-b/c.md", "a-b~c"),
            ("a/b-c.md", "a~b-c"),
            ("a~b.md", "a~~b"),
            ("guides/x.md", "x"),
            ("guides/index.md", "guides"),
            ("x/guides/y.md", "x~guides~y"),
            ("concepts/long.md", "concepts~long"),
            ("index.md", "index"),
            ("2024.md", "2024"),
        ];
        for (path, slug) in guides {
            assert_eq!(of_path(path, Kind::Guide), slug, "{path}");
        }
        assert_eq!(of_path("concepts/deep/kv.md", Kind::Concept), "deep~kv");
        assert_eq!(of_path("glossary/kv.md", Kind::Concept), "kv");
    }

    #[test]
    fn declared_ids_lose_their_kind_and_their_slashes() {
        let declared = |id| declared(id, Kind::Guide);
        assert_eq!(declared("guide:a b").as_deref(), Some("a-b"));
        assert_eq!(declared("/docs/../intro/").as_deref(), Some("docs~intro"));
        assert_eq!((declared("/"), declared("./")), (None, None));
    }

    fn settled(pages: &[(&str, Option<&str>)]) -> (Vec<String>, Vec<Shared>) {
        let mut made = Vec::new();
        let mut wanted = Vec::new();
        for (path, id) in pages {
            let mut page = Page::new(Kind::Guide, &id.map_or_else(|| of_path(path, Kind::Guide), str::to_owned));
            page.path = (*path).into();
            wanted.push(Wanted {
                page: crate::value::narrow(made.len() as u64),
                is_declared: id.is_some(),
                is_local: false,
            });
            made.push(page);
        }
        let shared = settle(&mut made, &wanted);
        (made.into_iter().map(|page| page.slug.to_string()).collect(), shared)
    }

    #[test]
    fn the_path_that_is_spelled_as_its_slug_keeps_it() {
        let (slugs, shared) = settled(&[("01-x.md", None), ("x.md", None), ("x/index.md", None), ("x.mdx", None)]);
        assert_eq!(slugs, ["01-x", "x", "x~index", "x.mdx"]);
        assert_eq!(shared, []);
    }

    #[test]
    fn the_first_of_two_that_declare_an_id_keeps_it_and_both_are_told() {
        let (slugs, shared) =
            settled(&[("a.md", Some("loaf")), ("b.md", Some("loaf")), ("x/loaf.md", None), ("loaf.md", None)]);
        assert_eq!(slugs, ["loaf", "b", "x~loaf", "loaf.md"]);
        assert_eq!(shared, [Shared { keeper: 0, other: 1, slug: "loaf".into(), is_local: false }]);
    }

    #[test]
    fn what_has_no_path_is_numbered() {
        assert_eq!(settled(&[("", Some("a")), ("", Some("a")), ("", Some("a"))]).0, ["a", "a~2", "a~3"]);
    }
}
