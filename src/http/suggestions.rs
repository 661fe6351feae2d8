//! `/admin/suggestions`: what the texts speak for, and what an editor says of it.
//!
//! Only where the server was started to edit, and only with the admin token, which a page of another site cannot send: it is a header
//! that nothing adds by itself. What is said is kept beside the content; `gradus suggest --write` puts it into the files.

use std::sync::{Arc, PoisonError};

use axum::extract::State;
use axum::response::Response;
use gradus_corpus::{Corpus, PageId};
use gradus_engine::host::explain;
use gradus_engine::limits;
use gradus_engine::snapshot::Snapshot;
use gradus_engine::suggest::verdicts::{JudgedPair, Verdicts};
use gradus_engine::suggest::{Proposal, ProposalOptions, propose};
use gradus_engine::viewer::Viewer;
use gradus_load::Input;
use serde::{Deserialize, Serialize};

use super::App;
use super::params::{JsonBody, NoParams};
use super::pinned::json;
use super::problem::Fault;
use crate::priority::step_back;

/// Proposals less likely than this are not shown.
const SHOWN_CONFIDENCE: f32 = 0.3;
/// Proposals that are shown: what one goes through at a sitting.
const SHOWN: usize = 100;

/// Proposals that nothing was said of, the likeliest first.
#[derive(Serialize)]
struct SuggestionList {
    items: Vec<ShownProposal>,
    total: usize,
    accepted: usize,
    rejected: usize,
    generation: String,
}

#[derive(Serialize)]
struct ShownProposal {
    from: SuggestedPage,
    to: SuggestedPage,
    relation: &'static str,
    confidence: f32,
    evidence: SuggestionLine,
}

#[derive(Serialize)]
struct SuggestedPage {
    id: String,
    title: String,
}

#[derive(Serialize)]
struct SuggestionLine {
    kind: &'static str,
    file: String,
    line: u32,
    text: String,
}

/// What nothing was said of yet.
pub(super) async fn list(State(app): State<App>, _: NoParams) -> Result<Response, Fault> {
    let list = blocking(&app, |input, snapshot| {
        let view = snapshot.view(Viewer::Pro);
        let verdicts = Verdicts::read(input).map_err(|why| Fault::told_to_operator(explain(&why)))?;
        let mut judged = verdicts.rejected_in(&view.corpus);
        judged.extend(verdicts.accepted_in(&view.corpus));
        let options = ProposalOptions { all: false, min_confidence: SHOWN_CONFIDENCE };
        let found = propose(&view.corpus, &view.graph, Some(input), &judged, options).list;
        Ok(SuggestionList {
            total: found.len(),
            items: found.iter().take(SHOWN).map(|one| suggestion(&view.corpus, one)).collect(),
            accepted: verdicts.accepted.len(),
            rejected: verdicts.rejected.len(),
            generation: view.generation.clone(),
        })
    });
    json(&list.await?)
}

fn suggestion(corpus: &Corpus, one: &Proposal) -> ShownProposal {
    let page = |id| SuggestedPage { id: corpus.page(id).id(), title: corpus.page(id).title.to_string() };
    let evidence = SuggestionLine {
        kind: one.evidence.kind.as_str(),
        file: one.evidence.file.to_string(),
        line: one.evidence.line,
        text: one.evidence.text.to_string(),
    };
    let (from, to) = (page(one.from), page(one.to));
    ShownProposal { from, to, relation: one.relation.as_str(), confidence: one.confidence, evidence }
}

/// What an editor says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct Judgement {
    accept: Vec<JudgedPair>,
    reject: Vec<JudgedPair>,
}

/// How much was said so far.
#[derive(Serialize)]
struct JudgementAnswer {
    accepted: usize,
    rejected: usize,
}

/// Keeps what an editor says. All of it, or nothing where a page is not there.
pub(super) async fn judge(State(app): State<App>, _: NoParams, body: JsonBody) -> Result<Response, Fault> {
    let said: Judgement = serde_json::from_value(body.read()?)
        .map_err(|why| Fault::unreadable(format!("give `accept` and `reject`, lists of {{from, to}}: {why}")))?;
    let turn = Arc::clone(&app.judging);
    let answer = blocking(&app, move |input, snapshot| {
        let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        let corpus = &snapshot.view(Viewer::Pro).corpus;
        let mut verdicts = Verdicts::read(input).map_err(|why| Fault::told_to_operator(explain(&why)))?;
        for pair in said.accept.iter().chain(&said.reject) {
            known(corpus, &pair.from)?;
            known(corpus, &pair.to)?;
            // The last word counts.
            verdicts.accepted.retain(|other| other != pair);
            verdicts.rejected.retain(|other| other != pair);
        }
        verdicts.accepted.extend(said.accept);
        verdicts.rejected.extend(said.reject);
        let answer = JudgementAnswer { accepted: verdicts.accepted.len(), rejected: verdicts.rejected.len() };
        verdicts.write(input).map_err(|why| Fault::told_to_operator(explain(&why)))?;
        Ok(answer)
    });
    json(&answer.await?)
}

/// The page with this full id.
fn known(corpus: &Corpus, id: &str) -> Result<PageId, Fault> {
    match corpus.names().by_id(id)[..] {
        [page] if corpus.page(page).id() == id => Ok(page),
        _ => {
            let shown: String = id.chars().take(limits::QUERY_CHARS).collect();
            Err(Fault::unreadable(format!("there is no page with the full id '{shown}'")))
        }
    }
}

/// What `work` gives on a thread that may block; few at a time, since reading all texts takes long.
async fn blocking<T: Send + 'static>(
    app: &App,
    work: impl FnOnce(&Input, &Snapshot) -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    let host = Arc::clone(app.host());
    let busy = |_| Fault::overloaded("enough is being loaded and looked through; try again when it is done");
    let permit = Arc::clone(&app.reloads).try_acquire_owned().map_err(busy)?;
    let work = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        step_back();
        let snapshot = host.snapshot().ok_or_else(|| Fault::overloaded("nothing is loaded yet"))?;
        let source = host.source().ok_or_else(|| Fault::overloaded("nothing is loaded yet"))?;
        work(&source.input, &snapshot)
    });
    work.await.map_err(Fault::internal)?
}
