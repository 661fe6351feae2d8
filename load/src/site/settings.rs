//! Files of settings, read so that what is strange in them spoils nothing but itself.

use crate::format::{toml, yaml};
use crate::value::{Node, Value, null};

/// The settings in a YAML text. Tags that only a program understands, such as `!!python/name:…`, are passed over.
pub(super) fn from_yaml(text: &str) -> Value {
    let read = yaml::read(text);
    // What cannot be read is left out block by block; most of what a settings file breaks by are tags.
    if read.flaws.is_empty() { read.value } else { yaml::read(&without_tags(text)).value }
}

/// The settings in a TOML text; null where it is none.
pub(super) fn from_toml(text: &str) -> Value {
    toml::read(text).value
}

/// The texts of one line in `value`, which is called `name`, with the names of the members that they are.
pub(super) fn said(value: &Value, name: &str) -> Vec<(String, String)> {
    match &value.node {
        Node::Map(members) => members.iter().flat_map(|(key, value)| said(value, &format!("{name}.{key}"))).collect(),
        Node::Text(text) if !text.contains(['\n', '\r']) && !text.contains("<!--") => {
            vec![(name.to_owned(), text.clone())]
        }
        _ => Vec::new(),
    }
}

/// `over` laid over `under`, member by member.
pub(super) fn laid_over(under: Value, over: Value) -> Value {
    let (Node::Map(mut below), Node::Map(above)) = (under.node, over.node.clone()) else { return over };
    for (key, value) in above {
        match below.iter_mut().find(|(known, _)| *known == key) {
            Some((_, below)) => *below = laid_over(std::mem::replace(below, null()), value),
            None => below.push((key, value)),
        }
    }
    Value { node: Node::Map(below), ..over }
}

/// The member at `path`, names divided by dots, of settings; `None` for null too.
pub(super) fn setting<'v>(settings: &'v Value, path: &str) -> Option<&'v Value> {
    let found = path.split('.').try_fold(settings, |value, key| value.get(key))?;
    (!matches!(found.node, Node::Null)).then_some(found)
}

/// The text of the setting at `path`.
pub(super) fn setting_text<'v>(settings: &'v Value, path: &str) -> Option<&'v str> {
    setting(settings, path).and_then(Value::text)
}

/// Whether the setting at `path` is `expected`.
pub(super) fn is_set(settings: &Value, path: &str, expected: bool) -> bool {
    setting_text(settings, path) == Some(if expected { "true" } else { "false" })
}

/// `text` without the tags of its values; its lines stay.
fn without_tags(text: &str) -> String {
    let untagged = |line: &str| {
        let start = line.find([':', '-']).map_or(0, |at| at + 1);
        let Some(at) = line[start..].find(" !").map(|at| start + at + 1) else { return line.to_owned() };
        let is_plain = line[start..at].trim().is_empty() || line[..at].trim_end().ends_with([':', '-', ',', '[']);
        if !is_plain {
            return line.to_owned();
        }
        let len = line[at..].find(char::is_whitespace).unwrap_or(line.len() - at);
        format!("{}{}", &line[..at], &line[at + len..])
    };
    text.lines().map(untagged).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_programs_are_passed_over() {
        let text = "a: !!python/name:x.y\nb:\n  - toc:\n      slugify: !!python/object/apply:pymdownx.slugs.slugify\n        kwds:\n          case: lower\nsite: !ENV [URL, 'x']\nnav: [a.md]\ntitle: Really! !important\n";
        let value = from_yaml(text);
        assert_eq!(value.get("nav").unwrap().entries().len(), 1);
        assert_eq!(value.get("title").unwrap().text(), Some("Really! !important"));
    }

    #[test]
    fn a_broken_line_spoils_what_follows_it_only() {
        assert_eq!(from_yaml("a: 1\nb: [\nc: }\n").get("a").and_then(Value::text), Some("1"));
    }
}
