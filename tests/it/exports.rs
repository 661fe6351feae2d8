//! Exports: what each of them holds, and that tools of its own world read it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::client::Client;

const FORMATS: [&str; 10] =
    ["jsonl", "jsonld", "turtle", "graphml", "dot", "csv", "mermaid", "canvas", "anki", "checklist"];

/// A site whose texts and addresses hold what the formats mean something by.
fn hostile() -> Client {
    Client::files(&[
        (
            "gradus.toml",
            "[site]\ntitle = \"A :: \\\"site\\\" <b>\"\nbase_url = \"https://example.org\"\nlang = \"de\"\n",
        ),
        (
            "concepts/a.md",
            "---\ntitle: \"A \\\\ \\\"quoted\\\" [x] <b> %%{init}\"\naka: [\"A\\tB\", größe]\ndescription: \"Tab\\there; \\\"q\\\" # no comment\"\n---\n",
        ),
        (
            "concepts/b c.md",
            "---\ntitle: B\nrelated: [a]\npart_of: [a]\nprerequisites:\n  - {concept: a, reason: \"weil \\\"so\\\"\"}\n---\nText.\n",
        ),
        (
            "concepts/d.md",
            "---\ntitle: D\nprerequisites:\n  - {concept: B, strength: recommended}\ncontrasts: [a]\n---\nText.\n",
        ),
        (
            "guides/g.md",
            "---\ntitle: G\nteaches: [B]\nprerequisites: [a]\nurl: \"/g%/ü x\"\nquestions:\n  - {id: q, kind: quiz, prompt: \"1 < 2?\\nyes\", choices: [\"a\\tb\", no], answer: no, explanation: \"&\"}\n---\nOf B and D.\n",
        ),
    ])
}

#[tokio::test]
async fn a_concept_and_a_guide_in_the_words_of_schema_org() {
    let client = Client::curriculum();
    let document: Value = client.get("/v1/export?format=jsonld").await.json();
    let nodes = document["@graph"].as_array().unwrap();
    let node = |id: &str| nodes.iter().find(|node| node["identifier"] == id).unwrap();
    let cache = node("concept:kv-cache");
    assert_eq!(cache["@type"], serde_json::json!(["DefinedTerm", "LearningResource"]));
    assert_eq!(cache["inDefinedTermSet"], nodes[0]["@id"]);
    let needs = cache["competencyRequired"].as_array().unwrap();
    assert!(needs.contains(&"#concept/causal-masking".into()), "{cache}");
    let guide = node("guide:rag-architecture");
    assert_eq!(guide["@type"], "LearningResource");
    assert!(guide["teaches"].as_array().is_some_and(|taught| !taught.is_empty()), "{guide}");
    assert!(guide["timeRequired"].as_str().unwrap().starts_with("PT"), "{guide}");
}

#[tokio::test]
async fn a_page_in_skos_with_the_reason_of_its_prerequisite() {
    let turtle = hostile().get("/v1/export?format=turtle").await.text();
    assert!(turtle.starts_with("@base <https://example.org/> .\n@prefix rdf:"), "{turtle}");
    assert!(turtle.contains("skos:prefLabel \"B\"@de"), "{turtle}");
    assert!(turtle.contains("gradus:reason \"weil \\\"so\\\"\"@de"), "{turtle}");
    assert!(turtle.contains("skos:broader <#concept/a>"), "{turtle}");
    assert_eq!(turtle.matches("skos:related").count(), 1, "what is a part is not related besides: {turtle}");
    assert_eq!(turtle.matches("gradus:recommends").count(), 1, "{turtle}");
}

#[tokio::test]
async fn a_board_has_a_card_for_each_page_and_no_arrow_into_nothing() {
    for client in [Client::curriculum(), hostile()] {
        let canvas: Value = client.get("/v1/export?format=canvas").await.json();
        let status: Value = client.get("/v1/status").await.json();
        let cards = canvas["nodes"].as_array().unwrap();
        let kinds = &status["counts"]["kinds"];
        assert_eq!(cards.len() as u64, kinds["concept"].as_u64().unwrap() + kinds["guide"].as_u64().unwrap());
        let x: BTreeMap<&str, i64> =
            cards.iter().map(|card| (card["id"].as_str().unwrap(), card["x"].as_i64().unwrap())).collect();
        let mut places: Vec<(i64, i64)> =
            cards.iter().map(|card| (card["x"].as_i64().unwrap(), card["y"].as_i64().unwrap())).collect();
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), cards.len(), "no card lies on another");
        for arrow in canvas["edges"].as_array().unwrap() {
            let [from, to] = ["fromNode", "toNode"].map(|end| x[arrow[end].as_str().unwrap()]);
            assert!(arrow.get("label").is_some() || from < to, "{arrow} leads back");
        }
    }
}

#[tokio::test]
async fn notes_to_import_hold_what_is_asked_and_answered() {
    let notes = hostile().get("/v1/export?format=anki").await.text();
    let (head, notes): (Vec<&str>, Vec<&str>) = notes.lines().partition(|line| line.starts_with('#'));
    assert_eq!(head[0], "#separator:tab");
    assert!(head.contains(&"#deck:A \"site\" <b>"), "{head:?}");
    let told = [
        "concept:a\tA \\ &quot;quoted&quot; [x] &lt;b&gt; %%{init}\tTab here; &quot;q&quot; # no comment<br><br><i>A B, größe</i>\tgradus::concept",
        "guide:g#q\t1 &lt; 2?<br>yes<ul><li>a b</li><li>no</li></ul>\tno<br><br>&amp;\tgradus::quiz",
    ];
    for told in told {
        assert!(notes.contains(&told), "{told}\n{notes:#?}");
    }
    assert!(notes.iter().all(|note| note.matches('\t').count() == 3), "{notes:#?}");
}

#[tokio::test]
async fn a_checklist_puts_what_is_needed_first() {
    let client = Client::curriculum();
    let list = client.get("/v1/export?format=checklist").await.text();
    assert!(list.starts_with("# Gradus\n\n## Needs nothing\n\n- [ ] 1. ["), "{}", &list[..80]);
    let place = |title: &str| list.find(&format!(". [{title}](")).unwrap_or_else(|| panic!("{title}"));
    assert!(place("Attention") < place("KV cache") && place("KV cache") < place("PagedAttention"));
    let status: Value = client.get("/v1/status").await.json();
    let kinds = &status["counts"]["kinds"];
    let n_pages = kinds["concept"].as_u64().unwrap() + kinds["guide"].as_u64().unwrap();
    assert_eq!(list.matches("\n- [ ] ").count() as u64, n_pages);
}

#[tokio::test]
async fn a_wrong_format_is_told_with_those_that_there_are() {
    let answer = Client::curriculum().get("/v1/export?format=rdf").await;
    assert_eq!(answer.status, 400);
    let told = answer.json()["detail"].as_str().unwrap().to_owned();
    assert!(FORMATS.iter().all(|format| told.contains(format)), "{told}");
}

/// Where the tools are installed: only `scripts/test` does that, and says so.
fn is_whole_suite() -> bool {
    std::env::var_os("GRADUS_WHOLE_SUITE").is_some()
}

/// Writes every export of `client`, and what its server says that there is, into a folder of its own.
async fn written(client: &Client, name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("gradus-exports-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for format in FORMATS {
        let answer = client.get(&format!("/v1/export?format={format}")).await;
        assert_eq!(answer.status, 200, "{format}");
        std::fs::write(folder.join(format!("all.{format}")), &answer.body).unwrap();
    }
    std::fs::write(folder.join("status.json"), client.get("/v1/status").await.body).unwrap();
    folder
}

fn told_by(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}; run scripts/test"));
    let (told, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {told}{errors}");
    told.into_owned()
}

#[tokio::test]
async fn tools_of_every_world_read_what_is_exported_and_count_the_same() {
    if !is_whole_suite() {
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (name, client) in [("curriculum", Client::curriculum()), ("hostile", hostile())] {
        let folder = written(&client, name).await;
        let python = root.join("target/exports/bin/python");
        let told = told_by(Command::new(python).arg(root.join("tests/exports/read.py")).arg(&folder));
        for tool in ["rdflib", "networkx", "pandas", "anki", "markdown-it"] {
            assert!(told.contains(&format!("{tool}: ")), "{name}: {told}");
        }
        let told = told_by(Command::new("node").arg(root.join("tests/exports/read.mjs")).arg(&folder));
        assert!(told.contains("mermaid: "), "{name}: {told}");
        let told = told_by(Command::new("gc").args(["-n", "-e"]).arg(folder.join("all.dot")));
        let counts = &client.get("/v1/status").await.json()["counts"];
        let sum = |counts: &Value| counts.as_object().unwrap().values().filter_map(Value::as_u64).sum::<u64>();
        let expected = [sum(&counts["kinds"]), sum(&counts["relations"])].map(|count| count.to_string());
        assert_eq!(told.split_whitespace().take(2).collect::<Vec<_>>(), expected, "{name}: Graphviz counts {told}");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
