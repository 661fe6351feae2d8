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

/// What lies between two ends: their pages as nodes, in the order of the ids.
struct Between {
    start: u32,
    end: u32,
    /// What the upper end builds on, and itself.
    pages: Vec<u32>,
    /// From a page to those that may stand right after it.
    up: Csr,
    /// The reverse, of the pages that the lower end leads to.
    down: Csr,
}

/// Pages that the viewer cannot open, then minutes, then hops.
type Cost = (u32, u64, u32);

impl Graph {
    /// The `k` cheapest chains from `from` up to `to` that visit no page twice. Between two concepts each page of a chain
    /// requires the one before. Where an end is a guide, each page needs the one before or something that it teaches, or
    /// is taught by it; where there is no such chain, a page may also just follow the one before.
    ///
    /// Dijkstra's distances to the end guide a best-first search (Hart, Nilsson and Raphael, 1968), so that chains come out
    /// in order. petgraph's `k_shortest_path` gives costs without paths, and of walks that may return. O(edges below
    /// the upper end · log) for distances, then a heap step an edge of each chain.
    pub fn paths(&self, from: PageId, to: PageId, k: usize, can_open: CanOpen<'_>) -> Paths {
        if from == to {
            let path = PrerequisitePath { pages: vec![from], edges: Vec::new(), minutes: 0, minutes_locked: 0 };
            return Paths { paths: vec![path], ..Paths::default() };
        }
        let are_concepts = self.rows.is_concept(from.0) && self.rows.is_concept(to.0);
        let rules: &[ChainRule] =
            if are_concepts { &[ChainRule::Requires] } else { &[ChainRule::BuildsOn, ChainRule::BuildsOnOrFollows] };
        for rule in rules {
            if let Some(between) = self.between(from, to, *rule) {
                let (paths, truncated) = self.cheapest(&between, k, can_open);
                return Paths { paths, common: Vec::new(), truncated };
            }
        }
        Paths { common: self.common(from, to), ..Paths::default() }
    }

    /// What lies between `from` and `to`; `None` where there is no chain. It is looked for from above alone: what builds on a page
    /// that everything needs is most of the graph, and what a page builds on is not.
    fn between(&self, from: PageId, to: PageId, rule: ChainRule) -> Option<Between> {
        let mut steps: Vec<(u32, u32)> = Vec::new();
        let pages = self.reach(to.0, &mut |page| {
            let before = self.rows.right_before(page, rule);
            steps.extend(before.iter().map(|before| (*before, page)));
            before
        });
        let start = narrow(pages.binary_search(&from.0).ok()?);
        let node_of: FxHashMap<u32, u32> = (0..).zip(&pages).map(|(node, page)| (*page, node)).collect();
        let steps = steps.iter().map(|(before, page)| DirectedEdge::plain(node_of[before], node_of[page]));
        let up = Csr::new(pages.len(), steps);
        let mut is_above = vec![false; pages.len()];
        is_above[start as usize] = true;
        let (mut above, mut next) = (vec![start], 0);
        while next < above.len() {
            for node in up.required(above[next]) {
                if !std::mem::replace(&mut is_above[node as usize], true) {
                    above.push(node);
                }
            }
            next += 1;
        }
        let steps = above.iter().flat_map(|node| up.required(*node).map(|after| DirectedEdge::plain(after, *node)));
        let down = Csr::new(pages.len(), steps);
        Some(Between { start, end: node_of[&to.0], pages, up, down })
    }

    /// What `beyond` reaches from `start`, itself included, sorted.
    fn reach(&self, start: u32, beyond: &mut dyn FnMut(u32) -> Vec<u32>) -> Vec<u32> {
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

    fn cheapest(&self, between: &Between, k: usize, can_open: CanOpen<'_>) -> (Vec<PrerequisitePath>, bool) {
        let Between { start, end, pages, up, down } = between;
        let is_locked = |page: u32| !can_open(PageId(page), None);
        let price = |node: u32| {
            let page = pages[node as usize];
            (u32::from(is_locked(page)), u64::from(self.minutes[page as usize]), 1)
        };
        // Towards the end, an edge costs the page it leads to; walked backwards, that is its source.
        let left: FxHashMap<u32, Cost> =
            dijkstra::dijkstra(RequiredGraph(down), *end, None, |edge| CostSum(price(edge.source())))
                .into_iter()
                .map(|(node, CostSum(cost))| (node, cost))
                .collect();
        let (chains, truncated) = best_first(up, *start, *end, &left, &price, k);
        let path = |(chain, (_, minutes, _)): (Vec<u32>, Cost)| {
            let pages: Vec<PageId> = chain.into_iter().map(|node| PageId(pages[node as usize])).collect();
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
        let other = self.reach(to.0, &mut { needs });
        let mut shared = self.reach(from.0, &mut { needs });
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
