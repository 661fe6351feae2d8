//! What an editor asks, and what it is told that it may ask.

use std::path::PathBuf;

use ls_types::{
    CodeActionParams, CompletionParams, GotoDefinitionParams, HoverParams, ReferenceParams, RenameParams,
    TextDocumentPositionParams, Uri,
};
use lsp_server::ErrorCode;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::complete::complete;
use super::document::OpenDocument;
use super::hover::about;
use super::locate::OpenGround;
use super::open::OpenFiles;
use super::rename;
use super::report::{FIX_ALL, actions};
use super::symbol::{Symbol, symbol_at};
use super::workspace::file_of;

/// An answer, or what is wrong with what was asked.
pub(super) type Answer = Result<Value, (ErrorCode, String)>;

/// The folders that the editor of `params` has open, and whether it can be asked to watch files.
pub(super) fn client(params: &Value) -> (Vec<PathBuf>, bool) {
    let mut given = folders(params.get("workspaceFolders"));
    let root = params.get("rootUri").and_then(Value::as_str).and_then(|uri| uri.parse::<Uri>().ok());
    if given.is_empty() {
        given.extend(root.and_then(|uri| file_of(&uri)));
    }
    let watches = params.pointer("/capabilities/workspace/didChangeWatchedFiles/dynamicRegistration");
    (given, watches.and_then(Value::as_bool) == Some(true))
}

/// The paths of a list of folders.
pub(super) fn folders(list: Option<&Value>) -> Vec<PathBuf> {
    let listed = list.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let uris = listed.iter().filter_map(|folder| folder.get("uri")?.as_str()?.parse::<Uri>().ok());
    uris.filter_map(|uri| file_of(&uri)).collect()
}

/// What the server can do.
pub(super) fn capabilities() -> Value {
    json!({
        "serverInfo": { "name": "gradus", "version": env!("CARGO_PKG_VERSION") },
        "capabilities": {
            "positionEncoding": "utf-16",
            "textDocumentSync": { "openClose": true, "change": 2, "save": { "includeText": false } },
            "completionProvider": { "triggerCharacters": ["[", "#"] },
            "hoverProvider": true,
            "definitionProvider": true,
            "referencesProvider": true,
            "renameProvider": { "prepareProvider": true },
            "codeActionProvider": { "codeActionKinds": ["quickfix", FIX_ALL] },
            "workspace": { "workspaceFolders": { "supported": true, "changeNotifications": true } },
        },
    })
}

/// The request to be told of files that change on the disk.
pub(super) fn watching() -> Value {
    let watchers = [json!({ "globPattern": "**/*.{md,mdx,qmd,markdown,html,jsonl,yaml,yml,toml}" })];
    json!({ "registrations": [{
        "id": "gradus-files",
        "method": "workspace/didChangeWatchedFiles",
        "registerOptions": { "watchers": watchers },
    }] })
}

/// The answer to a request.
pub(super) fn answer(open: &mut OpenFiles, method: &str, params: Value) -> Answer {
    match method {
        "textDocument/completion" => {
            let CompletionParams { text_document_position: at, .. } = read(params)?;
            Ok(completion(open, &at).unwrap_or(Value::Null))
        }
        "textDocument/hover" => {
            let HoverParams { text_document_position_params: at, .. } = read(params)?;
            Ok(hover(open, &at).unwrap_or(Value::Null))
        }
        "textDocument/definition" => {
            let GotoDefinitionParams { text_document_position_params: at, .. } = read(params)?;
            Ok(definition(open, &at).unwrap_or(Value::Null))
        }
        "textDocument/references" => {
            let ReferenceParams { text_document_position: at, context, .. } = read(params)?;
            Ok(references(open, &at, context.include_declaration).unwrap_or(Value::Null))
        }
        "textDocument/prepareRename" => prepare_rename(open, &read(params)?),
        "textDocument/rename" => {
            let RenameParams { text_document_position: at, new_name, .. } = read(params)?;
            rename(open, &at, &new_name)
        }
        "textDocument/codeAction" => Ok(code_actions(open, &read(params)?).unwrap_or(Value::Null)),
        _ => Err((ErrorCode::MethodNotFound, format!("`{method}` is nothing that this server answers"))),
    }
}

fn read<P: DeserializeOwned>(params: Value) -> Result<P, (ErrorCode, String)> {
    serde_json::from_value(params).map_err(|why| (ErrorCode::InvalidParams, why.to_string()))
}

/// What stands at a position of an open document, and the ground that it stands on.
fn found<T>(
    open: &mut OpenFiles,
    at: &TextDocumentPositionParams,
    with: impl FnOnce(Symbol, OpenGround<'_>) -> T,
) -> Option<T> {
    let document = open.documents.get(&at.text_document.uri)?;
    let source = &mut open.sources[document.source];
    let symbol = symbol_at(source.world.as_mut()?, document, at.position)?;
    let own: Vec<&OpenDocument> = open.documents.values().filter(|other| other.source == document.source).collect();
    Some(with(symbol, OpenGround { source, documents: &own }))
}

fn completion(open: &OpenFiles, at: &TextDocumentPositionParams) -> Option<Value> {
    let document = open.documents.get(&at.text_document.uri)?;
    complete(open.sources[document.source].world.as_ref()?, document, at.position)
}

fn hover(open: &mut OpenFiles, at: &TextDocumentPositionParams) -> Option<Value> {
    found(open, at, |symbol, ground| {
        let text = about(ground.source.world.as_ref()?, symbol.page);
        Some(json!({ "contents": { "kind": "markdown", "value": text }, "range": symbol.range }))
    })?
}

fn definition(open: &mut OpenFiles, at: &TextDocumentPositionParams) -> Option<Value> {
    found(open, at, |symbol, ground| ground.declaration(symbol.page).map(|place| json!(place)))?
}

fn references(open: &mut OpenFiles, at: &TextDocumentPositionParams, with_declaration: bool) -> Option<Value> {
    found(open, at, |symbol, mut ground| json!(ground.references(symbol.page, with_declaration)))
}

fn prepare_rename(open: &mut OpenFiles, at: &TextDocumentPositionParams) -> Answer {
    let prepared = found(open, at, |symbol, ground| {
        rename::check(&symbol, &ground)?;
        Ok(json!({ "range": symbol.range, "placeholder": symbol.name }))
    });
    prepared.unwrap_or(Ok(Value::Null)).map_err(|why: String| (ErrorCode::RequestFailed, why))
}

fn rename(open: &mut OpenFiles, at: &TextDocumentPositionParams, new_name: &str) -> Answer {
    let renamed = found(open, at, |symbol, mut ground| rename::rename(&symbol, new_name, &mut ground));
    let nothing = || Err("there is no name of a page here".to_owned());
    renamed.unwrap_or_else(nothing).map_err(|why| (ErrorCode::RequestFailed, why))
}

fn code_actions(open: &OpenFiles, params: &CodeActionParams) -> Option<Value> {
    let uri = &params.text_document.uri;
    let document = open.documents.get(uri)?;
    let told = open.told(document);
    let source = &open.sources[document.source];
    let mut actions = actions(source, uri, &document.text, &told, params.range, &document.name);
    if let Some(only) = &params.context.only {
        let is_wanted = |kind: &str| {
            let mut wanted = only.iter().map(ls_types::CodeActionKind::as_str);
            wanted.any(|wanted| kind == wanted || kind.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('.')))
        };
        actions.retain(|action| action.get("kind").and_then(Value::as_str).is_some_and(is_wanted));
    }
    Some(json!(actions))
}
