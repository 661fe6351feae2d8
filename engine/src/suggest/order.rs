//! Orders of the site: series, navigation, summaries.

use gradus_graph::Graph;

use super::net::Net;

/// What standing behind counts, as a multiple of standing before.
const BEHIND: f32 = -4.0;

/// Where the pages of a net stand in the orders of the site.
pub(super) struct ReadingPlaces {
    /// The first page of the order that each stands in, and its place there.
    places: Vec<Option<(u32, u32)>>,
}

impl ReadingPlaces {
    /// O(pages).
    pub(super) fn new(net: &Net, graph: &Graph) -> Self {
        let mut places = vec![None; net.len()];
        let inside = |page| net.node(page);
        for (node, page) in (0..).zip(&net.pages) {
            let follows = graph.follows(*page).any(|before| inside(before).is_some());
            let is_first = !follows && graph.followed_by(*page).any(|after| inside(after).is_some());
            let mut next = Some(node).filter(|_| is_first);
            let mut place = 0;
            // Each page is placed once, so that an order that leads back into itself ends.
            while let Some(at) = next.filter(|at| places[*at as usize].is_none()) {
                places[at as usize] = Some((node, place));
                place += 1;
                next = graph.followed_by(net.pages[at as usize]).find_map(inside);
            }
        }
        Self { places }
    }

    /// 1 where `from` stands before `to` in one order, less than nothing where it stands behind it, else 0. What comes later is
    /// hardly ever needed; what comes earlier mostly is not either.
    pub(super) fn order(&self, from: u32, to: u32) -> f32 {
        match (self.places[from as usize], self.places[to as usize]) {
            (Some((one, from)), Some((other, to))) if one == other => {
                if from < to {
                    1.0
                } else {
                    BEHIND
                }
            }
            _ => 0.0,
        }
    }
}
