//! `gradus eval` of search.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde_json::json;

use super::against::comparison_table;
use super::{Outcome, complain, print, serve, viewer};
use crate::cli::args::{AskFlags, EvalArgs, Format};
use gradus_engine::eval::against::{Comparison, answer_plainly, compare};
use gradus_engine::eval::judgements::{JudgedQuery, JudgementError, JudgementText, collection, golden};
use gradus_engine::eval::search::{QueryResult, SearchQuality, answer, measure, trec_run};
use gradus_engine::view::View;

/// Relevant pages that are named for a query in a table.
const SHOWN_MISSING: usize = 3;

/// Measures answers against judgements.
pub(super) fn eval(args: &EvalArgs, flags: &AskFlags) -> anyhow::Result<Outcome> {
    let (judgements, source) = split(&args.files)?;
    let snapshot = serve::built(&serve::input(source.or(flags.source.as_ref())))?;
    let view = snapshot.view(viewer(&flags.entitlements));
    let judged = judged(view, judgements)?;
    let answered = answer(view, &judged)?;
    if let Some(path) = &args.run {
        std::fs::write(path, trec_run(&answered)).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let measured = measure(view, &answered, args.worst);
    let theirs = args.against.map(|_| answer_plainly(view, &judged));
    let compared = theirs.as_deref().map(|theirs| compare(&judged, &answered, theirs, args.worst));
    print(&match flags.format {
        Format::Json => serde_json::to_string_pretty(&told(&measured, compared.as_ref()))? + "\n",
        Format::Ndjson => lines(&answered, theirs.as_deref())?,
        Format::Table | Format::Md => table(&measured) + &compared.as_ref().map_or_else(String::new, comparison_table),
    })?;
    Ok(match args.floor {
        Some(floor) if measured.ndcg_at_10 < floor => {
            complain(&format!("nDCG@10 {:.4} is below the floor of {floor:.4}", measured.ndcg_at_10));
            Outcome::Findings
        }
        _ => Outcome::Done,
    })
}

/// The files of judgements, and the source behind them if one is named.
fn split(files: &[PathBuf]) -> anyhow::Result<(&[PathBuf], Option<&PathBuf>)> {
    let is_golden =
        |path: &PathBuf| path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
    let n = match files {
        [] => bail!("give golden queries (.yaml), or queries (.jsonl) and their judgements (.tsv)"),
        [first, ..] if is_golden(first) => 1,
        [_] => bail!("queries need judgements: gradus eval QUERIES QRELS"),
        _ => 2,
    };
    match files {
        [_, _, _] if n == 1 => bail!("golden queries and one source are all that is taken"),
        _ => Ok((&files[..n], files.get(n))),
    }
}

/// The judged queries in `files`: golden queries alone, or queries and their judgements.
pub(in crate::cli) fn judged(view: &View, files: &[PathBuf]) -> anyhow::Result<Vec<JudgedQuery>> {
    let texts = files.iter().map(|path| text_of(path)).collect::<anyhow::Result<Vec<_>>>()?;
    let sources: Vec<JudgementText<'_>> = texts.iter().map(|(file, text)| JudgementText { file, text }).collect();
    let read = match sources[..] {
        [queries, qrels] => collection(&view.corpus, queries, qrels),
        _ => golden(&view.corpus, sources[0]),
    };
    let judged = read.map_err(|wrong| anyhow::Error::msg(list(&wrong)))?;
    if judged.is_empty() {
        bail!("{}: no query is judged", sources[0].file);
    }
    Ok(judged)
}

fn text_of(path: &Path) -> anyhow::Result<(String, String)> {
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {file}"))?;
    Ok((file, text))
}

fn list(wrong: &[JudgementError]) -> String {
    wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The measures without the whole rankings, which are what `--run` is for.
fn told(measured: &SearchQuality, compared: Option<&Comparison>) -> serde_json::Value {
    let mut told = json!(measured);
    for one in told["worst"].as_array_mut().into_iter().flatten() {
        shorten(one);
    }
    if let Some(compared) = compared {
        told["comparison"] = json!(compared);
    }
    told
}

fn shorten(answered: &mut serde_json::Value) {
    if let Some(ranked) = answered["ranked"].as_array_mut() {
        ranked.truncate(SHOWN_MISSING);
    }
}

/// One query a line, with what another search made of it under its name.
fn lines(answered: &[QueryResult], theirs: Option<&[QueryResult]>) -> anyhow::Result<String> {
    let mut lines = String::new();
    for (at, one) in answered.iter().enumerate() {
        let mut told = json!(one);
        shorten(&mut told);
        if let Some(other) = theirs.and_then(|theirs| theirs.get(at)) {
            let QueryResult { ndcg_at_10, reciprocal_rank, recall_at_100, .. } = other;
            told["bm25"] = json!({
                "ndcg_at_10": ndcg_at_10, "reciprocal_rank": reciprocal_rank, "recall_at_100": recall_at_100
            });
        }
        writeln!(lines, "{told}")?;
    }
    Ok(lines)
}

fn table(measured: &SearchQuality) -> String {
    let SearchQuality { queries, ndcg_at_10, mrr, recall_at_100, worst, .. } = measured;
    let mut rows = vec![format!(
        "queries     {queries}\nnDCG@10     {ndcg_at_10:.4}\nMRR         {mrr:.4}\nrecall@100  {recall_at_100:.4}\n"
    )];
    if !worst.is_empty() {
        rows.push("\nworst\n".to_owned());
    }
    rows.extend(worst.iter().map(|one| {
        let label = one.id.as_ref().map_or(String::new(), |id| format!("{id}: "));
        let missing: Vec<&str> = one.missing.iter().take(SHOWN_MISSING).map(String::as_str).collect();
        let (n, first) = (one.missing.len(), one.ranked.first().map_or("nothing", String::as_str));
        let missing = if n == 0 {
            "all relevant pages in the first ten".to_owned()
        } else {
            let more = if n > SHOWN_MISSING { ", …" } else { "" };
            format!("{n} relevant not in the first ten: {}{more}", missing.join(", "))
        };
        format!("{:.4}  {label}{}\n        first {first}; {missing}\n", one.ndcg_at_10, one.q)
    }));
    rows.concat()
}
