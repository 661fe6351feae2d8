//! Reloads swap whole snapshots, and a failed one changes nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::http::Method;
use gradus_engine::host::Host;
use gradus_load::Input;

use crate::client::Client;

/// A folder of its own that goes when it is dropped.
struct ScratchFolder(std::path::PathBuf);

impl ScratchFolder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("gradus-it-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.join(name), text).unwrap();
    }
}

impl Drop for ScratchFolder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            eprintln!("{}: {error}", self.0.display());
        }
    }
}

/// Writes version `n`: a title and a text that belong together.
fn version(folder: &ScratchFolder, n: usize) {
    folder.write("a.md", &format!("---\ntitle: Version {n}\nid: a\n---\nText of version {n}.\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_reloads_under_load_tear_no_answer() {
    let folder = ScratchFolder::new("reload");
    version(&folder, 0);
    let host = Arc::new(Host::new(Input::Path(folder.0.clone())));
    host.reload(&mut |_| {}).unwrap();
    let client = Arc::new(Client::of(Arc::clone(&host)));
    let done = Arc::new(AtomicBool::new(false));
    let asking = tokio::spawn({
        let (client, done) = (Arc::clone(&client), Arc::clone(&done));
        async move {
            let mut n_answers = 0;
            while !done.load(Ordering::Relaxed) || n_answers == 0 {
                let answer = client.get("/v1/guides/a").await;
                assert_eq!(answer.status, 200);
                let guide = answer.json();
                let title = guide["title"].as_str().unwrap().to_lowercase();
                let text = guide["sections"][0]["text_html"].as_str().unwrap();
                assert!(text.contains(&title), "torn: {title} beside {text}");
                n_answers += 1;
            }
            n_answers
        }
    });
    for n in 1..=100 {
        // Of four reloads two are good, one finds broken settings and one no source at all.
        let broken = n % 2 == 0;
        let is_gone = n % 4 == 0;
        folder.write("gradus.toml", if broken { "site = = broken\n" } else { "[site]\ntitle = \"It\"\n" });
        if !broken {
            version(&folder, n);
        }
        let away = folder.0.with_extension("away");
        if is_gone {
            std::fs::rename(&folder.0, &away).unwrap();
        }
        let reloading = Arc::clone(&host);
        let reloaded = tokio::task::spawn_blocking(move || reloading.reload(&mut |_| {})).await.unwrap();
        if is_gone {
            std::fs::rename(&away, &folder.0).unwrap();
        }
        assert_eq!(reloaded.is_err(), broken, "reload {n}");
        let diagnostics = client.admin(Method::GET, "/admin/diagnostics").await.json();
        let failure = diagnostics["last_failure"].as_str();
        let reason = if is_gone { "cannot read" } else { "gradus.toml:1:" };
        assert_eq!(failure.is_some_and(|why| why.contains(reason)), broken, "reload {n}: {failure:?}");
    }
    done.store(true, Ordering::Relaxed);
    assert!(asking.await.unwrap() > 100, "the load was no load");
    assert_eq!(client.get("/v1/guides/a").await.json()["title"], "Version 99");
}

#[tokio::test]
async fn a_source_that_is_gone_leaves_the_old_snapshot_serving() {
    let folder = ScratchFolder::new("gone");
    version(&folder, 1);
    let host = Arc::new(Host::new(Input::Path(folder.0.clone())));
    host.reload(&mut |_| {}).unwrap();
    let client = Client::of(host);
    std::fs::rename(&folder.0, folder.0.with_extension("away")).unwrap();
    let answer = client.admin(Method::POST, "/admin/reload").await;
    assert_eq!(answer.status, 500);
    assert!(answer.json()["detail"].as_str().unwrap().contains("the load failed"), "{}", answer.text());
    assert_eq!(client.get("/v1/guides/a").await.status, 200);
    std::fs::rename(folder.0.with_extension("away"), &folder.0).unwrap();
    assert_eq!(client.admin(Method::POST, "/admin/reload").await.json()["outcome"], "unchanged");
}
