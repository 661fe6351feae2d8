//! Strangers: pages that are nobody's relatives, however much they look alike.

use std::collections::BTreeMap;

use gradus_corpus::{Corpus, Page, PageId};

/// Names of files that list what there is: every page is on them, and none is about them.
const TABLES_OF_CONTENTS: [&str; 6] = ["toc", "summary", "sitemap", "contents", "table-of-contents", "sidebar"];
/// Folders whose files are pieces of other pages.
const PARTIALS: [&str; 4] = ["includes", "_includes", "partials", "_partials"];

/// What decides whether a page may stand on another one's list.
struct Standing {
    /// The number of its language.
    lang: u32,
    /// The number of the version that it documents; 0 where it names none.
    version: u32,
    /// Whether it may stand on any list.
    is_listed: bool,
}

/// Who is a stranger to whom. Each question about related pages asks it of hundreds, and pages themselves lie far apart in memory.
pub struct Strangers {
    by_page: Vec<Standing>,
}

impl Strangers {
    /// O(pages, and their paths).
    pub fn new(corpus: &Corpus) -> Self {
        let (mut langs, mut versions) = (BTreeMap::new(), BTreeMap::new());
        let standing = |(id, page): (PageId, &Page)| Standing {
            lang: number(&mut langs, corpus.language(id).to_ascii_lowercase()),
            version: page.version.as_deref().map_or(0, |version| number(&mut versions, version.to_owned())),
            is_listed: page.is_searchable && !is_scaffold(&page.path),
        };
        Self { by_page: corpus.pages().map(standing).collect() }
    }

    /// Whether `other` may stand on the list of `page`: it is to be found, is written in the same language, documents no other
    /// version, and is neither a table of contents nor a piece of other pages. What names no version, such as a post, goes with
    /// all. O(1).
    pub fn may_be_related(&self, page: PageId, other: PageId) -> bool {
        let (this, that) = (&self.by_page[page.idx()], &self.by_page[other.idx()]);
        let is_other_version = this.version != 0 && that.version != 0 && this.version != that.version;
        that.is_listed && this.lang == that.lang && !is_other_version
    }
}

/// The number of `name` among `names`, from 1.
fn number(names: &mut BTreeMap<String, u32>, name: String) -> u32 {
    let next = u32::try_from(names.len() + 1).unwrap_or(u32::MAX);
    *names.entry(name).or_insert(next)
}

/// Whether the file at `path` only holds a site together.
fn is_scaffold(path: &str) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.split('.').next().unwrap_or_default();
    let is_listing = |name: &str| TABLES_OF_CONTENTS.iter().any(|table| name.eq_ignore_ascii_case(table));
    is_listing(stem.trim_start_matches('_')) || folders.split('/').any(|folder| PARTIALS.contains(&folder))
}

#[cfg(test)]
mod tests {
    use gradus_corpus::{Kind, Parts, Site};

    use super::*;

    #[test]
    fn what_holds_a_site_together_is_no_relative() {
        for path in ["toc.md", "docs/TOC.md", "SUMMARY.md", "_sidebar.md", "a/includes/note.md", "_partials/x.mdx"] {
            assert!(is_scaffold(path), "{path}");
        }
        for path in ["index.md", "contents-of-a-file.md", "tocsin.md", "guide/summaries.md", "including/x.md", ""] {
            assert!(!is_scaffold(path), "{path}");
        }
    }

    #[test]
    fn other_versions_and_languages_are_no_relatives() {
        let page = |slug: &str, lang: Option<&str>, version: Option<&str>| {
            let mut page = Page::new(Kind::Guide, slug);
            (page.lang, page.version) = (lang.map(Into::into), version.map(Into::into));
            page
        };
        let pages = vec![
            page("a", None, Some("2")),
            page("b", Some("de-AT"), Some("2")),
            page("c", Some("en"), Some("2")),
            page("d", Some("DE"), Some("1")),
            page("e", Some("de"), None),
        ];
        let site = Site { lang: Some("de".into()), ..Site::default() };
        let corpus = Corpus::assemble(Parts { pages, site, ..Parts::default() });
        let strangers = Strangers::new(&corpus);
        let related: Vec<u32> = (1..5).filter(|other| strangers.may_be_related(PageId(0), PageId(*other))).collect();
        assert_eq!(related, [1, 4]);
    }
}
