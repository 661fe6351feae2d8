//! YAML as authors write it.

use super::compose::{Stop, compose};
use super::{Flaw, Metadata, mend};
use crate::value::null;
use gradus_corpus::Code;

/// Reads YAML. Where the text as a whole is not YAML, what can be read of its blocks is.
pub(crate) fn read(text: &str) -> Metadata {
    let mut flaws = Vec::new();
    match compose(text, &mut flaws) {
        Ok(value) => Metadata { value, flaws },
        Err(Stop::Aliases(place)) => {
            let message = "the aliases (`*name`) repeat more than is read; write the values out".to_owned();
            let flaw = Flaw::new(Code::UnreadableFrontMatter, place, message, 0..text.len());
            Metadata { value: null(), flaws: vec![flaw] }
        }
        Err(Stop::Syntax(_)) => mend::read(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Node, Value};

    /// The value at a path as it would be written, with its place.
    fn at(value: &Value, path: &[&str]) -> (u32, u32, u32) {
        let value = path.iter().fold(value, |value, key| match key.parse::<usize>() {
            Ok(idx) => &value.entries()[idx],
            Err(_) => value.get(key).unwrap(),
        });
        (value.position.line, value.position.column, value.len)
    }

    #[test]
    fn values_know_where_they_stand() {
        let read = read("title: Größe\nprerequisites:\n  - kv-cache\n  - {concept: matmul, reason: x}\n");
        assert!(read.flaws.is_empty());
        assert_eq!(at(&read.value, &["title"]), (1, 8, 5));
        assert_eq!(at(&read.value, &["prerequisites", "0"]), (3, 5, 8));
        assert_eq!(at(&read.value, &["prerequisites", "1", "concept"]), (4, 15, 6));
        let key = read.value.get("prerequisites").unwrap().key;
        assert_eq!((key.position.line, key.position.column, key.len), (2, 1, 13));
    }

    #[test]
    fn scalars_stay_as_they_were_typed() {
        let typed =
            ["1.10", "007", "No", "Null", "3.10", "1e3", "0x10", "010", "on", "2024-01-02", "1_000", ".5", "12:30"];
        for text in typed {
            let read = read(&format!("a: {text}\nb: [{text}]\n"));
            assert_eq!(read.value.get("a").and_then(Value::text), Some(text));
            assert_eq!(read.value.get("b").unwrap().entries()[0].text(), Some(text));
        }
        for nothing in ["", "~", "null"] {
            assert!(matches!(read(&format!("a: {nothing}\n")).value.get("a").unwrap().node, Node::Null));
        }
    }

    #[test]
    fn of_a_key_that_stands_twice_the_last_counts() {
        let read = read("title: One\nlevel: beginner\ntitle: Two\n");
        assert_eq!(read.value.get("title").and_then(Value::text), Some("Two"));
        let flaw = &read.flaws[0];
        assert_eq!((flaw.code, flaw.place.position.line), (Code::DuplicateField, 3));
        assert_eq!(flaw.note.as_ref().unwrap().0.line, 1);
    }

    #[test]
    fn aliases_and_merge_keys_are_followed() {
        let read = read("base: &base {level: beginner, lang: de}\na:\n  <<: *base\n  lang: en\nb: *base\n");
        let text = |path: [&str; 2]| read.value.get(path[0])?.get(path[1])?.text();
        assert_eq!(
            (text(["a", "level"]), text(["a", "lang"]), text(["b", "lang"])),
            (Some("beginner"), Some("en"), Some("de"))
        );
    }
}
