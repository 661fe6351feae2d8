//! The quiz of a guide: a form whose answers stand in the address, checked here, so that it works without a script.

use axum::http::Uri;
use gradus_engine::questions::exercises::ExerciseItem;

use super::lines::LinkLine;
use crate::http::params::{PairList, query_pairs};
use crate::http::problem::Fault;

/// What the name of an answer begins with in the address.
const PREFIX: &str = "a.";

/// A quiz or interview question as a page shows it.
pub(super) struct Drill<'a> {
    pub(super) exercise: &'a ExerciseItem<'a>,
    /// The name of its field in the form.
    pub(super) field: String,
    pub(super) choices: Vec<QuizChoice<'a>>,
    /// What it tests.
    pub(super) concepts: Vec<LinkLine<'a>>,
    /// Whether the reader has chosen, and chosen right.
    pub(super) verdict: Option<bool>,
}

/// A choice of a quiz question.
pub(super) struct QuizChoice<'a> {
    pub(super) text: &'a str,
    pub(super) is_chosen: bool,
}

/// The answers that an address gives.
///
/// # Errors
/// If one is not UTF-8.
pub(super) fn given(uri: &Uri) -> Result<PairList, Fault> {
    let answers = query_pairs(uri)?.into_iter();
    Ok(answers.filter_map(|(name, value)| Some((name.strip_prefix(PREFIX)?.to_owned(), value))).collect())
}

/// The questions of a kind among `exercises`, checked against `answers`.
pub(super) fn drills<'a>(exercises: &'a [ExerciseItem<'a>], kind: &str, answers: &PairList) -> Vec<Drill<'a>> {
    exercises.iter().filter(|exercise| &*exercise.kind == kind).map(|exercise| drill(exercise, answers)).collect()
}

fn drill<'a>(exercise: &'a ExerciseItem<'a>, answers: &PairList) -> Drill<'a> {
    let answer = answers.iter().find(|(id, _)| *id == *exercise.id);
    let chosen = answer.and_then(|(_, n)| n.parse::<usize>().ok());
    let choices = exercise.choices.as_deref().unwrap_or_default();
    let is_right = |idx: usize| exercise.answer.is_some() && choices.get(idx) == exercise.answer.as_ref();
    Drill {
        field: format!("{PREFIX}{}", exercise.id),
        choices: (0..).zip(choices).map(|(n, text)| QuizChoice { text, is_chosen: chosen == Some(n) }).collect(),
        concepts: exercise.concepts.iter().map(LinkLine::of_ref).collect(),
        verdict: chosen.filter(|idx| *idx < choices.len()).map(is_right),
        exercise,
    }
}
