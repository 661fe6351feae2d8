//! Files that are not what they seem: links, pipes, odd names and damaged archives, none of which may stop or fool a load.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use gradus_corpus::Code;
use gradus_load::{Input, Loaded, load};

/// A folder for one test, gone when the test is.
struct TestFolder(PathBuf);

impl TestFolder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("gradus-files-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(fs::canonicalize(path).unwrap())
    }

    fn write(&self, path: &str, text: &str) -> PathBuf {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for TestFolder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn loaded(folder: &Path) -> Loaded {
    load(&Input::Path(folder.to_owned()), &mut |_| {}).unwrap()
}

/// What was told of files, a line each.
fn told(loaded: &Loaded) -> Vec<String> {
    let told = loaded.diagnostics.iter().filter(|told| told.position.line == 0 || told.code == Code::UnreadableFile);
    told.map(|told| format!("{} {} {}", told.file, told.code, told.message)).collect()
}

fn titles(loaded: &Loaded) -> Vec<&str> {
    loaded.corpus.pages().map(|(_, page)| &*page.title).collect()
}

#[test]
fn links_that_lead_out_are_followed_only_where_the_settings_say_so() {
    let outside = TestFolder::new("outside");
    let secret = outside.write("secret.md", "# Secret\n\nText.\n");
    let folder = TestFolder::new("inside");
    folder.write("a.md", "# Inside\n\nText.\n");
    symlink(&secret, folder.0.join("b.md")).unwrap();
    symlink(&outside.0, folder.0.join("more")).unwrap();
    symlink(&secret, folder.0.join("a.questions.yaml")).unwrap();
    symlink(&secret, folder.0.join("concepts.yaml")).unwrap();
    let found = loaded(&folder.0);
    assert_eq!(titles(&found), ["Inside"]);
    let why = "the link leads out of the content's folder";
    let refused = |file: &str, code: &str, how: &str| format!("{file} {code} {how}{why}");
    assert_eq!(
        told(&found),
        [
            refused("a.questions.yaml", "G010", "cannot be read: "),
            refused("a.questions.yaml", "G014", ""),
            refused("b.md", "G014", ""),
            refused("concepts.yaml", "G010", "cannot be read: "),
            refused("concepts.yaml", "G014", ""),
            refused("more", "G014", ""),
        ]
    );
    fs::remove_file(folder.0.join("concepts.yaml")).unwrap();
    folder.write("gradus.toml", "[content]\nfollow_links = true\n");
    assert_eq!(titles(&loaded(&folder.0)), ["Inside", "Secret", "Secret"]);
}

#[test]
fn links_inside_the_folder_are_followed_and_do_not_multiply() {
    let folder = TestFolder::new("meeting");
    folder.write(".data/a.md", "# Mounted\n\nText.\n");
    symlink(".data/a.md", folder.0.join("mounted.md")).unwrap();
    for n in 0..12 {
        folder.write(&format!("d{n}/page{n}.md"), "Text.\n");
        for other in 0..12 {
            symlink(folder.0.join(format!("d{other}")), folder.0.join(format!("d{n}/to{other}"))).unwrap();
        }
    }
    let found = loaded(&folder.0);
    assert!(titles(&found).contains(&"Mounted"));
    assert!(found.corpus.n_pages() <= 1 + 2 * 12, "{} pages", found.corpus.n_pages());
}

#[test]
fn pipes_and_devices_are_passed_over_and_told() {
    let folder = TestFolder::new("pipes");
    folder.write("a.md", "# A\n\nText.\n");
    for name in ["b.md", "a.questions.yaml", "concepts.yaml", "rows.jsonl"] {
        assert!(Command::new("mkfifo").arg(folder.0.join(name)).status().unwrap().success());
    }
    symlink("/dev/zero", folder.0.join("zero.md")).unwrap();
    let found = loaded(&folder.0);
    assert_eq!(titles(&found), ["A"]);
    let told = told(&found);
    for name in ["b.md", "a.questions.yaml", "concepts.yaml", "rows.jsonl"] {
        assert!(
            told.iter().any(|told| told.starts_with(name) && told.contains("it is no plain file")),
            "{name}: {told:?}"
        );
    }
    assert!(told.iter().any(|told| told.starts_with("zero.md")), "{told:?}");
}

#[test]
fn a_name_that_is_not_utf8_is_told() {
    let folder = TestFolder::new("names");
    folder.write("a.md", "# A\n\nText.\n");
    // Some file systems take only names that are UTF-8.
    if fs::write(folder.0.join(OsStr::from_bytes(b"b\xE9.md")), "# B\n").is_ok() {
        let found = loaded(&folder.0);
        assert_eq!(told(&found), ["b\u{fffd}.md G010 the name of the file is not UTF-8; rename it"]);
    }
}

#[test]
fn a_file_that_an_editor_has_counts_instead_of_the_one_on_the_disk() {
    let folder = TestFolder::new("edited");
    folder.write("a.md", "# Old\n\nText.\n");
    for (path, expected) in [("a.md", vec!["New"]), ("b/c.md", vec!["Old", "New"])] {
        let base = Box::new(Input::Path(folder.0.clone()));
        let bytes = b"# New\n\nText.\n".to_vec();
        let found = load(&Input::Edited { base, path: path.to_owned(), bytes }, &mut |_| {}).unwrap();
        assert_eq!(titles(&found), expected, "{path}");
    }
}
