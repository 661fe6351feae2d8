//! `/docs`: the API, read from its own OpenAPI document: what each path answers, how to ask it, an example to open.

use std::sync::LazyLock;

use askama::Template;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use gradus_engine::questions::next::NextQuestion;
use gradus_engine::questions::page_list::GuidesQuestion;
use serde_json::Value;

use super::ask::{ask, render};
use super::frame::{NavPlace, PageFrame};
use super::link::{self, segment};
use super::visit::PageVisit;
use crate::http::document;
use crate::http::params::PathPairs;
use crate::http::problem::{Fault, no_such_path};

/// Fields inside fields that are told.
const DEPTH: usize = 3;

/// The reference as a page.
#[derive(Template)]
#[template(path = "reference.html")]
struct ReferencePage<'a> {
    frame: PageFrame<'a>,
    version: &'static str,
    operations: &'a [Operation],
}

/// A method of a path.
struct Operation {
    anchor: String,
    method: String,
    path: String,
    summary: String,
    parameters: Vec<OperationParameter>,
    /// An address to open, where one can be asked without more.
    example: Option<String>,
    /// The fields of the answer.
    fields: Vec<FieldRow>,
}

/// A parameter.
struct OperationParameter {
    name: String,
    /// HTML.
    doc: String,
    kind: String,
    required: bool,
    example: String,
}

/// A field of an answer, however deep: how deep tells the list.
struct FieldRow {
    name: String,
    kind: String,
    /// HTML.
    doc: String,
    depth: usize,
}

/// One operation as a page.
#[derive(Template)]
#[template(path = "operation.html")]
struct OperationPage<'a> {
    frame: PageFrame<'a>,
    operation: &'a Operation,
    example: Option<String>,
    /// The address of the server, as the reader came to it.
    origin: String,
}

/// The operations of the API, read once.
static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| operations(&document()));

/// The page of the whole API.
pub(super) async fn reference(visit: PageVisit) -> Response {
    visit.pinned.answer_at_once(|_| page(&visit)).await
}

fn page(visit: &PageVisit) -> Result<Response, Fault> {
    let frame = PageFrame::new(visit, NavPlace::Api).with_json("/openapi.json");
    let page = ReferencePage { frame, version: env!("CARGO_PKG_VERSION"), operations: &OPERATIONS };
    Ok(render(&page)?.into_response())
}

/// The page of one operation.
pub(super) async fn operation(
    visit: PageVisit,
    path: PathPairs,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Fault> {
    let name = path.0.into_iter().next().map(|(_, name)| name).unwrap_or_default();
    let Some(operation) = OPERATIONS.iter().find(|one| one.anchor == name) else { return Err(no_such_path(uri).await) };
    let page = OperationPage {
        frame: PageFrame::new(&visit, NavPlace::Api).with_json("/openapi.json"),
        example: operation.example.as_deref().map(|example| with_names(&visit, example)).transpose()?,
        origin: link::origin(&headers),
        operation,
    };
    Ok(render(&page)?.into_response())
}

/// `example` with the slugs of a concept and a guide that are there.
fn with_names(visit: &PageVisit, example: &str) -> Result<String, Fault> {
    let concepts = ask::<NextQuestion>(visit, &[("limit", "1")])?;
    let guides = ask::<GuidesQuestion>(visit, &[("limit", "1")])?;
    let slug = |id: Option<&str>| id.and_then(|id| id.split_once(':')).map_or(String::new(), |(_, slug)| segment(slug));
    let concept = slug(concepts.items.first().map(|item| &*item.page.id));
    let guide = slug(guides.items.first().map(|item| &*item.page.card.id));
    Ok(example.replace("{concept}", &concept).replace("{guide}", &guide))
}

/// A comment of the API as HTML: what stands between backquotes is code.
fn with_code(text: &str) -> String {
    let escaped =
        |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let pieces = (0..).zip(text.split('`'));
    pieces
        .map(|(n, piece)| if n % 2 == 1 { format!("<code>{}</code>", escaped(piece)) } else { escaped(piece) })
        .collect()
}

/// Every operation of an OpenAPI document, in its order.
fn operations(document: &Value) -> Vec<Operation> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let methods = paths.flat_map(|(path, item)| item.as_object().into_iter().flatten().map(move |one| (path, one)));
    methods.map(|(path, (method, operation))| operation_of(document, path, method, operation)).collect()
}

fn operation_of(document: &Value, path: &str, method: &str, operation: &Value) -> Operation {
    let parameters: Vec<OperationParameter> =
        operation["parameters"].as_array().into_iter().flatten().map(parameter).collect();
    let content = &operation["responses"]["200"]["content"]["application/json"]["schema"];
    let mut fields = Vec::new();
    tell_fields(document, content, 0, &mut fields);
    let anchor = operation["operationId"].as_str().map_or_else(|| path.to_owned(), str::to_owned);
    let example = (method == "get").then(|| example(path, &parameters)).flatten();
    let (method, summary) = (method.to_uppercase(), text(&operation["summary"]));
    Operation { anchor, method, path: path.to_owned(), summary, parameters, example, fields }
}

fn parameter(parameter: &Value) -> OperationParameter {
    let (required, example) = (parameter["required"] == Value::Bool(true), &parameter["example"]);
    OperationParameter {
        name: text(&parameter["name"]),
        doc: with_code(&text(&parameter["description"])),
        kind: kind(&parameter["schema"]),
        required,
        // One of a list will do, where one is needed.
        example: text(example.get(0).filter(|_| required).unwrap_or(example)),
    }
}

/// The path with an example for each parameter that it cannot do without; `None` where one has none.
fn example(path: &str, parameters: &[OperationParameter]) -> Option<String> {
    let mut shown = path.to_owned();
    let mut pairs = Vec::new();
    let is_guide = path.starts_with("/v1/guides/");
    for parameter in parameters {
        let place = format!("{{{}}}", parameter.name);
        if path.contains(&place) {
            let section = path.starts_with("/v1/sections/").then_some("{guide}%23");
            shown = shown.replace(&place, section.unwrap_or(if is_guide { "{guide}" } else { "{concept}" }));
        } else if !parameter.example.is_empty() && (parameter.required || pairs.is_empty()) {
            pairs.push((parameter.name.as_str(), parameter.example.as_str()));
        } else if parameter.required {
            pairs.push((parameter.name.as_str(), "{concept}"));
        }
    }
    let query: Vec<String> = pairs
        .iter()
        .map(|(name, value)| match *value {
            "{concept}" => format!("{name}={value}"),
            value => form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish(),
        })
        .collect();
    Some(if query.is_empty() { shown } else { format!("{shown}?{}", query.join("&")) })
}

/// Appends the fields of `schema`, those of what it refers to below them.
fn tell_fields(document: &Value, schema: &Value, depth: usize, rows: &mut Vec<FieldRow>) {
    let members = referred(document, schema)["properties"].as_object().into_iter().flatten();
    for (name, member) in members {
        let inner = if member["items"].is_null() { member } else { &member["items"] };
        let described = referred(document, inner);
        let doc = if member["description"].is_null() { &described["description"] } else { &member["description"] };
        rows.push(FieldRow { name: name.clone(), kind: kind(member), doc: with_code(&text(doc)), depth });
        if depth + 1 < DEPTH {
            tell_fields(document, inner, depth + 1, rows);
        }
    }
}

/// The name of the schema that `schema` refers to.
fn schema_name(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}

/// What `schema` refers to, or itself.
fn referred<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    schema_name(schema).map_or(schema, |name| &document["components"]["schemas"][name])
}

/// The type of a value in words.
fn kind(schema: &Value) -> String {
    let of = |kind: &Value| match kind {
        Value::String(kind) => kind.clone(),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
        _ => "object".to_owned(),
    };
    match of(&schema["type"]).as_str() {
        "array" => format!("list of {}", kind(&schema["items"])),
        "object" => schema_name(schema).unwrap_or("object").to_owned(),
        other => other.to_owned(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
