//! Parameters as Algolia's clients send them: members of a JSON object, a urlencoded string inside it, or a query string.

use serde_json::{Map, Value};

use crate::http::problem::Fault;

/// The parameters of one query. Those that Gradus has no use for are passed over: front ends send many.
pub(super) struct AlgoliaParams(Map<String, Value>);

/// Members of a request that are no parameters of the query.
const ENVELOPE: [&str; 4] = ["indexName", "type", "facet", "params"];

/// Parameters that must be text: taken for absent, they would find everything.
const TEXTS: [&str; 3] = ["query", "filters", "facetQuery"];

impl AlgoliaParams {
    /// The members of `request`; what they do not say is read from its `params`.
    ///
    /// # Errors
    /// If `params` is neither text nor an object, or what must be text is not.
    pub(super) fn new(mut request: Map<String, Value>) -> Result<Self, Fault> {
        let params = match request.remove("params") {
            None | Some(Value::Null) => Map::new(),
            Some(Value::String(text)) => urlencoded(&text),
            Some(Value::Object(members)) => members,
            Some(_) => return Err(Fault::invalid("params", "this is neither urlencoded text nor an object")),
        };
        for (name, value) in params {
            request.entry(name).or_insert(value);
        }
        let is_text = |value: &Value| value.is_string() || value.is_null();
        if let Some(name) = TEXTS.into_iter().find(|name| !request.get(*name).is_none_or(is_text)) {
            return Err(Fault::invalid(name, "this is not text"));
        }
        Ok(Self(request))
    }

    /// The parameters of a query string, without the names and keys of the client.
    pub(super) fn from_query(query: &str) -> Self {
        let mut members = urlencoded(query);
        members.retain(|name, _| !name.to_ascii_lowercase().starts_with("x-algolia-"));
        Self(members)
    }

    /// The text of `name`.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// The number of `name`, `default` where it is not given.
    ///
    /// # Errors
    /// If it is not a whole number, or above `max`.
    pub(super) fn count(&self, name: &str, default: usize, max: usize) -> Result<usize, Fault> {
        let number = match self.0.get(name) {
            None | Some(Value::Null) => Some(default),
            Some(Value::Number(number)) => number.as_u64().and_then(|number| usize::try_from(number).ok()),
            Some(Value::String(text)) => text.trim().parse().ok(),
            Some(_) => None,
        };
        match number {
            None => Err(Fault::invalid(name, "this is not a whole number")),
            Some(number) if number > max => {
                Err(Fault::invalid(name, format_args!("{number} is more than the limit of {max}")))
            }
            Some(number) => Ok(number),
        }
    }

    /// The value of `name`; text that holds a JSON list is read as that list, and what says nothing is none.
    pub(super) fn value(&self, name: &str) -> Option<Value> {
        let value = match self.0.get(name)? {
            Value::String(text) if text.trim_start().starts_with('[') => {
                serde_json::from_str(text).unwrap_or_else(|_| Value::from(text.as_str()))
            }
            value => value.clone(),
        };
        let is_empty = match &value {
            Value::Null => true,
            Value::String(text) => text.trim().is_empty(),
            Value::Array(values) => values.is_empty(),
            _ => false,
        };
        (!is_empty).then_some(value)
    }

    /// The list of `name`: a JSON list, or text with commas. An empty list is a list.
    pub(super) fn list(&self, name: &str) -> Option<Vec<String>> {
        self.0.get(name)?;
        Some(match self.value(name) {
            Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Some(Value::String(text)) => text.split(',').map(|entry| entry.trim().to_owned()).collect(),
            _ => Vec::new(),
        })
    }

    /// All parameters, urlencoded.
    pub(super) fn echo(&self) -> String {
        let parameters = self.0.iter().filter(|(name, _)| !ENVELOPE.contains(&name.as_str()));
        let pairs =
            parameters.map(|(name, value)| (name, value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
        form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
    }
}

fn urlencoded(text: &str) -> Map<String, Value> {
    form_urlencoded::parse(text.as_bytes()).map(|(name, value)| (name.into_owned(), Value::from(&*value))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn given(request: &Value) -> AlgoliaParams {
        AlgoliaParams::new(request.as_object().unwrap().clone()).unwrap()
    }

    #[test]
    fn members_and_urlencoded_text_say_the_same() {
        let one = given(&json!({ "query": "kv", "hitsPerPage": 2, "facets": ["kind", "tag"] }));
        let other = given(&json!({ "params": "query=kv&hitsPerPage=2&facets=%5B%22kind%22%2C%22tag%22%5D" }));
        for given in [one, other] {
            assert_eq!(given.text("query"), Some("kv"));
            assert_eq!(given.count("hitsPerPage", 20, 100).unwrap(), 2);
            assert_eq!(given.list("facets").unwrap(), ["kind", "tag"]);
            assert_eq!(given.echo(), "query=kv&hitsPerPage=2&facets=%5B%22kind%22%2C%22tag%22%5D");
        }
    }

    #[test]
    fn members_come_before_urlencoded_text() {
        let given = given(&json!({ "query": "one", "params": "query=two&page=3" }));
        assert_eq!((given.text("query"), given.count("page", 0, 9).unwrap()), (Some("one"), 3));
        assert!(given.count("page", 0, 2).is_err());
    }

    #[test]
    fn keys_of_the_client_are_no_parameters() {
        let given = AlgoliaParams::from_query("query=kv&x-algolia-api-key=secret&X-Algolia-Agent=a");
        assert_eq!(given.echo(), "query=kv");
    }
}
