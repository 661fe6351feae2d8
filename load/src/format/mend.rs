//! YAML that breaks its rules somewhere: read block by block, so that one slip costs one field.

use super::block::{Block, indent, is_item, is_significant, lines};
use super::compose::{Stop, compose};
use super::{Flaw, Metadata, add, distinct, reason};
use crate::value::{Node, SourcePlace, Value, narrow, null};
use gradus_corpus::{Code, Position};

/// How deep blocks inside blocks are read by themselves: a field, a list in it, a map in that.
const DEPTH: u32 = 3;

/// Reads what can be read.
pub(crate) fn read(text: &str) -> Metadata {
    let mut flaws = Vec::new();
    let whole = Block { text, lines_before: 0, bytes_before: 0 };
    let value = mend(whole, DEPTH, &mut flaws);
    Metadata { value, flaws }
}

fn mend(whole: Block<'_>, depth: u32, flaws: &mut Vec<Flaw>) -> Value {
    let (mut members, mut entries) = (Vec::new(), Vec::new());
    let mut position = Position::default();
    for block in whole.blocks() {
        let Some(value) = mend_block(block, depth, flaws) else { continue };
        if position == Position::default() {
            position = value.position;
        }
        match value.node {
            Node::Map(inner) => members.extend(inner),
            Node::List(inner) => entries.extend(inner),
            Node::Null | Node::Text(_) => {}
        }
    }
    let node = match (members.is_empty(), entries.is_empty()) {
        (true, true) => return null(),
        (_, true) => Node::Map(distinct(members, flaws)),
        _ => Node::List(entries),
    };
    Value { node, position, ..null() }
}

/// What one block says; what cannot be read of it is told.
fn mend_block(block: Block<'_>, depth: u32, flaws: &mut Vec<Flaw>) -> Option<Value> {
    let mut inner = Vec::new();
    let stop = match compose(block.text, &mut inner) {
        Ok(mut value) => {
            value.shift(0, block.lines_before);
            for mut flaw in inner {
                flaw.shift(0, block.lines_before, block.bytes_before);
                add(flaws, flaw);
            }
            match value.node {
                Node::Map(_) | Node::List(_) => return Some(value),
                Node::Null => return None,
                Node::Text(_) => None,
            }
        }
        Err(Stop::Syntax(place) | Stop::Aliases(place)) => Some(place),
    };
    if let Some(value) = mend_inside(block, depth, flaws) {
        return Some(value);
    }
    add(flaws, reason::why(block, stop));
    None
}

/// What stands under the key of a block that cannot be read as a whole, where that is several blocks.
fn mend_inside(block: Block<'_>, depth: u32, flaws: &mut Vec<Flaw>) -> Option<Value> {
    let (at, first) = lines(block.text).find(|(_, line)| is_significant(line))?;
    let name = first.trim().strip_suffix(':').filter(|name| depth > 0 && !name.is_empty() && !is_item(first))?;
    let under = block.part(at + first.len()..block.text.len());
    if under.text.trim_start_matches(' ').starts_with('\t') || under.blocks().len() < 2 && !has_item(under.text) {
        return None;
    }
    let mut value = mend(under, depth - 1, flaws);
    let line = block.part(at..at + first.len()).lines_before + 1;
    let position = Position { file: 0, line, column: narrow(indent(first) as u64 + 1) };
    value.key = SourcePlace { position, len: narrow(name.chars().count() as u64) };
    let name = name.trim_matches(['"', '\'']).trim().to_owned();
    Some(Value { node: Node::Map(vec![(name, value)]), position, ..null() })
}

fn has_item(text: &str) -> bool {
    text.lines().find(|line| is_significant(line)).is_some_and(is_item)
}

/// What is told of front matter that is no map of fields at all.
pub(crate) fn no_map(text: &str) -> Vec<Flaw> {
    let whole = Block { text, lines_before: 0, bytes_before: 0 };
    let mut flaws = Vec::new();
    for block in whole.blocks() {
        add(&mut flaws, reason::why(block, None));
    }
    for flaw in &mut flaws {
        flaw.code = Code::UnreadableFrontMatter;
    }
    flaws
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::yaml;

    /// What is read and told: `name=text` of each member, and `line:column message (help)` of each flaw.
    fn told(text: &str) -> (String, String) {
        let read = yaml::read(text);
        let members = read.value.members().unwrap_or_default();
        let shown = |value: &Value| match &value.node {
            Node::Text(text) => text.clone(),
            Node::List(values) => format!("{} items", values.len()),
            other => format!("{other:?}"),
        };
        let read_as: Vec<String> = members.iter().map(|(name, value)| format!("{name}={}", shown(value))).collect();
        let flaws = read.flaws.iter().map(|flaw| {
            let at = flaw.place.position;
            let help = flaw.help.as_ref().map_or(String::new(), |help| format!(" ({help})"));
            format!("{}:{} {}{help}", at.line, at.column, flaw.message)
        });
        (read_as.join(" "), flaws.collect::<Vec<_>>().join("\n"))
    }

    #[test]
    fn a_broken_field_costs_that_field() {
        let (read, flaws) = told("title: Sourdough: the basics\ntags: [bread, flour\nlevel: beginner\n");
        assert_eq!(read, "level=beginner");
        assert_eq!(
            flaws,
            "1:8 `title` cannot be read: its text holds `: `, which begins another field (put the value in quotes)\n\
             2:7 `tags` cannot be read: `[` is not closed (close it with `]`)"
        );
    }

    #[test]
    fn a_broken_item_costs_that_item() {
        let text = "questions:\n  - id: a\n    kind: quiz\n   prompt: Why?\n  - id: b\n    prompt: How?\nlevel: x\n";
        let (read, flaws) = told(text);
        assert_eq!(read, "questions=1 items level=x");
        assert_eq!(
            flaws,
            "4:4 this line is indented by 3 spaces and belongs to nothing above it (indent it as the lines that it belongs to)"
        );
    }

    #[test]
    fn every_usual_slip_has_its_words() {
        for (text, expected) in [
            ("a:\n\t- b\n", "2:1 this line is indented by a tab (→), which YAML forbids (use spaces)"),
            ("a: \"open\nb: c\n", "1:4 `a` cannot be read: the quote `\"` is not closed (close it)"),
            ("a: 'it's'\n", "1:4 `a` cannot be read: text stands behind the closing quote (put the value in quotes)"),
            (
                "a: \"C:\\new\\path\"\n",
                "1:11 `a` cannot be read: `\\p` means nothing in double quotes (write `\\\\p`, or use single quotes)",
            ),
            ("a: @b\n", "1:4 `a` cannot be read: a value cannot begin with `@` (put the value in quotes)"),
            ("a: *b\n", "1:4 `a` cannot be read: a value cannot begin with `*` (put the value in quotes)"),
            ("a: b\nc:d\n", "2:1 there is no space behind the colon of `c` (write `c: d`)"),
            ("a: b\nc = 1\n", "2:1 `c = …` is TOML; this block is YAML (write `c: …`)"),
            ("a: b\nwhat is this\n", "2:1 this line is no `field: value`"),
        ] {
            assert_eq!(told(text).1, expected, "of {text}");
        }
    }
}
