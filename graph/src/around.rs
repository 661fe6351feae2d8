//! What stands around a page over all relations at once, and what two pages have in common there.

use std::sync::{Mutex, PoisonError};

use gradus_corpus::{PageId, Relation};

use crate::Graph;
use crate::csr::{Csr, narrow};

/// Neighbours from which a page in the middle says nothing of those it joins: an overview joins everything.
pub(crate) const HUB: usize = 500;
/// Neighbours of one page that are looked at, evenly taken by id: of twenty thousand, a part tells as much.
const SAMPLE: usize = 1_000;
/// Pages looked at from one page over its neighbours; the neighbours with the fewest neighbours are looked at first.
const STEPS: usize = 20_000;

/// A neighbour and who states something of whom: the page in the upper 30 bits, the directions in the lower two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Near(u32);

/// The page states something of its neighbour.
const OUT: u32 = 1;
/// The neighbour states something of the page.
const IN: u32 = 2;

impl Near {
    pub(crate) fn node(self) -> u32 {
        self.0 >> 2
    }

    fn is_out(self) -> bool {
        self.0 & OUT != 0
    }

    fn is_in(self) -> bool {
        self.0 & IN != 0
    }
}

/// Every page's neighbours over all relations but mentions, each once.
#[derive(Debug, Default)]
pub(crate) struct Around {
    offsets: Vec<u32>,
    near: Vec<Near>,
}

impl Around {
    /// O(edges log neighbours).
    pub(crate) fn new(n_pages: usize, forward: &[Csr], reverse: &[Csr]) -> Self {
        let mut around = Self { offsets: vec![0], near: Vec::new() };
        let mut row: Vec<Near> = Vec::new();
        let followed = || Relation::ALL.iter().filter(|relation| **relation != Relation::Mentions);
        for page in 0..narrow(n_pages) {
            row.clear();
            for relation in followed() {
                let (out, back) = (&forward[*relation as usize], &reverse[*relation as usize]);
                row.extend(out.row(page).iter().map(|entry| Near(entry.node << 2 | OUT)));
                row.extend(back.row(page).iter().map(|entry| Near(entry.node << 2 | IN)));
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
            around.near.extend(&row);
            around.offsets.push(narrow(around.near.len()));
        }
        around
    }

    pub(crate) fn row(&self, page: u32) -> &[Near] {
        let page = page as usize;
        &self.near[self.offsets[page] as usize..self.offsets[page + 1] as usize]
    }

    /// Some neighbours of `page`: all, or about `SAMPLE` of more.
    fn some(&self, page: u32) -> impl Iterator<Item = Near> + '_ {
        let row = self.row(page);
        row.iter().step_by((row.len() / SAMPLE).max(1)).copied()
    }

    /// The neighbours of `page` without what is `hidden`.
    pub(crate) fn seen<'a>(&'a self, page: u32, hidden: Option<&'a Hidden>) -> impl Iterator<Item = Near> + 'a {
        let hidden = hidden.filter(|hidden| hidden.touches(page));
        self.row(page).iter().filter_map(move |near| hidden.map_or(Some(*near), |hidden| hidden.seen(page, *near)))
    }

    /// [`Around::some`] of them.
    fn some_seen<'a>(&'a self, page: u32, hidden: Option<&'a Hidden>) -> impl Iterator<Item = Near> + 'a {
        let hidden = hidden.filter(|hidden| hidden.touches(page));
        self.some(page).filter_map(move |near| hidden.map_or(Some(near), |hidden| hidden.seen(page, near)))
    }
}

/// What a page states of others, taken as if it did not: how good are the signals at telling it?
#[derive(Clone, Debug, PartialEq)]
pub struct Hidden {
    page: u32,
    targets: Vec<u32>,
}

impl Hidden {
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
    fn seen(&self, at: u32, near: Near) -> Option<Near> {
        let mut left = near.0;
        if at == self.page && self.is_target(PageId(near.node())) {
            left &= !OUT;
        }
        if near.node() == self.page && self.is_target(PageId(at)) {
            left &= !IN;
        }
        (left & (OUT | IN) != 0).then_some(Near(left))
    }
}

/// Sums by page, borrowed from a pool and given back as zeros.
#[derive(Debug, Default)]
pub(crate) struct Sums {
    free: Mutex<Vec<Tally>>,
}

/// Sums of three kinds by page, and which pages have any.
#[derive(Debug)]
pub(crate) struct Tally {
    pub(crate) sums: Vec<[f32; 3]>,
    pub(crate) touched: Vec<u32>,
}

impl Sums {
    pub(crate) fn with<T>(&self, n_pages: usize, count: impl FnOnce(&mut Tally) -> T) -> T {
        let free = || self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = free().pop();
        let mut tally = taken.unwrap_or_else(|| Tally { sums: vec![[0.0; 3]; n_pages], touched: Vec::new() });
        let answer = count(&mut tally);
        for page in tally.touched.drain(..) {
            tally.sums[page as usize] = [0.0; 3];
        }
        free().push(tally);
        answer
    }
}

impl Tally {
    /// The sums of `page`, which counts as touched from now on.
    pub(crate) fn at(&mut self, page: u32) -> &mut [f32; 3] {
        let sums = &mut self.sums[page as usize];
        if *sums == [0.0; 3] {
            self.touched.push(page);
        }
        sums
    }
}

/// Pages that have neighbours in common with a page, by how they have them, best first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Common {
    /// By common neighbours, each worth the less the more neighbours it has (Adamic and Adar, 2003).
    pub neighbours: Vec<(PageId, f32)>,
    /// By pages that state something of both, such as link to both.
    pub cited: Vec<(PageId, f32)>,
    /// By pages that both state something of.
    pub citing: Vec<(PageId, f32)>,
}

impl Graph {
    /// Pages of the kind of `page` that have neighbours in common with it, at most `limit` by each count. Neighbours with
    /// more than `HUB` neighbours do not count, and no more than `STEPS` pages are looked at.
    pub fn in_common(&self, page: PageId, hidden: Option<&Hidden>, limit: usize) -> Common {
        let around = self.around.some_seen(page.0, hidden);
        let mut middles: Vec<Near> = around.filter(|near| self.around.row(near.node()).len() <= HUB).collect();
        middles.sort_by_cached_key(|near| self.around.row(near.node()).len());
        self.sums.with(self.n_pages, |tally| {
            let mut steps = 0;
            for middle in middles {
                let n_near = self.around.seen(middle.node(), hidden).count();
                steps += n_near;
                if steps > STEPS {
                    break;
                }
                let worth = 1.0 / as_f32(n_near + 1).ln();
                for near in self.around.seen(middle.node(), hidden) {
                    let sums = tally.at(near.node());
                    sums[0] += worth;
                    sums[1] += if middle.is_in() && near.is_out() { worth } else { 0.0 };
                    sums[2] += if middle.is_out() && near.is_in() { worth } else { 0.0 };
                }
            }
            let by = |kind: usize| {
                let all = tally.touched.iter().map(|other| (*other, tally.sums[*other as usize][kind]));
                self.best(page, all.filter(|(_, sum)| *sum > 0.0).collect(), limit)
            };
            Common { neighbours: by(0), cited: by(1), citing: by(2) }
        })
    }

    /// Pages of the kind of `page` that state something of it, the ones that state least first: what few are told says
    /// more. Of many only some are looked at. At most `limit`.
    pub fn stated_by(&self, page: PageId, hidden: Option<&Hidden>, limit: usize) -> Vec<(PageId, f32)> {
        let stating = self.around.some_seen(page.0, hidden).filter(|near| near.is_in());
        let rarity = |node: u32| 1.0 / as_f32(self.around.row(node).len() + 1).ln();
        self.best(page, stating.map(|near| (near.node(), rarity(near.node()))).collect(), limit)
    }

    /// Pages of the kind of `page` that the pages in `like` state something of, by how much those are like it: what do its
    /// peers link to? What many state something of counts less, by the root of its neighbours. At most `limit`.
    pub fn stated_by_peers(
        &self,
        page: PageId,
        like: &[(PageId, f32)],
        hidden: Option<&Hidden>,
        limit: usize,
    ) -> Vec<(PageId, f32)> {
        self.sums.with(self.n_pages, |tally| {
            for (peer, weight) in like {
                for near in self.around.seen(peer.0, hidden).take(HUB).filter(|near| near.is_out()) {
                    tally.at(near.node())[0] += weight;
                }
            }
            let damped = |other: u32| tally.sums[other as usize][0] / as_f32(self.around.row(other).len()).sqrt();
            self.best(page, tally.touched.iter().map(|other| (*other, damped(*other))).collect(), limit)
        })
    }

    /// What `page` states something of, of its own kind, over all relations but mentions, by id.
    pub fn stated_of(&self, page: PageId) -> Vec<PageId> {
        let out = self.around.row(page.0).iter().filter(|near| near.is_out()).map(|near| near.node());
        out.filter(|other| self.is_concept(*other) == self.is_concept(page.0)).map(PageId).collect()
    }

    /// A page that states something of both, the one that states least; `None` where there is none but hubs, or none among
    /// those that are looked at where `a` has very many neighbours.
    pub fn citing_both(&self, a: PageId, b: PageId) -> Option<PageId> {
        let both = self.around.some(a.0).filter(|near| near.is_in() && near.node() != b.0).filter(|near| {
            let row = self.around.row(near.node());
            row.len() <= HUB && row.binary_search_by_key(&b.0, |near| near.node()).is_ok_and(|at| row[at].is_out())
        });
        both.min_by_key(|near| (self.around.row(near.node()).len(), near.node())).map(|near| PageId(near.node()))
    }

    /// A page that both state something of, the one least is stated of; `None` where there is none but hubs.
    pub fn cited_by_both(&self, a: PageId, b: PageId) -> Option<PageId> {
        let (mut a, mut b) = (self.around.row(a.0).iter().peekable(), self.around.row(b.0).iter().peekable());
        let mut best: Option<(usize, u32)> = None;
        while let (Some(near_a), Some(near_b)) = (a.peek(), b.peek()) {
            match near_a.node().cmp(&near_b.node()) {
                std::cmp::Ordering::Less => a.next(),
                std::cmp::Ordering::Greater => b.next(),
                std::cmp::Ordering::Equal => {
                    let candidate = (self.around.row(near_a.node()).len(), near_a.node());
                    if near_a.is_out() && near_b.is_out() && candidate.0 <= HUB {
                        best = Some(best.map_or(candidate, |best| best.min(candidate)));
                    }
                    a.next();
                    b.next()
                }
            };
        }
        best.map(|(_, node)| PageId(node))
    }

    /// How many neighbours `page` has over all relations but mentions.
    pub fn n_neighbours(&self, page: PageId) -> usize {
        self.around.row(page.0).len()
    }

    /// The best of `scored` that are of the kind of `page` and not itself, at most `limit`, best first.
    pub(crate) fn best(&self, page: PageId, mut scored: Vec<(u32, f32)>, limit: usize) -> Vec<(PageId, f32)> {
        let better = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        scored.retain(|(other, _)| *other != page.0 && self.is_concept(*other) == self.is_concept(page.0));
        if scored.len() > limit && limit > 0 {
            scored.select_nth_unstable_by(limit - 1, better);
        }
        scored.truncate(limit);
        scored.sort_unstable_by(better);
        scored.into_iter().map(|(other, score)| (PageId(other), score)).collect()
    }
}

#[expect(clippy::cast_precision_loss, reason = "a page has far fewer than 2^24 neighbours")]
pub(crate) fn as_f32(count: usize) -> f32 {
    count as f32
}
