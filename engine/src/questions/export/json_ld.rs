//! JSON-LD: pages as schema.org's learning resources and defined terms, their edges as its `teaches` and `competencyRequired`,
//! and every edge by its own name as well.

use gradus_corpus::{Access, Edge, Kind, Level, Page, PageId, Relation, Strength};
use serde_json::{Map, Value, json};

use super::iri::{TERMS, VOCABULARY, address, base, language, name, own_term};
use super::{Lines, once, pages, title};
use crate::view::View;

/// One document with a node a page.
pub(super) fn lines(view: &View) -> Lines<'_> {
    let nodes = pages(view).map(|id| format!(",\n{}", node(view, id)));
    Box::new(once(head(view)).chain(nodes).chain(once("\n]}\n")))
}

/// The context, which asks nobody for anything, and the set of all concepts.
fn head(view: &View) -> String {
    let is_a_link = json!({ "@type": "@id" });
    let mut context = json!({
        "@vocab": "https://schema.org/",
        "gradus": VOCABULARY,
        "url": is_a_link, "inDefinedTermSet": is_a_link, "teaches": is_a_link, "competencyRequired": is_a_link,
        "mentions": is_a_link,
    });
    for term in terms() {
        context[format!("gradus:{term}")] = is_a_link.clone();
    }
    let base = base(&view.corpus);
    if !base.is_empty() {
        context["@base"] = Value::from(base);
    }
    let set = json!({ "@id": TERMS, "@type": "DefinedTermSet", "name": title(view) });
    format!("{{\"@context\":{context},\n\"@graph\":[\n{set}")
}

/// The terms of all edges.
fn terms() -> Vec<&'static str> {
    Relation::ALL.iter().map(|relation| own_term(*relation, Strength::Required)).chain(["recommends"]).collect()
}

fn node(view: &View, id: PageId) -> Value {
    let corpus = &view.corpus;
    let page = corpus.page(id);
    let mut node = Map::new();
    let mut put = |name: &str, value: Value| {
        if !value.is_null() && value != json!([]) {
            node.insert(name.to_owned(), value);
        }
    };
    put("@id", name(corpus, id).into());
    // The page of a concept is a lesson on it: only what is learned from can require something.
    let is_concept = page.kind == Kind::Concept;
    put("@type", if is_concept { json!(["DefinedTerm", "LearningResource"]) } else { "LearningResource".into() });
    put("identifier", page.id().into());
    put("name", (*page.title).into());
    put("alternateName", texts(&page.names));
    put("url", address(&page.url).into());
    put("description", page.description.as_deref().into());
    put("inDefinedTermSet", if is_concept { TERMS.into() } else { Value::Null });
    put("inLanguage", language(corpus, id).into());
    put("educationalLevel", page.level.map(Level::as_str).into());
    put("timeRequired", format!("PT{}M", page.minutes).into());
    put("isAccessibleForFree", (page.access == Access::Free).into());
    put("keywords", keywords(page));
    put("dateModified", page.updated.as_deref().into());
    put("author", page.authors.iter().map(|author| json!({ "@type": "Person", "name": author })).collect());
    put("citation", page.sources.iter().map(source).collect());
    for (term, to) in edges(corpus.declared_by(id).iter().chain(&corpus.found_in(id))) {
        let names = to.into_iter().map(|to| Value::from(name(corpus, to))).collect();
        put(&term, names);
    }
    Value::Object(node)
}

/// The pages at the other ends of `edges` by term: that of schema.org where it has one, and our own.
fn edges<'a>(edges: impl Iterator<Item = &'a Edge>) -> Vec<(String, Vec<PageId>)> {
    let mut by_term: Vec<(String, Vec<PageId>)> = Vec::new();
    for edge in edges {
        let known = match edge.relation {
            Relation::Requires | Relation::Assumes if edge.strength == Strength::Required => Some("competencyRequired"),
            Relation::Teaches => Some("teaches"),
            Relation::Mentions => Some("mentions"),
            _ => None,
        };
        let own = format!("gradus:{}", own_term(edge.relation, edge.strength));
        for term in known.map(str::to_owned).into_iter().chain([own]) {
            match by_term.iter_mut().find(|(other, _)| *other == term) {
                Some((_, pages)) => pages.push(edge.to),
                None => by_term.push((term, vec![edge.to])),
            }
        }
    }
    by_term
}

fn texts(all: &[Box<str>]) -> Value {
    all.iter().map(|text| Value::from(&**text)).collect()
}

fn keywords(page: &Page) -> Value {
    page.category.iter().chain(&page.tags).map(|text| Value::from(&**text)).collect()
}

fn source(source: &gradus_corpus::Source) -> Value {
    let mut cited = json!({ "@type": "CreativeWork", "name": source.title });
    if let Some(url) = &source.url {
        cited["url"] = address(url).into();
    }
    if let Some(year) = source.year {
        cited["datePublished"] = year.to_string().into();
    }
    cited
}
