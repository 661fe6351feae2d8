//! JSON-LD: what a page says of itself in the words of schema.org.

use serde_json::Value as Json;

use super::tree::{ROOT, Tree};
use crate::fields;
use crate::value::Value;

/// Types that are the page itself, or what it teaches.
const TYPES: &[&str] = &[
    "Article",
    "BlogPosting",
    "Course",
    "DefinedTerm",
    "HowTo",
    "LearningResource",
    "NewsArticle",
    "ScholarlyArticle",
    "TechArticle",
    "WebPage",
];

/// Properties, and the fields that they are. `covers` and not `teaches`: many write sentences there.
const PROPERTIES: &[(&str, &str)] = &[
    ("teaches", "covers"),
    ("competencyRequired", "prerequisites"),
    ("coursePrerequisites", "prerequisites"),
    ("timeRequired", "time"),
    ("description", "description"),
    ("alternateName", "aka"),
    ("keywords", "tags"),
    ("inLanguage", "lang"),
    ("dateModified", "updated"),
    ("author", "authors"),
];

/// What alignments of education mean.
const ALIGNMENTS: &[(&str, &str)] = &[("teaches", "covers"), ("requires", "prerequisites")];

/// The fields that the JSON-LD of a document says.
pub(super) fn fields(tree: &Tree) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    let scripts = tree.below(ROOT).filter(|id| tree.name(*id) == "script");
    for script in scripts.filter(|id| tree.attribute(*id, "type").is_some_and(is_linked_data)) {
        // What is broken says nothing, as it says nothing to those it is written for.
        if let Ok(json) = serde_json::from_str::<Json>(&tree.text(script)) {
            let mut things = Vec::new();
            gather(&json, &mut things);
            things.into_iter().for_each(|thing| say(thing, &mut found));
        }
    }
    // The first that says something counts, as in front matter the last would.
    let mut kept: Vec<(String, Value)> = Vec::new();
    for (name, value) in found {
        if kept.iter().all(|(own, _)| *own != name) {
            kept.push((name, value));
        }
    }
    kept
}

fn is_linked_data(media_type: &str) -> bool {
    media_type.split(';').next().is_some_and(|name| name.trim().eq_ignore_ascii_case("application/ld+json"))
}

/// The things that are the page: those at the top and in `@graph`.
fn gather<'j>(json: &'j Json, things: &mut Vec<&'j Json>) {
    match json {
        Json::Array(all) => all.iter().for_each(|one| gather(one, things)),
        Json::Object(members) => {
            if let Some(graph) = members.get("@graph") {
                gather(graph, things);
            }
            if TYPES.iter().any(|known| is_a(json, known)) {
                things.push(json);
            }
        }
        _ => {}
    }
}

fn is_a(thing: &Json, wanted: &str) -> bool {
    let is = |name: &Json| name.as_str().is_some_and(|name| name.rsplit(['/', ':']).next() == Some(wanted));
    match thing.get("@type") {
        Some(Json::Array(names)) => names.iter().any(is),
        Some(name) => is(name),
        None => false,
    }
}

fn say(thing: &Json, found: &mut Vec<(String, Value)>) {
    let mut add = |name: &str, written: &str, value: Value| {
        found.push((name.to_owned(), Value { written: Some(written.into()), ..value }));
    };
    for (property, field) in PROPERTIES {
        if let Some(value) = thing.get(*property).and_then(value) {
            add(field, property, value);
        }
    }
    if let Some(level) = thing.get("educationalLevel").and_then(text).filter(|level| fields::level(level).is_some()) {
        add("level", "educationalLevel", Value::of_text(level));
    }
    for (alignment, field) in ALIGNMENTS {
        let named: Vec<Value> = entries(thing.get("educationalAlignment"))
            .filter(|one| one.get("alignmentType").and_then(Json::as_str) == Some(alignment))
            .filter_map(|one| one.get("targetName").and_then(Json::as_str).map(Value::of_text))
            .collect();
        if !named.is_empty() {
            add(field, "educationalAlignment", Value::of_list(named));
        }
    }
    if thing.get("isAccessibleForFree").is_some_and(is_false) {
        add("access", "isAccessibleForFree", Value::of_text("pro"));
    }
    if is_a(thing, "DefinedTerm") {
        add("kind", "@type", Value::of_text("concept"));
    }
}

fn is_false(json: &Json) -> bool {
    match json {
        Json::Bool(is_free) => !is_free,
        Json::String(text) => text.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case("false")),
        _ => false,
    }
}

fn entries(json: Option<&Json>) -> impl Iterator<Item = &Json> {
    match json {
        Some(Json::Array(all)) => all.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    }
    .iter()
}

/// A text, or what a thing is called.
fn text(json: &Json) -> Option<&str> {
    match json {
        Json::String(text) => Some(text.trim()).filter(|text| !text.is_empty()),
        Json::Object(members) => ["name", "termCode", "headline"].iter().find_map(|key| members.get(*key)?.as_str()),
        _ => None,
    }
}

fn value(json: &Json) -> Option<Value> {
    match json {
        Json::Array(all) => {
            let all: Vec<Value> = all.iter().filter_map(text).map(Value::of_text).collect();
            (!all.is_empty()).then(|| Value::of_list(all))
        }
        one => text(one).map(Value::of_text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn learning_resources_are_fields() {
        let page = r#"<script type="application/ld+json">{"@context":"https://schema.org","@graph":[
            {"@type":"Organization","description":"no"},
            {"@type":["LearningResource","WebPage"],"teaches":[{"@type":"DefinedTerm","name":"KV cache"}],
             "competencyRequired":"Attention","educationalLevel":{"name":"Beginner"},"timeRequired":"PT25M",
             "isAccessibleForFree":"http://schema.org/False"}]}</script>"#;
        let said: Vec<String> = fields(&Tree::read(page))
            .iter()
            .map(|(name, value)| {
                let texts: Vec<&str> = value.entries().iter().filter_map(Value::text).collect();
                format!("{name}={}", texts.join("|"))
            })
            .collect();
        assert_eq!(said, ["covers=KV cache", "prerequisites=Attention", "time=PT25M", "level=Beginner", "access=pro"]);
    }
}
