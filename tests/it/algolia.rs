//! Algolia's search protocol: through the router, and with Algolia's own clients against a server on a socket.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use axum::http::Method;
use gradus::serve::Server;
use gradus::settings::{ServeFlags, Settings};
use gradus_engine::host::Host;
use serde_json::{Value, json};

use crate::client::{Client, SECRET};
use crate::tokens::sign;

const FILES: &[(&str, &str)] = &[
    (
        "concepts/kv-cache.md",
        "---\ntitle: KV cache\naka: [key-value cache]\ndescription: Keys & values of <every> token.\ncategory: Inference\n---\n",
    ),
    (
        "guides/serving.md",
        "---\ntitle: Serving\ncategory: Inference\ntags: [memory, production]\nlevel: advanced\ndescription: Many readers at once.\n---\n\
         How to serve.\n\n## KV cache\n\nThe KV cache grows with &lt;b&gt;every&lt;/b&gt; token and takes memory.\n\n\
         ### Eviction\n\nWhat is evicted from the kv cache is computed again.\n\n## Scheduling\n\nBatches wait in memory.\n",
    ),
    (
        "guides/training.md",
        "---\ntitle: Training\ncategory: Training\ntags: [memory]\ndescription: Weights are learned.\n---\n\
         Training needs more memory than a KV cache.\n",
    ),
    (
        "guides/paid.md",
        "---\ntitle: Paid\ncategory: Training\naccess: pro\ndescription: What is paid for.\n---\nShown.\n\n<!-- more -->\n\n\
         ## Behind\n\nzqxlocked words about memory.\n",
    ),
];

async fn ask(client: &Client, body: &Value) -> Value {
    let answer = client.post("/1/indexes/docs/query", &body.to_string()).await;
    assert_eq!(answer.status, 200, "{body}: {}", answer.text());
    answer.json()
}

fn ids(answer: &Value) -> Vec<&str> {
    answer["hits"].as_array().unwrap().iter().map(|hit| hit["objectID"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn one_request_does_not_ask_for_more_hits_than_can_be_held() {
    let client = Client::curriculum();
    let ask = |n: usize, hits: usize| {
        let requests = vec![json!({ "query": "attention", "hitsPerPage": hits }); n];
        json!({ "requests": requests }).to_string()
    };
    let refused = client.post("/1/indexes/*/queries", &ask(11, 100)).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("1100 hits of all queries"), "{}", refused.text());
    assert_eq!(client.post("/1/indexes/*/queries", &ask(50, 2)).await.status, 200);
}

#[tokio::test]
async fn a_page_is_followed_by_its_sections_and_both_tell_where_they_stand() {
    let answer = ask(&Client::files(FILES), &json!({ "query": "eviction" })).await;
    assert_eq!(ids(&answer), ["guide:serving", "serving#eviction"]);
    let (page, section) = (&answer["hits"][0], &answer["hits"][1]);
    assert_eq!(page["type"], "lvl1");
    assert_eq!(page["anchor"], Value::Null);
    assert_eq!(section["type"], "lvl3");
    assert_eq!(section["anchor"], "eviction");
    assert_eq!(section["url"], json!(format!("{}#eviction", section["url_without_anchor"].as_str().unwrap())));
    let levels = ["Inference", "Serving", "KV cache", "Eviction"];
    for (level, heading) in levels.iter().enumerate() {
        assert_eq!(section["hierarchy"][format!("lvl{level}")], *heading);
    }
    assert_eq!(section["hierarchy"]["lvl4"], Value::Null);
    let marked = &section["_highlightResult"]["hierarchy"]["lvl3"];
    assert_eq!(
        *marked,
        json!({ "value": "<em>Eviction</em>", "matchLevel": "full", "fullyHighlighted": true, "matchedWords": ["eviction"] })
    );
    assert_eq!(section["_highlightResult"]["hierarchy"]["lvl1"]["matchLevel"], "none");
}

#[tokio::test]
async fn a_section_whose_text_matched_is_content() {
    let answer = ask(&Client::files(FILES), &json!({ "query": "batches" })).await;
    let section = &answer["hits"][1];
    assert_eq!((&section["objectID"], &section["type"]), (&json!("serving#scheduling"), &json!("content")));
    assert_eq!(section["content"], "Batches wait in memory.");
    assert_eq!(section["_snippetResult"]["content"]["value"], "<em>Batches</em> wait in memory.");
    let asked = json!({ "query": "batches", "attributesToSnippet": ["content:2"], "highlightPreTag": "[", "highlightPostTag": "]" });
    let answer = ask(&Client::files(FILES), &asked).await;
    assert_eq!(
        answer["hits"][1]["_snippetResult"],
        json!({ "content": { "value": "[Batches] wait…", "matchLevel": "full" } })
    );
}

#[tokio::test]
async fn texts_are_escaped_around_the_marks() {
    let answer = ask(&Client::files(FILES), &json!({ "query": "every token", "filters": "kind:concept" })).await;
    let content = &answer["hits"][0]["_highlightResult"]["content"]["value"];
    assert_eq!(content, "Keys &amp; values of &lt;<em>every</em>&gt; <em>token</em>.");
    assert_eq!(answer["hits"][0]["content"], "Keys & values of <every> token.");
}

#[tokio::test]
async fn records_hold_what_is_asked_for() {
    let asked = json!({
        "query": "eviction", "distinct": 1,
        "attributesToRetrieve": ["hierarchy.lvl1", "url"], "attributesToHighlight": [], "attributesToSnippet": [],
    });
    let answer = ask(&Client::files(FILES), &asked).await;
    let url = &answer["hits"][0]["url"];
    assert_eq!(
        answer["hits"],
        json!([{ "url": url, "hierarchy": { "lvl1": "Serving" }, "objectID": "guide:serving" }])
    );
}

#[tokio::test]
async fn numbers_of_hits_and_facets_are_exact() {
    let client = Client::files(FILES);
    let answer = ask(&client, &json!({ "query": "memory", "facets": ["category", "tags"], "hitsPerPage": 0 })).await;
    assert_eq!(answer["hits"], json!([]));
    assert_eq!((&answer["nbHits"], &answer["nbPages"]), (&json!(2), &json!(2)));
    assert_eq!(answer["exhaustiveNbHits"], true);
    assert_eq!(answer["facets"]["category"], json!({ "Inference": 1, "Training": 1 }));
    assert_eq!(answer["facets"]["tags"], json!({ "memory": 2, "production": 1 }));
    assert_eq!(answer["params"], "query=memory&facets=%5B%22category%22%2C%22tags%22%5D&hitsPerPage=0");
    let last = ask(&client, &json!({ "query": "memory", "page": 1, "hitsPerPage": 1 })).await;
    assert_eq!((last["nbPages"].clone(), ids(&last).is_empty()), (json!(2), false));
    let beyond = ask(&client, &json!({ "query": "memory", "page": 7 })).await;
    assert_eq!((beyond["nbHits"].clone(), ids(&beyond).len()), (json!(2), 0));
}

/// All members of `value` called `name`, at any depth.
fn members<'a>(value: &'a Value, name: &str, found: &mut Vec<&'a Value>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| members(value, name, found)),
        Value::Object(all) => all.iter().for_each(|(key, value)| {
            found.extend((key == name).then_some(value));
            members(value, name, found);
        }),
        _ => {}
    }
}

#[tokio::test]
async fn whatever_is_asked_marks_change_nothing_but_the_marks() {
    let client = Client::files(FILES);
    let mut n_texts = 0;
    for query in [
        "kv cache",
        "CACHE",
        "memry",
        "注意",
        "👍",
        "e\u{301}",
        "מטמון",
        "\"kv cache\" -training",
        "k",
        "<em>",
        "-",
        "&amp;",
    ] {
        let asked =
            json!({ "query": query, "highlightPreTag": "[[", "highlightPostTag": "]]", "attributesToSnippet": [] });
        let answer = ask(&client, &asked).await;
        for hit in answer["hits"].as_array().unwrap() {
            let mut marked = Vec::new();
            members(&hit["_highlightResult"], "value", &mut marked);
            let plain = marked.iter().map(|value| {
                let value = value.as_str().unwrap().replace("[[", "").replace("]]", "");
                value
                    .replace("&lt;", "<")
                    .replace("&gt;", ">")
                    .replace("&#39;", "'")
                    .replace("&quot;", "\"")
                    .replace("&amp;", "&")
            });
            let levels = hit["hierarchy"].as_object().unwrap().values();
            let texts = [&hit["title"], &hit["content"]].into_iter().chain(levels);
            let texts: Vec<&str> = texts.filter_map(Value::as_str).collect();
            assert_eq!(plain.collect::<Vec<_>>(), texts, "{query}");
            n_texts += texts.len();
        }
    }
    assert!(n_texts > 50, "only {n_texts} texts were looked at");
}

#[tokio::test]
async fn every_way_to_ask_gets_the_same_hits() {
    let client = Client::files(FILES);
    let posted = ask(&client, &json!({ "query": "kv cache", "facetFilters": [["kind:guide"]] })).await;
    let url = "/1/indexes/docs?query=kv+cache&facetFilters=%5B%5B%22kind%3Aguide%22%5D%5D&x-algolia-api-key=k";
    assert_eq!(client.get(url).await.json()["hits"], posted["hits"]);
    let body = json!({ "requests": [{ "indexName": "i", "params": "query=kv+cache&filters=kind%3Aguide" }] });
    let many = client.post("/1/indexes/*/queries", &body.to_string()).await.json();
    assert_eq!(many["results"][0]["hits"], posted["hits"]);
    assert_eq!(many["results"][0]["index"], "i");
    let facet =
        json!({ "requests": [{ "indexName": "i", "type": "facet", "facet": "kind", "params": "facetQuery=g" }] });
    let facet = client.post("/1/indexes/*/queries", &facet.to_string()).await.json();
    assert_eq!(
        facet["results"][0]["facetHits"],
        json!([{ "value": "guide", "highlighted": "<em>g</em>uide", "count": 3 }])
    );
}

#[tokio::test]
async fn errors_are_shaped_as_the_clients_read_them() {
    let client = Client::files(FILES);
    let many = json!({ "requests": vec![json!({}); 51] }).to_string();
    for (path, body, told) in [
        ("/1/indexes/docs/query", r#"{"facetFilters":["colour:red"]}"#, "there is no facet 'colour'; there are kind,"),
        ("/1/indexes/docs/query", r#"{"filters":"kind:page"}"#, "'page' is none of"),
        ("/1/indexes/docs/query", "[]", "JSON object"),
        ("/1/indexes/docs/query", "{", "not JSON"),
        ("/1/indexes/docs/query", r#"{"page":"x"}"#, "not a whole number"),
        ("/1/indexes/docs/query", r#"{"query":3}"#, "`query`: this is not text"),
        ("/1/indexes/*/queries", "{}", "give a list"),
        ("/1/indexes/*/queries", &many, "more than the 50"),
        ("/1/indexes/docs/facets/colour/query", "{}", "there is no facet 'colour'"),
    ] {
        let answer = client.post(path, body).await;
        let error = answer.json();
        assert_eq!((answer.status, &error["status"]), (400, &json!(400)), "{body}");
        assert!(error["message"].as_str().unwrap().contains(told), "{body}: {error}");
        assert_eq!(error.as_object().unwrap().len(), 2);
    }
    let refused = Client::files(FILES).with_token("nonsense").post("/1/indexes/docs/query", "{}").await;
    assert_eq!((refused.status, refused.json()["status"].clone()), (401, json!(401)));
}

#[tokio::test]
async fn browsers_of_other_origins_may_ask_with_keys_and_tokens() {
    let wanted = "authorization,x-algolia-api-key,x-algolia-application-id,x-algolia-agent,content-type";
    let headers = [
        ("origin", "https://docs.example.org"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", wanted),
    ];
    let answer = Client::files(FILES).request(Method::OPTIONS, "/1/indexes/*/queries", &headers, "").await;
    let allowed = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
    assert_eq!(allowed("access-control-allow-headers"), wanted);
    assert!(allowed("access-control-allow-methods").contains("POST"));
    assert_eq!(allowed("access-control-allow-origin"), "*");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn algolias_own_clients_are_answered() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/algolia");
    if !clients_are_installed(&folder) {
        return;
    }
    let any_port = Some(([127, 0, 0, 1], 0).into());
    let flags = ServeFlags {
        listen: any_port,
        admin_listen: any_port,
        jwt_secret: Some(SECRET.to_owned()),
        ..ServeFlags::default()
    };
    let server = Server::bind(Host::new(Client::input(FILES)), &Settings::new(flags, toml::Table::new()).unwrap())
        .await
        .unwrap();
    let (host, url) = (server.host(), format!("http://{}", server.address().unwrap()));
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(server.run(async move { drop(stopped.await) }));
    let token = sign(SECRET, 4_000_000_000, &["pro"]);
    let asked = tokio::task::spawn_blocking(move || {
        host.reload(&mut |_| {}).unwrap();
        Command::new("node").arg("ask.mjs").args([&url, &token]).current_dir(&folder).output().unwrap()
    });
    let asked = asked.await.unwrap();
    drop(stop);
    serving.await.unwrap().unwrap();
    let (told, failed) = (String::from_utf8_lossy(&asked.stdout), String::from_utf8_lossy(&asked.stderr));
    assert!(asked.status.success(), "{told}{failed}");
    assert_eq!(told.lines().filter(|line| line.starts_with("ok ")).count(), 8, "{told}");
}

/// Whether Algolia's clients are there as `package-lock.json` pins them. A bare `cargo test` installs nothing and says what
/// it leaves out; the whole suite, which `scripts/test` runs, must not leave anything out.
fn clients_are_installed(folder: &Path) -> bool {
    let changed = |path: &str| std::fs::metadata(folder.join(path)).and_then(|file| file.modified()).ok();
    let is_there = changed("node_modules/.package-lock.json") >= changed("package-lock.json");
    let is_whole_suite = std::env::var_os("GRADUS_WHOLE_SUITE").is_some_and(|value| value == "1");
    assert!(is_there || !is_whole_suite, "Algolia's clients are not installed in {}", folder.display());
    if !is_there {
        // Not by a macro, whose output cargo hides where a test passes.
        let left_out =
            "left out: Algolia's own clients are not installed; scripts/test installs them and runs this too\n";
        std::io::stderr().write_all(left_out.as_bytes()).unwrap();
    }
    is_there
}

#[test]
fn the_clients_are_pinned_without_the_host_of_a_registry() {
    let lock = include_str!("../algolia/package-lock.json");
    assert!(lock.contains("sha512-") && !lock.contains("resolved"));
}
