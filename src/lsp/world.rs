//! A source as it was loaded last.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use gradus_corpus::{Corpus, Diagnostic, PageId, Position};
use gradus_graph::Graph;
use gradus_load::{Desk, Input, ReadDocument, Reference, ReferenceForm, source_text};

use super::text::LinedText;

/// Texts of open documents by what they are called within their source.
pub(super) type OpenTexts = BTreeMap<String, Arc<LinedText>>;

/// What was loaded.
pub(super) struct World {
    pub(super) corpus: Corpus,
    pub(super) graph: Graph,
    /// What single documents are read against.
    pub(super) desk: Desk,
    /// What `check` tells, by file.
    pub(super) diagnostics: BTreeMap<Box<str>, Vec<Diagnostic>>,
    /// The open documents as they were loaded.
    pub(super) texts: OpenTexts,
    /// The names of each page in the form in which names are compared, a line each.
    pub(super) folded: Vec<String>,
    /// The source on the disk.
    pub(super) base: Input,
}

impl World {
    /// What `check` tells of the file called `name`.
    pub(super) fn told_of(&self, name: &str) -> &[Diagnostic] {
        self.diagnostics.get(name).map_or(&[], Vec::as_slice)
    }

    /// The text that the file called `name` was loaded with.
    pub(super) fn loaded_text(&self, name: &str) -> Option<String> {
        self.texts.get(name).map(|text| text.as_str().to_owned()).or_else(|| source_text(&self.base, name))
    }

    /// The names of pages in the file called `name`, whose text is `text`.
    pub(super) fn references_in(&mut self, name: &str, text: &LinedText) -> Vec<Reference> {
        match self.desk.read(name, text.as_str()) {
            Some(ReadDocument { references, .. }) => references,
            None => self.entries_in(name, text),
        }
    }

    /// The same of a file that declares other pages, as far as its text is what was loaded.
    fn entries_in(&self, name: &str, text: &LinedText) -> Vec<Reference> {
        let Some(file) = self.corpus.files().iter().position(|file| **file == *name) else { return Vec::new() };
        let own = self.corpus.declared().iter().filter(|edge| edge.position.file as usize == file);
        let entry = |position: Position, target: PageId, form| {
            let line = text.line((position.line as usize).checked_sub(1)?);
            let rest: String = line.chars().skip((position.column as usize).checked_sub(1)?).collect();
            let inner = rest.trim_start_matches(['"', '\'', '[']);
            let before = rest.chars().count() - inner.chars().count();
            let name = inner.split(['"', '\'', ',', ']', '}', '|']).next()?.split(" #").next()?.trim_end();
            let means = self.corpus.names().resolve(name).pages.contains(&target);
            Some(Reference {
                position: Position { column: position.column + u32::try_from(before).ok()?, ..position },
                len: u32::try_from(name.chars().count()).ok()?,
                name: name.into(),
                target,
                form,
            })
            .filter(|_| means)
        };
        own.filter_map(|edge| entry(edge.position, edge.to, ReferenceForm::Entry(edge.relation))).collect()
    }

    /// The files that refer to `page` as they were loaded. O(edges + links).
    pub(super) fn files_naming(&self, page: PageId) -> BTreeSet<&str> {
        let file = |position: Position| self.corpus.files().get(position.file as usize).map(|file| &**file);
        let declared = self.corpus.declared().iter().filter(|edge| edge.to == page).map(|edge| edge.position);
        let sections = self.corpus.pages().flat_map(|(_, page)| &page.sections);
        let links = sections.flat_map(|section| section.texts()).flat_map(|text| &text.links);
        let linked = links.filter(|link| link.target == page).map(|link| link.position);
        declared.chain(linked).filter_map(file).collect()
    }

    /// The file that `page` is declared in, and where.
    pub(super) fn home(&self, page: PageId) -> (&str, Position) {
        let page = self.corpus.page(page);
        let file = self.corpus.files().get(page.position.file as usize).map_or("", |file| file);
        (if page.path.is_empty() { file } else { &page.path }, page.position)
    }
}
