//! Facets: which there are, filters by them, and the counts that a user interface with check boxes needs.

use std::collections::BTreeMap;
use std::ops::Range;

use gradus_corpus::{Access, Corpus, Kind, Level, Page};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::candidate::Candidate;

/// A property of pages to filter and count by.
pub struct Facet {
    /// As parameters and answers name it.
    pub name: &'static str,
    /// What its values are, for those who read an interface's description.
    pub values: &'static str,
    /// Its values, where there is a fixed set of them; any other is a mistake.
    pub choices: fn() -> Vec<&'static str>,
    /// The values of a page.
    pub of: fn(&Page) -> Vec<&str>,
}

/// The facets: a new one is a line here.
pub const FACETS: &[Facet] = &[
    Facet {
        name: "kind",
        values: "`concept`, `guide`.",
        choices: || spell(Kind::ALL, Kind::as_str),
        of: |page| vec![page.kind.as_str()],
    },
    Facet {
        name: "category",
        values: "Categories.",
        choices: Vec::new,
        of: |page| page.category.as_deref().into_iter().collect(),
    },
    Facet { name: "tag", values: "Tags.", choices: Vec::new, of: |page| page.tags.iter().map(AsRef::as_ref).collect() },
    Facet {
        name: "track",
        values: "Tracks.",
        choices: Vec::new,
        of: |page| page.tracks.iter().map(AsRef::as_ref).collect(),
    },
    Facet {
        name: "level",
        values: "`beginner`, `intermediate`, `advanced`.",
        choices: || spell(Level::ALL, Level::as_str),
        of: |page| page.level.map(Level::as_str).into_iter().collect(),
    },
    Facet {
        name: "access",
        values: "`free`, `pro`.",
        choices: || spell(Access::ALL, Access::as_str),
        of: |page| vec![page.access.as_str()],
    },
    Facet {
        name: LANGUAGE_FACET,
        values: "Language tags: `pt` admits `pt-BR` too, `*` every language. Search stays within the site's main language where \
                 none is given.",
        choices: Vec::new,
        of: |page| page.lang.as_deref().into_iter().collect(),
    },
    Facet {
        name: "version",
        values: "Versions of what is documented.",
        choices: Vec::new,
        of: |page| page.version.as_deref().into_iter().collect(),
    },
];
const N_FACETS: usize = FACETS.len();

fn spell<T: Copy>(all: &[T], spelling: fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|value| spelling(*value)).collect()
}

/// How many pages have each value of each facet.
pub type FacetCounts = BTreeMap<&'static str, BTreeMap<String, u64>>;

/// The facet of languages.
pub(crate) const LANGUAGE_FACET: &str = "lang";

/// The first part of a tag, `pt` of `pt-BR`.
pub(crate) fn primary(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or_default()
}

/// The language tag that stands for all of them.
pub const EVERY_LANGUAGE: &str = "*";

/// Which pages to find. Values of a facet are alternatives, facets narrow each other; one without values lets all pass. Case
/// does not matter. A language admits its variants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters([Vec<String>; N_FACETS]);

impl Filters {
    /// Admits only the `values` of the facet called `name`, all where there are none. Of a facet that does not exist every
    /// value is one that no page has, so that a filter nobody knows admits nothing rather than everything.
    #[must_use]
    pub fn with(mut self, name: &str, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let values = values.into_iter().map(Into::into);
        match FACETS.iter().position(|facet| facet.name == name) {
            Some(facet) => self.0[facet] = values.collect(),
            None => self.0[0] = vec![String::new()],
        }
        self
    }

    /// The facets that are filtered by, with their admitted values.
    pub fn set(&self) -> impl Iterator<Item = (&'static Facet, &[String])> {
        FACETS.iter().zip(&self.0).filter(|(_, values)| !values.is_empty()).map(|(facet, values)| (facet, &**values))
    }

    /// Whether the facet called `name` is filtered by.
    pub fn sets(&self, name: &str) -> bool {
        self.set().any(|(facet, _)| facet.name == name)
    }

    /// Whether `page` passes all of them.
    pub fn pass(&self, page: &Page) -> bool {
        self.set()
            .filter(|(facet, given)| !facet.admits_all(given))
            .all(|(facet, given)| (facet.of)(page).into_iter().any(|value| facet.admits(given, value)))
    }
}

impl Facet {
    /// Whether `given` lets every page pass.
    fn admits_all(&self, given: &[String]) -> bool {
        self.name == LANGUAGE_FACET && given.iter().any(|given| given == EVERY_LANGUAGE)
    }

    /// Whether `value` is one of those that are `given`.
    fn admits(&self, given: &[String], value: &str) -> bool {
        let is_variant = |given: &str| {
            let behind = value.get(given.len()..).filter(|behind| behind.starts_with(['-', '_']));
            self.name == LANGUAGE_FACET && behind.is_some() && value[..given.len()].eq_ignore_ascii_case(given)
        };
        given.iter().any(|given| given.eq_ignore_ascii_case(value) || is_variant(given))
    }
}

/// The language of a reader, as it narrows what is found.
#[derive(Clone, Copy)]
pub(crate) struct OwnLanguage<'a> {
    /// The first part of its tag.
    pub(crate) primary: &'a str,
    /// Whether pages that say nothing are in it.
    pub(crate) admits_silent: bool,
}

/// What a facet admits.
struct Admitted {
    /// All of its values.
    all: Range<u32>,
    values: Vec<u32>,
    /// Whether pages without a value pass.
    silent: bool,
}

impl Admitted {
    fn admits(&self, of: &[u32]) -> bool {
        of.iter().any(|value| self.values.contains(value))
            || self.silent && !of.iter().any(|value| self.all.contains(value))
    }
}

/// The facet values of every page, as numbers.
#[derive(Serialize, Deserialize)]
pub(crate) struct FacetIndex {
    /// The values, those of a facet side by side, sorted.
    values: Vec<String>,
    /// The first value of each facet, and one behind the last.
    first: [u32; N_FACETS + 1],
    /// By page: its set of values. Most pages share theirs with many.
    sets: Vec<u32>,
    /// The values of each set.
    of_set: Vec<Box<[u32]>>,
}

/// How many hits have each value.
pub(crate) struct ValueCounts(Vec<u64>);

impl FacetIndex {
    pub(crate) fn new(corpus: &Corpus) -> Self {
        let mut seen: [BTreeMap<&str, u32>; N_FACETS] = Default::default();
        for (_, page) in corpus.pages() {
            for (values, facet) in seen.iter_mut().zip(FACETS) {
                values.extend((facet.of)(page).into_iter().map(|value| (value, 0)));
            }
        }
        let mut first = [0; N_FACETS + 1];
        for (facet, values) in seen.iter_mut().enumerate() {
            (first[facet]..).zip(values.values_mut()).for_each(|(number, value)| *value = number);
            first[facet + 1] = first[facet] + u32::try_from(values.len()).unwrap_or(u32::MAX);
        }
        let mut known: FxHashMap<Box<[u32]>, u32> = FxHashMap::default();
        let mut of_set: Vec<Box<[u32]>> = Vec::new();
        let sets = corpus.pages().map(|(_, page)| {
            let numbered = FACETS.iter().zip(&seen);
            let numbers = numbered.flat_map(|(facet, seen)| (facet.of)(page).into_iter().map(move |value| seen[value]));
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

    /// Keeps those of `found` that pass all filters and are in the reader's language, and counts them, in each facet as if that
    /// facet's own filter were not set. O(found + sets of values).
    pub(crate) fn sift(
        &self,
        filters: &Filters,
        own: Option<OwnLanguage<'_>>,
        found: &mut Vec<Candidate>,
    ) -> ValueCounts {
        let mut n_found = vec![0_u32; self.of_set.len()];
        found.iter().for_each(|found| n_found[self.sets[found.page as usize] as usize] += 1);
        let admitted = self.admitted(filters, own);
        let mut counts = ValueCounts(vec![0; self.values.len()]);
        let mut passes = vec![true; self.of_set.len()];
        for ((of, n_found), passes) in self.of_set.iter().zip(n_found).zip(&mut passes) {
            if n_found > 0 {
                *passes = count(of, &admitted, u64::from(n_found), &mut counts);
            }
        }
        if !admitted.is_empty() {
            found.retain(|found| passes[self.sets[found.page as usize] as usize]);
        }
        counts
    }

    /// What each facet admits that is filtered by. A value that no page has admits no page.
    fn admitted(&self, filters: &Filters, own: Option<OwnLanguage<'_>>) -> Vec<Admitted> {
        let value = |number: &u32| self.values[*number as usize].as_str();
        let facets = FACETS.iter().zip(&filters.0).enumerate();
        let given = facets.filter(|(_, (facet, given))| !given.is_empty() && !facet.admits_all(given));
        let admitted = given.map(|(at, (facet, given))| {
            let all = self.numbers(at);
            let values = all.clone().filter(|number| facet.admits(given, value(number))).collect();
            Admitted { all, values, silent: false }
        });
        let at = FACETS.iter().position(|facet| facet.name == LANGUAGE_FACET).unwrap_or_default();
        let own = own.map(|own| {
            let all = self.numbers(at);
            let is_own = |number: &u32| primary(value(number)).eq_ignore_ascii_case(own.primary);
            Admitted { values: all.clone().filter(is_own).collect(), all, silent: own.admits_silent }
        });
        admitted.chain(own).collect()
    }

    /// The counts by name, values that no hit has left out.
    pub(crate) fn named(&self, counts: &ValueCounts) -> FacetCounts {
        let named = |(at, facet): (usize, &Facet)| {
            let numbers = self.numbers(at).map(|number| number as usize).filter(|number| counts.0[*number] > 0);
            (facet.name, numbers.map(|number| (self.values[number].clone(), counts.0[number])).collect())
        };
        FACETS.iter().enumerate().map(named).collect()
    }
}

/// Counts `n_found` pages with the same values. `true` if they pass all filters.
fn count(of: &[u32], admitted: &[Admitted], n_found: u64, counts: &mut ValueCounts) -> bool {
    let mut failed = admitted.iter().filter(|facet| !facet.admits(of));
    let (first, second) = (failed.next(), failed.next());
    if second.is_some() {
        return false;
    }
    for value in of {
        if first.is_none_or(|only| only.all.contains(value)) {
            counts.0[*value as usize] += n_found;
        }
    }
    first.is_none()
}

#[cfg(test)]
mod tests {
    use gradus_corpus::Parts;

    use super::*;

    /// Pages by their tags, levels and languages.
    fn corpus() -> Corpus {
        let pages = [
            ("a", "x y", Some(Level::Beginner), "en"),
            ("b", "y", None, "de"),
            ("c", "", Some(Level::Advanced), "en-GB"),
        ];
        let pages = pages.map(|(slug, tags, level, lang)| {
            let mut page = Page::new(Kind::Guide, slug);
            page.tags = tags.split_whitespace().map(Into::into).collect();
            page.level = level;
            page.lang = Some(lang.into());
            page
        });
        Corpus::assemble(Parts { pages: pages.into(), ..Parts::default() })
    }

    fn sifted(filters: &Filters) -> (Vec<u32>, FacetCounts) {
        let corpus = corpus();
        let index = FacetIndex::new(&corpus);
        let candidate = |page| Candidate { page, score: 0.0, words: 0, mass: 0.0, n_docs: 1 };
        let mut found: Vec<Candidate> = (0..3).map(candidate).collect();
        let counts = index.sift(filters, None, &mut found);
        let pages: Vec<u32> = found.into_iter().map(|found| found.page).collect();
        let passing = corpus.pages().filter(|(_, page)| filters.pass(page)).map(|(id, _)| id.0);
        assert_eq!(pages, passing.collect::<Vec<_>>(), "a list of pages and a search filter alike");
        (pages, index.named(&counts))
    }

    fn count(counts: &FacetCounts, facet: &str, value: &str) -> u64 {
        counts[facet].get(value).copied().unwrap_or(0)
    }

    #[test]
    fn a_facet_is_counted_as_if_it_were_not_filtered_by() {
        let (pages, counts) = sifted(&Filters::default().with("tag", ["X"]));
        assert_eq!(pages, [0]);
        assert_eq!([count(&counts, "tag", "x"), count(&counts, "tag", "y")], [1, 2]);
        assert_eq!([count(&counts, "lang", "en"), count(&counts, "lang", "de")], [1, 0]);
    }

    #[test]
    fn values_are_alternatives_and_facets_narrow() {
        assert_eq!(sifted(&Filters::default().with("level", ["beginner", "advanced"])).0, [0, 2]);
        let both = Filters::default().with("level", ["beginner", "advanced"]).with("tag", ["y"]);
        assert_eq!(sifted(&both).0, [0]);
        assert_eq!(sifted(&Filters::default().with("tag", ["nobody's"])).0, [0_u32; 0]);
        assert_eq!(sifted(&Filters::default().with("lang", [""; 0])).0, [0, 1, 2]);
    }

    #[test]
    fn a_language_admits_its_variants_and_a_star_all() {
        let lang = |tag: &str| sifted(&Filters::default().with("lang", [tag])).0;
        assert_eq!((lang("EN"), lang("de"), lang("de-AT"), lang("d")), (vec![0, 2], vec![1], vec![], vec![]));
        assert_eq!(lang("*"), [0, 1, 2]);
        assert_eq!(sifted(&Filters::default().with("tag", ["*"])).0, [0_u32; 0]);
    }

    #[test]
    fn a_facet_that_does_not_exist_admits_nothing() {
        assert_eq!(sifted(&Filters::default().with("colour", ["red"])).0, [0_u32; 0]);
    }
}
