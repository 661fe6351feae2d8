//! Tuned weights: a file beside the content that `gradus tune` writes and every load reads.

use std::path::PathBuf;

use gradus_load::Input;
use serde::{Deserialize, Serialize};

use super::signal::Weights;
use crate::beside::beside;

/// The name of the file at the root of a folder; beside `name.jsonl` it is `name.gradus.related.json`.
pub const FILE: &str = "gradus.related.json";

/// What `gradus tune` keeps.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TunedWeights {
    /// Weights for guides, if there was something to learn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guides: Option<Weights>,
    /// Weights for concepts, if there was something to learn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concepts: Option<Weights>,
}

/// Why tuned weights could not be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum TunedError {
    /// The file cannot be read or written.
    #[error("{}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file holds no weights.
    #[error("{} holds no weights", path.display())]
    Format {
        /// Which.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
    /// There is no place beside the content.
    #[error("weights cannot be kept beside {0}")]
    NoPlace(String),
}

impl TunedWeights {
    /// What was kept for `input`; `None` where nothing was.
    ///
    /// # Errors
    /// If there is a file that cannot be read.
    pub fn read(input: &Input) -> Result<Option<Self>, TunedError> {
        let Some(path) = beside(input, FILE).filter(|path| input.has_beside(path)) else { return Ok(None) };
        input.note_read(&path);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(source) => return Err(TunedError::File { path, source }),
        };
        serde_json::from_str(&text).map(Some).map_err(|source| TunedError::Format { path, source })
    }

    /// Keeps it for `input` and tells where.
    ///
    /// # Errors
    /// If the source has no place to keep it at, or it cannot be written.
    pub fn write(&self, input: &Input) -> Result<PathBuf, TunedError> {
        let path = beside(input, FILE).ok_or_else(|| TunedError::NoPlace(input.to_string()))?;
        let text = match serde_json::to_string_pretty(self) {
            Ok(text) => text + "\n",
            Err(source) => return Err(TunedError::Format { path, source }),
        };
        match std::fs::write(&path, text) {
            Ok(()) => Ok(path),
            Err(source) => Err(TunedError::File { path, source }),
        }
    }
}
