//! Paths: chains of prerequisites from one page up to another.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use gradus_corpus::PageId;
use gradus_corpus::work::checkpoint;
use petgraph::algo::dijkstra;
use petgraph::visit::EdgeRef;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::chain::{ChainEdge, ChainRule};
use crate::csr::{Csr, DirectedEdge, narrow};
use crate::graph::Graph;
use crate::learning::CanOpen;
use crate::petgraph_traits::RequiredGraph;
use crate::rows::StrengthFilter;

/// Partial chains looked at before the search gives up on further ones: only graphs with many loops come near it.
const MAX_STEPS: usize = 200_000;

/// The cheapest chains, or what both ends share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paths {
    /// Chains by how many of their pages the viewer cannot open, then minutes, then hops, then ids.
    pub paths: Vec<PrerequisitePath>,
    /// Where there is no chain: the prerequisites that both ends share and that nothing else they share needs, by id.
    pub common: Vec<PageId>,
    /// Whether the search for further chains was given up.
    pub truncated: bool,
}

/// A chain of prerequisites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrerequisitePath {
    /// From the known end to the wanted one.
    pub pages: Vec<PageId>,
    /// Why each page but the first stands after the one before.
    pub edges: Vec<ChainEdge>,
    /// Minutes of all but the first.
    pub minutes: u32,
    /// Minutes among them that the viewer cannot open.
    pub minutes_locked: u32,
}

/// A page, or the cycle that it is in.
#[derive(PartialEq, Eq, Hash)]
enum Component {
    Page(u32),
    Cycle(u32),
}

/// Pages that the viewer cannot open, then minutes, then hops.
type Cost = (u32, u64, u32);

impl Graph {
    /// The `k` cheapest chains from `from` up to `to` that visit no page twice. Between two concepts each page of a chain
    /// requires the one before. Where an end is a guide, each page needs the one before or something that it teaches, or
    /// is taught by it; where there is no such chain, a page may also just follow the one before.
    ///
    /// Dijkstra's distances to the end guide a best-first search (Hart, Nilsson and Raphael, 1968), so that chains come out
    /// in order. petgraph's `k_shortest_path` gives costs without paths, and of walks that may return. O(edges between the
    /// ends · log) for distances, then a heap step an edge of each chain.
    pub fn paths(&self, from: PageId, to: PageId, k: usize, can_open: CanOpen<'_>) -> Paths {
        if from == to {
            let path = PrerequisitePath { pages: vec![from], edges: Vec::new(), minutes: 0, minutes_locked: 0 };
            return Paths { paths: vec![path], ..Paths::default() };
        }
        let are_concepts = self.rows.is_concept(from.0) && self.rows.is_concept(to.0);
        let rules: &[ChainRule] =
            if are_concepts { &[ChainRule::Requires] } else { &[ChainRule::BuildsOn, ChainRule::BuildsOnOrFollows] };
        for rule in rules {
            let between = self.between(from, to, *rule);
            if !between.is_empty() {
                let (paths, truncated) = self.cheapest(&between, (from, to), *rule, k, can_open);
                return Paths { paths, common: Vec::new(), truncated };
            }
        }
        Paths { common: self.common(from, to), ..Paths::default() }
    }

    /// The pages on chains from `from` up to `to`, sorted; none where there is no chain.
    fn between(&self, from: PageId, to: PageId, rule: ChainRule) -> Vec<u32> {
        let down = self.reach(to.0, &|page| self.rows.right_before(page, rule));
        if down.binary_search(&from.0).is_err() {
            return Vec::new();
        }
        let on_the_way = |page: &u32| down.binary_search(page).is_ok();
        self.reach(from.0, &|page| {
            let mut after = self.rows.right_after(page, rule);
            after.retain(on_the_way);
            after
        })
    }

    /// What `beyond` reaches from `start`, itself included, sorted.
    fn reach(&self, start: u32, beyond: &dyn Fn(u32) -> Vec<u32>) -> Vec<u32> {
        self.visits.visit(|visit| {
            visit.see(start, 0);
            let mut found = vec![start];
            let mut next = 0;
            while next < found.len() {
                checkpoint();
                let new = beyond(found[next]).into_iter().filter(|page| visit.see(*page, 0));
                found.extend(new);
                next += 1;
            }
            found.sort_unstable();
            found
        })
    }

    fn cheapest(
        &self,
        between: &[u32],
        (from, to): (PageId, PageId),
        rule: ChainRule,
        k: usize,
        can_open: CanOpen<'_>,
    ) -> (Vec<PrerequisitePath>, bool) {
        let local: FxHashMap<u32, u32> = between.iter().enumerate().map(|(idx, page)| (*page, narrow(idx))).collect();
        let mut up = Vec::new();
        for (node, page) in (0..).zip(between) {
            let after = self.rows.right_after(*page, rule).into_iter().filter_map(|other| local.get(&other));
            up.extend(after.map(|other| DirectedEdge::plain(node, *other)));
        }
        let down = Csr::new(between.len(), up.iter().map(|edge| edge.reversed()));
        let up = Csr::new(between.len(), up.iter().copied());
        let is_locked = |page: u32| !can_open(PageId(page), None);
        let price = |node: u32| {
            let page = between[node as usize];
            (u32::from(is_locked(page)), u64::from(self.minutes[page as usize]), 1)
        };
        // Towards the end, an edge costs the page it leads to; walked backwards, that is its source.
        let (Some(start), Some(end)) = (local.get(&from.0), local.get(&to.0)) else { return Default::default() };
        let left: FxHashMap<u32, Cost> =
            dijkstra::dijkstra(RequiredGraph(&down), *end, None, |edge| CostSum(price(edge.source())))
                .into_iter()
                .map(|(node, CostSum(cost))| (node, cost))
                .collect();
        let (chains, truncated) = best_first(&up, *start, *end, &left, &price, k);
        let path = |(chain, (_, minutes, _)): (Vec<u32>, Cost)| {
            let pages: Vec<PageId> = chain.into_iter().map(|node| PageId(between[node as usize])).collect();
            let edges = pages.windows(2).filter_map(|pair| self.rows.chain_edge(pair[0].0, pair[1].0)).collect();
            let locked = pages.iter().skip(1).filter(|page| is_locked(page.0)).map(|page| self.minutes[page.idx()]);
            let minutes_locked = locked.fold(0, u32::saturating_add);
            PrerequisitePath { pages, edges, minutes: u32::try_from(minutes).unwrap_or(u32::MAX), minutes_locked }
        };
        (chains.into_iter().map(path).collect(), truncated)
    }

    /// What both ends need, or are, and nothing else of that kind needs but in a cycle with it, by id.
    fn common(&self, from: PageId, to: PageId) -> Vec<PageId> {
        let needs = |page: u32| self.rows.needs(page, StrengthFilter::Required);
        let other = self.reach(to.0, &needs);
        let mut shared = self.reach(from.0, &needs);
        shared.retain(|page| other.binary_search(page).is_ok());
        // Pages that need each other stand at one place: what needs one of them needs all.
        let component = |page: u32| self.cycles.position(page).map_or(Component::Page(page), Component::Cycle);
        let mut needed: FxHashSet<Component> = FxHashSet::default();
        for page in &shared {
            needed.extend(needs(*page).into_iter().map(component).filter(|need| *need != component(*page)));
        }
        shared.into_iter().filter(|page| !needed.contains(&component(*page))).map(PageId).collect()
    }
}

/// A cost that adds up, as petgraph's `dijkstra` wants it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct CostSum(Cost);

impl std::ops::Add for CostSum {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(plus(self.0, other.0))
    }
}

fn plus(one: Cost, other: Cost) -> Cost {
    (one.0 + other.0, one.1 + other.1, one.2 + other.2)
}

/// The first `k` chains by cost, then ids, each with its cost, and whether the search was given up before.
fn best_first(
    up: &Csr,
    start: u32,
    end: u32,
    left: &FxHashMap<u32, Cost>,
    price: &dyn Fn(u32) -> Cost,
    k: usize,
) -> (Vec<(Vec<u32>, Cost)>, bool) {
    let mut found = Vec::new();
    let Some(first) = left.get(&start) else { return (found, false) };
    let mut heap = BinaryHeap::from([Reverse((*first, vec![start], Cost::default()))]);
    let mut steps = 0;
    while let Some(Reverse((_, chain, spent))) = heap.pop() {
        let Some(last) = chain.last().copied() else { continue };
        if last == end {
            found.push((chain, spent));
            if found.len() == k {
                break;
            }
            continue;
        }
        checkpoint();
        steps += 1;
        if steps == MAX_STEPS {
            return (found, true);
        }
        for entry in up.row(last).iter().filter(|entry| !chain.contains(&entry.node)) {
            let Some(left) = left.get(&entry.node) else { continue };
            let spent = plus(spent, price(entry.node));
            let mut longer = chain.clone();
            longer.push(entry.node);
            heap.push(Reverse((plus(spent, *left), longer, spent)));
        }
    }
    (found, false)
}
