//! A page of either kind, by whatever names it.

use gradus_corpus::PageId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Answer, AnswerBody, Schema, Str};
use super::card::{Card, PageFacts};
use super::concept::ConceptParts;
use super::guide::GuideParts;
use super::page_parts::{PageTies, titles};
use super::question::{Question, question};
use super::reference::find_page;
use super::refusal::{Failure, QuestionError, RefusalCode};
use super::sheet::Sheet;
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
    pub page: PageFacts<'a>,
    /// The path of its file in the source; null where it has none of its own.
    pub path: Option<Str<'a>>,
    /// What a guide has.
    #[serde(flatten)]
    pub guide: GuideParts<'a>,
    /// What it is tied to.
    #[serde(flatten)]
    pub ties: PageTies<'a>,
    /// What a concept has.
    #[serde(flatten)]
    pub concept: ConceptParts<'a>,
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
        Ok(page(view, find_page(view, &params.reference)?))
    }
}

fn page(view: &View, id: PageId) -> PageAnswer<'_> {
    PageAnswer {
        page: PageFacts::new(view, id),
        path: Some(&view.corpus.page(id).path).filter(|path| !path.is_empty()).map(Str::from),
        guide: GuideParts::new(view, id),
        ties: PageTies::new(view, id),
        concept: ConceptParts::new(view, id),
        generation: (&view.generation).into(),
    }
}

impl Answer for PageAnswer<'_> {
    fn body(&self) -> Result<AnswerBody<'_>, Failure> {
        AnswerBody::json(self)
    }

    fn sheet(&self) -> Sheet {
        let headings = self.guide.sections.iter().filter(|one| one.level > 0).map(|one| &one.section.title);
        let fields = self
            .page
            .fields()
            .maybe("path", self.path.as_ref())
            .text("access", &self.page.card.access)
            .list("sections", headings)
            .text("teaches", &Card::titles(&self.guide.teaches))
            .text("prerequisites", &titles(&self.ties.prerequisites))
            .text("unlocks", &titles(&self.ties.unlocks));
        Sheet::fields(self, fields)
    }

    fn schema() -> Schema {
        Schema::of::<Self>()
    }
}
