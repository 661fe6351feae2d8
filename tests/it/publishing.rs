//! Publishing: what is published is served everywhere as it was built, once, in order, and never a step back.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use gradus::replica::{Replica, ReplicaSettings, ReplicaStanding, StoreState};
use gradus_engine::host::Host;
use gradus_engine::questions::questions;
use gradus_engine::snapshot::Snapshot;
use gradus_load::Input;
use gradus_publication::{
    EtcdAccess, Preparation, PruneTerms, PublicationError, PublicationFacts, StoreAddress, TreeBody, prune,
    read_manifest,
};
use serde_json::Value;

use crate::cli::gradus;
use crate::client::Client;
use crate::disk::assert_alike;

/// A folder with a source, a store and the states of replicas, which goes when it is dropped.
struct PublicationFolder(PathBuf);

impl PublicationFolder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("gradus-it-publish-{name}-{}", std::process::id()));
        fs::create_dir_all(path.join("docs")).unwrap();
        Self(path.canonicalize().unwrap())
    }

    /// One with `n` guides, the text of which is that of version 0.
    fn with_guides(name: &str, n: usize) -> Self {
        let folder = Self::new(name);
        (0..n).for_each(|at| folder.write_guide(at, 0));
        folder
    }

    fn write_guide(&self, at: usize, version: usize) {
        let text = format!("---\ntitle: Guide {at}\nid: g{at}\n---\n# Guide {at}\n\nText of version {version}.\n");
        fs::write(self.0.join(format!("docs/g{at}.md")), text).unwrap();
    }

    fn docs(&self) -> PathBuf {
        self.0.join("docs")
    }

    fn url(&self) -> String {
        format!("file://{}/store", self.0.display())
    }

    fn address(&self) -> StoreAddress {
        StoreAddress { register: self.url(), blobs: None, channel: None, etcd: EtcdAccess::default() }
    }

    /// Publishes, and gives the exit status, what is printed and what is complained of.
    fn publish(&self, source: &Path, more: &[&str]) -> (Option<i32>, String, String) {
        let (source, url) = (source.display().to_string(), self.url());
        let output = gradus(&[&["publish", &source, "--to", &url], more].concat()).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    }

    /// Publishes the guides, and gives the number.
    fn published(&self) -> String {
        let (status, number, told) = self.publish(&self.docs(), &[]);
        assert_eq!(status, Some(0), "{told}");
        number.trim().to_owned()
    }

    fn replica(&self, name: &str) -> TestReplica {
        let settings = ReplicaSettings {
            store: self.address(),
            state: self.0.join(name),
            poll: Duration::from_millis(10),
            wait: Duration::from_millis(50),
        };
        let (host, standing) = (Arc::new(Host::without_source()), ReplicaStanding::default());
        let replica = Replica::new(&settings, Arc::clone(&host), standing.clone()).unwrap();
        TestReplica { replica, host, standing, wait: settings.wait }
    }

    /// The files of the store below `kind`, the newest last.
    fn stored(&self, kind: &str) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> =
            fs::read_dir(self.0.join("store").join(kind)).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort_by_key(|path| (fs::metadata(path).unwrap().modified().unwrap(), path.clone()));
        files
    }
}

impl Drop for PublicationFolder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

/// A replica in this process.
struct TestReplica {
    replica: Replica,
    host: Arc<Host>,
    standing: ReplicaStanding,
    wait: Duration,
}

impl TestReplica {
    fn look(&mut self) {
        self.replica.look(&mut |_| {});
    }

    fn served(&self) -> Option<String> {
        self.standing.served().map(|number| number.to_string())
    }

    fn snapshot(&self) -> Arc<Snapshot> {
        self.host.snapshot().unwrap()
    }

    fn client(&self) -> Client {
        Client::replicating(Arc::clone(&self.host), self.standing.clone(), self.wait)
    }
}

fn facts() -> PublicationFacts {
    PublicationFacts::default()
}

#[test]
fn sites_are_served_from_a_store_as_they_are_from_their_folders() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sites =
        ["docusaurus-website", "hugo-languages", "jekyll", "mkdocs-i18n", "obsidian", "sphinx", "starlight-file"];
    let mut sources: Vec<PathBuf> = sites.iter().map(|site| here.join("tests/sites").join(site).join("src")).collect();
    sources.push(here.join("tests/fixtures/locked"));
    for source in sources {
        let folder = PublicationFolder::new("sites");
        let (status, _, told) = folder.publish(&source, &["--force"]);
        assert_eq!(status, Some(0), "{}: {told}", source.display());
        let mut replica = folder.replica("state");
        replica.look();
        let built = Snapshot::build(&Input::Path(source.clone()), &mut |_| {}).unwrap();
        let n_answers = assert_alike(&replica.snapshot(), &built);
        assert!(n_answers > 50, "{}: {n_answers}", source.display());
    }
}

#[test]
fn what_lies_above_a_source_is_published_as_far_as_it_counts() {
    let folder = PublicationFolder::with_guides("above", 2);
    fs::create_dir_all(folder.0.join(".git")).unwrap();
    fs::create_dir_all(folder.0.join("img")).unwrap();
    fs::write(folder.0.join("mkdocs.yml"), "site_name: It\nsite_url: https://example.org/it/\n").unwrap();
    fs::write(folder.0.join("img/a.png"), "no text").unwrap();
    fs::write(folder.0.join("secret.txt"), "nobody asked for it").unwrap();
    fs::write(folder.docs().join("g2.md"), "# Links\n\n[shown](../img/a.png) and [lost](../img/b.png)\n").unwrap();
    folder.published();
    // The state lies elsewhere: a repository holds none.
    let away = PublicationFolder::new("above-state");
    let settings = ReplicaSettings {
        store: folder.address(),
        state: away.0.join("state"),
        poll: Duration::from_millis(10),
        wait: Duration::ZERO,
    };
    let host = Arc::new(Host::without_source());
    let mut replica = Replica::new(&settings, Arc::clone(&host), ReplicaStanding::default()).unwrap();
    replica.look(&mut |_| {});
    let built = Snapshot::build(&Input::Path(folder.docs()), &mut |_| {}).unwrap();
    assert_alike(&host.snapshot().unwrap(), &built);
    let told: Vec<&str> = built.diagnostics.iter().map(|one| &*one.message).collect();
    assert!(
        told.iter().any(|told| told.contains("b.png")) && !told.iter().any(|told| told.contains("a.png")),
        "{told:?}"
    );
    let store = folder.address().open().unwrap();
    let head = store.register.head().unwrap().unwrap();
    let paths: Vec<String> = read_manifest(&store, head.publication.manifest).unwrap().files.into_keys().collect();
    // What no load looks at is not published.
    assert_eq!(paths, [".git", "docs", "docs/g0.md", "docs/g1.md", "docs/g2.md", "img/a.png", "mkdocs.yml"]);
    let error = Replica::new(
        &ReplicaSettings { state: folder.0.join("state"), ..settings },
        Arc::new(Host::without_source()),
        ReplicaStanding::default(),
    );
    assert!(error.err().unwrap().to_string().contains("lies in the repository"));
}

#[test]
fn content_is_published_once_however_often_it_is() {
    let folder = PublicationFolder::with_guides("once", 3);
    assert_eq!(folder.published(), "1");
    let n_stored = folder.stored("packs").len() + folder.stored("manifests").len();
    let (status, number, told) = folder.publish(&folder.docs(), &[]);
    assert_eq!((status, number.trim()), (Some(0), "1"));
    assert!(told.contains("nothing has changed since 1"), "{told}");
    // Another folder of the same name with the same content is the same content.
    let copy = PublicationFolder::with_guides("once-copy", 3);
    assert_eq!(folder.publish(&copy.docs(), &[]).1.trim(), "1");
    assert_eq!(folder.stored("packs").len() + folder.stored("manifests").len(), n_stored);
    folder.write_guide(1, 1);
    assert_eq!(folder.published(), "2");
}

#[test]
fn a_change_of_one_page_in_a_hundred_moves_one_page_in_a_hundred() {
    let folder = PublicationFolder::new("moves");
    let page = |at: usize, version: usize| {
        // Every page says something else, so that packs are not small for being alike.
        let words: Vec<String> =
            (0..200).map(|word| format!("{:x}", (at * 7919 + word * 104_729 + version) * 2_654_435_761)).collect();
        fs::write(folder.docs().join(format!("p{at:04}.md")), format!("# Page {at}\n\n{}\n", words.join(" "))).unwrap();
    };
    (0..1_000).for_each(|at| page(at, 0));
    folder.published();
    let bytes = |kind| folder.stored(kind).iter().map(|path| fs::metadata(path).unwrap().len()).sum::<u64>();
    let (all, packs_before) = (bytes("packs"), bytes("packs"));
    (0..1_000).step_by(100).for_each(|at| page(at, 1));
    folder.published();
    let moved = bytes("packs") - packs_before;
    assert!(moved > 0 && moved * 50 < all, "{moved} of {all} bytes moved for one page in a hundred");
}

#[test]
fn numbers_only_grow_whatever_is_brought_back() {
    let folder = PublicationFolder::with_guides("history", 1);
    folder.published();
    folder.write_guide(0, 1);
    folder.published();
    let url = folder.url();
    let run = |args: &[&str]| {
        let output = gradus(&[&["publish", "--to", &url], args].concat()).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(run(&["--restore", "1"]).1.trim(), "3");
    let history: Value = serde_json::from_str(&run(&["--history", "-f", "json"]).1).unwrap();
    let told: Vec<(&str, &Value)> = history["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["publication"].as_str().unwrap(), &one["restores"]))
        .collect();
    assert_eq!(told, [("3", &"1".into()), ("2", &Value::Null), ("1", &Value::Null)]);
    assert_eq!(history["items"][0]["manifest"], history["items"][2]["manifest"]);
    let (status, _, told) = run(&["--restore", "9"]);
    assert_eq!(status, Some(2));
    assert!(told.contains("publication 9 is missing in the store"), "{told}");
}

#[test]
fn who_publishes_meanwhile_is_told_and_nothing_is_lost() {
    let folder = PublicationFolder::new("meanwhile");
    let store = folder.address().open().unwrap();
    let prepare = |text: &str| {
        let mut preparation = Preparation::begin(&store, false).unwrap();
        preparation.add("docs/a.md", TreeBody::File(text.as_bytes())).unwrap();
        preparation.finish("docs", 0, String::new()).unwrap()
    };
    let (one, other) = (prepare("# One\n"), prepare("# Other\n"));
    let (manifest, _) = one.put(&store).unwrap();
    one.advance(&store, manifest, facts()).unwrap();
    let (manifest, _) = other.put(&store).unwrap();
    let error = other.advance(&store, manifest, facts()).unwrap_err();
    assert_eq!(error.to_string(), "someone published 1 meanwhile");
    assert!(matches!(error, PublicationError::Moved(_)));
    assert_eq!(store.register.history().unwrap().len(), 1);
}

#[test]
fn publishers_at_once_get_one_number_each() {
    const PUBLISHERS: usize = 4;
    const ROUNDS: usize = 25;
    let folder = PublicationFolder::new("at-once");
    let publish = |publisher: usize| {
        let store = folder.address().open().unwrap();
        let mut numbers = Vec::new();
        while numbers.len() < ROUNDS {
            let mut preparation = Preparation::begin(&store, false).unwrap();
            let text = format!("# {publisher} {}\n", numbers.len());
            preparation.add("docs/a.md", TreeBody::File(text.as_bytes())).unwrap();
            let prepared = preparation.finish("docs", 0, String::new()).unwrap();
            let (manifest, _) = prepared.put(&store).unwrap();
            match prepared.advance(&store, manifest, facts()) {
                Ok(publication) => numbers.push(publication.number().seq),
                Err(PublicationError::Moved(_)) => {}
                Err(error) => panic!("{error}"),
            }
        }
        numbers
    };
    let publish = &publish;
    let mut numbers: Vec<u64> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..PUBLISHERS).map(|publisher| scope.spawn(move || publish(publisher))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=(PUBLISHERS * ROUNDS) as u64).collect::<Vec<_>>());
}

#[test]
fn who_dies_before_the_number_counts_leaves_nothing_that_anybody_sees() {
    let folder = PublicationFolder::with_guides("dies", 2);
    folder.published();
    let store = folder.address().open().unwrap();
    let mut preparation = Preparation::begin(&store, false).unwrap();
    preparation.add("docs/new.md", TreeBody::File(b"# New\n")).unwrap();
    preparation.finish("docs", 0, String::new()).unwrap().put(&store).unwrap();
    // Dead.
    let mut replica = folder.replica("state");
    replica.look();
    assert_eq!(replica.served().as_deref(), Some("1"));
    let n_stored = || folder.stored("packs").len() + folder.stored("manifests").len();
    let n_left = n_stored();
    let now = |hours: i64| {
        let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        i64::try_from(since_1970.as_secs()).unwrap() + hours * 3_600
    };
    let terms = |hours| PruneTerms { keep: 10, older_than: Duration::ZERO, now: now(hours) };
    assert_eq!(prune(&store, terms(0)).unwrap().n_blobs, 0, "somebody may be about to name what is young");
    assert_eq!(prune(&store, terms(2)).unwrap().n_blobs, 3, "a pack, a leaf and a root");
    assert_eq!(n_stored(), n_left - 3);
    folder.write_guide(0, 1);
    assert_eq!(folder.published(), "2");
}

#[test]
fn pruning_leaves_what_is_kept_whole() {
    let folder = PublicationFolder::with_guides("prune", 3);
    for version in 1..6 {
        folder.write_guide(1, version);
        folder.published();
    }
    let store = folder.address().open().unwrap();
    let terms = PruneTerms { keep: 2, older_than: Duration::ZERO, now: i64::MAX / 2 };
    let pruned = prune(&store, terms).unwrap();
    assert_eq!(pruned.n_publications, 3);
    assert!(pruned.n_blobs >= 3 * 2, "{pruned:?}");
    let mut replica = folder.replica("state");
    replica.look();
    assert_eq!(replica.served().as_deref(), Some("5"));
    let output = gradus(&["publish", "--to", &folder.url(), "--restore", "4"]).output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), "6");
    replica.look();
    assert_eq!(replica.served().as_deref(), Some("6"));
}

#[test]
fn bad_content_is_not_published() {
    let folder = PublicationFolder::with_guides("bad", 1);
    fs::write(folder.docs().join("b.md"), "---\ntitle: [\n---\n# B\n").unwrap();
    let (status, printed, told) = folder.publish(&folder.docs(), &[]);
    assert_eq!((status, printed.as_str()), (Some(1), ""));
    assert!(told.contains("1 error in the content: gradus check"), "{told}");
    assert_eq!(folder.publish(&folder.docs(), &["--force"]).1.trim(), "1");
    let empty = PublicationFolder::new("empty");
    let (status, _, told) = empty.publish(&empty.docs(), &[]);
    assert_eq!(status, Some(1));
    assert!(told.contains("holds no page"), "{told}");
    let golden = folder.0.join("golden.yaml");
    fs::write(&golden, "- q: zebra crossing\n  relevant: {\"guide:g0\": 3}\n").unwrap();
    folder.write_guide(0, 1);
    let golden = golden.display().to_string();
    let (status, _, told) = folder.publish(&folder.docs(), &["--force", "--golden", &golden, "--floor", "0.5"]);
    assert_eq!(status, Some(1), "{told}");
    assert!(told.contains("is below the floor"), "{told}");
}

#[test]
fn a_replica_starts_without_its_store_and_never_goes_back() {
    let folder = PublicationFolder::with_guides("restart", 2);
    folder.published();
    folder.write_guide(0, 1);
    folder.published();
    let mut replica = folder.replica("state");
    replica.look();
    assert_eq!(replica.served().as_deref(), Some("2"));
    drop(replica);
    let (store, away) = (folder.0.join("store"), folder.0.join("away"));
    fs::rename(&store, &away).unwrap();
    let mut replica = folder.replica("state");
    replica.replica.resume(&mut |_| {}).unwrap();
    assert_eq!(replica.served().as_deref(), Some("2"));
    replica.look();
    assert_eq!(replica.served().as_deref(), Some("2"));
    // A record that was put back to an older state.
    fs::rename(&away, &store).unwrap();
    fs::remove_file(folder.stored("publications").pop().unwrap()).unwrap();
    replica.look();
    assert_eq!(replica.served().as_deref(), Some("2"));
    assert_eq!(replica.standing.refused().map(|number| number.to_string()).as_deref(), Some("1"));
    // Only a new epoch leads on.
    folder.write_guide(0, 2);
    let (status, number, told) = folder.publish(&folder.docs(), &["--new-epoch"]);
    assert_eq!((status, number.trim()), (Some(0), "1.2"), "{told}");
    replica.look();
    assert_eq!((replica.served().as_deref(), replica.standing.refused()), (Some("1.2"), None));
}

#[test]
fn one_number_stands_for_one_publication_though_the_record_was_lost() {
    let folder = PublicationFolder::with_guides("another", 1);
    folder.published();
    let mut replica = folder.replica("state");
    replica.look();
    let before = replica.snapshot();
    fs::remove_dir_all(folder.0.join("store")).unwrap();
    replica.look();
    assert_eq!(replica.served().as_deref(), Some("1"), "nothing is published there any more");
    folder.write_guide(0, 1);
    assert_eq!(folder.published(), "1");
    replica.look();
    assert!(replica.snapshot().same_content(&before));
    assert_eq!(replica.standing.refused().map(|number| number.seq), Some(1));
    assert_eq!(folder.publish(&folder.docs(), &["--new-epoch"]).1.trim(), "1.2");
    replica.look();
    assert_eq!(replica.served().as_deref(), Some("1.2"));
}

#[test]
fn what_is_damaged_is_refused_and_named_and_mended() {
    let folder = PublicationFolder::with_guides("damaged", 2);
    folder.published();
    let mut replica = folder.replica("state");
    replica.look();
    let before = folder.stored("packs");
    folder.write_guide(0, 1);
    folder.published();
    let pack = folder.stored("packs").into_iter().find(|pack| !before.contains(pack)).unwrap();
    let whole = fs::read(&pack).unwrap();
    for damaged in [&whole[..whole.len() / 2], &[&whole[..], b"more"].concat(), b""] {
        fs::write(&pack, damaged).unwrap();
        replica.look();
        assert_eq!(replica.served().as_deref(), Some("1"));
        assert_eq!(replica.standing.refused().map(|number| number.seq), Some(2));
        assert_eq!(replica.standing.store(), StoreState::Reached);
    }
    fs::remove_file(&pack).unwrap();
    replica.look();
    assert_eq!(replica.served().as_deref(), Some("1"));
    // The same content once more, everything put again.
    let (status, number, told) = folder.publish(&folder.docs(), &["--anew"]);
    assert_eq!((status, number.trim()), (Some(0), "3"), "{told}");
    replica.look();
    assert_eq!((replica.served().as_deref(), replica.standing.refused()), (Some("3"), None));
}

#[test]
fn what_cannot_be_read_is_refused_until_something_is_restored() {
    let folder = PublicationFolder::with_guides("newer", 2);
    folder.published();
    let mut replica = folder.replica("state");
    replica.look();
    folder.write_guide(0, 1);
    folder.published();
    // The record names a manifest that is none.
    let record = folder.stored("publications").pop().unwrap();
    let mut told: Value = serde_json::from_slice(&fs::read(&record).unwrap()).unwrap();
    told["manifest"] = told["manifest"].as_str().unwrap().replace(['0', '1'], "2").into();
    fs::write(&record, told.to_string()).unwrap();
    replica.look();
    assert_eq!(replica.served().as_deref(), Some("1"));
    let restored = gradus(&["publish", "--to", &folder.url(), "--restore", "1"]).output().unwrap();
    assert_eq!(String::from_utf8(restored.stdout).unwrap().trim(), "3");
    replica.look();
    assert_eq!(replica.served().as_deref(), Some("3"));
}

#[test]
fn what_is_damaged_on_a_replica_is_fetched_anew() {
    let folder = PublicationFolder::with_guides("kept", 2);
    folder.published();
    let mut replica = folder.replica("state");
    replica.look();
    drop(replica);
    for entry in fs::read_dir(folder.0.join("state/packs")).unwrap() {
        fs::write(entry.unwrap().path(), "damaged").unwrap();
    }
    let mut replica = folder.replica("state");
    replica.replica.resume(&mut |_| {}).unwrap();
    assert_eq!(replica.served(), None, "the store was not asked");
    replica.look();
    assert_eq!(replica.served().as_deref(), Some("1"));
}

#[test]
fn a_state_is_for_its_owner_and_for_one_process() {
    let folder = PublicationFolder::with_guides("state", 1);
    folder.published();
    let mut replica = folder.replica("state");
    replica.look();
    let mode = |name: &str| fs::metadata(folder.0.join(name)).unwrap().permissions().mode() & 0o777;
    for name in ["state", "state/packs", "state/trees", "store", "store/packs", "store/publications"] {
        assert_eq!(mode(name), 0o700, "{name}");
    }
    let settings = ReplicaSettings {
        store: folder.address(),
        state: folder.0.join("state"),
        poll: Duration::from_secs(1),
        wait: Duration::ZERO,
    };
    let second = Replica::new(&settings, Arc::new(Host::without_source()), ReplicaStanding::default());
    assert!(second.err().unwrap().to_string().contains("in use by another process"));
}

#[tokio::test]
async fn every_answer_names_its_publication_and_none_is_older_than_its_reader_has_seen() {
    let folder = PublicationFolder::with_guides("session", 2);
    folder.published();
    let (mut ahead, mut behind) = (folder.replica("ahead"), folder.replica("behind"));
    ahead.look();
    behind.look();
    folder.write_guide(0, 1);
    folder.published();
    ahead.look();
    let (ahead, slow) = (ahead.client(), behind.client());
    let at_least = |number| [("gradus-at-least", number)];
    for path in [
        "/",
        "/search?q=guide",
        "/guides/g0",
        "/guides/nothing",
        "/v1/status",
        "/v1/search?q=guide",
        "/v1/guides/nothing",
        "/llms.txt",
        "/v1/nothing",
    ] {
        let answer = ahead.get_with(path, &at_least("2")).await;
        assert_eq!(answer.headers["gradus-publication"], "2", "{path}");
        let answer = slow.get_with(path, &at_least("1")).await;
        assert_eq!(answer.headers["gradus-publication"], "1", "{path}");
        let refused = slow.get_with(path, &at_least("2")).await;
        assert_eq!((refused.status, &refused.headers["gradus-publication"]), (503, &"1".parse().unwrap()), "{path}");
        assert!(refused.headers.contains_key("retry-after"), "{path}");
    }
    let batch = r#"{"requests": ["/v1/guides/g0"]}"#;
    let answer =
        slow.request(axum::http::Method::POST, "/v1/batch", &[("content-type", "application/json")], batch).await;
    assert_eq!((answer.status, &answer.headers["gradus-publication"]), (200, &"1".parse().unwrap()));
    for wrong in ["two", "-1", "1.2.3", ""] {
        assert_eq!(slow.get_with("/v1/status", &at_least(wrong)).await.status, 400, "{wrong}");
    }
    // Who comes a moment too early waits for that moment.
    let waiting = behind.wait;
    let asking = async { slow.get_with("/v1/guides/g0", &at_least("2")).await };
    let coming = tokio::task::spawn_blocking(move || {
        behind.look();
        behind
    });
    let (answer, behind) = tokio::join!(asking, coming);
    let behind = behind.unwrap();
    assert_eq!(behind.served().as_deref(), Some("2"));
    // How fast a build is decides whether the moment was enough; never is an older one shown.
    assert!(answer.status == 503 || answer.text().contains("version 1"), "{waiting:?}: {}", answer.text());
    assert_eq!(slow.get_with("/v1/guides/g0", &at_least("2")).await.status, 200);
}

#[tokio::test]
async fn caches_ask_replicas_each_time_and_replicas_agree() {
    let folder = PublicationFolder::with_guides("caches", 30);
    folder.published();
    let (mut one, mut other) = (folder.replica("one"), folder.replica("other"));
    one.look();
    other.look();
    let (one, other) = (one.client(), other.client());
    for path in ["/v1/guides", "/guides/g0", "/"] {
        let answer = one.get(path).await;
        assert_eq!(answer.headers["cache-control"], "public, no-cache", "{path}");
        let etag = answer.headers["etag"].to_str().unwrap();
        let again = other.get_with(path, &[("if-none-match", etag)]).await;
        assert_eq!((again.status, &again.headers["gradus-publication"]), (304, &"1".parse().unwrap()), "{path}");
    }
    let first = one.get("/v1/guides?limit=10").await.json();
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = other.get(&format!("/v1/guides?limit=10&cursor={cursor}")).await;
    assert_eq!(second.json()["items"].as_array().unwrap().len(), 10);
    // A server of its own source publishes nothing and says nothing of it.
    let alone = Client::new(Input::Path(folder.docs()));
    assert!(!alone.get("/v1/guides").await.headers.contains_key("gradus-publication"));
}

#[tokio::test]
async fn a_replica_that_has_nothing_yet_is_not_ready() {
    let folder = PublicationFolder::with_guides("ready", 1);
    let mut replica = folder.replica("state");
    replica.look();
    let client = replica.client();
    assert_eq!(client.get("/readyz").await.status, 503);
    assert_eq!(client.get("/v1/guides").await.status, 503);
    assert_eq!(client.admin(axum::http::Method::POST, "/admin/reload").await.status, 500, "there is nothing to load");
    folder.published();
    replica.look();
    assert_eq!(client.get("/readyz").await.status, 200);
    let told = client.get("/readyz?verbose").await.text();
    assert!(told.contains("[+]publication 1\n[+]store ok\n"), "{told}");
    assert_eq!(client.get("/v1/status").await.json()["publication"], "1");
    // What is published and what the thread of a reload makes of it are one.
    assert_eq!(client.admin(axum::http::Method::POST, "/admin/reload").await.json()["outcome"], "unchanged");
    assert_eq!(client.get("/v1/guides").await.headers["gradus-publication"], "1");
    assert!(questions().len() > 10);
}

#[test]
fn a_canary_is_promoted_as_it_is() {
    let folder = PublicationFolder::with_guides("canary", 1);
    folder.published();
    folder.write_guide(0, 1);
    assert_eq!(folder.publish(&folder.docs(), &["--channel", "canary"]).1.trim(), "1");
    let mut replica = folder.replica("state");
    replica.look();
    assert!(replica.snapshot().publication().is_some_and(|number| number.seq == 1));
    let promoted = gradus(&["publish", "--to", &folder.url(), "--promote", "canary"]).output().unwrap();
    assert_eq!(String::from_utf8(promoted.stdout).unwrap().trim(), "2");
    replica.look();
    let built = Snapshot::build(&Input::Path(folder.docs()), &mut |_| {}).unwrap();
    assert!(replica.snapshot().same_content(&built));
}
