//! What the graph knows without walking far: who needs what and why, what prepares for what, and which edges say nothing.

use std::collections::BTreeSet;

use gradus_corpus::{Corpus, Edge, PageId, Relation, Strength, fixture};
use gradus_graph::{ClosureOptions, Graph, PlanOptions, StrengthFilter, TooFar};
use proptest::prelude::*;

fn find(corpus: &Corpus, slug: &str) -> PageId {
    corpus.pages().find(|(_, page)| *page.slug == *slug).map(|(id, _)| id).unwrap()
}

/// The edges of `corpus` at `positions`, as `from relation to`.
fn told(corpus: &Corpus, positions: impl Iterator<Item = u32>) -> Vec<String> {
    let slug = |page: PageId| &*corpus.page(page).slug;
    let tell = |edge: &Edge| format!("{} {} {}", slug(edge.from), edge.relation, slug(edge.to));
    positions.map(|position| tell(&corpus.declared()[position as usize])).collect()
}

#[test]
fn pages_that_need_one_are_told_by_their_edges() {
    let corpus = fixture::corpus("b <- a\nc <- ?a\nguide:g assumes a; teaches b\nguide:h mentions a");
    let graph = Graph::new(&corpus);
    let a = find(&corpus, "a");
    assert_eq!(told(&corpus, graph.dependents(a)), ["b requires a", "c requires a", "g assumes a"]);
    assert_eq!((graph.n_dependents(a), graph.n_dependents(find(&corpus, "b"))), (3, 0));
}

#[test]
fn typed_relations_are_told_from_the_other_side() {
    let corpus = fixture::corpus("b contrasts a\nc part_of a\nd improves_on a\ne related a\na contrasts e");
    let graph = Graph::new(&corpus);
    let related = told(&corpus, graph.related_by(find(&corpus, "a")));
    assert_eq!(related, ["b contrasts a", "c part_of a", "d improves_on a"]);
}

#[test]
fn what_is_stated_is_looked_up_by_both_ends() {
    let corpus = fixture::corpus("guide:g teaches a, b; assumes c, ?d; <- guide:h\nguide:h links guide:g");
    let graph = Graph::new(&corpus);
    let [a, b, c, d, g, h] = ["a", "b", "c", "d", "g", "h"].map(|slug| find(&corpus, slug));
    assert!(graph.states(g, Relation::Teaches, a) && !graph.states(g, Relation::Teaches, c));
    assert_eq!(graph.stated(g, Relation::Teaches).collect::<Vec<_>>(), [a, b]);
    assert_eq!(graph.teaches(g).collect::<Vec<_>>(), [a, b]);
    assert_eq!(graph.taught_by(b).collect::<Vec<_>>(), [g]);
    assert_eq!(graph.need(g, c), Some(Strength::Required));
    assert_eq!(graph.need(g, d), Some(Strength::Recommended));
    assert_eq!((graph.need(g, h), graph.need(g, a)), (Some(Strength::Required), None));
}

#[test]
fn a_guide_prepares_for_what_needs_what_it_teaches() {
    let text = "c <- b, ?a\nguide:one teaches a, b\nguide:two teaches c\nguide:three <- guide:one; assumes a";
    let corpus = fixture::corpus(text);
    let graph = Graph::new(&corpus);
    let [a, b, c, one, two, three] = ["a", "b", "c", "one", "two", "three"].map(|slug| find(&corpus, slug));
    assert_eq!(graph.prepares(one, two, StrengthFilter::Required), [b]);
    assert_eq!(graph.prepares(one, two, StrengthFilter::All), [a, b]);
    assert_eq!(graph.prepares(one, three, StrengthFilter::Required), [a, one]);
    assert_eq!(graph.prepares(b, c, StrengthFilter::Required), [b]);
    assert!(graph.prepares(two, one, StrengthFilter::All).is_empty());
}

#[test]
fn an_edge_that_two_others_imply_says_nothing_unless_it_has_a_reason() {
    let corpus = fixture::corpus("c <- b, a\nb <- a\nd <- c\nd <- ?b");
    let graph = Graph::new(&corpus);
    assert_eq!(told(&corpus, graph.redundant()), ["c requires a"]);
    let mut edges = corpus.declared().to_vec();
    edges.iter_mut().for_each(|edge| edge.reason = Some("because".into()));
    let pages = corpus.pages().map(|(_, page)| page.clone()).collect();
    let corpus = Corpus::assemble(gradus_corpus::Parts { pages, edges, ..gradus_corpus::Parts::default() });
    assert_eq!(Graph::new(&corpus).redundant().count(), 0);
}

#[test]
fn what_nobody_said_makes_no_edge() {
    let corpus = fixture::corpus("b <- a\nguide:g teaches b");
    let mut edges = corpus.declared().to_vec();
    edges.iter_mut().for_each(|edge| edge.origin = gradus_corpus::Origin::Inferred);
    let pages = corpus.pages().map(|(_, page)| page.clone()).collect();
    let corpus = Corpus::assemble(gradus_corpus::Parts { pages, edges, ..gradus_corpus::Parts::default() });
    let graph = Graph::new(&corpus);
    let [a, b] = ["a", "b"].map(|slug| find(&corpus, slug));
    assert_eq!((graph.n_dependents(a), graph.taught_by(b).count(), graph.n_neighbours(b)), (0, 0, 0));
    let plan = graph.plan(&PlanOptions::new(&[b], &[])).unwrap();
    assert_eq!((plan.steps.len(), plan.gaps.len()), (1, 1), "no lesson comes of it either");
}

#[test]
fn closures_stop_at_depths_and_limits_and_tell() {
    let corpus = fixture::corpus("d <- c\nc <- b, ?soft\nb <- a\nsoft <- softer");
    let graph = Graph::new(&corpus);
    let d = find(&corpus, "d");
    let options = ClosureOptions { depth: None, strength: StrengthFilter::Required, reduce: false, max_pages: 99 };
    let slugs = |options: &ClosureOptions| -> (Vec<String>, bool) {
        let closure = graph.prerequisites(d, options);
        (closure.pages.iter().map(|page| corpus.page(*page).slug.to_string()).collect(), closure.truncated)
    };
    let told = |pages: &[&str], truncated: bool| (pages.iter().map(|page| (*page).to_owned()).collect(), truncated);
    assert_eq!(slugs(&options), told(&["a", "b", "c"], false));
    assert_eq!(slugs(&ClosureOptions { depth: Some(2), ..options }), told(&["b", "c"], false));
    assert_eq!(slugs(&ClosureOptions { max_pages: 2, ..options }), told(&["b", "c"], true));
    let all = ClosureOptions { strength: StrengthFilter::All, ..options };
    assert_eq!(slugs(&all), told(&["a", "softer", "b", "soft", "c"], false));
    let weak = graph.prerequisites(d, &all).edges.iter().filter(|edge| edge.strength == Strength::Recommended).count();
    assert_eq!(weak, 1);
}

#[test]
fn more_pages_than_anybody_could_follow_are_not_planned() {
    let n = 10_001;
    let pages = (0..=n).map(|idx| gradus_corpus::Page::new(gradus_corpus::Kind::Concept, &format!("c{idx:05}")));
    let edge = |to: u32| Edge {
        from: PageId(n),
        relation: Relation::Requires,
        to: PageId(to),
        strength: Strength::Required,
        origin: gradus_corpus::Origin::FrontMatter,
        count: 1,
        reason: None,
        position: gradus_corpus::Position::default(),
    };
    let parts =
        gradus_corpus::Parts { pages: pages.collect(), edges: (0..n).map(edge).collect(), ..Default::default() };
    let graph = Graph::new(&Corpus::assemble(parts));
    let targets = [PageId(n)];
    assert_eq!(graph.plan(&PlanOptions::new(&targets, &[])), Err(TooFar { limit: 10_000 }));
    assert_eq!(graph.frontier(&[], Some(PageId(n)), &|_| true, &|_, _| true), Err(TooFar { limit: 10_000 }));
    let known: Vec<PageId> = (0..2).map(PageId).collect();
    assert!(graph.plan(&PlanOptions::new(&targets, &known)).is_ok(), "what is known is not counted");
}

proptest! {
    #[test]
    fn redundant_edges_are_those_that_two_others_imply(
        links in prop::collection::vec((0_u32..9, 0_u32..9, prop::bool::weighted(0.8)), 0..40),
    ) {
        let line = |(from, to, required): &(u32, u32, bool)| {
            format!("c{from} <- {}c{to}\n", if *required { "" } else { "?" })
        };
        let corpus = fixture::corpus(&links.iter().map(line).collect::<String>());
        let required: Vec<&Edge> = corpus.declared().iter().filter(|edge| edge.strength == Strength::Required).collect();
        let pairs: BTreeSet<(PageId, PageId)> = required.iter().map(|edge| (edge.from, edge.to)).collect();
        let implied = |from: PageId, to: PageId| {
            corpus.concepts().any(|middle| middle != to && pairs.contains(&(from, middle)) && pairs.contains(&(middle, to)))
        };
        let expected: Vec<(PageId, PageId)> =
            pairs.iter().copied().filter(|(from, to)| from != to && implied(*from, *to)).collect();
        let graph = Graph::new(&corpus);
        let found: Vec<(PageId, PageId)> = graph
            .redundant()
            .map(|position| &corpus.declared()[position as usize])
            .map(|edge| (edge.from, edge.to))
            .collect();
        prop_assert_eq!(found, expected);
    }
}
