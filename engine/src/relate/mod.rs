//! Relatedness: signals, what they weigh here, and the ranking they give.
//!
//! A signal is one function that gives pages with scores. Scores of different signals have no common scale: each is
//! divided by the best of its list and its root taken, and the sum of the weighted results ranks. Weights start where they
//! served other documentations; what the corpus' own links tell moves them ([`learn`]), and lists that people made can replace
//! them ([`tuned`]).

pub mod learn;
pub mod rank;
pub mod shelf;
pub mod signal;
pub mod strangers;
pub mod tuned;
pub mod variety;

use gradus_corpus::{Corpus, PageId};
use gradus_graph::Graph;
use gradus_index::Index;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use shelf::Shelves;
use signal::Weights;
use strangers::Strangers;
use tuned::TunedWeights;

/// What relatedness is told from.
#[derive(Clone, Copy)]
pub struct RelatedEvidence<'a> {
    /// The content.
    pub corpus: &'a Corpus,
    /// The graph over it.
    pub graph: &'a Graph,
    /// The words of its texts.
    pub index: &'a Index,
    /// Folders and series.
    pub shelves: &'a Shelves,
    /// Which pages are not to be named together.
    pub strangers: &'a Strangers,
}

/// Where weights come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WeightSource {
    /// Every signal weighs what it does everywhere: there were too few links to learn from.
    Default,
    /// Moved by what the links of this corpus tell of how its pages hang together.
    Links,
    /// Learned by `gradus tune` from lists that people made.
    Tuned,
}

/// The weights for pages of one kind.
#[derive(Clone, Debug, PartialEq)]
pub struct LearnedWeights {
    /// The weights.
    pub weights: Weights,
    /// Where they come from.
    pub source: WeightSource,
}

/// What a view needs to relate pages.
pub struct Relatedness {
    /// Folders and series.
    pub shelves: Shelves,
    /// Which pages are not to be named together.
    pub strangers: Strangers,
    /// For guides.
    pub guides: LearnedWeights,
    /// For concepts.
    pub concepts: LearnedWeights,
}

impl Relatedness {
    /// Learns the weights of both kinds, unless `tuned` holds them.
    pub fn new(corpus: &Corpus, graph: &Graph, index: &Index, tuned: Option<&TunedWeights>) -> Self {
        let (shelves, strangers) = (Shelves::new(corpus), Strangers::new(corpus));
        let evidence = RelatedEvidence { corpus, graph, index, shelves: &shelves, strangers: &strangers };
        let of = |kind: Option<Weights>, pages: Vec<PageId>| match kind {
            Some(weights) => LearnedWeights { weights, source: WeightSource::Tuned },
            None => learn::from_links(evidence, &pages),
        };
        let guides = of(tuned.and_then(|tuned| tuned.guides), corpus.guides().collect());
        let concepts = of(tuned.and_then(|tuned| tuned.concepts), corpus.concepts().collect());
        Self { shelves, strangers, guides, concepts }
    }

    /// The same where weights are known. O(pages · depth of folders).
    pub(crate) fn known(corpus: &Corpus, guides: LearnedWeights, concepts: LearnedWeights) -> Self {
        Self { shelves: Shelves::new(corpus), strangers: Strangers::new(corpus), guides, concepts }
    }

    /// The weights for pages like `page`.
    pub fn weights(&self, corpus: &Corpus, page: PageId) -> &Weights {
        if corpus.is_concept(page) { &self.concepts.weights } else { &self.guides.weights }
    }
}
