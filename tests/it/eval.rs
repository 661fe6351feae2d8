//! `gradus eval`: the curriculum keeps its floor, and judgements that are wrong are told where.

use std::path::Path;
use std::process::{Command, Output};

use gradus_engine::eval::judgements::{JudgementText, collection, golden};
use gradus_engine::eval::search::{answer, measure};
use gradus_engine::viewer::Viewer;

use crate::client::curriculum_snapshot;

/// nDCG@10 of the golden queries below which the search of the curriculum has become worse.
const FLOOR: f64 = 0.80;

#[test]
fn golden_queries_of_the_curriculum_are_answered() {
    let snapshot = curriculum_snapshot();
    let view = snapshot.view(Viewer::Pro);
    let file = "tests/golden/curriculum.yaml";
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    let judged = golden(&view.corpus, JudgementText { file, text: &text }).unwrap_or_else(|wrong| panic!("{wrong:#?}"));
    assert!(judged.iter().all(|one| one.grades.values().any(|grade| *grade > 0)), "a query without a relevant page");
    let measured = measure(view, &answer(view, &judged).unwrap(), 10);
    assert!(measured.ndcg_at_10 >= FLOOR, "nDCG@10 {:.4} is below {FLOOR}: {measured:#?}", measured.ndcg_at_10);
}

/// A small source with judgements, in a folder of its own.
fn run(name: &str, files: &[(&str, &str)], args: &[&str]) -> Output {
    let folder = std::env::temp_dir().join(format!("gradus-eval-{name}-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("site")).unwrap();
    std::fs::write(folder.join("site/cache.md"), "---\ntitle: Cache\nid: cache\n---\nKeeps keys.\n").unwrap();
    std::fs::write(folder.join("site/queue.md"), "---\ntitle: Queue\nid: queue\naccess: pro\n---\nWaits.\n").unwrap();
    for (path, text) in files {
        std::fs::write(folder.join(path), text).unwrap();
    }
    let program = Command::new(env!("CARGO_BIN_EXE_gradus")).args(args).current_dir(&folder).output().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    program
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_floor_decides_the_exit_status() {
    let golden = ("golden.yaml", "- {q: keys, relevant: {cache: 2}}\n- {q: nothing, relevant: {guide:queue: 1}}\n");
    let ended = run("above", &[golden], &["eval", "golden.yaml", "site", "--floor", "0.5"]);
    assert_eq!(ended.status.code(), Some(0), "{}", text(&ended.stderr));
    assert!(
        text(&ended.stdout).starts_with("queries     2\nnDCG@10     0.5000\nMRR         0.5000\nrecall@100  0.5000\n")
    );
    let ended = run("below", &[golden], &["eval", "golden.yaml", "--source", "site", "--floor", "0.51", "-f", "json"]);
    assert_eq!(ended.status.code(), Some(1));
    assert!(text(&ended.stderr).contains("below the floor"));
    let told: serde_json::Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!((told["queries"].clone(), told["ndcg_at_10"].clone()), (2.into(), 0.5.into()));
    assert_eq!(told["worst"][0]["q"], "nothing");
    assert_eq!(told["worst"][0]["missing"], serde_json::json!(["guide:queue"]));
}

#[test]
fn an_owner_searches_with_full_access_unless_said_otherwise() {
    let golden = ("golden.yaml", "- {q: waits, relevant: {queue: 1}}\n");
    let full = run("full", &[golden], &["eval", "golden.yaml", "site", "--floor", "1"]);
    let none = run("none", &[golden], &["eval", "golden.yaml", "site", "--floor", "1", "--entitlements", "none"]);
    assert_eq!((full.status.code(), none.status.code()), (Some(0), Some(1)));
}

#[test]
fn collections_are_read_and_written_for_other_tools() {
    let files = [
        ("queries.jsonl", "{\"_id\": \"1\", \"text\": \"keys\"}\n{\"id\": 2, \"text\": \"unjudged\"}\n"),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\n1\tcache\t1\n"),
    ];
    let args = ["eval", "queries.jsonl", "qrels.tsv", "site", "--run", "/dev/stderr"];
    let ended = run("collection", &files, &args);
    assert_eq!(ended.status.code(), Some(0), "{}", text(&ended.stderr));
    assert!(text(&ended.stdout).starts_with("queries     1\nnDCG@10     1.0000"));
    assert_eq!(text(&ended.stderr), "1 Q0 guide:cache 1 100 gradus\n");
}

/// A site with a query that is a page's name where another page is wanted, one with a typo, and one that both answer.
const SHELVES: [(&str, &str); 6] = [
    ("site/oven.md", "---\ntitle: Oven\nid: oven\n---\nBakes. Heat it before anything goes in.\n"),
    ("site/bread.md", "---\ntitle: Bread\nid: bread\n---\nFlour, water, salt, yeast, and a lot of time.\n"),
    ("site/crust.md", "---\ntitle: Crust\nid: crust\n---\nBread, bread, bread: steam makes bread shine.\n"),
    ("site/steam.md", "---\ntitle: Steam\nid: steam\n---\nWater, boiled.\n"),
    (
        "golden.yaml",
        "- {q: bread, relevant: {crust: 1}}\n- {q: yeats, relevant: {bread: 1}}\n- {q: oven, relevant: {oven: 1}}\n",
    ),
    ("empty.yaml", "- {q: nowhere, relevant: {oven: 1}}\n"),
];

#[test]
fn against_bm25_the_lost_queries_are_told() {
    let ended = run("against", &SHELVES, &["eval", "golden.yaml", "site", "--against", "bm25", "-f", "json"]);
    assert_eq!(ended.status.code(), Some(0), "{}", text(&ended.stderr));
    let told: serde_json::Value = serde_json::from_slice(&ended.stdout).unwrap();
    let compared = &told["comparison"];
    assert_eq!(compared["against"], "bm25");
    assert_eq!((&compared["better"], &compared["equal"], &compared["worse"]), (&1.into(), &1.into(), &1.into()));
    assert_eq!(compared["losses"][0]["q"], "bread", "{compared:#}");
    assert!(compared["losses"][0]["difference"].as_f64().unwrap() < 0.0);
    assert_eq!(compared["ndcg_at_10"]["ours"], told["ndcg_at_10"]);
    let [difference, low, high] = ["/difference", "/interval/low", "/interval/high"]
        .map(|path| compared["ndcg_at_10"].pointer(path).and_then(serde_json::Value::as_f64).unwrap());
    assert!(low <= difference && difference <= high && low < high, "{compared:#}");
}

#[test]
fn against_bm25_is_told_for_people_and_by_query() {
    let ask = |format: &str| {
        let args = ["eval", "golden.yaml", "site", "--against", "bm25", "-f", format, "--worst", "1"];
        text(&run(&format!("against-{format}"), &SHELVES, &args).stdout)
    };
    let table = ask("table");
    assert!(table.contains("\nagainst bm25\n") && table.contains("lost, worst first\n-"), "{table}");
    assert!(table.contains("queries: 1 better, 1 alike, 1 worse; 10000 draws, seed 1\n"), "{table}");
    let lines = ask("ndjson");
    let first: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert!(first["bm25"]["ndcg_at_10"].as_f64().unwrap() > first["ndcg_at_10"].as_f64().unwrap(), "{lines}");
    let none = text(&run("against-none", &SHELVES, &["eval", "empty.yaml", "site", "--against", "bm25"]).stdout);
    assert!(none.contains("queries: 0 better, 1 alike, 0 worse") && !none.contains("lost"), "{none}");
}

#[test]
fn what_is_wrong_is_told_by_line() {
    let told = |files: &[(&str, &str)], args: &[&str]| {
        let ended = run("wrong", files, args);
        assert_eq!(ended.status.code(), Some(2), "{}", text(&ended.stdout));
        text(&ended.stderr)
    };
    let lines = "- q: keys\n  relevant:\n    cache: 1\n    cachee: 2\n- {q: x, relevant: {nowhere: 1}}\n";
    let unknown = told(&[("golden.yaml", lines)], &["eval", "golden.yaml", "site"]);
    assert!(unknown.contains("golden.yaml:4: no page is called 'cachee'; did you mean guide:cache?"), "{unknown}");
    assert!(unknown.contains("golden.yaml:5: no page is called 'nowhere'"), "{unknown}");
    let malformed =
        told(&[("golden.yaml", "- {q: keys, relevant: {cache: 1}}\n- {q: 1}\n")], &["eval", "golden.yaml", "site"]);
    assert!(malformed.contains("golden.yaml:2: "), "{malformed}");
    let rows = [
        ("q.jsonl", "{\"id\": \"1\", \"text\": \"a\"}\nnonsense\n{\"id\": \"1\", \"text\": \"b\"}\n"),
        ("qrels", "1 cache one\n9 cache 1\n1 0 cache 1\n1 guide:cache 1\n1 cache\n"),
    ];
    let malformed = told(&rows, &["eval", "q.jsonl", "qrels", "site"]);
    for wanted in [
        "q.jsonl:2: not a query",
        "q.jsonl:3: there are two queries '1'",
        "qrels:1: the grade 'one'",
        "qrels:2: no query is called '9'",
        "qrels:4: 'guide:cache' is judged twice",
        "qrels:5: 2 columns",
    ] {
        assert!(malformed.contains(wanted), "{wanted} in {malformed}");
    }
}

#[test]
fn grades_below_one_are_judged_and_not_relevant() {
    let snapshot = curriculum_snapshot();
    let view = snapshot.view(Viewer::Pro);
    let queries = JudgementText { file: "q", text: "{\"id\": \"1\", \"text\": \"kv cache\"}" };
    let judged =
        collection(&view.corpus, queries, JudgementText { file: "r", text: "1\tconcept:kv-cache\t0" }).unwrap();
    let measured = measure(view, &answer(view, &judged).unwrap(), 1);
    assert_eq!((measured.queries, measured.ndcg_at_10, measured.mrr), (1, 0.0, 0.0));
}
