//! The quiz and interview questions of a guide.

use gradus_corpus::{Exercise, ExerciseKind};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Str, strs};
use super::choice::choices;
use super::list::{List, ListItem};
use super::params::Both;
use super::question::{AnswerCost, Question, question};
use super::reference::{PageParams, Ref, find_guide};
use super::refusal::{QuestionError, RefusalCode};
use super::sheet::SheetRow;
use crate::view::View;

question! {
    /// List the quiz and interview questions of a guide.
    ExercisesQuestion
}

/// Which of them.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct ExercisesParams {
    /// `quiz`, `interview`; both where not given.
    pub kind: Vec<String>,
}

/// A question.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct ExerciseItem<'a> {
    /// Unique within the guide.
    pub id: Str<'a>,
    /// `quiz` or `interview`.
    pub kind: Str<'a>,
    /// What is asked.
    pub prompt: Str<'a>,
    /// The choices of a quiz; null where locked and for interviews.
    pub choices: Option<Vec<Str<'a>>>,
    /// The right choice or the model answer; null where locked.
    pub answer: Option<Str<'a>>,
    /// Why; null where locked.
    pub explanation: Option<Str<'a>>,
    /// What it tests.
    pub concepts: Vec<Ref<'a>>,
    /// Whether choices, answer and explanation are withheld from the viewer.
    pub locked: bool,
}

impl Question for ExercisesQuestion {
    const NAME: &'static str = "list_questions";
    const COMMAND: &'static str = "questions";
    const PATH: &'static str = "/v1/guides/{id}/questions";
    const SUBJECT: &'static [&'static str] = &["id"];
    const REFUSES: Option<RefusalCode> = Some(RefusalCode::UnknownGuide);

    type Params = Both<PageParams, ExercisesParams>;
    type Answer<'a> = List<ExerciseItem<'a>>;

    fn cost(_: &Self::Params) -> AnswerCost {
        AnswerCost::MayBlock
    }

    /// In the author's order.
    fn answer(view: &View, Both(page, params): Self::Params) -> Result<List<ExerciseItem<'_>>, QuestionError> {
        let kinds = choices("kind", &params.kind, ExerciseKind::ALL, ExerciseKind::as_str)?;
        let guide = view.corpus.page(find_guide(view, &page.id)?);
        let wanted = guide.questions.iter().filter(|exercise| kinds.is_empty() || kinds.contains(&exercise.kind));
        Ok(List::whole(view, wanted.map(|exercise| dress(view, exercise)).collect()))
    }
}

fn dress<'a>(view: &'a View, exercise: &'a Exercise) -> ExerciseItem<'a> {
    ExerciseItem {
        id: (&exercise.id).into(),
        kind: exercise.kind.as_str().into(),
        prompt: (&exercise.prompt).into(),
        choices: exercise.choices.as_deref().map(strs),
        answer: exercise.answer.as_ref().map(Str::from),
        explanation: exercise.explanation.as_ref().map(Str::from),
        concepts: Ref::all(&view.corpus, &exercise.concepts),
        locked: exercise.locked,
    }
}

impl ListItem for ExerciseItem<'_> {
    fn row(&self) -> SheetRow {
        let row = SheetRow::new(&self.id, &self.kind, "", &[&self.prompt]);
        SheetRow { url: None, ..row }
    }
}
