//! The built-in curriculum: clean, connected, and answering what the README promises.

use gradus_engine::viewer::Viewer;
use serde_json::Value;

use crate::client::{Client, curriculum_snapshot};

#[test]
fn nothing_is_wrong_with_it() {
    let snapshot = curriculum_snapshot();
    let told: Vec<String> =
        snapshot.diagnostics.iter().map(|one| format!("{}:{} {}", one.file, one.position.line, one.message)).collect();
    assert_eq!(told, Vec::<String>::new());
    let view = snapshot.view(Viewer::Pro);
    assert!(view.corpus.n_concepts() >= 60 && view.corpus.guides().len() >= 6);
    assert!(view.graph.cycles().is_empty());
    for (_, page) in view.corpus.pages() {
        assert!(page.description.is_some() && !page.sources.is_empty() && page.level.is_some(), "{}", page.id());
    }
}

#[tokio::test]
async fn paged_attention_is_found_first() {
    let client = Client::curriculum();
    for query in ["paged attention", "pagedattention", "PagedAttention", "paged+attenton", "paged-attention"] {
        let answer = client.get(&format!("/v1/search?q={}", query.replace(' ', "+"))).await.json();
        assert_eq!(answer["items"][0]["id"], "concept:pagedattention", "{query}: {answer}");
    }
}

#[tokio::test]
async fn the_interview_guide_leads_to_the_other_five() {
    let related = Client::curriculum().get("/v1/guides/genai-interview-approach/related?limit=5").await.json();
    let mut ids: Vec<&str> =
        related["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids[0], "guide:genai-system-design");
    ids.sort_unstable();
    let others =
        ["genai-system-design", "llm-fine-tuning", "llm-fundamentals", "llm-serving-at-scale", "rag-architecture"];
    assert_eq!(ids, others.map(|slug| format!("guide:{slug}")));
}

#[tokio::test]
async fn every_name_finds_its_concept_first() {
    let client = Client::curriculum();
    let snapshot = curriculum_snapshot();
    let corpus = &snapshot.view(Viewer::Anonymous).corpus;
    for concept in corpus.concepts() {
        let page = corpus.page(concept);
        for name in std::iter::once(&page.title).chain(&page.names) {
            let query: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
            let answer = client.get(&format!("/v1/search?limit=1&q={query}")).await.json();
            assert_eq!(answer["items"][0]["id"], Value::from(page.id()), "{name}");
        }
    }
}

#[tokio::test]
async fn every_name_is_among_the_first_three_when_most_of_it_is_typed() {
    let client = Client::curriculum();
    let snapshot = curriculum_snapshot();
    let corpus = &snapshot.view(Viewer::Anonymous).corpus;
    let folded = |name: &str| -> String { name.to_lowercase().chars().filter(|char| char.is_alphanumeric()).collect() };
    let names: Vec<_> = corpus
        .pages()
        .flat_map(|(id, page)| std::iter::once(&page.title).chain(&page.names).map(move |name| (id, &**name)))
        .collect();
    for (id, name) in &names {
        let typed: String = name.chars().take((name.chars().count() * 6).div_ceil(10)).collect();
        let begins = |(other, name): &&(_, &str)| other != id && folded(name).starts_with(&folded(&typed));
        let query: String = form_urlencoded::byte_serialize(typed.as_bytes()).collect();
        let answer = client.get(&format!("/v1/search?limit=3&q={query}")).await.json();
        let first: Vec<&Value> = answer["items"].as_array().unwrap().iter().map(|item| &item["id"]).collect();
        // Where more than two others begin like it, no list of three can hold them all.
        let is_hidden = names.iter().filter(begins).count() > 2;
        assert!(is_hidden || first.contains(&&Value::from(corpus.page(*id).id())), "{name} as '{typed}': {first:?}");
    }
}

#[tokio::test]
async fn the_way_to_paged_attention_begins_with_foundations() {
    let plan = Client::curriculum().get("/v1/plan?target=pagedattention").await.json();
    let concepts = plan["steps"].as_array().unwrap().iter().flat_map(|step| step["concepts"].as_array().unwrap());
    let titles: Vec<&str> = concepts.map(|concept| concept["id"].as_str().unwrap()).collect();
    let place = |id: &str| titles.iter().position(|title| *title == id).unwrap();
    assert!(place("concept:matrix-multiplication") < place("concept:qkv"));
    assert!(place("concept:self-attention") < place("concept:kv-cache"));
    assert_eq!(titles.last(), Some(&"concept:pagedattention"));
}

#[tokio::test]
async fn words_that_readers_use_name_their_concepts() {
    let client = Client::curriculum();
    for (word, slug) in [
        ("batching", "static-batching"),
        ("in-flight batching", "continuous-batching"),
        ("LLMs", "language-model"),
        ("AI agents", "agent"),
        ("layer norm", "layer-normalization"),
        ("skip connections", "residual-connection"),
        ("rotary embeddings", "rope"),
        ("reranker", "reranking"),
        ("function call", "tool-use"),
        ("vector database", "vector-search"),
        ("evals", "offline-evaluation"),
        ("causal language modeling", "next-token-prediction"),
        ("p99 latency", "tail-latency"),
        ("transformers", "transformer"),
    ] {
        let encoded: String = form_urlencoded::byte_serialize(word.as_bytes()).collect();
        let answer = client.get(&format!("/v1/resolve?ref={encoded}")).await.json();
        assert_eq!(answer["items"][0]["id"], Value::from(format!("concept:{slug}")), "{word}: {answer}");
        assert_eq!(answer["exact"], true, "{word}");
    }
}
