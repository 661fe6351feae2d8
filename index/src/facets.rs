//! Facets: counts that a user interface with check boxes needs, and filters.

use std::collections::BTreeMap;

use gradus_corpus::{Corpus, Level, Page, PageId};

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
    /// The values, sorted, by facet.
    values: [Vec<String>; 7],
    /// Start of each page's entries.
    offsets: Vec<u32>,
    /// Facet and value.
    entries: Vec<(u8, u32)>,
}

/// Filters as numbers.
pub(crate) struct Wanted {
    /// For each facet, the admitted values; `None` admits all.
    admitted: [Option<Vec<u32>>; 7],
}

/// Counts in the making.
pub(crate) struct Tally {
    counts: [Vec<u64>; 7],
}

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
        for facet in &mut seen {
            (0..).zip(facet.values_mut()).for_each(|(number, value)| *value = number);
        }
        let mut offsets = vec![0];
        let mut entries = Vec::new();
        for (_, page) in corpus.pages() {
            for (facet, values) in (0_u8..).zip(values(page)) {
                let mut numbers: Vec<u32> = values.iter().map(|value| seen[usize::from(facet)][value]).collect();
                numbers.sort_unstable();
                numbers.dedup();
                entries.extend(numbers.into_iter().map(|number| (facet, number)));
            }
            offsets.push(u32::try_from(entries.len()).unwrap_or(u32::MAX));
        }
        let values = seen.map(|facet| facet.into_keys().map(str::to_owned).collect());
        Self { values, offsets, entries }
    }

    fn of(&self, page: PageId) -> &[(u8, u32)] {
        &self.entries[self.offsets[page.idx()] as usize..self.offsets[page.idx() + 1] as usize]
    }

    /// `filters` as numbers. A value that no page has admits no page.
    pub(crate) fn wanted(&self, filters: &Filters) -> Wanted {
        let mut admitted: [Option<Vec<u32>>; 7] = Default::default();
        for ((admitted, given), values) in admitted.iter_mut().zip(filters.fields()).zip(&self.values) {
            if !given.is_empty() {
                let is_given = |value: &str| given.iter().any(|given| given.eq_ignore_ascii_case(value));
                let numbers = (0..).zip(values).filter(|(_, value)| is_given(value)).map(|(number, _)| number);
                *admitted = Some(numbers.collect());
            }
        }
        Wanted { admitted }
    }

    pub(crate) fn tally(&self) -> Tally {
        Tally { counts: std::array::from_fn(|facet| vec![0; self.values[facet].len()]) }
    }

    /// Counts `page`, in each facet as if that facet's own filter were not set. `true` if it passes all filters.
    pub(crate) fn count(&self, page: PageId, wanted: &Wanted, tally: &mut Tally) -> bool {
        let of = self.of(page);
        let fails = |facet: usize| {
            wanted.admitted[facet].as_ref().is_some_and(|admitted| {
                !of.iter().any(|(of_facet, value)| usize::from(*of_facet) == facet && admitted.contains(value))
            })
        };
        let mut failed = (0..FACETS.len()).filter(|facet| fails(*facet));
        let (first, second) = (failed.next(), failed.next());
        if second.is_some() {
            return false;
        }
        for (facet, value) in of {
            if first.is_none_or(|only| only == usize::from(*facet)) {
                tally.counts[usize::from(*facet)][*value as usize] += 1;
            }
        }
        first.is_none()
    }

    /// The counts by name, values that no hit has left out.
    pub(crate) fn named(&self, tally: &Tally) -> FacetCounts {
        let named = |facet: usize| {
            let counts = self.values[facet].iter().zip(&tally.counts[facet]).filter(|(_, count)| **count > 0);
            (FACETS[facet], counts.map(|(value, count)| (value.clone(), *count)).collect())
        };
        (0..FACETS.len()).map(named).collect()
    }
}
