//! Paths: how does one get from this concept to that one?

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::list::bounded;
use super::{AskError, Ref, View, find_concept};
use crate::limits;

/// From where to where.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PathAsk {
    /// The concept that is known.
    #[param(example = "attention")]
    pub from: String,
    /// The concept to reach.
    #[param(example = "paged-attention")]
    pub to: String,
    /// How many paths, at most 10, 1 where not given.
    #[serde(default)]
    #[param(minimum = 1, maximum = 10)]
    pub k: Option<usize>,
}

/// The cheapest chains of prerequisites.
#[derive(Debug, Serialize, ToSchema)]
pub struct PathAnswer<'a> {
    /// Whether there is a chain at all.
    pub found: bool,
    /// Chains by minutes, then hops, then ids.
    pub paths: Vec<PathChain<'a>>,
    /// Where there is none: the nearest prerequisites that both ends share.
    pub common: Vec<Ref<'a>>,
    /// Whether the search for further chains was given up.
    pub truncated: bool,
    /// The snapshot that answered.
    pub generation: &'a str,
}

/// A chain of prerequisites from one concept up to another.
#[derive(Debug, Serialize, ToSchema)]
pub struct PathChain<'a> {
    /// The concepts in the order in which to learn them, both ends included.
    pub items: Vec<Ref<'a>>,
    /// How many edges it has.
    pub edges: usize,
    /// Minutes to learn all but the first.
    pub minutes: u32,
}

/// The cheapest chains of required edges from `ask.from` up to `ask.to`.
///
/// # Errors
/// If an end is no concept, or `k` is out of range.
pub fn path<'a>(view: &'a View, ask: &PathAsk) -> Result<PathAnswer<'a>, AskError> {
    let k = bounded("k", ask.k, 1, limits::PATHS)?;
    let (from, to) = (find_concept(view, &ask.from)?, find_concept(view, &ask.to)?);
    let paths = view.graph.paths(from, to, k);
    let dress = |path: &gradus_graph::PrerequisitePath| PathChain {
        items: Ref::all(&view.corpus, &path.pages),
        edges: path.pages.len().saturating_sub(1),
        minutes: path.minutes,
    };
    Ok(PathAnswer {
        found: !paths.paths.is_empty(),
        paths: paths.paths.iter().map(dress).collect(),
        common: Ref::all(&view.corpus, &paths.common),
        truncated: paths.truncated,
        generation: &view.generation,
    })
}
