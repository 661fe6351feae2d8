//! Names of content: what was given out once stays true.

use gradus_corpus::fixture;

/// A generation that another machine, another compiler and another day gave.
#[test]
fn the_same_content_has_the_same_name_everywhere() {
    assert_eq!(fixture::corpus("attention <- softmax, matmul").generation(), "841056be1f30722a");
}
