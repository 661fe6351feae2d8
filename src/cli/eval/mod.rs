//! `gradus eval`.

mod against;
mod related;
mod search;

use anyhow::bail;

pub(super) use search::judged;

use super::args::{AskFlags, EvalArgs};
use super::{Outcome, complain, print, serve};
use gradus_engine::viewer::Viewer;

/// Measures answers against judgements.
pub(super) fn eval(args: &EvalArgs, flags: &AskFlags) -> anyhow::Result<Outcome> {
    if flags.server.is_some() {
        bail!("a running server cannot be measured; name its source instead");
    }
    match &args.related {
        Some(gold) => related::eval(gold, args, flags),
        None => search::eval(args, flags),
    }
}

/// Who asks: an owner judges what a reader with full access finds, unless entitlements say otherwise.
fn viewer(entitlements: &[String]) -> Viewer {
    if entitlements.is_empty() { Viewer::Pro } else { Viewer::entitled(entitlements) }
}
