//! How deep each page stands in the whole graph, and the order in which all of it could be learned.

use gradus_corpus::PageId;

use crate::csr::narrow;
use crate::graph::Graph;
use crate::local_graph::LocalGraph;
use crate::rows::StrengthFilter;

impl Graph {
    /// The longest chain of required prerequisites below each page, in edges: 0 where it needs nothing. Pages that need each
    /// other are equally deep. O(pages + edges).
    pub fn depths(&self) -> Vec<u32> {
        let n_pages = self.rows.n_pages();
        let needs =
            |page: u32| self.rows.needs(page, StrengthFilter::Required).into_iter().map(move |need| (page, need));
        let graph = LocalGraph::new(n_pages, (0..narrow(n_pages)).flat_map(needs).collect());
        let levels = graph.levels();
        (0..narrow(n_pages)).map(|page| levels[graph.component(page) as usize]).collect()
    }

    /// What `page` needs directly, by id, what only helps among it: of a guide also what the concepts that it teaches need, without
    /// what it teaches.
    pub fn direct_needs(&self, page: PageId) -> Vec<PageId> {
        self.rows.needs(page.0, StrengthFilter::All).into_iter().map(PageId).collect()
    }

    /// Every page with its depth, so that what is needed comes first. Pages of one depth come in the order of their site, then
    /// by id. O(pages log pages + edges).
    pub fn learning_order(&self) -> Vec<(PageId, u32)> {
        let pages = (0..).map(PageId).zip(self.depths());
        let mut order: Vec<(PageId, u32)> = pages.collect();
        // Pages in no order of the site come behind those that are in one, as in plans.
        let place = |page: PageId| self.reading_order.place(page.0).map_or((1, 0), |place| (0, place.place));
        order.sort_by_cached_key(|(page, depth)| (*depth, place(*page), *page));
        order
    }
}
