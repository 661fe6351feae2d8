//! Topological orders of a part of the graph: each component after all that it needs.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use petgraph::visit::DfsPostOrder;
use rustc_hash::FxHashMap;

use crate::csr::{Csr, DirectedEdge, narrow};
use crate::local_graph::LocalGraph;
use crate::petgraph_traits::RequiredGraph;

/// All components of `graph`: depth first, from the highest level down and into the highest level first, of equals the one
/// whose node `rank` puts first.
pub(super) fn depth_first(graph: &LocalGraph, rank: &dyn Fn(u32) -> u32) -> Vec<u32> {
    let levels = graph.levels();
    let first = |component: &u32| graph.components()[*component as usize].iter().map(|node| rank(*node)).min();
    let mut by_level: Vec<u32> = (0..narrow(graph.components().len())).collect();
    // petgraph's walk goes into the neighbour with the highest number first.
    by_level.sort_by_cached_key(|component| (levels[*component as usize], Reverse(first(component))));
    let mut number = vec![0; by_level.len()];
    (0..).zip(&by_level).for_each(|(at, component)| number[*component as usize] = at);
    let between = (0..narrow(by_level.len())).flat_map(|from| graph.needs(from).map(move |to| (from, to)));
    let edges = between.map(|(from, to)| DirectedEdge::plain(number[from as usize], number[to as usize]));
    let rows = Csr::new(by_level.len(), edges);
    let mut walk = DfsPostOrder::empty(RequiredGraph(&rows));
    let mut order = Vec::with_capacity(by_level.len());
    for start in (0..narrow(by_level.len())).rev() {
        walk.move_to(start);
        while let Some(next) = walk.next(RequiredGraph(&rows)) {
            order.push(by_level[next as usize]);
        }
    }
    order
}

/// `components` of `graph` as far as they need each other: always one of the group at hand as long as it has one that is
/// ready, else of the first group that has. `key` gives the group of a component and its rank in it.
/// O((components + edges) · log components).
pub(super) fn group_by_group<R: Ord>(
    components: &[u32],
    graph: &LocalGraph,
    key: &dyn Fn(u32) -> (u32, R),
) -> Vec<u32> {
    let mut waits: FxHashMap<u32, usize> = components.iter().map(|component| (*component, 0)).collect();
    let mut frees: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
    for from in components {
        for to in graph.needs(*from).filter(|to| waits.contains_key(to)).collect::<Vec<u32>>() {
            *waits.entry(*from).or_default() += 1;
            frees.entry(to).or_default().push(*from);
        }
    }
    let mut ready: BTreeMap<u32, BTreeSet<(R, u32)>> = BTreeMap::new();
    let put = |ready: &mut BTreeMap<u32, BTreeSet<(R, u32)>>, component: u32| {
        let (group, rank) = key(component);
        ready.entry(group).or_default().insert((rank, component));
    };
    components.iter().filter(|component| waits[component] == 0).for_each(|component| put(&mut ready, *component));
    let mut order = Vec::with_capacity(components.len());
    let mut at_hand = None;
    while let Some(group) = at_hand.filter(|group| ready.contains_key(group)).or(ready.keys().next().copied()) {
        at_hand = Some(group);
        let Some((_, component)) = ready.get_mut(&group).and_then(BTreeSet::pop_first) else {
            ready.remove(&group);
            continue;
        };
        order.push(component);
        for freed in frees.remove(&component).into_iter().flatten() {
            let Some(left) = waits.get_mut(&freed) else { continue };
            *left -= 1;
            if *left == 0 {
                put(&mut ready, freed);
            }
        }
    }
    order
}
