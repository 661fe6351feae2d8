//! `filters` and `facetFilters`: from Algolia's two spellings to the filters that every door has.
//!
//! Both are conjunctions of alternatives. Ours are one set of alternatives a facet, so alternatives across facets, two
//! conditions on one facet, and negations have no meaning here and are refused rather than passed over.

use serde_json::Value;

use super::facets::canonical;
use super::given::Given;
use gradus_engine::questions::AskError;
use gradus_engine::questions::filter::FilterAsk;

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

/// What `given` filters by.
///
/// # Errors
/// If it names a facet that does not exist, or asks for what has no meaning here.
pub(super) fn filters(given: &Given) -> Result<FilterAsk, AskError> {
    if let Some(foreign) = FOREIGN.into_iter().find(|name| given.value(name).is_some()) {
        return Err(AskError::invalid(foreign, "Gradus filters by facets only, with `filters` or `facetFilters`"));
    }
    let mut ask = FilterAsk::default();
    for alternatives in facet_filters(given)? {
        narrow(&mut ask, "facetFilters", &alternatives)?;
    }
    for alternatives in expression(given.text("filters").unwrap_or_default())? {
        narrow(&mut ask, "filters", &alternatives)?;
    }
    Ok(ask)
}

/// The alternatives of `facetFilters`: `["a:x", ["b:y", "b:z"]]` or `"a:x,b:y"`.
fn facet_filters(given: &Given) -> Result<Vec<Vec<String>>, AskError> {
    let wrong = || AskError::invalid("facetFilters", "this is not a list of `facet:value` and lists of them");
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
fn expression(text: &str) -> Result<Vec<Vec<String>>, AskError> {
    let wrong = |why: &str| AskError::invalid("filters", why);
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
fn narrow(ask: &mut FilterAsk, parameter: &str, alternatives: &[String]) -> Result<(), AskError> {
    let mut facet = None;
    let mut values = Vec::new();
    for term in alternatives {
        let (name, value) = term
            .split_once(':')
            .ok_or_else(|| AskError::invalid(parameter, format_args!("'{term}' is not `facet:value`")))?;
        let name = canonical(parameter, name)?;
        if value.starts_with('-') {
            return Err(AskError::invalid(parameter, format_args!("'{term}': Gradus has no negated filters")));
        }
        if facet.is_some_and(|facet| facet != name) {
            return Err(AskError::invalid(parameter, format_args!("'{term}': alternatives must be of one facet")));
        }
        facet = Some(name);
        values.push(value.trim_start_matches('\\').to_owned());
    }
    let Some(field) = facet.and_then(|facet| field(ask, facet)) else { return Ok(()) };
    if !field.is_empty() && *field != values {
        let why = "two conditions on one facet have no meaning here; give its values as alternatives";
        return Err(AskError::invalid(parameter, format_args!("'{}': {why}", alternatives.join(", "))));
    }
    *field = values;
    Ok(())
}

fn field<'a>(ask: &'a mut FilterAsk, facet: &str) -> Option<&'a mut Vec<String>> {
    Some(match facet {
        "kind" => &mut ask.kind,
        "category" => &mut ask.category,
        "tag" => &mut ask.tag,
        "track" => &mut ask.track,
        "level" => &mut ask.level,
        "access" => &mut ask.access,
        "lang" => &mut ask.lang,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(request: &Value) -> Result<FilterAsk, String> {
        let given = Given::new(request.as_object().unwrap().clone()).unwrap();
        filters(&given).map_err(|error| error.detail)
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
            assert_eq!(ask.kind, ["guide", "concept"], "{request}");
            assert_eq!(ask.tag, ["kv cache"], "{request}");
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
            assert!(check(&request).unwrap().kind.is_empty());
        }
        assert!(check(&json!({ "facetFilters": [[], "kind:guide"] })).is_ok());
    }
}
