//! Twins: two contents that differ in locked words alone answer everybody alike, byte for byte.

use std::collections::BTreeMap;

use gradus_load::Input;

use crate::access::paths;
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
