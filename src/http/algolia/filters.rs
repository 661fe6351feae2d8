//! `filters` and `facetFilters`: from Algolia's two spellings to the filters that every door has.
//!
//! Both are conjunctions of alternatives. Ours are one set of alternatives a facet, so alternatives across facets, two
//! conditions on one facet, and negations have no meaning here and are refused rather than passed over.

use std::collections::BTreeMap;

use serde_json::Value;

use super::facets::canonical;
use super::params::AlgoliaParams;
use crate::http::problem::Fault;
use gradus_engine::questions::filter::FilterParams;

/// Filters by something else than a facet.
const FOREIGN: [&str; 7] = [
    "numericFilters",
    "tagFilters",
    "aroundLatLng",
    "insideBoundingBox",
    "insidePolygon",
    "restrictSearchableAttributes",
    "similarQuery",
];

/// The alternatives of each facet that is filtered by.
type Alternatives = BTreeMap<&'static str, Vec<String>>;

/// What `given` filters by.
///
/// # Errors
/// If it names a facet or a value that does not exist, or asks for what has no meaning here.
pub(super) fn filters(given: &AlgoliaParams) -> Result<FilterParams, Fault> {
    let all = alternatives(given)?;
    Ok(all.into_iter().try_fold(FilterParams::default(), |filters, (facet, values)| filters.with(facet, values))?)
}

fn alternatives(given: &AlgoliaParams) -> Result<Alternatives, Fault> {
    if let Some(foreign) = FOREIGN.into_iter().find(|name| given.value(name).is_some()) {
        return Err(Fault::invalid(foreign, "Gradus filters by facets only, with `filters` or `facetFilters`"));
    }
    let mut all = Alternatives::new();
    for terms in facet_filters(given)? {
        narrow(&mut all, "facetFilters", &terms)?;
    }
    for terms in expression(given.text("filters").unwrap_or_default())? {
        narrow(&mut all, "filters", &terms)?;
    }
    Ok(all)
}

/// The alternatives of `facetFilters`: `["a:x", ["b:y", "b:z"]]` or `"a:x,b:y"`.
fn facet_filters(given: &AlgoliaParams) -> Result<Vec<Vec<String>>, Fault> {
    let wrong = || Fault::invalid("facetFilters", "this is not a list of `facet:value` and lists of them");
    let one = |value: &Value| value.as_str().map(str::to_owned).ok_or_else(wrong);
    match given.value("facetFilters") {
        None => Ok(Vec::new()),
        Some(Value::String(text)) => Ok(text.split(',').map(|one| vec![one.trim().to_owned()]).collect()),
        Some(Value::Array(all)) => all
            .iter()
            .filter(|group| group.as_array().is_none_or(|group| !group.is_empty()))
            .map(|group| match group {
                Value::Array(alternatives) => alternatives.iter().map(one).collect(),
                single => one(single).map(|single| vec![single]),
            })
            .collect(),
        Some(_) => Err(wrong()),
    }
}

/// The alternatives of `filters`: `a:x AND (b:y OR b:"z w")`. `OR` binds closer than `AND`, as in Algolia.
fn expression(text: &str) -> Result<Vec<Vec<String>>, Fault> {
    let wrong = |why: &str| Fault::invalid("filters", why);
    let mut groups = vec![Vec::new()];
    let mut wants_term = true;
    let tokens = tokens(text);
    if tokens.is_empty() {
        return Ok(Vec::new());
    }
    for token in tokens {
        match token.as_str() {
            // A group is closed by its `AND`; parentheses only say so twice.
            "(" | ")" => {}
            "NOT" => return Err(wrong("Gradus has no negated filters")),
            "AND" | "OR" if wants_term => return Err(wrong("a `facet:value` is missing")),
            "AND" => groups.push(Vec::new()),
            "OR" => {}
            _ if !wants_term => return Err(wrong("between two `facet:value` there must be AND or OR")),
            term => groups.last_mut().unwrap_or(&mut Vec::new()).push(term.to_owned()),
        }
        if !matches!(token.as_str(), "(" | ")") {
            wants_term = matches!(token.as_str(), "AND" | "OR");
        }
    }
    if wants_term { Err(wrong("a `facet:value` is missing at the end")) } else { Ok(groups) }
}

/// Words and parentheses; quotation marks hold a value together and are dropped.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    for char in text.chars() {
        match (char, quote) {
            (char, Some(open)) if char == open => quote = None,
            (char, Some(_)) => word.push(char),
            // An apostrophe inside a word is a letter of it.
            ('"', None) => quote = Some(char),
            ('\'', None) if word.is_empty() || word.ends_with(':') => quote = Some(char),
            (char, None) if char.is_whitespace() || matches!(char, '(' | ')') => {
                if !word.is_empty() {
                    tokens.push(std::mem::take(&mut word));
                }
                if !char.is_whitespace() {
                    tokens.push(char.to_string());
                }
            }
            (char, None) => word.push(char),
        }
    }
    if !word.is_empty() {
        tokens.push(word);
    }
    tokens
}

/// Adds one set of alternatives.
fn narrow(all: &mut Alternatives, parameter: &str, terms: &[String]) -> Result<(), Fault> {
    let mut facet = None;
    let mut values = Vec::new();
    for term in terms {
        let (name, value) = term
            .split_once(':')
            .ok_or_else(|| Fault::invalid(parameter, format_args!("'{term}' is not `facet:value`")))?;
        let name = canonical(parameter, name)?;
        if value.starts_with('-') {
            return Err(Fault::invalid(parameter, format_args!("'{term}': Gradus has no negated filters")));
        }
        if facet.is_some_and(|facet| facet != name) {
            return Err(Fault::invalid(parameter, format_args!("'{term}': alternatives must be of one facet")));
        }
        facet = Some(name);
        values.push(value.trim_start_matches('\\').to_owned());
    }
    let Some(facet) = facet else { return Ok(()) };
    if all.get(facet).is_some_and(|before| *before != values) {
        let why = "two conditions on one facet have no meaning here; give its values as alternatives";
        return Err(Fault::invalid(parameter, format_args!("'{}': {why}", terms.join(", "))));
    }
    all.insert(facet, values);
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(request: &Value) -> Result<Alternatives, String> {
        let given = AlgoliaParams::new(request.as_object().unwrap().clone()).unwrap();
        alternatives(&given).map_err(|fault| fault.message())
    }

    #[test]
    fn every_spelling_means_the_same() {
        for request in [
            json!({ "facetFilters": [["kind:guide", "kind:concept"], "tags:kv cache"] }),
            json!({ "facetFilters": "[[\"kind:guide\",\"kind:concept\"],\"tag:kv cache\"]" }),
            json!({ "filters": "(kind:guide OR kind:concept) AND tag:\"kv cache\"" }),
            json!({ "filters": "kind:guide OR kind:concept AND tag:'kv cache'" }),
            json!({ "filters": "\"kind:guide\" OR kind:concept", "facetFilters": "tag:kv cache", "tagFilters": "" }),
        ] {
            let ask = check(&request).unwrap();
            assert_eq!(ask["kind"], ["guide", "concept"], "{request}");
            assert_eq!(ask["tag"], ["kv cache"], "{request}");
        }
    }

    #[test]
    fn what_has_no_meaning_here_is_refused() {
        for (request, why) in [
            (json!({ "facetFilters": ["colour:red"] }), "there is no facet 'colour'"),
            (json!({ "facetFilters": ["kind:-guide"] }), "negated"),
            (json!({ "filters": "NOT kind:guide" }), "negated"),
            (json!({ "filters": "kind:guide AND" }), "missing at the end"),
            (json!({ "filters": "OR kind:guide" }), "is missing"),
            (json!({ "filters": "kind:guide tag:x" }), "AND or OR"),
            (json!({ "filters": "kind:guide OR tag:x" }), "of one facet"),
            (json!({ "filters": "tag:x AND tag:y" }), "two conditions"),
            (json!({ "filters": "guide" }), "not `facet:value`"),
            (json!({ "facetFilters": 3 }), "not a list"),
            (json!({ "numericFilters": ["year>2020"] }), "by facets only"),
        ] {
            let told = check(&request).unwrap_err();
            assert!(told.contains(why), "{request}: {told}");
        }
    }

    #[test]
    fn nothing_filters_by_nothing() {
        for request in [json!({}), json!({ "facetFilters": [], "filters": "", "numericFilters": [] })] {
            assert!(check(&request).unwrap().is_empty());
        }
        assert!(check(&json!({ "facetFilters": [[], "kind:guide"] })).is_ok());
    }
}
