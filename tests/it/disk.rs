//! Snapshots on disk: they answer as what they were made of does, byte for byte, and are refused where they are not whole.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use gradus::builtin::curriculum;
use gradus_engine::questions::answer::AnswerBody;
use gradus_engine::questions::entry::QuestionEntry;
use gradus_engine::questions::questions;
use gradus_engine::snapshot::disk::{self, Damage, DiskError};
use gradus_engine::snapshot::{Snapshot, SnapshotError};
use gradus_engine::view::View;
use gradus_engine::viewer::Viewer;
use gradus_load::Input;

use crate::cli::gradus;
use crate::process::{ServerProcess, ask};

/// A folder of its own that goes when it is dropped.
struct DiskFolder(PathBuf);

impl DiskFolder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("gradus-it-disk-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for DiskFolder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

/// Texts that are searched for and completed: words, beginnings, typos, names, phrases, what is in no text.
const TEXTS: [&str; 10] = [
    "attention",
    "kv cache",
    "ca",
    "atention",
    "\"paged attention\"",
    "what is rag",
    "beta thing",
    "alp",
    "zzzz",
    "the of -a",
];

/// What `entry` is asked: about each page that it can be about, on each text, with and without its flags.
fn calls(entry: &QuestionEntry, view: &View) -> Vec<Vec<(String, String)>> {
    let ids: Vec<String> = view.corpus.pages().map(|(_, page)| page.id()).collect();
    let some: Vec<&String> = ids.iter().step_by(1 + ids.len() / 25).collect();
    let parameters = entry.parameters();
    let is_needed = |name: &str| entry.subject.contains(&name);
    let mut calls: Vec<Vec<(String, String)>> = vec![Vec::new()];
    for parameter in parameters.iter().filter(|one| one.required || is_needed(&one.name)) {
        let values: Vec<String> = match parameter.name.as_str() {
            "q" | "ref" => TEXTS.map(str::to_owned).to_vec(),
            "from" => ids.iter().take(2).cloned().collect(),
            "id" if entry.path.starts_with("/v1/sections/") => some.iter().map(|id| format!("{id}#")).collect(),
            _ => some.iter().map(|id| (*id).clone()).collect(),
        };
        let with =
            |call: &Vec<_>, value: &String| [call.clone(), vec![(parameter.name.clone(), value.clone())]].concat();
        calls =
            calls.iter().flat_map(|call| values.iter().map(|value| with(call, value)).collect::<Vec<_>>()).collect();
    }
    for (name, value) in
        [("explain", "true"), ("facets", "kind,tag,level"), ("include", "inferred"), ("strength", "all")]
    {
        if parameters.iter().any(|one| one.name == name) {
            calls.extend(
                calls.clone().into_iter().map(|call| [call, vec![(name.to_owned(), value.to_owned())]].concat()),
            );
        }
    }
    calls
}

/// What `view` answers, or how it refuses.
fn answer(entry: &QuestionEntry, view: &View, pairs: &[(String, String)]) -> String {
    let answer = match entry.ask(view, pairs) {
        Ok(answer) => answer,
        Err(refusal) => return refusal.to_string(),
    };
    match answer.body().unwrap() {
        AnswerBody::Json(json) => String::from_utf8(json).unwrap(),
        AnswerBody::Text { text, .. } => text,
        AnswerBody::Pieces { pieces, .. } => pieces.collect(),
    }
}

/// Asks everything of `input` and of a snapshot of it.
fn check_alike(name: &str, input: &Input) {
    let folder = DiskFolder::new(name);
    let built = Snapshot::build(input, &mut |_| {}).unwrap();
    let saved = disk::save(&built, &folder.file("a.gradus")).unwrap();
    let opened = Snapshot::build(&Input::Path(saved.path), &mut |_| {}).unwrap();
    let n_answers = assert_alike(&opened, &built);
    assert!(n_answers > 400, "{n_answers}");
}

/// Asks everything of both, and counts the answers.
pub(crate) fn assert_alike(opened: &Snapshot, built: &Snapshot) -> usize {
    assert_eq!(opened.diagnostics, built.diagnostics);
    assert_eq!((&opened.site, opened.is_locked()), (&built.site, built.is_locked()));
    let mut n_answers = 0;
    for viewer in [Viewer::Anonymous, Viewer::Pro] {
        let (built, opened) = (built.view(viewer), opened.view(viewer));
        for entry in questions() {
            for pairs in calls(entry, built) {
                let (expected, told) = (answer(entry, built, &pairs), answer(entry, opened, &pairs));
                if entry.path == "/v1/status" {
                    // When, how fast and from where something was loaded is another matter each time.
                    let alike = |text: &str| {
                        let mut status: serde_json::Value = serde_json::from_str(text).unwrap();
                        let fields = status.as_object_mut().unwrap();
                        for name in ["source", "built_at", "build_ms"] {
                            assert!(fields.remove(name).is_some());
                        }
                        fields.remove("publication");
                        status
                    };
                    assert_eq!(alike(&told), alike(&expected));
                } else {
                    assert!(told == expected, "{viewer:?} {} {pairs:?}:\n{told}\ninstead of\n{expected}", entry.name);
                }
                n_answers += 1;
            }
        }
    }
    n_answers
}

#[test]
fn a_snapshot_of_the_curriculum_answers_as_the_curriculum() {
    check_alike("curriculum", &curriculum());
}

#[test]
fn a_snapshot_with_locked_text_answers_each_viewer_as_its_source() {
    check_alike("locked", &Input::Path("tests/fixtures/locked".into()));
}

#[test]
fn equal_content_gives_equal_bytes_under_a_name_of_what_they_are() {
    let folder = DiskFolder::new("equal");
    let paths = ["one", "two"].map(|name| {
        let out = folder.file(name);
        fs::create_dir(&out).unwrap();
        disk::save(&Snapshot::build(&curriculum(), &mut |_| {}).unwrap(), &out).unwrap().path
    });
    assert_eq!(paths[0].file_name(), paths[1].file_name());
    assert!(fs::read(&paths[0]).unwrap() == fs::read(&paths[1]).unwrap());
    // An opened one is written as it was.
    let again = folder.file("again.gradus");
    disk::save(&Snapshot::build(&Input::Path(paths[0].clone()), &mut |_| {}).unwrap(), &again).unwrap();
    assert!(fs::read(&again).unwrap() == fs::read(&paths[0]).unwrap());
}

#[test]
fn only_the_owner_reads_what_is_locked() {
    let folder = DiskFolder::new("mode");
    let save = |input: &Input, name: &str| {
        let saved = disk::save(&Snapshot::build(input, &mut |_| {}).unwrap(), &folder.file(name)).unwrap();
        (saved.is_private, fs::metadata(saved.path).unwrap().permissions().mode() & 0o077)
    };
    // Also in the place of one that everybody may read.
    let open = Input::Memory(vec![("a.md".to_owned(), b"# A\n\nText.\n".into())]);
    assert!(!save(&open, "a.gradus").0);
    assert_eq!(save(&Input::Path("tests/fixtures/locked".into()), "a.gradus"), (true, 0));
}

#[test]
fn what_is_no_snapshot_of_ours_is_refused_with_what_to_do() {
    let folder = DiskFolder::new("refused");
    let path = folder.file("a.gradus");
    let small = Input::Memory(vec![("a.md".to_owned(), b"# A\n\nText.\n".into())]);
    let snapshot = Snapshot::build(&small, &mut |_| {}).unwrap();
    disk::save(&snapshot, &path).unwrap();
    let whole = fs::read(&path).unwrap();
    let refusal = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        match Snapshot::build(&Input::Path(path.clone()), &mut |_| {}) {
            Err(SnapshotError::Disk(DiskError::Unusable { damage, .. })) => damage,
            Err(other) => panic!("{other}"),
            Ok(_) => panic!("it was opened"),
        }
    };
    assert_eq!(refusal(b"# A page\n"), Damage::Foreign);
    assert_eq!(refusal(b""), Damage::Foreign);
    assert_eq!(refusal(&whole[..4]), Damage::CutShort);
    assert_eq!(refusal(&whole[..whole.len() - 1]), Damage::CutShort);
    let changed = |at: usize, to: u8| {
        let mut bytes = whole.clone();
        bytes[at] = to;
        bytes
    };
    let damage = refusal(&changed(8, 200));
    assert!(matches!(damage, Damage::Newer { found: 200, .. }) && damage.to_string().contains("update"), "{damage}");
    assert!(matches!(refusal(&changed(8, 0)), Damage::Older { found: 0, .. }));
    let damage = refusal(&changed(whole.len() - 1, !whole[whole.len() - 1]));
    assert!(matches!(damage, Damage::Corrupt(_)) && damage.to_string().contains("gradus index"), "{damage}");
    assert!(matches!(refusal(&[&whole[..], b"\n"].concat()), Damage::Corrupt(_)));
    // A damaged one is replaced, anything else is not.
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    disk::save(&snapshot, &path).unwrap();
    assert!(fs::read(&path).unwrap() == whole);
    for (name, text) in [("notes.txt", "mine"), ("notes.gradus", "mine too")] {
        fs::write(folder.file(name), text).unwrap();
        assert!(matches!(disk::save(&snapshot, &folder.file(name)), Err(DiskError::Occupied(_))), "{name}");
        assert_eq!(fs::read_to_string(folder.file(name)).unwrap(), text);
    }
}

/// The bytes of a small snapshot, by their checksum. Where this fails, what is written has changed: raise `FORM` in
/// `engine/src/snapshot/disk/container.rs`, so that nobody reads it as what it is not, and pin the new one.
#[test]
fn the_form_changes_with_its_number() {
    let folder = DiskFolder::new("form");
    let built = Snapshot::build(&Input::Path("tests/fixtures/locked".into()), &mut |_| {}).unwrap();
    let saved = disk::save(&built, &folder.0).unwrap();
    assert_eq!(saved.path.file_name().unwrap(), "44d864dda398a2f2.gradus");
}

#[test]
fn a_snapshot_is_a_source_for_commands_and_servers() {
    let folder = DiskFolder::new("commands");
    let path = folder.file("locked.gradus");
    let path = path.to_str().unwrap();
    let run = |args: &[&str]| {
        let output = gradus(args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let told = run(&["index", "tests/fixtures/locked", "--out", path]);
    assert!(told.contains(path) && told.contains("only you may read it"), "{told}");
    for args in [&["search", "beta"][..], &["plan", "alpha"], &["show", "secret", "--entitlements", "pro"]] {
        let ask = |source| run(&[args, &["-f", "json", "--source", source]].concat());
        assert_eq!(ask(path), ask("tests/fixtures/locked"), "{args:?}");
    }
    let server = ServerProcess::start(gradus(&["serve", path]));
    let answer = ask(&server.address, "GET /v1/guides/secret");
    assert!(answer.ends_with(&run(&["show", "secret", "-f", "json", "--source", path])), "{answer}");
    assert!(ask(&server.admin, "POST /admin/reload").contains("\"unchanged\""));
    fs::write(path, "no snapshot any more").unwrap();
    assert!(ask(&server.admin, "POST /admin/reload").contains("no snapshot of Gradus"));
    assert!(ask(&server.address, "GET /v1/guides/secret").starts_with("HTTP/1.1 200"), "the old one serves on");
}

#[test]
fn check_refuses_a_snapshot_rather_than_calling_it_clean() {
    let folder = DiskFolder::new("check");
    let out = folder.file("a.gradus");
    let path = out.to_str().unwrap();
    assert!(gradus(&["index", "--out", path]).output().unwrap().status.success());
    for args in [["check", path].as_slice(), &["check", "--source", path]] {
        let output = gradus(args).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {told}");
        assert!(told.contains("is a snapshot; check the content that it was made of"), "{args:?}: {told}");
    }
}
