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
    "getting help",
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
    "more resources",
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
    "getting help",
    "glossary",
    "help",
    "history",
    "home",
    "index",
    "learning resources",
    "license",
    "links",
    "more resources",
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
/// Beginnings of the titles of pages that tell what changed.
const CHANGES: &[&str] = &["upgrad", "what's new in", "release notes", "breaking changes"];
/// Folders of pages that things are looked up in.
const REFERENCE_FOLDERS: &[&str] = &["api", "apis", "reference", "references", "cli"];
/// Folders of pages for those who work with one other product or come from one: nobody else has to read them.
const SIDE_FOLDERS: &[&str] = &[
    "integration",
    "integrations",
    "example",
    "examples",
    "recipes",
    "cookbook",
    "migration",
    "migrations",
    "migrating",
    "legacy",
    "deprecated",
];
/// Titles of the pages that a site begins with: they tell of everything, and need nothing.
const OPENINGS: &[&str] = &[
    "overview",
    "introduction",
    "getting started",
    "get started",
    "first steps",
    "quick start",
    "quickstart",
    "key concepts",
    "core concepts",
    "welcome",
];
/// Beginnings of such titles.
const OPENING_STARTS: &[&str] = &["first steps", "getting started", "introduction to", "welcome to"];
/// What the titles of logs of changes, made and planned, and of moves from one version to the next hold, whatever they are of.
const LOG_WORDS: &[&str] = &["changelog", "change log", "roadmap"];
const MOVE_WORDS: &[&str] = &["migration guide", "upgrade guide"];
/// Beginnings of the titles of pages for those who come from elsewhere.
const MOVES: &[&str] = &["migrat", "coming from", "switching from"];
/// Links to other pages, and words for each of them, from and up to which a page is a list of others.
const LISTED: usize = 5;
const WORDS_A_LINK: usize = 12;
/// Words below which the index of a folder only leads to its pages.
const LANDING_WORDS: usize = 100;
/// Headings that are names of code, and their share in percent, from which a page is looked things up in.
const CODE_HEADINGS: usize = 5;
const CODE_PERCENT: usize = 50;

/// Whether `page` can be a prerequisite.
pub(super) fn can_be_needed(page: &Page) -> bool {
    !is_titled(page, NO_PREREQUISITE)
        && !stands_under(page, FOLDERS)
        && !is_about_the_site(page)
        && !lists(page)
        && !begins_with(page, CHANGES)
        && !begins_with(page, MOVES)
        && !holds(page, MOVE_WORDS)
        && !holds(page, LOG_WORDS)
}

/// Whether `page` is one that a site begins with.
pub(super) fn opens(page: &Page) -> bool {
    is_titled(page, OPENINGS) || begins_with(page, OPENING_STARTS)
}

/// Whether `needed` stands in a folder for a few readers, and `needing` in another one.
pub(super) fn is_aside(needed: &Page, needing: &Page) -> bool {
    let folder = |page: &Page| page.path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    stands_under(needed, SIDE_FOLDERS) && folder(needing) != folder(needed)
}

/// Whether `page` is one to look things up in, as its folder or its headings say: readers are sent there, and nobody has read it
/// before.
pub(super) fn is_reference(page: &Page) -> bool {
    let headings = page.sections.iter().map(|section| &*section.title).filter(|title| !title.is_empty());
    let (n_all, n_code) = headings.fold((0, 0), |(all, code), title| (all + 1, code + usize::from(is_code(title))));
    stands_under(page, REFERENCE_FOLDERS) || n_code >= CODE_HEADINGS && n_code * 100 >= n_all * CODE_PERCENT
}

/// Whether a heading is the name of something in code, such as `expect(value)`, `--watch` or `moduleNameMapper`.
fn is_code(heading: &str) -> bool {
    let first = heading.split_whitespace().next().unwrap_or_default();
    let is_camel =
        first.chars().zip(first.chars().skip(1)).any(|(one, next)| one.is_lowercase() && next.is_uppercase());
    let is_dotted = first.trim_end_matches('.').contains('.') && !first.starts_with(|char: char| char.is_ascii_digit());
    is_camel || is_dotted || first.starts_with('-') || heading.contains(['(', '[', '{', '<', '_', '=', '@'])
}

/// Whether `page` can need something.
pub(super) fn can_need(page: &Page) -> bool {
    !is_titled(page, NEEDS_NOTHING)
        && !stands_under(page, FOLDERS)
        && !is_about_the_site(page)
        && !lists(page)
        && !begins_with(page, CHANGES)
        && !holds(page, LOG_WORDS)
}

fn holds(page: &Page, words: &[&str]) -> bool {
    let title = page.title.to_lowercase();
    words.iter().any(|word| title.contains(word))
}

fn begins_with(page: &Page, starts: &[&str]) -> bool {
    let title = page.title.to_lowercase();
    starts.iter().any(|start| title.starts_with(start))
}

/// Whether there is hardly anything on it but links to other pages, or hardly anything on the index of a folder.
fn lists(page: &Page) -> bool {
    let texts = || page.sections.iter().flat_map(|section| section.texts());
    let n_links: usize = texts().map(|text| text.links.len()).sum();
    let n_words: usize = texts().map(|text| text.plain.split_whitespace().count()).sum();
    let file = page.path.rsplit('/').next().unwrap_or_default();
    let is_index = ["index.", "_index.", "readme."].iter().any(|name| file.to_lowercase().starts_with(name));
    n_links >= LISTED && n_words < n_links * WORDS_A_LINK || is_index && n_words < LANDING_WORDS
}

fn is_titled(page: &Page, titles: &[&str]) -> bool {
    let title = fold(&page.title);
    titles.iter().any(|one| fold(one) == title)
}

fn stands_under(page: &Page, names: &[&str]) -> bool {
    let mut folders: Vec<&str> = page.path.split('/').collect();
    folders.pop();
    folders.iter().any(|folder| names.contains(&without_place(&folder.to_lowercase())))
}

/// The name of a folder without the number that tells where it stands, as in `98-reference`.
fn without_place(folder: &str) -> &str {
    let bare = folder.trim_start_matches(|char: char| char.is_ascii_digit());
    let bare = if bare.len() < folder.len() { bare.trim_start_matches(['-', '_', '.', ' ']) } else { bare };
    if bare.is_empty() { folder } else { bare }
}

/// Pages that generators and translators put beside the content begin with an underscore, as partial texts do; books have a
/// front and a back.
fn is_about_the_site(page: &Page) -> bool {
    let name = page.path.rsplit('/').next().unwrap_or_default().to_lowercase();
    let is_partial = page.path.split('/').any(|part| part.starts_with('_') && part != "_index.md");
    is_partial || OUTSIDE.iter().any(|start| name.starts_with(start)) || !page.is_searchable
}

#[cfg(test)]
mod tests {
    use gradus_corpus::Kind;

    use super::*;

    #[test]
    fn headings_tell_what_pages_are_looked_up_in() {
        let page = |headings: &[&str]| {
            let mut page = Page::new(Kind::Guide, "p");
            page.sections = headings
                .iter()
                .map(|title| gradus_corpus::Section::new(title, "", 2, gradus_corpus::Text::default(), None))
                .collect();
            page
        };
        assert!(is_reference(&page(&[
            "expect(value)",
            "--watch",
            "moduleNameMapper",
            "jest.fn",
            "bail [number]",
            "Notes"
        ])));
        let mut of_api = page(&[]);
        of_api.path = "docs/api/app.md".into();
        assert!(is_reference(&of_api));
        of_api.path = "docs/98-reference/app.md".into();
        assert!(is_reference(&of_api));
        assert!(!is_reference(&page(&["Calls", "What fn(a) does", "Borrowing", "Moves", "1.2 Owners", "Slices"])));
        assert!(!is_reference(&page(&["expect(value)", "--watch"])), "too few to tell");
    }

    #[test]
    fn pages_for_a_few_readers_are_needed_beside_them_alone() {
        let page = |path: &str| {
            let mut page = Page::new(Kind::Guide, "p");
            page.path = path.into();
            page
        };
        let (docker, lambda) = (page("guides/integration/docker.md"), page("guides/integration/lambda.md"));
        assert!(is_aside(&docker, &page("concepts/cache.md")) && !is_aside(&docker, &lambda));
        assert!(!is_aside(&page("concepts/cache.md"), &docker));
    }

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
        assert!(!can_need(&page("Upgrading to 30", "upgrade.md")) && can_need(&page("Migrating from X", "migrate.md")));
        assert!(!can_be_needed(&page("Migrating from X", "migrate.md")));
        assert!(!can_be_needed(&page("X 4 migration guide", "v4.md")) && !can_need(&page("Y Changelog", "y.md")));
        assert!(!can_need(&page("Jaeger", "_includes/jaeger.md")));
        assert!(!can_be_needed(&page("Go", "languages/go/_index.md")), "there is nothing on it");
        assert!(!can_need(&page("B - Operators", "appendix-02-operators.md")));
        assert!(can_need(&page("Installation", "installation.md")) && !can_be_needed(&page("Installation", "i.md")));
    }
}
