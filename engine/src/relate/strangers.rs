//! Strangers: pages that are nobody's relatives, however much they look alike.

use gradus_corpus::{Corpus, Page, PageId};

/// Names of files that list what there is: every page is on them, and none is about them.
const TABLES_OF_CONTENTS: [&str; 6] = ["toc", "summary", "sitemap", "contents", "table-of-contents", "sidebar"];
/// Folders whose files are pieces of other pages.
const PARTIALS: [&str; 4] = ["includes", "_includes", "partials", "_partials"];

/// Whether `other` may stand on the list of `page`: it is to be found, is written in the same language, documents no other
/// version, and is neither a table of contents nor a piece of other pages. O(path).
pub fn may_be_related(corpus: &Corpus, page: PageId, other: PageId) -> bool {
    let (this, that) = (corpus.page(page), corpus.page(other));
    that.is_searchable
        && corpus.language(page).eq_ignore_ascii_case(corpus.language(other))
        && !is_other_version(this, that)
        && !is_scaffold(&that.path)
}

/// Whether the two document different versions. What names none, such as a post, goes with all.
fn is_other_version(this: &Page, that: &Page) -> bool {
    this.version.is_some() && that.version.is_some() && this.version != that.version
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
        let related: Vec<u32> = (1..5).filter(|other| may_be_related(&corpus, PageId(0), PageId(*other))).collect();
        assert_eq!(related, [1, 4]);
    }
}
