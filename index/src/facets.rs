//! Facets: counts that a user interface with check boxes needs, and filters.

use std::collections::BTreeMap;
use std::ops::Range;

use gradus_corpus::{Corpus, Level, Page};

use crate::rank::Found;

/// The facets, in the order of their fields in [`Filters`].
pub const FACETS: [&str; 7] = ["kind", "category", "tag", "track", "level", "access", "lang"];

/// How many pages have each value of each facet.
pub type FacetCounts = BTreeMap<&'static str, BTreeMap<String, u64>>;

/// Which pages to find. Values of a field are alternatives, fields narrow each other; an empty field lets all pass. Case
/// does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// `concept`, `guide`.
    pub kind: Vec<String>,
    /// Categories.
    pub category: Vec<String>,
    /// Tags.
    pub tag: Vec<String>,
    /// Tracks.
    pub track: Vec<String>,
    /// Levels.
    pub level: Vec<String>,
    /// `free`, `pro`.
    pub access: Vec<String>,
    /// Language tags.
    pub lang: Vec<String>,
}

impl Filters {
    fn fields(&self) -> [&[String]; 7] {
        [&self.kind, &self.category, &self.tag, &self.track, &self.level, &self.access, &self.lang]
    }
}

/// The facet values of every page, as numbers.
pub(crate) struct FacetTable {
    /// The values, those of a facet side by side, sorted.
    values: Vec<String>,
    /// The first value of each facet, and one behind the last.
    first: [u32; FACETS.len() + 1],
    /// Start of each page's entries.
    offsets: Vec<u32>,
    /// Values, in their order.
    entries: Vec<u32>,
}

/// How many hits have each value.
pub(crate) struct Tally(Vec<u64>);

fn values(page: &Page) -> [Vec<&str>; 7] {
    [
        vec![page.kind.as_str()],
        page.category.as_deref().into_iter().collect(),
        page.tags.iter().map(AsRef::as_ref).collect(),
        page.tracks.iter().map(AsRef::as_ref).collect(),
        page.level.map(Level::as_str).into_iter().collect(),
        vec![page.access.as_str()],
        page.lang.as_deref().into_iter().collect(),
    ]
}

impl FacetTable {
    pub(crate) fn new(corpus: &Corpus) -> Self {
        let mut seen: [BTreeMap<&str, u32>; 7] = Default::default();
        for (_, page) in corpus.pages() {
            for (facet, values) in values(page).into_iter().enumerate() {
                seen[facet].extend(values.into_iter().map(|value| (value, 0)));
            }
        }
        let mut first = [0; FACETS.len() + 1];
        for (facet, values) in seen.iter_mut().enumerate() {
            (first[facet]..).zip(values.values_mut()).for_each(|(number, value)| *value = number);
            first[facet + 1] = first[facet] + u32::try_from(values.len()).unwrap_or(u32::MAX);
        }
        let mut offsets = vec![0];
        let mut entries = Vec::new();
        for (_, page) in corpus.pages() {
            for (facet, values) in values(page).into_iter().enumerate() {
                let mut numbers: Vec<u32> = values.iter().map(|value| seen[facet][value]).collect();
                numbers.sort_unstable();
                numbers.dedup();
                entries.extend(numbers);
            }
            offsets.push(u32::try_from(entries.len()).unwrap_or(u32::MAX));
        }
        let values = seen.into_iter().flat_map(BTreeMap::into_keys).map(str::to_owned).collect();
        Self { values, first, offsets, entries }
    }

    fn of(&self, page: u32) -> &[u32] {
        let page = page as usize;
        &self.entries[self.offsets[page] as usize..self.offsets[page + 1] as usize]
    }

    /// The values of a facet.
    fn numbers(&self, facet: usize) -> Range<u32> {
        self.first[facet]..self.first[facet + 1]
    }

    /// Keeps those of `found` that pass all filters, and counts them, in each facet as if that facet's own filter were not set.
    /// O(values of those found).
    pub(crate) fn sift(&self, filters: &Filters, found: &mut Vec<Found>) -> Tally {
        let mut tally = Tally(vec![0; self.values.len()]);
        let wanted = self.wanted(filters);
        if wanted.is_empty() {
            let entries = found.iter().flat_map(|found| self.of(found.page));
            entries.for_each(|value| tally.0[*value as usize] += 1);
        } else {
            found.retain(|found| self.count(found.page, &wanted, &mut tally));
        }
        tally
    }

    /// The facets that are filtered by, with the values that are admitted. A value that no page has admits no page.
    fn wanted(&self, filters: &Filters) -> Vec<(Range<u32>, Vec<u32>)> {
        let given = filters.fields().into_iter().enumerate().filter(|(_, given)| !given.is_empty());
        let wanted = given.map(|(facet, given)| {
            let numbers = self.numbers(facet);
            let is_given = |number: &u32| {
                let value = &self.values[*number as usize];
                given.iter().any(|given| given.eq_ignore_ascii_case(value))
            };
            (numbers.clone(), numbers.filter(is_given).collect())
        });
        wanted.collect()
    }

    /// Counts a page. `true` if it passes all filters.
    fn count(&self, page: u32, wanted: &[(Range<u32>, Vec<u32>)], tally: &mut Tally) -> bool {
        let of = self.of(page);
        let mut failed = wanted.iter().filter(|(_, admitted)| !of.iter().any(|value| admitted.contains(value)));
        let (first, second) = (failed.next(), failed.next());
        if second.is_some() {
            return false;
        }
        for value in of {
            if first.is_none_or(|(only, _)| only.contains(value)) {
                tally.0[*value as usize] += 1;
            }
        }
        first.is_none()
    }

    /// The counts by name, values that no hit has left out.
    pub(crate) fn named(&self, tally: &Tally) -> FacetCounts {
        let named = |facet: usize| {
            let counts = self.numbers(facet).map(|number| number as usize).filter(|number| tally.0[*number] > 0);
            (FACETS[facet], counts.map(|number| (self.values[number].clone(), tally.0[number])).collect())
        };
        (0..FACETS.len()).map(named).collect()
    }
}
