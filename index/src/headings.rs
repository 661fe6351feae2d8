//! Headings: which pages have a section of a name, and which headings every page has.

use fst::Map;
use gradus_corpus::{Corpus, Page};
use serde::{Deserialize, Serialize};

use crate::fst_maps::sorted;
use crate::names::squeeze;

/// Pages up to which a heading that they share names a section of each; where more have it, it is a form that they follow.
const MAX_SHARING: usize = 2;
/// Pages above which a heading says nothing of any: `Permissions` on every page of a reference.
const MAX_TELLING: usize = 8;

/// The headings of sections, by their letters and digits alone.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Headings {
    /// For each, the number of pages that have it, and the first of them.
    #[serde(with = "gradus_corpus::fst_bytes")]
    pages: Map<Vec<u8>>,
    /// Those that say nothing of a page.
    #[serde(with = "gradus_corpus::fst_bytes")]
    repeated: Map<Vec<u8>>,
}

impl Headings {
    /// O(headings log headings).
    pub(crate) fn new(corpus: &Corpus) -> Self {
        let mut headings: Vec<(String, u32)> = Vec::new();
        for (id, page) in corpus.pages().filter(|(_, page)| page.is_searchable) {
            headings.extend(of(page).map(|heading| (squeeze(heading), id.0)));
        }
        headings.sort_unstable();
        headings.dedup();
        let alike = || headings.chunk_by(|one, other| one.0 == other.0).filter(|alike| !alike[0].0.is_empty());
        let few = alike().filter(|alike| alike.len() <= MAX_SHARING);
        let packed = few.map(|alike| {
            let last = alike[alike.len() - 1].1;
            (&*alike[0].0, u64::from(alike[0].1) << u32::BITS | u64::from(last))
        });
        let repeated = alike().filter(|alike| alike.len() > MAX_TELLING).map(|alike| (&*alike[0].0, 0));
        Self { pages: sorted(packed), repeated: sorted(repeated) }
    }

    /// The pages, two at most, that alone have a section called `name`, by id.
    pub(crate) fn named(&self, name: &str) -> impl Iterator<Item = u32> + use<> {
        let packed = self.pages.get(squeeze(name)).map(|packed| [packed >> u32::BITS, packed & u64::from(u32::MAX)]);
        let mut pages: Vec<u32> = packed.into_iter().flatten().filter_map(|page| u32::try_from(page).ok()).collect();
        pages.dedup();
        pages.into_iter()
    }

    /// Whether so many pages have a section called `heading` that it says nothing of any.
    pub(crate) fn is_repeated(&self, heading: &str) -> bool {
        !self.repeated.is_empty() && self.repeated.contains_key(squeeze(heading))
    }
}

/// The headings of sections of `page`, its title aside.
fn of(page: &Page) -> impl Iterator<Item = &str> {
    page.sections.iter().filter(|section| section.level > 0).map(|section| &*section.title)
}

#[cfg(test)]
mod tests {
    use gradus_load::{Input, load};

    use super::*;

    #[test]
    fn headings_of_few_pages_name_and_those_of_many_say_nothing() {
        let page = |number: usize| {
            let shared = if number < 3 { "## Shared by three\n\nText.\n" } else { "" };
            let text =
                format!("# G\n\n## Permissions\n\nText.\n\n## What is part {}?\n\nText.\n\n{shared}", number / 2);
            (format!("guides/g{number}.md"), text.into_bytes().into())
        };
        let corpus = load(&Input::Memory((0..9).map(page).collect()), &mut |_| {}).unwrap().corpus;
        let headings = Headings::new(&corpus);
        let named = |name| headings.named(name).collect::<Vec<_>>();
        assert_eq!(named("what is part 1"), [2, 3]);
        assert_eq!(named("What is Part 4"), [8]);
        assert!(named("permissions").is_empty() && named("shared by three").is_empty() && named("").is_empty());
        assert!(headings.is_repeated("permissions") && !headings.is_repeated("shared by three"));
    }
}
