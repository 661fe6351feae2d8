//! Names against a naive reading of their order: every page is looked at, once for each claim that it may have.

use gradus_corpus::names::{fold, segments};
use gradus_corpus::{Kind, Names, Page, PageId, sort_pages};
use proptest::prelude::*;

/// The claims in their order, each as a test of a page.
fn naive(pages: &[Page], reference: &str, kind: Option<Kind>) -> Vec<PageId> {
    let of_kind = |page: &Page| kind.is_none_or(|kind| kind == page.kind);
    let first_of = |claims: &[&dyn Fn(&Page) -> bool]| {
        let named = |claim: &&dyn Fn(&Page) -> bool| {
            let all = (0..).map(PageId).zip(pages);
            all.filter(|(_, page)| of_kind(page) && claim(page)).map(|(id, _)| id).collect::<Vec<_>>()
        };
        claims.iter().map(named).find(|named| !named.is_empty()).unwrap_or_default()
    };
    let folded = fold(reference);
    let same = |name: &str| !folded.is_empty() && fold(name) == folded;
    let by_name = first_of(&[
        &|page| *page.slug == *reference || page.id() == reference,
        &|page| *page.title == *reference && !reference.is_empty(),
        &|page| page.names.iter().any(|name| **name == *reference) && !reference.is_empty(),
        &|page| same(&page.slug) || same(&page.id()),
        &|page| same(&page.title),
        &|page| page.names.iter().any(|name| same(name)),
    ]);
    if !by_name.is_empty() {
        return by_name;
    }
    if let Some((prefix, rest)) = reference.split_once(':')
        && let Some(prefix) = Kind::parse(prefix).filter(|prefix| kind.is_none_or(|kind| kind == *prefix))
    {
        return naive(pages, rest, Some(prefix));
    }
    let Some(wanted) = segments(reference) else { return Vec::new() };
    let bare = wanted.join("/");
    let stem = |page: &Page| page.path.strip_suffix(".md").unwrap_or(&page.path).to_owned();
    let is_path = reference.contains('/') || reference.ends_with(".md");
    let without = bare.strip_suffix(".md").unwrap_or(&bare).to_owned();
    first_of(&[
        &|page| is_path && *page.path == *bare,
        &|page| is_path && page.url.trim_start_matches('/') == bare,
        &|page| is_path && stem(page).to_lowercase() == without.to_lowercase(),
        &|page| {
            let stem = stem(page);
            let ends = stem.match_indices('/').map(|(at, _)| &stem[at + 1..]).chain([stem.as_str()]);
            let wanted = fold(&without);
            !wanted.is_empty() && !page.path.is_empty() && { ends }.any(|end| fold(end) == wanted)
        },
    ])
}

fn any_page() -> impl Strategy<Value = Page> {
    let word = || prop::sample::select(vec!["a", "A", "a-b", "a b", "ä", "b", "B", "ab"]);
    let folder = prop::sample::select(vec!["", "x/", "x/y/"]);
    (any::<bool>(), word(), word(), prop::collection::vec(word(), 0..2), folder, word()).prop_map(
        |(is_concept, slug, title, names, folder, stem)| {
            let mut page = Page::new(if is_concept { Kind::Concept } else { Kind::Guide }, slug);
            page.title = title.into();
            page.names = names.into_iter().map(Into::into).collect();
            page.path = format!("{folder}{stem}.md").into();
            page.url = format!("/at/{slug}").into();
            page
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn the_strongest_claim_counts(
        mut pages in prop::collection::vec(any_page(), 1..6),
        reference in "(concept:|guide:)?(a|A|a-b|a b|ä|b|B|ab|x/a|x/y/a|x/y/A\\.md|y/b|a\\.md)",
        kind in prop::sample::select(vec![None, Some(Kind::Concept), Some(Kind::Guide)]),
    ) {
        pages.sort_by(|a, b| (a.kind, &a.slug).cmp(&(b.kind, &b.slug)));
        pages.dedup_by(|a, b| (a.kind, &a.slug) == (b.kind, &b.slug));
        let (pages, _) = sort_pages(pages);
        let names = Names::new((0..).map(PageId).zip(&pages), None);
        let resolved = names.resolve_kind(&reference, kind);
        prop_assert_eq!(resolved.pages, naive(&pages, &reference, kind), "{} of {:#?}", reference, pages);
    }
}
