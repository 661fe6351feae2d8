//! `/health`: what is wrong with the content, where, and what to do. It names files and drafts, so the admin listener has it.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use gradus_corpus::{Diagnostic, Severity};

use super::ask::render;
use super::frame::{NavPlace, PageFrame};
use crate::http::App;
use crate::http::problem::Fault;

/// Diagnostics of one severity that the page shows; the command line tells all.
const SHOWN: usize = 200;

/// The state of the content as a page.
#[derive(Template)]
#[template(path = "health.html")]
struct HealthPage<'a> {
    frame: PageFrame<'a>,
    source: &'a str,
    failure: Option<String>,
    groups: Vec<SeverityGroup<'a>>,
}

/// The diagnostics of one severity.
struct SeverityGroup<'a> {
    title: &'static str,
    name: &'static str,
    total: usize,
    shown: Vec<&'a Diagnostic>,
}

/// The page of the content's health.
pub(super) async fn health(State(app): State<App>) -> Result<Response, Fault> {
    let snapshot = app.host().snapshot();
    let all = snapshot.as_deref().map_or(&[][..], |snapshot| &snapshot.diagnostics);
    let group = |(severity, title): (Severity, &'static str)| {
        let of_severity: Vec<&Diagnostic> = all.iter().filter(|one| one.severity == severity).collect();
        SeverityGroup {
            title,
            name: severity.as_str(),
            total: of_severity.len(),
            shown: of_severity.into_iter().take(SHOWN).collect(),
        }
    };
    let frame = PageFrame { place: NavPlace::Operator, ..PageFrame::bare() };
    let w = frame.w;
    let severities = [(Severity::Error, w.errors), (Severity::Warning, w.warnings), (Severity::Info, w.remarks)];
    let page = HealthPage {
        source: snapshot.as_deref().map_or("", |snapshot| &snapshot.provenance().source),
        failure: app.host().failure(),
        groups: severities.into_iter().map(group).filter(|group| group.total > 0).collect(),
        frame,
    };
    Ok(render(&page)?.into_response())
}
