//! The lines of the source, read when they are needed.

use gradus_corpus::{Corpus, Position};
use gradus_load::{Input, source_text};
use rustc_hash::FxHashMap;

use super::cue::sentence_around;

/// Lines of a paragraph before and behind one that are read for the sentence around it.
const WRAPPED_LINES: usize = 4;

/// The lines of the files of a source. Files that are read row by row have none: a row is no line that anybody quotes.
pub(crate) struct SourceLines<'a> {
    input: Option<&'a Input>,
    corpus: &'a Corpus,
    files: FxHashMap<u32, Option<SourceText>>,
}

struct SourceText {
    text: String,
    /// The first byte of each line.
    starts: Vec<usize>,
}

impl SourceText {
    fn new(text: String) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    fn line(&self, line: u32) -> Option<&str> {
        let at = (line as usize).checked_sub(1)?;
        let start = *self.starts.get(at)?;
        let end = self.starts.get(at + 1).map_or(self.text.len(), |next| next - 1);
        Some(&self.text[start..end])
    }
}

/// Whether `line` does not go on with the paragraph of the one before.
fn begins_block(line: &str) -> bool {
    let text = line.trim();
    let bare = text.trim_start_matches(|char: char| char.is_ascii_digit());
    let is_numbered = bare.len() < text.len() && (bare.starts_with(". ") || bare.starts_with(") "));
    // Rules, and what underlines a heading.
    let is_ruled = text.chars().all(|char| matches!(char, '-' | '=' | '*' | '_' | ' '));
    is_ruled || is_numbered || text.ends_with(")=") || BLOCKS.iter().any(|start| text.starts_with(start))
}

/// What begins a block at the start of a line.
const BLOCKS: [&str; 15] = ["#", "- ", "* ", "+ ", "> ", "|", ":::", ": ", "```", "~~~", "<", "{%", "{{", "!!!", "???"];

impl<'a> SourceLines<'a> {
    /// The lines of the files of `corpus`, which was loaded from `input`; no lines without it.
    pub(crate) fn new(input: Option<&'a Input>, corpus: &'a Corpus) -> Self {
        Self { input, corpus, files: FxHashMap::default() }
    }

    /// The path of a file.
    pub(crate) fn path(&self, file: u32) -> &'a str {
        self.corpus.files().get(file as usize).map_or("", |path| path)
    }

    fn file(&mut self, file: u32) -> Option<&SourceText> {
        if !self.files.contains_key(&file) {
            let path = self.path(file);
            let input = self.input.filter(|_| gradus_corpus::names::is_markdown(&path.to_ascii_lowercase()));
            let text = input.and_then(|input| source_text(input, path));
            self.files.insert(file, text.map(SourceText::new));
        }
        self.files.get(&file).and_then(Option::as_ref)
    }

    /// The sentence, within its paragraph, around `position`, in one line.
    pub(super) fn around(&mut self, position: Position) -> Option<String> {
        let source = self.file(position.file)?;
        let line = source.line(position.line)?;
        let column = (position.column as usize).saturating_sub(1);
        let at = line.char_indices().nth(column).map_or(line.len(), |(at, _)| at);
        let (mut paragraph, mut before) = (line.trim_end().to_owned(), String::new());
        // A sentence goes on where the line does.
        for next in (position.line + 1..).take(WRAPPED_LINES).map_while(|at| source.line(at)) {
            if begins_block(next) {
                break;
            }
            paragraph = paragraph + " " + next.trim();
        }
        for (last, own) in (1..position.line).rev().take(WRAPPED_LINES).map(|at| (source.line(at), source.line(at + 1)))
        {
            let Some(last) = last.filter(|last| !last.trim().is_empty() && !own.is_none_or(begins_block)) else {
                break;
            };
            before = last.trim().to_owned() + " " + &before;
        }
        let at = before.len() + at;
        Some(sentence_around(&(before + &paragraph), at).to_owned())
    }

    /// The first line from `from` on that holds `text`, or, where none does as a whole, most of its words.
    pub(super) fn line_of(&mut self, file: u32, from: u32, text: &str) -> Option<u32> {
        let source = self.file(file)?;
        let n_lines = u32::try_from(source.starts.len()).unwrap_or(u32::MAX);
        let lines = || (from.max(1)..=n_lines).filter_map(|line| Some((line, source.line(line)?)));
        if let Some((line, _)) = lines().find(|(_, written)| written.contains(text)) {
            return Some(line);
        }
        let words: Vec<&str> = text.split(|char: char| !char.is_alphanumeric()).filter(|word| word.len() > 2).collect();
        let held = |written: &str| words.iter().filter(|word| written.contains(**word)).count();
        let best = lines().map(|(line, written)| (held(written), std::cmp::Reverse(line))).max()?;
        (best.0 > 0).then_some(best.1.0)
    }
}
