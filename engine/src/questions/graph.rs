//! Neighbourhoods: what stands around this, as data and as pictures?

mod picture;

pub(super) use picture::{
    DOT_HEAD, DOT_TAIL, GRAPHML_HEAD, GRAPHML_TAIL, MERMAID_HEAD, dot_edge, dot_node, graphml_edge, graphml_node,
    mermaid_edge, mermaid_node,
};

use std::collections::BTreeMap;

use gradus_corpus::{Corpus, Origin, PageId, Relation};
use gradus_graph::{Subgraph, SubgraphEdge};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::Schema as ApiSchema;
use utoipa::{IntoParams, ToSchema};

use super::answer::{Answer, AnswerBody, Schema, Str};
use super::card::Card;
use super::choice::{bounded, choice, choices, list_of, one_of_these, spellings};
use super::prerequisites::INFERENCES;
use super::question::{AnswerCost, JSON, Question, question};
use super::reference::find;
use super::refusal::{Failure, QuestionError, Refusal, RefusalCode};
use super::sheet::{Sheet, SheetRow};
use crate::limits;
use crate::view::View;

question! {
    /// What stands around a page, as data or as a picture.
    GraphQuestion
}

/// What is followed around a page that declares nothing and that nothing declares.
const FOUND_RELATIONS: &[Relation] = &[Relation::Links, Relation::Mentions, Relation::Follows];

/// Which neighbourhood, in which form.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
pub struct GraphParams {
    /// The page in the middle.
    #[param(example = "kv-cache")]
    pub center: String,
    /// Steps away from it, at most 5, 1 where not given.
    #[serde(default)]
    #[param(value_type = Option<usize>, minimum = 1, maximum = 5)]
    pub depth: Option<i64>,
    /// Pages, at most 500, 30 where not given.
    #[serde(default)]
    #[param(value_type = Option<usize>, minimum = 1, maximum = 500)]
    pub limit: Option<i64>,
    /// Relations to follow; `requires` where not given, and `teaches` and `assumes` too around a guide; where there are none
    /// of these, what texts and navigation say: `links`, `mentions` and `follows`.
    #[serde(default)]
    pub relations: Vec<String>,
    /// Leave out prerequisite edges that others imply; true where not given.
    #[serde(default)]
    pub reduce: Option<bool>,
    /// `inferred` takes what the texts speak for as well, dotted in pictures; `required` does not. As the site says where not
    /// given.
    #[serde(default)]
    pub include: Option<String>,
    /// `json`, `svg`, `mermaid`, `dot` or `graphml`.
    #[serde(default)]
    pub format: Option<String>,
}

/// A neighbourhood.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct GraphAnswer<'a> {
    /// The pages, nearest to the centre first.
    pub nodes: Vec<GraphNode<'a>>,
    /// The edges among them.
    pub edges: Vec<GraphEdge<'a>>,
    /// What a limit cut.
    pub truncated: GraphCut,
    /// The snapshot that answered.
    pub generation: Str<'a>,
    /// In which form it is wanted.
    #[serde(skip)]
    pub form: GraphForm,
}

/// A page of a neighbourhood.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct GraphNode<'a> {
    /// Which page.
    #[serde(flatten)]
    pub page: Card<'a>,
    /// Column in a layered drawing, foundations first.
    pub layer: u32,
    /// Place in its layer.
    pub row: f32,
}

/// An edge of a neighbourhood. Of `requires` and `assumes`, `from` is the prerequisite.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct GraphEdge<'a> {
    /// Full id.
    pub from: String,
    /// Full id.
    pub to: String,
    /// What the edge says.
    pub relation: Str<'a>,
    /// `required` or `recommended`.
    pub strength: Str<'a>,
    /// `front-matter`, `central`, `inline`, `mention` or `inferred`: how it came to be known.
    pub origin: Str<'a>,
    /// How likely it is, from 0 to 1, where nobody has declared it; null where somebody has.
    pub confidence: Option<f32>,
}

/// What a limit cut from an answer.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct GraphCut {
    /// Pages left out.
    pub nodes: usize,
    /// Edges left out.
    pub edges: usize,
    /// Which limit, in words; null where nothing was cut.
    pub why: Option<String>,
}

/// The form of a neighbourhood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GraphForm {
    /// Data.
    #[default]
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

/// The spellings of the forms.
const FORMS: [(&str, GraphForm); 5] = [
    ("json", GraphForm::Json),
    ("svg", GraphForm::Svg),
    ("mermaid", GraphForm::Mermaid),
    ("dot", GraphForm::Dot),
    ("graphml", GraphForm::Graphml),
];

impl Question for GraphQuestion {
    const NAME: &'static str = "graph";
    const COMMAND: &'static str = "graph";
    const PATH: &'static str = "/v1/graph";
    const SUBJECT: &'static [&'static str] = &["center"];
    const MEDIA_TYPES: &'static [&'static str] =
        &[JSON, "image/svg+xml", "text/vnd.mermaid", "text/vnd.graphviz", "application/graphml+xml"];
    const REFUSES: Option<RefusalCode> = Some(RefusalCode::UnknownConcept);

    type Params = GraphParams;
    type Answer<'a> = GraphAnswer<'a>;

    fn shapes() -> Vec<(&'static str, ApiSchema)> {
        let relations = list_of(Relation::ALL.iter().map(|relation| relation.as_str()));
        vec![
            ("relations", relations),
            ("include", one_of_these(spellings(&INFERENCES))),
            ("format", one_of_these(spellings(&FORMS))),
        ]
    }

    fn cost(_: &GraphParams) -> AnswerCost {
        AnswerCost::MayBlock
    }

    fn answer(view: &View, params: GraphParams) -> Result<GraphAnswer<'_>, QuestionError> {
        Ok(graph(view, &params)?)
    }
}

/// Whether an edge of `relation` is drawn from its object to its subject: what is needed comes first.
pub(super) fn points_back(relation: Relation) -> bool {
    matches!(relation, Relation::Requires | Relation::Assumes)
}

fn graph<'a>(view: &'a View, params: &GraphParams) -> Result<GraphAnswer<'a>, Refusal> {
    let form = choice("format", params.format.as_deref(), &FORMS)?.unwrap_or_default();
    let is_inferring = choice("include", params.include.as_deref(), &INFERENCES)?;
    let view = view.inferring(is_inferring.unwrap_or_default());
    let found = neighbourhood(view, params)?;
    let corpus = &*view.corpus;
    let layout = found.layout();
    let node = |(idx, id): (usize, &PageId)| GraphNode {
        page: Card::new(view, *id),
        layer: layout.places[idx].layer,
        row: layout.places[idx].row,
    };
    let edge = |edge: &SubgraphEdge| {
        let (from, to) = if points_back(edge.relation) { (edge.to, edge.from) } else { (edge.from, edge.to) };
        GraphEdge {
            from: corpus.page(from).id(),
            to: corpus.page(to).id(),
            relation: edge.relation.as_str().into(),
            strength: edge.strength.as_str().into(),
            origin: origin(corpus, edge).as_str().into(),
            confidence: view.confidences.get(&(edge.to, edge.from)).copied(),
        }
    };
    Ok(GraphAnswer {
        nodes: found.pages.iter().enumerate().map(node).collect(),
        edges: found.edges.iter().map(edge).collect(),
        truncated: truncated(params, &found),
        generation: (&view.generation).into(),
        form,
    })
}

/// How an edge came to be known.
fn origin(corpus: &Corpus, edge: &SubgraphEdge) -> Origin {
    let declared = corpus.declared_by(edge.from);
    let found = declared.binary_search_by_key(&(edge.relation, edge.to), |one| (one.relation, one.to));
    match (found, edge.relation) {
        (Ok(at), _) => declared[at].origin,
        (Err(_), Relation::Mentions) => Origin::Mention,
        (Err(_), _) => Origin::Inline,
    }
}

fn neighbourhood(view: &View, params: &GraphParams) -> Result<Subgraph, Refusal> {
    let center = find(view, &params.center)?;
    let depth = bounded("depth", params.depth, 1, limits::GRAPH_DEPTH as usize)?;
    let limit = bounded("limit", params.limit, limits::DEFAULT_GRAPH_PAGES, limits::GRAPH_PAGES)?;
    let depth = u32::try_from(depth).unwrap_or(limits::GRAPH_DEPTH);
    let around = |relations: &[Relation]| {
        view.graph.neighbourhood(center, depth, limit, relations, params.reduce.unwrap_or(true))
    };
    let wanted = choices("relations", &params.relations, Relation::ALL, Relation::as_str)?;
    if !wanted.is_empty() {
        return Ok(around(&wanted));
    }
    let is_concept = view.corpus.is_concept(center);
    let declared = [Relation::Requires, Relation::Teaches, Relation::Assumes];
    let found = around(if is_concept { &declared[..1] } else { &declared });
    // Most sites declare nothing: what their texts and their navigation say is better than a page that stands alone.
    Ok(if found.edges.is_empty() { around(FOUND_RELATIONS) } else { found })
}

fn truncated(params: &GraphParams, found: &Subgraph) -> GraphCut {
    let why = (found.truncated_pages > 0).then(|| {
        let limit = params.limit.map_or_else(|| limits::DEFAULT_GRAPH_PAGES.to_string(), |limit| limit.to_string());
        format!("the limit of {limit} pages was reached; raise `limit` up to {}", limits::GRAPH_PAGES)
    });
    GraphCut { nodes: found.truncated_pages, edges: found.truncated_edges, why }
}

impl Answer for GraphAnswer<'_> {
    fn body(&self) -> Result<AnswerBody<'_>, Failure> {
        let (media_type, text) = match self.form {
            GraphForm::Json => return AnswerBody::json(self),
            GraphForm::Svg => ("image/svg+xml", picture::svg(self)),
            GraphForm::Mermaid => ("text/vnd.mermaid; charset=utf-8", picture::mermaid(self)),
            GraphForm::Dot => ("text/vnd.graphviz; charset=utf-8", picture::dot(self)),
            GraphForm::Graphml => ("application/graphml+xml", picture::graphml(self)),
        };
        Ok(AnswerBody::Text { media_type, text })
    }

    fn is_data(&self) -> bool {
        self.form == GraphForm::Json
    }

    fn sheet(&self) -> Sheet {
        let row = |node: &GraphNode<'_>| {
            let row = SheetRow::new(&node.page.id, &node.page.title, &node.page.url, &[&node.page.remark()]);
            SheetRow { below: self.leads_to(&node.page.id), ..row }
        };
        Sheet::rows(&self.nodes, row).note("truncated", self.truncated.why.clone().unwrap_or_default())
    }

    fn schema() -> Schema {
        Schema::of::<Self>()
    }
}

impl GraphAnswer<'_> {
    /// Where the edges of the page `id` lead, in a line for each kind of them.
    fn leads_to(&self, id: &str) -> Vec<String> {
        let mut lines: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for edge in self.edges.iter().filter(|edge| edge.from == id) {
            let told = match (&*edge.relation, edge.confidence, &*edge.strength) {
                ("requires", Some(_), _) => "perhaps needed for",
                ("requires", None, "recommended") => "helps with",
                ("requires", ..) => "needed for",
                (relation, ..) => relation,
            };
            let title = self.nodes.iter().find(|node| *node.page.id == *edge.to).map(|node| &*node.page.title);
            lines.entry(told).or_default().extend(title);
        }
        lines.iter().map(|(told, titles)| format!("{told} {}", titles.join(", "))).collect()
    }
}
