//! The graph's answers against naive ones, over random graphs with cycles.

use std::collections::{BTreeMap, BTreeSet};

use gradus_corpus::{Corpus, PageId, Relation, Strength, fixture};
use gradus_graph::{Assume, ClosureAsk, DeferReason, Graph, PlanAsk, Strengths};
use proptest::prelude::*;

const ALL: ClosureAsk = ClosureAsk { depth: None, strength: Strengths::Required, reduce: false, max_pages: 10_000 };

/// Required edges, from what needs to what is needed.
type Edges = BTreeSet<(u32, u32)>;

fn edges(corpus: &Corpus) -> Edges {
    let required = corpus.declared().iter().filter(|edge| edge.relation == Relation::Requires);
    required.filter(|edge| edge.strength == Strength::Required).map(|edge| (edge.from.0, edge.to.0)).collect()
}

fn reach(edges: &Edges, from: u32) -> BTreeSet<u32> {
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
fn level(edges: &Edges, pages: &BTreeSet<u32>, page: u32) -> usize {
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
fn corpus(n: usize, links: &[(usize, usize, bool)], minutes: &[u32], guides: &[(u32, Vec<usize>)]) -> Corpus {
    let mut text = String::new();
    for (idx, minutes) in minutes.iter().take(n).enumerate() {
        text.push_str(&format!("c{idx:02} @ {minutes}\n"));
    }
    for (from, to, required) in links.iter().filter(|(from, to, _)| from % n != to % n) {
        text.push_str(&format!("c{:02} <- {}c{:02}\n", from % n, if *required { "" } else { "?" }, to % n));
    }
    for (idx, (minutes, teaches)) in guides.iter().enumerate().filter(|(_, (_, teaches))| !teaches.is_empty()) {
        let teaches: Vec<String> = teaches.iter().map(|concept| format!("c{:02}", concept % n)).collect();
        text.push_str(&format!("guide:g{idx:02} @ {minutes}\nguide:g{idx:02} teaches {}\n", teaches.join(", ")));
    }
    fixture::corpus(&text)
}

prop_compose! {
    fn any_corpus()(
        n in 1_usize..12,
        links in prop::collection::vec((0_usize..12, 0_usize..12, prop::bool::weighted(0.8)), 0..30),
        minutes in prop::collection::vec(1_u32..60, 12),
        guides in prop::collection::vec((1_u32..90, prop::collection::vec(0_usize..12, 0..5)), 0..6),
    ) -> Corpus {
        corpus(n, &links, &minutes, &guides)
    }
}

fn no_preference(_: PageId) -> bool {
    true
}

fn ask<'a>(targets: &'a [PageId], known: &'a [PageId], budget: Option<u32>) -> PlanAsk<'a> {
    PlanAsk { targets, known, assume: Assume::Transitive, budget, include_recommended: false, prefer: &no_preference }
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
            let reduced = graph.prerequisites(target, &ClosureAsk { reduce: true, ..ALL });
            let as_edges = |closure: &gradus_graph::Closure| -> Edges {
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
                let found = graph.paths(from, to, 3).paths;
                let found: Vec<Vec<u32>> = found.iter().map(|path| path.pages.iter().map(|page| page.0).collect()).collect();
                prop_assert_eq!(found, all.into_iter().take(3).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn plans_are_valid_and_cover_what_is_needed(corpus in any_corpus(), known in 0_usize..12, budget in 0_u32..200) {
        let graph = Graph::new(&corpus);
        let edges = edges(&corpus);
        let n = corpus.n_concepts();
        let known = [PageId(u32::try_from(known % n).unwrap())];
        let mut is_known = reach(&edges, known[0].0);
        is_known.insert(known[0].0);
        for target in corpus.concepts() {
            let plan = graph.plan(&ask(&[target], &known, None));
            let mut needed = reach(&edges, target.0);
            needed.insert(target.0);
            let needed: BTreeSet<u32> = needed.difference(&is_known).copied().collect();
            let steps: Vec<u32> = plan.steps.iter().flat_map(|step| &step.concepts).map(|page| page.0).collect();
            let expected = if is_known.contains(&target.0) { BTreeSet::new() } else { needed };
            prop_assert_eq!(steps.iter().copied().collect::<BTreeSet<u32>>(), expected.clone());
            prop_assert_eq!(steps.len(), expected.len());
            let mut done = is_known.clone();
            for step in &plan.steps {
                done.extend(step.concepts.iter().map(|page| page.0));
                for concept in &step.concepts {
                    for (_, need) in edges.iter().filter(|(from, _)| *from == concept.0) {
                        prop_assert!(done.contains(need), "a step comes before what it needs");
                    }
                    if let Some(guide) = step.guide {
                        prop_assert!(step.concepts.len() > 1 || graph.teaches(guide).any(|taught| taught == *concept));
                    }
                }
            }
            prop_assert_eq!(plan.minutes_total, plan.steps.iter().map(|step| step.minutes).sum::<u32>());
            prop_assert_eq!(&plan, &graph.plan(&ask(&[target], &known, None)));
            let short = graph.plan(&ask(&[target], &known, Some(budget)));
            prop_assert!(short.minutes_total <= budget);
            prop_assert_eq!(short.fits, plan.minutes_total <= budget);
            let told = short.steps.iter().flat_map(|step| &step.concepts).count()
                + short.deferred.iter().filter(|(_, why)| *why == DeferReason::RequiredOverBudget).count();
            prop_assert_eq!(told, expected.len());
        }
    }

    #[test]
    fn plans_of_small_corpora_are_as_cheap_as_can_be(corpus in any_corpus()) {
        let graph = Graph::new(&corpus);
        for target in corpus.concepts() {
            let plan = graph.plan(&ask(&[target], &[], None));
            let concepts: BTreeSet<PageId> = plan.steps.iter().flat_map(|step| &step.concepts).copied().collect();
            prop_assert_eq!(plan.minutes_total, cheapest(&corpus, &graph, &concepts));
        }
    }

    #[test]
    fn the_frontier_is_what_can_be_learned_now(corpus in any_corpus(), known in 0_usize..12) {
        let graph = Graph::new(&corpus);
        let edges = edges(&corpus);
        let known = PageId(u32::try_from(known % corpus.n_concepts()).unwrap());
        let mut done = reach(&edges, known.0);
        done.insert(known.0);
        let ready = |page: &PageId| {
            !done.contains(&page.0) && edges.iter().filter(|(from, _)| *from == page.0).all(|(_, to)| done.contains(to))
        };
        let expected: BTreeSet<PageId> = corpus.concepts().filter(ready).collect();
        let found: BTreeSet<PageId> = graph.next(&[known], None, &no_preference).iter().map(|next| next.page).collect();
        prop_assert_eq!(found, expected);
    }
}

/// All chains that visit no page twice.
fn walk(edges: &Edges, to: u32, chain: &mut Vec<u32>, all: &mut Vec<Vec<u32>>) {
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

/// The least minutes of guides that teach `concepts`, by trying all sets of guides; concepts that none teaches cost their
/// own minutes.
fn cheapest(corpus: &Corpus, graph: &Graph, concepts: &BTreeSet<PageId>) -> u32 {
    let guides: Vec<PageId> = corpus.guides().collect();
    let taught: BTreeSet<PageId> =
        concepts.iter().copied().filter(|concept| graph.taught_by(*concept).next().is_some()).collect();
    let own: u32 = concepts.difference(&taught).map(|concept| corpus.page(*concept).minutes).sum();
    let sets = (0..1_u32 << guides.len()).filter_map(|set| {
        let chosen: Vec<PageId> =
            guides.iter().enumerate().filter(|(idx, _)| set >> idx & 1 == 1).map(|(_, guide)| *guide).collect();
        let covers =
            taught.iter().all(|concept| chosen.iter().any(|guide| graph.teaches(*guide).any(|one| one == *concept)));
        covers.then(|| chosen.iter().map(|guide| corpus.page(*guide).minutes).sum::<u32>())
    });
    own + sets.min().unwrap_or(0)
}
