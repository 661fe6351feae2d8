//! Which pages of a site teach something: indexes, logs, questions and answers and pages about the site are neither
//! prerequisites nor need any.

use gradus_corpus::Page;
use gradus_corpus::names::fold;

/// Titles of pages that nobody has to read first, whatever texts name them.
const NO_PREREQUISITE: &[&str] = &[
    "api",
    "api reference",
    "alternatives",
    "appendix",
    "articles",
    "blog",
    "changelog",
    "code of conduct",
    "community",
    "contact",
    "contributing",
    "contributors",
    "credits",
    "documentation",
    "download",
    "downloads",
    "ecosystem",
    "example",
    "examples",
    "external links",
    "faq",
    "faq index",
    "faqs",
    "features",
    "frequently asked questions",
    "glossary",
    "guide",
    "guides",
    "help",
    "history",
    "home",
    "index",
    "installation",
    "learn",
    "learning resources",
    "license",
    "links",
    "news",
    "notes",
    "overview",
    "people",
    "performance",
    "privacy",
    "reference",
    "references",
    "release notes",
    "releases",
    "resources",
    "roadmap",
    "sponsors",
    "style guide",
    "summary",
    "support",
    "team",
    "templates",
    "testimonials",
    "translations",
    "troubleshooting",
    "tutorial",
    "tutorials",
    "videos",
    "what's new",
];
/// Titles of pages that list others, or what happened.
const NEEDS_NOTHING: &[&str] = &[
    "alternatives",
    "api",
    "api reference",
    "blog",
    "changelog",
    "code of conduct",
    "community",
    "contents",
    "contributing",
    "contributors",
    "credits",
    "documentation",
    "ecosystem",
    "examples",
    "external links",
    "faq",
    "faq index",
    "faqs",
    "features",
    "frequently asked questions",
    "glossary",
    "help",
    "history",
    "home",
    "index",
    "learning resources",
    "license",
    "links",
    "news",
    "people",
    "reference",
    "release notes",
    "releases",
    "resources",
    "roadmap",
    "sponsors",
    "style guide",
    "team",
    "testimonials",
    "translations",
    "tutorials index",
    "videos",
    "what's new",
];
/// Beginnings of the names of files that come before or behind the lessons of a book.
const OUTSIDE: &[&str] = &["title-page", "foreword", "preface", "appendix", "acknowledg"];
/// Folders of such pages.
const FOLDERS: &[&str] =
    &["faq", "faqs", "blog", "news", "changelog", "changelogs", "release-notes", "releases", "community"];

/// Whether `page` can be a prerequisite.
pub(super) fn can_be_needed(page: &Page) -> bool {
    !is_titled(page, NO_PREREQUISITE) && !lies_in(page) && !is_about_the_site(page)
}

/// Whether `page` can need something.
pub(super) fn can_need(page: &Page) -> bool {
    !is_titled(page, NEEDS_NOTHING) && !lies_in(page) && !is_about_the_site(page)
}

fn is_titled(page: &Page, titles: &[&str]) -> bool {
    let title = fold(&page.title);
    titles.iter().any(|one| fold(one) == title)
}

fn lies_in(page: &Page) -> bool {
    let mut folders: Vec<&str> = page.path.split('/').collect();
    folders.pop();
    folders.iter().any(|folder| FOLDERS.contains(&folder.to_lowercase().as_str()))
}

/// Pages that generators and translators put beside the content begin with an underscore, as partial texts do; books have a
/// front and a back.
fn is_about_the_site(page: &Page) -> bool {
    let name = page.path.rsplit('/').next().unwrap_or_default().to_lowercase();
    name.starts_with('_') || OUTSIDE.iter().any(|start| name.starts_with(start)) || !page.is_searchable
}

#[cfg(test)]
mod tests {
    use gradus_corpus::Kind;

    use super::*;

    #[test]
    fn logs_and_lists_are_no_lessons() {
        let page = |title: &str, path: &str| {
            let mut page = Page::new(Kind::Guide, "p");
            page.title = title.into();
            page.path = path.into();
            page
        };
        assert!(can_be_needed(&page("Closures", "ch13.md")) && can_need(&page("Closures", "ch13.md")));
        assert!(!can_be_needed(&page("Reducers", "docs/faq/Reducers.md")));
        assert!(!can_need(&page("Release Notes", "release-notes.md")) && !can_need(&page("A", "_partial.md")));
        assert!(!can_need(&page("B - Operators", "appendix-02-operators.md")));
        assert!(can_need(&page("Installation", "installation.md")) && !can_be_needed(&page("Installation", "i.md")));
    }
}
