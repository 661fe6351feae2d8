//! What is wrong with a document, and what would mend it, as an editor shows it.

use std::collections::BTreeMap;

use gradus_corpus::{Diagnostic as Told, Fix, Severity};
use ls_types::{
    Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString, Position, Range, TextEdit,
    Uri,
};
use serde_json::{Value, json};

use super::text::LinedText;
use super::workspace::OpenSource;

/// The kind of the action that makes all safe fixes.
pub(super) const FIX_ALL: &str = "source.fixAll.gradus";

/// Where `path` lies, for an editor.
pub(super) fn uri(path: &std::path::Path) -> Option<Uri> {
    Uri::from_file_path(path)
}

/// `told` of a document with the text `text`.
pub(super) fn diagnostic(source: &OpenSource, text: &LinedText, told: &Told) -> Diagnostic {
    let severity = match told.severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Info => DiagnosticSeverity::INFORMATION,
    };
    let help = told.help.as_ref().map_or_else(String::new, |help| format!("\n{help}"));
    let notes: Vec<_> = told.notes.iter().filter_map(|note| related(source, note)).collect();
    Diagnostic {
        range: text.range(told.position.line, told.position.column, told.len.max(1)),
        severity: Some(severity),
        code: Some(NumberOrString::String(told.code.as_str().to_owned())),
        source: Some("gradus".to_owned()),
        message: format!("{}{help}", told.message),
        related_information: Some(notes).filter(|notes| !notes.is_empty()),
        ..Diagnostic::default()
    }
}

/// A place in another file is told as the first column of its line where its text is not at hand.
fn related(
    source: &OpenSource,
    (file, position, message): &(Box<str>, gradus_corpus::Position, String),
) -> Option<DiagnosticRelatedInformation> {
    let start = Position::new(position.line.saturating_sub(1), 0);
    let location = Location { uri: uri(&source.path_of(file))?, range: Range::new(start, start) };
    Some(DiagnosticRelatedInformation { location, message: message.clone() })
}

/// Changes of files, in the order of their addresses.
pub(super) type Edits = BTreeMap<String, Vec<TextEdit>>;

/// `edits` as the protocol has them.
pub(super) fn workspace_edit(edits: &Edits) -> Value {
    json!({ "changes": edits })
}

/// What would mend what is `told` of the document at `uri` within `range`: each fix alone, and all safe ones together.
pub(super) fn actions(
    source: &OpenSource,
    uri: &Uri,
    text: &LinedText,
    told: &[Told],
    range: Range,
    name: &str,
) -> Vec<Value> {
    let mut actions = Vec::new();
    for one in told {
        let shown = diagnostic(source, text, one);
        if shown.range.end < range.start || range.end < shown.range.start {
            continue;
        }
        for (n, fix) in one.fixes.iter().enumerate().filter(|(_, fix)| *fix.file == *name) {
            let edits = Edits::from([(uri.as_str().to_owned(), vec![edit(text, fix)])]);
            actions.push(json!({
                "title": title(text, fix),
                "kind": "quickfix",
                "diagnostics": [shown],
                "isPreferred": n == 0,
                "edit": workspace_edit(&edits),
            }));
        }
    }
    let edits = safe_edits(text, told, name);
    if !edits.is_empty() {
        let edits = Edits::from([(uri.as_str().to_owned(), edits)]);
        actions.push(json!({
            "title": "Make all safe fixes of Gradus",
            "kind": FIX_ALL,
            "edit": workspace_edit(&edits),
        }));
    }
    actions
}

/// The safe fixes of a document, of those that touch the same place the first.
fn safe_edits(text: &LinedText, told: &[Told], name: &str) -> Vec<TextEdit> {
    let safe = told.iter().filter_map(|one| one.fixes.iter().find(|fix| fix.is_safe));
    let mut edits: Vec<TextEdit> =
        safe.filter(|fix| *fix.file == *name && fix.range.start.column > 0).map(|fix| edit(text, fix)).collect();
    edits.sort_by_key(|edit| edit.range.start);
    edits.dedup_by(|later, kept| later.range.start < kept.range.end || later.range == kept.range);
    edits
}

fn edit(text: &LinedText, fix: &Fix) -> TextEdit {
    let (start, end) = (fix.range.start, fix.range.end);
    let range = Range::new(text.position(start.line, start.column), text.position(end.line, end.column));
    TextEdit { range, new_text: fix.replacement.to_string() }
}

fn title(text: &LinedText, fix: &Fix) -> String {
    let (start, end) = (fix.range.start, fix.range.end);
    let line = text.line((start.line as usize).saturating_sub(1)).trim_start_matches('\u{feff}');
    let len = (end.column.saturating_sub(start.column)) as usize;
    let old: String = line.chars().skip((start.column as usize).saturating_sub(1)).take(len).collect();
    match (old.is_empty() || start.line != end.line, fix.replacement.is_empty()) {
        (true, false) => format!("Insert `{}`", fix.replacement.trim()),
        (true, true) => "Delete it".to_owned(),
        (false, true) => format!("Delete `{old}`"),
        (false, false) => format!("Replace `{old}` with `{}`", fix.replacement),
    }
}
