//! References: how answers name a page, and how questions may.

use gradus_corpus::work::checkpoint;
use gradus_corpus::{Corpus, Kind, PageId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::Str;
use super::refusal::{Refusal, RefusalCode};
use crate::limits;
use crate::view::View;

/// A reference to a guide or a concept.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Ref<'a> {
    /// Full id, `kind:slug`.
    #[schema(example = "concept:kv-cache")]
    pub id: String,
    /// `concept` or `guide`.
    pub kind: Str<'a>,
    /// What readers call it.
    pub title: Str<'a>,
    /// Where the site shows it.
    pub url: Str<'a>,
}

impl<'a> Ref<'a> {
    /// The reference to `page`.
    pub fn new(corpus: &'a Corpus, page: PageId) -> Self {
        // Long answers are made of references.
        checkpoint();
        let page = corpus.page(page);
        let (kind, title, url) = (page.kind.as_str().into(), (&page.title).into(), (&page.url).into());
        Self { id: page.id(), kind, title, url }
    }

    /// References to `pages`, in their order.
    pub fn all(corpus: &'a Corpus, pages: &[PageId]) -> Vec<Self> {
        pages.iter().map(|page| Self::new(corpus, *page)).collect()
    }

    /// The titles of `refs`, with commas between.
    pub(super) fn titles(refs: &[Self]) -> String {
        refs.iter().map(|page| &*page.title).collect::<Vec<_>>().join(", ")
    }
}

/// Which page a question is about.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
pub struct PageParams {
    /// Slug, full id, title or name
    #[param(min_length = 1)]
    pub id: String,
}

/// The page that `reference` names: an id, title, name, wikilink, path or its end, or URL. A name that one concept and
/// guides share means the concept.
///
/// # Errors
/// If it names none: the nearest names are suggested. If it names several: these are.
pub fn find(view: &View, reference: &str) -> Result<PageId, Refusal> {
    one_of(view, reference, None, RefusalCode::UnknownConcept)
}

/// The same as an answer tells it that is about any page.
pub(super) fn find_page(view: &View, reference: &str) -> Result<PageId, Refusal> {
    one_of(view, reference, None, RefusalCode::NotFound)
}

/// The page with this full id, to the letter.
pub fn by_id(view: &View, id: &str) -> Option<PageId> {
    let (kind, slug) = id.split_once(':')?;
    view.corpus.find(Kind::parse(kind)?, slug)
}

/// The concept that a question is about. The id of a guide means that guide, whatever concepts are called.
///
/// # Errors
/// If `reference` names none, or several.
pub fn find_concept(view: &View, reference: &str) -> Result<PageId, Refusal> {
    subject(view, reference, Kind::Concept, RefusalCode::UnknownConcept)
}

/// The concept that a parameter names which takes nothing else.
///
/// # Errors
/// If `reference` names none, or several.
pub(super) fn find_named_concept(view: &View, reference: &str) -> Result<PageId, Refusal> {
    one_of(view, reference, Some(Kind::Concept), RefusalCode::UnknownConcept)
}

/// The guide that a question is about. The id of a concept means that concept, whatever guides are called.
///
/// # Errors
/// If `reference` names none, or several.
pub fn find_guide(view: &View, reference: &str) -> Result<PageId, Refusal> {
    subject(view, reference, Kind::Guide, RefusalCode::UnknownGuide)
}

/// The pages that `references`, the value of the parameter `name`, name, each once, sorted by id.
///
/// Lists are split at commas, and names may hold some: an entry that names nothing is read together with those behind it.
///
/// # Errors
/// If one names none or several, or there are more than [`limits::REFERENCES`].
pub fn find_list(view: &View, name: &str, references: &[String]) -> Result<Vec<PageId>, Refusal> {
    if references.len() > limits::REFERENCES {
        let (n, max) = (references.len(), limits::REFERENCES);
        return Err(Refusal::invalid(
            name,
            format_args!("{n} pages are more than the {max} that one request may name"),
        ));
    }
    let is_name = |references: &[String]| !view.corpus.names().resolve(&references.join(", ")).pages.is_empty();
    let mut pages = Vec::new();
    let mut rest = references;
    while !rest.is_empty() {
        let longest = rest.len().min(limits::NAME_PARTS);
        let n = (1..=longest).find(|n| is_name(&rest[..*n])).unwrap_or(1);
        pages.push(find(view, &rest[..n].join(", "))?);
        rest = &rest[n..];
    }
    pages.sort_unstable();
    pages.dedup();
    Ok(pages)
}

/// Full ids of the pages whose names are nearest to `reference`, best first, at most three.
pub fn nearest(view: &View, reference: &str, kind: Option<Kind>) -> Vec<String> {
    let near = view.corpus.names().nearest(reference, 12);
    let of_kind = near.into_iter().filter(|page| kind.is_none_or(|kind| view.corpus.page(*page).kind == kind));
    of_kind.take(3).map(|page| view.corpus.page(page).id()).collect()
}

/// Whether `reference` could name a page of `kind`: a full id names one of its own kind only.
pub(super) fn may_be(kind: Kind, reference: &str) -> bool {
    let said = reference.split_once(':').and_then(|(said, _)| Kind::parse(said));
    said.is_none_or(|said| said == kind)
}

/// The one page of `kind` that `reference` names, unless it is the id of a page of the other kind.
fn subject(view: &View, reference: &str, kind: Kind, code: RefusalCode) -> Result<PageId, Refusal> {
    let by_id = view.corpus.names().by_id(reference);
    let of_kind = by_id.iter().find(|page| view.corpus.page(**page).kind == kind);
    match (of_kind, by_id.first()) {
        (Some(page), _) => Ok(*page),
        (None, None) => one_of(view, reference, Some(kind), code),
        (None, Some(other)) => {
            let mut refusal = unknown(view, code, kind.as_str(), reference, Some(kind));
            refusal.suggestions.insert(0, view.corpus.page(*other).id());
            Err(refusal)
        }
    }
}

/// The one page of `kind` that `reference` names.
fn one_of(view: &View, reference: &str, kind: Option<Kind>, code: RefusalCode) -> Result<PageId, Refusal> {
    let pages = view.corpus.names().resolve_kind(reference, kind).pages;
    let is_concept = |page: &PageId| view.corpus.is_concept(*page);
    match pages.as_slice() {
        [] => Err(unknown(view, code, kind.map_or("page", Kind::as_str), reference, kind)),
        [first, rest @ ..] if rest.is_empty() || is_concept(first) && !rest.iter().any(is_concept) => Ok(*first),
        several => Err(ambiguous(view, code, reference, several)),
    }
}

/// A name that several pages have is nobody's: whoever was taken, others would get a page that they did not mean.
fn ambiguous(view: &View, code: RefusalCode, reference: &str, pages: &[PageId]) -> Refusal {
    let shown: String = reference.chars().take(100).collect();
    let ids: Vec<String> = pages.iter().take(limits::CANDIDATES).map(|page| view.corpus.page(*page).id()).collect();
    let detail = format!("'{shown}' is ambiguous: {} pages are called so; ask by one of their ids", pages.len());
    Refusal::new(code, detail).suggesting(ids)
}

fn unknown(view: &View, code: RefusalCode, what: &str, reference: &str, kind: Option<Kind>) -> Refusal {
    let shown: String = reference.chars().take(100).collect();
    Refusal::new(code, format!("no {what} is called '{shown}'")).suggesting(nearest(view, reference, kind))
}
