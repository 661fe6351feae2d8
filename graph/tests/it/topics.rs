//! Topics: a partition into connected parts, the same every time, and the parts that anybody would see.

use std::collections::BTreeSet;

use gradus_corpus::{Corpus, PageId, fixture};
use gradus_graph::{Graph, Topic};
use proptest::prelude::*;

fn graph(n: usize, links: &[(usize, usize)]) -> (Corpus, Graph) {
    let mut text: String = (0..n).map(|idx| format!("c{idx:02}\n")).collect();
    for (from, to) in links.iter().filter(|(from, to)| from % n != to % n) {
        text.push_str(&format!("c{:02} <- c{:02}\n", from % n, to % n));
    }
    let corpus = fixture::corpus(&text);
    let graph = Graph::new(&corpus);
    (corpus, graph)
}

fn slugs(corpus: &Corpus, topic: &Topic) -> BTreeSet<String> {
    topic.concepts.iter().map(|concept| corpus.page(*concept).slug.to_string()).collect()
}

#[test]
fn two_groups_that_one_edge_connects_are_two_topics() {
    let corpus = fixture::corpus(
        "softmax <- exp\nattention <- softmax, exp\nmasking <- attention, softmax
         chunking <- retrieval\nreranking <- retrieval, chunking\nhybrid <- retrieval
         retrieval <- attention\nalone",
    );
    let graph = Graph::new(&corpus);
    let topics: Vec<BTreeSet<String>> = graph.topics().unwrap().iter().map(|topic| slugs(&corpus, topic)).collect();
    let set = |names: [&str; 4]| BTreeSet::from(names.map(str::to_owned));
    assert_eq!(
        topics,
        [set(["attention", "exp", "masking", "softmax"]), set(["chunking", "hybrid", "reranking", "retrieval"])]
    );
    let page = |slug| corpus.find(gradus_corpus::Kind::Concept, slug).unwrap();
    assert_eq!(graph.topic_of(page("alone")), None);
    assert_eq!(graph.topics().unwrap()[1].concepts[0], page("retrieval"));
    let near = graph.near_topics(0);
    assert_eq!((near.len(), near[0].topic, near[0].n_links), (1, 1, 1));
    assert_eq!((near[0].here[0].concept, &near[0].here[0].across), (page("attention"), &vec![page("retrieval")]));
    assert_eq!(graph.near_topics(1)[0].here[0].concept, page("retrieval"));
}

#[test]
fn rings_of_cliques_fall_apart_into_their_cliques() {
    // The network with which Fortunato and Barthélemy (2007) showed what modularity can tell apart, below its limit.
    let (n_cliques, size) = (6, 5);
    let mut links = Vec::new();
    for clique in 0..n_cliques {
        let first = clique * size;
        links.extend((first..first + size).flat_map(|to| (to + 1..first + size).map(move |from| (from, to))));
        links.push(((first + size) % (n_cliques * size), first + 1));
    }
    let (_, graph) = graph(n_cliques * size, &links);
    let mut found: Vec<Vec<usize>> = graph
        .topics()
        .unwrap()
        .iter()
        .map(|topic| topic.concepts.iter().map(|concept| concept.idx() / size).collect())
        .collect();
    found.sort();
    assert_eq!(found, (0..n_cliques).map(|clique| vec![clique; size]).collect::<Vec<_>>());
}

#[test]
fn nothing_has_no_topics() {
    assert_eq!(Graph::new(&fixture::corpus("")).topics(), Some(&[][..]));
    assert_eq!(Graph::new(&fixture::corpus("a\nb\n")).topics(), Some(&[][..]));
}

proptest! {
    #[test]
    fn topics_are_a_partition_into_connected_parts(
        n in 1_usize..40,
        links in prop::collection::vec((0_usize..40, 0_usize..40), 0..120),
    ) {
        let (corpus, graph) = graph(n, &links);
        let topics = graph.topics().unwrap();
        let linked = |a: u32, b: u32| links.iter().any(|(x, y)| {
            let (x, y, a, b) = (x % n, y % n, a as usize, b as usize);
            x != y && ((x, y) == (a, b) || (y, x) == (a, b))
        });
        let mut seen = BTreeSet::new();
        for (position, topic) in topics.iter().enumerate() {
            prop_assert!(topic.concepts.len() > 1);
            let members: BTreeSet<u32> = topic.concepts.iter().map(|concept| concept.0).collect();
            let mut reached = BTreeSet::from([topic.concepts[0].0]);
            while let Some(next) = members.iter().find(|one| !reached.contains(one) && reached.iter().any(|at| linked(*at, **one))) {
                reached.insert(*next);
            }
            prop_assert_eq!(&reached, &members, "a topic is not connected");
            for concept in &members {
                prop_assert!(seen.insert(*concept), "a concept is in two topics");
                prop_assert_eq!(graph.topic_of(PageId(*concept)), Some(position));
            }
            for near in graph.near_topics(position) {
                let mut pairs = 0;
                for bridge in &near.here {
                    prop_assert!(members.contains(&bridge.concept.0));
                    prop_assert!(bridge.across.iter().all(|other| linked(bridge.concept.0, other.0)));
                    prop_assert!(bridge.across.iter().all(|other| graph.topic_of(*other) == Some(near.topic)));
                    pairs += bridge.across.len();
                }
                prop_assert_eq!(near.n_links, pairs);
                let back = graph.near_topics(near.topic);
                let back = back.iter().find(|back| back.topic == position);
                prop_assert_eq!(back.map(|back| (&back.here, &back.there)), Some((&near.there, &near.here)));
            }
        }
        let sizes: Vec<usize> = topics.iter().map(|topic| topic.concepts.len()).collect();
        prop_assert!(sizes.is_sorted_by(|a, b| a >= b));
        for concept in corpus.concepts().filter(|concept| !seen.contains(&concept.0)) {
            prop_assert_eq!(graph.topic_of(concept), None);
        }
        let again = Graph::new(&corpus);
        prop_assert_eq!(topics, again.topics().unwrap());
    }
}
