//! A guide whole, as far as the viewer may read it.

use gradus_corpus::{ExerciseKind, Kind, Level, Page, Relation, Section};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Answer, AnswerBody, Schema, Str, strs};
use super::page_parts::{PrerequisiteRef, SourceAnswer, needs, prose, sources, titles};
use super::question::{Question, question};
use super::reference::{PageParams, Ref, find_guide, may_be};
use super::refusal::{Failure, QuestionError, RefusalCode};
use super::section_parts::{section_html, section_id, section_title};
use super::sheet::{Sheet, SheetFields};
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
    pub page: Ref<'a>,
    /// What it is about.
    pub description: Option<Str<'a>>,
    /// The shelf it stands on.
    pub category: Option<Str<'a>>,
    /// Labels.
    pub tags: Vec<Str<'a>>,
    /// Tracks it belongs to.
    pub tracks: Vec<Str<'a>>,
    /// `beginner`, `intermediate` or `advanced`.
    pub level: Option<Str<'a>>,
    /// Minutes to read it.
    pub minutes: u32,
    /// Whether the minutes were counted from words.
    pub estimated: bool,
    /// `free` or `pro`.
    pub access: Str<'a>,
    /// Whether anything of it is withheld from the viewer.
    pub locked: bool,
    /// Who wrote it.
    pub authors: Vec<Str<'a>>,
    /// Date of its last change.
    pub updated: Option<Str<'a>>,
    /// Where its facts come from.
    pub sources: Vec<SourceAnswer<'a>>,
    /// Its sections in order.
    pub sections: Vec<GuideSection<'a>>,
    /// Other fragments of its URL that lead somewhere: its title's, those of terms, and ids that its author gave.
    pub anchors: Vec<Str<'a>>,
    /// The concepts that it teaches.
    pub teaches: Vec<Ref<'a>>,
    /// What it assumes.
    pub prerequisites: Vec<PrerequisiteRef<'a>>,
    /// Prerequisites that name no page, in the author's words.
    pub prose_prerequisites: Vec<Str<'a>>,
    /// Guides to read together with it.
    pub companion: Vec<Ref<'a>>,
    /// How many questions it has.
    pub questions: ExerciseCounts,
    /// The snapshot that answered.
    pub generation: Str<'a>,
}

/// A section of a guide.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct GuideSection<'a> {
    /// `slug#anchor`.
    pub id: String,
    /// The heading.
    pub title: Str<'a>,
    /// The fragment of its URL.
    pub anchor: Str<'a>,
    /// Level of the heading, 1 to 6; 0 for a lead.
    pub level: u8,
    /// `free` or `pro`.
    pub access: Str<'a>,
    /// Whether its text is withheld from the viewer.
    pub locked: bool,
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
        let id = find_guide(view, &params.id)?;
        let page = view.corpus.page(id);
        let declared = |relation| view.corpus.declared_by(id).iter().filter(move |edge| edge.relation == relation);
        let refs = |relation| declared(relation).map(|edge| Ref::new(&view.corpus, edge.to)).collect();
        Ok(GuideAnswer {
            page: Ref::new(&view.corpus, id),
            description: page.description.as_ref().map(Str::from),
            category: page.category.as_ref().map(Str::from),
            tags: strs(&page.tags),
            tracks: strs(&page.tracks),
            level: page.level.map(|level| Level::as_str(level).into()),
            minutes: page.minutes,
            estimated: page.estimated,
            access: page.access.as_str().into(),
            locked: page.is_locked(),
            authors: strs(&page.authors),
            updated: page.updated.as_ref().map(Str::from),
            sources: sources(page),
            sections: page.sections.iter().map(|section| dress_section(page, section)).collect(),
            anchors: strs(&page.anchors),
            teaches: refs(Relation::Teaches),
            prerequisites: needs(view, id),
            prose_prerequisites: prose(page),
            companion: refs(Relation::Companion),
            questions: exercise_counts(page),
            generation: (&view.generation).into(),
        })
    }
}

/// How many questions `page` has.
pub(super) fn exercise_counts(page: &Page) -> ExerciseCounts {
    let count = |kind| page.questions.iter().filter(|exercise| exercise.kind == kind).count();
    ExerciseCounts { quiz: count(ExerciseKind::Quiz), interview: count(ExerciseKind::Interview) }
}

pub(super) fn dress_section<'a>(page: &'a Page, section: &'a Section) -> GuideSection<'a> {
    GuideSection {
        id: section_id(page, &section.anchor),
        title: section_title(page, section).into(),
        anchor: (&section.anchor).into(),
        level: section.level,
        access: section.access.as_str().into(),
        locked: section.is_locked(),
        cut: section.withheld && !section.is_locked(),
        text_html: (!section.is_locked()).then(|| section_html(section, false)),
    }
}

impl Answer for GuideAnswer<'_> {
    fn body(&self) -> Result<AnswerBody<'_>, Failure> {
        AnswerBody::json(self)
    }

    fn sheet(&self) -> Sheet {
        let headings = self.sections.iter().filter(|section| section.level > 0).map(|section| {
            if section.locked { format!("{} (locked)", section.title) } else { section.title.to_string() }
        });
        let fields = SheetFields::default()
            .text("id", &self.page.id)
            .text("title", &self.page.title)
            .text("url", &self.page.url)
            .maybe("description", self.description.as_ref())
            .maybe("category", self.category.as_ref())
            .list("tags", &self.tags)
            .list("tracks", &self.tracks)
            .maybe("level", self.level.as_ref())
            .text("minutes", &self.minutes)
            .text("access", &self.access)
            .text("locked", if self.locked { "yes" } else { "" })
            .list("authors", &self.authors)
            .maybe("updated", self.updated.as_ref())
            .list("sections", headings)
            .text("teaches", &Ref::titles(&self.teaches))
            .text("prerequisites", &titles(&self.prerequisites))
            .list("prose prerequisites", &self.prose_prerequisites)
            .text("companion", &Ref::titles(&self.companion))
            .inside("questions", [("quiz", self.questions.quiz), ("interview", self.questions.interview)])
            .list("sources", self.sources.iter().map(|source| &source.title));
        Sheet::fields(self, fields)
    }

    fn schema() -> Schema {
        Schema::of::<Self>()
    }
}
