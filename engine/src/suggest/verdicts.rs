//! What people have said of proposals: a file beside the content, to be committed with it.

use std::path::PathBuf;

use gradus_corpus::{Corpus, PageId};
use gradus_load::Input;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use crate::beside::beside;

/// The name of the file at the root of a folder; beside `name.jsonl` it is `name.gradus.suggestions.json`.
pub const VERDICTS_FILE: &str = "gradus.suggestions.json";

/// What was accepted and is not written yet, and what was rejected.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Verdicts {
    /// Prerequisites that are to be written where authors declare them.
    pub accepted: Vec<JudgedPair>,
    /// Prerequisites that are not to be proposed again.
    pub rejected: Vec<JudgedPair>,
    /// Names that are to be declared as concepts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accepted_concepts: Vec<String>,
    /// Names that are not to be proposed as concepts again.
    pub rejected_concepts: Vec<String>,
}

/// A prerequisite and what would need it, by their full ids.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(deny_unknown_fields)]
pub struct JudgedPair {
    /// What would need it.
    pub to: String,
    /// The prerequisite.
    pub from: String,
}

/// Why what people have said could not be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum VerdictsError {
    /// The file cannot be read or written.
    #[error("{}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file holds something else.
    #[error("{} holds no verdicts", path.display())]
    Format {
        /// Which.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
    /// There is no place beside the content.
    #[error("nothing can be kept beside {0}")]
    NoPlace(String),
}

impl Verdicts {
    /// What was said of proposals for `input`; nothing where there is no file.
    ///
    /// # Errors
    /// If there is a file that cannot be read.
    pub fn read(input: &Input) -> Result<Self, VerdictsError> {
        let Some(path) = beside(input, VERDICTS_FILE).filter(|path| input.has_beside(path)) else {
            return Ok(Self::default());
        };
        input.note_read(&path);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(source) => return Err(VerdictsError::File { path, source }),
        };
        serde_json::from_str(&text).map_err(|source| VerdictsError::Format { path, source })
    }

    /// Keeps it for `input`, in order, and tells where.
    ///
    /// # Errors
    /// If the source has no place to keep it at, or it cannot be written.
    pub fn write(mut self, input: &Input) -> Result<PathBuf, VerdictsError> {
        let path = beside(input, VERDICTS_FILE).ok_or_else(|| VerdictsError::NoPlace(input.to_string()))?;
        for list in [&mut self.accepted, &mut self.rejected] {
            list.sort_unstable();
            list.dedup();
        }
        for list in [&mut self.accepted_concepts, &mut self.rejected_concepts] {
            list.sort_unstable();
            list.dedup();
        }
        let text = match serde_json::to_string_pretty(&self) {
            Ok(text) => text + "\n",
            Err(source) => return Err(VerdictsError::Format { path, source }),
        };
        match std::fs::write(&path, text) {
            Ok(()) => Ok(path),
            Err(source) => Err(VerdictsError::File { path, source }),
        }
    }

    /// The rejected pairs of `corpus`, the prerequisite first. Pages that are gone are passed over.
    pub fn rejected_in(&self, corpus: &Corpus) -> FxHashSet<(PageId, PageId)> {
        pairs(&self.rejected, corpus).collect()
    }

    /// The accepted pairs of `corpus`, the prerequisite first.
    pub fn accepted_in(&self, corpus: &Corpus) -> Vec<(PageId, PageId)> {
        pairs(&self.accepted, corpus).collect()
    }
}

fn pairs<'a>(judged: &'a [JudgedPair], corpus: &'a Corpus) -> impl Iterator<Item = (PageId, PageId)> + 'a {
    let page = |id: &str| match corpus.names().by_id(id)[..] {
        [page] => Some(page),
        _ => None,
    };
    judged.iter().filter_map(move |pair| Some((page(&pair.from)?, page(&pair.to)?)))
}
