//! Proposals on the admin listener: shown, and judged by who may.

use axum::http::Method;
use gradus_load::Input;
use serde_json::{Value, json};

use crate::client::Client;

const FILES: &[(&str, &str)] = &[
    ("softmax.md", "---\ntitle: Softmax\n---\nTurns scores into shares that sum to one.\n"),
    ("attention.md", "---\ntitle: Attention\n---\nA weighted mean of values.\n"),
    (
        "transformer.md",
        "---\nkind: concept\ntitle: Transformer\nprerequisites: [attention]\n---\nLayers of attention.\n\n## Before you begin\n\nKnow what a \
         softmax does.\n",
    ),
];

struct Site(std::path::PathBuf);

impl Site {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("gradus-editing-{name}-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("concepts")).unwrap();
        for (path, text) in FILES {
            std::fs::write(folder.join("concepts").join(path), text).unwrap();
        }
        Self(folder)
    }

    fn kept(&self) -> Option<Value> {
        let text = std::fs::read_to_string(self.0.join("gradus.suggestions.json")).ok()?;
        Some(serde_json::from_str(&text).unwrap())
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap_or_default();
    }
}

const PATH: &str = "/admin/suggestions";
const TOKEN: (&str, &str) = ("authorization", "Bearer the admin's");
const JSON: (&str, &str) = ("content-type", "application/json");

fn pair() -> Value {
    json!({ "from": "concept:softmax", "to": "concept:transformer" })
}

#[tokio::test]
async fn who_has_the_token_accepts_and_rejects() {
    let site = Site::new("judge");
    let client = Client::editing(Input::Path(site.0.clone()), true, Some("the admin's"));
    let shown = client.admin_with(Method::GET, PATH, &[TOKEN], "").await.json();
    let first = &shown["items"][0];
    assert_eq!(
        (first["from"]["id"].as_str(), first["to"]["title"].as_str()),
        (Some("concept:softmax"), Some("Transformer"))
    );
    assert_eq!(first["evidence"]["text"], "Know what a softmax does.");
    assert_eq!((shown["total"].clone(), site.kept()), (json!(1), None));
    for (verdict, accepted, rejected) in [("accept", 1, 0), ("reject", 0, 1), ("reject", 0, 1), ("accept", 1, 0)] {
        let body = json!({ verdict: [pair()] }).to_string();
        let answer = client.admin_with(Method::POST, PATH, &[TOKEN, JSON], &body).await;
        assert_eq!(answer.json(), json!({ "accepted": accepted, "rejected": rejected }), "{verdict}");
        let shown = client.admin_with(Method::GET, PATH, &[TOKEN], "").await.json();
        assert_eq!(shown["items"], json!([]), "what was judged is not shown again");
    }
    assert_eq!(site.kept().unwrap()["accepted"], json!([{ "to": "concept:transformer", "from": "concept:softmax" }]));
    let before = site.kept();
    for (body, why) in [
        (
            json!({ "accept": [pair(), { "from": "concept:x", "to": "concept:softmax" }] }),
            "no page with the full id 'concept:x'",
        ),
        (json!({ "acept": [] }), "unknown field `acept`"),
        (json!({ "accept": [{ "from": "softmax", "to": "attention" }] }), "full id 'softmax'"),
    ] {
        let answer = client.admin_with(Method::POST, PATH, &[TOKEN, JSON], &body.to_string()).await;
        assert!(answer.status == 400 && answer.text().contains(why), "{body}: {}", answer.text());
    }
    assert_eq!(site.kept(), before);
}

#[tokio::test]
async fn nobody_else_does() {
    let site = Site::new("locked");
    let client = Client::editing(Input::Path(site.0.clone()), true, Some("the admin's"));
    let body = json!({ "accept": [pair()] }).to_string();
    let wrong = ("authorization", "Bearer another's");
    // What a form of another site's page could send, with or without what a browser would add by itself.
    for headers in
        [&[JSON][..], &[wrong, JSON], &[("cookie", "token=the admin's"), JSON], &[("content-type", "text/plain")]]
    {
        let answer = client.admin_with(Method::POST, PATH, headers, &body).await;
        assert_eq!(answer.status, 401, "{headers:?}");
        assert_eq!(client.admin_with(Method::GET, PATH, headers, "").await.status, 401, "{headers:?}");
    }
    let page = client.admin(Method::GET, "/suggestions").await;
    assert!(
        page.status == 200 && !page.text().to_lowercase().contains("softmax"),
        "the page holds nothing of the content"
    );
    assert!(page.headers["content-security-policy"].to_str().unwrap().contains("script-src 'self'"));
    // Not started to edit, or nobody could say who may.
    for (edits, token) in [(false, Some("the admin's")), (true, None)] {
        let client = Client::editing(Input::Path(site.0.clone()), edits, token);
        assert_eq!(client.admin_with(Method::POST, PATH, &[TOKEN, JSON], &body).await.status, 404);
        assert_eq!(client.admin_with(Method::GET, "/suggestions", &[TOKEN], "").await.status, 404);
    }
    assert_eq!(client.get(PATH).await.status, 404, "the public listener knows nothing of it");
    assert_eq!(site.kept(), None);
}
