//! Next: what can be learned now?

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::filter::passes;
use super::list::bounded;
use super::{AskError, List, Ref, View, comma_list, find, find_list};
use crate::limits;

/// What is known and what is wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct NextAsk {
    /// What the reader knows; each counts with its whole closure.
    #[serde(deserialize_with = "comma_list")]
    pub known: Vec<String>,
    /// Where the reader wants to get; everything where not given.
    pub goal: Option<String>,
    /// Only concepts of this track.
    #[serde(deserialize_with = "comma_list")]
    pub track: Vec<String>,
    /// Items, at most 100, 20 where not given.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<usize>,
}

/// A concept whose required prerequisites are all known.
#[derive(Debug, Serialize, ToSchema)]
pub struct NextItem<'a> {
    /// Which concept.
    #[serde(flatten)]
    pub page: Ref<'a>,
    /// Minutes to learn it.
    pub minutes: u32,
    /// The concepts that it needs and that need it in turn: they are learned together.
    pub together: Vec<Ref<'a>>,
    /// How many concepts on the way to the goal need it, directly or not; without a goal, how many need it directly.
    pub unlocks_count: usize,
    /// The concepts that it unlocks directly.
    pub unlocks: Vec<Ref<'a>>,
}

/// The frontier: what unlocks most towards the goal first, then what takes fewest minutes, then by id.
///
/// # Errors
/// If a reference names nothing or the limit is out of range.
pub fn next(view: &View, ask: NextAsk) -> Result<List<NextItem<'_>>, AskError> {
    let limit = bounded("limit", ask.limit, limits::DEFAULT_PAGE_ITEMS, limits::PAGE_ITEMS)?;
    let known = find_list(view, "known", &ask.known)?;
    let goal = ask.goal.as_deref().map(|goal| find(view, goal)).transpose()?;
    let track = gradus_index::Filters::default().with("track", ask.track);
    let corpus = &view.corpus;
    let frontier = view.graph.frontier(&known, goal, &|page| passes(corpus.page(page), &track));
    let frontier = frontier.map_err(|too_far| AskError::invalid("goal", too_far))?;
    let total = frontier.len();
    let dress = |next: &gradus_graph::FrontierPage| NextItem {
        page: Ref::new(corpus, next.page),
        minutes: corpus.page(next.page).minutes,
        together: Ref::all(corpus, &next.together),
        unlocks_count: next.unlocks_count,
        unlocks: Ref::all(corpus, &next.unlocks),
    };
    let items = frontier.iter().take(limit).map(dress).collect();
    Ok(List { items, total, next_cursor: None, generation: view.generation.clone() })
}
