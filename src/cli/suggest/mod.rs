//! `gradus suggest`: what the texts speak for, to be looked through and accepted.

mod amend;
mod concepts;
mod report;

use std::path::PathBuf;

use anyhow::{Context, bail};
use gradus_corpus::PageId;
use gradus_engine::suggest::verdicts::{JudgedPair, Verdicts};
use gradus_engine::suggest::{ProposalOptions, Proposals, propose};
use gradus_engine::view::View;
use gradus_engine::viewer::Viewer;
use gradus_load::Input;

use super::args::{AskFlags, SuggestArgs};
use super::{Outcome, changes, complain, counted, print, serve, with_suggestions};
use amend::amendments;

/// Proposals less likely than this are shown only where they are asked for.
const SHOWN_CONFIDENCE: f32 = 0.3;
/// Proposals that are shown unless more are asked for: what one goes through at a sitting.
const SHOWN: usize = 100;

/// What is proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subject {
    Prerequisites,
    Concepts,
}

/// Prints proposals, or does with them what is asked.
pub(super) fn suggest(args: &SuggestArgs, flags: &AskFlags) -> anyhow::Result<Outcome> {
    let (subject, path) = subject(&args.words)?;
    let input = serve::input(path.or_else(|| flags.source.clone()).as_ref());
    let mut verdicts = Verdicts::read(&input)?;
    let snapshot = serve::built(&input)?;
    let view = snapshot.view(Viewer::Pro);
    if subject == Subject::Concepts {
        return concepts::concepts(view, &input, verdicts, args, flags.format);
    }
    let rejected = read_pairs(view, &args.reject)?;
    verdicts.rejected.extend(rejected.iter().map(|pair| judged(view, *pair)));
    let proposals = if args.is_silent() { Proposals::default() } else { proposals(view, &input, &verdicts, args) };
    let accepted = accepted(view, &proposals, &verdicts, args)?;
    verdicts.accepted = accepted.iter().map(|pair| judged(view, *pair)).collect();
    if args.write || args.diff {
        return amend(view, &input, &verdicts, &accepted, args);
    }
    if !args.accept.is_empty() || !args.reject.is_empty() {
        let (n_accepted, n_rejected) = (verdicts.accepted.len(), verdicts.rejected.len());
        let path = verdicts.write(&input)?;
        complain(&format!("{n_accepted} accepted and {n_rejected} rejected are kept in {}", path.display()));
        return Ok(Outcome::Done);
    }
    print(&report::prerequisites(view, &proposals, flags.format, args.all)?)?;
    Ok(if proposals.list.is_empty() { Outcome::Findings } else { Outcome::Done })
}

fn proposals(view: &View, input: &Input, verdicts: &Verdicts, args: &SuggestArgs) -> Proposals {
    let shown = if args.all { 0.0 } else { SHOWN_CONFIDENCE };
    let options = ProposalOptions { all: args.all, min_confidence: args.min_confidence.unwrap_or(shown) };
    let rejected = verdicts.rejected_in(&view.corpus);
    let mut proposals = propose(&view.corpus, &view.graph, Some(input), &rejected, options);
    proposals.list.truncate(args.limit.unwrap_or(if args.all { usize::MAX } else { SHOWN }));
    proposals
}

/// What was accepted before and what is accepted now, the prerequisite first.
fn accepted(
    view: &View,
    proposals: &Proposals,
    verdicts: &Verdicts,
    args: &SuggestArgs,
) -> anyhow::Result<Vec<(PageId, PageId)>> {
    let mut accepted = verdicts.accepted_in(&view.corpus);
    let takes_all =
        args.accept.iter().any(|pair| pair == ALL) || args.diff && args.accept.is_empty() && accepted.is_empty();
    let named: Vec<String> = args.accept.iter().filter(|pair| *pair != ALL).cloned().collect();
    accepted.extend(read_pairs(view, &named)?);
    if takes_all {
        accepted.extend(proposals.list.iter().map(|one| (one.from, one.to)));
    }
    let rejected = verdicts.rejected_in(&view.corpus);
    accepted.retain(|pair| !rejected.contains(pair));
    Ok(accepted)
}

/// What stands for every proposal that is shown.
const ALL: &str = "all";

/// The pages of `FROM,TO` each.
fn read_pairs(view: &View, pairs: &[String]) -> anyhow::Result<Vec<(PageId, PageId)>> {
    let page = |name: &str| {
        let resolved = view.corpus.names().resolve(name);
        match resolved.pages[..] {
            [page] => Ok(page),
            [] => {
                let near: Vec<String> =
                    view.corpus.names().nearest(name, 3).into_iter().map(|page| view.corpus.page(page).id()).collect();
                bail!(with_suggestions(&format!("no page is called '{name}'"), &near))
            }
            _ => bail!("'{name}' means several pages; write it with `concept:` or `guide:` before it"),
        }
    };
    let pair = |pair: &String| {
        let (from, to) = pair
            .split_once(',')
            .with_context(|| format!("'{pair}' is no pair; write FROM,TO, the prerequisite first"))?;
        Ok((page(from.trim())?, page(to.trim())?))
    };
    pairs.iter().map(pair).collect()
}

fn judged(view: &View, (from, to): (PageId, PageId)) -> JudgedPair {
    JudgedPair { from: view.corpus.page(from).id(), to: view.corpus.page(to).id() }
}

/// Writes what is accepted into the files of the source, or shows what would be written.
fn amend(
    view: &View,
    input: &Input,
    verdicts: &Verdicts,
    accepted: &[(PageId, PageId)],
    args: &SuggestArgs,
) -> anyhow::Result<Outcome> {
    let config = gradus_load::read_config(input)?;
    let amendments = amendments(&view.corpus, &config, input, accepted)?;
    for (from, to, file) in &amendments.left {
        let (from, to) = (view.corpus.page(*from).id(), view.corpus.page(*to).id());
        complain(&format!(
            "{file}: put `{from}` among the prerequisites of {to} by hand: they stand in a form that nothing can be put behind"
        ));
    }
    if args.diff {
        print(&changes::diff(&amendments.changes))?;
    } else {
        let Input::Path(root) = input else { bail!("{input} cannot be written to") };
        changes::write(root, &amendments.changes)?;
        let left = |pair: &JudgedPair| amendments.left.iter().any(|(from, to, _)| judged(view, (*from, *to)) == *pair);
        let accepted = verdicts.accepted.iter().filter(|pair| left(pair)).cloned().collect();
        let verdicts = Verdicts { accepted, ..verdicts.clone() };
        if verdicts != Verdicts::read(input)? {
            verdicts.write(input)?;
        }
        let (n_pairs, n_files) = (amendments.written.len(), amendments.changes.len());
        complain(&format!("{} written into {}", counted(n_pairs, "prerequisite"), counted(n_files, "file")));
    }
    Ok(if amendments.left.is_empty() { Outcome::Done } else { Outcome::Findings })
}

/// What the words of the command ask for: its subject, and the source.
fn subject(words: &[String]) -> anyhow::Result<(Subject, Option<PathBuf>)> {
    let subject = |word: &String| match word.as_str() {
        "prerequisites" => Some(Subject::Prerequisites),
        "concepts" => Some(Subject::Concepts),
        _ => None,
    };
    match words {
        [] => Ok((Subject::Prerequisites, None)),
        [one] => match subject(one) {
            Some(subject) => Ok((subject, None)),
            None => Ok((Subject::Prerequisites, Some(one.into()))),
        },
        [one, path, ..] => match subject(one) {
            Some(subject) => Ok((subject, Some(path.into()))),
            None => bail!("'{one}' cannot be suggested; `prerequisites` and `concepts` can"),
        },
    }
}
