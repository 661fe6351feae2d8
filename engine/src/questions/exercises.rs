//! The quiz and interview questions of a guide, or of all of them.

use gradus_corpus::{Exercise, ExerciseKind, PageId};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::Schema as ApiSchema;
use utoipa::{IntoParams, ToSchema};

use super::answer::{Str, strs};
use super::choice::{choices, list_of};
use super::list::{List, ListItem, Slice, cursor_schema};
use super::params::Both;
use super::question::{AnswerCost, Question, question};
use super::reference::{PageParams, Ref, find_guide, find_named_concept};
use super::refusal::{QuestionError, RefusalCode};
use super::sheet::SheetRow;
use crate::view::View;

question! {
    /// List the quiz and interview questions of a guide.
    ExercisesQuestion
}

question! {
    /// List quiz and interview questions: all, those of a guide, or those on a concept.
    AllExercisesQuestion
}

/// Which of them.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct ExercisesParams {
    /// `quiz`, `interview`; both where not given.
    pub kind: Vec<String>,
}

/// Which of all questions.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct AllExercisesParams {
    /// Only questions that test this concept.
    pub concept: Option<String>,
    /// Only questions of this guide.
    pub guide: Option<String>,
    /// `quiz`, `interview`; both where not given.
    pub kind: Vec<String>,
    /// Whether answers and explanations are told; true where not given.
    pub answers: Option<bool>,
    /// Items a page, at most 100, 20 where not given.
    #[param(value_type = Option<usize>, minimum = 1, maximum = 100)]
    pub limit: Option<i64>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

fn kinds() -> ApiSchema {
    list_of(ExerciseKind::ALL.iter().map(|kind| kind.as_str()))
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
    /// The right choice or the model answer; null where locked or not asked for.
    pub answer: Option<Str<'a>>,
    /// Why; null where locked or not asked for.
    pub explanation: Option<Str<'a>>,
    /// What it tests.
    pub concepts: Vec<Ref<'a>>,
    /// The guide that asks it.
    pub guide: Ref<'a>,
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

    fn shapes() -> Vec<(&'static str, ApiSchema)> {
        vec![("kind", kinds())]
    }

    fn cost(_: &Self::Params) -> AnswerCost {
        AnswerCost::MayBlock
    }

    /// In the author's order.
    fn answer(view: &View, Both(page, params): Self::Params) -> Result<List<ExerciseItem<'_>>, QuestionError> {
        let kinds = choices("kind", &params.kind, ExerciseKind::ALL, ExerciseKind::as_str)?;
        let guide = find_guide(view, &page.id)?;
        let wanted = view.corpus.page(guide).questions.iter();
        let wanted = wanted.filter(|exercise| kinds.is_empty() || kinds.contains(&exercise.kind));
        Ok(List::whole(view, wanted.map(|exercise| dress(view, guide, exercise)).collect()))
    }
}

impl Question for AllExercisesQuestion {
    const NAME: &'static str = "list_all_questions";
    const COMMAND: &'static str = "quiz";
    const PATH: &'static str = "/v1/questions";
    const SUBJECT: &'static [&'static str] = &["concept"];
    const REFUSES: Option<RefusalCode> = Some(RefusalCode::UnknownConcept);

    type Params = AllExercisesParams;
    type Answer<'a> = List<ExerciseItem<'a>>;

    fn shapes() -> Vec<(&'static str, ApiSchema)> {
        vec![("kind", kinds()), ("cursor", cursor_schema())]
    }

    fn cost(_: &Self::Params) -> AnswerCost {
        AnswerCost::MayBlock
    }

    /// By guide, then in the author's order. O(questions).
    fn answer(view: &View, params: Self::Params) -> Result<List<ExerciseItem<'_>>, QuestionError> {
        let kinds = choices("kind", &params.kind, ExerciseKind::ALL, ExerciseKind::as_str)?;
        let slice = Slice::new(view, params.limit, params.cursor.as_deref())?;
        let concept = params.concept.as_deref().map(|concept| find_named_concept(view, concept)).transpose()?;
        let guide = params.guide.as_deref().map(|guide| find_guide(view, guide)).transpose()?;
        let pages = view.corpus.pages().filter(|(id, _)| guide.is_none_or(|guide| guide == *id));
        let all = pages.flat_map(|(id, page)| page.questions.iter().map(move |exercise| (id, exercise)));
        let wanted = |(_, exercise): &(PageId, &Exercise)| {
            (kinds.is_empty() || kinds.contains(&exercise.kind))
                && concept.is_none_or(|concept| exercise.concepts.contains(&concept))
        };
        let wanted: Vec<(PageId, &Exercise)> = all.filter(wanted).collect();
        let has_answers = params.answers.unwrap_or(true);
        Ok(slice.cut(view, &wanted, |(guide, exercise)| {
            let dressed = dress(view, *guide, exercise);
            if has_answers { dressed } else { ExerciseItem { answer: None, explanation: None, ..dressed } }
        }))
    }
}

fn dress<'a>(view: &'a View, guide: PageId, exercise: &'a Exercise) -> ExerciseItem<'a> {
    ExerciseItem {
        id: (&exercise.id).into(),
        kind: exercise.kind.as_str().into(),
        prompt: (&exercise.prompt).into(),
        choices: exercise.choices.as_deref().map(strs),
        answer: exercise.answer.as_ref().map(Str::from),
        explanation: exercise.explanation.as_ref().map(Str::from),
        concepts: Ref::all(&view.corpus, &exercise.concepts),
        guide: Ref::new(&view.corpus, guide),
        locked: exercise.locked,
    }
}

impl ListItem for ExerciseItem<'_> {
    fn row(&self) -> SheetRow {
        let row = SheetRow::new(&self.id, &self.kind, "", &[&self.prompt]);
        SheetRow { url: None, ..row }
    }
}
