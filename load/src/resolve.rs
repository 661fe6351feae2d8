//! Resolving: from a draft to a corpus.

mod entries;
mod links;
mod mentions;
mod one;
mod prerequisites;
mod rows;

use std::sync::Arc;

use crate::body::LinkForm;
use crate::config::Config;
use crate::draft::Draft;
use crate::limits::Limits;
use crate::references::{References, Surroundings};
use crate::site::SourceSite;
use crate::value::narrow;
use gradus_corpus::names::Names;
use gradus_corpus::{Code, Corpus, Diagnostic, Page, PageId, Position, Site, sort_pages};
pub(crate) use one::{OneDraft, resolve_one};
pub use one::{Reference, ReferenceForm};
use rustc_hash::FxHashMap;

/// What becomes of a draft.
pub(crate) struct ResolvedDraft {
    pub(crate) corpus: Corpus,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) config: Config,
    pub(crate) site: SourceSite,
    pub(crate) around: Surroundings,
    /// Whether generators add text to the pages that is not in their files.
    pub(crate) partial: Vec<bool>,
}

/// Resolves every reference of `draft`.
pub(crate) fn resolve(draft: Draft) -> ResolvedDraft {
    let Draft {
        config,
        pages,
        mut edges,
        references,
        written,
        links,
        places,
        question_concepts,
        excluded,
        files,
        diagnostics,
        limits,
        partial,
        around,
        whole,
        site: source_site,
        ..
    } = draft;
    let (pages, moved) = sort_pages(pages);
    let names = Arc::new(Names::new((0..).map(PageId).zip(&pages), config.base_url.as_deref()));
    let partial = in_order(&partial, &moved);
    let entries = references.into_strings();
    let mut resolver = Resolver { names, pages, files, entries, written, moved, partial, around, diagnostics, limits };
    resolver.rows(&whole);
    resolver.duplicate_names();
    resolver.edges(&mut edges);
    resolver.drop_what_is_taught(&mut edges);
    if links.iter().any(|(_, link)| matches!(link.form, LinkForm::Wikilink | LinkForm::Embed)) {
        resolver.around.note_wikilinks();
    }
    resolver.links(&links);
    resolver.announced(&mut edges);
    for concept in &question_concepts {
        resolver.question_concept(concept);
    }
    for (page, entry) in excluded {
        let page = resolver.moved[page as usize];
        let excluded = resolver.references().entry(page, &resolver.entries[entry as usize], None);
        resolver.pages[page.idx()].related_exclude.extend(excluded);
    }
    resolver.mentions(&places);
    let Resolver { names, pages, files, mut diagnostics, limits, partial, around, .. } = resolver;
    let cut = limits.findings(&diagnostics);
    diagnostics.extend(cut);
    let site = Site {
        title: config.title.as_deref().map(Into::into),
        base_url: config.base_url.as_deref().map(Into::into),
        lang: config.lang.as_deref().map(Into::into),
    };
    let corpus = Corpus::sorted(pages, edges, files, site, names);
    ResolvedDraft { corpus, diagnostics, config, site: source_site, around, partial }
}

/// `values` of the draft's pages in the order of the corpus.
fn in_order(values: &[bool], moved: &[PageId]) -> Vec<bool> {
    let mut ordered = vec![false; moved.len()];
    for (value, now) in values.iter().zip(moved) {
        ordered[now.idx()] = *value;
    }
    ordered
}

struct Resolver {
    names: Arc<Names>,
    pages: Vec<Page>,
    /// Paths of the files that positions point into.
    files: Vec<Box<str>>,
    /// What the entries of metadata say, by the number that they have in the draft.
    entries: Vec<Box<str>>,
    /// What the author calls the field of an entry, by where it stands and its number, where the relation is called otherwise.
    written: FxHashMap<(Position, u32), Box<str>>,
    /// Where the pages of the draft are now.
    moved: Vec<PageId>,
    /// Whether generators add text to the pages that is not in their files.
    partial: Vec<bool>,
    around: Surroundings,
    diagnostics: Vec<Diagnostic>,
    limits: Limits,
}

impl Resolver {
    fn references(&self) -> References<'_> {
        References::new(&self.names, &self.pages, &self.partial, &self.around)
    }

    fn tell(&mut self, code: Code, position: Position, len: usize, message: String, help: Option<String>) {
        let file = self.files.get(position.file as usize).map_or("", |file| file);
        let mut told = Diagnostic::new(code, message, file, position);
        told.len = narrow(len as u64);
        told.help = help;
        if self.limits.may_tell(code) {
            self.diagnostics.push(told);
        }
    }

    /// The full ids of `pages`, as a message lists them.
    fn ids(&self, pages: &[PageId]) -> String {
        /// Candidates that a message names: more help nobody.
        const SHOWN: usize = 5;
        let ids: Vec<String> =
            pages.iter().take(SHOWN).map(|page| format!("`{}`", self.pages[page.idx()].id())).collect();
        let more = if pages.len() > SHOWN { format!(" and {} more", pages.len() - SHOWN) } else { String::new() };
        format!("{}{more}", ids.join(", "))
    }
}
