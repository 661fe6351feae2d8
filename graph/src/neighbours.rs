//! What stands around a page over all relations at once.

use gradus_corpus::{PageId, Relation};
use serde::{Deserialize, Serialize};

use crate::csr::narrow;
use crate::rows::Rows;

/// Neighbours from which a page in the middle says nothing of those it joins: an overview joins everything.
pub(crate) const HUB: usize = 500;
/// Neighbours of one page that are looked at, evenly taken by id: of twenty thousand, a part tells as much.
const SAMPLE: usize = 1_000;
/// What makes no neighbours: a mention may be in passing, and pages that follow each other need not speak of the same.
const NO_NEIGHBOURS: [Relation; 2] = [Relation::Mentions, Relation::Follows];

/// A neighbour and who states something of whom: the page in the upper 30 bits, the directions in the lower two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Neighbour(u32);

/// The page states something of its neighbour.
const OUT: u32 = 1;
/// The neighbour states something of the page.
const IN: u32 = 2;

impl Neighbour {
    pub(crate) fn node(self) -> u32 {
        self.0 >> 2
    }

    /// Whether the page states something of its neighbour.
    pub(crate) fn is_out(self) -> bool {
        self.0 & OUT != 0
    }

    /// Whether the neighbour states something of the page.
    pub(crate) fn is_in(self) -> bool {
        self.0 & IN != 0
    }
}

/// Every page's neighbours over all relations but those of `NO_NEIGHBOURS`, each once.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Neighbours {
    offsets: Vec<u32>,
    entries: Vec<Neighbour>,
}

impl Neighbours {
    /// O(edges log neighbours).
    pub(crate) fn new(rows: &Rows) -> Self {
        let mut neighbours = Self { offsets: vec![0], entries: Vec::new() };
        let mut row: Vec<Neighbour> = Vec::new();
        for page in 0..narrow(rows.n_pages()) {
            row.clear();
            for relation in Relation::ALL.iter().filter(|relation| !NO_NEIGHBOURS.contains(relation)) {
                let (stated, stating) = (rows.from(*relation).row(page), rows.to(*relation).row(page));
                row.extend(stated.iter().map(|entry| Neighbour(entry.node << 2 | OUT)));
                row.extend(stating.iter().map(|entry| Neighbour(entry.node << 2 | IN)));
            }
            row.retain(|near| near.node() != page);
            row.sort_unstable();
            row.dedup_by(|later, kept| {
                let same = later.node() == kept.node();
                if same {
                    kept.0 |= later.0 & (OUT | IN);
                }
                same
            });
            neighbours.entries.extend(&row);
            neighbours.offsets.push(narrow(neighbours.entries.len()));
        }
        neighbours
    }

    pub(crate) fn row(&self, page: u32) -> &[Neighbour] {
        let page = page as usize;
        &self.entries[self.offsets[page] as usize..self.offsets[page + 1] as usize]
    }

    /// The neighbours of `page` without what is `hidden`.
    pub(crate) fn seen<'a>(
        &'a self,
        page: u32,
        hidden: Option<&'a HiddenEdges>,
    ) -> impl Iterator<Item = Neighbour> + 'a {
        let hidden = hidden.filter(|hidden| hidden.touches(page));
        self.row(page).iter().filter_map(move |near| hidden.map_or(Some(*near), |hidden| hidden.seen(page, *near)))
    }

    /// Some neighbours of `page`: all, or about `SAMPLE` of more.
    pub(crate) fn some(&self, page: u32) -> impl Iterator<Item = Neighbour> + '_ {
        let row = self.row(page);
        row.iter().step_by((row.len() / SAMPLE).max(1)).copied()
    }

    /// [`Neighbours::some`] without what is `hidden`.
    pub(crate) fn some_seen<'a>(
        &'a self,
        page: u32,
        hidden: Option<&'a HiddenEdges>,
    ) -> impl Iterator<Item = Neighbour> + 'a {
        let hidden = hidden.filter(|hidden| hidden.touches(page));
        self.some(page).filter_map(move |near| hidden.map_or(Some(near), |hidden| hidden.seen(page, near)))
    }
}

/// What a page states of others, taken as if it did not: how good are the signals at telling it?
#[derive(Clone, Debug, PartialEq)]
pub struct HiddenEdges {
    page: u32,
    targets: Vec<u32>,
}

impl HiddenEdges {
    /// Hides what `page` states of `targets`.
    pub fn new(page: PageId, targets: &[PageId]) -> Self {
        let mut targets: Vec<u32> = targets.iter().map(|target| target.0).collect();
        targets.sort_unstable();
        Self { page: page.0, targets }
    }

    /// Whether what the page states of `other` is hidden.
    pub fn is_target(&self, other: PageId) -> bool {
        self.targets.binary_search(&other.0).is_ok()
    }

    /// Whether anything is hidden beside `page`.
    fn touches(&self, page: u32) -> bool {
        page == self.page || self.is_target(PageId(page))
    }

    /// `near` as it stands beside `at` without what is hidden; `None` where nothing else makes it a neighbour.
    fn seen(&self, at: u32, near: Neighbour) -> Option<Neighbour> {
        let mut left = near.0;
        if at == self.page && self.is_target(PageId(near.node())) {
            left &= !OUT;
        }
        if near.node() == self.page && self.is_target(PageId(at)) {
            left &= !IN;
        }
        (left & (OUT | IN) != 0).then_some(Neighbour(left))
    }
}
