//! `gradus lsp`.

use std::path::PathBuf;

use anyhow::Context;

use super::Outcome;
use crate::lsp::{Ended, serve};

/// Serves an editor until it goes. The protocol wants a status of 1 where it goes without having said so.
pub(super) fn lsp(source: Option<PathBuf>) -> anyhow::Result<Outcome> {
    let ended = serve(source).context("the editor does not listen any more")?;
    Ok(match ended {
        Ended::AsAsked => Outcome::Done,
        Ended::Abruptly => Outcome::Findings,
    })
}
