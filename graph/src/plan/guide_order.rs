//! The order of a plan that keeps to guides: all lessons of one, then all of another, as far as needs allow.

use gradus_corpus::PageId;
use rustc_hash::FxHashMap;

use super::soft_order::LessonPlace;
use super::topological::{depth_first, group_by_group};
use crate::csr::narrow;
use crate::local_graph::LocalGraph;

/// The components of `lessons` guide by guide, each after all that it needs; those of one guide by their `places`. Guides
/// are ordered depth first as lessons are; where guides need each other, the one at hand is gone on with as far as that
/// goes. `guides` and `places` are by lesson, `rank` orders what else is equal.
pub(super) fn guide_by_guide(
    lessons: &LocalGraph,
    guides: &[Option<PageId>],
    places: &[Option<LessonPlace>],
    rank: &dyn Fn(u32) -> u32,
) -> Vec<u32> {
    let mut number: FxHashMap<PageId, u32> = FxHashMap::default();
    // The components of each group: of one guide, or one alone that is of none or of several.
    let mut members: Vec<Vec<u32>> = Vec::new();
    let mut group_of: Vec<u32> = Vec::with_capacity(lessons.components().len());
    for (component, nodes) in (0..).zip(lessons.components()) {
        let mut all = nodes.iter().map(|lesson| guides[*lesson as usize]);
        let first = all.next().flatten();
        let guide = first.filter(|_| all.all(|guide| guide == first));
        let new = narrow(members.len());
        let group = guide.map_or(new, |guide| *number.entry(guide).or_insert(new));
        if group == new {
            members.push(Vec::new());
        }
        members[group as usize].push(component);
        group_of.push(group);
    }
    let needs = (0..).zip(&group_of).flat_map(|(component, from): (u32, &u32)| {
        lessons.needs(component).map(|need| (*from, group_of[need as usize])).collect::<Vec<(u32, u32)>>()
    });
    let groups = LocalGraph::new(members.len(), needs.filter(|(from, to)| from != to).collect());
    let nodes = |component: u32| &lessons.components()[component as usize];
    let first = |group: u32| {
        let lessons = members[group as usize].iter().flat_map(|component| nodes(*component));
        lessons.map(|lesson| rank(*lesson)).min().unwrap_or(u32::MAX)
    };
    let place = |component: u32| nodes(component).iter().map(|lesson| places[*lesson as usize]).min().flatten();
    let mut order = Vec::with_capacity(group_of.len());
    for component in depth_first(&groups, &first) {
        let together = groups.components()[component as usize].iter();
        let all: Vec<u32> = together.flat_map(|group| &members[*group as usize]).copied().collect();
        order.extend(group_by_group(&all, lessons, &|one| (group_of[one as usize], place(one))));
    }
    order
}
