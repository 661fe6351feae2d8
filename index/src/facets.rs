//! Facets: counts that a user interface with check boxes needs, and filters.

use std::collections::BTreeMap;
use std::ops::Range;

use gradus_corpus::{Corpus, Level, Page};
use rustc_hash::FxHashMap;

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
    /// By page: its set of values. Most pages share theirs with many.
    sets: Vec<u32>,
    /// The values of each set.
    of_set: Vec<Box<[u32]>>,
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
        let numbered = &seen;
        let mut known: FxHashMap<Box<[u32]>, u32> = FxHashMap::default();
        let mut of_set: Vec<Box<[u32]>> = Vec::new();
        let sets = corpus.pages().map(|(_, page)| {
            let named = values(page).into_iter().enumerate();
            let numbers = named.flat_map(|(facet, values)| values.into_iter().map(move |value| numbered[facet][value]));
            let mut numbers: Vec<u32> = numbers.collect();
            numbers.sort_unstable();
            numbers.dedup();
            *known.entry(numbers.into()).or_insert_with_key(|numbers| {
                of_set.push(numbers.clone());
                u32::try_from(of_set.len() - 1).unwrap_or(u32::MAX)
            })
        });
        let sets = sets.collect();
        let values = seen.into_iter().flat_map(BTreeMap::into_keys).map(str::to_owned).collect();
        Self { values, first, sets, of_set }
    }

    /// The values of a facet.
    fn numbers(&self, facet: usize) -> Range<u32> {
        self.first[facet]..self.first[facet + 1]
    }

    /// Keeps those of `found` that pass all filters, and counts them, in each facet as if that facet's own filter were not set.
    /// O(found + sets of values).
    pub(crate) fn sift(&self, filters: &Filters, found: &mut Vec<Found>) -> Tally {
        let mut n_found = vec![0_u32; self.of_set.len()];
        found.iter().for_each(|found| n_found[self.sets[found.page as usize] as usize] += 1);
        let wanted = self.wanted(filters);
        let mut tally = Tally(vec![0; self.values.len()]);
        let mut passes = vec![true; self.of_set.len()];
        for ((of, n_found), passes) in self.of_set.iter().zip(n_found).zip(&mut passes) {
            if n_found > 0 {
                *passes = count(of, &wanted, u64::from(n_found), &mut tally);
            }
        }
        if !wanted.is_empty() {
            found.retain(|found| passes[self.sets[found.page as usize] as usize]);
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

    /// The counts by name, values that no hit has left out.
    pub(crate) fn named(&self, tally: &Tally) -> FacetCounts {
        let named = |facet: usize| {
            let counts = self.numbers(facet).map(|number| number as usize).filter(|number| tally.0[*number] > 0);
            (FACETS[facet], counts.map(|number| (self.values[number].clone(), tally.0[number])).collect())
        };
        (0..FACETS.len()).map(named).collect()
    }
}

/// Counts `n_found` pages with the same values. `true` if they pass all filters.
fn count(of: &[u32], wanted: &[(Range<u32>, Vec<u32>)], n_found: u64, tally: &mut Tally) -> bool {
    let mut failed = wanted.iter().filter(|(_, admitted)| !of.iter().any(|value| admitted.contains(value)));
    let (first, second) = (failed.next(), failed.next());
    if second.is_some() {
        return false;
    }
    for value in of {
        if first.is_none_or(|(only, _)| only.contains(value)) {
            tally.0[*value as usize] += n_found;
        }
    }
    first.is_none()
}
