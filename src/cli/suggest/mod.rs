//! `gradus suggest`: what the texts speak for, to be looked through and accepted.

mod amend;
mod concepts;
mod report;

use std::path::PathBuf;

use anyhow::{Context, bail};
use gradus_corpus::PageId;
use gradus_engine::suggest::verdicts::{JudgedPair, Verdicts};
use gradus_engine::suggest::{ProposalOptions, Proposals, propose};
use gradus_engine::unindexed::UnindexedContent;
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
    let content = &serve::unindexed(&input)?;
    if subject == Subject::Concepts {
        return concepts::concepts(content, &input, verdicts, args, flags.format);
    }
    let rejected = read_pairs(content, &args.reject)?;
    verdicts.rejected.extend(rejected.iter().map(|pair| judged(content, *pair)));
    let proposals = if args.is_silent() { Proposals::default() } else { proposals(content, &input, &verdicts, args) };
    let accepted = accepted(content, &proposals, &verdicts, args)?;
    verdicts.accepted = accepted.iter().map(|pair| judged(content, *pair)).collect();
    if args.write || args.diff {
        return amend(content, &input, &verdicts, &accepted, args);
    }
    if !args.accept.is_empty() || !args.reject.is_empty() {
        let (n_accepted, n_rejected) = (verdicts.accepted.len(), verdicts.rejected.len());
        let path = verdicts.write(&input)?;
        complain(&format!("{n_accepted} accepted and {n_rejected} rejected are kept in {}", path.display()));
        return Ok(Outcome::Done);
    }
    print(&report::prerequisites(content, &proposals, flags.format, args.all)?)?;
    Ok(if proposals.list.is_empty() { Outcome::Findings } else { Outcome::Done })
}

fn proposals(content: &UnindexedContent, input: &Input, verdicts: &Verdicts, args: &SuggestArgs) -> Proposals {
    let shown = if args.all { 0.0 } else { SHOWN_CONFIDENCE };
    let options = ProposalOptions { all: args.all, min_confidence: args.min_confidence.unwrap_or(shown) };
    let rejected = verdicts.rejected_in(&content.corpus);
    let mut proposals = propose(&content.corpus, &content.graph, Some(input), &rejected, options);
    proposals.list.truncate(args.limit.unwrap_or(if args.all { usize::MAX } else { SHOWN }));
    proposals
}

/// What was accepted before and what is accepted now, the prerequisite first.
fn accepted(
    content: &UnindexedContent,
    proposals: &Proposals,
    verdicts: &Verdicts,
    args: &SuggestArgs,
) -> anyhow::Result<Vec<(PageId, PageId)>> {
    let mut accepted = verdicts.accepted_in(&content.corpus);
    let takes_all =
        args.accept.iter().any(|pair| pair == ALL) || args.diff && args.accept.is_empty() && accepted.is_empty();
    let named: Vec<String> = args.accept.iter().filter(|pair| *pair != ALL).cloned().collect();
    accepted.extend(read_pairs(content, &named)?);
    if takes_all {
        accepted.extend(proposals.list.iter().map(|one| (one.from, one.to)));
    }
    let rejected = verdicts.rejected_in(&content.corpus);
    accepted.retain(|pair| !rejected.contains(pair));
    Ok(accepted)
}

/// What stands for every proposal that is shown.
const ALL: &str = "all";

/// The pages of `FROM,TO` each.
fn read_pairs(content: &UnindexedContent, pairs: &[String]) -> anyhow::Result<Vec<(PageId, PageId)>> {
    let page = |name: &str| {
        let resolved = content.corpus.names().resolve(name);
        match resolved.pages[..] {
            [page] => Ok(page),
            [] => {
                let near: Vec<String> = content
                    .corpus
                    .names()
                    .nearest(name, 3)
                    .into_iter()
                    .map(|page| content.corpus.page(page).id())
                    .collect();
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

fn judged(content: &UnindexedContent, (from, to): (PageId, PageId)) -> JudgedPair {
    JudgedPair { from: content.corpus.page(from).id(), to: content.corpus.page(to).id() }
}

/// Writes what is accepted into the files of the source, or shows what would be written.
fn amend(
    content: &UnindexedContent,
    input: &Input,
    verdicts: &Verdicts,
    accepted: &[(PageId, PageId)],
    args: &SuggestArgs,
) -> anyhow::Result<Outcome> {
    let config = gradus_load::read_config(input)?;
    let amendments = amendments(&content.corpus, &config, input, accepted)?;
    for (from, to, file) in &amendments.left {
        let (from, to) = (content.corpus.page(*from).id(), content.corpus.page(*to).id());
        complain(&format!(
            "{file}: put `{from}` among the prerequisites of {to} by hand: they stand in a form that nothing can be put behind"
        ));
    }
    if args.diff {
        print(&changes::diff(&amendments.changes))?;
    } else {
        let Input::Path(root) = input else { bail!("{input} cannot be written to") };
        changes::write(root, &amendments.changes)?;
        let left =
            |pair: &JudgedPair| amendments.left.iter().any(|(from, to, _)| judged(content, (*from, *to)) == *pair);
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
