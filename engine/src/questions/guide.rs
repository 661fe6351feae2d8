//! A guide whole, as far as the viewer may read it.

use gradus_corpus::{ExerciseKind, Kind, Page, PageId, Relation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Answer, AnswerBody, Schema, Str, strs};
use super::card::{Card, PageFacts};
use super::page_parts::{PageTies, titles};
use super::question::{Question, question};
use super::reference::{PageParams, find_guide, may_be};
use super::refusal::{Failure, QuestionError, RefusalCode};
use super::section_parts::{SectionRef, section_html};
use super::sheet::Sheet;
use crate::view::View;

question! {
    /// Find a guide.
    GuideQuestion
}

/// A guide whole, as far as the viewer may read it.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct GuideAnswer<'a> {
    /// Which guide.
    #[serde(flatten)]
    pub page: PageFacts<'a>,
    /// What a guide has.
    #[serde(flatten)]
    pub parts: GuideParts<'a>,
    /// What it is tied to.
    #[serde(flatten)]
    pub ties: PageTies<'a>,
    /// The snapshot that answered.
    pub generation: Str<'a>,
}

/// What a guide has and a concept mostly has not.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct GuideParts<'a> {
    /// Who wrote it.
    pub authors: Vec<Str<'a>>,
    /// Its sections in order.
    pub sections: Vec<GuideSection<'a>>,
    /// Other fragments of its URL that lead somewhere: its title's, those of terms, and ids that its author gave.
    pub anchors: Vec<Str<'a>>,
    /// The concepts that it teaches.
    pub teaches: Vec<Card<'a>>,
    /// Guides to read together with it.
    pub companion: Vec<Card<'a>>,
    /// How many questions it has.
    pub questions: ExerciseCounts,
}

/// A section of a guide.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct GuideSection<'a> {
    /// Which section.
    #[serde(flatten)]
    pub section: SectionRef<'a>,
    /// Level of the heading, 1 to 6; 0 for a lead.
    pub level: u8,
    /// Whether its text goes on behind the preview.
    pub cut: bool,
    /// Its text; null where locked.
    pub text_html: Option<String>,
}

/// How many questions a guide has.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct ExerciseCounts {
    /// Quiz questions.
    pub quiz: usize,
    /// Interview questions.
    pub interview: usize,
}

impl Question for GuideQuestion {
    const NAME: &'static str = "find_guide";
    const COMMAND: &'static str = "show";
    const PATH: &'static str = "/v1/guides/{id}";
    const SUBJECT: &'static [&'static str] = &["id"];
    const REFUSES: Option<RefusalCode> = Some(RefusalCode::UnknownGuide);

    type Params = PageParams;
    type Answer<'a> = GuideAnswer<'a>;

    fn fits(params: &PageParams) -> bool {
        may_be(Kind::Guide, &params.id)
    }

    fn answer(view: &View, params: PageParams) -> Result<GuideAnswer<'_>, QuestionError> {
        Ok(guide(view, find_guide(view, &params.id)?))
    }
}

/// The guide `id` whole, as far as the viewer may read it.
pub fn guide(view: &View, id: PageId) -> GuideAnswer<'_> {
    GuideAnswer {
        page: PageFacts::new(view, id),
        parts: GuideParts::new(view, id),
        ties: PageTies::new(view, id),
        generation: (&view.generation).into(),
    }
}

impl<'a> GuideParts<'a> {
    /// The parts of `id`.
    pub(super) fn new(view: &'a View, id: PageId) -> Self {
        let page = view.corpus.page(id);
        let declared = |relation| view.corpus.declared_by(id).iter().filter(move |edge| edge.relation == relation);
        let taught = declared(Relation::Teaches).map(|edge| Card::to_learn(view, edge.to));
        let companions = declared(Relation::Companion).map(|edge| Card::new(view, edge.to));
        Self {
            authors: strs(&page.authors),
            sections: (0..page.sections.len()).map(|idx| GuideSection::new(page, idx)).collect(),
            anchors: strs(&page.anchors),
            teaches: taught.collect(),
            companion: companions.collect(),
            questions: exercise_counts(page),
        }
    }
}

fn exercise_counts(page: &Page) -> ExerciseCounts {
    let count = |kind| page.questions.iter().filter(|exercise| exercise.kind == kind).count();
    ExerciseCounts { quiz: count(ExerciseKind::Quiz), interview: count(ExerciseKind::Interview) }
}

impl<'a> GuideSection<'a> {
    fn new(page: &'a Page, idx: usize) -> Self {
        let section = &page.sections[idx];
        Self {
            section: SectionRef::new(page, idx),
            level: section.level,
            cut: section.withheld && !section.is_locked(),
            text_html: (!section.is_locked()).then(|| section_html(section, false)),
        }
    }
}

impl Answer for GuideAnswer<'_> {
    fn body(&self) -> Result<AnswerBody<'_>, Failure> {
        AnswerBody::json(self)
    }

    fn page(&self) -> Option<&str> {
        Some(&self.page.card.id)
    }

    fn sheet(&self) -> Sheet {
        let (parts, ties) = (&self.parts, &self.ties);
        let headings = parts.sections.iter().filter(|section| section.level > 0).map(|one| {
            if one.section.locked { format!("{} (locked)", one.section.title) } else { one.section.title.to_string() }
        });
        let fields = self
            .page
            .fields()
            .text("access", &self.page.card.access)
            .text("locked", if self.page.card.locked { "yes" } else { "" })
            .list("authors", &parts.authors)
            .maybe("updated", self.page.updated.as_ref())
            .list("sections", headings)
            .text("teaches", &Card::titles(&parts.teaches))
            .text("prerequisites", &titles(&ties.prerequisites))
            .list("prose prerequisites", &ties.prose_prerequisites)
            .text("unlocks", &titles(&ties.unlocks))
            .text("companion", &Card::titles(&parts.companion))
            .inside("questions", [("quiz", parts.questions.quiz), ("interview", parts.questions.interview)])
            .list("sources", ties.sources.iter().map(|source| &source.title));
        Sheet::fields(self, fields)
    }

    fn schema() -> Schema {
        Schema::of::<Self>()
    }
}
