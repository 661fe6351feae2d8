//! References: how answers name a page, and how questions may.

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
    pub id: String,
}

/// The page that `reference` names: a slug, full id, title, name, wikilink, path or URL. Of several the first by id, so
/// a concept before a guide.
///
/// # Errors
/// If it names none: the nearest names are suggested.
pub fn find(view: &View, reference: &str) -> Result<PageId, Refusal> {
    let found = view.corpus.names().resolve(reference).pages.first().copied();
    found.ok_or_else(|| unknown(view, RefusalCode::UnknownConcept, "page", reference, None))
}

/// The page with this full id, to the letter.
pub fn by_id(view: &View, id: &str) -> Option<PageId> {
    let (kind, slug) = id.split_once(':')?;
    view.corpus.find(Kind::parse(kind)?, slug)
}

/// The concept that `reference` names.
///
/// # Errors
/// If it names none.
pub fn find_concept(view: &View, reference: &str) -> Result<PageId, Refusal> {
    of_kind(view, reference, Kind::Concept)
        .ok_or_else(|| unknown(view, RefusalCode::UnknownConcept, "concept", reference, Some(Kind::Concept)))
}

/// The guide that `reference` names.
///
/// # Errors
/// If it names none.
pub fn find_guide(view: &View, reference: &str) -> Result<PageId, Refusal> {
    of_kind(view, reference, Kind::Guide)
        .ok_or_else(|| unknown(view, RefusalCode::UnknownGuide, "guide", reference, Some(Kind::Guide)))
}

/// The pages that `references`, the value of the parameter `name`, name, each once, sorted by id.
///
/// Lists are split at commas, and names may hold some: an entry that names nothing is read together with those behind it.
///
/// # Errors
/// If one names none, or there are more than [`limits::REFERENCES`].
pub fn find_list(view: &View, name: &str, references: &[String]) -> Result<Vec<PageId>, Refusal> {
    if references.len() > limits::REFERENCES {
        let (n, max) = (references.len(), limits::REFERENCES);
        return Err(Refusal::invalid(
            name,
            format_args!("{n} pages are more than the {max} that one request may name"),
        ));
    }
    let named = |references: &[String]| {
        let found = view.corpus.names().resolve(&references.join(", ")).pages;
        found.first().map(|page| (*page, references.len()))
    };
    let mut pages = Vec::new();
    let mut rest = references;
    while let Some(first) = rest.first() {
        let longest = rest.len().min(limits::NAME_PARTS);
        let found = (1..=longest).find_map(|n| named(&rest[..n]));
        let (page, n) = found.ok_or_else(|| unknown(view, RefusalCode::UnknownConcept, "page", first, None))?;
        pages.push(page);
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

fn of_kind(view: &View, reference: &str, kind: Kind) -> Option<PageId> {
    let resolved = view.corpus.names().resolve(reference);
    resolved.pages.into_iter().find(|page| view.corpus.page(*page).kind == kind)
}

fn unknown(view: &View, code: RefusalCode, what: &str, reference: &str, kind: Option<Kind>) -> Refusal {
    let shown: String = reference.chars().take(100).collect();
    Refusal::new(code, format!("no {what} is called '{shown}'")).suggesting(nearest(view, reference, kind))
}
