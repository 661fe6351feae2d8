//! The anchors of a page as it is published.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::BuiltPage;
use gradus_corpus::names::fold;
use gradus_corpus::{Access, Page};

/// Gives the sections of `page` the ids of their headings in `built`, and the page its further places. The titles of sections
/// that are published without a heading of theirs.
pub(super) fn take_over(page: &mut Page, built: &BuiltPage) -> Vec<String> {
    let ids: FxHashSet<&str> = built.ids.iter().map(|id| &**id).collect();
    let found = aligned(page, built);
    let mut missing = Vec::new();
    for (section, found) in page.sections.iter_mut().zip(found).filter(|(section, _)| section.level > 0) {
        match found {
            Some(heading) if !built.headings[heading].id.is_empty() => {
                section.anchor = built.headings[heading].id.clone();
            }
            _ if ids.contains(&*section.anchor) => {}
            _ => missing.push(section.title.to_string()),
        }
    }
    let own: FxHashSet<Box<str>> = page.sections.iter().map(|section| section.anchor.clone()).collect();
    // Of a locked page nothing is taken that its own Markdown does not say: it may stand in its locked text.
    if page.access == Access::Pro {
        page.anchors.retain(|anchor| ids.contains(&**anchor));
    } else {
        let mut seen = FxHashSet::default();
        let others = built.ids.iter().filter(|id| !own.contains(&***id) && seen.insert((*id).clone()));
        page.anchors = others.cloned().collect();
    }
    missing
}

/// Whether a heading may be published as another, in which something is filled in or left out at one end.
fn may_be_filled(own: &str, built: &str) -> bool {
    let is_part = |part: &str, whole: &str| !part.is_empty() && (whole.starts_with(part) || whole.ends_with(part));
    is_part(own, built) || is_part(built, own)
}

/// For each section the heading that it has in `built`: the next of the same words, else, between two that are found, those
/// that stand there in the same number, else one that begins or ends alike. O(headings), but for those that are found by neither words
/// nor number.
fn aligned(page: &Page, built: &BuiltPage) -> Vec<Option<usize>> {
    let mut by_title: FxHashMap<&str, VecDeque<usize>> = FxHashMap::default();
    for (idx, heading) in built.headings.iter().enumerate() {
        by_title.entry(&heading.title).or_default().push_back(idx);
    }
    let mut found: Vec<Option<usize>> = page
        .sections
        .iter()
        .map(|section| if section.level > 0 { by_title.get_mut(&*fold(&section.title))?.pop_front() } else { None })
        .collect();
    let mut start = 0;
    while start < found.len() {
        if found[start].is_some() || page.sections[start].level == 0 {
            start += 1;
            continue;
        }
        let end = (start..found.len()).find(|idx| found[*idx].is_some()).unwrap_or(found.len());
        let after = found[..start].iter().rev().find_map(|found| *found).map_or(0, |idx| idx + 1);
        let before = found.get(end).copied().flatten().unwrap_or(built.headings.len());
        if before.checked_sub(after) == Some(end - start) {
            found[start..end].iter_mut().zip(after..before).for_each(|(found, heading)| *found = Some(heading));
        } else {
            let mut next = after;
            for (found, section) in found[start..end].iter_mut().zip(&page.sections[start..end]) {
                let title = fold(&section.title);
                let goes_on = |heading: &usize| may_be_filled(&title, &built.headings[*heading].title);
                *found = (next..before).find(goes_on);
                next = found.map_or(next, |heading| heading + 1);
            }
        }
        start = end;
    }
    found
}
