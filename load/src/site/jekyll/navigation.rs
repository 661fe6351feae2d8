//! Order in the navigation of Just the Docs: numbers and the titles of parents.

use crate::site::Placed;

/// The pages that say where they stand in the navigation: each before its children, siblings by number, then by title.
pub(super) fn in_navigation(placed: &[Placed]) -> Vec<&Placed> {
    let mut pages: Vec<&Placed> =
        placed.iter().filter(|page| page.place.position.is_some() || !page.place.listed.is_empty()).collect();
    let number = |page: &Placed| page.place.position.unwrap_or(f64::INFINITY);
    pages.sort_by(|a, b| number(a).total_cmp(&number(b)).then_with(|| a.place.label.cmp(&b.place.label)));
    let mut ordered = Vec::new();
    // Whom a page calls its parent may lie in a circle; each is taken once.
    let mut open: Vec<&Placed> = pages.iter().rev().filter(|page| page.place.listed.is_empty()).copied().collect();
    while let Some(page) = open.pop() {
        ordered.push(page);
        let is_child = |child: &&&Placed| child.place.listed.first() == Some(&page.place.label);
        open.extend(pages.iter().rev().filter(is_child).filter(|child| child.page != page.page).copied());
        if ordered.len() > pages.len() {
            break;
        }
    }
    let mut seen = rustc_hash::FxHashSet::default();
    ordered.retain(|page| seen.insert(page.page));
    ordered
}
