//! What readers look for and do not find, as the operator is told.

use axum::http::Method;
use serde_json::{Value, json};

use crate::client::Client;

const FILES: &[(&str, &str)] = &[("concepts/kv-cache.md", "---\ntitle: KV cache\ndescription: Keeps keys.\n---\n")];

async fn told(client: &Client) -> Value {
    client.admin(Method::GET, "/admin/queries").await.json()
}

#[tokio::test]
async fn queries_of_every_door_are_counted_across_reloads() {
    let client = Client::recording(FILES);
    for _ in 0..3 {
        client.get("/v1/search?q=KV++cache").await;
        client.get("/v1/search?q=flux+capacitor&limit=1").await;
    }
    assert_eq!(client.admin(Method::POST, "/admin/reload").await.status, 200);
    for _ in 0..3 {
        client.post("/1/indexes/docs/query", r#"{"query":"kv cache"}"#).await;
        client.post("/1/indexes/docs/query", r#"{"query":"flux capacitor"}"#).await;
        // Beside a search, front ends ask for counts alone.
        client.post("/1/indexes/docs/query", r#"{"query":"kv cache","hitsPerPage":0}"#).await;
    }
    client.get("/v1/search?q=").await;
    let told = told(&client).await;
    assert_eq!(told["recording"], true);
    assert!(told["since"].as_u64().unwrap() > 0);
    assert_eq!(told["popular"], json!([{ "q": "flux capacitor", "count": 6 }, { "q": "kv cache", "count": 6 }]));
    assert_eq!(told["without_hits"], json!([{ "q": "flux capacitor", "count": 6 }]));
    let one = client.admin(Method::GET, "/admin/queries?limit=1").await.json();
    assert_eq!(one["popular"].as_array().unwrap().len(), 1);
    assert_eq!(client.admin(Method::GET, "/admin/queries?limit=0").await.status, 400);
}

#[tokio::test]
async fn texts_are_not_recorded_unless_the_operator_asks_for_it() {
    let client = Client::files(FILES);
    for _ in 0..9 {
        client.get("/v1/search?q=kv+cache").await;
    }
    let told = told(&client).await;
    assert_eq!(told, json!({ "recording": false, "since": null, "min_count": 5, "popular": [], "without_hits": [] }));
}

#[tokio::test]
async fn numbers_are_counted_without_texts() {
    let client = Client::files(FILES);
    let count = async |name: &str| -> u64 {
        let text = client.get("/metrics").await.text();
        assert!(!text.contains("unheard"), "{text}");
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
        line.unwrap_or(0)
    };
    let before = (count("gradus_search_queries_total").await, count("gradus_search_zero_results_total").await);
    client.get("/v1/search?q=unheard").await;
    // Other tests search in this process at the same time: the counts are at least one more.
    assert!(count("gradus_search_queries_total").await > before.0);
    assert!(count("gradus_search_zero_results_total").await > before.1);
}
