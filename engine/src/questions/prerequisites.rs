//! Prerequisites and unlocks: what comes before, and what becomes possible after?

use gradus_corpus::{Edge, Level, PageId};
use gradus_graph::{Closure, ClosureEdge, ClosureOptions, StrengthFilter};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{AskError, Ref, View, comma_list, find_list};
use crate::limits;

/// How far to look.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct PrerequisitesAsk {
    /// Steps away from the target, from 1, or `all`, the default.
    pub depth: Option<String>,
    /// `required`, the default, or `all` for recommended edges too.
    pub strength: Option<String>,
    /// Leave out edges that others imply.
    pub reduce: Option<bool>,
    /// What the reader knows; it is marked, not left out.
    #[serde(deserialize_with = "comma_list")]
    pub known: Vec<String>,
}

/// A closure, in levels.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrerequisitesAnswer<'a> {
    /// What was asked about.
    pub target: Ref<'a>,
    /// Layers by longest path: each needs only what stands in layers before it, foundations first.
    pub levels: Vec<Vec<Ref<'a>>>,
    /// The same pages in one list, layer by layer.
    pub items: Vec<PrerequisiteItem<'a>>,
    /// The edges among them and to the target.
    pub edges: Vec<PrerequisiteEdge<'a>>,
    /// Groups that need each other and are learned together.
    pub cycles: Vec<Vec<String>>,
    /// Prerequisites of the target that name no page, in the author's words.
    pub prose: Vec<&'a str>,
    /// Whether a limit cut the answer.
    pub truncated: bool,
    /// The snapshot that answered.
    pub generation: &'a str,
}

/// A page of a closure.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrerequisiteItem<'a> {
    /// Which page.
    #[serde(flatten)]
    pub page: Ref<'a>,
    /// `beginner`, `intermediate` or `advanced`.
    pub level: Option<&'static str>,
    /// Minutes to learn it.
    pub minutes: u32,
    /// Whether the reader said to know it.
    pub known: bool,
}

/// An edge of a closure.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrerequisiteEdge<'a> {
    /// The prerequisite.
    pub from: String,
    /// What needs it.
    pub to: String,
    /// `required` or `recommended`.
    pub strength: &'static str,
    /// Why, in the author's words.
    pub reason: Option<&'a str>,
    /// How the edge came to be known.
    pub origin: &'static str,
}

/// Which way to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// What `target` needs.
    Prerequisites,
    /// What needs `target`.
    Unlocks,
}

/// The closure of `target`, which [`find`](super::find) gives.
///
/// # Errors
/// If a parameter is wrong.
pub fn prerequisites<'a>(
    view: &'a View,
    target: PageId,
    direction: Direction,
    ask: &PrerequisitesAsk,
) -> Result<PrerequisitesAnswer<'a>, AskError> {
    let known = find_list(view, "known", &ask.known)?;
    let options = ClosureOptions {
        depth: depth(ask.depth.as_deref())?,
        strength: strengths(ask.strength.as_deref())?,
        reduce: ask.reduce.unwrap_or(false),
        max_pages: limits::CLOSURE_PAGES,
    };
    let closure = match direction {
        Direction::Prerequisites => view.graph.prerequisites(target, &options),
        Direction::Unlocks => view.graph.unlocks(target, &options),
    };
    Ok(dress(view, target, direction, &known, &closure))
}

fn dress<'a>(
    view: &'a View,
    target: PageId,
    direction: Direction,
    known: &[PageId],
    closure: &Closure,
) -> PrerequisitesAnswer<'a> {
    let corpus = &view.corpus;
    let dress_item = |id: &PageId| {
        let page = corpus.page(*id);
        PrerequisiteItem {
            page: Ref::new(corpus, *id),
            level: page.level.map(Level::as_str),
            minutes: page.minutes,
            known: known.binary_search(id).is_ok(),
        }
    };
    let id = |page: &PageId| corpus.page(*page).id();
    let prose = match direction {
        Direction::Prerequisites => corpus.page(target).prose_prerequisites.iter().map(|prose| &*prose.text).collect(),
        Direction::Unlocks => Vec::new(),
    };
    PrerequisitesAnswer {
        target: Ref::new(corpus, target),
        levels: closure.levels.iter().map(|level| Ref::all(corpus, level)).collect(),
        items: closure.pages.iter().map(dress_item).collect(),
        edges: closure.edges.iter().map(|edge| dress_edge(view, edge)).collect(),
        cycles: closure.cycles.iter().map(|cycle| cycle.iter().map(id).collect()).collect(),
        prose,
        truncated: closure.truncated,
        generation: &view.generation,
    }
}

fn dress_edge<'a>(view: &'a View, edge: &ClosureEdge) -> PrerequisiteEdge<'a> {
    let declared: &Edge = &view.corpus.declared()[edge.edge as usize];
    PrerequisiteEdge {
        from: view.corpus.page(edge.from).id(),
        to: view.corpus.page(edge.to).id(),
        strength: edge.strength.as_str(),
        reason: declared.reason.as_deref(),
        origin: declared.origin.as_str(),
    }
}

fn depth(given: Option<&str>) -> Result<Option<u32>, AskError> {
    match given {
        None | Some("all") => Ok(None),
        Some(depth) => match depth.parse() {
            Ok(depth) if depth > 0 => Ok(Some(depth)),
            _ => Err(AskError::invalid("depth", format_args!("'{depth}' is neither a number from 1 nor `all`"))),
        },
    }
}

fn strengths(given: Option<&str>) -> Result<StrengthFilter, AskError> {
    match given {
        None | Some("required") => Ok(StrengthFilter::Required),
        Some("all") => Ok(StrengthFilter::All),
        Some(other) => Err(AskError::invalid("strength", format_args!("'{other}' is neither required nor all"))),
    }
}
