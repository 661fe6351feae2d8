//! No byte of locked text reaches a viewer without the entitlement, by any door.

use gradus_load::{Input, load};
use serde_json::Value;

use crate::client::{Answer, Client, SECRET};
use crate::tokens::sign;

/// Marks every locked byte of the fixture.
const MARK: &str = "zqx";

/// Everything of the fixture that a path can name.
const IDS: [&str; 10] = [
    "secret",
    "bare",
    "free",
    "alpha",
    "beta",
    "gamma",
    "secret%23",
    "secret%23shown-heading",
    "secret%23locked-heading",
    "bare%23",
];

/// Every path of the OpenAPI document, so that a new one is walked too, with every kind of value its parameters take.
pub(crate) async fn paths(client: &Client, ids: &[&str]) -> Vec<String> {
    let document: Value = client.get("/openapi.json").await.json();
    let mut paths = vec!["/nothing".to_owned()];
    for template in document["paths"].as_object().unwrap().keys() {
        let n_ids = if template.contains('{') { ids.len() } else { 1 };
        for id in &ids[..n_ids] {
            let path = template.replace("{id}", id).replace("{ref}", id);
            assert!(!path.contains('{'), "{template} has a parameter that this walk cannot fill");
            paths.extend(QUERIES.iter().map(|query| format!("{path}{query}")));
        }
    }
    paths
}

#[tokio::test]
async fn no_page_as_markdown_tells_an_anonymous_reader_locked_text() {
    let client = Client::fixture("locked");
    let (markdown, mut n_answers) = ([("accept", "text/markdown")], 0);
    for id in IDS {
        for path in [
            format!("/guides/{id}"),
            format!("/concepts/{id}"),
            format!("/guides/{id}.md"),
            format!("/concepts/{id}.md"),
        ] {
            let answer = client.get_with(&path, &markdown).await;
            assert!(!told(&answer).contains(MARK), "{path} told: {}", told(&answer));
            n_answers += usize::from(answer.status == 200);
        }
    }
    assert!(n_answers >= 12, "only {n_answers} pages were read");
    // What everybody is told is told to entitled readers too.
    let entitled = Client::fixture("locked").with_token(&sign(SECRET, 4_000_000_000, &["pro"]));
    assert!(entitled.get("/guides/secret.md").await.text().contains(MARK));
    for path in ["/", "/llms.txt", "/llms-full.txt"] {
        for client in [&client, &entitled] {
            let answer = client.get_with(path, &markdown).await;
            assert_eq!(answer.status, 200, "{path}");
            assert!(!told(&answer).contains(MARK) && answer.text().contains("Paid guide"), "{path}: {}", told(&answer));
        }
    }
}

/// Asks to which some paths answer POST.
pub(crate) const BODIES: [&str; 4] = [
    "{}",
    r#"{"target":["guide:secret"],"include":"recommended"}"#,
    r#"{"target":["bare","alpha"],"known":"beta"}"#,
    r#"{"requests":["/v1/guides/secret","/v1/nothing"]}"#,
];

const QUERIES: [&str; 26] = [
    "",
    "?q=hidden",
    "?q=words+about+gamma&match=any&explain=true",
    "?q=%22hidden+words%22",
    "?q=zq",
    "?ref=secret",
    "?from=beta&to=alpha",
    "?target=guide:secret&include=recommended",
    "?target=alpha&depth=solid",
    "?q=alpha+thing",
    "?known=beta",
    "?sort=updated",
    "?q=alpha&fields=items,answer",
    "?fields=sections,title",
    "?center=guide:secret&depth=5&relations=mentions,links,teaches,assumes,requires",
    "?center=guide:secret&format=svg",
    "?format=jsonl",
    "?format=csv",
    "?format=graphml",
    "?format=dot",
    "?format=jsonld",
    "?format=turtle",
    "?format=canvas",
    "?format=anki",
    "?format=checklist",
    "?kind=quiz,interview",
];

#[tokio::test]
async fn no_route_tells_an_anonymous_reader_locked_text() {
    let client = Client::fixture("locked");
    let paths = paths(&client, &IDS).await;
    assert!(paths.len() > 200, "only {} paths were walked", paths.len());
    let mut n_answers = 0;
    for path in &paths {
        let answer = client.get(path).await;
        assert!(!told(&answer).contains(MARK), "{path} told: {}", told(&answer));
        n_answers += usize::from(answer.status == 200);
        for body in BODIES.iter().filter(|_| !path.contains('?')) {
            let answer = client.post(path, body).await;
            assert!(!told(&answer).contains(MARK), "POST {path} told: {}", told(&answer));
        }
    }
    assert!(n_answers > 60, "only {n_answers} paths were answered");
}

/// Queries of Algolia's protocol, each asked on every path that takes one.
pub(crate) const ALGOLIA_QUERIES: [&str; 8] = [
    r#"{}"#,
    r#"{"query":"hidden"}"#,
    r#"{"query":"words about gamma","facets":["*"]}"#,
    r#"{"query":"\"hidden words\""}"#,
    r#"{"query":"zq","hitsPerPage":100,"distinct":9}"#,
    r#"{"query":"paid","attributesToSnippet":["*:50"],"attributesToHighlight":["*"]}"#,
    r#"{"filters":"access:pro","facets":["*"]}"#,
    r#"{"facetQuery":"z"}"#,
];

#[tokio::test]
async fn no_query_of_algolias_protocol_tells_an_anonymous_reader_locked_text() {
    let client = Client::fixture("locked");
    let mut n_hits = 0;
    for query in ALGOLIA_QUERIES {
        let many = format!(r#"{{"requests":[{query}]}}"#);
        let facets = ["kind", "category", "tag", "track", "level", "access", "lang"];
        let facets = facets.map(|facet| (format!("/1/indexes/x/facets/{facet}/query"), query));
        let searches = [("/1/indexes/x/query".to_owned(), query), ("/1/indexes/*/queries".to_owned(), &*many)];
        for (path, body) in facets.into_iter().chain(searches) {
            let answer = client.post(&path, body).await;
            assert_eq!(answer.status, 200, "{path} {body}: {}", answer.text());
            assert!(!answer.text().contains(MARK), "{path} {body} told: {}", answer.text());
            n_hits += answer.json()["hits"].as_array().map_or(0, Vec::len);
        }
    }
    assert!(n_hits > 10, "only {n_hits} records were looked at");
    let entitled = Client::fixture("locked").with_token(&sign(SECRET, 4_000_000_000, &["pro"]));
    let answer = entitled.post("/1/indexes/x/query", r#"{"query":"hidden"}"#).await;
    assert!(answer.text().contains(MARK), "{}", answer.text());
}

#[tokio::test]
async fn no_batch_tells_an_anonymous_reader_locked_text() {
    let client = Client::fixture("locked");
    let paths = paths(&client, &IDS).await;
    let reads: Vec<&String> = paths.iter().filter(|path| path.starts_with("/v1/")).collect();
    let mut n_answers = 0;
    for reads in reads.chunks(100) {
        let body = serde_json::json!({ "requests": reads }).to_string();
        let answer = client.post("/v1/batch", &body).await;
        assert!(!told(&answer).contains(MARK), "{body} told: {}", told(&answer));
        n_answers += answer.json()["items"].as_array().unwrap().len();
    }
    assert_eq!(n_answers, reads.len());
}

/// Headers and body.
fn told(answer: &Answer) -> String {
    format!("{:?} {}", answer.headers, answer.text())
}

#[tokio::test]
async fn the_same_text_reaches_an_entitled_reader() {
    let client = Client::fixture("locked").with_token(&sign(SECRET, 4_000_000_000, &["pro"]));
    for path in ["/v1/guides/secret", "/v1/guides/secret/questions", "/v1/search?q=zqxlocked", "/v1/export"] {
        let answer = client.get(path).await;
        assert!(answer.text().contains(MARK), "{path} told nothing: {}", answer.text());
    }
}

#[tokio::test]
async fn a_query_matches_only_what_its_viewer_may_read() {
    let client = Client::fixture("locked");
    for probe in ["zqxlocked", "%22hidden+words%22", "%22more+zqxlocked%22", "zqxlockd", "zqxcode"] {
        let answer = client.get(&format!("/v1/search?q={probe}&match=all")).await.json();
        assert_eq!(answer["total"], 0, "{probe}: {answer}");
        assert_eq!(answer["did_you_mean"], Value::Null, "{probe}");
    }
}

#[tokio::test]
async fn locked_parts_are_null_and_say_so() {
    let client = Client::fixture("locked");
    let guide = client.get("/v1/guides/secret").await.json();
    assert_eq!(guide["locked"], true);
    let sections = guide["sections"].as_array().unwrap();
    let told: Vec<String> = sections
        .iter()
        .map(|one| format!("{} {} {}", one["title"], one["locked"], one["text_html"].is_null()))
        .collect();
    assert_eq!(told, ["\"Paid guide\" false false", "\"Shown heading\" false false", "\"Locked heading\" true true"]);
    let questions = client.get("/v1/guides/secret/questions").await.json();
    for question in questions["items"].as_array().unwrap() {
        assert_eq!(question["locked"], true);
        assert!(question["prompt"].as_str().unwrap().contains("asked"));
        for hidden in ["choices", "answer", "explanation"] {
            assert_eq!(question[hidden], Value::Null, "{hidden}");
        }
    }
    assert_eq!(client.get("/v1/guides/bare").await.json()["description"], Value::Null);
}

#[tokio::test]
async fn an_entity_tag_tells_nothing_of_locked_text() {
    let with = |secret: &str| {
        let guide = format!("---\ntitle: G\naccess: pro\ntime: 5\n---\nshown\n<!-- more -->\n{secret}\n");
        Client::files(&[("g.md", &guide)])
    };
    let (one, other) = (with("first secret").get("/v1/guides").await, with("other words").get("/v1/guides").await);
    assert_eq!(one.headers["etag"], other.headers["etag"]);
    assert_eq!(one.body, other.body);
    let token = sign(SECRET, 4_000_000_000, &["pro"]);
    let (one, other) = (with("first secret").with_token(&token), with("other words").with_token(&token));
    let (one, other) = (one.get("/v1/guides/g").await, other.get("/v1/guides/g").await);
    assert_ne!(one.headers["etag"], other.headers["etag"]);
}

#[test]
fn the_public_corpus_holds_no_locked_text() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/locked");
    let corpus = load(&Input::Path(path.into()), &mut |_| {}).unwrap().corpus;
    assert!(format!("{corpus:?}").contains(MARK));
    let public = format!("{:?}", corpus.public().unwrap());
    assert!(!public.contains(MARK), "{public}");
}
