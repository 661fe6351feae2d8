//! Signals of relatedness against naive ones, over random graphs.

use std::collections::BTreeMap;

use gradus_corpus::{Corpus, PageId, Relation, fixture};
use gradus_graph::{Graph, HiddenEdges, RESTART};
use proptest::prelude::*;

/// Edges over all relations but mentions, from what states them.
fn edges(corpus: &Corpus) -> Vec<(u32, u32)> {
    let stated = corpus.declared().iter().filter(|edge| edge.relation != Relation::Mentions && edge.from != edge.to);
    let mut edges: Vec<(u32, u32)> = stated.map(|edge| (edge.from.0, edge.to.0)).collect();
    edges.sort_unstable();
    edges.dedup();
    edges
}

fn neighbours(edges: &[(u32, u32)], page: u32) -> Vec<u32> {
    let mut near: Vec<u32> = edges
        .iter()
        .filter_map(|(from, to)| if *from == page { Some(*to) } else { (*to == page).then_some(*from) })
        .collect();
    near.sort_unstable();
    near.dedup();
    near
}

/// The walk by power iteration.
fn walk(edges: &[(u32, u32)], n_pages: u32, start: u32) -> Vec<f64> {
    let restart = f64::from(RESTART);
    let mut reached = vec![0.0; n_pages as usize];
    let mut at = vec![0.0; n_pages as usize];
    at[start as usize] = 1.0;
    for _ in 0..60 {
        let mut next = vec![0.0; n_pages as usize];
        for page in 0..n_pages {
            let mass = at[page as usize];
            reached[page as usize] += restart * mass;
            let near = neighbours(edges, page);
            near.iter().for_each(|other| {
                next[*other as usize] += (1.0 - restart) * mass / f64::from(u32::try_from(near.len()).unwrap())
            });
        }
        at = next;
    }
    reached
}

/// Concepts `p0` … that require others.
fn graphs() -> impl Strategy<Value = String> {
    prop::collection::vec((0_u32..12, 0_u32..12), 1..40).prop_map(|edges| {
        let lines = edges.iter().map(|(from, to)| format!("p{from:02} <- p{to:02}"));
        lines.collect::<Vec<_>>().join("\n")
    })
}

fn find(corpus: &Corpus, slug: &str) -> PageId {
    corpus.pages().find(|(_, page)| *page.slug == *slug).map(|(id, _)| id).unwrap()
}

proptest! {
    #[test]
    fn the_push_is_the_power_iteration(text in graphs()) {
        let corpus = fixture::corpus(&text);
        let graph = Graph::new(&corpus);
        let edges = edges(&corpus);
        let n_pages = u32::try_from(corpus.n_pages()).unwrap();
        for start in corpus.concepts() {
            let exact = walk(&edges, n_pages, start.0);
            let met: BTreeMap<PageId, f32> = graph.walk_from(start, &[(start, 1.0)], None, 100).into_iter().collect();
            for other in corpus.concepts().filter(|other| *other != start) {
                let near = f64::from(met.get(&other).copied().unwrap_or(0.0));
                // Each page may hold back 1e-4 for each of at most eleven neighbours.
                prop_assert!((near - exact[other.idx()]).abs() < 12.0 * 12.0 * 1e-4, "{start:?} {other:?}");
            }
        }
    }

    #[test]
    fn common_neighbours_are_those_in_both_rows(text in graphs()) {
        let corpus = fixture::corpus(&text);
        let graph = Graph::new(&corpus);
        let edges = edges(&corpus);
        let states = |from: u32, to: u32| edges.contains(&(from, to));
        for page in corpus.concepts() {
            let common = graph.in_common(page, None, 100);
            let counts = [&common.neighbours, &common.cited, &common.citing].map(|list| {
                list.iter().copied().collect::<BTreeMap<PageId, f32>>()
            });
            for other in corpus.concepts().filter(|other| *other != page) {
                let mut expected = [0.0_f32; 3];
                for middle in neighbours(&edges, page.0) {
                    let near = neighbours(&edges, middle);
                    let worth = 1.0 / ((near.len() + 1) as f32).ln();
                    expected[0] += if near.contains(&other.0) { worth } else { 0.0 };
                    expected[1] += if states(middle, page.0) && states(middle, other.0) { worth } else { 0.0 };
                    expected[2] += if states(page.0, middle) && states(other.0, middle) { worth } else { 0.0 };
                }
                for (count, expected) in counts.iter().zip(expected) {
                    prop_assert!((count.get(&other).copied().unwrap_or(0.0) - expected).abs() < 1e-4);
                }
            }
        }
    }

    #[test]
    fn what_is_hidden_is_as_if_it_had_never_been_said(text in graphs()) {
        let corpus = fixture::corpus(&text);
        let graph = Graph::new(&corpus);
        for page in corpus.concepts() {
            let held: Vec<PageId> = graph.stated_of(page).into_iter().step_by(2).collect();
            let hidden = HiddenEdges::new(page, &held);
            let said = edges(&corpus).into_iter().filter(|(from, to)| {
                from != &page.0 || !held.contains(&PageId(*to))
            });
            // All pages are named once, so that ids stay what they are.
            let names: Vec<String> = corpus.pages().map(|(_, page)| page.slug.to_string()).collect();
            let lines = said.map(|(from, to)| format!("{} <- {}", names[from as usize], names[to as usize]));
            let without = fixture::corpus(&names.iter().cloned().chain(lines).collect::<Vec<_>>().join("\n"));
            let without = Graph::new(&without);
            prop_assert_eq!(graph.in_common(page, Some(&hidden), 100), without.in_common(page, None, 100));
            prop_assert_eq!(graph.stated_by(page, Some(&hidden), 100).len(), without.stated_by(page, None, 100).len());
            let walks = [graph.walk_from(page, &[(page, 1.0)], Some(&hidden), 100), without.walk_from(page, &[(page, 1.0)], None, 100)];
            let met = walks.map(|walk| walk.into_iter().collect::<BTreeMap<_, _>>());
            for other in corpus.concepts() {
                let [a, b] = [0, 1].map(|at: usize| met[at].get(&other).copied().unwrap_or(0.0));
                prop_assert!((a - b).abs() < 12.0 * 12.0 * 1e-4);
            }
        }
    }
}

#[test]
fn rare_concepts_tell_more() {
    let corpus = fixture::corpus(
        "guide:a teaches kv-cache, gpu
         guide:b teaches kv-cache
         guide:c teaches gpu
         guide:d assumes gpu
         guide:e assumes gpu; mentions kv-cache",
    );
    let graph = Graph::new(&corpus);
    let [a, b, c, e] = ["a", "b", "c", "e"].map(|slug| find(&corpus, slug));
    let shared = graph.shared(a, 9);
    let place = |page: PageId| shared.iter().position(|(other, _)| *other == page).unwrap();
    assert!(place(b) < place(c), "{shared:?}");
    let titles: Vec<&str> =
        graph.shared_concepts(a, e).into_iter().map(|concept| &*corpus.page(concept).slug).collect();
    assert_eq!(titles.len(), 2);
}

#[test]
fn a_third_page_is_named_and_a_hub_is_not() {
    let hub: Vec<String> = (0..600).map(|other| format!("guide:x{other}")).collect();
    let corpus = fixture::corpus(&format!(
        "guide:overview links guide:a, guide:b, {}
         guide:c links guide:a, guide:b
         guide:a links guide:d
         guide:b links guide:d",
        hub.join(", ")
    ));
    let graph = Graph::new(&corpus);
    let [a, b, c, d] = ["a", "b", "c", "d"].map(|slug| find(&corpus, slug));
    let far = find(&corpus, "x1");
    assert_eq!((graph.citing_both(a, b), graph.cited_by_both(a, b)), (Some(c), Some(d)));
    assert_eq!(graph.citing_both(a, far), None);
    assert!(graph.in_common(far, None, 10).neighbours.is_empty());
}
