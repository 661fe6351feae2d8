//! The commands that ask a question: from arguments to a path, from an answer to the screen.

use std::sync::Arc;

use anyhow::{Context, bail};
use axum::body::Body;
use axum::http::{Request, header};
use serde::Serialize;
use serde_json::Value;
use tower::ServiceExt;

use super::args::{AskCommand, AskFlags, Format};
use super::{Outcome, complain, print, serve, table};
use crate::http::{App, Metrics, router};
use crate::token::Verifier;
use gradus_engine::host::Host;
use gradus_engine::viewer::Viewer;

/// A question as a path of the HTTP API.
struct Question {
    path: String,
    /// Whether an empty answer is a finding.
    wants_items: bool,
}

/// An answer of the HTTP API.
struct Answer {
    status: u16,
    body: Vec<u8>,
}

/// Asks and prints.
pub(super) fn ask(command: &AskCommand, flags: &AskFlags) -> anyhow::Result<Outcome> {
    let asked = question(command)?;
    let answer = match &flags.server {
        Some(server) => remote(server, flags.token.as_deref(), &asked.path)?,
        None => local(flags, &asked.path)?,
    };
    if answer.status >= 400 {
        return refuse(&answer);
    }
    let value: Option<Value> = serde_json::from_slice(&answer.body).ok();
    let text = match (&value, flags.format) {
        (None, _) | (_, Format::Json) => String::from_utf8(answer.body).context("the answer is not UTF-8")?,
        (Some(value), Format::Ndjson) => table::ndjson(value),
        (Some(value), Format::Md) => table::markdown(value),
        (Some(value), Format::Table) => table::table(value, terminal_width()),
    };
    let ends = text.ends_with('\n');
    print(&text)?;
    if !ends && flags.format != Format::Json {
        print("\n")?;
    }
    let is_empty = value.is_some_and(|value| {
        value.get("found") == Some(&Value::Bool(false)) || value.get("total").and_then(Value::as_u64) == Some(0)
    });
    Ok(if asked.wants_items && is_empty { Outcome::Findings } else { Outcome::Done })
}

/// Characters of a line of the terminal; `None` where the result goes elsewhere.
fn terminal_width() -> Option<usize> {
    let (width, _) = terminal_size::terminal_size_of(std::io::stdout())?;
    Some(usize::from(width.0))
}

/// Tells what the problem says. What does not exist is a finding, anything else an error.
fn refuse(answer: &Answer) -> anyhow::Result<Outcome> {
    let problem: Value = serde_json::from_slice(&answer.body).context("the server answered with no problem")?;
    let detail = problem["detail"].as_str().unwrap_or("the server gave no reason");
    let suggestions: Vec<&str> =
        problem["suggestions"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let hint =
        if suggestions.is_empty() { String::new() } else { format!("\n  did you mean {}?", suggestions.join(", ")) };
    if answer.status == 404 {
        complain(&format!("error: {detail}{hint}"));
        return Ok(Outcome::Findings);
    }
    bail!("{detail}{hint}")
}

fn question(command: &AskCommand) -> anyhow::Result<Question> {
    let (path, pairs) = match command {
        AskCommand::Search { q, flags } => ("/v1/search".to_owned(), with(pairs(flags)?, &[("q", &q.join(" "))])),
        AskCommand::Show { id } => (page(id, ""), Vec::new()),
        AskCommand::Prereqs { id, flags } => (page(id, "/prerequisites"), pairs(flags)?),
        AskCommand::Unlocks { id, flags } => (format!("/v1/concepts/{}/unlocks", encode(id)), pairs(flags)?),
        AskCommand::Path { from, to, k } => {
            let k = k.map(|k| ("k".to_owned(), k.to_string()));
            ("/v1/path".to_owned(), with(k.into_iter().collect(), &[("from", from), ("to", to)]))
        }
        AskCommand::Plan { target, flags } => {
            ("/v1/plan".to_owned(), with(pairs(flags)?, &[("target", &target.join(","))]))
        }
        AskCommand::Next { flags } => ("/v1/next".to_owned(), pairs(flags)?),
        AskCommand::Related { id, flags } => (page(id, "/related"), pairs(flags)?),
        AskCommand::Topics { flags } => ("/v1/topics".to_owned(), pairs(flags)?),
        AskCommand::Bridges { from, to, flags } => {
            let ends: Vec<(&str, &str)> =
                [("from", from.as_str())].into_iter().chain(to.as_deref().map(|to| ("to", to))).collect();
            ("/v1/bridges".to_owned(), with(pairs(flags)?, &ends))
        }
        AskCommand::Graph { center, flags } => ("/v1/graph".to_owned(), with(pairs(flags)?, &[("center", center)])),
        AskCommand::Export { to } => ("/v1/export".to_owned(), with(Vec::new(), &[("format", to)])),
        AskCommand::Stats => ("/v1/status".to_owned(), Vec::new()),
    };
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let wants_items = matches!(command, AskCommand::Search { .. } | AskCommand::Path { .. });
    Ok(Question { path: if query.is_empty() { path } else { format!("{path}?{query}") }, wants_items })
}

/// The path of a page of either kind; [`local`] and [`remote`] find out which.
fn page(id: &str, rest: &str) -> String {
    if id.contains('#') && rest.is_empty() {
        return format!("/v1/sections/{}", encode(id));
    }
    let is_guide = id.starts_with("guide:");
    format!("/v1/{}/{}{rest}", if is_guide { "guides" } else { "concepts" }, encode(id))
}

fn encode(segment: &str) -> String {
    form_urlencoded::byte_serialize(segment.as_bytes()).collect::<String>().replace('+', "%20")
}

/// The flags that were given, as names and values.
fn pairs<T: Serialize>(flags: &T) -> anyhow::Result<Vec<(String, String)>> {
    let mut pairs = Vec::new();
    let Value::Object(members) = serde_json::to_value(flags)? else { return Ok(pairs) };
    for (name, value) in members {
        match value {
            Value::Null | Value::Bool(false) => {}
            Value::Array(values) if values.is_empty() => {}
            Value::Array(values) => {
                pairs.push((name, values.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",")))
            }
            Value::String(text) => pairs.push((name, text)),
            other => pairs.push((name, other.to_string())),
        }
    }
    Ok(pairs)
}

fn with(mut pairs: Vec<(String, String)>, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let more = more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    pairs.splice(0..0, more);
    pairs
}

/// A guide is asked for as a guide where no concept has the name.
fn as_guide(path: &str) -> Option<String> {
    let rest = path.strip_prefix("/v1/concepts/")?;
    (!rest.contains("/unlocks")).then(|| format!("/v1/guides/{rest}"))
}

/// Asks the same router that a server serves, inside this process.
fn local(flags: &AskFlags, path: &str) -> anyhow::Result<Answer> {
    let host = Arc::new(Host::new(serve::input(flags.source.as_ref())));
    let mut bar = serve::bar();
    host.reload(&mut |progress| bar(progress))?;
    let viewer = Viewer::entitled(&flags.entitlements);
    let app = App::new(host, Verifier::trusting(viewer), None, Metrics::install()?);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start the runtime")?;
    runtime.block_on(async {
        let get = async |path: &str| -> anyhow::Result<Answer> {
            let request = Request::get(path).header(header::ACCEPT_ENCODING, "identity").body(Body::empty())?;
            let answer = match router(app.clone()).oneshot(request).await {
                Ok(answer) => answer,
                Err(never) => match never {},
            };
            let status = answer.status().as_u16();
            let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await?.to_vec();
            Ok(Answer { status, body })
        };
        let answer = get(path).await?;
        match as_guide(path).filter(|_| answer.status == 404) {
            Some(guide) => Ok(Some(get(&guide).await?).filter(|found| found.status != 404).unwrap_or(answer)),
            None => Ok(answer),
        }
    })
}

/// Asks a running server.
fn remote(server: &str, token: Option<&str>, path: &str) -> anyhow::Result<Answer> {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let get = |path: &str| -> anyhow::Result<Answer> {
        let url = format!("{}{path}", server.trim_end_matches('/'));
        let mut request = agent.get(&url);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let mut answer = request.call().with_context(|| format!("cannot ask {url}"))?;
        Ok(Answer {
            status: answer.status().as_u16(),
            body: answer.body_mut().with_config().limit(u64::MAX).read_to_vec()?,
        })
    };
    let answer = get(path)?;
    match as_guide(path).filter(|_| answer.status == 404) {
        Some(guide) => Ok(Some(get(&guide)?).filter(|found| found.status != 404).unwrap_or(answer)),
        None => Ok(answer),
    }
}
