//! `gradus diff`: what a change of the content does to the graph.

mod base;
mod compare;
mod report;

use std::path::PathBuf;

use anyhow::bail;
use gradus_engine::snapshot::Snapshot;
use gradus_engine::viewer::Viewer;
use gradus_load::Input;

use super::args::{AskFlags, DiffArgs, Format};
use super::{Outcome, print, serve};
use base::Base;
pub(super) use base::revision_of;
use compare::compare;

/// Compares a source with what it was, in a revision or in another folder.
pub(super) fn diff(args: &DiffArgs, flags: &AskFlags) -> anyhow::Result<Outcome> {
    let path = args.path.clone().or_else(|| flags.source.clone()).unwrap_or_else(|| PathBuf::from("."));
    let base = Base::find(&args.base, &path)?;
    let load = |path: PathBuf| {
        let mut bar = serve::bar();
        Snapshot::build(&Input::Path(path), &mut |progress| bar(progress))
    };
    let before = load(base.path().to_owned())?;
    let after = load(path)?;
    let change = compare(&before, &after, Viewer::Pro);
    match flags.format {
        Format::Json => print(&(serde_json::to_string(&change)? + "\n"))?,
        Format::Ndjson => bail!("there is one answer here: ask for `-f json`"),
        Format::Table | Format::Md => print(&report::markdown(&change)?)?,
    }
    Ok(if change.is_worse() { Outcome::Findings } else { Outcome::Done })
}
