//! No script by any door: what authors put into every field, and readers into every address, runs in no page and no picture.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::client::{Answer, Client};
use crate::safe_html::{elements, scheme};
use crate::vectors::VECTORS;

/// Content with `vector` in every field that pages show.
fn client(vector: &str) -> Client {
    // A text of YAML in single quotes may hold anything but them and line breaks.
    let text = vector.replace(['\n', '\r', '\t', '\0'], " ").replace('\'', "''");
    let files = [
        (
            "concepts/alpha.md",
            format!(
                "---\ntitle: 'Alpha {text}'\naliases: ['{text}']\ndescription: '{text}'\ncategory: '{text}'\n---\nOf it.\n"
            ),
        ),
        (
            "concepts/beta.md",
            format!(
                "---\ntitle: Beta\ndescription: B.\nprerequisites:\n  - {{concept: alpha, reason: '{text}'}}\n---\nOf Beta.\n"
            ),
        ),
        (
            "guides/a.md",
            format!(
                "---\ntitle: '{text}'\ndescription: '{text}'\ntags: ['{text}']\nauthors: ['{text}']\nseries: '{text}'\n\
                 teaches: [alpha, beta]\nsources: [{{title: '{text}', url: '{text}'}}]\nquestions:\n  - {{id: q, prompt: '{text}', \
                 choices: ['{text}', b], answer: b, explanation: '{text}'}}\n---\n{vector}\n\n## {}\n\n{vector}\n",
                vector.replace('\n', " ")
            ),
        ),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    Client::files(&files)
}

/// What of an answer would run, if it is one that a browser shows.
fn runs(answer: &Answer) -> Option<String> {
    let media_type = answer.headers.get("content-type").map(|value| value.to_str().unwrap()).unwrap_or_default();
    assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{media_type}");
    if !media_type.starts_with("text/html") && !media_type.starts_with("image/svg") {
        return None;
    }
    assert!(answer.headers.contains_key("content-security-policy"), "{media_type}");
    elements(&answer.text()).iter().find_map(|(name, attributes)| {
        let value = |wanted: &str| attributes.iter().find(|one| &*one.name.local == wanted).map(|one| &*one.value);
        let is_ours = |url: &str| url.starts_with('/') && !url.starts_with("//");
        let is_known = match &*name.local {
            "script" => value("src").is_some_and(is_ours) || value("type") == Some("application/json"),
            "iframe" | "object" | "embed" | "applet" | "base" | "frame" | "portal" | "foreignObject" => false,
            _ => true,
        };
        let bad = attributes.iter().find(|one| {
            let (key, value) = (&*one.name.local, &*one.value);
            let is_address = ["href", "src", "action", "formaction", "poster", "data", "xlink:href"].contains(&key);
            let scheme = scheme(value).filter(|_| is_address);
            let is_safe = scheme.is_none_or(|scheme| ["http", "https", "mailto", "tel"].contains(&scheme.as_str()));
            key.starts_with("on") || key == "srcdoc" || !is_safe
        });
        (!is_known || bad.is_some()).then(|| format!("<{}> {attributes:?}", name.local))
    })
}

const PATHS: [&str; 16] = [
    "/",
    "/search?q=of",
    "/search",
    "/concepts/alpha",
    "/concepts/beta",
    "/guides/a",
    "/path?target=beta",
    "/path?target=a&known=alpha",
    "/map",
    "/docs",
    "/v1/graph?center=beta&format=svg",
    "/v1/plan?target=beta&format=svg",
    "/v1/concepts/beta/prerequisites?format=svg",
    "/v1/search?q=of",
    "/v1/export?format=dot",
    "/concepts/nobody",
];

#[tokio::test]
async fn what_authors_write_runs_nowhere() {
    let mut n_shown = 0;
    for vector in VECTORS {
        let client = client(vector);
        for path in PATHS {
            let answer = client.get(path).await;
            assert_eq!(runs(&answer), None, "{path} of {vector:?}");
            n_shown += usize::from(answer.status == 200);
        }
    }
    assert!(n_shown > VECTORS.len() * 12, "only {n_shown} answers were looked at");
}

#[tokio::test]
async fn what_readers_send_runs_nowhere() {
    let client = client("x");
    let places = [
        "/search?q=",
        "/search?level=",
        "/search?x=",
        "/path?target=",
        "/path?budget=",
        "/concepts/",
        "/guides/",
        "/docs/",
        "/",
        "/map?topic=",
    ];
    for vector in VECTORS {
        let sent = utf8_percent_encode(vector, NON_ALPHANUMERIC).to_string();
        for place in places {
            let answer = client.get(&format!("{place}{sent}")).await;
            assert_eq!(runs(&answer), None, "{place} with {vector:?}");
        }
    }
}

#[tokio::test]
async fn this_test_finds_what_would_run() {
    for html in [
        "<script>x</script>",
        "<p onclick=x>",
        "<a href=\"java\tscript:x\">",
        "<iframe>",
        "<svg><a xlink:href=javascript:x>",
    ] {
        let mut answer = client("x").get("/").await;
        answer.body.extend(html.as_bytes());
        assert!(runs(&answer).is_some(), "{html}");
    }
}
