//! `learning_path`: a plan as lines, one a step.

use gradus_engine::questions::card::Card;
use gradus_engine::questions::list::Slice;
use gradus_engine::questions::plan::{OVER_BUDGET, PlanAnswer, PlanParams, PlanQuestion as Plan, PlanStep};
use gradus_engine::questions::question::Question as _;
use gradus_engine::view::View;
use serde::Deserialize;

use super::ask::{Arguments, ToolError, named, read, within};
use super::budget::{ANSWER_TOKENS, CountedLines};
use crate::counted::counted;

#[derive(Deserialize)]
struct PathArguments {
    target: Vec<String>,
    #[serde(default)]
    known: Vec<String>,
    budget_minutes: Option<i64>,
    max_steps: Option<i64>,
    cursor: Option<String>,
}

/// Tokens kept back for what is told below the steps.
const REMARK_TOKENS: usize = 250;

/// Plans, and tells the steps from the cursor on.
pub(super) fn learning_path(view: &View, arguments: Arguments) -> Result<String, ToolError> {
    let names = ["target", "known", "budget_minutes", "max_steps", "cursor"];
    let given: PathArguments = read(&names, arguments)?;
    let max_steps = within("max_steps", given.max_steps.unwrap_or(12), 30)?;
    let slice = Slice::new(view, Some(max_steps), given.cursor.as_deref())?;
    let params = PlanParams {
        target: given.target,
        known: given.known,
        budget: given.budget_minutes.map(|minutes| minutes.to_string()),
        ..PlanParams::default()
    };
    let plan = Plan::answer(view, params)?;
    let mut lines = CountedLines::new(ANSWER_TOKENS - REMARK_TOKENS);
    lines.push(&headline(&plan));
    let mut n_told = 0;
    for step in plan.steps.iter().skip(slice.offset).take(slice.limit) {
        if !lines.push(&line(step)) {
            break;
        }
        n_told += 1;
    }
    let end = slice.offset + n_told;
    if end < plan.steps.len() {
        let more = counted(plan.steps.len() - end, "more step");
        lines.push_always(&format!("… {more}; cursor {}", Slice::cursor(view, end)));
    }
    for remark in remarks(&plan) {
        lines.push(&remark);
    }
    Ok(lines.into_text())
}

fn headline(plan: &PlanAnswer<'_>) -> String {
    let targets: Vec<String> = plan.targets.iter().map(|one| named(&one.title, &one.id)).collect();
    let targets = targets.join(", ");
    if let (true, Some(budget), Some(smallest)) = (plan.steps.is_empty(), plan.budget_minutes, smallest(plan)) {
        let (name, minutes) = (named(&smallest.title, &smallest.id), smallest.minutes);
        return format!(
            "Nothing of the way to {targets} fits {budget} min: {name}, the shortest beginning, takes {minutes}."
        );
    }
    if plan.steps.is_empty() {
        return format!("{targets}: all that it needs is known.");
    }
    let fits = match plan.budget_minutes {
        Some(budget) if !plan.fits => format!("; more than the {budget} min given"),
        Some(budget) => format!("; fits {budget} min"),
        None => String::new(),
    };
    let locked = if plan.minutes_locked > 0 {
        format!(" ({} free, {} locked)", plan.minutes_free, plan.minutes_locked)
    } else {
        String::new()
    };
    format!("The way to {targets}: {}, {} min{locked}{fits}.", counted(plan.steps.len(), "step"), plan.minutes_total)
}

/// What takes the fewest minutes of all that the budget alone keeps out of the plan.
fn smallest<'a>(plan: &'a PlanAnswer<'a>) -> Option<&'a Card<'a>> {
    let over_budget = plan.deferred.iter().filter(|one| &*one.reason == OVER_BUDGET).map(|one| &one.concept);
    over_budget.min_by_key(|concept| concept.minutes)
}

/// `3. KV cache (concept:kv-cache) · 20 min · read Guide § Section <url> · for PagedAttention`.
fn line(step: &PlanStep<'_>) -> String {
    let what = if step.concepts.is_empty() { guide(step) } else { concepts(step) };
    let mut line = format!("{}. {what} · {} min · {}", step.n, step.minutes, lesson(step));
    if step.locked {
        line += " [locked]";
    }
    if step.together {
        line += " · learn together: each needs the other";
    }
    // The chain begins with the concept itself; the next in it is what needs it.
    if let Some(needs_it) = step.why.get(1) {
        line += &format!(" · for {}", needs_it.title);
    }
    if &*step.strength == "recommended" {
        line += " · recommended";
    }
    line
}

fn concepts(step: &PlanStep<'_>) -> String {
    step.concepts.iter().map(|one| named(&one.title, &one.id)).collect::<Vec<_>>().join(", ")
}

fn guide(step: &PlanStep<'_>) -> String {
    step.material.guide.as_ref().map(|one| named(&one.title, &one.id)).unwrap_or_default()
}

fn lesson(step: &PlanStep<'_>) -> String {
    match (&step.material.guide, &step.material.section) {
        (Some(guide), Some(section)) => format!("read {} § {} <{}>", guide.title, section.title, section.url),
        (Some(guide), None) => format!("read {} <{}>", guide.title, guide.url),
        (None, _) => format!("its own page <{}>", step.concepts.first().map_or("", |concept| &*concept.url)),
    }
}

fn remarks(plan: &PlanAnswer<'_>) -> Vec<String> {
    let mut remarks = Vec::new();
    let name = |one: &Card<'_>| named(&one.title, &one.id);
    let left_out: Vec<String> =
        plan.deferred.iter().map(|one| format!("{}: {}", name(&one.concept), one.reason)).collect();
    if !left_out.is_empty() {
        remarks.push(format!("Left out: {}", left_out.join(", ")));
    }
    let gaps: Vec<String> = plan.gaps.iter().map(|gap| name(&gap.concept)).collect();
    if !gaps.is_empty() {
        remarks.push(format!("No guide teaches: {}", gaps.join(", ")));
    }
    remarks
}
