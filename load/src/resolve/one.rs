//! Resolving one document against the names of a corpus that is loaded.

use std::sync::Arc;

use super::Resolver;
use crate::body::{BodyLink, LinkForm};
use crate::draft::Draft;
use crate::limits::{self, Limits};
use crate::references::Destination;
use gradus_corpus::names::{Names, target_of};
use gradus_corpus::{Diagnostic, Edge, Page, PageId, Position, Relation};

/// A name that a document writes, and the page that is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Where the name begins, in the document.
    pub position: Position,
    /// Its length in characters.
    pub len: u32,
    /// The name as it is written, without brackets, heading and text.
    pub name: Box<str>,
    /// The page that it means.
    pub target: PageId,
    /// How it is written.
    pub form: ReferenceForm,
}

/// How a document refers to a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferenceForm {
    /// An entry of metadata, and what it declares.
    Entry(Relation),
    /// A link in double brackets.
    Wikilink,
    /// Any other link, by a path or a URL.
    Link,
}

/// A draft of one document, and the corpus that it stands in.
pub(crate) struct OneDraft<'a> {
    pub(crate) draft: &'a mut Draft,
    pub(crate) names: &'a Arc<Names>,
    /// The pages of the corpus without their texts.
    pub(crate) pages: &'a mut Vec<Page>,
    pub(crate) partial: &'a mut Vec<bool>,
    /// What the document's page is in the corpus.
    pub(crate) page: PageId,
}

/// Resolves what the one document of a draft refers to, and tells what is wrong with that. O(document).
pub(crate) fn resolve_one(one: OneDraft<'_>) -> (Vec<Reference>, Vec<Diagnostic>) {
    let OneDraft { draft, names, pages, partial, page } = one;
    let mut resolver = Resolver {
        names: Arc::clone(names),
        pages: std::mem::take(pages),
        files: draft.files.clone(),
        entries: std::mem::take(&mut draft.references).into_strings(),
        written: std::mem::take(&mut draft.written),
        moved: vec![page; draft.pages.len().max(1)],
        partial: std::mem::take(partial),
        around: std::mem::take(&mut draft.around),
        diagnostics: std::mem::take(&mut draft.diagnostics),
        limits: Limits::new(limits::TEXT_BYTES),
    };
    let mut found = Vec::new();
    let mut edges: Vec<Edge> = Vec::new();
    for mut edge in std::mem::take(&mut draft.edges) {
        let number = edge.to.idx();
        if resolver.edge(&mut edge) {
            found.extend(entry(&resolver.entries[number], &edge));
            edges.push(edge);
        }
    }
    resolver.drop_what_is_taught(&mut edges);
    let links = std::mem::take(&mut draft.links);
    found.extend(links.iter().filter_map(|(_, link)| resolver.linked(page, link)));
    resolver.links(&links);
    for concept in std::mem::take(&mut draft.question_concepts) {
        resolver.question_concept(&concept);
    }
    (*pages, *partial, draft.around) = (resolver.pages, resolver.partial, resolver.around);
    found.sort_by_key(|reference| reference.position);
    (found, resolver.diagnostics)
}

/// The name in an entry of metadata; `None` where it stands nowhere.
fn entry(written: &str, edge: &Edge) -> Option<Reference> {
    let name = target_of(written).split(['#', '|']).next().unwrap_or_default().trim();
    let before = written.find(name).map(|at| written[..at].chars().count())?;
    let column = edge.position.column.checked_add(crate::value::narrow(before as u64)).filter(|column| *column > 0)?;
    Some(Reference {
        position: Position { column, ..edge.position },
        len: crate::value::narrow(name.chars().count() as u64),
        name: name.into(),
        target: edge.to,
        form: ReferenceForm::Entry(edge.relation),
    })
}

impl Resolver {
    /// Where a link of `from` leads, if to a page.
    fn linked(&self, from: PageId, link: &BodyLink) -> Option<Reference> {
        let Destination::Page { page, .. } = self.references().link(from, link.form, &link.target) else { return None };
        let is_wikilink = matches!(link.form, LinkForm::Wikilink | LinkForm::Embed);
        Some(Reference {
            position: Position { file: self.pages[from.idx()].position.file, line: link.line, column: link.column },
            len: link.len,
            name: link.target.as_str().into(),
            target: page,
            form: if is_wikilink { ReferenceForm::Wikilink } else { ReferenceForm::Link },
        })
    }
}
