//! The Model Context Protocol: the same answers as by every other door, short enough for an agent, locked text absent.

use std::path::{Path, PathBuf};
use std::process::Command;

use gradus::builtin::curriculum;
use gradus::serve::Server;
use gradus::settings::{ServeFlags, Settings};
use gradus_engine::host::Host;
use serde_json::{Value, json};

use crate::client::{Client, SECRET, curriculum_snapshot};
use crate::tokens::sign;

/// Headers of a client of the newest handshake that every server speaks.
const HEADERS: [(&str, &str); 4] = [
    ("content-type", "application/json"),
    ("accept", "application/json, text/event-stream"),
    ("mcp-protocol-version", "2025-11-25"),
    ("host", "localhost"),
];

async fn ask(client: &Client, method: &str, params: Value) -> Value {
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }).to_string();
    let answer = client.request(axum::http::Method::POST, "/mcp", &HEADERS, &body).await;
    assert_eq!(answer.status, 200, "{body}: {}", answer.text());
    answer.json()
}

/// What the tool says, and whether it calls that an error.
async fn call(client: &Client, tool: &str, arguments: Value) -> (String, bool) {
    let answer = ask(client, "tools/call", json!({ "name": tool, "arguments": arguments })).await;
    let result = &answer["result"];
    let text = result["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{tool}: {answer}"));
    assert_eq!(result["content"].as_array().unwrap().len(), 1);
    (text.to_owned(), result["isError"] == true)
}

#[tokio::test]
async fn the_five_tools_are_listed_with_hand_written_schemas() {
    let answer = ask(&Client::curriculum(), "tools/list", json!({})).await;
    let tools = answer["result"]["tools"].as_array().unwrap();
    let names: Vec<&str> = tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["search", "fetch", "learning_path", "neighbors", "whats_next"]);
    for tool in tools {
        assert_eq!(tool["annotations"]["readOnlyHint"], true, "{tool}");
        assert_eq!(tool["inputSchema"]["type"], "object", "{tool}");
    }
    assert!(answer["result"].to_string().len() < 6_000, "{} bytes", answer.to_string().len());
}

#[tokio::test]
async fn a_search_leads_to_a_document() {
    let client = Client::curriculum();
    let (found, _) = call(&client, "search", json!({ "query": "paged attention", "limit": 3 })).await;
    let found: Value = serde_json::from_str(&found).unwrap();
    assert_eq!(found["results"][0]["id"], "concept:pagedattention");
    let (document, _) = call(&client, "fetch", json!({ "id": found["results"][0]["id"] })).await;
    let document: Value = serde_json::from_str(&document).unwrap();
    assert_eq!(document["title"], "PagedAttention");
    let text = document["text"].as_str().unwrap();
    assert!(text.starts_with("# PagedAttention\n\nAttention over a KV cache"), "{text}");
    assert!(text.contains("Before this: ["), "{text}");
}

#[tokio::test]
async fn a_long_guide_comes_in_pieces_that_are_the_whole() {
    let client = Client::curriculum();
    let (mut joined, mut cursor, mut n_pieces) = (String::new(), Value::Null, 0);
    loop {
        let mut arguments = json!({ "id": "guide:rag-architecture", "max_tokens": 400 });
        if !cursor.is_null() {
            arguments["cursor"] = cursor;
        }
        let (piece, is_error) = call(&client, "fetch", arguments).await;
        assert!(!is_error, "{piece}");
        let piece: Value = serde_json::from_str(&piece).unwrap();
        joined += piece["text"].as_str().unwrap();
        n_pieces += 1;
        cursor = piece["next_cursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert!(n_pieces > 2, "{n_pieces}");
    let whole = ask(&client, "resources/read", json!({ "uri": "gradus://guides/rag-architecture" })).await;
    assert_eq!(whole["result"]["contents"][0]["text"], joined.as_str());
}

#[tokio::test]
async fn a_section_is_fetched_by_its_anchor_and_one_that_is_not_there_is_told_with_the_nearest() {
    let client = Client::curriculum();
    let fetch = async |id: &str| call(&client, "fetch", json!({ "id": id })).await;
    let (section, is_error) = fetch("math-for-llms#probability-distributions-and-softmax").await;
    assert!(!is_error && section.contains("Probability distributions and softmax"), "{section}");
    let (told, is_error) = fetch("guide:math-for-llms#softmax-and-probabilities").await;
    assert!(is_error, "{told}");
    assert!(told.contains("has no section 'softmax-and-probabilities'"), "{told}");
    assert!(told.contains("Nearest: math-for-llms#probability-distributions-and-softmax, "), "{told}");
    let (told, is_error) = fetch("no-such-guide#part").await;
    assert!(is_error && told.contains("no-such-guide"), "{told}");
}

#[tokio::test]
async fn the_plan_has_the_steps_that_http_gives() {
    let client = Client::curriculum();
    let snapshot = curriculum_snapshot();
    let view = snapshot.view(gradus_engine::viewer::Viewer::Anonymous);
    for (_, page) in view.corpus.pages().filter(|(_, page)| page.kind == gradus_corpus::Kind::Concept) {
        let plan = client.get(&format!("/v1/plan?target={}", page.id())).await.json();
        let steps: Vec<String> = plan["steps"].as_array().unwrap().iter().map(step_ids).collect();
        let mut told = Vec::new();
        let mut cursor = None;
        loop {
            let mut arguments = json!({ "target": [page.id()], "max_steps": 12 });
            if let Some(cursor) = cursor {
                arguments["cursor"] = cursor;
            }
            let (lines, _) = call(&client, "learning_path", arguments).await;
            told.extend(
                lines.lines().filter(|line| line.starts_with(|char: char| char.is_ascii_digit())).map(line_ids),
            );
            match lines.split_once("; cursor ") {
                Some((_, rest)) => cursor = Some(json!(rest.lines().next().unwrap())),
                None => break,
            }
        }
        assert_eq!(told, steps, "{}", page.id());
    }
}

/// The ids that a step of a plan is about.
fn step_ids(step: &Value) -> String {
    let concepts = step["concepts"].as_array().unwrap();
    let ids: Vec<&str> = concepts.iter().map(|one| one["id"].as_str().unwrap()).collect();
    if ids.is_empty() { step["guide"]["id"].as_str().unwrap().to_owned() } else { ids.join(",") }
}

/// The same, of a line.
fn line_ids(line: &str) -> String {
    let what = line.split(" · ").next().unwrap();
    let ids = what.split('(').filter_map(|part| part.split_once(')')).map(|(id, _)| id);
    ids.filter(|id| id.starts_with("concept:") || id.starts_with("guide:")).collect::<Vec<_>>().join(",")
}

#[tokio::test]
async fn neighbours_come_with_reasons_and_what_is_next_with_what_it_opens() {
    let client = Client::curriculum();
    let (needs, _) = call(&client, "neighbors", json!({ "id": "KV cache", "relation": "prerequisites" })).await;
    assert!(needs.contains("- Causal masking (concept:causal-masking) · required: Past keys"), "{needs}");
    let (related, _) = call(&client, "neighbors", json!({ "id": "kv-cache", "relation": "related", "limit": 3 })).await;
    assert_eq!(related.lines().filter(|line| line.starts_with("- ")).count(), 3, "{related}");
    let (next, _) = call(&client, "whats_next", json!({ "known": ["attention"], "goal": "pagedattention" })).await;
    assert!(next.contains(" min · "), "{next}");
}

#[tokio::test]
async fn what_is_asked_wrongly_is_told_with_the_nearest_three() {
    let client = Client::curriculum();
    for (tool, arguments) in [
        ("fetch", json!({ "id": "kv-chache" })),
        ("learning_path", json!({ "target": ["kv-chache"] })),
        ("neighbors", json!({ "id": "kv-chache", "relation": "unlocks" })),
        ("whats_next", json!({ "goal": "kv-chache" })),
    ] {
        let (told, is_error) = call(&client, tool, arguments).await;
        assert!(is_error, "{tool}: {told}");
        assert!(told.contains("'kv-chache'") && told.contains("Nearest: concept:kv-cache"), "{tool}: {told}");
    }
    let (told, is_error) = call(&client, "search", json!({ "query": "x", "size": 3 })).await;
    assert!(is_error && told.contains("`size`"), "{told}");
    let (told, is_error) = call(&client, "search", json!({ "query": "x", "limit": 21 })).await;
    assert!(is_error && told.contains("1 to 20"), "{told}");
    let (told, is_error) = call(&client, "plan", json!({})).await;
    assert!(is_error && told.contains("learning_path"), "{told}");
}

#[tokio::test]
async fn a_budget_that_nothing_fits_is_told_with_what_takes_the_least() {
    let client = Client::curriculum();
    let plan = async |arguments: Value| call(&client, "learning_path", arguments).await.0;
    let told = plan(json!({ "target": ["pagedattention"], "budget_minutes": 1 })).await;
    assert!(told.starts_with("Nothing of the way to PagedAttention (concept:pagedattention) fits 1 min: "), "{told}");
    assert!(told.lines().next().unwrap().contains(", the shortest beginning, takes "), "{told}");
    let told = plan(json!({ "target": ["attention"], "known": ["attention"], "budget_minutes": 1 })).await;
    assert_eq!(told, "Attention (concept:attention): all that it needs is known.");
    let files = Client::files(&[("a.md", "---\nkind: concept\n---\n# A\nText.\n")]);
    let (told, _) = call(&files, "learning_path", json!({ "target": ["a"] })).await;
    assert!(told.contains(": 1 step, "), "{told}");
}

#[tokio::test]
async fn parameters_of_the_wrong_shape_are_no_missing_method() {
    let client = Client::curriculum();
    for (method, params) in [
        ("tools/call", json!({ "name": "search", "arguments": "kv cache" })),
        ("tools/call", json!({ "name": 7 })),
        ("resources/read", json!({ "uri": ["gradus://concepts/kv-cache"] })),
        ("prompts/get", json!({ "name": "study_plan", "arguments": ["LoRA"] })),
    ] {
        let answer = ask(&client, method, params).await;
        assert_eq!(answer["error"]["code"], -32602, "{method}: {answer}");
        assert!(answer["error"]["message"].as_str().unwrap().contains(method), "{answer}");
    }
    let answer = ask(&client, "tools/cal", json!({})).await;
    assert_eq!(answer["error"]["code"], -32601, "{answer}");
    let (told, is_error) = call(&client, "search", json!({ "query": 7 })).await;
    assert!(is_error && told.contains("cannot be read"), "{told}");
}

#[tokio::test]
async fn pages_are_resources_and_a_prompt_begins_a_plan() {
    let client = Client::curriculum();
    let list = ask(&client, "resources/list", json!({})).await;
    assert_eq!(list["result"]["resources"].as_array().unwrap().len(), 100);
    let more = ask(&client, "resources/list", json!({ "cursor": list["result"]["nextCursor"] })).await;
    assert_ne!(more["result"]["resources"][0], list["result"]["resources"][0]);
    let missing = ask(&client, "resources/read", json!({ "uri": "gradus://concepts/kv-chache" })).await;
    assert!(missing["error"]["message"].as_str().unwrap().contains("concept:kv-cache"), "{missing}");
    let missing = ask(&client, "resources/read", json!({ "uri": "gradus://concepts/zzzz" })).await;
    assert_eq!(missing["error"]["message"], "no page lies at 'gradus://concepts/zzzz'", "{missing}");
    let arguments = json!({ "name": "study_plan", "arguments": { "target": "LoRA", "minutes": "60" } });
    let prompt = ask(&client, "prompts/get", arguments).await;
    let text = prompt["result"]["messages"][0]["content"]["text"].as_str().unwrap();
    assert!(text.contains("LoRA") && text.contains("60 minutes"), "{text}");
}

/// Everything that a tool can be asked of the fixture with marked locked text.
fn walk() -> Vec<(&'static str, Value)> {
    let mut asks = Vec::new();
    for id in ["secret", "bare", "free", "alpha", "beta", "gamma", "secret#locked-heading", "secret#shown-heading"] {
        asks.push(("fetch", json!({ "id": id })));
        asks.push(("learning_path", json!({ "target": [id] })));
        for relation in ["prerequisites", "unlocks", "related", "taught_by"] {
            asks.push(("neighbors", json!({ "id": id, "relation": relation })));
        }
        asks.push(("whats_next", json!({ "goal": id })));
    }
    for query in ["hidden", "zqxlocked", "\"hidden words\"", "words about gamma", "zq", ""] {
        asks.push(("search", json!({ "query": query })));
    }
    asks
}

#[tokio::test]
async fn no_tool_tells_locked_text_but_to_who_may_read_it() {
    let anonymous = Client::fixture("locked");
    for (tool, arguments) in walk() {
        let (told, _) = call(&anonymous, tool, arguments.clone()).await;
        assert!(!told.contains("zqx"), "{tool} {arguments}: {told}");
    }
    for uri in ["gradus://guides/secret", "gradus://guides/bare", "gradus://guides/zqx"] {
        let told = ask(&anonymous, "resources/read", json!({ "uri": uri })).await.to_string();
        assert!(!told.replace("guides/zqx", "").contains("zqx"), "{told}");
    }
    let entitled = Client::fixture("locked").with_token(&sign(SECRET, 4_000_000_000, &["pro"]));
    let (told, _) = call(&entitled, "fetch", json!({ "id": "secret" })).await;
    assert!(told.contains("zqx"), "{told}");
    let forged = Client::fixture("locked").with_token("forged");
    let answer = forged.request(axum::http::Method::POST, "/mcp", &HEADERS, "{}").await;
    assert_eq!((answer.status, answer.json()["code"].as_str()), (401, Some("unauthorized")));
}

/// The official clients, each with its own tokeniser or era of the protocol; `scripts/test` installs them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_official_clients_are_answered_within_their_tokens() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let (folder, python) = (root.join("tests/mcp"), root.join("target/mcp/bin/python"));
    if !clients_are_installed(&folder, &python) {
        return;
    }
    let any_port = Some(([127, 0, 0, 1], 0).into());
    let flags = ServeFlags { listen: any_port, admin_listen: any_port, ..ServeFlags::default() };
    let server =
        Server::bind(Host::new(curriculum()), &Settings::new(flags, toml::Table::new()).unwrap()).await.unwrap();
    let (host, url) = (server.host(), format!("http://{}", server.address().unwrap()));
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(server.run(async move { drop(stopped.await) }));
    let asked = tokio::task::spawn_blocking(move || {
        host.reload(&mut |_| {}).unwrap();
        let program = env!("CARGO_BIN_EXE_gradus");
        let typescript = Command::new("node")
            .env("GRADUS_NO_CACHE", "1")
            .arg("ask.mjs")
            .args([&url, program])
            .current_dir(&folder)
            .output()
            .unwrap();
        let python = Command::new(python)
            .env("GRADUS_NO_CACHE", "1")
            .arg("ask.py")
            .args([&url, program])
            .current_dir(&folder)
            .output()
            .unwrap();
        [(typescript, 6), (python, 4)]
    });
    for (asked, n_ok) in asked.await.unwrap() {
        let (told, failed) = (String::from_utf8_lossy(&asked.stdout), String::from_utf8_lossy(&asked.stderr));
        assert!(asked.status.success(), "{told}{failed}");
        assert_eq!(told.lines().filter(|line| line.starts_with("ok ")).count(), n_ok, "{told}");
    }
    drop(stop);
    serving.await.unwrap().unwrap();
}

/// Whether the clients are there. The whole suite must not leave them out; a bare `cargo test` may, and says so.
fn clients_are_installed(folder: &Path, python: &Path) -> bool {
    use std::io::Write as _;
    let is_there = folder.join("node_modules").is_dir() && python.is_file();
    let is_whole_suite = std::env::var_os("GRADUS_WHOLE_SUITE").is_some_and(|value| value == "1");
    assert!(is_there || !is_whole_suite, "the clients are not installed: {}, {}", folder.display(), python.display());
    if !is_there {
        let left_out =
            "left out: the official MCP clients are not installed; scripts/test installs them and runs this too\n";
        std::io::stderr().write_all(left_out.as_bytes()).unwrap();
    }
    is_there
}
