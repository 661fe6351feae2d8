//! The commands that ask a question: in this process, or of a running server, with the same types.

use std::io::Write;

use anyhow::{Context, bail};
use clap::ArgMatches;
use gradus_engine::questions::answer::{Answer, AnswerBody};
use gradus_engine::questions::entry::QuestionEntry;
use gradus_engine::questions::markdown::page_markdown;
use gradus_engine::questions::reference::find;
use gradus_engine::questions::refusal::{QuestionError, Refusal};
use gradus_engine::questions::sheet::SheetContent;
use gradus_engine::viewer::Viewer;

use super::args::{AskFlags, Format};
use super::commands::{alternatives, pairs};
use super::remote::{Remote, RemoteAnswer, RemoteProblem};
use super::{Outcome, complain, kept, layout, print, serve, with_suggestions};

/// Asks the questions of `command`, the first that fits and has an answer, and prints it.
pub(super) fn ask(command: &str, matches: &ArgMatches, flags: &AskFlags) -> anyhow::Result<Outcome> {
    let calls: Vec<_> = alternatives(command).into_iter().map(|entry| (entry, pairs(entry, matches))).collect();
    // What is laid out for people is made of the whole answer; a part of it is data.
    let is_part = calls.iter().any(|(_, pairs)| selects_fields(pairs));
    let flags = AskFlags { format: if is_part { Format::Json } else { flags.format }, ..flags.clone() };
    match &flags.server {
        Some(server) => remote(&Remote::new(server, flags.token.as_deref()), &calls, flags.format),
        None => local(&calls, &flags),
    }
}

/// Whether a part of the answer is asked for.
fn selects_fields(pairs: &[(String, String)]) -> bool {
    pairs.iter().any(|(name, _)| name == "fields")
}

/// Questions with their parameters.
type Calls = [(&'static QuestionEntry, Vec<(String, String)>)];

fn local(calls: &Calls, flags: &AskFlags) -> anyhow::Result<Outcome> {
    let mut refusal = None;
    let mut ready = Vec::new();
    // What is asked wrongly is told before anything is loaded.
    for (entry, pairs) in calls {
        match entry.read(pairs) {
            Ok(call) if call.fits() => ready.push((*entry, call)),
            Ok(_) => {}
            Err(wrong) => refusal = refusal.or(Some(wrong)),
        }
    }
    if let (true, Some(wrong)) = (ready.is_empty(), &refusal) {
        return refuse(wrong);
    }
    let mut bar = serve::bar();
    let input = serve::input(flags.source.as_ref());
    let kept = kept::load(&input, flags.no_cache, &mut |progress| bar(progress))?;
    drop(bar);
    serve::tell_errors(&kept.snapshot.diagnostics, &input);
    let view = kept.snapshot.view(Viewer::entitled(&flags.entitlements));
    for (entry, call) in ready {
        match call.answer(view) {
            Ok(answer) => {
                let text = answer.page().filter(|_| is_read(flags.format)).map(|page| find(view, page)).transpose();
                let text = text.map_err(|why| anyhow::anyhow!(why.detail))?.map(|page| page_markdown(view, page));
                return show_page(entry, &*answer, text, flags.format);
            }
            Err(QuestionError::Refusal(why)) if why.code.is_absence() && !settles(&why.suggestions) => {
                refusal = Some(more_helpful(refusal, why, |refusal| &refusal.suggestions));
            }
            Err(QuestionError::Refusal(why)) => return refuse(&why),
            Err(QuestionError::Failure(failure)) => return Err(failure.into()),
        }
    }
    match refusal {
        Some(refusal) => refuse(&match unheard_of(calls, &refusal.suggestions) {
            Some(detail) if refusal.code.is_absence() => Refusal::new(refusal.code, detail),
            _ => refusal,
        }),
        None => bail!("no question fits; see `gradus help`"),
    }
}

fn remote(remote: &Remote, calls: &Calls, format: Format) -> anyhow::Result<Outcome> {
    let fits =
        |entry: &QuestionEntry, pairs: &Vec<(String, String)>| entry.read(pairs).map_or(true, |call| call.fits());
    let mut absence = None;
    for (entry, pairs) in calls.iter().filter(|(entry, pairs)| fits(entry, pairs)) {
        match remote.ask(entry, pairs)? {
            RemoteAnswer::Json(json) if selects_fields(pairs) => {
                print_bytes(&json)?;
                return Ok(Outcome::Done);
            }
            RemoteAnswer::Json(json) if format == Format::Json => {
                print_bytes(&json)?;
                let answer = entry.decode(&json).context("the server answered in a shape that is unknown here")?;
                return Ok(outcome(entry, &*answer));
            }
            RemoteAnswer::Json(json) => {
                let answer = entry.decode(&json).context("the server answered in a shape that is unknown here")?;
                let page = answer.page().filter(|_| is_read(format));
                let text = page.map(|page| remote.markdown(page)).transpose()?;
                return show_page(entry, &*answer, text, format);
            }
            RemoteAnswer::Text(text) => {
                print_bytes(&text)?;
                return Ok(Outcome::Done);
            }
            RemoteAnswer::Problem(problem) if problem.is_absence() => {
                let is_settled = settles(problem.suggestions());
                absence = Some(more_helpful(absence, problem, RemoteProblem::suggestions));
                if is_settled {
                    break;
                }
            }
            RemoteAnswer::Problem(problem) => bail!(problem.message()),
        }
    }
    match absence {
        Some(problem) => {
            let told = unheard_of(calls, problem.suggestions()).unwrap_or_else(|| problem.message());
            complain(&format!("error: {told}"));
            Ok(Outcome::Findings)
        }
        None => bail!("no question fits; see `gradus help`"),
    }
}

/// Whether nobody else needs to be asked: the page is there, and other parts of it are suggested than the one that is not.
fn settles(suggestions: &[String]) -> bool {
    suggestions.iter().any(|suggested| suggested.contains('#'))
}

/// What is told where a command asks for a page of either kind, and there is none of either or near it: that it is no concept would
/// be half of it.
fn unheard_of(calls: &Calls, suggestions: &[String]) -> Option<String> {
    let (entry, pairs) = calls.first().filter(|_| calls.len() > 1 && suggestions.is_empty())?;
    let (_, name) = pairs.iter().find(|(name, _)| entry.is_in_path(name))?;
    Some(format!("nothing is called '{name}'"))
}

/// Of two reasons why there is no answer the one that suggests something; of two that do, or do not, the first.
fn more_helpful<R>(before: Option<R>, now: R, suggestions: impl Fn(&R) -> &[String]) -> R {
    match before {
        Some(before) if !suggestions(&before).is_empty() || suggestions(&now).is_empty() => before,
        _ => now,
    }
}

/// Tells what is wrong. What does not exist is a finding, anything else an error.
fn refuse(refusal: &Refusal) -> anyhow::Result<Outcome> {
    let message = with_suggestions(&refusal.detail, &refusal.suggestions);
    if refusal.code.is_absence() {
        complain(&format!("error: {message}"));
        return Ok(Outcome::Findings);
    }
    bail!(message)
}

/// Whether an answer is printed for somebody who reads.
fn is_read(format: Format) -> bool {
    matches!(format, Format::Table | Format::Md)
}

/// Prints the answer and, of a page, its text: as Markdown it is the page as every other door shows it.
fn show_page(
    entry: &QuestionEntry,
    answer: &dyn Answer,
    text: Option<String>,
    format: Format,
) -> anyhow::Result<Outcome> {
    match text {
        Some(text) if format == Format::Md => {
            print(&layout::printable(&text))?;
            Ok(outcome(entry, answer))
        }
        None => show(entry, answer, format),
        Some(text) => {
            let mut sheet = answer.sheet();
            // The text tells it as well.
            if let SheetContent::Fields(fields) = &mut sheet.content {
                fields.fields.retain(|(name, _)| *name != "description");
            }
            print(&layout::lay_out(&sheet, format, terminal_width()))?;
            print(&format!("\n{}", layout::fold_text(&text, terminal_width())))?;
            Ok(outcome(entry, answer))
        }
    }
}

fn show(entry: &QuestionEntry, answer: &dyn Answer, format: Format) -> anyhow::Result<Outcome> {
    match answer.body()? {
        AnswerBody::Json(json) => {
            if format == Format::Json {
                print_bytes(&json)?;
            } else {
                print(&layout::lay_out(&answer.sheet(), format, terminal_width()))?;
            }
        }
        AnswerBody::Text { text, .. } => {
            print(&text)?;
            if !text.ends_with('\n') && format != Format::Json {
                print("\n")?;
            }
        }
        AnswerBody::Pieces { pieces, .. } => {
            for piece in pieces {
                print(&piece)?;
            }
        }
    }
    Ok(outcome(entry, answer))
}

/// Nothing found is a finding, where something is looked for.
fn outcome(entry: &QuestionEntry, answer: &dyn Answer) -> Outcome {
    if entry.wants_items && answer.n_found() == Some(0) { Outcome::Findings } else { Outcome::Done }
}

fn print_bytes(bytes: &[u8]) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(())
}

/// Fewer columns are no terminal.
const MIN_COLUMNS: usize = 20;

/// Columns of the terminal, or what `COLUMNS` says; `None` where the result goes elsewhere.
pub(super) fn terminal_width() -> Option<usize> {
    // Shells keep it to themselves: who exports it means it.
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    if let Some(columns) = said.filter(|columns| *columns >= MIN_COLUMNS) {
        return Some(columns);
    }
    let (width, _) = terminal_size::terminal_size_of(std::io::stdout())?;
    Some(usize::from(width.0))
}
