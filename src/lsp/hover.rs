//! What is known of a page, in a few lines.

use std::fmt::Write as _;

use gradus_corpus::PageId;
use gradus_engine::limits;
use gradus_graph::{ClosureOptions, StrengthFilter};

use super::world::World;

/// Pages of one sort that are named: a window over a text is no list.
const NAMED: usize = 5;

/// What a reader of the name of `page` wants to know, as Markdown.
pub(super) fn about(world: &World, page: PageId) -> String {
    let of = world.corpus.page(page);
    let level = of.level.map_or_else(String::new, |level| format!(", {}", level.as_str()));
    let mut out = format!("**{}** ({}{level}, {} min)\n", of.title, of.kind, of.minutes);
    if let Some(description) = &of.description {
        out += &format!("\n{description}\n");
    }
    let options = ClosureOptions {
        depth: None,
        strength: StrengthFilter::Required,
        reduce: false,
        max_pages: limits::CLOSURE_PAGES,
    };
    let before = world.graph.prerequisites(page, &options);
    let direct = ClosureOptions { depth: Some(1), ..options };
    let needed = world.graph.prerequisites(page, &direct).pages;
    let after = world.graph.unlocks(page, &options).pages;
    let unlocked = world.graph.unlocks(page, &direct).pages;
    let mut line = |name: &str, pages: &[PageId], more: String| {
        if !pages.is_empty() {
            let titles: Vec<&str> = pages.iter().take(NAMED).map(|page| &*world.corpus.page(*page).title).collect();
            let rest = pages.len().saturating_sub(NAMED);
            let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
            // Writing to a string cannot fail.
            writeln!(out, "\n{name}: {}{rest}{more}", titles.join(", ")).unwrap_or_default();
        }
    };
    let depth = before.levels.len();
    line("Needs", &needed, format!(" (depth {depth}, {} before it in all)", before.pages.len()));
    let taught: Vec<PageId> = world.graph.taught_by(page).collect();
    line("Taught by", &taught, String::new());
    let teaches: Vec<PageId> = world.graph.teaches(page).collect();
    line("Teaches", &teaches, String::new());
    line("Unlocks", &unlocked, format!(" ({} in all)", after.len()));
    if needed.is_empty() {
        out += "\nNeeds nothing (depth 0)\n";
    }
    let file = world.home(page).0;
    if !file.is_empty() {
        out += &format!("\n`{file}`\n");
    }
    out
}
