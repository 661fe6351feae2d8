//! `gradus gaps`: what is missing from content.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, bail};
use gradus_engine::gaps::{AskedQuery, Gaps, gaps as find_gaps};
use gradus_engine::viewer::Viewer;
use serde::Deserialize;

use super::args::{AskFlags, Format, GapsArgs};
use super::{Outcome, counted, print, serve};

/// Tells what is missing from a source.
pub(super) fn gaps(args: &GapsArgs, flags: &AskFlags) -> anyhow::Result<Outcome> {
    let asked = args.queries.as_deref().map(read_queries).transpose()?.unwrap_or_default();
    let input = serve::input(args.path.as_ref().or(flags.source.as_ref()));
    let snapshot = serve::built(&input)?;
    let found = match find_gaps(snapshot.view(Viewer::Pro), asked) {
        Ok(found) => found,
        Err(why) => bail!("a query cannot be asked: {why:?}"),
    };
    match flags.format {
        Format::Json => print(&(serde_json::to_string(&found)? + "\n"))?,
        Format::Ndjson => bail!("there is one answer here: ask for `-f json`"),
        Format::Table | Format::Md => print(&text(&found)?)?,
    }
    Ok(if found.is_empty() { Outcome::Done } else { Outcome::Findings })
}

/// The part of the answer of `/admin/queries` that counts here.
#[derive(Deserialize)]
struct QueriesReport {
    without_hits: Vec<AskedQuery>,
}

fn read_queries(path: &Path) -> anyhow::Result<Vec<AskedQuery>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let report: QueriesReport = serde_json::from_str(&text)
        .with_context(|| format!("{} is not what `GET /admin/queries` answers", path.display()))?;
    Ok(report.without_hits)
}

/// `gaps` as Markdown, which reads well on a terminal.
fn text(gaps: &Gaps) -> anyhow::Result<String> {
    let mut out = String::new();
    if !gaps.unanswered.is_empty() {
        writeln!(out, "## Looked for and not found ({})\n", gaps.unanswered.len())?;
        for one in &gaps.unanswered {
            writeln!(out, "- {}, {}", one.q, counted(usize::try_from(one.count)?, "time"))?;
        }
        out.push('\n');
    }
    if !gaps.untaught.is_empty() {
        writeln!(out, "## In use and taught by no guide ({})\n", gaps.untaught.len())?;
        for one in &gaps.untaught {
            let bare = if one.has_text { "" } else { ", without a text of its own" };
            let (needed, named) = (counted(one.needed_by, "page"), counted(one.named_on, "page"));
            writeln!(out, "- {} ({}): needed by {needed}, named on {named}{bare}", one.title, one.id)?;
        }
        out.push('\n');
    }
    if !gaps.backward.is_empty() {
        writeln!(out, "## Needed before it comes ({})\n", gaps.backward.len())?;
        for one in &gaps.backward {
            writeln!(out, "- {}:{}: {} needs {}, which comes later", one.file, one.line, one.guide, one.needs)?;
            if one.comes_in != one.needs {
                writeln!(out, "  in {}", one.comes_in)?;
            }
        }
        out.push('\n');
    }
    if out.is_empty() {
        out.push_str("Nothing is missing.\n");
    }
    Ok(out.trim_end().to_owned() + "\n")
}
