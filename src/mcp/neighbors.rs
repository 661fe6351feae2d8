//! `neighbors`: what stands next to a page, one line each, with the reason.

use gradus_engine::questions::page::{PageAnswer, PageQuestion as Page, PageRefParams};
use gradus_engine::questions::page_parts::PrerequisiteRef;
use gradus_engine::questions::params::Both;
use gradus_engine::questions::question::Question as _;
use gradus_engine::questions::reference::PageParams;
use gradus_engine::questions::related::{
    ConceptRelatedQuestion as RelatedConcepts, GuideRelatedQuestion as RelatedGuides, RelatedParams,
};
use gradus_engine::view::View;
use serde::Deserialize;

use super::ask::{Arguments, ToolError, card, read, within};
use super::budget::{ANSWER_TOKENS, CountedLines};

#[derive(Deserialize)]
struct NeighborsArguments {
    id: String,
    relation: RelationArgument,
    limit: Option<i64>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RelationArgument {
    Prerequisites,
    Unlocks,
    Related,
    TaughtBy,
}

/// Tokens kept back for telling what was cut.
const REMARK_TOKENS: usize = 50;

/// Lists what stands next to a page.
pub(super) fn neighbors(view: &View, arguments: Arguments) -> Result<String, ToolError> {
    let given: NeighborsArguments = read(&["id", "relation", "limit"], arguments)?;
    let limit = within("limit", given.limit.unwrap_or(10), 30)?;
    let page = Page::answer(view, PageRefParams { reference: given.id })?;
    let (heading, all) = match given.relation {
        RelationArgument::Prerequisites => ("needs directly", needed(&page.ties.prerequisites)),
        RelationArgument::Unlocks => ("unlocks directly", needed(&page.ties.unlocks)),
        RelationArgument::TaughtBy => ("is taught by", taught(&page)),
        RelationArgument::Related => ("is related to", related(view, &page, limit)?),
    };
    let title = card(&page.page.card);
    if all.is_empty() {
        return Ok(format!("{title} {heading}: nothing."));
    }
    let mut lines = CountedLines::new(ANSWER_TOKENS - REMARK_TOKENS);
    lines.push(&format!("{title} {heading}:"));
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let n_told = all.iter().take(limit).take_while(|line| lines.push(line)).count();
    if n_told < all.len() {
        lines.push_always(&format!("… {} more; ask with a higher limit", all.len() - n_told));
    }
    Ok(lines.into_text())
}

fn needed(pages: &[PrerequisiteRef<'_>]) -> Vec<String> {
    let line = |one: &PrerequisiteRef<'_>| {
        let reason = one.reason.as_ref().map_or(String::new(), |reason| format!(": {reason}"));
        format!("- {} · {}{reason}", card(&one.page), one.strength)
    };
    pages.iter().map(line).collect()
}

/// The guides that teach a concept; of a guide, what it teaches is the other direction and has no line here.
fn taught(page: &PageAnswer<'_>) -> Vec<String> {
    let line = |one: &gradus_engine::questions::concept::TaughtBy<'_>| match &one.section {
        Some(section) => format!("- {} § {} <{}>", card(&one.page), section.title, section.url),
        None => format!("- {} <{}>", card(&one.page), one.page.url),
    };
    page.concept.taught_by.iter().map(line).collect()
}

fn related(view: &View, page: &PageAnswer<'_>, limit: i64) -> Result<Vec<String>, ToolError> {
    let params = || {
        let params = RelatedParams { limit: Some(limit), ..RelatedParams::default() };
        Both(PageParams { id: page.page.card.id.clone() }, params)
    };
    let is_concept = &*page.page.card.kind == "concept";
    let list =
        if is_concept { RelatedConcepts::answer(view, params()) } else { RelatedGuides::answer(view, params()) }?;
    let line = |one: &gradus_engine::questions::related::RelatedItem<'_>| {
        let reason = one.reasons.first().map_or("", |reason| reason.text.as_str());
        format!("- {} · {}: {reason}", card(&one.page), one.group)
    };
    Ok(list.items.iter().map(line).collect())
}
