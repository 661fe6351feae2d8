//! The language server: sessions as editors hold them.

mod editor;

use std::io::Write as _;
use std::process::Command;

use serde_json::{Value, json};

use editor::Editor;

const SOFTMAX: &str = "---\ntitle: Softmax\ndescription: Turns scores into weights.\n---\n";
const KV_CACHE: &str = "---
title: KV cache
aliases: [key-value cache]
description: Keys and values kept.
prerequisites:
  - softmax
---
";
const GUIDE: &str = "---
title: Serving
teaches: [kv-cache]
prerequisites: [softmax]
---

# Serving

😀 字 [[KV cache]] and [[key-value cache|it]], see [there](../concepts/kv-cache.md).
";

fn files() -> [(&'static str, &'static str); 3] {
    [("concepts/softmax.md", SOFTMAX), ("concepts/kv-cache.md", KV_CACHE), ("guides/serving.md", GUIDE)]
}

/// `"line:from-to message"` of each diagnostic, the first line of its message.
fn lines(diagnostics: &[Value]) -> Vec<String> {
    let line = |one: &Value| {
        let (start, end) = (&one["range"]["start"], &one["range"]["end"]);
        let message = one["message"].as_str().unwrap().lines().next().unwrap();
        format!("{}:{}-{} {message}", start["line"], start["character"], end["character"])
    };
    diagnostics.iter().map(line).collect()
}

/// `"path line:from-to"` of each place, with the paths from the folder of the content.
fn places(editor: &Editor, list: &Value) -> Vec<String> {
    let place = |one: &Value| {
        let path = one["uri"].as_str().unwrap().trim_start_matches(&editor.uri("")).trim_start_matches('/');
        let (start, end) = (&one["range"]["start"], &one["range"]["end"]);
        format!("{path} {}:{}-{}", start["line"], start["character"], end["character"])
    };
    list.as_array().unwrap().iter().map(place).collect()
}

/// `"path line:from-to=text"` of each edit.
fn edits(editor: &Editor, edit: &Value) -> Vec<String> {
    let mut all = Vec::new();
    for (uri, edits) in edit["changes"].as_object().unwrap() {
        let path = uri.trim_start_matches(&editor.uri("")).trim_start_matches('/');
        for edit in edits.as_array().unwrap() {
            let (start, end) = (&edit["range"]["start"], &edit["range"]["end"]);
            let text = edit["newText"].as_str().unwrap();
            all.push(format!("{path} {}:{}-{}={text}", start["line"], start["character"], end["character"]));
        }
    }
    all
}

#[test]
fn a_session_goes_from_initialize_to_rename() {
    let mut editor = Editor::new("session", &files());
    assert_eq!(editor.capabilities["positionEncoding"], "utf-16");
    editor.open("guides/serving.md", GUIDE);
    assert_eq!(lines(&editor.diagnostics("guides/serving.md")), [""; 0]);

    // An unsaved change is told of at once; columns count as editors do.
    let broken = GUIDE.replace("[[KV cache]]", "[[KV chache]]").replace("[softmax]", "[sofmax]");
    editor.change("guides/serving.md", 2, &broken);
    let told = editor.diagnostics("guides/serving.md");
    assert_eq!(
        lines(&told),
        [
            "3:16-22 no page is called 'sofmax'; the prerequisite is kept as prose",
            "8:5-18 the link to 'KV chache' leads nowhere",
        ]
    );
    let params = json!({
        "textDocument": { "uri": editor.uri("guides/serving.md") },
        "range": told[0]["range"],
        "context": { "diagnostics": [told[0]] },
    });
    let actions = editor.ask("textDocument/codeAction", params);
    assert_eq!(actions[0]["title"], "Replace `sofmax` with `softmax`");
    assert_eq!(edits(&editor, &actions[0]["edit"]), ["guides/serving.md 3:16-22=softmax"]);
    editor.change("guides/serving.md", 3, GUIDE);
    assert_eq!(lines(&editor.diagnostics("guides/serving.md")), [""; 0]);

    let offered = editor.at("completion", "guides/serving.md", (8, 8), Value::Null);
    let labels: Vec<&str> =
        offered["items"].as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap()).collect();
    assert_eq!(labels, ["KV cache"], "{offered}");
    assert_eq!(offered["items"][0]["textEdit"]["newText"], "KV cache");
    let offered = editor.at("completion", "guides/serving.md", (3, 19), Value::Null);
    assert_eq!(offered["items"][0]["textEdit"]["newText"], "softmax", "{offered}");

    let hover = editor.at("hover", "guides/serving.md", (8, 9), Value::Null);
    assert_eq!(
        hover["contents"]["value"],
        "**KV cache** (concept, 1 min)\n\nKeys and values kept.\n\nNeeds: Softmax (depth 1, 1 before it in all)\n\n\
         Taught by: Serving\n\n`concepts/kv-cache.md`\n"
    );
    assert_eq!(
        hover["range"],
        json!({ "start": { "line": 8, "character": 7 }, "end": { "line": 8, "character": 15 } })
    );

    let place = editor.at("definition", "guides/serving.md", (2, 12), Value::Null);
    assert_eq!(places(&editor, &json!([place])), ["concepts/kv-cache.md 1:7-15"]);

    let context = json!({ "context": { "includeDeclaration": true } });
    let named = editor.at("references", "guides/serving.md", (8, 9), context);
    assert_eq!(
        places(&editor, &named),
        [
            "concepts/kv-cache.md 1:7-15",
            "guides/serving.md 2:10-18",
            "guides/serving.md 8:7-15",
            "guides/serving.md 8:24-39",
            "guides/serving.md 8:50-82",
        ]
    );

    let renamed = editor.at("rename", "guides/serving.md", (8, 9), json!({ "newName": "Cache: keys and values" }));
    assert_eq!(
        edits(&editor, &renamed),
        ["concepts/kv-cache.md 1:7-15=\"Cache: keys and values\"", "guides/serving.md 8:7-15=Cache: keys and values",]
    );
    let renamed = editor.at("rename", "guides/serving.md", (8, 25), json!({ "newName": "store" }));
    assert_eq!(edits(&editor, &renamed), ["concepts/kv-cache.md 2:10-25=store", "guides/serving.md 8:24-39=store"]);
    assert_eq!(editor.leave(), Some(0));
}

#[test]
fn what_only_the_whole_tells_stays_while_one_types_and_is_told_anew_after_a_pause() {
    let softmax = "---\ntitle: Softmax\ndescription: Weights.\nprerequisites: [kv-cache]\n---\n";
    let mut editor = Editor::new("whole", &[("concepts/softmax.md", softmax), ("concepts/kv-cache.md", KV_CACHE)]);
    editor.open("concepts/softmax.md", softmax);
    editor.open("concepts/kv-cache.md", KV_CACHE);
    let bare =
        |told: &[Value]| lines(told).into_iter().filter(|line| !line.contains("no guide teaches")).collect::<Vec<_>>();
    let told = bare(&editor.diagnostics("concepts/kv-cache.md"));
    assert_eq!(told, ["5:4-5 prerequisite cycle of 2 concepts: KV cache, Softmax"]);
    let longer = KV_CACHE.replace("aliases", "level: beginer\naliases");
    editor.change("concepts/kv-cache.md", 2, &longer);
    let moved: Vec<String> = bare(&editor.diagnostics("concepts/kv-cache.md"));
    assert_eq!(moved.len(), 2, "{moved:?}");
    assert!(moved[0].starts_with("2:7-14 'beginer' is none of"), "{moved:?}");
    assert!(moved[1].starts_with("6:4-"), "{moved:?}");
    // Without the edge there is no cycle, as soon as everything is read again.
    editor.change("concepts/kv-cache.md", 3, &KV_CACHE.replace("  - softmax\n", "  - x\n"));
    let told = editor.diagnostics("concepts/kv-cache.md");
    assert!(lines(&told)[0].contains("no page is called 'x'"), "{told:?}");
    while lines(&editor.diagnostics("concepts/softmax.md")).iter().any(|line| line.contains("cycle")) {}
    assert_eq!(editor.leave(), Some(0));
}

#[test]
fn a_server_survives_what_an_editor_should_not_send() {
    let mut editor = Editor::started("bad", &files());
    let code = |answer: &Value| answer["error"]["code"].as_i64().unwrap();
    assert_eq!(code(&editor.answer("textDocument/hover", json!({}))), -32002);
    editor.send_raw("{\"jsonrpc\": ");
    let told = editor.next();
    assert_eq!((told["id"].clone(), code(&told)), (Value::Null, -32700));
    let folder = editor.uri("");
    editor.ask("initialize", json!({ "capabilities": {}, "rootUri": folder }));
    assert_eq!(code(&editor.answer("initialize", json!({}))), -32600);
    assert_eq!(code(&editor.answer("textDocument/hover", json!({ "position": 7 }))), -32602);
    assert_eq!(code(&editor.answer("gradus/nothing", json!({}))), -32601);
    editor.tell("textDocument/didOpen", json!({ "textDocument": 7 }));
    editor.tell(
        "textDocument/didChange",
        json!({ "textDocument": { "uri": "file:///nowhere.md", "version": 1 }, "contentChanges": [] }),
    );
    // What is no file, or not open, is nobody's.
    let untitled = json!({ "uri": "untitled:Untitled-1", "languageId": "markdown", "version": 1, "text": "[[x]]" });
    editor.tell("textDocument/didOpen", json!({ "textDocument": untitled }));
    assert_eq!(editor.at("hover", "guides/serving.md", (0, 0), Value::Null), Value::Null);
    assert_eq!(code(&editor.answer_at("rename", "guides/serving.md", (0, 0), json!({ "newName": "x" }))), -32803);
    // A request that is taken back before it is begun is answered so.
    editor.send_raw("{\"jsonrpc\": \"2.0\", \"id\": \"late\", \"method\": \"textDocument/hover\", \"params\": {}}");
    editor.tell("$/cancelRequest", json!({ "id": "late" }));
    let told = editor.next();
    assert_eq!(told["id"], "late");
    assert!([-32800, -32602].contains(&code(&told)), "{told}");
    assert_eq!(editor.ask("shutdown", Value::Null), Value::Null);
    assert_eq!(code(&editor.answer("textDocument/hover", json!({}))), -32600);
    assert_eq!(editor.vanish(), Some(1));
}

#[test]
fn a_document_outside_of_every_folder_is_read_alone() {
    let mut editor = Editor::new("outside", &[("inside/a.md", "# A\n"), ("elsewhere/b.md", "# B\n")]);
    let (inside, both) = (editor.uri("inside"), editor.uri(""));
    let event = json!({ "added": [{ "uri": inside, "name": "a" }], "removed": [{ "uri": both, "name": "b" }] });
    editor.tell("workspace/didChangeWorkspaceFolders", json!({ "event": event }));
    editor.open("elsewhere/b.md", "---\nlevel: beginer\n---\n\n# B\n\n[a](../inside/a.md) [[A]]\n");
    let told = lines(&editor.diagnostics("elsewhere/b.md"));
    // Nobody knows what its links lead to.
    assert_eq!(told, ["1:7-14 'beginer' is none of beginner, intermediate, advanced"]);
    assert_eq!(editor.leave(), Some(0));
}

#[test]
fn names_that_cannot_be_given_are_refused_with_what_to_do() {
    let mut editor = Editor::new("refused", &files());
    editor.open("guides/serving.md", GUIDE);
    editor.diagnostics("guides/serving.md");
    let mut why = |at: (usize, usize), name: &str| {
        let answer = editor.answer_at("rename", "guides/serving.md", at, json!({ "newName": name }));
        answer["error"]["message"].as_str().unwrap().to_owned()
    };
    assert_eq!(why((8, 9), "softmax"), "'softmax' is a name of `concept:softmax` already");
    assert_eq!(why((8, 9), " "), "a page has to be called something");
    assert_eq!(why((8, 9), "a]]b"), "no name of this kind holds ']': links could not be written with it");
    assert_eq!(
        why((2, 12), "cache"),
        "'kv-cache' is made of the name of concepts/kv-cache.md; rename that file, or give it an `id`"
    );
    assert_eq!(why((8, 60), "x"), "this is where 'KV cache' lies and not what it is called; rename its file");
    assert_eq!(why((0, 1), "x"), "there is no name of a page here");
}

/// The client library of Visual Studio Code; `scripts/test` installs it.
#[test]
fn the_protocols_own_client_holds_a_session() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lsp");
    if !client_is_installed(&folder) {
        return;
    }
    let editor = Editor::started("client", &files());
    let program = env!("CARGO_BIN_EXE_gradus");
    let asked =
        Command::new("node").arg("ask.mjs").arg(program).arg(&editor.folder).current_dir(&folder).output().unwrap();
    let (told, failed) = (String::from_utf8_lossy(&asked.stdout), String::from_utf8_lossy(&asked.stderr));
    assert!(asked.status.success(), "{told}{failed}");
    assert_eq!(told.lines().filter(|line| line.starts_with("ok ")).count(), 10, "{told}");
}

/// Whether the client is there as `package-lock.json` pins it. The whole suite must not leave it out; a bare `cargo test` may, and
/// says so.
fn client_is_installed(folder: &std::path::Path) -> bool {
    let changed = |path: &str| std::fs::metadata(folder.join(path)).and_then(|file| file.modified()).ok();
    let is_there = changed("node_modules/.package-lock.json") >= changed("package-lock.json");
    let is_whole_suite = std::env::var_os("GRADUS_WHOLE_SUITE").is_some_and(|value| value == "1");
    assert!(is_there || !is_whole_suite, "the protocol's client is not installed in {}", folder.display());
    if !is_there {
        let left_out = "left out: the client library of the Language Server Protocol; scripts/test installs it and runs this too\n";
        std::io::stderr().write_all(left_out.as_bytes()).unwrap();
    }
    is_there
}
