//! What the tools share: arguments, what goes wrong, and how a page is named in a line.

use gradus_engine::questions::card::Card;
use gradus_engine::questions::reference::Ref;
use gradus_engine::questions::refusal::{Failure, QuestionError, Refusal};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Arguments as a client sent them.
pub(super) type Arguments = Map<String, Value>;

/// Why a tool gives no answer.
#[derive(Debug)]
pub(super) enum ToolError {
    /// The agent's fault, in words that tell it what to ask instead.
    Refused(String),
    /// Ours: logged, and told in general words only.
    Failed(Failure),
}

impl From<Refusal> for ToolError {
    fn from(refusal: Refusal) -> Self {
        let mut told = refusal.detail;
        if !refusal.suggestions.is_empty() {
            told = format!("{told}. Nearest: {}.", refusal.suggestions.join(", "));
        }
        Self::Refused(told)
    }
}

impl From<QuestionError> for ToolError {
    fn from(error: QuestionError) -> Self {
        match error {
            QuestionError::Refusal(refusal) => refusal.into(),
            QuestionError::Failure(failure) => Self::Failed(failure),
        }
    }
}

/// The arguments of a tool as its type. `names` are all that it takes: one more is refused, as it would be by HTTP.
///
/// # Errors
/// If one is unknown, missing or of the wrong kind.
pub(super) fn read<T: DeserializeOwned>(names: &[&str], arguments: Arguments) -> Result<T, ToolError> {
    if let Some(unknown) = arguments.keys().find(|name| !names.contains(&name.as_str())) {
        let told = format!("There is no argument `{unknown}` here. It takes {}.", names.join(", "));
        return Err(ToolError::Refused(told));
    }
    serde_json::from_value(Value::Object(arguments))
        .map_err(|wrong| ToolError::Refused(format!("The arguments cannot be read: {wrong}.")))
}

/// `value`, if it lies within the bounds that the schema tells.
///
/// # Errors
/// If it does not.
pub(super) fn within(name: &str, value: i64, max: i64) -> Result<i64, ToolError> {
    if (1..=max).contains(&value) {
        return Ok(value);
    }
    Err(ToolError::Refused(format!("`{name}` is {value}; give 1 to {max}.")))
}

/// `Title (kind:slug)`: what a reader is told, and what an agent asks with.
pub(super) fn named(title: &str, id: &str) -> String {
    format!("{title} ({id})")
}

/// The same of a card.
pub(super) fn card(page: &Card<'_>) -> String {
    let name = named(&page.title, &page.id);
    if page.locked { format!("{name} [locked]") } else { name }
}

/// The same of several pages, with commas between.
pub(super) fn all_named(pages: &[Ref<'_>]) -> String {
    pages.iter().map(|page| named(&page.title, &page.id)).collect::<Vec<_>>().join(", ")
}
