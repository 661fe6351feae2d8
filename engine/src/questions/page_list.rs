//! Lists of concepts and of guides.

use std::cmp::Reverse;

use gradus_corpus::PageId;
use gradus_corpus::normal::normal;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::Schema as ApiSchema;
use utoipa::{IntoParams, ToSchema};

use super::card::PageFacts;
use super::choice::{choice, one_of_these, spellings};
use super::filter::FilterParams;
use super::list::{List, ListItem, Slice, cursor_schema};
use super::params::Both;
use super::prerequisites::INFERENCES;
use super::question::{AnswerCost, Question, question};
use super::reference::{find, find_named_concept};
use super::refusal::{QuestionError, Refusal, RefusalCode};
use super::sheet::SheetRow;
use crate::view::View;

question! {
    /// List concepts.
    ConceptsQuestion
}

question! {
    /// List guides.
    GuidesQuestion
}

/// Which pages, in which order.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct PagesParams {
    /// `title`, `level`, `minutes`, `unlocks` (most first), `depth` (what the longest chain of prerequisites leads to first),
    /// `order` (nothing before what it needs, and as the site has it) or `updated` (newest first); by id where not given.
    pub sort: Option<String>,
    /// `inferred` to count what needs what by what the texts speak for as well; `required` not to. As the site says where not
    /// given.
    pub include: Option<String>,
    /// Items a page, at most 100, 20 where not given.
    #[param(value_type = Option<usize>, minimum = 1, maximum = 100)]
    pub limit: Option<i64>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// Which guides.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct GuidesParams {
    /// Only guides that teach this concept.
    #[param(example = "kv-cache")]
    pub teaches: Option<String>,
    /// Only guides that need this page directly, or whose concepts do.
    #[param(example = "attention")]
    pub needs: Option<String>,
    /// Only guides of this series.
    pub series: Option<String>,
}

/// A page in a list.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PageItem<'a> {
    /// Which page.
    #[serde(flatten)]
    pub page: PageFacts<'a>,
    /// How many pages need it directly.
    pub unlocks_count: usize,
}

impl Question for ConceptsQuestion {
    const NAME: &'static str = "list_concepts";
    const COMMAND: &'static str = "concepts";
    const PATH: &'static str = "/v1/concepts";
    const REFUSES: Option<RefusalCode> = Some(RefusalCode::InvalidParameter);

    type Params = Both<PagesParams, FilterParams>;
    type Answer<'a> = List<PageItem<'a>>;

    fn shapes() -> Vec<(&'static str, ApiSchema)> {
        shapes()
    }

    fn cost(_: &Self::Params) -> AnswerCost {
        AnswerCost::MayBlock
    }

    fn answer(view: &View, Both(params, filters): Self::Params) -> Result<List<PageItem<'_>>, QuestionError> {
        let view = counted(view, &params)?;
        list(view, view.corpus.concepts(), &params, filters)
    }
}

impl Question for GuidesQuestion {
    const NAME: &'static str = "list_guides";
    const COMMAND: &'static str = "guides";
    const PATH: &'static str = "/v1/guides";
    const REFUSES: Option<RefusalCode> = Some(RefusalCode::UnknownConcept);

    type Params = Both<PagesParams, Both<GuidesParams, FilterParams>>;
    type Answer<'a> = List<PageItem<'a>>;

    fn shapes() -> Vec<(&'static str, ApiSchema)> {
        shapes()
    }

    fn cost(_: &Self::Params) -> AnswerCost {
        AnswerCost::MayBlock
    }

    fn answer(
        view: &View,
        Both(params, Both(which, filters)): Self::Params,
    ) -> Result<List<PageItem<'_>>, QuestionError> {
        let view = counted(view, &params)?;
        let teaches = which.teaches.as_deref().map(|concept| find_named_concept(view, concept)).transpose()?;
        let needs = which.needs.as_deref().map(|page| find(view, page)).transpose()?;
        let is_meant = |guide: &PageId| {
            teaches.is_none_or(|concept| view.graph.teaches(*guide).any(|taught| taught == concept))
                && needs.is_none_or(|page| view.graph.direct_needs(*guide).contains(&page))
                && which.series.as_deref().is_none_or(|series| {
                    view.corpus.page(*guide).series.as_deref().is_some_and(|own| normal(own) == normal(series))
                })
        };
        list(view, view.corpus.guides().filter(is_meant), &params, filters)
    }
}

/// What the pages of a list are sorted by.
#[derive(Clone, Copy)]
enum SortKey {
    Title,
    Level,
    Minutes,
    Unlocks,
    Depth,
    Order,
    Updated,
}

/// The spellings of the keys.
const SORT_KEYS: [(&str, SortKey); 7] = [
    ("title", SortKey::Title),
    ("level", SortKey::Level),
    ("minutes", SortKey::Minutes),
    ("unlocks", SortKey::Unlocks),
    ("depth", SortKey::Depth),
    ("order", SortKey::Order),
    ("updated", SortKey::Updated),
];

fn shapes() -> Vec<(&'static str, ApiSchema)> {
    vec![
        ("sort", one_of_these(spellings(&SORT_KEYS))),
        ("include", one_of_these(spellings(&INFERENCES))),
        ("cursor", cursor_schema()),
    ]
}

/// The view in which `params` count what needs what.
fn counted<'a>(view: &'a View, params: &PagesParams) -> Result<&'a View, Refusal> {
    Ok(view.inferring(choice("include", params.include.as_deref(), &INFERENCES)?.unwrap_or_default()))
}

/// The `pages` that pass the filters; ties by id.
fn list<'a>(
    view: &'a View,
    pages: impl Iterator<Item = PageId>,
    params: &PagesParams,
    filters: FilterParams,
) -> Result<List<PageItem<'a>>, QuestionError> {
    let slice = Slice::new(view, params.limit, params.cursor.as_deref())?;
    let filters = filters.into_filters();
    let corpus = &view.corpus;
    let mut passing: Vec<PageId> = pages.filter(|page| filters.pass(corpus.page(*page))).collect();
    match choice("sort", params.sort.as_deref(), &SORT_KEYS)? {
        None => {}
        Some(SortKey::Title) => passing.sort_by_cached_key(|page| corpus.page(*page).title.to_lowercase()),
        Some(SortKey::Level) => {
            passing.sort_by_key(|page| corpus.page(*page).level.map_or(u8::MAX, |level| level as u8));
        }
        Some(SortKey::Minutes) => passing.sort_by_key(|page| corpus.page(*page).minutes),
        Some(SortKey::Unlocks) => passing.sort_by_key(|page| Reverse(view.graph.n_dependents(*page))),
        // Of equally deep pages what most build on is the better goal.
        Some(SortKey::Depth) => {
            let depths = view.graph.depths();
            // What its author keeps out of search is no goal to propose, and nothing to begin with.
            let is_hidden = |page: PageId| !corpus.page(page).is_searchable;
            let deepest = |page: PageId| Reverse((depths[page.idx()], view.graph.n_dependents(page)));
            passing.sort_by_key(|page| (is_hidden(*page), deepest(*page)));
        }
        Some(SortKey::Order) => {
            let order = view.graph.learning_order();
            let place: FxHashMap<PageId, usize> = order.into_iter().map(|(page, _)| page).zip(0..).collect();
            passing.sort_by_key(|page| (!corpus.page(*page).is_searchable, place.get(page).copied()));
        }
        // Dates are RFC 3339, whose order is that of the text; pages without one come last.
        Some(SortKey::Updated) => passing.sort_by_key(|page| Reverse(corpus.page(*page).updated.as_deref())),
    }
    Ok(slice.cut(view, &passing, |page| dress(view, *page)))
}

fn dress(view: &View, id: PageId) -> PageItem<'_> {
    PageItem { page: PageFacts::new(view, id), unlocks_count: view.graph.n_dependents(id) }
}

impl ListItem for PageItem<'_> {
    fn row(&self) -> SheetRow {
        let card = &self.page.card;
        let description = card.description.as_deref().unwrap_or_default();
        SheetRow::new(&card.id, &card.title, &card.url, &[&card.remark(), description])
    }
}
