//! Export: everything that a viewer may see, in formats that other tools read.

mod anki;
mod canvas;
mod checklist;
mod drawings;
mod iri;
mod json_ld;
mod rows;
mod turtle;

use gradus_corpus::work::checkpoint;
use gradus_corpus::{Edge, Kind, PageId};
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
    /// `jsonl`, the default, which Gradus reads back; `jsonld` (schema.org), `turtle` (SKOS), `graphml`, `dot`, `csv` (the edges),
    /// `mermaid`, `canvas` (JSON Canvas), `anki` (notes to import) or `checklist` (Markdown, in learning order).
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

/// The text of an export, in parts of a page or an edge each.
type Lines<'a> = Box<dyn Iterator<Item = String> + 'a>;

/// A format of an export.
#[derive(Clone, Copy)]
struct ExportFormat {
    /// Its media type.
    media_type: &'static str,
    /// What a view holds, written in it.
    lines: for<'a> fn(&'a View) -> Lines<'a>,
}

impl Default for ExportFormat {
    fn default() -> Self {
        FORMATS[0].1
    }
}

/// The formats by their spellings, the default first.
const FORMATS: [(&str, ExportFormat); 10] = [
    ("jsonl", ExportFormat { media_type: "application/jsonl", lines: rows::jsonl }),
    ("jsonld", ExportFormat { media_type: "application/ld+json", lines: json_ld::lines }),
    ("turtle", ExportFormat { media_type: "text/turtle; charset=utf-8", lines: turtle::lines }),
    ("graphml", ExportFormat { media_type: "application/graphml+xml", lines: drawings::graphml }),
    ("dot", ExportFormat { media_type: "text/vnd.graphviz; charset=utf-8", lines: drawings::dot }),
    ("csv", ExportFormat { media_type: "text/csv; charset=utf-8", lines: rows::csv }),
    ("mermaid", ExportFormat { media_type: "text/vnd.mermaid; charset=utf-8", lines: drawings::mermaid }),
    ("canvas", ExportFormat { media_type: "application/vnd.json-canvas+json", lines: canvas::lines }),
    // Anki has no media type of its own; what it imports is text with tabs.
    ("anki", ExportFormat { media_type: "text/tab-separated-values; charset=utf-8", lines: anki::lines }),
    ("checklist", ExportFormat { media_type: "text/markdown; charset=utf-8", lines: checklist::lines }),
];

impl Question for ExportQuestion {
    const NAME: &'static str = "export";
    const COMMAND: &'static str = "export";
    const PATH: &'static str = "/v1/export";
    const MEDIA_TYPES: &'static [&'static str] = &[
        "application/jsonl",
        "application/ld+json",
        "text/turtle",
        "application/graphml+xml",
        "text/vnd.graphviz",
        "text/csv",
        "text/vnd.mermaid",
        "application/vnd.json-canvas+json",
        "text/tab-separated-values",
        "text/markdown",
    ];
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
        let pieces = Box::new(pieces((self.format.lines)(view)));
        Ok(AnswerBody::Pieces { media_type: self.format.media_type, pieces })
    }

    fn sheet(&self) -> Sheet {
        Sheet::fields(self, SheetFields::default())
    }

    fn schema() -> Schema {
        Schema::of::<Self>()
    }
}

/// What a site is called that says nothing of it.
pub const UNTITLED: &str = "Gradus";

/// Bytes written between two looks at the client; a piece is larger where one page is.
const PIECE_BYTES: usize = 32 << 10;

/// `lines` in pieces, so that they can be streamed: memory grows neither with the corpus nor with its pages.
pub fn pieces<'a>(lines: impl Iterator<Item = String> + 'a) -> impl Iterator<Item = String> + 'a {
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

/// What is written once.
fn once<'a>(text: impl Into<String>) -> impl Iterator<Item = String> + 'a {
    std::iter::once(text.into())
}

/// All pages: concepts first.
fn pages(view: &View) -> impl Iterator<Item = PageId> + use<> {
    view.corpus.concepts().chain(view.corpus.guides())
}

/// Both ends in the direction in which learning goes: of a prerequisite edge, the prerequisite first.
fn directed(edge: &Edge) -> (PageId, PageId) {
    if super::graph::points_back(edge.relation) { (edge.to, edge.from) } else { (edge.from, edge.to) }
}

/// The full ids of both ends in that direction.
fn ends(view: &View, edge: &Edge) -> (String, String) {
    let (from, to) = directed(edge);
    (view.corpus.page(from).id(), view.corpus.page(to).id())
}

/// What readers call the site: its own title, else that of the page at its root. Where the content came from does not count: the
/// same content has the same title, whether a folder or a snapshot is asked.
pub(super) fn title(view: &View) -> &str {
    let home = || {
        view.corpus.names().by_file("index.md", Some(Kind::Guide)).first().map(|page| &*view.corpus.page(*page).title)
    };
    view.corpus.site().title.as_deref().or_else(home).unwrap_or(UNTITLED)
}

/// `text` in one line, of no more than single spaces.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
