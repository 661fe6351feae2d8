//! The table of questions: whatever stands in it is served, described, a command, and read back from what was served.

use std::collections::BTreeSet;

use gradus_engine::questions::answer::AnswerBody;
use gradus_engine::questions::entry::QuestionEntry;
use gradus_engine::questions::question::JSON;
use gradus_engine::questions::questions;
use gradus_engine::viewer::Viewer;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::cli::gradus;
use crate::client::{Client, curriculum_snapshot};

/// A value of the curriculum for each parameter that some question needs. A question with a new one says here what to ask.
fn sample(entry: &QuestionEntry, name: &str) -> &'static str {
    match name {
        "id" if entry.path.starts_with("/v1/sections/") => "rag-architecture#",
        "id" if entry.path.starts_with("/v1/guides/") => "rag-architecture",
        "id" | "to" | "target" | "center" | "concept" => "kv-cache",
        "from" => "attention",
        "ref" => "[[KV cache]]",
        other => panic!("{}: say what to ask for `{other}`", entry.name),
    }
}

/// What a question is asked with: what it cannot do without.
fn pairs(entry: &QuestionEntry) -> Vec<(String, String)> {
    let needed = entry.parameters().into_iter();
    let needed = needed.filter(|one| one.required || entry.subject.contains(&one.name.as_str()) && one.name != "q");
    needed.map(|one| (one.name.clone(), sample(entry, &one.name).to_owned())).collect()
}

fn path(entry: &QuestionEntry, pairs: &[(String, String)]) -> String {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let (mut path, mut query) = (entry.path.to_owned(), Vec::new());
    for (name, value) in pairs {
        if entry.is_in_path(name) {
            path = path.replace(&format!("{{{name}}}"), &encode(value));
        } else {
            query.push(format!("{name}={}", encode(value)));
        }
    }
    format!("{path}?{}", query.join("&"))
}

#[tokio::test]
async fn every_question_is_served_and_read_back() {
    let (client, snapshot) = (Client::curriculum(), curriculum_snapshot());
    let view = snapshot.view(Viewer::Anonymous);
    for entry in questions() {
        let pairs = pairs(entry);
        let served = client.get(&path(entry, &pairs)).await;
        assert_eq!(served.status, 200, "{}: {}", entry.name, served.text());
        let answer = entry.ask(view, &pairs).unwrap_or_else(|error| panic!("{}: {error}", entry.name));
        match answer.body().unwrap() {
            AnswerBody::Json(json) => {
                assert!(json == served.body, "{}", entry.name);
                assert_eq!(served.headers["content-type"], JSON);
                let read = entry.decode(&served.body).unwrap_or_else(|error| panic!("{}: {error}", entry.name));
                let AnswerBody::Json(again) = read.body().unwrap() else { panic!("{}", entry.name) };
                assert!(again == served.body, "{} is not read back as it was", entry.name);
            }
            AnswerBody::Text { text, .. } => assert_eq!(text, served.text(), "{}", entry.name),
            AnswerBody::Pieces { pieces, .. } => assert!(pieces.collect::<String>() == served.text(), "{}", entry.name),
        }
        let unknown = client.get(&format!("{}&knwon=x", path(entry, &pairs))).await;
        assert_eq!(unknown.json()["code"], "unknown_parameter", "{}", entry.name);
    }
}

#[tokio::test]
async fn every_question_is_described_in_its_own_words() {
    let document = Client::curriculum().get("/openapi.json").await.json();
    let mut names = BTreeSet::new();
    for entry in questions() {
        assert!(names.insert(entry.name), "{} stands twice", entry.name);
        let operation = &document["paths"][entry.path]["get"];
        assert_eq!((&operation["operationId"], &operation["summary"]), (&Value::from(entry.name), &entry.doc().into()));
        let described = operation["parameters"].as_array().into_iter().flatten();
        let described: Vec<&str> = described.map(|one| one["name"].as_str().unwrap()).collect();
        let own: Vec<String> = entry.parameters().into_iter().map(|one| one.name).collect();
        assert_eq!(described, own, "{}", entry.name);
        let told = gradus(&[entry.command, "--help"]).output().unwrap();
        let told = String::from_utf8(told.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains(&entry.doc()), "{}: {told}", entry.name);
        for parameter in entry.parameters() {
            let first = parameter.doc.lines().next().unwrap_or_default().to_owned();
            let is_shared = questions().iter().filter(|other| other.command == entry.command).count() > 1;
            assert!(
                is_shared || told.contains(first.trim_end_matches('.')),
                "{} {}: {told}",
                entry.name,
                parameter.name
            );
        }
    }
}

#[tokio::test]
async fn what_tells_of_the_reader_is_kept_by_no_shared_cache() {
    let client = Client::curriculum();
    for entry in questions() {
        for parameter in entry.parameters().into_iter().filter(|one| ["known", "exclude"].contains(&one.name.as_str()))
        {
            // However the name is spelled in the URL.
            for name in
                [parameter.name.clone(), format!("%{:02x}{}", parameter.name.as_bytes()[0], &parameter.name[1..])]
            {
                let asked = format!("{}&{name}=softmax", path(entry, &pairs(entry)));
                let answer = client.get(&asked).await;
                assert_eq!(answer.status, 200, "{asked}: {}", answer.text());
                assert!(answer.headers["cache-control"].to_str().unwrap().starts_with("private"), "{asked}");
            }
        }
    }
}

#[test]
fn every_parameter_is_described_with_the_values_that_it_takes() {
    for parameter in questions().iter().flat_map(QuestionEntry::parameters) {
        let schema = &parameter.openapi["schema"];
        assert!(!parameter.doc.is_empty() && schema["type"].is_string(), "{parameter:?}");
        let quoted = parameter.doc.split('`').skip(1).step_by(2);
        let closed = schema["enum"].as_array().or(schema["items"]["enum"].as_array());
        // Whatever the comment says that is taken is taken.
        for word in quoted.filter(|word| closed.is_some() && word.chars().all(char::is_alphabetic)) {
            let known = closed.is_some_and(|choices| choices.iter().any(|choice| choice == word));
            assert!(known || word == "all" || word == "null", "{}: `{word}` is none of {closed:?}", parameter.name);
        }
    }
}
