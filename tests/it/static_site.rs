//! Sites without a server: what `gradus build` writes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use super::client::Client;

/// A folder of a test that holds nothing.
fn scratch(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("gradus-it-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn build(source: Option<&Path>, out: &Path, more: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gradus"));
    command.arg("build").args(source).arg("--out").arg(out).args(more);
    let done = command.output().unwrap();
    let said = [done.stdout, done.stderr].map(|said| String::from_utf8(said).unwrap()).concat();
    (done.status.code().unwrap(), said)
}

/// Every file under `folder` by its path, but the list of what was written.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                files.insert(name, fs::read(path).unwrap());
            }
        }
    }
    files
}

/// The files that the page at `file` leads to and that are not there.
fn dead_links(folder: &Path, file: &str, page: &str) -> Vec<String> {
    let at: PathBuf = folder.join(file);
    let links = page.split([' ', '\n']).filter_map(|part| {
        let value = part.strip_prefix("href=\"").or_else(|| part.strip_prefix("src=\""))?;
        value.split(['"', '#', '?']).next().filter(|link| !link.is_empty() && !link.contains(':'))
    });
    let is_dead = |link: &&str| {
        let decoded = percent_encoding::percent_decode_str(link).decode_utf8().unwrap().into_owned();
        let target = at.parent().unwrap().join(&decoded);
        let target = if decoded.ends_with('/') { target.join("index.html") } else { target };
        !target.is_file()
    };
    links.filter(is_dead).map(|link| format!("{file}: {link}")).collect()
}

#[test]
fn the_curriculum_is_whole_twice_the_same_and_leads_nowhere_wrong() {
    let folder = scratch("static-curriculum");
    let (one, two) = (folder.join("one"), folder.join("two"));
    let (code, said) = build(None, &one, &["--base-url", "https://a.example/docs"]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(build(None, &two, &["--base-url", "https://a.example/docs"]).0, 0);
    let built = files(&one);
    let again = files(&two);
    let differ: Vec<&String> = built.keys().filter(|file| built.get(*file) != again.get(*file)).collect();
    assert!(differ.is_empty() && built.len() == again.len(), "{differ:?}");
    let mut dead = Vec::new();
    for (file, bytes) in built.iter().filter(|(file, _)| file.ends_with("index.html")) {
        let page = String::from_utf8_lossy(bytes);
        dead.extend(dead_links(&one, file, &page));
        assert!(!page.contains("href=\"/") && !page.contains("src=\"/"), "{file} leads to the top of a host");
    }
    assert_eq!(dead, Vec::<String>::new());
    for file in [
        "concepts/kv-cache/index.html",
        "path/concept-pagedattention/index.html",
        "search.json",
        "sitemap.xml",
        "v1/concepts/kv-cache/related.json",
    ] {
        assert!(built.contains_key(file), "{file}");
    }
    assert!(String::from_utf8_lossy(&built["404.html"]).contains("href=\"/docs/map/\""));
    assert!(
        String::from_utf8_lossy(&built["sitemap.xml"]).contains("<loc>https://a.example/docs/concepts/kv-cache/</loc>")
    );
    let again = build(None, &one, &["--base-url", "https://a.example/docs"]);
    assert!(again.1.contains(" 0 written, 0 removed"), "{}", again.1);
}

/// What is learned in each step of a plan, from what, in how many minutes, and which steps it needs.
fn steps(plan: &Value) -> Vec<Value> {
    let step = |step: &Value| {
        let concepts: Vec<&Value> = step["concepts"].as_array().unwrap().iter().map(|concept| &concept["id"]).collect();
        json!([concepts, step["guide"]["id"], step["section"]["title"], step["minutes"], step["locked"], step["needs"]])
    };
    plan["steps"].as_array().unwrap().iter().map(step).collect()
}

#[tokio::test]
async fn plans_and_what_components_show_are_those_of_the_server() {
    let folder = scratch("static-plan");
    let out = folder.join("out");
    assert_eq!(build(None, &out, &[]).0, 0);
    let file = |path: &str| serde_json::from_slice::<Value>(&fs::read(out.join(path)).unwrap()).unwrap();
    let client = Client::curriculum();
    let known = file("v1/resolve.json");
    let ids = known["ids"].as_array().unwrap();
    assert!(ids.len() > 200, "only {} pages", ids.len());
    for id in ids {
        let id = id.as_str().unwrap();
        let (kind, slug) = id.split_once(':').unwrap();
        let plan = client.get(&format!("/v1/plan?target={id}")).await.json();
        let written = file(&format!("v1/{kind}s/{slug}/plan.json"));
        assert_eq!(steps(&written), steps(&plan), "{id}");
        assert_eq!(written["minutes_total"], plan["minutes_total"], "{id}");
        let page = fs::read_to_string(out.join("path").join(id.replace(':', "-")).join("plan.md")).unwrap();
        assert_eq!(page.lines().filter(|line| line.starts_with("- [ ]")).count(), steps(&plan).len(), "{id}:\n{page}");
        for (question, query, n) in [("prerequisites", "depth=1&reduce=true", usize::MAX), ("related", "limit=6", 6)] {
            let asked = client.get(&format!("/v1/{kind}s/{id}/{question}?{query}")).await.json();
            let written = file(&format!("v1/{kind}s/{slug}/{question}.json"));
            let shown = |answer: &Value| -> Vec<Value> {
                let item =
                    |item: &Value| json!([item["id"], item["minutes"], item["locked"], item["reasons"][0]["text"]]);
                answer["items"].as_array().unwrap().iter().take(n).map(item).collect()
            };
            assert_eq!(shown(&written), shown(&asked), "{id} {question}");
        }
        let address = client.get(&format!("/v1/resolve?ref=url:http://localhost/{kind}s/{slug}/")).await.json();
        let at = known["addresses"][format!("/{kind}s/{slug}")].as_u64().unwrap();
        assert_eq!(ids[usize::try_from(at).unwrap()], address["items"][0]["id"], "{id}");
    }
}

#[test]
fn addresses_of_answers_are_files_or_pages_of_the_site_itself() {
    let folder = scratch("static-addresses");
    let source = folder.join("docs");
    fs::create_dir_all(source.join("tutorial")).unwrap();
    fs::write(source.join("tutorial/a.md"), "# A\n\nText.\n\n## Part\n\nText.\n").unwrap();
    fs::write(source.join("b.md"), "---\nrequires: [a]\n---\n# B\n\nAfter [A](tutorial/a.md).\n").unwrap();
    assert_eq!(build(Some(&source), &folder.join("plain"), &[]).0, 0);
    fs::write(source.join("gradus.toml"), "[site]\nbase_url = \"https://docs.example/learn\"\n").unwrap();
    assert_eq!(build(Some(&source), &folder.join("based"), &[]).0, 0);
    let told = |site: &str, file: &str| fs::read_to_string(folder.join(site).join(file)).unwrap();
    let plain = told("plain", "v1/guides/b/prerequisites.json");
    assert!(plain.contains("\"url\":\"guides/tutorial~a/\""), "{plain}");
    let based = told("based", "v1/guides/b/prerequisites.json");
    assert!(based.contains("\"url\":\"https://docs.example/learn/tutorial/a"), "{based}");
    let addresses: Value = serde_json::from_str(&told("based", "v1/resolve.json")).unwrap();
    assert_eq!(addresses["base"], "/learn");
    assert_eq!(addresses["ids"][1], "guide:tutorial~a");
    assert_eq!(addresses["addresses"]["/learn/tutorial/a"], 1);
    let index: Value = serde_json::from_str(&told("based", "search.json")).unwrap();
    assert_eq!(index[1]["s"], json!([["part", "Part"]]));
}

#[test]
fn where_nobody_declares_anything_what_the_texts_speak_for_is_there_to_be_asked_for() {
    let folder = scratch("static-inferred");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/web/plain");
    assert_eq!(build(Some(&source), &folder.join("out"), &[]).0, 0);
    let file = |path: &str| fs::read_to_string(folder.join("out/v1").join(path)).unwrap();
    assert!(file("resolve.json").contains("\"inferred\":true"));
    let built = files(&folder.join("out"));
    let has = |ending: &str, text: &str| {
        let mut ones = built.iter().filter(|(file, _)| file.ends_with(ending));
        ones.any(|(_, bytes)| String::from_utf8_lossy(bytes).contains(text))
    };
    assert!(has("/prerequisites.inferred.json", "\"confidence\":0."));
    assert!(!has("/prerequisites.json", "\"confidence\":0."));
    assert!(has("/plan.inferred.json", "\"needs\":[1]"));
}

#[test]
fn nothing_locked_is_in_any_file() {
    let folder = scratch("static-locked");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/locked");
    let (code, said) = build(Some(&source), &folder.join("out"), &[]);
    assert_eq!(code, 0, "{said}");
    let built = files(&folder.join("out"));
    assert!(built.len() > 10, "only {} files", built.len());
    for (file, bytes) in &built {
        assert!(!String::from_utf8_lossy(bytes).contains("zqx"), "{file}");
    }
    // What is locked is told as such.
    let index = String::from_utf8_lossy(&built["search.json"]);
    assert!(index.contains(",1]"), "{index}");
    let plans = built.iter().filter(|(file, _)| file.ends_with("/plan.json"));
    assert!(plans.into_iter().any(|(_, plan)| String::from_utf8_lossy(plan).contains("\"locked\":true")));
}

#[test]
fn a_folder_of_somebody_else_and_the_source_are_left_alone() {
    let folder = scratch("static-refused");
    let source = folder.join("docs");
    fs::create_dir_all(&source).unwrap();
    fs::write(source.join("a.md"), "# A\n\nText.\n").unwrap();
    let (code, said) = build(Some(&source), &source.join("site"), &[]);
    assert!(code == 2 && said.contains("lie in one another"), "{said}");
    let beside = build(Some(&source), &source.join("../site"), &[]);
    assert!(beside.0 == 0 && folder.join("site/index.html").is_file(), "{}", beside.1);
    let mine = folder.join("mine");
    fs::create_dir_all(&mine).unwrap();
    fs::write(mine.join("thesis.txt"), "mine").unwrap();
    let (code, said) = build(Some(&source), &mine, &[]);
    assert!(code == 2 && said.contains("has not written"), "{said}");
    assert_eq!(files(&mine).len(), 1);
}

#[test]
fn the_site_of_a_snapshot_is_that_of_its_source() {
    let folder = scratch("static-snapshot");
    let (source, snapshot) = (folder.join("docs"), folder.join("r.gradus"));
    fs::create_dir_all(&source).unwrap();
    fs::write(source.join("README.md"), "# Our handbook\n\nWords.\n").unwrap();
    fs::write(source.join("a.md"), "# A\n\nText.\n").unwrap();
    let indexed =
        Command::new(env!("CARGO_BIN_EXE_gradus")).arg("index").arg(&source).arg("--out").arg(&snapshot).status();
    assert!(indexed.unwrap().success());
    let [own, other] = [&source, &snapshot].map(|from| {
        let out = folder.join(from.with_extension("site").file_name().unwrap());
        assert_eq!(build(Some(from), &out, &[]).0, 0);
        files(&out)
    });
    assert!(own["llms.txt"].starts_with(b"# Our handbook\n"), "{}", String::from_utf8_lossy(&own["llms.txt"]));
    let differ: Vec<&String> = own.keys().filter(|file| own.get(*file) != other.get(*file)).collect();
    assert!(differ.is_empty() && own.len() == other.len(), "{differ:?}");
}

#[test]
fn what_is_gone_from_the_content_is_gone_from_the_site() {
    let folder = scratch("static-gone");
    let (source, out) = (folder.join("docs"), folder.join("out"));
    fs::create_dir_all(&source).unwrap();
    fs::write(source.join("a.md"), "# A\n\nText.\n").unwrap();
    fs::write(source.join("b.md"), "# B\n\nText.\n").unwrap();
    assert_eq!(build(Some(&source), &out, &[]).0, 0);
    fs::write(out.join("CNAME"), "a.example").unwrap();
    // What a build that was killed has left, and what one that still runs is about.
    let (left, open) = (out.join("guides/b/.index.html.17.part"), out.join(".index.html.18.part"));
    fs::write(&left, "half").unwrap();
    fs::write(&open, "half").unwrap();
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(7_200);
    fs::File::options().write(true).open(&left).unwrap().set_modified(long_ago).unwrap();
    fs::remove_file(source.join("b.md")).unwrap();
    assert_eq!(build(Some(&source), &out, &[]).0, 0);
    assert!(out.join("guides/a/index.html").is_file() && !out.join("guides/b").exists());
    assert!(open.is_file(), "what is young stays");
    assert!(out.join("CNAME").is_file(), "a file that the build has not written stays");
}
