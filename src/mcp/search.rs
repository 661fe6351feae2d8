//! `search`: ids and passages, in the shape that chat clients know.

use gradus_engine::questions::filter::FilterParams;
use gradus_engine::questions::list::Slice;
use gradus_engine::questions::search::{SearchHit, SearchParams, search as ask_search};
use gradus_engine::view::View;
use serde::{Deserialize, Serialize};

use super::ask::{Arguments, ToolError, read, within};
use super::budget::{ANSWER_TOKENS, tokens};

#[derive(Deserialize)]
struct SearchArguments {
    query: String,
    kind: Option<String>,
    limit: Option<i64>,
    cursor: Option<String>,
}

/// What was found.
#[derive(Serialize)]
struct ToolHits {
    results: Vec<ToolHit>,
    total: usize,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    relaxed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    did_you_mean: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Serialize)]
struct ToolHit {
    id: String,
    title: String,
    url: String,
    text: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    locked: bool,
}

/// Searches, and cuts what would be too long: the cursor goes on there.
pub(super) fn search(view: &View, arguments: Arguments) -> Result<String, ToolError> {
    let given: SearchArguments = read(&["query", "kind", "limit", "cursor"], arguments)?;
    let limit = within("limit", given.limit.unwrap_or(8), 20)?;
    let params =
        SearchParams { q: given.query, limit: Some(limit), cursor: given.cursor.clone(), ..SearchParams::default() };
    let filters = match given.kind {
        Some(kind) => FilterParams::default().with("kind", vec![kind])?,
        None => FilterParams::default(),
    };
    let offset = Slice::new(view, Some(limit), given.cursor.as_deref())?.offset;
    let found = ask_search(view, params, filters)?;
    let n_found = found.items.len();
    let mut results = Vec::new();
    let mut left = ANSWER_TOKENS;
    for hit in found.items {
        let hit = dress(&hit);
        // The names of the fields and the signs between them are some thirty tokens a hit.
        let n_tokens = tokens(&hit.id) + tokens(&hit.title) + tokens(&hit.url) + tokens(&hit.text) + 30;
        if n_tokens > left && !results.is_empty() {
            break;
        }
        left = left.saturating_sub(n_tokens);
        results.push(hit);
    }
    let is_cut = results.len() < n_found;
    let next_cursor = if is_cut { Some(Slice::cursor(view, offset + results.len())) } else { found.next_cursor };
    let answer =
        ToolHits { results, total: found.total, relaxed: found.relaxed, did_you_mean: found.did_you_mean, next_cursor };
    serde_json::to_string(&answer)
        .map_err(|wrong| ToolError::Failed(gradus_engine::questions::refusal::Failure::new(wrong)))
}

/// A hit: its definition, and the passage where that says something else.
fn dress(hit: &SearchHit<'_>) -> ToolHit {
    let description = hit.page.description.as_deref().unwrap_or_default();
    let passage = hit.snippet.text.trim();
    let tells_more = !passage.is_empty() && !description.contains(passage) && passage != &*hit.page.title;
    let text = if tells_more && !description.is_empty() {
        format!("{description} … {passage}")
    } else if tells_more {
        passage.to_owned()
    } else {
        description.to_owned()
    };
    ToolHit {
        id: hit.page.id.clone(),
        title: hit.page.title.to_string(),
        url: hit.page.url.to_string(),
        text: clip(&text, 400),
        locked: hit.page.locked,
    }
}

/// The first `n_chars` characters of `text`, whole words, with a sign where something was cut.
fn clip(text: &str, n_chars: usize) -> String {
    match text.char_indices().nth(n_chars) {
        None => text.to_owned(),
        Some((end, _)) => {
            let end = text[..end].rfind(' ').unwrap_or(end);
            format!("{} …", &text[..end])
        }
    }
}
