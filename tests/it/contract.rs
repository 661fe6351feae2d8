//! What holds of every answer: caching, methods, problems, limits, and the OpenAPI document that describes them.

use std::sync::Arc;

use axum::http::Method;
use gradus_engine::host::Host;
use gradus_load::Input;
use serde_json::{Value, json};

use crate::client::Client;

const FILES: &[(&str, &str)] = &[
    ("concepts/a.md", "---\ntitle: Alpha, the first\ndescription: What.\n---\nText.\n"),
    ("concepts/b.md", "---\ntitle: Beta\ndescription: What.\nprerequisites: [a]\n---\nText.\n"),
    ("guide.md", "---\ntitle: Guide\nteaches: [b]\n---\n## Part one\n\nBeta.\n"),
];

#[tokio::test]
async fn nothing_changed_is_told_before_any_work() {
    let client = Client::files(FILES);
    let etag = client.get("/v1/guides/guide").await.headers["etag"].to_str().unwrap().to_owned();
    let strong = etag.trim_start_matches("W/").to_owned();
    for given in [etag.clone(), strong, "*".to_owned(), format!("\"other\", {etag}")] {
        let answer = client.get_with("/v1/guides/guide", &[("if-none-match", &given)]).await;
        assert_eq!((answer.status, answer.body.len()), (304, 0), "{given}");
        assert_eq!(answer.headers["etag"], etag);
        assert!(answer.headers.contains_key("vary") && answer.headers.contains_key("cache-control"));
    }
    assert_eq!(client.get_with("/v1/guides/guide", &[("if-none-match", "W/\"other\"")]).await.status, 200);
    let known = client.get("/v1/next?known=a").await;
    assert!(known.headers["cache-control"].to_str().unwrap().starts_with("private"), "what a reader knows is theirs");
}

#[tokio::test]
async fn other_methods_are_answered_as_http_wants_it() {
    let client = Client::files(FILES);
    let head = client.request(Method::HEAD, "/v1/guides/guide", &[], "").await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    let preflight = [("origin", "https://example.org"), ("access-control-request-method", "GET")];
    let options = client.request(Method::OPTIONS, "/v1/guides/guide", &preflight, "").await;
    assert_eq!((options.status, options.headers["access-control-allow-origin"].to_str().unwrap()), (200, "*"));
    let delete = client.request(Method::DELETE, "/v1/guides/guide", &[], "").await;
    assert_eq!((delete.status, delete.headers["allow"].to_str().unwrap()), (405, "GET,HEAD"));
    client.request(Method::from_bytes(b"INVENTED").unwrap(), "/v1/search", &[], "").await;
    let metrics = client.get("/metrics").await.text();
    assert!(metrics.contains("http_request_method=\"_OTHER\"") && !metrics.contains("INVENTED"));
    let packed = client.get_with("/v1/export", &[("accept-encoding", "br, gzip")]).await;
    assert_eq!(packed.headers["content-encoding"], "br");
}

#[tokio::test]
async fn a_request_id_is_kept_or_made() {
    let client = Client::files(FILES);
    let kept = client.get_with("/v1/none", &[("x-request-id", "mine-1")]).await;
    assert_eq!(
        (kept.headers["x-request-id"].to_str().unwrap(), kept.json()["request_id"].clone()),
        ("mine-1", "mine-1".into())
    );
    let [one, other] = [client.get("/livez").await, client.get("/livez").await];
    assert_ne!(one.headers["x-request-id"], other.headers["x-request-id"]);
    let batch =
        client.request(Method::POST, "/v1/batch", &[("x-request-id", "mine-2")], r#"{"requests":["/v1/guides/none"]}"#);
    assert_eq!(batch.await.json()["items"][0]["body"]["request_id"], "mine-2");
}

#[tokio::test]
async fn a_batch_knows_problems_and_limits() {
    let client = Client::files(FILES);
    let requests = ["/v1/nothing", "/v1/batch", "/v1/graph?center=b&format=svg"];
    let batch = client.post("/v1/batch", &json!({ "requests": requests }).to_string()).await.json();
    assert_eq!(
        (batch["items"][0]["status"].clone(), batch["items"][0]["body"]["code"].clone()),
        (404.into(), "not_found".into())
    );
    assert_eq!(batch["items"][1]["status"], 404, "a batch in a batch");
    assert!(batch["items"][2]["body"].as_str().unwrap().starts_with("<svg"));
    let wrong = [
        (json!({ "requests": vec!["/v1/status"; 101] }), "invalid_parameter"),
        (json!({ "requests": ["/metrics"] }), "invalid_parameter"),
        (json!({ "requests": [["/v1/status"]] }), "invalid_parameter"),
        (json!({ "request": ["/v1/status"] }), "unknown_parameter"),
        (json!({}), "invalid_parameter"),
    ];
    for (body, code) in wrong {
        let answer = client.post("/v1/batch", &body.to_string()).await;
        assert_eq!((answer.status, answer.json()["code"].as_str().unwrap()), (400, code), "{body}");
    }
    assert_eq!(client.post("/v1/plan?targt=b", r#"{"target":"b"}"#).await.json()["code"], "unknown_parameter");
}

#[tokio::test]
async fn answers_that_are_too_large_together_are_told_in_a_batch() {
    let text = "word ".repeat(1 << 19);
    let client = Client::files(&[("a.md", &text)]);
    let batch = client.post("/v1/batch", &json!({ "requests": vec!["/v1/guides/a"; 8] }).to_string()).await.json();
    let statuses: Vec<u64> =
        batch["items"].as_array().unwrap().iter().map(|one| one["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 200, 413, 413]);
    assert_eq!(batch["items"][7]["body"]["code"], "payload_too_large");
}

#[tokio::test]
async fn before_the_first_load_nothing_is_ready() {
    let client = Client::of(Arc::new(Host::new(Input::Memory(Vec::new()))));
    assert_eq!((client.get("/livez").await.status, client.get("/readyz").await.status), (200, 503));
    let answer = client.get("/v1/search").await;
    assert_eq!((answer.status, answer.json()["code"].clone()), (503, "overloaded".into()));
    assert_eq!(answer.headers["retry-after"], "1");
}

#[tokio::test]
async fn readiness_tells_more_where_it_is_asked_for() {
    let client = Client::files(FILES);
    assert_eq!(client.get("/readyz").await.text(), "ok\n");
    let told = client.get("/readyz?verbose&t=1").await.text();
    assert_eq!(told, "[+]content ok\n[+]reload ok\n[+]watch off\n[+]memory ok\nok\n");
}

#[tokio::test]
async fn two_tokens_are_none() {
    let client = Client::files(FILES);
    let headers = [("authorization", "Bearer a"), ("authorization", "Bearer a")];
    let answer = client.get_with("/v1/guides/guide", &headers).await;
    assert_eq!((answer.status, answer.json()["code"].clone()), (401, "unauthorized".into()));
    assert!(answer.json()["detail"].as_str().unwrap().contains("several Authorization headers"));
}

#[tokio::test]
async fn exports_that_nobody_reads_do_not_hold_up_the_rest() {
    let rows: String = (0..3_000).map(|n| format!("{{\"id\": \"g{n}\", \"body\": \"Text.\"}}\n")).collect();
    let client = Client::files(&[("a.jsonl", &rows)]);
    let mut unread = Vec::new();
    for _ in 0..8 {
        unread.push(client.open("/v1/export").await);
    }
    assert!(unread.iter().all(|answer| answer.status() == 200));
    let ninth = client.get("/v1/export").await;
    assert_eq!((ninth.status, ninth.json()["code"].clone()), (503, "overloaded".into()));
    assert_eq!(ninth.headers["retry-after"], "1");
    assert_eq!(client.get("/v1/status").await.status, 200);
    for answer in unread {
        let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        assert_eq!(body.iter().filter(|byte| **byte == b'\n').count(), 3_000);
    }
}

#[tokio::test]
async fn names_with_commas_are_names_in_lists_too() {
    let client = Client::files(FILES);
    for list in ["b,Alpha,+the+first", "Alpha,%20the%20first,b", "Alpha,+the+first&known=b"] {
        let next = client.get(&format!("/v1/next?known={list}")).await;
        assert_eq!((next.status, next.json()["total"].clone()), (200, 0.into()), "{list}");
    }
    let posted = client.post("/v1/plan", r#"{"target":["b"],"known":["Alpha, the first"]}"#).await.json();
    assert_eq!(posted["steps"].as_array().unwrap().len(), 1);
    let unknown = client.get("/v1/next?known=b,Alpha,+the+last").await.json();
    assert_eq!(
        (unknown["code"].as_str(), unknown["detail"].as_str()),
        (Some("unknown_concept"), Some("no page is called 'Alpha'"))
    );
}

#[tokio::test]
async fn the_openapi_document_tells_of_every_path_and_problem() {
    let document = Client::files(FILES).get("/openapi.json").await.json();
    let paths = document["paths"].as_object().unwrap();
    for path in ["/v1/search", "/v1/batch", "/v1/export", "/livez", "/readyz", "/metrics", "/openapi.json"] {
        assert!(paths.contains_key(path), "{path}");
    }
    assert!(document["components"]["securitySchemes"]["viewer"].is_object());
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().unwrap() {
            let problem = &operation["responses"]["default"]["content"]["application/problem+json"]["schema"]["$ref"];
            assert_eq!(*problem, Value::from("#/components/schemas/Problem"), "{method} {path}");
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.values().all(|response| response["description"].is_string()), "{method} {path}");
        }
    }
    let schemas = &document["components"]["schemas"];
    assert!(schemas["Problem"]["properties"]["code"].is_object());
    let lesson = &schemas["PlanStep"]["properties"]["guide"];
    assert_eq!((&lesson["type"], lesson["properties"]["url"].is_object()), (&json!(["object", "null"]), true));
}

#[tokio::test]
async fn no_answer_runs_in_a_browser() {
    let client = Client::files(FILES);
    for path in ["/v1/search", "/v1/graph?center=b&format=svg", "/v1/export?format=csv", "/nothing", "/metrics"] {
        let answer = client.get(path).await;
        assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{path}");
    }
    for path in ["/v1/graph?center=b&format=svg", "/v1/graph?center=b&format=graphml", "/v1/export?format=graphml"] {
        let policy = client.get(path).await.headers["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
    }
}
