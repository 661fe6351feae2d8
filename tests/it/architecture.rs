//! The crates know each other only in the direction that ARCHITECTURE.md draws.

use std::collections::BTreeMap;
use std::process::Command;

use gradus_engine::questions::questions;
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
        let dependencies = package["dependencies"].as_array().unwrap().iter();
        let dependencies = dependencies.filter(|one| one["kind"].is_null() && one["optional"] == false);
        let names = dependencies.map(|one| one["name"].as_str().unwrap().to_owned()).collect();
        needs.insert(package["name"].as_str().unwrap().to_owned(), names);
    }
    let forbidden = [
        (
            "gradus-corpus",
            [
                "gradus",
                "gradus-engine",
                "gradus-load",
                "gradus-graph",
                "gradus-index",
                "petgraph",
                "tantivy",
                "tokio",
                "axum",
            ]
            .as_slice(),
        ),
        (
            "gradus-load",
            &["gradus", "gradus-engine", "gradus-graph", "gradus-index", "petgraph", "tantivy", "tokio", "axum"],
        ),
        (
            "gradus-graph",
            &["gradus", "gradus-engine", "gradus-load", "gradus-index", "tantivy", "tokio", "axum", "serde_json"],
        ),
        (
            "gradus-index",
            &["gradus", "gradus-engine", "gradus-load", "gradus-graph", "petgraph", "tokio", "axum", "serde_json"],
        ),
        ("gradus-engine", &["gradus", "petgraph", "tantivy", "tokio", "axum", "clap", "ureq"]),
        (
            "gradus-publication",
            &[
                "gradus",
                "gradus-engine",
                "gradus-load",
                "gradus-graph",
                "gradus-index",
                "petgraph",
                "tantivy",
                "tokio",
                "axum",
            ],
        ),
        ("gradus", &["petgraph", "tantivy"]),
    ];
    for (package, unwanted) in forbidden {
        for name in unwanted {
            assert!(!needs[package].contains(&(*name).to_owned()), "{package} must not know {name}");
        }
    }
}

/// A question that a door knew by name would be one that the table does not serve alone. Pages are made of certain answers and
/// so ask certain questions; they do it in one way, and look at nothing that no question answers.
#[test]
fn no_door_names_a_question() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let pages = root.join("web");
    let mut folders = vec![root];
    let mut n_files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|ext| ext != "rs") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            let is_code = |line: &&str| !line.trim_start().starts_with("//") && !line.contains("example =");
            let code: Vec<&str> = code.lines().filter(is_code).collect();
            let code = code.join("\n");
            for entry in questions() {
                assert!(!code.contains(&format!("\"{}\"", entry.path)), "{} names {}", path.display(), entry.path);
            }
            if path.starts_with(&pages) {
                for inside in [".graph.", ".index.", ".relatedness."] {
                    assert!(!code.contains(inside), "{} looks into a view", path.display());
                }
            } else {
                assert!(
                    !code.contains("Question;") && !code.contains("Question,"),
                    "{} names a question",
                    path.display()
                );
            }
            n_files += 1;
        }
    }
    assert!(n_files > 30, "only {n_files} files were read");
}

/// The name that a line declares a type by, if it declares one.
fn declared_type(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = line.strip_prefix("pub").map_or(line, |rest| rest.trim_start_matches(|char| char != ' '));
    let mut words = line.split_whitespace();
    let is_type = words.next().is_some_and(|word| ["struct", "enum", "trait", "union"].contains(&word));
    words.next().filter(|_| is_type).map(|name| name.split(|char: char| !char.is_alphanumeric()).next().unwrap())
}

/// A name that stands for two types makes each search for it find the wrong one as well.
#[test]
fn no_type_name_stands_twice() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let crates = ["corpus", "load", "graph", "index", "engine", "."];
    let mut folders: Vec<_> = crates.iter().map(|name| root.join(name).join("src")).collect();
    let mut declared: BTreeMap<String, std::path::PathBuf> = BTreeMap::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|ext| ext != "rs") {
                continue;
            }
            for name in std::fs::read_to_string(&path).unwrap().lines().filter_map(declared_type) {
                let other = declared.insert(name.to_owned(), path.clone());
                assert_eq!(other, None, "{name} is declared in {} too", path.display());
            }
        }
    }
    assert!(declared.len() > 300, "only {} types were found", declared.len());
}
