//! `fields`: a part of any answer, by the names of its fields.

use gradus_engine::questions::question::JSON;
use gradus_engine::questions::questions;
use serde_json::{Value, json};

use crate::cli::gradus;
use crate::client::Client;

const FILES: &[(&str, &str)] = &[
    ("concepts/a.md", "---\ntitle: Alpha\ndescription: The first.\ntime: 9\n---\nAlpha.\n"),
    ("concepts/b.md", "---\ntitle: Beta\ndescription: The second.\ntime: 5\nprerequisites: [a]\n---\nBeta.\n"),
    ("g.md", "---\ntitle: Guide\nteaches: [b]\n---\n## Part one\n\nBeta and Alpha.\n"),
];

#[tokio::test]
async fn what_is_selected_is_what_the_whole_answer_has_there() {
    let client = Client::files(FILES);
    for (path, selected) in [
        (
            "/v1/concepts/b/prerequisites?fields=levels,items.id,items.minutes",
            json!({ "levels": [["concept:a"]], "items": [{ "id": "concept:a", "minutes": 9 }] }),
        ),
        ("/v1/concepts/b/prerequisites?fields=minutes_total", json!({ "minutes_total": 9 })),
        (
            "/v1/search?q=beta&fields=total&fields=items.id,items.sections.anchor",
            json!({
                "items": [{ "id": "concept:b", "sections": [] }, { "id": "guide:g", "sections": [{ "anchor": "part-one" }] }],
                "total": 2,
            }),
        ),
        (
            "/v1/search?q=beta&fields=answer.prerequisites.total,facets.kind",
            json!({
                "facets": { "kind": { "concept": 1, "guide": 1 } },
                "answer": { "prerequisites": { "total": 1 } },
            }),
        ),
        ("/v1/search?q=nothing+like+it&fields=answer.id", json!({ "answer": null })),
        ("/v1/plan?target=b&fields=steps.guide.title,steps.n,minutes_total.", Value::Null),
        (
            "/v1/plan?target=b&fields=steps.section.id,steps.n,fits",
            json!({
                "steps": [{ "n": 1, "section": null }, { "n": 2, "section": null }],
                "fits": true,
            }),
        ),
        (
            "/v1/concepts/b?fields=title,prerequisites.id,taught_by.section.title",
            json!({
                "title": "Beta",
                "prerequisites": [{ "id": "concept:a" }],
                "taught_by": [{ "section": { "title": "Part one" } }],
            }),
        ),
        ("/v1/status?fields=counts.kinds.guide,limits", Value::Bool(true)),
        ("/v1/graph?center=a&fields=nodes.title", json!({ "nodes": [{ "title": "Alpha" }, { "title": "Beta" }] })),
    ] {
        let answer = client.get(path).await;
        match selected {
            Value::Null => assert_eq!(answer.status, 400, "{path}: {}", answer.text()),
            Value::Bool(_) => {
                assert_eq!(answer.json()["counts"], json!({ "kinds": { "guide": 1 } }), "{path}");
                assert!(answer.json()["limits"].as_object().unwrap().len() > 10, "{path}");
            }
            selected => assert_eq!(answer.json(), selected, "{path}"),
        }
    }
    let posted = client.post("/v1/plan", r#"{"target":["b"],"fields":["minutes_total"]}"#).await;
    assert_eq!(posted.json().as_object().unwrap().keys().collect::<Vec<_>>(), ["minutes_total"]);
}

#[tokio::test]
async fn a_field_that_is_not_there_is_refused_with_the_nearest() {
    let client = Client::files(FILES);
    for (path, detail, first) in [
        ("/v1/search?q=a&fields=item.id", "`fields`: the answer has no field 'item.id'", "items"),
        ("/v1/search?q=a&fields=total,items.titel", "`fields`: the answer has no field 'items.titel'", "items.title"),
        (
            "/v1/plan?target=b&fields=steps.guide.mintes",
            "`fields`: the answer has no field 'steps.guide.mintes'",
            "steps.guide.minutes",
        ),
        ("/v1/search?q=a&fields=total.x", "`fields`: the answer has no field 'total.x'", ""),
        ("/v1/graph?center=a&format=svg&fields=nodes", "`fields`: only JSON has fields", ""),
    ] {
        let answer = client.get(path).await;
        let problem = answer.json();
        assert_eq!((answer.status, problem["code"].as_str()), (400, Some("invalid_parameter")), "{path}");
        assert_eq!(
            (problem["detail"].as_str(), problem["suggestions"][0].as_str().unwrap_or_default()),
            (Some(detail), first),
            "{path}"
        );
    }
    assert_eq!(client.get("/v1/export?fields=id").await.json()["code"], "unknown_parameter");
}

#[tokio::test]
async fn every_question_that_answers_data_takes_fields() {
    for entry in questions() {
        let takes = entry.parameters().iter().any(|one| one.name == "fields");
        assert_eq!(takes, entry.media_types.contains(&JSON), "{}", entry.name);
    }
}

#[test]
fn a_part_is_printed_as_data() {
    let run = |args: &[&str]| {
        let output = gradus(&[args, &["--source", "tests/fixtures/locked"]].concat()).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let told = "{\"items\":[{\"id\":\"concept:beta\"}],\"minutes_total\":1}";
    assert_eq!(run(&["prereqs", "alpha", "--fields", "items.id,minutes_total"]), (Some(0), told.to_owned()));
    assert_eq!(run(&["search", "zzzzqqqq", "--fields", "total"]), (Some(1), "{\"total\":0}".to_owned()));
}

#[test]
fn a_search_that_names_a_concept_tells_of_it_above_what_it_finds() {
    let output = gradus(&["search", "alpha", "thing", "--source", "tests/fixtures/locked"]).output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let head: Vec<&str> = printed.lines().take(4).collect();
    assert_eq!(
        head,
        [
            "Alpha thing: The alpha thing of the fixture.",
            "needs 1, 1 min: Beta thing",
            "learn it in 1 min (locked): Paid guide",
            "",
        ]
    );
}
