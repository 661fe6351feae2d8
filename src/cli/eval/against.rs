//! `gradus eval --against`: a comparison as a table.

use gradus_engine::eval::against::{ComparedMetric, Comparison, QueryLoss};
use gradus_engine::eval::bootstrap::Interval;

/// Pages that are named for a loss.
const SHOWN_PAGES: usize = 3;

/// Means side by side, then the losses.
pub(super) fn comparison_table(compared: &Comparison) -> String {
    let Comparison { better, equal, worse, resamples, seed, losses, .. } = compared;
    let row = |name: &str, metric: &ComparedMetric| {
        let ComparedMetric { ours, theirs, difference, interval: Interval { low, high } } = metric;
        format!("{name:<12}{ours:.4}  {theirs:.4}  {difference:+.4}  {low:+.4} to {high:+.4}\n")
    };
    let mut rows = vec![
        format!(
            "\nagainst {}\n{:12}{:<8}{:<8}{:<9}95 of 100 draws\n",
            compared.against, "", "ours", "theirs", "differ"
        ),
        row("nDCG@10", &compared.ndcg_at_10),
        row("MRR", &compared.mrr),
        row("recall@100", &compared.recall_at_100),
        format!("queries: {better} better, {equal} alike, {worse} worse; {resamples} draws, seed {seed}\n"),
    ];
    if !losses.is_empty() {
        rows.push("\nlost, worst first\n".to_owned());
    }
    rows.extend(losses.iter().map(loss_row));
    rows.concat()
}

fn loss_row(loss: &QueryLoss) -> String {
    let label = loss.id.as_ref().map_or(String::new(), |id| format!("{id}: "));
    let QueryLoss { q, difference, ours, theirs, missed, instead, .. } = loss;
    let told = [named("only theirs", missed), named("ours instead", instead)].concat();
    let told = if told.is_empty() { "; the same pages in another order".to_owned() } else { told };
    format!("{difference:+.4}  {label}{q}\n         ours {ours:.4}, theirs {theirs:.4}{told}\n")
}

/// Some of `pages` behind what they are; nothing of none.
fn named(what: &str, pages: &[String]) -> String {
    let shown: Vec<&str> = pages.iter().take(SHOWN_PAGES).map(String::as_str).collect();
    let more = if pages.len() > SHOWN_PAGES { ", …" } else { "" };
    if shown.is_empty() { String::new() } else { format!("; {what}: {}{more}", shown.join(", ")) }
}
