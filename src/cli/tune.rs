//! `gradus tune`.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::bail;

use super::args::TuneArgs;
use super::{Outcome, complain, print, serve};
use gradus_engine::eval::related::{Gold, GoldList};
use gradus_engine::eval::tune::{MIN_LISTS, Trial, pinned_lists, tune as try_to_tune};
use gradus_engine::relate::tuned::TunedWeights;
use gradus_engine::view::View;
use gradus_engine::viewer::Viewer;

/// Learns weights from lists and keeps those that win.
pub(super) fn tune(args: &TuneArgs, source: Option<&PathBuf>) -> anyhow::Result<Outcome> {
    let input = serve::input(args.path.as_ref().or(source));
    let snapshot = serve::built(&input)?;
    let view = snapshot.view(Viewer::Pro);
    let (concepts, guides) = lists(view, args)?;
    let mut kept = TunedWeights::read(&input)?.unwrap_or_default();
    let mut wins = false;
    let mut tries = 0;
    for (name, lists, place) in [("guides", guides, &mut kept.guides), ("concepts", concepts, &mut kept.concepts)] {
        let Some(trial) = try_to_tune(view, &lists) else { continue };
        print(&report(name, &trial)?)?;
        tries += 1;
        if trial.wins() {
            wins = true;
            *place = Some(trial.weights);
        }
    }
    if tries == 0 {
        bail!("there is too little to learn from: it takes {MIN_LISTS} lists of one kind");
    }
    if !wins {
        complain("nothing is kept: what is in force is no worse");
        return Ok(Outcome::Findings);
    }
    let path = kept.write(&input)?;
    complain(&format!("kept in {}; it counts from the next load on", path.display()));
    Ok(Outcome::Done)
}

/// The lists of concepts and those of guides.
fn lists(view: &View, args: &TuneArgs) -> anyhow::Result<(Vec<GoldList>, Vec<GoldList>)> {
    let Some(path) = &args.gold else {
        return Ok((pinned_lists(view, view.corpus.concepts()), pinned_lists(view, view.corpus.guides())));
    };
    let gold = Gold::read(view, path)?;
    if let Some(first) = gold.unknown.first() {
        complain(&format!("{} names are no pages here, the first is '{first}'", gold.unknown.len()));
    }
    Ok(gold.lists.into_iter().partition(|list| view.corpus.is_concept(list.page)))
}

fn report(name: &str, trial: &Trial) -> anyhow::Result<String> {
    let mut out = String::new();
    writeln!(out, "{name}: {} lists, each ranked with what four fifths of the others teach", trial.n_lists)?;
    writeln!(out, "  before  {}", trial.before)?;
    writeln!(out, "  after   {}", trial.after)?;
    let weights: Vec<String> = trial.weights.named().map(|(signal, weight)| format!("{signal} {weight}")).collect();
    writeln!(out, "  weights {}", weights.join(", "))?;
    Ok(out)
}
