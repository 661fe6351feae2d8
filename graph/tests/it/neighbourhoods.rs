//! Neighbourhoods against a naive walk, and drawings that anybody could check with a ruler.

use std::collections::{BTreeMap, BTreeSet};

use gradus_corpus::{Corpus, PageId, Relation, fixture};
use gradus_graph::{Graph, Layout, LayoutPlace, Subgraph};
use proptest::prelude::*;

fn slugs(corpus: &Corpus, pages: &[PageId]) -> Vec<String> {
    pages.iter().map(|page| corpus.page(*page).slug.to_string()).collect()
}

fn find(corpus: &Corpus, slug: &str) -> PageId {
    corpus.pages().find(|(_, page)| *page.slug == *slug).map(|(id, _)| id).unwrap()
}

/// The neighbourhood of `center` in `text` over prerequisites, and the slugs of its pages.
fn around(text: &str, center: &str, depth: u32, limit: usize, reduce: bool) -> (Subgraph, Vec<String>) {
    let corpus = fixture::corpus(text);
    let found = Graph::new(&corpus).neighbourhood(find(&corpus, center), depth, limit, &[Relation::Requires], reduce);
    let pages = slugs(&corpus, &found.pages);
    (found, pages)
}

/// The places of the pages of `text` by their slugs, drawn around `center`.
fn drawn(text: &str, center: &str, relations: &[Relation]) -> BTreeMap<String, LayoutPlace> {
    let corpus = fixture::corpus(text);
    let found = Graph::new(&corpus).neighbourhood(find(&corpus, center), 9, 99, relations, false);
    let Layout { places } = found.layout();
    slugs(&corpus, &found.pages).into_iter().zip(places).collect()
}

#[test]
fn the_nearest_come_first_and_then_those_with_most_edges() {
    let text = "attention <- softmax, matmul\nsoftmax <- exp\nmatmul <- vectors\nother <- matmul\nfar <- other";
    assert_eq!(around(text, "attention", 1, 9, false).1, ["attention", "matmul", "softmax"]);
    let (found, pages) = around(text, "attention", 2, 9, false);
    assert_eq!(pages, ["attention", "matmul", "softmax", "other", "exp", "vectors"]);
    assert_eq!((found.truncated_pages, found.truncated_edges), (0, 1), "the edge from far to other leads out");
    assert_eq!(around(text, "attention", 0, 9, false).1, ["attention"]);
}

#[test]
fn what_the_limit_cuts_is_counted() {
    let text = "hub <- a, b, c, d\ne <- a";
    let (found, pages) = around(text, "hub", 1, 3, false);
    assert_eq!(pages, ["hub", "a", "b"]);
    assert_eq!((found.truncated_pages, found.truncated_edges), (2, 3), "to c and d, and from e");
}

#[test]
fn what_others_imply_is_left_out_if_asked() {
    let text = "c <- b, a\nb <- a";
    assert_eq!(around(text, "c", 1, 9, false).0.edges.len(), 3);
    let (reduced, pages) = around(text, "c", 1, 9, true);
    let edges: Vec<(u32, u32)> = reduced.edges.iter().map(|edge| (edge.from.0, edge.to.0)).collect();
    assert_eq!((pages.len(), edges), (3, vec![(1, 0), (2, 1)]), "c to a is implied");
}

#[test]
fn only_the_relations_asked_for_are_walked() {
    let corpus = fixture::corpus("guide:g teaches a; assumes b; links guide:h\na <- b");
    let graph = Graph::new(&corpus);
    let center = find(&corpus, "g");
    let pages = |relations: &[Relation]| slugs(&corpus, &graph.neighbourhood(center, 1, 9, relations, false).pages);
    assert_eq!(pages(&[Relation::Teaches]), ["g", "a"]);
    assert_eq!(pages(&[Relation::Links, Relation::Assumes]), ["g", "b", "h"]);
    assert_eq!(pages(&[]), ["g"]);
}

#[test]
fn foundations_stand_in_layer_0_and_what_needs_them_to_the_right() {
    let places = drawn("attention <- softmax, matmul\nsoftmax <- exp", "attention", &[Relation::Requires]);
    let layers: BTreeMap<&str, u32> = places.iter().map(|(slug, place)| (slug.as_str(), place.layer)).collect();
    assert_eq!(layers, BTreeMap::from([("exp", 0), ("matmul", 0), ("softmax", 1), ("attention", 2)]));
    // A guide teaches what stands to its right, and needs what stands to its left.
    let places = drawn("guide:g teaches b; assumes a", "g", &[Relation::Teaches, Relation::Assumes]);
    assert_eq!(["a", "g", "b"].map(|slug| places[slug].layer), [0, 1, 2]);
}

#[test]
fn layers_are_centred_on_the_longest_one() {
    let places = drawn("top <- a, b, c", "top", &[Relation::Requires]);
    assert_eq!(places["top"], LayoutPlace { layer: 1, row: 1.0 });
    let mut rows = ["a", "b", "c"].map(|slug| places[slug].row);
    rows.sort_by(f32::total_cmp);
    assert_eq!(rows, [0.0, 1.0, 2.0]);
}

#[test]
fn edges_are_drawn_without_crossings_where_a_swap_avoids_them() {
    // By id alone, `x` would stand above `y` and both edges would cross.
    let places = drawn("x <- b\ny <- a\ntop <- x, y\na <- root\nb <- root", "top", &[Relation::Requires]);
    let row = |slug: &str| places[slug].row;
    assert_eq!(row("x") < row("y"), row("b") < row("a"), "{places:?}");
}

#[test]
fn what_requires_each_other_stands_in_one_layer() {
    let places = drawn("a <- b\nb <- a\nc <- a", "a", &[Relation::Requires]);
    assert_eq!((places["a"].layer, places["b"].layer, places["c"].layer), (0, 0, 1));
    assert_ne!(places["a"].row, places["b"].row);
}

#[test]
fn a_page_alone_is_drawn_at_the_origin() {
    assert_eq!(drawn("alone", "alone", &[Relation::Requires])["alone"], LayoutPlace::default());
}

/// Steps from `center` to each page that an undirected walk over `edges` meets.
fn steps(edges: &[(u32, u32)], center: u32) -> BTreeMap<u32, u32> {
    let mut steps = BTreeMap::from([(center, 0)]);
    loop {
        let before = steps.len();
        for (a, b) in edges.iter().flat_map(|(a, b)| [(*a, *b), (*b, *a)]) {
            if let Some(step) = steps.get(&a).copied() {
                let known = steps.entry(b).or_insert(step + 1);
                *known = (*known).min(step + 1);
            }
        }
        if steps.len() == before {
            break;
        }
    }
    // A page may have been met by a longer way first.
    for _ in 0..steps.len() {
        for (a, b) in edges.iter().flat_map(|(a, b)| [(*a, *b), (*b, *a)]) {
            if let (Some(one), Some(other)) = (steps.get(&a).copied(), steps.get(&b).copied()) {
                steps.insert(b, other.min(one + 1));
            }
        }
    }
    steps
}

proptest! {
    #[test]
    fn neighbourhoods_are_what_is_within_reach(
        links in prop::collection::vec((0_u32..10, 0_u32..10), 1..24), depth in 0_u32..5, limit in 1_usize..12,
    ) {
        let text: String = links.iter().map(|(from, to)| format!("p{from} <- p{to}\n")).collect();
        let corpus = fixture::corpus(&text);
        let graph = Graph::new(&corpus);
        let edges: Vec<(u32, u32)> = corpus.declared().iter().map(|edge| (edge.from.0, edge.to.0)).collect();
        for center in corpus.concepts() {
            let steps = steps(&edges, center.0);
            let within: BTreeSet<u32> = steps.iter().filter(|(_, step)| **step <= depth).map(|(page, _)| *page).collect();
            let found = graph.neighbourhood(center, depth, limit, &[Relation::Requires], false);
            prop_assert_eq!(found.pages.len() + found.truncated_pages, within.len());
            prop_assert_eq!(found.pages.len(), within.len().min(limit));
            prop_assert!(found.pages.iter().all(|page| within.contains(&page.0)));
            prop_assert!(found.pages.is_sorted_by_key(|page| steps[&page.0]), "nearest first");
            let kept: BTreeSet<u32> = found.pages.iter().map(|page| page.0).collect();
            let among = edges.iter().filter(|(from, to)| kept.contains(from) && kept.contains(to));
            prop_assert_eq!(found.edges.len(), among.count());
            let cut = edges.iter().filter(|(from, to)| kept.contains(from) != kept.contains(to));
            prop_assert_eq!(found.truncated_edges, cut.count());

            let layout = found.layout();
            let place = |page: PageId| layout.places[found.pages.iter().position(|one| *one == page).unwrap()];
            for edge in &found.edges {
                let (needs, needed) = (place(edge.from), place(edge.to));
                let is_cycle = steps_down(&found, edge.to).contains(&edge.from);
                prop_assert!(needed.layer < needs.layer || is_cycle && needed.layer == needs.layer);
            }
            let mut taken = layout.places.clone();
            taken.sort_by(|a, b| a.layer.cmp(&b.layer).then(a.row.total_cmp(&b.row)));
            taken.dedup();
            prop_assert_eq!(taken.len(), found.pages.len(), "no two pages at one place");
        }
    }
}

/// The pages that `page` needs within `subgraph`, itself included.
fn steps_down(subgraph: &Subgraph, page: PageId) -> BTreeSet<PageId> {
    let mut found = BTreeSet::from([page]);
    let mut open = vec![page];
    while let Some(at) = open.pop() {
        for edge in subgraph.edges.iter().filter(|edge| edge.from == at) {
            if found.insert(edge.to) {
                open.push(edge.to);
            }
        }
    }
    found
}
