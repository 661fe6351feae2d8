//! Questions: a field of a guide, or a file beside it.

use crate::draft::Draft;
use crate::source::{Input, QUESTIONS_SUFFIX, stem};
use crate::value::Value;
use gradus_corpus::{Code, Diagnostic, Position, Question, QuestionKind};

/// The questions in `<stem>.questions.yaml` beside the Markdown file at `path`, null where there is none.
pub(crate) fn sibling(draft: &mut Draft, input: &Input, path: &str) -> Option<Value> {
    let path = format!("{}{QUESTIONS_SUFFIX}", stem(path));
    let bytes = match input.read(&path) {
        Ok(bytes) => bytes?,
        Err(why) => {
            draft.tell(Diagnostic::new(
                Code::UnreadableFile,
                format!("cannot be read: {why}"),
                &path,
                Position::default(),
            ));
            return None;
        }
    };
    let file = draft.file(&path);
    let text = draft.decoded(file, bytes)?;
    Some(draft.yaml_file(file, &text, Code::InvalidQuestion))
}

/// A question and the entries of its `concepts`.
pub(crate) type Asked<'a> = (Question, Option<&'a Value>);

/// Reads one question.
///
/// # Errors
/// If it cannot be asked: why.
pub(crate) fn read(n: usize, entry: &Value) -> Result<Asked<'_>, String> {
    let text = |key: &str| entry.get(key).and_then(Value::text).map(Box::<str>::from);
    let prompt = text("prompt").or_else(|| text("question")).ok_or("a question without a prompt")?;
    let choices: Vec<Box<str>> =
        entry.get("choices").map_or(&[][..], Value::entries).iter().filter_map(Value::text).map(Into::into).collect();
    let kind = match text("kind").as_deref() {
        Some(kind) => QuestionKind::parse(kind).ok_or_else(|| format!("'{kind}' is neither quiz nor interview"))?,
        None if choices.is_empty() => QuestionKind::Interview,
        None => QuestionKind::Quiz,
    };
    let answer = text("answer");
    if kind == QuestionKind::Quiz {
        if choices.len() < 2 {
            return Err("a quiz question needs two choices at least".to_owned());
        }
        let is_choice = |answer: &str| choices.iter().any(|choice| **choice == *answer);
        if !answer.as_deref().is_some_and(is_choice) {
            return Err("the answer of a quiz question is none of its choices".to_owned());
        }
    }
    let question = Question {
        id: text("id").unwrap_or_else(|| format!("q{n}").into()),
        kind,
        prompt,
        choices: (kind == QuestionKind::Quiz).then_some(choices),
        answer,
        explanation: text("explanation"),
        concepts: Vec::new(),
        locked: false,
    };
    Ok((question, entry.get("concepts")))
}
