//! The order of a site within a plan. It is soft: it orders what prerequisites leave open, and yields to them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rustc_hash::FxHashMap;

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
    let mut waits: FxHashMap<u32, usize> = FxHashMap::default();
    let mut frees: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
    for from in &components {
        for to in hard.needs(*from).filter(|to| components.binary_search(to).is_ok()) {
            *waits.entry(*from).or_default() += 1;
            frees.entry(to).or_default().push(*from);
        }
    }
    let place = |lesson: &u32| places[*lesson as usize];
    let first = |component: u32| hard.components()[component as usize].iter().map(place).min().flatten();
    let ready = components.iter().filter(|component| !waits.contains_key(component));
    let mut ready: BinaryHeap<Reverse<(Option<LessonPlace>, u32)>> =
        ready.map(|component| Reverse((first(*component), *component))).collect();
    let mut order = Vec::with_capacity(lessons.len());
    while let Some(Reverse((_, component))) = ready.pop() {
        let mut members = hard.components()[component as usize].clone();
        members.sort_by_key(place);
        order.extend(members);
        for freed in frees.remove(&component).into_iter().flatten() {
            let Some(left) = waits.get_mut(&freed) else { continue };
            *left -= 1;
            if *left == 0 {
                ready.push(Reverse((first(freed), freed)));
            }
        }
    }
    order
}
