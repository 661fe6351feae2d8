//! `gradus eval`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::bail;

use super::args::EvalArgs;
use super::{Outcome, complain, print, serve};
use crate::eval::related::{Gold, ablation, measure};
use crate::snapshot::Snapshot;
use crate::viewer::Viewer;

/// Measures answers against judgements.
pub(super) fn eval(args: &EvalArgs, source: Option<&PathBuf>) -> anyhow::Result<Outcome> {
    match (&args.related, args.files.as_slice()) {
        (Some(gold), []) => related(gold, source, args.ablation),
        (Some(gold), [source]) => related(gold, Some(source), args.ablation),
        _ => bail!("give --related GOLD and one source"),
    }
}

fn related(gold: &Path, source: Option<&PathBuf>, with_ablation: bool) -> anyhow::Result<Outcome> {
    let mut bar = serve::bar();
    let snapshot = Snapshot::build(&serve::input(source), &mut |progress| bar(progress))?;
    let view = snapshot.view(Viewer::Pro);
    let gold = Gold::read(view, gold)?;
    if !gold.unknown.is_empty() {
        complain(&format!("{} names are no pages here, the first is '{}'", gold.unknown.len(), gold.unknown[0]));
    }
    if gold.lists.is_empty() {
        bail!("there is no list to measure against");
    }
    let mut out = String::new();
    let n = gold.lists.len();
    writeln!(out, "{:<28}{}  ({n} lists)", "all signals", measure(view, &gold.lists, |weights| *weights))?;
    if with_ablation {
        for (name, quality) in ablation(view, &gold.lists) {
            writeln!(out, "{name:<28}{quality}")?;
        }
    }
    print(&out)?;
    Ok(Outcome::Done)
}
