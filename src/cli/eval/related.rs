//! `gradus eval --related`.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::bail;

use super::{Outcome, complain, print, serve, viewer};
use crate::cli::args::{AskFlags, EvalArgs};
use gradus_engine::eval::related::{Gold, ablation, measure};

/// Measures related pages against lists that people made.
pub(super) fn eval(gold: &Path, args: &EvalArgs, flags: &AskFlags) -> anyhow::Result<Outcome> {
    let source = match args.files.as_slice() {
        [] => flags.source.as_ref(),
        [source] => Some(source),
        _ => bail!("give --related GOLD and one source"),
    };
    let snapshot = serve::built(&serve::input(source))?;
    let view = snapshot.view(viewer(&flags.entitlements));
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
    if args.ablation {
        for (name, quality) in ablation(view, &gold.lists) {
            writeln!(out, "{name:<28}{quality}")?;
        }
    }
    print(&out)?;
    Ok(Outcome::Done)
}
