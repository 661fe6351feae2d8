//! `gradus check` and `gradus explain`.

use std::fmt::Write as _;
use std::io::IsTerminal;

use anyhow::bail;
use gradus_corpus::{Code, Diagnostic, Severity};
use serde_json::json;

use super::args::{CheckArgs, CheckFormat, FailOn};
use super::{Outcome, complain, print, serve};
use crate::http::DiagnosticItem;
use gradus_engine::snapshot::Snapshot;

/// Checks a source.
pub(super) fn check(args: &CheckArgs) -> anyhow::Result<Outcome> {
    let mut bar = serve::bar();
    let snapshot = Snapshot::build(&serve::input(args.path.as_ref()), &mut |progress| bar(progress))?;
    let found = &snapshot.diagnostics;
    let count = |severity| found.iter().filter(|diagnostic| diagnostic.severity == severity).count();
    let (errors, warnings, infos) = (count(Severity::Error), count(Severity::Warning), count(Severity::Info));
    print(&match args.output_format {
        CheckFormat::Text => found.iter().map(|one| text(one, is_coloured())).collect(),
        CheckFormat::Concise => found.iter().map(concise).collect(),
        CheckFormat::Json => {
            let items: Vec<DiagnosticItem<'_>> = found.iter().map(DiagnosticItem::from).collect();
            let mut document = serde_json::to_string_pretty(&json!({ "items": items, "total": items.len() }))?;
            document.push('\n');
            document
        }
        CheckFormat::Github => found.iter().map(github).collect(),
        CheckFormat::Sarif => sarif(found)?,
    })?;
    complain(&format!("{errors} errors, {warnings} warnings, {infos} remarks"));
    let fails = errors > 0 || warnings > 0 && args.fail_on == FailOn::Warning;
    Ok(if fails { Outcome::Findings } else { Outcome::Done })
}

/// Explains a code.
pub(super) fn explain(code: &str) -> anyhow::Result<Outcome> {
    let Some(found) = Code::parse(code) else {
        let all: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        bail!("there is no code '{code}'; there are {}", all.join(", "));
    };
    print(&format!("{} {} ({})\n\n{}\n", found, found.title(), found.severity(), found.explanation()))?;
    Ok(Outcome::Done)
}

fn is_coloured() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// As rustc tells of problems.
fn text(one: &Diagnostic, is_coloured: bool) -> String {
    let paint =
        |text: String, colour: &str| if is_coloured { format!("\u{1b}[{colour}m{text}\u{1b}[0m") } else { text };
    let colour = match one.severity {
        Severity::Error => "1;31",
        Severity::Warning => "1;33",
        Severity::Info => "1;36",
    };
    let mut out = format!("{}: {}\n", paint(format!("{}[{}]", one.severity, one.code), colour), one.message);
    let at = one.position;
    let gutter = at.line.to_string().len().max(2);
    push(&mut out, format_args!("{:>gutter$} {}\n", paint("-->".to_owned(), "1;34"), place(one)));
    if let (Some(line), true) = (&one.line_text, at.column > 0) {
        let before = at.column as usize - 1;
        // Long lines, as JSON Lines have, are shown around the place.
        let from = before.saturating_sub(60);
        let shown: String =
            line.chars().skip(from).take(120).map(|char| if char == '\t' { ' ' } else { char }).collect();
        let marks = "^".repeat((one.len as usize).clamp(1, shown.chars().count().saturating_sub(before - from).max(1)));
        push(&mut out, format_args!("{:>gutter$} | {shown}\n", at.line));
        push(&mut out, format_args!("{:>gutter$} | {}{}\n", "", " ".repeat(before - from), paint(marks, colour)));
    }
    for (file, position, message) in &one.notes {
        push(&mut out, format_args!("{:>gutter$} = {message} ({file}:{}:{})\n", "", position.line, position.column));
    }
    if let Some(help) = &one.help {
        push(&mut out, format_args!("{:>gutter$} = help: {help}\n", ""));
    }
    out.push('\n');
    out
}

fn place(one: &Diagnostic) -> String {
    match (one.position.line, one.position.column) {
        (0, _) => one.file.to_string(),
        (line, 0) => format!("{}:{line}", one.file),
        (line, column) => format!("{}:{line}:{column}", one.file),
    }
}

fn concise(one: &Diagnostic) -> String {
    let help = one.help.as_ref().map_or(String::new(), |help| format!(" ({help})"));
    format!("{}: {}[{}] {}{help}\n", place(one), one.severity, one.code, one.message)
}

/// A workflow command of GitHub Actions.
fn github(one: &Diagnostic) -> String {
    let level = match one.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let escape = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| escape(text).replace(':', "%3A").replace(',', "%2C");
    let (line, column) = (one.position.line.max(1), one.position.column.max(1));
    let message = one.help.as_ref().map_or_else(|| one.message.clone(), |help| format!("{}; {help}", one.message));
    format!(
        "::{level} file={},line={line},col={column},title={}::{}\n",
        property(&one.file),
        one.code,
        escape(&message)
    )
}

fn sarif(found: &[Diagnostic]) -> anyhow::Result<String> {
    let level = |severity| match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    };
    let rule = |code: &Code| json!({ "id": code.as_str(), "shortDescription": { "text": code.title() }, "fullDescription": { "text": code.explanation() } });
    let result = |one: &Diagnostic| {
        json!({
            "ruleId": one.code.as_str(),
            "level": level(one.severity),
            "message": { "text": one.help.as_ref().map_or_else(|| one.message.clone(), |help| format!("{}; {help}", one.message)) },
            "locations": [{ "physicalLocation": {
                "artifactLocation": { "uri": one.file },
                "region": { "startLine": one.position.line.max(1), "startColumn": one.position.column.max(1) },
            }}],
        })
    };
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "gradus", "version": env!("CARGO_PKG_VERSION"), "rules": Code::ALL.iter().map(rule).collect::<Vec<_>>() } },
            "results": found.iter().map(result).collect::<Vec<_>>(),
        }],
    });
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

/// Writing to a `String` cannot fail.
fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    let written = out.write_fmt(text);
    debug_assert!(written.is_ok());
}
