//! Closures: everything before a page, and everything after it.

use gradus_corpus::work::checkpoint;
use gradus_corpus::{PageId, Relation, Strength};

use crate::csr::Csr;
use crate::graph::Graph;
use crate::local_graph::LocalGraph;
use crate::rows::StrengthFilter;
use crate::scratch::Visit;

/// How far to look.
#[derive(Clone, Copy, Debug)]
pub struct ClosureOptions {
    /// Steps away from the target; all the way where `None`.
    pub depth: Option<u32>,
    /// Which prerequisites are followed and told.
    pub strength: StrengthFilter,
    /// Leave out edges that longer ways imply.
    pub reduce: bool,
    /// Pages from which the closure stops growing.
    pub max_pages: usize,
}

/// Everything before a page, or everything after it; the page itself is not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Closure {
    /// Layers by longest path over the condensed graph, foundations first, each by id. A page requires only pages of
    /// earlier layers and of its own cycle.
    pub levels: Vec<Vec<PageId>>,
    /// The pages of all layers, layer by layer.
    pub pages: Vec<PageId>,
    /// The edges among the pages and the target, by `to`, `from`.
    pub edges: Vec<ClosureEdge>,
    /// Groups that require each other, the target among them where it is in one.
    pub cycles: Vec<Vec<PageId>>,
    /// Whether `max_pages` cut it.
    pub truncated: bool,
}

/// A prerequisite edge in the direction in which one learns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClosureEdge {
    /// The prerequisite; the target where it is something that the target teaches.
    pub from: PageId,
    /// The page that needs it; a guide also for what it teaches.
    pub to: PageId,
    /// Whether it can be skipped.
    pub strength: Strength,
    /// Its position in [`Corpus::declared`](gradus_corpus::Corpus::declared).
    pub edge: u32,
}

/// A breadth-first walk.
struct ClosureWalk {
    /// What was found, by id; each is seen with its position here plus one.
    pages: Vec<u32>,
    truncated: bool,
}

impl ClosureWalk {
    fn told(self) -> (Vec<PageId>, bool) {
        (self.pages.into_iter().map(PageId).collect(), self.truncated)
    }
}

impl Graph {
    /// Everything that must be known before `target`. Of a guide: what it needs and what the concepts it teaches need,
    /// without what it teaches. O(answer).
    pub fn prerequisites(&self, target: PageId, options: &ClosureOptions) -> Closure {
        let seeds = self.rows.needs(target.0, options.strength);
        let taught: Vec<u32> = self.rows.teaches(target.0).collect();
        self.visits.visit(|visit| {
            let walk = self.walk(visit, target, &taught, seeds, self.rows.from(Relation::Requires), options);
            self.describe(visit, target, &taught, &walk, options)
        })
    }

    /// Everything that needs `target`, directly or not. O(answer).
    pub fn unlocks(&self, target: PageId, options: &ClosureOptions) -> Closure {
        let rows = self.rows.to(Relation::Requires);
        let seeds =
            rows.row(target.0).iter().filter(|entry| options.strength.admits(entry)).map(|entry| entry.node).collect();
        self.visits.visit(|visit| {
            let walk = self.walk(visit, target, &[], seeds, rows, options);
            self.describe(visit, target, &[], &walk, options)
        })
    }

    /// The pages of [`Graph::prerequisites`] by id, without levels and edges, and whether `max_pages` cut them.
    /// O(answer).
    pub fn all_needed(&self, target: PageId, strength: StrengthFilter, max_pages: usize) -> (Vec<PageId>, bool) {
        let options = ClosureOptions { depth: None, strength, reduce: false, max_pages };
        let taught: Vec<u32> = self.rows.teaches(target.0).collect();
        let seeds = self.rows.needs(target.0, strength);
        self.visits.visit(|visit| {
            self.walk(visit, target, &taught, seeds, self.rows.from(Relation::Requires), &options).told()
        })
    }

    /// The pages of [`Graph::unlocks`] in the same way.
    pub fn all_unlocked(&self, target: PageId, strength: StrengthFilter, max_pages: usize) -> (Vec<PageId>, bool) {
        let options = ClosureOptions { depth: None, strength, reduce: false, max_pages };
        let rows = self.rows.to(Relation::Requires);
        let seeds = rows.row(target.0).iter().filter(|entry| strength.admits(entry)).map(|entry| entry.node).collect();
        self.visits.visit(|visit| self.walk(visit, target, &[], seeds, rows, &options).told())
    }

    /// Walks `rows` from `seeds`, which are one step away, past what is `taught`.
    fn walk(
        &self,
        visit: &mut Visit,
        target: PageId,
        taught: &[u32],
        seeds: Vec<u32>,
        rows: &Csr,
        options: &ClosureOptions,
    ) -> ClosureWalk {
        visit.see(target.0, 0);
        taught.iter().for_each(|concept| {
            visit.see(*concept, 0);
        });
        let mut walk = ClosureWalk { pages: Vec::new(), truncated: false };
        let mut seeds = seeds;
        let mut done = 0;
        let mut depth = 0;
        while options.depth.is_none_or(|max| depth < max) && !walk.truncated {
            for page in seeds.drain(..) {
                if visit.number(page).is_some() {
                    continue;
                }
                if walk.pages.len() == options.max_pages {
                    walk.truncated = true;
                    break;
                }
                visit.see(page, 1);
                walk.pages.push(page);
            }
            if done == walk.pages.len() {
                break;
            }
            let reached = &walk.pages[done..];
            seeds.extend(reached.iter().flat_map(|page| self.beyond(*page, rows, options.strength)));
            done = walk.pages.len();
            depth += 1;
        }
        // In the order of ids, rows and edges below come out sorted by themselves.
        walk.pages.sort_unstable();
        (1..).zip(&walk.pages).for_each(|(number, page)| visit.renumber(*page, number));
        walk
    }

    /// The pages one step beyond `page`. A guide that is a prerequisite brings its own needs.
    fn beyond<'a>(&'a self, page: u32, rows: &'a Csr, strength: StrengthFilter) -> impl Iterator<Item = u32> + 'a {
        checkpoint();
        let direct = rows.row(page).iter().filter(move |entry| strength.admits(entry)).map(|entry| entry.node);
        let is_forward = std::ptr::eq(rows, self.rows.from(Relation::Requires));
        let through_guide =
            if is_forward && !self.rows.is_concept(page) { self.rows.needs(page, strength) } else { Vec::new() };
        direct.chain(through_guide)
    }

    /// The edges among what was found, and the nodes that each joins, from what needs to what is needed. The target is
    /// node 0. What a guide teaches stands for the guide, which needs what that needs: whoever reads it learns that.
    fn closure_edges(
        &self,
        visit: &Visit,
        target: PageId,
        taught: &[u32],
        walk: &ClosureWalk,
        strengths: StrengthFilter,
    ) -> (Vec<ClosureEdge>, Vec<(u32, u32)>) {
        let mut stating: Vec<(u32, u32)> = taught.iter().chain([&target.0]).map(|page| (*page, 0)).collect();
        for (node, page) in (1..).zip(&walk.pages) {
            stating.push((*page, node));
            stating.extend(self.rows.teaches(*page).map(|concept| (concept, node)));
        }
        stating.sort_unstable();
        let page = |node: u32| if node == 0 { target } else { PageId(walk.pages[node as usize - 1]) };
        let (mut edges, mut local) = (Vec::new(), Vec::new());
        for (stated_by, to) in stating {
            checkpoint();
            for relation in [Relation::Requires, Relation::Assumes] {
                for entry in self.rows.from(relation).row(stated_by).iter().filter(|entry| strengths.admits(entry)) {
                    let Some(from) = visit.number(entry.node).filter(|from| *from != to) else { continue };
                    // What a guide teaches it does not need, whoever says so.
                    if self.rows.teaches(page(to).0).any(|concept| concept == entry.node) {
                        continue;
                    }
                    let strength = if entry.is_required() { Strength::Required } else { Strength::Recommended };
                    edges.push(ClosureEdge { from: page(from), to: page(to), strength, edge: entry.edge() });
                    local.push((to, from));
                }
            }
        }
        (edges, local)
    }

    /// Layers, edges and cycles of what was found. The target, and what it teaches, is node 0.
    fn describe(
        &self,
        visit: &Visit,
        target: PageId,
        taught: &[u32],
        walk: &ClosureWalk,
        options: &ClosureOptions,
    ) -> Closure {
        let (mut edges, local) = self.closure_edges(visit, target, taught, walk, options.strength);
        let graph = LocalGraph::new(walk.pages.len() + 1, local);
        if options.reduce {
            let implied = graph.implied();
            let mut implied = implied.iter();
            edges.retain(|_| !implied.next().is_some_and(|implied| *implied));
        }
        edges.sort_unstable_by_key(|edge| (edge.to, edge.from, edge.strength, edge.edge));
        edges.dedup_by(|later, kept| (later.from, later.to) == (kept.from, kept.to));
        let page = |node: u32| if node == 0 { target } else { PageId(walk.pages[node as usize - 1]) };
        let levels = layers(&graph, &page);
        let mut cycles: Vec<Vec<PageId>> = graph
            .components()
            .iter()
            .filter(|component| component.len() > 1)
            .map(|component| component.iter().map(|node| page(*node)).collect())
            .collect();
        cycles.iter_mut().for_each(|cycle| cycle.sort_unstable());
        cycles.sort_unstable();
        Closure { pages: levels.concat(), levels, edges, cycles, truncated: walk.truncated }
    }
}

/// The nodes but node 0 in layers, each sorted, empty ones left out.
fn layers(graph: &LocalGraph, page: &dyn Fn(u32) -> PageId) -> Vec<Vec<PageId>> {
    let levels = graph.levels();
    let mut layers: Vec<Vec<PageId>> = Vec::new();
    for (number, nodes) in graph.components().iter().enumerate() {
        let level = levels[number] as usize;
        layers.resize_with(layers.len().max(level + 1), Vec::new);
        layers[level].extend(nodes.iter().filter(|node| **node != 0).map(|node| page(*node)));
    }
    layers.iter_mut().for_each(|layer| layer.sort_unstable());
    layers.retain(|layer| !layer.is_empty());
    layers
}
