//! The quiz and interview questions of a guide.

use gradus_corpus::{Question, QuestionKind};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::filter::known;
use super::{AskError, List, Ref, View, comma_list, find_guide};

/// Which questions.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct QuestionsAsk {
    /// `quiz`, `interview`; both where not given.
    #[serde(deserialize_with = "comma_list")]
    pub kind: Vec<String>,
}

/// A question.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionAnswer<'a> {
    /// Unique within the guide.
    pub id: &'a str,
    /// `quiz` or `interview`.
    pub kind: &'static str,
    /// What is asked.
    pub prompt: &'a str,
    /// The choices of a quiz; null where locked and for interviews.
    pub choices: Option<&'a [Box<str>]>,
    /// The right choice or the model answer; null where locked.
    pub answer: Option<&'a str>,
    /// Why; null where locked.
    pub explanation: Option<&'a str>,
    /// What it tests.
    pub concepts: Vec<Ref<'a>>,
    /// Whether choices, answer and explanation are withheld from the viewer.
    pub locked: bool,
}

/// The questions of the guide that `reference` names, in the author's order.
///
/// # Errors
/// If there is no such guide or kind.
pub fn questions<'a>(
    view: &'a View,
    reference: &str,
    ask: &QuestionsAsk,
) -> Result<List<QuestionAnswer<'a>>, AskError> {
    known("kind", &ask.kind, QuestionKind::ALL, QuestionKind::as_str)?;
    let guide = view.corpus.page(find_guide(view, reference)?);
    let wanted = guide
        .questions
        .iter()
        .filter(|question| ask.kind.is_empty() || ask.kind.iter().any(|kind| kind == question.kind.as_str()));
    Ok(List::whole(view, wanted.map(|question| dress(view, question)).collect()))
}

fn dress<'a>(view: &'a View, question: &'a Question) -> QuestionAnswer<'a> {
    QuestionAnswer {
        id: &question.id,
        kind: question.kind.as_str(),
        prompt: &question.prompt,
        choices: question.choices.as_deref(),
        answer: question.answer.as_deref(),
        explanation: question.explanation.as_deref(),
        concepts: Ref::all(&view.corpus, &question.concepts),
        locked: question.locked,
    }
}
