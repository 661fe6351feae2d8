//! Shelves and series: which pages did their authors put close to each other?

use std::collections::BTreeMap;

use gradus_corpus::{Corpus, PageId};

/// Neighbours in a series that count, on each side.
const SERIES_REACH: usize = 3;

/// The folders, categories and series of every page.
pub struct Shelves {
    /// By page: the shelves it stands on.
    by_page: Vec<Vec<u32>>,
    /// By shelf: how telling it is to stand there, the logarithm of all pages a page there.
    worth: Vec<f32>,
    /// Series in their order.
    series: BTreeMap<Box<str>, Vec<PageId>>,
}

impl Shelves {
    /// O(pages · depth of folders).
    pub fn new(corpus: &Corpus) -> Self {
        let mut numbers: BTreeMap<(bool, bool, &str), u32> = BTreeMap::new();
        let mut n_on: Vec<u32> = Vec::new();
        let mut series: BTreeMap<Box<str>, Vec<PageId>> = BTreeMap::new();
        let mut by_page = Vec::with_capacity(corpus.n_pages());
        for (id, page) in corpus.pages() {
            let folders = page.path.match_indices('/').map(|(end, _)| (false, &page.path[..end]));
            let shelves = folders.chain(page.category.as_deref().map(|category| (true, category)));
            let numbered = shelves.map(|(is_category, name)| {
                let next = u32::try_from(n_on.len()).unwrap_or(u32::MAX);
                let number = *numbers.entry((corpus.is_concept(id), is_category, name)).or_insert(next);
                if number == next {
                    n_on.push(0);
                }
                n_on[number as usize] += 1;
                number
            });
            by_page.push(numbered.collect());
            if let Some(name) = &page.series {
                series.entry(name.clone()).or_default().push(id);
            }
        }
        let place = |id: &PageId| (corpus.page(*id).order, *id);
        series.values_mut().for_each(|pages| pages.sort_by_key(place));
        #[expect(clippy::cast_precision_loss, reason = "counts of pages are far below 2^24")]
        let worth = n_on.into_iter().map(|n_on| (corpus.n_pages() as f32 / n_on as f32).ln()).collect();
        Self { by_page, worth, series }
    }

    /// How telling the most telling shelf is that both stand on; 0 where there is none.
    pub fn nearness(&self, a: PageId, b: PageId) -> f32 {
        let others = &self.by_page[b.idx()];
        let both = self.by_page[a.idx()].iter().filter(|shelf| others.contains(shelf));
        both.map(|shelf| self.worth[*shelf as usize]).fold(0.0, f32::max)
    }

    /// The pages next to `page` in its series, with one divided by how far they are.
    pub fn in_series(&self, corpus: &Corpus, page: PageId) -> Vec<(PageId, f32)> {
        let series = corpus.page(page).series.as_ref().and_then(|name| self.series.get(name));
        let Some((pages, at)) = series.and_then(|pages| Some((pages, pages.iter().position(|one| *one == page)?)))
        else {
            return Vec::new();
        };
        let near = (at.saturating_sub(SERIES_REACH)..pages.len().min(at + SERIES_REACH + 1)).filter(|near| *near != at);
        #[expect(clippy::cast_precision_loss, reason = "it is at most SERIES_REACH")]
        let near = near.map(|near| (pages[near], 1.0 / near.abs_diff(at) as f32));
        near.filter(|(other, _)| corpus.is_concept(*other) == corpus.is_concept(page)).collect()
    }

    /// How many places `other` comes after `page` in their series, negative where before; `None` where they share none.
    pub fn series_distance(&self, corpus: &Corpus, page: PageId, other: PageId) -> Option<i64> {
        let name = corpus.page(page).series.as_ref()?;
        let pages = self.series.get(name).filter(|_| corpus.page(other).series.as_ref() == Some(name))?;
        let place = |page: PageId| pages.iter().position(|one| *one == page).and_then(|at| i64::try_from(at).ok());
        Some(place(other)? - place(page)?)
    }
}
