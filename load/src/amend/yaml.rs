//! A block of YAML: the fields of one page.

use super::{ListField, flow, lines, quoted};

/// Words that YAML, or a reader of an older YAML, does not take for text.
const NO_TEXT: &[&str] = &["true", "false", "yes", "no", "on", "off", "null", "y", "n"];

/// `block`, whose fields are indented by `indent`, with `names` among those of its list.
pub(super) fn add(block: &str, indent: usize, names: &[&str], end: &str, list: ListField<'_>) -> Option<String> {
    let field = lines(block).find_map(|(at, line)| {
        let (key, value) = field(line, indent)?;
        (list.is_key)(key).then_some((at, line.len() - value.len(), line.len()))
    });
    let Some((at, value, len)) = field else {
        let missing = if block.is_empty() || block.ends_with('\n') { "" } else { end };
        return Some(format!("{block}{missing}{}{}: {}{end}", " ".repeat(indent), list.name, in_brackets(names)));
    };
    let (before, after) = block.split_at(at + value);
    let written: Vec<String> = names.iter().map(|name| scalar(name)).collect();
    let given = after[..len - value].trim();
    if given.starts_with('[') {
        let blank = after.len() - after.trim_start().len();
        let (amended, read) = flow::add(&after[blank..], &written)?;
        return Some([before, &after[..blank], &amended, &after[blank + read..]].concat());
    }
    if given.is_empty() || given.starts_with('#') {
        let behind = at + len;
        return match items(&block[behind..], indent)? {
            Some((last, column)) => {
                let dash = " ".repeat(column);
                let added: String = written.iter().map(|name| format!("{dash}- {name}{end}")).collect();
                let (kept, rest) = block.split_at(behind + last);
                let missing = if kept.ends_with('\n') { "" } else { end };
                Some([kept, missing, &added, rest].concat())
            }
            None => {
                let comment = if given.is_empty() { String::new() } else { format!(" {given}") };
                let line_end = if block[at..at + len].ends_with('\n') { end } else { "" };
                let rest = &block[at + len..];
                Some(format!("{} {}{comment}{line_end}{rest}", before.trim_end(), in_brackets(names)))
            }
        };
    }
    one(given, &written).map(|amended| {
        let blank = after.len() - after.trim_start().len();
        let given_end = blank + given.len();
        [before, &after[..blank], &amended, &after[given_end..]].concat()
    })
}

/// What a single text becomes: a list that begins with it, or a longer one where it is a list with commas.
fn one(given: &str, names: &[String]) -> Option<String> {
    let is_plain = given.starts_with(|char: char| char.is_alphanumeric())
        && !given.contains([':', '#', '"', '\'', '[', ']', '{', '}']);
    if !is_plain {
        return None;
    }
    Some(if given.contains(',') {
        format!("{given}, {}", names.join(", "))
    } else {
        format!("[{given}, {}]", names.join(", "))
    })
}

/// The key of a field at `indent` and what stands behind its colon, in a line.
fn field(line: &str, indent: usize) -> Option<(&str, &str)> {
    let own = line.get(indent..)?;
    let is_indented = line[..indent].chars().all(|char| char == ' ' || char == '-');
    if !is_indented || own.starts_with([' ', '\t', '#', '-']) {
        return None;
    }
    let (key, value) = own.split_once(':')?;
    let is_field = value.is_empty() || value.starts_with([' ', '\t', '\n', '\r']);
    is_field.then_some((key.trim().trim_matches(['"', '\'']), value))
}

/// The end of the list of items that `text` begins with and the column of their dashes; nothing where there are no items.
/// `None` where what follows is no list.
#[expect(clippy::option_option, reason = "no list, and something that is none, are different answers")]
fn items(text: &str, indent: usize) -> Option<Option<(usize, usize)>> {
    let mut found: Option<(usize, usize)> = None;
    for (at, line) in lines(text) {
        let trimmed = line.trim_start_matches(' ');
        let column = line.len() - trimmed.len();
        let content = trimmed.trim_end();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let is_item = content == "-" || content.starts_with("- ");
        match found {
            None if is_item && column >= indent => found = Some((at + line.len(), column)),
            None if column > indent => return None,
            Some((_, dash)) if column > dash || column == dash && is_item => found = Some((at + line.len(), dash)),
            None | Some(_) => break,
        }
    }
    Some(found)
}

/// The lines of the entry that `text` begins with, whose fields are indented by `indent`.
pub(super) fn entry(text: &str, indent: usize) -> Option<&str> {
    if indent == 0 {
        return None;
    }
    let mut end = 0;
    for (at, line) in lines(text) {
        let content = line.trim();
        let column = line.len() - line.trim_start_matches(' ').len();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        if at > 0 && column < indent {
            break;
        }
        end = at + line.len();
    }
    text.get(..end).filter(|block| block.lines().next().is_some_and(|line| field(line, indent).is_some()))
}

/// `names` as a list in brackets.
pub(super) fn in_brackets(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| scalar(name)).collect();
    format!("[{}]", names.join(", "))
}

/// `text`, which may be a sentence, as a text: bare where nobody can take it for anything else.
pub(super) fn text_of(text: &str) -> String {
    let is_plain = text
        .chars()
        .all(|char| char.is_alphanumeric() || matches!(char, ' ' | '-' | '_' | ',' | '(' | ')' | '.' | '/'))
        && text.starts_with(char::is_alphabetic)
        && text.contains(' ')
        && !text.ends_with(' ');
    if is_plain { text.to_owned() } else { scalar(text) }
}

/// `name` as a text: bare where nobody can take it for anything else.
pub(super) fn scalar(name: &str) -> String {
    let is_plain = name.starts_with(|char: char| char.is_alphabetic())
        && name.chars().all(|char| char.is_alphanumeric() || matches!(char, '-' | '_' | '.' | '/'))
        && !NO_TEXT.contains(&name.to_lowercase().as_str());
    if is_plain { name.to_owned() } else { quoted(name) }
}
