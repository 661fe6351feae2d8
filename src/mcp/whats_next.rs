//! `whats_next`: what can be learned now, one line each.

use gradus_engine::questions::next::{NextItem, NextParams, NextQuestion as Next};
use gradus_engine::questions::question::Question as _;
use gradus_engine::view::View;
use serde::Deserialize;

use super::ask::{Arguments, ToolError, all_named, card, read, within};
use super::budget::{ANSWER_TOKENS, CountedLines};

#[derive(Deserialize)]
struct NextArguments {
    #[serde(default)]
    known: Vec<String>,
    goal: Option<String>,
    limit: Option<i64>,
}

/// Lists what can be learned now.
pub(super) fn whats_next(view: &View, arguments: Arguments) -> Result<String, ToolError> {
    let given: NextArguments = read(&["known", "goal", "limit"], arguments)?;
    let limit = within("limit", given.limit.unwrap_or(5), 20)?;
    let params = NextParams { known: given.known, goal: given.goal, limit: Some(limit), ..NextParams::default() };
    let next = Next::answer(view, params)?;
    if next.items.is_empty() {
        return Ok("Nothing is left to learn on the way there.".to_owned());
    }
    let mut lines = CountedLines::new(ANSWER_TOKENS);
    lines.push(&format!("{} can be learned now; the first of them:", next.total));
    for item in &next.items {
        if !lines.push(&line(item)) {
            break;
        }
    }
    Ok(lines.into_text())
}

fn line(item: &NextItem<'_>) -> String {
    let mut line = format!("- {} · {} min", card(&item.page), item.page.minutes);
    if item.unlocks_count > 0 {
        line += &format!(" · {} need it", item.unlocks_count);
    }
    if !item.together.is_empty() {
        line += &format!(" · together with {}", all_named(&item.together));
    }
    let unlocks: Vec<&str> = item.unlocks.iter().take(3).map(|one| &*one.title).collect();
    if !unlocks.is_empty() {
        line += &format!(" · unlocks {}", unlocks.join(", "));
    }
    line
}
