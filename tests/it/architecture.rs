//! The crates know each other only in the direction that ARCHITECTURE.md draws.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

#[test]
fn crates_depend_only_downwards() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut needs: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in metadata["packages"].as_array().unwrap() {
        let dependencies = package["dependencies"].as_array().unwrap().iter().filter(|one| one["kind"].is_null());
        let names = dependencies.map(|one| one["name"].as_str().unwrap().to_owned()).collect();
        needs.insert(package["name"].as_str().unwrap().to_owned(), names);
    }
    let forbidden = [
        (
            "gradus-corpus",
            ["gradus", "gradus-graph", "gradus-index", "petgraph", "tantivy", "tokio", "axum"].as_slice(),
        ),
        ("gradus-graph", &["gradus", "gradus-index", "tantivy", "tokio", "axum", "serde_json"]),
        ("gradus-index", &["gradus", "gradus-graph", "petgraph", "tokio", "axum", "serde_json"]),
        ("gradus", &["petgraph", "tantivy"]),
    ];
    for (package, unwanted) in forbidden {
        for name in unwanted {
            assert!(!needs[package].contains(&(*name).to_owned()), "{package} must not know {name}");
        }
    }
}
