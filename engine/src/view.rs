//! The view: what one class of viewers may see, and everything that is asked of it.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use gradus_corpus::{Corpus, PageId, Severity, Strength};
use gradus_graph::{Graph, PageLesson};
use gradus_index::Index;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::relate::tuned::TunedWeights;
use crate::relate::{RelatedEvidence, Relatedness};

/// What one class of viewers may see, with the graph and the index over exactly that. Cloning shares all of it.
#[derive(Clone)]
pub struct View {
    /// The content.
    pub corpus: Arc<Corpus>,
    /// The graph over it.
    pub graph: Arc<Graph>,
    /// The full-text index over it.
    pub index: Arc<Index>,
    /// What relates its pages.
    pub relatedness: Arc<Relatedness>,
    /// The name of this content and what was tuned for it; the start of every `ETag` and cursor.
    pub generation: String,
    /// How much of what there is.
    pub counts: Arc<Counts>,
    /// The load that it comes from, as far as its viewers may know.
    pub provenance: Arc<Provenance>,
}

/// Facts about a load.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// What was loaded, by its name alone.
    pub source: String,
    /// When it was ready, seconds since 1970.
    pub built_at: u64,
    /// How long that took, in milliseconds; where text is withheld, without what went into reading it.
    pub build_ms: u64,
    /// Content problems by severity, those without any among them; none in a page of which text is withheld.
    pub diagnostics: BTreeMap<&'static str, usize>,
}

impl Provenance {
    /// How many content problems of `severity` there are.
    pub fn n_diagnostics(&self, severity: Severity) -> usize {
        self.diagnostics.get(severity.as_str()).copied().unwrap_or_default()
    }
}

/// How much of what a view holds.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
pub struct Counts {
    /// Pages by kind.
    pub kinds: BTreeMap<String, usize>,
    /// Sections.
    pub sections: usize,
    /// Quiz and interview questions.
    pub questions: usize,
    /// Edges by relation, prerequisites that are only recommended among them.
    pub relations: BTreeMap<String, usize>,
    /// Prerequisite edges that are only recommended.
    pub recommended: usize,
    /// Groups of concepts that need each other.
    pub cycles: usize,
}

impl View {
    /// Builds graph and index over `corpus`, and learns what relates its pages unless that is `tuned`.
    /// O(pages + edges + text).
    ///
    /// # Errors
    /// If the index cannot be built.
    pub fn build(corpus: Corpus, tuned: Option<&TunedWeights>) -> Result<Self, gradus_index::BuildError> {
        let graph = Graph::new(&corpus);
        let index = Index::build(&corpus)?;
        let counts = Counts::of(&corpus, graph.cycles().len());
        let relatedness = Relatedness::new(&corpus, &graph, &index, tuned);
        Ok(Self {
            generation: generation(&corpus, tuned),
            corpus: Arc::new(corpus),
            graph: Arc::new(graph),
            index: Arc::new(index),
            relatedness: Arc::new(relatedness),
            counts: Arc::new(counts),
            provenance: Arc::default(),
        })
    }

    /// Whether its viewer can open `page` as a whole or, with a position, a section of it.
    pub fn can_open(&self, page: PageId, section: Option<usize>) -> bool {
        let sections = &self.corpus.page(page).sections;
        match section {
            Some(idx) => sections.get(idx).is_some_and(|section| !section.withheld),
            None => !sections.iter().any(|section| section.withheld),
        }
    }

    /// What a plan would have `page` learned from where nothing else is left to learn.
    pub fn lesson(&self, page: PageId) -> PageLesson {
        self.graph.lesson(page, &|page, section| self.can_open(page, section))
    }

    /// What its pages are related by.
    pub fn evidence(&self) -> RelatedEvidence<'_> {
        let Self { corpus, graph, index, relatedness, .. } = self;
        RelatedEvidence { corpus, graph, index, shelves: &relatedness.shelves }
    }
}

/// The name of `corpus` together with what was tuned for it: answers differ where weights do.
pub(crate) fn generation(corpus: &Corpus, tuned: Option<&TunedWeights>) -> String {
    let generation = corpus.generation();
    let Some(tuned) = tuned else { return generation };
    let mut hasher = DefaultHasher::new();
    generation.hash(&mut hasher);
    for weights in [tuned.guides, tuned.concepts].into_iter().flatten() {
        weights.0.map(f32::to_bits).hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

impl Counts {
    /// Counts what `corpus` holds. O(pages + edges); a view counts once, when it is built.
    fn of(corpus: &Corpus, n_cycles: usize) -> Self {
        let mut relations = BTreeMap::<&str, usize>::new();
        let mut recommended = 0;
        let mut sections = 0;
        let mut questions = 0;
        for edge in corpus.declared() {
            *relations.entry(edge.relation.as_str()).or_default() += 1;
            recommended += usize::from(edge.strength == Strength::Recommended);
        }
        for (id, page) in corpus.pages() {
            sections += page.sections.len();
            questions += page.questions.len();
            for edge in corpus.found_in(id) {
                *relations.entry(edge.relation.as_str()).or_default() += 1;
            }
        }
        let n_concepts = corpus.n_concepts();
        let kinds = BTreeMap::from([("concept", n_concepts), ("guide", corpus.n_pages() - n_concepts)]);
        let told = |counts: BTreeMap<&str, usize>| counts.into_iter().map(|(name, n)| (name.to_owned(), n)).collect();
        Self { kinds: told(kinds), sections, questions, relations: told(relations), recommended, cycles: n_cycles }
    }
}
