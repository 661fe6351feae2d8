//! Safe fixes, put into the files.

use std::collections::BTreeMap;

use gradus_corpus::{Diagnostic, Fix, Position};
use gradus_load::{Input, source_text};

use crate::cli::changes::FileChange;

/// What the safe fixes of `found` make of the files of `input`. Of fixes that touch the same place the first is made; rows are
/// left alone, since a fix is no JSON.
pub(super) fn changes(input: &Input, found: &[Diagnostic]) -> Vec<FileChange> {
    let mut by_file: BTreeMap<&str, Vec<&Fix>> = BTreeMap::new();
    let safe = found.iter().filter_map(|one| one.fixes.iter().find(|fix| fix.is_safe));
    for fix in safe.filter(|fix| fix.range.start.column > 0 && !is_rows(&fix.file)) {
        by_file.entry(&fix.file).or_default().push(fix);
    }
    let changed = by_file.into_iter().filter_map(|(file, fixes)| {
        let before = source_text(input, file)?;
        let after = fixed(&before, &fixes)?;
        Some(FileChange { path: file.to_owned(), before, after })
    });
    changed.filter(|change| change.before != change.after).collect()
}

fn is_rows(file: &str) -> bool {
    [".jsonl", ".gz", ".zst"].iter().any(|ending| file.to_lowercase().ends_with(ending))
}

/// `text` with `fixes` made; `None` where one lies outside of it.
fn fixed(text: &str, fixes: &[&Fix]) -> Option<String> {
    let mut spans = Vec::new();
    for fix in fixes {
        spans.push((offset(text, fix.range.start)?, offset(text, fix.range.end)?, &*fix.replacement));
    }
    spans.sort_unstable();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (start, end, replacement) in spans {
        if start < at || end < start {
            continue;
        }
        out.push_str(&text[at..start]);
        out.push_str(replacement);
        at = end;
    }
    out.push_str(&text[at..]);
    Some(out)
}

/// The byte of a position. A byte order mark has no column.
fn offset(text: &str, position: Position) -> Option<usize> {
    let (line, column) = ((position.line as usize).checked_sub(1)?, (position.column as usize).checked_sub(1)?);
    let mut start = 0;
    for _ in 0..line {
        start += text[start..].find('\n')? + 1;
    }
    let mark = if line == 0 && text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let own = text[start + mark..].split('\n').next().unwrap_or_default();
    let ends = own.char_indices().map(|(at, _)| at).chain([own.len()]);
    ends.take(column + 1).nth(column).map(|at| start + mark + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fix(line: u32, (start, end): (u32, u32), replacement: &str) -> Fix {
        let at = |column| Position { file: 0, line, column };
        Fix { file: "a.md".into(), range: at(start)..at(end), replacement: replacement.into(), is_safe: true }
    }

    #[test]
    fn fixes_change_their_characters_and_no_others() {
        let text = "\u{feff}tilte: Ä\r\nlevel: beginer\nx";
        let fixes =
            [fix(2, (8, 15), "beginner"), fix(1, (1, 6), "title"), fix(1, (3, 4), "overlaps"), fix(3, (2, 2), "y")];
        let fixes: Vec<&Fix> = fixes.iter().collect();
        assert_eq!(fixed(text, &fixes).as_deref(), Some("\u{feff}title: Ä\r\nlevel: beginner\nxy"));
        assert_eq!(fixed(text, &[&fix(9, (1, 1), "")]), None);
    }
}
