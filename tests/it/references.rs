//! How questions name pages: ids first, and names that several pages have are told and not guessed.

use crate::client::Client;

const FILES: &[(&str, &str)] = &[
    ("concepts/attention.md", "---\ntitle: Attention\naka: [setup-of-heads, rag]\n---\nLooks around.\n"),
    ("concepts/softmax.md", "---\ntitle: Softmax\nprerequisites: [attention]\n---\nScores to shares.\n"),
    ("a/setup.md", "---\nid: rag\n---\n# Set it up\n\nText.\n"),
    ("b/setup.md", "# Setup of B\n\nText.\n\n## Part one\n\nMore.\n"),
    ("c/setup.md", "# Attention\n\nText.\n"),
    ("c/gr\u{fc}n/my page.md", "---\naliases: [/old/address/]\n---\n# Green\n\nText.\n"),
];

#[tokio::test]
async fn a_page_of_either_kind_is_found_by_what_names_it() {
    let client = Client::files(FILES);
    for (reference, id) in [
        ("attention", "concept:attention"),
        ("concept:attention", "concept:attention"),
        ("Attention", "concept:attention"),
        ("rag", "guide:rag"),
        ("guide:rag", "guide:rag"),
        ("b~setup", "guide:b~setup"),
        ("b/setup.md", "guide:b~setup"),
        ("b/setup", "guide:b~setup"),
        ("/b/setup", "guide:b~setup"),
        ("Setup%20of%20B", "guide:b~setup"),
        ("b/setup.md%23part-one", "guide:b~setup"),
        ("gr%C3%BCn/my%20page", "guide:c~grün~my-page"),
        ("%2Fold%2Faddress%2F", "guide:c~grün~my-page"),
        ("old/address", "guide:c~grün~my-page"),
    ] {
        let answer = client.get(&format!("/v1/pages/{reference}")).await;
        assert_eq!((answer.status, answer.json()["id"].as_str()), (200, Some(id)), "{reference}: {}", answer.text());
    }
    let concept = client.get("/v1/pages/softmax").await.json();
    assert_eq!(concept["prerequisites"][0]["id"], "concept:attention");
    assert_eq!((&concept["access"], &concept["path"]), (&"free".into(), &"concepts/softmax.md".into()));
}

#[tokio::test]
async fn an_id_wins_over_names_wherever_it_is_asked_for() {
    let client = Client::files(FILES);
    for (path, id) in [
        ("/v1/resolve?ref=rag", "/items/0/id"),
        ("/v1/guides/rag", "/id"),
        ("/v1/plan?target=rag", "/targets/0/id"),
        ("/v1/graph?center=rag", "/nodes/0/id"),
        ("/v1/pages/rag", "/id"),
    ] {
        let answer = client.get(path).await;
        assert_eq!(
            answer.json().pointer(id).and_then(|id| id.as_str()),
            Some("guide:rag"),
            "{path}: {}",
            answer.text()
        );
    }
    let refused = client.get("/v1/concepts/rag").await;
    assert_eq!((refused.status, refused.json()["suggestions"][0].as_str()), (404, Some("guide:rag")));
}

#[tokio::test]
async fn a_name_of_several_pages_is_refused_with_the_candidates() {
    let client = Client::files(FILES);
    for (path, code) in [
        ("/v1/guides/setup", "unknown_guide"),
        ("/v1/guides/setup/related", "unknown_guide"),
        ("/v1/pages/setup", "not_found"),
        ("/v1/plan?target=setup", "unknown_concept"),
        ("/v1/next?known=setup", "unknown_concept"),
        ("/v1/graph?center=setup", "unknown_concept"),
    ] {
        let answer = client.get(path).await;
        let problem = answer.json();
        assert_eq!((answer.status, problem["code"].as_str()), (404, Some(code)), "{path}: {}", answer.text());
        assert!(problem["detail"].as_str().unwrap().contains("'setup' is ambiguous"), "{problem}");
        assert_eq!(
            problem["suggestions"],
            serde_json::json!(["guide:b~setup", "guide:c~setup", "guide:rag"]),
            "{path}"
        );
    }
    let resolved = client.get("/v1/resolve?ref=setup").await.json();
    assert_eq!((&resolved["exact"], resolved["items"].as_array().unwrap().len()), (&false.into(), 3));
    // A title that one concept and a guide share means the concept, and each kind finds its own.
    assert_eq!(client.get("/v1/plan?target=Attention").await.json()["targets"][0]["id"], "concept:attention");
    assert_eq!(client.get("/v1/guides/Attention").await.json()["id"], "guide:c~setup");
}
