//! `gradus gaps`: what is missing from content.

use std::fs;

use serde_json::{Value, json};

use crate::cli::gradus;

const FILES: &[(&str, &str)] = &[
    (
        "one.md",
        "---\nseries: s\norder: 1\nteaches: [batch]\nprerequisites: [cache, guide:three, loss]\n---\n# One\n\nWords of a batch.\n",
    ),
    (
        "two.md",
        "---\nseries: s\norder: 2\nteaches: [cache]\nprerequisites: [batch]\n---\n# Two\n\nThe cache and the batch.\n",
    ),
    ("three.md", "---\nseries: s\norder: 3\n---\n# Three\n\nThe end.\n"),
    ("concepts/batch.md", "---\ntitle: batch\ndescription: Many.\n---\nMany at once.\n"),
    ("concepts/cache.md", "---\ntitle: cache\ndescription: Kept.\n---\nKept.\n"),
    ("concepts/loss.md", "---\ntitle: loss\ndescription: How wrong.\n---\n"),
    ("concepts/lone.md", "---\ntitle: lone\ndescription: Used nowhere.\n---\nNowhere.\n"),
];

#[test]
fn what_is_missing_is_told_with_its_place() {
    let folder = std::env::temp_dir().join(format!("gradus-gaps-{}", std::process::id()));
    for (path, text) in FILES {
        let path = folder.join("src").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let queries =
        json!({ "recording": true, "without_hits": [{ "q": "cache", "count": 9 }, { "q": "mamba", "count": 31 }] });
    fs::write(folder.join("queries.json"), queries.to_string()).unwrap();
    let run = |args: &[&str]| {
        let output = gradus(&[&["gaps", "src"], args].concat()).current_dir(&folder).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, told, _) = run(&["--queries", "queries.json", "-f", "json"]);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(code, Some(1));
    assert_eq!(told["unanswered"], json!([{ "q": "mamba", "count": 31 }]), "what is found by now is no gap");
    assert_eq!(
        told["untaught"],
        json!([{ "id": "concept:loss", "title": "loss", "needed_by": 1, "named_on": 0, "has_text": false }])
    );
    let backward = |needs: &str, comes_in: &str| json!({ "guide": "guide:one", "needs": needs, "comes_in": comes_in, "file": "one.md", "line": 5 });
    assert_eq!(
        told["backward"],
        json!([backward("guide:three", "guide:three"), backward("concept:cache", "guide:two")])
    );
    let (_, text, _) = run(&[]);
    assert!(text.contains("- one.md:5: guide:one needs concept:cache, which comes later\n  in guide:two\n"), "{text}");
    let (code, _, told) = run(&["--queries", "src/one.md"]);
    assert!(code == Some(2) && told.contains("src/one.md is not what `GET /admin/queries` answers"), "{told}");
    fs::remove_dir_all(folder).unwrap();
}
