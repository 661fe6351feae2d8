//! `/openapi.json`: OpenAPI 3.1, written from the table of questions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use utoipa::{OpenApi, ToSchema};

use super::params::body_schema;
use super::{batch, operate};
use gradus_engine::questions::answer::{Schema, Str};
use gradus_engine::questions::entry::QuestionEntry;
use gradus_engine::questions::question::JSON;
use gradus_engine::questions::questions;
use gradus_engine::questions::refusal::RefusalCode;

/// What is served beside the questions.
#[derive(OpenApi)]
#[openapi(paths(openapi, batch::batch, operate::livez, operate::readyz, operate::metrics))]
struct Others;

/// Describe all of this.
#[utoipa::path(get, path = "/openapi.json", tag = operate::OPERATION, responses((status = 200, body = serde_json::Value)))]
pub(super) async fn openapi() -> Response {
    static DOCUMENT: LazyLock<String> = LazyLock::new(|| document().to_string());
    ([(header::CONTENT_TYPE, JSON)], DOCUMENT.as_str()).into_response()
}

/// The document, with flat types: client generators stumble over `allOf` and `oneOf`.
pub fn document() -> Value {
    // The document is made of strings and maps, which always serialise.
    let mut document = serde_json::to_value(Others::openapi()).unwrap_or_default();
    document["info"] = json!({
        "title": "Gradus",
        "description": "Search, prerequisite paths, plans and related guides for learning content.",
        "license": { "name": env!("CARGO_PKG_LICENSE"), "identifier": env!("CARGO_PKG_LICENSE") },
        "version": env!("CARGO_PKG_VERSION"),
    });
    for entry in questions() {
        add(&mut document, entry);
    }
    if let Value::Object(schemas) = &mut document["components"]["schemas"] {
        schemas.remove(&*Str::name());
    }
    for sorted in [&["paths"][..], &["components", "schemas"]] {
        let place = sorted.iter().fold(&mut document, |value, name| &mut value[name]);
        if let Value::Object(members) = place {
            members.sort_keys();
        }
    }
    inline_text(&mut document);
    let schemas = document["components"]["schemas"].clone();
    flatten(&mut document, &schemas);
    document["components"]["schemas"]["BatchParams"]["additionalProperties"] = Value::from(false);
    document["components"]["securitySchemes"] =
        json!({ "viewer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" } });
    document["security"] = json!([{}, { "viewer": [] }]);
    // Wherever it was fetched from: a server does not know by which names it is reached.
    document["servers"] = json!([{ "url": "/", "description": "The server that this document is of" }]);
    let paths = document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut);
    let mut tags: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (method, operation) in paths.filter_map(Value::as_object_mut).flatten() {
        tell_problems(method, operation);
        let summary = operation["summary"].as_str().unwrap_or_default().to_owned();
        tags.entry(operation["tags"][0].as_str().unwrap_or_default().to_owned())
            .or_default()
            .push(first_sentence(&summary));
        if operation.get("description").is_none() {
            operation["description"] = Value::from(summary);
        }
    }
    let tag = |(name, summaries): (String, Vec<String>)| json!({ "name": name, "description": summaries.join(" ") });
    document["tags"] = tags.into_iter().map(tag).collect();
    drop_unused(&mut document);
    document
}

/// What stands before the first full stop of `text`, with it.
fn first_sentence(text: &str) -> String {
    text.split_inclusive(". ").next().unwrap_or_default().trim_end().to_owned()
}

/// Takes away schemas that nothing refers to: those that were merged into others are in no answer by themselves.
fn drop_unused(document: &mut Value) {
    loop {
        let mut used = BTreeSet::new();
        references(document, &mut used);
        let Value::Object(schemas) = &mut document["components"]["schemas"] else { return };
        let n_schemas = schemas.len();
        schemas.retain(|name, _| used.contains(name));
        if schemas.len() == n_schemas {
            return;
        }
    }
}

/// Adds the names of the schemas that `value` refers to.
fn references(value: &Value, used: &mut BTreeSet<String>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| references(value, used)),
        Value::Object(members) => {
            used.extend(schema_name(members.get("$ref")).map(str::to_owned));
            members.values().for_each(|value| references(value, used));
        }
        _ => {}
    }
}

/// The name of the schema that a reference leads to.
fn schema_name(reference: Option<&Value>) -> Option<&str> {
    reference?.as_str()?.rsplit('/').next()
}

/// Adds the question of `entry`, and the schemas that it needs.
fn add(document: &mut Value, entry: &QuestionEntry) {
    let answer = entry.schema();
    let content = entry.media_types.iter().map(|media_type| {
        let schema = match *media_type {
            JSON => reference(&answer),
            // JSON of another world, which says itself what it holds.
            foreign if foreign.ends_with("+json") => json!({ "type": "object" }),
            _ => json!({ "type": "string" }),
        };
        ((*media_type).to_owned(), json!({ "schema": schema }))
    });
    let answered = json!({ "content": content.collect::<Map<_, _>>() });
    let mut responses = Map::from_iter([("200".to_owned(), answered)]);
    responses.extend(refusals(entry).into_iter().map(|(status, why)| (status.to_owned(), problem(why))));
    let parameters: Vec<Value> = entry
        .parameters()
        .into_iter()
        .map(|mut parameter| {
            if entry.is_in_path(&parameter.name) {
                parameter.openapi["in"] = Value::from("path");
            }
            parameter.openapi
        })
        .collect();
    let mut get = json!({ "tags": [entry.tag()], "summary": entry.doc(), "operationId": entry.name });
    get["description"] = Value::from(format!("{} On the command line: `gradus {}`.", entry.doc(), entry.command));
    if !parameters.is_empty() {
        get["parameters"] = Value::Array(parameters);
    }
    get["responses"] = Value::Object(responses.clone());
    document["paths"][entry.path]["get"] = get;
    if let Some(body) = entry.body() {
        responses.insert("413".to_owned(), problem("The body is too large"));
        document["paths"][entry.path]["post"] = json!({
            "tags": [entry.tag()],
            "summary": body.doc,
            "operationId": format!("post_{}", entry.name),
            "requestBody": { "content": { JSON: { "schema": reference(&body.schema) } }, "required": true },
            "responses": responses,
        });
        document["components"]["schemas"][body.schema.name] = body_schema(entry.parameters());
    }
    if entry.media_types.contains(&JSON) {
        add_schemas(document, answer);
    }
}

/// What goes wrong with a question: the status, and what it means.
fn refusals(entry: &QuestionEntry) -> Vec<(&'static str, &'static str)> {
    let has_cursor = entry.parameters().iter().any(|parameter| parameter.name == "cursor");
    let mut refusals = vec![
        ("400", "A parameter is unknown, missing or wrong; `suggestions` tell what may have been meant"),
        ("401", "The token is not valid"),
        ("503", "Too much is asked at one time, or nothing is loaded yet; `Retry-After` tells when to ask again"),
        ("504", "The answer took too long"),
    ];
    if entry.refuses.is_some_and(RefusalCode::is_absence) {
        refusals.push(("404", "Nothing, or more than one thing, is called so; `suggestions` tell what is"));
    }
    if has_cursor {
        refusals.push(("410", "The content has changed since the cursor was given"));
    }
    refusals.sort_unstable();
    refusals
}

/// A response that is a problem.
fn problem(description: &str) -> Value {
    let problem = json!({ "$ref": "#/components/schemas/Problem" });
    json!({ "description": description, "content": { "application/problem+json": { "schema": problem } } })
}

fn reference(schema: &Schema) -> Value {
    json!({ "$ref": format!("#/components/schemas/{}", schema.name) })
}

fn add_schemas(document: &mut Value, schema: Schema) {
    for (name, part) in schema.parts {
        document["components"]["schemas"][name] = serde_json::to_value(part).unwrap_or_default();
    }
}

/// Adds what every path may answer: a problem, and to reads that nothing has changed.
fn tell_problems(method: &str, operation: &mut Value) {
    operation["responses"]["default"] = problem("A problem, RFC 9457");
    if method == "get" {
        operation["responses"]["304"] = json!({ "description": "`If-None-Match` names what would be answered" });
    }
    let responses = operation["responses"].as_object_mut().into_iter().flatten();
    for (status, response) in responses.filter(|(_, response)| response.get("description").is_none()) {
        response["description"] = Value::from(if status.starts_with('2') { "The answer" } else { "A problem" });
    }
}

/// Turns references to text that may be borrowed into text: where an answer has it from is nothing for clients.
fn inline_text(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(inline_text),
        Value::Object(members) => {
            if let Some(Value::Array(choices)) = members.get("oneOf")
                && let Some(text) = choices.iter().find(|choice| is_text(choice))
            {
                let description = text.get("description").cloned();
                *members = Map::from_iter([("type".to_owned(), json!(["string", "null"]))]);
                members.extend(description.map(|description| ("description".to_owned(), description)));
            }
            if members.get("$ref").is_some_and(|path| is_text(&json!({ "$ref": path }))) {
                let rest = std::mem::take(members).into_iter().filter(|(name, _)| name != "$ref");
                *members = std::iter::once(("type".to_owned(), Value::from("string"))).chain(rest).collect();
            }
            members.values_mut().for_each(inline_text);
        }
        _ => {}
    }
}

fn is_text(schema: &Value) -> bool {
    schema_name(schema.get("$ref")).is_some_and(|name| name == Str::name())
}

/// Merges every `allOf` into one object and turns "null or a reference" into what is referred to, with a type that may be
/// null: a reference cannot say so.
fn flatten(value: &mut Value, schemas: &Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| flatten(value, schemas)),
        Value::Object(members) => {
            if let Some(Value::Array(choices)) = members.remove("oneOf") {
                let chosen = choices.iter().find(|choice| choice.get("type") != Some(&Value::from("null")));
                if let Some(Value::Object(chosen)) = chosen.map(|choice| referred(choice, schemas)) {
                    members.extend(chosen.clone());
                }
                members.insert("type".to_owned(), json!(["object", "null"]));
            }
            if let Some(parts) = members.remove("allOf") {
                merge(members, parts, schemas);
            }
            members.values_mut().for_each(|value| flatten(value, schemas));
        }
        _ => {}
    }
}

/// The schema that `schema` refers to, or itself where it is no reference.
fn referred<'a>(schema: &'a Value, schemas: &'a Value) -> &'a Value {
    schema_name(schema.get("$ref")).map_or(schema, |name| &schemas[name])
}

fn merge(into: &mut Map<String, Value>, parts: Value, schemas: &Value) {
    let Value::Array(parts) = parts else { return };
    let mut properties = Map::new();
    let mut required = Vec::new();
    for part in parts {
        let mut schema = referred(&part, schemas).clone();
        // What is merged may be merged of others itself.
        flatten(&mut schema, schemas);
        if let Some(Value::Object(more)) = schema.get("properties") {
            properties.extend(more.clone());
        }
        if let Some(Value::Array(more)) = schema.get("required") {
            required.extend(more.iter().cloned());
        }
    }
    into.entry("type").or_insert(Value::from("object"));
    into.insert("required".to_owned(), Value::Array(required));
    into.insert("properties".to_owned(), Value::Object(properties));
}
