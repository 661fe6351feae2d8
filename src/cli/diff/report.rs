//! A change as people read it: Markdown that fits into the description of a pull request.

use std::fmt::Write as _;

use super::compare::{GraphChange, NeedChange};

/// `change` as Markdown.
pub(super) fn markdown(change: &GraphChange) -> anyhow::Result<String> {
    let mut out = String::new();
    let need = |need: &NeedChange| format!("{} before {}", need.from, need.to);
    let parts = [
        ("Prerequisite cycles made", change.cycles_added.iter().map(|cycle| cycle.join(", ")).collect()),
        ("Concepts that lost their only teacher", change.untaught.clone()),
        (
            "New problems",
            change
                .problems
                .iter()
                .map(|one| format!("{} `{}:{}` {}", one.code, one.file, one.line, one.message))
                .collect(),
        ),
        ("Pages added", change.pages_added.clone()),
        ("Pages gone", change.pages_removed.clone()),
        ("Prerequisites added", change.prerequisites_added.iter().map(need).collect()),
        ("Prerequisites gone", change.prerequisites_removed.iter().map(need).collect()),
        (
            "More to learn before",
            change
                .longer
                .iter()
                .map(|way| {
                    format!(
                        "{}: {} → {} steps, {} → {} min",
                        way.page, way.steps_before, way.steps_after, way.minutes_before, way.minutes_after
                    )
                })
                .collect::<Vec<String>>(),
        ),
    ];
    for (title, lines) in parts {
        if lines.is_empty() {
            continue;
        }
        writeln!(out, "### {title} ({})\n", lines.len())?;
        for line in lines {
            writeln!(out, "- {line}")?;
        }
        out.push('\n');
    }
    if out.is_empty() {
        out.push_str("The graph is as it was.\n");
    }
    Ok(out)
}
