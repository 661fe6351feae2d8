//! A watched source is followed whatever happens to it on disk.

#![cfg(unix)]

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::cli::gradus;
use crate::process::{ServerProcess, ask};

/// A folder of its own that goes when it is dropped.
struct WatchedFolder(PathBuf);

impl WatchedFolder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("gradus-it-watching-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Writes a page `a` whose text is `text`.
    fn page(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, format!("---\nid: a\n---\n{text}\n")).unwrap();
    }
}

impl Drop for WatchedFolder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

fn watching(source: &Path) -> ServerProcess {
    ServerProcess::start(gradus(&["serve", source.to_str().unwrap(), "--watch"]))
}

/// Waits until the page says `text`. What a change takes to be told is not for a test to say, so it asks again and again.
fn wait_for(server: &ServerProcess, text: &str) {
    for _ in 0..600 {
        if ask(&server.address, "GET /v1/guides/a").contains(text) {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("the page never said {text:?}: {}", ask(&server.address, "GET /readyz?verbose"));
}

#[test]
fn a_source_behind_a_link_is_followed_where_the_link_leads() {
    let folder = WatchedFolder::new("swap");
    folder.page("one/a.md", "First.");
    folder.page("two/a.md", "Second.");
    let (current, next) = (folder.0.join("current"), folder.0.join("next"));
    symlink("one", &current).unwrap();
    let server = watching(&current);
    wait_for(&server, "First.");
    symlink("two", &next).unwrap();
    std::fs::rename(&next, &current).unwrap();
    wait_for(&server, "Second.");
    folder.page("two/a.md", "Third.");
    wait_for(&server, "Third.");
}

#[test]
fn a_source_that_is_removed_and_remade_is_watched_again() {
    let folder = WatchedFolder::new("remade");
    folder.page("source/a.md", "First.");
    let source = folder.0.join("source");
    let server = watching(&source);
    assert!(ask(&server.address, "GET /readyz?verbose").contains("[+]watch ok"));
    std::fs::remove_dir_all(&source).unwrap();
    while !ask(&server.address, "GET /readyz?verbose").contains("[-]watch lost") {
        std::thread::sleep(Duration::from_millis(100));
    }
    wait_for(&server, "First.");
    folder.page("source/a.md", "Second.");
    wait_for(&server, "Second.");
    folder.page("source/a.md", "Third.");
    wait_for(&server, "Third.");
    assert!(ask(&server.address, "GET /readyz?verbose").contains("[+]watch ok"));
}

#[test]
fn a_folder_that_is_emptied_is_not_served_empty() {
    let folder = WatchedFolder::new("emptied");
    folder.page("source/a.md", "First.");
    let server = watching(&folder.0.join("source"));
    std::fs::remove_file(folder.0.join("source/a.md")).unwrap();
    while !ask(&server.address, "GET /readyz?verbose").contains("[-]reload failed") {
        std::thread::sleep(Duration::from_millis(100));
    }
    wait_for(&server, "First.");
    assert!(ask(&server.admin, "POST /admin/reload").contains("held 1 before"));
    assert!(ask(&server.admin, "POST /admin/reload?allow_empty=true").contains("\"swapped\""));
    assert!(ask(&server.address, "GET /v1/guides/a").starts_with("HTTP/1.1 404"));
}
