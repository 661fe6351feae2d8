//! Twins: two contents that differ in locked words alone answer everybody alike, byte for byte.

use std::collections::BTreeMap;

use gradus_load::Input;

use crate::access::{ALGOLIA_QUERIES, BODIES, paths};
use crate::cli::gradus;
use crate::client::{Answer, Client};

/// Files whose locked text is made of `words`.
fn files(words: &str) -> Vec<(String, String)> {
    let file = |path: &str, text: String| (path.to_owned(), text);
    vec![
        file("concepts/alpha.md", "---\ntitle: Alpha\ndescription: The first thing.\n---\nOf alpha.\n".to_owned()),
        file(
            "concepts/beta.md",
            format!("---\ntitle: Beta\naccess: pro\nprerequisites: [alpha]\n---\nOf beta.\n<!-- more -->\n{words}\n"),
        ),
        file(
            "guides/secret.md",
            format!(
                "---\ntitle: Paid guide\naccess: pro\nteaches: [beta]\n---\nA preview of it.\n\n<!-- more -->\n\n{words}\n\n\
                 ## Locked heading\n\n{words}\n\n```\n{words}\n```\n\n[gone]({})\n",
                if words.len() > 40 { "nowhere.md" } else { "free.md" }
            ),
        ),
        file(
            "guides/secret.questions.yaml",
            format!(
                "- {{id: q1, kind: quiz, prompt: What?, choices: [a, '{0}'], answer: '{0}', explanation: '{0}'}}\n\
                 - {{id: q2, kind: interview, prompt: Why?, answer: '{0}'}}\n",
                words.lines().next().unwrap_or_default()
            ),
        ),
        file("guides/bare.md", format!("---\naccess: pro\n---\n{words}\n")),
        file(
            "guides/free.md",
            "---\ntitle: Free guide\nteaches: [alpha]\nrelated: [secret]\n---\n## Part\n\nOf alpha, see [it](secret.md) and \
             [that](secret.md#locked-heading).\n"
                .to_owned(),
        ),
    ]
}

fn client(words: &str) -> Client {
    let files = files(words);
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    Client::files(&files)
}

/// Headers and body, without what tells one request or one start from another.
fn told(answer: &Answer) -> String {
    let headers: BTreeMap<&str, &str> = answer
        .headers
        .iter()
        .filter(|(name, _)| *name != "x-request-id" && *name != "content-length")
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
        .collect();
    let mut body = answer.text();
    for name in ["request_id", "built_at", "build_ms"] {
        while let Some(at) = body.find(&format!("\"{name}\":")) {
            let end = body[at..].find([',', '}']).map_or(body.len(), |len| at + len);
            body.replace_range(at..end, "");
        }
    }
    format!("{} {headers:?} {body}", answer.status)
}

#[tokio::test]
async fn locked_words_change_no_answer_to_everybody() {
    let ids = ["secret", "bare", "free", "alpha", "beta", "secret%23", "secret%23locked-heading", "concept:beta%23"];
    let one = client("a word");
    let long = "entirely other words, `code` and [links](../concepts/alpha.md) of Alpha\n\n".repeat(300);
    let mut n_answers = 0;
    for other in ["x", "another word", &*long] {
        let other = client(other);
        // Requests are counted and timed; what metrics tell of the content is compared below.
        for path in paths(&one, &ids).await.iter().filter(|path| !path.starts_with("/metrics")) {
            let (here, there) = (one.get(path).await, other.get(path).await);
            assert_eq!(told(&here), told(&there), "{path}");
            n_answers += usize::from(here.status == 200);
        }
    }
    assert!(n_answers > 200, "only {n_answers} answers were compared");
}

/// What agents ask; `{}` stands for a page.
const TOOLS: [(&str, &str); 6] = [
    ("search", r#"{"query":"locked words alpha"}"#),
    ("search", r#"{"query":"entirely other words"}"#),
    ("fetch", r#"{"id":"{}"}"#),
    ("neighbors", r#"{"id":"{}"}"#),
    ("learning_path", r#"{"target":"{}"}"#),
    ("whats_next", r#"{"known":["{}"]}"#),
];

#[tokio::test]
async fn locked_words_change_nothing_that_is_posted_or_asked_by_other_protocols() {
    let ids = ["guide:secret", "bare", "free", "concept:beta", "guide:secret#locked-heading"];
    let one = client("a word");
    let long = "entirely other words, `code` and [links](../concepts/alpha.md) of Alpha\n\n".repeat(300);
    let paths: Vec<String> =
        paths(&one, &["secret", "beta"]).await.into_iter().filter(|path| !path.contains('?')).collect();
    let headers = [
        ("content-type", "application/json"),
        ("accept", "application/json, text/event-stream"),
        ("mcp-protocol-version", "2025-11-25"),
        ("host", "localhost"),
    ];
    let (mut n_answers, mut n_told) = (0, 0);
    for other in ["x", &*long] {
        let other = client(other);
        let mut asked: Vec<(String, String)> = Vec::new();
        asked.extend(paths.iter().flat_map(|path| BODIES.map(|body| (path.clone(), body.to_owned()))));
        asked.extend(ALGOLIA_QUERIES.map(|query| ("/1/indexes/x/query".to_owned(), query.to_owned())));
        for (tool, arguments) in TOOLS {
            for id in ids {
                let arguments = arguments.replace("{}", id);
                let call = format!(
                    r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"{tool}","arguments":{arguments}}}}}"#
                );
                asked.push(("/mcp".to_owned(), call));
            }
        }
        for (path, body) in &asked {
            let ask = async |client: &Client| client.request(axum::http::Method::POST, path, &headers, body).await;
            let (here, there) = (ask(&one).await, ask(&other).await);
            // How long a search took says nothing of what was searched.
            let plain = |answer: &Answer| without_time(&told(answer));
            assert_eq!(plain(&here), plain(&there), "{path} {body}");
            n_answers += usize::from(here.status == 200);
            n_told += usize::from(path == "/mcp" && here.text().contains("Paid guide"));
        }
        for path in
            ["/llms.txt", "/llms-full.txt", "/sitemap.xml", "/robots.txt", "/", "/map", "/search?q=words", "/nothing"]
                .map(str::to_owned)
                .into_iter()
                .chain(
                    ["guides/secret", "guides/bare", "concepts/beta"]
                        .iter()
                        .flat_map(|page| [format!("/{page}"), format!("/{page}.md")]),
                )
        {
            let (here, there) = (one.get(&path).await, other.get(&path).await);
            assert_eq!(told(&here), told(&there), "{path}");
        }
    }
    assert!(n_answers > 60 && n_told > 4, "only {n_answers} answers were compared, {n_told} told of the guide");
}

/// `text` without the milliseconds that Algolia's answers tell.
fn without_time(text: &str) -> String {
    let mut parts = text.split("\"processingTimeMS\":");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| all + part.trim_start_matches(|char: char| char.is_ascii_digit()))
}

#[test]
fn locked_words_change_no_file_of_a_static_site() {
    let folder = std::env::temp_dir().join(format!("gradus-it-twins-{}", std::process::id()));
    let built = |number: usize, words: &str| {
        // The name of the source is told, and the same.
        let (source, out) = (folder.join(format!("{number}/site")), folder.join(format!("{number}/out")));
        for (path, text) in files(words) {
            let path = source.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let done = gradus(&["build", source.to_str().unwrap(), "--out", out.to_str().unwrap()]).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let mut found: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let mut open = vec![out.clone()];
        while let Some(at) = open.pop() {
            for file in std::fs::read_dir(at).unwrap().map(|file| file.unwrap().path()) {
                if file.is_dir() {
                    open.push(file);
                } else {
                    let name = file.strip_prefix(&out).unwrap().to_string_lossy().into_owned();
                    found.insert(name, std::fs::read(file).unwrap());
                }
            }
        }
        found
    };
    let long = "entirely other words, `code` and [links](../concepts/alpha.md) of Alpha\n\n".repeat(300);
    let (one, other) = (built(1, "a word"), built(2, &long));
    assert!(one.len() > 20, "only {} files were written", one.len());
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (name, bytes) in &one {
        let is_same = *bytes == other[name];
        assert!(
            is_same,
            "{name} differs: {} {}",
            String::from_utf8_lossy(bytes),
            String::from_utf8_lossy(&other[name])
        );
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn metrics_count_what_everybody_may_see() {
    let gauges = |text: String| -> Vec<String> {
        let is_ours = |line: &&str| line.starts_with("gradus_graph") || line.starts_with("gradus_diagnostics");
        text.lines().filter(is_ours).map(str::to_owned).collect()
    };
    let one = gauges(client("a word").get("/metrics").await.text());
    let long = "other words of Alpha with a [broken](nowhere.md) link\n\n".repeat(50);
    let other = gauges(client(&long).get("/metrics").await.text());
    assert!(one.len() > 5, "{one:?}");
    assert_eq!(one, other);
}

#[tokio::test]
async fn nobody_is_told_where_the_content_lies() {
    let folder = std::env::temp_dir().join(format!("gradus-it-place-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("a.md"), "# A\n\nText.\n").unwrap();
    let client = Client::new(Input::Path(folder.clone()));
    let outside = folder.parent().unwrap().to_str().unwrap();
    for path in paths(&client, &["a"]).await {
        let answer = client.get(&path).await;
        assert!(!told(&answer).contains(outside), "{path} told {}", told(&answer));
    }
    let status = client.get("/v1/status").await.json();
    assert_eq!(status["source"], folder.file_name().unwrap().to_str().unwrap());
    std::fs::remove_dir_all(folder).unwrap();
}
