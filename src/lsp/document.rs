//! Documents that are open in the editor.

use std::sync::Arc;

use gradus_corpus::Diagnostic;
use gradus_load::ReadDocument;

use super::text::LinedText;

/// An open document.
pub(super) struct OpenDocument {
    /// What it is called within its source.
    pub(super) name: String,
    /// The position of its source among those of the session.
    pub(super) source: usize,
    /// As the editor counts.
    pub(super) version: i32,
    pub(super) text: Arc<LinedText>,
    /// It as it was read last; nothing before the first load, and of files that are no Markdown.
    pub(super) sheet: Option<ReadDocument>,
    pub(super) carried: Carried,
}

/// What the last load tells of a document beside what reading it alone does.
#[derive(Default)]
pub(super) struct Carried {
    /// What only the whole tells.
    only_whole: Vec<Diagnostic>,
    /// What only the document alone tells.
    only_alone: Vec<Diagnostic>,
}

impl Carried {
    /// What differs between what the whole told of a document and what is told of it `alone`, for the same text.
    pub(super) fn between(whole: &[Diagnostic], alone: &[Diagnostic]) -> Self {
        let is_same = |a: &Diagnostic, b: &Diagnostic| {
            let place = |one: &Diagnostic| (one.position.line, one.position.column, one.len);
            (a.code, &a.message, place(a)) == (b.code, &b.message, place(b))
        };
        let missing = |from: &[Diagnostic], of: &[Diagnostic]| {
            let is_missing = |one: &&Diagnostic| !from.iter().any(|other| is_same(one, other));
            of.iter().filter(is_missing).cloned().collect()
        };
        Self { only_whole: missing(alone, whole), only_alone: missing(whole, alone) }
    }

    /// What is told of a document whose text is `text` now and of which `alone` is told.
    pub(super) fn applied(&self, text: &LinedText, alone: &[Diagnostic]) -> Vec<Diagnostic> {
        let is_known = |one: &&Diagnostic| {
            let mut wrong = self.only_alone.iter();
            !wrong
                .any(|other| (other.code, &other.message, &other.line_text) == (one.code, &one.message, &one.line_text))
        };
        let mut told: Vec<Diagnostic> = alone.iter().filter(is_known).cloned().collect();
        told.extend(self.only_whole.iter().filter_map(|one| moved(one, text)));
        told.sort_by(|a, b| (a.position, a.code, &a.message).cmp(&(b.position, b.code, &b.message)));
        told
    }
}

/// `one` where its line stands now; `None` where it is gone.
fn moved(one: &Diagnostic, text: &LinedText) -> Option<Diagnostic> {
    let Some(line_text) = one.line_text.as_deref().filter(|_| one.position.line > 0) else { return Some(one.clone()) };
    let was = one.position.line as usize - 1;
    let is_there = |n: &usize| {
        let own = text.line(*n).trim_start_matches('\u{feff}').trim_end();
        own.starts_with(line_text) && (own.len() == line_text.len() || line_text.chars().count() >= QUOTED_CHARS)
    };
    let found = (0..text.n_lines()).filter(is_there).min_by_key(|n| (n.abs_diff(was), *n))?;
    let mut now = one.clone();
    now.position.line = u32::try_from(found + 1).ok()?;
    for fix in now.fixes.iter_mut().filter(|fix| fix.file == one.file) {
        let shift = |line: u32| (line as usize + found).checked_sub(was).and_then(|line| u32::try_from(line).ok());
        (fix.range.start.line, fix.range.end.line) = (shift(fix.range.start.line)?, shift(fix.range.end.line)?);
    }
    Some(now)
}

/// Characters of a line from which it may be quoted in part.
const QUOTED_CHARS: usize = 400;

#[cfg(test)]
mod tests {
    use super::*;
    use gradus_corpus::{Code, Position};

    fn told(message: &str, line: u32, line_text: &str) -> Diagnostic {
        let mut told = Diagnostic::new(Code::Cycle, message.to_owned(), "a.md", Position { file: 0, line, column: 1 });
        told.line_text = Some(line_text.into());
        told
    }

    fn check(carried: &Carried, text: &str, alone: &[Diagnostic], expected: &[(&str, u32)]) {
        let told = carried.applied(&LinedText::new(text.to_owned()), alone);
        let told: Vec<(&str, u32)> = told.iter().map(|one| (&*one.message, one.position.line)).collect();
        assert_eq!(told, expected, "{text}");
    }

    #[test]
    fn what_the_whole_tells_moves_with_its_line_and_goes_with_it() {
        let (cycle, slip) = (told("cycle", 2, "- a"), told("slip", 3, "tilte: x"));
        let wrong = told("wrong", 3, "tilte: x");
        let carried = Carried::between(&[cycle, slip.clone()], &[slip.clone(), wrong.clone()]);
        check(&carried, "requires:\n- a\ntilte: x\n", &[slip.clone(), wrong.clone()], &[("cycle", 2), ("slip", 3)]);
        check(&carried, "title: y\nrequires:\n\n- a\r\n", &[], &[("cycle", 4)]);
        check(&carried, "requires:\n- b\n", &[told("other", 2, "- b")], &[("other", 2)]);
    }
}
