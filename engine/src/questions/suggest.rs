//! Suggest: which names begin like this?

use gradus_corpus::Kind;
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::Schema as ApiSchema;
use utoipa::{IntoParams, ToSchema};

use super::answer::Str;
use super::choice::{bounded, choices, one_of_these};
use super::list::{List, ListItem};
use super::question::{Question, question};
use super::reference::Ref;
use super::refusal::{QuestionError, RefusalCode};
use super::search::within_limit;
use super::sheet::SheetRow;
use crate::limits;
use crate::view::View;

question! {
    /// Complete a name that is being typed.
    SuggestQuestion
}

/// What has been typed so far.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct SuggestParams {
    /// The beginning of a name, an inner word of it, or an acronym; typos are forgiven.
    #[param(example = "paged", max_length = 1000)]
    pub q: String,
    /// `concept` or `guide`.
    pub kind: Option<String>,
    /// Suggestions, at most 20, 8 where not given.
    #[param(value_type = Option<usize>, minimum = 1, maximum = 20)]
    pub limit: Option<i64>,
}

/// A page whose name fits.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct SuggestItem<'a> {
    /// Which page.
    #[serde(flatten)]
    pub page: Ref<'a>,
    /// The name that fits: the title or another.
    pub matched: Str<'a>,
}

impl Question for SuggestQuestion {
    const NAME: &'static str = "suggest";
    const COMMAND: &'static str = "suggest";
    const PATH: &'static str = "/v1/suggest";
    const SUBJECT: &'static [&'static str] = &["q"];
    const REFUSES: Option<RefusalCode> = Some(RefusalCode::InvalidParameter);
    const WANTS_ITEMS: bool = true;

    type Params = SuggestParams;
    type Answer<'a> = List<SuggestItem<'a>>;

    fn shapes() -> Vec<(&'static str, ApiSchema)> {
        vec![("kind", one_of_these(Kind::ALL.iter().map(|kind| kind.as_str())))]
    }

    fn answer(view: &View, params: SuggestParams) -> Result<List<SuggestItem<'_>>, QuestionError> {
        let given: Vec<String> = params.kind.into_iter().collect();
        let kind = choices("kind", &given, Kind::ALL, Kind::as_str)?.first().copied();
        let limit = bounded("limit", params.limit, 8, limits::SUGGESTIONS)?;
        let found = view.index.suggest(&view.corpus, &within_limit(params.q)?, kind, limit);
        let items = found.into_iter().map(|suggestion| SuggestItem {
            page: Ref::new(&view.corpus, suggestion.page),
            matched: String::from(suggestion.matched).into(),
        });
        Ok(List::whole(view, items.collect()))
    }
}

impl ListItem for SuggestItem<'_> {
    fn row(&self) -> SheetRow {
        let is_title = *self.matched == *self.page.title;
        let name = if is_title { String::new() } else { format!("also called {}", self.matched) };
        SheetRow::new(&self.page.id, &self.page.title, &self.page.url, &[&name])
    }
}
