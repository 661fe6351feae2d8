//! Status: what is being served?

use std::collections::BTreeMap;

use gradus_corpus::{Severity, Strength};
use serde::Serialize;
use utoipa::ToSchema;

use super::View;
use crate::limits;
use crate::relate::{Learned, Source};
use crate::snapshot::Snapshot;

/// Facts about the snapshot and the server.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatusAnswer<'a> {
    /// Version of the program.
    pub version: &'static str,
    /// The snapshot that answered.
    pub generation: &'a str,
    /// What it was built from.
    pub source: &'a str,
    /// When it was built, seconds since 1970.
    pub built_at: u64,
    /// How long that took, in milliseconds.
    pub build_ms: u64,
    /// How much of what there is.
    pub counts: Counts,
    /// Content problems by severity.
    pub diagnostics: BTreeMap<&'static str, usize>,
    /// What relates pages, by kind.
    pub related: BTreeMap<&'static str, RelatedStatus>,
    /// Limits by name.
    pub limits: BTreeMap<&'static str, u64>,
}

/// What relates pages of a kind.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RelatedStatus {
    /// Where the weights come from.
    pub source: Source,
    /// What each signal weighs.
    pub weights: BTreeMap<&'static str, f32>,
}

impl From<&Learned> for RelatedStatus {
    fn from(learned: &Learned) -> Self {
        Self { source: learned.source, weights: learned.weights.named().collect() }
    }
}

/// Counts.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Counts {
    /// Pages by kind.
    pub kinds: BTreeMap<&'static str, usize>,
    /// Sections.
    pub sections: usize,
    /// Questions.
    pub questions: usize,
    /// Edges by relation, prerequisites that are only recommended among them.
    pub relations: BTreeMap<&'static str, usize>,
    /// Prerequisite edges that are only recommended.
    pub recommended: usize,
    /// Groups of concepts that need each other.
    pub cycles: usize,
}

impl Counts {
    /// Counts what `view` holds. O(pages + edges); a view counts once, when it is built.
    pub(crate) fn of(corpus: &gradus_corpus::Corpus, n_cycles: usize) -> Self {
        let mut relations = BTreeMap::new();
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
        Self { kinds, sections, questions, relations, recommended, cycles: n_cycles }
    }
}

/// The status of `snapshot` as `view` shows it.
pub fn status<'a>(snapshot: &'a Snapshot, view: &'a View) -> StatusAnswer<'a> {
    let mut diagnostics: BTreeMap<&'static str, usize> =
        Severity::ALL.iter().map(|severity| (severity.as_str(), 0)).collect();
    for diagnostic in snapshot.diagnostics.iter() {
        *diagnostics.entry(diagnostic.severity.as_str()).or_default() += 1;
    }
    StatusAnswer {
        version: env!("CARGO_PKG_VERSION"),
        generation: &view.generation,
        source: &snapshot.source,
        built_at: snapshot.built_at,
        build_ms: snapshot.build_ms,
        counts: view.counts.clone(),
        diagnostics,
        related: BTreeMap::from([
            ("concept", RelatedStatus::from(&view.relatedness.concepts)),
            ("guide", RelatedStatus::from(&view.relatedness.guides)),
        ]),
        limits: BTreeMap::from([
            ("answer_ms", u64::try_from(limits::ANSWER_TIME.as_millis()).unwrap_or(u64::MAX)),
            ("batch_answer_bytes", limits::BATCH_ANSWER_BYTES as u64),
            ("batch_requests", limits::BATCH_REQUESTS as u64),
            ("body_bytes", limits::BODY_BYTES as u64),
            ("closure_pages", limits::CLOSURE_PAGES as u64),
            ("concurrent_exports", limits::CONCURRENT_EXPORTS as u64),
            ("concurrent_requests", limits::CONCURRENT_REQUESTS as u64),
            ("graph_depth", u64::from(limits::GRAPH_DEPTH)),
            ("graph_pages", limits::GRAPH_PAGES as u64),
            ("near_topics", limits::NEAR_TOPICS as u64),
            ("page_items", limits::PAGE_ITEMS as u64),
            ("paths", limits::PATHS as u64),
            ("related_candidates", limits::RELATED_CANDIDATES as u64),
            ("related_samples", limits::RELATED_SAMPLES as u64),
            ("query_chars", limits::QUERY_CHARS as u64),
            ("references", limits::REFERENCES as u64),
            ("related_items", limits::RELATED_ITEMS as u64),
            ("suggestions", limits::SUGGESTIONS as u64),
            ("topic_concepts", limits::TOPIC_CONCEPTS as u64),
            ("topic_edges", gradus_graph::MAX_TOPIC_EDGES as u64),
        ]),
    }
}
