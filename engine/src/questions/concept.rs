//! A concept whole.

use gradus_corpus::{Kind, PageId, Relation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Answer, AnswerBody, Schema, Str};
use super::card::{Card, PageFacts};
use super::page_parts::{PageTies, titles};
use super::question::{Question, question};
use super::reference::{PageParams, find_concept, may_be};
use super::refusal::{Failure, QuestionError, RefusalCode};
use super::section_parts::{SectionRef, section_html};
use super::sheet::Sheet;
use crate::view::View;

question! {
    /// Find a concept.
    ConceptQuestion
}

/// A concept whole.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct ConceptAnswer<'a> {
    /// Which concept.
    #[serde(flatten)]
    pub page: PageFacts<'a>,
    /// Its own page.
    pub body_html: String,
    /// What it is tied to.
    #[serde(flatten)]
    pub ties: PageTies<'a>,
    /// What a concept has.
    #[serde(flatten)]
    pub parts: ConceptParts<'a>,
    /// The snapshot that answered.
    pub generation: Str<'a>,
}

/// What a concept has and a guide has not.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct ConceptParts<'a> {
    /// The guides that teach it, with the section that does.
    pub taught_by: Vec<TaughtBy<'a>>,
    /// Contrasts, parts, improvements and the author's pins; `_by` where the other page says it of this one.
    pub relations: Vec<RelationRef<'a>>,
}

/// A guide that teaches a concept.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct TaughtBy<'a> {
    /// Which guide.
    #[serde(flatten)]
    pub page: Card<'a>,
    /// The section that names the concept most; null where none does that the viewer may read.
    pub section: Option<SectionRef<'a>>,
}

/// The other end of a relation.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct RelationRef<'a> {
    /// `contrasts`, `part_of`, `improves_on`, `has_part`, `improved_by`, `related`.
    pub relation: Str<'a>,
    /// Which page.
    #[serde(flatten)]
    pub page: Card<'a>,
    /// Why, in the author's words.
    pub reason: Option<Str<'a>>,
}

impl Question for ConceptQuestion {
    const NAME: &'static str = "find_concept";
    const COMMAND: &'static str = "show";
    const PATH: &'static str = "/v1/concepts/{id}";
    const SUBJECT: &'static [&'static str] = &["id"];
    const REFUSES: Option<RefusalCode> = Some(RefusalCode::UnknownConcept);

    type Params = PageParams;
    type Answer<'a> = ConceptAnswer<'a>;

    fn fits(params: &PageParams) -> bool {
        may_be(Kind::Concept, &params.id)
    }

    fn answer(view: &View, params: PageParams) -> Result<ConceptAnswer<'_>, QuestionError> {
        Ok(concept(view, find_concept(view, &params.id)?))
    }
}

/// The concept `id` whole.
pub fn concept(view: &View, id: PageId) -> ConceptAnswer<'_> {
    ConceptAnswer {
        page: PageFacts::new(view, id),
        body_html: view.corpus.page(id).sections.iter().map(|section| section_html(section, true)).collect(),
        ties: PageTies::new(view, id),
        parts: ConceptParts::new(view, id),
        generation: (&view.generation).into(),
    }
}

impl<'a> ConceptParts<'a> {
    /// The parts of `id`; of a guide only its relations.
    pub(super) fn new(view: &'a View, id: PageId) -> Self {
        let dress = |guide: PageId| {
            let page = view.corpus.page(guide);
            let section = page.teaching_section(id).map(|idx| SectionRef::new(page, idx));
            TaughtBy { page: Card::new(view, guide), section }
        };
        Self { taught_by: view.graph.taught_by(id).map(dress).collect(), relations: relations(view, id) }
    }
}

fn relations(view: &View, id: PageId) -> Vec<RelationRef<'_>> {
    let dress = |relation: &'static str, other: PageId, reason: &'_ Option<Box<str>>| RelationRef {
        relation: relation.into(),
        page: Card::new(view, other),
        reason: reason.as_ref().map(|reason| reason.to_string().into()),
    };
    let said = view.corpus.declared_by(id).iter();
    let said = said.filter_map(|edge| Some(dress(typed(edge.relation)?, edge.to, &edge.reason)));
    let said_of = view.graph.related_by(id).map(|idx| &view.corpus.declared()[idx as usize]);
    let said_of = said_of.filter_map(|edge| Some(dress(reverse(edge.relation)?, edge.from, &edge.reason)));
    let mut all: Vec<RelationRef<'_>> = said.chain(said_of).collect();
    all.sort_by(|a, b| (&a.relation, &a.page.id).cmp(&(&b.relation, &b.page.id)));
    all.dedup_by(|later, kept| later.relation == kept.relation && later.page.id == kept.page.id);
    all
}

fn typed(relation: Relation) -> Option<&'static str> {
    matches!(relation, Relation::Contrasts | Relation::PartOf | Relation::ImprovesOn | Relation::Related)
        .then(|| relation.as_str())
}

fn reverse(relation: Relation) -> Option<&'static str> {
    match relation {
        Relation::Contrasts => Some("contrasts"),
        Relation::PartOf => Some("has_part"),
        Relation::ImprovesOn => Some("improved_by"),
        _ => None,
    }
}

impl Answer for ConceptAnswer<'_> {
    fn body(&self) -> Result<AnswerBody<'_>, Failure> {
        AnswerBody::json(self)
    }

    fn page(&self) -> Option<&str> {
        Some(&self.page.card.id)
    }

    fn sheet(&self) -> Sheet {
        let taught_by = self.parts.taught_by.iter().map(|one| match &one.section {
            Some(section) if section.title != &*one.page.title => format!("{} ({})", one.page.title, section.title),
            _ => one.page.title.to_string(),
        });
        let relations = self.parts.relations.iter().map(|one| format!("{} {}", one.relation, one.page.title));
        let fields = self
            .page
            .fields()
            .text("prerequisites", &titles(&self.ties.prerequisites))
            .list("prose prerequisites", &self.ties.prose_prerequisites)
            .text("unlocks", &titles(&self.ties.unlocks))
            .list("taught by", taught_by)
            .list("relations", relations)
            .list("sources", self.ties.sources.iter().map(|source| &source.title));
        Sheet::fields(self, fields)
    }

    fn schema() -> Schema {
        Schema::of::<Self>()
    }
}
