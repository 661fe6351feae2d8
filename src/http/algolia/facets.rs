//! Facets: which there are, their counts, and the search for their values.

use std::time::Instant;

use gradus_index::FACETS;
use serde_json::{Map, Value, json};

use super::ask;
use super::mark::{Marks, Tags};
use super::params::AlgoliaParams;
use crate::http::problem::Fault;
use gradus_engine::limits;
use gradus_engine::questions::search::SearchAnswer;
use gradus_engine::view::View;

/// Values of a facet that are told where the request does not say, as in Algolia.
const DEFAULT_VALUES: usize = 100;
/// Values of a facet that a search for values finds where the request does not say, as in Algolia.
const DEFAULT_FACET_HITS: usize = 10;

/// The facet that front ends call `name`.
///
/// # Errors
/// If there is none: all are named.
pub(super) fn canonical(parameter: &str, name: &str) -> Result<&'static str, Fault> {
    let name = match name.trim() {
        "tags" => "tag",
        "tracks" => "track",
        "language" => "lang",
        other => other,
    };
    FACETS.iter().map(|facet| facet.name).find(|facet| *facet == name).ok_or_else(|| {
        let hint = if name == "docusaurus_tag" { "; set `contextualSearch: false` in Docusaurus" } else { "" };
        let all = FACETS.iter().map(|facet| facet.name).collect::<Vec<_>>().join(", ");
        Fault::invalid(parameter, format_args!("there is no facet '{name}'; there are {all}{hint}"))
    })
}

/// The facets whose counts `given` wants, as it calls them and as they are called here.
///
/// # Errors
/// If one does not exist.
pub(super) fn wanted(given: &AlgoliaParams) -> Result<Vec<(String, &'static str)>, Fault> {
    let mut wanted = Vec::new();
    for name in given.list("facets").unwrap_or_default() {
        if name == "*" {
            wanted.extend(FACETS.iter().map(|facet| (facet.name.to_owned(), facet.name)));
        } else {
            // `searchable(tag)` and the like are ways to declare a facet; the name is inside.
            let bare = name.rsplit('(').next().unwrap_or(&name).trim_end_matches(')');
            let facet = canonical("facets", bare)?;
            wanted.push((bare.to_owned(), facet));
        }
    }
    Ok(wanted)
}

/// Counts of the `wanted` facets, most frequent values first. A facet that is filtered by is counted as if it were not,
/// which is what a list of alternatives to choose from shows.
///
/// # Errors
/// If `maxValuesPerFacet` is no number.
pub(super) fn counts(
    answer: &SearchAnswer<'_>,
    wanted: &[(String, &'static str)],
    given: &AlgoliaParams,
) -> Result<Value, Fault> {
    let max = given.count("maxValuesPerFacet", DEFAULT_VALUES, usize::MAX)?;
    let counts = wanted.iter().map(|(name, facet)| {
        let values = by_count(answer, facet).into_iter().take(max);
        (name.clone(), Value::Object(values.map(|(value, count)| (value.to_owned(), json!(count))).collect()))
    });
    Ok(Value::Object(counts.collect::<Map<_, _>>()))
}

/// The values of `facet` among the pages that `given` finds, those with a word that begins with its `facetQuery`.
///
/// # Errors
/// If there is no such facet, or the query is wrong.
pub(super) fn facet_values(view: &View, facet: &str, given: &AlgoliaParams) -> Result<Value, Fault> {
    let started = Instant::now();
    let facet = canonical("facet", facet)?;
    let max = given.count("maxFacetHits", DEFAULT_FACET_HITS, limits::PAGE_ITEMS)?;
    let marks = Marks::of_query(given.text("facetQuery").unwrap_or_default());
    let tags = Tags::new(given);
    let answer = ask(view, given, 1, 0)?;
    let hits = by_count(&answer, facet).into_iter().filter_map(|(value, count)| {
        let marked = marks.find(value);
        let fits = marks.is_empty() || !marked.is_empty();
        fits.then(|| json!({ "value": value, "highlighted": tags.mark(value, &marked), "count": count }))
    });
    Ok(json!({
        "facetHits": hits.take(max).collect::<Vec<_>>(),
        "exhaustiveFacetsCount": true,
        "processingTimeMS": u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
    }))
}

fn by_count<'a>(answer: &'a SearchAnswer<'_>, facet: &str) -> Vec<(&'a str, u64)> {
    let values = answer.facets.get(facet).into_iter().flatten();
    let mut values: Vec<(&str, u64)> = values.map(|(value, count)| (value.as_str(), *count)).collect();
    values.sort_by(|(a, n_a), (b, n_b)| n_b.cmp(n_a).then(a.cmp(b)));
    values
}
