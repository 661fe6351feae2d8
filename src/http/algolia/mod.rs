//! The search protocol of Algolia, so that DocSearch and InstantSearch front ends work unchanged.
//!
//! The content is one index, whatever name it is asked by. A page of the content is a group of records: one for the page and
//! one for each of its best sections, shaped as DocSearch shapes them. As in Algolia's own grouping, `hitsPerPage`, `nbHits`
//! and `page` count groups, and `distinct` bounds the records of each. Application ids and keys are accepted and mean
//! nothing: who asks is told by the bearer token, as everywhere.

mod facets;
mod filters;
mod mark;
mod params;
mod record;

use std::time::Instant;

use axum::extract::{Path, RawQuery, Request};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use axum::{Router, routing};
use serde_json::{Map, Value, json};

use super::App;
use super::params::JsonBody;
use super::pinned::{PinnedView, json};
use super::problem::{self, Fault};
use gradus_engine::limits;
use gradus_engine::questions::list::Slice;
use gradus_engine::questions::search::{SearchAnswer, SearchParams, search as ask_search};
use gradus_engine::view::View;

use facets::facet_values;
use params::AlgoliaParams;
use record::{Dress, records};

/// The routes; their requests must be pinned.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/1/indexes/{index}", routing::get(search_by_url))
        .route("/1/indexes/{index}/query", routing::post(search))
        .route("/1/indexes/{index}/queries", routing::post(search_many))
        .route("/1/indexes/{index}/facets/{facet}/query", routing::post(search_facet))
}

/// Gives errors the body that Algolia's clients read.
pub(super) async fn shape_errors(request: Request, next: Next) -> Response {
    let dress = |fault: &Fault| {
        json!({ "message": fault.message(), "status": problem::status_of(fault) }).to_string().into_bytes()
    };
    problem::replace(next.run(request).await, HeaderValue::from_static("application/json"), dress)
}

/// `GET /1/indexes/{index}?query=…`.
async fn search_by_url(pinned: PinnedView, Path(index): Path<String>, RawQuery(query): RawQuery) -> Response {
    let given = AlgoliaParams::from_query(query.as_deref().unwrap_or_default());
    pinned.answer(move |pinned| json(&found(pinned, &index, &given)?)).await
}

/// `POST /1/indexes/{index}/query`.
async fn search(pinned: PinnedView, Path(index): Path<String>, body: JsonBody) -> Response {
    pinned.answer(move |pinned| json(&found(pinned, &index, &AlgoliaParams::new(object(body.read()?)?)?)?)).await
}

/// `POST /1/indexes/{index}/facets/{facet}/query`.
async fn search_facet(pinned: PinnedView, Path((_, facet)): Path<(String, String)>, body: JsonBody) -> Response {
    let question = move |pinned: &PinnedView| {
        json(&facet_values(pinned.view(), &facet, &AlgoliaParams::new(object(body.read()?)?)?)?)
    };
    pinned.answer(question).await
}

/// `POST /1/indexes/*/queries`: many queries, for hits or for facet values, from one snapshot.
async fn search_many(pinned: PinnedView, body: JsonBody) -> Response {
    let question = move |pinned: &PinnedView| {
        let Some(Value::Array(requests)) = object(body.read()?)?.remove("requests") else {
            return Err(Fault::invalid("requests", "give a list of queries"));
        };
        if requests.len() > limits::ALGOLIA_QUERIES {
            let (n, max) = (requests.len(), limits::ALGOLIA_QUERIES);
            return Err(Fault::invalid("requests", format_args!("{n} are more than the {max} of one request")));
        }
        let given = requests.into_iter().map(|request| AlgoliaParams::new(object(request)?));
        let given = given.collect::<Result<Vec<_>, Fault>>()?;
        let hits = given.iter().map(hits_per_page).sum::<Result<usize, Fault>>()?;
        if hits > limits::ALGOLIA_HITS {
            let max = limits::ALGOLIA_HITS;
            let why = format_args!("{hits} hits of all queries are more than the {max} of one request");
            return Err(Fault::invalid("hitsPerPage", why));
        }
        let results = given.iter().map(|given| result(pinned, given));
        json(&json!({ "results": results.collect::<Result<Vec<_>, _>>()? }))
    };
    pinned.answer(question).await
}

fn hits_per_page(given: &AlgoliaParams) -> Result<usize, Fault> {
    given.count("hitsPerPage", limits::DEFAULT_PAGE_ITEMS, limits::PAGE_ITEMS)
}

fn result(pinned: &PinnedView, given: &AlgoliaParams) -> Result<Value, Fault> {
    let index = given.text("indexName").unwrap_or_default().to_owned();
    match (given.text("type"), given.text("facet")) {
        (Some("facet"), Some(facet)) => facet_values(pinned.view(), facet, given),
        (Some("facet"), None) => Err(Fault::invalid("facet", "name the facet whose values are searched")),
        _ => found(pinned, &index, given),
    }
}

fn object(value: Value) -> Result<Map<String, Value>, Fault> {
    match value {
        Value::Object(members) => Ok(members),
        _ => Err(Fault::unreadable("a query is a JSON object")),
    }
}

/// Answers one query.
fn found(pinned: &PinnedView, index: &str, given: &AlgoliaParams) -> Result<Value, Fault> {
    let started = Instant::now();
    let view = pinned.view();
    let per_page = hits_per_page(given)?;
    let page = given.count("page", 0, usize::MAX)?;
    let facets = facets::wanted(given)?;
    let query = given.text("query").unwrap_or_default();
    let answer = ask(view, given, per_page, page)?;
    // Front ends ask without hits for the counts of facets, beside the search itself.
    if page == 0 && per_page > 0 {
        pinned.tally(query, answer.total);
    }
    let dress = Dress::new(given, query)?;
    let mut hits = Vec::new();
    for hit in answer.items.iter().take(per_page) {
        hits.extend(records(view, hit, &dress)?);
    }
    let mut told = json!({
        "hits": hits,
        "nbHits": answer.total,
        "page": page,
        "nbPages": answer.total.div_ceil(per_page.max(1)),
        "hitsPerPage": per_page,
        "exhaustiveNbHits": true,
        "exhaustiveFacetsCount": true,
        "exhaustive": { "nbHits": true, "facetsCount": true, "typo": true },
        "query": query,
        "params": given.echo(),
        "index": index,
    });
    if !facets.is_empty() {
        told["facets"] = facets::counts(&answer, &facets, given)?;
    }
    told["processingTimeMS"] = json!(u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX));
    Ok(told)
}

/// Asks the question that every other door asks. Where no hits are wanted one is looked for all the same: the counts come
/// with it.
fn ask<'a>(view: &'a View, given: &AlgoliaParams, per_page: usize, page: usize) -> Result<SearchAnswer<'a>, Fault> {
    let offset = page.saturating_mul(per_page);
    let ask = SearchParams {
        q: given.text("query").unwrap_or_default().to_owned(),
        limit: i64::try_from(per_page.max(1)).ok(),
        cursor: (offset > 0).then(|| Slice::cursor(view, offset)),
        ..SearchParams::default()
    };
    Ok(ask_search(view, ask, filters::filters(given)?)?)
}
