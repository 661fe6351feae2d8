//! Where pages stand in the orders that `follows` edges give: series, navigations, tables of contents.

use gradus_corpus::Relation;
use petgraph::unionfind::UnionFind;
use petgraph::visit::DfsPostOrder;
use serde::{Deserialize, Serialize};

use crate::csr::narrow;
use crate::petgraph_traits::RequiredGraph;
use crate::rows::Rows;

/// The place of a page among those that edges of order connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct OrderPlace {
    /// Equal for pages that edges of order connect.
    pub(crate) order: u32,
    /// Pages come after all that they follow, but for pages that follow each other.
    pub(crate) place: u32,
}

/// The places of all pages.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct ReadingOrder {
    /// By page; empty where no page follows another.
    places: Vec<Option<OrderPlace>>,
}

impl ReadingOrder {
    /// O(pages + edges).
    pub(crate) fn new(rows: &Rows) -> Self {
        let (follows, followed_by) = (rows.from(Relation::Follows), rows.to(Relation::Follows));
        if follows.n_edges() == 0 {
            return Self::default();
        }
        let mut orders = UnionFind::<u32>::new(rows.n_pages());
        for page in 0..narrow(rows.n_pages()) {
            follows.required(page).for_each(|other| {
                orders.union(page, other);
            });
        }
        let mut places = vec![None; rows.n_pages()];
        let mut walk = DfsPostOrder::empty(RequiredGraph(follows));
        let mut next = 0;
        // From the last pages of all orders, so that each is walked in one go; what is left then goes round in circles.
        let pages = || (0..narrow(rows.n_pages())).filter(|page| !follows.row(*page).is_empty());
        let last = pages().filter(|page| followed_by.row(*page).is_empty());
        for start in last.chain(pages()) {
            walk.move_to(start);
            while let Some(page) = walk.next(RequiredGraph(follows)) {
                places[page as usize] = Some(OrderPlace { order: orders.find_mut(page), place: next });
                next += 1;
            }
        }
        Self { places }
    }

    /// The place of `page`; `None` where it neither follows a page nor is followed by one.
    pub(crate) fn place(&self, page: u32) -> Option<OrderPlace> {
        self.places.get(page as usize).copied().flatten()
    }
}
