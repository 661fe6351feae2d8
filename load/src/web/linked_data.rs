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

/// The property that says whether a page is free, in lower case.
const FREE: &str = "isaccessibleforfree";
/// Properties that lead to other things than the page.
const OTHERS: &[&str] =
    &["about", "author", "breadcrumb", "citation", "itemlistelement", "mentions", "publisher", "review", "relatedlink"];

/// A JSON text without what hides it from readers that know no scripts.
fn bare(text: &str) -> &str {
    let text = text.trim().trim_start_matches("//").trim_start();
    let text = text.strip_prefix("<![CDATA[").or_else(|| text.strip_prefix("<!--")).unwrap_or(text);
    let text = text.trim_end();
    let text = text.strip_suffix("]]>").or_else(|| text.strip_suffix("-->")).unwrap_or(text);
    text.trim_end().trim_end_matches("//").trim()
}

/// An access that locks.
fn locked() -> (String, Value) {
    ("access".to_owned(), Value { written: Some("isAccessibleForFree".into()), ..Value::of_text("pro") })
}

/// Whether the page or a part of it is said not to be free, in any casing: by anything but a clear yes.
fn is_paid_for(json: &Json) -> bool {
    match json {
        Json::Array(all) => all.iter().any(is_paid_for),
        Json::Object(members) => members.iter().any(|(key, value)| {
            let key = key.rsplit(['/', ':']).next().unwrap_or(key).to_lowercase();
            if key == FREE { !is_true(value) } else { !OTHERS.contains(&key.as_str()) && is_paid_for(value) }
        }),
        _ => false,
    }
}

/// The fields that the JSON-LD of a document says.
pub(super) fn fields(tree: &Tree) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    let scripts = tree.below(ROOT).filter(|id| tree.name(*id) == "script");
    for script in scripts.filter(|id| tree.attribute(*id, "type").is_some_and(is_linked_data)) {
        let text = tree.text(script);
        let text = bare(&text);
        match serde_json::from_str::<Json>(text) {
            Ok(json) => {
                let mut things = Vec::new();
                gather(&json, &mut things);
                things.into_iter().for_each(|thing| say(thing, &mut found));
                if is_paid_for(&json) {
                    found.push(locked());
                }
            }
            // What is broken says nothing, as it says nothing to those it is written for. But nobody opens what it may lock.
            Err(_) if text.to_lowercase().contains(FREE) => found.push(locked()),
            Err(_) => {}
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
    if is_a(thing, "DefinedTerm") {
        add("kind", "@type", Value::of_text("concept"));
    }
}

fn is_true(json: &Json) -> bool {
    match json {
        Json::Bool(is_free) => *is_free,
        Json::Number(number) => number.as_i64() == Some(1),
        Json::String(text) => {
            let last = text.trim().rsplit('/').next().unwrap_or_default().to_lowercase();
            matches!(last.as_str(), "true" | "yes" | "1")
        }
        Json::Array(all) => !all.is_empty() && all.iter().all(is_true),
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
    fn what_is_not_clearly_free_is_locked() {
        let access = |json: &str| {
            let page = format!("<script type=\"APPLICATION/LD+JSON; charset=utf-8\">{json}</script>");
            fields(&Tree::read(&page)).iter().any(|(name, value)| name == "access" && value.text() == Some("pro"))
        };
        for json in [
            r#"{"@type":"Article","isAccessibleForFree":false,}"#,
            r#"{"@type":"Article","hasPart":{"@type":"WebPageElement","isAccessibleForFree":false,"cssSelector":".p"}}"#,
            "//<![CDATA[\n{\"@type\":\"Article\",\"isAccessibleForFree\":\"False\"}\n//]]>",
            r#"{"@type":"Article","isAccessibleForFree":0}"#,
            r#"{"@type":"Article","isAccessibleForFree":"no"}"#,
            r#"{"@type":"WebPage","mainEntity":{"@type":"Article","isAccessibleForFree":false}}"#,
            r#"{"@type":"Article","IsAccessibleForFree":false}"#,
            r#"[{"@graph":[{"@type":"Thing","schema:isAccessibleForFree":"http://schema.org/False"}]}]"#,
        ] {
            assert!(access(json), "{json}");
        }
        for json in [
            r#"{"@type":"Article","isAccessibleForFree":true}"#,
            r#"{"@type":"Article","isAccessibleForFree":"https://schema.org/True"}"#,
            r#"{"@type":"Article",}"#,
            r#"{"@type":"WebPage","mentions":[{"@type":"Article","isAccessibleForFree":false}]}"#,
        ] {
            assert!(!access(json), "{json}");
        }
    }

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
