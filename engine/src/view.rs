//! The view: what one class of viewers may see, and everything that is asked of it.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::{Arc, OnceLock};

use gradus_corpus::{Corpus, Edge, Origin, PageId, Position, PublicationNumber, Severity, Strength, fingerprint};
use gradus_graph::{Graph, PageLesson};
use gradus_index::Index;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::relate::tuned::TunedWeights;
use crate::relate::{RelatedEvidence, Relatedness};
use crate::suggest::{Proposal, ProposalOptions, propose};

/// Inferred prerequisites less likely than this stay proposals.
const INFERRED_CONFIDENCE: f32 = 0.4;
/// Between the name of the content and that of the terms on which more is concluded, in a generation.
const INFERRING: char = 'i';

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
    /// The same with what its texts speak for beyond what is declared, once somebody asks.
    inferred: Arc<OnceLock<Self>>,
    /// How likely each prerequisite is that nobody declares and that is among the edges here all the same: the prerequisite, what
    /// would need it.
    pub confidences: Arc<FxHashMap<(PageId, PageId), f32>>,
    /// Pairs of a prerequisite and what would need it that are never inferred.
    pub rejected: Arc<FxHashSet<(PageId, PageId)>>,
    /// Whether what is inferred counts where nobody says otherwise.
    pub infers: bool,
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
    /// What it was published as, if it was.
    pub publication: Option<PublicationNumber>,
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
    /// Builds graph and index over `corpus`, and learns what relates its pages unless that is `tuned`. What the view `before` has of the
    /// same texts is taken over; answers do not depend on it. O(pages + edges + text).
    ///
    /// # Errors
    /// If the index cannot be built.
    pub fn build(
        before: Option<&Self>,
        corpus: Corpus,
        tuned: Option<&TunedWeights>,
    ) -> Result<Self, gradus_index::BuildError> {
        let (graph, index) = std::thread::scope(|scope| {
            let graph = scope.spawn(|| Graph::new(&corpus));
            let index = Index::build_after(before.map(|before| &*before.index), &corpus);
            (graph.join().unwrap_or_else(|panic| resume_unwind(panic)), index)
        });
        let index = index?;
        let counts = Counts::of(&corpus, graph.cycles().len());
        let relatedness = Relatedness::new(&corpus, &graph, &index, tuned);
        let generation = generation(&corpus, tuned);
        Ok(Self::of(corpus, graph, index, relatedness, counts, generation))
    }

    /// A view of what was made of `corpus`.
    pub(crate) fn of(
        corpus: Corpus,
        graph: Graph,
        index: Index,
        relatedness: Relatedness,
        counts: Counts,
        generation: String,
    ) -> Self {
        Self {
            generation,
            corpus: Arc::new(corpus),
            graph: Arc::new(graph),
            index: Arc::new(index),
            relatedness: Arc::new(relatedness),
            counts: Arc::new(counts),
            provenance: Arc::default(),
            inferred: Arc::default(),
            confidences: Arc::default(),
            rejected: Arc::default(),
            infers: false,
        }
    }

    /// The same with what its texts speak for; found out when it is first asked for, from what its viewer may see. O(text) then.
    pub fn with_inferred(&self) -> &Self {
        self.inferred.get_or_init(|| {
            let options = ProposalOptions { all: false, min_confidence: INFERRED_CONFIDENCE };
            let proposals = propose(&self.corpus, &self.graph, None, &self.rejected, options).list;
            let edge = |proposal: &Proposal| {
                let position = self.corpus.page(proposal.to).position;
                Edge {
                    from: proposal.to,
                    relation: proposal.relation,
                    to: proposal.from,
                    strength: Strength::Required,
                    origin: Origin::Inferred,
                    count: 1,
                    reason: Some(proposal.evidence.text.clone()),
                    position: Position { line: proposal.evidence.line, column: 0, ..position },
                }
            };
            let corpus = self.corpus.with_edges(proposals.iter().map(edge).collect());
            let graph = Arc::new(Graph::with_inferred(&corpus));
            let confidences: FxHashMap<_, _> =
                proposals.iter().map(|one| ((one.from, one.to), one.confidence)).collect();
            let (corpus, confidences) = (Arc::new(corpus), Arc::new(confidences));
            Self { corpus, graph, confidences, inferred: Arc::default(), ..self.clone() }
        })
    }

    /// Whether [`Self::with_inferred`] is answered at once.
    pub fn has_inferred(&self) -> bool {
        self.inferred.get().is_some()
    }

    /// This, or with what its texts speak for where that is asked for or the site wants it.
    pub fn inferring(&self, is_asked_for: bool) -> &Self {
        if is_asked_for || self.infers { self.with_inferred() } else { self }
    }

    /// Sets whether what is inferred counts where nobody says otherwise, and what is never inferred.
    pub(crate) fn infer(&mut self, infers: bool, rejected: &Arc<FxHashSet<(PageId, PageId)>>) {
        // What was concluded under other terms is concluded anew.
        if (self.infers, &self.rejected) != (infers, rejected) {
            self.inferred = Arc::default();
            (self.infers, self.rejected) = (infers, Arc::clone(rejected));
        }
        let content = self.content().to_owned();
        let mut pairs: Vec<_> = rejected.iter().collect();
        pairs.sort_unstable();
        let terms = fingerprint(&pairs) >> 32;
        self.generation = if infers { format!("{content}{INFERRING}{terms:08x}") } else { content };
    }

    /// The part of its generation that names the content, as [`generation`] gives it.
    pub(crate) fn content(&self) -> &str {
        self.generation.split(INFERRING).next().unwrap_or_default()
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
        RelatedEvidence { corpus, graph, index, shelves: &relatedness.shelves, strangers: &relatedness.strangers }
    }
}

/// The name of `corpus` together with what was tuned for it: answers differ where weights do.
pub(crate) fn generation(corpus: &Corpus, tuned: Option<&TunedWeights>) -> String {
    let generation = corpus.generation();
    let Some(tuned) = tuned else { return generation };
    let weights = [tuned.guides, tuned.concepts].map(|weights| weights.map(|weights| weights.0.map(f32::to_bits)));
    format!("{:016x}", fingerprint(&(generation, weights)))
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
