//! Changes of files: shown as a diff, or written.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context;

/// Lines around a change that a diff shows.
const CONTEXT: usize = 3;
/// Lines between the first and the last change of a file up to which each of them is told apart: the work grows with their
/// square.
const COMPARED_LINES: usize = 2_000;

/// A file as it is and as it is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FileChange {
    /// Its path, relative to the source.
    pub(super) path: String,
    /// What it holds; nothing where there is no such file yet.
    pub(super) before: String,
    /// What it is to hold.
    pub(super) after: String,
}

/// `changes` as `diff -u` and `git diff` show them.
pub(super) fn diff(changes: &[FileChange]) -> String {
    changes.iter().filter(|change| change.before != change.after).map(one).collect()
}

/// Writes `changes` below `root`, each whole or not at all.
///
/// # Errors
/// If a file cannot be written.
pub(super) fn write(root: &Path, changes: &[FileChange]) -> anyhow::Result<()> {
    for change in changes {
        // A source that is one file is its own root.
        let path = if root.is_file() { root.to_owned() } else { root.join(&change.path) };
        let told = || format!("cannot write {}", path.display());
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".gradus-new");
        let beside: PathBuf = path.with_file_name(name);
        std::fs::write(&beside, &change.after).with_context(told)?;
        if let Ok(metadata) = std::fs::metadata(&path) {
            std::fs::set_permissions(&beside, metadata.permissions()).with_context(told)?;
        }
        std::fs::rename(&beside, &path).with_context(told)?;
    }
    Ok(())
}

/// A line of a diff.
#[derive(Clone, Copy, PartialEq, Eq)]
enum DiffLine<'a> {
    Same(&'a str),
    Gone(&'a str),
    New(&'a str),
}

fn one(change: &FileChange) -> String {
    let (before, after): (Vec<&str>, Vec<&str>) =
        (change.before.split_inclusive('\n').collect(), change.after.split_inclusive('\n').collect());
    let lines = compared(&before, &after);
    let old = if change.before.is_empty() { "/dev/null".to_owned() } else { format!("a/{}", change.path) };
    let mut out = format!("--- {old}\n+++ b/{}\n", change.path);
    let changed: Vec<usize> =
        lines.iter().enumerate().filter(|(_, line)| !matches!(line, DiffLine::Same(_))).map(|(at, _)| at).collect();
    for run in changed.chunk_by(|one, next| next - one <= 2 * CONTEXT + 1) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
        let (start, end) = (first.saturating_sub(CONTEXT), (last + CONTEXT + 1).min(lines.len()));
        hunk(&mut out, &lines, start, end);
    }
    out
}

fn hunk(out: &mut String, lines: &[DiffLine<'_>], start: usize, end: usize) {
    let of = |lines: &[DiffLine<'_>], is_old: bool| {
        let stands = |line: &&DiffLine<'_>| match line {
            DiffLine::Same(_) => true,
            DiffLine::Gone(_) => is_old,
            DiffLine::New(_) => !is_old,
        };
        lines.iter().filter(stands).count()
    };
    let span = |is_old: bool| {
        let (before, len) = (of(&lines[..start], is_old), of(&lines[start..end], is_old));
        // An empty side is told by the line before it.
        if len == 0 { format!("{before},0") } else { format!("{},{len}", before + 1) }
    };
    push(out, format_args!("@@ -{} +{} @@\n", span(true), span(false)));
    for line in &lines[start..end] {
        let (sign, text) = match line {
            DiffLine::Same(text) => (' ', text),
            DiffLine::Gone(text) => ('-', text),
            DiffLine::New(text) => ('+', text),
        };
        let end = if text.ends_with('\n') { "" } else { "\n\\ No newline at end of file\n" };
        push(out, format_args!("{sign}{text}{end}"));
    }
}

/// The lines of both, each once: what they share from either end, and what a longest common subsequence keeps between.
fn compared<'a>(before: &[&'a str], after: &[&'a str]) -> Vec<DiffLine<'a>> {
    let start = before.iter().zip(after).take_while(|(one, other)| one == other).count();
    let (left, right) = (&before[start..], &after[start..]);
    let end = left.iter().rev().zip(right.iter().rev()).take_while(|(one, other)| one == other).count();
    let (left, right) = (&left[..left.len() - end], &right[..right.len() - end]);
    let mut lines: Vec<DiffLine<'a>> = before[..start].iter().map(|line| DiffLine::Same(line)).collect();
    if left.len().max(right.len()) > COMPARED_LINES {
        lines.extend(left.iter().map(|line| DiffLine::Gone(line)));
        lines.extend(right.iter().map(|line| DiffLine::New(line)));
    } else {
        lines.extend(subsequence(left, right));
    }
    lines.extend(before[before.len() - end..].iter().map(|line| DiffLine::Same(line)));
    lines
}

fn subsequence<'a>(left: &[&'a str], right: &[&'a str]) -> Vec<DiffLine<'a>> {
    let mut longest = vec![vec![0_u32; right.len() + 1]; left.len() + 1];
    for (at, one) in left.iter().enumerate().rev() {
        for (with, other) in right.iter().enumerate().rev() {
            longest[at][with] = if one == other {
                longest[at + 1][with + 1] + 1
            } else {
                longest[at + 1][with].max(longest[at][with + 1])
            };
        }
    }
    let (mut at, mut with) = (0, 0);
    let mut lines = Vec::new();
    while at < left.len() || with < right.len() {
        if at < left.len() && with < right.len() && left[at] == right[with] {
            lines.push(DiffLine::Same(left[at]));
            at += 1;
            with += 1;
        } else if at < left.len() && (with == right.len() || longest[at + 1][with] >= longest[at][with + 1]) {
            lines.push(DiffLine::Gone(left[at]));
            at += 1;
        } else {
            lines.push(DiffLine::New(right[with]));
            with += 1;
        }
    }
    lines
}

/// Writing to a `String` cannot fail.
fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    let written = out.write_fmt(text);
    debug_assert!(written.is_ok());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(before: &str, after: &str) -> String {
        diff(&[FileChange { path: "a.md".to_owned(), before: before.to_owned(), after: after.to_owned() }])
    }

    #[test]
    fn changes_are_shown_with_their_surroundings() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n";
        let after = "1\n2\nx\n3\n4\n5\n6\n7\n8\n9\n10\ny\n12\n";
        let expected = "--- a/a.md\n+++ b/a.md\n@@ -1,5 +1,6 @@\n 1\n 2\n+x\n 3\n 4\n 5\n@@ -8,5 +9,5 @@\n 8\n 9\n 10\n-11\n+y\n 12\n";
        assert_eq!(shown(before, after), expected);
        assert_eq!(shown("", "a\n"), "--- /dev/null\n+++ b/a.md\n@@ -0,0 +1,1 @@\n+a\n");
        assert_eq!(
            shown("a", "b"),
            "--- a/a.md\n+++ b/a.md\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n"
        );
        assert_eq!(shown("a", "a"), "");
    }
}
