//! What is put where, as texts before and after.

use proptest::prelude::*;

use super::*;
use crate::value::Node;

const KEY: &str = "prerequisites";

fn amended(text: &str, names: &[&str]) -> String {
    add_entries(text, DeclaredIn::FrontMatter, KEY, names, &|_| false).unwrap_or_else(|| "left alone".to_owned())
}

#[test]
fn every_form_of_a_list_is_continued_as_its_author_writes_it() {
    let cases = [
        ("---\ntitle: A\n---\nText\n", "---\ntitle: A\nprerequisites: [x, z]\n---\nText\n"),
        ("Text\n", "---\nprerequisites: [x, z]\n---\nText\n"),
        ("---\r\ntitle: A\r\n---\r\nT", "---\r\ntitle: A\r\nprerequisites: [x, z]\r\n---\r\nT"),
        ("---\nprereqs: [a] # why\nw: 1\n---\n", "---\nprereqs: [a, x, z] # why\nw: 1\n---\n"),
        ("---\nrequires: []\n---\n", "---\nrequires: [x, z]\n---\n"),
        ("---\nprerequisites:\n---\n", "---\nprerequisites: [x, z]\n---\n"),
        ("---\nprerequisites: a\n---\n", "---\nprerequisites: [a, x, z]\n---\n"),
        ("---\nprerequisites: a, b\n---\n", "---\nprerequisites: a, b, x, z\n---\n"),
        (
            "---\nprerequisites:\n- a # first\n-   b\n\n# end\ntitle: T\n---\n",
            "---\nprerequisites:\n- a # first\n-   b\n- x\n- z\n\n# end\ntitle: T\n---\n",
        ),
        (
            "---\nprerequisites:\n  - {concept: a, reason: \"b: c\"}\n  - concept: b\n    reason: r\n---\n",
            "---\nprerequisites:\n  - {concept: a, reason: \"b: c\"}\n  - concept: b\n    reason: r\n  - x\n  - z\n---\n",
        ),
        (
            "---\nprerequisites: [\n  a, # one\n  \"b]\" # two\n]\n---\n",
            "---\nprerequisites: [\n  a, # one\n  \"b]\", # two\n  x,\n  z\n]\n---\n",
        ),
        ("---\nprerequisites: [[a]]\n---\n", "---\nprerequisites: [[a], x, z]\n---\n"),
        (
            "+++\ntitle = \"A\"\n[extra]\nb = 1\n+++\n",
            "+++\ntitle = \"A\"\nprerequisites = [\"x\", \"z\"]\n[extra]\nb = 1\n+++\n",
        ),
        ("+++\nprerequisites = [\"a\",]\n+++\n", "+++\nprerequisites = [\"a\", \"x\", \"z\",]\n+++\n"),
        ("{\n  \"title\": \"A\"\n}\nText", "{\n  \"title\": \"A\",\n  \"prerequisites\": [\"x\", \"z\"]\n}\nText"),
        ("---\nprerequisites: >\n  prose\n---\n", "left alone"),
        ("---\nprerequisites:\n  a: b\n---\n", "left alone"),
        ("---\nprerequisites: \"see a: b\"\n---\n", "left alone"),
    ];
    for (before, after) in cases {
        assert_eq!(amended(before, &["x", "z"]), after, "{before}");
    }
}

#[test]
fn names_that_are_no_text_are_quoted() {
    assert_eq!(
        amended("---\na: 1\n---\n", &["no", "1.10", "concept:a"]),
        "---\na: 1\nprerequisites: [\"no\", \"1.10\", \"concept:a\"]\n---\n"
    );
}

#[test]
fn rows_and_entries_are_amended_in_their_place() {
    let rows = "{\"id\": \"a\", \"body\": \"{\\\"\"}\n{\"id\":\"b\",\"prereqs\":[\"a\"],\"n\":{\"prereqs\":1}}\n";
    let at = |line, names: &[&str]| add_entries(rows, DeclaredIn::Row(line), KEY, names, &|_| false).unwrap();
    assert_eq!(at(1, &["b"]), rows.replacen("\"}\n", "\", \"prerequisites\": [\"b\"]}\n", 1));
    assert_eq!(at(2, &["c"]), rows.replace("[\"a\"]", "[\"a\", \"c\"]"));
    let central = "concepts:\n  a:\n    title: A\n\n  # about b\n  b:\n    prerequisites: [a]\n";
    let entry = |line, column| {
        let place = DeclaredIn::Entry(Position { file: 0, line, column });
        add_entries(central, place, KEY, &["c"], &|_| false).unwrap()
    };
    assert_eq!(entry(3, 5), central.replace("title: A\n", "title: A\n    prerequisites: [c]\n"));
    assert_eq!(entry(7, 5), central.replace("[a]", "[a, c]"));
}

/// Front matter as people write it, in pieces that fit together.
fn front_matter_text() -> impl Strategy<Value = String> {
    let others = [
        "title: \"A: b\"\n",
        "# a comment\n",
        "tags: [a, 'b, c']\n",
        "nested:\n  prerequisites: [no]\n",
        "list:\n- x\n- y: [1, 2]\n",
        "text: |\n  prerequisites: in a text\n",
        "\n",
    ];
    let own = prop_oneof![
        Just(""),
        Just("prerequisites: [a, \"b\"]\n"),
        Just("prerequisites:\n  - a\n  - {concept: b, reason: 'c, d'} # so\n"),
        Just("prerequisites:\n- a\n- b\n"),
        Just("prereqs: a\n"),
        Just("Requires: [ a , b ]   # both\n"),
        Just("prerequisites: [\n    a,\n    b,\n  ]\n"),
        Just("prerequisites: # none yet\n"),
    ];
    let others = proptest::sample::subsequence(others.to_vec(), 0..others.len()).prop_shuffle();
    (others, own, 0..4_usize, any::<bool>()).prop_map(|(others, own, at, is_dos)| {
        let (before, after) = others.split_at(at.min(others.len()));
        let text = format!("---\n{}{own}{}---\n# Heading\n\nText: [a]\n", before.concat(), after.concat());
        if is_dos { text.replace('\n', "\r\n") } else { text }
    })
}

fn fields(text: &str) -> Vec<(String, Vec<String>)> {
    let Node::Map(members) = crate::front_matter::split(text).fields.node else { return Vec::new() };
    let shown = |value: &crate::value::Value| format!("{:?}", shape(value));
    members
        .iter()
        .map(|(key, value)| match &value.node {
            Node::List(values) => (key.clone(), values.iter().map(shown).collect()),
            Node::Null => (key.clone(), Vec::new()),
            _ => (key.clone(), vec![shown(value)]),
        })
        .collect()
}

/// A value without its places.
fn shape(value: &crate::value::Value) -> String {
    match &value.node {
        Node::Null => "null".to_owned(),
        Node::Text(text) => format!("{text:?}"),
        Node::List(values) => format!("{:?}", values.iter().map(shape).collect::<Vec<_>>()),
        Node::Map(members) => {
            format!("{:?}", members.iter().map(|(key, value)| (key, shape(value))).collect::<Vec<_>>())
        }
    }
}

proptest! {
    #[test]
    fn nothing_but_the_prerequisites_changes(text in front_matter_text()) {
        let after = amended(&text, &["x-new", "y-new"]);
        prop_assert_ne!(&after, "left alone");
        // Every line that was there is still there, in its order, but for the one that was continued.
        let mut left = after.lines();
        let changed: Vec<&str> = text.lines().filter(|line| !left.clone().any(|other| other == *line) || { left.find(|other| other == line); false }).collect();
        prop_assert!(changed.len() <= 1, "{changed:?} in {after}");
        prop_assert_eq!(text.contains("\r\n"), after.contains("\r\n"));
        prop_assert_eq!(crate::front_matter::split(&text).body, crate::front_matter::split(&after).body);
        // What is read is what was read, and the two new ones.
        let is_own = |key: &str| crate::fields::canonical(key).unwrap_or(key) == KEY;
        let (before, after) = (fields(&text), fields(&after));
        let others = |fields: &[(String, Vec<String>)]| fields.iter().filter(|(key, _)| !is_own(key)).cloned().collect::<Vec<_>>();
        prop_assert_eq!(others(&before), others(&after));
        let own = |fields: &[(String, Vec<String>)]| fields.iter().filter(|(key, _)| is_own(key)).flat_map(|(_, values)| values.clone()).collect::<Vec<_>>();
        let mut wanted = own(&before);
        wanted.extend(["\"\\\"x-new\\\"\"".to_owned(), "\"\\\"y-new\\\"\"".to_owned()]);
        prop_assert_eq!(own(&after), wanted);
    }
}
