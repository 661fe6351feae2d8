//! What an editor has open: its folders and documents, and the sources that they belong to.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gradus_corpus::{Code, Diagnostic};
use ls_types::Uri;

use super::document::OpenDocument;
use super::workspace::{OpenSource, root_of};

/// What is told of names and links that lead to other files: of a file alone nobody knows.
const ABROAD: &[Code] =
    &[Code::BrokenLink, Code::UnknownReference, Code::UnknownPrerequisite, Code::AmbiguousReference, Code::Orphan];

/// Folders, documents and sources.
#[derive(Default)]
pub(super) struct OpenFiles {
    /// The source that was named when the server was started.
    pub(super) given: Option<PathBuf>,
    /// The folders that the editor has open.
    pub(super) folders: Vec<PathBuf>,
    pub(super) sources: Vec<OpenSource>,
    pub(super) documents: BTreeMap<Uri, OpenDocument>,
}

impl OpenFiles {
    /// The position of the source that the file at `path` belongs to.
    pub(super) fn source_for(&mut self, path: &Path) -> usize {
        let root = root_of(path, self.given.as_deref(), &self.folders);
        let known = self.sources.iter().position(|source| source.root == root);
        known.unwrap_or_else(|| {
            self.sources.push(OpenSource::new(root));
            self.sources.len() - 1
        })
    }

    /// What is wrong with a document as it is now.
    pub(super) fn told(&self, document: &OpenDocument) -> Vec<Diagnostic> {
        let alone = document.sheet.as_ref().map_or(&[][..], |sheet| &sheet.diagnostics);
        let mut told = document.carried.applied(&document.text, alone);
        if self.sources[document.source].is_alone() {
            told.retain(|one| !ABROAD.contains(&one.code));
        }
        told
    }
}
