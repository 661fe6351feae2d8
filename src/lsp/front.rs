//! The metadata of a document as far as lines tell of it: while one types, there is often nothing that could be parsed.

use std::ops::Range;

use super::text::LinedText;

/// What metadata is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FrontLanguage {
    Yaml,
    Toml,
    Json,
}

/// Lines of metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Front {
    pub(super) language: FrontLanguage,
    pub(super) lines: Range<usize>,
}

/// The metadata of the document called `name`: its front matter, or all of a YAML file. What is not closed yet ends where the
/// text seems to begin.
pub(super) fn front(name: &str, text: &LinedText) -> Option<Front> {
    let n_lines = text.n_lines();
    if name.ends_with(".yaml") || name.ends_with(".yml") {
        return Some(Front { language: FrontLanguage::Yaml, lines: 0..n_lines });
    }
    let first = text.line(0).trim_start_matches('\u{feff}').trim_end();
    let (language, start, closers): (_, _, &[&str]) = match first {
        "---" => (FrontLanguage::Yaml, 1, &["---", "..."]),
        "+++" => (FrontLanguage::Toml, 1, &["+++"]),
        _ if first.starts_with('{') => (FrontLanguage::Json, 0, &["}"]),
        _ => return None,
    };
    let is_end = |n: &usize| {
        let line = text.line(*n).trim_end();
        closers.contains(&line)
            || language != FrontLanguage::Toml && line.starts_with("# ") && text.line(n - 1).trim().is_empty()
    };
    let end = (start.max(1)..n_lines).find(is_end).unwrap_or(n_lines);
    Some(Front { language, lines: start..end })
}

impl Front {
    /// The key whose value the start of line `n` and `before`, what stands in it before the cursor, belong to, and where in
    /// `before` that value begins; members of list items belong to the list.
    pub(super) fn field<'t>(&self, text: &'t LinedText, n: usize, before: &'t str) -> Option<(&'t str, usize)> {
        match self.language {
            FrontLanguage::Yaml => self.yaml_field(text, n, before),
            FrontLanguage::Toml => self.field_by(text, n, before, '='),
            FrontLanguage::Json => self.field_by(text, n, before, ':'),
        }
    }

    fn yaml_field<'t>(&self, text: &'t LinedText, n: usize, before: &'t str) -> Option<(&'t str, usize)> {
        let (mut indent, mut is_item) = shape(before);
        let dash = if is_item { indent + 1 } else { indent };
        let inner = &before[dash..];
        let start = dash + (inner.len() - inner.trim_start().len());
        let value = match key_of(&before[start..]) {
            Some((key, len)) if !is_item && !is_member(key) => return Some((key, start + len)),
            Some((key, len)) if is_member(key) => start + len,
            Some(_) => return None,
            None => start,
        };
        for above in self.lines.clone().take_while(|above| *above < n).collect::<Vec<_>>().into_iter().rev() {
            let line = text.line(above);
            if line.trim().is_empty() || line.trim_start().starts_with('#') {
                continue;
            }
            let (own, starts_item) = shape(line);
            if starts_item {
                if own < indent && !is_item {
                    (indent, is_item) = (own, true);
                }
                continue;
            }
            if own < indent || is_item && own == indent {
                return key_of(&line[own..]).map(|(key, _)| (key, value));
            }
        }
        None
    }

    /// The nearest key before the cursor, in a language whose keys say where they end.
    fn field_by<'t>(&self, text: &'t LinedText, n: usize, before: &'t str, sign: char) -> Option<(&'t str, usize)> {
        let key = |line: &'t str| {
            let (key, _) = line.split_once(sign)?;
            let key = key.trim().trim_start_matches(['{', ',']).trim().trim_matches(['"', '\'']);
            let is_key = !key.is_empty() && key.chars().all(|char| char.is_alphanumeric() || "-_.".contains(char));
            is_key.then_some((key, line.len() - line.split_once(sign).map_or("", |(_, rest)| rest).len()))
        };
        if let Some((own, start)) = key(before) {
            return (!is_member(own)).then_some((own, start));
        }
        let above = self.lines.clone().take_while(|above| *above < n).collect::<Vec<_>>();
        above.into_iter().rev().find_map(|above| key(text.line(above))).map(|(own, _)| (own, 0))
    }
}

/// How far a line of YAML is indented, and whether it begins an item.
fn shape(line: &str) -> (usize, bool) {
    let rest = line.trim_start_matches(' ');
    (line.len() - rest.len(), rest == "-" || rest.starts_with("- "))
}

/// The key that `text` begins with, and where its value does.
fn key_of(text: &str) -> Option<(&str, usize)> {
    let (key, rest) = text.split_once(':')?;
    let is_key =
        (rest.is_empty() || rest.starts_with(' ')) && !key.contains(['[', '{', '"', '\'', ',']) || is_quoted(key);
    is_key.then_some((key.trim().trim_matches(['"', '\'']), key.len() + 1))
}

fn is_quoted(key: &str) -> bool {
    key.len() > 1 && ['"', '\''].iter().any(|quote| key.starts_with(*quote) && key.ends_with(*quote))
}

/// Whether a key of an item says which page is meant.
fn is_member(key: &str) -> bool {
    matches!(key, "concept" | "guide" | "ref")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `|` is the cursor.
    fn check(name: &str, text: &str, expected: Option<(&str, &str)>) {
        let (before, after) = text.split_once('|').unwrap();
        let (n, column) = (before.matches('\n').count(), before.len() - before.rfind('\n').map_or(0, |at| at + 1));
        let text = LinedText::new([before, after].concat());
        let before = &text.line(n)[..column];
        let found = front(name, &text)
            .filter(|front| front.lines.contains(&n))
            .and_then(|front| front.field(&text, n, before))
            .map(|(key, start)| (key, &before[start..]));
        assert_eq!(found, expected, "{}", text.as_str());
    }

    #[test]
    fn a_cursor_is_in_the_field_that_its_lines_say() {
        check("a.md", "---\nprerequisites:\n  - x\n  - k|\n---\n", Some(("prerequisites", "k")));
        check("a.md", "---\nprerequisites:\n- |\n---\n", Some(("prerequisites", "")));
        check("a.md", "---\nprerequisites: [a, k|\n---\n", Some(("prerequisites", " [a, k")));
        check("a.md", "---\nprerequisites: [a,\n  k|]\n---\n", Some(("prerequisites", "k")));
        check(
            "a.md",
            "---\nprerequisites:\n  - concept: k|\n    strength: required\n---\n",
            Some(("prerequisites", " k")),
        );
        check("a.md", "---\ntitle: x\nteaches: k|\n", Some(("teaches", " k")));
        check("a.md", "---\ntitle: x\n---\nteaches: k|\n", None);
        check("a.md", "teaches: k|\n", None);
        check("a.md", "---\ntitle: x\n\n# Heading\n\n- teaches: k|\n", None);
        check("a.md", "+++\nteaches = [\"a\",\n  \"k|\"]\n+++\n", Some(("teaches", "  \"k")));
        check("a.md", "+++\nteaches = [\"k|\n+++\n", Some(("teaches", " [\"k")));
        check("a.md", "{\n  \"teaches\": [\"k|\n}\n", Some(("teaches", " [\"k")));
        check("concepts.yaml", "kv:\n  prerequisites: [k|]\n", Some(("prerequisites", " [k")));
        check("concepts.yaml", "concepts:\n  kv:\n    prerequisites:\n      - k|\n", Some(("prerequisites", "k")));
    }
}
