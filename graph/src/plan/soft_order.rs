//! The order of a site within a plan. It is soft: it orders what prerequisites leave open, and yields to them.

use rustc_hash::FxHashMap;

use super::topological::group_by_group;
use crate::local_graph::LocalGraph;
use crate::reading_order::OrderPlace;

/// Where a lesson stands: the place of its guide, and its section in it.
pub(super) type LessonPlace = (OrderPlace, usize);

/// Edges among lessons, from each to one that its site puts before it, which together with `needs` make no cycle that
/// `needs` alone do not make. O((lessons + edges) · log lessons).
///
/// Where the order of the site and `needs` contradict each other, always the first by order is taken of those that are
/// ready, so that only what is needed early moves.
pub(super) fn soft_edges(needs: &[(u32, u32)], places: &[Option<LessonPlace>]) -> Vec<(u32, u32)> {
    let mut placed: Vec<(LessonPlace, u32)> =
        (0..).zip(places).filter_map(|(lesson, place)| place.map(|place| (place, lesson))).collect();
    placed.sort_unstable();
    let pairs = placed.windows(2).filter(|pair| pair[0].0.0.order == pair[1].0.0.order);
    let chain: Vec<(u32, u32)> = pairs.map(|pair| (pair[1].1, pair[0].1)).collect();
    if chain.is_empty() {
        return Vec::new();
    }
    let hard = LocalGraph::new(places.len(), needs.to_vec());
    let both = LocalGraph::new(places.len(), [needs, &chain].concat());
    let mut edges: Vec<(u32, u32)> = Vec::new();
    let mut last: FxHashMap<u32, u32> = FxHashMap::default();
    // What needs nothing has the lowest number, so that this is one line through all lessons: edges along it, together with
    // `needs`, make no cycle.
    for lesson in both.components().iter().flat_map(|lessons| first_ready_first(lessons, &hard, places)) {
        let Some((place, _)) = places[lesson as usize] else { continue };
        edges.extend(last.insert(place.order, lesson).map(|before| (lesson, before)));
    }
    edges.retain(|(from, to)| hard.component(*from) != hard.component(*to));
    edges
}

/// `lessons` in an order in which each comes after what it needs: of what is ready, the first by place. What has no place
/// comes as soon as it is ready, since something with a place may wait for it.
fn first_ready_first(lessons: &[u32], hard: &LocalGraph, places: &[Option<LessonPlace>]) -> Vec<u32> {
    let mut components: Vec<u32> = lessons.iter().map(|lesson| hard.component(*lesson)).collect();
    components.sort_unstable();
    components.dedup();
    let members = |component: u32| &hard.components()[component as usize];
    let place = |lesson: &u32| places[*lesson as usize];
    let first = |component: u32| members(component).iter().map(place).min().flatten();
    let mut order = Vec::with_capacity(lessons.len());
    for component in group_by_group(&components, hard, &|component| (0, first(component))) {
        let mut together = members(component).clone();
        together.sort_by_key(place);
        order.extend(together);
    }
    order
}
