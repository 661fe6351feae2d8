//! `gradus diff`: what a change of the content does to the graph.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

const BEFORE: &[(&str, &str)] = &[
    ("docs/concepts/a.md", "---\ntitle: A\ntime: 10\n---\nFirst.\n"),
    ("docs/concepts/b.md", "---\ntitle: B\ntime: 10\nprerequisites: [a]\n---\nSecond.\n"),
    ("docs/concepts/c.md", "---\ntitle: C\ntime: 10\n---\nThird.\n"),
    ("docs/guide.md", "---\ntitle: Guide\nteaches: [c]\n---\nText.\n"),
];

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("gradus-diff-it-{name}-{}", std::process::id()));
    for (path, text) in BEFORE {
        write(&folder, path, text);
    }
    folder
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn run(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let program = Command::new(env!("CARGO_BIN_EXE_gradus")).args(args).current_dir(folder).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (program.status.code(), text(program.stdout), text(program.stderr))
}

/// `a` needs `c` and `c` needs `b`, so that all need each other; a page comes, the guide goes.
fn change(folder: &Path) {
    write(folder, "docs/concepts/a.md", "---\ntitle: A\ntime: 10\nprerequisites: [c]\n---\nFirst.\n");
    write(folder, "docs/concepts/c.md", "---\ntitle: C\ntime: 10\nprerequisites: [b, nix]\n---\nThird.\n");
    write(folder, "docs/concepts/d.md", "---\ntitle: D\n---\nFourth.\n");
    fs::remove_file(folder.join("docs/guide.md")).unwrap();
}

#[test]
fn a_folder_is_compared_with_another_one() {
    let (before, after) = (folder("old"), folder("new"));
    let old = before.join("docs");
    let (code, told, _) = run(&after, &["diff", old.to_str().unwrap(), "docs"]);
    assert_eq!((code, told.as_str()), (Some(0), "The graph is as it was.\n"));
    change(&after);
    let (code, told, _) = run(&after, &["diff", old.to_str().unwrap(), "docs", "-f", "json"]);
    assert_eq!(code, Some(1));
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["pages_added"], json!(["concept:d"]));
    assert_eq!(told["pages_removed"], json!(["guide:guide"]));
    let needs = json!([{ "to": "concept:a", "from": "concept:c" }, { "to": "concept:c", "from": "concept:b" }]);
    assert_eq!(told["prerequisites_added"], needs);
    assert_eq!(told["cycles_added"], json!([["concept:a", "concept:b", "concept:c"]]));
    assert_eq!(told["untaught"], json!(["concept:c"]));
    assert_eq!(told["longer"][0]["page"], "concept:a");
    assert!(told["problems"].as_array().unwrap().iter().any(|one| one["code"] == "G002"), "{told}");
    for folder in [before, after] {
        fs::remove_dir_all(folder).unwrap();
    }
}

#[test]
fn a_source_is_compared_with_a_revision() {
    let folder = folder("git");
    let git = |args: &[&str]| {
        let identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
        let done = Command::new("git").arg("-C").arg(&folder).args(identity).args(args).output().unwrap();
        assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
    };
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "-m", "first"]);
    change(&folder);
    let (code, told, complaint) = run(&folder, &["diff", "HEAD", "docs"]);
    assert_eq!(code, Some(1), "{complaint}");
    assert!(told.starts_with("### Prerequisite cycles made (1)\n\n- concept:a, concept:b, concept:c\n"), "{told}");
    assert!(told.contains("- concept:c before concept:a\n"), "{told}");
    let (code, _, complaint) = run(&folder, &["diff", "nowhere", "docs"]);
    assert!(code == Some(2) && complaint.contains("neither a folder nor a revision"), "{complaint}");
    let left = Command::new("git").arg("-C").arg(&folder).args(["worktree", "list"]).output().unwrap();
    assert_eq!(String::from_utf8(left.stdout).unwrap().lines().count(), 1, "the revision is put away again");
    fs::remove_dir_all(&folder).unwrap();
}
