//! A JSON object: a row, or front matter.

use super::{ListField, flow, quoted};

/// `text`, which begins with a JSON object, with `names` in that list of that object.
pub(super) fn add(text: &str, names: &[&str], list: ListField<'_>) -> Option<String> {
    let written: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    let members = members(text)?;
    let Some((_, value)) = members.keys.iter().find(|(key, _)| (list.is_key)(key)) else {
        let (before, after) = text.split_at(members.end);
        let kept = before.trim_end();
        let comma = if members.keys.is_empty() { "" } else { "," };
        let blank = &before[kept.len()..];
        // One member a line where the others stand so, else as they stand.
        let gap = match kept.rfind('\n') {
            Some(at) if blank.contains('\n') => {
                let line = &kept[at..];
                line[..line.len() - line.trim_start().len()].to_owned()
            }
            _ if text.contains("\", \"") || text.contains("\": ") => " ".to_owned(),
            _ => String::new(),
        };
        let gap = if comma.is_empty() { "" } else { gap.as_str() };
        let space = if text.contains("\": ") || members.keys.is_empty() { " " } else { "" };
        return Some(format!("{kept}{comma}{gap}\"{}\":{space}[{}]{blank}{after}", list.name, written.join(", ")));
    };
    let (before, after) = text.split_at(*value);
    if let Some(rest) = after.strip_prefix("null") {
        return Some(format!("{before}[{}]{rest}", written.join(", ")));
    }
    let (amended, read) = flow::add(after.starts_with('[').then_some(after)?, &written)?;
    Some([before, &amended, &after[read..]].concat())
}

/// The keys of an object with the first byte of the value of each, and the byte of its last brace.
struct ObjectMembers {
    keys: Vec<(String, usize)>,
    end: usize,
}

fn members(text: &str) -> Option<ObjectMembers> {
    let mut keys = Vec::new();
    let mut depth = 0_usize;
    let mut is_key = false;
    let mut at = text.find('{')?;
    while at < text.len() {
        match text.as_bytes()[at] {
            b'{' | b'[' => {
                depth += 1;
                is_key = depth == 1;
            }
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(ObjectMembers { keys, end: at });
                }
            }
            b',' => is_key = depth == 1,
            b'"' => {
                let end = at + string_len(&text[at..])?;
                if is_key && depth == 1 {
                    let key: String = serde_json::from_str(&text[at..end]).ok()?;
                    let colon = end + text[end..].find(':')? + 1;
                    let value = colon + (text[colon..].len() - text[colon..].trim_start().len());
                    keys.push((key, value));
                    is_key = false;
                    at = value;
                    continue;
                }
                at = end;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// Bytes of the string that `text` begins with, quotes included.
fn string_len(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}
