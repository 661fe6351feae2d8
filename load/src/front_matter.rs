//! Front matter: YAML between `---`, TOML between `+++`, or a JSON object, at the start of a document.
//!
//! A block that is not exactly there is read all the same where it can be nothing else: what generators pass over (blank
//! lines, byte order marks), what editors make of a fence (`—--`, `----`), a licence in a comment above it. Taking such a
//! block for text would show what it was to hide.

use std::ops::Range;

use crate::fence::{Fence, Language, closer, opener};
use crate::format::block::{indent, is_item, is_significant, lines};
use crate::format::mend::no_map;
use crate::format::{Flaw, Metadata, json, toml, yaml};
use crate::spelling::{is_unseen, looks_like_a_field};
use crate::value::{Node, SourcePlace, Value, narrow, null};
use gradus_corpus::{Code, Position};

/// A document taken apart.
pub(crate) struct SplitDocument<'a> {
    /// The fields, with lines of the document; null where there are none.
    pub(crate) fields: Value,
    /// What of them cannot be read, with lines and bytes of the document.
    pub(crate) flaws: Vec<Flaw>,
    pub(crate) body: &'a str,
    /// The line on which the body begins, from 1.
    pub(crate) body_line: u32,
}

/// Takes a document apart.
pub(crate) fn split(text: &str) -> SplitDocument<'_> {
    let start = preamble(text);
    let rest = &text[start..];
    let parts = match opener(rest.lines().next().unwrap_or_default()) {
        Some(fence) => fenced(text, start, fence),
        None if rest.starts_with('{') && !["{{", "{%", "{#", "{:", "{/*"].iter().any(|tag| rest.starts_with(tag)) => {
            object(text, start)
        }
        None => None,
    };
    parts.unwrap_or_else(|| SplitDocument { fields: null(), flaws: Vec::new(), body: text, body_line: 1 })
}

/// Bytes before a block that generators or people do not see: blanks, invisible characters and comments.
fn preamble(text: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let blank = rest.len() - rest.trim_start_matches(is_unseen).len();
        let comment = [("<!--", "-->"), ("{/*", "*/}")].iter().find_map(|(open, close)| {
            let inside = rest[blank..].strip_prefix(open)?;
            // The mark of the end of a preview is no author's note.
            let end = inside.find(close).filter(|end| inside[..*end].trim() != "more")?;
            Some(open.len() + end + close.len())
        });
        match comment {
            Some(len) => at += blank + len,
            None => return at + blank,
        }
    }
}

fn fenced<'a>(text: &'a str, start: usize, open: Fence<'a>) -> Option<SplitDocument<'a>> {
    let header_start = start + text[start..].find('\n')? + 1;
    let is_ours = start == 0 && open.is_exact;
    let close = lines(&text[header_start..]).find_map(|(at, line)| {
        let fence = closer(open, line)?;
        Some((fence, header_start + at, header_start + at + line.len()))
    });
    let first = text[header_start..].lines().find(|line| is_significant(line)).unwrap_or_default();
    let Some((close, header_end, body_start)) = close else {
        return looks_like_a_field(first).then(|| unclosed(text, start, header_start, open));
    };
    let header = &text[header_start..header_end];
    let is_blank = !header.lines().any(is_significant);
    let mut read = read(open.language, header);
    let is_name = |(name, _): &(String, Value)| name.split_whitespace().count() <= 2;
    let is_map = matches!(&read.value.node, Node::Map(members) if members.iter().any(is_name));
    let is_fields = if is_ours { is_map || header.lines().any(may_be_a_field) } else { looks_like_a_field(first) };
    if !(is_fields || is_blank && is_ours || open.language == Language::Json) {
        return None;
    }
    let is_broken = !read.flaws.is_empty() || !matches!(read.value.node, Node::Map(_) | Node::Null);
    // A rule further down is no end of the block: what stands between is the text.
    if is_broken && open.language == Language::Yaml && has_prose(header) {
        return Some(unclosed(text, start, header_start, open));
    }
    if !matches!(read.value.node, Node::Map(_) | Node::Null) {
        read = Metadata { value: null(), flaws: no_map(header) };
    }
    let mut parts = assemble(text, header_start..body_start, read);
    if !is_ours {
        parts.flaws.insert(0, misplaced(text, start, open));
    }
    if !close.is_exact {
        parts.flaws.push(misplaced(text, header_end, close));
    }
    Some(parts)
}

fn read(language: Language, header: &str) -> Metadata {
    match language {
        Language::Yaml => yaml::read(header),
        Language::Toml => toml::read(header),
        Language::Json => json::read(header),
    }
}

/// A document whose block is `block`, the lines of `read` counted from there.
fn assemble(text: &str, block: Range<usize>, mut read: Metadata) -> SplitDocument<'_> {
    let count = |text: &str| narrow(text.bytes().filter(|byte| *byte == b'\n').count() as u64);
    let before = count(&text[..block.start]);
    read.value.shift(0, before);
    read.flaws.iter_mut().for_each(|flaw| flaw.shift(0, before, block.start));
    let body_line = before + count(&text[block.clone()]) + 1;
    SplitDocument { fields: read.value, flaws: read.flaws, body: &text[block.end..], body_line }
}

/// A block without an end: its fields are those up to the first line that is none.
fn unclosed<'a>(text: &'a str, start: usize, header_start: usize, open: Fence<'_>) -> SplitDocument<'a> {
    let is_part = |line: &str| {
        is_significant(line) && (looks_like_a_field(line) || indent(line) > 0 || is_item(line))
            || line.trim_start().starts_with('#')
            || line.trim_start().starts_with([']', '}'])
    };
    let end =
        lines(&text[header_start..]).find(|(_, line)| !is_part(line)).map_or(text.len(), |(at, _)| header_start + at);
    let read = read(open.language, &text[header_start..end]);
    let mut parts = assemble(text, header_start..end, read);
    let message =
        format!("the front matter is not closed by `{}`", if open.language == Language::Toml { "+++" } else { "---" });
    let mut flaw = Flaw::new(Code::UnreadableFrontMatter, mark_place(text, start, open), message, end..text.len());
    flaw.help = Some("put it on a line of its own behind the last field".to_owned());
    parts.flaws.insert(0, flaw);
    parts
}

/// Whether lines stand behind a blank one that are neither fields nor a part of one.
fn has_prose(header: &str) -> bool {
    let behind = header.lines().skip_while(|line| !line.trim().is_empty());
    behind.filter(|line| is_significant(line)).any(|line| indent(line) == 0 && !may_be_a_field(line) && !is_item(line))
        || header.lines().skip_while(|line| !line.trim().is_empty()).any(|line| line.starts_with('#'))
}

fn mark_place(text: &str, at: usize, fence: Fence<'_>) -> SourcePlace {
    let line = text[at..].lines().next().unwrap_or_default();
    let at = at + line.find(fence.mark).unwrap_or_default();
    let (line, column) = crate::value::line_column(text, at);
    SourcePlace { position: Position { file: 0, line, column }, len: narrow(fence.mark.chars().count() as u64) }
}

fn misplaced(text: &str, at: usize, fence: Fence<'_>) -> Flaw {
    let place = mark_place(text, at, fence);
    let wanted = if fence.mark.starts_with('+') { "+++" } else { "---" };
    if fence.is_exact {
        let message = "the front matter does not begin at the top of the file; it is read, but generators may show it";
        let flaw = Flaw::new(Code::MisplacedFrontMatter, place, message.to_owned(), 0..0);
        return Flaw { help: Some(format!("let `{wanted}` be the very first line")), ..flaw };
    }
    let message = format!("`{}` is read as a fence of front matter, but generators may not see it as one", fence.mark);
    let flaw = Flaw::new(Code::MisplacedFrontMatter, place, message, 0..0);
    Flaw { help: Some(format!("write `{wanted}`")), replacement: Some((wanted.to_owned(), true)), ..flaw }
}

/// Whether a line may be meant for a field, however badly written.
fn may_be_a_field(line: &str) -> bool {
    let name = line.split([':', '=', '：']).next().unwrap_or_default();
    name.len() < line.len()
        && name.split_whitespace().count() <= 2
        && name.trim().chars().next().is_some_and(|char| char.is_alphanumeric() || matches!(char, '"' | '\'' | '_'))
}

fn object(text: &str, start: usize) -> Option<SplitDocument<'_>> {
    let rest = &text[start..];
    let inside = rest.trim_start_matches('{').trim_start();
    // A line such as `{#id}` or `{name}` begins a text and not an object.
    if !inside.starts_with(['"', '}']) {
        return None;
    }
    let (end, _) = json::outline(rest);
    let is_closed = end < rest.len();
    let end = if is_closed { end + 1 } else { rest.find("\n\n").unwrap_or(rest.len()) };
    let mut parts = assemble(text, start..start + end, json::read(&rest[..end]));
    parts.body_line = parts.body_line.max(1);
    let fence = Fence { language: Language::Json, mark: "{", is_exact: true };
    if !is_closed {
        let message = "the front matter is not closed by `}`".to_owned();
        let flaw =
            Flaw::new(Code::UnreadableFrontMatter, mark_place(text, start, fence), message, start + end..text.len());
        parts.flaws.insert(0, Flaw { help: Some("put it behind the last member".to_owned()), ..flaw });
    }
    if start > 0 {
        let message = "the front matter does not begin at the top of the file; it is read, but generators may show it";
        let flaw = Flaw::new(Code::MisplacedFrontMatter, mark_place(text, start, fence), message.to_owned(), 0..0);
        parts.flaws.insert(0, Flaw { help: Some("let `{` be the very first character".to_owned()), ..flaw });
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (Option<String>, &str, u32) {
        let parts = split(text);
        let title = parts.fields.get("title").and_then(Value::text).map(str::to_owned);
        (title, parts.body, parts.body_line)
    }

    /// What is told of a document: line, code and message.
    fn told(text: &str) -> Vec<String> {
        let flaws = split(text).flaws;
        flaws.iter().map(|flaw| format!("{} {} {}", flaw.place.position.line, flaw.code, flaw.message)).collect()
    }

    #[test]
    fn front_matter_is_taken_off_in_three_languages() {
        for (text, body, line) in [
            ("---\ntitle: A\n---\nbody", "body", 4),
            ("---\r\ntitle: A\r\n---\r\nbody", "body", 4),
            ("+++\ntitle = 'A'\n+++\nbody", "body", 4),
            ("{\n\"title\": \"A\"}\nbody", "\nbody", 2),
            ("---\ntitle: A\n...\nbody", "body", 4),
        ] {
            assert_eq!(parts(text), (Some("A".to_owned()), body, line), "of {text}");
            assert_eq!(told(text), [""; 0], "of {text}");
        }
    }

    #[test]
    fn a_block_that_can_be_nothing_else_is_read_where_it_stands() {
        for (text, line) in [
            ("\n---\ntitle: A\n---\nbody", 5),
            (" \t\n\n---\ntitle: A\n---\nbody", 6),
            ("  ---\ntitle: A\n---\nbody", 4),
            ("\u{feff}---\ntitle: A\n---\nbody", 4),
            ("\u{200b}---\ntitle: A\n---\nbody", 4),
            ("<!-- (c) us -->\n---\ntitle: A\n---\nbody", 5),
            ("{/* (c) us */}\n\n---\ntitle: A\n---\nbody", 6),
            ("----\ntitle: A\n----\nbody", 4),
            ("—--\ntitle: A\n---\nbody", 4),
            ("---\ntitle: A\n----\nbody", 4),
            ("--\ntitle: A\n--\nbody", 4),
            ("---yaml\ntitle: A\n---\nbody", 4),
            ("--- # page\ntitle: A\n---\nbody", 4),
            ("\n+++\ntitle = 'A'\n+++\nbody", 5),
            ("++++\ntitle = 'A'\n++++\nbody", 4),
            (";;;\n{\"title\": \"A\"}\n;;;\nbody", 4),
        ] {
            assert_eq!(parts(text), (Some("A".to_owned()), "body", line), "of {text:?}");
            assert!(told(text).iter().any(|told| told.contains("G029")), "of {text:?}: {:?}", told(text));
        }
    }

    #[test]
    fn what_is_no_block_of_fields_is_text() {
        for text in [
            "---\ntext\n",
            "---\nNote well: text\n",
            "{#id} text",
            "",
            "---\n\nProse.\n\n---\n\nMore.\n",
            "\n---\nProse.\n---\n",
            "{{< x >}}\n",
        ] {
            assert_eq!(parts(text), (None, text, 1));
            assert_eq!(told(text), [""; 0], "of {text}");
        }
    }

    #[test]
    fn a_block_that_is_not_closed_is_told_at_its_beginning_and_read_as_far_as_it_goes() {
        for text in [
            "---\ntitle: A\nlevel: x\n\n# Head\n\ntext\n",
            "---\n# a comment\ntitle: A\n\ntext\n",
            "---\ntitle: A\n\n# Head\n\ntext\n\n---\n\nmore\n",
            "---\ntitle: A\n\nA sentence of prose.\n\n---\n\nmore\n",
        ] {
            let (title, body, _) = parts(text);
            assert_eq!(title.as_deref(), Some("A"), "of {text}");
            assert!(body.starts_with('\n') && !body.contains("title"), "of {text}: {body}");
            assert_eq!(told(text), ["1 G001 the front matter is not closed by `---`"], "of {text}");
        }
    }

    #[test]
    fn what_is_broken_costs_itself_alone() {
        assert_eq!(parts("{\"title\": \"A\",\n \"x\": y}\nbody").0.as_deref(), Some("A"));
        assert_eq!(
            told("---\ntitle: A\nb: c: d\n---\nbody"),
            ["3 G001 `b` cannot be read: its text holds `: `, which begins another field"]
        );
        assert_eq!(told("---\naccess:pro\n---\nbody"), ["2 G001 there is no space behind the colon of `access`"]);
        assert_eq!(parts("{\"title\": \"A\"\n\nbody").1, "\n\nbody");
    }
}
