//! Questions: a field of a guide, or a file beside it.

use crate::access::{is_access, is_near, is_paid};
use crate::draft::{Draft, PendingConcept};
use crate::fields::reference;
use crate::lock::is_free;
use crate::source::{Input, QUESTIONS_SUFFIX, stem};
use crate::value::{Node, SourcePlace, Value};
use crate::values::near;
use gradus_corpus::{Code, Diagnostic, Exercise, ExerciseKind, Page, Position};
use rustc_hash::FxHashMap;

/// Where the questions of the Markdown file at `path` lie.
pub fn questions_file(path: &str) -> String {
    format!("{}{QUESTIONS_SUFFIX}", stem(path))
}

/// The questions in `<stem>.questions.yaml` beside the Markdown file at `path`, null where there is none.
pub(crate) fn sibling(draft: &mut Draft, input: &Input, path: &str) -> Option<Value> {
    let path = questions_file(path);
    let bytes = match input.read_inside(&path, draft.config.follow_links) {
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
    let questions = draft.yaml_file(file, &text, Code::InvalidQuestion);
    draft.inside("questions", Some("questions"), &questions, &mut Vec::new());
    Some(questions)
}

/// Why a question cannot be asked, and where that stands.
struct QuestionFlaw<'a> {
    value: &'a Value,
    message: String,
    help: Option<String>,
    replacement: Option<&'a str>,
}

impl<'a> QuestionFlaw<'a> {
    fn new(value: &'a Value, message: &str) -> Self {
        Self { value, message: message.to_owned(), help: None, replacement: None }
    }
}

impl Draft {
    /// Reads the questions of `page`. One that cannot be asked is told and left out.
    pub(crate) fn questions(&mut self, idx: u32, page: &mut Page, questions: Option<&Value>) {
        let mut places: FxHashMap<Box<str>, SourcePlace> = FxHashMap::default();
        for (n, entry) in (1..).zip(questions.map_or(&[][..], Value::entries)) {
            let (question, concepts) = match read(n, entry) {
                Ok(read) => read,
                Err(refusal) => {
                    self.refused(refusal);
                    continue;
                }
            };
            let place = entry.get("id").map_or(entry.place(), Value::place);
            if let Some(other) = places.get(&question.id) {
                let message = format!("another question is called '{}'; this one is left out", question.id);
                let mut told = self.diagnostic(Code::DuplicateQuestion, place, message);
                told.notes.push((told.file.clone(), other.position, "the other one".to_owned()));
                self.tell(told);
                continue;
            }
            for concept in concepts.map_or(&[][..], Value::entries).iter().filter_map(reference) {
                if let Some(text) = concept.text() {
                    let reference = self.references.intern(text);
                    let (question_idx, position) = (page.questions.len(), concept.position);
                    self.question_concepts.push(PendingConcept { page: idx, question_idx, reference, position });
                }
            }
            places.insert(question.id.clone(), place);
            page.questions.push(question);
        }
    }

    /// Where a question says of itself that it must be paid for; it is told, and that it is the page that is locked.
    pub(crate) fn locking_question(&mut self, questions: &Value) -> Option<Position> {
        let members = questions.entries().iter().filter_map(|entry| match &entry.node {
            Node::Map(members) => Some(members),
            _ => None,
        });
        let is_lock = |(name, value): &&(String, Value)| {
            (is_access(name) || is_near(name, &self.config)) && !is_free(value) || is_paid(name, value)
        };
        let (name, value) = members.flatten().find(is_lock)?;
        let message = format!("`{name}` means nothing in a question; the whole page is locked");
        let mut told = self.diagnostic(Code::UnknownField, value.key, message);
        told.help = Some("write `access` at the top of the page".to_owned());
        self.tell(told);
        Some(value.position)
    }

    fn refused(&mut self, refusal: QuestionFlaw<'_>) {
        let mut told = self.diagnostic(Code::InvalidQuestion, refusal.value.place(), refusal.message);
        told.help = refusal.help;
        if let Some(replacement) = refusal.replacement {
            told.replace(replacement, true);
        }
        self.tell(told);
    }
}

/// Reads one question.
fn read(n: usize, entry: &Value) -> Result<(Exercise, Option<&Value>), QuestionFlaw<'_>> {
    let text = |key: &str| entry.get(key).and_then(Value::text).map(Box::<str>::from);
    let Some(prompt) = text("prompt").or_else(|| text("question")) else {
        return Err(QuestionFlaw::new(entry, "a question without a prompt"));
    };
    let choices: Vec<&str> =
        entry.get("choices").map_or(&[][..], Value::entries).iter().filter_map(Value::text).collect();
    let kind = match entry.get("kind").and_then(|value| Some((value, value.text()?))) {
        Some((value, kind)) => ExerciseKind::parse(kind).ok_or_else(|| {
            let meant = near(kind, ExerciseKind::ALL.iter().map(|kind| kind.as_str()));
            let help = meant.map(|meant| format!("did you mean `{meant}`?"));
            let refusal = QuestionFlaw::new(value, &format!("'{kind}' is neither quiz nor interview"));
            QuestionFlaw { help, replacement: meant, ..refusal }
        })?,
        None if choices.is_empty() => ExerciseKind::Interview,
        None => ExerciseKind::Quiz,
    };
    if kind == ExerciseKind::Quiz {
        quiz(entry, &choices)?;
    }
    let question = Exercise {
        id: text("id").unwrap_or_else(|| format!("q{n}").into()),
        kind,
        prompt,
        choices: (kind == ExerciseKind::Quiz).then(|| choices.into_iter().map(Into::into).collect()),
        answer: text("answer"),
        explanation: text("explanation"),
        concepts: Vec::new(),
        locked: false,
    };
    Ok((question, entry.get("concepts")))
}

/// Whether the choices of a quiz can be chosen from.
fn quiz<'a>(entry: &'a Value, choices: &[&'a str]) -> Result<(), QuestionFlaw<'a>> {
    let at = |key: &str| entry.get(key).unwrap_or(entry);
    if choices.len() < 2 {
        return Err(QuestionFlaw::new(at("choices"), "a quiz question needs two choices at least"));
    }
    if let Some(twice) = choices.iter().enumerate().find(|(idx, choice)| choices[..*idx].contains(choice)) {
        return Err(QuestionFlaw::new(at("choices"), &format!("the choice '{}' stands twice", twice.1)));
    }
    let answer = at("answer").text().unwrap_or_default();
    if choices.contains(&answer) {
        return Ok(());
    }
    let meant = near(answer, choices.iter().copied());
    let help = meant
        .map_or_else(|| format!("write one of: {}", choices.join(", ")), |meant| format!("did you mean `{meant}`?"));
    let refusal = QuestionFlaw::new(at("answer"), "the answer of a quiz question is none of its choices");
    Err(QuestionFlaw { help: Some(help), replacement: meant, ..refusal })
}
