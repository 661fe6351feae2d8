//! Suggest: which names begin like this?

use gradus_corpus::Kind;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::list::bounded;
use super::search::within_limit;
use super::{AskError, List, View};
use crate::limits;

/// What has been typed so far.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct SuggestAsk {
    /// The beginning of a name, an inner word of it, or an acronym; typos are forgiven.
    #[param(example = "paged", max_length = 1000)]
    pub q: String,
    /// `concept` or `guide`.
    pub kind: Option<String>,
    /// Suggestions, at most 20, 8 where not given.
    #[param(minimum = 1, maximum = 20)]
    pub limit: Option<usize>,
}

/// A page whose name fits.
#[derive(Debug, Serialize, ToSchema)]
pub struct Suggestion<'a> {
    /// Full id.
    pub id: String,
    /// `concept` or `guide`.
    pub kind: &'static str,
    /// What readers call it.
    pub title: &'a str,
    /// Where the site shows it.
    pub url: &'a str,
    /// The name that fits: the title or another.
    pub matched: Box<str>,
}

/// Completes `ask.q`.
///
/// # Errors
/// If a parameter is wrong.
pub fn suggest(view: &View, ask: SuggestAsk) -> Result<List<Suggestion<'_>>, AskError> {
    let kind = match ask.kind.as_deref() {
        None => None,
        Some(kind) => {
            let wrong = || AskError::invalid("kind", format_args!("'{kind}' is neither concept nor guide"));
            Some(Kind::parse(kind).ok_or_else(wrong)?)
        }
    };
    let limit = bounded("limit", ask.limit, 8, limits::SUGGESTIONS)?;
    let found = view.index.suggest(&view.corpus, &within_limit(ask.q)?, kind, limit);
    let dressed = found.into_iter().map(|suggestion| {
        let page = view.corpus.page(suggestion.page);
        Suggestion {
            id: page.id(),
            kind: page.kind.as_str(),
            title: &page.title,
            url: &page.url,
            matched: suggestion.matched,
        }
    });
    Ok(List::whole(view, dressed.collect()))
}
