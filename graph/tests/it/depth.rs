//! How deep pages stand, and the order in which all of them could be learned.

use gradus_corpus::fixture::corpus;
use gradus_graph::Graph;

fn told(text: &str) -> String {
    let corpus = corpus(text);
    let order = Graph::new(&corpus).learning_order();
    order.iter().map(|(page, depth)| format!("{}{depth} ", corpus.page(*page).slug)).collect()
}

#[test]
fn what_is_needed_comes_first() {
    assert_eq!(told("c <- b\nb <- a\nz <- a"), "a0 b1 z1 c2 ");
    assert_eq!(told("a <- b\nb <- a\nc <- b"), "a0 b0 c1 ", "a circle is one step");
    assert_eq!(told("b <- ?a"), "a0 b0 ", "what only helps puts nothing off");
    assert_eq!(told("b <- a\nguide:g teaches b"), "a0 b1 g1 ", "a guide needs what its concepts need");
    assert_eq!(told("guide:a follows guide:b\nguide:c follows guide:a\nguide:0 links guide:a"), "b0 a0 c0 00 ");
    assert_eq!(told(""), "");
}
