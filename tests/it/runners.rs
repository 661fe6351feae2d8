//! The action of GitHub and the template of GitLab, run as their runners run them: in a shallow clone, with their variables.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A repository with the branches `main` and `change`, and a clone of the second as runners make it.
struct Checkout {
    folder: PathBuf,
}

impl Checkout {
    fn new(name: &str, changed: &[(&str, &str)]) -> Self {
        let folder = std::env::temp_dir().join(format!("gradus-runner-{name}-{}", std::process::id()));
        let origin = folder.join("origin");
        write(&origin, "docs/concepts/a.md", "---\ntitle: A\ndescription: First.\ntime: 10\n---\nFirst.\n");
        write(&origin, "docs/concepts/b.md", "---\ntitle: B\ndescription: Second.\nprerequisites: [a]\n---\nSecond.\n");
        git(&origin, &["init", "--quiet", "--initial-branch", "main"]);
        commit(&origin);
        git(&origin, &["checkout", "--quiet", "-b", "change"]);
        for (path, text) in changed {
            write(&origin, path, text);
        }
        commit(&origin);
        let url = format!("file://{}", origin.display());
        git(&folder, &["clone", "--quiet", "--depth=1", "--branch", "change", &url, "work"]);
        Self { folder }
    }

    fn work(&self) -> PathBuf {
        self.folder.join("work")
    }

    /// A shell with the program on its path, and nothing from the environment that the program would heed.
    fn bash(&self) -> Command {
        let bin = Path::new(env!("CARGO_BIN_EXE_gradus")).parent().unwrap();
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
        let mut bash = Command::new("bash");
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("GRADUS_")) {
            bash.env_remove(name);
        }
        bash.current_dir(self.work())
            .env("PATH", path)
            .env("GRADUS_NO_CACHE", "1")
            .env("CONTENT", "docs")
            .env("FAIL_ON", "error");
        bash
    }

    fn github(&self, base_ref: &str) -> (Output, String) {
        let summary = self.folder.join("summary.md");
        let mut bash = self.bash();
        bash.arg(format!("{ROOT}/action/github"))
            .env("GITHUB_WORKSPACE", self.work())
            .env("GITHUB_ACTION_PATH", ROOT)
            .env("GITHUB_STEP_SUMMARY", &summary)
            .env("GITHUB_BASE_REF", base_ref)
            .env("RUNNER_TEMP", self.folder.join("temp"))
            .env("GRADUS_PROGRAM", "gradus")
            .env("DIFF", "true")
            .env("BASE", "");
        let output = bash.output().unwrap();
        (output, fs::read_to_string(summary).unwrap_or_default())
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.folder).unwrap_or_default();
    }
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn git(folder: &Path, args: &[&str]) {
    let output = Command::new("git").arg("-C").arg(folder).args(args).output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn commit(folder: &Path) {
    git(folder, &["add", "."]);
    let who = ["-c", "user.name=A", "-c", "user.email=a@example.org"];
    git(folder, &[&who[..], &["commit", "--quiet", "--message", "Change"]].concat());
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The change makes a cycle and names what is not there.
const WORSE: &[(&str, &str)] =
    &[("docs/concepts/a.md", "---\ntitle: A\ndescription: First.\nprerequisites: [b, nix]\n---\nFirst.\n")];
const BETTER: &[(&str, &str)] =
    &[("docs/concepts/c.md", "---\ntitle: C\ndescription: Third.\nprerequisites: [b]\n---\nThird.\n")];

#[test]
fn the_action_annotates_a_pull_request_and_sums_up_what_it_does_to_the_graph() {
    let worse = Checkout::new("github-worse", WORSE);
    let (output, summary) = worse.github("main");
    let told = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{told}{}", text(&output.stderr));
    assert!(told.contains("::warning file=docs/concepts/a.md,line=4,col="), "{told}");
    assert!(told.contains("::error title=gradus diff::"), "{told}");
    assert!(summary.starts_with("## What this does to the graph\n\n### Prerequisite cycles made (1)\n"), "{summary}");
    let better = Checkout::new("github-better", BETTER);
    let (output, summary) = better.github("main");
    assert_eq!(output.status.code(), Some(0), "{}{}", text(&output.stdout), text(&output.stderr));
    assert!(summary.contains("### Pages added (1)\n\n- concept:c\n"), "{summary}");
    // What is pushed to a branch has nothing to be compared with.
    let (output, _) = Checkout::new("github-push", BETTER).github("");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

/// The script of the template, without its indentation.
fn gitlab_script() -> String {
    let template = fs::read_to_string(format!("{ROOT}/action/gitlab.yml")).unwrap();
    let (_, script) = template.split_once("  script:\n    - |\n").unwrap();
    let lines = script.lines().take_while(|line| line.starts_with("      "));
    lines.map(|line| format!("{}\n", line.trim_start_matches("      "))).collect()
}

#[test]
fn the_template_reports_code_quality_and_what_a_merge_request_does_to_the_graph() {
    let worse = Checkout::new("gitlab", WORSE);
    let run = |target: Option<&str>| {
        let mut bash = worse.bash();
        if let Some(target) = target {
            bash.env("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", target);
        }
        bash.arg("-c").arg(gitlab_script()).output().unwrap()
    };
    let output = run(Some("main"));
    assert_eq!(output.status.code(), Some(1), "{}{}", text(&output.stdout), text(&output.stderr));
    let told = fs::read_to_string(worse.work().join("gradus-diff.md")).unwrap();
    assert!(told.contains("### Prerequisite cycles made (1)"), "{told}");
    let report = fs::read_to_string(worse.work().join("gl-code-quality-report.json")).unwrap();
    let report: Vec<Value> = serde_json::from_str(&report).unwrap();
    let of = |code: &str| report.iter().find(|issue| issue["check_name"] == code).unwrap();
    assert_eq!(of("G020")["location"]["path"], "docs/concepts/a.md");
    assert_eq!((&of("G020")["severity"], &of("G020")["location"]["lines"]["begin"]), (&"minor".into(), &4.into()));
    let mut fingerprints: Vec<&str> = report.iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
    fingerprints.sort_unstable();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), report.len());
    assert_eq!(run(None).status.code(), Some(0), "only the comparison fails");
}
