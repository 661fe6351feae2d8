//! `gradus suggest`: what the texts speak for, with the line that does, and what becomes of it.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

/// A folder with `files`, in a place of its own, that is gone when the test is over.
struct Site(PathBuf);

impl Site {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let folder = std::env::temp_dir().join(format!("gradus-suggest-{name}-{}", std::process::id()));
        for (path, text) in files {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self(folder)
    }

    fn run(&self, args: &[&str]) -> (Option<i32>, String, String) {
        let program = Command::new(env!("CARGO_BIN_EXE_gradus")).args(args).current_dir(&self.0).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (program.status.code(), text(program.stdout), text(program.stderr))
    }

    fn json(&self, args: &[&str]) -> Vec<Value> {
        let (_, out, told) = self.run(&[args, &["-f", "json"]].concat());
        serde_json::from_str(&out).unwrap_or_else(|why| panic!("{why}: {out}{told}"))
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.0.join(path)).unwrap()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

const SOFTMAX: &str = "---\ntitle: Softmax\n---\nTurns scores into shares that sum to one.\n";
const ATTENTION: &str = "---\ntitle: Attention # the mechanism\n---\nA weighted mean of values.\n\nIts weights come from a softmax over scores.\n";
const TRANSFORMER: &str = "---\nkind: concept\ntitle: Transformer\nprerequisites:\n  - attention   # first of all\n---\nLayers of attention.\n\n## Before you begin\n\nKnow what a softmax does.\n";

fn concepts(name: &str) -> Site {
    let files = [
        ("concepts/softmax.md", SOFTMAX),
        ("concepts/attention.md", ATTENTION),
        ("concepts/transformer.md", TRANSFORMER),
    ];
    Site::new(name, &files)
}

fn pair<'a>(list: &'a [Value], from: &str, to: &str) -> Option<&'a Value> {
    list.iter().find(|one| one["from"] == from && one["to"] == to)
}

#[test]
fn a_proposal_has_a_line_and_never_repeats_or_contradicts_the_author() {
    let site = concepts("line");
    let all = site.json(&["suggest", ".", "--all"]);
    let proposal = pair(&all, "concept:softmax", "concept:attention").unwrap();
    assert_eq!(proposal["evidence"]["file"], "concepts/attention.md");
    assert_eq!(proposal["evidence"]["line"], 6);
    assert_eq!(proposal["evidence"]["text"], "Its weights come from a softmax over scores.");
    let said = pair(&all, "concept:softmax", "concept:transformer").unwrap();
    assert_eq!((said["evidence"]["kind"].as_str(), said["evidence"]["line"].as_i64()), (Some("before"), Some(11)));
    assert_eq!(pair(&all, "concept:attention", "concept:transformer"), None, "it is declared");
    assert_eq!(pair(&all, "concept:transformer", "concept:attention"), None, "it closes a cycle");
    let confidences: Vec<f64> = all.iter().map(|one| one["confidence"].as_f64().unwrap()).collect();
    assert!(
        confidences.is_sorted_by(|one, next| one >= next) && confidences.iter().all(|one| (0.0..=1.0).contains(one))
    );
    assert_eq!(site.json(&["suggest", "prerequisites", ".", "--all"]), all);
}

#[test]
fn what_is_accepted_is_written_and_nothing_else_changes() {
    let site = concepts("write");
    let accept = ["suggest", ".", "--accept", "softmax,transformer", "--accept", "softmax, attention"];
    let (code, _, told) = site.run(&accept);
    assert_eq!(code, Some(0), "{told}");
    assert!(site.read("gradus.suggestions.json").contains("concept:softmax"));
    let (_, diff, _) = site.run(&["suggest", ".", "--diff"]);
    assert!(
        diff.contains("+++ b/concepts/transformer.md\n@@ -3,6 +3,7 @@\n") && diff.contains("+  - softmax\n"),
        "{diff}"
    );
    let (code, _, told) = site.run(&["suggest", ".", "--write"]);
    assert_eq!((code, told.as_str()), (Some(0), "2 prerequisites written into 2 files\n"));
    let transformer = TRANSFORMER.replace("# first of all\n", "# first of all\n  - softmax\n");
    assert_eq!(site.read("concepts/transformer.md"), transformer);
    assert_eq!(
        site.read("concepts/attention.md"),
        ATTENTION.replace("mechanism\n", "mechanism\nprerequisites: [softmax]\n")
    );
    assert_eq!(site.read("concepts/softmax.md"), SOFTMAX);
    assert!(!site.read("gradus.suggestions.json").contains("concept:softmax"));
}

#[test]
fn what_is_rejected_is_not_proposed_again() {
    let site = concepts("reject");
    let (code, _, told) = site.run(&["suggest", ".", "--reject", "softmax,attention"]);
    assert_eq!(code, Some(0), "{told}");
    let all = site.json(&["suggest", ".", "--all"]);
    assert_eq!(pair(&all, "concept:softmax", "concept:attention"), None);
    let (code, _, told) = site.run(&["suggest", ".", "--accept", "sofmax,attention"]);
    assert!(code == Some(2) && told.contains("did you mean concept:softmax?"), "{told}");
    let (code, _, told) = site.run(&["suggest", ".", "--accept", "softmax"]);
    assert!(code == Some(2) && told.contains("FROM,TO"), "{told}");
}

#[test]
fn rows_count_like_files_and_are_amended_in_their_line() {
    let rows = "{\"kind\": \"concept\", \"id\": \"limit\", \"title\": \"Limit\", \"body\": \"What a sequence tends to.\"}\n\
        {\"kind\": \"concept\", \"id\": \"derivative\", \"title\": \"Derivative\", \"body\": \"A limit of slopes. See [[limit]].\"}\n";
    let site = Site::new("rows", &[("set.jsonl", rows)]);
    let all = site.json(&["suggest", "--source", "set.jsonl", "--all"]);
    let proposal = pair(&all, "concept:limit", "concept:derivative").unwrap();
    assert_eq!(
        (proposal["evidence"]["file"].as_str(), proposal["evidence"]["line"].as_i64()),
        (Some("set.jsonl"), Some(2))
    );
    assert_eq!(proposal["evidence"]["text"], "A limit of slopes.");
    let (code, _, told) = site.run(&["suggest", "set.jsonl", "--accept", "limit,derivative", "--write"]);
    assert_eq!((code, told.as_str()), (Some(0), "1 prerequisite written into 1 file\n"));
    assert_eq!(site.read("set.jsonl"), rows.replace("[[limit]].\"}", "[[limit]].\", \"prerequisites\": [\"limit\"]}"));
}

#[test]
fn concepts_are_found_where_no_page_stands_for_them() {
    let guides = [
        (
            "serving.md",
            "# Serving\n\n## KV cache\n\nA KV cache is a store of past keys.\n\nWithout a KV cache each token costs more. See [[Paged attention]].\n",
        ),
        (
            "memory.md",
            "# Memory\n\n## Overview\n\nThe KV cache fills memory. **Note:** measure. We use retrieval-augmented generation (RAG).\n",
        ),
        (
            "search.md",
            "# Search\n\nRetrieval-augmented generation (RAG) puts passages into prompts. RAG needs an index.\n",
        ),
    ];
    let site = Site::new("concepts", &guides);
    let found = site.json(&["suggest", "concepts", "."]);
    let names: Vec<&str> = found.iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"KV cache") && names.contains(&"Paged attention"), "{names:?}");
    assert!(!names.contains(&"Overview") && !names.contains(&"Note"), "{names:?}");
    let cache = found.iter().find(|one| one["name"] == "KV cache").unwrap();
    assert_eq!(cache["definition"], "A KV cache is a store of past keys.");
    assert_eq!(
        (cache["taught_in"]["id"].as_str(), cache["taught_in"]["section"].as_str()),
        (Some("guide:serving"), Some("KV cache"))
    );
    let rag = found
        .iter()
        .find(|one| one["name"].as_str().unwrap().eq_ignore_ascii_case("retrieval-augmented generation"))
        .unwrap();
    assert_eq!(rag["aliases"], serde_json::json!(["RAG"]));
}

#[test]
fn inferred_prerequisites_enter_plans_only_where_they_are_asked_for_and_are_told() {
    let files = [
        ("concepts/softmax.md", "---\ntitle: Softmax function\n---\nTurns scores into shares that sum to one.\n"),
        (
            "concepts/attention.md",
            "---\ntitle: Attention\n---\nThe softmax function turns scores into weights, and values are averaged by them.\n",
        ),
        ("concepts/rope.md", "---\ntitle: Rotary embedding\n---\nTurns queries by their place.\n"),
        ("concepts/kv.md", "---\ntitle: KV cache\n---\nKeeps past keys for later tokens.\n"),
    ];
    let site = Site::new("inferred", &files);
    let plan = |args: &[&str]| -> Value {
        let (_, out, told) = site.run(&[&["plan", "attention", "--source", ".", "-f", "json"], args].concat());
        serde_json::from_str(&out).unwrap_or_else(|why| panic!("{why}: {out}{told}"))
    };
    let n_steps = |plan: &Value| plan["steps"].as_array().unwrap().len();
    let without = plan(&[]);
    assert_eq!((n_steps(&without), &without["inferred"]), (1, &serde_json::json!([])));
    let with = plan(&["--include", "inferred"]);
    assert_eq!(n_steps(&with), 2, "{with}");
    let edge = &with["inferred"][0];
    assert_eq!((edge["from"].as_str(), edge["to"].as_str()), (Some("concept:softmax"), Some("concept:attention")));
    assert!(
        edge["confidence"].as_f64().unwrap() >= 0.4
            && edge["reason"].as_str().unwrap().starts_with("The softmax function")
    );
    let (_, needs, _) = site.run(&["prereqs", "attention", "--source", ".", "-f", "json", "--include", "inferred"]);
    let needs: Value = serde_json::from_str(&needs).unwrap();
    assert_eq!(
        (needs["edges"][0]["origin"].as_str(), needs["edges"][0]["confidence"].is_number()),
        (Some("inferred"), true)
    );
    fs::write(site.0.join("gradus.toml"), "[graph]\ninferred = \"on\"\n").unwrap();
    assert_eq!(n_steps(&plan(&[])), 2);
    site.run(&["suggest", ".", "--reject", "softmax,attention"]);
    assert_eq!(n_steps(&plan(&[])), 1);
}

#[test]
fn a_folder_gets_settings_that_say_what_was_found_and_safe_fixes_are_made() {
    let page = "---\ntilte: Limits\n---\nA limit.\n";
    let site = Site::new("init", &[("a.md", page)]);
    let (code, _, told) = site.run(&["init", "."]);
    assert!(code == Some(0) && told.contains("pages          1 guide, 0 concepts"), "{told}");
    let settings = site.read("gradus.toml");
    assert!(settings.contains("# generator = \"plain\""), "{settings}");
    let (code, _, told) = site.run(&["check", "."]);
    assert!(code == Some(0) && !told.contains("gradus.toml"), "{told}");
    let (_, _, told) = site.run(&["init", "."]);
    assert!(told.contains("is there already"), "{told}");
    let (code, diff, _) = site.run(&["check", ".", "--diff"]);
    assert_eq!((code, site.read("a.md").as_str()), (Some(1), page));
    assert!(diff.contains("-tilte: Limits\n+title: Limits\n"), "{diff}");
    site.run(&["check", ".", "--fix"]);
    assert_eq!(site.read("a.md"), page.replace("tilte", "title"));
}

const GLOSSARY: &[(&str, &str)] = &[
    (
        "guide.md",
        "---\ntitle: Serving models\nteaches: [batching] # one so far\n---\n\n# Serving models\n\n## KV cache\n\nA **KV cache** is a store of \
         keys and values that attention has computed. A KV cache grows with each token. See [[KV cache]] and [[Prefill]].\n",
    ),
    (
        "other.md",
        "# Other\n\nThe KV cache is large. [[KV cache]], [[Prefill]] and prefill again.\n\n**Prefill** is the first pass.\n",
    ),
    ("concepts/batching.md", "---\ntitle: Batching\ndescription: Many at once.\n---\nMany at once.\n"),
    ("concepts.yaml", "# ours\nconcepts:\n  latency: {title: Latency, description: How long.}\n"),
];

#[test]
fn concepts_are_accepted_into_the_central_file_and_taught_by_the_guides_that_explain_them() {
    let site = Site::new("accepted", GLOSSARY);
    let names = |site: &Site| -> Vec<String> {
        let list = site.json(&["suggest", "concepts", "."]);
        list.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&site), ["KV cache", "Prefill"]);
    let (code, _, told) = site.run(&["suggest", "concepts", ".", "--accept", "kv-chache"]);
    assert_eq!(code, Some(2));
    assert!(told.contains("no concept 'kv-chache' is proposed\n  did you mean KV cache, Prefill?"), "{told}");
    let (code, _, told) = site.run(&["suggest", "concepts", ".", "--accept", "kv cache", "--reject", "prefill"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.ends_with("1 concept accepted and 1 rejected are kept in ./gradus.suggestions.json\n"), "{told}");
    assert_eq!(names(&site), ["KV cache"], "what is rejected is not proposed again");
    let (_, diff, _) = site.run(&["suggest", "concepts", ".", "--diff"]);
    assert!(diff.contains("+  kv-cache:\n+    title: KV cache\n"), "{diff}");
    assert_eq!(site.read("concepts.yaml"), GLOSSARY[3].1, "nothing is written yet");
    let (code, _, told) = site.run(&["suggest", "concepts", ".", "--write"]);
    assert_eq!((code, told.lines().last()), (Some(0), Some("1 concept written into 2 files")), "{told}");
    assert_eq!(
        site.read("concepts.yaml"),
        format!(
            "{}  kv-cache:\n    title: KV cache\n    description: A KV cache is a store of keys and values that attention has computed.\n",
            GLOSSARY[3].1
        )
    );
    assert_eq!(site.read("guide.md"), GLOSSARY[0].1.replace("[batching]", "[batching, kv-cache]"));
    assert_eq!(names(&site), [""; 0]);
    let (_, out, _) = site.run(&["show", "kv-cache", "--source", ".", "-f", "json"]);
    let shown: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(shown["taught_by"][0]["id"], "guide:guide");
}

#[test]
fn pictures_dot_and_label_what_nobody_has_declared() {
    let site = concepts("pictures");
    let run = |form: &str, include: &[&str]| {
        let args = ["graph", "transformer", "--source", ".", "--as", form];
        site.run(&[&args[..], include].concat()).1
    };
    let inferred = ["--include", "inferred"];
    let told: Value = serde_json::from_str(&run("json", &[&inferred[..], &["-f", "json"]].concat())).unwrap();
    let edge = |origin: &str| told["edges"].as_array().unwrap().iter().find(|edge| edge["origin"] == origin).unwrap();
    assert_eq!(edge("inferred")["from"], "concept:softmax");
    assert!(edge("inferred")["confidence"].as_f64().unwrap() >= 0.4);
    assert_eq!(edge("front-matter")["confidence"], Value::Null);
    let svg = run("svg", &inferred);
    assert!(svg.contains("class=\"e inf\" stroke-dasharray=\"1 4\""), "{svg}");
    assert!(svg.contains("One edge is dotted: nobody has declared it"), "{svg}");
    assert!(run("mermaid", &inferred).contains(" -.->|inferred, 45 %| "));
    assert!(run("dot", &inferred).contains("[label=\"inferred, 45 %\", style=dotted]"));
    let declared = run("svg", &[]);
    assert!(!declared.contains("inf\"") && !declared.contains("dotted") && !declared.contains("Softmax"), "{declared}");
}

/// A guide that uses one concept, explains another under a heading of its own, and teaches a third.
const USING: &str = "---\ntitle: Serving in practice\nteaches: [batching]\n---\n\nA server computes the softmax function for each token, and the softmax function \
     again for each draft. Batching fills it.\n\n## KV cache\n\nThe KV cache keeps past keys. A KV cache is large.\n";

fn using(name: &str) -> Site {
    let files = [
        ("concepts/softmax.md", "---\ntitle: Softmax function\n---\nTurns scores into shares that sum to one.\n"),
        ("concepts/kv.md", "---\ntitle: KV cache\n---\nKeeps past keys for later tokens.\n"),
        ("concepts/batching.md", "---\ntitle: Batching\n---\nMany requests at once.\n"),
        ("guides/serving.md", USING),
    ];
    Site::new(name, &files)
}

#[test]
fn a_guide_assumes_the_concepts_that_it_uses_and_does_not_explain() {
    let site = using("assumes");
    let found = site.json(&["suggest", ".", "--min-confidence", "0"]);
    let of_guide: Vec<&Value> = found.iter().filter(|one| one["to"] == "guide:serving").collect();
    assert_eq!(of_guide.len(), 1, "what it teaches or has a heading for is not assumed: {found:?}");
    let one = of_guide[0];
    assert_eq!((one["from"].as_str(), one["relation"].as_str()), (Some("concept:softmax"), Some("assumes")));
    assert_eq!((one["evidence"]["line"].as_i64(), one["evidence"]["kind"].as_str()), (Some(6), Some("mention")));
    let (code, _, told) = site.run(&["suggest", ".", "--accept", "softmax,guide:serving", "--write"]);
    assert_eq!((code, told.as_str()), (Some(0), "1 prerequisite written into 1 file\n"));
    let written = USING.replace("teaches: [batching]\n", "teaches: [batching]\nprerequisites: [softmax]\n");
    assert_eq!(site.read("guides/serving.md"), written);
    let again = site.json(&["suggest", ".", "--all"]);
    assert_eq!(pair(&again, "concept:softmax", "guide:serving"), None, "it is declared");
}

#[test]
fn a_guide_does_not_assume_what_only_later_guides_teach() {
    let site = using("later");
    let teaching = |title: &str| format!("---\ntitle: {title}\nteaches: [softmax]\n---\n\nShares of scores.\n");
    let order = "nav:\n  - guides/serving.md\n  - guides/shares.md\n";
    fs::write(site.0.join("guides/shares.md"), teaching("Shares")).unwrap();
    fs::write(site.0.join("mkdocs.yml"), format!("site_name: S\ndocs_dir: .\n{order}")).unwrap();
    let assumed =
        || pair(&site.json(&["suggest", ".", "--min-confidence", "0"]), "concept:softmax", "guide:serving").is_some();
    assert!(!assumed());
    fs::write(site.0.join("guides/earlier.md"), teaching("Earlier shares")).unwrap();
    fs::write(
        site.0.join("mkdocs.yml"),
        format!("site_name: S\ndocs_dir: .\n{}", order.replace("nav:\n", "nav:\n  - guides/earlier.md\n")),
    )
    .unwrap();
    assert!(assumed());
}

/// Pairs of guides among `files` that are proposed, as `from,to`.
fn proposed(name: &str, files: &[(&str, &str)]) -> Vec<String> {
    let site = Site::new(name, files);
    let list = site.json(&["suggest", ".", "--min-confidence", "0"]);
    let page = |one: &Value| one.as_str().unwrap().trim_start_matches("guide:").to_owned();
    let mut pairs: Vec<String> =
        list.iter().map(|one| format!("{},{}", page(&one["from"]), page(&one["to"]))).collect();
    pairs.sort();
    pairs
}

#[test]
fn a_title_of_one_word_is_a_name_where_it_is_written_or_linked_as_one() {
    let files = [
        ("storage.md", "# Storage\n\nKeeps what is there.\n"),
        ("plain.md", "# Sending mail\n\nIt needs some storage. Storage is cheap.\n"),
        ("named.md", "# Reading mail\n\nIt is done with Storage and nothing else.\n"),
        ("linked.md", "# Losing mail\n\nWhere [storage](storage.md) is full, storage drops it.\n"),
    ];
    assert_eq!(proposed("word", &files), ["storage,linked", "storage,named"]);
}

#[test]
fn a_name_of_several_pages_means_the_one_that_stands_nearest() {
    let files = [
        ("go/export.md", "# Batch exporters\n\nFor Go.\n"),
        ("js/export.md", "# Batch exporters\n\nFor scripts.\n"),
        ("js/start.md", "# Starting up\n\nIt sets batch exporters up first.\n"),
    ];
    assert_eq!(proposed("nearest", &files), ["js~export,js~start"]);
}

#[test]
fn labels_lists_logs_and_references_speak_for_nothing() {
    let files = [
        ("mock.md", "# Mock functions\n\nStand in for others.\n"),
        ("label.md", "# Partners\n\nWe know:\n\n- Mock functions\n- [Mock functions](mock.md)\n"),
        ("more.md", "# Where to look\n\nFor more, see the mock functions guide.\n"),
        ("upgrade.md", "# Upgrading to 30\n\nMock functions are faster.\n"),
        (
            "calls.md",
            "# Function calls\n\n## fn(a)\n\nx\n\n## fn(b)\n\nx\n\n## fn(c)\n\nx\n\n## fn(d)\n\nx\n\n## fn(e)\n\nx\n",
        ),
        ("using.md", "# Testing a server\n\nMock functions replace it, and function calls are counted.\n"),
        ("_drafts/old.md", "# Old tests\n\nMock functions were slow.\n"),
    ];
    assert_eq!(proposed("labels", &files), ["mock,using"]);
}

#[test]
fn openings_alternatives_and_names_of_code_in_passing_speak_for_nothing() {
    let files = [
        ("pool.md", "# Thread pools\n\nThey keep threads.\n"),
        ("overview.md", "# Overview\n\nThere are thread pools in it, and much else.\n"),
        ("beside.md", "# Green threads\n\nUnlike thread pools, they are cheap.\n"),
        ("wrapped.md", "# Worker queues\n\nThey are fed by hand; for more detail on\nthis, see\n[pools](pool.md).\n"),
        ("tag.md", "# <pool:thread>\n\nA tag.\n"),
        ("words.md", "# Long jobs\n\nEach takes a pool thread of its own.\n"),
        ("coded.md", "# Short jobs\n\nEach stands within `pool:thread` tags.\n"),
        ("using.md", "# Cleaning up\n\nThread pools are left to themselves.\n"),
        ("12-reference/all.md", "# Signal masks\n\nWhat there is.\n"),
        ("masked.md", "# Blocking calls\n\nSignal masks let them go.\n"),
    ];
    assert_eq!(proposed("openings", &files), ["pool,using", "tag,coded", "wrapped,pool"]);
}
