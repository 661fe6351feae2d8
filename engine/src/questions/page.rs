//! A page of either kind, by whatever names it.

use gradus_corpus::{Level, Relation};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Answer, AnswerBody, Schema, Str, strs};
use super::concept::{RelationRef, TaughtBy, relations, taught_by};
use super::guide::{ExerciseCounts, GuideSection, dress_section, exercise_counts};
use super::page_parts::{PrerequisiteRef, SourceAnswer, needed_by, needs, prose, sources, titles};
use super::question::{Question, question};
use super::reference::{Ref, find_page};
use super::refusal::{Failure, QuestionError, RefusalCode};
use super::sheet::{Sheet, SheetFields};
use crate::view::View;

question! {
    /// Find a page of either kind by its id, name, path or URL.
    PageQuestion
}

/// Which page.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
pub struct PageRefParams {
    /// An id, title, name, `[[wikilink]]`, path of a file or its end, or URL of the site.
    #[serde(rename = "ref")]
    #[param(rename = "ref", example = "guides/kv-cache.md")]
    pub reference: String,
}

/// A page whole, as far as the viewer may read it. What its kind does not have is empty.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PageAnswer<'a> {
    /// Which page.
    #[serde(flatten)]
    pub page: Ref<'a>,
    /// The path of its file in the source; null where it has none of its own.
    pub path: Option<Str<'a>>,
    /// BCP 47 tag of its language.
    pub lang: Option<Str<'a>>,
    /// One sentence: a concept's definition, a guide's summary.
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
    /// Minutes to read or learn it.
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
    /// The concepts that a guide teaches.
    pub teaches: Vec<Ref<'a>>,
    /// What it needs directly.
    pub prerequisites: Vec<PrerequisiteRef<'a>>,
    /// Prerequisites that name no page, in the author's words.
    pub prose_prerequisites: Vec<Str<'a>>,
    /// What needs it directly.
    pub unlocks: Vec<PrerequisiteRef<'a>>,
    /// The guides that teach a concept, with the section that does.
    pub taught_by: Vec<TaughtBy<'a>>,
    /// Contrasts, parts, improvements and the author's pins.
    pub relations: Vec<RelationRef<'a>>,
    /// Guides to read together with it.
    pub companion: Vec<Ref<'a>>,
    /// How many questions it has.
    pub questions: ExerciseCounts,
    /// The snapshot that answered.
    pub generation: Str<'a>,
}

impl Question for PageQuestion {
    const NAME: &'static str = "find_page";
    const COMMAND: &'static str = "page";
    const PATH: &'static str = "/v1/pages/{ref}";
    const SUBJECT: &'static [&'static str] = &["ref"];
    const REFUSES: Option<RefusalCode> = Some(RefusalCode::NotFound);

    type Params = PageRefParams;
    type Answer<'a> = PageAnswer<'a>;

    fn answer(view: &View, params: PageRefParams) -> Result<PageAnswer<'_>, QuestionError> {
        let id = find_page(view, &params.reference)?;
        let page = view.corpus.page(id);
        let refs = |relation: Relation| {
            let declared = view.corpus.declared_by(id).iter().filter(|edge| edge.relation == relation);
            declared.map(|edge| Ref::new(&view.corpus, edge.to)).collect()
        };
        let is_concept = view.corpus.is_concept(id);
        Ok(PageAnswer {
            page: Ref::new(&view.corpus, id),
            path: Some(&page.path).filter(|path| !path.is_empty()).map(Str::from),
            lang: page.lang.as_ref().map(Str::from),
            description: page.description.as_ref().map(Str::from),
            aliases: strs(&page.names),
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
            teaches: refs(Relation::Teaches),
            prerequisites: needs(view, id),
            prose_prerequisites: prose(page),
            unlocks: needed_by(view, id),
            taught_by: if is_concept { taught_by(view, id) } else { Vec::new() },
            relations: relations(view, id),
            companion: refs(Relation::Companion),
            questions: exercise_counts(page),
            generation: (&view.generation).into(),
        })
    }
}

impl Answer for PageAnswer<'_> {
    fn body(&self) -> Result<AnswerBody<'_>, Failure> {
        AnswerBody::json(self)
    }

    fn sheet(&self) -> Sheet {
        let fields = SheetFields::default()
            .text("id", &self.page.id)
            .text("title", &self.page.title)
            .text("url", &self.page.url)
            .maybe("path", self.path.as_ref())
            .maybe("description", self.description.as_ref())
            .list("aliases", &self.aliases)
            .maybe("category", self.category.as_ref())
            .list("tags", &self.tags)
            .maybe("level", self.level.as_ref())
            .text("minutes", &self.minutes)
            .text("access", &self.access)
            .list("sections", self.sections.iter().filter(|one| one.level > 0).map(|section| &section.title))
            .text("teaches", &Ref::titles(&self.teaches))
            .text("prerequisites", &titles(&self.prerequisites))
            .text("unlocks", &titles(&self.unlocks));
        Sheet::fields(self, fields)
    }

    fn schema() -> Schema {
        Schema::of::<Self>()
    }
}
