//! `gradus check` and `gradus explain`.

mod fix;
mod report;
mod scope;

use anyhow::bail;
use gradus_corpus::{Code, Diagnostic, Severity};
use gradus_graph::Graph;
use gradus_load::{Input, Terms, load_on};

use super::args::{CheckArgs, CheckFormat, FailOn};
use super::layout::printable;
use super::{Outcome, changes, complain, counted, print, serve};
use crate::findings;
use scope::Scope;

/// Checks a source, or one file of it.
pub(super) fn check(args: &CheckArgs) -> anyhow::Result<Outcome> {
    let scope = Scope::new(args)?;
    let mut found = findings(&scope)?;
    if args.fix || args.diff {
        let changed = fix::changes(&scope.input, &found);
        if args.diff {
            print(&changes::diff(&changed))?;
            return Ok(if changed.is_empty() { Outcome::Done } else { Outcome::Findings });
        }
        let Input::Path(root) = &scope.input else { bail!("{} cannot be written to", scope.input) };
        changes::write(root, &changed)?;
        complain(&format!("{} changed", counted(changed.len(), "file")));
        found = findings(&scope)?;
    }
    show(&scope, &mut found);
    print(&match args.output_format {
        CheckFormat::Text => report::snippets(&found),
        CheckFormat::Concise => printable(&report::lines(&found)),
        CheckFormat::Json => report::json(&found)?,
        CheckFormat::Github => report::github(&found),
        CheckFormat::Gitlab => report::gitlab(&found)?,
        CheckFormat::Sarif => report::sarif(&found)?,
    })?;
    let count = |severity| found.iter().filter(|one| one.severity == severity).count();
    let (errors, warnings, infos) = (count(Severity::Error), count(Severity::Warning), count(Severity::Info));
    complain(&format!(
        "{}, {}, {}",
        counted(errors, Severity::Error),
        counted(warnings, Severity::Warning),
        counted(infos, Severity::Info),
    ));
    let fails = errors > 0 || warnings > 0 && args.fail_on == FailOn::Warning;
    Ok(if fails { Outcome::Findings } else { Outcome::Done })
}

/// Everything that is wrong. Settings that cannot be are told like the rest: nobody reads what was loaded in spite of them.
fn findings(scope: &Scope) -> anyhow::Result<Vec<Diagnostic>> {
    let mut bar = serve::bar();
    let terms = Terms { forgives_settings: true, ..Terms::now() };
    let mut loaded = load_on(terms, &scope.input, &mut |progress| bar(progress))?;
    complain(&loaded.site.to_string());
    let mut diagnostics = std::mem::take(&mut loaded.diagnostics);
    findings::complete(&scope.input, &loaded.corpus, &Graph::new(&loaded.corpus), &loaded.config, &mut diagnostics);
    diagnostics.retain(|told| scope.holds(&told.file));
    Ok(diagnostics)
}

/// Gives the files of `diagnostics` the paths that they have from where the command stands.
fn show(scope: &Scope, diagnostics: &mut [Diagnostic]) {
    for told in diagnostics {
        let notes = told.notes.iter_mut().map(|(file, ..)| file);
        let fixes = told.fixes.iter_mut().map(|fix| &mut fix.file);
        for file in std::iter::once(&mut told.file).chain(notes).chain(fixes) {
            *file = scope.shown(file).into();
        }
    }
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
