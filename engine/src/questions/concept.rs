//! A concept whole.

use gradus_corpus::{Kind, Level, PageId, Relation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Answer, AnswerBody, Schema, Str, strs};
use super::page_parts::{PrerequisiteRef, SourceAnswer, needed_by, needs, prose, sources, titles};
use super::question::{Question, question};
use super::reference::{PageParams, Ref, find_concept, may_be};
use super::refusal::{Failure, QuestionError, RefusalCode};
use super::section_parts::{SectionRef, section_html};
use super::sheet::{Sheet, SheetFields};
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
    pub page: Ref<'a>,
    /// One sentence.
    pub description: Option<Str<'a>>,
    /// Other names and acronyms.
    pub aliases: Vec<Str<'a>>,
    /// The shelf it stands on.
    pub category: Option<Str<'a>>,
    /// Labels.
    pub tags: Vec<Str<'a>>,
    /// Tracks it belongs to.
    pub tracks: Vec<Str<'a>>,
    /// `beginner`, `intermediate` or `advanced`.
    pub level: Option<Str<'a>>,
    /// Minutes to learn it.
    pub minutes: u32,
    /// Whether the minutes were counted from words.
    pub estimated: bool,
    /// Its own page.
    pub body_html: String,
    /// Where its facts come from.
    pub sources: Vec<SourceAnswer<'a>>,
    /// What it needs directly.
    pub prerequisites: Vec<PrerequisiteRef<'a>>,
    /// Prerequisites that name no page, in the author's words.
    pub prose_prerequisites: Vec<Str<'a>>,
    /// What needs it directly.
    pub unlocks: Vec<PrerequisiteRef<'a>>,
    /// The guides that teach it, with the section that does.
    pub taught_by: Vec<TaughtBy<'a>>,
    /// Contrasts, parts, improvements; `_by` where the other concept says it of this one.
    pub relations: Vec<RelationRef<'a>>,
    /// The snapshot that answered.
    pub generation: Str<'a>,
}

/// A guide that teaches a concept.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct TaughtBy<'a> {
    /// Which guide.
    #[serde(flatten)]
    pub page: Ref<'a>,
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
    pub page: Ref<'a>,
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
        let id = find_concept(view, &params.id)?;
        let page = view.corpus.page(id);
        Ok(ConceptAnswer {
            page: Ref::new(&view.corpus, id),
            description: page.description.as_ref().map(Str::from),
            aliases: strs(&page.names),
            category: page.category.as_ref().map(Str::from),
            tags: strs(&page.tags),
            tracks: strs(&page.tracks),
            level: page.level.map(|level| Level::as_str(level).into()),
            minutes: page.minutes,
            estimated: page.estimated,
            body_html: page.sections.iter().map(|section| section_html(section, true)).collect(),
            sources: sources(page),
            prerequisites: needs(view, id),
            prose_prerequisites: prose(page),
            unlocks: needed_by(view, id),
            taught_by: taught_by(view, id),
            relations: relations(view, id),
            generation: (&view.generation).into(),
        })
    }
}

pub(super) fn taught_by(view: &View, concept: PageId) -> Vec<TaughtBy<'_>> {
    let dress = |guide: PageId| {
        let page = view.corpus.page(guide);
        let section = page.teaching_section(concept).map(|idx| SectionRef::new(page, idx));
        TaughtBy { page: Ref::new(&view.corpus, guide), section }
    };
    view.graph.taught_by(concept).map(dress).collect()
}

pub(super) fn relations(view: &View, id: PageId) -> Vec<RelationRef<'_>> {
    let dress = |relation: &'static str, other: PageId, reason: &'_ Option<Box<str>>| RelationRef {
        relation: relation.into(),
        page: Ref::new(&view.corpus, other),
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

    fn sheet(&self) -> Sheet {
        let taught_by = self.taught_by.iter().map(|one| match &one.section {
            Some(section) if section.title != &*one.page.title => format!("{} ({})", one.page.title, section.title),
            _ => one.page.title.to_string(),
        });
        let relations = self.relations.iter().map(|one| format!("{} {}", one.relation, one.page.title));
        let fields = SheetFields::default()
            .text("id", &self.page.id)
            .text("title", &self.page.title)
            .text("url", &self.page.url)
            .maybe("description", self.description.as_ref())
            .list("aliases", &self.aliases)
            .maybe("category", self.category.as_ref())
            .list("tags", &self.tags)
            .list("tracks", &self.tracks)
            .maybe("level", self.level.as_ref())
            .text("minutes", &self.minutes)
            .text("prerequisites", &titles(&self.prerequisites))
            .list("prose prerequisites", &self.prose_prerequisites)
            .text("unlocks", &titles(&self.unlocks))
            .list("taught by", taught_by)
            .list("relations", relations)
            .list("sources", self.sources.iter().map(|source| &source.title));
        Sheet::fields(self, fields)
    }

    fn schema() -> Schema {
        Schema::of::<Self>()
    }
}
