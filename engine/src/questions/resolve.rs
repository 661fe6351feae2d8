//! Resolve: which page is meant by this slug, title, name, path or URL?

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Answer, AnswerBody, Schema};
use super::question::{Question, question};
use super::reference::{Ref, nearest};
use super::refusal::{Failure, QuestionError, Refusal, RefusalCode};
use super::sheet::{Sheet, SheetRow};
use crate::view::View;

question! {
    /// Find the page that a slug, title, name, path or URL means.
    ResolveQuestion
}

/// What to resolve.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
pub struct ResolveParams {
    /// A slug, full id, title, name, `[[wikilink]]`, path or URL.
    #[serde(rename = "ref")]
    #[param(rename = "ref", example = "[[KV cache]]")]
    pub reference: String,
}

/// What a reference names.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct ResolveAnswer<'a> {
    /// Whether it names exactly one page to the letter, case and hyphens aside.
    pub exact: bool,
    /// The pages it names; several where it is ambiguous, concepts first.
    pub items: Vec<Ref<'a>>,
}

impl Question for ResolveQuestion {
    const NAME: &'static str = "resolve";
    const COMMAND: &'static str = "resolve";
    const PATH: &'static str = "/v1/resolve";
    const SUBJECT: &'static [&'static str] = &["ref"];
    const REFUSES: Option<RefusalCode> = Some(RefusalCode::NotFound);

    type Params = ResolveParams;
    type Answer<'a> = ResolveAnswer<'a>;

    fn answer(view: &View, params: ResolveParams) -> Result<ResolveAnswer<'_>, QuestionError> {
        let resolved = view.corpus.names().resolve(&params.reference);
        if resolved.pages.is_empty() {
            let shown: String = params.reference.chars().take(100).collect();
            let unknown = Refusal::new(RefusalCode::NotFound, format!("nothing is called '{shown}'"));
            return Err(unknown.suggesting(nearest(view, &params.reference, None)).into());
        }
        Ok(ResolveAnswer { exact: resolved.exact, items: Ref::all(&view.corpus, &resolved.pages) })
    }
}

impl Answer for ResolveAnswer<'_> {
    fn body(&self) -> Result<AnswerBody<'_>, Failure> {
        AnswerBody::json(self)
    }

    fn sheet(&self) -> Sheet {
        let row = |page: &Ref<'_>| SheetRow::new(&page.id, &page.title, &page.url, &[]);
        Sheet::rows(&self.items, row).note_if("to the letter", self.exact)
    }

    fn schema() -> Schema {
        Schema::of::<Self>()
    }
}
