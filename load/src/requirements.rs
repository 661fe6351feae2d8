//! Entries of `prerequisites` and `related` as known sites write them.
//!
//! The Galaxy Training Network lists tutorials by their topic, Arm's Learning Paths put resources into maps and links into
//! sentences. Each is turned into entries that name a page each.

use pulldown_cmark::{Event, Parser, Tag};

use crate::value::{Node, Value};

/// An entry as it is read.
pub(crate) struct RequirementEntry {
    pub(crate) value: Value,
    /// Whether nobody minds if it names no page.
    pub(crate) may_be_prose: bool,
}

/// What `entry` of a list says, which is itself in most cases.
pub(crate) fn entries(entry: &Value) -> Vec<RequirementEntry> {
    let plain = || vec![RequirementEntry { value: entry.clone(), may_be_prose: false }];
    match &entry.node {
        Node::Map(_) if entry.get("topic_name").is_some() => of_topic(entry),
        Node::Map(_) => match entry.get("resource").and_then(|resource| resource.get("link")) {
            Some(link) => vec![RequirementEntry { value: link.clone(), may_be_prose: true }],
            None => plain(),
        },
        Node::Text(text) => {
            let mut said = plain();
            said.extend(linked(text).into_iter().map(|target| RequirementEntry {
                value: Value { node: Node::Text(target), ..entry.clone() },
                may_be_prose: true,
            }));
            said
        }
        _ => plain(),
    }
}

/// What an entry needs that says itself to lie outside the site: words for people, and no reference.
pub(crate) fn outside(entry: &Value) -> Option<&str> {
    let kind = entry.get("type").and_then(Value::text);
    kind.filter(|kind| matches!(*kind, "external" | "none")).and(entry.get("title")?.text())
}

/// The tutorials of a topic, or the topic itself.
fn of_topic(entry: &Value) -> Vec<RequirementEntry> {
    let topic = entry.get("topic_name");
    let name = topic.and_then(Value::text).unwrap_or_default();
    let tutorials = entry.get("tutorials").map_or(&[][..], Value::entries);
    let named = |value: &Value, path: String| RequirementEntry {
        value: Value { node: Node::Text(path), ..value.clone() },
        may_be_prose: false,
    };
    if tutorials.is_empty() {
        return topic.map(|value| named(value, format!("topics/{name}/index.md"))).into_iter().collect();
    }
    let path = |value: &Value| Some(named(value, format!("topics/{name}/tutorials/{}/tutorial.md", value.text()?)));
    tutorials.iter().filter_map(path).collect()
}

/// The targets of the links in a sentence; none where the sentence is nothing but a link, which is a reference itself.
fn linked(text: &str) -> Vec<String> {
    let is_link = text.starts_with('[') && text.ends_with([')', ']']);
    if is_link || !text.contains("](") {
        return Vec::new();
    }
    let targets = Parser::new(text).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.to_string()),
        _ => None,
    });
    targets.filter(|target| !target.is_empty() && !target.starts_with('#')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::yaml;

    fn said(text: &str) -> Vec<String> {
        let value = yaml::read(text).value;
        let entries: Vec<RequirementEntry> = value.entries().iter().flat_map(entries).collect();
        let shown = |entry: &RequirementEntry| {
            format!("{}{}", entry.value.text().unwrap_or("-"), if entry.may_be_prose { "?" } else { "" })
        };
        entries.iter().map(shown).collect()
    }

    #[test]
    fn a_topic_is_its_tutorials() {
        assert_eq!(
            said("- {type: internal, topic_name: sequence, tutorials: [quality, mapping]}\n- {topic_name: intro}\n"),
            [
                "topics/sequence/tutorials/quality/tutorial.md",
                "topics/sequence/tutorials/mapping/tutorial.md",
                "topics/intro/index.md"
            ]
        );
    }

    #[test]
    fn links_in_sentences_are_references_beside_them() {
        assert_eq!(
            said("- An [instance](/paths/instance/) or a laptop\n- '[KV cache](kv.md)'\n- plain\n"),
            ["An [instance](/paths/instance/) or a laptop", "/paths/instance/?", "[KV cache](kv.md)", "plain"]
        );
        assert_eq!(said("- resource: {title: Docs, link: /docs/, type: documentation}\n"), ["/docs/?"]);
    }
}
