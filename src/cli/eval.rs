//! `gradus eval`.

use anyhow::bail;

use super::Outcome;
use super::args::EvalArgs;

/// Measures answers against judgements.
pub(super) fn eval(args: &EvalArgs) -> anyhow::Result<Outcome> {
    let n_files = args.files.len();
    bail!("{n_files} files and {} list of related pages", usize::from(args.related.is_some()))
}
