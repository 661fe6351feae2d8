//! Requests: whatever is asked of content with locked text, there is an answer, and nothing of that text in it.

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, Request};
use gradus::http::{App, Metrics};
use gradus::token::Verifier;
use gradus::web::router;
use gradus_engine::host::Host;
use gradus_engine::questions::answer::AnswerBody;
use gradus_engine::questions::questions;
use gradus_engine::questions::refusal::QuestionError;
use gradus_engine::snapshot::Snapshot;
use gradus_engine::viewer::Viewer;
use gradus_load::Input;
use percent_encoding::percent_decode_str;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

/// Marks every locked byte of the fixture.
const MARK: &str = "zqx";

/// What no reader knows.
pub(crate) const SECRET: &str = "a secret of the fuzzer, long enough for HS256";

struct Served {
    snapshot: Arc<Snapshot>,
    router: Router,
    runtime: Runtime,
}

/// The fixture with locked text, served to everybody.
static SERVED: LazyLock<Served> = LazyLock::new(|| served().unwrap_or_else(|error| panic!("{error:#}")));

fn served() -> Result<Served, Box<dyn std::error::Error>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/locked");
    let host = Arc::new(Host::new(Input::Path(folder.into())));
    host.reload(&mut |_| {})?;
    let snapshot = host.snapshot().ok_or("nothing is loaded")?;
    let app = App::new(host, Verifier::new(Some(SECRET), None)?, None, Metrics::install()?);
    let runtime = Builder::new_current_thread().enable_all().build()?;
    Ok(Served { snapshot, router: router(app), runtime })
}

/// Whether an input holds the mark itself, however it is spelled: an answer may repeat what it was asked.
fn holds_mark(text: &str) -> bool {
    let once = percent_decode_str(text).decode_utf8_lossy().to_lowercase();
    let letters: String = once.chars().filter(|char| char.is_alphanumeric()).collect();
    letters.contains(MARK) || once.contains("\\u") || once.contains('%')
}

#[track_caller]
fn tells_nothing(asked: &str, told: &str) {
    assert!(!told.to_lowercase().contains(MARK), "{asked:?} is told locked text: {told}");
}

/// A query, and behind a newline the other parameters of a search.
pub(crate) fn search(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (q, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let mut pairs = vec![("q".to_owned(), q.to_owned())];
    pairs.extend(rest.split('&').filter_map(|pair| pair.split_once('=')).map(|(a, b)| (a.to_owned(), b.to_owned())));
    let searches = questions().iter().filter(|entry| entry.parameters().iter().any(|one| one.name == "q"));
    for entry in searches {
        ask_one(entry, &pairs);
    }
}

/// Parameters as they stand in a query string, asked of every question.
pub(crate) fn ask(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let all: Vec<(String, String)> = text
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    for entry in questions() {
        // Of each question those that it knows: one that is unknown ends the rest.
        let names: Vec<String> = entry.parameters().into_iter().map(|one| one.name).collect();
        let known: Vec<(String, String)> = all.iter().filter(|(name, _)| names.contains(name)).cloned().collect();
        ask_one(entry, &known);
    }
    ask_one(&questions()[0], &all);
}

fn ask_one(entry: &gradus_engine::questions::entry::QuestionEntry, pairs: &[(String, String)]) {
    let answer = match entry.ask(SERVED.snapshot.view(Viewer::Anonymous), pairs) {
        Ok(answer) => answer,
        Err(QuestionError::Refusal(_)) => return,
        Err(QuestionError::Failure(failure)) => panic!("{}: {failure:?}", entry.name),
    };
    let told = match answer.body() {
        Ok(AnswerBody::Json(json)) => String::from_utf8_lossy(&json).into_owned(),
        Ok(AnswerBody::Text { text, .. }) => text,
        Ok(AnswerBody::Pieces { pieces, .. }) => pieces.collect(),
        Err(failure) => panic!("{}: {failure:?}", entry.name),
    };
    let asked = format!("{} {pairs:?}", entry.name);
    if !holds_mark(&asked) {
        tells_nothing(&asked, &told);
    }
}

/// A request: a line with method and path, lines with headers, an empty line and a body.
pub(crate) fn serve(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    let mut lines = head.lines();
    let first = lines.next().unwrap_or_default();
    let (method, path) = first.split_once(' ').unwrap_or(("GET", first));
    let Ok(method) = Method::from_bytes(method.as_bytes()) else { return };
    let mut request = Request::builder().method(method).uri(path).header("host", "localhost");
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        let parsed = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value));
        if let (Ok(name), Ok(value)) = parsed {
            request = request.header(name, value);
        }
    }
    let Ok(request) = request.body(Body::from(body.to_owned())) else { return };
    let served = &*SERVED;
    let (status, told) = served.runtime.block_on(async {
        let Ok(answer) = served.router.clone().oneshot(request).await;
        let status = answer.status().as_u16();
        let headers = format!("{:?}", answer.headers());
        let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap_or_default();
        (status, format!("{headers} {}", String::from_utf8_lossy(&body)))
    });
    assert!(status < 500, "{text:?} is answered {status}: {told}");
    if !holds_mark(&text) {
        tells_nothing(&text, &told);
    }
}

/// Filters of Algolia's protocol, in each of their three forms.
pub(crate) fn filter(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let list: serde_json::Value = text.split(',').collect();
    let nested = serde_json::from_str(&text).unwrap_or_else(|_| list.clone());
    let query = serde_json::json!({"query": "", "hitsPerPage": 2, "facets": ["*"]});
    for (name, value) in [("filters", (&*text).into()), ("facetFilters", nested), ("numericFilters", list)] {
        let mut query = query.clone();
        query[name] = value;
        serve(format!("POST /1/indexes/docs/query\ncontent-type: application/json\n\n{query}").as_bytes());
    }
}
