//! Status: what is being served?

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Answer, AnswerBody, Schema, Str};
use super::question::{AnswerCost, Question, question};
use super::refusal::{Failure, QuestionError, RefusalCode};
use super::sheet::{Sheet, SheetFields};
use crate::limits;
use crate::relate::{LearnedWeights, WeightSource};
use crate::view::{Counts, View};

question! {
    /// What is being served.
    StatusQuestion
}

/// There is nothing to say.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
pub struct StatusParams {}

/// Facts about the snapshot and the server.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct StatusAnswer<'a> {
    /// Version of the program.
    pub version: Str<'a>,
    /// The snapshot that answered.
    pub generation: Str<'a>,
    /// The name of the folder or file that it was built from.
    pub source: Str<'a>,
    /// The number that it was published under, where it was published to replicas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publication: Option<Str<'a>>,
    /// When it was built, seconds since 1970.
    pub built_at: u64,
    /// How long that took, in milliseconds; where text is withheld, without what went into reading it.
    pub build_ms: u64,
    /// How much of what there is.
    pub counts: Counts,
    /// Content problems by severity; where text is withheld, of the other pages only.
    pub diagnostics: BTreeMap<Str<'a>, usize>,
    /// What relates pages, by kind.
    pub related: BTreeMap<Str<'a>, RelatedStatus<'a>>,
    /// Limits by name.
    pub limits: BTreeMap<Str<'a>, u64>,
}

/// What relates pages of a kind.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct RelatedStatus<'a> {
    /// Where the weights come from.
    pub source: WeightSource,
    /// What each signal weighs.
    pub weights: BTreeMap<Str<'a>, f32>,
}

impl From<&LearnedWeights> for RelatedStatus<'_> {
    fn from(learned: &LearnedWeights) -> Self {
        let weights = learned.weights.named().map(|(signal, weight)| (signal.into(), weight));
        Self { source: learned.source, weights: weights.collect() }
    }
}

impl Question for StatusQuestion {
    const NAME: &'static str = "status";
    const COMMAND: &'static str = "stats";
    const PATH: &'static str = "/v1/status";
    const REFUSES: Option<RefusalCode> = None;

    type Params = StatusParams;
    type Answer<'a> = StatusAnswer<'a>;

    fn cost(_: &StatusParams) -> AnswerCost {
        AnswerCost::MayBlock
    }

    fn answer(view: &View, _: StatusParams) -> Result<StatusAnswer<'_>, QuestionError> {
        let provenance = &*view.provenance;
        Ok(StatusAnswer {
            version: env!("CARGO_PKG_VERSION").into(),
            generation: (&view.generation).into(),
            source: (&provenance.source).into(),
            publication: provenance.publication.map(|number| number.to_string().into()),
            built_at: provenance.built_at,
            build_ms: provenance.build_ms,
            counts: view.counts.as_ref().clone(),
            diagnostics: provenance.diagnostics.iter().map(|(name, n)| (Str::from(*name), *n)).collect(),
            related: [("concept", &view.relatedness.concepts), ("guide", &view.relatedness.guides)]
                .map(|(kind, learned)| (Str::from(kind), RelatedStatus::from(learned)))
                .into(),
            limits: limits().map(|(name, limit)| (Str::from(name), limit)).into(),
        })
    }
}

/// The limits that an asker can meet.
fn limits() -> [(&'static str, u64); 21] {
    [
        ("answer_ms", u64::try_from(limits::ANSWER_TIME.as_millis()).unwrap_or(u64::MAX)),
        ("batch_answer_bytes", limits::BATCH_ANSWER_BYTES as u64),
        ("batch_requests", limits::BATCH_REQUESTS as u64),
        ("body_bytes", limits::BODY_BYTES as u64),
        ("closure_pages", limits::CLOSURE_PAGES as u64),
        ("concurrent_exports", limits::CONCURRENT_EXPORTS as u64),
        ("connections", limits::CONNECTIONS as u64),
        ("graph_depth", u64::from(limits::GRAPH_DEPTH)),
        ("graph_pages", limits::GRAPH_PAGES as u64),
        ("head_bytes", limits::HEAD_BYTES as u64),
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
    ]
}

impl Answer for StatusAnswer<'_> {
    fn body(&self) -> Result<AnswerBody<'_>, Failure> {
        AnswerBody::json(self)
    }

    fn sheet(&self) -> Sheet {
        let counts = &self.counts;
        let parts = [("sections", counts.sections), ("questions", counts.questions), ("cycles", counts.cycles)];
        let kinds = counts.kinds.iter().map(|(kind, n)| (kind.as_str(), *n));
        let weights = self.related.iter().map(|(kind, related)| (kind, format!("{:?}", related.source).to_lowercase()));
        let fields = SheetFields::default()
            .text("version", &self.version)
            .text("generation", &self.generation)
            .text("source", &self.source)
            .text("publication", self.publication.as_deref().unwrap_or("none"))
            .text("built at", &self.built_at)
            .text("build ms", &self.build_ms)
            .inside("counts", kinds.chain(parts))
            .inside("relations", &counts.relations)
            .inside("diagnostics", &self.diagnostics)
            .inside("weights from", weights)
            .inside("limits", &self.limits);
        Sheet::fields(self, fields)
    }

    fn schema() -> Schema {
        Schema::of::<Self>()
    }
}
