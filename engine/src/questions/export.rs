//! Export: everything that a viewer may see, in formats that other tools read.

use gradus_corpus::work::checkpoint;
use gradus_corpus::{Edge, PageId, Strength};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::Schema as ApiSchema;
use utoipa::{IntoParams, ToSchema};

use super::answer::{Answer, AnswerBody, Schema};
use super::choice::{choice, one_of_these, spellings};
use super::question::{AnswerCost, Question, question};
use super::refusal::{Failure, QuestionError, RefusalCode};
use super::sheet::{Sheet, SheetFields};
use crate::view::View;

question! {
    /// Everything, streamed.
    ExportQuestion
}

/// In which format.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct ExportParams {
    /// `jsonl`, the default, `graphml`, `dot`, `csv` or `mermaid`.
    pub format: Option<String>,
}

/// An export that is written while it is read.
#[derive(Default, Deserialize, Serialize, ToSchema)]
#[serde(default)]
pub struct ExportAnswer<'a> {
    #[serde(skip)]
    view: Option<&'a View>,
    #[serde(skip)]
    format: ExportFormat,
}

/// A format of an export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExportFormat {
    /// One JSON object for the site, then one a page, then one an edge. Gradus reads site and pages back as they were.
    #[default]
    Jsonl,
    /// GraphML.
    Graphml,
    /// Graphviz.
    Dot,
    /// The edges with their ends' titles.
    Csv,
    /// A Mermaid flowchart of the prerequisites.
    Mermaid,
}

impl ExportFormat {
    /// Its media type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Jsonl => "application/jsonl",
            Self::Graphml => "application/graphml+xml",
            Self::Dot => "text/vnd.graphviz; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Mermaid => "text/vnd.mermaid; charset=utf-8",
        }
    }
}

/// The spellings of the formats.
const FORMATS: [(&str, ExportFormat); 5] = [
    ("jsonl", ExportFormat::Jsonl),
    ("graphml", ExportFormat::Graphml),
    ("dot", ExportFormat::Dot),
    ("csv", ExportFormat::Csv),
    ("mermaid", ExportFormat::Mermaid),
];

impl Question for ExportQuestion {
    const NAME: &'static str = "export";
    const COMMAND: &'static str = "export";
    const PATH: &'static str = "/v1/export";
    const MEDIA_TYPES: &'static [&'static str] =
        &["application/jsonl", "application/graphml+xml", "text/vnd.graphviz", "text/csv", "text/vnd.mermaid"];
    const REFUSES: Option<RefusalCode> = Some(RefusalCode::InvalidParameter);

    type Params = ExportParams;
    type Answer<'a> = ExportAnswer<'a>;

    fn shapes() -> Vec<(&'static str, ApiSchema)> {
        vec![("format", one_of_these(spellings(&FORMATS)))]
    }

    fn cost(_: &ExportParams) -> AnswerCost {
        AnswerCost::Streamed
    }

    fn answer(view: &View, params: ExportParams) -> Result<ExportAnswer<'_>, QuestionError> {
        let format = choice("format", params.format.as_deref(), &FORMATS)?.unwrap_or_default();
        Ok(ExportAnswer { view: Some(view), format })
    }
}

impl Answer for ExportAnswer<'_> {
    fn body(&self) -> Result<AnswerBody<'_>, Failure> {
        let view = self.view.ok_or_else(|| Failure::new("an export is read as it is written"))?;
        Ok(AnswerBody::Pieces { media_type: self.format.content_type(), pieces: Box::new(chunks(view, self.format)) })
    }

    fn sheet(&self) -> Sheet {
        Sheet::fields(self, SheetFields::default())
    }

    fn schema() -> Schema {
        Schema::of::<Self>()
    }
}

/// Bytes written between two looks at the client; a piece is larger where one page is.
const PIECE_BYTES: usize = 32 << 10;

/// The export in pieces, so that it can be streamed: memory grows neither with the corpus nor with its pages.
fn chunks(view: &View, format: ExportFormat) -> impl Iterator<Item = String> + '_ {
    let writer = writer(format);
    let (head, page, edge, tail) = (writer.head, writer.page, writer.edge, writer.tail);
    let corpus = &view.corpus;
    let ids: Vec<PageId> = corpus.concepts().chain(corpus.guides()).collect();
    let pages = ids.into_iter().map(move |id| page(view, id));
    let edges = corpus.edges().map(move |one| edge(view, &one));
    let head = if format == ExportFormat::Jsonl { gradus_load::site_row(corpus) } else { head.to_owned() };
    let lines = std::iter::once(head).chain(pages).chain(edges).chain(std::iter::once(tail.to_owned()));
    let mut lines = lines.fuse();
    std::iter::from_fn(move || {
        let mut piece = String::new();
        for line in lines.by_ref() {
            checkpoint();
            piece.push_str(&line);
            if piece.len() >= PIECE_BYTES {
                break;
            }
        }
        (!piece.is_empty()).then_some(piece)
    })
}

/// What a format writes before, for each page, for each edge, and after.
struct Writer {
    head: &'static str,
    page: fn(&View, PageId) -> String,
    edge: fn(&View, &Edge) -> String,
    tail: &'static str,
}

fn writer(format: ExportFormat) -> Writer {
    match format {
        ExportFormat::Jsonl => {
            Writer { head: "", page: |view, id| gradus_load::page_row(&view.corpus, id), edge: jsonl_edge, tail: "" }
        }
        ExportFormat::Csv => Writer { head: CSV_HEAD, page: |_, _| String::new(), edge: csv_edge, tail: "" },
        ExportFormat::Graphml => Writer {
            head: super::graph::GRAPHML_HEAD,
            page: |view, id| super::graph::graphml_node(&super::reference::Ref::new(&view.corpus, id)),
            edge: |view, edge| {
                let (from, to) = ends(view, edge);
                super::graph::graphml_edge(&from, &to, edge.relation.as_str(), edge.strength.as_str())
            },
            tail: super::graph::GRAPHML_TAIL,
        },
        ExportFormat::Dot => Writer {
            head: super::graph::DOT_HEAD,
            page: |view, id| super::graph::dot_node(&super::reference::Ref::new(&view.corpus, id)),
            edge: |view, edge| {
                let (from, to) = ends(view, edge);
                super::graph::dot_edge(&from, &to, edge.relation.as_str(), edge.strength.as_str())
            },
            tail: super::graph::DOT_TAIL,
        },
        ExportFormat::Mermaid => Writer {
            head: super::graph::MERMAID_HEAD,
            page: |view, id| super::graph::mermaid_node(id.idx(), &view.corpus.page(id).title),
            edge: mermaid_edge,
            tail: "",
        },
    }
}

/// Both ends in the direction in which learning goes: of a prerequisite edge, the prerequisite first.
fn directed(edge: &Edge) -> (PageId, PageId) {
    if super::graph::points_back(edge.relation) { (edge.to, edge.from) } else { (edge.from, edge.to) }
}

fn ends(view: &View, edge: &Edge) -> (String, String) {
    let (from, to) = directed(edge);
    (view.corpus.page(from).id(), view.corpus.page(to).id())
}

/// An edge. `kind` keeps it apart from pages; the loader passes over it, since the pages say the same.
#[derive(Serialize)]
struct JsonlEdge<'a> {
    kind: &'static str,
    from: String,
    to: String,
    relation: &'static str,
    strength: &'static str,
    origin: &'static str,
    count: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    file: &'a str,
    line: u32,
    column: u32,
}

fn jsonl_edge(view: &View, edge: &Edge) -> String {
    let (from, to) = ends(view, edge);
    line(&JsonlEdge {
        kind: "edge",
        from,
        to,
        relation: edge.relation.as_str(),
        strength: edge.strength.as_str(),
        origin: edge.origin.as_str(),
        count: edge.count,
        reason: edge.reason.as_deref(),
        file: view.corpus.files().get(edge.position.file as usize).map_or("", |file| file),
        line: edge.position.line,
        column: edge.position.column,
    })
}

fn line<T: Serialize>(value: &T) -> String {
    // Strings and numbers always serialise.
    let mut line = serde_json::to_string(value).unwrap_or_default();
    line.push('\n');
    line
}

const CSV_HEAD: &str = "from,from_title,to,to_title,relation,strength,origin,count,reason\r\n";

/// A row as RFC 4180 wants it.
fn csv_edge(view: &View, edge: &Edge) -> String {
    let (from, to) = directed(edge);
    let (from, to) = (view.corpus.page(from), view.corpus.page(to));
    let count = edge.count.to_string();
    let (from_id, to_id) = (from.id(), to.id());
    let cells = [
        &from_id,
        &*from.title,
        &to_id,
        &to.title,
        edge.relation.as_str(),
        edge.strength.as_str(),
        edge.origin.as_str(),
        &count,
        edge.reason.as_deref().unwrap_or_default(),
    ];
    let mut row = cells.map(csv_cell).join(",");
    row.push_str("\r\n");
    row
}

/// A cell that is text in every program. Spreadsheets compute what begins like a formula, so that the titles of a stranger
/// could call out; a quote before it says that it is text, at the price that other readers see the quote.
fn csv_cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// Mermaid draws prerequisites only: it is for reading, and mentions would bury them.
fn mermaid_edge(_: &View, edge: &Edge) -> String {
    if !super::graph::points_back(edge.relation) {
        return String::new();
    }
    let (from, to) = directed(edge);
    super::graph::mermaid_edge(from.idx(), to.idx(), edge.relation.as_str(), edge.strength == Strength::Recommended)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        for (text, cell) in [
            ("=HYPERLINK(\"//x\")", "\"'=HYPERLINK(\"\"//x\"\")\""),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "\"'\r=1\""),
            ("＝1", "'＝1"),
            ("a=b", "a=b"),
            ("a,b", "\"a,b\""),
            ("", ""),
        ] {
            assert_eq!(csv_cell(text), cell, "{text:?}");
        }
    }
}
