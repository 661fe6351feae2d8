//! Front matter: YAML between `---`, TOML between `+++`, or a JSON object at the very start.

use crate::value::{SyntaxError, Value, json, locate, narrow, null, toml, without_place, yaml};

/// A document taken apart.
pub(crate) struct Parts<'a> {
    /// The fields, with lines of the document; null where there are none.
    pub(crate) fields: Result<Value, SyntaxError>,
    /// The text that the fields stand in.
    pub(crate) header: &'a str,
    pub(crate) body: &'a str,
    /// The line on which the body begins, from 1.
    pub(crate) body_line: u32,
}

/// Takes a document apart.
pub(crate) fn split(text: &str) -> Parts<'_> {
    let none = Parts { fields: Ok(null()), header: "", body: text, body_line: 1 };
    let first = text.lines().next().unwrap_or_default().trim_end();
    match first {
        "---" => fenced(text, &["---", "..."], yaml).unwrap_or(none),
        "+++" => fenced(text, &["+++"], toml).unwrap_or(none),
        _ if first.starts_with('{') && !first.starts_with("{{") && !first.starts_with("{%") => {
            object(text).unwrap_or(none)
        }
        _ => none,
    }
}

fn fenced<'a>(text: &'a str, ends: &[&str], read: fn(&str) -> Result<Value, SyntaxError>) -> Option<Parts<'a>> {
    let start = text.find('\n')? + 1;
    let mut at = start;
    for (n, line) in (2..).zip(text[start..].split_inclusive('\n')) {
        if ends.contains(&line.trim_end()) {
            let fields = read(&text[start..at]).map(|mut fields| {
                fields.shift(0, 1);
                fields
            });
            let fields = fields.map_err(|error| SyntaxError { line: error.line + 1, ..error });
            let header = &text[start..at];
            return Some(Parts { fields, header, body: &text[at + line.len()..], body_line: n + 1 });
        }
        at += line.len();
    }
    let rest = &text[start..];
    looks_like_a_field(rest.lines().next().unwrap_or_default()).then(|| {
        let message = format!("it is not closed by `{}`", ends[0]);
        Parts { fields: Err(SyntaxError { message, line: 1, column: 1 }), header: rest, body: rest, body_line: 2 }
    })
}

/// Whether a line is `name: …` or `name = …`: what a text behind a thematic break hardly ever begins with.
fn looks_like_a_field(line: &str) -> bool {
    let end = line.find(|char: char| !(char.is_alphanumeric() || matches!(char, '_' | '-'))).unwrap_or(line.len());
    let rest = line[end..].trim_end();
    end > 0 && (rest == ":" || rest.starts_with(": ") || rest.trim_start().starts_with("= "))
}

fn object(text: &str) -> Option<Parts<'_>> {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<serde::de::IgnoredAny>();
    match stream.next()? {
        Ok(_) => {}
        // A line such as `{#id}` begins a text and not an object.
        Err(_) if !text.trim_start_matches('{').trim_start().starts_with('"') => return None,
        Err(error) => {
            let error = SyntaxError {
                message: without_place(&error.to_string()),
                line: narrow(error.line() as u64),
                column: narrow(error.column() as u64),
            };
            return Some(Parts { fields: Err(error), header: text, body: "", body_line: 1 });
        }
    }
    let end = stream.byte_offset();
    let mut fields = json(&text.as_bytes()[..end]);
    if let Ok(fields) = &mut fields {
        locate(fields, &text[..end], 1);
    }
    let body_line = narrow(text[..end].matches('\n').count() as u64) + 1;
    Some(Parts { fields, header: &text[..end], body: &text[end..], body_line })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (Option<String>, &str, u32) {
        let parts = split(text);
        let title = parts.fields.unwrap().get("title").and_then(Value::text).map(str::to_owned);
        (title, parts.body, parts.body_line)
    }

    #[test]
    fn front_matter_is_taken_off_in_three_languages() {
        assert_eq!(parts("---\ntitle: A\n---\nbody"), (Some("A".to_owned()), "body", 4));
        assert_eq!(parts("---\r\ntitle: A\r\n---\r\nbody"), (Some("A".to_owned()), "body", 4));
        assert_eq!(parts("+++\ntitle = 'A'\n+++\nbody"), (Some("A".to_owned()), "body", 4));
        assert_eq!(parts("{\n\"title\": \"A\"}\nbody"), (Some("A".to_owned()), "\nbody", 2));
    }

    #[test]
    fn what_is_not_closed_is_text() {
        assert_eq!(parts("---\ntext\n"), (None, "---\ntext\n", 1));
        assert_eq!(parts("---\nNote well: text\n"), (None, "---\nNote well: text\n", 1));
        assert_eq!(parts("{#id} text"), (None, "{#id} text", 1));
        assert_eq!(parts(""), (None, "", 1));
    }
}
