//! Neighbourhoods: what stands around this, as data and as pictures?

mod picture;

pub(super) use picture::{
    DOT_HEAD, DOT_TAIL, GRAPHML_HEAD, GRAPHML_TAIL, MERMAID_HEAD, dot_edge, dot_node, graphml_edge, graphml_node,
    mermaid_edge, mermaid_node,
};

use gradus_corpus::{Level, PageId, Relation};
use gradus_graph::Subgraph;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::filter::known;
use super::list::bounded;
use super::{AskError, Ref, View, comma_list, find};
use crate::limits;

/// Which neighbourhood, in which form.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct GraphAsk {
    /// The page in the middle.
    #[param(example = "kv-cache")]
    pub center: String,
    /// Steps away from it, at most 5, 1 where not given.
    #[serde(default)]
    #[param(minimum = 1, maximum = 5)]
    pub depth: Option<usize>,
    /// Pages, at most 500, 30 where not given.
    #[serde(default)]
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<usize>,
    /// Relations to follow; `requires` where not given, and `teaches` and `assumes` too around a guide.
    #[serde(default, deserialize_with = "comma_list")]
    pub relations: Vec<String>,
    /// Leave out prerequisite edges that others imply; true where not given.
    #[serde(default)]
    pub reduce: Option<bool>,
    /// `json`, `svg`, `mermaid`, `dot` or `graphml`.
    #[serde(default)]
    pub format: Option<String>,
}

/// A neighbourhood.
#[derive(Debug, Serialize, ToSchema)]
pub struct GraphAnswer<'a> {
    /// The pages, nearest to the centre first.
    pub nodes: Vec<GraphNode<'a>>,
    /// The edges among them.
    pub edges: Vec<GraphEdge>,
    /// What a limit cut.
    pub truncated: Truncated,
    /// The snapshot that answered.
    pub generation: &'a str,
}

/// A page of a neighbourhood.
#[derive(Debug, Serialize, ToSchema)]
pub struct GraphNode<'a> {
    /// Which page.
    #[serde(flatten)]
    pub page: Ref<'a>,
    /// `beginner`, `intermediate` or `advanced`.
    pub level: Option<&'static str>,
    /// Minutes to learn it.
    pub minutes: u32,
    /// Column in a layered drawing, foundations first.
    pub layer: u32,
    /// Place in its layer.
    pub row: f32,
}

/// An edge of a neighbourhood. Of `requires` and `assumes`, `from` is the prerequisite.
#[derive(Debug, Serialize, ToSchema)]
pub struct GraphEdge {
    /// Full id.
    pub from: String,
    /// Full id.
    pub to: String,
    /// What the edge says.
    pub relation: &'static str,
    /// `required` or `recommended`.
    pub strength: &'static str,
}

/// What a limit cut from an answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Truncated {
    /// Pages left out.
    pub nodes: usize,
    /// Edges left out.
    pub edges: usize,
    /// Which limit, in words; null where nothing was cut.
    pub why: Option<String>,
}

/// The form of a picture or its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON.
    Json,
    /// A drawing with links and titles.
    Svg,
    /// Mermaid flowchart.
    Mermaid,
    /// Graphviz.
    Dot,
    /// GraphML.
    Graphml,
}

impl GraphAsk {
    /// The form asked for.
    ///
    /// # Errors
    /// If it does not exist.
    pub fn format(&self) -> Result<Format, AskError> {
        match self.format.as_deref() {
            None | Some("json") => Ok(Format::Json),
            Some("svg") => Ok(Format::Svg),
            Some("mermaid") => Ok(Format::Mermaid),
            Some("dot") => Ok(Format::Dot),
            Some("graphml") => Ok(Format::Graphml),
            Some(other) => {
                Err(AskError::invalid("format", format_args!("'{other}' is none of json, svg, mermaid, dot, graphml")))
            }
        }
    }
}

/// Whether an edge of `relation` is drawn from its object to its subject: what is needed comes first.
pub(super) fn points_back(relation: Relation) -> bool {
    matches!(relation, Relation::Requires | Relation::Assumes)
}

/// The neighbourhood as data.
///
/// # Errors
/// If there is no such page, or a parameter is wrong.
pub fn graph<'a>(view: &'a View, ask: &GraphAsk) -> Result<GraphAnswer<'a>, AskError> {
    let found = neighbourhood(view, ask)?;
    let corpus = &view.corpus;
    let layout = found.layout();
    let node = |(idx, id): (usize, &PageId)| GraphNode {
        page: Ref::new(corpus, *id),
        level: corpus.page(*id).level.map(Level::as_str),
        minutes: corpus.page(*id).minutes,
        layer: layout.places[idx].layer,
        row: layout.places[idx].row,
    };
    let edge = |edge: &gradus_graph::SubgraphEdge| {
        let (from, to) = if points_back(edge.relation) { (edge.to, edge.from) } else { (edge.from, edge.to) };
        GraphEdge {
            from: corpus.page(from).id(),
            to: corpus.page(to).id(),
            relation: edge.relation.as_str(),
            strength: edge.strength.as_str(),
        }
    };
    Ok(GraphAnswer {
        nodes: found.pages.iter().enumerate().map(node).collect(),
        edges: found.edges.iter().map(edge).collect(),
        truncated: truncated(ask, &found),
        generation: &view.generation,
    })
}

/// The neighbourhood as text of `format`: anything but JSON.
///
/// # Errors
/// If there is no such page, or a parameter is wrong.
pub fn picture(view: &View, ask: &GraphAsk, format: Format) -> Result<String, AskError> {
    let answer = graph(view, ask)?;
    Ok(match format {
        Format::Json | Format::Svg => picture::svg(&answer),
        Format::Mermaid => picture::mermaid(&answer),
        Format::Dot => picture::dot(&answer),
        Format::Graphml => picture::graphml(&answer),
    })
}

fn neighbourhood(view: &View, ask: &GraphAsk) -> Result<Subgraph, AskError> {
    let center = find(view, &ask.center)?;
    let depth = bounded("depth", ask.depth, 1, limits::GRAPH_DEPTH as usize)?;
    let limit = bounded("limit", ask.limit, limits::DEFAULT_GRAPH_PAGES, limits::GRAPH_PAGES)?;
    known("relations", &ask.relations, Relation::ALL, Relation::as_str)?;
    let mut relations: Vec<Relation> = ask.relations.iter().filter_map(|name| Relation::parse(name)).collect();
    if relations.is_empty() {
        relations.push(Relation::Requires);
        if !view.corpus.is_concept(center) {
            relations.extend([Relation::Teaches, Relation::Assumes]);
        }
    }
    let depth = u32::try_from(depth).unwrap_or(limits::GRAPH_DEPTH);
    Ok(view.graph.neighbourhood(center, depth, limit, &relations, ask.reduce.unwrap_or(true)))
}

fn truncated(ask: &GraphAsk, found: &Subgraph) -> Truncated {
    let why = (found.truncated_pages > 0).then(|| {
        let limit = ask.limit.unwrap_or(limits::DEFAULT_GRAPH_PAGES);
        format!("the limit of {limit} pages was reached; raise `limit` up to {}", limits::GRAPH_PAGES)
    });
    Truncated { nodes: found.truncated_pages, edges: found.truncated_edges, why }
}
