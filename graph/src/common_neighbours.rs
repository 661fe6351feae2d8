//! What two pages have in common around them.

use gradus_corpus::PageId;

use crate::graph::Graph;
use crate::neighbours::{HUB, HiddenEdges, Neighbour};
use crate::page_scores::{as_f32, best};

/// Pages looked at from one page over its neighbours; the neighbours with the fewest neighbours are looked at first.
const STEPS: usize = 20_000;

/// Pages that have neighbours in common with a page, by how they have them, best first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CommonNeighbours {
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
    pub fn in_common(&self, page: PageId, hidden: Option<&HiddenEdges>, limit: usize) -> CommonNeighbours {
        let around = self.neighbours.some_seen(page.0, hidden);
        let mut middles: Vec<Neighbour> = around.filter(|near| self.neighbours.row(near.node()).len() <= HUB).collect();
        middles.sort_by_cached_key(|near| self.neighbours.row(near.node()).len());
        self.scores.with(self.rows.n_pages(), |scores| {
            let mut steps = 0;
            for middle in middles {
                let n_near = self.neighbours.seen(middle.node(), hidden).count();
                steps += n_near;
                if steps > STEPS {
                    break;
                }
                let worth = 1.0 / as_f32(n_near + 1).ln();
                for near in self.neighbours.seen(middle.node(), hidden) {
                    let score = scores.at(near.node());
                    score[0] += worth;
                    score[1] += if middle.is_in() && near.is_out() { worth } else { 0.0 };
                    score[2] += if middle.is_out() && near.is_in() { worth } else { 0.0 };
                }
            }
            let by = |kind: usize| {
                best(&self.rows, page, scores.of_kind(kind).filter(|(_, score)| *score > 0.0).collect(), limit)
            };
            CommonNeighbours { neighbours: by(0), cited: by(1), citing: by(2) }
        })
    }

    /// Pages of the kind of `page` that state something of it, the ones that state least first: what few are told says
    /// more. Of many only some are looked at. At most `limit`.
    pub fn stated_by(&self, page: PageId, hidden: Option<&HiddenEdges>, limit: usize) -> Vec<(PageId, f32)> {
        let stating = self.neighbours.some_seen(page.0, hidden).filter(|near| near.is_in());
        let rarity = |node: u32| 1.0 / as_f32(self.neighbours.row(node).len() + 1).ln();
        best(&self.rows, page, stating.map(|near| (near.node(), rarity(near.node()))).collect(), limit)
    }

    /// Pages of the kind of `page` that the pages in `like` state something of, by how much those are like it: what do its
    /// peers link to? What many state something of counts less, by the root of its neighbours. At most `limit`.
    pub fn stated_by_peers(
        &self,
        page: PageId,
        like: &[(PageId, f32)],
        hidden: Option<&HiddenEdges>,
        limit: usize,
    ) -> Vec<(PageId, f32)> {
        self.scores.with(self.rows.n_pages(), |scores| {
            for (peer, weight) in like {
                for near in self.neighbours.seen(peer.0, hidden).take(HUB).filter(|near| near.is_out()) {
                    scores.at(near.node())[0] += weight;
                }
            }
            let damped = |(other, score): (u32, f32)| (other, score / as_f32(self.neighbours.row(other).len()).sqrt());
            best(&self.rows, page, scores.of_kind(0).map(damped).collect(), limit)
        })
    }

    /// What `page` states something of, of its own kind, but what it mentions or follows, by id.
    pub fn stated_of(&self, page: PageId) -> Vec<PageId> {
        let out = self.neighbours.row(page.0).iter().filter(|near| near.is_out()).map(|near| near.node());
        out.filter(|other| self.rows.is_concept(*other) == self.rows.is_concept(page.0)).map(PageId).collect()
    }

    /// A page that states something of both, the one that states least; `None` where there is none but hubs, or none among
    /// those that are looked at where `a` has very many neighbours.
    pub fn citing_both(&self, a: PageId, b: PageId) -> Option<PageId> {
        let both = self.neighbours.some(a.0).filter(|near| near.is_in() && near.node() != b.0).filter(|near| {
            let row = self.neighbours.row(near.node());
            row.len() <= HUB && row.binary_search_by_key(&b.0, |near| near.node()).is_ok_and(|at| row[at].is_out())
        });
        both.min_by_key(|near| (self.neighbours.row(near.node()).len(), near.node())).map(|near| PageId(near.node()))
    }

    /// A page that both state something of, the one least is stated of; `None` where there is none but hubs.
    pub fn cited_by_both(&self, a: PageId, b: PageId) -> Option<PageId> {
        let (mut a, mut b) = (self.neighbours.row(a.0).iter().peekable(), self.neighbours.row(b.0).iter().peekable());
        let mut best: Option<(usize, u32)> = None;
        while let (Some(near_a), Some(near_b)) = (a.peek(), b.peek()) {
            match near_a.node().cmp(&near_b.node()) {
                std::cmp::Ordering::Less => a.next(),
                std::cmp::Ordering::Greater => b.next(),
                std::cmp::Ordering::Equal => {
                    let candidate = (self.neighbours.row(near_a.node()).len(), near_a.node());
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

    /// How many neighbours `page` has over all relations but mentions and order.
    pub fn n_neighbours(&self, page: PageId) -> usize {
        self.neighbours.row(page.0).len()
    }
}
