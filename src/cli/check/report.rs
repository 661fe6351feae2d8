//! Findings as people and programs read them.

use std::collections::BTreeMap;
use std::io::IsTerminal;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use gradus_corpus::{Code, Diagnostic, Fix, Position, Severity, fingerprint};
use serde_json::{Value, json};

use crate::http::DiagnosticItem;

/// Columns within which a long line, as JSON Lines have, is shown around its place.
const WIDTH: usize = 140;

/// As rustc tells of problems.
pub(super) fn snippets(found: &[Diagnostic]) -> String {
    let is_plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let is_coloured = std::io::stdout().is_terminal() && !is_plain;
    let renderer = if is_coloured { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(WIDTH).decor_style(DecorStyle::Ascii);
    found.iter().map(|one| renderer.render(&[group(one)]) + "\n\n").collect()
}

fn group(one: &Diagnostic) -> Group<'_> {
    let level = match one.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let title = level.primary_title(one.message.as_str()).id(one.code.as_str());
    let at = one.position;
    let mut group = match &one.line_text {
        Some(line) if at.column > 0 => {
            // A tab has no width of its own; an arrow shows that it is there.
            let line: String = line.replace('\t', "→");
            let offset = |column: u32| {
                let offset = line.char_indices().nth(column as usize - 1).map(|(offset, _)| offset);
                offset.unwrap_or(line.len())
            };
            let span = offset(at.column)..offset(at.column.saturating_add(one.len.max(1)));
            let snippet = Snippet::source(line).line_start(at.line as usize).path(&*one.file);
            title.element(snippet.annotation(AnnotationKind::Primary.span(span)))
        }
        _ => title.element(origin(&one.file, at)),
    };
    for (file, position, message) in &one.notes {
        group = group.element(Level::NOTE.message(message.as_str())).element(origin(file, *position));
    }
    if let Some(help) = &one.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    group
}

fn origin(file: &str, at: Position) -> Origin<'_> {
    let origin = Origin::path(file);
    match (at.line, at.column) {
        (0, _) => origin,
        (line, 0) => origin.line(line as usize),
        (line, column) => origin.line(line as usize).char_column(column as usize),
    }
}

/// One line each.
pub(super) fn lines(found: &[Diagnostic]) -> String {
    let line = |one: &Diagnostic| {
        let help = one.help.as_ref().map_or_else(String::new, |help| format!(" ({help})"));
        format!("{}: {}[{}] {}{help}\n", place(&one.file, one.position), one.severity, one.code, one.message)
    };
    found.iter().map(line).collect()
}

fn place(file: &str, at: Position) -> String {
    match (at.line, at.column) {
        (0, _) => file.to_owned(),
        (line, 0) => format!("{file}:{line}"),
        (line, column) => format!("{file}:{line}:{column}"),
    }
}

/// What the admin listener answers, and the changes that would mend a problem.
pub(super) fn json(found: &[Diagnostic]) -> anyhow::Result<String> {
    let item = |one: &Diagnostic| {
        let mut item = serde_json::to_value(DiagnosticItem::from(one))?;
        item["fixes"] = one.fixes.iter().map(fix).collect();
        Ok(item)
    };
    let items = found.iter().map(item).collect::<serde_json::Result<Vec<Value>>>()?;
    let total = items.len();
    Ok(serde_json::to_string_pretty(&json!({ "items": items, "total": total }))? + "\n")
}

fn fix(fix: &Fix) -> Value {
    let (start, end) = (fix.range.start, fix.range.end);
    json!({
        "file": fix.file,
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "replacement": fix.replacement,
        "safe": fix.is_safe,
    })
}

/// Workflow commands of GitHub Actions.
pub(super) fn github(found: &[Diagnostic]) -> String {
    let escape = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| escape(text).replace(':', "%3A").replace(',', "%2C");
    let command = |one: &Diagnostic| {
        let level = match one.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let at = one.position;
        let (line, column) = (at.line.max(1), at.column.max(1));
        let end = column.saturating_add(one.len).saturating_sub(1).max(column);
        let (file, message) = (property(&one.file), escape(&with_help(one)));
        format!("::{level} file={file},line={line},col={column},endColumn={end},title={}::{message}\n", one.code)
    };
    found.iter().map(command).collect()
}

fn with_help(one: &Diagnostic) -> String {
    one.help.as_ref().map_or_else(|| one.message.clone(), |help| format!("{}; {help}", one.message))
}

/// A code quality report of GitLab. What is told alike of one file is told apart by how often it was told before: lines move.
pub(super) fn gitlab(found: &[Diagnostic]) -> anyhow::Result<String> {
    let mut told: BTreeMap<(Code, &str, &str), u32> = BTreeMap::new();
    let mut issues: Vec<Value> = Vec::with_capacity(found.len());
    for one in found {
        let what = (one.code, &*one.file, one.message.as_str());
        let n = told.entry(what).or_default();
        *n += 1;
        let severity = match one.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Info => "info",
        };
        issues.push(json!({
            "description": with_help(one),
            "check_name": one.code.as_str(),
            "fingerprint": format!("{:016x}", fingerprint(&(one.code.as_str(), what.1, what.2, *n))),
            "severity": severity,
            "location": { "path": one.file, "lines": { "begin": one.position.line.max(1) } },
        }));
    }
    Ok(serde_json::to_string_pretty(&issues)? + "\n")
}

/// Static Analysis Results Interchange Format 2.1.0.
pub(super) fn sarif(found: &[Diagnostic]) -> anyhow::Result<String> {
    let rule = |code: &Code| {
        json!({
            "id": code.as_str(),
            "shortDescription": { "text": code.title() },
            "fullDescription": { "text": code.explanation() },
        })
    };
    let rules: Vec<Value> = Code::ALL.iter().map(rule).collect();
    let driver = json!({ "name": "gradus", "version": env!("CARGO_PKG_VERSION"), "rules": rules });
    let results: Vec<Value> = found.iter().map(result).collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{ "tool": { "driver": driver }, "columnKind": "unicodeCodePoints", "results": results }],
    });
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

fn result(one: &Diagnostic) -> Value {
    let level = match one.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    };
    let note = |(file, at, message): &(Box<str>, Position, String)| json!({ "physicalLocation": location(file, *at, 0), "message": { "text": message } });
    json!({
        "ruleId": one.code.as_str(),
        "level": level,
        "message": { "text": with_help(one) },
        "locations": [{ "physicalLocation": location(&one.file, one.position, one.len) }],
        "relatedLocations": one.notes.iter().map(note).collect::<Vec<_>>(),
        "fixes": one.fixes.iter().map(change).collect::<Vec<_>>(),
    })
}

fn location(file: &str, at: Position, len: u32) -> Value {
    let (line, column) = (at.line.max(1), at.column.max(1));
    let region = json!({ "startLine": line, "startColumn": column, "endColumn": column.saturating_add(len.max(1)) });
    json!({ "artifactLocation": { "uri": uri(file) }, "region": region })
}

fn change(fix: &Fix) -> Value {
    let (start, end) = (fix.range.start, fix.range.end);
    let region = json!({
        "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column,
    });
    let replacement = json!({ "deletedRegion": region, "insertedContent": { "text": fix.replacement } });
    json!({ "artifactChanges": [{ "artifactLocation": { "uri": uri(&fix.file) }, "replacements": [replacement] }] })
}

/// A path as a relative URI.
fn uri(path: &str) -> String {
    let encode = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    path.bytes().map(encode).collect()
}
