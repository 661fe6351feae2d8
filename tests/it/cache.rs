//! What is kept of a source between starts: it is used exactly as long as a load would find the same, and whatever is wrong with it,
//! the source is built.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use gradus::builtin::curriculum;
use gradus_engine::snapshot::Snapshot;
use gradus_engine::snapshot::cache::SnapshotCache;
use gradus_engine::viewer::Viewer;
use gradus_load::Input;
use proptest::prelude::*;

use crate::cli::gradus;
use crate::process::{ServerProcess, ask};

/// A folder with a source in `work/site/docs` and what is kept of it in `kept`.
struct Scene(PathBuf);

impl Scene {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("gradus-it-cache-{name}-{}", std::process::id()));
        drop(fs::remove_dir_all(&path));
        let scene = Self(path.canonicalize().unwrap_or(path));
        scene.write("work/site/docs/alpha.md", "# Alpha\n\nWords of the first. [Beta](beta.md)\n");
        scene.write("work/site/docs/beta.md", "---\nprerequisites: [alpha]\n---\n# Beta\n\nWords of the second.\n");
        scene
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn input(&self) -> Input {
        Input::Path(self.0.join("work/site/docs"))
    }

    fn cache(&self, program: u64) -> SnapshotCache {
        SnapshotCache::new(&self.0.join("kept"), program).unwrap()
    }

    /// Loads by way of the cache, keeps what was built, and tells what is shown and whether it had been kept.
    fn load(&self) -> (String, bool) {
        let cache = self.cache(1);
        let (snapshot, unkept) = cache.load(&self.input(), &mut |_| {}).unwrap();
        if let Some(unkept) = &unkept {
            cache.keep(unkept).unwrap();
        }
        (shown(&snapshot), unkept.is_none())
    }

    fn built(&self) -> String {
        shown(&Snapshot::build(&self.input(), &mut |_| {}).unwrap())
    }

    fn files(&self, ending: &str) -> Vec<PathBuf> {
        let files = fs::read_dir(self.0.join("kept")).unwrap().map(|file| file.unwrap().path());
        files.filter(|path| path.extension().is_some_and(|end| end == ending)).collect()
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// Everything that a load gives, as a text.
fn shown(snapshot: &Snapshot) -> String {
    let views = [Viewer::Anonymous, Viewer::Pro].map(|viewer| snapshot.view(viewer));
    let generations = views.map(|view| (&view.generation, &view.counts, &view.provenance.source));
    format!("{generations:?} {:?} {:?} {:?}", snapshot.diagnostics, snapshot.site, snapshot.until())
}

#[test]
fn what_was_built_is_used_until_something_is_different() {
    let scene = Scene::new("used");
    let (built, was_kept) = scene.load();
    assert!(!was_kept);
    assert_eq!(scene.load(), (built.clone(), true));
    // Times are no content.
    let page = scene.0.join("work/site/docs/alpha.md");
    File::options().append(true).open(&page).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
    assert_eq!(scene.load(), (built.clone(), true));
    let text = fs::read_to_string(&page).unwrap();
    fs::write(&page, text.replace("first", "third")).unwrap();
    let (changed, was_kept) = scene.load();
    assert!(!was_kept && changed != built);
    fs::write(&page, text).unwrap();
    assert_eq!(scene.load(), (built, false), "a source has one entry");
    assert_eq!((scene.files("gradus").len(), scene.files("found").len()), (1, 1));
    for file in fs::read_dir(scene.0.join("kept")).unwrap() {
        let mode = file.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "what may be locked is nobody else's");
    }
}

#[test]
fn a_link_that_leads_nowhere_is_no_news() {
    let scene = Scene::new("nowhere");
    let link = scene.0.join("work/site/docs/loop.txt");
    symlink(&link, &link).unwrap();
    let (built, _) = scene.load();
    assert_eq!(scene.load(), (built, true));
}

#[test]
fn another_program_builds_anew() {
    let scene = Scene::new("program");
    scene.load();
    let (_, unkept) = scene.cache(2).load(&scene.input(), &mut |_| {}).unwrap();
    assert!(unkept.is_some());
}

#[test]
fn the_curriculum_is_kept_by_its_content() {
    let scene = Scene::new("curriculum");
    let cache = scene.cache(1);
    let (built, unkept) = cache.load(&curriculum(), &mut |_| {}).unwrap();
    cache.keep(&unkept.unwrap()).unwrap();
    let (kept, unkept) = cache.load(&curriculum(), &mut |_| {}).unwrap();
    assert!(unkept.is_none());
    assert_eq!(shown(&kept), shown(&built));
}

/// What may happen to a file of a cache.
type Breaking = fn(&Path);

#[test]
fn whatever_is_wrong_with_what_is_kept_the_source_is_built() {
    let scene = Scene::new("broken");
    let (built, _) = scene.load();
    let broken: [(&str, Breaking); 5] = [
        ("found", |path| fs::write(path, b"").unwrap()),
        ("found", |path| {
            let mut bytes = fs::read(path).unwrap();
            bytes[3] ^= 1;
            fs::write(path, bytes).unwrap();
        }),
        ("gradus", |path| fs::remove_file(path).unwrap()),
        ("gradus", |path| {
            let bytes = fs::read(path).unwrap();
            fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
        }),
        ("gradus", |path| fs::write(path, b"something else").unwrap()),
    ];
    for (number, (ending, breaking)) in broken.iter().enumerate() {
        assert!(scene.load().1, "{number}: it was mended before");
        breaking(&scene.files(ending)[0]);
        let loaded = {
            let (snapshot, unkept) = scene.cache(1).load(&scene.input(), &mut |_| {}).unwrap();
            assert!(unkept.is_some(), "{number}");
            shown(&snapshot)
        };
        assert_eq!(loaded, built, "{number}");
        // A file that is no snapshot is not overwritten, wherever it lies; who made it may remove it.
        if number == 4 {
            fs::remove_file(&scene.files(ending)[0]).unwrap();
        }
        scene.load();
    }
}

#[test]
fn a_folder_that_others_may_look_into_is_not_used() {
    let scene = Scene::new("mode");
    let folder = scene.0.join("open");
    fs::create_dir_all(&folder).unwrap();
    fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
    let refused = SnapshotCache::new(&folder, 1).unwrap_err().to_string();
    assert!(refused.contains("chmod 700"), "{refused}");
}

#[test]
fn entries_that_nobody_asks_for_go() {
    let scene = Scene::new("old");
    scene.load();
    let other = Input::Path(scene.0.join("work/site"));
    let cache = scene.cache(1);
    let (_, unkept) = cache.load(&other, &mut |_| {}).unwrap();
    let old = SystemTime::now() - Duration::from_secs(61 * 86_400);
    for file in scene.files("found") {
        File::options().append(true).open(file).unwrap().set_modified(old).unwrap();
    }
    scene.write("kept/.left.gradus.1.part", "half");
    let part = File::options().append(true).open(scene.0.join("kept/.left.gradus.1.part")).unwrap();
    part.set_modified(old).unwrap();
    cache.keep(&unkept.unwrap()).unwrap();
    assert_eq!((scene.files("gradus").len(), scene.files("found").len(), scene.files("part").len()), (1, 1, 0));
    assert!(!scene.load().1);
}

#[test]
fn a_page_that_a_date_publishes_is_shown_from_then_on() {
    let scene = Scene::new("dates");
    assert_eq!(scene.load().0, scene.built());
    let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    scene.write("work/site/docs/soon.md", "---\npublishDate: 2999-01-01\n---\n# Soon\n\nText.\n");
    let (snapshot, _) = scene.cache(1).load(&scene.input(), &mut |_| {}).unwrap();
    let until = snapshot.until().unwrap();
    assert!(until > i64::try_from(seconds).unwrap() && until <= 32_472_144_000, "{until}");
    scene.load();
    let (kept, unkept) = scene.cache(1).load(&scene.input(), &mut |_| {}).unwrap();
    assert!(unkept.is_none());
    assert_eq!(kept.until(), Some(until));
}

#[test]
fn commands_and_servers_keep_what_they_built_unless_told_otherwise() {
    let scene = Scene::new("commands");
    let home = scene.0.join("home");
    let command = |args: &[&str]| {
        let mut command = gradus(args);
        command.env("XDG_CACHE_HOME", &home).env_remove("GRADUS_NO_CACHE").current_dir(&scene.0);
        command
    };
    let printed = |args: &[&str]| String::from_utf8(command(args).output().unwrap().stdout).unwrap();
    let search = ["search", "words", "--source", "work/site/docs", "-f", "json"];
    let built = printed(&[&search[..], &["--no-cache"]].concat());
    assert!(built.contains("beta") && !home.exists());
    assert_eq!(printed(&search), built);
    let kept = || fs::read_dir(home.join("gradus")).unwrap().count();
    assert_eq!(kept(), 2);
    assert_eq!(printed(&search), built);
    let server = ServerProcess::start(command(&["serve", "work/site/docs"]));
    assert!(ask(&server.address, "GET /v1/search?q=words").ends_with(&built));
    assert_eq!(kept(), 2, "a command and a server share what is kept");
}

/// Something that is done to a source or around it.
#[derive(Clone, Debug)]
enum Edit {
    Write(&'static str, &'static str),
    Remove(&'static str),
    Rename(&'static str, &'static str),
    Link(&'static str, &'static str),
    Nothing,
}

/// Paths at which something may lie that a load looks at, in the source, above it and beside it.
const PATHS: [&str; 24] = [
    "work/site/docs/alpha.md",
    "work/site/docs/beta.md",
    "work/site/docs/gamma.md",
    "work/site/docs/sub/delta.md",
    "work/site/docs/sub/index.md",
    "work/site/docs/beta.questions.yaml",
    "work/site/docs/concepts.yaml",
    "work/site/docs/gradus.toml",
    "work/site/docs/gradus.related.json",
    "work/site/docs/gradus.suggest.json",
    "work/site/docs/picture.png",
    "work/site/docs/rows.jsonl",
    "work/site/docs/.gitignore",
    "work/site/docs/.pages",
    "work/site/docs/SUMMARY.md",
    "work/site/docs/_category_.json",
    "work/site/mkdocs.yml",
    "work/site/hugo.toml",
    "work/site/docusaurus.config.js",
    "work/site/book.toml",
    "work/site/static/picture.png",
    "work/site/.git/HEAD",
    "work/mkdocs.yml",
    "outside.md",
];

/// What may be written there, fitting or not.
const TEXTS: [&str; 14] = [
    "# Alpha\n\nOther words. ![](picture.png) [out](../../../outside.md) [[gamma]]\n",
    "---\nprerequisites: [gamma, Delta]\naccess: pro\n---\n# Beta\n\nSecret words.\n",
    "# Gamma\n\nFree.\n\n<!-- pro -->\n\nNot free, with alpha. [s](../static/picture.png)\n",
    "---\ndraft: true\n---\n# Delta\n\nText.\n",
    "---\npublishDate: 2999-01-01\nupdated: 2998-02-03\n---\n# Later\n\nText.\n",
    "concepts:\n  alpha: {definition: The first., prerequisites: [beta]}\n",
    "[access]\npro = [\"sub/\"]\n",
    "[site]\nbase_url = \"https://example.org/learn/\"\n",
    "site_name: Site\nsite_url: https://example.org/docs/\nnav:\n  - alpha.md\n  - sub/delta.md\n",
    "{\"title\": \"Row\", \"text\": \"Words of a row.\", \"path\": \"row.md\"}\n",
    "- question: Why?\n  answer: Because.\n",
    "sub/\npicture.png\n",
    "# Summary\n\n- [Alpha](alpha.md)\n- [Delta](sub/delta.md)\n",
    "",
];

fn edit() -> impl Strategy<Value = Edit> {
    let path = || prop::sample::select(&PATHS[..]);
    prop_oneof![
        5 => (path(), prop::sample::select(&TEXTS[..])).prop_map(|(path, text)| Edit::Write(path, text)),
        2 => path().prop_map(Edit::Remove),
        1 => (path(), path()).prop_map(|(from, to)| Edit::Rename(from, to)),
        1 => (path(), path()).prop_map(|(to, at)| Edit::Link(to, at)),
        1 => Just(Edit::Nothing),
    ]
}

impl Edit {
    fn apply(&self, scene: &Scene) {
        let at = |path: &str| scene.0.join(path);
        let with_folder = |path: &str| {
            let path = at(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            path
        };
        // What cannot be done, such as removing what is not there, is not done.
        match self {
            Self::Write(path, text) => drop(fs::write(with_folder(path), text)),
            Self::Remove(path) => drop(fs::remove_file(at(path))),
            Self::Rename(from, to) => drop(fs::rename(at(from), with_folder(to))),
            Self::Link(to, path) => drop(symlink(at(to), with_folder(path))),
            Self::Nothing => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever happens to a source, what is loaded by way of the cache is what is built of it; and where nothing happened, nothing is
    /// built.
    #[test]
    fn what_is_kept_is_what_would_be_built(edits in prop::collection::vec(edit(), 1..12)) {
        let scene = Scene::new("edits");
        for edit in edits {
            edit.apply(&scene);
            let input = scene.input();
            let cache = scene.cache(1);
            let built = Snapshot::build(&input, &mut |_| {});
            let loaded = cache.load(&input, &mut |_| {});
            let (Ok(built), Ok((loaded, unkept))) = (&built, &loaded) else {
                prop_assert_eq!(built.is_ok(), loaded.is_ok(), "{:?}", edit);
                continue;
            };
            prop_assert_eq!(shown(loaded), shown(built), "{:?}", edit);
            if let Some(unkept) = unkept {
                cache.keep(unkept).unwrap();
                let (again, unkept) = cache.load(&input, &mut |_| {}).unwrap();
                prop_assert_eq!(shown(&again), shown(built), "{:?}", edit);
                let is_asked_again = !built.diagnostics.iter().any(|one| one.message.contains("cannot be read"));
                prop_assert!(unkept.is_none() || !is_asked_again, "{:?} is built twice", edit);
            }
        }
    }
}
