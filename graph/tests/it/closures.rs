//! The graph's answers against naive ones, over random graphs with cycles.

use std::collections::{BTreeMap, BTreeSet};

use gradus_corpus::{Corpus, PageId, Relation, Strength, fixture};
use gradus_graph::{ClosureOptions, Graph, StrengthFilter};
use proptest::prelude::*;

const ALL: ClosureOptions =
    ClosureOptions { depth: None, strength: StrengthFilter::Required, reduce: false, max_pages: 10_000 };

/// Required edges, from what needs to what is needed.
type EdgeSet = BTreeSet<(u32, u32)>;

fn edges(corpus: &Corpus) -> EdgeSet {
    let required = corpus.declared().iter().filter(|edge| edge.relation == Relation::Requires);
    required.filter(|edge| edge.strength == Strength::Required).map(|edge| (edge.from.0, edge.to.0)).collect()
}

fn reach(edges: &EdgeSet, from: u32) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    let mut open = vec![from];
    while let Some(at) = open.pop() {
        for (_, to) in edges.iter().filter(|(one, _)| *one == at) {
            if found.insert(*to) {
                open.push(*to);
            }
        }
    }
    found
}

/// Longest way down in the condensed graph among `pages`, by trying all ways.
fn level(edges: &EdgeSet, pages: &BTreeSet<u32>, page: u32) -> usize {
    let together = |a: u32, b: u32| a == b || reach(edges, a).contains(&b) && reach(edges, b).contains(&a);
    let group: Vec<u32> = pages.iter().copied().filter(|other| together(page, *other)).collect();
    let below = group.iter().flat_map(|one| edges.iter().filter(move |(from, _)| from == one).map(|(_, to)| *to));
    below
        .filter(|to| pages.contains(to) && !group.contains(to))
        .map(|to| level(edges, pages, to) + 1)
        .max()
        .unwrap_or(0)
}

/// A corpus of `n` concepts with these edges (`true` for required) and minutes.
fn corpus(n: usize, links: &[(usize, usize, bool)], minutes: &[u32]) -> Corpus {
    let mut text = String::new();
    for (idx, minutes) in minutes.iter().take(n).enumerate() {
        text.push_str(&format!("c{idx:02} @ {minutes}\n"));
    }
    for (from, to, required) in links.iter().filter(|(from, to, _)| from % n != to % n) {
        text.push_str(&format!("c{:02} <- {}c{:02}\n", from % n, if *required { "" } else { "?" }, to % n));
    }
    fixture::corpus(&text)
}

prop_compose! {
    fn any_corpus()(
        n in 1_usize..12,
        links in prop::collection::vec((0_usize..12, 0_usize..12, prop::bool::weighted(0.8)), 0..30),
        minutes in prop::collection::vec(1_u32..60, 12),
    ) -> Corpus {
        corpus(n, &links, &minutes)
    }
}

proptest! {
    #[test]
    fn closures_levels_and_cycles_are_those_of_the_oracle(corpus in any_corpus()) {
        let graph = Graph::new(&corpus);
        let edges = edges(&corpus);
        for target in corpus.concepts() {
            let closure = graph.prerequisites(target, &ALL);
            let mut expected = reach(&edges, target.0);
            expected.remove(&target.0);
            let found: BTreeSet<u32> = closure.pages.iter().map(|page| page.0).collect();
            prop_assert_eq!(&found, &expected);
            prop_assert_eq!(closure.pages.len(), expected.len());
            let mut with_target = expected.clone();
            with_target.insert(target.0);
            let mut levels: BTreeMap<usize, Vec<PageId>> = BTreeMap::new();
            for page in &expected {
                levels.entry(level(&edges, &with_target, *page)).or_default().push(PageId(*page));
            }
            prop_assert_eq!(closure.levels, levels.into_values().collect::<Vec<_>>());
            let above: BTreeSet<u32> = corpus
                .concepts()
                .filter(|page| *page != target && reach(&edges, page.0).contains(&target.0))
                .map(|page| page.0)
                .collect();
            let unlocks: BTreeSet<u32> = graph.unlocks(target, &ALL).pages.iter().map(|page| page.0).collect();
            prop_assert_eq!(unlocks, above);
        }
    }

    #[test]
    fn reduction_keeps_reachability_and_nothing_more(corpus in any_corpus()) {
        let graph = Graph::new(&corpus);
        for target in corpus.concepts() {
            let whole = graph.prerequisites(target, &ALL);
            let reduced = graph.prerequisites(target, &ClosureOptions { reduce: true, ..ALL });
            let as_edges = |closure: &gradus_graph::Closure| -> EdgeSet {
                closure.edges.iter().map(|edge| (edge.to.0, edge.from.0)).collect()
            };
            let (whole, kept) = (as_edges(&whole), as_edges(&reduced));
            let nodes: BTreeSet<u32> = whole.iter().flat_map(|(from, to)| [*from, *to]).collect();
            for node in nodes {
                prop_assert_eq!(reach(&whole, node), reach(&kept, node));
            }
        }
    }

    #[test]
    fn paths_are_the_cheapest_of_all(corpus in any_corpus()) {
        let graph = Graph::new(&corpus);
        let edges = edges(&corpus);
        for from in corpus.concepts() {
            for to in corpus.concepts().filter(|to| *to != from) {
                let mut all = Vec::new();
                walk(&edges, to.0, &mut vec![from.0], &mut all);
                let cost = |chain: &Vec<u32>| {
                    let minutes: u32 = chain[1..].iter().map(|page| corpus.page(PageId(*page)).minutes).sum();
                    (minutes, chain.len(), chain.clone())
                };
                all.sort_by_key(cost);
                let found = graph.paths(from, to, 3, &|_, _| true).paths;
                let found: Vec<Vec<u32>> = found.iter().map(|path| path.pages.iter().map(|page| page.0).collect()).collect();
                let expected: Vec<Vec<u32>> = all.into_iter().take(3).collect();
                prop_assert_eq!(&found, &expected);
                let common: BTreeSet<u32> = graph.paths(from, to, 3, &|_, _| true).common.iter().map(|page| page.0).collect();
                prop_assert_eq!(common, if expected.is_empty() { nearest_shared(&edges, from.0, to.0) } else { BTreeSet::new() });
            }
        }
    }
}

/// What `page` needs: what it states, and for a guide what the concepts that it teaches require, without those.
fn needs(corpus: &Corpus, page: PageId) -> BTreeSet<u32> {
    let stated = |page: PageId, relations: &[Relation]| -> BTreeSet<u32> {
        let edges = corpus.declared_by(page).iter().filter(|edge| relations.contains(&edge.relation));
        edges.map(|edge| edge.to.0).collect()
    };
    let taught = stated(page, &[Relation::Teaches]);
    let through = taught.iter().flat_map(|concept| stated(PageId(*concept), &[Relation::Requires]));
    let all: BTreeSet<u32> =
        stated(page, &[Relation::Requires, Relation::Assumes]).into_iter().chain(through).collect();
    all.into_iter().filter(|need| *need != page.0 && !taught.contains(need)).collect()
}

proptest! {
    #[test]
    fn closures_and_levels_go_through_guides_like_through_concepts(
        n in 1_usize..6, guides in 1_usize..6,
        requires in prop::collection::vec((0_usize..6, 0_usize..6), 0..8),
        others in prop::collection::vec((0_usize..6, 0_usize..3, 0_usize..6), 0..14),
    ) {
        let mut text: String = (0..n).map(|idx| format!("c{idx}\n")).chain((0..guides).map(|idx| format!("guide:g{idx}\n"))).collect();
        text.extend(requires.iter().map(|(from, to)| format!("c{} <- c{}\n", from % n, to % n)));
        text.extend(others.iter().map(|(from, verb, to)| match verb {
            0 => format!("guide:g{} teaches c{}\n", from % guides, to % n),
            1 => format!("guide:g{} assumes c{}\n", from % guides, to % n),
            _ => format!("guide:g{} <- guide:g{}\n", from % guides, to % guides),
        }));
        let corpus = fixture::corpus(&text);
        let graph = Graph::new(&corpus);
        for target in corpus.guides() {
            let as_target: BTreeSet<u32> = graph.teaches(target).map(|page| page.0).chain([target.0]).collect();
            let mut pages = BTreeSet::new();
            let mut open: Vec<u32> = needs(&corpus, target).into_iter().collect();
            while let Some(page) = open.pop() {
                if !as_target.contains(&page) && pages.insert(page) {
                    open.extend(needs(&corpus, PageId(page)));
                }
            }
            let with_target: BTreeSet<u32> = pages.iter().copied().chain([target.0]).collect();
            let all = with_target.iter().flat_map(|page| needs(&corpus, PageId(*page)).into_iter().map(move |need| (*page, need)));
            let edges: EdgeSet =
                all.map(|(page, need)| (page, if as_target.contains(&need) { target.0 } else { need })).collect();
            let mut levels: BTreeMap<usize, Vec<PageId>> = BTreeMap::new();
            for page in &pages {
                levels.entry(level(&edges, &with_target, *page)).or_default().push(PageId(*page));
            }
            let closure = graph.prerequisites(target, &ALL);
            prop_assert_eq!(closure.levels, levels.into_values().collect::<Vec<_>>());
            let found: EdgeSet = closure.edges.iter().map(|edge| (edge.to.0, edge.from.0)).collect();
            prop_assert_eq!(found, edges.into_iter().filter(|(from, to)| from != to).collect());
        }
    }
}

/// All chains that visit no page twice.
fn walk(edges: &EdgeSet, to: u32, chain: &mut Vec<u32>, all: &mut Vec<Vec<u32>>) {
    let Some(&last) = chain.last() else { return };
    if last == to {
        all.push(chain.clone());
        return;
    }
    let above: Vec<u32> = edges.iter().filter(|(_, need)| *need == last).map(|(from, _)| *from).collect();
    for next in above {
        if !chain.contains(&next) {
            chain.push(next);
            walk(edges, to, chain, all);
            chain.pop();
        }
    }
}

/// What both are or need, without what something else of that kind needs that it does not need in turn.
fn nearest_shared(edges: &EdgeSet, from: u32, to: u32) -> BTreeSet<u32> {
    let below = |page: u32| reach(edges, page).into_iter().chain([page]).collect::<BTreeSet<u32>>();
    let shared: BTreeSet<u32> = below(from).intersection(&below(to)).copied().collect();
    let is_under = |page: u32, other: u32| below(other).contains(&page) && !below(page).contains(&other);
    shared.iter().copied().filter(|page| !shared.iter().any(|other| is_under(*page, *other))).collect()
}

#[test]
fn long_chains_are_walked_without_recursion() {
    let n = 20_000_u32;
    let concept = |idx: u32| gradus_corpus::Page::new(gradus_corpus::Kind::Concept, &format!("c{idx:05}"));
    let edge = |idx: u32| gradus_corpus::Edge {
        from: PageId(idx + 1),
        relation: Relation::Requires,
        to: PageId(idx),
        strength: Strength::Required,
        origin: gradus_corpus::Origin::FrontMatter,
        count: 1,
        reason: None,
        position: gradus_corpus::Position::default(),
    };
    let pages = (0..n).map(concept).collect();
    let edges = (0..n - 1).map(edge).collect();
    let corpus = Corpus::assemble(gradus_corpus::Parts { pages, edges, ..gradus_corpus::Parts::default() });
    let walk =
        move || Graph::new(&corpus).prerequisites(PageId(n - 1), &ClosureOptions { max_pages: usize::MAX, ..ALL });
    let closure = std::thread::Builder::new().stack_size(256 << 10).spawn(walk).unwrap().join().unwrap();
    assert_eq!(closure.pages.len(), 19_999);
}
