//! `/openapi.json`: OpenAPI 3.1, generated from the handlers.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

/// Describe all of this.
#[utoipa::path(get, path = "/openapi.json", responses((status = 200, body = serde_json::Value)))]
pub(super) async fn openapi() -> Response {
    static DOCUMENT: LazyLock<String> = LazyLock::new(|| document().to_string());
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.as_str()).into_response()
}

/// The document, with flat types: client generators stumble over `allOf` and `oneOf`.
pub fn document() -> Value {
    let (_, mut api) = super::questions().merge(super::others()).split_for_parts();
    api.info.title = "Gradus".to_owned();
    api.info.version = env!("CARGO_PKG_VERSION").to_owned();
    api.info.description =
        Some("Search, prerequisite paths, plans and related guides for learning content.".to_owned());
    // The document is made of strings and maps, which always serialise.
    let mut document = serde_json::to_value(&api).unwrap_or_default();
    let schemas = document["components"]["schemas"].clone();
    flatten(&mut document, &schemas);
    document["components"]["securitySchemes"] =
        json!({ "viewer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" } });
    document["security"] = json!([{}, { "viewer": [] }]);
    let paths = document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut);
    for (method, operation) in paths.filter_map(Value::as_object_mut).flatten() {
        tell_problems(method, operation);
    }
    document
}

/// Adds what every path may answer: a problem, and to reads that nothing has changed.
fn tell_problems(method: &str, operation: &mut Value) {
    let problem = json!({ "$ref": "#/components/schemas/Problem" });
    operation["responses"]["default"] = json!({
        "description": "A problem, RFC 9457", "content": { "application/problem+json": { "schema": problem } },
    });
    if method == "get" {
        operation["responses"]["304"] = json!({ "description": "`If-None-Match` names what would be answered" });
    }
    let responses = operation["responses"].as_object_mut().into_iter().flatten();
    for (status, response) in responses.filter(|(_, response)| response.get("description").is_none()) {
        response["description"] = Value::from(if status.starts_with('2') { "The answer" } else { "A problem" });
    }
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
    let name = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
    name.map_or(schema, |name| &schemas[name])
}

fn merge(into: &mut Map<String, Value>, parts: Value, schemas: &Value) {
    let Value::Array(parts) = parts else { return };
    let mut properties = Map::new();
    let mut required = Vec::new();
    for part in parts {
        let schema = referred(&part, schemas);
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
