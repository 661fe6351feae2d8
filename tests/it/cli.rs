//! The program: what it prints, where, and how it ends.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use gradus_engine::viewer::Viewer;

use crate::client::{Client, curriculum_snapshot};
use crate::process::ServerProcess;

/// The program without anything from the environment that it would heed, and without anything that was kept.
pub(crate) fn gradus(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gradus"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("GRADUS_")) {
        command.env_remove(name);
    }
    command.args(args).current_dir(env!("CARGO_MANIFEST_DIR")).env("GRADUS_NO_CACHE", "1");
    command
}

fn run(args: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = gradus(args).output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[tokio::test]
async fn json_is_the_http_answer_to_the_byte() {
    let client = Client::fixture("locked");
    let questions: [(&[&str], &str); 12] = [
        (
            &["search", "beta", "thing", "--kind", "guide,concept", "--access", "free"],
            "/v1/search?q=beta+thing&access=free&kind=guide,concept",
        ),
        (&["show", "secret"], "/v1/guides/secret"),
        (&["show", "alpha"], "/v1/concepts/alpha"),
        (&["show", "secret#shown-heading"], "/v1/sections/secret%23shown-heading"),
        (&["prereqs", "alpha", "--known", "beta"], "/v1/concepts/alpha/prerequisites?known=beta"),
        (&["unlocks", "beta"], "/v1/concepts/beta/unlocks"),
        (&["path", "beta", "alpha", "-k", "2"], "/v1/path?from=beta&to=alpha&k=2"),
        (&["plan", "alpha", "--budget", "1h"], "/v1/plan?target=alpha&budget=1h"),
        (&["next", "--known", "beta"], "/v1/next?known=beta"),
        (&["related", "free", "--limit", "1"], "/v1/guides/free/related?limit=1"),
        (&["graph", "alpha", "--as", "svg"], "/v1/graph?center=alpha&format=svg"),
        (&["export", "--to", "csv"], "/v1/export?format=csv"),
    ];
    for (args, path) in questions {
        let (code, printed, told) = run(&[args, &["-f", "json", "--source", "tests/fixtures/locked"]].concat());
        assert_eq!((code, told.as_str()), (Some(0), ""), "{args:?}");
        assert_eq!(printed, client.get(path).await.text(), "{args:?}");
    }
}

#[test]
fn a_page_is_shown_with_its_text() {
    let show = |args: &[&str]| run(&[&["show", "--source", "tests/fixtures/locked"], args].concat());
    let (code, printed, _) = show(&["alpha"]);
    let (fields, text) = printed.split_once("\n\n").unwrap();
    assert!(code == Some(0) && fields.starts_with("id: concept:alpha\n") && text.starts_with("# "), "{printed}");
    let (_, markdown, _) = show(&["alpha", "-f", "md"]);
    assert_eq!(markdown, text);
    let (_, everybody, _) = show(&["secret"]);
    let (_, entitled, _) = show(&["secret", "--entitlements", "pro"]);
    let withheld = "is for readers with access to it";
    assert!(everybody.contains(withheld) && !entitled.contains(withheld), "{everybody}{entitled}");
}

#[test]
fn lines_are_folded_to_the_columns_that_are_told() {
    let output = gradus(&["show", "kv-cache"]).env("COLUMNS", "60").output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.lines().all(|line| line.chars().count() <= 60), "{printed}");
    assert!(run(&["show", "kv-cache"]).1.lines().any(|line| line.chars().count() > 200));
}

#[tokio::test]
async fn every_plan_is_that_of_http_to_the_byte() {
    let client = Client::curriculum();
    let folder = std::env::temp_dir().join(format!("gradus-it-plans-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("curriculum.gradus");
    assert!(gradus(&["index", "--out", file.to_str().unwrap()]).output().unwrap().status.success());
    let snapshot = curriculum_snapshot();
    let targets: Vec<String> = snapshot.view(Viewer::Anonymous).corpus.pages().map(|(_, page)| page.id()).collect();
    let printed = |target: &String| {
        let asked = gradus(&["plan", target, "-f", "json", "--source", file.to_str().unwrap()]).output().unwrap();
        String::from_utf8(asked.stdout).unwrap()
    };
    let (first, second) = targets.split_at(targets.len() / 2);
    let printed: Vec<String> = std::thread::scope(|scope| {
        let halves = [first, second].map(|half| scope.spawn(|| half.iter().map(printed).collect::<Vec<_>>()));
        halves.into_iter().flat_map(|half| half.join().unwrap()).collect()
    });
    for (target, printed) in targets.iter().zip(printed) {
        let answer = client.get(&format!("/v1/plan?target={target}")).await;
        assert!(answer.status == 200 && answer.text() == printed, "{target}: {printed}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn plans_say_where_to_read_and_why_and_graphs_where_edges_lead() {
    let (_, plan, _) = run(&["plan", "qkv"]);
    let step = plan.lines().skip_while(|line| !line.contains("Matrix multiplication")).take(4).collect::<Vec<_>>();
    assert!(step[1].starts_with("    in The Mathematics") && step[1].contains(" § "), "{plan}");
    assert!(
        step[2].starts_with("    /guides/math-for-llms#") && step[3].starts_with("    for Queries, keys"),
        "{plan}"
    );
    let (_, graph, _) = run(&["graph", "kv-cache", "--limit", "2"]);
    assert!(graph.contains("\n    needed for KV cache\n"), "{graph}");
}

#[tokio::test]
async fn a_guide_or_section_that_is_not_there_is_told_with_those_that_are() {
    let sources = [
        ("c.md", "---\nkind: concept\n---\n# C\nOld.\n## History\nBell Labs.\n"),
        ("sharp.md", "# C# in depth\nWords.\n"),
        ("watchers.md", "# Watchers\nText.\n## Deep watchers\nMore <a id=\"here\"></a> text.\n"),
    ];
    let folder = scratch("sections", &sources);
    let source = ["--source", folder.to_str().unwrap()];
    let server = ServerProcess::start(gradus(&["serve", source[1]]));
    let server = ["--server", &format!("http://{}", server.address)];
    for from in [source, server] {
        let (code, printed, told) = run(&[&["show", "watchers#deep-wachers"], &from[..]].concat());
        assert_eq!((code, printed.as_str()), (Some(1), ""), "{told}");
        assert!(told.contains("did you mean watchers#deep-watchers"), "{told}");
        let (code, printed, _) = run(&[&["show", "watchers#deep-watchers"], &from[..]].concat());
        assert!(code == Some(0) && printed.contains("More"), "{printed}");
        let (code, printed, _) = run(&[&["show", "C# in depth"], &from[..]].concat());
        assert!(code == Some(0) && printed.contains("Words."), "{printed}");
        let (code, _, told) = run(&[&["show", "computed"], &from[..]].concat());
        assert_eq!((code, told.as_str()), (Some(1), "error: nothing is called 'computed'\n"));
        for command in ["show", "prereqs", "related"] {
            let (code, _, told) = run(&[&[command, "wachers"], &from[..]].concat());
            assert!(code == Some(1) && told.contains("did you mean guide:watchers"), "{command}: {told}");
        }
    }
    std::fs::remove_dir_all(folder).unwrap();
}

/// A folder of these files.
fn scratch(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("gradus-it-cli-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    files.iter().for_each(|(path, text)| std::fs::write(folder.join(path), text).unwrap());
    folder
}

#[test]
fn errors_in_the_content_are_told_beside_the_answer() {
    let folder = scratch("errors", &[("a.md", "# A\nText.\n")]);
    std::fs::write(folder.join("b.md"), b"\0\x01\x02 no text \0").unwrap();
    let source = folder.to_str().unwrap();
    let out = folder.with_extension("site");
    let told = format!("1 error in the content; `gradus check {source}` tells more\n");
    for args in [&["search", "text", "--source", source][..], &["build", source, "--out", out.to_str().unwrap()]] {
        let (code, _, complaint) = run(args);
        assert_eq!((code, complaint.as_str()), (Some(0), told.as_str()), "{args:?}");
    }
    std::fs::remove_dir_all(folder).unwrap();
    std::fs::remove_dir_all(out).unwrap();
}

#[test]
fn an_address_that_no_page_can_stand_below_is_refused() {
    for url in
        ["learn.example.org", "https://", "https://learn.example.org/?x", "https://a.example/#b", "ftp://a.example"]
    {
        for args in [&["embed", url][..], &["build", "--out", "/nonexistent/site", "--base-url", url]] {
            let (code, _, told) = run(args);
            assert!(code == Some(2) && told.contains("is no address of a site"), "{args:?}: {told}");
        }
    }
}

#[test]
fn the_exit_status_tells_how_it_went() {
    let source = ["--source", "tests/fixtures/locked"];
    let cases: [(&[&str], i32, &str); 12] = [
        (&["search", "beta"], 0, ""),
        (&["search", "zzzzqqqq"], 1, ""),
        (&["path", "alpha", "beta"], 1, ""),
        (&["show", "alpa"], 1, "did you mean concept:alpha"),
        (&["plan"], 2, "required"),
        (&["search", "x", "--limit", "0"], 2, "limit"),
        (&["stats", "--source", "nowhere"], 2, "cannot read nowhere"),
        (&["search", "x", "--server", "http://127.0.0.1:1"], 2, "cannot ask http://127.0.0.1:1"),
        (
            &["build", "--out", "x", "--server", "http://127.0.0.1:1"],
            2,
            "`gradus build` reads content and asks no server",
        ),
        (&["--server", "http://127.0.0.1:1", "check"], 2, "`gradus check` reads content and asks no server"),
        (&["export", "--as", "ttl"], 2, "did you mean turtle?"),
        (&["explain", "G999"], 2, "there is no code"),
    ];
    for (args, expected, told) in cases {
        let args = if args.contains(&"--source") { args.to_vec() } else { [args, &source].concat() };
        let (code, printed, complaint) = run(&args);
        assert_eq!(code, Some(expected), "{args:?}: {printed}{complaint}");
        assert!(
            complaint.contains(told) && complaint.is_empty() == (expected == 0 || told.is_empty()),
            "{args:?}: {complaint}"
        );
    }
}

#[test]
fn check_prints_each_format_without_colour_and_fails_when_told_to() {
    let folder = std::env::temp_dir().join(format!("gradus-it-check-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("concepts")).unwrap();
    std::fs::write(folder.join("concepts/a.md"), "---\ntitle: a\nprerequisites:\n  - b\n---\nText.\n").unwrap();
    std::fs::write(folder.join("concepts/b.md"), "---\ntitle: b\nprerequisites:\n  - a\n  - nix\n---\nText.\n")
        .unwrap();
    // From the folder itself: how its files are called must not depend on where the checkout lies.
    let check = |args: &[&str]| {
        let output = gradus(&[&["check", "."], args].concat()).current_dir(&folder).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, text, counts) = check(&[]);
    assert_eq!((code, counts.as_str()), (Some(0), "plain site\n0 errors, 2 warnings, 0 infos\n"));
    assert!(!text.contains('\u{1b}'));
    let cycle = format!(
        "warning[G020]: prerequisite cycle of 2 concepts: a, b\n\
         \u{20}--> {0}:4:5\n\
         \u{20} |\n\
         4 |   - b\n\
         \u{20} |     ^\n\
         \u{20} |\n\
         \u{20} = note: 'a' requires 'b'\n\
         \u{20}::: {0}:4:5\n\
         \u{20} = note: 'b' requires 'a'\n\
         \u{20}::: {1}:4:5\n\
         \u{20} = help: make one of these edges `recommended`; until then they are learned together\n\n",
        "concepts/a.md", "concepts/b.md",
    );
    assert!(text.contains(&cycle), "{text}");
    let starts = [("concise", "concepts/a.md"), ("json", "{"), ("github", "::"), ("gitlab", "["), ("sarif", "{")];
    for (format, start) in starts {
        let (code, text, _) = check(&["--output-format", format, "--fail-on", "warning"]);
        assert!(code == Some(1) && text.starts_with(start), "{format}: {text}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn one_file_is_checked_among_the_others_and_named_from_where_the_command_stands() {
    let folder = std::env::temp_dir().join(format!("gradus-it-file-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("docs/concepts")).unwrap();
    std::fs::write(folder.join("docs/gradus.toml"), "[site]\nlang = \"klingon\"\n[serve]\nlisten = \"47\"\n").unwrap();
    std::fs::write(folder.join("docs/concepts/a.md"), "---\ntitle: Ä名\nprerequisites: [b, nix]\n---\nText.\n")
        .unwrap();
    std::fs::write(folder.join("docs/concepts/b.md"), "---\ntitle: B\nrelated: [gone]\n---\nText.\n").unwrap();
    let check = |args: &[&str], input: &str| {
        let mut command = gradus(&[&["check", "--output-format", "concise"], args].concat());
        command.current_dir(&folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let nix = "warning[G002] no page is called 'nix'; the prerequisite is kept as prose";
    let (code, text, counts) = check(&["docs/concepts/a.md"], "");
    assert_eq!((code, text), (Some(0), format!("docs/concepts/a.md:3:20: {nix}\n")));
    assert_eq!(counts, "plain site\n0 errors, 1 warning, 0 infos\n");
    let (_, text, _) =
        check(&["-", "--path", "docs/concepts/c.md"], "---\ntitle: C\nprerequisites: [nix, a]\n---\nText.\n");
    assert_eq!(text, format!("docs/concepts/c.md:3:17: {nix}\n"));
    let (code, _, complaint) = check(&["-"], "");
    assert!(code == Some(2) && complaint.contains("--path"), "{complaint}");
    let (code, text, _) = check(&["docs"], "");
    let places: Vec<&str> = text.lines().filter_map(|line| line.split(": ").next()).collect();
    let expected =
        ["docs/concepts/a.md:3:20", "docs/concepts/b.md:3:11", "docs/gradus.toml:2:8", "docs/gradus.toml:4:10"];
    assert_eq!((code, places.as_slice()), (Some(1), &expected[..]), "{text}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child = gradus(&["export"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 16];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let mut told = String::new();
    child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    assert_eq!((child.wait().unwrap().code(), told.as_str()), (Some(0), ""));
}

#[test]
fn every_shell_gets_its_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (code, script, _) = run(&["completions", shell]);
        assert!(code == Some(0) && script.contains("gradus"), "{shell}");
    }
}
