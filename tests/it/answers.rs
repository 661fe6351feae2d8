//! The shape and the meaning of answers, through the real router.

use serde_json::{Value, json};

use crate::client::Client;

const FILES: &[(&str, &str)] = &[
    ("concepts/matmul.md", "---\ntitle: Matmul\ndescription: Rows by columns.\ntime: 10\n---\n"),
    ("concepts/softmax.md", "---\ntitle: Softmax\ndescription: Scores to shares.\ntime: 5\n---\n"),
    (
        "concepts/attention.md",
        "---\ntitle: Attention\ndescription: Looks around.\ntime: 20\nprerequisites:\n  - {concept: softmax, reason: it weighs}\n  - \
         matmul\n  - A [GitHub] account and some patience\n---\n",
    ),
    (
        "concepts/kv-cache.md",
        "---\ntitle: KV cache\naka: [key-value cache]\ndescription: Keeps keys and values.\ntime: 15\nprerequisites: [[[attention]]]\n\
         recommended: [matmul]\n---\n",
    ),
    ("concepts/chicken.md", "---\ntitle: Chicken\ntime: 5\nprerequisites: [egg]\n---\n"),
    ("concepts/egg.md", "---\ntitle: Egg\ntime: 5\nprerequisites: [chicken]\n---\n"),
    (
        "guides/01-serving.md",
        "---\ntitle: Serving\ndescription: How to serve.\ntime: 30m\ntags: [ops]\nteaches: [kv-cache, attention]\n---\n\n## The \
         KV cache\n\nThe KV cache keeps keys.\n\n## Attention again\n\nAttention looks around at the größe of things.\n",
    ),
    (
        "guides/basics.md",
        "---\ntitle: Basics\ndescription: The start.\nteaches: [matmul]\n---\n\nSee [serving](01-serving.md#the-kv-cache).\n",
    ),
];

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_graph_around_a_page_that_declares_nothing_is_what_texts_say() {
    let files = [("a.md", "# A\n\nSee [it](b.md).\n"), ("b.md", "# B\n\nText.\n"), ("c.md", "# C\n\nText.\n")];
    let graph = Client::files(&files).get("/v1/graph?center=a").await.json();
    let edges = [json!({
        "from": "guide:a", "to": "guide:b", "relation": "links", "strength": "required", "origin": "inline",
        "confidence": null,
    })];
    assert_eq!(graph["edges"], json!(edges));
    let alone = Client::files(&files).get("/v1/graph?center=a&relations=requires").await.json();
    assert_eq!(alone["edges"], json!([]));
}

#[tokio::test]
async fn prerequisites_come_in_levels_with_their_edges() {
    let answer = Client::files(FILES).get("/v1/concepts/kv-cache/prerequisites").await.json();
    assert_eq!(answer["levels"], json!([["concept:matmul", "concept:softmax"], ["concept:attention"]]));
    assert_eq!(ids(&answer["items"]), ["concept:matmul", "concept:softmax", "concept:attention"]);
    let edges: Vec<String> = answer["edges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edge| format!("{} {} {} {}", edge["from"], edge["to"], edge["strength"], edge["reason"]).replace('"', ""))
        .collect();
    assert_eq!(
        edges,
        [
            "concept:matmul concept:attention required null",
            "concept:softmax concept:attention required it weighs",
            "concept:attention concept:kv-cache required null",
        ]
    );
    let all = Client::files(FILES).get("/v1/concepts/kv-cache/prerequisites?strength=all&reduce=true").await.json();
    assert_eq!(all["edges"].as_array().unwrap().len(), 3, "the recommended edge is implied: {all}");
    let attention = Client::files(FILES).get("/v1/concepts/attention/prerequisites").await.json();
    assert_eq!(attention["prose"][0], "A [GitHub] account and some patience");
}

#[tokio::test]
async fn a_guide_needs_what_it_does_not_teach() {
    let answer = Client::files(FILES).get("/v1/guides/serving/prerequisites").await.json();
    assert_eq!(ids(&answer["items"]), ["concept:matmul", "concept:softmax"]);
    let unlocks = Client::files(FILES).get("/v1/concepts/softmax/unlocks?depth=1").await.json();
    assert_eq!(ids(&unlocks["items"]), ["concept:attention"]);
}

#[tokio::test]
async fn a_cycle_is_learned_together() {
    let client = Client::files(FILES);
    let answer = client.get("/v1/concepts/egg/prerequisites").await.json();
    assert_eq!(answer["cycles"][0], serde_json::json!(["concept:chicken", "concept:egg"]));
    let plan = client.get("/v1/plan?target=egg").await.json();
    assert_eq!(plan["steps"][0]["together"], true);
    assert_eq!(plan["steps"].as_array().unwrap().len(), 1);
    let next = client.get("/v1/next?goal=egg").await.json();
    assert_eq!(ids(&next["items"]), ["concept:chicken", "concept:egg"]);
    assert_eq!(ids(&next["items"][0]["together"]), ["concept:egg"]);
}

#[tokio::test]
async fn a_plan_orders_covers_and_counts() {
    let client = Client::files(FILES);
    let plan = client.get("/v1/plan?target=kv-cache&known=softmax").await.json();
    let steps: Vec<String> = plan["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| format!("{} in {}", ids(&step["concepts"]).join(" and "), step["guide"]["title"]).replace('"', ""))
        .collect();
    assert_eq!(steps, ["concept:matmul in Basics", "concept:attention and concept:kv-cache in Serving"]);
    assert_eq!((plan["steps"][1]["together"].clone(), plan["cheapest"].clone()), (false.into(), true.into()));
    assert_eq!(ids(&plan["steps"][1]["why"]), ["concept:attention", "concept:kv-cache"]);
    let minutes: u64 = plan["steps"].as_array().unwrap().iter().map(|step| step["minutes"].as_u64().unwrap()).sum();
    assert_eq!(plan["minutes_total"], minutes);
    assert_eq!(plan["fits"], true);
    let short = client.get("/v1/plan?target=kv-cache&budget=PT5M").await.json();
    assert_eq!(short["fits"], false);
    assert!(short["minutes_total"].as_u64().unwrap() <= 5);
    assert!(!short["deferred"].as_array().unwrap().is_empty());
    let exact = client.get("/v1/plan?target=kv-cache&known=attention&assume=exact").await.json();
    assert_eq!(ids(&exact["assumed_known"]), ["concept:attention"]);
    assert_eq!(
        ids(&exact["gaps"].as_array().unwrap().iter().map(|gap| gap["concept"].clone()).collect()),
        ["concept:softmax"]
    );
    let guide = client.get("/v1/plan?target=guide:serving&known=attention").await.json();
    assert_eq!(
        (ids(&guide["steps"][0]["concepts"]), guide["steps"][0]["section"].clone()),
        (vec!["concept:kv-cache"], Value::Null)
    );
    let posted = client.post("/v1/plan", r#"{"target":"kv-cache","known":["softmax"]}"#).await;
    assert_eq!(posted.json(), plan);
}

#[tokio::test]
async fn paths_are_found_or_say_what_is_shared() {
    let client = Client::files(FILES);
    let found = client.get("/v1/path?from=matmul&to=kv-cache&k=3").await.json();
    assert_eq!(found["found"], true);
    assert_eq!(ids(&found["paths"][0]["items"]), ["concept:matmul", "concept:attention", "concept:kv-cache"]);
    assert_eq!(found["paths"][0]["minutes"], 35);
    let none = client.get("/v1/path?from=egg&to=kv-cache").await;
    assert_eq!((none.status, none.json()["found"].clone()), (200, Value::Bool(false)));
}

#[tokio::test]
async fn next_is_the_frontier() {
    let answer = Client::files(FILES).get("/v1/next?known=matmul,softmax&goal=kv-cache").await.json();
    assert_eq!(ids(&answer["items"]), ["concept:attention"]);
    assert_eq!(answer["items"][0]["unlocks_count"], 1);
}

#[tokio::test]
async fn topics_are_told_with_what_connects_them() {
    let client = Client::curriculum();
    let topics = client.get("/v1/topics?limit=100").await;
    assert_eq!(topics.body, client.get("/v1/topics?limit=100").await.body);
    let topics = topics.json();
    let all: Vec<&str> = topics["items"].as_array().unwrap().iter().flat_map(|topic| ids(&topic["concepts"])).collect();
    let status = client.get("/v1/status").await.json();
    let n_concepts = status["counts"]["kinds"]["concept"].as_u64().unwrap();
    assert_eq!(all.len() as u64 + topics["alone"].as_u64().unwrap(), n_concepts);
    assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), all.len());
    let (first, near) = (&topics["items"][0], &topics["items"][0]["near"][0]);
    let path = format!("/v1/bridges?from={}&to={}&limit=100", first["id"], near["id"]).replace('"', "");
    let bridges = client.get(&path).await.json();
    let links = |from: &Value| -> usize {
        let of = bridges["items"].as_array().unwrap().iter().filter(|bridge| bridge["topic"]["id"] == *from);
        of.map(|bridge| bridge["across"].as_array().unwrap().len()).sum()
    };
    assert_eq!(
        (links(&first["id"]) as u64, links(&near["id"]) as u64),
        (near["links"].as_u64().unwrap(), near["links"].as_u64().unwrap())
    );
    let concept = first["concepts"][1]["id"].as_str().unwrap();
    assert_eq!(client.get(&path.replace(first["id"].as_str().unwrap(), concept)).await.json(), bridges);
    assert_eq!(client.get("/v1/bridges?from=topic:none").await.status, 404);
    let alone = Client::files(&[("concepts/a.md", ""), ("concepts/b.md", "")]);
    assert_eq!(alone.get("/v1/topics").await.json()["alone"], 2);
    assert_eq!(alone.get("/v1/bridges?from=a").await.json()["code"], "not_found");
}

/// Guides that link, without a concept among them.
const LINKED: &[(&str, &str)] = &[
    ("bread/dough.md", "# Dough\n\nSee [flour](flour.md) and [oven](oven.md).\n"),
    ("bread/flour.md", "# Flour\n\nFor [dough](dough.md).\n"),
    ("bread/oven.md", "# Oven\n\nSee [flour](flour.md).\n"),
    ("wine/grape.md", "# Grape\n\nFor [must](must.md).\n"),
    ("wine/must.md", "# Must\n\nOf the [grape](grape.md).\n"),
    ("wine/hidden.md", "---\nsearch: false\n---\n# Hidden\n\nOf the [grape](grape.md).\n"),
    ("alone.md", "# Alone\n"),
];

#[tokio::test]
async fn topics_are_of_guides_where_there_are_no_concepts() {
    let client = Client::files(LINKED);
    let topics = client.get("/v1/topics").await.json();
    let of = |at: usize| ids(&topics["items"][at]["concepts"]);
    // What most others link to comes first.
    assert_eq!(of(0), ["guide:bread~flour", "guide:bread~dough", "guide:bread~oven"]);
    assert_eq!(of(1), ["guide:wine~grape", "guide:wine~must"]);
    assert_eq!((topics["total"].as_u64(), topics["alone"].as_u64()), (Some(2), Some(1)));
    assert_eq!(client.get("/v1/bridges?from=topic:wine~grape").await.status, 200);
    assert_eq!(client.get("/v1/bridges?from=must").await.status, 200);
    assert_eq!(client.get("/v1/bridges?from=alone").await.json()["code"], "not_found");
}

#[tokio::test]
async fn pages_are_listed_by_what_leads_to_them_and_by_what_comes_first() {
    let files = [
        ("concepts/a.md", "---\nprerequisites: [b]\n---\n"),
        ("concepts/b.md", "---\nprerequisites: [c]\n---\n"),
        ("concepts/c.md", ""),
        ("concepts/d.md", "---\nprerequisites: [c]\n---\n"),
    ];
    let client = Client::files(&files);
    let listed = async |sort: &str| {
        let list = client.get(&format!("/v1/concepts?sort={sort}")).await.json();
        ids(&list["items"]).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(listed("depth").await, ["concept:a", "concept:b", "concept:d", "concept:c"]);
    assert_eq!(listed("order").await, ["concept:c", "concept:b", "concept:d", "concept:a"]);
    assert_eq!(client.get("/v1/concepts?include=maybe").await.json()["code"], "invalid_parameter");
}

#[tokio::test]
async fn search_finds_sections_and_counts_facets() {
    let client = Client::files(FILES);
    let answer = client.get("/v1/search?q=kv+cache").await.json();
    assert_eq!(answer["items"][0]["id"], "concept:kv-cache");
    let guide = answer["items"].as_array().unwrap().iter().find(|hit| hit["id"] == "guide:serving").unwrap();
    assert_eq!(guide["sections"][0]["url"], "/guides/serving#the-kv-cache");
    assert_eq!(answer["facets"]["kind"], serde_json::json!({ "concept": 1, "guide": 1 }));
    let filtered = client.get("/v1/search?q=kv+cache&kind=guide").await.json();
    assert_eq!(filtered["total"], 1);
    assert_eq!(filtered["facets"]["kind"], answer["facets"]["kind"], "a facet does not filter itself");
    let accent = client.get("/v1/search?q=grosse").await.json();
    let snippet = &accent["items"][0]["sections"][0]["snippet"];
    let [start, end] = [0, 1].map(|at| usize::try_from(snippet["highlights"][0][at].as_u64().unwrap()).unwrap());
    let marked: String = snippet["text"].as_str().unwrap().chars().skip(start).take(end - start).collect();
    assert_eq!(marked, "größe");
}

#[tokio::test]
async fn pages_of_a_list_partition_it() {
    let client = Client::files(FILES);
    let whole = client.get("/v1/search?limit=100").await.json();
    let mut seen = Vec::new();
    let mut path = "/v1/search?limit=3".to_owned();
    loop {
        let page = client.get(&path).await.json();
        seen.extend(ids(&page["items"]).into_iter().map(str::to_owned));
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("/v1/search?limit=3&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen, ids(&whole["items"]));
    assert_eq!(seen.len(), FILES.len());
    let stale = client.get("/v1/search?cursor=0000000000000000-3").await;
    assert_eq!((stale.status, stale.json()["code"].clone()), (410, "cursor_expired".into()));
}

#[tokio::test]
async fn wrong_requests_say_what_is_wrong() {
    let client = Client::files(FILES);
    let cases = [
        ("/v1/search?limt=3", 400, "unknown_parameter", "limit"),
        ("/v1/search?limit=0", 400, "invalid_parameter", ""),
        ("/v1/search?limit=x", 400, "invalid_parameter", ""),
        ("/v1/search?q=-only+-that", 400, "invalid_query", ""),
        ("/v1/search?level=hard", 400, "invalid_parameter", "beginner"),
        ("/v1/concepts/kv-chache", 404, "unknown_concept", "concept:kv-cache"),
        ("/v1/guides/servin", 404, "unknown_guide", "guide:serving"),
        ("/v1/resolve?ref=attentoin", 404, "not_found", "concept:attention"),
        ("/v1/sections/serving%23the-cache", 404, "not_found", "serving#the-kv-cache"),
        ("/v1/plan", 400, "invalid_parameter", ""),
        ("/v1/plan?target=egg&budget=soon", 400, "invalid_parameter", ""),
        ("/v1/nothing", 404, "not_found", ""),
        ("/v1/search?q=%FF", 400, "invalid_parameter", ""),
        ("/v1/search?q=a&q=b", 400, "invalid_parameter", ""),
        ("/v1/concepts/%FF", 400, "invalid_parameter", ""),
        ("/v1/concepts/egg?id=chicken", 400, "unknown_parameter", ""),
        ("/v1/path?from=egg", 400, "invalid_parameter", ""),
    ];
    for (path, status, code, suggestion) in cases {
        let answer = client.get(path).await;
        let problem = answer.json();
        assert_eq!((answer.status, problem["code"].as_str().unwrap()), (status, code), "{path}");
        assert_eq!(answer.headers["content-type"], "application/problem+json", "{path}");
        let first = problem["suggestions"][0].as_str().unwrap_or_default();
        assert_eq!(first, suggestion, "{path}");
        assert_eq!(problem["request_id"], answer.headers["x-request-id"].to_str().unwrap());
    }
    let long = client.get(&format!("/v1/search?q={}", "a".repeat(1_001))).await;
    assert_eq!((long.status, long.json()["code"].clone()), (400, "invalid_query".into()));
    let large = client.post("/v1/plan", &format!("{{\"target\":\"{}\"}}", "a".repeat(1 << 20))).await;
    assert_eq!((large.status, large.json()["code"].clone()), (413, "payload_too_large".into()));
}

#[tokio::test]
async fn a_known_answer_is_not_computed_again() {
    let client = Client::files(FILES);
    let first = client.get("/v1/guides").await;
    let tag = first.headers["etag"].to_str().unwrap();
    let again = client.get_with("/v1/guides", &[("if-none-match", tag)]).await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    let other = client.get_with("/v1/guides", &[("if-none-match", "W/\"other\"")]).await;
    assert_eq!(other.status, 200);
}

#[tokio::test]
async fn every_spelling_of_an_id_is_taken() {
    let client = Client::files(FILES);
    for id in [
        "kv-cache",
        "concept:kv-cache",
        "KV%20Cache",
        "%5B%5BKV%20cache%5D%5D",
        "key-value%20cache",
        "%2Fconcepts%2Fkv-cache",
    ] {
        assert_eq!(client.get(&format!("/v1/concepts/{id}")).await.json()["id"], "concept:kv-cache", "{id}");
    }
}

#[tokio::test]
async fn a_batch_answers_as_each_alone() {
    let client = Client::files(FILES);
    let batch =
        client.post("/v1/batch", r#"{"requests":["/v1/guides/serving","/v1/guides/none","/v1/status"]}"#).await.json();
    let statuses: Vec<u64> =
        batch["items"].as_array().unwrap().iter().map(|one| one["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [200, 404, 200]);
    assert_eq!(batch["items"][0]["body"], client.get("/v1/guides/serving").await.json());
}

#[tokio::test]
async fn pictures_and_exports_are_well_formed() {
    let client = Client::files(FILES);
    for (format, start) in [("svg", "<svg"), ("mermaid", "flowchart LR"), ("dot", "digraph"), ("graphml", "<?xml")] {
        let answer = client.get(&format!("/v1/graph?center=attention&depth=2&format={format}")).await;
        assert!(answer.text().starts_with(start), "{format}: {}", answer.text());
        assert!(answer.text().contains("KV cache"), "{format}");
    }
    let exported = client.get("/v1/export?format=jsonl").await.text();
    let again = Client::files(&[("all.jsonl", &exported)]);
    let [one, two] = [&client, &again].map(|client| client.get("/v1/status"));
    let (one, two) = (one.await.json(), two.await.json());
    assert_eq!(one["counts"]["kinds"], two["counts"]["kinds"]);
    assert_eq!(one["counts"]["relations"]["requires"], two["counts"]["relations"]["requires"]);
}

#[tokio::test]
async fn the_openapi_document_has_flat_types_and_every_path() {
    let document = Client::files(FILES).get("/openapi.json").await;
    let text = document.text();
    for composed in ["\"oneOf\"", "\"allOf\"", "\"anyOf\""] {
        assert!(!text.contains(composed), "{composed}");
    }
    let document = document.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert!(document["paths"].as_object().unwrap().len() >= 18);
    assert!(document["components"]["schemas"]["NextItem"]["properties"]["id"].is_object());
}

#[tokio::test]
async fn an_empty_corpus_answers_everything() {
    let client = Client::files(&[]);
    for path in [
        "/v1/search?q=a",
        "/v1/search",
        "/v1/suggest?q=a",
        "/v1/concepts",
        "/v1/guides",
        "/v1/next",
        "/v1/topics",
        "/v1/status",
        "/v1/export",
    ] {
        assert_eq!(client.get(path).await.status, 200, "{path}");
    }
    assert_eq!(client.get("/v1/concepts/a").await.status, 404);
}

#[tokio::test]
async fn related_pages_say_why_and_are_never_missing() {
    let client = Client::files(FILES);
    let related = client.get("/v1/guides/serving/related").await.json();
    let basics = &related["items"][0];
    assert_eq!((basics["id"].as_str(), basics["group"].as_str()), (Some("guide:basics"), Some("before")));
    assert_eq!(basics["reasons"][0]["text"], "teaches what this assumes: Matmul");
    let strangers = Client::files(&[("a.md", "one"), ("b.md", "two")]);
    let related = strangers.get("/v1/guides/a/related").await.json();
    assert_eq!((ids(&related["items"]), &related["items"][0]["fallback"]), (vec!["guide:b"], &Value::Bool(true)));
}

#[tokio::test]
async fn what_is_wrong_is_told_in_plain_words() {
    let client = Client::files(FILES);
    for (path, told) in [
        ("/v1/search?q=a&limit=-1", "`limit`: -1 is not within 1 and 100"),
        ("/v1/search?q=a&limit=101", "`limit`: 101 is not within 1 and 100"),
        ("/v1/search?q=a&q=b", "`q` is given twice"),
        ("/v1/search?q=%FF", "`q`: the value is not UTF-8"),
        ("/v1/search?q=a&explain=perhaps", "`explain`: 'perhaps' is neither true nor false"),
        ("/v1/path?from=egg", "`to` is missing"),
        ("/v1/search?kind=gide", "`kind`: 'gide' is none of concept, guide"),
        ("/v1/guides?sort=age", "`sort`: 'age' is none of title, level, minutes, unlocks, depth, order, updated"),
    ] {
        assert_eq!(client.get(path).await.json()["detail"], told, "{path}");
    }
    let wrong_method = client.post("/v1/search?q=a", "{}").await;
    assert_eq!((wrong_method.status, wrong_method.json()["code"].clone()), (405, "method_not_allowed".into()));
}

#[tokio::test]
async fn casing_does_not_matter_where_values_are_few() {
    let client = Client::files(FILES);
    for (one, other) in [
        ("/v1/search?q=cache&kind=Guide", "/v1/search?q=cache&kind=guide"),
        ("/v1/search?q=cache&match=ALL", "/v1/search?q=cache&match=all"),
        ("/v1/suggest?q=ca&kind=CONCEPT", "/v1/suggest?q=ca&kind=concept"),
        ("/v1/guides?sort=Title&access=FREE", "/v1/guides?sort=title&access=free"),
        ("/v1/concepts/kv-cache/prerequisites?strength=All", "/v1/concepts/kv-cache/prerequisites?strength=all"),
        (
            "/v1/graph?center=kv-cache&relations=Requires&format=SVG",
            "/v1/graph?center=kv-cache&relations=requires&format=svg",
        ),
        ("/v1/export?format=CSV", "/v1/export?format=csv"),
    ] {
        let (one, other) = (client.get(one).await, client.get(other).await);
        assert_eq!((one.status, one.text()), (200, other.text()));
    }
}

#[tokio::test]
async fn durations_are_read_as_iso_8601_writes_them() {
    let client = Client::files(FILES);
    for (budget, minutes) in [("P1D", 1_440), ("P1DT2H", 1_560), ("PT1H30M", 90), ("1h30m", 90), ("90", 90)] {
        let plan = client.get(&format!("/v1/plan?target=kv-cache&budget={budget}")).await.json();
        assert_eq!(plan["budget_minutes"], minutes, "{budget}");
    }
}

#[tokio::test]
async fn guides_have_paths_and_unlocks_as_concepts_have() {
    let guide =
        |title: &str, needs: &str| format!("---\ntitle: {title}\ntime: 5\nprerequisites: [{needs}]\n---\nText.\n");
    let (one, two, three) = (guide("One", ""), guide("Two", "one"), guide("Three", "two"));
    let client = Client::files(&[("one.md", &one), ("two.md", &two), ("three.md", &three)]);
    let unlocks = client.get("/v1/guides/one/unlocks").await.json();
    assert_eq!(ids(&unlocks["items"]), ["guide:two", "guide:three"]);
    let path = client.get("/v1/path?from=one&to=three").await.json();
    assert_eq!(ids(&path["paths"][0]["items"]), ["guide:one", "guide:two", "guide:three"]);
    assert_eq!(client.get("/v1/path?from=three&to=one").await.json()["found"], false);
}

#[tokio::test]
async fn guides_are_listed_by_what_they_teach_need_and_belong_to() {
    let client = Client::files(&[
        ("concepts/a.md", "---\ntitle: A\n---\nOne.\n"),
        ("concepts/b.md", "---\ntitle: B\nprerequisites: [A]\n---\nTwo.\n"),
        ("guides/x.md", "---\ntitle: X\nteaches: [B]\nseries: Basics\n---\nText.\n"),
        ("guides/w.md", "---\ntitle: W\nprerequisites: [B]\n---\nText.\n"),
    ]);
    for (query, told) in [
        ("teaches=B", "x"),
        ("needs=A", "x"),
        ("needs=B", "w"),
        ("needs=A&teaches=A", ""),
        ("series=basics", "x"),
        ("sort=order", "x w"),
        ("sort=title", "w x"),
    ] {
        let answer = client.get(&format!("/v1/guides?{query}")).await.json();
        let ids = answer["items"].as_array().unwrap().iter().map(|guide| guide["id"].as_str().unwrap());
        assert_eq!(ids.map(|id| id.trim_start_matches("guide:")).collect::<Vec<_>>().join(" "), told, "{query}");
    }
    let unknown = client.get("/v1/guides?teaches=C").await;
    assert_eq!((unknown.status, unknown.json()["code"].as_str()), (404, Some("unknown_concept")));
}
