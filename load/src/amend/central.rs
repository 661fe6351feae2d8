//! Concepts that are declared in a central file.

use super::yaml::{in_brackets, scalar, text_of};
use super::{line_end, lines};

/// A concept as a central file declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewConcept {
    /// One path segment.
    pub slug: String,
    /// What readers call it.
    pub title: String,
    /// Its other names.
    pub aliases: Vec<String>,
    /// The sentence that defines it.
    pub description: Option<String>,
}

/// The text of a central file, empty where there is none yet, with `concepts` behind those that it declares. `None` where they stand
/// in a form that nothing can be put behind. O(text).
pub fn add_concepts(text: &str, concepts: &[NewConcept]) -> Option<String> {
    let end = line_end(text);
    let sections: Vec<(usize, &str)> = lines(text).filter(|(_, line)| is_key(line)).collect();
    let names = |name: &str| sections.iter().position(|(_, line)| key(line) == name);
    match (names("concepts"), names("guides")) {
        (Some(own), _) => {
            let (at, line) = sections[own];
            let start = at + line.len();
            let stop = sections.get(own + 1).map_or(text.len(), |(next, _)| *next);
            let rest = line.split_once(':').map_or("", |(_, rest)| rest.trim());
            if !rest.is_empty() && !rest.starts_with('#') {
                return None;
            }
            let block = &text[start..stop];
            let first = lines(block).map(|(_, line)| line).find(|line| is_content(line));
            let indent = first.map_or(2, |line| line.len() - line.trim_start_matches(' ').len());
            let form = match first {
                Some(line) if line.trim_start().starts_with("- ") => EntryForm::Item,
                Some(line) if indent == 0 || line.trim_start().starts_with(['{', '[', '-']) => return None,
                _ => EntryForm::Member,
            };
            let kept = lines(block).filter(|(_, line)| is_content(line)).last().map_or(0, |(at, line)| at + line.len());
            let at = start + kept;
            Some(
                [&text[..at], missing_end(&text[..at], end), &entries(concepts, indent, form, end), &text[at..]]
                    .concat(),
            )
        }
        (None, None) if !sections.is_empty() => {
            Some([text, missing_end(text, end), &entries(concepts, 0, EntryForm::Member, end)].concat())
        }
        // What holds something that is no map is not for us to continue.
        (None, None) if lines(text).any(|(_, line)| is_content(line)) => None,
        _ => {
            let head = format!("{}concepts:{end}", missing_end(text, end));
            Some([text, &head, &entries(concepts, 2, EntryForm::Member, end)].concat())
        }
    }
}

/// How the entries of a section stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum EntryForm {
    Member,
    Item,
}

fn entries(concepts: &[NewConcept], indent: usize, form: EntryForm, end: &str) -> String {
    let (outer, inner) = (" ".repeat(indent), " ".repeat(indent + 2));
    let entry = |one: &NewConcept| {
        let head = match form {
            EntryForm::Member => format!("{outer}{}:{end}", scalar(&one.slug)),
            EntryForm::Item => format!("{outer}- id: {}{end}", scalar(&one.slug)),
        };
        let aliases: Vec<&str> = one.aliases.iter().map(String::as_str).collect();
        let aliases =
            if aliases.is_empty() { String::new() } else { format!("{inner}aliases: {}{end}", in_brackets(&aliases)) };
        let description = one
            .description
            .as_ref()
            .map_or_else(String::new, |text| format!("{inner}description: {}{end}", text_of(text)));
        format!("{head}{inner}title: {}{end}{aliases}{description}", text_of(&one.title))
    };
    concepts.iter().map(entry).collect()
}

fn is_content(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#') && line != "---"
}

/// Whether a line begins a member of the outermost map.
fn is_key(line: &str) -> bool {
    is_content(line) && !line.starts_with([' ', '-', '{', '[']) && line.contains(':')
}

fn key(line: &str) -> &str {
    line.split(':').next().unwrap_or_default().trim().trim_matches(['"', '\''])
}

/// What has to stand before another line.
fn missing_end<'e>(text: &str, end: &'e str) -> &'e str {
    if text.is_empty() || text.ends_with('\n') { "" } else { end }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn concepts_are_put_behind_those_that_are_there_in_their_form() {
        let plain = |slug: &str| NewConcept {
            slug: slug.to_owned(),
            title: slug.to_owned(),
            aliases: Vec::new(),
            description: None,
        };
        let cases = [
            ("", Some("concepts:\n  x:\n    title: x\n")),
            ("# ours\n", Some("# ours\nconcepts:\n  x:\n    title: x\n")),
            ("concepts:\n", Some("concepts:\n  x:\n    title: x\n")),
            ("a:\n  title: A\n", Some("a:\n  title: A\nx:\n  title: x\n")),
            ("a:\r\n  title: A", Some("a:\r\n  title: A\r\nx:\r\n  title: x\r\n")),
            (
                "concepts:\n    a: # first\n        title: A\n\n# the guides\nguides:\n  g: {}\n",
                Some(
                    "concepts:\n    a: # first\n        title: A\n    x:\n      title: x\n\n# the guides\nguides:\n  g: {}\n",
                ),
            ),
            ("guides:\n  g: {}\n", Some("guides:\n  g: {}\nconcepts:\n  x:\n    title: x\n")),
            ("concepts:\n  - id: a\n", Some("concepts:\n  - id: a\n  - id: x\n    title: x\n")),
            ("concepts: {a: {}}\n", None),
            ("- id: a\n", None),
        ];
        for (before, after) in cases {
            assert_eq!(add_concepts(before, &[plain("x")]).as_deref(), after, "{before}");
        }
    }

    #[test]
    fn what_is_no_plain_text_is_quoted() {
        let concept = NewConcept {
            slug: "no".to_owned(),
            title: "Key: value".to_owned(),
            aliases: vec!["KV".to_owned()],
            description: Some("It's a #1 \"store\".".to_owned()),
        };
        let expected = "concepts:\n  \"no\":\n    title: \"Key: value\"\n    aliases: [KV]\n    description: \"It's a #1 \\\"store\\\".\"\n";
        assert_eq!(add_concepts("", &[concept]).as_deref(), Some(expected));
    }
}
