//! Asking a running server over HTTP.

use anyhow::{Context, ensure};
use gradus_engine::questions::entry::QuestionEntry;
use gradus_engine::questions::question::JSON;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::with_suggestions;

/// Everything but what RFC 3986 leaves alone.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A server, and who asks it.
pub(super) struct Remote {
    base: String,
    authorization: Option<String>,
    agent: ureq::Agent,
}

/// What a server answers.
pub(super) enum RemoteAnswer {
    /// Data.
    Json(Vec<u8>),
    /// A picture, or text for another tool.
    Text(Vec<u8>),
    /// Why there is no answer.
    Problem(RemoteProblem),
}

/// A problem, as far as it is told here.
#[derive(Deserialize)]
pub(super) struct RemoteProblem {
    status: u16,
    detail: String,
    #[serde(default)]
    suggestions: Vec<String>,
}

impl RemoteProblem {
    /// Whether what was asked for does not exist.
    pub(super) fn is_absence(&self) -> bool {
        self.status == 404
    }

    /// What may have been meant.
    pub(super) fn suggestions(&self) -> &[String] {
        &self.suggestions
    }

    /// What is wrong, and what may have been meant.
    pub(super) fn message(&self) -> String {
        with_suggestions(&self.detail, &self.suggestions)
    }
}

impl Remote {
    /// The server at `url`, asked with this token.
    pub(super) fn new(url: &str, token: Option<&str>) -> Self {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let authorization = token.map(|token| format!("Bearer {token}"));
        Self { base: url.trim_end_matches('/').to_owned(), authorization, agent }
    }

    /// Asks the question of `entry`.
    ///
    /// # Errors
    /// If the server cannot be reached, or what it says is neither an answer nor a problem.
    pub(super) fn ask(&self, entry: &QuestionEntry, pairs: &[(String, String)]) -> anyhow::Result<RemoteAnswer> {
        let url = format!("{}{}", self.base, path(entry, pairs));
        let mut request = self.agent.get(&url);
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        let mut answer = request.call().with_context(|| format!("cannot ask {url}"))?;
        let status = answer.status();
        let media_type = answer.headers().get("content-type").and_then(|value| value.to_str().ok());
        let is_json = media_type.is_some_and(|value| value.split(';').next().is_some_and(|one| one.trim() == JSON));
        let body = answer.body_mut().with_config().limit(u64::MAX).read_to_vec()?;
        if status.as_u16() >= 400 {
            let problem = serde_json::from_slice(&body);
            return problem
                .map(RemoteAnswer::Problem)
                .with_context(|| format!("{url} answered {status} and no reason"));
        }
        ensure!(status.is_success(), "{url} answered {status}");
        Ok(if is_json { RemoteAnswer::Json(body) } else { RemoteAnswer::Text(body) })
    }
}

impl Remote {
    /// The page with this full id as Markdown.
    ///
    /// # Errors
    /// If the server cannot be reached, or does not give it.
    pub(super) fn markdown(&self, id: &str) -> anyhow::Result<String> {
        let (kind, slug) = id.split_once(':').context("a page without a kind")?;
        let slug = utf8_percent_encode(slug, ESCAPED);
        let url = format!("{}/{kind}s/{slug}.md", self.base);
        let mut request = self.agent.get(&url);
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        let mut answer = request.call().with_context(|| format!("cannot ask {url}"))?;
        ensure!(answer.status().is_success(), "{url} answered {}", answer.status());
        let bytes = answer.body_mut().with_config().limit(u64::MAX).read_to_vec()?;
        String::from_utf8(bytes).with_context(|| format!("{url} is no text"))
    }
}

/// The path of the question, with its parameters where each belongs.
fn path(entry: &QuestionEntry, pairs: &[(String, String)]) -> String {
    let mut path = entry.path.to_owned();
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs {
        if entry.is_in_path(name) {
            path = path.replace(&format!("{{{name}}}"), &utf8_percent_encode(value, ESCAPED).to_string());
        } else {
            query.append_pair(name, value);
        }
    }
    let query = query.finish();
    if query.is_empty() { path } else { format!("{path}?{query}") }
}

#[cfg(test)]
mod tests {
    use gradus_engine::questions::questions;

    use super::*;

    #[test]
    fn parameters_stand_where_they_belong() {
        let entry = questions().iter().find(|entry| entry.name == "concept_prerequisites").unwrap();
        let pairs = [("id", "a b#ü/c"), ("known", "x,y z")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        let asked = path(entry, &pairs);
        assert_eq!(asked, "/v1/concepts/a%20b%23%C3%BC%2Fc/prerequisites?known=x%2Cy+z");
    }
}
