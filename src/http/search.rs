//! `/v1/search`, `/v1/suggest`, `/v1/resolve`.

use axum::response::Response;

use super::params::{One, Params};
use super::pinned::{Pinned, json};
use super::problem::Problem;
use gradus_engine::questions::List;
use gradus_engine::questions::filter::FilterAsk;
use gradus_engine::questions::resolve::{self as ask_resolve, ResolveAsk, Resolved};
use gradus_engine::questions::search::{self as ask_search, SearchAnswer, SearchAsk};
use gradus_engine::questions::suggest::{self as ask_suggest, SuggestAsk, Suggestion};

/// Bytes up to which a query is answered at once. Longer ones can take many times as long.
const SHORT_QUERY_BYTES: usize = 200;

/// Search guides and concepts.
#[utoipa::path(get, path = "/v1/search", params(SearchAsk, FilterAsk),
    responses((status = 200, body = SearchAnswer), (status = 400, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn search(pinned: Pinned, Params(asked): Params<(One<SearchAsk>, One<FilterAsk>)>) -> Response {
    let (One(ask), One(filters)) = asked;
    let is_short = ask.q.len() <= SHORT_QUERY_BYTES;
    let question = move |pinned: &Pinned| {
        // The next page of an answer is no new search.
        let first_page_of = ask.cursor.is_none().then(|| ask.q.clone());
        let answer = ask_search::search(pinned.view(), ask, filters)?;
        if let Some(q) = first_page_of {
            pinned.tally(&q, answer.total);
        }
        json(&answer)
    };
    if is_short { pinned.answer_at_once(question) } else { pinned.answer(question).await }
}

/// Complete a name that is being typed.
#[utoipa::path(get, path = "/v1/suggest", params(SuggestAsk),
    responses((status = 200, body = List<Suggestion>), (status = 400, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn suggest(pinned: Pinned, Params(One(ask)): Params<One<SuggestAsk>>) -> Response {
    pinned.answer_at_once(|pinned| json(&ask_suggest::suggest(pinned.view(), ask)?))
}

/// Find the page that a slug, title, name, path or URL means.
#[utoipa::path(get, path = "/v1/resolve", params(ResolveAsk),
    responses((status = 200, body = Resolved), (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn resolve(pinned: Pinned, Params(One(ask)): Params<One<ResolveAsk>>) -> Response {
    pinned.answer_at_once(|pinned| json(&ask_resolve::resolve(pinned.view(), &ask)?))
}
