//! Turtle: concepts in SKOS, guides in schema.org's words, and every edge in our own terms.

use std::fmt::Write as _;

use gradus_corpus::{Edge, Kind, Level, PageId, Relation, Strength};

use super::iri::{TERMS, VOCABULARY, address, base, language, name, own_term};
use super::{Lines, once, pages, title};
use crate::view::View;

/// One block of statements a page.
pub(super) fn lines(view: &View) -> Lines<'_> {
    Box::new(once(head(view)).chain(pages(view).map(|id| page(view, id))))
}

fn head(view: &View) -> String {
    let base = base(&view.corpus);
    let mut head = if base.is_empty() { String::new() } else { format!("@base <{base}> .\n") };
    for (prefix, namespace) in [
        ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
        ("skos", "http://www.w3.org/2004/02/skos/core#"),
        ("schema", "https://schema.org/"),
        ("xsd", "http://www.w3.org/2001/XMLSchema#"),
        ("gradus", VOCABULARY),
    ] {
        let _ = writeln!(head, "@prefix {prefix}: <{namespace}> .");
    }
    let _ = writeln!(head, "\n<{TERMS}> a skos:ConceptScheme ;\n  skos:prefLabel {} .", literal(title(view), None));
    head
}

/// Statements about one thing, ended by a full stop.
struct Statements(String);

impl Statements {
    fn put(&mut self, predicate: &str, object: &str) {
        let _ = write!(self.0, " ;\n  {predicate} {object}");
    }
}

fn page(view: &View, id: PageId) -> String {
    let corpus = &view.corpus;
    let page = corpus.page(id);
    let (subject, lang) = (format!("<{}>", name(corpus, id)), language(corpus, id));
    let text = |text: &str| literal(text, lang.as_deref());
    let is_concept = page.kind == Kind::Concept;
    let (kind, label, other, told) = if is_concept {
        ("skos:Concept", "skos:prefLabel", "skos:altLabel", "skos:definition")
    } else {
        ("schema:LearningResource", "schema:name", "schema:alternateName", "schema:description")
    };
    let mut all = Statements(format!("\n{subject} a {kind}"));
    if is_concept {
        all.put("skos:inScheme", &format!("<{TERMS}>"));
        all.put("skos:notation", &literal(&page.id(), None));
    } else {
        all.put("schema:identifier", &literal(&page.id(), None));
    }
    all.put(label, &text(&page.title));
    // In SKOS no label may be both.
    page.names.iter().filter(|name| **name != page.title).for_each(|name| all.put(other, &text(name)));
    page.description.iter().for_each(|description| all.put(told, &text(description)));
    all.put("schema:url", &format!("<{}>", address(&page.url)));
    page.level.iter().for_each(|level| all.put("schema:educationalLevel", &literal(Level::as_str(*level), None)));
    all.put("schema:timeRequired", &format!("\"PT{}M\"^^xsd:duration", page.minutes));
    all.put("gradus:access", &literal(page.access.as_str(), None));
    page.tags.iter().for_each(|tag| all.put("schema:keywords", &text(tag)));
    let found = corpus.found_in(id);
    let edges: Vec<&Edge> = corpus.declared_by(id).iter().chain(&found).collect();
    for edge in &edges {
        let to = format!("<{}>", name(corpus, edge.to));
        all.put(&format!("gradus:{}", own_term(edge.relation, edge.strength)), &to);
        if let Some(known) = known(view, edge) {
            all.put(known, &to);
        }
    }
    all.0.push_str(" .\n");
    edges.iter().for_each(|edge| push_reason(&mut all.0, view, &subject, edge));
    all.0
}

/// What SKOS and schema.org call an edge.
fn known(view: &View, edge: &Edge) -> Option<&'static str> {
    let are_concepts = view.corpus.is_concept(edge.from) && view.corpus.is_concept(edge.to) && edge.from != edge.to;
    match edge.relation {
        Relation::Teaches => Some("schema:teaches"),
        Relation::Assumes if edge.strength == Strength::Required => Some("schema:competencyRequired"),
        Relation::PartOf if are_concepts => Some("skos:broader"),
        // In SKOS nothing is related to what is broader than it.
        Relation::Related | Relation::Contrasts if are_concepts && !are_part_of(view, edge.from, edge.to) => {
            Some("skos:related")
        }
        _ => None,
    }
}

/// Whether one of two concepts is said to be a part of the other, directly or not.
fn are_part_of(view: &View, one: PageId, other: PageId) -> bool {
    is_within(view, one, other) || is_within(view, other, one)
}

fn is_within(view: &View, part: PageId, whole: PageId) -> bool {
    let mut reached = vec![part];
    let mut next = 0;
    while let Some(page) = reached.get(next).copied() {
        next += 1;
        let edges = view.corpus.declared_by(page).iter().filter(|edge| edge.relation == Relation::PartOf);
        for edge in edges {
            if edge.to == whole {
                return true;
            }
            if !reached.contains(&edge.to) {
                reached.push(edge.to);
            }
        }
    }
    false
}

/// Why, in the author's words: said of the statement, since it is true of that and of neither end.
fn push_reason(all: &mut String, view: &View, subject: &str, edge: &Edge) {
    if let Some(reason) = &edge.reason {
        let (term, to) = (own_term(edge.relation, edge.strength), name(&view.corpus, edge.to));
        let reason = literal(reason, language(&view.corpus, edge.from).as_deref());
        let _ = writeln!(
            all,
            "[] a rdf:Statement ; rdf:subject {subject} ; rdf:predicate gradus:{term} ; rdf:object <{to}> ;\n  \
             gradus:reason {reason} ."
        );
    }
}

/// A literal of Turtle.
fn literal(text: &str, lang: Option<&str>) -> String {
    let mut literal = String::from("\"");
    for char in text.chars() {
        match char {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            control if control.is_control() => {
                let _ = write!(literal, "\\u{:04X}", u32::from(control));
            }
            plain => literal.push(plain),
        }
    }
    literal.push('"');
    lang.iter().for_each(|lang| literal.extend(["@", lang]));
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_ends_where_its_text_does() {
        assert_eq!(literal("a \"b\" \\ c\n\u{1}é", Some("de")), "\"a \\\"b\\\" \\\\ c\\n\\u0001é\"@de");
    }
}
