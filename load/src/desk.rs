//! One document at a time: read against the names of a corpus that was loaded before.
//!
//! A corpus of ten thousand pages takes a second to load, and a keystroke changes one document. So the pages of the last load
//! are kept without their texts, and the document alone is read anew and resolved against them. The price is that what other
//! pages have to do with it (ids that two declare, cycles, order) is told by the next load and not by the keystroke.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::draft::Draft;
use crate::fields::canonical;
use crate::limits::{self, Limits};
use crate::resolve::{OneDraft, Reference, resolve_one};
use crate::source::{self, FileKind, Input};
use crate::value::Value;
use crate::{LoadError, Loaded, Remains, Terms, central_file, questions, snippets};
use gradus_corpus::names::Names;
use gradus_corpus::{Diagnostic, Page, PageId, Position, Text};
use rustc_hash::FxHashMap;

/// A loaded corpus as far as single documents are read against it.
pub struct Desk {
    draft: Draft,
    names: Arc<Names>,
    /// The pages of the corpus without their texts.
    pages: Vec<Page>,
    partial: Vec<bool>,
    by_path: FxHashMap<Box<str>, PageId>,
    /// What the central file says of pages.
    central: [BTreeMap<String, Value>; 2],
    /// Files that the draft begins with.
    n_files: usize,
    input: Input,
}

/// One document as it was read.
#[derive(Clone, Debug, Default)]
pub struct ReadDocument {
    /// What is wrong with it, as far as it can be told without reading other documents anew.
    pub diagnostics: Vec<Diagnostic>,
    /// The names of pages in it, in their order.
    pub references: Vec<Reference>,
    /// The page that its file was when the corpus was loaded.
    pub page: Option<PageId>,
}

impl Desk {
    /// The desk of what was `loaded` from `input`, of which `rest` is left. O(pages).
    ///
    /// # Errors
    /// If the central file cannot be read.
    pub(crate) fn new(terms: Terms, input: &Input, loaded: &Loaded, rest: Remains) -> Result<Self, LoadError> {
        let Remains { site, around, partial, central } = rest;
        let mut draft = Draft::new(loaded.config.clone(), site);
        draft.central_name = central;
        central_file(&mut draft, terms, input)?;
        draft.declare_by_site();
        draft.around = around;
        let pages: Vec<Page> = loaded.corpus.pages().map(|(_, page)| without_text(page)).collect();
        let mut by_path = FxHashMap::default();
        for (id, page) in (0..).map(PageId).zip(&pages).filter(|(_, page)| !page.path.is_empty()) {
            // A long page of a concept is a guide as well, and the guide is what its file is.
            by_path.insert(page.path.clone(), id);
        }
        let central = [std::mem::take(&mut draft.central_concepts), std::mem::take(&mut draft.central_guides)];
        let n_files = draft.files.len();
        let (names, input) = (Arc::clone(loaded.corpus.names()), input.clone());
        Ok(Self { draft, names, pages, partial, by_path, central, n_files, input })
    }

    /// The page whose file lies at `path`, relative to the source.
    pub fn page_at(&self, path: &str) -> Option<PageId> {
        self.by_path.get(path).copied()
    }

    /// The field that the site calls `name`, by the name that it has here; `None` where it means nothing.
    pub fn field(&self, name: &str) -> Option<&'static str> {
        self.draft.known(name).as_deref().and_then(canonical)
    }

    /// Reads the document at `path` as `text`. `None` where it is no Markdown: such files say too much of other pages to be
    /// read alone. O(text).
    pub fn read(&mut self, path: &str, text: &str) -> Option<ReadDocument> {
        if source::kind_of(path) != Some(FileKind::Markdown) {
            return None;
        }
        self.begin();
        let text = text.trim_start_matches(source::BYTE_ORDER_MARK);
        let file = self.draft.file(path);
        let questions = questions::sibling(&mut self.draft, &self.input, path);
        self.draft.markdown(path, file, text, questions);
        let (references, mut diagnostics) = match self.draft.pages.pop() {
            Some(page) => self.resolved(path, page),
            None => (Vec::new(), std::mem::take(&mut self.draft.diagnostics)),
        };
        self.draft.around.publish(path, &self.by_path);
        diagnostics.retain(|told| &*told.file == path);
        let config = &self.draft.config;
        let mut diagnostics: Vec<Diagnostic> = diagnostics.into_iter().filter_map(|told| config.judge(told)).collect();
        let memory = Input::Memory(vec![(path.to_owned(), text.as_bytes().to_vec().into())]);
        snippets::quote(&memory, &mut diagnostics);
        diagnostics.sort_by(|a, b| (a.position, a.code, &a.message).cmp(&(b.position, b.code, &b.message)));
        let references = references.into_iter().filter(|reference| reference.position.file == file).collect();
        Some(ReadDocument { diagnostics, references, page: self.page_at(path) })
    }

    /// Makes the draft ready for the next document.
    fn begin(&mut self) {
        let draft = &mut self.draft;
        draft.files.truncate(self.n_files);
        draft.pages.clear();
        draft.edges.clear();
        draft.references = crate::draft::Interner::default();
        draft.written.clear();
        draft.links.clear();
        draft.places.clear();
        draft.question_concepts.clear();
        draft.excluded.clear();
        draft.diagnostics.clear();
        draft.limits = Limits::new(limits::TEXT_BYTES);
        draft.series_places.clear();
        draft.wanted.clear();
        draft.placed.clear();
        draft.long_concepts.clear();
        draft.partial.clear();
        draft.self_described.clear();
        let [concepts, guides] = &self.central;
        draft.central_concepts.clone_from(concepts);
        draft.central_guides.clone_from(guides);
    }

    /// What `page`, which the document at `path` is now, refers to: in the place that it has in the corpus, or behind all pages.
    fn resolved(&mut self, path: &str, page: Page) -> (Vec<Reference>, Vec<Diagnostic>) {
        let known = self.page_at(path);
        let idx = known.map_or(self.pages.len(), PageId::idx);
        let id = known.unwrap_or(PageId(crate::value::narrow(idx as u64)));
        let was_partial = self.draft.partial.first().copied().unwrap_or_default();
        let before = match known {
            Some(_) => {
                let old = &self.pages[idx];
                // Its names are those of the load until the next one.
                let (kind, slug, url) = (old.kind, old.slug.clone(), old.url.clone());
                Some(std::mem::replace(&mut self.pages[idx], Page { kind, slug, url, ..page }))
            }
            None => {
                self.pages.push(page);
                self.partial.push(was_partial);
                None
            }
        };
        // The draft has one page, which everything in it comes from.
        let one = OneDraft {
            draft: &mut self.draft,
            names: &self.names,
            pages: &mut self.pages,
            partial: &mut self.partial,
            page: id,
        };
        let answer = resolve_one(one);
        match before {
            Some(old) => self.pages[idx] = old,
            None => {
                self.pages.truncate(idx);
                self.partial.truncate(idx);
            }
        }
        answer
    }
}

/// `page` without its texts: its names, and the places that links may lead to.
fn without_text(page: &Page) -> Page {
    let mut bare = Page { sections: Vec::new(), questions: Vec::new(), ..Page::new(page.kind, &page.slug) };
    bare.title.clone_from(&page.title);
    bare.url.clone_from(&page.url);
    bare.path.clone_from(&page.path);
    bare.names.clone_from(&page.names);
    bare.old_urls.clone_from(&page.old_urls);
    bare.lang.clone_from(&page.lang);
    bare.version.clone_from(&page.version);
    bare.title_anchor.clone_from(&page.title_anchor);
    bare.anchors.clone_from(&page.anchors);
    bare.position = Position { file: u32::MAX, ..page.position };
    bare.sections = page
        .sections
        .iter()
        .map(|section| {
            let bare =
                gradus_corpus::Section::new(&section.title, &section.anchor, section.level, Text::default(), None);
            gradus_corpus::Section { access: section.access, withheld: section.withheld, ..bare }
        })
        .collect();
    bare
}
